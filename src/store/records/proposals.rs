//! What takes two people, as the store hands it out: priorities, changes of queue, first places, slots.

use chrono::NaiveDate;
use sqlx::FromRow;
use sqlx::types::Json;
use uuid::Uuid;

use super::ProposalColumns;
use crate::domain::ids::{ConvocationId, EntryId, QueueId, SiteId};
use crate::store::commands::NewSlot;

#[derive(Clone, Debug, FromRow)]
pub struct PrivilegeRecord {
    pub id: Uuid,
    pub entry_id: EntryId,
    pub label: i32,
    pub reason: Vec<u8>,
    #[sqlx(flatten)]
    pub columns: ProposalColumns,
    pub rejected_reason: Option<Vec<u8>>,
}

/// Slots that wait, or waited, for a second person.
#[derive(Clone, Debug, FromRow)]
pub struct PublicationRecord {
    pub id: Uuid,
    pub queue_id: QueueId,
    pub slots: Json<Vec<NewSlot>>,
    #[sqlx(flatten)]
    pub columns: ProposalColumns,
    pub rejected_reason: Option<String>,
}

/// A change of queue, proposed.
#[derive(Clone, Debug, FromRow)]
pub struct RelocationRecord {
    pub id: Uuid,
    pub entry_id: EntryId,
    /// Where the entry would wait.
    pub queue_id: QueueId,
    /// None where the agent of a wrong counter proposed it.
    pub reason: Option<Vec<u8>>,
    #[sqlx(flatten)]
    pub columns: ProposalColumns,
    pub rejected_reason: Option<Vec<u8>>,
}

/// Those who would go first because the prefecture took their appointments back, by one act.
#[derive(Clone, Debug, FromRow)]
pub struct CompensationRecord {
    pub id: Uuid,
    pub site_id: SiteId,
    /// The day of the appointments, where they were.
    pub day: NaiveDate,
    /// None where it is sealed with the convocation.
    pub reason: Option<String>,
    #[sqlx(flatten)]
    pub columns: ProposalColumns,
}

/// One of them.
#[derive(Clone, Debug, FromRow)]
pub struct CompensatedRecord {
    pub entry_id: EntryId,
    pub convocation_id: ConvocationId,
    /// Of the convocation's end, sealed.
    pub reason: Option<Vec<u8>>,
}
