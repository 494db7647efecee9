//! The pages. A handler parses, calls one flow or one read of the store, and renders; the rules are
//! elsewhere. Pages work without JavaScript, on old telephones, and in the hands of worried people.

pub mod agent;
pub mod applicant;
pub mod prefecture;
pub mod public;
pub mod server;
pub mod shared;

use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::timeout::{RequestBodyDeadlineLayer, TimeoutLayer};

use crate::flow::App;
pub use server::serve;

/// Every page, with the limits, headers and error pages that all of them share.
pub fn router(app: Arc<App>) -> Router {
    let http = &app.config.http;
    Router::new()
        .merge(public::routes())
        .merge(applicant::routes())
        .merge(agent::routes())
        .merge(prefecture::routes())
        .layer(DefaultBodyLimit::max(http.body_limit_bytes))
        // A body that announces itself as too large for any page is refused before it is waited for.
        .layer(RequestBodyLimitLayer::new(prefecture::body_max().max(http.body_limit_bytes)))
        .layer(RequestBodyDeadlineLayer::new(http.body_timeout))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, http.request_timeout))
        .layer(from_fn_with_state(app.clone(), shared::limit::every_address))
        .layer(CatchPanicLayer::custom(shared::errors::panicked))
        .layer(from_fn_with_state(app.clone(), shared::errors::dress))
        .layer(from_fn_with_state(app.clone(), shared::headers::secure))
        .layer(from_fn_with_state(app.clone(), count))
        .with_state(app)
}

/// The demo's clock stops when nobody looks.
async fn count(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    app.requests.fetch_add(1, Ordering::Relaxed);
    next.run(request).await
}
