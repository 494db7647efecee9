//! The gateway against local servers that speak the protocol, well and badly.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract::{Form, Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::*;

fn gateway(base_url: &str) -> TwilioCarrier {
    let account = TwilioAccount {
        base_url: base_url.to_owned(),
        sid: "AC42".into(),
        token: Zeroizing::new("secret".into()),
        sender: "Prefecture".into(),
        receipts_url: Some("https://passage.example/recus/sms".into()),
    };
    let timeouts = Timeouts { connect: Duration::from_millis(500), total: Duration::from_millis(800) };
    TwilioCarrier::new(account, timeouts).expect("a good address")
}

fn message() -> Message {
    Message {
        id: Uuid::from_u128(42),
        to: "+33600000042".into(),
        rendered: Rendered { text: "Rendez-vous fixé & confirmé: 1+1=2".into(), ..Rendered::default() },
    }
}

type Seen = Arc<Mutex<Vec<(HeaderMap, HashMap<String, String>)>>>;
type Answer = fn() -> Response;

/// A server that gives one answer to every message, and remembers them.
async fn serving(answer: Answer) -> (String, Seen) {
    async fn take(
        State((seen, answer)): State<(Seen, Answer)>,
        Path(account): Path<String>,
        headers: HeaderMap,
        Form(mut form): Form<HashMap<String, String>>,
    ) -> Response {
        form.insert("account".into(), account);
        seen.lock().expect("not poisoned").push((headers, form));
        answer()
    }
    let seen = Seen::default();
    let app = Router::new()
        .route("/2010-04-01/Accounts/{account}/Messages.json", post(take))
        .with_state((seen.clone(), answer));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("bound");
    let url = format!("http://{}", listener.local_addr().expect("bound"));
    tokio::spawn(async move { axum::serve(listener, app).await });
    (url, seen)
}

async fn outcome(answer: Answer) -> Result<Accepted, SendError> {
    let (url, seen) = serving(answer).await;
    let outcome = gateway(&url).send(&message()).await;
    assert_eq!(seen.lock().expect("not poisoned").len(), 1, "sent once");
    outcome
}

/// A server below HTTP: it reads the request, then does as told.
async fn raw<F, R>(then: F) -> (String, tokio::task::JoinHandle<usize>)
where
    F: Fn(TcpStream) -> R + Send + 'static,
    R: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("bound");
    let url = format!("http://{}", listener.local_addr().expect("bound"));
    let server = tokio::spawn(async move {
        let mut taken = 0;
        let quiet = Duration::from_millis(1200);
        while let Ok(Ok((mut stream, _))) = tokio::time::timeout(quiet, listener.accept()).await {
            taken += 1;
            let mut request = vec![0; 8192];
            let read = stream.read(&mut request).await;
            assert!(read.is_ok_and(|bytes| bytes > 0));
            tokio::spawn(then(stream));
        }
        taken
    });
    (url, server)
}

async fn raw_outcome<F, R>(then: F) -> SendError
where
    F: Fn(TcpStream) -> R + Send + 'static,
    R: Future<Output = ()> + Send + 'static,
{
    let (url, server) = raw(then).await;
    let outcome = gateway(&url).send(&message()).await;
    assert_eq!(server.await.expect("ended"), 1, "tried once");
    outcome.expect_err("no answer is no acceptance")
}

fn created() -> Response {
    (StatusCode::CREATED, Json(json!({"sid": "SM1", "status": "queued"}))).into_response()
}

#[tokio::test]
async fn an_accepted_message_carries_all_the_gateway_needs() {
    let (url, seen) = serving(created).await;
    let accepted = gateway(&url).send(&message()).await.expect("accepted");
    assert_eq!(accepted.gateway_id, "SM1");
    let (headers, form) = seen.lock().expect("not poisoned").remove(0);
    assert_eq!(headers[header::AUTHORIZATION], "Basic QUM0MjpzZWNyZXQ=");
    assert_eq!(form["account"], "AC42");
    assert_eq!(form["To"], message().to);
    assert_eq!(form["From"], "Prefecture");
    assert_eq!(form["Body"], message().rendered.text);
    let receipts = format!("https://passage.example/recus/sms/{}", message().id);
    assert_eq!(form["StatusCallback"], receipts);
}

#[tokio::test]
async fn a_refusal_keeps_the_gateways_code_and_not_its_words() {
    let error = outcome(|| {
        let fault = json!({"code": 21211, "message": "'To' +33600000042 is invalid"});
        (StatusCode::BAD_REQUEST, Json(fault)).into_response()
    });
    let Err(SendError::Refused { code, reason }) = error.await else {
        panic!("not refused");
    };
    assert_eq!(code, "21211");
    assert!(!reason.contains("+336"));
}

#[tokio::test]
async fn a_refusal_in_html_is_still_a_refusal() {
    let page = || (StatusCode::UNPROCESSABLE_ENTITY, "<html>Refused</html>").into_response();
    let error = outcome(page).await;
    assert!(matches!(error, Err(SendError::Refused { code, .. }) if code == "http-422"));
}

#[tokio::test]
async fn an_account_that_is_refused_is_ours_to_mend() {
    for answer in [
        (|| (StatusCode::UNAUTHORIZED, Json(json!({"code": 20003}))).into_response()) as Answer,
        || StatusCode::FORBIDDEN.into_response(),
        || StatusCode::NOT_FOUND.into_response(),
        || (StatusCode::BAD_REQUEST, Json(json!({"code": 21212}))).into_response(),
    ] {
        let error = outcome(answer).await;
        assert!(
            matches!(&error, Err(SendError::Misconfigured(fault)) if fault.contains("check notices.sms.")),
            "{error:?}"
        );
    }
}

#[tokio::test]
async fn a_gateway_that_asks_to_wait_has_sent_nothing() {
    let busy = outcome(|| StatusCode::TOO_MANY_REQUESTS.into_response()).await;
    assert!(matches!(busy, Err(SendError::NotSent(_))));
    let down = outcome(|| StatusCode::SERVICE_UNAVAILABLE.into_response()).await;
    assert!(matches!(down, Err(SendError::NotSent(_))));
}

#[tokio::test]
async fn a_failing_gateway_may_have_sent() {
    let failed = outcome(|| StatusCode::INTERNAL_SERVER_ERROR.into_response()).await;
    assert!(matches!(failed, Err(SendError::Unknown(_))));
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let moved = outcome(|| {
        let to = [(header::LOCATION, "/2010-04-01/Accounts/AC42/Messages.json")];
        (StatusCode::TEMPORARY_REDIRECT, to).into_response()
    });
    assert!(matches!(moved.await, Err(SendError::NotSent(_))));
}

#[tokio::test]
async fn a_success_without_an_id_is_unknown() {
    let page = outcome(|| (StatusCode::OK, "<html>Welcome</html>").into_response()).await;
    assert!(matches!(page, Err(SendError::Unknown(_))));
    let empty = outcome(|| (StatusCode::CREATED, Json(json!({"sid": ""}))).into_response()).await;
    assert!(matches!(empty, Err(SendError::Unknown(_))));
}

#[tokio::test]
async fn an_endless_answer_is_cut_short() {
    let endless = outcome(|| (StatusCode::CREATED, "x".repeat(10_000_000)).into_response()).await;
    assert_eq!(endless, Err(SendError::Unknown("the gateway's answer is too long".into())));
}

#[tokio::test]
async fn an_unreachable_gateway_has_sent_nothing() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("bound");
    let url = format!("http://{}", listener.local_addr().expect("bound"));
    drop(listener);
    let error = gateway(&url).send(&message()).await;
    assert!(matches!(error, Err(SendError::NotSent(_))));
}

#[tokio::test]
async fn a_failed_tls_handshake_has_sent_nothing() {
    let (url, _seen) = serving(created).await;
    let error = gateway(&url.replace("http:", "https:")).send(&message()).await;
    assert!(matches!(error, Err(SendError::NotSent(_))), "{error:?}");
}

#[tokio::test]
async fn a_connection_dropped_after_the_request_is_unknown_and_not_retried() {
    let error = raw_outcome(|stream| async move { drop(stream) }).await;
    assert!(matches!(error, SendError::Unknown(_)), "{error:?}");
}

#[tokio::test]
async fn a_stalled_gateway_is_unknown_and_not_retried() {
    let error = raw_outcome(|stream| async move {
        tokio::time::sleep(Duration::from_secs(5)).await;
        drop(stream);
    });
    let error = error.await;
    assert!(matches!(error, SendError::Unknown(_)), "{error:?}");
}

#[tokio::test]
async fn an_answer_cut_after_its_acceptance_is_unknown() {
    let error = raw_outcome(|mut stream| async move {
        let head = b"HTTP/1.1 201 Created\r\ncontent-length: 500\r\n\r\n{\"sid\": \"SM";
        let _ = stream.write_all(head).await;
    });
    let error = error.await;
    assert!(matches!(error, SendError::Unknown(_)), "{error:?}");
}

#[tokio::test]
async fn what_the_gateway_would_refuse_does_not_leave() {
    let nowhere = gateway("http://127.0.0.1:9");
    let mut long = message();
    long.rendered.text = "é".repeat(1601);
    let error = nowhere.send(&long).await;
    assert!(matches!(error, Err(SendError::Refused { code, .. }) if code == "21617"));
    let empty = Message { rendered: Rendered::default(), ..message() };
    let error = nowhere.send(&empty).await;
    assert!(matches!(error, Err(SendError::Refused { code, .. }) if code == "21602"));
}

#[test]
fn a_bad_address_is_refused_at_start() {
    let account = TwilioAccount {
        base_url: "ftp://example.org".into(),
        sid: "AC42".into(),
        token: Zeroizing::new(String::new()),
        sender: String::new(),
        receipts_url: None,
    };
    let made = TwilioCarrier::new(account, Timeouts::default());
    assert!(matches!(made, Err(GatewayError::BaseUrl)));
}
