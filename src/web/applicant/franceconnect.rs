//! Signing in with FranceConnect, for a new request or to prove one. The browser goes there by a link, comes back here, and
//! keeps what is between in sealed cookies.

use std::sync::Arc;

use askama::Template;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cookie::time::Duration;
use cookie::{Cookie, SameSite};
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::holder::{Holder, STATUS_PATH};
use crate::flow::franceconnect::{self as flow, Begun, Errand, Proven, SignInError};
use crate::flow::{App, FlowError};
use crate::oidc::{Callback, OidcError};
use crate::web::shared::errors::render_with;
use crate::web::shared::{Page, WebError, cookies, place};

/// Where a holder begins.
pub const PROVE_PATH: &str = "/s/franceconnect";
/// Where one signs out, and what was stated is forgotten.
pub const LEAVE_PATH: &str = "/fc/quitter";

/// A sealed cookie: its name, the addresses that it is sent to, and how long it lasts.
struct Kept {
    name: &'static str,
    path: &'static str,
    minutes: i64,
}

/// The attempt that is under way.
const ATTEMPT: Kept = Kept { name: "passage-fc-essai", path: "/fc", minutes: 10 };
/// What was stated, for the form of a registration.
const IDENTITY: Kept = Kept { name: "passage-identite", path: "/p", minutes: 60 };
/// What FranceConnect wants to see again at the logout.
const TOKEN: Kept = Kept { name: "passage-fc", path: "/fc", minutes: 60 };

impl Kept {
    fn give(&self, app: &App, what: &impl Serialize) -> HeaderValue {
        let text = serde_json::to_vec(what).unwrap_or_default();
        let sealed = URL_SAFE_NO_PAD.encode(app.vault.seal_secret(self.name, Uuid::nil(), &text));
        self.header(app, sealed, Duration::minutes(self.minutes))
    }

    fn take_away(&self, app: &App) -> HeaderValue {
        self.header(app, String::new(), Duration::ZERO)
    }

    fn header(&self, app: &App, value: String, max_age: Duration) -> HeaderValue {
        let cookie = Cookie::build((self.name, value))
            .path(self.path)
            .http_only(true)
            // It comes back from another site.
            .same_site(SameSite::Lax)
            .secure(app.config.http.public_url.starts_with("https://"))
            .max_age(max_age)
            .build();
        HeaderValue::from_str(&cookie.to_string()).unwrap_or_else(|_| HeaderValue::from_static(""))
    }

    fn read<T: DeserializeOwned>(&self, app: &App, headers: &HeaderMap) -> Option<T> {
        let sealed = URL_SAFE_NO_PAD.decode(cookies::value(headers, self.name)?).ok()?;
        let text = app.vault.open_secret(self.name, Uuid::nil(), &sealed).ok()?;
        serde_json::from_slice(&text).ok()
    }
}

/// What was stated in this browser, while it serves.
pub fn proven(app: &App, headers: &HeaderMap) -> Option<Proven> {
    app.franceconnect.as_ref()?;
    IDENTITY.read(app, headers).filter(|proven: &Proven| proven.is_fresh(app.real.now()))
}

/// A page after which what was stated is not kept any longer.
pub fn used(app: &App, page: Response) -> Response {
    with(page, [IDENTITY.take_away(app)])
}

fn with<const N: usize>(mut page: Response, given: [HeaderValue; N]) -> Response {
    for cookie in given {
        page.headers_mut().append(header::SET_COOKIE, cookie);
    }
    page
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
    match flow::begin(app, errand).await {
        Ok((url, begun)) => Ok(with(Redirect::to(&url).into_response(), [ATTEMPT.give(app, &begun)])),
        Err(error) => refused(page, &error, back),
    }
}

/// Back from FranceConnect. An attempt serves once, however it ends.
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
    let Some(begun) = ATTEMPT.read::<Begun>(app, headers) else {
        return refused(page, &SignInError::NoAttempt, "/".to_owned());
    };
    let back = way_back(&begun.errand);
    let (proven, id_token) = match flow::finish(app, &begun, callback).await {
        Ok(signed) => signed,
        Err(error) => return refused(page, &error, back),
    };
    let token = TOKEN.give(app, &id_token);
    let done = match &begun.errand {
        Errand::Register { .. } => with(Redirect::to(&back).into_response(), [IDENTITY.give(app, &proven)]),
        Errand::Prove { entry } => match flow::prove(app, *entry, &proven).await {
            Ok(()) => Redirect::to(&back).into_response(),
            Err(error) => refused(page, &error.into(), back)?,
        },
    };
    Ok(with(done, [token]))
}

/// Signs out, here and there.
pub async fn leave(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    let token: Option<String> = TOKEN.read(&app, &headers);
    let url = match &token {
        Some(token) => flow::logout(&app, token).await.ok().flatten(),
        None => None,
    };
    let page = Redirect::to(url.as_deref().unwrap_or(flow::LEFT_PATH)).into_response();
    with(page, [IDENTITY.take_away(&app), TOKEN.take_away(&app)])
}

/// Signed out.
pub async fn left() -> Redirect {
    Redirect::to("/")
}

fn way_back(errand: &Errand) -> String {
    match errand {
        Errand::Register { prefecture, queue } => format!("/p/{prefecture}/{queue}/inscription"),
        Errand::Prove { .. } => STATUS_PATH.to_owned(),
    }
}

#[derive(Template)]
#[template(path = "applicant/franceconnect.html")]
struct RefusedPage {
    page: Page,
    text: String,
    back: String,
}

/// Nobody was signed in: why, in words, and the way back. Nothing is lost by it.
fn refused(page: Page, error: &SignInError, back: String) -> Result<Response, WebError> {
    let refusal = match error {
        SignInError::Flow(FlowError::Refused(refusal)) => refusal.sentence_key(),
        _ => String::new(),
    };
    let key = match error {
        SignInError::Flow(FlowError::Refused(_)) => &refusal,
        SignInError::Provider(OidcError::Cancelled) => "franceconnect-cancelled",
        SignInError::NoAttempt | SignInError::Provider(OidcError::NotOurs) => "franceconnect-over",
        SignInError::Provider(OidcError::Unavailable(_)) => "franceconnect-away",
        SignInError::Provider(_) => "franceconnect-doubtful",
        SignInError::Pivot(_) => "franceconnect-partial",
        SignInError::Flow(FlowError::Invalid(faults)) => {
            faults.first().map_or("", |fault| fault.key.as_str())
        }
        SignInError::Flow(FlowError::NotFound(_)) => return Err(WebError::NotFound),
        SignInError::Flow(error) => return Err(WebError::internal("signing in with FranceConnect", error)),
    };
    if let SignInError::Provider(error) = error {
        tracing::info!(event = "franceconnect.refused", why = %error, "nobody was signed in");
    }
    let text = page.lang.text(key);
    let page = page.titled("franceconnect-title");
    // Whoever stops has done nothing wrong.
    let status = match error {
        SignInError::Provider(OidcError::Cancelled) => StatusCode::OK,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    render_with(status, RefusedPage { page, text, back })
}
