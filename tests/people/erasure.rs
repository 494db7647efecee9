//! Data that are of no more use are erased, by time or because the person asks; until then the person may take them away.
//! What is published stays, and still holds.

use axum::http::StatusCode;
use chrono::TimeDelta;
use passage::domain::actor::{Actor, Role};
use passage::domain::ids::EntryId;
use passage::domain::notice::NoticeState;
use passage::domain::refusal::Refusal;
use passage::flow::people::erasure::{due, on_request};
use passage::flow::people::merge::merge;
use passage::flow::people::{Reader, reveal};
use passage::flow::register::{Desk, Registration};
use passage::flow::{FlowError, counter, entries, status};
use passage::store::commands::EntryChange;
use serde_json::Value;

use crate::common::{TestApp, on_both};
use crate::web::Browser;
use crate::{SEEN, found, somebody};

async fn withdraw(app: &TestApp, entry: EntryId) {
    entries::change(&app.app, entry, EntryChange::Withdraw, Actor::Holder(entry)).await.unwrap();
}

/// Who would be erased now, and who ended as long ago and still waits for something.
async fn counts(app: &TestApp) -> (i64, i64) {
    let directory = app.app.store.directory().await.unwrap();
    let due = due(&app.app.store, &directory, app.now()).await.unwrap();
    due.iter().fold((0, 0), |sum, one| (sum.0 + one.people, sum.1 + one.waiting))
}

fn refusal(done: Result<(), FlowError>) -> Refusal {
    match done {
        Err(FlowError::Refused(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}

/// Somebody who stood in a draw that another person won.
async fn drawn_and_not_convoked(app: &TestApp) -> EntryId {
    let one = app.register_by(app.first, &somebody(), SEEN, "one").await.unwrap();
    let two = app.register(app.first, 7).await;
    app.publish(app.first, 1, 10, 1, 1).await;
    while app.app.store.entry_draws(one).await.unwrap().iter().all(|draw| draw.place.is_none()) {
        app.pass(TimeDelta::hours(6)).await;
    }
    let is_convoked = app.app.store.live_convocation(one).await.unwrap().is_some();
    if is_convoked { two } else { one }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_year_after_the_end_nobody_can_be_read_or_found_and_the_draws_still_hold() {
    on_both(async |app: TestApp| {
        let loser = drawn_and_not_convoked(&app).await;
        let record = app.app.store.entry(loser).await.unwrap().unwrap();
        let shown = reveal(&app.app, &record, Reader::Program).await.unwrap();
        let draw = app.app.store.entry_draws(loser).await.unwrap()[0].draw_id;
        let bundle = app.app.store.draw_document(draw, "bundle").await.unwrap().unwrap();
        withdraw(&app, loser).await;
        app.clock.advance(TimeDelta::days(365) - TimeDelta::hours(1));
        app.tick().await;
        assert_eq!(counts(&app).await, (0, 0), "not a day too early");
        assert!(status::find(&app.app, &record.reference, &shown.birth_date).await.is_ok());
        app.clock.advance(TimeDelta::hours(2));
        assert_eq!(counts(&app).await, (1, 0));
        app.tick().await;
        assert_eq!(counts(&app).await, (0, 0));

        let after = app.app.store.entry(loser).await.unwrap().unwrap();
        assert!(after.erased_at.is_some() && after.wrapped_key.is_empty() && after.deadline.is_none());
        assert!(status::find(&app.app, &record.reference, &shown.birth_date).await.is_err());
        let nobody = reveal(&app.app, &after, Reader::Program).await.unwrap();
        assert_eq!((nobody.full_name().as_str(), nobody.phone), ("–", None));
        let reader = app.reader("guichet").await;
        let document = shown.document.clone().unwrap();
        let by_document = [("country", document.country.as_str()), ("document", document.number.as_str())];
        assert!(found(&app, reader, &by_document).await.is_empty());
        let by_name = [
            ("birth_name", shown.birth_name.as_str()),
            ("given_names", shown.given_names.as_str()),
            ("birth_date", shown.birth_date.as_str()),
        ];
        assert!(found(&app, reader, &by_name).await.is_empty());
        assert_eq!(app.app.store.draw_document(draw, "bundle").await.unwrap().unwrap(), bundle);
        passage::flow::proof::of(&app.app, loser, draw).await.unwrap();
        app.assert_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_over_is_not_erased() {
    on_both(async |app: TestApp| {
        let agent = app.staff("alice", Role::Agent).await;
        let entry = app.register_by(app.first, &somebody(), SEEN, "one").await.unwrap();
        assert_eq!(refusal(on_request(&app.app, entry, Actor::Holder(entry)).await), Refusal::EntryLive);
        app.publish(app.first, 1, 8, 5, 4).await;
        while app.app.store.live_convocation(entry).await.unwrap().is_none() {
            app.pass(TimeDelta::hours(6)).await;
        }
        let live = app.app.store.live_convocation(entry).await.unwrap().unwrap();
        app.pass(live.starts_at - TimeDelta::hours(3) - app.now()).await;
        counter::give_back(&app.app, live.id, Actor::Holder(entry)).await.unwrap();
        let twin = Registration { document_number: "EF111222".into(), ..somebody() };
        let twin = app.register_by(app.first, &twin, SEEN, "twin").await.unwrap();
        let reader = app.reader("bruno").await;
        let merged = merge(&app.app, twin, entry, "même personne", reader).await.map(|_| ());
        assert_eq!(refusal(merged), Refusal::MergePenalised, "nor merged away");
        withdraw(&app, entry).await;
        let refused = refusal(on_request(&app.app, entry, Actor::Staff(agent)).await);
        assert_eq!(refused, Refusal::ErasureWaits, "a penalty is not washed off");

        // Somebody who never stood anywhere: the message that waits is of no more use.
        let other = Registration { document_number: "CD654321".into(), ..somebody() };
        let other = app.register_by(app.first, &other, Desk::ONLINE, "two").await.unwrap();
        withdraw(&app, other).await;
        let told = refusal(on_request(&app.app, other, Actor::Staff(agent)).await);
        assert_eq!(told, Refusal::ErasureWaits, "an agent hides nothing from whom it concerns");
        let soon = refusal(on_request(&app.app, other, Actor::Holder(other)).await);
        assert_eq!(soon, Refusal::ErasureWaits, "nor does whoever has somebody's reference");
        app.clock.advance(TimeDelta::days(3));
        assert!(
            app.app
                .store
                .notices_of(other)
                .await
                .unwrap()
                .iter()
                .any(|one| one.state == NoticeState::Pending)
        );
        let untold = refusal(on_request(&app.app, other, Actor::Holder(other)).await);
        assert_eq!(untold, Refusal::ErasureWaits, "who ends it is told first");
        app.pass(TimeDelta::hours(14)).await;
        on_request(&app.app, other, Actor::Holder(other)).await.unwrap();
        let notices = app.app.store.notices_of(other).await.unwrap();
        assert!(notices.iter().all(|notice| notice.state != NoticeState::Pending));
        assert_eq!(refusal(on_request(&app.app, other, Actor::Staff(agent)).await), Refusal::ErasureWaits);
        app.assert_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_takes_their_data_away_and_has_them_erased() {
    on_both(async |app: TestApp| {
        let loser = drawn_and_not_convoked(&app).await;
        let record = app.app.store.entry(loser).await.unwrap().unwrap();
        let reader = app.reader("agente-secrete").await;
        let reading = Reader::Staff(reader, passage::domain::reading::ReadingPurpose::Entry);
        let shown = reveal(&app.app, &record, reading).await.unwrap();
        let mut browser = Browser::of(&app.app);
        let known = [("reference", record.reference.as_str()), ("birth_date", shown.birth_date.as_str())];
        browser.submit("/s", &known).await;
        let page = browser.get("/s/donnees").await;
        page.assert_says(&shown.birth_name);
        page.assert_says("365 jours après la fin");
        let token = page.hidden("jeton");
        let file = browser.get("/s/donnees/fichier").await;
        assert_eq!(file.header("content-type"), "application/json");
        assert!(!file.body.contains("agente-secrete") && !file.body.contains(&reader.id.to_string()));
        let data: Value = serde_json::from_str(&file.body).unwrap();
        assert_eq!(data["format"], "passage-personal-data/1");
        assert_eq!(data["person"]["birth_name"], shown.birth_name);
        assert_eq!(data["request"]["reference"], record.reference);
        assert_eq!(data["draws"][0]["proof"]["format"], "passage-inclusion/1");
        assert_eq!(data["readings"][0]["purpose"], "entry");
        assert!(data["history"].as_array().unwrap().iter().any(|one| one["action"] == "entry.registered"));

        let erase = [("jeton", token.as_str()), ("confirmer_effacer", "oui")];
        let live = browser.post("/s/donnees/effacement", &erase).await;
        assert_eq!(live.status, StatusCode::CONFLICT);
        live.assert_says("est encore en cours");
        withdraw(&app, loser).await;
        browser.get("/s/donnees").await.assert_says("à partir du");
        assert_eq!(browser.post("/s/donnees/effacement", &erase).await.status, StatusCode::CONFLICT);
        app.pass(TimeDelta::days(3)).await;
        browser.submit("/s", &known).await;
        let token = browser.get("/s/donnees").await.hidden("jeton");
        let erase = [("jeton", token.as_str()), ("confirmer_effacer", "oui")];
        let unticked = browser.post("/s/donnees/effacement", &erase[..1]).await;
        assert_eq!(unticked.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(unticked.body.contains("href=\"#confirmer_effacer\""));
        let mut other = Browser::of(&app.app);
        other.submit("/s", &known).await;
        app.real.advance(TimeDelta::seconds(2));
        browser.post("/s/donnees/effacement", &erase).await.assert_says("plus rien ici ne dit qui vous êtes");
        for closed in [&mut browser, &mut other] {
            assert!(closed.get("/s/donnees").await.body.contains("name=\"reference\""));
        }
        let unknown = Browser::of(&app.app).submit("/s", &known).await;
        assert!(!unknown.status.is_redirection());
        app.assert_sound().await;
    })
    .await;
}
