//! The pages of the people at the counter and on the phone.

mod correction;
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
mod reviews;
mod search;

pub use day::NOTED_FIELD;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

use crate::domain::permission::Act;
use crate::flow::App;
use crate::web::shared::may;

/// Their addresses, all under `/agent`, and what each takes.
pub fn routes(app: &Arc<App>) -> Router<Arc<App>> {
    use Act::{ReadPeople, ServePeople};
    Router::new()
        .route("/agent/comptoir", may(app, ReadPeople, get(day::show)))
        .route("/agent/comptoir/{convocation}/{action}", may(app, ServePeople, get(day::ask).post(day::tick)))
        .route("/agent/inscrire/{queue}", may(app, ServePeople, get(register::show).post(register::submit)))
        .route("/agent/demandes", may(app, ReadPeople, get(search::show).post(search::find)))
        .route("/agent/demandes/{entry}", may(app, ReadPeople, get(entry::show)))
        .route("/agent/demandes/{entry}/recu", may(app, ReadPeople, get(receipt::show)))
        .route(
            "/agent/demandes/{entry}/{action}",
            may(app, ServePeople, get(entry_actions::ask).post(entry_actions::act)),
        )
        .route("/agent/identites", may(app, ReadPeople, get(identities::show)))
        .route("/agent/courriers", may(app, ReadPeople, get(letters::list)))
        .route("/agent/courriers/{notice}", may(app, ReadPeople, get(letters::one)))
        .route("/agent/courriers/{notice}/fait", may(app, ServePeople, post(letters::done)))
        .route("/agent/contestations", may(app, ReadPeople, get(objections::list)))
        .route("/agent/contestations/{penalty}", may(app, ReadPeople, get(objections::one)))
        .route("/agent/contestations/{penalty}/{ruling}", may(app, ServePeople, post(objections::decide)))
        .route("/agent/examens", may(app, ReadPeople, get(reviews::list)))
        .route("/agent/examens/{review}", may(app, ReadPeople, get(reviews::one)))
        .route("/agent/examens/{review}/repondre", may(app, ServePeople, post(reviews::answer)))
        .route("/agent/envois", may(app, ReadPeople, get(outbox::show)))
}
