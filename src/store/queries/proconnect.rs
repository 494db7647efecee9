//! Which account an identity of ProConnect opens: one at most, linked by its owner.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::staff::{end_sessions, fact, staff_select};
use super::{Backend, Result, expect_rows, record};
use crate::domain::actor::Actor;
use crate::domain::ids::StaffId;
use crate::domain::refusal::Refusal;
use crate::store::records::StaffRecord;

impl Backend {
    pub async fn staff_by_proconnect(&self, fingerprint: Vec<u8>) -> Result<Option<StaffRecord>> {
        let row = sqlx::query_as(staff_select!(
            "JOIN proconnect_link l ON l.staff_id = s.id
             WHERE l.fingerprint = $1 AND s.disabled_at IS NULL AND s.confirmed_at IS NOT NULL"
        ));
        Ok(row.bind(fingerprint).fetch_optional(self.reads()).await?)
    }

    pub async fn link_proconnect(
        &self,
        staff: StaffId,
        fingerprint: Vec<u8>,
        keep: Vec<u8>,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let mut tx = self.begin().await?;
        let done = sqlx::query(
            "INSERT INTO proconnect_link (staff_id, fingerprint, linked_at) VALUES ($1, $2, $3)
             ON CONFLICT DO NOTHING",
        )
        .bind(staff)
        .bind(fingerprint)
        .bind(now)
        .execute(&mut *tx)
        .await?;
        if done.rows_affected() == 0 {
            let own: bool =
                sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM proconnect_link WHERE staff_id = $1)")
                    .bind(staff)
                    .fetch_one(&mut *tx)
                    .await?;
            return Err(if own { Refusal::Changed } else { Refusal::ProconnectTaken }.into());
        }
        end_sessions(&mut tx, staff, &keep).await?;
        let linked = fact("staff.proconnect_linked", staff, json!({}), Actor::Staff(staff), now);
        record(&mut tx, linked).await?;
        tx.commit().await?;
        Ok(())
    }

    pub async fn unlink_proconnect(
        &self,
        staff: StaffId,
        by: StaffId,
        keep: Vec<u8>,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let mut tx = self.begin().await?;
        let done = sqlx::query("DELETE FROM proconnect_link WHERE staff_id = $1")
            .bind(staff)
            .execute(&mut *tx)
            .await?;
        expect_rows(done.rows_affected(), 1, Refusal::Changed)?;
        end_sessions(&mut tx, staff, &keep).await?;
        record(&mut tx, fact("staff.proconnect_unlinked", staff, json!({}), Actor::Staff(by), now)).await?;
        tx.commit().await?;
        Ok(())
    }
}
