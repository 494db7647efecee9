//! The door of FranceConnect, from the page of a registration to the receipt: our pages, a real provider beside them, and a
//! browser between the two.

use std::time::Duration;

use axum::http::StatusCode;
use chrono::{DateTime, TimeDelta, Utc};
use passage::clock::RealClock;
use passage::domain::actor::Actor;
use passage::domain::entry::EntryState;
use passage::domain::identity::Proof;
use passage::flow::entries;
use passage::flow::import::register_of_numbers;
use passage::oidc::Algorithm;
use passage::store::commands::EntryChange;

use crate::common::{TestApp, on_both_at};
use crate::real::{self, CLIENT_ID, CLIENT_SECRET, Node};
use crate::web::{Answer, Browser};

const FORM: &str = "/p/demonstration/premiere-demande/inscription";
const BEGIN: &str = "/p/demonstration/premiere-demande/franceconnect";

fn now() -> DateTime<Utc> {
    RealClock::system().now()
}

/// The app with its provider, on both databases, at the time that it is.
async fn with_provider<F: AsyncFn(&TestApp)>(test: F) {
    let Some(node) = Node::beside(Algorithm::Es256, "http://localhost:8080") else { return };
    let vars = [
        ("PASSAGE__FRANCECONNECT__ISSUER", node.issuer.as_str()),
        ("PASSAGE__FRANCECONNECT__CLIENT_ID", CLIENT_ID),
        ("PASSAGE__FRANCECONNECT__CLIENT_SECRET", CLIENT_SECRET),
    ];
    on_both_at(&now().to_rfc3339(), &vars, async |app| {
        keep_time(&app);
        test(&app).await;
    })
    .await;
}

/// The provider has the machine's clock.
fn keep_time(app: &TestApp) {
    app.real.advance((now() - app.app.real.now()).max(TimeDelta::zero()));
}

/// Leaves our pages by a link, presses a button there, and comes back: the page on which one arrives.
async fn through(ours: &mut Browser, begin: &str, button: (&str, &str)) -> Answer {
    let back = there(ours, begin, button).await;
    ours.get(&back).await
}

/// The address, on our side, to which the provider leads.
async fn there(ours: &mut Browser, begin: &str, button: (&str, &str)) -> String {
    let led = ours.get_once(begin).await;
    assert_eq!(led.status, StatusCode::SEE_OTHER, "{}", led.body);
    let back = real::Browser::new().comes_back(led.header("location"), button).await;
    format!("{}?{}", back.path(), back.query().unwrap_or_default())
}

async fn send(app: &TestApp, ours: &mut Browser, more: &[(&str, &str)]) -> Answer {
    keep_time(app);
    let form = ours.get(FORM).await;
    let site =
        app.app.store.directory().await.unwrap().sites_of(app.prefecture).next().unwrap().id.to_string();
    let key = form.hidden("cle");
    // The first of two values counts.
    let mut fields = more.to_vec();
    fields.extend([
        ("cle", key.as_str()),
        ("language", "fr"),
        ("sites", site.as_str()),
        ("weekdays", "0"),
        ("weekdays", "1"),
        ("halves", "morning"),
        ("notice_days", "5"),
        ("phone", "06 39 98 00 42"),
    ]);
    ours.submit(FORM, &fields).await
}

/// The last text that left to a number, once the task that sends it has run.
async fn told(app: &TestApp, number: &str) -> String {
    for _ in 0..100 {
        let text = {
            let sent = app.gateway.sent.lock().unwrap();
            sent.iter().rfind(|one| one.to == number).map(|one| one.text.clone())
        };
        match text {
            Some(text) => return text,
            None => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
    panic!("nothing left to {number}");
}

/// The state and the proof of the entry whose receipt or status this is.
async fn entry_of(app: &TestApp, page: &Answer) -> (EntryState, Option<Proof>) {
    let reference = page.between("class=\"reference\">", "<").to_owned();
    let entry = app.app.store.entry_by_reference(reference).await.unwrap().unwrap();
    (entry.state, entry.identity_how)
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_registers_with_an_identity_that_is_stated_and_once_only() {
    with_provider(async |app| {
        let mut ours = Browser::of(&app.app);
        ours.get(FORM).await.assert_says(BEGIN);
        let form = through(&mut ours, BEGIN, ("person", "camille")).await;
        form.assert_says("FranceConnect a vérifié votre identité");
        form.assert_says("Camille Inventée EXEMPLE, 12/04/1990");
        assert!(
            !form.body.contains("name=\"birth_name\"") && !form.body.contains(BEGIN),
            "nothing is to be typed"
        );
        // Another name in the form is nobody's.
        let receipt = send(app, &mut ours, &[("birth_name", "AUTRE"), ("birth_date", "01/01/1980")]).await;
        receipt.assert_says("Camille Inventée EXEMPLE");
        assert_eq!(entry_of(app, &receipt).await, (EntryState::Waiting, Some(Proof::Oidc)));
        ours.get(FORM).await.assert_says("name=\"birth_name\"");
        // Back, and the button again: the same receipt.
        let again = ours.get("/s/recu").await;
        assert_eq!(again.between("class=\"reference\">", "<"), receipt.between("class=\"reference\">", "<"));

        let mut elsewhere = Browser::of(&app.app);
        through(&mut elsewhere, BEGIN, ("person", "camille")).await;
        // The same person is not verified twice by a machine; an agent looks.
        let twice = send(app, &mut elsewhere, &[]).await;
        assert_eq!(entry_of(app, &twice).await, (EntryState::AwaitingIdentity, None));

        // Born abroad, and known by the year alone.
        let mut abroad = Browser::of(&app.app);
        through(&mut abroad, BEGIN, ("person", "amadou")).await.assert_says("Amadou FICTIF, 00/00/1980");
        let receipt = send(app, &mut abroad, &[]).await;
        assert_eq!(entry_of(app, &receipt).await, (EntryState::Waiting, Some(Proof::Oidc)));
        app.assert_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_waits_is_proved_by_its_own_person_alone() {
    with_provider(async |app| {
        let mut ours = Browser::of(&app.app);
        let typed = [("birth_name", "Exemple"), ("given_names", "Camille"), ("birth_date", "12/04/1990")];
        let receipt = send(app, &mut ours, &typed).await;
        assert_eq!(entry_of(app, &receipt).await, (EntryState::AwaitingIdentity, None));
        receipt.assert_says("/s/franceconnect");
        let other = through(&mut ours, "/s/franceconnect", ("person", "lina")).await;
        assert_eq!(other.status, StatusCode::CONFLICT);
        other.assert_says("pas celle de cette demande");
        let status = through(&mut ours, "/s/franceconnect", ("person", "camille")).await;
        assert_eq!(entry_of(app, &status).await, (EntryState::Waiting, Some(Proof::Oidc)));
        status.assert_says("/fc/quitter");
        let stranger = Browser::of(&app.app).get_once("/s/franceconnect").await;
        assert_eq!(stranger.header("location"), "/s?fermee=oui");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_registered_with_a_photocopy_goes_to_its_own_person_with_its_day() {
    with_provider(async |app| {
        let file = "number,birth_date\n7503123456,12/04/1990\n7503123457,02/11/1985\n";
        register_of_numbers(&app.app, file.as_bytes(), |_| ()).await.unwrap();
        let squat = async |number, names: [&'static str; 2], birth_date, phone| {
            let mut theirs = Browser::of(&app.app);
            let fields = [
                ("foreigner_number", number),
                ("birth_name", names[0]),
                ("given_names", names[1]),
                ("birth_date", birth_date),
                ("phone", phone),
            ];
            let receipt = send(app, &mut theirs, &fields).await;
            assert_eq!(entry_of(app, &receipt).await, (EntryState::Waiting, Some(Proof::Register)));
            (theirs, receipt.between("class=\"reference\">", "<").to_owned())
        };
        let (mut theirs, reference) =
            squat("7503123456", ["Exemple", "Camille"], "12/04/1990", "06 39 98 00 99").await;
        let squatted = app.app.store.entry_by_reference(reference.clone()).await.unwrap().unwrap();
        // A pause keeps nobody's own request from them.
        let pause = entries::change(&app.app, squatted.id, EntryChange::Pause, Actor::Holder(squatted.id));
        pause.await.unwrap();
        app.real.advance(TimeDelta::seconds(2));
        app.clock.advance(TimeDelta::seconds(2));
        let mut ours = Browser::of(&app.app);
        through(&mut ours, BEGIN, ("person", "camille")).await;
        let helped = [
            ("foreigner_number", "7503123456"),
            ("helper_kind", "family"),
            ("helper_name", "Nièce Démo"),
            ("helper_mandate", "oui"),
        ];
        let receipt = send(app, &mut ours, &helped).await;
        assert_eq!(entry_of(app, &receipt).await, (EntryState::Waiting, Some(Proof::Oidc)));
        assert!(!receipt.body.contains(&reference), "it has a new reference");
        ours.get("/s/donnees").await.assert_says("Nièce Démo");
        let record = app.app.store.entry(squatted.id).await.unwrap().unwrap();
        assert_eq!(record.registered_at, squatted.registered_at, "and its day");
        assert!(!record.paused);
        assert!(app.app.store.entry_by_reference(reference).await.unwrap().is_none());
        assert_eq!(theirs.get_once("/s/demande").await.header("location"), "/s?fermee=oui");
        let text = told(app, "+33639980099").await;
        assert!(text.contains("préfecture") && !text.contains("EXEMPLE"), "{text}");

        // A number of somebody else, even of the same birth date, is nobody's by that: it is declared beside the identity.
        let (_, reference) =
            squat("7503123457", ["Autre", "Quelqu'une"], "02/11/1985", "06 39 98 00 98").await;
        let mut lina = Browser::of(&app.app);
        through(&mut lina, BEGIN, ("person", "lina")).await;
        let own = send(app, &mut lina, &[("foreigner_number", "7503123457")]).await;
        assert_eq!(entry_of(app, &own).await, (EntryState::Waiting, Some(Proof::Oidc)));
        assert!(!own.body.contains(&reference));
        assert!(app.app.store.entry_by_reference(reference).await.unwrap().is_some());
        app.assert_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_and_an_account_of_one_person_are_not_two_verified_requests() {
    with_provider(async |app| {
        let file = "number,birth_date\n7503123456,12/04/1990\n";
        register_of_numbers(&app.app, file.as_bytes(), |_| ()).await.unwrap();
        let typed = [
            ("foreigner_number", "7503123456"),
            ("birth_name", "Exemple"),
            ("given_names", "Camille"),
            ("birth_date", "12/04/1990"),
        ];
        let mut by_number = Browser::of(&app.app);
        let receipt = send(app, &mut by_number, &typed).await;
        assert_eq!(entry_of(app, &receipt).await, (EntryState::Waiting, Some(Proof::Register)));
        let mut by_account = Browser::of(&app.app);
        through(&mut by_account, BEGIN, ("person", "camille")).await;
        let second = send(app, &mut by_account, &[]).await;
        assert_eq!(entry_of(app, &second).await, (EntryState::AwaitingIdentity, None), "without the number");
        let proved = through(&mut by_account, "/s/franceconnect", ("person", "camille")).await;
        proved.assert_says("Vous avez déjà une demande");
        // A stock of names, for whoever fits.
        let vague = [("birth_name", "Personne"), ("given_names", "Lina"), ("birth_date", "00/00/1985")];
        let mut stock = Browser::of(&app.app);
        let kept = send(app, &mut stock, &vague).await;
        assert_eq!(entry_of(app, &kept).await, (EntryState::AwaitingIdentity, None));
        let sold = through(&mut stock, "/s/franceconnect", ("person", "lina")).await;
        sold.assert_says("pas celle de cette demande");
        app.assert_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_attempt_and_an_identity_end() {
    with_provider(async |app| {
        let mut ours = Browser::of(&app.app);
        let back = there(&mut ours, BEGIN, ("person", "camille")).await;
        app.real.advance(TimeDelta::minutes(11));
        ours.get(&back).await.assert_says("a duré plus de dix minutes");
    })
    .await;
    with_provider(async |app| {
        let mut ours = Browser::of(&app.app);
        through(&mut ours, BEGIN, ("person", "camille")).await.assert_says("a vérifié votre identité");
        app.real.advance(TimeDelta::minutes(31));
        ours.get(FORM).await.assert_says("name=\"birth_name\"");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_cancels_or_comes_back_to_nothing_reads_it_kindly() {
    with_provider(async |app| {
        let mut ours = Browser::of(&app.app);
        let cancelled = through(&mut ours, BEGIN, ("cancel", "yes")).await;
        cancelled.assert_says("Vous avez arrêté avant la fin");
        cancelled.assert_says(FORM);
        ours.get(FORM).await.assert_says("name=\"birth_name\"");

        let back = there(&mut ours, BEGIN, ("person", "camille")).await;
        let thief = Browser::of(&app.app).get(&back).await;
        thief.assert_says("déjà finie");
        let swapped = there(&mut ours, BEGIN, ("person", "lina")).await;
        // The first answer, to the second question.
        ours.get(&back).await.assert_says("déjà finie");
        ours.get(&swapped).await.assert_says("déjà finie");
        ours.get("/fc/retour?state=a&state=b").await.assert_says("déjà finie");

        // Signed out here and there.
        through(&mut ours, BEGIN, ("person", "camille")).await.assert_says("a vérifié votre identité");
        let out = ours.get_once("/fc/quitter").await;
        assert!(out.header("location").contains("/session/end?id_token_hint="), "{}", out.header("location"));
        ours.get(FORM).await.assert_says("name=\"birth_name\"");
    })
    .await;
}
