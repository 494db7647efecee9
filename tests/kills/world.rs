//! A database that outlives the programs killed while using it, and what must be true of it after each
//! kill.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use passage::clock::FakeClock;
use sqlx::{AssertSqlSafe, Connection, Row};

use super::common::{Recorder, START, TestApp, app_on};
use super::program::{Launch, PATIENCE};

const LANES: u32 = 3;

/// Runs a test this many times, some in parallel: programs that are started and killed mostly wait.
pub fn in_lanes<F: Future<Output = ()>>(times: u32, trial: impl Fn() -> F + Sync) {
    std::thread::scope(|scope| {
        for lane in 0..LANES {
            let trial = &trial;
            scope.spawn(move || {
                let runtime = tokio::runtime::Runtime::new().unwrap();
                for _ in (lane..times).step_by(LANES as usize) {
                    runtime.block_on(trial());
                }
            });
        }
    });
}

pub struct World {
    url: String,
    pub folder: PathBuf,
}

impl Drop for World {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

impl World {
    /// What the app has prepared; the app itself is closed.
    pub async fn left_by(app: TestApp) -> Self {
        let url = app.url();
        app.app.store.close().await;
        Self::at(url)
    }

    pub fn at(url: String) -> Self {
        let name = format!("passage-kills-{}", uuid::Uuid::now_v7().simple());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir(&folder).unwrap();
        Self { url, folder }
    }

    pub fn is_pg(&self) -> bool {
        self.url.starts_with("postgres:")
    }

    /// A start of the program on this database.
    pub fn launch(&self, at: &str) -> Launch {
        Launch::new(&self.folder, at)
            .var("PASSAGE__DATABASE__URL", &self.url)
            .var("PASSAGE__VAULT__MASTER_KEY", "5a".repeat(32))
            .var("PASSAGE__HTTP__PUBLIC_URL", "http://localhost:8080")
            .var("PASSAGE__HTTP__TRUSTED_PROXIES", "127.0.0.1")
            .var("PASSAGE__SCHEDULER__TICK_SECONDS", "1")
            .var("PASSAGE__SCHEDULER__LEASE_SECONDS", "30")
            .var("PASSAGE__LOG__FILTER", "info,sqlx=warn")
    }

    /// The rows of a query, each as its columns in text.
    pub async fn rows(&self, sql: &str) -> Vec<Vec<String>> {
        if self.is_pg() {
            let rows = self.asked(sql).await;
            rows.iter().map(|row| (0..row.len()).map(|at| row.get::<String, _>(at)).collect()).collect()
        } else {
            let path = self.url.trim_start_matches("sqlite:");
            let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path).read_only(true);
            let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
            let rows = sqlx::query(AssertSqlSafe(sql.to_owned())).fetch_all(&pool).await.unwrap();
            pool.close().await;
            rows.iter().map(|row| (0..row.len()).map(|at| row.get::<String, _>(at)).collect()).collect()
        }
    }

    /// Asks PostgreSQL. A server that has just been started again may reset the first connections.
    async fn asked(&self, sql: &str) -> Vec<sqlx::postgres::PgRow> {
        let begun = Instant::now();
        loop {
            let asked = async {
                let mut connection = sqlx::PgConnection::connect(&self.url).await?;
                let rows = sqlx::query(AssertSqlSafe(sql.to_owned())).fetch_all(&mut connection).await?;
                connection.close().await?;
                Ok::<_, sqlx::Error>(rows)
            };
            match asked.await {
                Ok(rows) => return rows,
                Err(error) => assert!(begun.elapsed() < PATIENCE, "{error}"),
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// The single value of a query.
    pub async fn value(&self, sql: &str) -> String {
        self.rows(sql).await.into_iter().flatten().next().unwrap_or_default()
    }

    pub async fn count(&self, from: &str) -> u64 {
        self.value(&format!("SELECT CAST(COUNT(*) AS TEXT) FROM {from}")).await.parse().unwrap()
    }

    /// Waits until a query has this result.
    pub async fn wait_for(&self, sql: &str, expected: &str) {
        self.wait_for_within(PATIENCE, sql, expected).await;
    }

    pub async fn wait_for_within(&self, patience: Duration, sql: &str, expected: &str) {
        let start = Instant::now();
        let mut found = self.value(sql).await;
        while found != expected {
            assert!(start.elapsed() < patience, "{sql}: {found:?} is not {expected:?}\n{}", self.log());
            tokio::time::sleep(Duration::from_millis(50)).await;
            found = self.value(sql).await;
        }
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.folder.join("program.log")).unwrap_or_default()
    }

    /// The killed program's transactions have ended; every invariant holds, the log is complete and each bundle
    /// verifies.
    pub async fn assert_sound(&self) {
        self.assert_sound_at(START).await;
    }

    /// The same, at another instant.
    pub async fn assert_sound_at(&self, now: &str) {
        if self.is_pg() {
            let others = "SELECT CAST(COUNT(*) AS TEXT) FROM pg_stat_activity
                WHERE datname = current_database() AND pid <> pg_backend_pid()";
            self.wait_for(others, "0").await;
        }
        let now = now.parse().unwrap();
        let (clock, real) = (FakeClock::at(now), FakeClock::at(now));
        let app = app_on(&self.url, &clock, &real, Arc::new(Recorder::default())).await;
        let faults = passage::flow::check::faults(&app).await.unwrap();
        app.store.close().await;
        assert_eq!(faults, Vec::<String>::new());
    }
}
