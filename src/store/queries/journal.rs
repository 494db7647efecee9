//! The public parts of the log: leaf hashes for proofs, freeze rows, signed heads, and the state of each
//! witness.

use chrono::{DateTime, Utc};

use super::{Backend, Result, expect_rows};
use crate::domain::ids::DrawId;
use crate::domain::refusal::Refusal;
use crate::store::records::{AuditRecord, SignedHead, WitnessRecord};

impl Backend {
    pub async fn log_hashes(&self, from: i64, to: i64) -> Result<Vec<Vec<u8>>> {
        let leaves = sqlx::query_scalar(
            "SELECT leaf FROM audit WHERE position >= $1 AND position < $2 ORDER BY position",
        );
        Ok(leaves.bind(from).bind(to).fetch_all(self.reads()).await?)
    }

    pub async fn frozen_rows(&self, from: i64, to: i64, limit: i64) -> Result<Vec<AuditRecord>> {
        let rows = sqlx::query_as(
            "SELECT id, at, actor, action, subject, detail, leaf, position FROM audit
             WHERE action = 'draw.frozen' AND position >= $1 AND position < $2 ORDER BY position LIMIT $3",
        );
        Ok(rows.bind(from).bind(to).bind(limit).fetch_all(self.reads()).await?)
    }

    pub async fn frozen_row(&self, draw: DrawId) -> Result<Option<AuditRecord>> {
        let row = sqlx::query_as(
            "SELECT id, at, actor, action, subject, detail, leaf, position FROM audit
             WHERE subject = $1 AND action = 'draw.frozen' AND position IS NOT NULL",
        );
        Ok(row.bind(format!("draw:{draw}")).fetch_optional(self.reads()).await?)
    }

    pub async fn signed_head(&self, size: i64) -> Result<Option<SignedHead>> {
        let head = sqlx::query_as(
            "SELECT size, root, note, at FROM signed_head WHERE size <= $1 ORDER BY size DESC LIMIT 1",
        );
        Ok(head.bind(size).fetch_optional(self.reads()).await?)
    }

    pub async fn signed_heads(&self) -> Result<Vec<SignedHead>> {
        let heads = sqlx::query_as("SELECT size, root, note, at FROM signed_head ORDER BY size");
        Ok(heads.fetch_all(self.reads()).await?)
    }

    pub async fn keep_signed_head(&self, head: SignedHead) -> Result<bool> {
        let mut tx = self.begin().await?;
        let done = sqlx::query(
            "INSERT INTO signed_head (size, root, note, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
        )
        .bind(head.size)
        .bind(head.root)
        .bind(head.note)
        .bind(head.at)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(done.rows_affected() == 1)
    }

    pub async fn witnesses(&self) -> Result<Vec<WitnessRecord>> {
        let rows = sqlx::query_as(
            "SELECT url, size, root, acknowledged_at, attempts, fault FROM witness ORDER BY url",
        );
        Ok(rows.fetch_all(self.reads()).await?)
    }

    pub async fn claim_witness(
        &self,
        url: String,
        size: i64,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<Option<WitnessRecord>> {
        let has_to_wait: bool = sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM witness
                WHERE url = $1 AND ((size = $2 AND fault IS NULL) OR next_attempt_at > $3))",
        )
        .bind(&url)
        .bind(size)
        .bind(now)
        .fetch_one(self.reads())
        .await?;
        if has_to_wait {
            return Ok(None);
        }
        let mut tx = self.begin().await?;
        sqlx::query(
            "INSERT INTO witness (url, size, root, attempts, next_attempt_at) VALUES ($1, 0, $2, 0, $3)
             ON CONFLICT DO NOTHING",
        )
        .bind(&url)
        .bind(crate::draw::merkle::root(&[]).to_vec())
        .bind(now)
        .execute(&mut *tx)
        .await?;
        let claimed = sqlx::query_as(
            "UPDATE witness SET next_attempt_at = $4
             WHERE url = $1 AND (size <> $2 OR fault IS NOT NULL) AND next_attempt_at <= $3
             RETURNING url, size, root, acknowledged_at, attempts, fault",
        )
        .bind(&url)
        .bind(size)
        .bind(now)
        .bind(until)
        .fetch_optional(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(claimed)
    }

    pub async fn witness_acknowledged(
        &self,
        url: String,
        size: i64,
        root: Vec<u8>,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let mut tx = self.begin().await?;
        let done = sqlx::query(
            "UPDATE witness SET size = $2, root = $3, acknowledged_at = $4, attempts = 0, fault = NULL
             WHERE url = $1",
        )
        .bind(url)
        .bind(size)
        .bind(root)
        .bind(now)
        .execute(&mut *tx)
        .await?;
        expect_rows(done.rows_affected(), 1, Refusal::Changed)?;
        tx.commit().await?;
        Ok(())
    }

    pub async fn witness_failed(
        &self,
        url: String,
        fault: String,
        next_attempt_at: DateTime<Utc>,
    ) -> Result<()> {
        let mut tx = self.begin().await?;
        let done = sqlx::query(
            "UPDATE witness SET attempts = attempts + 1, fault = $2, next_attempt_at = $3 WHERE url = $1",
        )
        .bind(url)
        .bind(fault)
        .bind(next_attempt_at)
        .execute(&mut *tx)
        .await?;
        expect_rows(done.rows_affected(), 1, Refusal::Changed)?;
        tx.commit().await?;
        Ok(())
    }
}
