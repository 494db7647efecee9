//! The listener of the operators: whether this process lives, whether it can serve, what is wrong with the
//! installation, and its metrics. It has an address of its own, which the proxy does not publish, and which a
//! process without pages has too.

mod exposition;

use std::fmt::Write as _;
use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::json;

use crate::domain::alarm::Alarm;
use crate::flow::{App, health};
use crate::locale::Lang;
use crate::web::shared::alarm_words;

/// Its pages.
pub fn router(app: Arc<App>) -> Router {
    Router::new()
        .route("/livez", get(async || "ok\n"))
        .route("/readyz", get(ready))
        .route("/alarms", get(alarms))
        .route("/metrics", get(metrics))
        .with_state(app)
}

/// Whether this process can serve: its database answers and takes writes, and has no newer migration.
async fn ready(State(app): State<Arc<App>>) -> Response {
    match health::unready(&app).await {
        None => "ok\n".into_response(),
        Some(fault) => (StatusCode::SERVICE_UNAVAILABLE, format!("{fault}\n")).into_response(),
    }
}

/// What is wrong, the worst first: text, or JSON for whoever prefers it.
async fn alarms(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    let header = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("");
    let lang = Lang::wanted(header(header::ACCEPT_LANGUAGE)).unwrap_or_default();
    let report = health::report(&app).await;
    if header(header::ACCEPT).contains("json") {
        let alarms: Vec<_> = report.alarms.iter().map(|alarm| document(lang, alarm)).collect();
        return Json(json!({ "at": report.vitals.now, "alarms": alarms })).into_response();
    }
    let mut text = format!("{} alarm(s)\n", report.alarms.len());
    for alarm in &report.alarms {
        let since = alarm.since.map(|since| format!(" since {}", since.to_rfc3339())).unwrap_or_default();
        let _ = writeln!(text, "{}{since}: {}", alarm.kind, alarm_words::sentence(lang, alarm));
    }
    text.into_response()
}

fn document(lang: Lang, alarm: &Alarm) -> serde_json::Value {
    json!({
        "alarm": alarm.kind,
        "subject": alarm.subject,
        "since": alarm.since,
        "detail": alarm.detail,
        "sentence": alarm_words::sentence(lang, alarm),
    })
}

async fn metrics(State(app): State<Arc<App>>) -> Response {
    let kind = [(header::CONTENT_TYPE, prometheus_client::encoding::prometheus_text::CONTENT_TYPE)];
    (kind, exposition::text(&app, &*health::report(&app).await)).into_response()
}
