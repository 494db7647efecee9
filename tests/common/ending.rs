//! What a test leaves behind: once its app is gone, the database is opened again at the same instant and
//! everything that is due leaves. An SMS or e-mail that stays could not be written or sent, and nobody would
//! have noticed.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use passage::clock::{Clock, FakeClock};
use passage::flow::outbox::send_due;
use passage::flow::stop::Stop;

use super::{Folder, Recorder, TestApp, app_with};

/// Longer than a dropped app takes to close its file.
const PATIENCE: Duration = Duration::from_secs(5);

/// Notices that should have left: on their way, or due by a way that needs nobody. Letters wait for an agent.
const OWED: &str = "SELECT kind, way, state FROM notice
    WHERE state = 'sending' OR (state = 'pending' AND way <> 'letter' AND due_at <= $1) ORDER BY due_at, id";

/// What a test leaves on purpose, in a sentence.
#[derive(Clone, Copy)]
pub enum Left {
    Something(&'static str),
    /// Something else than the test's app still sends, or not: nothing can be said.
    Unknown(&'static str),
}

pub type Leaves = Arc<Mutex<Option<Left>>>;

/// Where a test's app ran, kept for when it has ended.
pub struct Ending {
    url: String,
    vars: Vec<(String, String)>,
    clock: Arc<FakeClock>,
    real: Arc<FakeClock>,
    leaves: Leaves,
    _folder: Option<Arc<Folder>>,
}

impl Ending {
    pub fn of(app: &TestApp) -> Self {
        Self {
            url: app.url(),
            vars: app.vars.clone(),
            clock: app.clock.clone(),
            real: app.real.clone(),
            leaves: app.leaves.clone(),
            _folder: app.folder.clone(),
        }
    }

    /// The outbox is empty, or the test has said what is left.
    pub async fn check(self) {
        if self.file().is_some_and(|file| !file.exists()) {
            return;
        }
        let leaves = *self.leaves.lock().unwrap();
        if let Some(Left::Unknown(why)) = leaves {
            println!("the outbox is not looked at: {why}");
            return;
        }
        let mut owed = self.owed().await;
        if !owed.is_empty() {
            assert!(self.send().await, "the test has left its app running");
            owed = self.owed().await;
        }
        match leaves {
            None => assert!(owed.is_empty(), "the test leaves notices that do not leave: {owed:?}"),
            Some(Left::Something(reason) | Left::Unknown(reason)) => {
                assert!(!owed.is_empty(), "the test leaves nothing, and says it leaves {reason}");
            }
        }
    }

    /// The file of a database on SQLite.
    fn file(&self) -> Option<PathBuf> {
        self.url.strip_prefix("sqlite:").map(PathBuf::from)
    }

    /// Lets everything leave that is due; false if the test's app still runs.
    async fn send(&self) -> bool {
        if let Some(file) = self.file()
            && !is_released(&file).await
        {
            return false;
        }
        let vars: Vec<_> = self.vars.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let gateway = Arc::new(Recorder::default());
        let app = app_with(&self.url, &self.clock, &self.real, gateway, &vars).await;
        while send_due(&app, &Stop::never()).await.unwrap() > 0 {}
        app.store.close().await;
        true
    }

    async fn owed(&self) -> Vec<(String, String, String)> {
        let now = self.clock.now();
        if let Some(file) = self.file() {
            let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file);
            let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
            let owed = sqlx::query_as(OWED).bind(now).fetch_all(&pool).await.unwrap();
            pool.close().await;
            owed
        } else {
            let pool = sqlx::PgPool::connect(&self.url).await.unwrap();
            let owed = sqlx::query_as(OWED).bind(now).fetch_all(&pool).await.unwrap();
            pool.close().await;
            owed
        }
    }
}

/// Waits until no app holds the file any more: tasks of the test may still be ending.
async fn is_released(file: &Path) -> bool {
    let lock = File::open(file.with_extension("lock")).unwrap();
    let start = Instant::now();
    while lock.try_lock().is_err() {
        if start.elapsed() > PATIENCE {
            return false;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    true
}
