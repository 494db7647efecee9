//! The whole app in-process, with a fake business clock, on both databases. A test says
//! `on_both(async |app| …)` and runs on SQLite, then on PostgreSQL if the harness started one.

#![allow(dead_code, unused_imports, reason = "each test file uses its own part")]

mod ending;
mod people;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use ending::{Ending, Leaves, Left};
use passage::beacon::{Pace, Relays};
use passage::clock::{BusinessClock, FakeClock, RealClock};
use passage::config::{Config, MasterKeySource};
use passage::domain::actor::{Channel, Role};
use passage::domain::availability::Availability;
use passage::domain::ids::{EntryId, PrefectureId, QueueId, StaffId};
use passage::domain::notice::Way;
use passage::flow::elsewhere::Door;
use passage::flow::people::StaffReader;
use passage::flow::people::merge::merge;
use passage::flow::register::{Desk, Registration, register};
use passage::flow::{App, FlowError, import, installation, keys, relocation, staff};
use passage::identity::password::{Cost, Passwords};
use passage::limits::Limits;
use passage::notify::{Accepted, Carrier, Carriers, Message, SendError};
use passage::numbers::{RegisterAccess, RemoteRegister};
use passage::scheduler::{self, Done};
use passage::store::Store;
use passage::vault::keys::MasterKey;
use passage::vault::{Vault, system_rng};
pub use people::{by_letter, document_of, foreigner_number, person, register_of_numbers};

/// The first instant of every test: a Friday morning in January.
pub const START: &str = "2027-01-08T08:00:00Z";
pub const PASSWORD: &str = "un mot de passe de démonstration";

/// How often a test is repeated: a few times on every change, the full number in `make soak`.
pub fn depth(light: u32, soak: u32) -> u32 {
    if std::env::var("PASSAGE_DEPTH").is_ok_and(|depth| depth == "soak") { soak } else { light }
}

/// Keeps what the carriers of SMS and e-mail are given, and fails as it is told.
#[derive(Default)]
pub struct Recorder {
    pub sent: Mutex<Vec<Sent>>,
    pub failures: Mutex<Vec<SendError>>,
    /// Held by a test: SMS stay with their gateway meanwhile.
    pub stalls: tokio::sync::Mutex<()>,
    /// How long an SMS takes, once its gateway has been asked.
    pub stall: Mutex<Duration>,
    /// How often the gateway of SMS was asked.
    pub asked: AtomicUsize,
}

/// A message that has left.
pub struct Sent {
    pub way: Way,
    pub to: String,
    pub text: String,
}

impl Recorder {
    /// The carriers of an installation that can send by these ways.
    pub fn carriers(self: &Arc<Self>, ways: &[Way]) -> Carriers {
        let carrier = |way: &Way| -> Arc<dyn Carrier> { Arc::new(Recording { way: *way, by: self.clone() }) };
        Carriers::new(ways.iter().map(carrier))
    }
}

struct Recording {
    way: Way,
    by: Arc<Recorder>,
}

#[async_trait]
impl Carrier for Recording {
    fn way(&self) -> Way {
        self.way
    }

    fn attempt_max(&self) -> Duration {
        Duration::from_secs(15)
    }

    async fn send(&self, message: &Message) -> Result<Accepted, SendError> {
        if self.way == Way::Sms {
            self.by.asked.fetch_add(1, Ordering::SeqCst);
            let stall = *self.by.stall.lock().unwrap();
            if !stall.is_zero() {
                tokio::time::sleep(stall).await;
            }
            drop(self.by.stalls.lock().await);
        }
        if let Some(failure) = self.by.failures.lock().unwrap().pop() {
            return Err(failure);
        }
        let sent = Sent { way: self.way, to: message.to.clone(), text: message.rendered.text.clone() };
        self.by.sent.lock().unwrap().push(sent);
        Ok(Accepted { gateway_id: format!("SM{}", message.id.simple()) })
    }
}

pub struct TestApp {
    pub app: Arc<App>,
    pub clock: Arc<FakeClock>,
    pub real: Arc<FakeClock>,
    pub gateway: Arc<Recorder>,
    pub prefecture: PrefectureId,
    pub renewal: QueueId,
    pub first: QueueId,
    pub naturalisation: QueueId,
    /// Kept by anything that outlives the app and needs its files.
    pub folder: Option<Arc<Folder>>,
    database: Option<(String, String)>,
    vars: Vec<(String, String)>,
    leaves: Leaves,
}

/// A folder that is removed when nothing uses it any more.
pub struct Folder(pub std::path::PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Runs a test on SQLite, then on PostgreSQL. Each time it ends with an empty outbox, or has said what is left.
pub async fn on_both<F: AsyncFn(TestApp)>(test: F) {
    on_both_at(START, &[], test).await;
}

/// Like [`on_both`], from another instant and with configuration variables.
pub async fn on_both_at<F: AsyncFn(TestApp)>(start: &str, vars: &[(&str, &str)], test: F) {
    let app = TestApp::sqlite_at(start, vars).await;
    let ending = Ending::of(&app);
    test(app).await;
    ending.check().await;
    match TestApp::postgres_at(start, vars).await {
        Some(app) => {
            let (url, name) = app.database.clone().unwrap();
            let ending = Ending::of(&app);
            test(app).await;
            ending.check().await;
            let admin = sqlx::PgPool::connect(&url).await.unwrap();
            let drop = format!("DROP DATABASE {name} WITH (FORCE)");
            sqlx::query(sqlx::AssertSqlSafe(drop)).execute(&admin).await.unwrap();
        }
        None => eprintln!("skipped on PostgreSQL: PASSAGE_TEST_POSTGRES is not set (`make test` sets it)"),
    }
}

/// A fresh database on the harness's PostgreSQL: the server's URL, the database's name, its URL.
pub async fn fresh_postgres() -> Option<(String, String, String)> {
    let server = std::env::var("PASSAGE_TEST_POSTGRES").ok()?;
    let name = format!("passage_{}", uuid::Uuid::now_v7().simple());
    let admin = sqlx::PgPool::connect(&server).await.expect("the harness's PostgreSQL answers");
    sqlx::query(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&admin).await.unwrap();
    admin.close().await;
    let (base, _) = server.rsplit_once('/').expect("a database stands in the URL");
    let url = format!("{base}/{name}");
    Some((server, name, url))
}

impl TestApp {
    pub async fn sqlite() -> Self {
        Self::sqlite_at(START, &[]).await
    }

    pub async fn sqlite_at(start: &str, vars: &[(&str, &str)]) -> Self {
        let folder = std::env::temp_dir().join(format!("passage-test-{}", uuid::Uuid::now_v7().simple()));
        let url = format!("sqlite:{}/passage.db", folder.display());
        let mut app = Self::start_at(&url, start, vars).await;
        app.folder = Some(Arc::new(Folder(folder)));
        app
    }

    pub async fn postgres() -> Option<Self> {
        Self::postgres_at(START, &[]).await
    }

    pub async fn postgres_at(start: &str, vars: &[(&str, &str)]) -> Option<Self> {
        let (server, name, url) = fresh_postgres().await?;
        let mut app = Self::start_at(&url, start, vars).await;
        app.database = Some((server, name));
        Some(app)
    }

    pub async fn start(url: &str) -> Self {
        Self::start_at(url, START, &[]).await
    }

    pub async fn start_at(url: &str, start: &str, vars: &[(&str, &str)]) -> Self {
        let start: DateTime<Utc> = start.parse().unwrap();
        let (clock, real) = (FakeClock::at(start), FakeClock::at(start));
        let gateway = Arc::new(Recorder::default());
        let app = Arc::new(app_with(url, &clock, &real, gateway.clone(), vars).await);
        let prefecture =
            import::prefecture(&app, include_str!("../../config/demo-prefecture.toml")).await.unwrap();
        let directory = app.store.directory().await.unwrap();
        let queue = |slug: &str| directory.queue_by_slug(prefecture, slug).unwrap().id;
        Self {
            renewal: queue("renouvellement"),
            first: queue("premiere-demande"),
            naturalisation: queue("naturalisation"),
            prefecture,
            app,
            clock,
            real,
            gateway,
            folder: None,
            database: None,
            vars: vars.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            leaves: Leaves::default(),
        }
    }

    /// The same installation on another database.
    pub async fn on(self, url: &str) -> Self {
        let other = app_on(url, &self.clock, &self.real, self.gateway.clone()).await;
        Self { app: Arc::new(other), ..self }
    }

    /// The same installation, served by another process once this one has ended.
    pub async fn restarted(self, vars: &[(&str, &str)]) -> Self {
        let (url, gateway) = (self.url(), self.gateway.clone());
        self.app.store.close().await;
        drop(self.app);
        let other = app_with(&url, &self.clock, &self.real, gateway, vars).await;
        Self { app: Arc::new(other), ..self }
    }

    /// Says what the test leaves in the outbox on purpose, after “it leaves”.
    pub fn leaves(&self, what: &'static str) {
        *self.leaves.lock().unwrap() = Some(Left::Something(what));
    }

    /// Its outbox is not looked at when the test ends.
    pub fn is_outlived(&self, why: &'static str) {
        *self.leaves.lock().unwrap() = Some(Left::Unknown(why));
    }

    /// Ends a test that runs on one database as [`on_both`] ends the others.
    pub async fn finish(self) {
        let ending = Ending::of(&self);
        drop(self);
        ending.check().await;
    }

    /// Every byte of the SQLite database, its write-ahead log included.
    pub fn database_files(&self) -> Vec<Vec<u8>> {
        let folder = self.folder.as_ref().expect("a database on SQLite");
        let files = std::fs::read_dir(&folder.0).unwrap().map(|file| file.unwrap().path());
        files.map(|path| std::fs::read(path).unwrap()).filter(|bytes| !bytes.is_empty()).collect()
    }

    pub fn database_path(&self) -> std::path::PathBuf {
        self.folder.as_ref().expect("a database on SQLite").0.join("passage.db")
    }

    /// A new process on this (closed) database, and the folder that it needs.
    pub async fn reopened(self) -> (App, Option<Arc<Folder>>) {
        let url = self.url();
        let (clock, real, folder) = (self.clock.clone(), self.real.clone(), self.folder.clone());
        drop(self);
        (app_on(&url, &clock, &real, Arc::new(Recorder::default())).await, folder)
    }

    /// The address of its database, for another program to use.
    pub fn url(&self) -> String {
        match &self.database {
            Some((server, name)) => format!("{}/{name}", server.rsplit_once('/').unwrap().0),
            None => format!("sqlite:{}", self.database_path().display()),
        }
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.app.business.now()
    }

    /// Advances business time, with a tick every quarter of an hour.
    pub async fn pass(&self, time: TimeDelta) {
        let end = self.now() + time;
        while self.now() < end {
            let step = (end - self.now()).min(TimeDelta::minutes(15));
            self.clock.advance(step);
            self.real.advance(step);
            self.tick().await;
        }
    }

    /// An agent, as somebody who opens people's data.
    pub async fn reader(&self, login: &str) -> StaffReader {
        let id = self.staff(login, Role::Agent).await;
        StaffReader { id, role: Role::Agent, prefecture: self.prefecture, site: None }
    }

    pub async fn tick(&self) -> Done {
        let done = scheduler::tick(&self.app).await;
        assert_eq!(done.failed, 0, "a step of the scheduler failed");
        done
    }

    /// Everything, at every site of the prefecture.
    pub async fn anything(&self) -> Availability {
        let directory = self.app.store.directory().await.unwrap();
        Availability::anything(directory.sites_of(self.prefecture).map(|site| site.id).collect())
    }

    /// Registers person number `n` at the counter, document seen.
    pub async fn register(&self, queue: QueueId, n: u32) -> EntryId {
        let desk = Desk { document_seen: true, channel: Channel::Counter, ..Desk::ONLINE };
        self.register_by(queue, &person(n), desk, &format!("key-{queue}-{n}")).await.unwrap()
    }

    /// Closes the entry of person number `n` as a duplicate of another one of theirs.
    pub async fn close_as_duplicate(&self, entry: EntryId, n: u32) {
        let queue = self.app.store.entry(entry).await.unwrap().unwrap().queue_id;
        let desk = Desk { document_seen: true, channel: Channel::Counter, ..Desk::ONLINE };
        let twin = Registration { document_number: format!("AUTRE{n:05}"), ..person(n) };
        let kept = self.register_by(queue, &twin, desk, &format!("twin-{entry}")).await.unwrap();
        for login in [format!("agent-{n}"), format!("second-{n}")] {
            let reader = self.reader(&login).await;
            merge(&self.app, kept, entry, "même passeport", reader).await.unwrap();
        }
    }

    pub async fn register_by(
        &self,
        queue: QueueId,
        typed: &Registration,
        desk: Desk,
        key: &str,
    ) -> Result<EntryId, FlowError> {
        let availability = self.anything().await;
        register(&self.app, queue, typed, &availability, desk, key).await.map(|done| done.entry)
    }

    /// Adds a member of staff.
    pub async fn staff(&self, login: &str, role: Role) -> StaffId {
        staff::add(&self.app, self.prefecture, login, PASSWORD, role).await.unwrap();
        self.app.store.staff_by_login(login.to_owned()).await.unwrap().unwrap().id
    }

    /// Moves an entry to another queue: one person proposes, another approves.
    pub async fn move_to(&self, entry: EntryId, queue: QueueId, by: [StaffId; 2]) {
        relocation::propose(&self.app, entry, queue, "Autre démarche", by[0]).await.unwrap();
        let open = self.app.store.relocation_open(entry).await.unwrap().unwrap();
        relocation::approve(&self.app, open.id, by[1]).await.unwrap();
    }

    /// Publishes slots: every day from Monday to Friday, `per_day` at desk 1 of the centre, for some days.
    pub async fn publish(
        &self,
        queue: QueueId,
        desk: u16,
        first_in_days: i64,
        days: i64,
        per_day: u16,
    ) -> usize {
        use chrono::Weekday::{Fri, Mon, Thu, Tue, Wed};
        use passage::domain::slot_plan::SlotForm;

        let today = self.now().date_naive();
        let from = chrono::NaiveTime::from_hms_opt(9, 0, 0).unwrap();
        let form = SlotForm {
            site: "centre".into(),
            desk,
            first_day: today + TimeDelta::days(first_in_days),
            last_day: today + TimeDelta::days(first_in_days + days - 1),
            weekdays: vec![Mon, Tue, Wed, Thu, Fri],
            from,
            to: from + TimeDelta::minutes(i64::from(per_day) * 20),
            every_minutes: 20,
            minutes: 20,
            skip_holidays: true,
        };
        passage::flow::slots::publish_form(
            &self.app,
            queue,
            &form,
            passage::flow::slots::IfUnusual::Ask,
            passage::domain::actor::Actor::System,
        )
        .await
        .unwrap()
        .new
    }

    pub fn is_pg(&self) -> bool {
        self.database.is_some()
    }

    /// A separate connection to PostgreSQL, not from the program's pool.
    pub async fn pg(&self) -> sqlx::PgPool {
        assert!(self.is_pg());
        sqlx::PgPool::connect(&self.url()).await.unwrap()
    }

    /// Changes the database in a way that no flow does.
    pub async fn raw(&self, sql: &str) -> u64 {
        let sql = sqlx::AssertSqlSafe(sql.to_owned());
        if self.is_pg() {
            return sqlx::query(sql).execute(&self.pg().await).await.unwrap().rows_affected();
        }
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(self.database_path());
        let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
        sqlx::query(sql).execute(&pool).await.unwrap().rows_affected()
    }

    /// Nothing is wrong in the database, and every bundle verifies.
    pub async fn assert_sound(&self) {
        let faults = passage::flow::check::faults(&self.app).await.unwrap();
        assert_eq!(faults, Vec::<String>::new());
    }
}

/// The vault of a database, under the keys of a configuration.
pub async fn vault_of(config: &Config, store: &Store) -> Vault {
    let given = |source: &MasterKeySource| match source {
        MasterKeySource::Given(key) => MasterKey::from_hex(key.expose()).unwrap(),
        other => panic!("tests give their keys: {other:?}"),
    };
    let keys = [Some(&config.vault.master_key), config.vault.previous_master_key.as_ref()];
    let keys: Vec<_> = keys.into_iter().flatten().map(given).collect();
    Vault::open(&keys, keys::stored_roots(store).await.unwrap().as_ref()).unwrap()
}

/// An app on a database, with clocks that tests move.
pub async fn app_on(url: &str, clock: &Arc<FakeClock>, real: &Arc<FakeClock>, gateway: Arc<Recorder>) -> App {
    app_with(url, clock, real, gateway, &[]).await
}

/// Relays are local here: if they do not answer at once, they do not answer at all.
pub const PACE: Pace = Pace {
    hedge: Duration::from_millis(50),
    answer: Duration::from_millis(500),
    retry: TimeDelta::seconds(15),
};

/// Like [`app_on`], with configuration variables.
pub async fn app_with(
    url: &str,
    clock: &Arc<FakeClock>,
    real: &Arc<FakeClock>,
    gateway: Arc<Recorder>,
    vars: &[(&str, &str)],
) -> App {
    let own = [
        ("PASSAGE__DATABASE__URL", url),
        ("PASSAGE__VAULT__MASTER_KEY", &"5a".repeat(32)),
        ("PASSAGE__HTTP__PUBLIC_URL", "http://localhost:8080"),
    ];
    let vars = own.iter().chain(vars).map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let config = Config::load(None, vars).unwrap();
    let beacon = Relays::new(config.draws.relays.clone(), PACE);
    let store = Store::open(url, 16).await.unwrap();
    let vault = vault_of(&config, &store).await;
    let business = BusinessClock::new(clock.clone());
    let real = RealClock::new(real.clone());
    installation::open(&store, &vault, business.now()).await.unwrap();
    let register = config.register.as_ref().map(|register| {
        let access = RegisterAccess {
            url: register.url.clone(),
            token: register.token.as_ref().map(|token| token.expose().to_owned().into()),
            certificate: None,
            authority: None,
            timeout: Duration::from_millis(300),
        };
        RemoteRegister::new(access).unwrap()
    });
    App {
        register,
        franceconnect: Door::FranceConnect.registered(&config),
        proconnect: Door::ProConnect.registered(&config),
        limits: Limits::in_memory(vault.limits_key(), RealClock::system(), 10_000),
        passwords: Passwords::new(Cost::LOWEST, &mut system_rng()).unwrap(),
        config,
        store,
        vault,
        business,
        health: passage::flow::health::Health::new(real.now()),
        real,
        carriers: gateway.carriers(&[Way::Sms, Way::Email]),
        beacon,
        journal: passage::flow::journal::Journal::default(),
        calendar: passage::flow::calendar::Calendar::default(),
        heartbeats: passage::flow::heartbeats::Heartbeats::default(),
        metrics: passage::metrics::Metrics::default(),
        requests: std::sync::atomic::AtomicU64::new(0),
    }
}
