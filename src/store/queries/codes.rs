//! One-time codes. A try is counted before it is looked at, in one statement: however many arrive at once, five are looked
//! at.

use chrono::{DateTime, Utc};
use serde_json::json;
use subtle::ConstantTimeEq;

use super::entries::entry_select;
use super::held::hold_live;
use super::{Backend, Fact, Result, delete_old, record};
use crate::domain::actor::Actor;
use crate::domain::ids::EntryId;
use crate::store::commands::{ChangedContact, CodeTry, NewCode};
use crate::store::records::{CodeRecord, EntryRecord};

impl Backend {
    pub async fn new_code(&self, new: NewCode, now: DateTime<Utc>) -> Result<()> {
        let mut tx = self.begin().await?;
        sqlx::query(
            "INSERT INTO one_time_code (id, purpose, contact_fingerprint, birth_date_fingerprint, entry_id, change,
                code_fingerprint, created_at, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(new.id)
        .bind(new.purpose)
        .bind(&new.contact_fingerprint)
        .bind(&new.birth_date_fingerprint)
        .bind(new.entry)
        .bind(&new.change)
        .bind(&new.code_fingerprint)
        .bind(now)
        .bind(new.expires_at)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(())
    }

    pub async fn try_code(
        &self,
        id: uuid::Uuid,
        code_fingerprint: Vec<u8>,
        most: i32,
        now: DateTime<Utc>,
    ) -> Result<CodeTry> {
        let mut tx = self.begin().await?;
        let found: Option<CodeRecord> = sqlx::query_as(
            "UPDATE one_time_code SET tries = tries + 1
             WHERE id = $1 AND used_at IS NULL AND expires_at > $2 AND tries < $3
             RETURNING purpose, contact_fingerprint, birth_date_fingerprint, entry_id, change, code_fingerprint",
        )
        .bind(id)
        .bind(now)
        .bind(most)
        .fetch_optional(&mut *tx)
        .await?;
        let answer = match found {
            None => CodeTry::Spent,
            Some(code) if !bool::from(code.code_fingerprint.ct_eq(&code_fingerprint)) => CodeTry::Wrong,
            Some(code) => {
                sqlx::query("UPDATE one_time_code SET used_at = $2 WHERE id = $1")
                    .bind(id)
                    .bind(now)
                    .execute(&mut *tx)
                    .await?;
                CodeTry::Right(Box::new(code))
            }
        };
        tx.commit().await?;
        Ok(answer)
    }

    pub async fn entries_by_contact(
        &self,
        contact: Vec<u8>,
        birth_date: Vec<u8>,
        limit: i64,
    ) -> Result<Vec<EntryRecord>> {
        let rows = sqlx::query_as(entry_select!(
            "WHERE (a.phone_fingerprint = $1 OR a.email_fingerprint = $1) AND a.birth_date_fingerprint = $2
             ORDER BY e.ended_at IS NOT NULL, e.registered_at DESC, e.id LIMIT $3"
        ));
        Ok(rows.bind(contact).bind(birth_date).bind(limit).fetch_all(self.reads()).await?)
    }

    pub async fn change_contact(
        &self,
        entry: EntryId,
        change: ChangedContact,
        actor: Actor,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let mut tx = self.begin().await?;
        hold_live(&mut tx, entry, now).await?;
        sqlx::query(
            "UPDATE applicant SET phone = $2, email = $3, phone_fingerprint = $4, email_fingerprint = $5,
                reach_sms = $6, reach_email = $7
             WHERE id = $1",
        )
        .bind(change.applicant)
        .bind(&change.phone)
        .bind(&change.email)
        .bind(&change.phone_fingerprint)
        .bind(&change.email_fingerprint)
        .bind(change.addresses.sms)
        .bind(change.addresses.email)
        .execute(&mut *tx)
        .await?;
        if let Some(since) = change.holder_since {
            sqlx::query("UPDATE entry SET holder_since = $2 WHERE id = $1")
                .bind(entry)
                .bind(since)
                .execute(&mut *tx)
                .await?;
        }
        // A code that was asked for before changes nothing any more.
        sqlx::query("DELETE FROM one_time_code WHERE entry_id = $1").bind(entry).execute(&mut *tx).await?;
        let (subject, detail) = (format!("entry:{entry}"), json!({}));
        record(&mut tx, Fact { at: now, actor, action: "entry.contact_changed", subject, detail }).await?;
        tx.commit().await?;
        Ok(())
    }

    pub async fn codes_asked(
        &self,
        contact: Vec<u8>,
        birth_date: Vec<u8>,
        since: DateTime<Utc>,
    ) -> Result<i64> {
        let count = sqlx::query_scalar(
            "SELECT COUNT(*) FROM one_time_code
             WHERE contact_fingerprint = $1 AND birth_date_fingerprint = $2 AND created_at > $3",
        );
        Ok(count.bind(contact).bind(birth_date).bind(since).fetch_one(self.reads()).await?)
    }

    pub async fn forget_codes(&self, before: DateTime<Utc>) -> Result<u64> {
        delete_old!(self, "one_time_code WHERE expires_at < $1", before)
    }
}
