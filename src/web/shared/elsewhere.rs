//! What the pages of FranceConnect and of ProConnect have in common: what a browser keeps between two requests, sealed, and
//! the page that says why nobody was signed in.

use askama::Template;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cookie::time::Duration;
use cookie::{Cookie, SameSite};
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::cookies;
use super::errors::{WebError, render_with};
use super::page::Page;
use crate::flow::elsewhere::{Door, SignInError};
use crate::flow::{App, FlowError};
use crate::oidc::{Flaw, OidcError, Piece};

/// A sealed cookie: its name, and the addresses that it is sent to. It goes when the browser is closed; what is in it ends
/// by itself.
pub struct Kept {
    pub name: &'static str,
    pub path: &'static str,
}

impl Kept {
    pub fn give(&self, app: &App, what: &impl Serialize) -> HeaderValue {
        let text = serde_json::to_vec(what).unwrap_or_default();
        let sealed = URL_SAFE_NO_PAD.encode(app.vault.seal_secret(self.name, Uuid::nil(), &text));
        self.header(app, sealed, None)
    }

    pub fn take_away(&self, app: &App) -> HeaderValue {
        self.header(app, String::new(), Some(Duration::ZERO))
    }

    fn header(&self, app: &App, value: String, max_age: Option<Duration>) -> HeaderValue {
        // No other host can set a cookie of such a name, and browsers refuse it if it is not secure.
        let is_bound = self.name.starts_with("__Host-");
        let mut cookie = Cookie::build((self.name, value))
            .path(self.path)
            .http_only(true)
            // It comes back from another site.
            .same_site(SameSite::Lax)
            .secure(is_bound || app.config.http.public_url.starts_with("https://"))
            .build();
        cookie.set_max_age(max_age);
        HeaderValue::from_str(&cookie.to_string()).unwrap_or_else(|_| HeaderValue::from_static(""))
    }

    pub fn read<T: DeserializeOwned>(&self, app: &App, headers: &HeaderMap) -> Option<T> {
        let sealed = URL_SAFE_NO_PAD.decode(cookies::value(headers, self.name)?).ok()?;
        let text = app.vault.open_secret(self.name, Uuid::nil(), &sealed).ok()?;
        serde_json::from_slice(&text).ok()
    }
}

/// A page that also sets cookies.
pub fn with<const N: usize>(mut page: Response, given: [HeaderValue; N]) -> Response {
    for cookie in given {
        page.headers_mut().append(header::SET_COOKIE, cookie);
    }
    page
}

/// A page with one sentence, and where to go on.
#[derive(Template)]
#[template(path = "shared/elsewhere.html")]
pub struct NoticePage {
    page: Page,
    text: String,
    tone: &'static str,
    door: Door,
    back: Option<Way>,
    /// Where one signs out there.
    out: Option<Way>,
}

/// Where a link leads, and what it says.
struct Way {
    address: String,
    text: String,
}

impl NoticePage {
    /// With the sentence behind a key.
    pub fn new(page: Page, door: Door, key: &str, tone: &'static str) -> Self {
        let text = page.lang.text(key);
        Self { page: page.titled(&format!("{}-title", door.name())), text, tone, door, back: None, out: None }
    }

    /// With a way back.
    #[must_use]
    pub fn back(mut self, address: Option<String>) -> Self {
        self.back = address.map(|address| self.way("back", address));
        self
    }

    /// With the way to sign out there.
    #[must_use]
    pub fn out(mut self, address: Option<String>) -> Self {
        self.out = address.map(|address| self.way("leave", address));
        self
    }

    fn way(&self, word: &str, address: String) -> Way {
        Way { address, text: self.page.lang.text(&format!("{}-{word}", self.door.name())) }
    }
}

/// Nobody was signed in: why, in words, and the way back. Nothing is lost by it.
///
/// # Errors
/// Those that are no refusals.
pub fn refused(
    page: Page,
    door: Door,
    error: &SignInError,
    back: Option<String>,
) -> Result<Response, WebError> {
    let unfit = StatusCode::UNPROCESSABLE_ENTITY;
    let (status, word) = match error {
        // Whoever stops has done nothing wrong.
        SignInError::Provider(OidcError::Cancelled) => (StatusCode::OK, "cancelled"),
        SignInError::NoAttempt | SignInError::Provider(OidcError::NotOurs) => (unfit, "over"),
        SignInError::Provider(OidcError::Unavailable(_)) => (StatusCode::SERVICE_UNAVAILABLE, "away"),
        SignInError::Provider(OidcError::DoesNotHold(Piece::IdToken, Flaw::Acr))
            if door == Door::ProConnect =>
        {
            (unfit, "weak")
        }
        SignInError::Provider(_) => (unfit, "doubtful"),
        SignInError::Pivot(_) => (unfit, "partial"),
        SignInError::Flow(FlowError::Refused(_)) => (StatusCode::CONFLICT, ""),
        SignInError::Flow(FlowError::NotFound(_)) => return Err(WebError::NotFound),
        SignInError::Flow(error) => return Err(WebError::internal("signing in elsewhere", error)),
    };
    if let SignInError::Provider(error) = error {
        tracing::info!(event = "elsewhere.refused", door = door.name(), why = %error, "nobody was signed in");
    }
    let key = match error {
        SignInError::Flow(FlowError::Refused(refusal)) => refusal.sentence_key(),
        _ => format!("{}-{word}", door.name()),
    };
    render_with(status, NoticePage::new(page, door, &key, "warning").back(back))
}
