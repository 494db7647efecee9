//! Announcing the next draw of a queue: freeze time, source of randomness, version of the rules. From
//! here on nothing of it changes.

use serde_json::json;

use super::rules::check;
use super::{App, FlowError, fresh, random};
use crate::domain::ids::DrawId;
use crate::domain::rules::FREEZE_MARGIN_MINUTES;
use crate::draw;
use crate::store::commands::NewDraw;
use crate::store::records::{PrefectureRecord, QueueRecord};

/// What a commitment's secret is sealed for.
pub(super) const SECRET_PURPOSE: &str = "draw-secret";

/// Announces the next draw of this queue, if none is under way.
///
/// # Errors
/// If the rules cannot be kept, or the store fails.
pub async fn announce(
    app: &App,
    queue: &QueueRecord,
    prefecture: &PrefectureRecord,
) -> Result<bool, FlowError> {
    let now = app.business.now();
    let timetable = check(&queue.rules, prefecture.zone())
        .map_err(|error| FlowError::Internal(format!("rules of queue {}: {error}", queue.id)))?;
    // Far enough ahead that the announcement can be read, and a freeze cannot be missed by a hair.
    let earliest = now + chrono::TimeDelta::minutes(FREEZE_MARGIN_MINUTES);
    let Some(freeze_at) = timetable.next_after(earliest) else {
        return Ok(false);
    };
    let seed_at = freeze_at + chrono::TimeDelta::minutes(queue.rules.lead_minutes.into());
    let id: DrawId = fresh();
    // The seam: a drand round is announced here in the same way, by its number.
    let secret: [u8; 32] = random();
    let commitment = draw::commitment(id.0.as_bytes(), &secret);
    let new = NewDraw {
        id,
        queue: queue.id,
        rules_version: queue.rules_version,
        freeze_at,
        seed_at,
        source: json!({ "kind": "commit", "commitment": hex::encode(commitment) }),
        secret: Some(app.vault.seal_secret(SECRET_PURPOSE, id.0, &secret)),
    };
    Ok(app.store.announce(new, now).await?)
}
