//! Sessions of staff: opened in stages, ended by time, by their owner, or with the account. They live on real time.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Backend, Result, delete_old};
use crate::domain::ids::{PrefectureId, SiteId, StaffId};
use crate::store::commands::NewSession;
use crate::store::records::{OpenSessionRecord, SessionRecord};

impl Backend {
    pub async fn open_session(&self, new: NewSession, now: DateTime<Utc>) -> Result<()> {
        let mut tx = self.begin().await?;
        sqlx::query("DELETE FROM session WHERE expires_at < $1").bind(now).execute(&mut *tx).await?;
        if let Some(before) = &new.instead_of {
            sqlx::query("DELETE FROM session WHERE token_hash = $1").bind(before).execute(&mut *tx).await?;
        }
        sqlx::query(
            "INSERT INTO session (token_hash, id, staff_id, stage, prefecture_id, csrf, browser, created_at,
                last_seen_at, expires_at, id_token)
             SELECT $1, $2, s.id, $4, s.prefecture_id, $5, $6, $7, $7, $8, $9 FROM staff s WHERE s.id = $3",
        )
        .bind(&new.token_hash)
        .bind(new.id)
        .bind(new.staff)
        .bind(new.stage)
        .bind(&new.csrf)
        .bind(&new.browser)
        .bind(now)
        .bind(new.expires_at)
        .bind(new.id_token)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(())
    }

    pub async fn session(
        &self,
        token_hash: Vec<u8>,
        now: DateTime<Utc>,
        seen_after: DateTime<Utc>,
    ) -> Result<Option<SessionRecord>> {
        let row = sqlx::query_as(
            "SELECT s.id AS staff_id, x.prefecture_id, s.login, s.role, x.csrf, x.stage, x.last_seen_at, x.id,
                (SELECT f.site_id FROM staff_site f WHERE f.staff_id = s.id AND NOT EXISTS
                    (SELECT 1 FROM staff_site o WHERE o.staff_id = s.id AND o.site_id <> f.site_id)) AS site_id
             FROM session x JOIN staff s ON s.id = x.staff_id
             WHERE x.token_hash = $1 AND x.expires_at > $2 AND x.last_seen_at > $3 AND s.disabled_at IS NULL
                AND s.confirmed_at IS NOT NULL",
        );
        Ok(row.bind(token_hash).bind(now).bind(seen_after).fetch_optional(self.reads()).await?)
    }

    pub async fn session_seen(&self, token_hash: Vec<u8>, now: DateTime<Utc>) -> Result<()> {
        let mut tx = self.begin().await?;
        sqlx::query("UPDATE session SET last_seen_at = $2 WHERE token_hash = $1")
            .bind(token_hash)
            .bind(now)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(())
    }

    pub async fn take_session_try(&self, token_hash: Vec<u8>, most: i32) -> Result<bool> {
        let mut tx = self.begin().await?;
        let done = sqlx::query("UPDATE session SET tries = tries + 1 WHERE token_hash = $1 AND tries < $2")
            .bind(token_hash)
            .bind(most)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(done.rows_affected() == 1)
    }

    pub async fn show_prefecture(&self, token_hash: Vec<u8>, prefecture: PrefectureId) -> Result<bool> {
        let mut tx = self.begin().await?;
        let done = sqlx::query(
            "UPDATE session SET prefecture_id = $2 WHERE token_hash = $1 AND staff_id IN
                (SELECT id FROM staff WHERE prefecture_id = $2
                 UNION ALL SELECT staff_id FROM staff_prefecture WHERE prefecture_id = $2)",
        )
        .bind(token_hash)
        .bind(prefecture)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(done.rows_affected() == 1)
    }

    pub async fn sessions_of(&self, staff: StaffId, now: DateTime<Utc>) -> Result<Vec<OpenSessionRecord>> {
        let rows = sqlx::query_as(
            "SELECT id, browser, created_at, last_seen_at, id_token IS NOT NULL AS by_proconnect FROM session
             WHERE staff_id = $1 AND stage = 'full' AND expires_at > $2 ORDER BY last_seen_at DESC, id",
        );
        Ok(rows.bind(staff).bind(now).fetch_all(self.reads()).await?)
    }

    pub async fn end_session_by_id(&self, id: Uuid, owner: StaffId) -> Result<bool> {
        let mut tx = self.begin().await?;
        let done = sqlx::query("DELETE FROM session WHERE id = $1 AND staff_id = $2")
            .bind(id)
            .bind(owner)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(done.rows_affected() == 1)
    }

    pub async fn end_expired_sessions(&self, now: DateTime<Utc>) -> Result<u64> {
        delete_old!(self, "session WHERE expires_at < $1", now)
    }

    pub async fn end_session(&self, token_hash: Vec<u8>) -> Result<()> {
        let mut tx = self.begin().await?;
        sqlx::query("DELETE FROM session WHERE token_hash = $1").bind(token_hash).execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(())
    }

    pub async fn id_token(&self, token_hash: Vec<u8>) -> Result<Option<(Uuid, Vec<u8>)>> {
        let row =
            sqlx::query_as("SELECT id, id_token FROM session WHERE token_hash = $1 AND id_token IS NOT NULL");
        Ok(row.bind(token_hash).fetch_optional(self.reads()).await?)
    }

    pub async fn sites_of_staff(&self, staff: StaffId) -> Result<Vec<SiteId>> {
        let rows = sqlx::query_scalar("SELECT site_id FROM staff_site WHERE staff_id = $1 ORDER BY site_id");
        Ok(rows.bind(staff).fetch_all(self.reads()).await?)
    }

    pub async fn prefectures_of_staff(&self, staff: StaffId) -> Result<Vec<PrefectureId>> {
        let rows = sqlx::query_scalar(
            "SELECT prefecture_id FROM staff WHERE id = $1
             UNION SELECT prefecture_id FROM staff_prefecture WHERE staff_id = $1 ORDER BY 1",
        );
        Ok(rows.bind(staff).fetch_all(self.reads()).await?)
    }
}
