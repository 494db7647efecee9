//! What the flows hand to the store: values ready to be written. Personal fields arrive sealed.

mod keys;
mod people;

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::records::{DrawRecord, ListedEntry, PoolSlot};
use crate::domain::actor::{Actor, Channel, Role};
use crate::domain::availability::Availability;
use crate::domain::entry::Effect;
use crate::domain::holidays::Territory;
use crate::domain::ids::{
    DeskId, DrawId, EntryId, PrefectureId, ProcedureId, QueueId, SiteId, SlotId, StaffId,
};
use crate::domain::notice::{NoticeKind, NoticeState, Way};
use crate::domain::register_of_numbers::RegisterCheck;
use crate::domain::rules::Rules;
use crate::domain::staff::{LinkKind, SessionStage};
use crate::domain::tick::Tick;
pub use keys::{Moved, NewIndexKey, Turn, Wrapped};
pub use people::{
    Among, ChangedContact, CodeTry, Erasure, ErasureReason, Evidence, Finder, Fingerprinted, Fingerprints,
    KeyFingerprint, LooseFingerprint, Merge, Named, NewApplicant, NewCode, NewCorrection, NewHelper,
    NewReview, Reading, ReviewAnswer, Rewritten, SeenDocument, TakenOver,
};

/// What an import writes, with ids already given: what is new, and what is written anew.
#[derive(Clone, Debug)]
pub struct PrefectureUpdate {
    pub id: PrefectureId,
    pub is_new: bool,
    pub slug: String,
    pub name: String,
    pub zone: String,
    pub help: String,
    pub sites: Vec<NewSite>,
    pub changed_sites: Vec<ChangedSite>,
    /// New desks of sites that stand there.
    pub desks: Vec<(SiteId, DeskId, i32)>,
    pub queues: Vec<NewQueue>,
    pub renamed_queues: Vec<(QueueId, String)>,
}

#[derive(Clone, Debug)]
pub struct ChangedSite {
    pub id: SiteId,
    pub name: String,
    pub address: String,
    pub territory: Option<Territory>,
}

#[derive(Clone, Debug)]
pub struct NewSite {
    pub id: SiteId,
    pub slug: String,
    pub name: String,
    pub address: String,
    pub zone: String,
    pub territory: Option<Territory>,
    pub desks: Vec<(DeskId, i32)>,
}

#[derive(Clone, Debug)]
pub struct NewQueue {
    pub id: QueueId,
    /// Used only if no procedure has this slug yet.
    pub procedure_id: ProcedureId,
    pub procedure_slug: String,
    pub procedure_name: String,
    pub slug: String,
    pub name: String,
    pub rules: Rules,
}

#[derive(Clone, Debug)]
pub struct NewStaff {
    pub id: StaffId,
    pub prefecture: PrefectureId,
    pub login: String,
    /// Empty until its owner has set a password.
    pub password_hash: String,
    pub role: Role,
    /// Sealed, as the telephone.
    pub full_name: Option<Vec<u8>>,
    pub phone: Option<Vec<u8>>,
    pub sites: Vec<SiteId>,
    /// The other prefectures that an auditor reads.
    pub also_reads: Vec<PrefectureId>,
    /// Nobody where an operator adds it; else another person confirms the account, so that whoever invites cannot be both
    /// of the two people that something takes.
    pub invited_by: Option<StaffId>,
}

/// A link by which an account's owner sets a password, once.
#[derive(Clone, Debug)]
pub struct NewLink {
    pub token_hash: Vec<u8>,
    pub staff: StaffId,
    pub kind: LinkKind,
    pub by: Option<StaffId>,
    pub expires_at: DateTime<Utc>,
}

/// A second factor in place of the one that was read, if there was one.
#[derive(Clone, Debug)]
pub struct NewSecondFactor {
    pub staff: StaffId,
    /// Sealed; if it is another one now, nothing is written.
    pub was: Option<Vec<u8>>,
    pub secret: Vec<u8>,
    /// The hashes of the recovery codes.
    pub codes: Vec<Vec<u8>>,
    /// The step of the code that was shown.
    pub step: i64,
    /// The hash of the token whose session goes on.
    pub keep: Vec<u8>,
}

/// A session, with the hash of the token that its cookie holds.
#[derive(Clone, Debug)]
pub struct NewSession {
    pub token_hash: Vec<u8>,
    pub id: Uuid,
    pub staff: StaffId,
    pub stage: SessionStage,
    pub csrf: Vec<u8>,
    /// What the browser calls itself.
    pub browser: String,
    pub expires_at: DateTime<Utc>,
    /// The session of an earlier stage, which ends.
    pub instead_of: Option<Vec<u8>>,
    /// What ProConnect wants to see again at the logout, sealed.
    pub id_token: Option<Vec<u8>>,
}

#[derive(Clone, Debug)]
pub struct NewEntry {
    pub id: EntryId,
    pub reference: String,
    pub queue: QueueId,
    pub applicant: NewApplicant,
    pub helper: Option<NewHelper>,
    pub channel: Channel,
    pub registered_at: DateTime<Utc>,
    pub arrival_day: i32,
    /// None: declared only, no key is held.
    pub evidence: Option<Evidence>,
    /// What the register of numbers could not settle.
    pub register_check: Option<RegisterCheck>,
    pub deadline: Option<NaiveDate>,
    pub deadline_kind: Option<String>,
    pub deadline_seen: bool,
    pub availability: Availability,
    /// By which way the receipt goes, and when it may leave.
    pub notice_way: Way,
    pub notice_due_at: DateTime<Utc>,
    pub idempotency_digest: Vec<u8>,
    pub request_fingerprint: Vec<u8>,
    pub actor: Actor,
}

/// What was set right after a restore.
#[derive(Clone, Copy, Debug)]
pub struct Restored {
    /// When the last thing in the copy was done.
    pub copied_at: Option<DateTime<Utc>>,
    /// Messages that may have left.
    pub notices: u64,
    /// Draws whose list may have been frozen.
    pub draws: u64,
    pub sessions: u64,
}

/// What an agent notes of an appointment.
#[derive(Clone, Debug)]
pub struct Note {
    pub tick: Tick,
    /// Sealed: what was missing, or who came.
    pub reason: Option<Vec<u8>>,
    /// Where the person should have come, for the wrong counter.
    pub right_queue: Option<QueueId>,
}

/// What became of a registration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Registered {
    Done(EntryId),
    /// The same key and the same request: the same answer.
    Replayed(EntryId),
    /// The same key with another request.
    KeyReused,
    /// This person already holds a live entry for the procedure.
    AlreadyWaiting,
}

/// What became of a verification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verified {
    Done,
    /// Another live entry holds one of the keys.
    Duplicate(EntryId),
}

/// A change to an entry, by its holder or by an agent.
#[derive(Clone, Debug)]
pub enum EntryChange {
    Pause,
    Resume,
    Availability(Availability),
    Withdraw,
    DeadlineSeen { deadline: NaiveDate, kind: String },
}

impl EntryChange {
    /// Whether an entry may stand in fewer lists, or find fewer slots, for it.
    pub const fn narrows(&self) -> bool {
        matches!(self, Self::Pause | Self::Availability(_))
    }
}

/// A privilege proposed by one agent; priority needs a second.
#[derive(Clone, Debug)]
pub struct Grant {
    pub id: Uuid,
    pub entry: EntryId,
    /// 0 is priority.
    pub label: u8,
    pub reason: Vec<u8>,
    pub by: StaffId,
}

/// A change of queue proposed by one person; another approves.
#[derive(Clone, Debug)]
pub struct Relocation {
    pub id: Uuid,
    pub entry: EntryId,
    pub queue: QueueId,
    pub reason: Option<Vec<u8>>,
    pub by: StaffId,
}

/// Slots to publish, and what tells whether that takes a second person.
#[derive(Clone)]
pub struct Publication {
    /// Of the proposal, if it becomes one.
    pub id: Uuid,
    pub queue: QueueId,
    pub slots: Vec<NewSlot>,
    pub judge: Judge,
}

/// Asked inside the transaction, of the slots that do not stand there yet.
#[derive(Clone)]
pub struct Judge {
    pub admit_declared: bool,
    /// 0 asks for nobody.
    pub few_percent: u8,
    pub needs_second: Arc<NeedsSecond>,
}

/// One for each queue that an act may touch.
pub type Judges = Vec<(QueueId, Judge)>;

/// Compares those who wait with new slots.
pub type NeedsSecond = dyn Fn(&[WaitingGroup], &[NewSlot]) -> bool + Send + Sync;

/// People who wait with the same availability.
#[derive(Clone, Debug)]
pub struct WaitingGroup {
    pub can: Availability,
    pub people: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewSlot {
    pub id: SlotId,
    pub site: SiteId,
    pub desk: DeskId,
    pub starts_at: DateTime<Utc>,
    pub minutes: u16,
}

/// What became of a publication.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Published {
    /// So many new slots, and so many that already stood there, the same.
    Done { new: usize, doubles: usize },
    /// Slots, by their place in the list, whose desk is busy at that time.
    Busy(Vec<usize>),
    /// Few of those who wait could accept any: a second person must agree.
    Proposed,
}

#[derive(Clone, Debug)]
pub struct NewDraw {
    pub id: DrawId,
    pub queue: QueueId,
    /// The version from which the times were reckoned.
    pub rules_version: i32,
    pub freeze_at: DateTime<Utc>,
    pub seed_at: DateTime<Utc>,
    pub source: serde_json::Value,
    pub secret: Option<Vec<u8>>,
}

/// What the freeze finds, in its transaction.
pub struct FreezeInput {
    pub draw: DrawRecord,
    pub rules: Rules,
    pub entries: Vec<ListedEntry>,
    pub slots: Vec<PoolSlot>,
}

/// The frozen list, ready to be written.
pub struct Composed {
    pub list: Vec<u8>,
    pub freeze_hash: [u8; 32],
    pub entries: Vec<ComposedEntry>,
    pub slots: Vec<SlotId>,
    pub counts: serde_json::Value,
}

pub struct ComposedEntry {
    pub entry: EntryId,
    pub pid: [u8; 16],
    pub salt: [u8; 32],
    pub tier: u8,
    /// Accepts a class that has a seat.
    pub had_chance: bool,
    /// Accepts the share of the seats for which the draw counts as survived.
    pub wide: bool,
}

/// What the freeze asks of its caller, inside the transaction.
#[derive(Clone)]
pub struct Compose {
    /// Makes the list out of what is found: pure.
    pub list: Arc<dyn Fn(FreezeInput) -> Result<Composed, String> + Send + Sync>,
    /// Whether there is still time, asked when all is written: the machine may have slept meanwhile.
    pub is_in_time: Arc<dyn Fn() -> bool + Send + Sync>,
}

/// The outcome of a draw, computed outside the transaction from the frozen list.
#[derive(Clone)]
pub struct DrawnOutcome {
    pub bundle: Arc<Vec<u8>>,
    pub outcome_hash: [u8; 32],
    /// For each entry number, its place in the order, from 1.
    pub places: Arc<Vec<u32>>,
    /// Entry number and slot id, in key order.
    pub wins: Arc<Vec<(u32, SlotId)>>,
}

impl DrawnOutcome {
    /// For each entry number, whether it won.
    pub(super) fn won(&self) -> Vec<bool> {
        let mut won = vec![false; self.places.len()];
        for (number, _) in self.wins.iter() {
            if let Some(won) = won.get_mut(*number as usize) {
                *won = true;
            }
        }
        won
    }
}

/// What became of a convocation.
#[derive(Clone, Copy, Debug)]
pub struct Ended {
    pub entry: EntryId,
    pub effect: Effect,
}

/// What the gateway answered.
#[derive(Clone, Debug)]
pub enum Settlement {
    Accepted {
        gateway_id: String,
    },
    /// Definitely not sent, and never will be this way.
    Rejected {
        detail: String,
    },
    /// The answer was lost: it may have been sent.
    Unknown {
        detail: String,
    },
    /// Definitely not sent; may be tried again at that time.
    Retry {
        at: DateTime<Utc>,
        detail: String,
    },
}

impl Settlement {
    pub(super) const fn state(&self) -> NoticeState {
        match self {
            Self::Accepted { .. } => NoticeState::Accepted,
            Self::Rejected { .. } => NoticeState::Rejected,
            Self::Unknown { .. } => NoticeState::Unknown,
            Self::Retry { .. } => NoticeState::Pending,
        }
    }
}

/// A notice to write with the change that owes it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Owed {
    pub entry: EntryId,
    pub convocation: Option<crate::domain::ids::ConvocationId>,
    pub kind: NoticeKind,
    pub way: Way,
    pub due_at: DateTime<Utc>,
}

/// A number of the register, as fingerprints.
#[derive(Clone, Debug)]
pub struct RegisterRow {
    pub number: Vec<u8>,
    pub with_birth: Vec<u8>,
    /// Short ones of each name, one after another; none, where the register gives no names.
    pub names: Option<Vec<u8>>,
}

/// What became of rows of the register.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RegisterDone {
    pub new: u64,
    /// Known before, with another birth date or another name.
    pub changed: u64,
}
