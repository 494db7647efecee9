//! The life of a draw but for its two large steps (`freeze`, `outcome`): announced, seeded, published,
//! annulled. Every step is conditional on the state before it.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use sqlx::types::Json;

use super::apply::{Cause, apply, take_survivals_back};
use super::compensations::compensate_now;
use super::held::{hold_by_convocation, keep_losers_for_late_freeze};
use super::{Backend, Connection, Fact, Result, StoreError, expect_rows, gathered, locked, record};
use crate::domain::actor::Actor;
use crate::domain::entry::{ConvocationEvent, EntryEvent};
use crate::domain::ids::{ConvocationId, DrawId, QueueId, StaffId};
use crate::domain::proposal::Closing;
use crate::domain::refusal::Refusal;
use crate::store::commands::NewDraw;
use crate::store::records::{DrawRecord, DrawState, DrawnPerson, Figures, PUBLISHED};

macro_rules! draw_select {
    ($rest:literal) => {
        concat!(
            "SELECT id, queue_id, number, rules_version, state, announced_at, freeze_at, seed_at, previous,
                source, secret, frozen_at, freeze_hash, entry_count, slot_count, winner_count, counts,
                opening, outcome_hash, drawn_at, published_at, annulled_at, annul_reason,
                annul_rejected_reason, annul_proposed_by AS proposed_by, annul_proposed_at AS proposed_at,
                annul_approved_by AS approved_by, annulled_at AS approved_at,
                annul_rejected_by AS rejected_by, annul_rejected_at AS rejected_at
             FROM draw ",
            $rest
        )
    };
}

/// The convocations that a draw's annulment cancels: those whose time has not come, and whose holder has not
/// been received before it.
macro_rules! annulled_convocations {
    ($what:literal, $rest:literal) => {
        concat!(
            "SELECT ",
            $what,
            " FROM convocation c JOIN slot s ON s.id = c.slot_id
             WHERE c.draw_id = $1 AND c.state = 'live' AND s.starts_at > $2 AND c.tick IS NULL ",
            $rest
        )
    };
}

/// How far back a queue's capacity is measured, in days.
const RECENT_DAYS: i64 = 28;

impl Backend {
    pub async fn draw(&self, id: DrawId) -> Result<Option<DrawRecord>> {
        Ok(sqlx::query_as(draw_select!("WHERE id = $1")).bind(id).fetch_optional(self.reads()).await?)
    }

    pub async fn active_draws(&self) -> Result<Vec<DrawRecord>> {
        let rows = sqlx::query_as(draw_select!(
            "WHERE state IN ('announced', 'frozen', 'seeded', 'drawn') ORDER BY freeze_at, id"
        ));
        Ok(rows.fetch_all(self.reads()).await?)
    }

    pub async fn draws_of(&self, queue: QueueId, limit: i64) -> Result<Vec<DrawRecord>> {
        draws_of(&mut *self.reads().acquire().await?, queue, limit).await
    }

    pub async fn draws_before(&self, queue: QueueId, number: i32, limit: i64) -> Result<Vec<DrawRecord>> {
        let rows =
            sqlx::query_as(draw_select!("WHERE queue_id = $1 AND number < $2 ORDER BY number DESC LIMIT $3"));
        Ok(rows.bind(queue).bind(number).bind(limit).fetch_all(self.reads()).await?)
    }

    pub async fn replacement_of(&self, id: DrawId) -> Result<Option<DrawRecord>> {
        let row = sqlx::query_as(draw_select!("WHERE previous = $1 ORDER BY number LIMIT 1"));
        Ok(row.bind(id).fetch_optional(self.reads()).await?)
    }

    pub async fn announce(&self, new: NewDraw, now: DateTime<Utc>) -> Result<bool> {
        let mut tx = self.begin().await?;
        let version: Option<i32> =
            sqlx::query_scalar(locked!("SELECT rules_version FROM queue WHERE id = $1"))
                .bind(new.queue)
                .fetch_optional(&mut *tx)
                .await?;
        let version = version.ok_or(StoreError::NotFound("queue"))?;
        if version != new.rules_version {
            return Ok(false);
        }
        let last: Option<i32> =
            sqlx::query_scalar("SELECT number FROM draw WHERE queue_id = $1 ORDER BY number DESC LIMIT 1")
                .bind(new.queue)
                .fetch_optional(&mut *tx)
                .await?;
        // A published draw is annulled when the next one is announced already: a later one names it.
        let previous: Option<DrawId> = sqlx::query_scalar(
            "SELECT d.id FROM draw d WHERE d.queue_id = $1 AND d.state = 'annulled'
             AND NOT EXISTS (SELECT 1 FROM draw x WHERE x.previous = d.id) ORDER BY d.number LIMIT 1",
        )
        .bind(new.queue)
        .fetch_optional(&mut *tx)
        .await?;
        let number = last.map_or(1, |number| number + 1);
        let done = sqlx::query(
            "INSERT INTO draw (id, queue_id, number, rules_version, state, announced_at, freeze_at, seed_at,
                previous, source, secret)
             VALUES ($1, $2, $3, $4, 'announced', $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING",
        )
        .bind(new.id)
        .bind(new.queue)
        .bind(number)
        .bind(version)
        .bind(now)
        .bind(new.freeze_at)
        .bind(new.seed_at)
        .bind(previous)
        .bind(Json(&new.source))
        .bind(&new.secret)
        .execute(&mut *tx)
        .await?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        let detail = json!({ "queue": new.queue, "number": number, "rules_version": version,
            "freeze_at": new.freeze_at.timestamp(), "source": new.source });
        record(&mut tx, draw_fact("draw.announced", new.id, detail, now)).await?;
        tx.commit().await?;
        Ok(true)
    }

    pub async fn seed(&self, id: DrawId, opening: Vec<u8>, now: DateTime<Utc>) -> Result<()> {
        let mut tx = self.begin().await?;
        let done = sqlx::query(
            "UPDATE draw SET state = 'seeded', opening = $2, seeded_at = $3 WHERE id = $1 AND state = 'frozen'",
        )
        .bind(id)
        .bind(&opening)
        .bind(now)
        .execute(&mut *tx)
        .await?;
        expect_rows(done.rows_affected(), 1, Refusal::Changed)?;
        record(&mut tx, draw_fact("draw.seeded", id, json!({ "opening": hex::encode(opening) }), now))
            .await?;
        tx.commit().await?;
        Ok(())
    }

    pub async fn drawn_people(&self, id: DrawId) -> Result<Vec<DrawnPerson>> {
        let rows = sqlx::query(
            "SELECT x.number, e.registered_at, e.channel FROM draw_entry x JOIN entry e ON e.id = x.entry_id
             WHERE x.draw_id = $1 ORDER BY x.number",
        );
        gathered(rows.bind(id).fetch(self.reads())).await
    }

    pub async fn publish_draw(&self, id: DrawId, watch: Value, now: DateTime<Utc>) -> Result<()> {
        let mut tx = self.begin().await?;
        let done = sqlx::query(
            "UPDATE draw SET state = 'published', published_at = $2 WHERE id = $1 AND state = 'drawn'",
        )
        .bind(id)
        .bind(now)
        .execute(&mut *tx)
        .await?;
        expect_rows(done.rows_affected(), 1, Refusal::Changed)?;
        record(&mut tx, draw_fact(PUBLISHED, id, watch, now)).await?;
        tx.commit().await?;
        Ok(())
    }

    pub async fn annul_by_rule(
        &self,
        id: DrawId,
        from: DrawState,
        reason: String,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let mut tx = self.begin().await?;
        let state: Option<DrawState> = sqlx::query_scalar(locked!("SELECT state FROM draw WHERE id = $1"))
            .bind(id)
            .fetch_optional(&mut *tx)
            .await?;
        if state != Some(from) {
            return Err(Refusal::Changed.into());
        }
        annul(&mut tx, id, &reason, Actor::System, now).await?;
        tx.commit().await?;
        Ok(())
    }

    pub async fn propose_annulment(
        &self,
        id: DrawId,
        reason: String,
        by: StaffId,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let mut tx = self.begin().await?;
        let draw = held(&mut tx, id).await?;
        if draw.state == DrawState::Annulled {
            return Err(Refusal::DrawAnnulled.into());
        }
        if draw.proposal().is_some_and(|proposal| proposal.is_open()) {
            return Err(Refusal::AnnulmentProposed.into());
        }
        sqlx::query(
            "UPDATE draw SET annul_reason = $2, annul_proposed_by = $3, annul_proposed_at = $4,
                annul_rejected_by = NULL, annul_rejected_at = NULL, annul_rejected_reason = NULL
             WHERE id = $1",
        )
        .bind(id)
        .bind(&reason)
        .bind(by)
        .bind(now)
        .execute(&mut *tx)
        .await?;
        let fact = Fact {
            actor: Actor::Staff(by),
            ..draw_fact("draw.annulment_proposed", id, json!({ "reason": reason }), now)
        };
        record(&mut tx, fact).await?;
        tx.commit().await?;
        Ok(())
    }

    pub async fn approve_annulment(&self, id: DrawId, by: StaffId, now: DateTime<Utc>) -> Result<()> {
        let mut tx = self.begin().await?;
        let draw = held(&mut tx, id).await?;
        draw.annulment_proposed()?.approve(by)?;
        let reason = draw.annul_reason.ok_or(Refusal::AnnulmentNotProposed)?;
        sqlx::query("UPDATE draw SET annul_approved_by = $2 WHERE id = $1")
            .bind(id)
            .bind(by)
            .execute(&mut *tx)
            .await?;
        annul(&mut tx, id, &reason, Actor::Staff(by), now).await?;
        tx.commit().await?;
        Ok(())
    }

    pub async fn close_annulment(
        &self,
        id: DrawId,
        closing: Closing<String>,
        by: StaffId,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let mut tx = self.begin().await?;
        held(&mut tx, id).await?.annulment_proposed()?.close(&closing, by)?;
        sqlx::query(
            "UPDATE draw SET annul_rejected_by = $2, annul_rejected_at = $3, annul_rejected_reason = $4
             WHERE id = $1",
        )
        .bind(id)
        .bind(by)
        .bind(now)
        .bind(closing.reason())
        .execute(&mut *tx)
        .await?;
        let (action, detail) = match closing {
            Closing::Reject(reason) => ("draw.annulment_rejected", json!({ "reason": reason })),
            Closing::Withdraw => ("draw.annulment_withdrawn", json!({})),
        };
        let fact = Fact { actor: Actor::Staff(by), ..draw_fact(action, id, detail, now) };
        record(&mut tx, fact).await?;
        tx.commit().await?;
        Ok(())
    }

    pub async fn annulment_cancels(&self, id: DrawId, now: DateTime<Utc>) -> Result<i64> {
        let count = sqlx::query_scalar(annulled_convocations!("COUNT(*)", ""));
        Ok(count.bind(id).bind(now).fetch_one(self.reads()).await?)
    }

    pub async fn figures(&self, queue: QueueId, now: DateTime<Utc>) -> Result<Figures> {
        let row = sqlx::query_as(
            "SELECT
                (SELECT COUNT(*) FROM entry WHERE queue_id = $1 AND state = 'waiting') AS waiting,
                (SELECT COUNT(*) FROM entry WHERE queue_id = $1 AND state = 'awaiting_identity') AS awaiting_identity,
                (SELECT COUNT(*) FROM slot WHERE queue_id = $1 AND state = 'free' AND starts_at > $2) AS free_slots,
                (SELECT COUNT(*) FROM slot WHERE queue_id = $1 AND state = 'lapsed') AS lapsed_slots,
                CAST(COALESCE(SUM(winner_count), 0) AS BIGINT) AS recent_winners, COUNT(*) AS recent_draws
             FROM draw WHERE queue_id = $1 AND state = 'published' AND drawn_at > $3",
        );
        Ok(row.bind(queue).bind(now).bind(now - TimeDelta::days(RECENT_DAYS)).fetch_one(self.reads()).await?)
    }
}

pub(super) fn draw_fact(
    action: &'static str,
    id: DrawId,
    detail: serde_json::Value,
    at: DateTime<Utc>,
) -> Fact<'static> {
    Fact { at, actor: Actor::System, action, subject: format!("draw:{id}"), detail }
}

/// A draw; its row is held.
async fn held(tx: &mut Connection, id: DrawId) -> Result<DrawRecord> {
    let row = sqlx::query_as(locked!(draw_select!("WHERE id = $1")));
    row.bind(id).fetch_optional(tx).await?.ok_or(StoreError::NotFound("draw"))
}

/// Annuls a draw in public. Its winners lose what it gave them, through no fault of theirs; nobody has
/// survived it; its bundle stays.
pub(super) async fn annul(
    tx: &mut Connection,
    id: DrawId,
    reason: &str,
    actor: Actor,
    now: DateTime<Utc>,
) -> Result<()> {
    let state: Option<DrawState> = sqlx::query_scalar(locked!("SELECT state FROM draw WHERE id = $1"))
        .bind(id)
        .fetch_optional(&mut *tx)
        .await?;
    let state = state.ok_or(StoreError::NotFound("draw"))?;
    if state == DrawState::Annulled {
        return Err(Refusal::DrawAnnulled.into());
    }
    if matches!(state, DrawState::Drawn | DrawState::Published) {
        let live: Vec<ConvocationId> = sqlx::query_scalar(annulled_convocations!("c.id", "ORDER BY c.id"))
            .bind(id)
            .bind(now)
            .fetch_all(&mut *tx)
            .await?;
        for convocation in live {
            let held = hold_by_convocation(tx, convocation, now).await?;
            let event = EntryEvent::End(ConvocationEvent::PrefectureCancel);
            let effect = apply(tx, &held, event, Cause::by(actor, now)).await?;
            // Two people have annulled it, or the rules.
            compensate_now(tx, held, effect, now).await?;
        }
        keep_losers_for_late_freeze(tx, id, now).await?;
        take_survivals_back(tx, id).await?;
    }
    free_unassigned(tx, id).await?;
    sqlx::query("UPDATE draw SET state = 'annulled', annulled_at = $2, annul_reason = $3 WHERE id = $1")
        .bind(id)
        .bind(now)
        .bind(reason)
        .execute(&mut *tx)
        .await?;
    let fact = Fact { actor, ..draw_fact("draw.annulled", id, json!({ "reason": reason }), now) };
    record(tx, fact).await
}

/// The seats of a list that nobody takes return to the pool, or leave it if they were withdrawn.
pub(super) async fn free_unassigned(tx: &mut Connection, id: DrawId) -> Result<()> {
    sqlx::query(
        "UPDATE slot SET draw_id = NULL, state = CASE WHEN withdrawn_at IS NULL THEN 'free' ELSE 'withdrawn' END
         WHERE draw_id = $1 AND state = 'frozen'",
    )
    .bind(id)
    .execute(tx)
    .await?;
    Ok(())
}

pub(super) async fn draws_of(db: &mut Connection, queue: QueueId, limit: i64) -> Result<Vec<DrawRecord>> {
    let rows = sqlx::query_as(draw_select!("WHERE queue_id = $1 ORDER BY number DESC LIMIT $2"));
    Ok(rows.bind(queue).bind(limit).fetch_all(db).await?)
}
