//! Where the chance of a draw comes from. It is announced with the draw, as a round of the public beacon
//! or a commitment of the operator, and stays what was announced even if the installation has another
//! source by now. It is opened once its time has come, and never replaced: a round that is late is
//! waited for.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::{App, FlowError, random};
use crate::config::DrawSource;
use crate::domain::ids::DrawId;
use crate::domain::rules::FREEZE_MARGIN_MINUTES;
use crate::draw::{self, Source};
use crate::store::records::{DrawRecord, DrawState};

/// What a commitment's secret is sealed for.
pub(super) const SECRET_PURPOSE: &str = "draw-secret";

/// A list is frozen within seconds of its time; beyond this, nobody does it.
pub(super) const FREEZE_LATE: TimeDelta = TimeDelta::minutes(5);
/// After this, chance is called late and the alarm is raised: a round takes a moment to reach the relays.
const LATE_MINUTES: i64 = 2;

/// What a new draw announces of its chance.
pub(super) struct Announced {
    pub source: Value,
    /// When the chance will be known.
    pub seed_at: DateTime<Utc>,
    pub secret: Option<Vec<u8>>,
}

/// The source of a new draw, of the kind that the installation is configured for.
pub(super) fn announce(
    app: &App,
    id: DrawId,
    freeze_at: DateTime<Utc>,
    lead_minutes: u32,
) -> Result<Announced, FlowError> {
    if app.config.draws.source == DrawSource::Commit {
        let secret: [u8; 32] = random();
        let commitment = draw::commitment(id.0.as_bytes(), &secret);
        return Ok(Announced {
            source: json!({ "kind": "commit", "commitment": hex::encode(commitment) }),
            seed_at: freeze_at + TimeDelta::minutes(lead_minutes.into()),
            secret: Some(app.vault.seal_secret(SECRET_PURPOSE, id.0, &secret)),
        });
    }
    let round = draw::announced_round(freeze_at.timestamp(), lead_minutes.saturating_mul(60));
    let out_at = |round| DateTime::from_timestamp(draw::time_of_round(round), 0);
    let (round, seed_at) = round
        .and_then(|round| Some((round, out_at(round)?)))
        .ok_or_else(|| FlowError::Internal(format!("no round can be announced for {freeze_at}")))?;
    let chain = hex::encode(draw::QUICKNET_CHAIN);
    Ok(Announced {
        source: json!({ "kind": "drand", "chain": chain, "round": round }),
        seed_at,
        secret: None,
    })
}

/// The source that a draw announced.
pub(super) fn of(draw: &DrawRecord) -> Result<Source, String> {
    let hash =
        |key: &str| -> Option<draw::Hash> { hex::decode(draw.source[key].as_str()?).ok()?.try_into().ok() };
    let source = match draw.source["kind"].as_str() {
        Some("commit") => hash("commitment").map(|commitment| Source::Commit { commitment }),
        Some("drand") => hash("chain")
            .zip(draw.source["round"].as_u64())
            .map(|(chain, round)| Source::Drand { chain, round }),
        _ => None,
    };
    source.ok_or_else(|| "the announced source cannot be read".to_owned())
}

fn round_of(draw: &DrawRecord) -> Option<u64> {
    match of(draw) {
        Ok(Source::Drand { round, .. }) => Some(round),
        _ => None,
    }
}

/// Asks the relays, all at once, for the rounds that the next step of each of these draws needs.
pub async fn ask(app: &App, draws: &[DrawRecord]) {
    let now = app.business.now();
    let is_due = |draw: &&DrawRecord| match draw.state {
        DrawState::Announced => draw.freeze_at <= now,
        DrawState::Frozen => draw.seed_at <= now,
        _ => false,
    };
    let rounds: BTreeSet<u64> = draws.iter().filter(is_due).filter_map(round_of).collect();
    app.beacon.ask(rounds, app.real.now()).await;
}

/// Whether the chance of this draw is so near that its list may not be frozen any more.
pub(super) fn is_too_late_to_freeze(draw: &DrawRecord, now: DateTime<Utc>) -> bool {
    let round_is_near = |round| !draw::freeze_is_in_time(now.timestamp(), round);
    now + TimeDelta::minutes(FREEZE_MARGIN_MINUTES) > draw.seed_at
        || round_of(draw).is_some_and(round_is_near)
}

/// Whether a relay proves that the chance of this draw is known already, whatever the clock says. Relays
/// that cannot be reached prove nothing, and one that lies neither: a list that is early by the clock is
/// not held up by them.
pub(super) async fn is_revealed(app: &App, draw: &DrawRecord) -> bool {
    match round_of(draw) {
        Some(round) => app.beacon.round(round, app.real.now()).await.is_ok(),
        None => false,
    }
}

/// What opens a frozen draw: the signature of its round, or its secret. `None` while the round is late.
pub(super) async fn open(app: &App, draw: &DrawRecord) -> Result<Option<Vec<u8>>, FlowError> {
    match of(draw).map_err(FlowError::Internal)? {
        Source::Drand { round, .. } => Ok(signature(app, draw, round).await),
        Source::Commit { .. } => {
            let sealed = draw.secret.as_deref();
            let sealed = sealed.ok_or_else(|| FlowError::Internal("the draw has no secret".to_owned()))?;
            Ok(Some(app.vault.open_secret(SECRET_PURPOSE, draw.id.0, sealed)?.to_vec()))
        }
    }
}

async fn signature(app: &App, draw: &DrawRecord, round: u64) -> Option<Vec<u8>> {
    let now = app.real.now();
    match app.beacon.round(round, now).await {
        Ok(found) => Some(found.signature().to_vec()),
        Err(missing) => {
            if is_late(draw, app.business.now()) && app.beacon.is_time_to_tell(draw.id.0, now) {
                tracing::error!(
                    event = "draw.randomness_late", draw = %draw.id, round, due = %draw.seed_at,
                    relays = %missing, "a draw waits for its randomness"
                );
            } else {
                tracing::debug!(draw = %draw.id, round, relays = %missing, "the round is not out yet");
            }
            None
        }
    }
}

/// Whether a frozen draw waits for a chance that should be known by now.
pub fn is_late(draw: &DrawRecord, now: DateTime<Utc>) -> bool {
    draw.state == DrawState::Frozen && now > draw.seed_at + TimeDelta::minutes(LATE_MINUTES)
}

/// Until when a draw waits for its chance, before it is annulled.
pub fn waits_until(app: &App, draw: &DrawRecord) -> DateTime<Utc> {
    draw.seed_at + app.config.draws.late
}
