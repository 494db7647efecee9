//! Shared by the benches of the whole program: a database, the program on it, and the output line
//! that compares a figure with its baseline. A ratio is printed only for two figures of the same run.

#![allow(dead_code, reason = "each bench uses its own part")]

pub mod crowd;
pub mod http;
#[path = "../draw/judged.rs"]
mod judged;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use judged::judged;
use passage::beacon::{Pace, Relays};
use passage::clock::{BusinessClock, RealClock};
use passage::config::Config;
use passage::domain::notice::Way;
use passage::flow::{App, installation};
use passage::identity::password::{Cost, Passwords};
use passage::limits::Limits;
use passage::notify::{Carrier, Carriers, ConsoleCarrier};
use passage::store::Store;
use passage::vault::keys::MasterKey;
use passage::vault::{Vault, system_rng};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{Connection as _, SqliteConnection};
use tokio::net::TcpListener;

/// A database that is removed when this is dropped.
pub struct Place {
    pub url: String,
    folder: Option<PathBuf>,
}

impl Place {
    /// A folder in the build folder: a temporary folder may be in memory, where a flush costs nothing.
    pub fn sqlite() -> Self {
        let name = format!("bench-{}", uuid::Uuid::now_v7().simple());
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        Self { url: format!("sqlite:{}/passage.db", folder.display()), folder: Some(folder) }
    }

    /// A separate database on the harness's PostgreSQL, if there is one.
    pub async fn postgres() -> Option<Self> {
        let server = std::env::var("PASSAGE_TEST_POSTGRES").ok()?;
        let name = format!("bench_{}", uuid::Uuid::now_v7().simple());
        let pool = sqlx::PgPool::connect(&server).await.expect("the harness's PostgreSQL answers");
        let flushes: String = sqlx::query_scalar("SHOW fsync").fetch_one(&pool).await.expect("a setting");
        if flushes == "off" {
            println!("note: this PostgreSQL flushes nothing (PASSAGE_DURABLE=1 tools/with-servers.sh …)");
        }
        let create = sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"));
        sqlx::query(create).execute(&pool).await.expect("a new database");
        let (base, _) = server.rsplit_once('/').expect("a database stands in the URL");
        Some(Self { url: format!("{base}/{name}"), folder: None })
    }

    /// On SQLite, and on PostgreSQL where the harness started one.
    pub async fn each() -> Vec<(&'static str, Self)> {
        let mut places = vec![("SQLite", Self::sqlite())];
        match Self::postgres().await {
            Some(place) => places.push(("PostgreSQL", place)),
            None => {
                println!("skipped on PostgreSQL: PASSAGE_TEST_POSTGRES is not set (`make bench` sets it)");
            }
        }
        places
    }

    pub fn is_sqlite(&self) -> bool {
        self.folder.is_some()
    }

    /// The database's file.
    pub fn file(&self) -> PathBuf {
        self.folder.as_ref().expect("a database on SQLite").join("passage.db")
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some(folder) = &self.folder {
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}

/// The bench's own connection to a file, with the program's flush settings.
pub async fn durable(file: &Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(file).create_if_missing(true).foreign_keys(true);
    let options = options.journal_mode(SqliteJournalMode::Wal).synchronous(SqliteSynchronous::Full);
    SqliteConnection::connect_with(&options).await.expect("a database")
}

/// The program on a database, with the demo's prefecture. The only trusted proxy is this machine, so
/// that a load generator can forward many addresses.
pub async fn app_on(url: &str, business: BusinessClock) -> Arc<App> {
    app_in(url, business, RealClock::system()).await
}

/// The same, with rate limits on the bench's own clock.
pub async fn app_in(url: &str, business: BusinessClock, real: RealClock) -> Arc<App> {
    let vars = [
        ("PASSAGE__DATABASE__URL", url),
        ("PASSAGE__VAULT__MASTER_KEY", &"5a".repeat(32)),
        ("PASSAGE__HTTP__PUBLIC_URL", "http://localhost:8080"),
    ];
    let config = Config::load(None, vars.map(|(name, value)| (name.to_owned(), value.to_owned())));
    let mut config = config.expect("a configuration");
    config.http.trusted_proxies = vec!["127.0.0.1".parse().expect("an address")];
    let vault = Vault::new(&MasterKey::from_bytes([0x5a; 32]));
    let store = Store::open(url, config.database.max_connections).await.expect("a database");
    installation::open(&store, &vault, business.now()).await.expect("a new database");
    // Draws use commitments here: no relay is asked.
    let (answer, retry) = (config.draws.answer_timeout, chrono::TimeDelta::seconds(15));
    let beacon = Relays::new(Vec::new(), Pace { hedge: Pace::HEDGE, answer, retry });
    let app = Arc::new(App {
        register: None,
        franceconnect: None,
        proconnect: None,
        limits: Limits::in_memory(vault.limits_key(), real.clone(), 100_000),
        passwords: Passwords::new(Cost::LOWEST, &mut system_rng()).expect("a salt"),
        config,
        store,
        vault,
        business,
        health: passage::flow::health::Health::new(real.now()),
        real,
        // People are reached by SMS; no bench sends one.
        carriers: Carriers::new([Arc::new(ConsoleCarrier::new(Way::Sms, "Passage")) as Arc<dyn Carrier>]),
        beacon,
        journal: passage::flow::journal::Journal::default(),
        calendar: passage::flow::calendar::Calendar::default(),
        heartbeats: passage::flow::heartbeats::Heartbeats::default(),
        metrics: passage::metrics::Metrics::default(),
        requests: std::sync::atomic::AtomicU64::new(0),
    });
    let file = include_str!("../../config/demo-prefecture.toml");
    passage::flow::import::prefecture(&app, file).await.expect("a new prefecture");
    app
}

/// Serves the pages on a free port of this machine, for as long as the bench runs.
pub async fn serve(app: Arc<App>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("a port");
    tokio::spawn(passage::web::serve(app, listener, std::future::pending()));
    address
}

pub fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// The aim for a ratio.
#[derive(Clone, Copy)]
pub enum Aim {
    AtLeast(f64),
    AtMost(f64),
}

impl Aim {
    fn judge(self, ratio: f64) -> String {
        let (aim, is_met) = match self {
            Self::AtLeast(least) => (format!("at least {least}"), ratio >= least),
            Self::AtMost(most) => (format!("at most {most}"), ratio <= most),
        };
        format!("{aim}: {}", judged(is_met))
    }
}

/// One figure compared with its baseline; the aim is about `ratio`.
pub fn line(what: &str, ours: &str, yardstick: &str, ratio: f64, aim: Option<Aim>) {
    let judged = aim.map(|aim| aim.judge(ratio)).unwrap_or_default();
    println!("{what:<34} {ours:>14} {yardstick:>18} {ratio:>7.2}   {judged}");
}

pub fn head(yardstick: &str) {
    println!(
        "{:<34} {:>14} {:>18} {:>7}   aim; the yardstick: {yardstick}",
        "", "ours", "yardstick", "ratio"
    );
}
