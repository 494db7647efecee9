//! A form that is sent after its session has ended comes back as it was typed, once somebody of the same
//! prefecture has signed in; and a form that is only to be shown again is never carried out.

use axum::http::StatusCode;
use chrono::TimeDelta;
use passage::domain::actor::Role;
use passage::flow::import;
use passage::flow::register::Desk;

use crate::browser::{Answer, Browser, ENTERED};
use crate::common::{PASSWORD, TestApp, on_both, person};
use crate::doors::{ELSEWHERE, Things, WRITE, WRITE_MANAGER};

const SIGN_IN: &str = "/agent/connexion";
const REGISTER: &str = "/agent/inscrire/renouvellement";

/// Everything that the log says of the installation.
async fn log_size(app: &TestApp) -> i64 {
    app.app.store.sequence_log(10_000, app.now()).await.unwrap().size
}

/// The form of a page: where it goes, and its hidden fields.
struct Hidden {
    action: String,
    fields: Vec<(String, String)>,
}

impl Hidden {
    fn of(answer: &Answer) -> Self {
        let (_, form) = answer.body.split_once("<form id=\"formulaire\"").expect("a form");
        let (form, _) = form.split_once("</form>").unwrap();
        let attribute = |text: &str, name: &str| {
            let (_, rest) = text.split_once(&format!("{name}=\""))?;
            Some(unescaped(rest.split_once('"')?.0))
        };
        let inputs = form.split("<input type=\"hidden\"").skip(1);
        let field = |input: &str| Some((attribute(input, "name")?, attribute(input, "value")?));
        Self { action: attribute(form, "action").unwrap(), fields: inputs.filter_map(field).collect() }
    }

    fn with<'a>(&'a self, more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
        let own = self.fields.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        own.chain(more.iter().copied()).collect()
    }
}

fn unescaped(text: &str) -> String {
    let pairs = [("&#39;", "'"), ("&#34;", "\""), ("&#60;", "<"), ("&#62;", ">"), ("&#38;", "&")];
    pairs.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

/// Signs in where a form waits; the answer.
async fn sign_in_with(browser: &mut Browser, asked: &Answer, login: &str) -> Answer {
    let hidden = Hidden::of(asked);
    assert_eq!(hidden.action, SIGN_IN);
    let answer = browser.send_form(SIGN_IN, &hidden.with(&[("login", login), ("password", PASSWORD)])).await;
    browser.keep(&answer).await;
    answer
}

/// The form that the page of a kept one leads to.
async fn taken_up(browser: &Browser, kept: &Answer) -> Answer {
    assert!(kept.status == StatusCode::OK && kept.body.contains("Votre saisie est gardée"), "{}", kept.body);
    let hidden = Hidden::of(kept);
    browser.send_form(&hidden.action, &hidden.with(&[])).await
}

#[tokio::test]
async fn a_registration_typed_before_the_session_ended_comes_back_and_is_made_once() {
    on_both(async |app: TestApp| {
        let site = app.app.store.directory().await.unwrap();
        let site = site.sites_of(app.prefecture).next().unwrap().id.to_string();
        let mut agent = Browser::agent(&app, "agent").await;
        let form = Hidden::of(&agent.get(REGISTER).await);
        let typed = form.with(&[
            ("channel", "counter"),
            ("birth_name", "Démo l'Ange"),
            ("birth_date", "05/01/1990"),
            ("phone", "06 39 98 00 42"),
            ("language", "fr"),
            ("deadline", "2027-04-30"),
            ("sites", &site),
            ("weekdays", "0"),
            ("weekdays", "3"),
            ("halves", "morning"),
        ]);
        let before = log_size(&app).await;
        app.real.advance(TimeDelta::hours(13));
        let asked = agent.send_form(REGISTER, &typed).await;
        assert_eq!(asked.status, StatusCode::BAD_REQUEST);
        assert!(asked.body.contains("rien n&#39;est perdu"), "{}", asked.body);
        let hidden = Hidden::of(&asked);
        let wrong = agent
            .send_form(SIGN_IN, &hidden.with(&[("login", "agent"), ("password", "deviner encore")]))
            .await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(Hidden::of(&wrong).fields, hidden.fields, "a wrong password loses nothing");
        let english =
            agent.send_form("/agent/connexion?brouillon=en", &hidden.with(&[("login", "agent")])).await;
        assert!(english.status == StatusCode::OK && english.body.contains("<html lang=\"en\""));
        assert_eq!(Hidden::of(&english).fields, hidden.fields, "nor does another language");

        let kept = sign_in_with(&mut agent, &wrong, "agent").await;
        let again = taken_up(&agent, &kept).await;
        assert_eq!(again.status, StatusCode::OK, "{}", again.body);
        for said in [
            "value=\"Démo l&#39;Ange\"",
            "value=\"05/01/1990\"",
            "value=\"06 39 98 00 42\"",
            "name=\"weekdays\" value=\"3\" checked",
        ] {
            assert!(again.body.contains(said), "{said} in {}", again.body);
        }
        assert!(!again.body.contains("fr-error-text") && !again.body.contains("fr-alert--error"));
        assert_eq!(log_size(&app).await, before, "nothing was carried out on the way");
        let shown = Hidden::of(&again);
        let is_hidden = |name: &str| shown.fields.iter().any(|(own, _)| own == name);
        let typed = typed.iter().copied().filter(|(name, _)| !is_hidden(name));
        let typed = shown.with(&typed.collect::<Vec<_>>());
        let first = agent.send_form(REGISTER, &typed).await.to().to_owned();
        assert!(first.ends_with("/recu?fait=inscription"), "{first}");
        let after = log_size(&app).await;
        assert_eq!(agent.send_form(REGISTER, &typed).await.to(), first, "a double click is one registration");
        assert_eq!(log_size(&app).await, after);
    })
    .await;
}

#[tokio::test]
async fn a_form_comes_back_to_a_colleague_and_to_nobody_of_another_prefecture() {
    let app = TestApp::sqlite().await;
    let elsewhere = import::prefecture(&app.app, ELSEWHERE).await.unwrap();
    app.staff("collegue", Role::Agent).await;
    Browser::signed_in(&app, elsewhere, "ailleurs", Role::Manager).await;
    let agent = Browser::agent(&app, "agent").await;
    app.real.advance(TimeDelta::hours(13));
    let typed = [("birth_name", "Démo 0042"), ("idempotency_key", "k")];
    let asked = agent.post(REGISTER, &typed).await;
    let mut stranger = Browser::of(&app);
    assert_eq!(sign_in_with(&mut stranger, &asked, "ailleurs").await.to(), ENTERED);
    let mut colleague = Browser::of(&app);
    let kept = sign_in_with(&mut colleague, &asked, "collegue").await;
    assert!(taken_up(&colleague, &kept).await.body.contains("value=\"Démo 0042\""));
    // What none of our pages has made is not kept.
    for token in ["", "00", "00.00", stranger.csrf.split('.').next().unwrap()] {
        let sent = Browser::of(&app).send_form(REGISTER, &[typed[0], ("csrf", token)]).await;
        assert_eq!(sent.to(), SIGN_IN, "{token}");
    }
    let mut forged = Hidden::of(&asked);
    for path in
        ["https://ailleurs.example/agent/", "//ailleurs.example", "/agent/../s", "/s/retirer", SIGN_IN]
    {
        forged.fields[0] = ("suite".to_owned(), path.to_owned());
        let fields = forged.with(&[("login", "agent"), ("password", PASSWORD)]);
        assert_eq!(Browser::of(&app).send_form(SIGN_IN, &fields).await.to(), ENTERED, "{path}");
    }
}

#[tokio::test]
async fn a_form_of_an_earlier_session_comes_back_without_a_sign_in() {
    let app = TestApp::sqlite().await;
    let mut agent = Browser::agent(&app, "agent").await;
    let earlier = agent.csrf.clone();
    agent.sign_in("agent", PASSWORD).await;
    let before = log_size(&app).await;
    let typed = [("csrf", earlier.as_str()), ("birth_name", "Démo 0042"), ("idempotency_key", "k")];
    let kept = agent.send_form(REGISTER, &typed).await;
    assert!(taken_up(&agent, &kept).await.body.contains("value=\"Démo 0042\""));
    assert_eq!(log_size(&app).await, before);
}

#[tokio::test]
async fn a_file_is_not_kept_and_the_page_says_so() {
    let app = TestApp::sqlite().await;
    let manager = Browser::manager(&app, "responsable").await;
    app.real.advance(TimeDelta::hours(13));
    let sent = manager.upload("/gestion/creneaux/fichier", &[("csrf", &manager.csrf)], "site;desk\n").await;
    let page = manager.get(sent.to()).await.page();
    assert!(page.contains("Un fichier ne peut pas être gardé"), "{page}");
}

/// Every form in which something is written: its address, the field, and what stands in it when it comes back.
const WRITTEN: &[(&str, &str, &str)] = &[
    ("/agent/demandes/{unseen}/identite", "document_number", "P-4242"),
    ("/agent/demandes/{entry}/correction", "reason", "une raison à moi"),
    ("/agent/demandes/{unseen}/reprise", "document_number", "P-4242"),
    ("/agent/demandes/{entry}/echeance", "deadline", "2027-04-30"),
    ("/agent/demandes/{entry}/label", "reason", "une raison à moi"),
    ("/agent/demandes/{entry}/disponibilites", "notice_days", "42"),
    ("/agent/comptoir/{convocation}/personne", "reason", "une raison à moi"),
    ("/agent/comptoir/{convocation}/empechement", "reason", "une raison à moi"),
    ("/gestion/creneaux/plan", "first_day", "2027-04-30"),
    ("/gestion/creneaux/{slot}/retirer", "reason", "une raison à moi"),
    ("/gestion/creneaux/fermer", "reason", "une raison à moi"),
    ("/gestion/regles/{queue}/proposer", "reason", "une raison à moi"),
    ("/gestion/regles/{queue}/2/rejeter", "reason", "une raison à moi"),
    ("/gestion/tirages/{draw}/annuler", "reason", "une raison à moi"),
    ("/gestion/tirages/{draw}/rejeter", "reason", "une raison à moi"),
    ("/gestion/priorites/{priority}/rejeter", "reason", "une raison à moi"),
];

#[tokio::test]
async fn every_form_comes_back_as_typed_and_is_carried_out_by_nobody() {
    on_both(async |app: TestApp| {
        let things = Things::of(&app).await;
        let unseen = app.register_by(app.first, &person(8), Desk::ONLINE, "unseen").await.unwrap();
        let mut manager = Browser::manager(&app, "responsable").await;
        let before = log_size(&app).await;
        for (pattern, name, value) in WRITTEN {
            app.real.advance(TimeDelta::hours(13));
            let mut fields = things.fields();
            fields.retain(|(field, _)| field != name);
            fields.push((name, value));
            let asked = manager
                .post(&things.address(&pattern.replace("{unseen}", &unseen.to_string())), &fields)
                .await;
            assert_eq!(asked.status, StatusCode::BAD_REQUEST, "{pattern}");
            let kept = sign_in_with(&mut manager, &asked, "responsable").await;
            let again = taken_up(&manager, &kept).await;
            assert_eq!(again.status, StatusCode::OK, "{pattern}: {}", again.body);
            assert!(again.body.contains(value), "{pattern}: {}", again.body);
            assert!(!again.body.contains("fr-error-text"), "{pattern}: {}", again.body);
        }
        assert_eq!(log_size(&app).await, before);
    })
    .await;
}

#[tokio::test]
async fn a_form_to_be_shown_again_is_carried_out_nowhere() {
    on_both(async |app: TestApp| {
        let things = Things::of(&app).await;
        let manager = Browser::manager(&app, "responsable").await;
        let before = log_size(&app).await;
        for pattern in WRITE.iter().chain(WRITE_MANAGER).chain(&["/agent/deconnexion"]) {
            let path = format!("{}?brouillon=en", things.address(pattern));
            let answer = manager.post(&path, &things.fields()).await;
            assert!(!answer.status.is_server_error(), "{pattern}: {}", answer.body);
        }
        assert_eq!(log_size(&app).await, before);
        manager.get("/agent").await.page();
        let queue = app.renewal.to_string();
        let fields = [("csrf", manager.csrf.as_str()), ("file_queue", queue.as_str())];
        let file = "site;guichet;date;heure;minutes\ncentre;2;2027-02-01;09:00;20\n";
        let sent = manager.upload("/gestion/creneaux/fichier?brouillon=en", &fields, file).await;
        assert_eq!((sent.status, log_size(&app).await), (StatusCode::BAD_REQUEST, before));
    })
    .await;
}

#[tokio::test]
async fn another_language_comes_back_to_the_day_that_was_shown() {
    let app = TestApp::sqlite().await;
    let agent = Browser::agent(&app, "agent").await;
    let page = agent.get("/agent/comptoir?jour=2027-01-11").await.page();
    let (_, link) = page.split_once("href=\"/langue/en").unwrap();
    let link = format!("/langue/en{}", link.split('"').next().unwrap());
    assert_eq!(agent.get(&link).await.to(), "/agent/comptoir?jour=2027-01-11");
}
