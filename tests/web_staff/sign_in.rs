//! Signing in and out, and forms that were not sent from our pages.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};

use crate::browser::{Browser, encoded};
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
        assert_eq!(browser.sign_in("Agent ", PASSWORD).await.to(), "/agent");
    })
    .await;
}

#[tokio::test]
async fn a_sign_in_upgrades_a_hash_that_was_made_at_another_cost() {
    on_both(async |app: TestApp| {
        let cost = Cost { memory_kib: 16, ..Cost::LOWEST };
        let former = Passwords::new(cost, &mut system_rng()).unwrap();
        let password_hash = former.hash(PASSWORD, &mut system_rng()).await.unwrap();
        let new = NewStaff {
            id: StaffId(Uuid::from_u128(7)),
            prefecture: app.prefecture,
            login: "agent".to_owned(),
            password_hash: password_hash.clone(),
            role: Role::Agent,
        };
        assert!(app.app.store.add_staff(new, app.app.business.now()).await.unwrap());
        let stored =
            async || app.app.store.staff_by_login("agent".to_owned()).await.unwrap().unwrap().password_hash;
        let mut browser = Browser::of(&app);
        browser.sign_in("agent", "pas le bon mot de passe").await;
        assert_eq!(stored().await, password_hash);
        assert_eq!(browser.sign_in("agent", PASSWORD).await.to(), "/agent");
        let upgraded = stored().await;
        assert!(!app.app.passwords.is_outdated(&upgraded), "{upgraded}");
        assert_eq!(browser.sign_in("agent", PASSWORD).await.to(), "/agent");
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
