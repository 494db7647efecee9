//! The status page, asked for by those who wait: the real server beside a bare axum handler that answers
//! with the same bytes, in turn, from as many connections. Ten thousand people wait in the queue; two
//! hundred of them, each under a key of their own, keep looking.

mod shared;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::http::header;
use axum::routing::post;
use chrono::TimeDelta;
use passage::clock::{BusinessClock, Clock, FakeClock, RealClock, SystemClock};
use passage::domain::actor::Channel;
use passage::domain::availability::Availability;
use passage::flow::App;
use passage::flow::register::{Desk, Registration, register};
use shared::http::{Ask, Connection, Load, load};
use shared::{Place, crowd};
use tokio::net::TcpListener;

const CLIENTS: u32 = 64;
const WAITING: u32 = 10_000;
const LOOKING: u32 = 200;
const ROUNDS: u32 = 3;
const TIME: Duration = Duration::from_secs(3);

#[tokio::main]
async fn main() {
    shared::head("a bare axum handler, the same bytes");
    for (name, place) in Place::each().await {
        // The limits of one address and one reference are counted, and end at once: their clock runs fast.
        let real = FakeClock::at(SystemClock.now());
        let app = shared::app_in(&place.url, BusinessClock::system(), RealClock::new(real.clone())).await;
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(Duration::from_millis(20)).await;
                real.advance(TimeDelta::hours(1));
            }
        });
        let first = crowd::first_comer(&app).await;
        crowd::fill(&app, &place.url, first, WAITING).await;
        measure(name, &app).await;
        app.store.close().await;
    }
}

async fn measure(name: &str, app: &Arc<App>) {
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
    let bare = bare_server(Bytes::from(page)).await;
    let (mut ours, mut theirs) = (Load::default(), Load::default());
    for round in 0..ROUNDS {
        let page = load(server, CLIENTS, TIME, round << 20, &ask).await;
        assert_eq!(page.refused, 0, "every page is shown");
        ours = if page.a_second() > ours.a_second() { page } else { ours };
        let page = load(bare, CLIENTS, TIME, round << 20, &ask).await;
        theirs = if page.a_second() > theirs.a_second() { page } else { theirs };
    }
    let (page, bare) = (ours.a_second(), theirs.a_second());
    let what = format!("status pages a second, {name}");
    shared::line(&what, &format!("{page:.0}"), &format!("{bare:.0}"), page / bare, "at least 0.5");
    println!(
        "  {length} bytes, {CLIENTS} connections; 99 in 100 waited at most {:.0} ms, bare {:.0} ms",
        shared::ms(ours.percentile(99)),
        shared::ms(theirs.percentile(99))
    );
}

/// The references of people who came by the ordinary way.
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
            document_country: "ZZZ".into(),
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

/// One route, one answer that is already there.
async fn bare_server(page: Bytes) -> SocketAddr {
    let answer =
        move || std::future::ready(([(header::CONTENT_TYPE, "text/html; charset=utf-8")], page.clone()));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("a port");
    let router: Router = Router::new().route("/s", post(answer));
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}
