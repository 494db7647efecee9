//! The documents of a draw, stored in chunks, so that sending one needs only one chunk in memory.

use super::{Backend, Connection, Result};
use crate::domain::ids::DrawId;

/// The size of a chunk in bytes; migration 0004 cuts older documents in the same way.
const PIECE_BYTES: usize = 128 * 1024;

impl Backend {
    pub async fn draw_document(&self, id: DrawId, kind: &'static str) -> Result<Option<Vec<u8>>> {
        let pieces: Vec<Vec<u8>> = sqlx::query_scalar(
            "SELECT body FROM draw_document WHERE draw_id = $1 AND kind = $2 ORDER BY number",
        )
        .bind(id)
        .bind(kind)
        .fetch_all(self.reads())
        .await?;
        Ok((!pieces.is_empty()).then(|| pieces.concat()))
    }

    pub async fn draw_document_piece(
        &self,
        id: DrawId,
        kind: &'static str,
        number: i32,
    ) -> Result<Option<Vec<u8>>> {
        let row = sqlx::query_scalar(
            "SELECT body FROM draw_document WHERE draw_id = $1 AND kind = $2 AND number = $3",
        );
        Ok(row.bind(id).bind(kind).bind(number).fetch_optional(self.reads()).await?)
    }

    pub async fn keep_draw_figures(&self, id: DrawId, figures: serde_json::Value) -> Result<()> {
        let mut tx = self.begin().await?;
        sqlx::query(
            "INSERT INTO draw_document (draw_id, kind, number, body) VALUES ($1, 'figures', 0, $2)
             ON CONFLICT DO NOTHING",
        )
        .bind(id)
        .bind(figures.to_string().into_bytes())
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(())
    }
}

/// Writes a document, once.
pub(super) async fn write_document(
    tx: &mut Connection,
    id: DrawId,
    kind: &'static str,
    body: &[u8],
) -> Result<()> {
    for (number, piece) in (0_i32..).zip(body.chunks(PIECE_BYTES)) {
        sqlx::query("INSERT INTO draw_document (draw_id, kind, number, body) VALUES ($1, $2, $3, $4)")
            .bind(id)
            .bind(kind)
            .bind(number)
            .bind(piece)
            .execute(&mut *tx)
            .await?;
    }
    Ok(())
}
