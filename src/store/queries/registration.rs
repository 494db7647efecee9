//! The registration: one transaction that writes the person, the entry, the keys it holds, the receipt
//! owed, the log row and the answer to a retry. Invariant 1 is the primary key of `live_key`.

use serde_json::json;
use sqlx::types::Json;
use uuid::Uuid;

use super::{Backend, Connection, Fact, Result, StoreError, owe, record};
use crate::domain::entry::EntryState;
use crate::domain::ids::{EntryId, PrefectureId, ProcedureId, QueueId};
use crate::domain::notice::NoticeKind;
use crate::domain::rules::{Rules, Scope};
use crate::store::commands::{KeyPrint, NewApplicant, NewEntry, Owed, Registered};

impl Backend {
    pub async fn earlier_answer(&self, key_print: Vec<u8>) -> Result<Option<(Vec<u8>, EntryId)>> {
        let row = sqlx::query_as("SELECT request_print, entry_id FROM idempotency WHERE key_print = $1");
        Ok(row.bind(key_print).fetch_optional(self.reads()).await?)
    }

    pub async fn register(&self, new: NewEntry) -> Result<Registered> {
        let mut tx = self.begin().await?;
        // The idempotency row comes first: a second attempt waits here for the first one's end.
        let first = sqlx::query(
            "INSERT INTO idempotency (key_print, request_print, entry_id, created_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (key_print) DO NOTHING",
        )
        .bind(&new.idempotency_print)
        .bind(&new.request_print)
        .bind(new.id)
        .bind(new.registered_at)
        .execute(&mut *tx)
        .await?;
        if first.rows_affected() == 0 {
            return answer_of(&mut tx, &new).await;
        }
        insert_applicant(&mut tx, &new.applicant, &new).await?;
        let state = if new.evidence.is_some() { EntryState::Waiting } else { EntryState::AwaitingIdentity };
        insert_entry(&mut tx, &new, state).await?;
        if let Some(evidence) = &new.evidence {
            let holder = hold_keys(&mut tx, new.queue, new.id, &evidence.keys).await?;
            if holder.is_some() {
                // Dropping the transaction rolls it back: nothing of this attempt stays.
                return Ok(Registered::AlreadyWaiting);
            }
        }
        let kind = if new.evidence.is_some() { NoticeKind::Receipt } else { NoticeKind::IdentityWanted };
        let owed = Owed {
            entry: new.id,
            convocation: None,
            kind,
            way: new.applicant.reach.first(),
            due_at: new.notice_due_at,
        };
        owe(&mut tx, &[owed], new.registered_at).await?;
        record(
            &mut tx,
            Fact {
                at: new.registered_at,
                actor: new.actor,
                action: "entry.registered",
                subject: format!("entry:{}", new.id),
                detail: json!({ "queue": new.queue, "channel": new.channel, "state": state }),
            },
        )
        .await?;
        tx.commit().await?;
        Ok(Registered::Done(new.id))
    }
}

async fn answer_of(tx: &mut Connection, new: &NewEntry) -> Result<Registered> {
    let (print, entry): (Vec<u8>, EntryId) =
        sqlx::query_as("SELECT request_print, entry_id FROM idempotency WHERE key_print = $1")
            .bind(&new.idempotency_print)
            .fetch_one(tx)
            .await?;
    Ok(if print == new.request_print { Registered::Replayed(entry) } else { Registered::KeyReused })
}

/// Takes the keys for this entry. Answers the entry that already holds one of them, if any.
pub(super) async fn hold_keys(
    tx: &mut Connection,
    queue: QueueId,
    entry: EntryId,
    keys: &[KeyPrint],
) -> Result<Option<EntryId>> {
    let (procedure, scope) = scope_of(tx, queue).await?;
    let mut keys = keys.iter();
    let mut next = keys.next();
    while let Some(key) = next {
        let done = sqlx::query(
            "INSERT INTO live_key (procedure_id, scope, kind, print, entry_id) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (procedure_id, kind, print, scope) DO NOTHING",
        )
        .bind(procedure)
        .bind(scope)
        .bind(key.kind)
        .bind(&key.print)
        .bind(entry)
        .execute(&mut *tx)
        .await?;
        if done.rows_affected() == 1 {
            next = keys.next();
            continue;
        }
        let holder: Option<EntryId> = sqlx::query_scalar(
            "SELECT entry_id FROM live_key WHERE procedure_id = $1 AND scope = $2 AND kind = $3 AND print = $4",
        )
        .bind(procedure)
        .bind(scope)
        .bind(key.kind)
        .bind(&key.print)
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

async fn insert_applicant(tx: &mut Connection, who: &NewApplicant, new: &NewEntry) -> Result<()> {
    sqlx::query(
        "INSERT INTO applicant (id, wrapped_key, birth_name, given_names, birth_date, foreigner_number, document,
            phone, email, name_birth_print, birth_print, language, reach_sms, reach_email, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
    )
    .bind(who.id)
    .bind(&who.wrapped_key)
    .bind(&who.birth_name)
    .bind(&who.given_names)
    .bind(&who.birth_date)
    .bind(&who.foreigner_number)
    .bind(&who.document)
    .bind(&who.phone)
    .bind(&who.email)
    .bind(&who.name_birth_print)
    .bind(&who.birth_print)
    .bind(&who.language)
    .bind(who.reach.sms)
    .bind(who.reach.email)
    .bind(new.registered_at)
    .execute(tx)
    .await?;
    Ok(())
}

async fn insert_entry(tx: &mut Connection, new: &NewEntry, state: EntryState) -> Result<()> {
    sqlx::query(
        "INSERT INTO entry (id, reference, queue_id, applicant_id, state, channel, registered_at, arrival_day,
            identity_verified_at, identity_how, labels, deadline, deadline_kind, deadline_seen_at, availability)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
    )
    .bind(new.id)
    .bind(&new.reference)
    .bind(new.queue)
    .bind(new.applicant.id)
    .bind(state)
    .bind(new.channel)
    .bind(new.registered_at)
    .bind(new.arrival_day)
    .bind(new.evidence.as_ref().map(|_| new.registered_at))
    .bind(new.evidence.as_ref().map(|evidence| evidence.how))
    .bind(Json(Vec::<u8>::new()))
    .bind(new.deadline)
    .bind(&new.deadline_kind)
    .bind(new.deadline_seen.then_some(new.registered_at))
    .bind(Json(&new.availability))
    .execute(tx)
    .await?;
    Ok(())
}
