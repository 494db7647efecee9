//! The pages of somebody who waits: registering, the receipt, the status, and what they can change.

mod actions;
mod register;
mod status;
mod token;
mod view;

use std::sync::Arc;

use axum::Router;
use axum::routing::get;

use crate::flow::App;

/// The addresses of applicants.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/p/{prefecture}/{queue}/inscription", get(register::form).post(register::register))
        .route("/s", get(status::form).post(status::look_up))
        .route("/s/{action}", get(actions::back).post(actions::act))
}
