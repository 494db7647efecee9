//! Signing in with FranceConnect, for a new request or to prove one. The browser goes there by a link, comes back here, and
//! keeps what is between in sealed cookies.

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};

use super::holder::{Holder, STATUS_PATH};
use crate::flow::App;
use crate::flow::elsewhere::{Begun, Door, SignInError};
use crate::flow::franceconnect::{self as flow, Errand, Proven};
use crate::oidc::Callback;
use crate::web::shared::elsewhere::{Kept, NoticePage, refused, with};
use crate::web::shared::{Page, WebError, place, render};

const DOOR: Door = Door::FranceConnect;

/// Where a holder begins.
pub const PROVE_PATH: &str = "/s/franceconnect";
/// Where one signs out, and what was stated is forgotten.
pub const LEAVE_PATH: &str = "/fc/quitter";

/// The attempt that is under way.
const ATTEMPT: Kept = Kept { name: "passage-fc-essai", path: "/fc" };
/// What was stated, for the form of a registration.
const IDENTITY: Kept = Kept { name: "passage-identite", path: "/p" };
/// What FranceConnect wants to see again at the logout.
const TOKEN: Kept = Kept { name: "passage-fc", path: "/fc" };

/// What was stated in this browser, while it serves for a new form, or for the one with this key.
pub fn proven(app: &App, headers: &HeaderMap, form: Option<&str>) -> Option<Proven> {
    app.franceconnect.as_ref()?;
    IDENTITY.read(app, headers).filter(|proven: &Proven| proven.serves(form, app.real.now()))
}

/// A page after which what was stated serves only the same form, sent again.
pub fn used(app: &App, page: Response, proven: Option<Proven>, form: &str) -> Response {
    match proven {
        Some(proven) => with(page, [IDENTITY.give(app, &proven.used_for(form))]),
        None => page,
    }
}

/// A page after which nothing of it is in the browser any more.
pub fn forgotten(app: &App, page: Response) -> Response {
    with(page, [ATTEMPT.take_away(app), IDENTITY.take_away(app), TOKEN.take_away(app)])
}

/// Leads somebody who registers to FranceConnect.
pub async fn to_register(
    State(app): State<Arc<App>>,
    page: Page,
    Path((prefecture, queue)): Path<(String, String)>,
) -> Result<Response, WebError> {
    place::queue(&app, &prefecture, &queue).await?;
    begin(&app, page, Errand::Register { prefecture, queue }).await
}

/// Leads somebody whose request waits for a proof to FranceConnect.
pub async fn to_prove(State(app): State<Arc<App>>, page: Page, holder: Holder) -> Result<Response, WebError> {
    begin(&app, page, Errand::Prove { entry: holder.entry }).await
}

async fn begin(app: &App, page: Page, errand: Errand) -> Result<Response, WebError> {
    let back = way_back(&errand);
    match DOOR.begin(app, errand).await {
        Ok((url, begun)) => Ok(with(Redirect::to(&url).into_response(), [ATTEMPT.give(app, &begun)])),
        Err(error) => refused(page, DOOR, &error, Some(back)),
    }
}

/// Back from FranceConnect. The attempt is taken out of the browser, however it ends.
pub async fn back(
    State(app): State<Arc<App>>,
    page: Page,
    headers: HeaderMap,
    callback: Result<Query<Callback>, QueryRejection>,
) -> Result<Response, WebError> {
    let callback = callback.map(|Query(callback)| callback).unwrap_or_default();
    let done = returned(&app, page, &headers, &callback).await?;
    Ok(with(done, [ATTEMPT.take_away(&app)]))
}

async fn returned(
    app: &App,
    page: Page,
    headers: &HeaderMap,
    callback: &Callback,
) -> Result<Response, WebError> {
    let Some(begun) = ATTEMPT.read::<Begun<Errand>>(app, headers) else {
        return refused(page, DOOR, &SignInError::NoAttempt, None);
    };
    let back = way_back(&begun.errand);
    let (proven, id_token) = match flow::finish(app, &begun, callback).await {
        Ok(signed) => signed,
        Err(error) => return refused(page, DOOR, &error, Some(back)),
    };
    let token = TOKEN.give(app, &id_token);
    let done = match &begun.errand {
        Errand::Register { .. } => with(Redirect::to(&back).into_response(), [IDENTITY.give(app, &proven)]),
        Errand::Prove { entry } => match flow::prove(app, *entry, (&begun, &proven)).await {
            Ok(()) => Redirect::to(&back).into_response(),
            Err(error) => refused(page, DOOR, &error.into(), Some(back))?,
        },
    };
    Ok(with(done, [token]))
}

/// Signs out, here and there.
pub async fn leave(
    State(app): State<Arc<App>>,
    page: Page,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    let token: Option<String> = TOKEN.read(&app, &headers);
    let left = match &token {
        None => Redirect::to(DOOR.left_path()).into_response(),
        Some(token) => match DOOR.logout(&app, token).await {
            Ok(url) => Redirect::to(url.as_deref().unwrap_or(DOOR.left_path())).into_response(),
            // On a shared machine, the session there goes on.
            Err(_) => render(NoticePage::new(page, DOOR, "franceconnect-still-there", "warning"))?,
        },
    };
    Ok(with(left, [IDENTITY.take_away(&app), TOKEN.take_away(&app)]))
}

/// Signed out.
pub async fn left(page: Page) -> Result<Response, WebError> {
    render(NoticePage::new(page, DOOR, "franceconnect-left", "success"))
}

fn way_back(errand: &Errand) -> String {
    match errand {
        Errand::Register { prefecture, queue } => format!("/p/{prefecture}/{queue}/inscription"),
        Errand::Prove { .. } => STATUS_PATH.to_owned(),
    }
}
