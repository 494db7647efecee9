//! Entries as they wait: reading them, pausing, changing what one can attend, withdrawing, moving.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use sqlx::types::Json;

use super::apply::{Cause, apply, release_keys, suspend_by_keys, tell_changed};
use super::convocations::{incomplete_of, live_of};
use super::directory::version;
use super::draws::draws_of;
use super::held::{Held, hold, keep_for_late_freeze};
use super::notices::notices_of;
use super::penalties::{carry_keys, penalties_of};
use super::registration::{hold_keys, scope_of};
use super::{Backend, Connection, Fact, Result, record};
use crate::domain::actor::Actor;
use crate::domain::entry::{EntryEvent, EntryState};
use crate::domain::identity::KeyKind;
use crate::domain::ids::{EntryId, PrefectureId, QueueId};
use crate::domain::notice::Way;
use crate::domain::refusal::Refusal;
use crate::store::commands::{EntryChange, KeyFingerprint};
use crate::store::records::{EntryDraw, EntryRecord, Surroundings};

/// Changes of their own that somebody is told of in a day.
const TOLD_A_DAY: i64 = 5;

/// An entry with its applicant; what follows names the rows.
macro_rules! entry_select {
    ($rest:expr) => {
        concat!(
            "SELECT e.id, e.reference, e.queue_id, e.applicant_id, e.state, e.close_reason, e.channel,
                e.registered_at, e.arrival_day, e.identity_verified_at, e.identity_how, e.draws_survived,
                e.declines, e.displaced, e.priority, e.labels, e.deadline, e.deadline_kind,
                e.deadline_seen_at, e.availability, e.paused, e.paused_until, e.ended_at, e.erased_at,
                a.wrapped_key,
                a.birth_name, a.given_names, a.birth_date, a.foreigner_number, a.document, a.phone, a.email,
                a.birth_date_fingerprint, a.language, a.reach_sms, a.reach_email
             FROM entry e JOIN applicant a ON a.id = e.applicant_id ",
            $rest
        )
    };
}
pub(super) use entry_select;

impl Backend {
    pub async fn entry(&self, id: EntryId) -> Result<Option<EntryRecord>> {
        let row = sqlx::query_as(entry_select!("WHERE e.id = $1"));
        Ok(row.bind(id).fetch_optional(self.reads()).await?)
    }

    pub async fn entry_by_reference(&self, reference: String) -> Result<Option<EntryRecord>> {
        let row = sqlx::query_as(entry_select!("WHERE e.reference = $1"));
        Ok(row.bind(reference).fetch_optional(self.reads()).await?)
    }

    pub async fn same_contacts(&self, id: EntryId) -> Result<(i64, i64)> {
        let row = sqlx::query_as(
            "SELECT COUNT(CASE WHEN a.phone_fingerprint = mine.phone_fingerprint THEN 1 END),
                COUNT(CASE WHEN a.email_fingerprint = mine.email_fingerprint THEN 1 END)
             FROM applicant mine JOIN entry me ON me.applicant_id = mine.id
             JOIN applicant a ON a.phone_fingerprint = mine.phone_fingerprint
                OR a.email_fingerprint = mine.email_fingerprint
             JOIN entry e ON e.applicant_id = a.id
                AND e.state IN ('awaiting_identity', 'waiting', 'convoked') AND e.id <> me.id
             WHERE me.id = $1",
        );
        Ok(row.bind(id).fetch_one(self.reads()).await?)
    }

    pub async fn carrying(&self, phone: Option<Vec<u8>>, email: Option<Vec<u8>>) -> Result<(i64, i64)> {
        let row = sqlx::query_as(
            "SELECT (SELECT COUNT(*) FROM applicant a JOIN entry e ON e.applicant_id = a.id
                WHERE a.phone_fingerprint = $1 AND e.state IN ('awaiting_identity', 'waiting', 'convoked')),
                (SELECT COUNT(*) FROM applicant a JOIN entry e ON e.applicant_id = a.id
                WHERE a.email_fingerprint = $2 AND e.state IN ('awaiting_identity', 'waiting', 'convoked'))",
        );
        Ok(row.bind(phone).bind(email).fetch_one(self.reads()).await?)
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
            incomplete: incomplete_of(&mut db, entry).await?,
            draws: draws_of_entry(&mut db, entry).await?,
            notices: notices_of(&mut db, entry).await?,
            penalties: penalties_of(&mut db, entry).await?,
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
        let cause = Cause::by(actor, now);
        let (event, action) = match change {
            EntryChange::Pause => (EntryEvent::Pause, "entry.paused"),
            EntryChange::Resume => (EntryEvent::Resume, "entry.resumed"),
            EntryChange::Availability(_) => (EntryEvent::ChangeAvailability, "entry.availability"),
            EntryChange::DeadlineSeen { .. } => (EntryEvent::SeeDeadline, "entry.deadline_seen"),
            EntryChange::Withdraw => (EntryEvent::Withdraw, "entry.withdrawn"),
        };
        let held = hold(&mut tx, id, now).await?;
        if stands(&mut tx, &held, &change).await? {
            return Ok(());
        }
        apply(&mut tx, &held, event, cause).await?;
        write_carried(&mut tx, id, &change, now).await?;
        if matches!(actor, Actor::Holder(_)) && change.narrows() {
            tell_own_change(&mut tx, &held, now).await?;
        }
        let subject = format!("entry:{id}");
        record(&mut tx, Fact { at: now, actor, action, subject, detail: json!({}) }).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// Somebody else may have the reference and the birth date: what keeps an entry out of lists is told to its holder, a few
/// times a day. Nobody prints a letter for it.
async fn tell_own_change(tx: &mut Connection, held: &Held, now: DateTime<Utc>) -> Result<()> {
    if held.reach.first() == Way::Letter {
        return Ok(());
    }
    // One that has not left yet tells of this change as well.
    let (pending, told): (i64, i64) = sqlx::query_as(
        "SELECT COUNT(*) FILTER (WHERE state = 'pending'),
            COUNT(*) FILTER (WHERE state IN ('sending', 'accepted', 'delivered', 'unknown'))
         FROM notice WHERE entry_id = $1 AND kind = 'changed' AND created_at > $2",
    )
    .bind(held.id)
    .bind(now - TimeDelta::days(1))
    .fetch_one(&mut *tx)
    .await?;
    if pending == 0 && told < TOLD_A_DAY { tell_changed(tx, held, now).await } else { Ok(()) }
}

/// Whether a live entry is already as a change wants it: sent twice, it is done and told once.
async fn stands(tx: &mut Connection, held: &Held, change: &EntryChange) -> Result<bool> {
    let stands = match change {
        EntryChange::Pause => held.entry.paused,
        // A suspension is no pause: nobody ends it before its day.
        EntryChange::Resume => !held.entry.paused,
        EntryChange::Availability(availability) => {
            select_entry(tx, held.id).await?.availability.0 == *availability
        }
        EntryChange::DeadlineSeen { deadline, kind } => {
            let entry = select_entry(tx, held.id).await?;
            let known = (entry.deadline, entry.deadline_kind.as_ref());
            entry.standing.deadline_seen_at.is_some() && known == (Some(*deadline), Some(kind))
        }
        EntryChange::Withdraw => false,
    };
    Ok(stands && held.entry.state.is_live())
}

async fn select_entry(tx: &mut Connection, id: EntryId) -> Result<EntryRecord> {
    Ok(sqlx::query_as(entry_select!("WHERE e.id = $1")).bind(id).fetch_one(tx).await?)
}

/// What a change carries beside the event.
async fn write_carried(
    tx: &mut Connection,
    id: EntryId,
    change: &EntryChange,
    now: DateTime<Utc>,
) -> Result<()> {
    match change {
        EntryChange::Availability(availability) => {
            sqlx::query("UPDATE entry SET availability = $2 WHERE id = $1")
                .bind(id)
                .bind(Json(availability))
                .execute(tx)
                .await?;
        }
        EntryChange::DeadlineSeen { deadline, kind } => {
            sqlx::query(
                "UPDATE entry SET deadline = $2, deadline_kind = $3, deadline_seen_at = $4 WHERE id = $1",
            )
            .bind(id)
            .bind(deadline)
            .bind(kind)
            .bind(now)
            .execute(tx)
            .await?;
        }
        EntryChange::Pause | EntryChange::Resume | EntryChange::Withdraw => {}
    }
    Ok(())
}

/// Moves a waiting entry to the right queue: the day and the seniority stay.
pub(super) async fn move_entry(tx: &mut Connection, id: EntryId, queue: QueueId, cause: Cause) -> Result<()> {
    let held = hold(tx, id, cause.now).await?;
    let (actor, at) = (cause.actor, cause.now);
    apply(tx, &held, EntryEvent::Move { same_queue: held.queue == queue }, cause).await?;
    let left = scope_of(tx, held.queue).await?;
    rehold_keys(tx, id, queue).await?;
    carry_keys(tx, id, left).await?;
    suspend_by_keys(tx, id, at).await?;
    // Sites stay, as the prefecture does. A label is a number that only its queue's rules give a meaning:
    // the new queue's agents grant theirs, for a reason of its own.
    sqlx::query("DELETE FROM privilege WHERE entry_id = $1 AND label <> 0")
        .bind(id)
        .execute(&mut *tx)
        .await?;
    sqlx::query("UPDATE entry SET queue_id = $2, labels = $3 WHERE id = $1")
        .bind(id)
        .bind(queue)
        .bind(Json(Vec::<u8>::new()))
        .execute(&mut *tx)
        .await?;
    keep_for_late_freeze(tx, id, false, at).await?;
    let detail = json!({ "from": held.queue, "to": queue });
    record(tx, Fact { at, actor, action: "entry.moved", subject: format!("entry:{id}"), detail }).await
}

async fn rehold_keys(tx: &mut Connection, id: EntryId, queue: QueueId) -> Result<()> {
    let keys: Vec<(KeyKind, Vec<u8>)> =
        sqlx::query_as("SELECT kind, fingerprint FROM live_key WHERE entry_id = $1")
            .bind(id)
            .fetch_all(&mut *tx)
            .await?;
    release_keys(tx, id).await?;
    let keys: Vec<_> =
        keys.into_iter().map(|(kind, fingerprint)| KeyFingerprint { kind, fingerprint }).collect();
    match hold_keys(tx, queue, id, &keys).await? {
        Some(_) => Err(Refusal::AlreadyWaitsThere.into()),
        None => Ok(()),
    }
}

async fn draws_of_entry(db: &mut Connection, id: EntryId) -> Result<Vec<EntryDraw>> {
    let rows = sqlx::query_as(
        "SELECT d.id AS draw_id, d.number AS draw_number, d.queue_id, d.state, d.frozen_at, d.drawn_at,
            d.entry_count, d.slot_count, d.winner_count, x.number, x.pid, x.salt, x.tier, x.had_chance,
            x.wide, x.place, x.won
         FROM draw_entry x JOIN draw d ON d.id = x.draw_id WHERE x.entry_id = $1 ORDER BY d.frozen_at DESC",
    );
    Ok(rows.bind(id).fetch_all(db).await?)
}
