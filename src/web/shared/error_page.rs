//! What a reader sees when something is refused or fails: people get a page in their language that says what
//! to do next, programs a problem document (RFC 9457). Neither says what broke inside.

use std::any::Any;
use std::sync::Arc;

use askama::Template;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::errors::WebError;
use super::forms::Faults;
use super::page::Page;
use super::session::HOME_PATH;
use crate::flow::App;
use crate::locale::Lang;
use crate::telemetry::ErrorRef;

const PAGE_TYPE: &str = "text/html; charset=utf-8";
const PROBLEM_TYPE: &str = "application/problem+json";

#[derive(Template)]
#[template(path = "shared/error.html")]
struct ErrorPage {
    page: Page,
    text: String,
    advice: String,
    faults: Faults,
    reference: Option<String>,
}

/// What is to be said of a refusal or a failure.
#[derive(Default)]
struct Problem {
    /// The last part of the translation keys.
    code: &'static str,
    /// The sentence, where it is not the usual one of the code.
    text: Option<String>,
    faults: Faults,
    /// Where it stands in the log.
    reference: Option<String>,
}

impl Problem {
    /// The problem of an answer, if it is one that nobody has put into words yet.
    fn of(response: &Response, lang: Lang) -> Option<Self> {
        if let Some(error) = response.extensions().get::<WebError>() {
            return Some(Self::of_error(error, lang));
        }
        let status = response.status();
        let failed = status.is_client_error() || status.is_server_error();
        (failed && !is_document(response)).then(|| Self::of_status(status))
    }

    fn of_error(error: &WebError, lang: Lang) -> Self {
        let problem = Self { code: error.code(), ..Self::default() };
        match error {
            WebError::Refused(refusal) => Self { text: Some(lang.text(&refusal.sentence_key())), ..problem },
            WebError::Invalid(faults) => Self { faults: Faults::of(lang, faults), ..problem },
            WebError::Internal(reference) => Self { reference: Some(reference.to_string()), ..problem },
            WebError::TooMany { limited, retry_after_seconds } => {
                Self { text: Some(limited.sentence(lang, *retry_after_seconds)), ..problem }
            }
            _ => problem,
        }
    }

    /// Of an answer that a library gave.
    fn of_status(status: StatusCode) -> Self {
        let code = match status {
            StatusCode::NOT_FOUND => WebError::NotFound.code(),
            StatusCode::METHOD_NOT_ALLOWED => "method",
            StatusCode::PAYLOAD_TOO_LARGE => "too-large",
            StatusCode::REQUEST_TIMEOUT => "slow",
            StatusCode::SERVICE_UNAVAILABLE => "busy",
            status if status.is_server_error() => {
                let error = std::io::Error::other(status.to_string());
                let reference = ErrorRef::report("answering", &error).to_string();
                return Self { code: "internal", reference: Some(reference), ..Self::default() };
            }
            _ => "bad-request",
        };
        Self { code, ..Self::default() }
    }

    fn page(self, page: Page) -> Option<String> {
        let Self { code, text, faults, reference } = self;
        let text = text.unwrap_or_else(|| page.lang.text(&format!("problem-{code}-text")));
        let advice = page.lang.text(&format!("problem-{code}-advice"));
        let page = page.titled(&format!("problem-{code}-title"));
        ErrorPage { page, text, advice, faults, reference }.render().ok()
    }

    fn json(self, lang: Lang, status: StatusCode) -> String {
        let mut document = json!({
            "type": format!("urn:passage:problem:{}", self.code),
            "title": lang.text(&format!("problem-{}-title", self.code)),
            "status": status.as_u16(),
        });
        for (name, value) in [("detail", self.text), ("reference", self.reference)] {
            if let Some(value) = value {
                document[name] = value.into();
            }
        }
        document.to_string()
    }
}

/// Puts refusals and failures, wherever they come from, into words.
pub async fn error_pages(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let page = Page::bare(&app, &parts);
    let is_for_programs = is_for_programs(parts.uri.path());
    let is_form = !parts.method.is_safe();
    let mut of_staff = page.is_for_staff().then(|| parts.clone());
    let response = next.run(Request::from_parts(parts, body)).await;
    let Some(problem) = Problem::of(&response, page.lang) else {
        return response;
    };
    // Whoever is signed in keeps their menu, unless the database is away: then nobody is known.
    let page = match &mut of_staff {
        Some(parts) if response.status() != StatusCode::SERVICE_UNAVAILABLE => {
            page.signed_in(parts, &app).await
        }
        _ => page,
    };
    // What a form was sent to has no page of its own.
    let is_for_staff = page.is_for_staff();
    let page = if is_form && is_for_staff { Page { path: HOME_PATH.to_owned(), ..page } } else { page };
    if is_for_programs {
        let document = problem.json(page.lang, response.status());
        with_body(response, PROBLEM_TYPE, document)
    } else if let Some(html) = problem.page(page) {
        with_body(response, PAGE_TYPE, html)
    } else {
        response
    }
}

/// Whether programs, not people, ask for this address: JSON, and the signed log.
fn is_for_programs(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, ending)| ending == "json") || path.starts_with("/journal/")
}

/// A page or a document of our own, not the bare line of a library.
fn is_document(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("text/html") || kind.starts_with("application/"))
}

fn with_body(mut response: Response, kind: &'static str, body: String) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    // They describe the body that is replaced, which may have been compressed already.
    headers.remove(header::CONTENT_LENGTH);
    headers.remove(header::CONTENT_ENCODING);
    *response.body_mut() = Body::from(body);
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
