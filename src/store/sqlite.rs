//! SQLite: a file, one process, the embedded default. One connection writes, so that writers queue
//! in the program and not at the file's lock, and share their commits (`group`); the other connections
//! read at the same time (WAL).

use std::fs::{File, OpenOptions};
use std::sync::Arc;
use std::time::Duration;

use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection as _, SqliteConnection};

use super::StoreError;
use group::{Call, Transaction, Writer};

mod bulk;
mod group;
#[cfg(test)]
mod group_tests;
#[path = "queries/mod.rs"]
mod queries;

/// The database for which `queries` is compiled here.
pub type Db = sqlx::Sqlite;
type Connection = SqliteConnection;

pub static MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");

/// Values per statement.
const VALUES_MAX: usize = 30_000;

#[derive(Clone)]
pub struct Backend {
    writer: Writer,
    readers: sqlx::Pool<Db>,
    call: Call,
    /// Held as long as the store lives: one process per file. None, where the file is only looked at.
    _lock: Option<Arc<File>>,
}

fn durable(options: SqliteConnectOptions) -> SqliteConnectOptions {
    options
        .synchronous(SqliteSynchronous::Full)
        // What is erased is overwritten in the page that held it.
        .pragma("secure_delete", "FAST")
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(10))
}

impl Backend {
    pub async fn open(url: &str, max_connections: u32) -> Result<Self, StoreError> {
        let options: SqliteConnectOptions = url.parse()?;
        let path = options.get_filename().to_owned();
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(|error| {
                StoreError::Locked(format!("cannot create {}: {error}", folder.display()))
            })?;
        }
        let lock = hold(&path.with_extension("lock"))?;
        let options = durable(options).create_if_missing(true).journal_mode(SqliteJournalMode::Wal);
        let mover = SqlitePoolOptions::new().max_connections(1).connect_with(options.clone()).await?;
        queries::migrate(&mover, &MIGRATIONS).await?;
        mover.close().await;
        // No `temp_store = memory`: SQLite would walk through the whole of a savepoint's rollback journal after each
        // statement, and an annulment of 5,000 winners took 41 s instead of 3.
        // A draw reads and writes its whole queue: a page cache of 64 MiB holds a hundred thousand people, and is
        // allocated only when it is used.
        let writing = options.clone().pragma("cache_size", "-65536");
        let writer = SqliteConnection::connect_with(&writing).await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(max_connections.max(1))
            .acquire_timeout(Duration::from_secs(10))
            // A connection to a file is never closed by the other side.
            .test_before_acquire(false)
            .connect_with(options.read_only(true))
            .await?;
        let lock = Some(Arc::new(lock));
        Ok(Self { writer: Writer::new(writer), readers, call: Call::default(), _lock: lock })
    }

    /// Opens the file beside the process that serves it: nothing is made or migrated.
    pub async fn beside(url: &str, read_only: bool) -> Result<Self, StoreError> {
        let options: SqliteConnectOptions = url.parse()?;
        let options = durable(options).create_if_missing(false).read_only(read_only);
        let writer = SqliteConnection::connect_with(&options).await?;
        let readers =
            SqlitePoolOptions::new().max_connections(2).connect_with(options.read_only(true)).await?;
        Ok(Self { writer: Writer::new(writer), readers, call: Call::default(), _lock: None })
    }

    /// This database, for one call.
    pub fn call(&self) -> Self {
        Self { call: Call::default(), ..self.clone() }
    }

    /// The call's answer, once what it has read and written is on the disk.
    pub async fn settled<T>(&self, answer: Result<T, StoreError>) -> Result<T, StoreError> {
        self.call.settled(answer).await
    }

    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }

    async fn begin(&self) -> Result<Transaction, StoreError> {
        self.writer.begin(&self.call).await
    }

    /// Where reads that need no transaction go.
    const fn reads(&self) -> &sqlx::Pool<Db> {
        &self.readers
    }

    /// Who holds the file's lock is alone.
    #[expect(clippy::unused_async, reason = "the same shape as PostgreSQL's")]
    async fn keep_others_out(_: &mut Connection) -> Result<i64, StoreError> {
        Ok(0)
    }

    /// The one writer needs no row locks.
    #[expect(clippy::unused_async, reason = "the same shape as PostgreSQL's")]
    async fn lock_desks(_: &mut Connection, _: &[crate::domain::ids::DeskId]) -> Result<(), StoreError> {
        Ok(())
    }
}

/// Holds a file as long as the answer lives, against other processes.
///
/// # Errors
/// [`StoreError::Locked`] if another process holds it.
pub fn hold(path: &std::path::Path) -> Result<File, StoreError> {
    let shown = path.display();
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path)
        .map_err(|error| StoreError::Locked(format!("cannot open {shown}: {error}")))?;
    file.try_lock().map_err(|_| {
        StoreError::Locked(format!(
            "another Passage process uses this SQLite file ({shown} is held). SQLite serves one process; \
             stop the other one, or use PostgreSQL for several instances."
        ))
    })?;
    Ok(file)
}

/// The query; the one writer needs no row locks.
macro_rules! locked {
    ($sql:expr) => {
        $sql
    };
}

/// Statements that write, sent in one go; `$n` counts through all of them.
macro_rules! together {
    ($first:literal, $($next:literal),+ $(,)?) => {
        concat!($first, $("; ", $next),+)
    };
}

/// The query; with one writer there are no locked rows to skip.
macro_rules! skip_locked {
    ($head:literal, $tail:literal) => {
        concat!($head, $tail)
    };
}

/// Commits. The failpoint after COMMIT is in the group, whose own task sends it.
macro_rules! commit_at {
    ($name:literal, $tx:expr) => {{
        failpoint!(arm $name);
        $tx.commit().await
    }};
}
use {commit_at, locked, skip_locked, together};
