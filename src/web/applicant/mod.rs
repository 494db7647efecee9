//! The pages of somebody who waits: registering, the receipt, the status, and what they can change. A form
//! that has done something leads to a page with an address: Back, reload and another language do nothing twice.

mod actions;
mod data;
mod franceconnect;
mod holder;
mod lost;
mod proof;
mod register;
mod review;
mod status;
mod token;
mod view;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

use crate::flow::App;
use crate::flow::elsewhere::Door;

/// The addresses of applicants.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/p/{prefecture}/{queue}/inscription", get(register::form).post(register::register))
        .route("/p/{prefecture}/{queue}/franceconnect", get(franceconnect::to_register))
        .route(franceconnect::PROVE_PATH, get(franceconnect::to_prove))
        .route(Door::FranceConnect.return_path(), get(franceconnect::back))
        .route(franceconnect::LEAVE_PATH, get(franceconnect::leave))
        .route(Door::FranceConnect.left_path(), get(franceconnect::left))
        .route(holder::LOOK_UP_PATH, get(status::form).post(status::look_up))
        .route(holder::STATUS_PATH, get(status::status))
        .route(holder::RECEIPT_PATH, get(status::receipt))
        .route("/s/preuve/{draw}", get(proof::page))
        .route("/s/preuve/{draw}/fichier", get(proof::file))
        .route(data::PATH, get(data::page))
        .route(data::FILE_PATH, get(data::file))
        .route(data::ERASE_PATH, get(actions::back).post(data::erase))
        .route(data::HELPER_PATH, get(actions::back).post(data::end_helper))
        .route(review::PATH, get(review::page).post(review::ask))
        .route("/s/donnees/contact", get(actions::back).post(data::ask_contact))
        .route("/s/donnees/code", get(actions::back).post(data::change_contact))
        .route(lost::PATH, get(lost::form).post(lost::ask))
        .route("/s/retrouver/code", post(lost::code).get(lost::form))
        .route("/s/retrouver/ouvrir", post(lost::open).get(lost::form))
        .route("/s/fermer", post(actions::close).get(actions::back))
        .route("/s/{action}", get(actions::back).post(actions::act))
}
