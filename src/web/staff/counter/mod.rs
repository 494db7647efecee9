//! The pages of the people at the counter and on the phone.

mod day;

mod entry;
mod entry_actions;
mod entry_view;
mod identities;
mod letters;
mod objections;
mod outbox;
mod receipt;
mod register;

pub use day::NOTED_FIELD;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

use crate::flow::App;

/// Their addresses, all under `/agent`.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/agent/comptoir", get(day::show))
        .route("/agent/comptoir/{convocation}/{action}", get(day::ask).post(day::tick))
        .route("/agent/inscrire/{queue}", get(register::show).post(register::submit))
        .route("/agent/demandes", get(entry::search))
        .route("/agent/demandes/{entry}", get(entry::show))
        .route("/agent/demandes/{entry}/recu", get(receipt::show))
        .route("/agent/demandes/{entry}/{action}", get(entry_actions::ask).post(entry_actions::act))
        .route("/agent/identites", get(identities::show))
        .route("/agent/courriers", get(letters::list))
        .route("/agent/courriers/{notice}", get(letters::one))
        .route("/agent/courriers/{notice}/fait", post(letters::done))
        .route("/agent/contestations", get(objections::list))
        .route("/agent/contestations/{penalty}", get(objections::one))
        .route("/agent/contestations/{penalty}/{ruling}", post(objections::decide))
        .route("/agent/envois", get(outbox::show))
}
