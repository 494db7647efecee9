//! Signing in and out, and forms that were not sent from our pages.

use std::net::SocketAddr;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, StatusCode, header};

use crate::browser::{Answer, Browser, ENTERED, encoded};
use crate::common::{PASSWORD, TestApp, on_both};
use passage::domain::actor::Role;
use passage::domain::ids::StaffId;
use passage::identity::password::{Cost, Passwords};
use passage::store::commands::NewStaff;
use passage::vault::system_rng;
use uuid::Uuid;

#[tokio::test]
async fn an_unknown_login_and_a_wrong_password_read_the_same() {
    on_both(async |app: TestApp| {
        app.staff("agent", Role::Agent).await;
        let mut browser = Browser::of(&app);
        let wrong = browser.sign_in("agent", "pas le bon mot de passe").await;
        let unknown = browser.sign_in("inconnu", "pas le bon mot de passe").await;
        assert_eq!(
            (wrong.status, unknown.status),
            (StatusCode::UNPROCESSABLE_ENTITY, StatusCode::UNPROCESSABLE_ENTITY)
        );
        assert_eq!(wrong.body.replace("\"agent\"", ""), unknown.body.replace("\"inconnu\"", ""));
        assert!(!wrong.headers.contains_key(header::SET_COOKIE));
        assert_eq!(browser.sign_in("Agent ", PASSWORD).await.to(), ENTERED);
    })
    .await;
}

#[tokio::test]
async fn a_sign_in_upgrades_a_hash_that_was_made_at_another_cost() {
    on_both(async |app: TestApp| {
        let cost = Cost { memory_kib: 16, ..Cost::LOWEST };
        let former = Passwords::new(cost, &mut system_rng()).unwrap();
        let password_hash = former.rehash(PASSWORD, &mut system_rng()).await.unwrap();
        let new = NewStaff {
            id: StaffId(Uuid::from_u128(7)),
            prefecture: app.prefecture,
            login: "agent".to_owned(),
            password_hash: password_hash.clone(),
            role: Role::Agent,
            full_name: None,
            phone: None,
            sites: Vec::new(),
            also_reads: Vec::new(),
            invited_by: None,
        };
        assert!(app.app.store.add_staff(new, app.app.business.now()).await.unwrap());
        let stored =
            async || app.app.store.staff_by_login("agent".to_owned()).await.unwrap().unwrap().password_hash;
        let mut browser = Browser::of(&app);
        browser.sign_in("agent", "pas le bon mot de passe").await;
        assert_eq!(stored().await, password_hash);
        assert_eq!(browser.sign_in("agent", PASSWORD).await.to(), ENTERED);
        let upgraded = stored().await;
        assert!(!app.app.passwords.is_outdated(&upgraded), "{upgraded}");
        assert_eq!(browser.sign_in("agent", PASSWORD).await.to(), ENTERED);
        assert_eq!(stored().await, upgraded);
    })
    .await;
}

#[tokio::test]
async fn guessing_a_password_is_slowed_down() {
    let app = TestApp::sqlite().await;
    app.staff("agent", Role::Agent).await;
    let mut browser = Browser::of(&app);
    for _ in 0..8 {
        assert_eq!(browser.sign_in("agent", "deviner encore").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let refused = browser.sign_in("agent", PASSWORD).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(refused.headers.contains_key(header::RETRY_AFTER));
}

/// One try from an address, with the cookies that a browser has kept.
async fn try_from(app: &TestApp, address: &str, cookies: &str, login: &str, password: &str) -> Answer {
    let mut request = Request::post("/agent/connexion")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::COOKIE, cookies)
        .body(Body::from(encoded(&[("login", login), ("password", password)])))
        .unwrap();
    request.extensions_mut().insert(ConnectInfo(SocketAddr::new(address.parse().unwrap(), 40_000)));
    Browser::of(app).send(request).await
}

/// What a browser keeps of an answer.
fn kept(answer: &Answer) -> String {
    let pairs = answer.headers.get_all(header::SET_COOKIE).iter();
    pairs.map(|set| set.to_str().unwrap().split(';').next().unwrap()).collect::<Vec<_>>().join("; ")
}

#[tokio::test]
async fn right_passwords_never_count() {
    let app = TestApp::sqlite().await;
    app.staff("agent", Role::Agent).await;
    for n in 0..12 {
        let answer = try_from(&app, "203.0.113.9", "", "agent", PASSWORD).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "sign-in {n}");
    }
}

#[tokio::test]
async fn wrong_passwords_do_not_refuse_a_colleague_nor_another_address() {
    let app = TestApp::sqlite().await;
    app.staff("agent", Role::Agent).await;
    app.staff("collegue", Role::Agent).await;
    for _ in 0..10 {
        try_from(&app, "203.0.113.9", "", "agent", "deviner encore").await;
    }
    let refused = try_from(&app, "203.0.113.9", "", "agent", PASSWORD).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(refused.body.contains("cet identifiant, depuis votre connexion"), "{}", refused.body);
    for (address, login) in [("203.0.113.9", "collegue"), ("203.0.113.10", "agent")] {
        let answer = try_from(&app, address, "", login, PASSWORD).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{login} from {address}");
    }
}

#[tokio::test]
async fn a_login_attacked_from_everywhere_still_opens_in_its_owners_browser() {
    let app = TestApp::sqlite().await;
    app.staff("agent", Role::Agent).await;
    app.staff("collegue", Role::Agent).await;
    let home = "2001:db8:1::1";
    let own = kept(&try_from(&app, home, "", "agent", PASSWORD).await);
    let others = kept(&try_from(&app, home, "", "collegue", PASSWORD).await);
    for n in 0..100 {
        let address = format!("2001:db8:{n:x}:ffff::1");
        let answer = try_from(&app, &address, "", "agent", "deviner encore").await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "guess {n}");
    }
    for cookies in ["", &others] {
        let refused = try_from(&app, "2001:db8:2:7::1", cookies, "agent", PASSWORD).await;
        assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
        assert!(refused.body.contains("depuis plusieurs endroits"), "{}", refused.body);
        assert!(refused.headers.contains_key(header::RETRY_AFTER));
    }
    // Also from another address, and also where somebody has tried the login from the owner's own.
    for _ in 0..9 {
        try_from(&app, home, "", "agent", "deviner encore").await;
    }
    for address in [home, "198.51.100.4"] {
        assert_eq!(try_from(&app, address, &own, "agent", PASSWORD).await.status, StatusCode::SEE_OTHER);
    }
    // The cookie is no way around the limit.
    for _ in 0..8 {
        try_from(&app, home, &own, "agent", "deviner encore").await;
    }
    let refused = try_from(&app, home, &own, "agent", PASSWORD).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn signing_out_ends_the_session_everywhere() {
    let app = TestApp::sqlite().await;
    let browser = Browser::agent(&app, "agent").await;
    browser.get("/agent").await.page();
    assert_eq!(browser.get("/agent/connexion").await.to(), "/agent");
    assert_eq!(browser.post("/agent/deconnexion", &[]).await.to(), "/agent/connexion");
    assert_eq!(browser.get("/agent").await.to(), "/agent/connexion");
}

#[tokio::test]
async fn a_form_without_the_sessions_mark_or_from_elsewhere_does_nothing() {
    let app = TestApp::sqlite().await;
    let browser = Browser::agent(&app, "agent").await;
    let colleague = Browser::agent(&app, "collegue").await;
    for mark in ["", "00", colleague.csrf.as_str()] {
        let answer = browser.send_form("/agent/deconnexion", &[("csrf", mark)]).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "mark {mark}");
    }
    for (name, value) in
        [("origin", "https://ailleurs.example"), ("sec-fetch-site", "cross-site"), ("origin", "null")]
    {
        let request = Request::post("/agent/deconnexion")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(name, value)
            .body(Body::from(format!("csrf={}", browser.csrf)));
        let answer = browser.send(request.unwrap()).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{name}: {value}");
    }
    browser.get("/agent").await.page();
}

#[tokio::test]
async fn a_sign_in_sent_from_elsewhere_opens_nothing() {
    let app = TestApp::sqlite().await;
    app.staff("agent", Role::Agent).await;
    let request = Request::post("/agent/connexion")
        .header("sec-fetch-site", "cross-site")
        .body(Body::from(encoded(&[("login", "agent"), ("password", PASSWORD)])));
    let answer = Browser::of(&app).send(request.unwrap()).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert!(!answer.headers.contains_key(header::SET_COOKIE));
}

#[tokio::test]
async fn a_browser_that_keeps_no_cookie_is_told_so() {
    let app = TestApp::sqlite().await;
    let mut browser = Browser::agent(&app, "agent").await;
    assert_eq!(browser.get(ENTERED).await.to(), "/agent", "who is signed in goes on");
    browser = Browser::of(&app);
    let lost = browser.get(ENTERED).await.page();
    assert!(lost.contains("votre navigateur n&#39;a pas gardé la session"), "{lost}");
    assert!(lost.contains(&app.app.config.http.public_url), "{lost}");
    assert!(!browser.get("/agent/connexion").await.page().contains("gardé la session"));
}
