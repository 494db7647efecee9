//! Slots: published all or nothing, withdrawn, lapsed. A desk is never in two places: the rows of the
//! desks concerned are held while their times are compared.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde_json::json;

use super::apply::{Cause, apply};
use super::compensations::TakingBack;
use super::held::hold_by_slot;
use super::publications::{judge_rest, propose, waiting_groups};
use super::{
    Backend, Connection, Db, Fact, Result, StoreError, VALUES_MAX, expect_rows, locked, record, record_all,
};
use crate::domain::actor::Actor;
use crate::domain::entry::{ConvocationEvent, EntryEvent};
use crate::domain::ids::{DeskId, PrefectureId, QueueId, SiteId, SlotId};
use crate::domain::refusal::Refusal;
use crate::domain::situation::{Published as OpenSlot, SlotClasses};
use crate::domain::slot::SlotState;
use crate::store::commands::{Judges, NewSlot, Publication, Published};
use crate::store::directory::zone_of;
use crate::store::records::SlotRecord;

const SLOT_COLUMNS: usize = 8;
/// No appointment is longer, in minutes: how far back an overlap can begin.
const MINUTES_MAX: i64 = 600;
/// What slots of the past say of those to come.
const USUAL_WEEKS: i64 = 8;

impl Backend {
    pub async fn publish_slots(
        &self,
        publication: Publication,
        actor: Actor,
        now: DateTime<Utc>,
    ) -> Result<Published> {
        let Publication { id, queue, slots, judge } = publication;
        let mut tx = self.begin().await?;
        let mut desks: Vec<DeskId> = slots.iter().map(|slot| slot.desk).collect();
        desks.sort_unstable();
        desks.dedup();
        Self::lock_desks(&mut tx, &desks).await?;
        let compared = compare(&mut tx, queue, &desks, &slots).await?;
        if !compared.busy.is_empty() {
            return Ok(Published::Busy(compared.busy));
        }
        // Slots that stand there already say nothing of who could accept the new ones.
        let offered = compared.offered(&slots);
        if !offered.is_empty() && judge.few_percent > 0 {
            let waiting = waiting_groups(&mut tx, queue, judge.admit_declared, now).await?;
            if (judge.needs_second)(&waiting, &offered) {
                propose(&mut tx, id, queue, &slots, actor, now).await?;
                tx.commit().await?;
                return Ok(Published::Proposed);
            }
        }
        let published = insert(&mut tx, queue, &compared, actor, now).await?;
        tx.commit().await?;
        Ok(published)
    }

    pub async fn slot_classes(&self, queue: QueueId, now: DateTime<Utc>) -> Result<SlotClasses> {
        let rows: Vec<SlotGroup> = sqlx::query_as(
            "SELECT s.site_id, s.starts_at, s.freed_at, s.published_at,
                CAST(SUM(CASE WHEN s.state = 'free' THEN 1 ELSE 0 END) AS BIGINT) AS free, i.zone
             FROM slot s JOIN site i ON i.id = s.site_id
             WHERE s.queue_id = $1 AND s.state IN ('free', 'frozen', 'taken', 'lapsed')
                AND s.withdrawn_at IS NULL AND s.starts_at > $2
             GROUP BY s.site_id, s.starts_at, s.freed_at, s.published_at, i.zone
             ORDER BY s.starts_at, s.site_id, s.published_at, s.freed_at",
        )
        .bind(queue)
        .bind(now - TimeDelta::weeks(USUAL_WEEKS))
        .fetch_all(self.reads())
        .await?;
        let mut classes = SlotClasses::default();
        for group in rows {
            let zone = zone_of(&group.zone);
            let free = if group.starts_at > now { group.free } else { 0 };
            classes.add(OpenSlot {
                site: group.site_id,
                date: zone.local_date(group.starts_at),
                half: zone.half_of(group.starts_at),
                starts_at: group.starts_at,
                public_since: group.freed_at.unwrap_or(group.published_at),
                seats: u32::try_from(free).unwrap_or(0),
            });
        }
        Ok(classes)
    }

    pub async fn slots_between(
        &self,
        prefecture: PrefectureId,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Result<Vec<SlotRecord>> {
        let rows = sqlx::query_as(
            "SELECT s.id, s.queue_id, s.site_id, d.number AS desk_number, s.starts_at, s.minutes, s.state,
                s.withdrawn_at
             FROM slot s JOIN desk d ON d.id = s.desk_id JOIN site i ON i.id = s.site_id
             WHERE i.prefecture_id = $1 AND s.starts_at >= $2 AND s.starts_at < $3
             ORDER BY s.starts_at, i.name, d.number",
        );
        Ok(rows.bind(prefecture).bind(from).bind(to).fetch_all(self.reads()).await?)
    }

    pub async fn withdraw_slot(
        &self,
        id: SlotId,
        reason: String,
        judges: Judges,
        actor: Actor,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let mut tx = self.begin().await?;
        let mut act = TakingBack::of_slot(&mut tx, id, Some(reason.clone()), actor, now).await?;
        let queue = withdraw(&mut tx, id, &mut act, &reason, actor, now).await?;
        let waits = judge_rests(&mut tx, &judges, [queue], actor, now).await?;
        tx.commit().await?;
        Ok(waits)
    }

    pub async fn close_day(
        &self,
        site: SiteId,
        day: NaiveDate,
        reason: String,
        judges: Judges,
        actor: Actor,
        now: DateTime<Utc>,
    ) -> Result<(u64, bool)> {
        let mut tx = self.begin().await?;
        let zone: String = sqlx::query_scalar("SELECT zone FROM site WHERE id = $1")
            .bind(site)
            .fetch_optional(&mut *tx)
            .await?
            .ok_or(StoreError::NotFound("site"))?;
        let zone = zone_of(&zone);
        // A local day lies within these bounds in every zone; the exact day is compared below.
        let noon = day.and_hms_opt(12, 0, 0).unwrap_or_default().and_utc();
        let slots: Vec<(SlotId, DateTime<Utc>)> = sqlx::query_as(
            "SELECT id, starts_at FROM slot WHERE site_id = $1 AND starts_at > $2 AND starts_at < $3
             AND starts_at > $4 AND state IN ('free', 'frozen', 'taken') ORDER BY starts_at, id",
        )
        .bind(site)
        .bind(noon - TimeDelta::hours(36))
        .bind(noon + TimeDelta::hours(36))
        .bind(now)
        .fetch_all(&mut *tx)
        .await?;
        let (mut withdrawn, mut queues) = (0, BTreeSet::new());
        let mut act = TakingBack::of_day(site, day, reason.clone(), actor, now);
        for (slot, starts_at) in slots {
            if zone.local(starts_at).date() != day {
                continue;
            }
            match withdraw(&mut tx, slot, &mut act, &reason, actor, now).await {
                Ok(queue) => {
                    withdrawn += 1;
                    queues.insert(queue);
                }
                // It lapsed meanwhile, or its holder has come early and was served.
                Err(StoreError::Refused(_)) => {}
                Err(error) => return Err(error),
            }
        }
        if withdrawn > 0 {
            let detail = json!({ "day": day, "slots": withdrawn });
            let subject = format!("site:{site}");
            record(&mut tx, Fact { at: now, actor, action: "site.day_closed", subject, detail }).await?;
        }
        let waits = judge_rests(&mut tx, &judges, queues, actor, now).await?;
        tx.commit().await?;
        Ok((withdrawn, waits))
    }

    pub async fn lapse_slots(
        &self,
        nearest: Vec<(QueueId, DateTime<Utc>)>,
        now: DateTime<Utc>,
    ) -> Result<u64> {
        let mut lapsed = 0;
        for chunk in nearest.chunks(VALUES_MAX / 2) {
            if self.has_slot_to_lapse(chunk).await? {
                lapsed += self.lapse_chunk(chunk, now).await?;
            }
        }
        Ok(lapsed)
    }

    /// A read, by index: nearly always there is none, and then nothing is begun.
    async fn has_slot_to_lapse(&self, nearest: &[(QueueId, DateTime<Utc>)]) -> Result<bool> {
        let mut found = sqlx::QueryBuilder::<Db>::new("SELECT EXISTS (SELECT 1 FROM (");
        push_nearest(&mut found, nearest);
        found.push(
            ") AS near JOIN slot s ON s.queue_id = near.column1 AND s.state = 'free'
              AND s.starts_at < near.column2)",
        );
        Ok(found.build_query_scalar().fetch_one(self.reads()).await?)
    }

    async fn lapse_chunk(&self, nearest: &[(QueueId, DateTime<Utc>)], now: DateTime<Utc>) -> Result<u64> {
        let mut tx = self.begin().await?;
        let mut update = sqlx::QueryBuilder::<Db>::new("UPDATE slot SET state = 'lapsed' FROM (");
        push_nearest(&mut update, nearest);
        update.push(
            ") AS near WHERE slot.queue_id = near.column1 AND slot.state = 'free'
              AND slot.starts_at < near.column2 RETURNING slot.queue_id",
        );
        let lapsed: Vec<QueueId> = update.build_query_scalar().fetch_all(&mut *tx).await?;
        let mut by_queue = BTreeMap::<QueueId, u64>::new();
        for queue in &lapsed {
            *by_queue.entry(*queue).or_default() += 1;
        }
        let facts = by_queue.into_iter().map(|(queue, slots)| Fact {
            at: now,
            actor: Actor::System,
            action: "slots.lapsed",
            subject: format!("queue:{queue}"),
            detail: json!({ "slots": slots }),
        });
        record_all(&mut tx, &facts.collect::<Vec<_>>()).await?;
        tx.commit().await?;
        Ok(lapsed.len() as u64)
    }
}

/// `column1` is a queue, `column2` the instant before which its free slots are too near.
fn push_nearest(query: &mut sqlx::QueryBuilder<Db>, nearest: &[(QueueId, DateTime<Utc>)]) {
    query.push_values(nearest, |mut row, (queue, before)| {
        row.push_bind(*queue).push_bind(*before);
    });
}

/// Slots of one site and time, public since the same instant.
#[derive(sqlx::FromRow)]
struct SlotGroup {
    site_id: SiteId,
    starts_at: DateTime<Utc>,
    freed_at: Option<DateTime<Utc>>,
    published_at: DateTime<Utc>,
    free: i64,
    zone: String,
}

#[derive(sqlx::FromRow)]
struct Standing {
    id: SlotId,
    queue_id: QueueId,
    starts_at: DateTime<Utc>,
    minutes: i32,
    withdrawn_at: Option<DateTime<Utc>>,
}

/// Slots to publish, beside those that stand.
#[derive(Default)]
pub(super) struct Compared {
    fresh: Vec<NewSlot>,
    /// By their place in the list: their desk is busy.
    pub(super) busy: Vec<usize>,
    /// The same slot stands in a frozen list, marked as withdrawn: it is offered again.
    marked: Vec<Marked>,
    /// Stand there already, the same.
    doubles: usize,
}

struct Marked {
    id: SlotId,
    /// Its place in the list.
    at: usize,
}

impl Compared {
    /// The slots that this publication offers, and did not before.
    fn offered(&self, slots: &[NewSlot]) -> Vec<NewSlot> {
        let marked = self.marked.iter().filter_map(|marked| slots.get(marked.at));
        self.fresh.iter().chain(marked).cloned().collect()
    }
}

/// Puts the slots in the pool.
pub(super) async fn insert(
    tx: &mut Connection,
    queue: QueueId,
    compared: &Compared,
    actor: Actor,
    now: DateTime<Utc>,
) -> Result<Published> {
    let Compared { fresh, marked, doubles, .. } = compared;
    for marked in marked {
        let done = sqlx::query(
            "UPDATE slot SET withdrawn_at = NULL, compensation_id = NULL WHERE id = $1 AND state = 'frozen'",
        )
        .bind(marked.id)
        .execute(&mut *tx)
        .await?;
        expect_rows(done.rows_affected(), 1, Refusal::Changed)?;
    }
    for chunk in fresh.chunks(VALUES_MAX / SLOT_COLUMNS) {
        let mut insert = sqlx::QueryBuilder::<Db>::new(
            "INSERT INTO slot (id, queue_id, site_id, desk_id, starts_at, minutes, state, published_at) ",
        );
        insert.push_values(chunk, |mut row, slot| {
            row.push_bind(slot.id)
                .push_bind(queue)
                .push_bind(slot.site)
                .push_bind(slot.desk)
                .push_bind(slot.starts_at)
                .push_bind(i32::from(slot.minutes))
                .push_bind(SlotState::Free)
                .push_bind(now);
        });
        insert.build().execute(&mut *tx).await?;
    }
    let new = fresh.len() + marked.len();
    if new > 0 {
        let detail = json!({ "new": new, "doubles": doubles });
        let subject = format!("queue:{queue}");
        record(tx, Fact { at: now, actor, action: "slots.published", subject, detail }).await?;
    }
    Ok(Published::Done { new, doubles: *doubles })
}

/// Compares slots to publish with those that stand at their desks.
pub(super) async fn compare(
    tx: &mut Connection,
    queue: QueueId,
    desks: &[DeskId],
    slots: &[NewSlot],
) -> Result<Compared> {
    let first = slots.iter().map(|slot| slot.starts_at).min().unwrap_or_default();
    let last = slots.iter().map(|slot| slot.starts_at).max().unwrap_or_default();
    let mut standing = std::collections::HashMap::<DeskId, Vec<Standing>>::new();
    for desk in desks {
        let rows: Vec<Standing> = sqlx::query_as(
            "SELECT id, queue_id, starts_at, minutes, withdrawn_at FROM slot WHERE desk_id = $1
             AND starts_at >= $2 AND starts_at <= $3 AND state <> 'withdrawn' ORDER BY starts_at",
        )
        .bind(*desk)
        .bind(first - TimeDelta::minutes(MINUTES_MAX))
        .bind(last + TimeDelta::minutes(MINUTES_MAX))
        .fetch_all(&mut *tx)
        .await?;
        standing.insert(*desk, rows);
    }
    let mut compared = Compared { fresh: Vec::with_capacity(slots.len()), ..Compared::default() };
    for (at, slot) in slots.iter().enumerate() {
        let rows = standing.get(&slot.desk).map_or(&[][..], Vec::as_slice);
        let ends_at = slot.starts_at + TimeDelta::minutes(slot.minutes.into());
        let after = rows.partition_point(|row| row.starts_at < slot.starts_at);
        let same = rows.get(after).filter(|row| {
            row.starts_at == slot.starts_at && row.minutes == i32::from(slot.minutes) && row.queue_id == queue
        });
        let before = after
            .checked_sub(1)
            .and_then(|at| rows.get(at))
            .is_some_and(|row| row.starts_at + TimeDelta::minutes(row.minutes.into()) > slot.starts_at);
        match same {
            Some(row) if row.withdrawn_at.is_some() => compared.marked.push(Marked { id: row.id, at }),
            Some(_) => compared.doubles += 1,
            None if before || rows.get(after).is_some_and(|row| row.starts_at < ends_at) => {
                compared.busy.push(at);
            }
            None => compared.fresh.push(slot.clone()),
        }
    }
    Ok(compared)
}

/// What is left of these queues' slots; whether some of it now waits for a second person.
async fn judge_rests(
    tx: &mut Connection,
    judges: &Judges,
    queues: impl IntoIterator<Item = QueueId>,
    actor: Actor,
    now: DateTime<Utc>,
) -> Result<bool> {
    let mut waits = false;
    for queue in queues {
        if let Some((_, judge)) = judges.iter().find(|(of, _)| *of == queue) {
            waits |= judge_rest(tx, queue, judge, actor, now).await?;
        }
    }
    Ok(waits)
}

/// Takes one slot out, with its holder's convocation if there is one. Answers its queue.
async fn withdraw(
    tx: &mut Connection,
    id: SlotId,
    act: &mut TakingBack,
    reason: &str,
    actor: Actor,
    now: DateTime<Utc>,
) -> Result<QueueId> {
    // An entry is held before its slot, everywhere.
    let held = hold_by_slot(tx, id, now).await?;
    let row: Option<(SlotState, DateTime<Utc>, QueueId)> =
        sqlx::query_as(locked!("SELECT state, starts_at, queue_id FROM slot WHERE id = $1"))
            .bind(id)
            .fetch_optional(&mut *tx)
            .await?;
    let (state, starts_at, queue) = row.ok_or(StoreError::NotFound("slot"))?;
    if starts_at <= now {
        return Err(Refusal::SlotBegun.into());
    }
    match state {
        SlotState::Free => {}
        // The list never changes: the slot is marked, and a win of it is cancelled by the prefecture.
        SlotState::Frozen => {
            sqlx::query("UPDATE slot SET withdrawn_at = $2 WHERE id = $1")
                .bind(id)
                .bind(now)
                .execute(&mut *tx)
                .await?;
            act.marks(tx, id).await?;
        }
        SlotState::Taken => {
            let held = held.ok_or(Refusal::SlotSpent)?;
            let event = EntryEvent::End(ConvocationEvent::PrefectureCancel);
            apply(tx, &held, event, Cause::by(actor, now)).await?;
            if let Some(live) = held.live {
                act.owes(tx, held.id, live.id).await?;
            }
        }
        SlotState::Lapsed => return Err(Refusal::SlotLapsed.into()),
        SlotState::Withdrawn => return Err(Refusal::SlotWithdrawn.into()),
    }
    sqlx::query("UPDATE slot SET state = 'withdrawn', withdrawn_at = $2 WHERE id = $1 AND state = 'free'")
        .bind(id)
        .bind(now)
        .execute(&mut *tx)
        .await?;
    let detail = json!({ "reason": reason });
    record(tx, Fact { at: now, actor, action: "slot.withdrawn", subject: format!("slot:{id}"), detail })
        .await?;
    Ok(queue)
}
