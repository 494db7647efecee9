//! What cannot be served, as programs are told: a problem document (RFC 9457).

use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::{Value, json};

use super::common::TestApp;
use super::web::{Answer, get, post, send};

#[track_caller]
fn problem(answer: &Answer, word: &str, status: StatusCode) -> Value {
    assert_eq!(answer.header("content-type"), "application/problem+json", "{}", answer.body);
    let problem: Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(problem["type"], format!("urn:passage:problem:{word}"));
    assert_eq!((answer.status, &problem["status"]), (status, &json!(status.as_u16())));
    problem
}

#[tokio::test]
async fn a_program_is_told_in_json_what_cannot_be_served() {
    let test = TestApp::sqlite().await;
    let draw = "00000000-0000-0000-0000-000000000001";
    for path in [
        "/p/demonstration/ailleurs/tirages.json".to_owned(),
        format!("/tirages/{draw}/bundle.json"),
        format!("/tirages/{draw}/liste.json"),
        format!("/tirages/{draw}/controle.json"),
        format!("/journal/tirages/{draw}.json"),
        format!("/journal/tirages/{draw}"),
        "/journal/coherence.json?de=5&a=6000".to_owned(),
        "/nulle/part.json".to_owned(),
    ] {
        let unknown = problem(&get(&test.app, &path).await, "not-found", StatusCode::NOT_FOUND);
        let expected = json!({
            "type": "urn:passage:problem:not-found", "title": "Page introuvable", "status": 404
        });
        assert_eq!(unknown, expected, "{path}");
    }
    let posted = post(&test.app, "/journal/tete.json", &[]).await;
    problem(&posted, "method", StatusCode::METHOD_NOT_ALLOWED);
    let english = Request::get("/nulle/part.json").header("accept-language", "en").body(Body::empty());
    let english = problem(&send(&test.app, english.unwrap()).await, "not-found", StatusCode::NOT_FOUND);
    assert_eq!(english["title"], "Page not found");
    let page = get(&test.app, &format!("/tirages/{draw}")).await;
    assert_eq!(
        (page.status, page.header("content-type")),
        (StatusCode::NOT_FOUND, "text/html; charset=utf-8")
    );
}

#[tokio::test]
async fn a_problem_that_replaces_a_compressed_line_is_not_called_compressed() {
    let test = TestApp::sqlite().await;
    let request = Request::get("/journal/coherence.json").header("accept-encoding", "gzip");
    let answer = send(&test.app, request.body(Body::empty()).unwrap()).await;
    problem(&answer, "bad-request", StatusCode::BAD_REQUEST);
    assert_eq!(answer.header("content-encoding"), "");
}

#[tokio::test]
async fn a_program_that_asks_too_often_is_told_when_to_come_back() {
    let test = TestApp::sqlite().await;
    let path = "/journal/coherence.json?de=5&a=6000";
    for _ in 0..120 {
        problem(&get(&test.app, path).await, "not-found", StatusCode::NOT_FOUND);
    }
    let refused = get(&test.app, path).await;
    let told = problem(&refused, "too-many", StatusCode::TOO_MANY_REQUESTS);
    assert!(told["detail"].as_str().unwrap().contains("1 minute"), "{told}");
    assert!((1..=60).contains(&refused.header("retry-after").parse().unwrap()));
}

#[tokio::test]
async fn a_failure_is_told_to_a_program_by_its_reference_alone() {
    let test = TestApp::sqlite().await;
    let database = sqlx::SqlitePool::connect(test.app.config.database.url.expose()).await.unwrap();
    sqlx::query("DROP TABLE signed_head").execute(&database).await.unwrap();
    database.close().await;
    let failed = get(&test.app, "/journal/tete.json").await;
    let told = problem(&failed, "internal", StatusCode::INTERNAL_SERVER_ERROR);
    assert!(told["reference"].as_str().is_some_and(|reference| !reference.is_empty()), "{told}");
    let mut names: Vec<_> = told.as_object().unwrap().keys().collect();
    names.sort();
    assert_eq!(names, ["reference", "status", "title", "type"]);
    assert!(!failed.body.to_lowercase().contains("sql"), "{}", failed.body);
}

#[tokio::test]
async fn a_database_that_cannot_serve_is_no_failure_and_says_when_to_come_back() {
    let test = TestApp::sqlite().await;
    test.app.store.close().await;
    let refused = get(&test.app, "/journal/tete.json").await;
    problem(&refused, "unavailable", StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(refused.header("retry-after"), "10");
    let page = get(&test.app, "/p/demonstration/renouvellement/tirages").await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE, "{}", page.body);
    assert!(page.body.contains("Service interrompu"), "{}", page.body);
}
