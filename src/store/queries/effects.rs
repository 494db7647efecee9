//! Counts of what a proposal would do: for the second person, before they decide.

use chrono::{DateTime, Utc};

use super::{Backend, Result};
use crate::domain::ids::{DrawId, QueueId};
use crate::store::records::{StandingGroup, StandingGroupRow};

impl Backend {
    pub async fn standing_groups(&self, queue: QueueId, now: DateTime<Utc>) -> Result<Vec<StandingGroup>> {
        let rows: Vec<StandingGroupRow> = sqlx::query_as(
            "SELECT state = 'waiting' AS is_verified, arrival_day, draws_survived, displaced, priority, labels,
                MAX(deadline_seen_at) AS deadline_seen_at, COUNT(*) AS people
             FROM entry
             WHERE queue_id = $1 AND state IN ('waiting', 'awaiting_identity') AND paused = FALSE
                AND (paused_until IS NULL OR paused_until <= $2)
             GROUP BY state, arrival_day, draws_survived, displaced, priority, labels,
                deadline_seen_at IS NULL",
        )
        .bind(queue)
        .bind(now)
        .fetch_all(self.reads())
        .await?;
        Ok(rows.into_iter().map(StandingGroup::from).collect())
    }

    pub async fn annulment_unsurvives(&self, draw: DrawId) -> Result<i64> {
        let count = sqlx::query_scalar(
            "SELECT COUNT(*) FROM draw_entry x JOIN entry e ON e.id = x.entry_id JOIN draw d ON d.id = x.draw_id
             WHERE d.id = $1 AND d.state IN ('drawn', 'published') AND x.wide = TRUE AND x.won = FALSE AND x.counts = TRUE AND e.draws_survived > 0",
        );
        Ok(count.bind(draw).fetch_one(self.reads()).await?)
    }
}
