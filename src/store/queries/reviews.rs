//! Requests that a person looks at what was decided, and their answers.

use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

use super::held::hold;
use super::{Backend, Fact, Result, owe, record};
use crate::domain::actor::Actor;
use crate::domain::ids::{EntryId, PrefectureId};
use crate::domain::notice::{NoticeKind, outside_quiet_hours};
use crate::domain::refusal::Refusal;
use crate::store::commands::{NewReview, Owed, ReviewAnswer};
use crate::store::records::ReviewRecord;

macro_rules! review_select {
    ($rest:literal) => {
        concat!(
            "SELECT r.id, r.entry_id, r.request, r.asked_at, r.asked_by, r.due_at, r.answer, r.answered_at, r.answered_by
             FROM review r ",
            $rest
        )
    };
}

impl Backend {
    pub async fn review(&self, id: Uuid) -> Result<Option<ReviewRecord>> {
        let row = sqlx::query_as(review_select!("WHERE r.id = $1"));
        Ok(row.bind(id).fetch_optional(self.reads()).await?)
    }

    pub async fn reviews_of(&self, entry: EntryId) -> Result<Vec<ReviewRecord>> {
        let rows = sqlx::query_as(review_select!("WHERE r.entry_id = $1 ORDER BY r.asked_at DESC, r.id"));
        Ok(rows.bind(entry).fetch_all(self.reads()).await?)
    }

    pub async fn reviews_open(
        &self,
        prefecture: PrefectureId,
        skip: i64,
        limit: i64,
    ) -> Result<Vec<ReviewRecord>> {
        let rows = sqlx::query_as(review_select!(
            "JOIN entry e ON e.id = r.entry_id JOIN queue q ON q.id = e.queue_id
             WHERE r.answered_at IS NULL AND q.prefecture_id = $1 ORDER BY r.due_at, r.id LIMIT $2 OFFSET $3"
        ));
        Ok(rows.bind(prefecture).bind(limit).bind(skip).fetch_all(self.reads()).await?)
    }

    pub async fn reviews_count(&self, prefecture: PrefectureId) -> Result<i64> {
        let row = sqlx::query_scalar(
            "SELECT COUNT(*) FROM review r JOIN entry e ON e.id = r.entry_id JOIN queue q ON q.id = e.queue_id
             WHERE r.answered_at IS NULL AND q.prefecture_id = $1",
        );
        Ok(row.bind(prefecture).fetch_one(self.reads()).await?)
    }

    pub async fn reviews_late(&self, now: DateTime<Utc>) -> Result<i64> {
        let row = sqlx::query_scalar("SELECT COUNT(*) FROM review WHERE answered_at IS NULL AND due_at < $1");
        Ok(row.bind(now).fetch_one(self.reads()).await?)
    }

    pub async fn ask_review(&self, new: NewReview, now: DateTime<Utc>) -> Result<()> {
        let mut tx = self.begin().await?;
        hold(&mut tx, new.entry, now).await?;
        let done = sqlx::query(
            "INSERT INTO review (id, entry_id, request, asked_at, asked_by, due_at) VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT DO NOTHING",
        )
        .bind(new.id)
        .bind(new.entry)
        .bind(&new.request)
        .bind(now)
        .bind(new.asked_by)
        .bind(new.due_at)
        .execute(&mut *tx)
        .await?;
        if done.rows_affected() == 0 {
            return Err(Refusal::ReviewOpen.into());
        }
        let actor = new.asked_by.map_or(Actor::Holder(new.entry), Actor::Staff);
        let (subject, detail) = (format!("entry:{}", new.entry), json!({ "review": new.id }));
        record(&mut tx, Fact { at: now, actor, action: "entry.review_asked", subject, detail }).await?;
        tx.commit().await?;
        Ok(())
    }

    pub async fn answer_review(&self, answer: ReviewAnswer, now: DateTime<Utc>) -> Result<()> {
        let (mut tx, entry) = (self.begin().await?, answer.entry);
        let held = hold(&mut tx, entry, now).await?;
        let done = sqlx::query(
            "UPDATE review SET answer = $2, answered_at = $3, answered_by = $4
             WHERE id = $1 AND entry_id = $5 AND answered_at IS NULL",
        )
        .bind(answer.review)
        .bind(&answer.answer)
        .bind(now)
        .bind(answer.by)
        .bind(entry)
        .execute(&mut *tx)
        .await?;
        if done.rows_affected() == 0 {
            return Err(Refusal::ReviewAnswered.into());
        }
        let owed = Owed {
            entry,
            convocation: None,
            kind: NoticeKind::ReviewAnswered,
            way: held.reach.first(),
            due_at: outside_quiet_hours(now, held.zone),
        };
        owe(&mut tx, &[owed], now).await?;
        let (subject, detail) = (format!("entry:{entry}"), json!({ "review": answer.review }));
        let actor = Actor::Staff(answer.by);
        record(&mut tx, Fact { at: now, actor, action: "entry.review_answered", subject, detail }).await?;
        tx.commit().await?;
        Ok(())
    }
}
