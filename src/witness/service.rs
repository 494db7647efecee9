//! The receiver over HTTP: `POST /tete` takes a delivery, the rest shows what was seen. `/etat.json`
//! answers 500 for ever once something is wrong, so that even a simple monitoring tool notices.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};
use tower_http::timeout::{RequestBodyDeadlineLayer, TimeoutLayer};

use super::ledger::{Answer, Ledger, SeenFreeze};
use crate::clock::RealClock;
use crate::journal::Push;

/// A delivery is small; a sender that needs longer has to retry.
const TIMEOUT: Duration = Duration::from_secs(20);

#[derive(Clone)]
struct Witness {
    ledger: Arc<Mutex<Ledger>>,
    clock: RealClock,
}

/// The addresses of a witness.
pub fn router(ledger: Ledger, clock: RealClock) -> Router {
    Router::new()
        .route("/", get(summary))
        .route("/tete", post(receive).get(head))
        .route("/etat.json", get(state))
        .route("/tirages.json", get(freezes))
        .route("/tirages/{draw}", get(freeze))
        .route("/alarmes.json", get(alarms))
        .layer(DefaultBodyLimit::max(Push::BYTES_MAX))
        .layer(RequestBodyDeadlineLayer::new(TIMEOUT))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, TIMEOUT))
        .with_state(Witness { ledger: Arc::new(Mutex::new(ledger)), clock })
}

impl Witness {
    /// A panic while writing leaves the state in memory unchanged: it is updated after the files.
    fn read<T>(&self, ask: impl FnOnce(&Ledger) -> T) -> T {
        ask(&self.ledger.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

async fn receive(State(witness): State<Witness>, headers: HeaderMap, body: Bytes) -> Response {
    let signature = headers.get(Push::SIGNATURE_HEADER).and_then(|value| hex::decode(value.as_bytes()).ok());
    let Some(signature) = signature else {
        return said(StatusCode::FORBIDDEN, "the delivery is not signed");
    };
    let judged = tokio::task::spawn_blocking(move || {
        let now = witness.clock.now();
        let mut ledger = witness.ledger.lock().unwrap_or_else(PoisonError::into_inner);
        ledger.receive(&body, &signature, now)
    });
    match judged.await {
        Ok(Ok(answer)) => answered(answer),
        Ok(Err(error)) => {
            tracing::error!(%error, "a delivery could not be kept");
            said(StatusCode::SERVICE_UNAVAILABLE, "it could not be kept; send it again")
        }
        Err(error) => {
            tracing::error!(%error, "a delivery could not be judged");
            said(StatusCode::SERVICE_UNAVAILABLE, "it could not be judged")
        }
    }
}

fn answered(answer: Answer) -> Response {
    match answer {
        Answer::Kept { size, root, late } => {
            Json(json!({ "size": size, "root": hex::encode(root), "late": late })).into_response()
        }
        Answer::Behind { size } => {
            (StatusCode::PRECONDITION_FAILED, Json(json!({ "size": size }))).into_response()
        }
        Answer::NotSigned => said(StatusCode::FORBIDDEN, "the delivery is not signed by the log kept here"),
        Answer::Unreadable(why) => said(StatusCode::UNPROCESSABLE_ENTITY, &why),
        Answer::Contradiction(wrong, why) => {
            (StatusCode::CONFLICT, Json(json!({ "wrong": wrong, "why": why }))).into_response()
        }
    }
}

fn said(status: StatusCode, why: &str) -> Response {
    (status, Json(json!({ "why": why }))).into_response()
}

async fn summary(State(witness): State<Witness>) -> String {
    witness.read(|ledger| {
        let seen = match ledger.newest() {
            Some(head) => {
                format!("{} rows, root {}, seen at {}", head.size, hex::encode(head.root.0), head.seen_at)
            }
            None => "nothing yet".to_owned(),
        };
        let alarms: Vec<String> =
            ledger.alarms().iter().map(|alarm| format!("ALARM {}: {}\n", alarm.seen_at, alarm.why)).collect();
        format!(
            "A witness of the log {}\n\nNewest head: {seen}\nFreezes seen: {}\nAlarms: {}\n{}\n\
             /etat.json  /tete  /tirages.json  /tirages/DRAW  /alarmes.json\n",
            ledger.key(),
            ledger.freezes().count(),
            alarms.len(),
            alarms.concat(),
        )
    })
}

async fn state(State(witness): State<Witness>) -> Response {
    let (alarms, body) = witness.read(|ledger| {
        let newest = ledger.newest();
        let body = json!({
            "log": ledger.key().to_string(),
            "size": newest.map_or(0, |head| head.size),
            "root": newest.map(|head| head.root),
            "seen_at": newest.map(|head| &head.seen_at),
            "freezes": ledger.freezes().count(),
            "alarms": ledger.alarms().len(),
        });
        (ledger.alarms().len(), body)
    });
    let status = if alarms == 0 { StatusCode::OK } else { StatusCode::INTERNAL_SERVER_ERROR };
    (status, Json(body)).into_response()
}

async fn head(State(witness): State<Witness>) -> Response {
    match witness.read(|ledger| ledger.newest().map(|head| head.note.clone())) {
        Some(note) => ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], note).into_response(),
        None => said(StatusCode::NOT_FOUND, "nothing was seen yet"),
    }
}

async fn freezes(State(witness): State<Witness>) -> Json<Vec<SeenFreeze>> {
    Json(witness.read(|ledger| ledger.freezes().cloned().collect()))
}

async fn freeze(State(witness): State<Witness>, Path(draw): Path<String>) -> Response {
    let draw = draw.strip_suffix(".json").unwrap_or(&draw).parse();
    let found = draw.ok().and_then(|draw| witness.read(|ledger| ledger.freeze_of(draw).cloned()));
    match found {
        Some(seen) => Json(seen).into_response(),
        None => said(StatusCode::NOT_FOUND, "no list of this draw was seen"),
    }
}

async fn alarms(State(witness): State<Witness>) -> Json<Value> {
    Json(witness.read(|ledger| json!(ledger.alarms())))
}
