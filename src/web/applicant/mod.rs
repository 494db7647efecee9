//! The pages of somebody who waits: registering, the receipt, the status, and what they can change.

mod actions;
mod proof;
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
        .route("/s/preuve", get(actions::back).post(proof::page))
        .route("/s/preuve-fichier", get(actions::back).post(proof::file))
        .route("/s/{action}", get(actions::back).post(actions::act))
}
