//! Personal pages have addresses: Back, reload, a double click, another language and an ended session lose
//! nothing that was typed and do nothing twice.

mod common;
#[path = "common/web.rs"]
mod web;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use chrono::TimeDelta;
use common::{TestApp, on_both};
use passage::domain::ids::EntryId;
use web::{Answer, Browser, encoded};

const FORM: &str = "/p/demonstration/premiere-demande/inscription";
const BIRTH_DATE: &str = "05/01/1990";
const PAUSED: &str = "Votre demande est en pause.</p>";
const CLOSED: &str = "Par sécurité, la page s&#39;est fermée.";

/// Somebody registered, in a browser of their own.
struct Visitor {
    browser: Browser,
    site: String,
    reference: String,
    csrf_token: String,
}

impl Visitor {
    async fn registered(test: &TestApp, name: &str) -> Self {
        let site = site(test).await;
        let mut browser = Browser::of(&test.app);
        let key = browser.get(FORM).await.hidden("cle");
        let receipt = browser.submit(FORM, &registration(&key, &site, name)).await;
        let (reference, csrf_token) = (reference(&receipt), receipt.hidden("jeton"));
        Self { browser, site, reference, csrf_token }
    }

    async fn post(&mut self, path: &str) -> Answer {
        self.browser.post(path, &[("jeton", &self.csrf_token)]).await
    }

    async fn entry(&self, test: &TestApp) -> EntryId {
        test.app.store.entry_by_reference(self.reference.clone()).await.unwrap().unwrap().id
    }

    async fn is_paused(&self, test: &TestApp) -> bool {
        test.app.store.entry(self.entry(test).await).await.unwrap().unwrap().paused
    }
}

async fn site(test: &TestApp) -> String {
    let directory = test.app.store.directory().await.unwrap();
    directory.sites_of(test.prefecture).next().unwrap().id.to_string()
}

fn registration<'a>(key: &'a str, site: &'a str, name: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("cle", key),
        ("birth_name", name),
        ("birth_date", BIRTH_DATE),
        ("phone", "06 39 98 00 42"),
        ("language", "fr"),
        ("sites", site),
        ("weekdays", "0"),
        ("halves", "morning"),
        ("notice_days", "5"),
    ]
}

fn reference(receipt: &Answer) -> String {
    receipt.between("class=\"reference\">", "</strong>").to_owned()
}

#[track_caller]
fn assert_leads(answer: &Answer, path: &str) {
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, path), "{}", answer.body);
}

#[tokio::test]
async fn a_look_up_leads_to_a_page_that_can_be_reloaded() {
    let test = TestApp::sqlite().await;
    let known = Visitor::registered(&test, "Démo 0042").await;
    let mut browser = Browser::of(&test.app);
    let wrong = browser.post("/s", &[("reference", &known.reference), ("birth_date", "1991")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    wrong.assert_says(&format!("value=\"{}\"", known.reference));
    let found = browser.post("/s", &[("reference", &known.reference), ("birth_date", BIRTH_DATE)]).await;
    assert_leads(&found, "/s/demande");
    let cookie = found.header("set-cookie");
    for part in ["passage-demande=", "; HttpOnly", "; SameSite=Lax", "; Path=/s"] {
        assert!(cookie.contains(part), "{part} in {cookie}");
    }
    assert!(!cookie.contains("Max-Age"), "it goes with the browser");
    for _reload in 0..2 {
        let page = browser.get("/s/demande").await;
        assert_eq!((page.status, page.header("cache-control")), (StatusCode::OK, "no-store"));
        page.assert_says(&known.reference);
    }
    browser.get("/s").await.assert_says("href=\"/s/demande\"");
}

#[tokio::test]
async fn on_https_the_cookie_is_never_sent_in_clear() {
    for (url, is_secure) in [("https://rdv.example", true), ("http://localhost:8080", false)] {
        let start = "2027-01-08T08:00:00Z";
        let test = TestApp::sqlite_at(start, &[("PASSAGE__HTTP__PUBLIC_URL", url)]).await;
        let site = site(&test).await;
        let mut browser = Browser::of(&test.app);
        let key = browser.get(FORM).await.hidden("cle");
        let sent = browser.post(FORM, &registration(&key, &site, "Démo 0042")).await;
        assert_eq!(sent.header("set-cookie").contains("; Secure"), is_secure, "{url}");
    }
}

#[tokio::test]
async fn a_registration_sent_again_leads_to_the_same_receipt() {
    on_both(async |test: TestApp| {
        let site = site(&test).await;
        let mut browser = Browser::of(&test.app);
        let key = browser.get(FORM).await.hidden("cle");
        // A form has no end of its own.
        test.real.advance(TimeDelta::hours(20));
        let mut references = Vec::new();
        for _click in 0..2 {
            let sent = browser.post(FORM, &registration(&key, &site, "Démo 0042")).await;
            assert_leads(&sent, "/s/recu");
            for _reload in 0..2 {
                let receipt = browser.get("/s/recu").await;
                receipt.assert_says("Votre demande est inscrite");
                references.push(reference(&receipt));
            }
        }
        references.dedup();
        assert_eq!(references.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_registration_changed_and_sent_again_is_shown_with_all_that_was_typed() {
    on_both(async |test: TestApp| {
        let site = site(&test).await;
        let mut browser = Browser::of(&test.app);
        let key = browser.get(FORM).await.hidden("cle");
        let first = reference(&browser.submit(FORM, &registration(&key, &site, "Démo 0042")).await);
        let again = browser.post(FORM, &registration(&key, &site, "Démo 0043")).await;
        assert_eq!(again.status, StatusCode::CONFLICT);
        for said in [
            "cette première inscription est gardée",
            "value=\"Démo 0043\"",
            "value=\"05/01/1990\"",
            "value=\"06 39 98 00 42\"",
            "name=\"weekdays\" value=\"0\" checked",
        ] {
            again.assert_says(said);
        }
        assert!(!again.body.contains(&first));
        let fresh = again.hidden("cle");
        assert_ne!(fresh, key);
        let other = browser.submit(FORM, &registration(&fresh, &site, "Démo 0043")).await;
        other.assert_says("Votre demande est inscrite");
        assert_ne!(reference(&other), first);
    })
    .await;
}

#[tokio::test]
async fn an_action_is_confirmed_once_and_a_double_click_does_nothing_twice() {
    on_both(async |test: TestApp| {
        let mut visitor = Visitor::registered(&test, "Démo 0042").await;
        let change = [
            ("jeton", visitor.csrf_token.clone()),
            ("sites", visitor.site.clone()),
            ("weekdays", "4".into()),
        ];
        let mut change: Vec<(&str, &str)> = change.iter().map(|(name, value)| (*name, &**value)).collect();
        change.push(("halves", "afternoon"));
        for (action, fact, said) in [
            ("disponibilites", "entry.availability", "Vos disponibilités sont enregistrées"),
            ("pause", "entry.paused", PAUSED),
            ("reprise", "entry.resumed", "Votre demande a repris."),
            ("retirer", "entry.withdrawn", "Votre demande est retirée.</p>"),
        ] {
            let mut fields = change.clone();
            fields.push(("confirmer", "oui"));
            for _click in 0..2 {
                let sent = visitor.browser.post(&format!("/s/{action}"), &fields).await;
                assert_leads(&sent, "/s/demande");
            }
            visitor.browser.get("/s/demande").await.assert_says(said);
            let reloaded = visitor.browser.get("/s/demande").await;
            assert!(!reloaded.body.contains("fr-alert--success\" role=\"status\""), "{action} is said once");
            let entry = visitor.entry(&test).await;
            let facts = test.app.store.audit_of(format!("entry:{entry}")).await.unwrap();
            let count = facts.iter().filter(|one| one.action == fact).count();
            assert_eq!(count, 1, "{fact}");
        }
    })
    .await;
}

#[tokio::test]
async fn another_language_keeps_the_page() {
    let test = TestApp::sqlite().await;
    let mut visitor = Visitor::registered(&test, "Démo 0042").await;
    for (path, french, english) in [
        ("/s/recu", "Votre demande est inscrite", "Your request is registered"),
        ("/s/demande", "Preuve d&#39;inscription", "Proof of registration"),
    ] {
        let page = visitor.browser.get(path).await;
        page.assert_says(french);
        page.assert_says("formaction=\"/s/disponibilites?brouillon=en\"");
        visitor.browser.get(&format!("/langue/en?retour={path}")).await.assert_says(english);
        visitor.browser.get(&format!("/langue/fr?retour={path}")).await.assert_says(french);
    }
    // The address of an action has no page of its own.
    let unsure = visitor.post("/s/retirer").await;
    assert_eq!(unsure.status, StatusCode::UNPROCESSABLE_ENTITY);
    unsure.assert_says("formaction=\"/s/disponibilites?brouillon=en\"");
    visitor.browser.get("/s/retirer").await.assert_says(&visitor.reference);
}

#[tokio::test]
async fn pages_close_half_an_hour_after_the_last_one() {
    let test = TestApp::sqlite().await;
    let mut visitor = Visitor::registered(&test, "Démo 0042").await;
    for _page in 0..2 {
        test.real.advance(TimeDelta::minutes(29));
        visitor.browser.get("/s/demande").await.assert_says(&visitor.reference);
    }
    test.real.advance(TimeDelta::minutes(30));
    for path in ["/s/demande", "/s/recu", "/s/preuve/x", "/s/pause"] {
        let page = visitor.browser.get(path).await;
        page.assert_says(CLOSED);
        page.assert_says("action=\"/s\"");
        assert!(
            !page.body.contains(&visitor.reference) && !page.body.contains("href=\"/s/demande\""),
            "{path}"
        );
    }
    Browser::of(&test.app).get("/s/demande").await.assert_says(CLOSED);
}

#[tokio::test]
async fn who_leaves_a_shared_machine_closes_the_pages() {
    let test = TestApp::sqlite().await;
    let mut visitor = Visitor::registered(&test, "Démo 0042").await;
    visitor.browser.get("/s/demande").await.assert_says("action=\"/s/fermer\"");
    assert_leads(&visitor.browser.post("/s/fermer", &[]).await, "/s");
    visitor.browser.get("/s/demande").await.assert_says(CLOSED);
}

#[tokio::test]
async fn a_form_that_outlives_its_page_waits_for_its_holder() {
    let test = TestApp::sqlite().await;
    let mut visitor = Visitor::registered(&test, "Démo 0042").await;
    test.real.advance(TimeDelta::minutes(31));
    let (csrf_token, site) = (visitor.csrf_token.clone(), visitor.site.clone());
    let sent = [("jeton", csrf_token.as_str()), ("sites", &site), ("weekdays", "4"), ("halves", "afternoon")];
    let mut asked = visitor.browser.post("/s/disponibilites", &sent).await;
    assert_eq!(asked.status, StatusCode::BAD_REQUEST);
    asked.assert_says("Rien n&#39;est perdu");
    let reference = visitor.reference.clone();
    for (birth_date, status) in [("06/01/1990", 422), (BIRTH_DATE, 303)] {
        let names = ["suite", "jeton", "sites", "weekdays", "halves"];
        let kept = names.map(|name| asked.hidden(name));
        let mut fields: Vec<(&str, &str)> = names.into_iter().zip(kept.iter().map(String::as_str)).collect();
        fields.extend([("reference", reference.as_str()), ("birth_date", birth_date)]);
        asked = visitor.browser.post("/s", &fields).await;
        assert_eq!(asked.status.as_u16(), status, "{}", asked.body);
    }
    assert_leads(&asked, "/s/demande");
    let done = visitor.browser.get("/s/demande").await;
    done.assert_says("Vos disponibilités sont enregistrées");
    done.assert_says("name=\"weekdays\" value=\"4\" checked");
}

#[tokio::test]
async fn a_form_acts_for_the_entry_of_its_page_alone() {
    let test = TestApp::sqlite().await;
    let first = Visitor::registered(&test, "Démo 0042").await;
    let mut second = Visitor::registered(&test, "Démo 0043").await;
    let fields = [("jeton", first.csrf_token.as_str())];
    let refused = second.browser.post("/s/pause", &fields).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    let reference = second.reference.clone();
    let waiting = [fields[0], ("suite", "pause"), ("reference", &reference), ("birth_date", BIRTH_DATE)];
    assert_leads(&second.browser.post("/s", &waiting).await, "/s/demande");
    let page = second.browser.get("/s/demande").await;
    page.assert_says(&reference);
    assert!(!page.body.contains(PAUSED));
    assert!(!first.is_paused(&test).await && !second.is_paused(&test).await);
}

#[tokio::test]
async fn the_cookie_alone_changes_nothing_and_no_other_site_sends_our_forms() {
    let test = TestApp::sqlite().await;
    let mut visitor = Visitor::registered(&test, "Démo 0042").await;
    for csrf_token in ["", "00"] {
        let refused = visitor.browser.post("/s/pause", &[("jeton", csrf_token)]).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST);
        refused.assert_says("restée ouverte trop longtemps");
    }
    let (reference, token) = (visitor.reference.clone(), visitor.csrf_token.clone());
    let look_up = encoded(&[("reference", &reference), ("birth_date", BIRTH_DATE)]);
    for (path, body) in [("/s", look_up), ("/s/pause", encoded(&[("jeton", &token)])), (FORM, String::new())]
    {
        for (name, value) in [("origin", "https://example.org"), ("sec-fetch-site", "cross-site")] {
            let request = Request::post(path)
                .header("content-type", "application/x-www-form-urlencoded")
                .header(name, value)
                .body(Body::from(body.clone()));
            let refused = visitor.browser.send(request.unwrap()).await;
            assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{path} {name}");
            assert_eq!(refused.header("set-cookie"), "", "{path} {name}");
        }
    }
    assert!(!visitor.is_paused(&test).await);
    assert_leads(&visitor.post("/s/pause").await, "/s/demande");
    assert!(visitor.is_paused(&test).await);
}

/// Everything that the log says of the installation.
async fn log_size(test: &TestApp) -> i64 {
    test.app.store.sequence_log(10_000, test.now()).await.unwrap().size
}

/// The page that a change of language leads to, with the form that it keeps.
fn in_english(path: &str) -> String {
    format!("{path}?brouillon=en")
}

#[tokio::test]
async fn another_language_keeps_a_registration_half_filled_and_registers_nothing() {
    on_both(async |test: TestApp| {
        let site = site(&test).await;
        let mut browser = Browser::of(&test.app);
        let form = browser.get(FORM).await;
        form.assert_says("<form id=\"formulaire\"");
        form.assert_says(&format!("form=\"formulaire\" formaction=\"{FORM}?brouillon=en\" formnovalidate"));
        let key = form.hidden("cle");
        let before = log_size(&test).await;
        let half = [
            ("cle", key.as_str()),
            ("birth_name", "Démo 0042"),
            ("birth_date", "le 5"),
            ("phone", "06 39 98 00 42"),
            ("weekdays", "3"),
            ("absence1_from", "2027-02-01"),
            ("deadline_kind", "permit_expiry"),
        ];
        let english = browser.post(&in_english(FORM), &half).await;
        assert_eq!(english.status, StatusCode::OK);
        for said in [
            "<html lang=\"en\"",
            "value=\"Démo 0042\"",
            "value=\"le 5\"",
            "value=\"06 39 98 00 42\"",
            "name=\"weekdays\" value=\"3\" checked",
            "value=\"2027-02-01\"",
            "value=\"permit_expiry\" selected",
        ] {
            english.assert_says(said);
        }
        assert!(!english.body.contains("fr-error-text") && !english.body.contains("fr-alert--error"));
        assert!(
            !english.body.contains("name=\"weekdays\" value=\"0\" checked"),
            "what was unticked stays so"
        );
        assert_eq!((english.hidden("cle"), log_size(&test).await), (key.clone(), before));
        browser.get("/").await.assert_says("<html lang=\"en\"");
        let sent = browser.post(FORM, &registration(&key, &site, "Démo 0042")).await;
        assert_leads(&sent, "/s/recu");
        assert!(log_size(&test).await > before);
    })
    .await;
}

#[tokio::test]
async fn another_language_keeps_an_availability_half_changed_and_changes_nothing() {
    on_both(async |test: TestApp| {
        let mut visitor = Visitor::registered(&test, "Démo 0042").await;
        let before = log_size(&test).await;
        let (token, site) = (visitor.csrf_token.clone(), visitor.site.clone());
        let path = in_english("/s/disponibilites");
        let as_it_stands = [
            ("jeton", token.as_str()),
            ("sites", &site),
            ("weekdays", "0"),
            ("halves", "morning"),
            ("notice_days", "5"),
        ];
        assert_leads(&visitor.browser.post(&path, &as_it_stands).await, "/s/demande");
        let of_receipt = [&as_it_stands[..], &[("page", "recu")]].concat();
        assert_leads(&visitor.browser.post(&path, &of_receipt).await, "/s/recu");
        visitor.browser.get("/s/recu").await.assert_says("Your request is registered");
        let half = [("jeton", token.as_str()), ("weekdays", "4"), ("notice_days", "beaucoup")];
        let english = visitor.browser.post(&path, &half).await;
        assert_eq!((english.status, english.header("cache-control")), (StatusCode::OK, "no-store"));
        for said in ["<html lang=\"en\"", "name=\"weekdays\" value=\"4\" checked", "value=\"beaucoup\""] {
            english.assert_says(said);
        }
        assert!(!english.body.contains("fr-error-text"));
        // Nothing else is carried out that way either.
        for action in ["pause", "retirer", "rendre"] {
            let fields = [("jeton", token.as_str()), ("confirmer", "oui")];
            let sent = visitor.browser.post(&in_english(&format!("/s/{action}")), &fields).await;
            assert_leads(&sent, "/s/demande");
        }
        let closed = visitor.browser.post(&in_english("/s/fermer"), &[]).await;
        assert_eq!(closed.status, StatusCode::BAD_REQUEST);
        assert_eq!(log_size(&test).await, before);
    })
    .await;
}

#[tokio::test]
async fn another_language_keeps_what_waits_for_its_holder() {
    let test = TestApp::sqlite().await;
    let mut visitor = Visitor::registered(&test, "Démo 0042").await;
    let before = log_size(&test).await;
    test.real.advance(TimeDelta::minutes(31));
    let token = visitor.csrf_token.clone();
    let half = [("jeton", token.as_str()), ("weekdays", "4")];
    let asked = visitor.browser.post(&in_english("/s/disponibilites"), &half).await;
    assert_eq!(asked.status, StatusCode::BAD_REQUEST);
    asked.assert_says("what you wrote comes back");
    let names = ["suite", "jeton", "weekdays", "a_relire"];
    let kept = names.map(|name| asked.hidden(name));
    let reference = visitor.reference.clone();
    let mut fields: Vec<(&str, &str)> = names.into_iter().zip(kept.iter().map(String::as_str)).collect();
    fields.extend([("reference", reference.as_str()), ("birth_date", "5 janvier")]);
    let french = visitor.browser.post("/s?brouillon=fr", &fields).await;
    assert_eq!(french.status, StatusCode::OK);
    for said in ["<html lang=\"fr\"", &reference, "value=\"5 janvier\""] {
        french.assert_says(said);
    }
    for (name, value) in names.into_iter().zip(&kept) {
        assert_eq!(&french.hidden(name), value);
    }
    *fields.last_mut().unwrap() = ("birth_date", BIRTH_DATE);
    let back = visitor.browser.post("/s", &fields).await;
    assert_eq!(back.status, StatusCode::OK, "{}", back.body);
    back.assert_says("name=\"weekdays\" value=\"4\" checked");
    assert_eq!(log_size(&test).await, before);
}

#[tokio::test]
async fn a_limit_names_itself_and_keeps_what_was_typed() {
    let test = TestApp::sqlite().await;
    let mut visitor = Visitor::registered(&test, "Démo 0042").await;
    let mut neighbour = Visitor::registered(&test, "Démo 0043").await;
    for _ in 0..30 {
        for action in ["pause", "reprise"] {
            assert_leads(&visitor.post(&format!("/s/{action}")).await, "/s/demande");
        }
    }
    let (token, site) = (visitor.csrf_token.clone(), visitor.site.clone());
    let change = [("jeton", token.as_str()), ("sites", &site), ("weekdays", "4"), ("halves", "afternoon")];
    let refused = visitor.browser.post("/s/disponibilites", &change).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    refused.assert_says("Trop d&#39;actions ont été faites sur cette demande");
    refused.assert_says("name=\"weekdays\" value=\"4\" checked");
    assert!(!refused.header("retry-after").is_empty());
    assert_leads(&neighbour.post("/s/pause").await, "/s/demande");

    let wrong = [("reference", visitor.reference.as_str()), ("birth_date", "06/01/1990")];
    let mut browser = Browser::of(&test.app);
    for _ in 0..20 {
        assert_eq!(browser.post("/s", &wrong).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let refused = browser.post("/s", &wrong).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    refused.assert_says("Trop d&#39;essais ont échoué avec cette référence, depuis votre connexion");
    refused.assert_says(&format!("value=\"{}\"", visitor.reference));
    refused.assert_says("value=\"06/01/1990\"");
}
