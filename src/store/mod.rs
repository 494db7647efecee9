//! The only module with SQL. Every method of [`Store`] is one transaction. Each query is written
//! once, in `queries/`, and compiled for both databases; `postgres.rs` and `sqlite.rs` hold what differs.
//!
//! A transaction runs in a task of its own. A request whose client has gone is dropped in the middle
//! of an await, and a connection dropped while it begins a transaction may go back to the pool with
//! that transaction open: the next acknowledged write on it would be lost. A spawned task is not
//! dropped with the request, so this cannot happen.

mod codec;
mod directory;
mod error;
mod known;
mod postgres;
mod sqlite;

pub mod backup;
pub mod commands;
pub mod records;
pub mod transfer;

use std::cmp::Ordering;
use std::future::Future;
use std::time::{Duration, Instant};

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::migrate::Migrator;

use crate::domain::actor::Actor;
use crate::domain::alarm::ComponentHealth;
use crate::domain::directory::Directory;
use crate::domain::entry::{ConvocationEvent, EntryState};
use crate::domain::ids::{
    ConvocationId, DrawId, EntryId, NoticeId, PrefectureId, QueueId, SiteId, SlotId, StaffId,
};
use crate::domain::letter::Sent;
use crate::domain::notice::Way;
use crate::domain::penalty::Ruling;
use crate::domain::proposal::Closing;
use crate::domain::rules::Rules;
use crate::domain::situation::SlotClasses;
use commands::{
    Compose, DrawnOutcome, Ended, EntryChange, Fingerprinted, Grant, Judges, NewDraw, NewLink,
    NewSecondFactor, NewSession, NewStaff, Note, PrefectureUpdate, Publication, Published, Relocation,
    Restored, Settlement, WaitingGroup,
};
pub use error::StoreError;
pub use known::DirectoryVersion;
use records::{
    AuditRecord, CompensatedRecord, CompensationRecord, CounterRecord, DrawRecord, DrawState, DrawnPerson,
    EntryDraw, EntryRecord, Figures, LeasedNotice, LinkRecord, LogHead, NoticeRecord, OpenSessionRecord,
    PenaltyRecord, PrivilegeRecord, PublicationRecord, RelocationRecord, RulesRecord, SealedPerson,
    SessionRecord, SignedHead, SlotRecord, SmsSent, StaffRecord, StandingGroup, Surroundings, WitnessRecord,
};

#[derive(Clone)]
enum Backend {
    Postgres(postgres::Backend),
    Sqlite(sqlite::Backend),
}

/// The database, whichever it is.
#[derive(Clone)]
pub struct Store {
    backend: Backend,
    known: known::Known,
}

const ATTEMPTS: u32 = 6;

async fn run<T, F, Fut>(attempt: F) -> Result<T, StoreError>
where
    T: Send + 'static,
    F: Fn() -> Fut + Send + 'static,
    Fut: Future<Output = Result<T, StoreError>> + Send,
{
    tokio::spawn(async move {
        for turn in 1..ATTEMPTS {
            match attempt().await {
                Err(error) if error.wants_retry() => {
                    tracing::debug!(turn, "the database asks to retry");
                    tokio::time::sleep(Duration::from_millis(u64::from(turn) * 5)).await;
                }
                done => return done,
            }
        }
        attempt().await
    })
    .await?
}

fn newest_of(migrations: &Migrator) -> i64 {
    migrations.iter().map(|migration| migration.version).max().unwrap_or(0)
}

impl Store {
    /// Opens the database named by a `sqlite:` or `postgres:` URL and applies the migrations, under a
    /// lock, so that several instances may start at once.
    ///
    /// # Errors
    /// [`StoreError::Locked`] if another process holds the SQLite file.
    pub async fn open(url: &str, max_connections: u32) -> Result<Self, StoreError> {
        let backend = if url.starts_with("sqlite:") {
            Backend::Sqlite(sqlite::Backend::open(url, max_connections).await?)
        } else {
            Backend::Postgres(postgres::Backend::open(url, max_connections).await?)
        };
        Ok(Self { backend, known: known::Known::default() })
    }

    /// Opens a database to look at it: nothing is made, migrated or written, and the process that serves it goes on.
    ///
    /// # Errors
    /// If there is none; [`StoreError::Newer`] or [`StoreError::Older`] if it is not the one that this program knows.
    pub async fn inspect(url: &str) -> Result<Self, StoreError> {
        let backend = if url.starts_with("sqlite:") {
            Backend::Sqlite(sqlite::Backend::beside(url, true).await?)
        } else {
            Backend::Postgres(postgres::Backend::beside(url, true).await?)
        };
        Self { backend, known: known::Known::default() }.of_this_version().await
    }

    /// Opens a database to change a little of it, beside the process that serves it.
    ///
    /// # Errors
    /// As [`Self::inspect`].
    pub async fn beside(url: &str) -> Result<Self, StoreError> {
        let backend = if url.starts_with("sqlite:") {
            Backend::Sqlite(sqlite::Backend::beside(url, false).await?)
        } else {
            Backend::Postgres(postgres::Backend::beside(url, false).await?)
        };
        Self { backend, known: known::Known::default() }.of_this_version().await
    }

    async fn of_this_version(self) -> Result<Self, StoreError> {
        let (newest, known) = (self.newest_migration().await.unwrap_or(0), self.newest_known_migration());
        match newest.cmp(&known) {
            Ordering::Less => Err(StoreError::Older { newest, known }),
            Ordering::Equal => Ok(self),
            Ordering::Greater => Err(StoreError::Newer { newest, known }),
        }
    }

    /// How many other connections use the PostgreSQL database of this address.
    ///
    /// # Errors
    /// If it cannot be asked.
    pub async fn others_connected(url: &str) -> Result<i64, StoreError> {
        postgres::others_connected(url).await
    }

    /// Whether several processes may share this database.
    pub const fn is_shared(&self) -> bool {
        matches!(self.backend, Backend::Postgres(_))
    }

    /// The newest migration that this program brings.
    pub fn newest_known_migration(&self) -> i64 {
        newest_of(match self.backend {
            Backend::Postgres(_) => &postgres::MIGRATIONS,
            Backend::Sqlite(_) => &sqlite::MIGRATIONS,
        })
    }

    /// Ends once a request that began at this instant should not wait for the database any longer: it is away, or
    /// has been silent for longer than `patience`. Never, where the database is a file.
    pub async fn lost(&self, since: Instant, patience: Duration) {
        match &self.backend {
            Backend::Postgres(db) => db.lost(since, patience).await,
            Backend::Sqlite(_) => std::future::pending().await,
        }
    }

    /// Closes every connection; waits for those in use.
    pub async fn close(&self) {
        match &self.backend {
            Backend::Postgres(db) => db.close().await,
            Backend::Sqlite(db) => db.close().await,
        }
    }
}

macro_rules! port {
    ($($(#[$meta:meta])* fn $name:ident($($arg:ident: $ty:ty),* $(,)?) -> $out:ty;)*) => {
        impl Store {$(
            $(#[$meta])*
            pub async fn $name(&self, $($arg: $ty),*) -> Result<$out, StoreError> {
                match self.backend.clone() {
                    Backend::Postgres(db) => run(move || {
                        let db = db.clone();
                        $(let $arg = $arg.clone();)*
                        async move { db.$name($($arg),*).await }
                    }).await,
                    Backend::Sqlite(db) => run(move || {
                        let db = db.call();
                        $(let $arg = $arg.clone();)*
                        async move {
                            let answer = db.$name($($arg),*).await;
                            db.settled(answer).await
                        }
                    }).await,
                }
            }
        )*}
    };
}

mod keys;
mod people;

port! {
    /// Remembers which master key this database belongs to, or refuses another one.
    fn installation(key_check: Vec<u8>, now: DateTime<Utc>) -> ();
    /// People whom a migration left without fingerprints.
    fn people_without_fingerprints(limit: i64) -> Vec<SealedPerson>;
    fn save_fingerprints(people: Vec<Fingerprinted>) -> ();
    /// The demo's business clock, where it stood.
    fn business_now() -> Option<DateTime<Utc>>;
    fn save_business_now(now: DateTime<Utc>) -> ();
    /// One cheap question, for the health check.
    fn ping() -> ();
    /// What is known of the parts of the installation; what another process saw later stands.
    fn save_health(components: Vec<ComponentHealth>) -> ();
    fn health() -> Vec<ComponentHealth>;
    /// How many messages are due, letters left out, and since when the oldest is.
    fn outbox_due(now: DateTime<Utc>) -> (i64, Option<DateTime<Utc>>);
    /// The version of the newest migration that was applied.
    fn newest_migration() -> i64;

    /// Creates a prefecture with its sites, desks, procedures, queues and first rules.
    fn import_prefecture(update: PrefectureUpdate, now: DateTime<Utc>) -> ();
    /// Differs whenever the directory does, whichever process or hand changed it.
    fn directory_version() -> DirectoryVersion;
    fn read_directory() -> Directory;

    fn rules_of(queue: QueueId) -> Vec<RulesRecord>;
    fn rules(queue: QueueId, version: i32) -> Rules;
    fn propose_rules(queue: QueueId, rules: Rules, reason: String, by: StaffId, now: DateTime<Utc>) -> i32;
    /// A second person approves: in force from the next draw that is announced.
    fn approve_rules(queue: QueueId, version: i32, by: StaffId, now: DateTime<Utc>) -> ();
    /// Rejected by a second person, or withdrawn by its author.
    fn close_rules(queue: QueueId, version: i32, closing: Closing<String>, by: StaffId, now: DateTime<Utc>) -> ();

    fn add_staff(new: NewStaff, now: DateTime<Utc>) -> bool;
    fn staff_by_login(login: String) -> Option<StaffRecord>;
    fn staff() -> Vec<StaffRecord>;
    /// Stores the same password at today's cost, unless it was changed meanwhile.
    fn upgrade_password_hash(staff: StaffId, outdated: String, upgraded: String) -> ();
    /// A new password ends every session but the one with this hash.
    fn change_password(staff: StaffId, hash: String, keep: Option<Vec<u8>>, now: DateTime<Utc>) -> ();
    fn staff_member(id: StaffId) -> Option<StaffRecord>;
    /// A second person makes an account good; nobody, where an operator does.
    fn confirm_staff(id: StaffId, by: Option<StaffId>, now: DateTime<Utc>) -> ();
    /// Also ends their sessions. With `keeps_two`, not if fewer than two managers of the prefecture would be left.
    fn disable_staff(id: StaffId, by: Option<StaffId>, keeps_two: bool, now: DateTime<Utc>) -> bool;
    fn enable_staff(id: StaffId, by: StaffId, now: DateTime<Utc>) -> ();
    /// Replaces the links that were made before.
    fn make_link(link: NewLink, now: DateTime<Utc>) -> ();
    fn link(token_hash: Vec<u8>, now: DateTime<Utc>) -> Option<LinkRecord>;
    /// Sets the password by a link, which is then spent.
    fn use_link(token_hash: Vec<u8>, hash: String, now: DateTime<Utc>) -> StaffId;
    fn set_second_factor(new: NewSecondFactor, now: DateTime<Utc>) -> ();
    /// False if this step or a later one was used before.
    fn use_totp_step(staff: StaffId, step: i64) -> bool;
    fn use_recovery_code(staff: StaffId, code: Vec<u8>, now: DateTime<Utc>) -> bool;
    fn recovery_codes_left(staff: StaffId) -> i64;
    /// One person asks that a lost second factor be taken away, another does it; an operator alone may.
    fn ask_reset(id: StaffId, by: StaffId, now: DateTime<Utc>) -> ();
    fn reset_second_factor(id: StaffId, by: Option<StaffId>, now: DateTime<Utc>) -> ();
    /// The account that an identity of ProConnect opens, if it is good.
    fn staff_by_proconnect(fingerprint: Vec<u8>) -> Option<StaffRecord>;
    /// Both end every session of the account but the one with the hash `keep`.
    fn link_proconnect(staff: StaffId, fingerprint: Vec<u8>, keep: Vec<u8>, now: DateTime<Utc>) -> ();
    fn unlink_proconnect(staff: StaffId, by: StaffId, keep: Vec<u8>, now: DateTime<Utc>) -> ();
    fn sites_of_staff(staff: StaffId) -> Vec<SiteId>;
    fn prefectures_of_staff(staff: StaffId) -> Vec<PrefectureId>;
    fn open_session(new: NewSession, now: DateTime<Utc>) -> ();
    /// While it is good, and was used after an instant.
    fn session(token_hash: Vec<u8>, now: DateTime<Utc>, seen_after: DateTime<Utc>) -> Option<SessionRecord>;
    fn session_seen(token_hash: Vec<u8>, now: DateTime<Utc>) -> ();
    /// Counts a try of a code before it is looked at. False beyond the most.
    fn take_session_try(token_hash: Vec<u8>, most: i32) -> bool;
    /// Turns a session to another prefecture that its owner reads.
    fn show_prefecture(token_hash: Vec<u8>, prefecture: PrefectureId) -> bool;
    fn sessions_of(staff: StaffId, now: DateTime<Utc>) -> Vec<OpenSessionRecord>;
    fn end_session_by_id(id: uuid::Uuid, owner: StaffId) -> bool;
    fn end_session(token_hash: Vec<u8>) -> ();
    /// What ProConnect wants to see again, sealed for the session with this id, if it opened it.
    fn id_token(token_hash: Vec<u8>) -> Option<(uuid::Uuid, Vec<u8>)>;
    /// Removes the sessions whose time is over. Answers how many.
    fn end_expired_sessions(now: DateTime<Utc>) -> u64;

    /// Pauses, resumes, changes availability, withdraws, records a deadline as seen.
    fn change_entry(id: EntryId, change: EntryChange, actor: Actor, now: DateTime<Utc>) -> ();
    fn grant(grant: Grant, now: DateTime<Utc>) -> ();
    fn approve_privilege(id: uuid::Uuid, by: StaffId, now: DateTime<Utc>) -> ();
    /// Rejected by a second person, for a sealed reason, or withdrawn by its author.
    fn close_privilege(id: uuid::Uuid, closing: Closing<Vec<u8>>, by: StaffId, now: DateTime<Utc>) -> ();
    fn propose_relocation(new: Relocation, now: DateTime<Utc>) -> ();
    /// Moves the entry, with its day and its seniority.
    fn approve_relocation(id: uuid::Uuid, by: StaffId, now: DateTime<Utc>) -> ();
    fn close_relocation(id: uuid::Uuid, closing: Closing<Vec<u8>>, by: StaffId, now: DateTime<Utc>) -> ();
    fn relocation(id: uuid::Uuid) -> Option<RelocationRecord>;
    /// The one that waits for a decision.
    fn relocation_open(entry: EntryId) -> Option<RelocationRecord>;
    fn relocations_pending(prefecture: PrefectureId) -> Vec<RelocationRecord>;
    fn privilege(id: uuid::Uuid) -> Option<PrivilegeRecord>;
    /// The last that were rejected or withdrawn.
    fn privileges_rejected(prefecture: PrefectureId, skip: i64, limit: i64) -> Vec<PrivilegeRecord>;
    /// The entries whose identity nobody has verified yet, a page of them.
    fn awaiting_identity(prefecture: PrefectureId, newest_first: bool, skip: i64, max: i64) -> Vec<EntryRecord>;
    fn privileges_pending(prefecture: PrefectureId) -> Vec<PrivilegeRecord>;
    /// Warns, then closes, entries whose identity nobody verified, a thousand at most. Answers how many changed.
    fn sweep_unverified(now: DateTime<Utc>) -> u64;
    fn entry_draws(id: EntryId) -> Vec<EntryDraw>;
    /// What an entry's holder is told of, read in one go.
    fn surroundings(entry: EntryId, queue: QueueId, state: EntryState) -> Surroundings;

    /// All or nothing.
    fn publish_slots(publication: Publication, actor: Actor, now: DateTime<Utc>) -> Published;
    /// Those who wait, in a list or not yet verified, by what counts in a draw.
    fn standing_groups(queue: QueueId, now: DateTime<Utc>) -> Vec<StandingGroup>;
    /// What those whom a list of now would hold can attend.
    fn waiting_groups(queue: QueueId, admit_declared: bool, now: DateTime<Utc>) -> Vec<WaitingGroup>;
    /// The publications of a prefecture that wait for a second person, the newest first: a queue has one.
    fn publications_open(prefecture: PrefectureId) -> Vec<PublicationRecord>;
    /// Those that were decided, the newest first.
    fn publications_decided(prefecture: PrefectureId, skip: i64, limit: i64) -> Vec<PublicationRecord>;
    fn publication(id: uuid::Uuid) -> Option<PublicationRecord>;
    /// Publishes what another person proposed.
    fn approve_publication(id: uuid::Uuid, by: StaffId, now: DateTime<Utc>) -> Published;
    /// Rejects a publication, or withdraws one's own.
    fn close_publication(id: uuid::Uuid, closing: Closing<String>, by: StaffId, now: DateTime<Utc>) -> ();
    fn slots_between(prefecture: PrefectureId, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<SlotRecord>;
    /// When and where the slots of a queue lie: those to come, and those of the last weeks.
    fn slot_classes(queue: QueueId, now: DateTime<Utc>) -> SlotClasses;
    fn withdraw_slot(id: SlotId, reason: String, judges: Judges, actor: Actor, now: DateTime<Utc>) -> bool;
    /// Withdraws every slot of a site on a local day. Answers how many.
    fn close_day(site: SiteId, day: NaiveDate, reason: String, judges: Judges, actor: Actor, now: DateTime<Utc>) -> (u64, bool);
    fn compensation(id: uuid::Uuid) -> Option<CompensationRecord>;
    fn compensations_pending(prefecture: PrefectureId) -> Vec<CompensationRecord>;
    /// Those who still wait and have had no other appointment since.
    fn compensated(id: uuid::Uuid) -> Vec<CompensatedRecord>;
    /// How many others wait in the queues of these people.
    fn waiting_beside_compensated(id: uuid::Uuid) -> i64;
    /// They go first in the next draw. Answers how many.
    fn approve_compensation(id: uuid::Uuid, by: StaffId, now: DateTime<Utc>) -> u64;
    fn close_compensation(id: uuid::Uuid, closing: Closing<String>, by: StaffId, now: DateTime<Utc>) -> ();
    /// The free slots of each queue that begin before its instant become lapsed. Answers how many.
    fn lapse_slots(nearest: Vec<(QueueId, DateTime<Utc>)>, now: DateTime<Utc>) -> u64;

    /// False if the queue already has a draw under way, or other rules meanwhile.
    fn announce(new: NewDraw, now: DateTime<Utc>) -> bool;
    /// Draws that are not over.
    fn active_draws() -> Vec<DrawRecord>;
    fn draw(id: DrawId) -> Option<DrawRecord>;
    /// Newest first.
    fn draws_of(queue: QueueId, limit: i64) -> Vec<DrawRecord>;
    /// Those with a smaller number, newest first.
    fn draws_before(queue: QueueId, number: i32, limit: i64) -> Vec<DrawRecord>;
    /// The draw that names this one as the one it replaces.
    fn replacement_of(id: DrawId) -> Option<DrawRecord>;
    fn freeze(id: DrawId, compose: Compose, now: DateTime<Utc>) -> ();
    fn seed(id: DrawId, opening: Vec<u8>, now: DateTime<Utc>) -> ();
    fn conclude(id: DrawId, outcome: DrawnOutcome, now: DateTime<Utc>) -> ();
    /// Who stood in a list, by entry number: when they came and by which way.
    fn drawn_people(id: DrawId) -> Vec<DrawnPerson>;
    /// The winners of a draw as they stand in the database: entry number, and the slot of their convocation.
    fn wins(id: DrawId) -> Vec<(i32, Option<SlotId>)>;
    /// Makes the bundle public, with what was found when it was looked at again.
    fn publish_draw(id: DrawId, watch: serde_json::Value, now: DateTime<Utc>) -> ();
    /// By the rules (frozen too late, randomness late), only from the state in which the rule was applied.
    fn annul_by_rule(id: DrawId, from: DrawState, reason: String, now: DateTime<Utc>) -> ();
    fn propose_annulment(id: DrawId, reason: String, by: StaffId, now: DateTime<Utc>) -> ();
    fn approve_annulment(id: DrawId, by: StaffId, now: DateTime<Utc>) -> ();
    /// Rejected by a second person, or withdrawn by its author: it may be proposed again.
    fn close_annulment(id: DrawId, closing: Closing<String>, by: StaffId, now: DateTime<Utc>) -> ();
    /// For how many people the draw counts as survived.
    fn annulment_unsurvives(draw: DrawId) -> i64;
    /// How many appointments an annulment would cancel.
    fn annulment_cancels(id: DrawId, now: DateTime<Utc>) -> i64;
    fn draw_document(id: DrawId, kind: &'static str) -> Option<Vec<u8>>;
    /// One piece of a document, from 0; none past its end.
    fn draw_document_piece(id: DrawId, kind: &'static str, number: i32) -> Option<Vec<u8>>;
    /// Keeps what was computed from a bundle for its page; the first answer stays.
    fn keep_draw_figures(id: DrawId, figures: serde_json::Value) -> ();

    fn end_convocation(id: ConvocationId, event: ConvocationEvent, reason: Option<Vec<u8>>, actor: Actor, now: DateTime<Utc>) -> Ended;
    /// Notes who came, provisionally, or that nothing is noted.
    fn tick(id: ConvocationId, note: Option<Note>, by: StaffId, now: DateTime<Utc>) -> ();
    /// Ends the convocations whose tick has become final, some at a time. Answers how many.
    fn settle_ticks(now: DateTime<Utc>) -> u64;
    /// The penalty for this appointment.
    fn penalty(id: ConvocationId) -> Option<PenaltyRecord>;
    /// Objections that nobody has decided yet.
    fn objections_count(prefecture: PrefectureId) -> i64;
    /// The oldest first.
    fn objections(prefecture: PrefectureId, skip: i64, limit: i64) -> Vec<PenaltyRecord>;
    /// Halts a penalty; the objection is sealed with the key of its entry's applicant.
    fn object(id: ConvocationId, objection: Vec<u8>, actor: Actor, now: DateTime<Utc>) -> ();
    fn decide_objection(id: ConvocationId, ruling: Ruling, reason: Vec<u8>, by: StaffId, now: DateTime<Utc>) -> ();
    /// Puts penalties in force whose day has come, some at a time. Answers how many.
    fn penalties_take_effect(now: DateTime<Utc>) -> u64;
    fn live_convocation(entry: EntryId) -> Option<CounterRecord>;
    fn convocation(id: ConvocationId) -> Option<CounterRecord>;
    /// Every convocation of a prefecture in a span of time, for the counter.
    fn counter(prefecture: PrefectureId, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<CounterRecord>;
    fn convocations_of(entry: EntryId) -> Vec<ConvocationId>;
    /// How many appointments before an instant nobody has ticked, and the time of the first.
    fn unticked(prefecture: PrefectureId, before: DateTime<Utc>) -> (i64, Option<DateTime<Utc>>);

    /// Whether there is anything to send, or a sender has vanished: by reading alone.
    fn has_notices_due(business_now: DateTime<Utc>, real_now: DateTime<Utc>) -> bool;
    /// Takes due notices of one way under a lease (real time); business time says what is due.
    fn lease_notices(way: Way, business_now: DateTime<Utc>, real_now: DateTime<Utc>, lease_until: DateTime<Utc>, limit: i64) -> Vec<LeasedNotice>;
    /// Due notices of a way that this installation cannot send go by the next one it can.
    fn pass_over(way: Way, can_send: Vec<Way>, business_now: DateTime<Utc>, real_now: DateTime<Utc>, limit: i64) -> u64;
    /// Committed before the first byte leaves, and counted as an attempt. False if the lease was lost or the notice is of no more use.
    fn begin_sending(id: NoticeId, epoch: i32, real_now: DateTime<Utc>, now: DateTime<Utc>) -> bool;
    /// False if the lease was lost meanwhile.
    fn settle_notice(id: NoticeId, epoch: i32, settlement: Settlement, now: DateTime<Utc>) -> bool;
    /// Notices whose sender vanished with the answer become unknown; the next way takes over.
    fn sweep_sending(real_now: DateTime<Utc>, now: DateTime<Utc>) -> u64;
    /// SMS that left, or may have left, since an instant: what the daily budget counts.
    fn sms_since(since: DateTime<Utc>) -> SmsSent;
    fn outbox(prefecture: PrefectureId, skip: i64, limit: i64) -> Vec<NoticeRecord>;
    fn notices_of(entry: EntryId) -> Vec<NoticeRecord>;
    fn letters_due_count(prefecture: PrefectureId, now: DateTime<Utc>) -> i64;
    fn letters_due(prefecture: PrefectureId, now: DateTime<Utc>, skip: i64, limit: i64) -> Vec<NoticeRecord>;
    fn notice(id: NoticeId) -> Option<NoticeRecord>;
    /// An agent has handed over or posted the letter.
    fn letter_done(
        id: NoticeId, sent: Sent, received_at: DateTime<Utc>, by: StaffId, now: DateTime<Utc>,
    ) -> bool;

    /// How many entries a queue has ever had.
    fn entries_ever(queue: QueueId) -> i64;
    /// Who waits since an earlier day, and half of those who came the same day.
    fn ahead_of(queue: QueueId, arrival_day: i32) -> i64;
    fn figures(queue: QueueId, now: DateTime<Utc>) -> Figures;
    /// After a restore: what was due counts as sent or not, nobody knows; draws whose list may have been frozen are
    /// annulled; sessions end.
    fn mark_restored(reason: String, now: DateTime<Utc>) -> Restored;
    fn last_restored() -> Option<DateTime<Utc>>;
    /// Gives audit rows their place in the one log. Answers the new head.
    fn sequence_log(limit: i64, now: DateTime<Utc>) -> LogHead;
    fn log_head() -> LogHead;
    /// Every head the log has had, smallest first.
    fn log_heads() -> Vec<LogHead>;
    fn audit_of(subject: String) -> Vec<AuditRecord>;
    fn log_leaves(from: i64, limit: i64) -> Vec<AuditRecord>;
    /// Leaf hashes from one place to before another.
    fn log_hashes(from: i64, to: i64) -> Vec<Vec<u8>>;
    /// Freezes recorded from one place to before another.
    fn frozen_rows(from: i64, to: i64, limit: i64) -> Vec<AuditRecord>;
    /// The freeze of a draw, if it has its place in the log.
    fn frozen_row(draw: DrawId) -> Option<AuditRecord>;
    /// The largest signed head of at most this size.
    fn signed_head(size: i64) -> Option<SignedHead>;
    fn signed_heads() -> Vec<SignedHead>;
    /// False if this size is signed already.
    fn keep_signed_head(head: SignedHead) -> bool;
    fn witnesses() -> Vec<WitnessRecord>;
    /// Takes a witness that does not hold the head of `size` and may be tried now; nobody else tries it before `until`.
    fn claim_witness(url: String, size: i64, now: DateTime<Utc>, until: DateTime<Utc>) -> Option<WitnessRecord>;
    fn witness_acknowledged(url: String, size: i64, root: Vec<u8>, now: DateTime<Utc>) -> ();
    fn witness_failed(url: String, fault: String, next_attempt_at: DateTime<Utc>) -> ();
    /// Invariants that no constraint can state; each answer is a sentence about what is wrong.
    fn faults() -> Vec<String>;
}
