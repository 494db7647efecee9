//! What anybody may read: prefectures, queues, rules, draws. The same for everybody, signed in or not.

mod counts;
mod documents;
mod draw;
mod draws;
mod feed;
mod home;
mod journal;
mod outcome;
pub mod preparing;
mod queue;

use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use tower_http::compression::CompressionLayer;

use super::shared::assets;
use crate::flow::App;

/// The public addresses.
pub fn routes() -> Router<Arc<App>> {
    // Only what is the same for everybody is compressed: compressing a page that holds both a secret
    // and something a stranger chose would give the secret away by its length.
    let documents = Router::new()
        .route("/tirages/{draw}/bundle.json", get(documents::bundle))
        .route("/tirages/{draw}/liste.json", get(documents::list))
        .route("/tirages/{draw}/controle.json", get(documents::watch))
        .route("/p/{prefecture}/{queue}/tirages.atom", get(feed::atom))
        .route("/p/{prefecture}/{queue}/tirages.json", get(feed::index))
        .route("/verifier", get(assets::verifier))
        .route("/journal/tete.json", get(journal::head))
        .route("/journal/tete.txt", get(journal::note))
        .route("/journal/coherence.json", get(journal::consistency))
        .route("/journal/tirages/{draw}", get(journal::freeze))
        .route("/assets/style.css", get(assets::style))
        .route("/assets/icon.svg", get(assets::icon))
        .layer(CompressionLayer::new());
    Router::new()
        .route("/", get(home::home))
        .route("/p/{prefecture}", get(home::prefecture))
        .route("/p/{prefecture}/{queue}", get(queue::queue))
        .route("/p/{prefecture}/{queue}/tirages", get(draws::draws))
        .route("/p/{prefecture}/{queue}/tirages/{number}", get(draws::numbered))
        .route("/tirages/{draw}", get(draw::draw))
        .route("/journal", get(journal::page))
        .route("/aide", get(home::help))
        .route("/mentions", get(home::legal))
        .route("/langue/{lang}", get(home::language))
        .route("/healthz", get(home::health))
        .merge(documents)
}
