//! The calls on people: registering, finding, verifying, correcting, erasing, and who has read whose data.

use chrono::{DateTime, Utc};

use super::commands::{
    Among, ChangedContact, CodeTry, Erasure, Evidence, Finder, KeyFingerprint, LooseFingerprint, Merge,
    NewCode, NewCorrection, NewEntry, NewReview, Reading, RegisterDone, RegisterRow, Registered,
    ReviewAnswer, Rewritten, SeenDocument, TakenOver, Verified,
};
use super::records::{
    EntryRecord, HelperRecord, OpenCorrection, ReadingRecord, ReviewRecord, VisitRecord, WaitingCorrection,
};
use super::{Backend, Store, StoreError, run};
use crate::domain::actor::Actor;
use crate::domain::entry::EntryState;
use crate::domain::ids::{ApplicantId, EntryId, PrefectureId, QueueId, StaffId};
use crate::domain::register_of_numbers::RegisterCheck;

port! {
    /// Later rows of a number replace earlier ones. Answers how many were new and how many changed.
    fn import_register(rows: Vec<RegisterRow>, now: DateTime<Utc>) -> RegisterDone;
    /// The fingerprint of number and birth date that the register holds for this number, and those of the names.
    fn register_lookup(number_fingerprint: Vec<u8>) -> Option<(Vec<u8>, Option<Vec<u8>>)>;
    /// What the register could not settle of an entry.
    fn register_check(entry: EntryId) -> Option<RegisterCheck>;
    /// Entries about which it is to be asked again, those first that have waited longest.
    fn register_checks_due(limit: i64) -> Vec<EntryId>;
    fn note_register_check(entry: EntryId, check: Option<RegisterCheck>, now: DateTime<Utc>) -> ();

    fn register(new: NewEntry) -> Registered;
    /// The request that used this idempotency key, and the entry it led to.
    fn earlier_answer(key_digest: Vec<u8>) -> Option<(Vec<u8>, EntryId)>;
    /// Removes the idempotency keys used before an instant, so many at most. Answers how many.
    fn forget_answers(before: DateTime<Utc>, limit: i64) -> u64;
    /// Removes suspensions of keys that are over.
    fn forget_penalties(now: DateTime<Utc>) -> u64;
    fn entry(id: EntryId) -> Option<EntryRecord>;
    fn entry_by_reference(reference: String) -> Option<EntryRecord>;
    /// Requests of a prefecture by one exact fingerprint, those that wait first.
    fn find_people(prefecture: PrefectureId, finder: Finder, limit: i64) -> Vec<EntryRecord>;
    /// Requests of people who share a coarse fingerprint: to be compared, since most are other people's.
    fn alike(keys: Vec<LooseFingerprint>, among: Among, limit: i64) -> Vec<EntryRecord>;
    fn new_code(new: NewCode, now: DateTime<Utc>) -> ();
    /// Counts a try, then looks at the code: so many at most.
    fn try_code(id: uuid::Uuid, code_fingerprint: Vec<u8>, most: i32, now: DateTime<Utc>) -> CodeTry;
    /// Requests of people with this telephone or address and this birth date, wherever, those that wait first.
    fn entries_by_contact(contact: Vec<u8>, birth_date: Vec<u8>, limit: i64) -> Vec<EntryRecord>;
    fn change_contact(entry: EntryId, change: ChangedContact, actor: Actor, now: DateTime<Utc>) -> ();
    /// What an agent asks to put right about a person, while another is awaited.
    fn open_correction(entry: EntryId) -> Option<OpenCorrection>;
    /// Whether something was put right before.
    fn was_corrected(entry: EntryId) -> bool;
    fn ask_correction(new: NewCorrection, now: DateTime<Utc>) -> ();
    /// Whether the entry stands in a list whose outcome is not public.
    fn is_listed(entry: EntryId) -> bool;
    /// Keeps a correction until that outcome; the sealed person is what will be written.
    fn queue_correction(new: NewCorrection, person: Vec<u8>, now: DateTime<Utc>) -> ();
    /// Those whose outcome is there.
    fn corrections_due(limit: i64) -> Vec<WaitingCorrection>;
    /// Writes one of them, or lets it wait for a second agent; without a person, drops it.
    fn settle_correction(id: uuid::Uuid, entry: EntryId, person: Option<(bool, Rewritten)>, now: DateTime<Utc>) -> ();
    /// What is open of an entry is not done.
    fn drop_correction(entry: EntryId, by: StaffId, now: DateTime<Utc>) -> ();
    fn correct(new: NewCorrection, person: Rewritten, now: DateTime<Utc>) -> ();
    /// As [`Self::take_over`], by the person's own registration with a strong proof.
    fn take_over_registering(entry: EntryId, person: Rewritten, taken: TakenOver, new: NewEntry, now: DateTime<Utc>) -> ();
    fn holds_key(entry: EntryId, key: KeyFingerprint) -> bool;
    fn take_over(new: NewCorrection, person: Rewritten, taken: TakenOver, now: DateTime<Utc>) -> ();
    /// Closes the other entry as a duplicate; the kept one has the earlier day.
    fn merge(merge: Merge, now: DateTime<Utc>) -> ();
    /// Since when the pages of an entry are open only to whoever was recognised later (real time).
    fn holder_since(entry: EntryId) -> Option<DateTime<Utc>>;
    /// Those that are open at `now` (real time) are closed.
    fn close_pages(entry: EntryId, now: DateTime<Utc>) -> ();
    /// Its holder's pages are opened now (real time).
    fn note_visit(entry: EntryId, now: DateTime<Utc>) -> ();
    /// The newest day first.
    fn visits(entry: EntryId, limit: i64) -> Vec<VisitRecord>;
    /// Entries of a queue that ended before, and of which nothing is waited for at `now`.
    fn erasable(queue: QueueId, now: DateTime<Utc>, before: DateTime<Utc>, limit: i64) -> Vec<EntryId>;
    /// How many these are, and how many ended as long ago and still wait for something.
    fn count_erasable(queue: QueueId, now: DateTime<Utc>, before: DateTime<Utc>) -> (i64, i64);
    fn erase(erasure: Erasure, now: DateTime<Utc>) -> ();
    fn review(id: uuid::Uuid) -> Option<ReviewRecord>;
    fn reviews_of(entry: EntryId) -> Vec<ReviewRecord>;
    fn reviews_open(prefecture: PrefectureId, skip: i64, limit: i64) -> Vec<ReviewRecord>;
    fn reviews_count(prefecture: PrefectureId) -> i64;
    fn reviews_late(now: DateTime<Utc>) -> i64;
    fn ask_review(new: NewReview, now: DateTime<Utc>) -> ();
    fn answer_review(answer: ReviewAnswer, now: DateTime<Utc>) -> ();
    /// How many codes were asked for with a contact and a birth date.
    fn codes_asked(contact: Vec<u8>, birth_date: Vec<u8>, since: DateTime<Utc>) -> i64;
    /// Removes codes that were good until then. Answers how many.
    fn forget_codes(before: DateTime<Utc>) -> u64;
    fn note_search(prefecture: PrefectureId, detail: serde_json::Value, by: StaffId, now: DateTime<Utc>) -> ();
    /// Somebody on the staff opens these people's data now (real time).
    fn note_readings(readings: Vec<Reading>, now: DateTime<Utc>) -> ();
    fn readings_of(applicant: ApplicantId, limit: i64) -> Vec<ReadingRecord>;
    /// Who has read in a prefecture, the newest first.
    fn readings(prefecture: PrefectureId, by: Option<StaffId>, skip: i64, limit: i64) -> Vec<ReadingRecord>;
    /// Accounts that have opened more people of their own choice than so many.
    fn busy_readers(since: DateTime<Utc>, more_than: i64) -> Vec<(StaffId, i64)>;
    /// Who speaks for the person of an entry now.
    fn helper(entry: EntryId) -> Option<HelperRecord>;
    /// They no longer do, for a sealed reason if an agent says so.
    fn end_helper(entry: EntryId, reason: Option<Vec<u8>>, actor: Actor, now: DateTime<Utc>) -> ();
    /// How many live entries carry this telephone, and this address, by their fingerprints.
    fn carrying(phone: Option<Vec<u8>>, email: Option<Vec<u8>>) -> (i64, i64);
    /// How many other live entries carry the same telephone, and the same address.
    fn same_contacts(id: EntryId) -> (i64, i64);
    /// The oldest entries of a prefecture in a state, oldest first.
    fn entries_in(prefecture: PrefectureId, state: EntryState, limit: i64) -> Vec<EntryRecord>;
    fn verify_identity(id: EntryId, evidence: Evidence, seen: Option<SeenDocument>, actor: Actor, now: DateTime<Utc>) -> Verified;
}
