//! The pages of the people at the counter and on the phone. Everything they touch belongs to their own
//! prefecture: see [`own`].

mod counter;
mod entry;
pub mod entry_actions;
mod entry_view;
mod identities;
mod known_browser;
mod letters;
mod objections;
mod outbox;
mod overview;
pub mod own;
pub mod parts;
mod receipt;
mod register;
mod sign_in;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

use crate::flow::App;
use crate::web::shared::session::LOGIN_PATH;

/// Everything under `/agent`.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route(LOGIN_PATH, get(sign_in::show).post(sign_in::enter))
        .route("/agent/deconnexion", post(sign_in::leave))
        .route("/agent", get(overview::show))
        .route("/agent/comptoir", get(counter::show))
        .route("/agent/comptoir/{convocation}/{action}", get(counter::ask).post(counter::tick))
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
