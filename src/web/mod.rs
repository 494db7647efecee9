//! The pages. A handler parses, calls one flow or one read of the store, and renders; the rules are
//! elsewhere. Pages work without JavaScript, on old telephones, and in the hands of worried people.

pub mod applicant;
pub mod operators;
pub mod public;
pub mod server;
pub mod shared;
pub mod staff;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::timeout::{RequestBodyDeadlineLayer, TimeoutLayer};
use tracing::{Instrument, field};

use crate::flow::{App, health};
pub use server::serve;
use shared::WebError;

/// Every page, with the limits, headers and error pages that all of them share.
pub fn router(app: Arc<App>) -> Router {
    let http = &app.config.http;
    Router::new()
        .merge(public::routes())
        .merge(applicant::routes())
        .merge(staff::routes(&app))
        .layer(from_fn(shared::draft::remember_language))
        .layer(DefaultBodyLimit::max(http.body_limit_bytes))
        // A body that announces itself as too large for any page is refused before it is waited for.
        .layer(from_fn_with_state(staff::settings::body_max().max(http.body_limit_bytes), refuse_announced))
        .layer(RequestBodyDeadlineLayer::new(http.body_timeout))
        .layer(from_fn_with_state(app.clone(), without_database))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, http.request_timeout))
        .layer(from_fn_with_state(app.clone(), shared::limit::every_address))
        .layer(CatchPanicLayer::custom(shared::error_page::panicked))
        .layer(from_fn_with_state(app.clone(), shared::error_page::error_pages))
        .layer(from_fn_with_state(app.clone(), shared::headers::secure))
        .layer(from_fn_with_state(app.clone(), count))
        .with_state(app)
}

/// How long a page waits for a database that does not answer.
const SILENCE_MAX: Duration = Duration::from_millis(900);

/// Answers at once while the database is away, and within a second once it is. What the request was doing ends with
/// its transaction, which is not dropped with it; a form that is sent again finds what the first one did.
async fn without_database(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let begun = Instant::now();
    tokio::select! {
        // What can be answered all the same is: a style sheet, a page that is known.
        biased;
        response = next.run(request) => response,
        () = health::lost(&app, begun, SILENCE_MAX) => WebError::Unavailable.into_response(),
    }
}

/// What anybody can bring about at will is one line a second, for each status: the second of the last one.
static LOGGED_AT: [(StatusCode, AtomicI64); 3] = [
    (StatusCode::BAD_REQUEST, AtomicI64::new(0)),
    (StatusCode::UNPROCESSABLE_ENTITY, AtomicI64::new(0)),
    (StatusCode::TOO_MANY_REQUESTS, AtomicI64::new(0)),
];

/// Whether a refusal is logged now.
fn is_logged(status: StatusCode, second: i64) -> bool {
    match LOGGED_AT.iter().find(|(limited, _)| *limited == status) {
        Some((_, last)) => last.swap(second, Ordering::Relaxed) != second,
        None => matches!(status, StatusCode::FORBIDDEN | StatusCode::CONFLICT),
    }
}

/// Counts what is answered, whatever answers it.
async fn count(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let route = route.as_ref().map_or("", MatchedPath::as_str);
    // Lines that a handler logs carry both; the staff member is written in once they are known.
    let span = tracing::info_span!("request", route, staff = field::Empty);
    let response = next.run(request).instrument(span.clone()).await;
    let status = response.status();
    if is_logged(status, app.real.now().timestamp()) {
        let why = response.extensions().get::<WebError>().map_or("form", WebError::why);
        let status = status.as_u16();
        span.in_scope(|| tracing::info!(event = "request.refused", status, why, "refused"));
    }
    app.metrics.answered(status.as_u16(), begun.elapsed());
    response
}

async fn refuse_announced(State(most_bytes): State<usize>, request: Request, next: Next) -> Response {
    let announced = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    if announced.and_then(|bytes| bytes.parse().ok()).is_some_and(|bytes: usize| bytes > most_bytes) {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    }
    next.run(request).await
}
