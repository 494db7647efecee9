//! SQLite: a file, one process, the embedded default. One connection writes, so that writers queue
//! up in the program and not in the file's lock; the others read beside it (WAL).

use std::fs::{File, OpenOptions};
use std::sync::Arc;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

use super::StoreError;

#[path = "queries/mod.rs"]
mod queries;

/// The database for which `queries` is compiled here.
pub type Db = sqlx::Sqlite;
type Connection = sqlx::SqliteConnection;

/// Values per statement.
const VALUES_MAX: usize = 30_000;

#[derive(Clone)]
pub struct Backend {
    writer: sqlx::Pool<Db>,
    readers: sqlx::Pool<Db>,
    /// Held as long as the store lives: one process per file.
    _lock: Arc<File>,
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
        let options = options
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(10));
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .acquire_timeout(Duration::from_secs(30))
            .connect_with(options.clone())
            .await?;
        sqlx::migrate!("migrations/sqlite").run(&writer).await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(max_connections.max(1))
            .acquire_timeout(Duration::from_secs(10))
            .connect_with(options.read_only(true))
            .await?;
        Ok(Self { writer, readers, _lock: Arc::new(lock) })
    }

    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }

    async fn begin(&self) -> Result<sqlx::Transaction<'static, Db>, StoreError> {
        Ok(self.writer.begin_with("BEGIN IMMEDIATE").await?)
    }

    /// Where reads that need no transaction go.
    const fn reads(&self) -> &sqlx::Pool<Db> {
        &self.readers
    }

    /// The one writer needs no row locks.
    #[expect(clippy::unused_async, reason = "the same shape as PostgreSQL's")]
    async fn lock_desks(_: &mut Connection, _: &[crate::domain::ids::DeskId]) -> Result<(), StoreError> {
        Ok(())
    }
}

fn hold(path: &std::path::Path) -> Result<File, StoreError> {
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
    ($sql:literal) => {
        $sql
    };
}

/// The query; there is nobody to pass over.
macro_rules! skip_locked {
    ($head:literal, $tail:literal) => {
        concat!($head, $tail)
    };
}
use {locked, skip_locked};
