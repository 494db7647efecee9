//! Whose pages are open. A look-up or a registration hands out a cookie, and every personal page renews it;
//! so these pages have addresses, which say nothing of anybody.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName};
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{DateTime, Utc};
use cookie::time::Duration;
use cookie::{Cookie, SameSite};

pub use super::token::Holder;
use super::token::{holder_token, open_choice_token, open_holder_token};
use crate::domain::ids::EntryId;
use crate::flow::{App, visits};
use crate::web::shared::{WebError, cookies};

/// Goes when the browser is closed; the token in it ends by itself.
const HOLDER_COOKIE: &str = "passage-demande";

/// Where one writes a reference and a birth date.
pub const LOOK_UP_PATH: &str = "/s";
/// The same, with a sentence on why the page is no longer open.
const CLOSED_PATH: &str = "/s?fermee=oui";
pub const STATUS_PATH: &str = "/s/demande";
pub const RECEIPT_PATH: &str = "/s/recu";
/// Where an objection is sent.
pub const OBJECTION_PATH: &str = "/s/contester";
/// Where a changed availability is sent.
pub const AVAILABILITY_PATH: &str = "/s/disponibilites";

/// The holder whose pages are open in this browser. Whoever has taken the request over since has closed them.
///
/// # Errors
/// If the store fails: then nothing is said of the pages.
pub async fn current(app: &App, headers: &HeaderMap) -> Result<Option<Holder>, WebError> {
    let token = cookies::value(headers, HOLDER_COOKIE);
    let opened = token.and_then(|token| open_holder_token(&app.vault, token, app.real.now()));
    let Some((holder, issued_at)) = opened else { return Ok(None) };
    Ok(is_still_theirs(app, holder.entry, issued_at).await?.then_some(holder))
}

/// The entry that a token of choice names, if it is still its holder's.
///
/// # Errors
/// If the store fails.
pub async fn chosen(app: &App, token: &str) -> Result<Option<EntryId>, WebError> {
    match open_choice_token(&app.vault, token, app.real.now()) {
        Some((entry, issued_at)) => Ok(is_still_theirs(app, entry, issued_at).await?.then_some(entry)),
        None => Ok(None),
    }
}

async fn is_still_theirs(app: &App, entry: EntryId, issued_at: DateTime<Utc>) -> Result<bool, WebError> {
    let since = visits::open_since(app, entry).await?;
    Ok(since.is_none_or(|since| issued_at > since))
}

/// Opens the pages of an entry to somebody who has just been recognised, and writes that down for its holder.
pub async fn admit(app: &App, entry: EntryId, path: &str) -> Response {
    visits::note(app, entry).await;
    lead(app, Holder::opened(entry, app.real.now()), path)
}

/// As [`admit`], to somebody who sends the form again by which they registered, unless the pages were closed since or
/// an agent changed the contact. Whoever has kept an old form gives reference and birth date like others.
///
/// # Errors
/// If the store fails.
pub async fn again(app: &App, entry: EntryId, path: &str) -> Result<Response, WebError> {
    if visits::open_since(app, entry).await?.is_none() {
        return Ok(admit(app, entry, path).await);
    }
    Ok(Redirect::to(CLOSED_PATH).into_response())
}

/// Leads to a page.
pub fn lead(app: &App, holder: Holder, path: &str) -> Response {
    (cookie(app, holder), Redirect::to(path)).into_response()
}

/// A personal page, and another half an hour. What it confirms is not said again.
pub fn renewed(app: &App, holder: Holder, page: Response) -> Response {
    (cookie(app, Holder { confirmation: None, ..holder }), page).into_response()
}

/// Closes the pages in every browser: a cookie that somebody has kept opens nothing any more.
///
/// # Errors
/// If the store fails: then they are still open.
pub async fn closed(app: &App, headers: &HeaderMap) -> Result<Response, WebError> {
    if let Some(holder) = current(app, headers).await? {
        visits::close(app, holder.entry).await?;
    }
    Ok((no_cookie(app), Redirect::to(LOOK_UP_PATH)).into_response())
}

/// The cookie, taken away.
pub fn no_cookie(app: &App) -> [(HeaderName, String); 1] {
    set(app, "", Some(Duration::ZERO))
}

fn cookie(app: &App, holder: Holder) -> [(HeaderName, String); 1] {
    set(app, &holder_token(&app.vault, holder, app.real.now()), None)
}

fn set(app: &App, value: &str, max_age: Option<Duration>) -> [(HeaderName, String); 1] {
    let mut cookie = Cookie::build((HOLDER_COOKIE, value))
        .path(LOOK_UP_PATH)
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(app.config.http.public_url.starts_with("https://"))
        .build();
    cookie.set_max_age(max_age);
    cookies::set(&cookie)
}

impl FromRequestParts<Arc<App>> for Holder {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Response> {
        match current(app, &parts.headers).await {
            Ok(Some(holder)) => Ok(holder),
            Ok(None) => Err(Redirect::to(CLOSED_PATH).into_response()),
            Err(error) => Err(error.into_response()),
        }
    }
}
