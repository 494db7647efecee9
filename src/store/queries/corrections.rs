//! What an agent puts right about a person: the same person's row is written anew under the same key, in one transaction
//! with its reason and its row of the log.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::apply::{Cause, apply, suspend_by_keys};
use super::held::{Held, hold};
use super::penalties::add_keys;
use super::people::add_loose_keys;
use super::registration::hold_keys;
use super::{Backend, Connection, Fact, Result, record};
use crate::domain::actor::Actor;
use crate::domain::correction::CorrectionKind;
use crate::domain::entry::{EntryEvent, EntryState};
use crate::domain::identity::Proof;
use crate::domain::ids::EntryId;
use crate::domain::refusal::Refusal;
use crate::store::commands::{NewCorrection, Rewritten, TakenOver};
use crate::store::records::OpenCorrection;

impl Backend {
    pub async fn open_correction(&self, entry: EntryId) -> Result<Option<OpenCorrection>> {
        let row = sqlx::query_as(
            "SELECT id, claim, asked_by FROM correction WHERE entry_id = $1 AND done_at IS NULL",
        );
        Ok(row.bind(entry).fetch_optional(self.reads()).await?)
    }

    pub async fn ask_correction(&self, new: NewCorrection, now: DateTime<Utc>) -> Result<()> {
        let mut tx = self.begin().await?;
        let held = hold(&mut tx, new.entry, now).await?;
        if !held.entry.state.is_live() {
            return Err(Refusal::EntryEnded.into());
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
        let held = hold(&mut tx, new.entry, now).await?;
        if !held.entry.state.is_live() {
            return Err(Refusal::EntryEnded.into());
        }
        close(&mut tx, &new, held.entry.state == EntryState::Convoked || !new.is_near, now).await?;
        rewrite(&mut tx, &person).await?;
        record(&mut tx, fact("entry.corrected", &new, now)).await?;
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
        verify(&mut tx, &held, &new, now).await?;
        close(&mut tx, &new, !new.is_near, now).await?;
        // A registration holds its queue by its own row; here none is written.
        sqlx::query(super::locked!("SELECT id FROM queue WHERE id = $1"))
            .bind(held.queue)
            .execute(&mut *tx)
            .await?;
        if hold_keys(&mut tx, held.queue, new.entry, &taken.keys).await?.is_some() {
            return Err(Refusal::Duplicate.into());
        }
        suspend_by_keys(&mut tx, new.entry, now).await?;
        add_keys(&mut tx, new.entry).await?;
        rewrite(&mut tx, &person).await?;
        sqlx::query(
            "UPDATE entry SET reference = $2, identity_how = 'document', identity_verified_at = $3, holder_since = $4
             WHERE id = $1",
        )
        .bind(new.entry)
        .bind(&taken.reference)
        .bind(now)
        .bind(taken.holder_since)
        .execute(&mut *tx)
        .await?;
        record(&mut tx, fact("entry.taken_over", &new, now)).await?;
        tx.commit().await?;
        Ok(())
    }

    pub async fn holder_since(&self, entry: EntryId) -> Result<Option<DateTime<Utc>>> {
        let row = sqlx::query_scalar("SELECT holder_since FROM entry WHERE id = $1");
        Ok(row.bind(entry).fetch_optional(self.reads()).await?.flatten())
    }
}

/// Only a weak proof yields to a document, and nobody is called away by it.
async fn verify(tx: &mut Connection, held: &Held, new: &NewCorrection, now: DateTime<Utc>) -> Result<()> {
    let how: Option<Proof> = sqlx::query_scalar("SELECT identity_how FROM entry WHERE id = $1")
        .bind(held.id)
        .fetch_one(&mut *tx)
        .await?;
    match (held.entry.state, how) {
        (EntryState::Convoked, _) => Err(Refusal::EntryConvoked.into()),
        (EntryState::AwaitingIdentity, None) => {
            let cause = Cause::by(Actor::Staff(new.by), now);
            apply(tx, held, EntryEvent::VerifyIdentity, cause).await.map(|_| ())
        }
        (EntryState::Waiting, Some(how)) if !how.is_strong() => Ok(()),
        (EntryState::Waiting | EntryState::AwaitingIdentity, _) => Err(Refusal::IdentityVerified.into()),
        _ => Err(Refusal::EntryEnded.into()),
    }
}

/// Notes who did it and why. What takes two needs the row of another agent, who claimed the same.
async fn close(tx: &mut Connection, new: &NewCorrection, takes_two: bool, now: DateTime<Utc>) -> Result<()> {
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

async fn forget_open(tx: &mut Connection, entry: EntryId) -> Result<()> {
    sqlx::query("DELETE FROM correction WHERE entry_id = $1 AND done_at IS NULL")
        .bind(entry)
        .execute(tx)
        .await?;
    Ok(())
}

async fn insert(tx: &mut Connection, new: &NewCorrection, is_done: bool, now: DateTime<Utc>) -> Result<()> {
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

async fn rewrite(tx: &mut Connection, person: &Rewritten) -> Result<()> {
    let fingerprints = &person.fingerprints;
    sqlx::query(
        "UPDATE applicant SET birth_name = $2, given_names = $3, birth_date = $4, foreigner_number = $5,
            document = $6, phone = $7, email = $8, birth_date_fingerprint = $9, phone_fingerprint = $10,
            email_fingerprint = $11, number_fingerprint = $12, document_fingerprint = $13, reach_sms = $14,
            reach_email = $15
         WHERE id = $1",
    )
    .bind(person.applicant)
    .bind(&person.birth_name)
    .bind(&person.given_names)
    .bind(&person.birth_date)
    .bind(&person.foreigner_number)
    .bind(&person.document)
    .bind(&person.phone)
    .bind(&person.email)
    .bind(&fingerprints.birth_date)
    .bind(&fingerprints.phone)
    .bind(&fingerprints.email)
    .bind(&fingerprints.number)
    .bind(&fingerprints.document)
    .bind(person.addresses.sms)
    .bind(person.addresses.email)
    .execute(&mut *tx)
    .await?;
    sqlx::query("DELETE FROM loose_key WHERE applicant_id = $1")
        .bind(person.applicant)
        .execute(&mut *tx)
        .await?;
    add_loose_keys(tx, person.applicant, &fingerprints.loose).await
}

fn fact(action: &'static str, new: &NewCorrection, at: DateTime<Utc>) -> Fact<'static> {
    let (kind, near): (CorrectionKind, bool) = (new.kind, new.is_near);
    let (subject, detail) = (format!("entry:{}", new.entry), json!({ "kind": kind, "near": near }));
    Fact { at, actor: Actor::Staff(new.by), action, subject, detail }
}
