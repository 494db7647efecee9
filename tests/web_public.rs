//! The public pages, requested as by a browser without JavaScript: register, read the receipt,
//! look up the status, change, withdraw; and what is refused, limited or hidden.

mod common;
#[path = "web_public/limits.rs"]
mod limits;
#[path = "web_public/problems.rs"]
mod problems;
#[path = "common/web.rs"]
mod web;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use chrono::TimeDelta;
use common::{TestApp, on_both};
use web::{Answer, Browser, get, post, send, submit};

const QUEUE: &str = "/p/demonstration/premiere-demande";
const FORM: &str = "/p/demonstration/premiere-demande/inscription";
const BIRTH_DATE: &str = "05/01/1990";

/// A whole registration, as its form sends it.
fn typed<'a>(key: &'a str, site: &'a str, name: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("cle", key),
        ("birth_name", name),
        ("given_names", "Usager"),
        ("birth_date", BIRTH_DATE),
        ("phone", "06 39 98 00 42"),
        ("language", "fr"),
        ("sites", site),
        ("weekdays", "0"),
        ("weekdays", "1"),
        ("halves", "morning"),
        ("notice_days", "5"),
    ]
}

async fn site(test: &TestApp) -> String {
    let directory = test.app.store.directory().await.unwrap();
    directory.sites_of(test.prefecture).next().unwrap().id.to_string()
}

/// Registers somebody through the form and answers with their receipt.
async fn receipt(test: &TestApp, name: &str) -> Answer {
    let key = get(&test.app, FORM).await.hidden("cle");
    submit(&test.app, FORM, &typed(&key, &site(test).await, name)).await
}

fn reference(receipt: &Answer) -> String {
    receipt.between("class=\"reference\">", "</strong>").to_owned()
}

#[tokio::test]
async fn a_person_registers_reads_the_receipt_follows_and_withdraws() {
    on_both(async |test: TestApp| {
        let receipt = receipt(&test, "Démo 0042").await;
        assert_eq!(receipt.status, StatusCode::OK, "{}", receipt.body);
        for said in [
            "Votre demande est inscrite",
            "Usager Démo 0042",
            "vendredi 8 janvier 2027 à 9 h",
            "n&#39;est pas un récépissé",
            "Aucune place ne peut être vendue",
            "Il reste à vérifier votre identité",
            "Point d’accueil numérique",
            "Prochains tirages",
            "vendredi 8 janvier 2027 à 18 h",
            "Retirer ma demande",
        ] {
            receipt.assert_says(said);
        }
        let reference = reference(&receipt);
        let spoken = reference.to_lowercase();
        let fields = [("reference", spoken.as_str()), ("birth_date", "1990-01-05")];
        let mut browser = Browser::of(&test.app);
        let status = browser.submit("/s", &fields).await;
        assert_eq!(status.status, StatusCode::OK);
        status.assert_says("Preuve d&#39;inscription");
        let token = status.hidden("jeton");
        let unsure = browser.post("/s/retirer", &[("jeton", &token)]).await;
        assert_eq!(unsure.status, StatusCode::UNPROCESSABLE_ENTITY);
        unsure.assert_says("pour confirmer");
        let gone = browser.submit("/s/retirer", &[("jeton", &token), ("confirmer", "oui")]).await;
        assert_eq!(gone.status, StatusCode::OK);
        gone.assert_says("Votre demande est retirée");
        let twice = browser.submit("/s/retirer", &[("jeton", &token), ("confirmer", "oui")]).await;
        assert_eq!(twice.status, StatusCode::OK);
        twice.assert_says("Votre demande est retirée");
    })
    .await;
}

#[tokio::test]
async fn faults_stand_at_their_fields_and_what_was_typed_is_kept() {
    let test = TestApp::sqlite().await;
    let key = get(&test.app, FORM).await.hidden("cle");
    let fields = [
        ("cle", key.as_str()),
        ("birth_name", "<b>Démo</b> & fils"),
        ("birth_date", "31/02/1990"),
        ("phone", "12"),
        ("email", "usager@exemple"),
        ("document_country", "Maroque"),
        ("notice_days", "abc"),
        ("absence2_from", "2027-03-01"),
        ("weekdays", "3"),
        ("halves", "afternoon"),
    ];
    let again = post(&test.app, FORM, &fields).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    for said in [
        "id=\"erreurs\"",
        "href=\"#birth_date\"",
        "href=\"#phone\"",
        "href=\"#email\"",
        "href=\"#document_country\"",
        "href=\"#notice_days\"",
        "href=\"#absences\"",
        "Absence 2\u{a0}: il manque le dernier jour",
        "«\u{a0}Maroque\u{a0}»",
        "<option value=\"Algérie\">",
        "value=\"Maroque\"",
        "href=\"#sites\"",
        "Ce jour n&#39;existe pas",
        "value=\"31/02/1990\"",
        "value=\"&#60;b&#62;Démo&#60;/b&#62; &#38; fils\"",
        "name=\"weekdays\" value=\"3\" checked",
    ] {
        again.assert_says(said);
    }
    assert!(!again.body.contains("name=\"weekdays\" value=\"0\" checked"), "an unticked box stays unticked");
    assert_eq!(again.hidden("cle"), key, "the same form keeps its key");
    assert!(!again.body.contains("Unknown localization"), "{}", again.body);
}

#[tokio::test]
async fn a_second_click_gives_the_same_answer_and_another_body_is_refused() {
    on_both(async |test: TestApp| {
        let key = get(&test.app, FORM).await.hidden("cle");
        let site = site(&test).await;
        let first = submit(&test.app, FORM, &typed(&key, &site, "Démo 0042")).await;
        let second = submit(&test.app, FORM, &typed(&key, &site, "Démo 0042")).await;
        assert_eq!(second.status, StatusCode::OK);
        assert_eq!(reference(&first), reference(&second));
        let other = post(&test.app, FORM, &typed(&key, &site, "Démo 0043")).await;
        assert_eq!(other.status, StatusCode::CONFLICT);
        assert!(!other.body.contains(&reference(&first)));
        let none = post(&test.app, FORM, &typed("short", &site, "Démo 0044")).await;
        assert_eq!(none.status, StatusCode::BAD_REQUEST);
    })
    .await;
}

#[tokio::test]
async fn an_unknown_reference_and_a_wrong_date_look_alike() {
    let test = TestApp::sqlite().await;
    let known = reference(&receipt(&test, "Démo 0042").await);
    let look = async |reference: &str, date: &str| {
        let answer = post(&test.app, "/s", &[("reference", reference), ("birth_date", date)]).await;
        let mut headers = answer.headers;
        headers.remove("content-length");
        // What was typed stands in the form again.
        let blank = |body: &str, typed: &str| body.replace(&format!("value=\"{typed}\""), "value=\"\"");
        (answer.status, blank(&blank(&answer.body, reference), date), headers)
    };
    let wrong = look(&known, "06/01/1990").await;
    assert_eq!(wrong.0, StatusCode::UNPROCESSABLE_ENTITY);
    for (reference, date) in [
        ("0000-0000-0", BIRTH_DATE),
        ("K7M4-2QXN-Z", BIRTH_DATE),
        ("x", BIRTH_DATE),
        ("1111-1111-1", BIRTH_DATE),
    ] {
        let unknown = look(reference, date).await;
        assert_eq!(unknown.0, wrong.0);
        assert_eq!(unknown.1, wrong.1, "{reference}");
        assert_eq!(unknown.2, wrong.2);
    }
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let test = TestApp::sqlite().await;
    for path in ["/", QUEUE, FORM, "/s", "/aide", "/mentions", "/healthz", "/nowhere", "/tirages/x", "/agent"]
    {
        let answer = get(&test.app, path).await;
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{path}");
        assert!(!policy.contains("unsafe"), "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "same-origin", "{path}");
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        assert!(answer.header("set-cookie").is_empty(), "{path} sets no cookie");
        assert!(!answer.body.contains("<script") && !answer.body.contains(" style="), "{path}");
    }
    let style = get(&test.app, "/").await;
    let address = style.between("href=\"/assets/style.css", "\"").to_owned();
    let style = get(&test.app, &format!("/assets/style.css{address}")).await;
    assert!(style.header("cache-control").contains("immutable"));
}

#[tokio::test]
async fn every_page_speaks_both_languages_and_lacks_no_sentence() {
    let test = TestApp::sqlite().await;
    receipt(&test, "Démo 0042").await;
    for path in ["/", "/p/demonstration", QUEUE, FORM, "/s", "/aide", "/mentions", "/nowhere"] {
        for (lang, word) in [("fr", "Aide"), ("en", "Help")] {
            let request =
                Request::get(path).header("cookie", format!("a=b; langue={lang}")).body(Body::empty());
            let answer = send(&test.app, request.unwrap()).await;
            answer.assert_says(&format!("<html lang=\"{lang}\""));
            answer.assert_says(word);
            assert!(!answer.body.contains("Unknown localization"), "{path} in {lang}: {}", answer.body);
        }
    }
    let english =
        Request::get("/aide").header("accept-language", "en-GB,en;q=0.9").body(Body::empty()).unwrap();
    send(&test.app, english).await.assert_says("You can do everything without a computer");
    let weighed = Request::get("/aide").header("accept-language", "fr;q=0.3, de, en;q=0.7");
    let weighed = send(&test.app, weighed.body(Body::empty()).unwrap()).await;
    weighed.assert_says("You can do everything without a computer");
    let chosen = get(&test.app, "/langue/en?retour=//example.org").await;
    assert_eq!((chosen.status, chosen.header("location")), (StatusCode::SEE_OTHER, "/"));
    let cookie = chosen.header("set-cookie").to_owned();
    assert!(cookie.starts_with("langue=en;"));
    for part in ["; HttpOnly", "; SameSite=Lax", "; Path=/", "; Max-Age=31536000"] {
        assert!(cookie.contains(part), "{cookie}");
    }
}

#[tokio::test]
async fn what_cannot_be_served_is_a_page_in_words() {
    let test = TestApp::sqlite().await;
    let wrong_method = post(&test.app, "/aide", &[]).await;
    assert_eq!(wrong_method.status, StatusCode::METHOD_NOT_ALLOWED);
    wrong_method.assert_says("Repartez de l&#39;accueil");
    let large = "x".repeat(2 << 20);
    let large = post(&test.app, "/s", &[("reference", &large)]).await;
    assert_eq!(large.status, StatusCode::PAYLOAD_TOO_LARGE);
    large.assert_says("Envoi trop gros");
    let unknown = get(&test.app, "/p/demonstration/ailleurs").await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    unknown.assert_says("Page introuvable");
    let stale = post(&test.app, "/s/pause", &[("jeton", "00")]).await;
    assert_eq!(stale.status, StatusCode::BAD_REQUEST);
    stale.assert_says("restée ouverte trop longtemps");
}

/// The problem document of an answer, of this type and status.
#[tokio::test]
async fn a_holder_changes_pauses_and_resumes_until_the_page_grows_old() {
    let test = TestApp::sqlite().await;
    let site = site(&test).await;
    let mut browser = Browser::of(&test.app);
    let key = browser.get(FORM).await.hidden("cle");
    let receipt = browser.submit(FORM, &typed(&key, &site, "Démo 0042")).await;
    let token = receipt.hidden("jeton");
    let change = [("jeton", token.as_str()), ("sites", &site), ("weekdays", "4"), ("halves", "afternoon")];
    let changed = browser.submit("/s/disponibilites", &change).await;
    assert_eq!(changed.status, StatusCode::OK, "{}", changed.body);
    changed.assert_says("name=\"weekdays\" value=\"4\" checked");
    let refused = browser.post("/s/disponibilites", &[("jeton", &token), ("weekdays", "2")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    refused.assert_says("name=\"weekdays\" value=\"2\" checked");
    refused.assert_says("Choisissez au moins un lieu");
    browser.submit("/s/pause", &[("jeton", &token)]).await.assert_says("en pause");
    browser.submit("/s/reprise", &[("jeton", &token)]).await.assert_says("a repris");
    test.real.advance(TimeDelta::minutes(31));
    let old = browser.post("/s/pause", &[("jeton", &token)]).await;
    assert_eq!(old.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_draw_and_its_convocation_are_shown_to_the_holder_and_in_public() {
    on_both(async |test: TestApp| {
        for n in 0..6 {
            test.register(test.first, n).await;
        }
        test.publish(test.first, 1, 4, 3, 1).await;
        test.tick().await;
        test.pass(TimeDelta::hours(15)).await;
        check_public_pages(&test).await;
        let mut convoked = 0;
        for n in 0..6 {
            convoked += usize::from(holder_is_convoked(&test, n).await);
        }
        assert_eq!(convoked, 3);
        test.assert_sound().await;
    })
    .await;
}

async fn check_public_pages(test: &TestApp) {
    let queue = get(&test.app, QUEUE).await;
    queue.assert_says("Engagement de l&#39;opérateur");
    queue.assert_says("Publié");
    let path = format!("/tirages/{}", queue.between("href=\"/tirages/", "\""));
    let draw = get(&test.app, &path).await;
    for said in [
        "Empreinte du résultat",
        "repose sur sa seule parole",
        "bundle.json",
        "<dt>À leur tour ordinaire</dt><dd>6</dd>",
    ] {
        draw.assert_says(said);
    }
    let bundle = get(&test.app, &format!("{path}/bundle.json")).await;
    assert!(passage::draw::verify(bundle.body.as_bytes()).is_ok());
    let known = Request::get(format!("{path}/bundle.json")).header("if-none-match", bundle.header("etag"));
    let known = send(&test.app, known.body(Body::empty()).unwrap()).await;
    assert_eq!(known.status, StatusCode::NOT_MODIFIED);
    assert!(known.body.is_empty());
    let small = Request::get(format!("{path}/liste.json")).header("accept-encoding", "gzip");
    let small = send(&test.app, small.body(Body::empty()).unwrap()).await;
    assert_eq!(small.header("content-encoding"), "gzip");
}

/// Looks at the status of person `n`, and gives a convocation back.
async fn holder_is_convoked(test: &TestApp, n: u32) -> bool {
    let person = common::person(n);
    let entry = test.register(test.first, n).await;
    let entry = test.app.store.entry(entry).await.unwrap().unwrap();
    let fields = [("reference", entry.reference.as_str()), ("birth_date", person.birth_date.as_str())];
    let mut browser = Browser::of(&test.app);
    let status = browser.submit("/s", &fields).await;
    status.assert_says("Tirage n° 1");
    status.assert_says("repose sur sa seule parole");
    assert!(!status.body.contains("Unknown localization"));
    if !status.body.contains("Votre convocation") {
        status.assert_says("Quand aurez-vous un rendez-vous");
        // Six people for three seats, the holder among them again.
        status.assert_says("Au prochain tirage, environ 50 % de chances");
        return false;
    }
    for said in ["Site du Centre", "Guichet 1", "Je ne peux pas venir", "vous gardez votre ancienneté"] {
        status.assert_says(said);
    }
    let token = status.hidden("jeton");
    let appointment = status.hidden("rendez_vous");
    let sure = [("jeton", token.as_str()), ("rendez_vous", &appointment), ("confirmer_rendre", "oui")];
    for _click in 0..2 {
        let given = browser.submit("/s/rendre", &sure).await;
        assert_eq!(given.status, StatusCode::OK, "{}", given.body);
        given.assert_says("Le rendez-vous est rendu");
        given.assert_says("Votre demande est de nouveau dans la file");
    }
    true
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_that_verifies_draws_brings_its_own_policy() {
    let app = TestApp::sqlite().await;
    let page = get(&app.app, "/verifier").await;
    let policy = page.header("content-security-policy");
    assert!(policy.contains("default-src 'none'") && policy.contains("script-src 'sha256-"), "{policy}");
    assert!(!policy.contains("unsafe") && policy.ends_with("frame-ancestors 'none'"), "{policy}");
    page.assert_says(policy.trim_end_matches("; frame-ancestors 'none'"));
}
