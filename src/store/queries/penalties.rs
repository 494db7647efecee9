//! Penalties from their announcement on: announced with the event they are for, objected to, decided, in force.
//! Whoever changes one holds the entry of its appointment first. The person's later entries bear it through the
//! fingerprints of their keys.

use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

use super::apply::{Cause, apply};
use super::held::{Held, HeldConvocation, hold};
use super::notices::addresses_of;
use super::{Backend, Connection, Fact, Result, StoreError, expect_rows, locked, owe, record};
use crate::domain::actor::Actor;
use crate::domain::entry::{EntryEvent, EntryState};
use crate::domain::ids::{ConvocationId, EntryId, PrefectureId, ProcedureId, StaffId};
use crate::domain::notice::{NoticeKind, outside_quiet_hours};
use crate::domain::penalty::{Announced, PenaltyReason, PenaltyState, Ruling, effect_at, expected_effect};
use crate::domain::refusal::Refusal;
use crate::domain::rules::Penalty;
use crate::store::commands::Owed;
use crate::store::directory::zone_of;
use crate::store::records::PenaltyRecord;

/// Penalties that take effect in one transaction.
const EFFECTS_MAX: i64 = 200;

macro_rules! penalty_select {
    ($rest:literal) => {
        concat!(
            "SELECT p.convocation_id, p.entry_id, p.reason, p.days, p.objection_days, p.state, p.noted_by,
                p.announced_at, p.told_at, p.effect_at, p.objection, p.objected_at, p.objected_by,
                p.decided_by, p.decided_at, p.decided_reason,
                COALESCE(c.ticked_at, p.announced_at) AS noted_at, e.applicant_id, a.wrapped_key, s.starts_at,
                i.name AS site, i.zone
             FROM penalty_case p JOIN entry e ON e.id = p.entry_id JOIN applicant a ON a.id = e.applicant_id
             JOIN queue q ON q.id = e.queue_id JOIN convocation c ON c.id = p.convocation_id
             JOIN slot s ON s.id = c.slot_id JOIN site i ON i.id = s.site_id ",
            $rest
        )
    };
}

impl Backend {
    pub async fn penalty(&self, id: ConvocationId) -> Result<Option<PenaltyRecord>> {
        let row = sqlx::query_as(penalty_select!("WHERE p.convocation_id = $1"));
        Ok(row.bind(id).fetch_optional(self.reads()).await?)
    }

    pub async fn objections_count(&self, prefecture: PrefectureId) -> Result<i64> {
        let row = sqlx::query_scalar(
            "SELECT COUNT(*) FROM penalty_case p JOIN entry e ON e.id = p.entry_id JOIN queue q ON q.id = e.queue_id
             WHERE p.state = 'objected' AND q.prefecture_id = $1",
        );
        Ok(row.bind(prefecture).fetch_one(self.reads()).await?)
    }

    pub async fn objections(
        &self,
        prefecture: PrefectureId,
        skip: i64,
        limit: i64,
    ) -> Result<Vec<PenaltyRecord>> {
        let rows = sqlx::query_as(penalty_select!(
            "WHERE p.state = 'objected' AND q.prefecture_id = $1
             ORDER BY p.objected_at, p.convocation_id LIMIT $2 OFFSET $3"
        ));
        Ok(rows.bind(prefecture).bind(limit).bind(skip).fetch_all(self.reads()).await?)
    }

    pub async fn object(
        &self,
        id: ConvocationId,
        objection: Vec<u8>,
        actor: Actor,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let mut tx = self.begin().await?;
        let penalty = hold_penalty(&mut tx, id).await?;
        let after = penalty.case().object(now)?;
        let recorded_by = match actor {
            Actor::Staff(staff) => Some(staff),
            Actor::Holder(_) | Actor::System => None,
        };
        sqlx::query(
            "UPDATE penalty_case SET state = $2, objection = $3, objected_at = $4, objected_by = $5
             WHERE convocation_id = $1",
        )
        .bind(id)
        .bind(after.state)
        .bind(objection)
        .bind(now)
        .bind(recorded_by)
        .execute(&mut *tx)
        .await?;
        if recorded_by.is_some() {
            // An agent wrote it down: the person can say that it is not what they said.
            tell(&mut tx, &penalty, NoticeKind::Changed, now).await?;
        }
        record(&mut tx, fact("penalty.objected", &penalty, actor, now)).await?;
        tx.commit().await?;
        Ok(())
    }

    pub async fn decide_objection(
        &self,
        id: ConvocationId,
        ruling: Ruling,
        reason: Vec<u8>,
        by: StaffId,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let mut tx = self.begin().await?;
        let penalty = hold_penalty(&mut tx, id).await?;
        let after = penalty.case().decide(ruling, by, now)?;
        sqlx::query(
            "UPDATE penalty_case SET state = $2, effect_at = $3, decided_by = $4, decided_at = $5,
                decided_reason = $6 WHERE convocation_id = $1",
        )
        .bind(id)
        .bind(after.state)
        .bind(after.effect_at)
        .bind(by)
        .bind(now)
        .bind(reason)
        .execute(&mut *tx)
        .await?;
        let (action, kind) = match ruling {
            Ruling::Uphold => ("penalty.upheld", NoticeKind::PenaltyUpheld),
            Ruling::Lift => ("penalty.lifted", NoticeKind::PenaltyLifted),
        };
        tell(&mut tx, &penalty, kind, now).await?;
        if ruling == Ruling::Lift {
            forget_keys(&mut tx, id).await?;
        }
        record(&mut tx, fact(action, &penalty, Actor::Staff(by), now)).await?;
        tx.commit().await?;
        Ok(())
    }

    pub async fn penalties_take_effect(&self, now: DateTime<Utc>) -> Result<u64> {
        // Nobody is penalised who has not been told, and rules that close wait for an appointment given meanwhile.
        let due: Vec<ConvocationId> = sqlx::query_scalar(
            "SELECT p.convocation_id FROM penalty_case p WHERE p.state IN ('announced', 'upheld')
                AND p.effect_at <= $1 AND p.told_at IS NOT NULL AND (p.days IS NOT NULL OR NOT EXISTS
                    (SELECT 1 FROM entry e WHERE e.id = p.entry_id AND e.state = 'convoked'))
             ORDER BY p.effect_at, p.convocation_id LIMIT $2",
        )
        .bind(now)
        .bind(EFFECTS_MAX)
        .fetch_all(self.reads())
        .await?;
        if due.is_empty() {
            return Ok(0);
        }
        let mut tx = self.begin().await?;
        let mut done = 0;
        for id in due {
            done += u64::from(take_effect(&mut tx, id, now).await?);
        }
        tx.commit().await?;
        Ok(done)
    }
}

/// Writes a penalty with the event that it is for, whose notice is due at `due_at`.
pub(super) async fn announce(
    tx: &mut Connection,
    held: &Held,
    live: HeldConvocation,
    announced: Announced,
    cause: &Cause,
    due_at: DateTime<Utc>,
) -> Result<()> {
    let ticked_by = live.tick.map(|tick| tick.by).filter(|_| announced.reason == PenaltyReason::Missed);
    let noted_by = ticked_by.or(match cause.actor {
        Actor::Staff(staff) => Some(staff),
        Actor::Holder(_) | Actor::System => None,
    });
    let days = days_of(announced.cost);
    let effect = expected_effect(due_at, held.reach.first(), held.rules.objection_days);
    sqlx::query(
        "INSERT INTO penalty_case (convocation_id, entry_id, reason, days, objection_days, state, noted_by,
            announced_at, effect_at) VALUES ($1, $2, $3, $4, $5, 'announced', $6, $7, $8)",
    )
    .bind(live.id)
    .bind(held.id)
    .bind(announced.reason)
    .bind(days)
    .bind(i32::from(held.rules.objection_days))
    .bind(noted_by)
    .bind(cause.now)
    .bind(effect)
    .execute(&mut *tx)
    .await?;
    if days.is_some() {
        // A closed entry is lost once: only a suspension follows the person.
        add_keys(tx, held.id).await?;
    }
    let detail = json!({ "convocation": live.id, "reason": announced.reason, "days": days });
    let subject = format!("entry:{}", held.id);
    let action = "penalty.announced";
    record(tx, Fact { at: cause.now, actor: cause.actor, action, subject, detail }).await
}

/// The keys of an entry are now those of its open penalties too: they are announced, or the identity is verified.
pub(super) async fn add_keys(tx: &mut Connection, entry: EntryId) -> Result<()> {
    sqlx::query(
        "INSERT INTO penalty_case_key (convocation_id, procedure_id, scope, kind, fingerprint)
         SELECT p.convocation_id, k.procedure_id, k.scope, k.kind, k.fingerprint
         FROM penalty_case p JOIN live_key k ON k.entry_id = p.entry_id
         WHERE p.entry_id = $1 AND p.days IS NOT NULL AND p.state IN ('announced', 'objected', 'upheld')
         ON CONFLICT DO NOTHING",
    )
    .bind(entry)
    .execute(tx)
    .await?;
    Ok(())
}

/// Penalties go with somebody who has moved, from the keys that they held in `from`: they hold in the new procedure
/// too, or moving first would wash them off.
pub(super) async fn carry_keys(
    tx: &mut Connection,
    entry: EntryId,
    (procedure, scope): (ProcedureId, Uuid),
) -> Result<()> {
    sqlx::query(
        "INSERT INTO penalty (procedure_id, scope, kind, fingerprint, until)
         SELECT k.procedure_id, k.scope, k.kind, k.fingerprint, p.until
         FROM live_key k JOIN penalty p ON p.kind = k.kind AND p.fingerprint = k.fingerprint
         WHERE k.entry_id = $1 AND p.procedure_id = $2 AND p.scope = $3
         ON CONFLICT (procedure_id, kind, fingerprint, scope) DO UPDATE SET until = excluded.until
         WHERE excluded.until > penalty.until",
    )
    .bind(entry)
    .bind(procedure)
    .bind(scope)
    .execute(&mut *tx)
    .await?;
    sqlx::query(
        "INSERT INTO penalty_case_key (convocation_id, procedure_id, scope, kind, fingerprint)
         SELECT c.convocation_id, k.procedure_id, k.scope, k.kind, k.fingerprint
         FROM live_key k JOIN penalty_case_key c ON c.kind = k.kind AND c.fingerprint = k.fingerprint
         WHERE k.entry_id = $1 AND c.procedure_id = $2 AND c.scope = $3
         ON CONFLICT DO NOTHING",
    )
    .bind(entry)
    .bind(procedure)
    .bind(scope)
    .execute(tx)
    .await?;
    Ok(())
}

/// The notice of this appointment has left: the days for an objection are counted from then, if it left late.
pub(super) async fn note_told(
    tx: &mut Connection,
    convocation: ConvocationId,
    received_at: DateTime<Utc>,
) -> Result<()> {
    let row: Option<(i32, DateTime<Utc>)> = sqlx::query_as(
        "SELECT objection_days, effect_at FROM penalty_case WHERE convocation_id = $1 AND told_at IS NULL",
    )
    .bind(convocation)
    .fetch_optional(&mut *tx)
    .await?;
    let Some((days, announced_for)) = row else { return Ok(()) };
    let effect = effect_at(received_at, u16::try_from(days).unwrap_or(u16::MAX));
    sqlx::query("UPDATE penalty_case SET told_at = $2, effect_at = $3 WHERE convocation_id = $1")
        .bind(convocation)
        .bind(received_at)
        .bind(effect.max(announced_for))
        .execute(tx)
        .await?;
    Ok(())
}

/// Of an entry, and of earlier entries of the same person.
pub(super) async fn penalties_of(db: &mut Connection, entry: EntryId) -> Result<Vec<PenaltyRecord>> {
    let rows = sqlx::query_as(penalty_select!(
        "WHERE p.entry_id = $1 OR p.convocation_id IN (SELECT k.convocation_id FROM live_key l
            JOIN penalty_case_key k ON k.procedure_id = l.procedure_id AND k.kind = l.kind
                AND k.fingerprint = l.fingerprint AND k.scope = l.scope WHERE l.entry_id = $1)
         ORDER BY p.announced_at DESC, p.convocation_id"
    ));
    Ok(rows.bind(entry).fetch_all(db).await?)
}

fn days_of(cost: Penalty) -> Option<i32> {
    match cost {
        Penalty::PauseDays(days) => Some(days.into()),
        Penalty::Close => None,
    }
}

fn fact<'a>(action: &'a str, penalty: &PenaltyRecord, actor: Actor, at: DateTime<Utc>) -> Fact<'a> {
    let detail = json!({ "convocation": penalty.convocation_id, "reason": penalty.reason });
    Fact { at, actor, action, subject: format!("entry:{}", penalty.entry_id), detail }
}

/// A penalty whose entry is held.
async fn hold_penalty(tx: &mut Connection, id: ConvocationId) -> Result<PenaltyRecord> {
    sqlx::query(locked!(
        "SELECT id FROM entry WHERE id = (SELECT entry_id FROM penalty_case WHERE convocation_id = $1)"
    ))
    .bind(id)
    .execute(&mut *tx)
    .await?;
    let row = sqlx::query_as(penalty_select!("WHERE p.convocation_id = $1")).bind(id);
    row.fetch_optional(tx).await?.ok_or(StoreError::NotFound("penalty"))
}

/// Those of the person's entries that stand in the queue: they bear the penalty.
async fn bearers(tx: &mut Connection, penalty: &PenaltyRecord) -> Result<Vec<EntryId>> {
    let rows = sqlx::query_scalar(
        "SELECT id FROM entry WHERE id = $2 AND state IN ('awaiting_identity', 'waiting', 'convoked')
         UNION SELECT l.entry_id FROM penalty_case_key k JOIN live_key l ON l.procedure_id = k.procedure_id
            AND l.kind = k.kind AND l.fingerprint = k.fingerprint AND l.scope = k.scope WHERE k.convocation_id = $1",
    );
    Ok(rows.bind(penalty.convocation_id).bind(penalty.entry_id).fetch_all(tx).await?)
}

/// Tells the person by the entry that they have now.
async fn tell(
    tx: &mut Connection,
    penalty: &PenaltyRecord,
    kind: NoticeKind,
    now: DateTime<Utc>,
) -> Result<()> {
    let entry = bearers(tx, penalty).await?.into_iter().next().unwrap_or(penalty.entry_id);
    let zone: String = sqlx::query_scalar(
        "SELECT p.zone FROM entry e JOIN queue q ON q.id = e.queue_id JOIN prefecture p ON p.id = q.prefecture_id
         WHERE e.id = $1",
    )
    .bind(entry)
    .fetch_one(&mut *tx)
    .await?;
    let owed = Owed {
        entry,
        convocation: Some(penalty.convocation_id),
        kind,
        way: addresses_of(tx, entry).await?.reach().first(),
        due_at: outside_quiet_hours(now, zone_of(&zone)),
    };
    owe(tx, &[owed], now).await
}

async fn forget_keys(tx: &mut Connection, id: ConvocationId) -> Result<()> {
    sqlx::query("DELETE FROM penalty_case_key WHERE convocation_id = $1").bind(id).execute(tx).await?;
    Ok(())
}

/// False if something has happened to it since it was read.
async fn take_effect(tx: &mut Connection, id: ConvocationId, now: DateTime<Utc>) -> Result<bool> {
    let penalty = hold_penalty(tx, id).await?;
    let is_due = matches!(penalty.state, PenaltyState::Announced | PenaltyState::Upheld)
        && penalty.told_at.is_some()
        && penalty.effect_at <= now;
    let held = hold(tx, penalty.entry_id, now).await?;
    if !is_due || (penalty.days.is_none() && held.entry.state == EntryState::Convoked) {
        return Ok(false);
    }
    let done = sqlx::query(
        "UPDATE penalty_case SET state = 'in_force' WHERE convocation_id = $1 AND state IN ('announced', 'upheld')",
    )
    .bind(id)
    .execute(&mut *tx)
    .await?;
    expect_rows(done.rows_affected(), 1, Refusal::Changed)?;
    if let Some(until) = penalty.suspended_until() {
        suspend_keys(tx, id, until).await?;
    }
    let event = EntryEvent::Penalise { announced: penalty.announced(), from: penalty.effect_at };
    for bearer in bearers(tx, &penalty).await? {
        let held = hold(tx, bearer, now).await?;
        apply(tx, &held, event, Cause::by(Actor::System, now)).await?;
    }
    forget_keys(tx, id).await?;
    record(tx, fact("penalty.in_force", &penalty, Actor::System, now)).await?;
    Ok(true)
}

/// A suspension follows the person's keys: withdrawing and registering again washes nothing off.
async fn suspend_keys(tx: &mut Connection, id: ConvocationId, until: DateTime<Utc>) -> Result<()> {
    sqlx::query(
        "INSERT INTO penalty (procedure_id, scope, kind, fingerprint, until)
         SELECT procedure_id, scope, kind, fingerprint, $2 FROM penalty_case_key WHERE convocation_id = $1
         ON CONFLICT (procedure_id, kind, fingerprint, scope) DO UPDATE SET until = excluded.until
         WHERE excluded.until > penalty.until",
    )
    .bind(id)
    .bind(until)
    .execute(tx)
    .await?;
    Ok(())
}
