//! The pages of the people who set a prefecture's queues up: slots, rules, draws, priorities. What binds
//! everybody takes two persons.

mod accounts;
mod compensations;
mod draws;
mod priorities;
mod publications;
mod readings;
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

use crate::domain::permission::Act;
use crate::domain::slot_plan::csv::FILE_MAX_BYTES;
use crate::flow::App;
use crate::web::shared::may;

/// The largest body that any page takes, in bytes. A file of slots may be a quarter of it; one that is
/// larger is still read to its end, so that the browser reads why it is refused.
pub fn body_max() -> usize {
    usize::try_from(4 * FILE_MAX_BYTES).unwrap_or(usize::MAX)
}

/// Their addresses, all under `/gestion`, and what each takes.
pub fn routes(app: &Arc<App>) -> Router<Arc<App>> {
    use Act::{ManageAccounts, ManageQueues, ReadQueues, ReadReadings};
    let read = |handlers| may(app, ReadQueues, handlers);
    let manage = |handlers| may(app, ManageQueues, handlers);
    Router::new()
        .route("/gestion/comptes", may(app, ManageAccounts, get(accounts::list).post(accounts::invite)))
        .route("/gestion/comptes/{account}/{action}", may(app, ManageAccounts, post(accounts::act)))
        .route("/gestion/lectures", may(app, ReadReadings, get(readings::list)))
        .route("/gestion/creneaux", read(get(slots::show)))
        .route("/gestion/creneaux/plan", manage(post(slots::publish_plan)))
        .route(
            "/gestion/creneaux/fichier",
            manage(post(slots_file::publish_file).layer(DefaultBodyLimit::max(body_max()))),
        )
        .route("/gestion/creneaux/fermer", manage(get(slots_back::ask_close).post(slots_back::close)))
        .route(
            "/gestion/creneaux/{slot}/retirer",
            manage(get(slots_back::ask_withdraw).post(slots_back::withdraw)),
        )
        .route("/gestion/publications", read(get(publications::list)))
        .route("/gestion/publications/{id}/approuver", manage(post(publications::approve)))
        .route(
            "/gestion/publications/{id}/rejeter",
            manage(get(publications::ask_reject).post(publications::reject)),
        )
        .route("/gestion/publications/{id}/retirer", manage(post(publications::withdraw)))
        .route("/gestion/regles", read(get(rules::list)))
        .route("/gestion/regles/{queue}", read(get(rules::show)))
        .route("/gestion/regles/{queue}/proposer", manage(get(rules::form).post(rules::propose)))
        .route("/gestion/regles/{queue}/{version}/approuver", manage(post(rules::approve)))
        .route(
            "/gestion/regles/{queue}/{version}/rejeter",
            manage(get(rules::ask_reject).post(rules::reject)),
        )
        .route("/gestion/regles/{queue}/{version}/retirer", manage(post(rules::withdraw)))
        .route("/gestion/tirages", read(get(draws::list)))
        .route("/gestion/tirages/{draw}/annuler", manage(get(draws::ask).post(draws::propose)))
        .route("/gestion/tirages/{draw}/approuver", manage(get(draws::ask_approve).post(draws::approve)))
        .route("/gestion/tirages/{draw}/rejeter", manage(get(draws::ask_reject).post(draws::reject)))
        .route("/gestion/tirages/{draw}/retirer", manage(post(draws::withdraw)))
        .route("/gestion/priorites", read(get(priorities::list)))
        .route("/gestion/priorites/{privilege}/approuver", manage(post(priorities::approve)))
        .route(
            "/gestion/priorites/{privilege}/rejeter",
            manage(get(priorities::ask_reject).post(priorities::reject)),
        )
        .route("/gestion/priorites/{privilege}/retirer", manage(post(priorities::withdraw)))
        .route("/gestion/files/{relocation}/approuver", manage(post(relocations::approve)))
        .route(
            "/gestion/files/{relocation}/rejeter",
            manage(get(relocations::ask_reject).post(relocations::reject)),
        )
        .route("/gestion/files/{relocation}/retirer", manage(post(relocations::withdraw)))
        .route("/gestion/passages/{compensation}", read(get(compensations::people)))
        .route("/gestion/passages/{compensation}/approuver", manage(post(compensations::approve)))
        .route(
            "/gestion/passages/{compensation}/rejeter",
            manage(get(compensations::ask_reject).post(compensations::reject)),
        )
        .route("/gestion/passages/{compensation}/retirer", manage(post(compensations::withdraw)))
}
