//! What the store hands out of people beside their entries: codes, corrections, readings.

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use crate::domain::actor::Role;
use crate::domain::code::CodePurpose;
use crate::domain::helper::HelperKind;
use crate::domain::ids::{ApplicantId, EntryId, PrefectureId, SiteId, StaffId};
use crate::domain::reading::ReadingPurpose;

/// A one-time code that somebody tries.
#[derive(Clone, Debug, FromRow)]
pub struct CodeRecord {
    pub purpose: CodePurpose,
    pub contact_fingerprint: Option<Vec<u8>>,
    pub birth_date_fingerprint: Option<Vec<u8>>,
    pub entry_id: Option<EntryId>,
    pub change: Option<Vec<u8>>,
    pub code_fingerprint: Vec<u8>,
}

/// The openings of a holder's pages on one day.
#[derive(Clone, Copy, Debug, FromRow)]
pub struct VisitRecord {
    pub first_at: DateTime<Utc>,
    pub last_at: DateTime<Utc>,
    pub times: i32,
}

/// Who opened somebody's data, on one day and for one purpose.
#[derive(Clone, Debug, FromRow)]
pub struct ReadingRecord {
    pub entry_id: EntryId,
    pub reference: String,
    pub staff_id: StaffId,
    pub purpose: ReadingPurpose,
    pub role: Role,
    pub prefecture_id: PrefectureId,
    pub site_id: Option<SiteId>,
    pub first_at: DateTime<Utc>,
    pub last_at: DateTime<Utc>,
    pub times: i32,
}

/// The fields of a person, each sealed for its column. Only `flow::people` opens them.
#[derive(Clone, Debug, FromRow)]
pub struct SealedFields {
    pub birth_name: Vec<u8>,
    pub given_names: Vec<u8>,
    pub birth_date: Vec<u8>,
    pub foreigner_number: Option<Vec<u8>>,
    pub document: Option<Vec<u8>>,
    pub phone: Option<Vec<u8>>,
    pub email: Option<Vec<u8>>,
}

/// What has no fingerprint yet.
#[derive(Clone, Debug, FromRow)]
pub struct SealedPerson {
    pub id: ApplicantId,
    pub wrapped_key: Vec<u8>,
    #[sqlx(flatten)]
    pub sealed: SealedFields,
}

/// What an agent asks to put right, while another is awaited.
#[derive(Clone, Debug, FromRow)]
pub struct OpenCorrection {
    pub id: Uuid,
    /// Sealed with the person's key.
    pub claim: Vec<u8>,
    pub asked_by: StaffId,
    pub asked_at: DateTime<Utc>,
    /// Since when it waits for the outcome of a draw.
    pub waits_since: Option<DateTime<Utc>>,
}

/// A correction that waited for an outcome which is there now.
#[derive(Clone, Debug, FromRow)]
pub struct WaitingCorrection {
    pub id: Uuid,
    pub entry_id: EntryId,
    /// What is to be written, sealed with the person's key.
    pub person: Vec<u8>,
}

/// Somebody who speaks for the person.
#[derive(Clone, Debug, FromRow)]
pub struct HelperRecord {
    pub id: Uuid,
    pub kind: HelperKind,
    /// Sealed with the person's key, as is what was seen.
    pub name: Vec<u8>,
    pub mandate_seen: Option<Vec<u8>>,
    pub has_contact: bool,
    pub since: DateTime<Utc>,
    pub recorded_by: Option<StaffId>,
}

/// A request that a person looks at what was decided.
#[derive(Clone, Debug, FromRow)]
pub struct ReviewRecord {
    pub id: Uuid,
    pub entry_id: EntryId,
    pub request: Vec<u8>,
    pub asked_at: DateTime<Utc>,
    pub asked_by: Option<StaffId>,
    pub due_at: DateTime<Utc>,
    pub answer: Option<Vec<u8>>,
    pub answered_at: Option<DateTime<Utc>>,
    pub answered_by: Option<StaffId>,
}
