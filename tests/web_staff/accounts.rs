//! Accounts in the pages: invited by a link that only their owner receives, confirmed by a second person, signed in with
//! a second factor, ended at once. Nobody ever holds two people's passwords.

use std::sync::Arc;

use axum::http::StatusCode;
use chrono::TimeDelta;
use passage::config::{Secret, SmsGateway};
use passage::domain::actor::Role;
use passage::domain::refusal::Refusal;
use passage::flow::staff::links;
use passage::flow::{FlowError, staff};
use passage::identity::totp::SecondFactor;

use crate::browser::{Browser, ENTERED};
use crate::common::{PASSWORD, START, TestApp, on_both, on_both_at};

const PATH: &str = "/gestion/comptes";
const ANOTHER: &str = "quatre cigognes sous la pluie";
const PHONE: &str = "06 39 98 00 77";

fn invitation<'a>(login: &'a str, role: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![("login", login), ("full_name", "Agente Démo"), ("phone", PHONE), ("role", role)]
}

/// The address in the last SMS that left.
fn link_sent(app: &TestApp) -> String {
    let sent = app.gateway.sent.lock().unwrap();
    let text = &sent.last().expect("a message left").text;
    let at = text.find(links::PATH).unwrap_or_else(|| panic!("no link in {text}"));
    text[at..].split_whitespace().next().unwrap().to_owned()
}

/// Opens the link and chooses a password.
async fn choose(app: &TestApp, link: &str, password: &str) -> StatusCode {
    let fields = [("password", password), ("password_again", password)];
    Browser::of(app).send_form(link, &fields).await.status
}

async fn id_of(app: &TestApp, login: &str) -> String {
    let all = app.app.store.staff().await.unwrap();
    all.into_iter().find(|one| one.login == login).unwrap().id.to_string()
}

/// Another manager confirms an account.
async fn confirm(app: &TestApp, by: &Browser, login: &str) {
    by.post(&format!("{PATH}/{}/confirmer", id_of(app, login).await), &[]).await.to();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invited_agent_chooses_their_password_by_a_link_that_is_good_once() {
    on_both(async |mut app: TestApp| {
        let (base_url, account, token) = ("http://localhost".into(), "AC42".into(), Secret::new("x"));
        let config = &mut Arc::get_mut(&mut app.app).unwrap().config;
        config.notices.sms.gateway = SmsGateway::Twilio { base_url, account, token };
        let manager = Browser::manager(&app, "responsable").await;
        let shown = manager.post(PATH, &invitation("nouvelle", "agent")).await.page();
        let link = link_sent(&app);
        assert!(!shown.contains(&link), "whoever invites does not see the link");
        assert!(shown.contains("finit par 77") && shown.contains("Agente Démo"), "{shown}");
        let mut owner = Browser::of(&app);
        assert_eq!(
            owner.sign_in("nouvelle", "").await.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "no password yet"
        );
        owner.get(&link).await.page();
        assert_eq!(choose(&app, &link, "motdepasse1234").await, StatusCode::UNPROCESSABLE_ENTITY);
        let two = [("password", ANOTHER), ("password_again", PASSWORD)];
        assert_eq!(owner.send_form(&link, &two).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(choose(&app, &link, ANOTHER).await, StatusCode::OK);
        assert_eq!(choose(&app, &link, PASSWORD).await, StatusCode::GONE, "it is good once");
        assert_eq!(owner.get(&link).await.status, StatusCode::GONE);
        confirm(&app, &Browser::manager(&app, "deuxieme").await, "nouvelle").await;
        assert_eq!(owner.sign_in("nouvelle", ANOTHER).await.to(), ENTERED);
        assert_eq!(manager.post(PATH, &invitation("nouvelle", "agent")).await.status, StatusCode::CONFLICT);

        // A link that is replaced, or a week old, opens nothing.
        manager.post(PATH, &invitation("lente", "agent")).await.page();
        let (first, id) = (link_sent(&app), id_of(&app, "lente").await);
        manager.post(&format!("{PATH}/{id}/lien"), &[]).await.page();
        assert_eq!(choose(&app, &first, ANOTHER).await, StatusCode::GONE);
        let second = link_sent(&app);
        app.real.advance(TimeDelta::days(7));
        assert_eq!(choose(&app, &second, ANOTHER).await, StatusCode::GONE);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_good_only_once_another_person_has_confirmed_it() {
    on_both(async |app: TestApp| {
        let first = Browser::manager(&app, "premiere").await;
        first.post(PATH, &invitation("prete-nom", "agent")).await.page();
        assert_eq!(choose(&app, &link_sent(&app), ANOTHER).await, StatusCode::OK);
        let refused = Browser::of(&app).sign_in("prete-nom", ANOTHER).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "an agent can be one of two people");
        first.post(PATH, &invitation("complice", "manager")).await.page();
        assert_eq!(choose(&app, &link_sent(&app), ANOTHER).await, StatusCode::OK);
        let mut owner = Browser::of(&app);
        assert_eq!(owner.sign_in("complice", ANOTHER).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let confirm = format!("{PATH}/{}/confirmer", id_of(&app, "complice").await);
        assert_eq!(first.post(&confirm, &[]).await.status, StatusCode::CONFLICT, "whoever invited cannot");
        let second = Browser::manager(&app, "deuxieme").await;
        assert_eq!(second.post(&confirm, &[]).await.to(), "/gestion/comptes?fait=compte");
        assert_eq!(owner.sign_in("complice", ANOTHER).await.to(), ENTERED);
        for role in ["administrator", "auditor", "prefect", ""] {
            let refused = first.post(PATH, &invitation("autre", role)).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{role}");
        }
        app.assert_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disabled_account_is_out_at_once_and_a_forgotten_password_is_no_end() {
    on_both(async |app: TestApp| {
        let manager = Browser::manager(&app, "responsable").await;
        manager.post(PATH, &invitation("agente", "agent")).await.page();
        choose(&app, &link_sent(&app), ANOTHER).await;
        let other = Browser::manager(&app, "deuxieme").await;
        confirm(&app, &other, "agente").await;
        let mut owner = Browser::of(&app);
        owner.sign_in("agente", ANOTHER).await;
        owner.get("/agent").await.page();
        let id = id_of(&app, "agente").await;
        // Forgotten: a link to her telephone, and her sessions end.
        manager.post(&format!("{PATH}/{id}/lien"), &[]).await.page();
        owner.get("/agent").await.page();
        let fresh = "huit tambours jaunes et froids";
        assert_eq!(choose(&app, &link_sent(&app), fresh).await, StatusCode::OK);
        assert_eq!(owner.get("/agent").await.to(), "/agent/connexion");
        assert_eq!(owner.sign_in("agente", fresh).await.to(), ENTERED);

        manager.post(&format!("{PATH}/{id}/desactiver"), &[]).await.to();
        assert_eq!(owner.get("/agent").await.to(), "/agent/connexion", "at once");
        assert_eq!(owner.sign_in("agente", fresh).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        manager.post(&format!("{PATH}/{id}/reactiver"), &[]).await.to();
        assert_eq!(owner.sign_in("agente", fresh).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        confirm(&app, &other, "agente").await;
        assert_eq!(owner.sign_in("agente", fresh).await.to(), ENTERED);
        let second = id_of(&app, "deuxieme").await;
        let alone = manager.post(&format!("{PATH}/{second}/desactiver"), &[]).await;
        assert_eq!(alone.status, StatusCode::CONFLICT, "a manager leaves no other alone");
        Browser::manager(&app, "troisieme").await;
        manager.post(&format!("{PATH}/{second}/desactiver"), &[]).await.to();
        let own = id_of(&app, "responsable").await;
        for action in ["desactiver", "lien", "second-facteur", "confirmer"] {
            let refused = manager.post(&format!("{PATH}/{own}/{action}"), &[]).await;
            assert_eq!(refused.status, StatusCode::CONFLICT, "{action}: not one's own account");
        }
    })
    .await;
}

/// The secret that the page offers, as an application reads it.
fn secret_in(page: &str) -> SecondFactor {
    let typed = page.split("class=\"code\">").nth(1).unwrap().split('<').next().unwrap().replace(' ', "");
    let value = |letter: u8| if letter.is_ascii_uppercase() { letter - b'A' } else { letter - b'2' + 26 };
    let bits: Vec<u8> =
        typed.bytes().flat_map(|letter| (0..5).rev().map(move |at| value(letter) >> at & 1)).collect();
    let byte = |bits: &[u8]| bits.iter().fold(0, |byte, bit| byte << 1 | bit);
    let secret: Vec<u8> = bits.chunks_exact(8).map(byte).collect();
    SecondFactor::of(&secret, "Passage", "x").unwrap()
}

fn hidden<'a>(page: &'a str, name: &str) -> &'a str {
    page.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap().split('"').next().unwrap()
}

const CODE: &str = "/agent/connexion/code";
const FACTOR: &str = "/agent/connexion/second-facteur";

#[tokio::test(flavor = "multi_thread")]
async fn where_it_is_required_nobody_gets_in_without_a_second_factor() {
    on_both_at(START, &[("PASSAGE__STAFF__SECOND_FACTOR", "required")], async |app: TestApp| {
        app.staff("agente", Role::Agent).await;
        let now = || u64::try_from(app.app.real.now().timestamp()).unwrap();
        let mut browser = Browser::of(&app);
        assert_eq!(browser.sign_in_first("agente", PASSWORD).await.to(), FACTOR);
        assert_eq!(browser.get("/agent/comptoir").await.to(), FACTOR, "nothing else opens");
        let page = browser.get(FACTOR).await.page();
        let factor = secret_in(&page);
        let fields = |code: &str| {
            vec![
                ("csrf".to_owned(), hidden(&page, "csrf").to_owned()),
                ("offer".to_owned(), hidden(&page, "offer").to_owned()),
                ("code".to_owned(), code.to_owned()),
            ]
        };
        let send = async |browser: &Browser, code: &str| {
            let fields = fields(code);
            let fields: Vec<(&str, &str)> =
                fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            browser.send_form(FACTOR, &fields).await
        };
        assert_eq!(send(&browser, "000000").await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let set = send(&browser, &factor.code(now())).await;
        browser.keep(&set).await;
        let codes = set.page();
        let recovery: Vec<String> = codes
            .split("<ol class=\"code\">")
            .nth(1)
            .unwrap()
            .split("</ol>")
            .next()
            .unwrap()
            .split("<li>")
            .skip(1)
            .map(|rest| rest.split('<').next().unwrap().to_owned())
            .collect();
        assert_eq!(recovery.len(), 10);
        browser.get("/agent/comptoir").await.page();

        // From now on each sign-in takes a code, and each code is good once.
        let code = factor.code(now());
        let mut other = Browser::of(&app);
        let second = other.sign_in_first("agente", PASSWORD).await;
        assert!(second.page().contains("name=\"code\""));
        assert_eq!(other.get("/agent").await.to(), CODE);
        let again = other.send_form(CODE, &[("code", &code)]).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "it was used to set it up");
        app.real.advance(TimeDelta::seconds(60));
        let passed = other.send_form(CODE, &[("code", &factor.code(now()))]).await;
        assert_eq!(passed.to(), ENTERED);
        other.keep(&passed).await;
        other.get("/agent").await.page();

        // A recovery code, once.
        let typed = format!(" {} ", recovery[0].to_lowercase());
        for good in [true, false] {
            let mut lost = Browser::of(&app);
            lost.sign_in_first("agente", PASSWORD).await;
            let passed = lost.send_form(CODE, &[("code", &typed)]).await;
            assert_eq!(passed.status.is_redirection(), good);
        }
    })
    .await;
}

/// Sets a second factor up in a browser that is signed in. Answers its code machine, and the page that follows.
async fn set_up(app: &TestApp, browser: &Browser, proof: &str) -> (SecondFactor, StatusCode, String) {
    let page = browser.get(FACTOR).await.page();
    let factor = secret_in(&page);
    let code = factor.code(u64::try_from(app.app.real.now().timestamp()).unwrap());
    let fields = [
        ("csrf", hidden(&page, "csrf")),
        ("offer", hidden(&page, "offer")),
        ("code", &code),
        ("proof", proof),
    ];
    let answer = browser.send_form(FACTOR, &fields).await;
    (factor, answer.status, answer.body)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_left_open_is_not_enough_to_replace_the_second_factor() {
    on_both(async |app: TestApp| {
        app.staff("agente", Role::Agent).await;
        let (mut browser, mut other) = (Browser::of(&app), Browser::of(&app));
        browser.sign_in("agente", PASSWORD).await;
        other.sign_in("agente", PASSWORD).await;
        let (_, status, body) = set_up(&app, &other, "pas le mot de passe").await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(body.contains("href=\"#proof\"") && body.contains("type=\"password\""), "{body}");
        let (first, status, _) = set_up(&app, &browser, PASSWORD).await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(other.get("/agent").await.to(), "/agent/connexion", "every other session ends");

        let code = |factor: &SecondFactor| {
            app.real.advance(TimeDelta::seconds(60));
            factor.code(u64::try_from(app.app.real.now().timestamp()).unwrap())
        };
        let mut here = Browser::of(&app);
        here.sign_in_first("agente", PASSWORD).await;
        let passed = here.send_form(CODE, &[("code", &code(&first))]).await;
        here.keep(&passed).await;
        for bad in ["", "000000", PASSWORD] {
            let (_, status, body) = set_up(&app, &here, bad).await;
            assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(body.contains("href=\"#proof\""), "{body}");
        }
        let (second, status, _) = set_up(&app, &here, &code(&first)).await;
        assert_eq!(status, StatusCode::OK);
        let mut again = Browser::of(&app);
        again.sign_in_first("agente", PASSWORD).await;
        let old = again.send_form(CODE, &[("code", &code(&first))]).await;
        assert_eq!(old.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(again.send_form(CODE, &[("code", &code(&second))]).await.to(), ENTERED);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn five_codes_are_looked_at_and_then_the_password_is_asked_again() {
    on_both(async |app: TestApp| {
        app.staff("agente", Role::Agent).await;
        let now = || u64::try_from(app.app.real.now().timestamp()).unwrap();
        let mut browser = Browser::of(&app);
        browser.sign_in("agente", PASSWORD).await;
        let (factor, status, _) = set_up(&app, &browser, PASSWORD).await;
        assert_eq!(status, StatusCode::OK);
        let mut guesser = Browser::of(&app);
        guesser.sign_in_first("agente", PASSWORD).await;
        app.real.advance(TimeDelta::seconds(60));
        for _ in 0..5 {
            assert_eq!(
                guesser.send_form(CODE, &[("code", "123456")]).await.status,
                StatusCode::UNPROCESSABLE_ENTITY
            );
        }
        let right = guesser.send_form(CODE, &[("code", &factor.code(now()))]).await;
        assert!(right.page_of(StatusCode::UNPROCESSABLE_ENTITY).contains("name=\"password\""));
        assert_eq!(guesser.get("/agent").await.to(), "/agent/connexion");
        // The password again gives no more codes without end: they are counted for the account, too.
        for _ in 0..3 {
            guesser.sign_in_first("agente", PASSWORD).await;
            for _ in 0..5 {
                guesser.send_form(CODE, &[("code", "123456")]).await;
            }
        }
        guesser.sign_in_first("agente", PASSWORD).await;
        app.real.advance(TimeDelta::seconds(60));
        let right = guesser.send_form(CODE, &[("code", &factor.code(now()))]).await;
        assert!(right.page_of(StatusCode::UNPROCESSABLE_ENTITY).contains("name=\"password\""));
        // Its owner, elsewhere, gets in.
        let opened = staff::log_in(&app.app, "agente", PASSWORD, "elsewhere").await.unwrap();
        let elsewhere = "198.51.100.7".parse().unwrap();
        staff::pass_code(&app.app, &opened.token, &factor.code(now()), "elsewhere", elsewhere).await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_second_factor_is_taken_away_by_two_people() {
    on_both(async |app: TestApp| {
        let agent = app.staff("agente", Role::Agent).await;
        let browser = {
            let mut browser = Browser::of(&app);
            browser.sign_in("agente", PASSWORD).await;
            browser
        };
        assert_eq!(set_up(&app, &browser, PASSWORD).await.1, StatusCode::OK);
        let (one, two) = (Browser::manager(&app, "une").await, Browser::manager(&app, "deux").await);
        let reset = format!("{PATH}/{agent}/second-facteur");
        one.post(&reset, &[]).await.to();
        assert_eq!(one.post(&reset, &[]).await.status, StatusCode::CONFLICT, "one alone cannot");
        let mut owner = Browser::of(&app);
        assert!(owner.sign_in_first("agente", PASSWORD).await.page().contains("name=\"code\""));
        two.post(&reset, &[]).await.to();
        assert_eq!(owner.sign_in("agente", PASSWORD).await.to(), ENTERED);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_ends_by_idleness_by_time_by_its_owner_and_by_a_new_password() {
    on_both(async |app: TestApp| {
        app.staff("agente", Role::Agent).await;
        let signed_in = async || {
            let mut browser = Browser::of(&app);
            browser.sign_in("agente", PASSWORD).await;
            browser
        };
        let idle = signed_in().await;
        app.real.advance(TimeDelta::minutes(29));
        idle.get("/agent").await.page();
        app.real.advance(TimeDelta::minutes(29));
        idle.get("/agent").await.page();
        app.real.advance(TimeDelta::minutes(31));
        assert_eq!(idle.get("/agent").await.to(), "/agent/connexion");

        let busy = signed_in().await;
        for _ in 0..36 {
            busy.get("/agent").await.page();
            app.real.advance(TimeDelta::minutes(20));
        }
        assert_eq!(busy.get("/agent").await.to(), "/agent/connexion", "twelve hours at most");

        let (here, there) = (signed_in().await, signed_in().await);
        let account = here.get("/agent/compte").await.page();
        let other = account.split("/agent/compte/sessions/").nth(1).unwrap().split('"').next().unwrap();
        here.post(&format!("/agent/compte/sessions/{other}"), &[]).await.to();
        assert_eq!(there.get("/agent").await.to(), "/agent/connexion");
        here.get("/agent").await.page();

        let there = signed_in().await;
        let change = |old: &'static str, new: &'static str| {
            [("old_password", old), ("password", new), ("password_again", new)]
        };
        let to = "/agent/compte/mot-de-passe";
        assert_eq!(here.post(to, &change("faux faux faux", ANOTHER)).await.status, StatusCode::CONFLICT);
        assert_eq!(
            here.post(to, &change(PASSWORD, "aaaaaaaaaaaa")).await.status,
            StatusCode::UNPROCESSABLE_ENTITY
        );
        assert_eq!(here.post(to, &change(PASSWORD, ANOTHER)).await.to(), "/agent/compte?fait=mot-de-passe");
        here.get("/agent").await.page();
        assert_eq!(there.get("/agent").await.to(), "/agent/connexion");

        // Nobody ends a colleague's.
        let stranger = Browser::agent(&app, "collegue").await;
        let account = here.get("/agent/compte").await.page();
        assert!(account.contains("C&#39;est celle-ci"));
        let mine = app
            .app
            .store
            .sessions_of(
                app.app.store.staff_by_login("agente".into()).await.unwrap().unwrap().id,
                app.app.real.now(),
            )
            .await
            .unwrap();
        let refused = stranger.post(&format!("/agent/compte/sessions/{}", mine[0].id), &[]).await;
        assert_eq!(refused.status, StatusCode::CONFLICT);
        here.get("/agent").await.page();
    })
    .await;
}

#[tokio::test]
async fn an_administrator_sets_accounts_up_everywhere_and_opens_nobodys_data() {
    let app = TestApp::sqlite().await;
    let entry = app.register(app.first, 1).await;
    let admin = Browser::signed_in(&app, app.prefecture, "admin", Role::Administrator).await;
    for path in [
        "/agent/comptoir",
        "/agent/demandes",
        &format!("/agent/demandes/{entry}"),
        "/gestion/creneaux",
        "/gestion/lectures",
    ] {
        assert_eq!(admin.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    admin.get("/agent").await.page();
    let prefecture = app.prefecture.to_string();
    let mut fields = invitation("controle", "auditor");
    fields.push(("prefecture", &prefecture));
    admin.post(PATH, &fields).await.page();
    assert_eq!(choose(&app, &link_sent(&app), ANOTHER).await, StatusCode::OK);
    let second = staff::add(&app.app, app.prefecture, "admin2", PASSWORD, Role::Administrator).await;
    second.unwrap();
    let mut other = Browser::of(&app);
    other.sign_in("admin2", PASSWORD).await;
    other.post(&format!("{PATH}/{}/confirmer", id_of(&app, "controle").await), &[]).await.to();
    let mut auditor = Browser::of(&app);
    assert_eq!(auditor.sign_in("controle", ANOTHER).await.to(), ENTERED);
    auditor.get(&format!("/agent/demandes/{entry}")).await.page();
    assert_eq!(
        auditor.post(&format!("/agent/demandes/{entry}/pause"), &[]).await.status,
        StatusCode::FORBIDDEN
    );
    let login = staff::log_in(&app.app, "inconnu", PASSWORD, "").await;
    assert!(matches!(login, Err(FlowError::Refused(Refusal::Login))));
}
