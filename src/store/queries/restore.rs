//! After a restore from a backup: what may have happened since the copy was made is not done a second time.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::draws::annul;
use super::notices::{Settled, hand_over};
use super::{Backend, Fact, Result, record};
use crate::domain::actor::Actor;
use crate::domain::ids::DrawId;
use crate::store::commands::Restored;

impl Backend {
    pub async fn mark_restored(&self, reason: String, now: DateTime<Utc>) -> Result<Restored> {
        let mut tx = self.begin().await?;
        let copied_at: Option<DateTime<Utc>> =
            sqlx::query_scalar("SELECT MAX(at) FROM audit").fetch_one(&mut *tx).await?;
        // What was due may have left. A letter is still on the pile, where an agent sees it before it leaves.
        let due: Vec<Settled> = sqlx::query_as(
            "UPDATE notice SET state = 'unknown', settled_at = $1, lease_until = NULL, detail = $2
             WHERE way <> 'letter' AND (state = 'sending' OR (state = 'pending' AND due_at <= $1))
             RETURNING entry_id, convocation_id, kind, way",
        )
        .bind(now)
        .bind(&reason)
        .fetch_all(&mut *tx)
        .await?;
        for notice in &due {
            hand_over(&mut tx, notice, now).await?;
        }
        // Their lists may have been frozen, published and seen by witnesses. A list that is in the copy stands: its
        // outcome follows from it, and is the one that people may have been told already.
        let draws: Vec<DrawId> = sqlx::query_scalar(
            "SELECT id FROM draw WHERE state = 'announced' AND freeze_at <= $1 ORDER BY id",
        )
        .bind(now)
        .fetch_all(&mut *tx)
        .await?;
        for draw in &draws {
            annul(&mut tx, *draw, &reason, Actor::System, now).await?;
        }
        // Accounts may have been disabled since, and sessions ended.
        let sessions = sqlx::query("DELETE FROM session").execute(&mut *tx).await?.rows_affected();
        // Links and codes that were used since would be good again.
        sqlx::query("DELETE FROM staff_link").execute(&mut *tx).await?;
        sqlx::query("DELETE FROM one_time_code").execute(&mut *tx).await?;
        let restored = Restored { copied_at, notices: due.len() as u64, draws: draws.len() as u64, sessions };
        record(
            &mut tx,
            Fact {
                at: now,
                actor: Actor::System,
                action: "installation.restored",
                subject: "installation".to_owned(),
                detail: json!({ "copied_at": copied_at.map(|at| at.timestamp()), "notices": restored.notices,
                    "draws": restored.draws }),
            },
        )
        .await?;
        tx.commit().await?;
        Ok(restored)
    }

    pub async fn last_restored(&self) -> Result<Option<DateTime<Utc>>> {
        let row =
            sqlx::query_scalar("SELECT MAX(at) FROM audit WHERE subject = 'installation' AND action = $1");
        Ok(row.bind("installation.restored").fetch_one(self.reads()).await?)
    }
}
