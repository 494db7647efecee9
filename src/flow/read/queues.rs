//! A queue in numbers, and its draws to come.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::domain::directory::Queue;
use crate::domain::ids::QueueId;
use crate::domain::local_time::Zone;
use crate::domain::situation::SlotClasses;
use crate::flow::{App, FlowError, status};
use crate::store::records::Figures as Row;

#[derive(Clone, Copy, Debug)]
pub struct Figures {
    pub waiting: i64,
    pub awaiting_identity: i64,
    pub free_slots: i64,
    /// Slots of the past that nobody had.
    pub lapsed_slots: i64,
    /// Seats given in the published draws of the last four weeks, and how many draws they were.
    pub recent_winners: i64,
    pub recent_draws: i64,
}

impl From<Row> for Figures {
    fn from(row: Row) -> Self {
        Self {
            waiting: row.waiting,
            awaiting_identity: row.awaiting_identity,
            free_slots: row.free_slots,
            lapsed_slots: row.lapsed_slots,
            recent_winners: row.recent_winners,
            recent_draws: row.recent_draws,
        }
    }
}

/// As they stand.
///
/// # Errors
/// If the store fails.
pub async fn figures(app: &App, queue: QueueId) -> Result<Figures, FlowError> {
    Ok(app.store.figures(queue, app.business.now()).await?.into())
}

/// As they stood at most two seconds ago.
///
/// # Errors
/// If the store fails.
pub async fn recent_figures(app: &App, queue: QueueId) -> Result<Figures, FlowError> {
    Ok(app.store.recent_figures(queue, app.business.now()).await?.into())
}

/// When and where its slots lie, as they did at most two seconds ago.
///
/// # Errors
/// If the store fails.
pub async fn slot_classes(app: &App, queue: QueueId) -> Result<Arc<SlotClasses>, FlowError> {
    Ok(app.store.recent_slot_classes(queue, app.business.now()).await?)
}

/// When the next lists are frozen: the announced draw, then the timetable.
pub fn next_draws(
    app: &App,
    queue: &Queue,
    zone: Zone,
    announced: Option<DateTime<Utc>>,
) -> Vec<DateTime<Utc>> {
    status::next_draws(app, queue, zone, app.business.now(), announced)
}
