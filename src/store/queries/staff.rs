//! Staff accounts and their sessions. Sessions live on real time.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::{Backend, Fact, Result, record};
use crate::domain::actor::Actor;
use crate::domain::ids::StaffId;
use crate::store::commands::NewStaff;
use crate::store::records::{SessionRecord, StaffRecord};

impl Backend {
    pub async fn add_staff(&self, new: NewStaff, now: DateTime<Utc>) -> Result<bool> {
        let mut tx = self.begin().await?;
        let done = sqlx::query(
            "INSERT INTO staff (id, prefecture_id, login, password_hash, role, created_at)
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (login) DO NOTHING",
        )
        .bind(new.id)
        .bind(new.prefecture)
        .bind(&new.login)
        .bind(&new.password_hash)
        .bind(new.role)
        .bind(now)
        .execute(&mut *tx)
        .await?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        record(&mut tx, staff_fact("staff.added", new.id, json!({ "role": new.role }), now)).await?;
        tx.commit().await?;
        Ok(true)
    }

    pub async fn staff_by_login(&self, login: String) -> Result<Option<StaffRecord>> {
        let row = sqlx::query_as(
            "SELECT id, prefecture_id, login, password_hash, role, created_at, disabled_at
             FROM staff WHERE login = $1 AND disabled_at IS NULL",
        );
        Ok(row.bind(login).fetch_optional(self.reads()).await?)
    }

    pub async fn staff(&self) -> Result<Vec<StaffRecord>> {
        let rows = sqlx::query_as(
            "SELECT id, prefecture_id, login, password_hash, role, created_at, disabled_at FROM staff ORDER BY login",
        );
        Ok(rows.fetch_all(self.reads()).await?)
    }

    pub async fn upgrade_password_hash(
        &self,
        staff: StaffId,
        outdated: String,
        upgraded: String,
    ) -> Result<()> {
        let mut tx = self.begin().await?;
        sqlx::query("UPDATE staff SET password_hash = $3 WHERE id = $1 AND password_hash = $2")
            .bind(staff)
            .bind(outdated)
            .bind(upgraded)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(())
    }

    pub async fn disable_staff(&self, login: String, now: DateTime<Utc>) -> Result<bool> {
        let mut tx = self.begin().await?;
        let id: Option<StaffId> = sqlx::query_scalar(
            "UPDATE staff SET disabled_at = $2 WHERE login = $1 AND disabled_at IS NULL RETURNING id",
        )
        .bind(&login)
        .bind(now)
        .fetch_optional(&mut *tx)
        .await?;
        let Some(id) = id else { return Ok(false) };
        sqlx::query("DELETE FROM session WHERE staff_id = $1").bind(id).execute(&mut *tx).await?;
        record(&mut tx, staff_fact("staff.disabled", id, json!({}), now)).await?;
        tx.commit().await?;
        Ok(true)
    }

    pub async fn open_session(
        &self,
        token_hash: Vec<u8>,
        csrf: Vec<u8>,
        staff: StaffId,
        now: DateTime<Utc>,
        expires_at: DateTime<Utc>,
    ) -> Result<()> {
        let mut tx = self.begin().await?;
        sqlx::query("DELETE FROM session WHERE expires_at < $1").bind(now).execute(&mut *tx).await?;
        sqlx::query(
            "INSERT INTO session (token_hash, staff_id, csrf, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(token_hash)
        .bind(staff)
        .bind(csrf)
        .bind(now)
        .bind(expires_at)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(())
    }

    pub async fn session(&self, token_hash: Vec<u8>, now: DateTime<Utc>) -> Result<Option<SessionRecord>> {
        let row = sqlx::query_as(
            "SELECT s.id AS staff_id, s.prefecture_id, s.login, s.role, x.csrf
             FROM session x JOIN staff s ON s.id = x.staff_id
             WHERE x.token_hash = $1 AND x.expires_at > $2 AND s.disabled_at IS NULL",
        );
        Ok(row.bind(token_hash).bind(now).fetch_optional(self.reads()).await?)
    }

    pub async fn end_expired_sessions(&self, now: DateTime<Utc>) -> Result<u64> {
        let expired: bool = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM session WHERE expires_at < $1)")
            .bind(now)
            .fetch_one(self.reads())
            .await?;
        if !expired {
            return Ok(0);
        }
        let mut tx = self.begin().await?;
        let done =
            sqlx::query("DELETE FROM session WHERE expires_at < $1").bind(now).execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(done.rows_affected())
    }

    pub async fn end_session(&self, token_hash: Vec<u8>) -> Result<()> {
        let mut tx = self.begin().await?;
        sqlx::query("DELETE FROM session WHERE token_hash = $1").bind(token_hash).execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(())
    }
}

fn staff_fact(
    action: &'static str,
    id: StaffId,
    detail: serde_json::Value,
    at: DateTime<Utc>,
) -> Fact<'static> {
    Fact { at, actor: Actor::System, action, subject: format!("staff:{id}"), detail }
}
