//! PostgreSQL: for an installation of several instances.

use std::sync::Arc;
use std::time::{Duration, Instant};

use sqlx::Connection as _;
use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use super::StoreError;
use pulse::Pulse;

mod bulk;
mod pulse;
#[path = "queries/mod.rs"]
mod queries;

/// The database for which `queries` is compiled here.
pub type Db = sqlx::Postgres;
type Connection = sqlx::PgConnection;

pub static MIGRATIONS: Migrator = sqlx::migrate!("migrations/postgres");

/// A connection that was used less than this ago is not pinged: on a busy server, pings would double the
/// number of queries.
const TRUSTED: Duration = Duration::from_millis(250);

/// Rows per statement: the protocol carries 65,535 values.
const VALUES_MAX: usize = 60_000;

/// What PostgreSQL calls the connections of [`Backend::beside`].
const BESIDE: &str = "passage beside";

#[derive(Clone)]
pub struct Backend {
    pool: sqlx::Pool<Db>,
    pulse: Arc<Pulse>,
}

/// How many other connections use this database.
pub async fn others_connected(url: &str) -> Result<i64, StoreError> {
    let mut one = Connection::connect(url).await?;
    let others = sqlx::query_scalar(
        "SELECT COUNT(*) FROM pg_stat_activity
         WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'",
    );
    let others = others.fetch_one(&mut one).await?;
    one.close().await?;
    Ok(others)
}

impl Backend {
    /// Connects and migrates; sqlx holds an advisory lock meanwhile.
    pub async fn open(url: &str, max_connections: u32) -> Result<Self, StoreError> {
        let options: PgConnectOptions = url.parse()?;
        let options = options.options([("timezone", "UTC")]);
        let pool = PgPoolOptions::new()
            .max_connections(max_connections)
            .acquire_timeout(Duration::from_secs(10))
            .test_before_acquire(false)
            .before_acquire(|connection, used| {
                Box::pin(async move {
                    if used.idle_for > TRUSTED {
                        connection.ping().await?;
                    }
                    Ok(true)
                })
            })
            .connect_with(options.clone())
            .await?;
        queries::migrate(&pool, &MIGRATIONS).await?;
        Ok(Self { pool, pulse: Arc::new(Pulse::start(options)) })
    }

    /// Connects beside the processes that serve: nothing is migrated.
    pub async fn beside(url: &str, read_only: bool) -> Result<Self, StoreError> {
        let options: PgConnectOptions = url.parse()?;
        let read_only = if read_only { "on" } else { "off" };
        let options = options
            .application_name(BESIDE)
            .options([("timezone", "UTC"), ("default_transaction_read_only", read_only)]);
        let pool = PgPoolOptions::new().max_connections(2).acquire_timeout(Duration::from_secs(5));
        let pool = pool.connect_with(options.clone()).await?;
        Ok(Self { pool, pulse: Arc::new(Pulse::start(options)) })
    }

    /// Ends once a request that began at this instant should not wait for the database any longer.
    pub async fn lost(&self, since: Instant, patience: Duration) {
        self.pulse.lost(since, patience).await;
    }

    pub async fn close(&self) {
        self.pulse.stop();
        self.pool.close().await;
    }

    async fn begin(&self) -> Result<sqlx::Transaction<'static, Db>, StoreError> {
        Ok(self.pool.begin().await?)
    }

    /// Where reads that need no transaction go.
    const fn reads(&self) -> &sqlx::Pool<Db> {
        &self.pool
    }

    /// From here until the transaction ends, no process can start on this database. Answers how many use it already, those
    /// apart that change its keys.
    async fn keep_others_out(tx: &mut Connection) -> Result<i64, StoreError> {
        sqlx::query("LOCK TABLE installation IN ACCESS EXCLUSIVE MODE").execute(&mut *tx).await?;
        let others = sqlx::query_scalar(
            "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database()
                AND backend_type = 'client backend' AND application_name <> $1",
        );
        Ok(others.bind(BESIDE).fetch_one(tx).await?)
    }

    /// Blocks every other writer of the slots of these desks until the transaction ends.
    async fn lock_desks(tx: &mut Connection, desks: &[crate::domain::ids::DeskId]) -> Result<(), StoreError> {
        let ids: Vec<uuid::Uuid> = desks.iter().map(|desk| desk.0).collect();
        sqlx::query("SELECT id FROM desk WHERE id = ANY($1) ORDER BY id FOR UPDATE")
            .bind(ids)
            .execute(tx)
            .await?;
        Ok(())
    }
}

/// The query, with row locks on what it reads (`FOR UPDATE`).
macro_rules! locked {
    ($sql:expr) => {
        concat!($sql, " FOR UPDATE")
    };
}

/// The query, with row locks on what it reads, skipping rows that others have locked (`SKIP LOCKED`).
macro_rules! skip_locked {
    ($head:literal, $tail:literal) => {
        concat!($head, " FOR UPDATE SKIP LOCKED", $tail)
    };
}

/// Statements that write, sent in one go; `$n` counts through all of them.
macro_rules! together {
    ($first:literal, $second:literal, $third:literal, $last:literal $(,)?) => {
        concat!("WITH a AS (", $first, "), b AS (", $second, "), c AS (", $third, ") ", $last)
    };
}

/// Commits, with a failpoint after COMMIT has been sent.
macro_rules! commit_at {
    ($name:literal, $tx:expr) => {
        failpoint!($name, $tx.commit())
    };
}
use {commit_at, locked, skip_locked, together};
