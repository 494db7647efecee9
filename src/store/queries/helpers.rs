//! Who speaks for a person with their mandate.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::apply::tell_changed;
use super::held::hold_live;
use super::{Backend, Connection, Fact, Result, expect_rows, record};
use crate::domain::actor::Actor;
use crate::domain::ids::EntryId;
use crate::domain::refusal::Refusal;
use crate::store::commands::NewHelper;
use crate::store::records::HelperRecord;

impl Backend {
    pub async fn helper(&self, entry: EntryId) -> Result<Option<HelperRecord>> {
        let row = sqlx::query_as(
            "SELECT id, kind, name, mandate_seen, has_contact, since, recorded_by FROM helper
             WHERE entry_id = $1 AND ended_at IS NULL",
        );
        Ok(row.bind(entry).fetch_optional(self.reads()).await?)
    }

    pub async fn end_helper(
        &self,
        entry: EntryId,
        reason: Option<Vec<u8>>,
        actor: Actor,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let mut tx = self.begin().await?;
        let held = hold_live(&mut tx, entry, now).await?;
        let ended = end_now(&mut tx, entry, reason, now).await?;
        expect_rows(ended, 1, Refusal::Changed)?;
        let (action, subject) = ("entry.helper_ended", format!("entry:{entry}"));
        record(&mut tx, Fact { at: now, actor, action, subject, detail: json!({}) }).await?;
        if matches!(actor, Actor::Staff(_)) {
            tell_changed(&mut tx, &held, now).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}

/// Answers how many it was.
pub(super) async fn end_now(
    tx: &mut Connection,
    entry: EntryId,
    reason: Option<Vec<u8>>,
    now: DateTime<Utc>,
) -> Result<u64> {
    let done = sqlx::query(
        "UPDATE helper SET ended_at = $2, end_reason = $3 WHERE entry_id = $1 AND ended_at IS NULL",
    )
    .bind(entry)
    .bind(now)
    .bind(reason)
    .execute(tx)
    .await?;
    Ok(done.rows_affected())
}

pub(super) async fn insert(
    tx: &mut Connection,
    entry: EntryId,
    new: &NewHelper,
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO helper (id, entry_id, kind, name, mandate_seen, has_contact, since, recorded_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(new.id)
    .bind(entry)
    .bind(new.kind)
    .bind(&new.name)
    .bind(&new.mandate_seen)
    .bind(new.has_contact)
    .bind(now)
    .bind(new.recorded_by)
    .execute(tx)
    .await?;
    Ok(())
}
