//! Slots, as staff see them.

use chrono::{DateTime, Utc};

use crate::domain::ids::{PrefectureId, QueueId, SiteId, SlotId};
use crate::domain::slot::SlotState;
use crate::flow::{App, FlowError};
use crate::store::records::SlotRecord;

#[derive(Clone, Debug)]
pub struct Slot {
    pub id: SlotId,
    pub queue_id: QueueId,
    pub site_id: SiteId,
    pub desk_number: i32,
    pub starts_at: DateTime<Utc>,
    pub minutes: i32,
    pub state: SlotState,
    pub withdrawn_at: Option<DateTime<Utc>>,
}

impl From<SlotRecord> for Slot {
    fn from(record: SlotRecord) -> Self {
        let SlotRecord { id, queue_id, site_id, desk_number, starts_at, minutes, state, withdrawn_at } =
            record;
        Self { id, queue_id, site_id, desk_number, starts_at, minutes, state, withdrawn_at }
    }
}

/// The slots of a prefecture that begin between two instants.
///
/// # Errors
/// If the store fails.
pub async fn between(
    app: &App,
    prefecture: PrefectureId,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<Vec<Slot>, FlowError> {
    Ok(app.store.slots_between(prefecture, from, to).await?.into_iter().map(Slot::from).collect())
}
