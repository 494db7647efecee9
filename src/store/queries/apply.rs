//! Writes what the domain decided: the entry, the end of its convocation, its keys, the notices superseded and
//! owed. Nothing else changes the state of an entry. A draw writes its wins and survivals for a whole list at
//! once, with the same effect.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::held::{Held, HeldConvocation};
use super::penalties::announce;
use super::{Connection, Db, Fact, Result, expect_rows, owe, record};
use crate::domain::actor::Actor;
use crate::domain::entry::{ConvocationState, Effect, Entry, EntryEvent, Keys, SlotEnd, Superseded};
use crate::domain::ids::{DrawId, EntryId, SlotId};
use crate::domain::notice::{NoticeKind, outside_quiet_hours};
use crate::domain::refusal::Refusal;
use crate::store::commands::Owed;

/// Who causes an event, when, and the sealed reason of a convocation's end.
#[derive(Clone)]
pub struct Cause {
    pub actor: Actor,
    pub now: DateTime<Utc>,
    pub reason: Option<Vec<u8>>,
}

impl Cause {
    pub const fn by(actor: Actor, now: DateTime<Utc>) -> Self {
        Self { actor, now, reason: None }
    }
}

/// Lets an event happen to a held entry. New keys are taken by the caller, who knows them.
pub async fn apply(tx: &mut Connection, held: &Held, event: EntryEvent, cause: Cause) -> Result<Effect> {
    let effect = held.entry.apply(event, cause.actor, &held.rules, cause.now)?;
    if let (Some(live), Some((state, slot))) = (held.live, effect.ended) {
        end_convocation(tx, live, state, &cause).await?;
        end_slot(tx, live.slot, slot, cause.now).await?;
        let detail = json!({ "entry": held.id, "slot": live.slot, "becomes": state, "entry_becomes": effect.entry.state });
        let subject = format!("convocation:{}", live.id);
        let action = "convocation.ended";
        record(tx, Fact { at: cause.now, actor: cause.actor, action, subject, detail }).await?;
    }
    if effect.entry != held.entry {
        write_entry(tx, held, &effect.entry, cause.now).await?;
    }
    let due_at = outside_quiet_hours(cause.now, held.zone);
    if let (Some(live), Some(announced)) = (held.live, effect.announces) {
        announce(tx, held, live, announced, &cause, due_at).await?;
    }
    if effect.keys == Keys::Release {
        release_keys(tx, held.id).await?;
    }
    supersede(tx, held.id, effect.supersedes, cause.now).await?;
    if let Some(kind) = effect.owes {
        let owed = Owed {
            entry: held.id,
            convocation: effect.ended.and(held.live).map(|live| live.id),
            kind,
            way: held.reach.first(),
            due_at,
        };
        owe(tx, &[owed], cause.now).await?;
    }
    Ok(effect)
}

/// Staff have changed what is no event of the entry: its holder is told.
pub(super) async fn tell_changed(tx: &mut Connection, held: &Held, now: DateTime<Utc>) -> Result<()> {
    let (way, due_at) = (held.reach.first(), outside_quiet_hours(now, held.zone));
    let owed = Owed { entry: held.id, convocation: None, kind: NoticeKind::Changed, way, due_at };
    owe(tx, &[owed], now).await
}

async fn end_convocation(
    tx: &mut Connection,
    live: HeldConvocation,
    state: ConvocationState,
    cause: &Cause,
) -> Result<()> {
    let done = sqlx::query(
        // The reason of a tick was written with it.
        "UPDATE convocation SET state = $2, ended_at = $3, reason = COALESCE($4, reason)
         WHERE id = $1 AND state = 'live'",
    )
    .bind(live.id)
    .bind(state)
    .bind(cause.now)
    .bind(&cause.reason)
    .execute(tx)
    .await?;
    expect_rows(done.rows_affected(), 1, Refusal::ConvocationEnded)
}

async fn end_slot(tx: &mut Connection, slot: SlotId, end: SlotEnd, now: DateTime<Utc>) -> Result<()> {
    match end {
        SlotEnd::Spent => {}
        // For a later draw: the list of a draw under way is already written, and so is one whose announced
        // instant has passed.
        SlotEnd::Free => {
            sqlx::query("UPDATE slot SET state = 'free', freed_at = $2 WHERE id = $1 AND state = 'taken'")
                .bind(slot)
                .bind(now)
                .execute(tx)
                .await?;
        }
        SlotEnd::Withdrawn => {
            sqlx::query(
                "UPDATE slot SET state = 'withdrawn', withdrawn_at = $2 WHERE id = $1 AND state = 'taken'",
            )
            .bind(slot)
            .bind(now)
            .execute(tx)
            .await?;
        }
    }
    Ok(())
}

async fn write_entry(tx: &mut Connection, held: &Held, after: &Entry, now: DateTime<Utc>) -> Result<()> {
    let column = |count: u32| i32::try_from(count).unwrap_or(i32::MAX);
    sqlx::query(
        "UPDATE entry SET state = $2, close_reason = $3, paused = $4, paused_until = $5, displaced = $6,
            draws_survived = $7, declines = $8, identity_warnings = $9, ended_at = $10 WHERE id = $1",
    )
    .bind(held.id)
    .bind(after.state)
    .bind(after.close_reason)
    .bind(after.paused)
    .bind(after.paused_until)
    .bind(after.displaced)
    .bind(column(after.draws_survived))
    .bind(column(after.declines))
    .bind(column(after.warnings))
    .bind((!after.state.is_live()).then_some(now))
    .execute(&mut *tx)
    .await?;
    if after.draws_survived < held.entry.draws_survived {
        // Whatever is annulled later takes back only what still counts.
        sqlx::query("UPDATE draw_entry SET counts = FALSE WHERE entry_id = $1")
            .bind(held.id)
            .execute(tx)
            .await?;
    }
    Ok(())
}

/// Suspends an entry that has just taken its keys, if one of them is suspended.
pub async fn suspend_by_keys(tx: &mut Connection, id: EntryId, now: DateTime<Utc>) -> Result<()> {
    sqlx::query(
        "UPDATE entry SET paused_until = suspended.until FROM
            (SELECT MAX(p.until) AS until FROM penalty p JOIN live_key k ON k.procedure_id = p.procedure_id
                AND k.kind = p.kind AND k.fingerprint = p.fingerprint AND k.scope = p.scope
             WHERE k.entry_id = $1) AS suspended
         WHERE entry.id = $1 AND suspended.until > $2
            AND (entry.paused_until IS NULL OR entry.paused_until < suspended.until)",
    )
    .bind(id)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn release_keys(tx: &mut Connection, id: EntryId) -> Result<()> {
    sqlx::query("DELETE FROM live_key WHERE entry_id = $1").bind(id).execute(tx).await?;
    Ok(())
}

async fn supersede(tx: &mut Connection, id: EntryId, which: Superseded, now: DateTime<Utc>) -> Result<()> {
    let kinds: Vec<NoticeKind> =
        NoticeKind::ALL.iter().copied().filter(|kind| which.includes(*kind)).collect();
    if kinds.is_empty() {
        return Ok(());
    }
    let mut update = sqlx::QueryBuilder::<Db>::new("UPDATE notice SET state = 'superseded', settled_at = ");
    update
        .push_bind(now)
        .push(" WHERE state = 'pending' AND entry_id = ")
        .push_bind(id)
        .push(" AND kind IN (");
    let mut words = update.separated(", ");
    for kind in kinds {
        words.push_bind(kind);
    }
    update.push(")");
    update.build().execute(tx).await?;
    Ok(())
}

/// [`EntryEvent::Win`] for every live convocation of a draw. Answers how many entries it was.
pub async fn apply_wins(tx: &mut Connection, draw: DrawId) -> Result<u64> {
    let done = sqlx::query(
        "UPDATE entry SET state = 'convoked', displaced = FALSE WHERE state IN ('waiting', 'awaiting_identity')
         AND id IN (SELECT entry_id FROM convocation WHERE draw_id = $1 AND state = 'live')",
    )
    .bind(draw)
    .execute(tx)
    .await?;
    Ok(done.rows_affected())
}

/// [`EntryEvent::Survive`] for whoever could have taken enough of the seats, still waits and did not win. Who no longer
/// waited is marked, so that an annulment takes nothing back from them.
pub async fn apply_survivals(tx: &mut Connection, draw: DrawId) -> Result<()> {
    sqlx::query(
        "UPDATE draw_entry SET counts = FALSE WHERE draw_id = $1 AND wide = TRUE AND won = FALSE
         AND entry_id IN (SELECT x.entry_id FROM draw_entry x JOIN entry e ON e.id = x.entry_id
            WHERE x.draw_id = $1 AND e.state NOT IN ('waiting', 'awaiting_identity'))",
    )
    .bind(draw)
    .execute(&mut *tx)
    .await?;
    sqlx::query(
        "UPDATE entry SET draws_survived = draws_survived + 1 WHERE state IN ('waiting', 'awaiting_identity')
         AND id IN (SELECT entry_id FROM draw_entry WHERE draw_id = $1 AND wide = TRUE AND won = FALSE)",
    )
    .bind(draw)
    .execute(tx)
    .await?;
    Ok(())
}

/// Takes a draw survived back, from those for whom it still counts: the draw is annulled.
pub async fn take_survivals_back(tx: &mut Connection, draw: DrawId) -> Result<()> {
    sqlx::query(
        "UPDATE entry SET draws_survived = draws_survived - 1 WHERE draws_survived > 0 AND id IN
            (SELECT entry_id FROM draw_entry WHERE draw_id = $1 AND wide = TRUE AND won = FALSE
             AND counts = TRUE)",
    )
    .bind(draw)
    .execute(tx)
    .await?;
    Ok(())
}
