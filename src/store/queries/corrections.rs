//! What an agent puts right about a person: the same person's row is written anew under the same key, in one transaction
//! with its reason and its row of the log.

use chrono::{DateTime, Utc};
use serde_json::json;
use sqlx::types::Json;

use super::apply::{Cause, apply, suspend_by_keys, tell_changed};
use super::convocations::issue_again;
use super::held::{Held, hold, hold_live};
use super::numbers::set_register_check;
use super::penalties::add_keys;
use super::people::replace_loose_keys;
use super::registration::hold_keys;
use super::waiting_corrections::is_listed;
use super::{Backend, Connection, Fact, Result, helpers, record};
use crate::domain::actor::Actor;
use crate::domain::correction::CorrectionKind;
use crate::domain::entry::{EntryEvent, EntryState};
use crate::domain::identity::{KeyKind, Proof};
use crate::domain::ids::{EntryId, StaffId};
use crate::domain::refusal::Refusal;
use crate::store::commands::{KeyFingerprint, NewCorrection, NewEntry, Rewritten, TakenOver};
use crate::store::records::OpenCorrection;

const WAS_CORRECTED: &str =
    "SELECT EXISTS (SELECT 1 FROM correction WHERE entry_id = $1 AND done_at IS NOT NULL)";

impl Backend {
    pub async fn open_correction(&self, entry: EntryId) -> Result<Option<OpenCorrection>> {
        let row = sqlx::query_as(
            "SELECT id, claim, asked_by, asked_at, waits_since FROM correction WHERE entry_id = $1 AND done_at IS NULL",
        );
        Ok(row.bind(entry).fetch_optional(self.reads()).await?)
    }

    pub async fn was_corrected(&self, entry: EntryId) -> Result<bool> {
        Ok(sqlx::query_scalar(WAS_CORRECTED).bind(entry).fetch_one(self.reads()).await?)
    }

    pub async fn ask_correction(&self, new: NewCorrection, now: DateTime<Utc>) -> Result<()> {
        let mut tx = self.begin().await?;
        let held = hold_live(&mut tx, new.entry, now).await?;
        match new.kind {
            CorrectionKind::Correction => may_be_corrected(&mut tx, &held, &new).await?,
            CorrectionKind::Takeover => yields(&mut tx, &held).await?,
            CorrectionKind::Merge => {}
        }
        // What was claimed last stands: whoever claims something else begins anew.
        forget_open(&mut tx, new.entry).await?;
        insert(&mut tx, &new, false, now).await?;
        record(&mut tx, fact("entry.correction_asked", &new, now)).await?;
        tx.commit().await?;
        Ok(())
    }

    pub async fn correct(&self, new: NewCorrection, person: Rewritten, now: DateTime<Utc>) -> Result<()> {
        let mut tx = self.begin().await?;
        let held = hold_live(&mut tx, new.entry, now).await?;
        may_be_corrected(&mut tx, &held, &new).await?;
        let is_first = !was_corrected(&mut tx, new.entry).await?;
        let is_convoked = held.entry.state == EntryState::Convoked;
        let is_plain = new.is_plain && !verified_by(&mut tx, new.entry, new.by).await?;
        close(&mut tx, &new, new.kind.takes_two(is_plain, is_convoked, is_first), now).await?;
        record(&mut tx, fact("entry.corrected", &new, now)).await?;
        write(&mut tx, &held, &person, Actor::Staff(new.by), now).await?;
        tx.commit().await?;
        Ok(())
    }

    pub async fn take_over(
        &self,
        new: NewCorrection,
        person: Rewritten,
        taken: TakenOver,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let mut tx = self.begin().await?;
        let held = hold(&mut tx, new.entry, now).await?;
        yields(&mut tx, &held).await?;
        close(&mut tx, &new, true, now).await?;
        hand_over(&mut tx, &held, (&person, &taken), Actor::Staff(new.by), now).await?;
        record(&mut tx, fact("entry.taken_over", &new, now)).await?;
        tx.commit().await?;
        Ok(())
    }

    pub async fn take_over_registering(
        &self,
        entry: EntryId,
        person: Rewritten,
        taken: TakenOver,
        new: NewEntry,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let mut tx = self.begin().await?;
        let held = hold(&mut tx, entry, now).await?;
        yields(&mut tx, &held).await?;
        let is_penalised: bool =
            sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM penalty_case WHERE entry_id = $1)")
                .bind(entry)
                .fetch_one(&mut *tx)
                .await?;
        if is_penalised {
            return Err(Refusal::AlreadyWaiting.into());
        }
        hand_over(&mut tx, &held, (&person, &taken), Actor::Holder(entry), now).await?;
        sqlx::query(
            "INSERT INTO idempotency (key_digest, request_fingerprint, entry_id, created_at) VALUES ($1, $2, $3, $4)",
        )
        .bind(&new.idempotency_digest)
        .bind(&new.request_fingerprint)
        .bind(entry)
        .bind(now)
        .execute(&mut *tx)
        .await?;
        sqlx::query(
            "UPDATE entry SET availability = $2, deadline = $3, deadline_kind = $4, deadline_seen_at = NULL WHERE id = $1",
        )
        .bind(entry)
        .bind(Json(&new.availability))
        .bind(new.deadline)
        .bind(&new.deadline_kind)
        .execute(&mut *tx)
        .await?;
        if let Some(helper) = &new.helper {
            helpers::insert(&mut tx, entry, helper, now).await?;
        }
        sqlx::query("UPDATE applicant SET language = $2 WHERE id = $1")
            .bind(person.was.applicant)
            .bind(&new.applicant.language)
            .execute(&mut *tx)
            .await?;
        let detail = json!({ "how": taken.how });
        let (actor, subject) = (Actor::Holder(entry), format!("entry:{entry}"));
        record(&mut tx, Fact { at: now, actor, action: "entry.taken_over", subject, detail }).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// A list whose outcome is not public keeps the name it was made with in mind: the correction waits. Once somebody is
/// convoked, it is for whoever shows again what they were verified by.
async fn may_be_corrected(tx: &mut Connection, held: &Held, new: &NewCorrection) -> Result<()> {
    if is_listed(tx, held.id).await? {
        return Err(Refusal::Changed.into());
    }
    if held.entry.state != EntryState::Convoked {
        return Ok(());
    }
    if new.shown.is_empty() {
        // Convoked since the form was read.
        return Err(Refusal::Changed.into());
    }
    let papers: Vec<(KeyKind, Vec<u8>)> =
        sqlx::query_as("SELECT kind, fingerprint FROM live_key WHERE entry_id = $1 AND kind IN ('foreigner_number', 'document')")
            .bind(held.id)
            .fetch_all(&mut *tx)
            .await?;
    if papers.is_empty() {
        return Err(Refusal::NoPaperKey.into());
    }
    // A paper of a kind that verified nothing says nothing; one of the same kind must be the same.
    let is_held = |key: &KeyFingerprint| {
        papers.iter().any(|(kind, fingerprint)| (*kind, fingerprint) == (key.kind, &key.fingerprint))
    };
    let is_other = |key: &KeyFingerprint| papers.iter().any(|(kind, _)| *kind == key.kind) && !is_held(key);
    if new.shown.iter().any(is_other) || !new.shown.iter().any(is_held) {
        return Err(Refusal::OtherKey.into());
    }
    Ok(())
}

/// Writes the person anew, and tells them. A convocation in the old name is issued again.
pub(super) async fn write(
    tx: &mut Connection,
    held: &Held,
    person: &Rewritten,
    by: Actor,
    now: DateTime<Utc>,
) -> Result<()> {
    rename(tx, person).await?;
    // The register spoke of the name and date that stood there.
    set_register_check(tx, held.id, None, now).await?;
    match held.live {
        Some(live) => issue_again(tx, held, live, by, now).await,
        None => tell_changed(tx, held, now).await,
    }
}

pub(super) async fn was_corrected(tx: &mut Connection, entry: EntryId) -> Result<bool> {
    Ok(sqlx::query_scalar(WAS_CORRECTED).bind(entry).fetch_one(tx).await?)
}

/// Whether an agent has verified whose it is, after it was registered.
pub(super) async fn verified_by(tx: &mut Connection, entry: EntryId, by: StaffId) -> Result<bool> {
    let row = sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM audit WHERE subject = $1 AND action = 'entry.identity_verified' AND actor = $2)",
    );
    let actor = Actor::Staff(by).pseudonym();
    Ok(row.bind(format!("entry:{entry}")).bind(actor).fetch_one(tx).await?)
}

/// Whether one agent has corrected it with nobody beside them.
pub(super) async fn corrected_alone(tx: &mut Connection, entry: EntryId, by: StaffId) -> Result<bool> {
    let row = sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM correction WHERE entry_id = $1 AND kind = 'correction' AND asked_by = $2
            AND done_by = $2)",
    );
    Ok(row.bind(entry).bind(by).fetch_one(tx).await?)
}

/// Everything of the person who had it goes, but the day and what was lived through.
async fn hand_over(
    tx: &mut Connection,
    held: &Held,
    (person, taken): (&Rewritten, &TakenOver),
    by: Actor,
    now: DateTime<Utc>,
) -> Result<()> {
    if held.entry.paused {
        // Whoever had it did that, and nobody else asked for it.
        apply(tx, held, EntryEvent::Resume, Cause::by(by, now)).await?;
    }
    let held = &hold(tx, held.id, now).await?;
    if held.entry.state == EntryState::AwaitingIdentity {
        apply(tx, held, EntryEvent::VerifyIdentity, Cause::by(by, now)).await?;
    }
    // A registration holds its queue by its own row; here none is written.
    sqlx::query(super::locked!("SELECT id FROM queue WHERE id = $1"))
        .bind(held.queue)
        .execute(&mut *tx)
        .await?;
    if hold_keys(tx, held.queue, held.id, &taken.keys).await?.is_some() {
        return Err(Refusal::Duplicate.into());
    }
    suspend_by_keys(tx, held.id, now).await?;
    add_keys(tx, held.id).await?;
    rename(tx, person).await?;
    replace_papers(tx, person).await?;
    set_register_check(tx, held.id, None, now).await?;
    // What was to be put right of whoever had it, and who spoke for them.
    forget_open(tx, held.id).await?;
    helpers::end_now(tx, held.id, None, now).await?;
    // Whoever sends the old form again is led to no page.
    sqlx::query("DELETE FROM idempotency WHERE entry_id = $1").bind(held.id).execute(&mut *tx).await?;
    sqlx::query("DELETE FROM one_time_code WHERE entry_id = $1").bind(held.id).execute(&mut *tx).await?;
    sqlx::query(
        "UPDATE entry SET reference = $2, identity_how = $3, identity_verified_at = $4, holder_since = $5 WHERE id = $1",
    )
    .bind(held.id)
    .bind(&taken.reference)
    .bind(taken.how)
    .bind(now)
    .bind(taken.holder_since)
    .execute(tx)
    .await?;
    Ok(())
}

/// Only a weak proof yields to a strong one, and nobody is called away by it.
async fn yields(tx: &mut Connection, held: &Held) -> Result<()> {
    let how: Option<Proof> = sqlx::query_scalar("SELECT identity_how FROM entry WHERE id = $1")
        .bind(held.id)
        .fetch_one(tx)
        .await?;
    match held.entry.state {
        EntryState::Convoked => Err(Refusal::EntryConvoked.into()),
        EntryState::Waiting | EntryState::AwaitingIdentity if how.is_some_and(Proof::is_strong) => {
            Err(Refusal::IdentityVerified.into())
        }
        EntryState::Waiting | EntryState::AwaitingIdentity => Ok(()),
        _ => Err(Refusal::EntryEnded.into()),
    }
}

/// Notes who did it and why. What takes two needs the row of another agent, who claimed the same.
pub(super) async fn close(
    tx: &mut Connection,
    new: &NewCorrection,
    takes_two: bool,
    now: DateTime<Utc>,
) -> Result<()> {
    if takes_two {
        let done = sqlx::query(
            "UPDATE correction SET done_by = $2, done_at = $3 WHERE id = $1 AND done_at IS NULL AND asked_by <> $2",
        )
        .bind(new.same.as_ref().map(|asked| asked.id))
        .bind(new.by)
        .bind(now)
        .execute(tx)
        .await?;
        return if done.rows_affected() == 1 { Ok(()) } else { Err(Refusal::SecondPerson.into()) };
    }
    forget_open(tx, new.entry).await?;
    insert(tx, new, true, now).await
}

/// Answers whether something was open.
pub(super) async fn forget_open(tx: &mut Connection, entry: EntryId) -> Result<bool> {
    let done = sqlx::query("DELETE FROM correction WHERE entry_id = $1 AND done_at IS NULL")
        .bind(entry)
        .execute(tx)
        .await?;
    Ok(done.rows_affected() > 0)
}

pub(super) async fn insert(
    tx: &mut Connection,
    new: &NewCorrection,
    is_done: bool,
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO correction (id, entry_id, kind, reason, claim, asked_by, asked_at, done_by, done_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(new.id)
    .bind(new.entry)
    .bind(new.kind)
    .bind(&new.reason)
    .bind(&new.claim)
    .bind(new.by)
    .bind(now)
    .bind(is_done.then_some(new.by))
    .bind(is_done.then_some(now))
    .execute(tx)
    .await?;
    Ok(())
}

/// Writes the names and the birth date, if they are still those that were read.
async fn rename(tx: &mut Connection, person: &Rewritten) -> Result<()> {
    let [birth_name, given_names, birth_date] = &person.was.sealed;
    let done = sqlx::query(
        "UPDATE applicant SET birth_name = $2, given_names = $3, birth_date = $4, birth_date_fingerprint = $5
         WHERE id = $1 AND birth_name = $6 AND given_names = $7 AND birth_date = $8",
    )
    .bind(person.was.applicant)
    .bind(&person.sealed.birth_name)
    .bind(&person.sealed.given_names)
    .bind(&person.sealed.birth_date)
    .bind(&person.fingerprints.birth_date)
    .bind(birth_name)
    .bind(given_names)
    .bind(birth_date)
    .execute(&mut *tx)
    .await?;
    if done.rows_affected() == 0 {
        return Err(Refusal::Changed.into());
    }
    replace_loose_keys(tx, person.was.applicant, &person.fingerprints.loose).await
}

/// The papers and the contact of the person who is here.
async fn replace_papers(tx: &mut Connection, person: &Rewritten) -> Result<()> {
    let fingerprints = &person.fingerprints;
    sqlx::query(
        "UPDATE applicant SET foreigner_number = $2, document = $3, phone = $4, email = $5, phone_fingerprint = $6,
            email_fingerprint = $7, number_fingerprint = $8, document_fingerprint = $9, reach_sms = $10, reach_email = $11
         WHERE id = $1",
    )
    .bind(person.was.applicant)
    .bind(&person.sealed.foreigner_number)
    .bind(&person.sealed.document)
    .bind(&person.sealed.phone)
    .bind(&person.sealed.email)
    .bind(&fingerprints.phone)
    .bind(&fingerprints.email)
    .bind(&fingerprints.number)
    .bind(&fingerprints.document)
    .bind(person.addresses.sms)
    .bind(person.addresses.email)
    .execute(tx)
    .await?;
    Ok(())
}

pub(super) fn fact(action: &'static str, new: &NewCorrection, at: DateTime<Utc>) -> Fact<'static> {
    let detail = json!({ "kind": new.kind, "plain": new.is_plain });
    let subject = format!("entry:{}", new.entry);
    Fact { at, actor: Actor::Staff(new.by), action, subject, detail }
}
