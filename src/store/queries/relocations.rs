//! A change of queue takes two people: it carries a day of registration into another procedure's draw. What it
//! depends on is asked again when the second person approves.

use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

use super::apply::Cause;
use super::entries::move_entry;
use super::held::hold;
use super::registration::scope_of;
use super::{Backend, Connection, Fact, Result, StoreError, close_proposal, expect_rows, locked, record};
use crate::domain::actor::Actor;
use crate::domain::entry::EntryEvent;
use crate::domain::ids::{EntryId, PrefectureId, QueueId, StaffId};
use crate::domain::proposal::{Closing, Proposal};
use crate::domain::refusal::Refusal;
use crate::store::commands::Relocation;
use crate::store::records::RelocationRecord;

macro_rules! relocation_select {
    ($rest:literal) => {
        concat!(
            "SELECT r.id, r.entry_id, r.queue_id, r.reason, r.proposed_by, r.proposed_at, r.approved_by,
                r.approved_at, r.rejected_by, r.rejected_at, r.rejected_reason
             FROM relocation r ",
            $rest
        )
    };
}

impl Backend {
    pub async fn propose_relocation(&self, new: Relocation, now: DateTime<Utc>) -> Result<()> {
        let mut tx = self.begin().await?;
        let held = hold(&mut tx, new.entry, now).await?;
        let event = EntryEvent::Move { same_queue: held.queue == new.queue };
        held.entry.apply(event, Actor::Staff(new.by), &held.rules, now)?;
        if waits_there(&mut tx, new.entry, new.queue).await? {
            return Err(Refusal::AlreadyWaitsThere.into());
        }
        let inserted = insert(&mut tx, &new, now).await?;
        expect_rows(inserted, 1, Refusal::RelocationProposed)?;
        tx.commit().await?;
        Ok(())
    }

    pub async fn approve_relocation(&self, id: Uuid, by: StaffId, now: DateTime<Utc>) -> Result<()> {
        let mut tx = self.begin().await?;
        let (entry, queue, proposal) = held_relocation(&mut tx, id).await?;
        proposal.approve(by)?;
        move_entry(&mut tx, entry, queue, Cause::by(Actor::Staff(by), now)).await?;
        sqlx::query("UPDATE relocation SET approved_by = $2, approved_at = $3 WHERE id = $1")
            .bind(id)
            .bind(by)
            .bind(now)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(())
    }

    pub async fn close_relocation(
        &self,
        id: Uuid,
        closing: Closing<Vec<u8>>,
        by: StaffId,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let mut tx = self.begin().await?;
        let (entry, queue, proposal) = held_relocation(&mut tx, id).await?;
        proposal.close(&closing, by)?;
        close_proposal!(tx, "relocation", id, closing, by, now);
        let action = match closing {
            Closing::Reject(_) => "entry.move_rejected",
            Closing::Withdraw => "entry.move_withdrawn",
        };
        record(&mut tx, move_fact(action, entry, queue, by, now)).await?;
        tx.commit().await?;
        Ok(())
    }

    pub async fn relocation(&self, id: Uuid) -> Result<Option<RelocationRecord>> {
        let row = sqlx::query_as(relocation_select!("WHERE r.id = $1"));
        Ok(row.bind(id).fetch_optional(self.reads()).await?)
    }

    pub async fn relocation_open(&self, entry: EntryId) -> Result<Option<RelocationRecord>> {
        let row = sqlx::query_as(relocation_select!(
            "WHERE r.entry_id = $1 AND r.approved_at IS NULL AND r.rejected_at IS NULL"
        ));
        Ok(row.bind(entry).fetch_optional(self.reads()).await?)
    }

    pub async fn relocations_pending(&self, prefecture: PrefectureId) -> Result<Vec<RelocationRecord>> {
        let rows = sqlx::query_as(relocation_select!(
            "JOIN entry e ON e.id = r.entry_id JOIN queue q ON q.id = e.queue_id
             WHERE q.prefecture_id = $1 AND r.approved_at IS NULL AND r.rejected_at IS NULL
                AND e.state IN ('awaiting_identity', 'waiting', 'convoked')
             ORDER BY r.proposed_at, r.id"
        ));
        Ok(rows.bind(prefecture).fetch_all(self.reads()).await?)
    }
}

/// Proposes the right queue of somebody who came to the wrong counter; a proposal that stands is kept.
pub(super) async fn propose_right_queue(
    tx: &mut Connection,
    entry: EntryId,
    queue: QueueId,
    by: StaffId,
    now: DateTime<Utc>,
) -> Result<()> {
    let new = Relocation { id: Uuid::now_v7(), entry, queue, reason: None, by };
    insert(tx, &new, now).await.map(|_| ())
}

/// Answers how many proposals were written: none if one stands.
async fn insert(tx: &mut Connection, new: &Relocation, now: DateTime<Utc>) -> Result<u64> {
    let done = sqlx::query(
        "INSERT INTO relocation (id, entry_id, queue_id, reason, proposed_by, proposed_at)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (entry_id) WHERE approved_at IS NULL AND rejected_at IS NULL DO NOTHING",
    )
    .bind(new.id)
    .bind(new.entry)
    .bind(new.queue)
    .bind(&new.reason)
    .bind(new.by)
    .bind(now)
    .execute(&mut *tx)
    .await?;
    if done.rows_affected() == 1 {
        record(tx, move_fact("entry.move_proposed", new.entry, new.queue, new.by, now)).await?;
    }
    Ok(done.rows_affected())
}

/// Whether another live entry holds a key of this one in that queue.
async fn waits_there(tx: &mut Connection, entry: EntryId, queue: QueueId) -> Result<bool> {
    let (procedure, scope) = scope_of(tx, queue).await?;
    let held = sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM live_key mine JOIN live_key other ON other.kind = mine.kind
            AND other.fingerprint = mine.fingerprint AND other.procedure_id = $2 AND other.scope = $3
         WHERE mine.entry_id = $1 AND other.entry_id <> $1)",
    );
    Ok(held.bind(entry).bind(procedure).bind(scope).fetch_one(tx).await?)
}

async fn held_relocation(tx: &mut Connection, id: Uuid) -> Result<(EntryId, QueueId, Proposal)> {
    let record: Option<RelocationRecord> =
        sqlx::query_as(locked!(relocation_select!("WHERE r.id = $1"))).bind(id).fetch_optional(tx).await?;
    let record = record.ok_or(StoreError::NotFound("relocation"))?;
    Ok((record.entry_id, record.queue_id, record.columns.proposal()))
}

fn move_fact(
    action: &'static str,
    entry: EntryId,
    queue: QueueId,
    by: StaffId,
    at: DateTime<Utc>,
) -> Fact<'static> {
    let detail = json!({ "to": queue });
    Fact { at, actor: Actor::Staff(by), action, subject: format!("entry:{entry}"), detail }
}
