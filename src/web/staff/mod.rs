//! The pages of staff, who are signed in: `counter` for the people at the counter and on the phone, `settings`
//! for those who set a prefecture's queues up, `kit` for what both are made of. Whatever a page touches belongs to
//! the session's own prefecture: see [`kit::own`].

mod account;
mod counter;
mod kept;
mod kit;
mod known_browser;
mod link;
mod overview;
mod proconnect;
pub mod settings;
mod sign_in;

use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};

use crate::domain::permission::Act;
use crate::flow::App;
use crate::flow::elsewhere::Door;
use crate::web::shared::may;
use crate::web::shared::session::{CODE_PATH, LOGIN_PATH, SECOND_FACTOR_PATH};

/// Everything under `/agent` and `/gestion`.
pub fn routes(app: &Arc<App>) -> Router<Arc<App>> {
    Router::new()
        .route(LOGIN_PATH, get(sign_in::show).post(sign_in::enter))
        .route(CODE_PATH, get(sign_in::ask_code).post(sign_in::enter_code))
        .route(SECOND_FACTOR_PATH, get(account::second_factor).post(account::set_second_factor))
        .route("/agent/lien/{token}", get(link::show).post(link::set))
        .route(proconnect::BEGIN_PATH, get(proconnect::to_sign_in))
        .route(Door::ProConnect.return_path(), get(proconnect::back))
        .route(Door::ProConnect.left_path(), get(proconnect::left))
        .route("/agent/compte", may(app, Act::OwnAccount, get(account::show)))
        .route("/agent/compte/mot-de-passe", may(app, Act::OwnAccount, post(account::change_password)))
        .route("/agent/compte/sessions/{id}", may(app, Act::OwnAccount, post(account::end_session)))
        .route("/agent/compte/prefecture", may(app, Act::OwnAccount, post(account::show_prefecture)))
        .route("/agent/compte/proconnect/aller", may(app, Act::OwnAccount, get(proconnect::to_link)))
        .route(
            "/agent/compte/proconnect",
            may(app, Act::OwnAccount, get(proconnect::show).post(proconnect::link)),
        )
        .route("/agent/compte/proconnect/retirer", may(app, Act::OwnAccount, post(proconnect::unlink)))
        .route("/agent/deconnexion", may(app, Act::OwnAccount, post(sign_in::leave)))
        .route("/agent", may(app, Act::OwnAccount, get(overview::show)))
        .merge(counter::routes(app))
        .merge(settings::routes(app))
        .layer(from_fn_with_state(app.clone(), kept::keep))
}
