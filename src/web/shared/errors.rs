//! What a person sees when something is refused or fails: a page in their language that says what to do
//! next, and never what broke inside.

use std::any::Any;
use std::sync::Arc;

use askama::Template;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};

use super::forms::Faults;
use super::page::Page;
use crate::domain::refusal::Refusal;
use crate::flow::{App, Fault, FlowError};
use crate::locale::Lang;
use crate::store::StoreError;
use crate::telemetry::ErrorRef;

/// What has been asked for too often; the page names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limited {
    /// By this address.
    Connection,
    /// With this login from this address or browser.
    Sender,
    /// With this login from anywhere.
    Login,
    /// With this reference.
    Reference,
}

impl Limited {
    const fn sentence_key(self) -> &'static str {
        match self {
            Self::Connection => "problem-too-many-text",
            Self::Sender => "problem-too-many-sender",
            Self::Login => "problem-too-many-login",
            Self::Reference => "problem-too-many-reference",
        }
    }
}

/// How long to wait, in words.
pub fn wait_words(lang: Lang, seconds: u64) -> String {
    let minutes = seconds.div_ceil(60).max(1);
    if minutes <= 90 {
        lang.with("wait-minutes", [("n", minutes.into())])
    } else {
        lang.with("wait-hours", [("n", minutes.div_ceil(60).into())])
    }
}

/// Why there is no page of the usual kind.
#[derive(Clone, Debug)]
pub enum WebError {
    NotFound,
    /// Signed in, but not for this.
    Forbidden,
    /// A form that was not sent by one of our pages, or too long ago.
    Expired,
    /// A form that none of our pages sends.
    BadRequest,
    /// Understood and refused.
    Refused(Refusal),
    /// Fields at fault, where the handler has no form to show again.
    Invalid(Vec<Fault>),
    TooMany {
        limited: Limited,
        retry_after_seconds: u64,
    },
    /// Broken inside; the reference stands in the log.
    Internal(ErrorRef),
}

impl WebError {
    /// Logs an internal error and hides it behind its reference.
    pub fn internal(doing: &str, error: &(dyn std::error::Error + 'static)) -> Self {
        Self::Internal(ErrorRef::report(doing, error))
    }

    const fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::Expired | Self::BadRequest => StatusCode::BAD_REQUEST,
            Self::Refused(_) => StatusCode::CONFLICT,
            Self::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The last part of the translation keys of its page.
    const fn word(&self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::Forbidden => "forbidden",
            Self::Expired => "expired",
            Self::BadRequest => "bad-request",
            Self::Refused(_) => "refused",
            Self::Invalid(_) => "invalid",
            Self::TooMany { .. } => "too-many",
            Self::Internal(_) => "internal",
        }
    }
}

impl From<FlowError> for WebError {
    fn from(error: FlowError) -> Self {
        match error {
            FlowError::Invalid(faults) => Self::Invalid(faults),
            FlowError::Refused(refusal) => Self::Refused(refusal),
            FlowError::NotFound(_) => Self::NotFound,
            FlowError::Store(error) => error.into(),
            other => Self::internal("answering a page", &other),
        }
    }
}

impl From<StoreError> for WebError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound(_) => Self::NotFound,
            StoreError::Refused(refusal) => Self::Refused(refusal),
            other => Self::internal("answering a page", &other),
        }
    }
}

impl From<askama::Error> for WebError {
    fn from(error: askama::Error) -> Self {
        Self::internal("rendering a page", &error)
    }
}

impl IntoResponse for WebError {
    /// The page itself is made by [`dress`], which knows the language.
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// A page made of a template.
///
/// # Errors
/// If the template fails, which none does on purpose.
pub fn render(template: impl Template) -> Result<Response, WebError> {
    Ok(Html(template.render()?).into_response())
}

/// The same with another status: a form shown again with its faults.
///
/// # Errors
/// As [`render`].
pub fn render_with(status: StatusCode, template: impl Template) -> Result<Response, WebError> {
    let mut response = render(template)?;
    *response.status_mut() = status;
    Ok(response)
}

#[derive(Template)]
#[template(path = "shared/error.html")]
struct ErrorPage {
    page: Page,
    text: String,
    advice: String,
    faults: Faults,
    reference: Option<String>,
}

/// Turns refusals, wherever they come from, into pages.
pub async fn dress(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let page = Page::bare(&app, &parts);
    let response = next.run(Request::from_parts(parts, body)).await;
    if let Some(error) = response.extensions().get::<WebError>() {
        let error = error.clone();
        return with_page(page, &error, response);
    }
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) || is_document(&response) {
        return response;
    }
    match status {
        StatusCode::NOT_FOUND => with_page(page, &WebError::NotFound, response),
        status if status.is_server_error() && status != StatusCode::SERVICE_UNAVAILABLE => {
            let reference = ErrorRef::report("answering", &std::io::Error::other(status.to_string()));
            with_page(page, &WebError::Internal(reference), response)
        }
        status => {
            let word = match status {
                StatusCode::METHOD_NOT_ALLOWED => "method",
                StatusCode::PAYLOAD_TOO_LARGE => "too-large",
                StatusCode::REQUEST_TIMEOUT => "slow",
                StatusCode::SERVICE_UNAVAILABLE => "busy",
                _ => "bad-request",
            };
            with_words(page, word, None, Faults::default(), None, response)
        }
    }
}

/// A page or a document of our own, not the bare line of a library.
fn is_document(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("text/html") || kind.starts_with("application/"))
}

fn with_page(page: Page, error: &WebError, mut response: Response) -> Response {
    let (mut text, mut faults, mut reference) = (None, Faults::default(), None);
    match error {
        WebError::Refused(refusal) => text = Some(page.lang.text(&refusal.sentence_key())),
        WebError::Invalid(found) => faults = Faults::of(page.lang, found),
        WebError::Internal(error) => reference = Some(error.to_string()),
        WebError::TooMany { limited, retry_after_seconds } => {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(*retry_after_seconds));
            let wait = wait_words(page.lang, *retry_after_seconds);
            text = Some(page.lang.with(limited.sentence_key(), [("wait", wait.into())]));
        }
        _ => {}
    }
    with_words(page, error.word(), text, faults, reference, response)
}

fn with_words(
    page: Page,
    word: &str,
    text: Option<String>,
    faults: Faults,
    reference: Option<String>,
    mut response: Response,
) -> Response {
    let text = text.unwrap_or_else(|| page.lang.text(&format!("problem-{word}-text")));
    let advice = page.lang.text(&format!("problem-{word}-advice"));
    let page = page.titled(&format!("problem-{word}-title"));
    if let Ok(html) = (ErrorPage { page, text, advice, faults, reference }).render() {
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        headers.remove(header::CONTENT_LENGTH);
        *response.body_mut() = Body::from(html);
    }
    response
}

/// A handler that panicked: logged under a reference, and the connection goes on.
#[expect(clippy::needless_pass_by_value, reason = "the layer hands the panic over")]
pub fn panicked(panic: Box<dyn Any + Send + 'static>) -> Response {
    let said =
        panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    let error = std::io::Error::other(said.unwrap_or("no words").to_owned());
    WebError::internal("a handler panicked", &error).into_response()
}
