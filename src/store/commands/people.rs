//! What is written of people: sealed fields, blind indexes, codes, corrections, and who has read them.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::domain::actor::{Actor, Role};
use crate::domain::code::CodePurpose;
use crate::domain::correction::CorrectionKind;
use crate::domain::helper::HelperKind;
use crate::domain::identity::{KeyKind, Proof};
use crate::domain::ids::{ApplicantId, EntryId, PrefectureId, QueueId, SiteId, StaffId};
use crate::domain::near::LooseKind;
use crate::domain::reach::Addresses;
use crate::domain::reading::ReadingPurpose;
use crate::domain::text_enum::text_enum;
use crate::store::records::{CodeRecord, OpenCorrection, SealedFields};

/// Somebody who speaks for the person with their mandate; the texts are sealed with the person's key.
#[derive(Clone, Debug)]
pub struct NewHelper {
    pub id: Uuid,
    pub kind: HelperKind,
    pub name: Vec<u8>,
    pub mandate_seen: Option<Vec<u8>>,
    /// The contact that is given is the helper's own.
    pub has_contact: bool,
    pub recorded_by: Option<StaffId>,
}

/// The sealed person.
#[derive(Clone, Debug)]
pub struct NewApplicant {
    pub id: ApplicantId,
    pub wrapped_key: Vec<u8>,
    pub sealed: SealedFields,
    pub fingerprints: Fingerprints,
    pub language: String,
    pub addresses: Addresses,
}

/// Every fingerprint of a person: what a look-up compares, what a search finds, what flags a pair.
#[derive(Clone, Debug)]
pub struct Fingerprints {
    pub birth_date: Vec<u8>,
    pub phone: Option<Vec<u8>>,
    pub email: Option<Vec<u8>>,
    /// Of a number or document that is declared or verified.
    pub number: Option<Vec<u8>>,
    pub document: Option<Vec<u8>>,
    pub loose: Vec<LooseFingerprint>,
}

/// The fingerprint of a coarse text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LooseFingerprint {
    pub kind: LooseKind,
    pub fingerprint: Vec<u8>,
}

/// What a migration left for the program to fingerprint.
#[derive(Clone, Debug)]
pub struct Fingerprinted {
    pub id: ApplicantId,
    pub fingerprints: Fingerprints,
}

/// What a search knows exactly.
#[derive(Clone, Debug)]
pub enum Finder {
    Number(Vec<u8>),
    Document(Vec<u8>),
    Phone(Vec<u8>),
    Email(Vec<u8>),
}

/// Among whom likes are looked for.
#[derive(Clone, Copy, Debug)]
pub enum Among {
    /// All requests of a prefecture.
    Prefecture(PrefectureId),
    /// Those for the procedure of a queue that wait, or carry a penalty.
    Procedure { of: QueueId, now: DateTime<Utc> },
}

/// A one-time code that is about to leave.
#[derive(Clone, Debug)]
pub struct NewCode {
    pub id: Uuid,
    pub purpose: CodePurpose,
    pub contact_fingerprint: Option<Vec<u8>>,
    pub birth_date_fingerprint: Option<Vec<u8>>,
    pub entry: Option<EntryId>,
    /// What it would change, sealed.
    pub change: Option<Vec<u8>>,
    pub code_fingerprint: Vec<u8>,
    pub expires_at: DateTime<Utc>,
}

/// What a code that was typed is.
#[derive(Clone, Debug)]
pub enum CodeTry {
    Right(Box<CodeRecord>),
    Wrong,
    /// Used, too old, or tried too often.
    Spent,
}

/// How somebody is reached from now on.
#[derive(Clone, Debug)]
pub struct ChangedContact {
    pub applicant: ApplicantId,
    pub phone: Option<Vec<u8>>,
    pub email: Option<Vec<u8>>,
    pub phone_fingerprint: Option<Vec<u8>>,
    pub email_fingerprint: Option<Vec<u8>>,
    pub addresses: Addresses,
    /// Real time; pages that were opened before are closed. None if the holder does it.
    pub holder_since: Option<DateTime<Utc>>,
}

/// What an agent puts right, and why.
#[derive(Clone, Debug)]
pub struct NewCorrection {
    pub id: Uuid,
    pub entry: EntryId,
    pub kind: CorrectionKind,
    /// Sealed with the person's key, as is the claim.
    pub reason: Vec<u8>,
    /// What the document says.
    pub claim: Vec<u8>,
    /// The same claim, if it is asked for already.
    pub same: Option<OpenCorrection>,
    /// As [`CorrectionKind::takes_two`] has it.
    pub is_plain: bool,
    /// The keys on the papers that somebody convoked shows again.
    pub shown: Vec<KeyFingerprint>,
    pub by: StaffId,
}

/// Two entries of one person become one: that of the correction is kept.
#[derive(Clone, Debug)]
pub struct Merge {
    pub new: NewCorrection,
    pub other: EntryId,
    /// Both people as they were compared.
    pub was: [Named; 2],
}

/// The sealed names and birth date that were read.
#[derive(Clone, Debug)]
pub struct Named {
    pub applicant: ApplicantId,
    pub sealed: [Vec<u8>; 3],
}

/// A person written anew, under the same key.
#[derive(Clone, Debug)]
pub struct Rewritten {
    /// If the names or the birth date are others now, nothing is written.
    pub was: Named,
    pub sealed: SealedFields,
    pub fingerprints: Fingerprints,
    pub addresses: Addresses,
}

/// What goes with a request to whoever proved that it is theirs.
#[derive(Clone, Debug)]
pub struct TakenOver {
    /// The proof, stronger than the one that yields.
    pub how: Proof,
    pub keys: Vec<KeyFingerprint>,
    pub reference: String,
    /// Real time.
    pub holder_since: DateTime<Utc>,
}

/// Somebody on the staff opens a person's data.
#[derive(Clone, Debug)]
pub struct Reading {
    pub applicant: ApplicantId,
    pub entry: EntryId,
    pub staff: StaffId,
    pub role: Role,
    pub prefecture: PrefectureId,
    pub site: Option<SiteId>,
    pub purpose: ReadingPurpose,
}

/// A request for a review, sealed.
#[derive(Clone, Debug)]
pub struct NewReview {
    pub id: Uuid,
    pub entry: EntryId,
    pub request: Vec<u8>,
    pub asked_by: Option<StaffId>,
    pub due_at: DateTime<Utc>,
}

/// Its answer, sealed.
#[derive(Clone, Debug)]
pub struct ReviewAnswer {
    pub review: Uuid,
    pub entry: EntryId,
    pub answer: Vec<u8>,
    pub by: StaffId,
}

/// Somebody's data are erased.
#[derive(Clone, Copy, Debug)]
pub struct Erasure {
    pub entry: EntryId,
    pub actor: Actor,
    pub why: ErasureReason,
    /// Its end is older than this, and its person has been told of it; not asked where time erases.
    pub ended_before: Option<DateTime<Utc>>,
    /// Real time: pages that are open are closed.
    pub pages_closed_at: DateTime<Utc>,
}

text_enum! {
    /// Why, as the log says.
    ErasureReason {
        /// The time after which the queue's rules erase is over.
        Retention = "retention",
        Request = "request",
    }
}

/// A key that holds a person's place: its kind and its fingerprint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyFingerprint {
    pub kind: KeyKind,
    pub fingerprint: Vec<u8>,
}

/// A document that an agent has seen: what was declared gives way to it.
#[derive(Clone, Debug)]
pub struct SeenDocument {
    pub applicant: ApplicantId,
    pub sealed: Vec<u8>,
    pub fingerprint: Vec<u8>,
    pub loose: Vec<LooseFingerprint>,
}

/// How an identity was verified, with the keys that it proves.
#[derive(Clone, Debug)]
pub struct Evidence {
    pub how: Proof,
    pub keys: Vec<KeyFingerprint>,
}
