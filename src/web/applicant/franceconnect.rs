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
use crate::web::shared::{Page, WebError, cookies, place, render};

/// Where a holder begins.
pub const PROVE_PATH: &str = "/s/franceconnect";
/// Where one signs out, and what was stated is forgotten.
pub const LEAVE_PATH: &str = "/fc/quitter";

/// A sealed cookie: its name, and the addresses that it is sent to. It goes when the browser is closed; what is in it ends
/// by itself.
struct Kept {
    name: &'static str,
    path: &'static str,
}

/// The attempt that is under way.
const ATTEMPT: Kept = Kept { name: "passage-fc-essai", path: "/fc" };
/// What was stated, for the form of a registration.
const IDENTITY: Kept = Kept { name: "passage-identite", path: "/p" };
/// What FranceConnect wants to see again at the logout.
const TOKEN: Kept = Kept { name: "passage-fc", path: "/fc" };

impl Kept {
    fn give(&self, app: &App, what: &impl Serialize) -> HeaderValue {
        let text = serde_json::to_vec(what).unwrap_or_default();
        let sealed = URL_SAFE_NO_PAD.encode(app.vault.seal_secret(self.name, Uuid::nil(), &text));
        self.header(app, sealed, None)
    }

    fn take_away(&self, app: &App) -> HeaderValue {
        self.header(app, String::new(), Some(Duration::ZERO))
    }

    fn header(&self, app: &App, value: String, max_age: Option<Duration>) -> HeaderValue {
        let mut cookie = Cookie::build((self.name, value))
            .path(self.path)
            .http_only(true)
            // It comes back from another site.
            .same_site(SameSite::Lax)
            .secure(app.config.http.public_url.starts_with("https://"))
            .build();
        cookie.set_max_age(max_age);
        HeaderValue::from_str(&cookie.to_string()).unwrap_or_else(|_| HeaderValue::from_static(""))
    }

    fn read<T: DeserializeOwned>(&self, app: &App, headers: &HeaderMap) -> Option<T> {
        let sealed = URL_SAFE_NO_PAD.decode(cookies::value(headers, self.name)?).ok()?;
        let text = app.vault.open_secret(self.name, Uuid::nil(), &sealed).ok()?;
        serde_json::from_slice(&text).ok()
    }
}

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
        Err(error) => refused(page, &error, Some(back)),
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
    let Some(begun) = ATTEMPT.read::<Begun>(app, headers) else {
        return refused(page, &SignInError::NoAttempt, None);
    };
    let back = way_back(&begun.errand);
    let (proven, id_token) = match flow::finish(app, &begun, callback).await {
        Ok(signed) => signed,
        Err(error) => return refused(page, &error, Some(back)),
    };
    let token = TOKEN.give(app, &id_token);
    let done = match &begun.errand {
        Errand::Register { .. } => with(Redirect::to(&back).into_response(), [IDENTITY.give(app, &proven)]),
        Errand::Prove { entry } => match flow::prove(app, *entry, (&begun, &proven)).await {
            Ok(()) => Redirect::to(&back).into_response(),
            Err(error) => refused(page, &error.into(), Some(back))?,
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
        None => Redirect::to(flow::LEFT_PATH).into_response(),
        Some(token) => match flow::logout(&app, token).await {
            Ok(url) => Redirect::to(url.as_deref().unwrap_or(flow::LEFT_PATH)).into_response(),
            // On a shared machine, the session there goes on.
            Err(_) => render(NoticePage::new(page, "franceconnect-still-there", "warning"))?,
        },
    };
    Ok(with(left, [IDENTITY.take_away(&app), TOKEN.take_away(&app)]))
}

/// Signed out.
pub async fn left(page: Page) -> Result<Response, WebError> {
    render(NoticePage::new(page, "franceconnect-left", "success"))
}

fn way_back(errand: &Errand) -> String {
    match errand {
        Errand::Register { prefecture, queue } => format!("/p/{prefecture}/{queue}/inscription"),
        Errand::Prove { .. } => STATUS_PATH.to_owned(),
    }
}

#[derive(Template)]
#[template(path = "applicant/franceconnect.html")]
struct NoticePage {
    page: Page,
    text: String,
    tone: &'static str,
    /// Where to go on.
    back: Option<String>,
}

impl NoticePage {
    fn new(page: Page, key: &str, tone: &'static str) -> Self {
        let text = page.lang.text(key);
        Self { page: page.titled("franceconnect-title"), text, tone, back: None }
    }
}

/// Nobody was signed in: why, in words, and the way back. Nothing is lost by it.
fn refused(page: Page, error: &SignInError, back: Option<String>) -> Result<Response, WebError> {
    let (status, key) = match error {
        // Whoever stops has done nothing wrong.
        SignInError::Provider(OidcError::Cancelled) => (StatusCode::OK, "franceconnect-cancelled".to_owned()),
        SignInError::NoAttempt | SignInError::Provider(OidcError::NotOurs) => {
            (StatusCode::UNPROCESSABLE_ENTITY, "franceconnect-over".to_owned())
        }
        SignInError::Provider(OidcError::Unavailable(_)) => {
            (StatusCode::SERVICE_UNAVAILABLE, "franceconnect-away".to_owned())
        }
        SignInError::Provider(_) => (StatusCode::UNPROCESSABLE_ENTITY, "franceconnect-doubtful".to_owned()),
        SignInError::Pivot(_) => (StatusCode::UNPROCESSABLE_ENTITY, "franceconnect-partial".to_owned()),
        SignInError::Flow(FlowError::Refused(refusal)) => (StatusCode::CONFLICT, refusal.sentence_key()),
        SignInError::Flow(FlowError::NotFound(_)) => return Err(WebError::NotFound),
        SignInError::Flow(error) => return Err(WebError::internal("signing in with FranceConnect", error)),
    };
    if let SignInError::Provider(error) = error {
        tracing::info!(event = "franceconnect.refused", why = %error, "nobody was signed in");
    }
    render_with(status, NoticePage { back, ..NoticePage::new(page, &key, "warning") })
}
