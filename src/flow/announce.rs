//! Announcing the next draw of a queue: freeze time, source of randomness, version of the rules. From
//! here on nothing of it changes.

use super::rules::check;
use super::{App, FlowError, fresh, source};
use crate::domain::directory::{Prefecture, Queue};
use crate::domain::ids::DrawId;
use crate::domain::rules::FREEZE_MARGIN_MINUTES;
use crate::store::commands::NewDraw;

/// Announces the next draw of this queue, if none is under way.
///
/// # Errors
/// If the rules cannot be kept, or the store fails.
pub async fn announce(app: &App, queue: &Queue, prefecture: &Prefecture) -> Result<bool, FlowError> {
    let now = app.business.now();
    let timetable = check(&queue.rules, prefecture.zone)
        .map_err(|error| FlowError::Internal(format!("rules of queue {}: {error}", queue.id)))?;
    // Far enough ahead that the announcement can be read, and a freeze cannot be missed by a hair.
    let earliest = now + chrono::TimeDelta::minutes(FREEZE_MARGIN_MINUTES);
    let Some(freeze_at) = timetable.next_after(earliest) else {
        return Ok(false);
    };
    let id: DrawId = fresh();
    let announced = source::announce(app, id, freeze_at, queue.rules.lead_minutes)?;
    let new = NewDraw {
        id,
        queue: queue.id,
        rules_version: queue.rules_version,
        freeze_at,
        seed_at: announced.seed_at,
        source: announced.source,
        secret: announced.secret,
    };
    Ok(app.store.announce(new, now).await?)
}
