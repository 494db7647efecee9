//! Entries as they wait: reading them, pausing, changing what one can attend, withdrawing, moving.

use chrono::{DateTime, Utc};
use serde_json::json;
use sqlx::types::Json;

use super::convocations::{apply_end, end_live_of, live_of};
use super::directory::version;
use super::draws::draws_of;
use super::notices::notices_of;
use super::registration::hold_keys;
use super::{Backend, Connection, Fact, Result, StoreError, expect_rows, locked, owe, record};
use crate::domain::actor::Actor;
use crate::domain::entry::{CloseReason, ConvocationEvent, EntryState};
use crate::domain::ids::{EntryId, PrefectureId, QueueId};
use crate::domain::notice::{NoticeKind, outside_quiet_hours};
use crate::domain::refusal::Refusal;
use crate::store::commands::{EntryChange, KeyPrint, Owed};
use crate::store::directory::zone_of;
use crate::store::records::{AddressColumns, EntryDraw, EntryRecord, Surroundings};

/// An entry with its applicant; what follows names the rows.
macro_rules! entry_select {
    ($rest:literal) => {
        concat!(
            "SELECT e.id, e.reference, e.queue_id, e.applicant_id, e.state, e.close_reason, e.channel,
                e.registered_at, e.arrival_day, e.identity_verified_at, e.identity_how, e.draws_survived,
                e.declines, e.displaced, e.priority, e.labels, e.deadline, e.deadline_kind,
                e.deadline_seen_at, e.availability, e.paused, e.paused_until, e.ended_at, a.wrapped_key,
                a.birth_name, a.given_names, a.birth_date, a.foreigner_number, a.document, a.phone, a.email,
                a.birth_date_print, a.language
             FROM entry e JOIN applicant a ON a.id = e.applicant_id ",
            $rest
        )
    };
}

impl Backend {
    pub async fn entry(&self, id: EntryId) -> Result<Option<EntryRecord>> {
        let row = sqlx::query_as(entry_select!("WHERE e.id = $1"));
        Ok(row.bind(id).fetch_optional(self.reads()).await?)
    }

    pub async fn entry_by_reference(&self, reference: String) -> Result<Option<EntryRecord>> {
        let row = sqlx::query_as(entry_select!("WHERE e.reference = $1"));
        Ok(row.bind(reference).fetch_optional(self.reads()).await?)
    }

    pub async fn near_matches(&self, id: EntryId) -> Result<Vec<EntryRecord>> {
        let rows = sqlx::query_as(entry_select!(
            "WHERE e.id <> $1 AND e.state IN ('awaiting_identity', 'waiting', 'convoked')
             AND e.queue_id IN (SELECT q.id FROM queue q JOIN queue mine ON mine.procedure_id = q.procedure_id
                JOIN entry m ON m.queue_id = mine.id WHERE m.id = $1)
             AND a.name_birth_print = (SELECT ma.name_birth_print FROM applicant ma
                JOIN entry me ON me.applicant_id = ma.id WHERE me.id = $1)
             ORDER BY e.registered_at LIMIT 20"
        ));
        Ok(rows.bind(id).fetch_all(self.reads()).await?)
    }

    pub async fn entries_in(
        &self,
        prefecture: PrefectureId,
        state: EntryState,
        limit: i64,
    ) -> Result<Vec<EntryRecord>> {
        let rows = sqlx::query_as(entry_select!(
            "JOIN queue q ON q.id = e.queue_id WHERE q.prefecture_id = $1 AND e.state = $2
             ORDER BY e.registered_at, e.id LIMIT $3"
        ));
        Ok(rows.bind(prefecture).bind(state).bind(limit).fetch_all(self.reads()).await?)
    }

    pub async fn entries_ever(&self, queue: QueueId) -> Result<i64> {
        let row = sqlx::query_scalar("SELECT COUNT(*) FROM entry WHERE queue_id = $1");
        Ok(row.bind(queue).fetch_one(self.reads()).await?)
    }

    pub async fn ahead_of(&self, queue: QueueId, arrival_day: i32) -> Result<i64> {
        let row = sqlx::query_as(
            "SELECT COUNT(*) FILTER (WHERE arrival_day < $2), COUNT(*) FROM entry
             WHERE queue_id = $1 AND state = 'waiting' AND arrival_day <= $2",
        );
        let (before, all): (i64, i64) = row.bind(queue).bind(arrival_day).fetch_one(self.reads()).await?;
        Ok(before + (all - before) / 2)
    }

    pub async fn entry_draws(&self, id: EntryId) -> Result<Vec<EntryDraw>> {
        draws_of_entry(&mut *self.reads().acquire().await?, id).await
    }

    pub async fn surroundings(
        &self,
        entry: EntryId,
        queue: QueueId,
        state: EntryState,
    ) -> Result<Surroundings> {
        let mut db = self.reads().acquire().await?;
        Ok(Surroundings {
            directory: version(&mut db).await?,
            draw: draws_of(&mut db, queue, 1).await?.into_iter().next(),
            convocation: match state {
                EntryState::Convoked => live_of(&mut db, entry).await?,
                _ => None,
            },
            draws: draws_of_entry(&mut db, entry).await?,
            notices: notices_of(&mut db, entry).await?,
        })
    }

    pub async fn change_entry(
        &self,
        id: EntryId,
        change: EntryChange,
        actor: Actor,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let mut tx = self.begin().await?;
        let entry = hold_entry(&mut tx, id).await?;
        if !entry.state.is_live() {
            return Err(Refusal::EntryEnded.into());
        }
        let mut detail = json!({});
        let action = match change {
            EntryChange::Pause => {
                set_paused(&mut tx, id, true).await?;
                "entry.paused"
            }
            EntryChange::Resume => {
                set_paused(&mut tx, id, false).await?;
                "entry.resumed"
            }
            EntryChange::Availability(availability) => {
                sqlx::query("UPDATE entry SET availability = $2 WHERE id = $1")
                    .bind(id)
                    .bind(Json(&availability))
                    .execute(&mut *tx)
                    .await?;
                "entry.availability"
            }
            EntryChange::DeadlineSeen { deadline, kind } => {
                sqlx::query(
                    "UPDATE entry SET deadline = $2, deadline_kind = $3, deadline_seen_at = $4 WHERE id = $1",
                )
                .bind(id)
                .bind(deadline)
                .bind(kind)
                .bind(now)
                .execute(&mut *tx)
                .await?;
                "entry.deadline_seen"
            }
            EntryChange::Withdraw => {
                withdraw(&mut tx, &entry, actor, now).await?;
                "entry.withdrawn"
            }
            EntryChange::CloseDuplicate => {
                if entry.state == EntryState::Convoked {
                    return Err(Refusal::EntryConvoked.into());
                }
                close(&mut tx, id, CloseReason::Duplicate, now).await?;
                owe_entry(&mut tx, &entry, NoticeKind::Closure, now).await?;
                "entry.closed"
            }
            EntryChange::Move(queue) => {
                detail = json!({ "from": entry.queue_id, "to": queue });
                move_entry(&mut tx, &entry, queue, now).await?;
                "entry.moved"
            }
        };
        record(&mut tx, Fact { at: now, actor, action, subject: format!("entry:{id}"), detail }).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// What a change needs to know of an entry; its row is held until the transaction ends.
#[derive(Clone, sqlx::FromRow)]
pub(super) struct HeldEntry {
    pub id: EntryId,
    pub queue_id: QueueId,
    pub state: EntryState,
    #[sqlx(flatten)]
    pub addresses: AddressColumns,
    /// The prefecture's.
    pub zone: String,
}

pub(super) async fn hold_entry(tx: &mut Connection, id: EntryId) -> Result<HeldEntry> {
    sqlx::query(locked!("SELECT id FROM entry WHERE id = $1")).bind(id).execute(&mut *tx).await?;
    sqlx::query_as(
        "SELECT e.id, e.queue_id, e.state, a.reach_sms, a.reach_email, p.zone
         FROM entry e JOIN applicant a ON a.id = e.applicant_id JOIN queue q ON q.id = e.queue_id
         JOIN prefecture p ON p.id = q.prefecture_id WHERE e.id = $1",
    )
    .bind(id)
    .fetch_optional(tx)
    .await?
    .ok_or(StoreError::NotFound("entry"))
}

/// Owes a notice about the entry itself, outside quiet hours.
pub(super) async fn owe_entry(
    tx: &mut Connection,
    entry: &HeldEntry,
    kind: NoticeKind,
    now: DateTime<Utc>,
) -> Result<()> {
    let owed = Owed {
        entry: entry.id,
        convocation: None,
        kind,
        way: entry.addresses.reach().first(),
        due_at: outside_quiet_hours(now, zone_of(&entry.zone)),
    };
    owe(tx, &[owed], now).await
}

async fn set_paused(tx: &mut Connection, id: EntryId, paused: bool) -> Result<()> {
    let done = sqlx::query(
        "UPDATE entry SET paused = $2 WHERE id = $1 AND state IN ('waiting', 'awaiting_identity')",
    )
    .bind(id)
    .bind(paused)
    .execute(tx)
    .await?;
    expect_rows(done.rows_affected(), 1, Refusal::EntryConvoked)
}

async fn withdraw(tx: &mut Connection, entry: &HeldEntry, actor: Actor, now: DateTime<Utc>) -> Result<()> {
    if entry.state == EntryState::Convoked {
        let live = end_live_of(tx, entry.id).await?;
        apply_end(tx, &live, ConvocationEvent::Withdraw, None, actor, now).await?;
        return Ok(());
    }
    sqlx::query("UPDATE entry SET state = 'withdrawn', ended_at = $2 WHERE id = $1")
        .bind(entry.id)
        .bind(now)
        .execute(&mut *tx)
        .await?;
    release_keys(tx, entry.id).await?;
    owe_entry(tx, entry, NoticeKind::Withdrawal, now).await
}

/// Ends an entry, for a reason, and gives its keys back.
pub(super) async fn close(
    tx: &mut Connection,
    id: EntryId,
    reason: CloseReason,
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query("UPDATE entry SET state = 'closed', close_reason = $2, ended_at = $3 WHERE id = $1")
        .bind(id)
        .bind(reason)
        .bind(now)
        .execute(&mut *tx)
        .await?;
    release_keys(tx, id).await
}

pub(super) async fn release_keys(tx: &mut Connection, id: EntryId) -> Result<()> {
    sqlx::query("DELETE FROM live_key WHERE entry_id = $1").bind(id).execute(tx).await?;
    Ok(())
}

/// Moves a waiting entry to the right queue: the day and the seniority stay.
pub(super) async fn move_entry(
    tx: &mut Connection,
    entry: &HeldEntry,
    queue: QueueId,
    now: DateTime<Utc>,
) -> Result<()> {
    if entry.state == EntryState::Convoked {
        return Err(Refusal::EntryConvoked.into());
    }
    let keys: Vec<(String, Vec<u8>)> = sqlx::query_as("SELECT kind, print FROM live_key WHERE entry_id = $1")
        .bind(entry.id)
        .fetch_all(&mut *tx)
        .await?;
    release_keys(tx, entry.id).await?;
    let keys: Vec<KeyPrint> = keys
        .into_iter()
        .filter_map(|(kind, print)| {
            ["foreigner_number", "document", "oidc"]
                .into_iter()
                .find(|known| *known == kind)
                .map(|kind| KeyPrint { kind, print })
        })
        .collect();
    if hold_keys(tx, queue, entry.id, &keys).await?.is_some() {
        return Err(Refusal::AlreadyWaitsThere.into());
    }
    // Sites stay, as the prefecture does. A label is a number that only its queue's rules give a meaning:
    // the new queue's agents grant theirs, for a reason of its own.
    sqlx::query("DELETE FROM privilege WHERE entry_id = $1 AND label <> 0")
        .bind(entry.id)
        .execute(&mut *tx)
        .await?;
    let done = sqlx::query("UPDATE entry SET queue_id = $2, labels = $3 WHERE id = $1 AND queue_id <> $2")
        .bind(entry.id)
        .bind(queue)
        .bind(Json(Vec::<u8>::new()))
        .execute(&mut *tx)
        .await?;
    expect_rows(done.rows_affected(), 1, Refusal::SameQueue)?;
    owe_entry(tx, entry, NoticeKind::Moved, now).await
}

async fn draws_of_entry(db: &mut Connection, id: EntryId) -> Result<Vec<EntryDraw>> {
    let rows = sqlx::query_as(
        "SELECT d.id AS draw_id, d.number AS draw_number, d.queue_id, d.state, d.frozen_at, d.drawn_at,
            d.entry_count, d.slot_count, d.winner_count, x.number, x.pid, x.salt, x.tier, x.had_chance,
            x.place, x.won
         FROM draw_entry x JOIN draw d ON d.id = x.draw_id WHERE x.entry_id = $1 ORDER BY d.frozen_at DESC",
    );
    Ok(rows.bind(id).fetch_all(db).await?)
}
