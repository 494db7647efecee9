//! What the prefecture owes to those from whom it took an appointment: first in the next draw. Taking back works
//! at once; going first takes a second person, or one manager could let a friend win.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;
use uuid::Uuid;

use super::apply::{Cause, apply};
use super::held::{Held, hold};
use super::{Backend, Connection, Fact, Result, StoreError, close_proposal, locked, record};
use crate::domain::actor::Actor;
use crate::domain::entry::{ConvocationState, Effect, EntryEvent};
use crate::domain::ids::{ConvocationId, EntryId, PrefectureId, SiteId, SlotId, StaffId};
use crate::domain::proposal::{Closing, Decision, Proposal};
use crate::store::directory::zone_of;
use crate::store::records::{CompensatedRecord, CompensationRecord};

/// Those who still wait and have had no other appointment since; what follows names the rows.
macro_rules! owed_to {
    ($columns:literal, $rest:literal) => {
        concat!(
            "SELECT ",
            $columns,
            " FROM compensated x JOIN entry e ON e.id = x.entry_id JOIN convocation c ON c.id = x.convocation_id
             WHERE e.state IN ('waiting', 'awaiting_identity') AND NOT EXISTS (SELECT 1 FROM convocation later
                WHERE later.entry_id = x.entry_id AND later.issued_at > c.issued_at) ",
            $rest
        )
    };
}

macro_rules! compensation_select {
    ($rest:literal) => {
        concat!(
            "SELECT o.id, o.site_id, o.day, o.reason, o.proposed_by, o.proposed_at, o.approved_by, o.approved_at,
                o.rejected_by, o.rejected_at FROM compensation o ",
            $rest
        )
    };
}

impl Backend {
    pub async fn compensation(&self, id: Uuid) -> Result<Option<CompensationRecord>> {
        let row = sqlx::query_as(compensation_select!("WHERE o.id = $1"));
        Ok(row.bind(id).fetch_optional(self.reads()).await?)
    }

    pub async fn compensations_pending(&self, prefecture: PrefectureId) -> Result<Vec<CompensationRecord>> {
        let rows = sqlx::query_as(compensation_select!(
            "JOIN site i ON i.id = o.site_id
             WHERE i.prefecture_id = $1 AND o.approved_at IS NULL AND o.rejected_at IS NULL
             ORDER BY o.proposed_at, o.id"
        ));
        Ok(rows.bind(prefecture).fetch_all(self.reads()).await?)
    }

    pub async fn compensated(&self, id: Uuid) -> Result<Vec<CompensatedRecord>> {
        let rows = sqlx::query_as(owed_to!(
            "x.entry_id, x.convocation_id, c.reason",
            "AND x.compensation_id = $1 ORDER BY x.entry_id"
        ));
        Ok(rows.bind(id).fetch_all(self.reads()).await?)
    }

    pub async fn waiting_beside_compensated(&self, id: Uuid) -> Result<i64> {
        let count = sqlx::query_scalar(concat!(
            "SELECT COUNT(*) FROM entry w WHERE w.state = 'waiting' AND w.queue_id IN (",
            owed_to!("e.queue_id", "AND x.compensation_id = $1"),
            ") AND w.id NOT IN (",
            owed_to!("e.id", "AND x.compensation_id = $1"),
            ")"
        ));
        Ok(count.bind(id).fetch_one(self.reads()).await?)
    }

    pub async fn approve_compensation(&self, id: Uuid, by: StaffId, now: DateTime<Utc>) -> Result<u64> {
        let mut tx = self.begin().await?;
        held_compensation(&mut tx, id).await?.approve(by)?;
        let people: Vec<EntryId> =
            sqlx::query_scalar(owed_to!("x.entry_id", "AND x.compensation_id = $1 ORDER BY x.entry_id"))
                .bind(id)
                .fetch_all(&mut *tx)
                .await?;
        let mut first = 0;
        for entry in people {
            let held = hold(&mut tx, entry, now).await?;
            // Convoked or withdrawn while its row was waited for: there is nothing to make good.
            if held.live.is_none() && held.entry.state.is_live() {
                compensate(&mut tx, &held, Actor::Staff(by), now).await?;
                first += 1;
            }
        }
        sqlx::query("UPDATE compensation SET approved_by = $2, approved_at = $3 WHERE id = $1")
            .bind(id)
            .bind(by)
            .bind(now)
            .execute(&mut *tx)
            .await?;
        let detail = json!({ "people": first });
        record(&mut tx, fact("compensation.approved", id, Actor::Staff(by), detail, now)).await?;
        tx.commit().await?;
        Ok(first)
    }

    pub async fn close_compensation(
        &self,
        id: Uuid,
        closing: Closing<String>,
        by: StaffId,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let mut tx = self.begin().await?;
        held_compensation(&mut tx, id).await?.close(&closing, by)?;
        close_proposal!(tx, "compensation", id, closing, by, now);
        let action = match closing {
            Closing::Reject(_) => "compensation.rejected",
            Closing::Withdraw => "compensation.withdrawn",
        };
        record(&mut tx, fact(action, id, Actor::Staff(by), json!({}), now)).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// One act that takes appointments back. Its compensation is written with the first of them, and counts for all.
pub(super) struct TakingBack {
    site: SiteId,
    day: NaiveDate,
    /// None where it is sealed with the convocation.
    reason: Option<String>,
    actor: Actor,
    now: DateTime<Utc>,
    written: Option<Uuid>,
}

impl TakingBack {
    pub const fn of_day(
        site: SiteId,
        day: NaiveDate,
        reason: String,
        actor: Actor,
        now: DateTime<Utc>,
    ) -> Self {
        Self { site, day, reason: Some(reason), actor, now, written: None }
    }

    pub async fn of_slot(
        tx: &mut Connection,
        slot: SlotId,
        reason: Option<String>,
        actor: Actor,
        now: DateTime<Utc>,
    ) -> Result<Self> {
        let row: Option<(SiteId, DateTime<Utc>, String)> = sqlx::query_as(
            "SELECT s.site_id, s.starts_at, i.zone FROM slot s JOIN site i ON i.id = s.site_id WHERE s.id = $1",
        )
        .bind(slot)
        .fetch_optional(tx)
        .await?;
        let (site, starts_at, zone) = row.ok_or(StoreError::NotFound("slot"))?;
        let day = zone_of(&zone).local_date(starts_at);
        Ok(Self { site, day, reason, actor, now, written: None })
    }

    /// The holder of a convocation that has just been taken back.
    pub async fn owes(
        &mut self,
        tx: &mut Connection,
        entry: EntryId,
        convocation: ConvocationId,
    ) -> Result<()> {
        let id = self.write(tx).await?;
        insert(tx, id, entry, convocation).await
    }

    /// A slot of a frozen list: whoever wins it is owed the same.
    pub async fn marks(&mut self, tx: &mut Connection, slot: SlotId) -> Result<()> {
        let id = self.write(tx).await?;
        sqlx::query("UPDATE slot SET compensation_id = $2 WHERE id = $1")
            .bind(slot)
            .bind(id)
            .execute(tx)
            .await?;
        Ok(())
    }

    async fn write(&mut self, tx: &mut Connection) -> Result<Uuid> {
        if let Some(id) = self.written {
            return Ok(id);
        }
        let id = Uuid::now_v7();
        let by = match self.actor {
            Actor::Staff(by) => Some(by),
            _ => None,
        };
        sqlx::query(
            "INSERT INTO compensation (id, site_id, day, reason, proposed_by, proposed_at)
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(id)
        .bind(self.site)
        .bind(self.day)
        .bind(&self.reason)
        .bind(by)
        .bind(self.now)
        .execute(&mut *tx)
        .await?;
        let detail = json!({ "site": self.site, "day": self.day });
        record(tx, fact("compensation.proposed", id, self.actor, detail, self.now)).await?;
        self.written = Some(id);
        Ok(id)
    }
}

/// Proposes a first place to the holder of an appointment that one person's act has taken back, if this is how it
/// ended.
pub(super) async fn owe_taken_back(
    tx: &mut Connection,
    held: &Held,
    effect: &Effect,
    actor: Actor,
    now: DateTime<Utc>,
) -> Result<()> {
    let Some(live) = held.live else { return Ok(()) };
    if !matches!(effect.ended, Some((ConvocationState::CancelledByPrefecture, _))) {
        return Ok(());
    }
    let mut act = TakingBack::of_slot(tx, live.slot, None, actor, now).await?;
    act.owes(tx, held.id, live.id).await
}

/// A win of a slot that was withdrawn after the freeze: owed as to the others of that day, at once if a second
/// person has approved it already.
pub(super) async fn owe_lost_win(
    tx: &mut Connection,
    held: &Held,
    convocation: ConvocationId,
    slot: SlotId,
    now: DateTime<Utc>,
) -> Result<()> {
    let marked: Option<Uuid> = sqlx::query_scalar("SELECT compensation_id FROM slot WHERE id = $1")
        .bind(slot)
        .fetch_one(&mut *tx)
        .await?;
    let Some(id) = marked else {
        let mut act = TakingBack::of_slot(tx, slot, None, Actor::System, now).await?;
        return act.owes(tx, held.id, convocation).await;
    };
    let proposal = held_compensation(tx, id).await?;
    insert(tx, id, held.id, convocation).await?;
    if proposal.decided == Some(Decision::Approved) {
        compensate(tx, held, Actor::System, now).await?;
    }
    Ok(())
}

/// An appointment taken back by the rules or by two people: its holder goes first at once.
pub(super) async fn compensate_now(
    tx: &mut Connection,
    held: Held,
    taken_back: Effect,
    now: DateTime<Utc>,
) -> Result<()> {
    // Its apology says it.
    compensate(tx, &after(held, taken_back), Actor::System, now).await
}

/// An entry still held, as an effect left it.
pub(super) fn after(held: Held, effect: Effect) -> Held {
    Held { entry: effect.entry, live: None, ..held }
}

async fn compensate(tx: &mut Connection, held: &Held, actor: Actor, now: DateTime<Utc>) -> Result<()> {
    apply(tx, held, EntryEvent::Compensate, Cause::by(actor, now)).await?;
    let subject = format!("entry:{}", held.id);
    record(tx, Fact { at: now, actor, action: "entry.compensated", subject, detail: json!({}) }).await
}

async fn insert(tx: &mut Connection, id: Uuid, entry: EntryId, convocation: ConvocationId) -> Result<()> {
    sqlx::query(
        "INSERT INTO compensated (compensation_id, entry_id, convocation_id) VALUES ($1, $2, $3)
         ON CONFLICT DO NOTHING",
    )
    .bind(id)
    .bind(entry)
    .bind(convocation)
    .execute(tx)
    .await?;
    Ok(())
}

/// The proposal; its row is held.
async fn held_compensation(tx: &mut Connection, id: Uuid) -> Result<Proposal> {
    let row: Option<CompensationRecord> =
        sqlx::query_as(locked!(compensation_select!("WHERE o.id = $1"))).bind(id).fetch_optional(tx).await?;
    Ok(row.ok_or(StoreError::NotFound("compensation"))?.columns.proposal())
}

fn fact(
    action: &'static str,
    id: Uuid,
    actor: Actor,
    detail: serde_json::Value,
    at: DateTime<Utc>,
) -> Fact<'static> {
    Fact { at, actor, action, subject: format!("compensation:{id}"), detail }
}
