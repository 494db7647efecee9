//! The registration: one transaction that writes the person, the entry, the keys it holds, the receipt
//! owed, the log row and the answer to a retry. Invariant 1 is the primary key of `live_key`.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use sqlx::types::Json;
use uuid::Uuid;

use super::apply::suspend_by_keys;
use super::numbers::set_register_check;
use super::people::add_loose_keys;
use super::{Backend, Connection, Fact, Result, StoreError, delete_old, helpers, together, withhold_letters};
use crate::domain::entry::{Entry, EntryState};
use crate::domain::ids::{EntryId, PrefectureId, ProcedureId, QueueId};
use crate::domain::notice::Way;
use crate::domain::rules::{Rules, Scope};
use crate::store::commands::{KeyFingerprint, NewEntry, Registered};

impl Backend {
    pub async fn forget_answers(&self, before: DateTime<Utc>, limit: i64) -> Result<u64> {
        let old: bool = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM idempotency WHERE created_at < $1)")
            .bind(before)
            .fetch_one(self.reads())
            .await?;
        if !old {
            return Ok(0);
        }
        let mut tx = self.begin().await?;
        let done = sqlx::query(
            "DELETE FROM idempotency WHERE key_digest IN
                (SELECT key_digest FROM idempotency WHERE created_at < $1 LIMIT $2)",
        )
        .bind(before)
        .bind(limit)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(done.rows_affected())
    }

    pub async fn forget_penalties(&self, now: DateTime<Utc>) -> Result<u64> {
        delete_old!(self, "penalty WHERE until <= $1", now)
    }

    pub async fn earlier_answer(&self, key_digest: Vec<u8>) -> Result<Option<(Vec<u8>, EntryId)>> {
        let row =
            sqlx::query_as("SELECT request_fingerprint, entry_id FROM idempotency WHERE key_digest = $1");
        Ok(row.bind(key_digest).fetch_optional(self.reads()).await?)
    }

    pub async fn register(&self, new: NewEntry) -> Result<Registered> {
        let mut tx = self.begin().await?;
        // The idempotency row comes first: a second attempt waits here for the first one's end.
        let first = sqlx::query(
            "INSERT INTO idempotency (key_digest, request_fingerprint, entry_id, created_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (key_digest) DO NOTHING",
        )
        .bind(&new.idempotency_digest)
        .bind(&new.request_fingerprint)
        .bind(new.id)
        .bind(new.registered_at)
        .execute(&mut *tx)
        .await?;
        if first.rows_affected() == 0 {
            return answer_of(&mut tx, &new).await;
        }
        insert(&mut tx, &new).await?;
        if let Some(helper) = &new.helper {
            helpers::insert(&mut tx, new.id, helper, new.registered_at).await?;
        }
        if new.register_check.is_some() {
            set_register_check(&mut tx, new.id, new.register_check, new.registered_at).await?;
        }
        if new.evidence.is_none() && new.notice_way == Way::Letter {
            withhold_letters(&mut tx, new.id, new.registered_at).await?;
        }
        if let Some(evidence) = &new.evidence {
            let holder = hold_keys(&mut tx, new.queue, new.id, &evidence.keys).await?;
            if holder.is_some() {
                // Dropping the transaction rolls it back: nothing of this attempt stays.
                return Ok(Registered::AlreadyWaiting);
            }
            suspend_by_keys(&mut tx, new.id, new.registered_at).await?;
        }
        tx.commit().await?;
        Ok(Registered::Done(new.id))
    }
}

async fn answer_of(tx: &mut Connection, new: &NewEntry) -> Result<Registered> {
    let (fingerprint, entry): (Vec<u8>, EntryId) =
        sqlx::query_as("SELECT request_fingerprint, entry_id FROM idempotency WHERE key_digest = $1")
            .bind(&new.idempotency_digest)
            .fetch_one(tx)
            .await?;
    Ok(if fingerprint == new.request_fingerprint {
        Registered::Replayed(entry)
    } else {
        Registered::KeyReused
    })
}

/// Takes the keys for this entry. Answers the entry that already holds one of them, if any.
pub(super) async fn hold_keys(
    tx: &mut Connection,
    queue: QueueId,
    entry: EntryId,
    keys: &[KeyFingerprint],
) -> Result<Option<EntryId>> {
    let (procedure, scope) = scope_of(tx, queue).await?;
    let mut keys = keys.iter();
    let mut next = keys.next();
    while let Some(key) = next {
        let done = sqlx::query(
            "INSERT INTO live_key (procedure_id, scope, kind, fingerprint, entry_id) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (procedure_id, kind, fingerprint, scope) DO NOTHING",
        )
        .bind(procedure)
        .bind(scope)
        .bind(key.kind)
        .bind(&key.fingerprint)
        .bind(entry)
        .execute(&mut *tx)
        .await?;
        if done.rows_affected() == 1 {
            next = keys.next();
            continue;
        }
        let holder: Option<EntryId> = sqlx::query_scalar(
            "SELECT entry_id FROM live_key WHERE procedure_id = $1 AND scope = $2 AND kind = $3 AND fingerprint = $4",
        )
        .bind(procedure)
        .bind(scope)
        .bind(key.kind)
        .bind(&key.fingerprint)
        .fetch_optional(&mut *tx)
        .await?;
        match holder {
            // Given back between the two questions: it can be taken now.
            None => {}
            Some(holder) if holder == entry => next = keys.next(),
            Some(holder) => return Ok(Some(holder)),
        }
    }
    Ok(None)
}

/// The procedure of a queue and the bounds within which a key is unique: all zeros for the installation.
pub(super) async fn scope_of(tx: &mut Connection, queue: QueueId) -> Result<(ProcedureId, Uuid)> {
    let row: Option<(ProcedureId, PrefectureId, Json<Rules>)> = sqlx::query_as(
        "SELECT q.procedure_id, q.prefecture_id, r.body FROM queue q
         JOIN rules r ON r.queue_id = q.id AND r.version = q.rules_version WHERE q.id = $1",
    )
    .bind(queue)
    .fetch_optional(tx)
    .await?;
    let (procedure, prefecture, Json(rules)) = row.ok_or(StoreError::NotFound("queue"))?;
    let scope = match rules.scope {
        Scope::Installation => Uuid::nil(),
        Scope::Prefecture => prefecture.0,
    };
    Ok((procedure, scope))
}

fn detail(new: &NewEntry, state: EntryState) -> Value {
    let mut detail = json!({ "queue": new.queue, "channel": new.channel, "state": state });
    if let Some(helper) = &new.helper {
        detail["helper"] = json!(helper.kind);
    }
    detail
}

/// Writes the person, the entry, the receipt owed, and the row of the log.
async fn insert(tx: &mut Connection, new: &NewEntry) -> Result<()> {
    let (who, at) = (&new.applicant, new.registered_at);
    let fingerprints = &who.fingerprints;
    let (entry, kind) = Entry::registered(new.evidence.is_some());
    let state = entry.state;
    let fact = Fact {
        at,
        actor: new.actor,
        action: "entry.registered",
        subject: format!("entry:{}", new.id),
        detail: detail(new, state),
    };
    let fact_id = Uuid::now_v7();
    sqlx::query(together!(
        "INSERT INTO applicant (id, wrapped_key, birth_name, given_names, birth_date, foreigner_number, document,
            phone, email, number_fingerprint, birth_date_fingerprint, language, reach_sms, reach_email, created_at,
            phone_fingerprint, email_fingerprint, document_fingerprint)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $38, $39, $40)",
        "INSERT INTO entry (id, applicant_id, registered_at, reference, queue_id, state, channel, arrival_day,
            identity_verified_at, identity_how, labels, deadline, deadline_kind, deadline_seen_at, availability)
         VALUES ($16, $1, $15, $17, $18, $19, $20, $21, $22, $23, '[]', $24, $25, $26, $27)",
        "INSERT INTO notice (id, entry_id, kind, way, state, due_at, created_at)
         VALUES ($28, $16, $29, $30, 'pending', $31, $15)",
        "INSERT INTO audit (id, at, actor, action, subject, detail, leaf)
         VALUES ($32, $15, $33, $34, $35, $36, $37)",
    ))
    .bind(who.id)
    .bind(&who.wrapped_key)
    .bind(&who.sealed.birth_name)
    .bind(&who.sealed.given_names)
    .bind(&who.sealed.birth_date)
    .bind(&who.sealed.foreigner_number)
    .bind(&who.sealed.document)
    .bind(&who.sealed.phone)
    .bind(&who.sealed.email)
    .bind(&fingerprints.number)
    .bind(&fingerprints.birth_date)
    .bind(&who.language)
    .bind(who.addresses.sms)
    .bind(who.addresses.email)
    .bind(at)
    .bind(new.id)
    .bind(&new.reference)
    .bind(new.queue)
    .bind(state)
    .bind(new.channel)
    .bind(new.arrival_day)
    .bind(new.evidence.as_ref().map(|_| at))
    .bind(new.evidence.as_ref().map(|evidence| evidence.how))
    .bind(new.deadline)
    .bind(&new.deadline_kind)
    .bind(new.deadline_seen.then_some(at))
    .bind(Json(&new.availability))
    .bind(Uuid::now_v7())
    .bind(kind)
    .bind(new.notice_way)
    .bind(new.notice_due_at)
    .bind(fact_id)
    .bind(fact.actor.pseudonym())
    .bind(fact.action)
    .bind(&fact.subject)
    .bind(Json(&fact.detail))
    .bind(fact.leaf(fact_id))
    .bind(&fingerprints.phone)
    .bind(&fingerprints.email)
    .bind(&fingerprints.document)
    .execute(&mut *tx)
    .await?;
    add_loose_keys(tx, who.id, &fingerprints.loose).await
}
