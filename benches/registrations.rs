//! Registrations per second over HTTP: the real server, every answer durable, a queue in which ten thousand
//! people wait already. On PostgreSQL the baseline is pgbench, which sends the statements of one registration
//! (those of its transaction and those of the receipt page) from the same number of clients. On SQLite it
//! is a loop of bare commits, each flushed: of one row, and of the rows of one registration.

mod shared;

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use passage::clock::BusinessClock;
use passage::domain::ids::QueueId;
use passage::flow::{App, check, import};
use shared::http::{Ask, load};
use shared::{Aim, Place, crowd};
use sqlx::SqliteConnection;
use sqlx::query::Query;
use sqlx::sqlite::{Sqlite, SqliteArguments};

const CLIENTS: u32 = 64;
const WAITING: u32 = 10_000;
const ROUNDS: u32 = 3;
const TIME: Duration = Duration::from_secs(3);
const FIRST_NUMBER: u64 = 9_910_000_000;
/// Numbers in the register: more than there are registrations in all rounds.
const NUMBERS: u32 = 120_000;
const FORM: &str = "/p/demonstration/renouvellement/inscription";

#[tokio::main]
async fn main() {
    shared::head("pgbench with as many clients; bare commits");
    for (name, place) in Place::each().await {
        let app = shared::app_on(&place.url, BusinessClock::system()).await;
        let first = crowd::first_comer(&app).await;
        crowd::fill(&app, &place.url, first, WAITING).await;
        crowd::receipts(&place.url, first, WAITING).await;
        register_of_numbers(&app).await;
        measure(name, &place, &app).await;
        assert_eq!(check::faults(&app).await.expect("answers"), Vec::<String>::new());
        app.store.close().await;
    }
}

async fn register_of_numbers(app: &App) {
    let mut csv = String::from("number,birth_date\n");
    for n in 0..NUMBERS {
        let _ = writeln!(csv, "{},{}", FIRST_NUMBER + u64::from(n), crowd::BIRTH_DATE);
    }
    import::register_of_numbers(app, csv.as_bytes(), |_| ()).await.expect("an import");
}

async fn measure(name: &str, place: &Place, app: &Arc<App>) {
    let (_, queue) = crowd::renewal(app).await;
    let server = shared::serve(Arc::clone(app)).await;
    let ask = registrations(app).await;
    let mut next = 0;
    let (mut best, mut yardstick, mut transaction) = (0.0_f64, 0.0_f64, 0.0_f64);
    let mut slowest = Duration::ZERO;
    for _ in 0..ROUNDS {
        let before = app.store.entries_ever(queue).await.expect("a count");
        let round = load(server, CLIENTS, TIME, next, &ask).await;
        next += round.answered + round.refused;
        let now = app.store.entries_ever(queue).await.expect("a count");
        assert_eq!(now - before, i64::from(round.answered), "as many as were acknowledged");
        assert_eq!(round.refused, 0, "nothing is at fault with these forms");
        best = best.max(round.a_second());
        slowest = slowest.max(round.percentile(99));
        if place.is_sqlite() {
            yardstick = yardstick.max(bare_commits(place).await);
            transaction = transaction.max(bare_transactions(place, queue).await);
        } else {
            yardstick = yardstick.max(pgbench(place, queue, true));
            transaction = transaction.max(pgbench(place, queue, false));
        }
    }
    let aim = Aim::AtLeast(if place.is_sqlite() { 1.0 } else { 0.5 });
    let what = format!("registrations a second, {name}");
    for (what, yardstick, aim) in
        [(what.as_str(), yardstick, Some(aim)), ("  beside its transaction alone", transaction, None)]
    {
        shared::line(what, &format!("{best:.0}"), &format!("{yardstick:.0}"), best / yardstick, aim);
    }
    println!("  {CLIENTS} clients; 99 in 100 waited at most {:.0} ms in each round", shared::ms(slowest));
}

/// Forms as browsers send them, each with a number from the register.
async fn registrations(app: &App) -> Ask {
    let (prefecture, _) = crowd::renewal(app).await;
    let directory = app.store.directory().await.expect("a directory");
    let sites: Vec<String> =
        directory.sites_of(prefecture).map(|site| format!("&sites={}", site.id)).collect();
    let sites = sites.concat();
    let deadline = app.business.now().date_naive() + chrono::Days::new(60);
    let rest = format!(
        "&given_names=Usager&birth_date={}&language=fr&email=usager%40example.org&deadline={}\
         &deadline_kind=permit_expiry&weekdays=0&weekdays=1&weekdays=2&halves=morning&halves=afternoon\
         &notice_days=5{sites}",
        crowd::BIRTH_DATE.replace('/', "%2F"),
        deadline.format("%d%%2F%m%%2F%Y"),
    );
    Arc::new(move |n| {
        let number = FIRST_NUMBER + u64::from(n);
        let form = format!(
            "cle={n:032x}&birth_name=D%C3%A9mo+{n:06}&foreigner_number={number}&phone=063998{:04}{rest}",
            n % 10_000
        );
        (FORM.to_owned(), form)
    })
}

/// One row.
async fn bare_commits(place: &Place) -> f64 {
    let mut connection = shared::durable(&place.file().with_extension("bare")).await;
    sqlx::raw_sql("CREATE TABLE IF NOT EXISTS bare (id INTEGER PRIMARY KEY, body TEXT NOT NULL)")
        .execute(&mut connection)
        .await
        .expect("a table");
    let insert = || sqlx::query("INSERT INTO bare (body) VALUES ($1)").bind("one row");
    commits_a_second(connection, insert).await
}

/// The rows of one registration, in the same database, in one go.
async fn bare_transactions(place: &Place, queue: QueueId) -> f64 {
    let all = || {
        let all = sqlx::query(include_str!("shared/registration.sqlite.sql"));
        all.bind(uuid::Uuid::now_v7()).bind(queue)
    };
    commits_a_second(shared::durable(&place.file()).await, all).await
}

/// One flush per commit, repeated.
async fn commits_a_second<'q>(
    mut connection: SqliteConnection,
    transaction: impl Fn() -> Query<'q, Sqlite, SqliteArguments>,
) -> f64 {
    let (begun, mut commits) = (Instant::now(), 0_u32);
    while begun.elapsed() < TIME {
        transaction().execute(&mut connection).await.expect("a commit");
        commits += 1;
    }
    f64::from(commits) / begun.elapsed().as_secs_f64()
}

/// Transactions per second of pgbench on the same database, with the same number of clients.
fn pgbench(place: &Place, queue: QueueId, with_receipt: bool) -> f64 {
    let script = include_str!("shared/registration.pgbench.sql").replace(":queue", &format!("'{queue}'"));
    let (transaction, receipt) = script.split_once("-- The receipt").expect("two parts");
    let script =
        if with_receipt { format!("{transaction}-- The receipt{receipt}") } else { transaction.to_owned() };
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("registration.pgbench.sql");
    std::fs::write(&file, script).expect("a file");
    let program =
        std::env::var("PASSAGE_POSTGRES_BIN").map_or("pgbench".to_owned(), |bin| format!("{bin}/pgbench"));
    let clients = CLIENTS.to_string();
    let said = Command::new(program)
        .args(["--no-vacuum", "--protocol=prepared", "--jobs=2", "--client", &clients])
        .args(["--time", &TIME.as_secs().to_string(), "--file"])
        .arg(&file)
        .arg(&place.url)
        .output()
        .expect("pgbench");
    let text = String::from_utf8_lossy(&said.stdout);
    let rate =
        text.lines().find_map(|line| line.strip_prefix("tps = ")).and_then(|rest| rest.split(' ').next());
    match rate.and_then(|rate| rate.parse().ok()) {
        Some(rate) => rate,
        None => panic!("pgbench: {text}{}", String::from_utf8_lossy(&said.stderr)),
    }
}
