//! The door of FranceConnect, from the page of a registration to the receipt: our pages, a real provider beside them, and a
//! browser between the two.

use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use passage::clock::RealClock;
use passage::domain::entry::EntryState;
use passage::domain::identity::Proof;
use passage::oidc::Algorithm;

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
        app.real.advance(now() - app.app.real.now());
        test(&app).await;
    })
    .await;
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
    let form = ours.get(FORM).await;
    let site =
        app.app.store.directory().await.unwrap().sites_of(app.prefecture).next().unwrap().id.to_string();
    let key = form.hidden("cle");
    let mut fields = vec![
        ("cle", key.as_str()),
        ("language", "fr"),
        ("sites", site.as_str()),
        ("weekdays", "0"),
        ("weekdays", "1"),
        ("halves", "morning"),
        ("notice_days", "5"),
        ("phone", "06 39 98 00 42"),
    ];
    fields.extend(more);
    ours.submit(FORM, &fields).await
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

        let mut elsewhere = Browser::of(&app.app);
        through(&mut elsewhere, BEGIN, ("person", "camille")).await;
        let twice = send(app, &mut elsewhere, &[]).await;
        assert_eq!(twice.status, StatusCode::CONFLICT);
        twice.assert_says("Vous avez déjà une demande");

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
        assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY);
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
async fn who_cancels_or_comes_back_to_nothing_reads_it_kindly() {
    with_provider(async |app| {
        let mut ours = Browser::of(&app.app);
        let cancelled = through(&mut ours, BEGIN, ("cancel", "yes")).await;
        cancelled.assert_says("Vous avez arrêté avant la fin");
        cancelled.assert_says(FORM);
        ours.get(FORM).await.assert_says("name=\"birth_name\"");

        let back = there(&mut ours, BEGIN, ("person", "camille")).await;
        let thief = Browser::of(&app.app).get(&back).await;
        thief.assert_says("plus en cours");
        let swapped = there(&mut ours, BEGIN, ("person", "lina")).await;
        // The first answer, to the second question.
        ours.get(&back).await.assert_says("plus en cours");
        ours.get(&swapped).await.assert_says("plus en cours");
        ours.get("/fc/retour?state=a&state=b").await.assert_says("plus en cours");

        // Signed out here and there.
        through(&mut ours, BEGIN, ("person", "camille")).await.assert_says("a vérifié votre identité");
        let out = ours.get_once("/fc/quitter").await;
        assert!(out.header("location").contains("/session/end?id_token_hint="), "{}", out.header("location"));
        ours.get(FORM).await.assert_says("name=\"birth_name\"");
    })
    .await;
}
