//! What is known of the parts of an installation, for its alarms and metrics.

use sqlx::Pool;
use sqlx::migrate::{MigrateError, Migrator};

use super::{Backend, DateTime, Db, Result, StoreError, Utc};
use crate::domain::alarm::{ComponentHealth, ComponentKind};
use crate::store::newest_of;

type Component = (ComponentKind, String, DateTime<Utc>, Option<DateTime<Utc>>, Option<String>);

impl Backend {
    pub async fn save_health(&self, components: Vec<ComponentHealth>) -> Result<()> {
        let mut tx = self.begin().await?;
        for component in components {
            // Of two processes, whoever looked last is right.
            sqlx::query(
                "INSERT INTO component_health (kind, name, checked_at, healthy_at, fault)
                 VALUES ($1, $2, $3, $4, $5) ON CONFLICT (kind, name) DO UPDATE SET
                    checked_at = excluded.checked_at, fault = excluded.fault,
                    healthy_at = COALESCE(excluded.healthy_at, component_health.healthy_at)
                 WHERE component_health.checked_at <= excluded.checked_at",
            )
            .bind(component.kind)
            .bind(component.name)
            .bind(component.checked_at)
            .bind(component.healthy_at)
            .bind(component.fault)
            .execute(&mut *tx)
            .await?;
        }
        tx.commit().await?;
        Ok(())
    }

    pub async fn health(&self) -> Result<Vec<ComponentHealth>> {
        let rows: Vec<Component> = sqlx::query_as(
            "SELECT kind, name, checked_at, healthy_at, fault FROM component_health ORDER BY kind, name",
        )
        .fetch_all(self.reads())
        .await?;
        let health = |(kind, name, checked_at, healthy_at, fault)| ComponentHealth {
            kind,
            name,
            checked_at,
            healthy_at,
            fault,
        };
        Ok(rows.into_iter().map(health).collect())
    }

    pub async fn outbox_due(&self, now: DateTime<Utc>) -> Result<(i64, Option<DateTime<Utc>>)> {
        let row = sqlx::query_as(
            "SELECT COUNT(*), MIN(due_at) FROM notice
             WHERE state IN ('pending', 'sending') AND way <> 'letter' AND due_at <= $1",
        );
        Ok(row.bind(now).fetch_one(self.reads()).await?)
    }

    pub async fn newest_migration(&self) -> Result<i64> {
        Ok(newest_applied(self.reads()).await?)
    }
}

async fn newest_applied(pool: &Pool<Db>) -> sqlx::Result<i64> {
    sqlx::query_scalar("SELECT MAX(version) FROM _sqlx_migrations WHERE success").fetch_one(pool).await
}

/// Applies the migrations, and logs it if there were any to apply.
pub(in super::super) async fn migrate(pool: &Pool<Db>, migrations: &Migrator) -> Result<()> {
    // A new database has no table of migrations yet.
    let (from, to) = (newest_applied(pool).await.unwrap_or(0), newest_of(migrations));
    migrations.run(pool).await.map_err(|error| match error {
        // One that is not ours was made by a newer program.
        MigrateError::VersionMissing(newest) => StoreError::Newer { newest, known: to },
        error => error.into(),
    })?;
    if from < to {
        tracing::info!(event = "database.migrated", from, to, "the database was migrated");
    }
    Ok(())
}
