//! Counts of what a proposal would do: for the second person, before they decide.

use chrono::{DateTime, Utc};
use uuid::Uuid;

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
            "SELECT COUNT(*) FROM draw_entry x JOIN entry e ON e.id = x.entry_id
             WHERE x.draw_id = $1 AND x.wide = TRUE AND x.won = FALSE AND x.counts = TRUE AND e.draws_survived > 0",
        );
        Ok(count.bind(draw).fetch_one(self.reads()).await?)
    }

    pub async fn waiting_beside_compensated(&self, compensation: Uuid) -> Result<i64> {
        let count = sqlx::query_scalar(
            "SELECT COUNT(*) FROM entry w WHERE w.state = 'waiting' AND w.queue_id IN
                (SELECT e.queue_id FROM compensated x JOIN entry e ON e.id = x.entry_id WHERE x.compensation_id = $1)",
        );
        Ok(count.bind(compensation).fetch_one(self.reads()).await?)
    }
}
