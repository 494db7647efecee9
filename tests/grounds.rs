//! Why somebody passes before others is sealed: no public page, document, message or log row tells it, nor
//! the name that staff give to a reserve.

mod common;
#[path = "common/web.rs"]
mod web;

use axum::http::StatusCode;
use chrono::TimeDelta;
use common::{TestApp, on_both};
use passage::domain::actor::{Actor, Role};
use passage::domain::rules::Rules;
use passage::flow::{FlowError, entries, rules};
use passage::store::commands::EntryChange;
use passage::store::records::DrawState;
use web::get;

const QUEUE: &str = "/p/demonstration/premiere-demande";
/// What staff type, and nobody else may read.
const SECRETS: [&str; 4] =
    ["Bordereau Z", "certificat de grossesse", "ordonnance du juge", "foyer d'accueil"];
/// Words by which a ground could be told; “protection” alone stands in legal notices on data.
const GROUNDS: [&str; 10] = [
    "grossesse",
    "ordonnance",
    "protection_order",
    "protection order",
    "violence",
    "handicap",
    "asile",
    "asylum",
    "enceinte",
    "service social",
];

/// A published draw in which two people stand in reserves and one has priority.
async fn drawn(test: &TestApp) -> String {
    let [alice, bruno] = [test.staff("alice", Role::Manager).await, test.staff("bruno", Role::Manager).await];
    let mut named: Rules = test.app.store.rules(test.first, 1).await.unwrap();
    SECRETS[0].clone_into(&mut named.reserves[0].name);
    let version = rules::propose(&test.app, test.first, named, "Nouveau nom", alice).await.unwrap();
    rules::approve(&test.app, test.first, version, bruno).await.unwrap();
    let mut people = Vec::new();
    for n in 0..12 {
        people.push(test.register(test.first, n).await);
    }
    let deadline = "2027-05-01".parse().unwrap();
    let seen = EntryChange::DeadlineSeen { deadline, kind: "other".to_owned() };
    entries::change(&test.app, people[2], seen, Actor::Staff(alice)).await.unwrap();
    for (person, label, why) in [(1, 0, SECRETS[1]), (2, 1, SECRETS[2]), (3, 2, SECRETS[3])] {
        entries::grant(&test.app, people[person], label, why, alice).await.unwrap();
    }
    let pending = test.app.store.privileges_pending(test.prefecture).await.unwrap();
    for one in pending {
        entries::approve_priority(&test.app, one.id, bruno).await.unwrap();
    }
    test.publish(test.first, 1, 4, 3, 3).await;
    test.tick().await;
    let draw = test.app.store.draws_of(test.first, 1).await.unwrap().remove(0);
    test.pass(TimeDelta::hours(15)).await;
    let draw = test.app.store.draw(draw.id).await.unwrap().unwrap();
    assert_eq!((draw.state, draw.rules_version), (DrawState::Published, version));
    draw.id.to_string()
}

fn assert_silent(place: &str, text: &str) {
    let text = text.to_lowercase();
    for word in SECRETS.iter().chain(&GROUNDS) {
        assert!(!text.contains(&word.to_lowercase()), "“{word}” is told by {place}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_public_tells_why_somebody_passes_first() {
    on_both(async |test: TestApp| {
        let draw = drawn(&test).await;
        let bundle = get(&test.app, &format!("/tirages/{draw}/bundle.json")).await;
        let bundle: serde_json::Value = serde_json::from_str(&bundle.body).unwrap();
        let entries = bundle["entries"].as_array().unwrap();
        let count = |at: usize, value: u64| entries.iter().filter(|line| line[at] == value).count();
        assert_eq!((count(2, 1), count(5, 1), count(5, 2)), (1, 1, 1), "the draw has what it must not tell");
        let published = serde_json::json!([
            { "label": 1, "seats": { "percent": 10 } },
            { "label": 2, "seats": { "seats": 2 } },
        ]);
        assert_eq!(bundle["terms"]["rules"]["reserves"], published);
        let number = test.app.store.draws_of(test.first, 2).await.unwrap()[1].number;
        for path in [
            "/".to_owned(),
            "/aide".to_owned(),
            "/mentions".to_owned(),
            "/journal".to_owned(),
            "/journal/tete.json".to_owned(),
            "/p/demonstration".to_owned(),
            QUEUE.to_owned(),
            format!("{QUEUE}/inscription"),
            format!("{QUEUE}/tirages"),
            format!("{QUEUE}/tirages/{number}"),
            format!("{QUEUE}/tirages.atom"),
            format!("{QUEUE}/tirages.json"),
            format!("/tirages/{draw}"),
            format!("/tirages/{draw}/bundle.json"),
            format!("/tirages/{draw}/liste.json"),
            format!("/tirages/{draw}/controle.json"),
            format!("/journal/tirages/{draw}.json"),
        ] {
            let answer = get(&test.app, &path).await;
            assert!(answer.status == StatusCode::OK || answer.status.is_redirection(), "{path}");
            assert_silent(&path, &answer.body);
        }
        get(&test.app, QUEUE).await.assert_says("Réserve 1");
        for row in test.app.store.log_leaves(0, 10_000).await.unwrap() {
            assert_silent(&row.action, &row.row());
        }
        for sent in test.gateway.sent.lock().unwrap().iter() {
            assert_silent("a message", &sent.text);
        }
        test.assert_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_typed_reasons_are_sealed_in_the_database() {
    let test = TestApp::sqlite().await;
    drawn(&test).await;
    for secret in &SECRETS[1..] {
        let found = test
            .database_files()
            .iter()
            .any(|file| file.windows(secret.len()).any(|window| window == secret.as_bytes()));
        assert!(!found, "“{secret}” stands in the database");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reserve_whose_name_tells_the_ground_is_refused_by_field() {
    let test = TestApp::sqlite().await;
    let alice = test.staff("alice", Role::Manager).await;
    for name in ["Personnes sous ordonnance de protection", "Santé", "Victims of violence", "ASILE"] {
        let mut telling = test.app.store.rules(test.first, 1).await.unwrap();
        name.clone_into(&mut telling.reserves[1].name);
        match rules::propose(&test.app, test.first, telling, "Nouveau nom", alice).await {
            Err(FlowError::Invalid(faults)) => {
                let fault = &faults[0];
                assert_eq!((fault.field, fault.key.as_str()), ("reserves", "error-rules-reserve-ground"));
                assert_eq!(fault.value, name);
            }
            other => panic!("{name}: {other:?}"),
        }
    }
}
