//! Convocations: reading them for the counter, and ending them. What an end makes of the entry, the
//! slot and the notices is decided by the domain and applied here, in one transaction.

use chrono::{DateTime, Utc};
use serde_json::json;
use sqlx::types::Json;

use super::entries::{HeldEntry, close, hold_entry, move_entry, release_keys};
use super::{Backend, Connection, Fact, Result, StoreError, dying_kinds, expect_rows, locked, owe, record};
use crate::domain::actor::Actor;
use crate::domain::entry::{
    ConvocationEnd, ConvocationEvent, ConvocationState, Convoked, EntryState, Seniority,
};
use crate::domain::ids::{ConvocationId, EntryId, PrefectureId, QueueId, SlotId};
use crate::domain::notice::{NoticeKind, outside_quiet_hours};
use crate::domain::refusal::Refusal;
use crate::domain::rules::Rules;
use crate::store::commands::{Ended, Owed};
use crate::store::directory::zone_of;
use crate::store::records::CounterRecord;

macro_rules! counter_select {
    ($rest:literal) => {
        concat!(
            "SELECT c.id, c.entry_id, c.slot_id, c.draw_id, s.queue_id, s.site_id, d.number AS desk_number,
                s.starts_at, s.minutes, c.state, c.issued_at, c.ended_at, r.body AS rules
             FROM convocation c JOIN slot s ON s.id = c.slot_id JOIN desk d ON d.id = s.desk_id
             JOIN site i ON i.id = s.site_id JOIN draw w ON w.id = c.draw_id
             JOIN rules r ON r.queue_id = w.queue_id AND r.version = w.rules_version ",
            $rest
        )
    };
}

impl Backend {
    pub async fn convocation(&self, id: ConvocationId) -> Result<Option<CounterRecord>> {
        let row = sqlx::query_as(counter_select!("WHERE c.id = $1"));
        Ok(row.bind(id).fetch_optional(self.reads()).await?)
    }

    pub async fn live_convocation(&self, entry: EntryId) -> Result<Option<CounterRecord>> {
        live_of(&mut *self.reads().acquire().await?, entry).await
    }

    pub async fn counter(
        &self,
        prefecture: PrefectureId,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Result<Vec<CounterRecord>> {
        let rows = sqlx::query_as(counter_select!(
            "WHERE i.prefecture_id = $1 AND s.starts_at >= $2 AND s.starts_at < $3
             ORDER BY s.starts_at, i.name, d.number, c.issued_at"
        ));
        Ok(rows.bind(prefecture).bind(from).bind(to).fetch_all(self.reads()).await?)
    }

    pub async fn unticked(
        &self,
        prefecture: PrefectureId,
        before: DateTime<Utc>,
    ) -> Result<(i64, Option<DateTime<Utc>>)> {
        let row = sqlx::query_as(
            "SELECT COUNT(*), MIN(s.starts_at) FROM convocation c JOIN slot s ON s.id = c.slot_id
             JOIN site i ON i.id = s.site_id
             WHERE i.prefecture_id = $1 AND c.state = 'live' AND s.starts_at < $2",
        );
        Ok(row.bind(prefecture).bind(before).fetch_one(self.reads()).await?)
    }

    pub async fn end_convocation(
        &self,
        id: ConvocationId,
        event: ConvocationEvent,
        reason: Option<Vec<u8>>,
        to_queue: Option<QueueId>,
        actor: Actor,
        now: DateTime<Utc>,
    ) -> Result<Ended> {
        let mut tx = self.begin().await?;
        let live = held(&mut tx, id).await?;
        let end = apply_end(&mut tx, &live, event, reason, actor, now).await?;
        if let Some(queue) = to_queue {
            let entry = hold_entry(&mut tx, live.entry_id).await?;
            move_entry(&mut tx, &entry, queue, now).await?;
            let fact = Fact {
                at: now,
                actor,
                action: "entry.moved",
                subject: format!("entry:{}", entry.id),
                detail: json!({ "from": entry.queue_id, "to": queue }),
            };
            record(&mut tx, fact).await?;
        }
        tx.commit().await?;
        Ok(Ended { entry: live.entry_id, end })
    }
}

/// A convocation with what its end needs to know; held until the transaction ends.
#[derive(sqlx::FromRow)]
pub(super) struct HeldConvocation {
    pub id: ConvocationId,
    pub entry_id: EntryId,
    pub slot_id: SlotId,
    pub state: ConvocationState,
    pub issued_at: DateTime<Utc>,
    pub starts_at: DateTime<Utc>,
    pub zone: String,
    pub declines: i32,
    pub rules: Json<Rules>,
}

pub(super) async fn held(tx: &mut Connection, id: ConvocationId) -> Result<HeldConvocation> {
    sqlx::query(locked!("SELECT id FROM convocation WHERE id = $1")).bind(id).execute(&mut *tx).await?;
    sqlx::query_as(
        "SELECT c.id, c.entry_id, c.slot_id, c.state, c.issued_at, s.starts_at, i.zone, e.declines, r.body AS rules
         FROM convocation c JOIN slot s ON s.id = c.slot_id JOIN site i ON i.id = s.site_id
         JOIN entry e ON e.id = c.entry_id JOIN draw d ON d.id = c.draw_id
         JOIN rules r ON r.queue_id = d.queue_id AND r.version = d.rules_version
         WHERE c.id = $1",
    )
    .bind(id)
    .fetch_optional(tx)
    .await?
    .ok_or(StoreError::NotFound("convocation"))
}

pub(super) async fn live_of_slot(tx: &mut Connection, slot: SlotId) -> Result<Option<HeldConvocation>> {
    let id: Option<ConvocationId> =
        sqlx::query_scalar("SELECT id FROM convocation WHERE slot_id = $1 AND state = 'live'")
            .bind(slot)
            .fetch_optional(&mut *tx)
            .await?;
    match id {
        // It may have ended at the counter while its row was waited for.
        Some(id) => Ok(Some(held(tx, id).await?).filter(|one| one.state == ConvocationState::Live)),
        None => Ok(None),
    }
}

pub(super) async fn end_live_of(tx: &mut Connection, entry: EntryId) -> Result<HeldConvocation> {
    let id: Option<ConvocationId> =
        sqlx::query_scalar("SELECT id FROM convocation WHERE entry_id = $1 AND state = 'live'")
            .bind(entry)
            .fetch_optional(&mut *tx)
            .await?;
    held(tx, id.ok_or(StoreError::NotFound("convocation"))?).await
}

/// Ends a convocation: entry, slot, notices and log row together.
pub(super) async fn apply_end(
    tx: &mut Connection,
    live: &HeldConvocation,
    event: ConvocationEvent,
    reason: Option<Vec<u8>>,
    actor: Actor,
    now: DateTime<Utc>,
) -> Result<ConvocationEnd> {
    let convoked = Convoked {
        state: live.state,
        issued_at: live.issued_at,
        starts_at: live.starts_at,
        declines: u32::try_from(live.declines).unwrap_or(0),
    };
    let end = convoked.end(event, now, &live.rules)?;
    let entry = hold_entry(tx, live.entry_id).await?;
    let done = sqlx::query(
        "UPDATE convocation SET state = $2, ended_at = $3, reason = $4 WHERE id = $1 AND state = 'live'",
    )
    .bind(live.id)
    .bind(end.convocation)
    .bind(now)
    .bind(reason)
    .execute(&mut *tx)
    .await?;
    expect_rows(done.rows_affected(), 1, Refusal::ConvocationEnded)?;
    settle_entry(tx, &entry, &end, now).await?;
    if end.frees_slot {
        // Its freedom is for a later draw: the list of a draw under way is already written.
        sqlx::query("UPDATE slot SET state = 'free' WHERE id = $1 AND state = 'taken'")
            .bind(live.slot_id)
            .execute(&mut *tx)
            .await?;
    }
    sqlx::query(concat!(
        "UPDATE notice SET state = 'superseded', settled_at = $2 WHERE convocation_id = $1 AND state = 'pending'
         AND kind IN ",
        dying_kinds!()
    ))
    .bind(live.id)
    .bind(now)
    .execute(&mut *tx)
    .await?;
    owe_end(tx, live, &entry, &end, now).await?;
    let detail = json!({ "entry": live.entry_id, "slot": live.slot_id, "becomes": end.convocation, "entry_becomes": end.entry });
    let subject = format!("convocation:{}", live.id);
    record(tx, Fact { at: now, actor, action: "convocation.ended", subject, detail }).await?;
    Ok(end)
}

async fn settle_entry(
    tx: &mut Connection,
    entry: &HeldEntry,
    end: &ConvocationEnd,
    now: DateTime<Utc>,
) -> Result<()> {
    match end.entry {
        EntryState::Closed => {
            if let Some(reason) = end.close_reason {
                close(tx, entry.id, reason, now).await?;
            }
            return Ok(());
        }
        EntryState::Served | EntryState::Withdrawn => {
            sqlx::query("UPDATE entry SET state = $2, ended_at = $3 WHERE id = $1")
                .bind(entry.id)
                .bind(end.entry)
                .bind(now)
                .execute(&mut *tx)
                .await?;
            return release_keys(tx, entry.id).await;
        }
        EntryState::Waiting | EntryState::AwaitingIdentity | EntryState::Convoked => {}
    }
    sqlx::query(
        "UPDATE entry SET state = CASE WHEN identity_how IS NULL THEN 'awaiting_identity' ELSE 'waiting' END,
            displaced = $2, paused_until = $3,
            draws_survived = CASE WHEN $4 THEN 0 ELSE draws_survived END, declines = declines + $5
         WHERE id = $1 AND state = 'convoked'",
    )
    .bind(entry.id)
    .bind(end.displaced)
    .bind(end.paused_until)
    .bind(end.seniority == Seniority::Reset)
    .bind(i32::from(end.counts_as_decline))
    .execute(tx)
    .await?;
    Ok(())
}

/// The notice that explains the end; attending owes none, and neither does a move, which has its own.
async fn owe_end(
    tx: &mut Connection,
    live: &HeldConvocation,
    entry: &HeldEntry,
    end: &ConvocationEnd,
    now: DateTime<Utc>,
) -> Result<()> {
    let kind = match end.convocation {
        ConvocationState::Live | ConvocationState::Attended | ConvocationState::WrongCounter => {
            return Ok(());
        }
        ConvocationState::Missed => NoticeKind::Missed,
        ConvocationState::Declined | ConvocationState::CancelledLate => NoticeKind::Cancellation,
        ConvocationState::CancelledByPrefecture => NoticeKind::Apology,
        ConvocationState::CancelledByHolder => NoticeKind::Withdrawal,
        ConvocationState::NotThePerson => NoticeKind::Closure,
    };
    let owed = Owed {
        entry: live.entry_id,
        convocation: Some(live.id),
        kind,
        way: entry.addresses.reach().first(),
        due_at: outside_quiet_hours(now, zone_of(&live.zone)),
    };
    owe(tx, &[owed], now).await
}

pub(super) async fn live_of(db: &mut Connection, entry: EntryId) -> Result<Option<CounterRecord>> {
    let row = sqlx::query_as(counter_select!("WHERE c.entry_id = $1 AND c.state = 'live'"));
    Ok(row.bind(entry).fetch_optional(db).await?)
}
