//! The one log. Transactions write their rows without a position, so that they never wait for each other;
//! one sequencer assigns the positions and updates the head of the Merkle tree.

use chrono::{DateTime, Utc};
use sqlx::Connection as _;

use super::{Backend, Result, StoreError, expect_rows, locked};
use crate::domain::refusal::Refusal;
use crate::draw::merkle::Frontier;
use crate::store::records::{AuditRecord, LogHead};

impl Backend {
    pub async fn sequence_log(&self, limit: i64, now: DateTime<Utc>) -> Result<LogHead> {
        let mut tx = self.begin().await?;
        // The installation's row is the sequencer's lock.
        sqlx::query(locked!("SELECT id FROM installation WHERE id = 1")).execute(&mut *tx).await?;
        let head: Option<(i64, Vec<u8>)> =
            sqlx::query_as("SELECT size, frontier FROM log_head ORDER BY size DESC LIMIT 1")
                .fetch_optional(&mut *tx)
                .await?;
        let (size, mut frontier) = match head {
            Some((size, bytes)) => {
                let peaks = bytes.chunks(32).map(<[u8; 32]>::try_from).collect::<std::result::Result<_, _>>();
                let known = u64::try_from(size).ok().and_then(|size| Frontier::resume(size, peaks.ok()?));
                (size, known.ok_or_else(|| StoreError::Corrupt("the log's frontier".to_owned()))?)
            }
            None => (0, Frontier::default()),
        };
        // The plus hides an index from SQLite, which would otherwise scan the tail once for each of its rows.
        let mut numbered: Vec<(i64, Vec<u8>)> = sqlx::query_as(
            "UPDATE audit SET position = $1 + tail.nth - 1 FROM
                (SELECT id, ROW_NUMBER() OVER (ORDER BY at, id) AS nth FROM audit WHERE position IS NULL
                 ORDER BY at, id LIMIT $2) AS tail
             WHERE audit.id = tail.id AND +audit.position IS NULL RETURNING audit.position, audit.leaf",
        )
        .bind(size)
        .bind(limit)
        .fetch_all(&mut *tx)
        .await?;
        numbered.sort_unstable_by_key(|(position, _)| *position);
        let mut position = size;
        for (at, leaf) in &numbered {
            let leaf: [u8; 32] =
                leaf.as_slice().try_into().map_err(|_| StoreError::Corrupt(format!("audit row at {at}")))?;
            // No place stays empty and none is given twice: whoever was here meanwhile, this one gives way.
            expect_rows(u64::from(*at == position), 1, Refusal::Changed)?;
            frontier.append(leaf);
            position += 1;
        }
        if position > size {
            sqlx::query("INSERT INTO log_head (size, root, frontier, at) VALUES ($1, $2, $3, $4)")
                .bind(position)
                .bind(frontier.root().to_vec())
                .bind(frontier.peaks().concat())
                .bind(now)
                .execute(&mut *tx)
                .await?;
        }
        let left: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM audit WHERE position IS NULL")
            .fetch_one(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(LogHead { size: position, root: frontier.root().to_vec(), tail: left })
    }

    pub async fn log_head(&self) -> Result<LogHead> {
        let mut connection = self.reads().acquire().await?;
        let mut read = connection.begin().await?;
        let head: Option<(i64, Vec<u8>)> =
            sqlx::query_as("SELECT size, root FROM log_head ORDER BY size DESC LIMIT 1")
                .fetch_optional(&mut *read)
                .await?;
        let tail: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM audit WHERE position IS NULL")
            .fetch_one(&mut *read)
            .await?;
        let (size, root) = head.unwrap_or_else(|| (0, Frontier::default().root().to_vec()));
        Ok(LogHead { size, root, tail })
    }

    pub async fn log_heads(&self) -> Result<Vec<LogHead>> {
        let rows: Vec<(i64, Vec<u8>)> =
            sqlx::query_as("SELECT size, root FROM log_head ORDER BY size").fetch_all(self.reads()).await?;
        Ok(rows.into_iter().map(|(size, root)| LogHead { size, root, tail: 0 }).collect())
    }

    pub async fn audit_of(&self, subject: String) -> Result<Vec<AuditRecord>> {
        let rows = sqlx::query_as(
            "SELECT id, at, actor, action, subject, detail, leaf, position FROM audit WHERE subject = $1 ORDER BY at, id",
        );
        Ok(rows.bind(subject).fetch_all(self.reads()).await?)
    }

    pub async fn log_leaves(&self, from: i64, limit: i64) -> Result<Vec<AuditRecord>> {
        let rows = sqlx::query_as(
            "SELECT id, at, actor, action, subject, detail, leaf, position FROM audit
             WHERE position >= $1 ORDER BY position LIMIT $2",
        );
        Ok(rows.bind(from).bind(limit).fetch_all(self.reads()).await?)
    }
}
