//! What the store hands out. Personal fields are sealed: the flows open them, and only when shown.

mod penalty;
mod people;
mod proposals;
mod staff;

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Value, json};
use sqlx::FromRow;
use sqlx::types::Json;

use crate::domain::actor::Channel;
use crate::domain::availability::Availability;
pub use crate::domain::draw_state::DrawState;
use crate::domain::entry::{CloseReason, ConvocationState, Convoked, EntryState};
use crate::domain::identity::Proof;
use crate::domain::ids::{
    ApplicantId, AuditId, ConvocationId, DrawId, EntryId, NoticeId, QueueId, SiteId, SlotId, StaffId,
};
use crate::domain::local_time::Zone;
use crate::domain::notice::{NoticeKind, NoticeState, Way};
use crate::domain::proposal::{Decision, Proposal};
use crate::domain::reach::{Addresses, Reach};
use crate::domain::refusal::Refusal;
use crate::domain::rules::{Rules, Standing};
use crate::domain::slot::SlotState;
use crate::draw::merkle::leaf_hash;
use crate::store::DirectoryVersion;
use crate::store::directory::zone_of;
pub use penalty::{PenaltyRecord, TickColumns};
pub use people::{
    CodeRecord, HelperRecord, OpenCorrection, ReadingRecord, ReviewRecord, SealedFields, SealedPerson,
    VisitRecord, WaitingCorrection,
};
pub use proposals::{
    CompensatedRecord, CompensationRecord, PrivilegeRecord, PublicationRecord, RelocationRecord,
};
pub use staff::{LinkRecord, OpenSessionRecord, SessionRecord, StaffRecord};

#[derive(Clone, Debug, FromRow)]
pub struct RulesRecord {
    pub queue_id: QueueId,
    pub version: i32,
    pub body: Json<Rules>,
    pub reason: Option<String>,
    #[sqlx(flatten)]
    pub columns: ProposalColumns,
    pub rejected_reason: Option<String>,
}

/// Who proposed something and what became of it.
#[derive(Clone, Copy, Debug, Default, FromRow)]
pub struct ProposalColumns {
    pub proposed_by: Option<StaffId>,
    pub proposed_at: Option<DateTime<Utc>>,
    pub approved_by: Option<StaffId>,
    pub approved_at: Option<DateTime<Utc>>,
    /// Its author, if it was withdrawn.
    pub rejected_by: Option<StaffId>,
    pub rejected_at: Option<DateTime<Utc>>,
}

impl ProposalColumns {
    pub fn proposal(&self) -> Proposal {
        let is_withdrawn = self.rejected_by.is_some() && self.rejected_by == self.proposed_by;
        let decided = match (self.approved_at, self.rejected_at) {
            (Some(_), _) => Some(Decision::Approved),
            (None, Some(_)) if is_withdrawn => Some(Decision::Withdrawn),
            (None, Some(_)) => Some(Decision::Rejected),
            (None, None) => None,
        };
        Proposal { proposed_by: self.proposed_by, decided }
    }
}

/// An entry with its applicant.
#[derive(Clone, Debug, FromRow)]
pub struct EntryRecord {
    pub id: EntryId,
    pub reference: String,
    pub queue_id: QueueId,
    pub applicant_id: ApplicantId,
    pub state: EntryState,
    pub close_reason: Option<CloseReason>,
    pub channel: Channel,
    pub registered_at: DateTime<Utc>,
    pub identity_verified_at: Option<DateTime<Utc>>,
    pub identity_how: Option<Proof>,
    #[sqlx(flatten)]
    pub standing: StandingColumns,
    pub declines: i32,
    pub deadline: Option<NaiveDate>,
    pub deadline_kind: Option<String>,
    pub availability: Json<Availability>,
    pub paused: bool,
    pub paused_until: Option<DateTime<Utc>>,
    pub ended_at: Option<DateTime<Utc>>,
    pub erased_at: Option<DateTime<Utc>>,
    /// Empty once the person is erased.
    pub wrapped_key: Vec<u8>,
    #[sqlx(flatten)]
    pub sealed: SealedFields,
    /// None until [`crate::flow::installation`] has computed it.
    pub birth_date_fingerprint: Option<Vec<u8>>,
    pub language: String,
    #[sqlx(flatten)]
    pub addresses: AddressColumns,
}

/// What decides an entry's place in a draw, as its row says.
#[derive(Clone, Debug, Default, FromRow)]
pub struct StandingColumns {
    pub arrival_day: i32,
    pub draws_survived: i32,
    pub displaced: bool,
    pub priority: bool,
    pub labels: Json<Vec<u8>>,
    pub deadline_seen_at: Option<DateTime<Utc>>,
}

impl From<&StandingColumns> for Standing {
    fn from(columns: &StandingColumns) -> Self {
        Self {
            arrival_day: u32::try_from(columns.arrival_day).unwrap_or(0),
            draws_survived: u32::try_from(columns.draws_survived).unwrap_or(0),
            displaced: columns.displaced,
            priority: columns.priority,
            labels: columns.labels.0.clone(),
            deadline_seen: columns.deadline_seen_at.is_some(),
        }
    }
}

/// Those who wait and count alike in a draw.
#[derive(Clone, Debug)]
pub struct StandingGroup {
    pub standing: Standing,
    pub is_verified: bool,
    pub people: u32,
}

#[derive(FromRow)]
pub struct StandingGroupRow {
    is_verified: bool,
    #[sqlx(flatten)]
    standing: StandingColumns,
    people: i64,
}

impl From<StandingGroupRow> for StandingGroup {
    fn from(row: StandingGroupRow) -> Self {
        Self {
            standing: Standing::from(&row.standing),
            is_verified: row.is_verified,
            people: u32::try_from(row.people).unwrap_or(u32::MAX),
        }
    }
}

/// The addresses of an applicant, as their row says; part of every row from which notices are owed.
#[derive(Clone, Copy, Debug, FromRow)]
pub struct AddressColumns {
    pub reach_sms: bool,
    pub reach_email: bool,
}

impl AddressColumns {
    /// The store does not know what the installation can send: the outbox passes over what it cannot.
    pub fn reach(self) -> Reach {
        Reach::known(self.addresses())
    }

    pub const fn addresses(self) -> Addresses {
        Addresses { sms: self.reach_sms, email: self.reach_email }
    }
}

/// What a draw's publication is called in the log.
pub const PUBLISHED: &str = "draw.published";

/// Somebody who stood in a list: what the second look at a draw asks.
#[derive(Clone, Copy, Debug, FromRow)]
pub struct DrawnPerson {
    pub number: i32,
    pub registered_at: DateTime<Utc>,
    pub channel: Channel,
}

/// What the freeze needs of an entry.
#[derive(Clone, Debug, FromRow)]
pub struct ListedEntry {
    pub id: EntryId,
    pub state: EntryState,
    #[sqlx(flatten)]
    pub standing: StandingColumns,
    pub availability: Json<Availability>,
    pub paused: bool,
    pub paused_until: Option<DateTime<Utc>>,
    #[sqlx(flatten)]
    pub addresses: AddressColumns,
}

/// A free slot, as the freeze finds it.
#[derive(Clone, Debug, FromRow)]
pub struct PoolSlot {
    pub id: SlotId,
    pub site_id: SiteId,
    pub desk_number: i32,
    pub starts_at: DateTime<Utc>,
    pub minutes: i32,
    pub zone: String,
}

impl PoolSlot {
    pub fn zone(&self) -> Zone {
        zone_of(&self.zone)
    }
}

#[derive(Clone, Debug, FromRow)]
pub struct SlotRecord {
    pub id: SlotId,
    pub queue_id: QueueId,
    pub site_id: SiteId,
    pub desk_number: i32,
    pub starts_at: DateTime<Utc>,
    pub minutes: i32,
    pub state: SlotState,
    pub withdrawn_at: Option<DateTime<Utc>>,
}

#[derive(Clone, Debug, FromRow)]
pub struct DrawRecord {
    pub id: DrawId,
    pub queue_id: QueueId,
    pub number: i32,
    pub rules_version: i32,
    pub state: DrawState,
    pub announced_at: DateTime<Utc>,
    pub freeze_at: DateTime<Utc>,
    pub seed_at: DateTime<Utc>,
    pub previous: Option<DrawId>,
    pub source: Json<Value>,
    pub secret: Option<Vec<u8>>,
    pub frozen_at: Option<DateTime<Utc>>,
    pub freeze_hash: Option<Vec<u8>>,
    pub entry_count: Option<i32>,
    pub slot_count: Option<i32>,
    pub winner_count: Option<i32>,
    pub counts: Option<Json<Value>>,
    pub opening: Option<Vec<u8>>,
    pub outcome_hash: Option<Vec<u8>>,
    pub drawn_at: Option<DateTime<Utc>>,
    pub published_at: Option<DateTime<Utc>>,
    pub annulled_at: Option<DateTime<Utc>>,
    pub annul_reason: Option<String>,
    /// Of its annulment.
    #[sqlx(flatten)]
    pub annulment: ProposalColumns,
    pub annul_rejected_reason: Option<String>,
}

impl DrawRecord {
    /// The proposal to annul it, the last one if there were several.
    pub fn proposal(&self) -> Option<Proposal> {
        self.annulment.proposed_by.map(|_| self.annulment.proposal())
    }

    /// The same, of a draw that can still be annulled.
    ///
    /// # Errors
    /// If it is annulled, or nobody has proposed it.
    pub fn annulment_proposed(&self) -> Result<Proposal, Refusal> {
        if self.state == DrawState::Annulled {
            return Err(Refusal::DrawAnnulled);
        }
        self.proposal().ok_or(Refusal::AnnulmentNotProposed)
    }
}

/// A draw in which an entry stood.
#[derive(Clone, Debug, FromRow)]
pub struct EntryDraw {
    pub draw_id: DrawId,
    pub draw_number: i32,
    pub queue_id: QueueId,
    pub state: DrawState,
    pub frozen_at: Option<DateTime<Utc>>,
    pub drawn_at: Option<DateTime<Utc>>,
    pub entry_count: Option<i32>,
    pub slot_count: Option<i32>,
    pub winner_count: Option<i32>,
    pub number: i32,
    pub pid: Vec<u8>,
    pub salt: Vec<u8>,
    pub tier: i32,
    pub had_chance: bool,
    /// Accepted enough of the seats for the draw to count as survived.
    pub wide: bool,
    pub place: Option<i32>,
    pub won: bool,
}

/// A convocation with what the counter shows.
#[derive(Clone, Debug, FromRow)]
pub struct CounterRecord {
    pub id: ConvocationId,
    pub entry_id: EntryId,
    pub slot_id: SlotId,
    pub draw_id: DrawId,
    pub queue_id: QueueId,
    pub site_id: SiteId,
    pub desk_number: i32,
    pub starts_at: DateTime<Utc>,
    pub minutes: i32,
    pub state: ConvocationState,
    pub issued_at: DateTime<Utc>,
    /// 1, and one more each time the name on it was corrected.
    pub issue: i32,
    pub reissued_at: Option<DateTime<Utc>>,
    pub ended_at: Option<DateTime<Utc>>,
    /// When its holder counts as told of it.
    pub told_at: Option<DateTime<Utc>>,
    #[sqlx(flatten)]
    pub ticked: TickColumns,
    /// Why it ended, or what was missing from the file. Sealed with the key of the entry's applicant.
    pub reason: Option<Vec<u8>>,
    /// The rules under which it was given: what giving it back costs.
    pub rules: Json<Rules>,
}

impl CounterRecord {
    /// What decides which events it may meet, and until when giving it back is free.
    pub const fn convoked(&self) -> Convoked {
        let Self { state, told_at, starts_at, .. } = *self;
        Convoked { state, told_at, starts_at, ticked: self.ticked.tick }
    }
}

#[derive(Clone, Debug, FromRow)]
pub struct NoticeRecord {
    pub id: NoticeId,
    pub entry_id: EntryId,
    pub convocation_id: Option<ConvocationId>,
    pub kind: NoticeKind,
    pub way: Way,
    pub state: NoticeState,
    pub due_at: DateTime<Utc>,
    pub created_at: DateTime<Utc>,
    pub detail: Option<String>,
    pub settled_at: Option<DateTime<Utc>>,
    /// When it counts as received: for a letter that was posted, some days ahead.
    pub received_at: Option<DateTime<Utc>>,
}

/// What stands around an entry at one moment.
#[derive(Clone, Debug)]
pub struct Surroundings {
    pub directory: DirectoryVersion,
    /// The queue's newest draw.
    pub draw: Option<DrawRecord>,
    pub convocation: Option<CounterRecord>,
    /// The appointments at which something was missing, newest first.
    pub incomplete: Vec<CounterRecord>,
    /// Draws in which the entry stood, newest first.
    pub draws: Vec<EntryDraw>,
    pub notices: Vec<NoticeRecord>,
    /// Of the entry and of earlier entries of the same person, newest first.
    pub penalties: Vec<PenaltyRecord>,
}

/// How many SMS were sent, or may have been.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromRow)]
pub struct SmsSent {
    pub total: i64,
    pub without_appointment: i64,
    /// Of these, those that anybody can cause: to requests made online that nobody has verified.
    pub unverified: i64,
}

/// A notice in the hands of one sender, until the lease ends.
#[derive(Clone, Debug, FromRow)]
pub struct LeasedNotice {
    pub id: NoticeId,
    pub entry_id: EntryId,
    pub convocation_id: Option<ConvocationId>,
    pub kind: NoticeKind,
    pub way: Way,
    pub lease_epoch: i32,
    /// How often it has begun to leave before.
    pub attempts: i32,
    /// To a request made online that nobody has verified.
    pub is_unverified: bool,
}

/// A queue in numbers.
#[derive(Clone, Copy, Debug, Default, FromRow)]
pub struct Figures {
    pub waiting: i64,
    pub awaiting_identity: i64,
    pub free_slots: i64,
    pub lapsed_slots: i64,
    /// Seats given in the published draws of the last four weeks, and how many draws they were.
    pub recent_winners: i64,
    pub recent_draws: i64,
}

#[derive(Clone, Debug, FromRow)]
pub struct AuditRecord {
    pub id: AuditId,
    pub at: DateTime<Utc>,
    pub actor: String,
    pub action: String,
    pub subject: String,
    pub detail: Json<Value>,
    pub leaf: Vec<u8>,
    pub position: Option<i64>,
}

/// What the log hashes behind the leaf prefix of RFC 9162: the row as JSON with sorted keys.
fn audit_row(
    id: AuditId,
    at: DateTime<Utc>,
    actor: &str,
    action: &str,
    subject: &str,
    detail: &Value,
) -> String {
    let at = at.timestamp_micros();
    json!({ "id": id, "at": at, "actor": actor, "action": action, "subject": subject, "detail": detail })
        .to_string()
}

/// The leaf of a row that is about to be written.
pub fn audit_leaf(
    id: AuditId,
    at: DateTime<Utc>,
    actor: &str,
    action: &str,
    subject: &str,
    detail: &Value,
) -> [u8; 32] {
    leaf_hash(audit_row(id, at, actor, action, subject, detail).as_bytes())
}

impl AuditRecord {
    /// The text behind the leaf. Publish it only for rows that hold nothing personal.
    pub fn row(&self) -> String {
        audit_row(self.id, self.at, &self.actor, &self.action, &self.subject, &self.detail)
    }

    /// Whether the row still says what was hashed.
    pub fn is_intact(&self) -> bool {
        self.leaf == leaf_hash(self.row().as_bytes())
    }
}

/// The head of the one log, and the bounded tail that has no place yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogHead {
    pub size: i64,
    pub root: Vec<u8>,
    pub tail: i64,
}

/// A head of the log as it was signed and published.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct SignedHead {
    pub size: i64,
    pub root: Vec<u8>,
    /// The signed note, to the byte.
    pub note: String,
    pub at: DateTime<Utc>,
}

/// How far a witness follows the log.
#[derive(Clone, Debug, FromRow)]
pub struct WitnessRecord {
    pub url: String,
    /// The last head that it acknowledged.
    pub size: i64,
    pub root: Vec<u8>,
    pub acknowledged_at: Option<DateTime<Utc>>,
    /// Failed attempts in a row.
    pub attempts: i32,
    /// What the last attempt met, if it failed.
    pub fault: Option<String>,
}
