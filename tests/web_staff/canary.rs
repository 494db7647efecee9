//! Marked texts go in through every door, and are looked for wherever something is left: the database with its write-ahead
//! log, a dump of it, the log of the program down to its finest level, the metrics, temporary files, pages of errors.

use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use chrono::{DateTime, Utc};
use passage::clock::RealClock;
use passage::flow::import;
use passage::flow::register::Registration;
use passage::web::operators;
use tower::ServiceExt;

use crate::browser::Browser;
use crate::common::{TestApp, on_both};
use crate::doors::{Things, WRITE, WRITE_MANAGER};
use crate::log::Log;
use crate::web;

/// What is looked for, in small letters. Everything that is typed has one of these in it.
const MARKS: [&str; 3] = ["xqcanari", "7598765432", "639987654"];
const REASON: &str = "Motif xqcanari de trois lignes";
const FILE_BYTES_MAX: u64 = 256 << 20;

/// What each field takes, marked. The first value of a name counts.
const FIELDS: [(&str, &str); 29] = [
    ("birth_name", "Xqcanari Nomdenaissance"),
    ("given_names", "Xqcanari Prénoms"),
    ("birth_date", "05/03/1987"),
    ("foreigner_number", "7598765432"),
    ("document_country", "MAR"),
    ("document_number", "XQCANARI12"),
    ("document_number_again", "XQCANARI12"),
    ("document_kind", "passport"),
    ("document_expires", "30/04/2030"),
    ("number_read", "7598765432"),
    ("full_name", "Xqcanari Agent"),
    ("phone", "06 39 98 76 54"),
    ("email", "xqcanari@example.org"),
    ("contact", "xqcanari@example.org"),
    ("language", "fr"),
    ("reason", REASON),
    ("merge_reason", REASON),
    ("move_reason", REASON),
    ("why", REASON),
    ("text", REASON),
    ("review", REASON),
    ("answer", REASON),
    ("objection", REASON),
    ("missing", REASON),
    ("confirmer", "oui"),
    ("label", "0"),
    ("queue", "naturalisation"),
    ("reference", "XQCA-NARI-1"),
    ("code", "xqcanari"),
];

static LOG: LazyLock<Log> = LazyLock::new(|| Log::listening(tracing::Level::TRACE));

/// Fails where a mark stands, with what is around it.
fn assert_silent(place: &str, bytes: &[u8]) {
    let small = bytes.to_ascii_lowercase();
    for mark in MARKS {
        if let Some(at) = position(&small, mark.as_bytes()) {
            let around = &bytes[at.saturating_sub(300)..(at + 100).min(bytes.len())];
            panic!("{place} holds “{mark}”: {}", String::from_utf8_lossy(around));
        }
    }
}

fn position(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

fn with<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    more.iter().chain(&FIELDS).copied().collect()
}

/// Everything that somebody from outside can send.
async fn through_the_applicants_doors(app: &TestApp) {
    let form = "/p/demonstration/premiere-demande/inscription";
    let site = app.anything().await.sites[0].to_string();
    let mut browser = web::Browser::of(&app.app);
    let key = browser.get(form).await.hidden("cle");
    let when = [
        ("cle", key.as_str()),
        ("sites", &site),
        ("weekdays", "0"),
        ("halves", "morning"),
        ("notice_days", "0"),
    ];
    let wrong = browser.submit(form, &with(&[&[("birth_date", "99/99/1987")], &when[..]].concat())).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let registered = browser.submit(form, &with(&when)).await;
    assert_eq!(registered.status, StatusCode::OK, "{}", registered.body);
    registered.assert_says("Xqcanari");
    for address in [
        "/s",
        "/s/retrouver",
        "/s/retrouver/code",
        "/s/retrouver/ouvrir",
        "/s/donnees/contact",
        "/s/donnees/code",
        "/s/examen",
        "/s/contester",
        "/s/pause",
        "/s/fermer",
    ] {
        browser.post(address, &FIELDS).await;
        browser.post(address, &with(&[("jeton", "xqcanari"), ("ticket", "xqcanari")])).await;
    }
    for nowhere in [
        "/xqcanari",
        "/p/xqcanari",
        "/xqcanari?xqcanari=xqcanari",
        "/tirages/xqcanari",
        "/fc/retour?code=xqcanari&state=xqcanari",
        "/agent/proconnect/retour?code=xqcanari&state=xqcanari",
    ] {
        let page = browser.get_once(nowhere).await;
        // The language links lead back to one's own address.
        let said: Vec<&str> = page
            .body
            .split("retour=")
            .map(|part| part.split_once('"').map_or(part, |(_, rest)| rest))
            .collect();
        assert_silent(&format!("the page of {nowhere}, {}", page.status), said.concat().as_bytes());
    }
}

/// Everything that staff can send, on their pages.
async fn through_the_staffs_doors(app: &TestApp) {
    let things = Things::of(app).await;
    let (agent, manager) = (Browser::agent(app, "agent").await, Browser::manager(app, "responsable").await);
    let own = [("jour", ""), ("day", ""), ("site", "")];
    let named: Vec<_> =
        things.fields().into_iter().filter(|(name, _)| own.iter().any(|(own, _)| own == name)).collect();
    let mut done = Vec::new();
    for pattern in WRITE.iter().chain(WRITE_MANAGER) {
        let address = things.address(pattern);
        for browser in [&agent, &manager] {
            let answer = browser.post(&address, &with(&named)).await;
            assert!(!answer.status.is_server_error(), "{address}: {}", answer.body);
            if answer.status.is_redirection() {
                done.push(*pattern);
            }
        }
    }
    assert!(done.len() > 12, "few forms were accepted: {done:?}");
    for address in ["/agent/chercher", "/agent/demandes"] {
        agent.post(address, &FIELDS).await;
    }
    let signed_in = Browser::of(app).sign_in("xqcanari", "xqcanari-mot-de-passe").await;
    assert!(!signed_in.status.is_redirection());
    let typed = Registration { birth_name: "Xqcanari".into(), ..crate::common::person(77) };
    app.register_by(app.first, &typed, passage::flow::register::Desk::ONLINE, "xqcanari").await.unwrap();
    import::register_of_numbers(&app.app, "number,birth_date\n7598765432,05/03/1987\n".as_bytes(), |_| ())
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_typed_stands_nowhere_in_clear() {
    let (log, begun) = (LOG.clone(), RealClock::system().now());
    on_both(async |app: TestApp| {
        through_the_staffs_doors(&app).await;
        through_the_applicants_doors(&app).await;
        app.tick().await;
        let request = Request::get("/metrics").body(Body::empty()).unwrap();
        let metrics = operators::router(app.app.clone()).oneshot(request).await.unwrap();
        let metrics = to_bytes(metrics.into_body(), usize::MAX).await.unwrap();
        assert!(metrics.len() > 1_000);
        assert_silent("the metrics", &metrics);
        assert_silent("the log", &log.bytes());
        if app.is_pg() {
            sqlx::query("CHECKPOINT").execute(&app.pg().await).await.unwrap();
            let bin = std::env::var("PASSAGE_POSTGRES_BIN")
                .map_or("pg_dump".to_owned(), |bin| format!("{bin}/pg_dump"));
            let dump = Command::new(bin).arg(app.url()).output().unwrap();
            assert!(dump.status.success() && dump.stdout.len() > 10_000);
            assert_silent("a dump", &dump.stdout);
        } else {
            app.database_files().iter().for_each(|file| assert_silent("the database", file));
        }
        search(&std::env::temp_dir(), begun);
    })
    .await;
}

/// Looks into every file of a folder that was written since then, PostgreSQL's own among them.
fn search(folder: &Path, begun: DateTime<Utc>) {
    let Ok(files) = std::fs::read_dir(folder) else { return };
    for file in files.flatten() {
        let Ok(about) = file.metadata() else { continue };
        let is_new = about.modified().is_ok_and(|at| DateTime::<Utc>::from(at) >= begun);
        if about.is_dir() {
            search(&file.path(), begun);
        } else if about.is_file() && is_new && about.len() < FILE_BYTES_MAX {
            let bytes = std::fs::read(file.path()).unwrap_or_default();
            assert_silent(&file.path().display().to_string(), &bytes);
        }
    }
}
