//! Slots that few of those who wait could accept: the plan of one person waits here for another. Until then
//! no slot of it stands in the pool, and nobody but the second person is told how few.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use sqlx::types::Json;
use uuid::Uuid;

use super::slots::{compare, insert};
use super::{Backend, Connection, Fact, Result, StoreError, close_proposal, expect_rows, locked, record};
use crate::domain::actor::Actor;
use crate::domain::availability::Availability;
use crate::domain::ids::{DeskId, PrefectureId, QueueId, SiteId, SlotId, StaffId};
use crate::domain::proposal::Closing;
use crate::domain::refusal::Refusal;
use crate::store::commands::{Judge, NewSlot, Published, WaitingGroup};
use crate::store::records::PublicationRecord;

/// Plans of one queue that can be proposed in a day: each tells its author that few could accept it.
const PROPOSALS_A_DAY: i64 = 5;

macro_rules! publication_select {
    ($rest:literal) => {
        concat!(
            "SELECT p.id, p.queue_id, p.slots, p.rejected_reason, p.proposed_by, p.proposed_at, p.approved_by,
                p.approved_at, p.rejected_by, p.rejected_at FROM publication p ",
            $rest
        )
    };
}

impl Backend {
    pub async fn waiting_groups(
        &self,
        queue: QueueId,
        admit_declared: bool,
        now: DateTime<Utc>,
    ) -> Result<Vec<WaitingGroup>> {
        waiting_groups(&mut *self.reads().acquire().await?, queue, admit_declared, now).await
    }

    pub async fn publications_open(&self, prefecture: PrefectureId) -> Result<Vec<PublicationRecord>> {
        let rows = sqlx::query_as(publication_select!(
            "JOIN queue q ON q.id = p.queue_id
             WHERE q.prefecture_id = $1 AND p.approved_at IS NULL AND p.rejected_at IS NULL
             ORDER BY p.proposed_at DESC, p.id DESC"
        ));
        Ok(rows.bind(prefecture).fetch_all(self.reads()).await?)
    }

    pub async fn publications_decided(
        &self,
        prefecture: PrefectureId,
        skip: i64,
        limit: i64,
    ) -> Result<Vec<PublicationRecord>> {
        let rows = sqlx::query_as(publication_select!(
            "JOIN queue q ON q.id = p.queue_id
             WHERE q.prefecture_id = $1 AND (p.approved_at IS NOT NULL OR p.rejected_at IS NOT NULL)
             ORDER BY p.proposed_at DESC, p.id DESC LIMIT $2 OFFSET $3"
        ));
        Ok(rows.bind(prefecture).bind(limit).bind(skip).fetch_all(self.reads()).await?)
    }

    pub async fn publication(&self, id: Uuid) -> Result<Option<PublicationRecord>> {
        let row = sqlx::query_as(publication_select!("WHERE p.id = $1"));
        Ok(row.bind(id).fetch_optional(self.reads()).await?)
    }

    pub async fn approve_publication(&self, id: Uuid, by: StaffId, now: DateTime<Utc>) -> Result<Published> {
        let mut tx = self.begin().await?;
        let publication = held(&mut tx, id).await?;
        publication.columns.proposal().approve(by)?;
        let queue = publication.queue_id;
        let slots: Vec<NewSlot> =
            publication.slots.0.into_iter().filter(|slot| slot.starts_at > now).collect();
        if slots.is_empty() {
            return Err(Refusal::SlotBegun.into());
        }
        let mut desks: Vec<DeskId> = slots.iter().map(|slot| slot.desk).collect();
        desks.sort_unstable();
        desks.dedup();
        Self::lock_desks(&mut tx, &desks).await?;
        let compared = compare(&mut tx, queue, &desks, &slots).await?;
        if !compared.busy.is_empty() {
            return Err(Refusal::DeskBusy.into());
        }
        sqlx::query("UPDATE publication SET approved_by = $2, approved_at = $3 WHERE id = $1")
            .bind(id)
            .bind(by)
            .bind(now)
            .execute(&mut *tx)
            .await?;
        let actor = Actor::Staff(by);
        record(&mut tx, fact("publication.approved", id, json!({ "queue": queue }), actor, now)).await?;
        let published = insert(&mut tx, queue, &compared, actor, now).await?;
        tx.commit().await?;
        Ok(published)
    }

    pub async fn close_publication(
        &self,
        id: Uuid,
        closing: Closing<String>,
        by: StaffId,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let mut tx = self.begin().await?;
        held(&mut tx, id).await?.columns.proposal().close(&closing, by)?;
        close_proposal!(tx, "publication", id, closing, by, now);
        let (action, detail) = match closing {
            Closing::Reject(reason) => ("publication.rejected", json!({ "reason": reason })),
            Closing::Withdraw => ("publication.withdrawn", json!({})),
        };
        record(&mut tx, fact(action, id, detail, Actor::Staff(by), now)).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// What each group of those whom a list of now would hold can attend, and how many they are.
pub(super) async fn waiting_groups(
    db: &mut Connection,
    queue: QueueId,
    admit_declared: bool,
    now: DateTime<Utc>,
) -> Result<Vec<WaitingGroup>> {
    let rows: Vec<(Json<Availability>, i64)> = sqlx::query_as(
        "SELECT availability, COUNT(*) FROM entry
         WHERE queue_id = $1 AND (state = 'waiting' OR (state = 'awaiting_identity' AND $2 = TRUE))
            AND paused = FALSE AND (paused_until IS NULL OR paused_until <= $3)
         GROUP BY availability",
    )
    .bind(queue)
    .bind(admit_declared)
    .bind(now)
    .fetch_all(db)
    .await?;
    let group = |(can, people): (Json<Availability>, i64)| WaitingGroup {
        can: can.0,
        people: u32::try_from(people).unwrap_or(u32::MAX),
    };
    Ok(rows.into_iter().map(group).collect())
}

/// Judges what a withdrawal leaves of a queue's free slots like a publication: ordinary slots around one that suits a
/// friend alone could be published to be withdrawn. Answers whether the rest now waits for a second person; where a
/// proposal stands already, it is withdrawn too, and published again later. A withdrawal itself is never refused.
pub(super) async fn judge_rest(
    tx: &mut Connection,
    queue: QueueId,
    judge: &Judge,
    actor: Actor,
    now: DateTime<Utc>,
) -> Result<bool> {
    if judge.few_percent == 0 {
        return Ok(false);
    }
    let rest: Vec<RestSlot> = sqlx::query_as(locked!(
        "SELECT site_id, desk_id, starts_at, minutes FROM slot
         WHERE queue_id = $1 AND state = 'free' AND starts_at > $2 ORDER BY starts_at, desk_id"
    ))
    .bind(queue)
    .bind(now)
    .fetch_all(&mut *tx)
    .await?;
    let rest: Vec<NewSlot> = rest.into_iter().map(NewSlot::from).collect();
    let waiting = waiting_groups(tx, queue, judge.admit_declared, now).await?;
    if rest.is_empty() || !(judge.needs_second)(&waiting, &rest) {
        return Ok(false);
    }
    sqlx::query(
        "UPDATE slot SET state = 'withdrawn', withdrawn_at = $2
         WHERE queue_id = $1 AND state = 'free' AND starts_at > $2",
    )
    .bind(queue)
    .bind(now)
    .execute(&mut *tx)
    .await?;
    match propose(tx, Uuid::now_v7(), queue, &rest, actor, now).await {
        Ok(()) => {}
        Err(StoreError::Refused(_)) => {
            let (subject, detail) = (format!("queue:{queue}"), json!({ "slots": rest.len() }));
            record(tx, Fact { at: now, actor, action: "slots.rest_withdrawn", subject, detail }).await?;
        }
        Err(error) => return Err(error),
    }
    Ok(true)
}

/// A slot that stands, as it would be published again.
#[derive(sqlx::FromRow)]
struct RestSlot {
    site_id: SiteId,
    desk_id: DeskId,
    starts_at: DateTime<Utc>,
    minutes: i32,
}

impl From<RestSlot> for NewSlot {
    fn from(slot: RestSlot) -> Self {
        let RestSlot { site_id: site, desk_id: desk, starts_at, minutes } = slot;
        let minutes = u16::try_from(minutes).unwrap_or(u16::MAX);
        Self { id: SlotId(Uuid::now_v7()), site, desk, starts_at, minutes }
    }
}

/// Keeps a plan for a second person. Each try is in the log: who tries plans to learn what few could accept
/// is seen, and soon refused.
pub(super) async fn propose(
    tx: &mut Connection,
    id: Uuid,
    queue: QueueId,
    slots: &[NewSlot],
    actor: Actor,
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query(locked!("SELECT id FROM queue WHERE id = $1")).bind(queue).execute(&mut *tx).await?;
    let today: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM publication WHERE queue_id = $1 AND proposed_at > $2")
            .bind(queue)
            .bind(now - TimeDelta::days(1))
            .fetch_one(&mut *tx)
            .await?;
    if today >= PROPOSALS_A_DAY {
        return Err(Refusal::PublicationsADay.into());
    }
    let by = match actor {
        Actor::Staff(by) => Some(by),
        _ => None,
    };
    let done = sqlx::query(
        "INSERT INTO publication (id, queue_id, slots, proposed_by, proposed_at)
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
    )
    .bind(id)
    .bind(queue)
    .bind(Json(slots))
    .bind(by)
    .bind(now)
    .execute(&mut *tx)
    .await?;
    expect_rows(done.rows_affected(), 1, Refusal::PublicationOpen)?;
    let detail = json!({ "queue": queue, "slots": slots.len() });
    record(tx, fact("publication.proposed", id, detail, actor, now)).await
}

async fn held(tx: &mut Connection, id: Uuid) -> Result<PublicationRecord> {
    let row = sqlx::query_as(locked!(publication_select!("WHERE p.id = $1")));
    row.bind(id).fetch_optional(tx).await?.ok_or(StoreError::NotFound("publication"))
}

fn fact(
    action: &'static str,
    id: Uuid,
    detail: serde_json::Value,
    actor: Actor,
    at: DateTime<Utc>,
) -> Fact<'static> {
    Fact { at, actor, action, subject: format!("publication:{id}"), detail }
}
