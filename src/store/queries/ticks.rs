//! Ticks of the counter: written and corrected until the site closes, then settled. Nothing else happens to the
//! entry before.

use chrono::{DateTime, Days, TimeDelta, Utc};
use serde_json::json;

use super::apply::{Cause, apply};
use super::compensations::owe_taken_back;
use super::held::{Held, hold_by_convocation};
use super::relocations::propose_right_queue;
use super::{Backend, Connection, Fact, Result, expect_rows, record};
use crate::domain::actor::Actor;
use crate::domain::entry::{Convoked, EntryEvent};
use crate::domain::ids::{ConvocationId, SlotId, StaffId};
use crate::domain::refusal::Refusal;
use crate::domain::tick::settles_at;
use crate::store::commands::Note;

/// Ticks settled in one transaction.
const SETTLED_MAX: i64 = 200;

impl Backend {
    pub async fn tick(
        &self,
        id: ConvocationId,
        note: Option<Note>,
        by: StaffId,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let mut tx = self.begin().await?;
        let held = hold_by_convocation(&mut tx, id, now).await?;
        let Some(live) = held.live else { return Err(Refusal::ConvocationEnded.into()) };
        let before = live.tick;
        if before.is_some_and(|before| before.settles_at <= now) {
            return Err(Refusal::TickFinal.into());
        }
        let tick = note.as_ref().map(|note| note.tick);
        let right_queue = note.as_ref().and_then(|note| note.right_queue);
        let reason = note.and_then(|note| note.reason);
        let is_alike = before.map(|before| before.tick) == tick
            && before.and_then(|before| before.right_queue) == right_queue
            && reason.is_none();
        if is_alike {
            // Ticked twice alike: who was first stays.
            return if tick.is_some() { Ok(()) } else { Err(Refusal::NotTicked.into()) };
        }
        let settles = match before {
            Some(before) => before.settles_at,
            None => closing(&mut tx, &held, live.slot, now).await?,
        };
        if let (Some(tick), Some(convoked)) = (tick, held.entry.convocation) {
            Convoked { ticked: None, ..convoked }.allows(tick.into(), now)?;
        }
        let done = sqlx::query(
            "UPDATE convocation SET tick = $2, ticked_by = $3, ticked_at = $4, settles_at = $5, reason = $6,
                right_queue_id = $7 WHERE id = $1 AND state = 'live'",
        )
        .bind(id)
        .bind(tick)
        .bind(tick.map(|_| by))
        .bind(tick.map(|_| now))
        .bind(tick.map(|_| settles))
        .bind(reason)
        .bind(right_queue)
        .execute(&mut *tx)
        .await?;
        expect_rows(done.rows_affected(), 1, Refusal::ConvocationEnded)?;
        let detail = json!({ "convocation": id, "tick": tick, "before": before.map(|before| before.tick) });
        let action = match (before, tick) {
            (_, None) => "convocation.tick_removed",
            (None, _) => "convocation.ticked",
            (Some(_), _) => "convocation.tick_corrected",
        };
        let subject = format!("entry:{}", held.id);
        record(&mut tx, Fact { at: now, actor: Actor::Staff(by), action, subject, detail }).await?;
        tx.commit().await?;
        Ok(())
    }

    pub async fn settle_ticks(&self, now: DateTime<Utc>) -> Result<u64> {
        let due: Vec<ConvocationId> = sqlx::query_scalar(
            "SELECT id FROM convocation WHERE state = 'live' AND tick IS NOT NULL AND settles_at <= $1
             ORDER BY settles_at, id LIMIT $2",
        )
        .bind(now)
        .bind(SETTLED_MAX)
        .fetch_all(self.reads())
        .await?;
        if due.is_empty() {
            return Ok(0);
        }
        let mut tx = self.begin().await?;
        let mut settled = 0;
        for id in due {
            let held = hold_by_convocation(&mut tx, id, now).await?;
            let tick = held.live.and_then(|live| live.tick).filter(|tick| tick.settles_at <= now);
            let Some(tick) = tick else { continue };
            let cause = Cause::by(Actor::System, now);
            let effect = apply(&mut tx, &held, EntryEvent::End(tick.tick.into()), cause).await?;
            // Who has ticked proposes; another person approves.
            owe_taken_back(&mut tx, &held, &effect, Actor::Staff(tick.by), now).await?;
            if let Some(queue) = tick.right_queue {
                propose_right_queue(&mut tx, held.id, queue, tick.by, now).await?;
            }
            settled += 1;
        }
        tx.commit().await?;
        Ok(settled)
    }
}

/// When a tick of this appointment made now becomes final.
async fn closing(
    tx: &mut Connection,
    held: &Held,
    slot: SlotId,
    now: DateTime<Utc>,
) -> Result<DateTime<Utc>> {
    let starts_at = held.entry.convocation.map_or(now, |convoked| convoked.starts_at);
    let day = held.zone.local_date(starts_at);
    let slots: Vec<(DateTime<Utc>, i32)> = sqlx::query_as(
        "SELECT s.starts_at, s.minutes FROM slot own JOIN desk d ON d.site_id = own.site_id
         JOIN slot s ON s.desk_id = d.id AND s.state <> 'withdrawn'
         WHERE own.id = $1 AND s.starts_at >= $2 AND s.starts_at < $3",
    )
    .bind(slot)
    .bind(starts_at)
    .bind(starts_at + Days::new(1))
    .fetch_all(tx)
    .await?;
    let last_end = slots
        .into_iter()
        .filter(|(at, _)| held.zone.local_date(*at) == day)
        .map(|(at, minutes)| at + TimeDelta::minutes(minutes.into()))
        .max();
    Ok(settles_at(held.zone, starts_at, last_end.unwrap_or(starts_at), now))
}
