//! The register of numbers, imported or asked over HTTP: whom it verifies, whom it leaves to an agent, and what becomes
//! of people who register while it is down.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use chrono::TimeDelta;
use passage::domain::actor::Role;
use passage::domain::alarm::AlarmKind;
use passage::domain::entry::EntryState;
use passage::domain::identity::Proof;
use passage::domain::ids::EntryId;
use passage::domain::refusal::Refusal;
use passage::domain::register_of_numbers::RegisterCheck;
use passage::flow::import::register_of_numbers;
use passage::flow::people::Reader;
use passage::flow::register::{Desk, Registration};
use passage::flow::told::Said;
use passage::flow::verify_identity::number_compared;
use passage::flow::{health, status};
use passage::locale::Lang;
use passage::store::records::EntryRecord;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::common::{TestApp, on_both_at};
use super::{fields, numbered, refused};

const START: &str = "2027-01-04T08:00:00Z";
const NUMBER: &str = "7503123456";

/// A register that answers as it is told to.
#[derive(Default)]
struct Fake {
    /// 0: as it should.
    status: AtomicUsize,
    asked: AtomicUsize,
}

async fn answer(State(fake): State<Arc<Fake>>, headers: HeaderMap, Json(question): Json<Value>) -> Response {
    fake.asked.fetch_add(1, Ordering::SeqCst);
    if headers.get("authorization").is_none_or(|token| token != "Bearer a-token") {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    match fake.status.load(Ordering::SeqCst) {
        0 => {}
        1 => {
            tokio::time::sleep(Duration::from_secs(5)).await;
        }
        2 => return "nothing of the kind".into_response(),
        status => {
            return StatusCode::from_u16(u16::try_from(status).unwrap()).unwrap().into_response();
        }
    }
    let person = match question["number"].as_str().unwrap() {
        NUMBER => {
            json!({ "birth_date": "1990-01-05", "birth_name": "N'DÉMO", "given_names": "USAGER MARIE" })
        }
        "7503123457" => json!({ "birth_date": "1990-00-00" }),
        _ => Value::Null,
    };
    Json(json!({ "person": person })).into_response()
}

async fn fake() -> (Arc<Fake>, String) {
    let fake = Arc::new(Fake::default());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/numeros", listener.local_addr().unwrap());
    let router = Router::new().route("/numeros", post(answer)).with_state(fake.clone());
    tokio::spawn(async move { axum::serve(listener, router).await });
    (fake, url)
}

async fn with_fake<F: AsyncFn(TestApp, Arc<Fake>)>(test: F) {
    let (fake, url) = fake().await;
    let vars = [("PASSAGE__REGISTER__URL", url.as_str()), ("PASSAGE__REGISTER__TOKEN", "a-token")];
    on_both_at(START, &vars, async |app| {
        fake.status.store(0, Ordering::SeqCst);
        fake.asked.store(0, Ordering::SeqCst);
        test(app, fake.clone()).await;
    })
    .await;
}

fn named(birth_name: &str, birth_date: &str) -> Registration {
    Registration { birth_name: birth_name.into(), given_names: "Usager".into(), ..numbered(birth_date) }
}

async fn record(app: &TestApp, entry: EntryId) -> EntryRecord {
    app.app.store.entry(entry).await.unwrap().unwrap()
}

async fn how(app: &TestApp, typed: &Registration, key: &str) -> (EntryId, Option<Proof>) {
    let entry = app.register_by(app.first, typed, Desk::ONLINE, key).await.unwrap();
    (entry, record(app, entry).await.identity_how)
}

/// What the holder reads beside the headline.
async fn others(app: &TestApp, entry: EntryId) -> Vec<String> {
    let status = status::status(&app.app, entry, Reader::Holder).await.unwrap();
    let said = Said::of(Lang::default(), &status, &status.told.situation);
    said.others.into_iter().map(|(headline, _)| headline).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_register_that_is_asked_verifies_its_own_people_and_says_nothing_of_others() {
    with_fake(async |app, _| {
        let (other_date, none) = how(&app, &named("Ndémo", "06/01/1990"), "date").await;
        assert_eq!(none, None);
        let (other_name, none) = how(&app, &named("Trêfle", "05/01/1990"), "name").await;
        assert_eq!(none, None);
        let unknown = Registration { foreigner_number: "7503999999".into(), ..named("Ndémo", "05/01/1990") };
        let (unknown, none) = how(&app, &unknown, "unknown").await;
        assert_eq!(none, None);
        let first = others(&app, other_date).await;
        for entry in [other_name, unknown] {
            assert_eq!(others(&app, entry).await, first, "each no reads the same");
            assert_eq!(app.app.store.register_check(entry).await.unwrap(), None);
        }
        let (_, verified) = how(&app, &named("Ndemo", "05/01/1990"), "right").await;
        assert_eq!(verified, Some(Proof::Register), "another spelling of the same name");
        let again = app.register_by(app.first, &named("Ndemo", "05/01/1990"), Desk::ONLINE, "twice").await;
        refused(&again, Refusal::AlreadyWaiting);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn while_it_is_down_requests_are_kept_with_their_day_and_completed_later() {
    with_fake(async |app, fake| {
        for (fault, key, owed) in [
            (1, "silent", Some(RegisterCheck::Due)),
            (503, "broken", Some(RegisterCheck::Due)),
            (2, "unreadable", None),
        ] {
            fake.status.store(fault, Ordering::SeqCst);
            let number = format!("75031234{:02}", 80 + fault % 10);
            let typed = Registration { foreigner_number: number, ..named("Ndémo", "05/01/1990") };
            let (entry, none) = how(&app, &typed, key).await;
            assert_eq!(none, None, "{key}");
            assert_eq!(app.app.store.register_check(entry).await.unwrap(), owed, "{key}");
        }
        fake.status.store(503, Ordering::SeqCst);
        let (entry, _) = how(&app, &named("Ndémo", "05/01/1990"), "mine").await;
        let registered = record(&app, entry).await;
        assert_eq!(registered.state, EntryState::AwaitingIdentity);
        assert!(others(&app, entry).await.contains(&"Nous vérifions encore votre numéro".to_owned()));
        health::publish(&app.app).await.unwrap();
        let alarms = &health::report(&app.app).await.alarms;
        assert!(alarms.iter().any(|alarm| alarm.kind == AlarmKind::RegisterDown), "{alarms:?}");

        fake.status.store(0, Ordering::SeqCst);
        app.pass(TimeDelta::minutes(30)).await;
        let later = record(&app, entry).await;
        assert_eq!((later.state, later.identity_how), (EntryState::Waiting, Some(Proof::Register)));
        assert_eq!(
            (later.registered_at, later.standing.arrival_day),
            (registered.registered_at, registered.standing.arrival_day),
            "its day is kept"
        );
        assert_eq!(app.app.store.register_checks_due(10).await.unwrap(), [], "nobody is asked about again");
        assert!(!others(&app, entry).await.contains(&"Nous vérifions encore votre numéro".to_owned()));
        app.assert_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_guesses_while_it_is_down() {
    with_fake(async |app, fake| {
        fake.status.store(503, Ordering::SeqCst);
        for day in 1..=9 {
            let typed = named("Ndémo", &format!("{day:02}/02/1990"));
            how(
                &app,
                &Registration { phone: String::new(), email: format!("u{day}@example.org"), ..typed },
                &format!("{day}"),
            )
            .await;
        }
        let owed = app.app.store.register_checks_due(20).await.unwrap().len();
        assert!((1..=6).contains(&owed), "{owed} of nine dates of one number are asked about again");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_five_failures_it_is_left_alone_and_tried_once_in_a_while() {
    with_fake(async |app, fake| {
        fake.status.store(500, Ordering::SeqCst);
        for n in 0..9 {
            let typed =
                Registration { foreigner_number: format!("750312350{n}"), ..named("Ndémo", "05/01/1990") };
            how(
                &app,
                &Registration { phone: String::new(), email: format!("u{n}@example.org"), ..typed },
                &format!("{n}"),
            )
            .await;
        }
        assert_eq!(fake.asked.load(Ordering::SeqCst), 5);
        app.real.advance(TimeDelta::seconds(31));
        app.tick().await;
        app.tick().await;
        assert_eq!(fake.asked.load(Ordering::SeqCst), 6, "one question after the pause");
        fake.status.store(0, Ordering::SeqCst);
        app.real.advance(TimeDelta::seconds(31));
        app.pass(TimeDelta::minutes(15)).await;
        assert_eq!(fake.asked.load(Ordering::SeqCst), 15, "it answers: everybody is asked about");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_register_that_knows_the_year_alone_leaves_the_rest_to_an_agent() {
    with_fake(async |app, _| {
        let agent = app.staff("alice", Role::Agent).await;
        let typed = Registration { foreigner_number: "7503123457".into(), ..named("Ndémo", "12/03/1990") };
        let (entry, none) = how(&app, &typed, "year").await;
        assert_eq!(none, None);
        let before = others(&app, entry).await;
        assert!(
            !before.iter().any(|line| line.contains("numéro")),
            "the holder reads nothing of it: {before:?}"
        );
        let other = Registration { foreigner_number: "7503123458".into(), ..named("Ndémo", "12/03/1990") };
        let (declared, _) = how(&app, &other, "nobody").await;
        refused(&number_compared(&app.app, declared, "7503123458", agent).await, Refusal::NothingToCompare);
        assert_eq!(fields(number_compared(&app.app, entry, "7503123458", agent).await), ["number_read"]);
        assert_eq!(fields(number_compared(&app.app, entry, "sept", agent).await), ["number_read"]);
        number_compared(&app.app, entry, "75 03 12 34 57", agent).await.unwrap();
        let verified = record(&app, entry).await;
        assert_eq!((verified.state, verified.identity_how), (EntryState::Waiting, Some(Proof::Register)));
        refused(&number_compared(&app.app, entry, "7503123457", agent).await, Refusal::NothingToCompare);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_imported_register_compares_names_and_years_too() {
    on_both_at(START, &[], async |app| {
        let file = "Numéro étranger;Nom de naissance;Prénoms;Date de naissance\n\
                    7503123456;N'DÉMO;USAGER MARIE;05/01/1990\n\
                    7503123457;TREFLE;ANNE;00/00/1990\n\
                    7503123459;;;05/01/1990\n";
        let count = register_of_numbers(&app.app, file.as_bytes(), |_| ()).await.unwrap();
        assert_eq!((count.rows, count.new), (3, 3));
        let of = |number: &str, name: &str| Registration {
            foreigner_number: number.into(),
            ..named(name, "05/01/1990")
        };
        assert_eq!(how(&app, &of(NUMBER, "Trêfle"), "other").await.1, None, "a given name is not enough");
        assert_eq!(how(&app, &of(NUMBER, "Ndemo"), "same").await.1, Some(Proof::Register));
        let stranger = Registration { given_names: "Awa".into(), ..of("7503123456", "Xhosa") };
        assert_eq!(how(&app, &stranger, "stranger").await.1, None);
        assert_eq!(how(&app, &of("7503123459", "Xhosa"), "no names").await.1, Some(Proof::Register));
        let (year, none) = how(&app, &of("7503123457", "Trêfle"), "year").await;
        assert_eq!(none, None);
        assert_eq!(app.app.store.register_check(year).await.unwrap(), Some(RegisterCheck::Year));
        let again =
            register_of_numbers(&app.app, file.replace("N'DÉMO", "AUTRE").as_bytes(), |_| ()).await.unwrap();
        assert_eq!((again.new, again.changed), (0, 1));
    })
    .await;
}
