//! Staff accounts: how they begin, who confirms them, how their owners get in again.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::{Backend, Connection, Fact, Result, StoreError, expect_rows, locked, record};
use crate::domain::actor::Actor;
use crate::domain::ids::StaffId;
use crate::domain::refusal::Refusal;
use crate::domain::staff::LinkKind;
use crate::store::commands::{NewLink, NewSecondFactor, NewStaff};
use crate::store::records::{LinkRecord, StaffRecord};

/// An account; what follows names the rows.
macro_rules! staff_select {
    ($rest:literal) => {
        concat!(
            "SELECT s.id, s.prefecture_id, s.login, s.password_hash, s.role, s.created_at, s.disabled_at, s.full_name,
                s.phone, s.totp, s.totp_step, s.invited_by, s.confirmed_by, s.confirmed_at, s.reset_asked_by,
                EXISTS (SELECT 1 FROM proconnect_link p WHERE p.staff_id = s.id) AS has_proconnect
             FROM staff s ",
            $rest
        )
    };
}

pub(super) use staff_select;

impl Backend {
    pub async fn add_staff(&self, new: NewStaff, now: DateTime<Utc>) -> Result<bool> {
        let mut tx = self.begin().await?;
        let is_confirmed = new.invited_by.is_none();
        let done = sqlx::query(
            "INSERT INTO staff (id, prefecture_id, login, password_hash, role, created_at, full_name, phone, invited_by,
                confirmed_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (login) DO NOTHING",
        )
        .bind(new.id)
        .bind(new.prefecture)
        .bind(&new.login)
        .bind(&new.password_hash)
        .bind(new.role)
        .bind(now)
        .bind(&new.full_name)
        .bind(&new.phone)
        .bind(new.invited_by)
        .bind(is_confirmed.then_some(now))
        .execute(&mut *tx)
        .await?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        for site in &new.sites {
            sqlx::query("INSERT INTO staff_site (staff_id, site_id) VALUES ($1, $2)")
                .bind(new.id)
                .bind(site)
                .execute(&mut *tx)
                .await?;
        }
        for prefecture in &new.also_reads {
            sqlx::query("INSERT INTO staff_prefecture (staff_id, prefecture_id) VALUES ($1, $2)")
                .bind(new.id)
                .bind(prefecture)
                .execute(&mut *tx)
                .await?;
        }
        let by = new.invited_by.map_or(Actor::System, Actor::Staff);
        let detail = json!({ "role": new.role, "confirmed": is_confirmed });
        record(&mut tx, fact("staff.added", new.id, detail, by, now)).await?;
        tx.commit().await?;
        Ok(true)
    }

    pub async fn staff_by_login(&self, login: String) -> Result<Option<StaffRecord>> {
        let row = sqlx::query_as(staff_select!("WHERE s.login = $1 AND s.disabled_at IS NULL"));
        Ok(row.bind(login).fetch_optional(self.reads()).await?)
    }

    pub async fn staff_member(&self, id: StaffId) -> Result<Option<StaffRecord>> {
        let row = sqlx::query_as(staff_select!("WHERE s.id = $1"));
        Ok(row.bind(id).fetch_optional(self.reads()).await?)
    }

    pub async fn staff(&self) -> Result<Vec<StaffRecord>> {
        let rows = sqlx::query_as(staff_select!("ORDER BY s.login"));
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

    pub async fn change_password(
        &self,
        staff: StaffId,
        hash: String,
        keep: Option<Vec<u8>>,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let mut tx = self.begin().await?;
        set_password(&mut tx, staff, &hash, keep.as_deref()).await?;
        record(&mut tx, fact("staff.password_changed", staff, json!({}), Actor::Staff(staff), now)).await?;
        tx.commit().await?;
        Ok(())
    }

    pub async fn confirm_staff(&self, id: StaffId, by: Option<StaffId>, now: DateTime<Utc>) -> Result<()> {
        let mut tx = self.begin().await?;
        let account = held(&mut tx, id).await?;
        if account.confirmed_at.is_some() {
            return Err(Refusal::Changed.into());
        }
        if by.is_some() && by == account.invited_by || by == Some(id) {
            return Err(Refusal::SecondPerson.into());
        }
        sqlx::query("UPDATE staff SET confirmed_by = $2, confirmed_at = $3 WHERE id = $1")
            .bind(id)
            .bind(by)
            .bind(now)
            .execute(&mut *tx)
            .await?;
        let by = by.map_or(Actor::System, Actor::Staff);
        record(&mut tx, fact("staff.confirmed", id, json!({}), by, now)).await?;
        tx.commit().await?;
        Ok(())
    }

    pub async fn disable_staff(
        &self,
        id: StaffId,
        by: Option<StaffId>,
        keeps_two: bool,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let mut tx = self.begin().await?;
        if keeps_two && leaves_one_manager(&mut tx, id).await? {
            return Err(Refusal::TooFewManagers.into());
        }
        let done = sqlx::query("UPDATE staff SET disabled_at = $2 WHERE id = $1 AND disabled_at IS NULL")
            .bind(id)
            .bind(now)
            .execute(&mut *tx)
            .await?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        end_sessions(&mut tx, id, &[]).await?;
        forget_links(&mut tx, id).await?;
        forget_proconnect(&mut tx, id).await?;
        let by = by.map_or(Actor::System, Actor::Staff);
        record(&mut tx, fact("staff.disabled", id, json!({}), by, now)).await?;
        tx.commit().await?;
        Ok(true)
    }

    pub async fn enable_staff(&self, id: StaffId, by: StaffId, now: DateTime<Utc>) -> Result<()> {
        let mut tx = self.begin().await?;
        let account = held(&mut tx, id).await?;
        if account.disabled_at.is_none() {
            return Err(Refusal::Changed.into());
        }
        // As a new account: another person confirms it. Of one that was never confirmed, still not its inviter.
        sqlx::query(
            "UPDATE staff SET disabled_at = NULL,
                invited_by = CASE WHEN confirmed_at IS NULL THEN invited_by ELSE $2 END, confirmed_by = NULL, confirmed_at = NULL WHERE id = $1",
        )
        .bind(id)
        .bind(by)
        .execute(&mut *tx)
        .await?;
        record(&mut tx, fact("staff.enabled", id, json!({}), Actor::Staff(by), now)).await?;
        tx.commit().await?;
        Ok(())
    }

    pub async fn make_link(&self, link: NewLink, now: DateTime<Utc>) -> Result<()> {
        let mut tx = self.begin().await?;
        // One link at a time: an earlier one opens nothing any more.
        forget_links(&mut tx, link.staff).await?;
        sqlx::query(
            "INSERT INTO staff_link (token_hash, staff_id, kind, made_by, made_at, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(&link.token_hash)
        .bind(link.staff)
        .bind(link.kind)
        .bind(link.by)
        .bind(now)
        .bind(link.expires_at)
        .execute(&mut *tx)
        .await?;
        let by = link.by.map_or(Actor::System, Actor::Staff);
        record(&mut tx, fact("staff.link_sent", link.staff, json!({ "kind": link.kind }), by, now)).await?;
        tx.commit().await?;
        Ok(())
    }

    pub async fn link(&self, token_hash: Vec<u8>, now: DateTime<Utc>) -> Result<Option<LinkRecord>> {
        let row = sqlx::query_as(
            "SELECT l.staff_id, l.kind, s.login FROM staff_link l JOIN staff s ON s.id = l.staff_id
             WHERE l.token_hash = $1 AND l.used_at IS NULL AND l.expires_at > $2 AND s.disabled_at IS NULL",
        );
        Ok(row.bind(token_hash).bind(now).fetch_optional(self.reads()).await?)
    }

    pub async fn use_link(&self, token_hash: Vec<u8>, hash: String, now: DateTime<Utc>) -> Result<StaffId> {
        let mut tx = self.begin().await?;
        let used: Option<(StaffId, LinkKind)> = sqlx::query_as(
            "UPDATE staff_link SET used_at = $2 WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2
             RETURNING staff_id, kind",
        )
        .bind(token_hash)
        .bind(now)
        .fetch_optional(&mut *tx)
        .await?;
        let (id, kind) = used.ok_or(Refusal::LinkSpent)?;
        set_password(&mut tx, id, &hash, None).await?;
        let action = match kind {
            LinkKind::Invitation => "staff.opened",
            LinkKind::Password => "staff.password_changed",
        };
        record(&mut tx, fact(action, id, json!({}), Actor::Staff(id), now)).await?;
        tx.commit().await?;
        Ok(id)
    }

    pub async fn set_second_factor(&self, new: NewSecondFactor, now: DateTime<Utc>) -> Result<()> {
        let (mut tx, staff) = (self.begin().await?, new.staff);
        let done = sqlx::query(
            "UPDATE staff SET totp = $2, totp_step = $3, reset_asked_by = NULL
             WHERE id = $1 AND totp IS NOT DISTINCT FROM $4",
        )
        .bind(staff)
        .bind(new.secret)
        .bind(new.step)
        .bind(new.was)
        .execute(&mut *tx)
        .await?;
        expect_rows(done.rows_affected(), 1, Refusal::Changed)?;
        sqlx::query("DELETE FROM recovery_code WHERE staff_id = $1").bind(staff).execute(&mut *tx).await?;
        for code in new.codes {
            sqlx::query("INSERT INTO recovery_code (staff_id, code_hash) VALUES ($1, $2)")
                .bind(staff)
                .bind(code)
                .execute(&mut *tx)
                .await?;
        }
        end_sessions(&mut tx, staff, &new.keep).await?;
        record(&mut tx, fact("staff.second_factor_set", staff, json!({}), Actor::Staff(staff), now)).await?;
        tx.commit().await?;
        Ok(())
    }

    pub async fn use_totp_step(&self, staff: StaffId, step: i64) -> Result<bool> {
        let mut tx = self.begin().await?;
        let done = sqlx::query(
            "UPDATE staff SET totp_step = $2 WHERE id = $1 AND (totp_step IS NULL OR totp_step < $2)",
        )
        .bind(staff)
        .bind(step)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(done.rows_affected() == 1)
    }

    pub async fn use_recovery_code(&self, staff: StaffId, code: Vec<u8>, now: DateTime<Utc>) -> Result<bool> {
        let mut tx = self.begin().await?;
        let done = sqlx::query(
            "UPDATE recovery_code SET used_at = $3 WHERE staff_id = $1 AND code_hash = $2 AND used_at IS NULL",
        )
        .bind(staff)
        .bind(code)
        .bind(now)
        .execute(&mut *tx)
        .await?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        let used = fact("staff.recovery_code_used", staff, json!({}), Actor::Staff(staff), now);
        record(&mut tx, used).await?;
        tx.commit().await?;
        Ok(true)
    }

    pub async fn recovery_codes_left(&self, staff: StaffId) -> Result<i64> {
        let row =
            sqlx::query_scalar("SELECT COUNT(*) FROM recovery_code WHERE staff_id = $1 AND used_at IS NULL");
        Ok(row.bind(staff).fetch_one(self.reads()).await?)
    }

    pub async fn ask_reset(&self, id: StaffId, by: StaffId, now: DateTime<Utc>) -> Result<()> {
        let mut tx = self.begin().await?;
        let done = sqlx::query(
            "UPDATE staff SET reset_asked_by = $2 WHERE id = $1 AND totp IS NOT NULL AND reset_asked_by IS NULL",
        )
        .bind(id)
        .bind(by)
        .execute(&mut *tx)
        .await?;
        expect_rows(done.rows_affected(), 1, Refusal::Changed)?;
        record(&mut tx, fact("staff.reset_asked", id, json!({}), Actor::Staff(by), now)).await?;
        tx.commit().await?;
        Ok(())
    }

    pub async fn reset_second_factor(
        &self,
        id: StaffId,
        by: Option<StaffId>,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let mut tx = self.begin().await?;
        let account = held(&mut tx, id).await?;
        if let Some(by) = by {
            let asked = account.reset_asked_by.ok_or(Refusal::Changed)?;
            if asked == by || id == by {
                return Err(Refusal::SecondPerson.into());
            }
        }
        sqlx::query("UPDATE staff SET totp = NULL, totp_step = NULL, reset_asked_by = NULL WHERE id = $1")
            .bind(id)
            .execute(&mut *tx)
            .await?;
        sqlx::query("DELETE FROM recovery_code WHERE staff_id = $1").bind(id).execute(&mut *tx).await?;
        forget_proconnect(&mut tx, id).await?;
        end_sessions(&mut tx, id, &[]).await?;
        let by = by.map_or(Actor::System, Actor::Staff);
        record(&mut tx, fact("staff.second_factor_reset", id, json!({}), by, now)).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// The account, its row held.
async fn held(tx: &mut Connection, id: StaffId) -> Result<StaffRecord> {
    let row = sqlx::query_as(locked!(staff_select!("WHERE s.id = $1"))).bind(id).fetch_optional(tx).await?;
    row.ok_or(StoreError::NotFound("staff"))
}

/// Whether an account is one of the two last managers of its prefecture: a grave act needs two of them. Their rows are held, so
/// that two managers do not disable each other.
async fn leaves_one_manager(tx: &mut Connection, id: StaffId) -> Result<bool> {
    let row = sqlx::query_scalar(locked!(
        "SELECT id FROM staff WHERE prefecture_id = (SELECT prefecture_id FROM staff WHERE id = $1)
            AND role = 'manager' AND disabled_at IS NULL AND confirmed_at IS NOT NULL AND password_hash <> ''
         ORDER BY id"
    ));
    let managers: Vec<StaffId> = row.bind(id).fetch_all(tx).await?;
    Ok(managers.contains(&id) && managers.len() <= 2)
}

/// A new password ends every session but the one in which it was set.
async fn set_password(tx: &mut Connection, id: StaffId, hash: &str, keep: Option<&[u8]>) -> Result<()> {
    sqlx::query("UPDATE staff SET password_hash = $2 WHERE id = $1")
        .bind(id)
        .bind(hash)
        .execute(&mut *tx)
        .await?;
    end_sessions(tx, id, keep.unwrap_or_default()).await?;
    forget_links(tx, id).await
}

/// Ends every session of an account but one.
pub(super) async fn end_sessions(tx: &mut Connection, id: StaffId, keep: &[u8]) -> Result<()> {
    sqlx::query("DELETE FROM session WHERE staff_id = $1 AND token_hash <> $2")
        .bind(id)
        .bind(keep)
        .execute(tx)
        .await?;
    Ok(())
}

async fn forget_links(tx: &mut Connection, id: StaffId) -> Result<()> {
    sqlx::query("DELETE FROM staff_link WHERE staff_id = $1 AND used_at IS NULL")
        .bind(id)
        .execute(tx)
        .await?;
    Ok(())
}

/// What was linked with a second factor, or by an account that is no longer good, opens nothing any more.
async fn forget_proconnect(tx: &mut Connection, id: StaffId) -> Result<()> {
    sqlx::query("DELETE FROM proconnect_link WHERE staff_id = $1").bind(id).execute(tx).await?;
    Ok(())
}

pub(super) fn fact(
    action: &'static str,
    id: StaffId,
    detail: serde_json::Value,
    actor: Actor,
    at: DateTime<Utc>,
) -> Fact<'static> {
    Fact { at, actor, action, subject: format!("staff:{id}"), detail }
}
