//! Erasing a person: the key that opens what is sealed about them is destroyed, and what they are found by is removed.
//! The entry, its draws and its rows of the log stay, by their ids: every published root still holds.

use chrono::{DateTime, Utc};
use serde_json::json;
use sqlx::types::Json;

use super::held::hold;
use super::{Backend, Connection, Fact, Result, record};
use crate::domain::availability::Availability;
use crate::domain::ids::{EntryId, QueueId};
use crate::domain::refusal::Refusal;
use crate::store::commands::Erasure;

/// What an entry that has ended still waits for at $2: a penalty, a message under way, a draw, an answer.
macro_rules! waits {
    () => {
        "(COALESCE(e.paused_until > $2, FALSE) OR EXISTS (SELECT 1 FROM penalty_case c WHERE c.entry_id = e.id
                AND c.state IN ('announced', 'objected', 'upheld'))
            OR EXISTS (SELECT 1 FROM notice n WHERE n.entry_id = e.id AND n.state = 'sending')
            OR EXISTS (SELECT 1 FROM draw_entry x JOIN draw d ON d.id = x.draw_id WHERE x.entry_id = e.id
                AND d.state IN ('frozen', 'seeded'))
            OR EXISTS (SELECT 1 FROM review r WHERE r.entry_id = e.id AND r.answered_at IS NULL))"
    };
}

/// Sealed texts of no more use, and what the person could be found or compared by.
const FORGET: &[&str] = &[
    "DELETE FROM loose_key WHERE applicant_id = (SELECT applicant_id FROM entry WHERE id = $1)",
    "DELETE FROM one_time_code WHERE entry_id = $1",
    "DELETE FROM helper WHERE entry_id = $1",
    "DELETE FROM visit WHERE entry_id = $1",
    "DELETE FROM idempotency WHERE entry_id = $1",
    "DELETE FROM correction WHERE entry_id = $1 AND done_at IS NULL",
    // Kept for a list that is frozen late: an entry that has ended stands in none.
    "DELETE FROM entry_at_freeze WHERE entry_id = $1",
    "DELETE FROM penalty_case_key WHERE convocation_id IN
        (SELECT convocation_id FROM penalty_case WHERE entry_id = $1)",
];

/// `installation` looks for people whose birth date has no fingerprint; this one equals none.
const BLANK: &str = "UPDATE applicant SET wrapped_key = $2, birth_name = $2, given_names = $2, birth_date = $2, foreigner_number = NULL,
        document = NULL, phone = NULL, email = NULL, birth_date_fingerprint = $2, phone_fingerprint = NULL,
        email_fingerprint = NULL, number_fingerprint = NULL, document_fingerprint = NULL, reach_sms = FALSE,
    reach_email = FALSE
    WHERE id = (SELECT applicant_id FROM entry WHERE id = $1)";

impl Backend {
    pub async fn erasable(
        &self,
        queue: QueueId,
        now: DateTime<Utc>,
        before: DateTime<Utc>,
        limit: i64,
    ) -> Result<Vec<EntryId>> {
        let rows = sqlx::query_scalar(concat!(
            "SELECT e.id FROM entry e WHERE e.queue_id = $1 AND e.ended_at <= $3 AND e.erased_at IS NULL AND NOT ",
            waits!(),
            " ORDER BY e.ended_at, e.id LIMIT $4"
        ));
        Ok(rows.bind(queue).bind(now).bind(before).bind(limit).fetch_all(self.reads()).await?)
    }

    pub async fn count_erasable(
        &self,
        queue: QueueId,
        now: DateTime<Utc>,
        before: DateTime<Utc>,
    ) -> Result<(i64, i64)> {
        let row = sqlx::query_as(concat!(
            "SELECT COUNT(CASE WHEN NOT ",
            waits!(),
            " THEN 1 END), COUNT(CASE WHEN ",
            waits!(),
            " THEN 1 END) FROM entry e WHERE e.queue_id = $1 AND e.ended_at <= $3 AND e.erased_at IS NULL"
        ));
        Ok(row.bind(queue).bind(now).bind(before).fetch_one(self.reads()).await?)
    }

    pub async fn erase(&self, erasure: Erasure, now: DateTime<Utc>) -> Result<()> {
        let (mut tx, id) = (self.begin().await?, erasure.entry);
        let held = hold(&mut tx, id, now).await?;
        if held.entry.state.is_live() {
            return Err(Refusal::EntryLive.into());
        }
        if !is_free(&mut tx, id, now).await? || !is_told(&mut tx, id, erasure.ended_before).await? {
            return Err(Refusal::ErasureWaits.into());
        }
        sqlx::query(
            "UPDATE notice SET state = 'superseded', settled_at = $2 WHERE entry_id = $1 AND state = 'pending'",
        )
        .bind(id)
        .bind(now)
        .execute(&mut *tx)
        .await?;
        for forget in FORGET {
            sqlx::query(*forget).bind(id).execute(&mut *tx).await?;
        }
        sqlx::query(BLANK).bind(id).bind(Vec::<u8>::new()).execute(&mut *tx).await?;
        let nothing = Json(Availability::anything(Vec::new()));
        sqlx::query(
            "UPDATE entry SET deadline = NULL, deadline_kind = NULL, deadline_seen_at = NULL, availability = $2, erased_at = $3, holder_since = $4
             WHERE id = $1",
        )
        .bind(id)
        .bind(nothing)
        .bind(now)
        .bind(erasure.pages_closed_at)
        .execute(&mut *tx)
        .await?;
        let (subject, detail) = (format!("entry:{id}"), json!({ "why": erasure.why }));
        let actor = erasure.actor;
        record(&mut tx, Fact { at: now, actor, action: "entry.erased", subject, detail }).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// Whether the entry ended before, and nothing that tells its person waits to leave.
async fn is_told(tx: &mut Connection, id: EntryId, ended_before: Option<DateTime<Utc>>) -> Result<bool> {
    let Some(before) = ended_before else { return Ok(true) };
    let row = sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM entry e WHERE e.id = $1 AND e.ended_at <= $2 AND NOT EXISTS
            (SELECT 1 FROM notice n WHERE n.entry_id = e.id AND n.state = 'pending'))",
    );
    Ok(row.bind(id).bind(before).fetch_one(tx).await?)
}

/// Whether nothing is waited for; an entry that is erased already is not free to be erased again.
async fn is_free(tx: &mut Connection, id: EntryId, now: DateTime<Utc>) -> Result<bool> {
    let row = sqlx::query_scalar(concat!(
        "SELECT EXISTS (SELECT 1 FROM entry e WHERE e.id = $1 AND e.erased_at IS NULL AND NOT ",
        waits!(),
        ")"
    ));
    Ok(row.bind(id).bind(now).fetch_one(tx).await?)
}
