//! Two entries of one person become one: the kept one takes over the earlier day, what was granted to the other and its keys.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;
use sqlx::types::Json;

use super::apply::{Cause, apply, suspend_by_keys};
use super::corrections::{close, fact, was_corrected};
use super::held::{Held, hold_live};
use super::penalties::add_keys;
use super::waiting_corrections::is_listed;
use super::{Backend, Connection, Fact, Result, record};
use crate::domain::actor::Actor;
use crate::domain::entry::{EntryEvent, EntryState};
use crate::domain::ids::EntryId;
use crate::domain::refusal::Refusal;
use crate::domain::rules::Standing;
use crate::store::commands::{Merge, Named};
use crate::store::records::StandingColumns;

/// What was granted to an entry, or came to it with time.
#[derive(sqlx::FromRow)]
struct Granted {
    registered_at: DateTime<Utc>,
    #[sqlx(flatten)]
    standing: StandingColumns,
    deadline: Option<NaiveDate>,
    deadline_kind: Option<String>,
}

impl Backend {
    pub async fn merge(&self, merge: Merge, now: DateTime<Utc>) -> Result<()> {
        let mut tx = self.begin().await?;
        let (keep, other, new) = (merge.new.entry, merge.other, &merge.new);
        // In one order, whichever is kept: two merges do not wait for each other.
        let first = hold_live(&mut tx, keep.min(other), now).await?;
        let second = hold_live(&mut tx, keep.max(other), now).await?;
        let (kept, closed) = if keep < other { (first, second) } else { (second, first) };
        refuse(&mut tx, &kept, &closed, now).await?;
        for named in &merge.was {
            unchanged(&mut tx, named).await?;
        }
        let is_convoked = kept.entry.state == EntryState::Convoked
            || is_listed(&mut tx, keep).await?
            || is_listed(&mut tx, other).await?;
        let is_first = !was_corrected(&mut tx, keep).await? && !was_corrected(&mut tx, other).await?;
        close(&mut tx, new, new.kind.takes_two(new.is_plain, is_convoked, is_first), now).await?;
        sqlx::query("UPDATE live_key SET entry_id = $1 WHERE entry_id = $2")
            .bind(keep)
            .bind(other)
            .execute(&mut *tx)
            .await?;
        let actor = Actor::Staff(new.by);
        apply(&mut tx, &closed, EntryEvent::CloseDuplicate, Cause::by(actor, now)).await?;
        suspend_by_keys(&mut tx, keep, now).await?;
        add_keys(&mut tx, keep).await?;
        take_over_what_was_granted(&mut tx, keep, other, kept.queue == closed.queue).await?;
        let (subject, detail) = (format!("entry:{other}"), json!({ "reason": "duplicate", "kept": keep }));
        record(&mut tx, Fact { at: now, actor, action: "entry.closed", subject, detail }).await?;
        record(&mut tx, fact("entry.merged", new, now)).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// Nobody is called away, nothing that is announced to the other is lost sight of, and no list that should have been frozen
/// changes.
async fn refuse(tx: &mut Connection, kept: &Held, closed: &Held, now: DateTime<Utc>) -> Result<()> {
    if closed.entry.state == EntryState::Convoked {
        return Err(Refusal::EntryConvoked.into());
    }
    if !kept.entry.verified {
        return Err(Refusal::KeepVerified.into());
    }
    let is_penalised: bool = sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM entry e WHERE e.id = $1 AND (COALESCE(e.paused_until > $2, FALSE)
            OR EXISTS (SELECT 1 FROM penalty_case c WHERE c.entry_id = e.id
                AND c.state IN ('announced', 'objected', 'upheld'))))",
    )
    .bind(closed.id)
    .bind(now)
    .fetch_one(&mut *tx)
    .await?;
    if is_penalised {
        return Err(Refusal::MergePenalised.into());
    }
    let is_late: bool = sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM draw WHERE queue_id IN ($1, $2) AND state = 'announced' AND freeze_at <= $3)",
    )
    .bind(kept.queue)
    .bind(closed.queue)
    .bind(now)
    .fetch_one(tx)
    .await?;
    if is_late { Err(Refusal::FreezeLate.into()) } else { Ok(()) }
}

/// The names that were compared are still those of the row.
async fn unchanged(tx: &mut Connection, named: &Named) -> Result<()> {
    let [birth_name, given_names, birth_date] = &named.sealed;
    let is_same: bool = sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM applicant WHERE id = $1 AND birth_name = $2 AND given_names = $3
            AND birth_date = $4)",
    )
    .bind(named.applicant)
    .bind(birth_name)
    .bind(given_names)
    .bind(birth_date)
    .fetch_one(tx)
    .await?;
    if is_same { Ok(()) } else { Err(Refusal::Changed.into()) }
}

async fn granted(tx: &mut Connection, entry: EntryId) -> Result<Granted> {
    let row = sqlx::query_as(
        "SELECT registered_at, arrival_day, draws_survived, displaced, priority, labels, deadline, deadline_kind,
            deadline_seen_at
         FROM entry WHERE id = $1",
    );
    Ok(row.bind(entry).fetch_one(tx).await?)
}

async fn take_over_what_was_granted(
    tx: &mut Connection,
    keep: EntryId,
    other: EntryId,
    is_same_queue: bool,
) -> Result<()> {
    let (mine, theirs) = (granted(tx, keep).await?, granted(tx, other).await?);
    let joined = Standing::from(&mine.standing).joined(&Standing::from(&theirs.standing), is_same_queue);
    let is_theirs = mine.standing.deadline_seen_at.is_none() && theirs.standing.deadline_seen_at.is_some();
    let column = |count: u32| i32::try_from(count).unwrap_or(i32::MAX);
    let seen = if is_theirs { &theirs } else { &mine };
    sqlx::query(
        "UPDATE entry SET registered_at = $2, arrival_day = $3, draws_survived = $4, displaced = $5, priority = $6,
            labels = $7, deadline = $8, deadline_kind = $9, deadline_seen_at = $10
         WHERE id = $1",
    )
    .bind(keep)
    .bind(mine.registered_at.min(theirs.registered_at))
    .bind(column(joined.arrival_day))
    .bind(column(joined.draws_survived))
    .bind(joined.displaced)
    .bind(joined.priority)
    .bind(Json(joined.labels))
    .bind(seen.deadline)
    .bind(&seen.deadline_kind)
    .bind(seen.standing.deadline_seen_at)
    .execute(tx)
    .await?;
    Ok(())
}
