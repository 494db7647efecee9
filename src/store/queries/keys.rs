//! What the master keys wrap, and what the index keys have made: read in pieces while the master key is changed, and
//! rewritten as a whole when an index key is added.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use super::{Backend, Connection, Fact, Result, StoreError, expect_rows, record};
use crate::domain::actor::Actor;
use crate::domain::refusal::Refusal;
use crate::store::commands::{Moved, NewIndexKey, Wrapped};

/// Where whole fingerprints are stored.
const WHOLE: [(&str, &str); 16] = [
    ("applicant", "number_fingerprint"),
    ("applicant", "document_fingerprint"),
    ("applicant", "birth_date_fingerprint"),
    ("applicant", "phone_fingerprint"),
    ("applicant", "email_fingerprint"),
    ("idempotency", "request_fingerprint"),
    ("live_key", "fingerprint"),
    ("loose_key", "fingerprint"),
    ("one_time_code", "birth_date_fingerprint"),
    ("one_time_code", "code_fingerprint"),
    ("one_time_code", "contact_fingerprint"),
    ("penalty", "fingerprint"),
    ("penalty_case_key", "fingerprint"),
    ("proconnect_link", "fingerprint"),
    ("register_number", "number_birth_fingerprint"),
    ("register_number", "number_fingerprint"),
];
/// Where rows of short ones are.
const SHORTS: [(&str, &str); 1] = [("register_number", "name_fingerprints")];
/// Fingerprints read at a time.
const BATCH: i64 = 1_000;

impl Backend {
    pub async fn stored_roots(&self) -> Result<Option<(Vec<u8>, Option<Vec<u8>>)>> {
        let row = sqlx::query_as("SELECT key_check, roots FROM installation WHERE id = 1");
        Ok(row.fetch_optional(self.reads()).await?)
    }

    pub async fn save_roots(
        &self,
        before: Option<Vec<u8>>,
        after: Vec<u8>,
        detail: Value,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let mut tx = self.begin().await?;
        save_roots(&mut tx, before.as_deref(), &after).await?;
        record(&mut tx, fact("installation.keys_rotated", detail, now)).await?;
        tx.commit().await?;
        Ok(())
    }

    pub async fn wrapped(&self, what: Wrapped, after: Uuid, limit: i64) -> Result<Vec<(Uuid, Vec<u8>)>> {
        let (table, column) = what.place();
        let select = format!(
            "SELECT id, {column} FROM {table} WHERE id > $1 AND LENGTH({column}) > 0 ORDER BY id LIMIT $2"
        );
        let rows = sqlx::query_as(AssertSqlSafe(select)).bind(after).bind(limit);
        Ok(rows.fetch_all(self.reads()).await?)
    }

    pub async fn rewrap(&self, what: Wrapped, moved: Vec<Moved>) -> Result<u64> {
        let (table, column) = what.place();
        let update = format!("UPDATE {table} SET {column} = $3 WHERE id = $1 AND {column} = $2");
        let (mut tx, mut done) = (self.begin().await?, 0);
        for one in &moved {
            let row =
                sqlx::query(AssertSqlSafe(update.clone())).bind(one.id).bind(&one.before).bind(&one.after);
            done += row.execute(&mut *tx).await?.rows_affected();
        }
        tx.commit().await?;
        Ok(done)
    }

    pub async fn add_index_key(&self, new: NewIndexKey, now: DateTime<Utc>) -> Result<u64> {
        let mut tx = self.begin().await?;
        if Self::keep_others_out(&mut tx).await? > 0 {
            return Err(StoreError::Locked(
                "other processes use this database: stop every one of them".to_owned(),
            ));
        }
        sqlx::query("CREATE TEMPORARY TABLE turned (before_key BYTEA PRIMARY KEY, after_key BYTEA)")
            .execute(&mut *tx)
            .await?;
        let mut turned = 0;
        for (places, key) in [(&WHOLE[..], &new.whole), (&SHORTS[..], &new.shorts)] {
            for (table, column) in places {
                turned += turn(&mut tx, table, column, &**key).await?;
                (new.progress)(turned);
            }
        }
        sqlx::query("DROP TABLE turned").execute(&mut *tx).await?;
        save_roots(&mut tx, new.before.as_deref(), &new.roots).await?;
        record(&mut tx, fact("installation.index_key_added", json!({ "values": turned }), now)).await?;
        tx.commit().await?;
        Ok(turned)
    }
}

async fn save_roots(tx: &mut Connection, before: Option<&[u8]>, after: &[u8]) -> Result<()> {
    let done =
        sqlx::query("UPDATE installation SET roots = $2 WHERE id = 1 AND roots IS NOT DISTINCT FROM $1")
            .bind(before)
            .bind(after)
            .execute(tx)
            .await?;
    expect_rows(done.rows_affected(), 1, Refusal::Changed)
}

/// Replaces each value of a column by what it becomes: the values once, then the rows.
async fn turn(
    tx: &mut Connection,
    table: &str,
    column: &str,
    key: &(dyn Fn(&[u8]) -> Vec<u8> + Send + Sync),
) -> Result<u64> {
    let values = format!(
        "INSERT INTO turned (before_key) SELECT DISTINCT {column} FROM {table} WHERE LENGTH({column}) > 0"
    );
    let values = sqlx::query(AssertSqlSafe(values)).execute(&mut *tx).await?.rows_affected();
    let mut last = Vec::new();
    loop {
        let before: Vec<Vec<u8>> = sqlx::query_scalar(
            "SELECT before_key FROM turned WHERE before_key > $1 ORDER BY before_key LIMIT $2",
        )
        .bind(&last)
        .bind(BATCH)
        .fetch_all(&mut *tx)
        .await?;
        let Some(newest) = before.last() else { break };
        last.clone_from(newest);
        for value in &before {
            sqlx::query("UPDATE turned SET after_key = $2 WHERE before_key = $1")
                .bind(value)
                .bind(key(value))
                .execute(&mut *tx)
                .await?;
        }
    }
    let rows = format!(
        "UPDATE {table} SET {column} = (SELECT after_key FROM turned WHERE before_key = {table}.{column})
         WHERE LENGTH({column}) > 0"
    );
    sqlx::query(AssertSqlSafe(rows)).execute(&mut *tx).await?;
    sqlx::query("DELETE FROM turned").execute(&mut *tx).await?;
    Ok(values)
}

fn fact(action: &str, detail: Value, at: DateTime<Utc>) -> Fact<'_> {
    Fact { at, actor: Actor::System, action, subject: "installation".to_owned(), detail }
}
