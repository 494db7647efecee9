//! The register of numbers as it was imported, and what it still owes of requests.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::{Backend, Connection, Db, Fact, Result, VALUES_MAX, record};
use crate::domain::actor::Actor;
use crate::domain::ids::EntryId;
use crate::domain::register_of_numbers::RegisterCheck;
use crate::store::commands::{RegisterDone, RegisterRow};

const REGISTER_COLUMNS: usize = 4;

impl Backend {
    pub async fn import_register(&self, rows: Vec<RegisterRow>, now: DateTime<Utc>) -> Result<RegisterDone> {
        let mut tx = self.begin().await?;
        let mut written = 0;
        let before: i64 =
            sqlx::query_scalar("SELECT COUNT(*) FROM register_number").fetch_one(&mut *tx).await?;
        for chunk in rows.chunks(VALUES_MAX / REGISTER_COLUMNS) {
            let mut insert = sqlx::QueryBuilder::<Db>::new(
                "INSERT INTO register_number
                    (number_fingerprint, number_birth_fingerprint, name_fingerprints, imported_at) ",
            );
            insert.push_values(chunk, |mut values, row| {
                values.push_bind(row.number.clone()).push_bind(row.with_birth.clone());
                values.push_bind(row.names.clone()).push_bind(now);
            });
            insert.push(
                " ON CONFLICT (number_fingerprint) DO UPDATE
                    SET number_birth_fingerprint = excluded.number_birth_fingerprint,
                  name_fingerprints = excluded.name_fingerprints, imported_at = excluded.imported_at
                  WHERE register_number.number_birth_fingerprint <> excluded.number_birth_fingerprint
                     OR register_number.name_fingerprints IS DISTINCT FROM excluded.name_fingerprints",
            );
            written += insert.build().execute(&mut *tx).await?.rows_affected();
        }
        let after: i64 =
            sqlx::query_scalar("SELECT COUNT(*) FROM register_number").fetch_one(&mut *tx).await?;
        let new = u64::try_from(after - before).unwrap_or(0);
        let done = RegisterDone { new, changed: written.saturating_sub(new) };
        record(
            &mut tx,
            Fact {
                at: now,
                actor: Actor::System,
                action: "register.imported",
                subject: "register".to_owned(),
                detail: json!({ "rows": rows.len(), "new": done.new, "changed": done.changed }),
            },
        )
        .await?;
        tx.commit().await?;
        Ok(done)
    }

    pub async fn register_lookup(
        &self,
        number_fingerprint: Vec<u8>,
    ) -> Result<Option<(Vec<u8>, Option<Vec<u8>>)>> {
        let row = sqlx::query_as(
            "SELECT number_birth_fingerprint, name_fingerprints FROM register_number WHERE number_fingerprint = $1",
        );
        Ok(row.bind(number_fingerprint).fetch_optional(self.reads()).await?)
    }

    pub async fn register_check(&self, entry: EntryId) -> Result<Option<RegisterCheck>> {
        let row = sqlx::query_scalar("SELECT state FROM register_check WHERE entry_id = $1");
        Ok(row.bind(entry).fetch_optional(self.reads()).await?)
    }

    pub async fn register_checks_due(&self, limit: i64) -> Result<Vec<EntryId>> {
        let rows = sqlx::query_scalar(
            "SELECT entry_id FROM register_check WHERE state = 'due' ORDER BY asked_at, entry_id LIMIT $1",
        );
        Ok(rows.bind(limit).fetch_all(self.reads()).await?)
    }

    pub async fn note_register_check(
        &self,
        entry: EntryId,
        check: Option<RegisterCheck>,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let mut tx = self.begin().await?;
        set_register_check(&mut tx, entry, check, now).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// What the register owes of an entry from here on; nothing, once it is settled.
pub(super) async fn set_register_check(
    tx: &mut Connection,
    entry: EntryId,
    check: Option<RegisterCheck>,
    now: DateTime<Utc>,
) -> Result<()> {
    match check {
        None => sqlx::query("DELETE FROM register_check WHERE entry_id = $1").bind(entry).execute(tx).await?,
        Some(check) => {
            sqlx::query(
                "INSERT INTO register_check (entry_id, state, asked_at) VALUES ($1, $2, $3)
                 ON CONFLICT (entry_id) DO UPDATE SET state = excluded.state, asked_at = excluded.asked_at",
            )
            .bind(entry)
            .bind(check)
            .bind(now)
            .execute(tx)
            .await?
        }
    };
    Ok(())
}
