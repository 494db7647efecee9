//! A whole draw at full size: from the freeze to the published bundle, with its convocations, notices and
//! log, on each database. The baseline is the minimum that stores the same data: the rows that the
//! draw has written, inserted without any logic into the same tables of the same database in one durable
//! transaction (COPY on PostgreSQL, multi-row inserts on SQLite).

mod shared;

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{Days, NaiveTime, TimeDelta, Weekday};
use futures_util::TryStreamExt;
use passage::clock::{BusinessClock, FakeClock};
use passage::domain::actor::{Actor, Role};
use passage::domain::slot_plan::SlotForm;
use passage::flow::{App, announce, annulment, check, draw, freeze, slots, staff};
use passage::store::records::{DrawRecord, DrawState};
use shared::{Aim, Place, crowd, ms};
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, Connection, QueryBuilder, Row, Sqlite, SqliteConnection, TypeInfo, ValueRef};

const ENTRIES: u32 = 100_000;
const SLOTS: u32 = 5_000;
const START: &str = "2027-01-08T08:00:00Z";
/// The tables that a draw writes; before it, they are empty except for the rows of the first person.
const TABLES: [&str; 6] = ["draw_entry", "draw_document", "convocation", "notice", "audit", "log_head"];
/// How many log rows get their position in one step, as in the scheduler.
const LOG_STEP: i64 = 1_000;
/// Values in one insert of the baseline on SQLite: more are not faster.
const VALUES: usize = 2_000;

#[tokio::main]
async fn main() {
    // Other sizes, if they are given: ENTRIES SEATS. Cargo adds a `--bench`.
    let mut sizes = std::env::args().skip(1).filter_map(|argument| argument.parse().ok());
    let size = Size { entries: sizes.next().unwrap_or(ENTRIES), slots: sizes.next().unwrap_or(SLOTS) };
    println!("A draw of {} seats among {} entries, from freeze to published (ms).", size.slots, size.entries);
    for (name, place) in Place::each().await {
        measure(name, &place, size).await;
    }
}

#[derive(Clone, Copy)]
struct Size {
    entries: u32,
    slots: u32,
}

async fn measure(name: &str, place: &Place, size: Size) {
    let clock = FakeClock::at(START.parse().expect("an instant"));
    let app = shared::app_on(&place.url, BusinessClock::new(clock.clone())).await;
    let first = crowd::first_comer(&app).await;
    crowd::fill(&app, &place.url, first, size.entries).await;
    let record = prepare(&app, place, size).await;
    let copy = if name == "SQLite" { Some(copy_of(place).await) } else { None };
    let steps = whole(&app, &clock, &record).await;
    let winners = app.store.draw(record.id).await.expect("a draw").expect("a draw").winner_count;
    assert_eq!(winners, i32::try_from(size.slots).ok(), "every seat is won");
    let (rows, bare) = match copy {
        Some(copy) => bare_inserts(place, &copy).await,
        None => bare_copy(place).await,
    };
    crowd::receipts(&place.url, first, size.entries).await;
    let annulled = annul(&app, &record).await;
    assert_eq!(check::faults(&app).await.expect("answers"), Vec::<String>::new());
    app.store.close().await;
    let total: Duration = steps.iter().map(|(_, time)| *time).sum();
    for (step, time) in &steps {
        println!("  {name:<11} {step:<10} {:>8.0}", ms(*time));
    }
    println!("  {name:<11} bare       {:>8.0}   {rows} rows", ms(bare));
    println!("  {name:<11} annulled   {:>8.0}   in one transaction", ms(annulled));
    shared::line(
        &format!("whole draw, {name}"),
        &format!("{:.0} ms", ms(total)),
        &format!("{:.0} ms", ms(bare)),
        total.as_secs_f64() / bare.as_secs_f64(),
        Some(Aim::AtMost(3.0)),
    );
}

/// The slots and the announced draw.
async fn prepare(app: &Arc<App>, place: &Place, size: Size) -> DrawRecord {
    let (prefecture, queue) = crowd::renewal(app).await;
    let today = app.business.now().date_naive();
    let from = NaiveTime::from_hms_opt(8, 0, 0).expect("a time");
    for (site, desk) in [("centre", 1), ("centre", 2), ("centre", 3), ("centre", 4), ("gare", 1), ("gare", 2)]
    {
        let form = SlotForm {
            site: site.to_owned(),
            desk,
            first_day: today + Days::new(12),
            last_day: today + Days::new(56),
            weekdays: vec![Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri],
            from,
            to: from + TimeDelta::hours(9),
            every_minutes: 20,
            minutes: 20,
            skip_holidays: true,
        };
        slots::publish_form(app, queue, &form, slots::IfUnusual::Ask, Actor::System).await.expect("slots");
    }
    let kept = format!("SELECT id FROM slot ORDER BY starts_at, id LIMIT {}", size.slots);
    let spare = format!("DELETE FROM slot WHERE id NOT IN ({kept})");
    raw(&place.url, &spare).await;
    let directory = app.store.directory().await.expect("a directory");
    let (queue, prefecture) =
        (directory.queue(queue).expect("it"), directory.prefecture(prefecture).expect("it"));
    assert!(announce::announce(app, queue, prefecture).await.expect("an announcement"));
    while app.store.sequence_log(LOG_STEP, app.business.now()).await.expect("a place").tail > 0 {}
    newest(app).await
}

async fn newest(app: &App) -> DrawRecord {
    let (_, queue) = crowd::renewal(app).await;
    app.store.draws_of(queue, 1).await.expect("draws").remove(0)
}

/// Every step of the scheduler for a draw, timed.
async fn whole(app: &App, clock: &FakeClock, record: &DrawRecord) -> Vec<(&'static str, Duration)> {
    let mut steps = Vec::new();
    let mut lap = |name, since: Instant| steps.push((name, since.elapsed()));
    clock.set(record.freeze_at);
    let begun = Instant::now();
    freeze::freeze(app, record).await.expect("a frozen list");
    lap("freeze", begun);
    clock.set(record.seed_at);
    let (frozen, begun) = (newest(app).await, Instant::now());
    draw::seed(app, &frozen).await.expect("an opening");
    lap("seed", begun);
    let (seeded, begun) = (newest(app).await, Instant::now());
    draw::conclude(app, &seeded).await.expect("an outcome");
    lap("conclude", begun);
    let (drawn, begun) = (newest(app).await, Instant::now());
    draw::publish(app, &drawn).await.expect("a published draw");
    lap("publish", begun);
    let begun = Instant::now();
    while app.store.sequence_log(LOG_STEP, app.business.now()).await.expect("a place").tail > 0 {}
    lap("log", begun);
    assert_eq!(newest(app).await.state, DrawState::Published);
    steps
}

/// Two people annul it: every appointment is taken back.
async fn annul(app: &App, record: &DrawRecord) -> Duration {
    let (prefecture, _) = crowd::renewal(app).await;
    let mut staff = Vec::new();
    for login in ["usager-demo-1", "usager-demo-2"] {
        staff::add(app, prefecture, login, "un mot de passe de banc", Role::Manager)
            .await
            .expect("an account");
        let found = app.store.staff_by_login(login.to_owned()).await.expect("an answer");
        staff.push(found.expect("the account").id);
    }
    annulment::propose(app, record.id, "mesure", staff[0]).await.expect("a proposal");
    let begun = Instant::now();
    annulment::approve(app, record.id, staff[1]).await.expect("an annulment");
    begun.elapsed()
}

async fn raw(url: &str, sql: &str) {
    let sql = AssertSqlSafe(sql.to_owned());
    if url.starts_with("sqlite:") {
        let pool = sqlx::SqlitePool::connect(url).await.expect("the same database");
        sqlx::raw_sql(sql).execute(&pool).await.expect("a statement");
        pool.close().await;
    } else {
        let pool = sqlx::PgPool::connect(url).await.expect("the same database");
        sqlx::raw_sql(sql).execute(&pool).await.expect("a statement");
        pool.close().await;
    }
}

/// Exports the rows from the tables, and imports them again by COPY.
async fn bare_copy(place: &Place) -> (u64, Duration) {
    let pool = sqlx::PgPool::connect(&place.url).await.expect("the same database");
    let mut kept = Vec::new();
    for table in TABLES {
        let mut bytes = Vec::new();
        let out = format!("COPY {table} TO STDOUT (FORMAT binary)");
        let mut connection = pool.acquire().await.expect("a connection");
        let mut stream = connection.copy_out_raw(&out).await.expect("rows");
        while let Some(chunk) = stream.try_next().await.expect("rows") {
            bytes.extend_from_slice(&chunk);
        }
        drop(stream);
        kept.push((table, bytes));
    }
    raw(&place.url, &format!("TRUNCATE {} CASCADE", TABLES.join(", "))).await;
    raw(&place.url, "VACUUM ANALYZE").await;
    raw(&place.url, "CHECKPOINT").await;
    let begun = Instant::now();
    let mut rows = 0;
    let mut tx = pool.begin().await.expect("a transaction");
    for (table, bytes) in &kept {
        let into = format!("COPY {table} FROM STDIN (FORMAT binary)");
        let mut copy = tx.copy_in_raw(&into).await.expect("a copy");
        for chunk in bytes.chunks(1 << 16) {
            copy.send(chunk).await.expect("rows");
        }
        rows += copy.finish().await.expect("rows");
    }
    tx.commit().await.expect("a commit");
    let time = begun.elapsed();
    pool.close().await;
    (rows, time)
}

/// The database as it stands before the draw.
async fn copy_of(place: &Place) -> Place {
    let copy = Place::sqlite();
    std::fs::create_dir_all(copy.file().parent().expect("a folder")).expect("a folder");
    raw(&place.url, &format!("VACUUM INTO '{}'", copy.file().display())).await;
    copy
}

#[derive(Clone)]
enum Value {
    Null,
    Whole(i64),
    Text(String),
    Bytes(Vec<u8>),
}

fn value(row: &SqliteRow, at: usize) -> Value {
    let kind = row.try_get_raw(at).expect("a column");
    if kind.is_null() {
        return Value::Null;
    }
    match kind.type_info().name() {
        "INTEGER" | "BOOLEAN" => Value::Whole(row.get_unchecked(at)),
        "BLOB" => Value::Bytes(row.get_unchecked(at)),
        _ => Value::Text(row.get_unchecked(at)),
    }
}

/// Inserts the rows that the draw wrote into the copy of the database made before the draw.
async fn bare_inserts(place: &Place, copy: &Place) -> (u64, Duration) {
    let mut from = SqliteConnection::connect(&place.url).await.expect("the same database");
    let mut kept = Vec::new();
    for table in TABLES {
        let rows = sqlx::query(AssertSqlSafe(format!("SELECT * FROM {table}")));
        let rows = rows.fetch_all(&mut from).await.expect("rows");
        let rows: Vec<Vec<Value>> =
            rows.iter().map(|row| (0..row.len()).map(|at| value(row, at)).collect()).collect();
        kept.push((table, rows));
    }
    let mut to = shared::durable(&copy.file()).await;
    for table in ["notice", "audit", "log_head"] {
        sqlx::raw_sql(AssertSqlSafe(format!("DELETE FROM {table}"))).execute(&mut to).await.expect("no rows");
    }
    let begun = Instant::now();
    let mut tx = to.begin_with("BEGIN IMMEDIATE").await.expect("a transaction");
    let mut written = 0;
    for (table, rows) in &kept {
        for chunk in rows.chunks((VALUES / rows[0].len()).max(1)) {
            let mut insert = QueryBuilder::<Sqlite>::new(format!("INSERT INTO {table} "));
            insert.push_values(chunk, |mut into, row| {
                for value in row {
                    match value {
                        Value::Null => into.push_bind(None::<i64>),
                        Value::Whole(whole) => into.push_bind(*whole),
                        Value::Text(text) => into.push_bind(text.as_str()),
                        Value::Bytes(bytes) => into.push_bind(bytes.as_slice()),
                    };
                }
            });
            written += insert.build().execute(&mut *tx).await.expect("rows").rows_affected();
        }
    }
    tx.commit().await.expect("a commit");
    (written, begun.elapsed())
}
