//! Why a handler answers with no page of its own. What the reader sees instead is made in
//! [`super::error_page`].

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};

use crate::domain::refusal::Refusal;
use crate::flow::{Fault, FlowError};
use crate::locale::Lang;
use crate::telemetry::{ErrorRef, causes};

/// When to come back after the database could not serve.
const UNAVAILABLE_RETRY_SECONDS: u64 = 10;

/// What has been asked for too often; the page names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limited {
    /// Pages and documents, by this address.
    Pages,
    /// Registrations, by this address.
    Registrations,
    /// Registrations, by everybody in the prefecture and by this provider's network.
    RegistrationsAround,
    /// Look-ups that found nothing, by this address.
    LookUps,
    /// … by everybody, and by this provider's network.
    LookUpsAround,
    /// Wrong dates for this reference, by this address.
    ReferenceHere,
    /// Wrong dates for this reference, from anywhere.
    Reference,
    /// Changes and proofs of this entry.
    Entry,
    /// Wrong passwords, by this address.
    SignIns,
    /// Wrong passwords for this login, by this address.
    LoginHere,
    /// Wrong passwords for this login, in this browser.
    LoginBrowser,
    /// Wrong passwords for this login, from anywhere.
    Login,
}

impl Limited {
    const fn sentence_key(self) -> &'static str {
        match self {
            Self::Pages => "problem-too-many-text",
            Self::Registrations => "problem-too-many-registrations",
            Self::RegistrationsAround => "problem-too-many-registrations-around",
            Self::LookUpsAround => "problem-too-many-look-ups-around",
            Self::LookUps => "problem-too-many-look-ups",
            Self::ReferenceHere => "problem-too-many-reference-here",
            Self::Reference => "problem-too-many-reference",
            Self::Entry => "problem-too-many-entry",
            Self::SignIns => "problem-too-many-sign-ins",
            Self::LoginHere => "problem-too-many-login-here",
            Self::LoginBrowser => "problem-too-many-login-browser",
            Self::Login => "problem-too-many-login",
        }
    }

    /// What a page says, of this limit and no other.
    pub fn sentence(self, lang: Lang, retry_after_seconds: u64) -> String {
        lang.with(self.sentence_key(), [("wait", wait_words(lang, retry_after_seconds).into())])
    }
}

/// How long to wait, in words.
fn wait_words(lang: Lang, seconds: u64) -> String {
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
    /// The database cannot serve for the moment.
    Unavailable,
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
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The last part of the translation keys of its page, and of its type in JSON.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::Forbidden => "forbidden",
            Self::Expired => "expired",
            Self::BadRequest => "bad-request",
            Self::Refused(_) => "refused",
            Self::Invalid(_) => "invalid",
            Self::TooMany { .. } => "too-many",
            Self::Unavailable => "unavailable",
            Self::Internal(_) => "internal",
        }
    }
}

impl WebError {
    /// Its word in the log: the refusal itself, where there is one.
    pub fn why(&self) -> &'static str {
        match self {
            Self::Refused(refusal) => refusal.as_str(),
            other => other.code(),
        }
    }
}

impl From<FlowError> for WebError {
    fn from(error: FlowError) -> Self {
        match error {
            FlowError::Invalid(faults) => Self::Invalid(faults),
            FlowError::Refused(refusal) => Self::Refused(refusal),
            FlowError::NotFound(_) => Self::NotFound,
            FlowError::Store(error) if error.is_unavailable() => {
                tracing::warn!(event = "request.unavailable", error = %causes(&error), "the database cannot serve");
                Self::Unavailable
            }
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
    /// The body is made by [`super::error_page::error_pages`], which knows the language.
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        let retry_after = match self {
            Self::TooMany { retry_after_seconds, .. } => Some(retry_after_seconds),
            Self::Unavailable => Some(UNAVAILABLE_RETRY_SECONDS),
            _ => None,
        };
        if let Some(seconds) = retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(self);
        response
    }
}

/// A form shown again to whoever must wait before sending it.
///
/// # Errors
/// As [`render`].
pub fn render_later(retry_after_seconds: u64, template: impl Template) -> Result<Response, WebError> {
    let mut response = render_with(StatusCode::TOO_MANY_REQUESTS, template)?;
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(retry_after_seconds));
    Ok(response)
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
