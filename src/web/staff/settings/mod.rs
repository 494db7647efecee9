//! The pages of the people who set a prefecture's queues up: slots, rules, draws, priorities. What binds
//! everybody takes two persons.

mod compensations;
mod draws;
mod priorities;
mod publications;
mod relocations;
mod rules;
mod rules_fields;
mod slot_view;
mod slots;
mod slots_back;
mod slots_file;
mod unusual;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

use crate::domain::slot_plan::csv::FILE_MAX_BYTES;
use crate::flow::App;

/// The largest body that any page takes, in bytes. A file of slots may be a quarter of it; one that is
/// larger is still read to its end, so that the browser reads why it is refused.
pub fn body_max() -> usize {
    usize::try_from(4 * FILE_MAX_BYTES).unwrap_or(usize::MAX)
}

/// Their addresses, all under `/gestion`.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/gestion/creneaux", get(slots::show))
        .route("/gestion/creneaux/plan", post(slots::publish_plan))
        .route(
            "/gestion/creneaux/fichier",
            post(slots_file::publish_file).layer(DefaultBodyLimit::max(body_max())),
        )
        .route("/gestion/creneaux/fermer", get(slots_back::ask_close).post(slots_back::close))
        .route("/gestion/creneaux/{slot}/retirer", get(slots_back::ask_withdraw).post(slots_back::withdraw))
        .route("/gestion/publications", get(publications::list))
        .route("/gestion/publications/{id}/approuver", post(publications::approve))
        .route("/gestion/publications/{id}/rejeter", get(publications::ask_reject).post(publications::reject))
        .route("/gestion/publications/{id}/retirer", post(publications::withdraw))
        .route("/gestion/regles", get(rules::list))
        .route("/gestion/regles/{queue}", get(rules::show))
        .route("/gestion/regles/{queue}/proposer", get(rules::form).post(rules::propose))
        .route("/gestion/regles/{queue}/{version}/approuver", post(rules::approve))
        .route("/gestion/regles/{queue}/{version}/rejeter", get(rules::ask_reject).post(rules::reject))
        .route("/gestion/regles/{queue}/{version}/retirer", post(rules::withdraw))
        .route("/gestion/tirages", get(draws::list))
        .route("/gestion/tirages/{draw}/annuler", get(draws::ask).post(draws::propose))
        .route("/gestion/tirages/{draw}/approuver", get(draws::ask_approve).post(draws::approve))
        .route("/gestion/tirages/{draw}/rejeter", get(draws::ask_reject).post(draws::reject))
        .route("/gestion/tirages/{draw}/retirer", post(draws::withdraw))
        .route("/gestion/priorites", get(priorities::list))
        .route("/gestion/priorites/{privilege}/approuver", post(priorities::approve))
        .route("/gestion/priorites/{privilege}/rejeter", get(priorities::ask_reject).post(priorities::reject))
        .route("/gestion/priorites/{privilege}/retirer", post(priorities::withdraw))
        .route("/gestion/files/{relocation}/approuver", post(relocations::approve))
        .route("/gestion/files/{relocation}/rejeter", get(relocations::ask_reject).post(relocations::reject))
        .route("/gestion/files/{relocation}/retirer", post(relocations::withdraw))
        .route("/gestion/passages/{compensation}", get(compensations::people))
        .route("/gestion/passages/{compensation}/approuver", post(compensations::approve))
        .route(
            "/gestion/passages/{compensation}/rejeter",
            get(compensations::ask_reject).post(compensations::reject),
        )
        .route("/gestion/passages/{compensation}/retirer", post(compensations::withdraw))
}
