//! The freeze: entries and slots are fixed in one transaction. A pure function, given as an argument,
//! makes the list from what this transaction reads.

use std::sync::Arc;

use std::collections::HashMap;

use chrono::{DateTime, Days, Utc};
use serde_json::json;
use sqlx::types::Json;

use super::directory::rules_body;
use super::documents::write_document;
use super::draws::draw_fact;
use super::{
    Backend, Connection, Db, Result, StoreError, VALUES_MAX, bulk, expect_rows, gathered, locked, record,
};
use crate::domain::entry::EntryState;
use crate::domain::ids::{DrawId, EntryId, SlotId};
use crate::domain::refusal::Refusal;
use crate::domain::rules::Rules;
use crate::failpoint::failpoint;
use crate::store::commands::{Compose, Composed, FreezeInput};
use crate::store::records::{DrawRecord, DrawState, ListedEntry, PoolSlot};

impl Backend {
    pub async fn freeze(&self, id: DrawId, compose: Compose, now: DateTime<Utc>) -> Result<()> {
        let draw = self.draw(id).await?.ok_or(StoreError::NotFound("draw"))?;
        failpoint!("F1");
        let mut tx = failpoint!("F2", self.begin())?;
        let state: DrawState = sqlx::query_scalar(locked!("SELECT state FROM draw WHERE id = $1"))
            .bind(id)
            .fetch_one(&mut *tx)
            .await?;
        if state != DrawState::Announced {
            return Err(Refusal::Changed.into());
        }
        failpoint!("F3");
        let rules = rules_body(&mut *tx, draw.queue_id, draw.rules_version).await?;
        let entries = waiting(&mut tx, &draw).await?;
        let slots = pool(&mut tx, &draw, &rules).await?;
        let (source, seed_at) = (draw.source.clone(), draw.seed_at.timestamp());
        let input = FreezeInput { draw, rules, entries, slots };
        // Seconds of computing for a large queue: on a thread of its own, so that pages go on.
        let make = Arc::clone(&compose.list);
        let composed =
            tokio::task::spawn_blocking(move || make(input)).await?.map_err(StoreError::Corrupt)?;
        // Published whole, and kept by witnesses: nothing personal, and all it takes to say whether the
        // list came before its randomness.
        let detail = json!({ "freeze": hex::encode(composed.freeze_hash), "entries": composed.entries.len(),
            "slots": composed.slots.len(), "source": source, "seed_at": seed_at });
        write(&mut tx, id, composed, now).await?;
        record(&mut tx, draw_fact("draw.frozen", id, detail, now)).await?;
        if !(compose.is_in_time)() {
            return Err(Refusal::Changed.into());
        }
        tx.commit().await?;
        Ok(())
    }
}

async fn waiting(tx: &mut Connection, draw: &DrawRecord) -> Result<Vec<ListedEntry>> {
    let rows = sqlx::query(locked!(
        "SELECT id, state, arrival_day, draws_survived, displaced, priority, labels, deadline_seen_at,
            availability, paused, paused_until,
            (SELECT a.reach_sms FROM applicant a WHERE a.id = entry.applicant_id) AS reach_sms,
            (SELECT a.reach_email FROM applicant a WHERE a.id = entry.applicant_id) AS reach_email
         FROM entry WHERE queue_id = $1 AND state IN ('waiting', 'awaiting_identity') AND registered_at <= $2"
    ));
    let listed = gathered(rows.bind(draw.queue_id).bind(draw.freeze_at).fetch(&mut *tx)).await?;
    as_announced(tx, draw, listed).await
}

/// Puts entries that changed since the announced instant back to what they were then: nothing that came later
/// enters a list that is frozen late. Who waits only since then is left out. So are people and slots that have
/// withdrawn since: a list may still lose what is gone, and nobody wins a seat that no longer exists.
async fn as_announced(
    tx: &mut Connection,
    draw: &DrawRecord,
    listed: Vec<ListedEntry>,
) -> Result<Vec<ListedEntry>> {
    let kept: Vec<EntryAtFreeze> = sqlx::query_as(
        "SELECT e.id, e.arrival_day, k.was_there, k.state, k.draws_survived, k.displaced, k.priority, k.labels,
            k.deadline_seen_at, k.availability, k.paused, k.paused_until, k.reach_sms, k.reach_email
         FROM entry_at_freeze k JOIN entry e ON e.id = k.entry_id WHERE k.draw_id = $1",
    )
    .bind(draw.id)
    .fetch_all(tx)
    .await?;
    if kept.is_empty() {
        return Ok(listed);
    }
    let mut kept: HashMap<EntryId, EntryAtFreeze> =
        kept.into_iter().map(|kept| (kept.entry.id, kept)).collect();
    let then = |now: ListedEntry| match kept.remove(&now.id) {
        None => Some(now),
        Some(kept) => Some(kept.entry).filter(|entry| kept.was_there && waits(entry.state)),
    };
    Ok(listed.into_iter().filter_map(then).collect())
}

const fn waits(state: EntryState) -> bool {
    matches!(state, EntryState::Waiting | EntryState::AwaitingIdentity)
}

/// An entry as it was at the announced instant.
#[derive(sqlx::FromRow)]
struct EntryAtFreeze {
    was_there: bool,
    #[sqlx(flatten)]
    entry: ListedEntry,
}

async fn pool(tx: &mut Connection, draw: &DrawRecord, rules: &Rules) -> Result<Vec<PoolSlot>> {
    let first = draw.seed_at + Days::new(rules.notice_min_days.into());
    let last = draw.seed_at + Days::new(rules.horizon_days.into());
    sqlx::query(locked!("SELECT id FROM slot WHERE queue_id = $1 AND state = 'free'"))
        .bind(draw.queue_id)
        .execute(&mut *tx)
        .await?;
    // Public for long enough that everybody could still change what they accept.
    let public_by = rules.public_by(draw.freeze_at);
    let rows = sqlx::query_as(
        "SELECT s.id, s.site_id, d.number AS desk_number, s.starts_at, s.minutes, i.zone
         FROM slot s JOIN desk d ON d.id = s.desk_id JOIN site i ON i.id = s.site_id
         WHERE s.queue_id = $1 AND s.state = 'free' AND s.starts_at >= $2 AND s.starts_at <= $3
            AND s.published_at <= $4 AND (s.freed_at IS NULL OR s.freed_at <= $4)
         ORDER BY s.starts_at, d.number, s.id",
    );
    Ok(rows.bind(draw.queue_id).bind(first).bind(last).bind(public_by).fetch_all(tx).await?)
}

async fn write(tx: &mut Connection, id: DrawId, composed: Composed, now: DateTime<Utc>) -> Result<()> {
    let (entries, slots) = (composed.entries.len(), composed.slots.len());
    let done = sqlx::query(
        "UPDATE draw SET state = 'frozen', frozen_at = $2, freeze_hash = $3, entry_count = $4, slot_count = $5,
            counts = $6 WHERE id = $1 AND state = 'announced'",
    )
    .bind(id)
    .bind(now)
    .bind(composed.freeze_hash.to_vec())
    .bind(i32::try_from(entries).unwrap_or(i32::MAX))
    .bind(i32::try_from(slots).unwrap_or(i32::MAX))
    .bind(Json(&composed.counts))
    .execute(&mut *tx)
    .await?;
    expect_rows(done.rows_affected(), 1, Refusal::Changed)?;
    write_document(tx, id, "list", &composed.list).await?;
    failpoint!("F4", bulk::write_list(tx, id, &composed.entries))?;
    hold_slots(tx, id, &composed.slots).await
}

async fn hold_slots(tx: &mut Connection, id: DrawId, slots: &[SlotId]) -> Result<()> {
    for chunk in slots.chunks(VALUES_MAX / 2) {
        let mut update = sqlx::QueryBuilder::<Db>::new("UPDATE slot SET state = 'frozen', draw_id = ");
        update.push_bind(id).push(" WHERE state = 'free' AND id IN (");
        let mut ids = update.separated(", ");
        for slot in chunk {
            ids.push_bind(*slot);
        }
        update.push(")");
        let done = update.build().execute(&mut *tx).await?;
        expect_rows(done.rows_affected(), chunk.len() as u64, Refusal::Changed)?;
    }
    Ok(())
}
