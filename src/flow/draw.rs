//! From a frozen list to a published draw: open the source, compute, commit, publish. Each step stands
//! alone and may be tried again; the store lets each of them happen once.

use std::sync::Arc;

use chrono::TimeDelta;
use uuid::Uuid;

use super::{App, FlowError, source, watch};
use crate::domain::ids::SlotId;
use crate::draw::{Drawn, Frozen, Opening, Source, VerifiedRound};
use crate::failpoint::failpoint;
use crate::store::commands::DrawnOutcome;
use crate::store::records::{DrawRecord, DrawState};

/// The public reason of a draw whose randomness never came.
pub const BEACON_LATE: &str = "randomness late";

/// Beyond its limit a draw is annulled once a process has asked for this long.
const ASKED_IN_VAIN: TimeDelta = TimeDelta::minutes(10);

/// Stores the randomness of a frozen draw, once it is out. A round that is late is waited for, and no
/// other is ever taken; beyond the limit the draw is annulled. A round that is out is taken however late
/// it is, so that a machine that was off draws what it announced.
///
/// # Errors
/// If the source cannot be opened, or the store fails.
pub async fn seed(app: &App, draw: &DrawRecord) -> Result<(), FlowError> {
    let now = app.business.now();
    if now < draw.seed_at {
        return Ok(());
    }
    failpoint!("F6");
    match source::open(app, draw).await {
        Ok(Some(opening)) => {
            failpoint!("F7");
            app.store.seed(draw.id, opening, now).await?;
            failpoint!("F8");
            Ok(())
        }
        missing
            if now > source::waits_until(app, draw)
                && app.beacon.missed_for(draw.id.0, app.real.now()) >= ASKED_IN_VAIN =>
        {
            tracing::error!(
                event = "draw.annulled_randomness_late", draw = %draw.id, why = ?missing.err(),
                "the randomness did not come within the limit: the draw is annulled"
            );
            Ok(app.store.annul_by_rule(draw.id, DrawState::Frozen, BEACON_LATE.to_owned(), now).await?)
        }
        missing => missing.map(drop),
    }
}

/// Computes the outcome from the stored list and commits it with everything it causes.
///
/// # Errors
/// If the stored list or opening is damaged, or the store fails.
pub async fn conclude(app: &App, draw: &DrawRecord) -> Result<(), FlowError> {
    let list = app.store.draw_document(draw.id, "list").await?.ok_or(FlowError::NotFound("frozen list"))?;
    let (stored, stored_hash) = (draw.opening.clone().unwrap_or_default(), draw.freeze_hash.clone());
    let computed = tokio::task::spawn_blocking(move || compute(&list, &stored, stored_hash.as_deref()));
    let outcome = computed
        .await
        .map_err(|error| FlowError::Internal(error.to_string()))?
        .map_err(|fault| FlowError::Internal(format!("draw {}: {fault}", draw.id)))?;
    Ok(app.store.conclude(draw.id, outcome, app.business.now()).await?)
}

/// The outcome that follows from a stored list and what was stored to open it: pure.
pub(crate) fn compute(
    list: &[u8],
    stored: &[u8],
    freeze_hash: Option<&[u8]>,
) -> Result<DrawnOutcome, String> {
    let frozen = Frozen::from_list_json(list).map_err(|fault| fault.to_string())?;
    if freeze_hash != Some(frozen.freeze().as_slice()) {
        return Err("the stored list is not the one that was frozen".to_owned());
    }
    let opening = opening(stored, frozen.source())?;
    let drawn = frozen.open(opening).map_err(|fault| fault.to_string())?;
    failpoint!(blocking "F9");
    Ok(DrawnOutcome {
        bundle: Arc::new(drawn.bundle_json().into_bytes()),
        outcome_hash: *drawn.outcome_hash(),
        places: Arc::new(drawn.ranks().iter().map(|rank| rank + 1).collect()),
        wins: Arc::new(wins(&drawn)),
    })
}

/// Who won which slot, in key order.
pub(crate) fn wins(drawn: &Drawn) -> Vec<(u32, SlotId)> {
    let slots = drawn.frozen().slots();
    let won = drawn.outcome().iter();
    won.map(|(entry, slot)| (*entry, SlotId(Uuid::from_bytes(slots[*slot as usize].id)))).collect()
}

/// What was stored to open this source. A round is verified again: it is believed for its signature, and
/// not for having been stored.
fn opening(stored: &[u8], source: &Source) -> Result<Opening, String> {
    let other_length = |_| "the stored randomness has another length".to_owned();
    match source {
        Source::Commit { .. } => Ok(Opening::Secret(stored.try_into().map_err(other_length)?)),
        Source::Drand { round, .. } => {
            let signature = stored.try_into().map_err(other_length)?;
            VerifiedRound::verify(*round, signature).map(Opening::Drand).map_err(|fault| fault.to_string())
        }
    }
}

/// Makes the bundle public, once a second look has found that it holds.
///
/// # Errors
/// If the bundle does not hold, or the store fails.
pub async fn publish(app: &App, draw: &DrawRecord) -> Result<(), FlowError> {
    failpoint!("F12");
    let watch = serde_json::to_value(watch::watch(app, draw).await?).unwrap_or_default();
    Ok(app.store.publish_draw(draw.id, watch, app.business.now()).await?)
}
