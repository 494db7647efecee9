//! The outbox. A notice is leased (real time, with an epoch), then marked `sending` in a transaction of
//! its own, then sent, then settled. Whoever comes back with a stale epoch changes nothing.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::penalties::note_told;
use super::{
    Backend, Connection, Fact, Result, dying_kinds, locked, owe, record, skip_locked, withhold_letters,
};
use crate::domain::actor::Actor;
use crate::domain::ids::{ConvocationId, EntryId, NoticeId, PrefectureId, StaffId};
use crate::domain::letter::Sent;
use crate::domain::notice::{NoticeKind, Way};
use crate::domain::reach::Reach;
use crate::store::commands::{Owed, Settlement};
use crate::store::records::{AddressColumns, LeasedNotice, NoticeRecord, SmsSent};

macro_rules! notice_select {
    ($rest:literal) => {
        concat!(
            "SELECT n.id, n.entry_id, n.convocation_id, n.kind, n.way, n.state, n.due_at, n.created_at,
                n.detail, n.settled_at, n.received_at FROM notice n ",
            $rest
        )
    };
}

/// The letters of a prefecture that can be handed over or posted.
macro_rules! letters_due {
    () => {
        "JOIN entry e ON e.id = n.entry_id JOIN queue q ON q.id = e.queue_id
         WHERE q.prefecture_id = $1 AND n.way = 'letter' AND n.state = 'pending' AND n.due_at <= $2 "
    };
}

impl Backend {
    pub async fn lease_notices(
        &self,
        way: Way,
        business_now: DateTime<Utc>,
        real_now: DateTime<Utc>,
        lease_until: DateTime<Utc>,
        limit: i64,
    ) -> Result<Vec<LeasedNotice>> {
        let mut tx = self.begin().await?;
        let leased = lease(&mut tx, way, business_now, real_now, lease_until, limit).await?;
        tx.commit().await?;
        Ok(leased)
    }

    pub async fn pass_over(
        &self,
        way: Way,
        can_send: Vec<Way>,
        business_now: DateTime<Utc>,
        real_now: DateTime<Utc>,
        limit: i64,
    ) -> Result<u64> {
        let mut tx = self.begin().await?;
        // Leased for no time: whoever holds an older lease loses it.
        let due = lease(&mut tx, way, business_now, real_now, real_now, limit).await?;
        for notice in &due {
            let reach = Reach::of(addresses_of(&mut tx, notice.entry_id).await?.addresses(), &can_send);
            let next = reach.after(way).unwrap_or(Way::Letter);
            let moved = sqlx::query(
                "UPDATE notice SET way = $2 WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM notice m
                    WHERE m.convocation_id = notice.convocation_id AND m.kind = notice.kind AND m.way = $2
                        AND m.issue = notice.issue)",
            )
            .bind(notice.id)
            .bind(next)
            .execute(&mut *tx)
            .await?;
            if next == Way::Letter {
                withhold_letters(&mut tx, notice.entry_id, business_now).await?;
            }
            if moved.rows_affected() == 0 {
                // That way has it already.
                sqlx::query("UPDATE notice SET state = 'superseded', settled_at = $2 WHERE id = $1")
                    .bind(notice.id)
                    .bind(business_now)
                    .execute(&mut *tx)
                    .await?;
            }
        }
        tx.commit().await?;
        Ok(due.len() as u64)
    }

    pub async fn begin_sending(
        &self,
        id: NoticeId,
        epoch: i32,
        real_now: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let mut tx = self.begin().await?;
        // A reminder or convocation whose appointment has ended meanwhile is of no more use.
        sqlx::query(concat!(
            "UPDATE notice SET state = 'expired', settled_at = $3 WHERE id = $1 AND lease_epoch = $2
             AND state = 'pending' AND kind IN ",
            dying_kinds!(),
            " AND EXISTS (SELECT 1 FROM convocation c JOIN slot s ON s.id = c.slot_id
                 WHERE c.id = notice.convocation_id AND (c.state <> 'live' OR s.starts_at <= $3))"
        ))
        .bind(id)
        .bind(epoch)
        .bind(now)
        .execute(&mut *tx)
        .await?;
        let done = sqlx::query(
            "UPDATE notice SET state = 'sending', attempts = attempts + 1
             WHERE id = $1 AND lease_epoch = $2 AND state = 'pending' AND lease_until > $3",
        )
        .bind(id)
        .bind(epoch)
        .bind(real_now)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(done.rows_affected() == 1)
    }

    pub async fn settle_notice(
        &self,
        id: NoticeId,
        epoch: i32,
        settlement: Settlement,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let mut tx = self.begin().await?;
        let (gateway_id, detail, retry_at) = match &settlement {
            Settlement::Accepted { gateway_id } => (Some(gateway_id.clone()), None, None),
            Settlement::Rejected { detail } | Settlement::Unknown { detail } => {
                (None, Some(detail.clone()), None)
            }
            Settlement::Retry { at, detail } => (None, Some(detail.clone()), Some(*at)),
        };
        let row: Option<Settled> = sqlx::query_as(
            "UPDATE notice SET state = $3, gateway_id = $4, detail = $5, due_at = COALESCE($6, due_at),
                settled_at = $7, received_at = $8, lease_until = NULL
             WHERE id = $1 AND lease_epoch = $2 AND state = 'sending'
             RETURNING entry_id, convocation_id, kind, way",
        )
        .bind(id)
        .bind(epoch)
        .bind(settlement.state())
        .bind(gateway_id)
        .bind(detail)
        .bind(retry_at)
        .bind(retry_at.is_none().then_some(now))
        .bind(matches!(settlement, Settlement::Accepted { .. }).then_some(now))
        .fetch_optional(&mut *tx)
        .await?;
        let Some(row) = row else { return Ok(false) };
        if matches!(settlement, Settlement::Accepted { .. }) {
            left(&mut tx, &row, now).await?;
        }
        if matches!(settlement, Settlement::Rejected { .. } | Settlement::Unknown { .. }) {
            hand_over(&mut tx, &row, now).await?;
        }
        tx.commit().await?;
        Ok(true)
    }

    pub async fn sweep_sending(&self, real_now: DateTime<Utc>, now: DateTime<Utc>) -> Result<u64> {
        let mut tx = self.begin().await?;
        let lost: Vec<Settled> = sqlx::query_as(
            "UPDATE notice SET state = 'unknown', settled_at = $2, detail = 'the sender stopped before the answer'
             WHERE state = 'sending' AND lease_until < $1 RETURNING entry_id, convocation_id, kind, way",
        )
        .bind(real_now)
        .bind(now)
        .fetch_all(&mut *tx)
        .await?;
        for row in &lost {
            hand_over(&mut tx, row, now).await?;
        }
        tx.commit().await?;
        Ok(lost.len() as u64)
    }

    pub async fn sms_since(&self, since: DateTime<Utc>) -> Result<SmsSent> {
        let row = sqlx::query_as(
            "SELECT COUNT(*) AS total, COUNT(*) - COUNT(n.convocation_id) AS without_appointment,
                COUNT(CASE WHEN n.convocation_id IS NULL AND e.channel = 'online' AND e.identity_how IS NULL
                    THEN 1 END) AS unverified
             FROM notice n JOIN entry e ON e.id = n.entry_id WHERE n.way = 'sms' AND n.settled_at >= $1
             AND n.state IN ('accepted', 'delivered', 'undelivered', 'unknown')",
        );
        Ok(row.bind(since).fetch_one(self.reads()).await?)
    }

    pub async fn has_notices_due(
        &self,
        business_now: DateTime<Utc>,
        real_now: DateTime<Utc>,
    ) -> Result<bool> {
        let row = sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM notice WHERE state = 'pending' AND way <> 'letter'
                    AND due_at <= $1 AND (lease_until IS NULL OR lease_until < $2))
                OR EXISTS (SELECT 1 FROM notice WHERE state = 'sending' AND lease_until < $2)",
        );
        Ok(row.bind(business_now).bind(real_now).fetch_one(self.reads()).await?)
    }

    pub async fn outbox(&self, prefecture: PrefectureId, skip: i64, limit: i64) -> Result<Vec<NoticeRecord>> {
        let rows = sqlx::query_as(notice_select!(
            "JOIN entry e ON e.id = n.entry_id JOIN queue q ON q.id = e.queue_id
             WHERE q.prefecture_id = $1 AND n.state <> 'pending' ORDER BY n.settled_at DESC, n.id DESC
             LIMIT $2 OFFSET $3"
        ));
        Ok(rows.bind(prefecture).bind(limit).bind(skip).fetch_all(self.reads()).await?)
    }

    pub async fn notices_of(&self, entry: EntryId) -> Result<Vec<NoticeRecord>> {
        notices_of(&mut *self.reads().acquire().await?, entry).await
    }

    pub async fn letters_due_count(&self, prefecture: PrefectureId, now: DateTime<Utc>) -> Result<i64> {
        let row = sqlx::query_scalar(concat!("SELECT COUNT(*) FROM notice n ", letters_due!()));
        Ok(row.bind(prefecture).bind(now).fetch_one(self.reads()).await?)
    }

    pub async fn letters_due(
        &self,
        prefecture: PrefectureId,
        now: DateTime<Utc>,
        skip: i64,
        limit: i64,
    ) -> Result<Vec<NoticeRecord>> {
        let rows = sqlx::query_as(concat!(
            notice_select!(""),
            letters_due!(),
            "ORDER BY n.convocation_id IS NULL, n.due_at, n.id LIMIT $3 OFFSET $4"
        ));
        Ok(rows.bind(prefecture).bind(now).bind(limit).bind(skip).fetch_all(self.reads()).await?)
    }

    pub async fn notice(&self, id: NoticeId) -> Result<Option<NoticeRecord>> {
        Ok(sqlx::query_as(notice_select!("WHERE n.id = $1")).bind(id).fetch_optional(self.reads()).await?)
    }

    pub async fn letter_done(
        &self,
        id: NoticeId,
        sent: Sent,
        received_at: DateTime<Utc>,
        by: StaffId,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let mut tx = self.begin().await?;
        let row: Option<Settled> = sqlx::query_as(
            "UPDATE notice SET state = 'accepted', settled_at = $2, received_at = $3
             WHERE id = $1 AND way = 'letter' AND state = 'pending'
             RETURNING entry_id, convocation_id, kind, way",
        )
        .bind(id)
        .bind(now)
        .bind(received_at)
        .fetch_optional(&mut *tx)
        .await?;
        let Some(row) = row else { return Ok(false) };
        left(&mut tx, &row, received_at).await?;
        let subject = format!("notice:{id}");
        let fact = Fact {
            at: now,
            actor: Actor::Staff(by),
            action: match sent {
                Sent::HandedOver => "notice.handed_over",
                Sent::Posted => "notice.posted",
            },
            subject,
            detail: json!({}),
        };
        record(&mut tx, fact).await?;
        tx.commit().await?;
        Ok(true)
    }
}

/// Takes due notices of one way; the next epoch is theirs.
async fn lease(
    tx: &mut Connection,
    way: Way,
    business_now: DateTime<Utc>,
    real_now: DateTime<Utc>,
    lease_until: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<LeasedNotice>> {
    let rows = sqlx::query_as(skip_locked!(
        "UPDATE notice SET lease_until = $3, lease_epoch = lease_epoch + 1 WHERE id IN (
            SELECT id FROM notice WHERE state = 'pending' AND way = $5 AND due_at <= $1
            AND (lease_until IS NULL OR lease_until < $2) ORDER BY due_at, id LIMIT $4",
        ") RETURNING id, entry_id, convocation_id, kind, way, lease_epoch, attempts,
            EXISTS (SELECT 1 FROM entry e WHERE e.id = notice.entry_id AND e.channel = 'online'
                AND e.identity_how IS NULL) AS is_unverified"
    ));
    let rows = rows.bind(business_now).bind(real_now).bind(lease_until).bind(limit).bind(way);
    Ok(rows.fetch_all(tx).await?)
}

pub(super) async fn addresses_of(tx: &mut Connection, entry: EntryId) -> Result<AddressColumns> {
    let row = sqlx::query_as(
        "SELECT a.reach_sms, a.reach_email FROM applicant a JOIN entry e ON e.applicant_id = a.id WHERE e.id = $1",
    );
    Ok(row.bind(entry).fetch_one(tx).await?)
}

/// A notice that has just been settled.
#[derive(sqlx::FromRow)]
pub(super) struct Settled {
    entry_id: EntryId,
    convocation_id: Option<ConvocationId>,
    kind: NoticeKind,
    way: Way,
}

/// It has left: what it announces is told.
async fn left(tx: &mut Connection, row: &Settled, received_at: DateTime<Utc>) -> Result<()> {
    match row.convocation_id.filter(|_| row.kind.announces_penalty()) {
        Some(convocation) => note_told(tx, convocation, received_at).await,
        None => Ok(()),
    }
}

/// The next way takes over.
pub(super) async fn hand_over(tx: &mut Connection, row: &Settled, now: DateTime<Utc>) -> Result<()> {
    // The appointment may have ended while the message was under way: no letter may call to it.
    if row.kind.dies_with_convocation() {
        let live: Option<i32> =
            sqlx::query_scalar(locked!("SELECT 1 FROM convocation WHERE id = $1 AND state = 'live'"))
                .bind(row.convocation_id)
                .fetch_optional(&mut *tx)
                .await?;
        if live.is_none() {
            return Ok(());
        }
    }
    let Some(way) = addresses_of(tx, row.entry_id).await?.reach().after(row.way) else {
        return Ok(());
    };
    let owed =
        Owed { entry: row.entry_id, convocation: row.convocation_id, kind: row.kind, way, due_at: now };
    owe(tx, &[owed], now).await
}

pub(super) async fn notices_of(db: &mut Connection, entry: EntryId) -> Result<Vec<NoticeRecord>> {
    let rows = sqlx::query_as(notice_select!("WHERE n.entry_id = $1 ORDER BY n.due_at, n.id"));
    Ok(rows.bind(entry).fetch_all(db).await?)
}
