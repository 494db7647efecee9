//! The status page, requested by waiting people: the real server compared with two minimal axum handlers that
//! send the same bytes, in turn, with the same number of connections. One has them ready; the other first finds
//! the entry in the database, with one indexed read of one column, as every page that looks up a person must.
//! Ten thousand people wait in the queue; two hundred of them, each with their own key, keep looking.

mod shared;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::Form;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::{MethodRouter, post};
use chrono::TimeDelta;
use passage::clock::{BusinessClock, Clock, FakeClock, RealClock, SystemClock};
use passage::domain::actor::Channel;
use passage::domain::availability::Availability;
use passage::flow::App;
use passage::flow::register::{Desk, Registration, register};
use shared::http::{Ask, Connection, Load, load};
use shared::{Aim, Place, crowd};
use sqlx::postgres::PgPoolOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use sqlx::{PgPool, SqlitePool};
use tokio::net::TcpListener;

const CLIENTS: u32 = 64;
const WAITING: u32 = 10_000;
const LOOKING: u32 = 200;
const ROUNDS: u32 = 3;
const TIME: Duration = Duration::from_secs(3);

#[tokio::main]
async fn main() {
    shared::head("a bare axum handler with the same bytes, ready or read for");
    for (name, place) in Place::each().await {
        // The limits per address and per reference are counted but end at once: their clock runs fast, but not so
        // fast that a page closes before it is read.
        let real = FakeClock::at(SystemClock.now());
        let app = shared::app_in(&place.url, BusinessClock::system(), RealClock::new(real.clone())).await;
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(Duration::from_millis(20)).await;
                real.advance(TimeDelta::minutes(1));
            }
        });
        let first = crowd::first_comer(&app).await;
        crowd::fill(&app, &place.url, first, WAITING).await;
        measure(name, &place, &app).await;
        app.store.close().await;
    }
}

async fn measure(name: &str, place: &Place, app: &Arc<App>) {
    let references = lookers(app).await;
    let server = shared::serve(Arc::clone(app)).await;
    let birth_date = crowd::BIRTH_DATE.replace('/', "%2F");
    let ask: Ask = Arc::new(move |n| {
        let reference = &references[n as usize % references.len()];
        ("/s".to_owned(), format!("reference={reference}&birth_date={birth_date}"))
    });
    let (path, form) = ask(0);
    let (status, page) = Connection::open(server).await.post(&path, &form, 0).await;
    assert_eq!(status, 200, "{}", String::from_utf8_lossy(&page));
    let length = page.len();
    let page = Bytes::from(page);
    let ready = bare_server(ready(page.clone())).await;
    let reading = bare_server(reading(page, Database::open(place).await)).await;
    let servers = [server, ready, reading];
    let mut best = [Load::default(), Load::default(), Load::default()];
    for round in 0..ROUNDS {
        for (server, best) in servers.iter().zip(&mut best) {
            let pages = load(*server, CLIENTS, TIME, round << 20, &ask).await;
            assert_eq!(pages.refused, 0, "every page is shown");
            if pages.a_second() > best.a_second() {
                *best = pages;
            }
        }
    }
    let [ours, ready, reading] = best;
    let what = format!("status pages a second, {name}");
    beside(&what, &ours, &ready, Some(Aim::AtLeast(0.5)));
    beside("  beside a handler with one read", &ours, &reading, None);
    println!(
        "  {length} bytes, {CLIENTS} connections; 99 in 100 waited at most {:.0} ms, bare {:.0} ms, with one read {:.0} ms",
        shared::ms(ours.percentile(99)),
        shared::ms(ready.percentile(99)),
        shared::ms(reading.percentile(99))
    );
}

fn beside(what: &str, ours: &Load, yardstick: &Load, aim: Option<Aim>) {
    let (ours, yardstick) = (ours.a_second(), yardstick.a_second());
    shared::line(what, &format!("{ours:.0}"), &format!("{yardstick:.0}"), ours / yardstick, aim);
}

/// The references of people who registered in the normal way.
async fn lookers(app: &Arc<App>) -> Vec<String> {
    let (prefecture, queue) = crowd::renewal(app).await;
    let directory = app.store.directory().await.expect("a directory");
    let anything = Availability::anything(directory.sites_of(prefecture).map(|site| site.id).collect());
    let mut references = Vec::new();
    for n in 0..LOOKING {
        let typed = Registration {
            birth_name: format!("Démo {n}"),
            given_names: "Usager".into(),
            birth_date: crowd::BIRTH_DATE.into(),
            document_country: "MAR".into(),
            document_number: format!("LOOK{n:06}"),
            phone: format!("063998{n:04}"),
            deadline: (app.business.now().date_naive() + chrono::Days::new(60))
                .format("%d/%m/%Y")
                .to_string(),
            deadline_kind: "permit_expiry".into(),
            ..Registration::default()
        };
        let desk = Desk { document_seen: true, channel: Channel::Counter, ..Desk::ONLINE };
        let done = register(app, queue, &typed, &anything, desk, &format!("look-{n}")).await;
        let entry = done.expect("a registration").entry;
        references.push(app.store.entry(entry).await.expect("an entry").expect("an entry").reference);
    }
    references
}

#[derive(Clone)]
enum Database {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

#[derive(serde::Deserialize)]
struct Asked {
    reference: String,
}

impl Database {
    async fn open(place: &Place) -> Self {
        if place.is_sqlite() {
            let file = SqliteConnectOptions::new().filename(place.file()).read_only(true);
            let pools = SqlitePoolOptions::new().test_before_acquire(false);
            Self::Sqlite(pools.connect_with(file).await.expect("a database"))
        } else {
            Self::Postgres(
                PgPoolOptions::new()
                    .test_before_acquire(false)
                    .connect(&place.url)
                    .await
                    .expect("a database"),
            )
        }
    }

    async fn find(&self, reference: &str) -> uuid::Uuid {
        const FIND: &str = "SELECT id FROM entry WHERE reference = $1";
        let found = match self {
            Self::Sqlite(pool) => sqlx::query_scalar(FIND).bind(reference).fetch_one(pool).await,
            Self::Postgres(pool) => sqlx::query_scalar(FIND).bind(reference).fetch_one(pool).await,
        };
        found.expect("an entry")
    }
}

/// One route.
async fn bare_server(handler: MethodRouter) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("a port");
    let router = Router::new().route("/s", handler);
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

/// An answer that is already in memory.
fn ready(page: Bytes) -> MethodRouter {
    post(move || std::future::ready(answer(page.clone())))
}

/// The same answer, once the entry is found.
fn reading(page: Bytes, database: Database) -> MethodRouter {
    post(move |Form(asked): Form<Asked>| async move {
        std::hint::black_box(database.find(&asked.reference).await);
        answer(page)
    })
}

fn answer(page: Bytes) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], page)
}
