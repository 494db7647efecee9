//! When the holder's pages of an entry were opened, and since when.

use chrono::{DateTime, Utc};

use super::{Backend, Result};
use crate::domain::ids::EntryId;
use crate::store::records::VisitRecord;

impl Backend {
    pub async fn note_visit(&self, entry: EntryId, now: DateTime<Utc>) -> Result<()> {
        let day = i32::try_from(now.timestamp().div_euclid(86_400)).unwrap_or(i32::MAX);
        let mut tx = self.begin().await?;
        sqlx::query(
            "INSERT INTO visit (entry_id, day, first_at, last_at, times) VALUES ($1, $2, $3, $3, 1)
             ON CONFLICT (entry_id, day) DO UPDATE SET last_at = excluded.last_at, times = visit.times + 1",
        )
        .bind(entry)
        .bind(day)
        .bind(now)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(())
    }

    pub async fn visits(&self, entry: EntryId, limit: i64) -> Result<Vec<VisitRecord>> {
        let rows = sqlx::query_as(
            "SELECT first_at, last_at, times FROM visit WHERE entry_id = $1 ORDER BY day DESC LIMIT $2",
        );
        Ok(rows.bind(entry).bind(limit).fetch_all(self.reads()).await?)
    }

    pub async fn holder_since(&self, entry: EntryId) -> Result<Option<DateTime<Utc>>> {
        let row = sqlx::query_scalar("SELECT holder_since FROM entry WHERE id = $1");
        Ok(row.bind(entry).fetch_optional(self.reads()).await?.flatten())
    }

    pub async fn close_pages(&self, entry: EntryId, now: DateTime<Utc>) -> Result<()> {
        let mut tx = self.begin().await?;
        sqlx::query("UPDATE entry SET holder_since = $2 WHERE id = $1")
            .bind(entry)
            .bind(now)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(())
    }
}
