//! Convocations: reading them for the counter, issuing them again, and ending them.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::apply::{Cause, apply};
use super::compensations::owe_taken_back;
use super::held::{Held, HeldConvocation, hold_by_convocation};
use super::{Backend, Connection, Fact, Result, dying_kinds, owe, record, told_at};
use crate::domain::actor::Actor;
use crate::domain::entry::{ConvocationEvent, EntryEvent};
use crate::domain::ids::{ConvocationId, EntryId, PrefectureId};
use crate::domain::notice::{NoticeKind, outside_quiet_hours};
use crate::store::commands::{Ended, Owed};
use crate::store::records::CounterRecord;

macro_rules! counter_select {
    ($rest:literal) => {
        concat!(
            "SELECT c.id, c.entry_id, c.slot_id, c.draw_id, s.queue_id, s.site_id, d.number AS desk_number,
                s.starts_at, s.minutes, c.state, c.issued_at, c.issue,
                c.reissued_at, c.ended_at, c.tick, c.ticked_by, c.ticked_at,
                c.settles_at, c.reason, ",
            told_at!(),
            " AS told_at, r.body AS rules
             FROM convocation c JOIN slot s ON s.id = c.slot_id JOIN desk d ON d.id = s.desk_id
             JOIN site i ON i.id = s.site_id JOIN draw w ON w.id = c.draw_id
             JOIN rules r ON r.queue_id = w.queue_id AND r.version = w.rules_version ",
            $rest
        )
    };
}

impl Backend {
    pub async fn convocation(&self, id: ConvocationId) -> Result<Option<CounterRecord>> {
        let row = sqlx::query_as(counter_select!("WHERE c.id = $1"));
        Ok(row.bind(id).fetch_optional(self.reads()).await?)
    }

    pub async fn live_convocation(&self, entry: EntryId) -> Result<Option<CounterRecord>> {
        live_of(&mut *self.reads().acquire().await?, entry).await
    }

    pub async fn counter(
        &self,
        prefecture: PrefectureId,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Result<Vec<CounterRecord>> {
        let rows = sqlx::query_as(counter_select!(
            "WHERE i.prefecture_id = $1 AND s.starts_at >= $2 AND s.starts_at < $3
             ORDER BY s.starts_at, i.name, d.number, c.issued_at"
        ));
        Ok(rows.bind(prefecture).bind(from).bind(to).fetch_all(self.reads()).await?)
    }

    pub async fn convocations_of(&self, entry: EntryId) -> Result<Vec<ConvocationId>> {
        let rows = sqlx::query_scalar("SELECT id FROM convocation WHERE entry_id = $1 ORDER BY issued_at");
        Ok(rows.bind(entry).fetch_all(self.reads()).await?)
    }

    pub async fn unticked(
        &self,
        prefecture: PrefectureId,
        before: DateTime<Utc>,
    ) -> Result<(i64, Option<DateTime<Utc>>)> {
        let row = sqlx::query_as(
            "SELECT COUNT(*), MIN(s.starts_at) FROM convocation c JOIN slot s ON s.id = c.slot_id
             JOIN site i ON i.id = s.site_id
             WHERE i.prefecture_id = $1 AND c.state = 'live' AND c.tick IS NULL AND s.starts_at < $2",
        );
        Ok(row.bind(prefecture).bind(before).fetch_one(self.reads()).await?)
    }

    pub async fn end_convocation(
        &self,
        id: ConvocationId,
        event: ConvocationEvent,
        reason: Option<Vec<u8>>,
        actor: Actor,
        now: DateTime<Utc>,
    ) -> Result<Ended> {
        let mut tx = self.begin().await?;
        let held = hold_by_convocation(&mut tx, id, now).await?;
        let cause = Cause { actor, now, reason };
        let effect = apply(&mut tx, &held, EntryEvent::End(event), cause).await?;
        owe_taken_back(&mut tx, &held, &effect, actor, now).await?;
        tx.commit().await?;
        Ok(Ended { entry: held.id, effect })
    }
}

/// Issues the live convocation of a held entry again: its name was corrected. Nothing else of it changes, and
/// no seat moves. If a message of it has left, its holder is told; what has not left is in the corrected name.
pub(super) async fn issue_again(
    tx: &mut Connection,
    held: &Held,
    live: HeldConvocation,
    by: Actor,
    now: DateTime<Utc>,
) -> Result<()> {
    let issue: i32 = sqlx::query_scalar(
        "UPDATE convocation SET issue = issue + 1, reissued_at = $2 WHERE id = $1 AND state = 'live' RETURNING issue",
    )
    .bind(live.id)
    .bind(now)
    .fetch_one(&mut *tx)
    .await?;
    let (subject, detail) = (format!("convocation:{}", live.id), json!({ "entry": held.id, "issue": issue }));
    record(tx, Fact { at: now, actor: by, action: "convocation.reissued", subject, detail }).await?;
    // A message is written when it leaves, and tells of the newest issue by itself; a letter may be printed already.
    let is_to_leave: bool = sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM notice WHERE convocation_id = $1 AND state = 'pending'
            AND kind IN ('convocation', 'reissued') AND way <> 'letter')",
    )
    .bind(live.id)
    .fetch_one(&mut *tx)
    .await?;
    if is_to_leave {
        return Ok(());
    }
    let owed = Owed {
        entry: held.id,
        convocation: Some(live.id),
        kind: NoticeKind::Reissued,
        way: held.reach.first(),
        due_at: outside_quiet_hours(now, held.zone),
    };
    owe(tx, &[owed], now).await
}

/// The appointments of an entry at which something was missing, newest first, final or not.
pub(super) async fn incomplete_of(db: &mut Connection, entry: EntryId) -> Result<Vec<CounterRecord>> {
    let rows = sqlx::query_as(counter_select!(
        "WHERE c.entry_id = $1 AND (c.state = 'incomplete' OR (c.state = 'live' AND c.tick = 'incomplete'))
         ORDER BY c.issued_at DESC"
    ));
    Ok(rows.bind(entry).fetch_all(db).await?)
}

pub(super) async fn live_of(db: &mut Connection, entry: EntryId) -> Result<Option<CounterRecord>> {
    let row = sqlx::query_as(counter_select!("WHERE c.entry_id = $1 AND c.state = 'live'"));
    Ok(row.bind(entry).fetch_optional(db).await?)
}
