//! The pages. A handler parses, calls one flow or one read of the store, and renders; the rules are
//! elsewhere. Pages work without JavaScript, on old telephones, and in the hands of worried people.

pub mod applicant;
pub mod public;
pub mod server;
pub mod shared;
pub mod staff;

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::timeout::{RequestBodyDeadlineLayer, TimeoutLayer};

use crate::flow::App;
pub use server::serve;

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
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, http.request_timeout))
        .layer(from_fn_with_state(app.clone(), shared::limit::every_address))
        .layer(CatchPanicLayer::custom(shared::error_page::panicked))
        .layer(from_fn_with_state(app.clone(), shared::error_page::error_pages))
        .layer(from_fn_with_state(app.clone(), shared::headers::secure))
        .with_state(app)
}

async fn refuse_announced(State(most_bytes): State<usize>, request: Request, next: Next) -> Response {
    let announced = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    if announced.and_then(|bytes| bytes.parse().ok()).is_some_and(|bytes: usize| bytes > most_bytes) {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    }
    next.run(request).await
}
