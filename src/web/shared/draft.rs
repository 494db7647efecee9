//! A form that is sent only to be shown again as it was typed: in another language, or after a new sign-in.
//! Its address ends in `?brouillon=…`. It is never carried out: a handler that can show its form again asks
//! for the [`Purpose`]; where none asks, the readers of forms refuse it.

use std::convert::Infallible;
use std::future::Future;
use std::sync::Arc;

use axum::extract::{FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{Extensions, Method, Uri};
use axum::middleware::Next;
use axum::response::{AppendHeaders, IntoResponse, Response};

use super::cookies;
use crate::flow::{App, FlowError};
use crate::locale::Lang;

const QUERY: &str = "brouillon";

/// What a form was sent for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    CarryOut,
    ShowAgain,
}

impl Purpose {
    fn of(uri: &Uri) -> Self {
        if value(uri).is_some() { Self::ShowAgain } else { Self::CarryOut }
    }

    pub fn is_draft(self) -> bool {
        self == Self::ShowAgain
    }

    /// Carries out what the form asks for; of a draft, says that it is not done and that nothing is at fault.
    ///
    /// # Errors
    /// Those of the action, or none at all: an empty list of faults.
    pub async fn carry_out<T>(
        self,
        action: impl Future<Output = Result<T, FlowError>>,
    ) -> Result<T, FlowError> {
        match self {
            Self::CarryOut => action.await,
            Self::ShowAgain => Err(FlowError::Invalid(Vec::new())),
        }
    }
}

/// The handler of this request has asked for the purpose.
#[derive(Clone, Copy)]
struct Asked;

impl FromRequestParts<Arc<App>> for Purpose {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<App>) -> Result<Self, Infallible> {
        parts.extensions.insert(Asked);
        Ok(Self::of(&parts.uri))
    }
}

/// Whether this is a draft that its handler would take for a form to be carried out.
pub fn is_mistaken(uri: &Uri, extensions: &Extensions) -> bool {
    Purpose::of(uri).is_draft() && extensions.get::<Asked>().is_none()
}

/// The address that shows a form again.
pub fn address(action: &str) -> String {
    format!("{action}?{QUERY}=oui")
}

/// The same, in the language of a code.
pub fn address_in(action: &str, code: &str) -> String {
    format!("{action}?{QUERY}={code}")
}

/// The language in which a form is to be shown again.
pub fn language(uri: &Uri) -> Option<Lang> {
    Lang::spoken(value(uri)?)
}

fn value(uri: &Uri) -> Option<&str> {
    let mut pairs = uri.query()?.split('&').map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    pairs.find(|(name, _)| *name == QUERY).map(|(_, value)| value)
}

/// Remembers the language that somebody has chosen with a form.
pub async fn remember_language(request: Request, next: Next) -> Response {
    let chosen = language(request.uri()).filter(|_| request.method() == Method::POST);
    let response = next.run(request).await;
    match chosen {
        Some(chosen) => (AppendHeaders(cookies::language(chosen)), response).into_response(),
        None => response,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_is_known_by_its_address_and_mistaken_where_nobody_asks() {
        let lang = Lang::default();
        for (uri, purpose, chosen) in [
            ("/x", Purpose::CarryOut, None),
            ("/x?a=brouillon", Purpose::CarryOut, None),
            ("/x?brouillon", Purpose::ShowAgain, None),
            ("/x?a=1&brouillon=oui", Purpose::ShowAgain, None),
            (&address("/x"), Purpose::ShowAgain, None),
            (&address_in("/x", lang.code()), Purpose::ShowAgain, Some(lang)),
        ] {
            let parsed: Uri = uri.parse().unwrap();
            assert_eq!((Purpose::of(&parsed), language(&parsed)), (purpose, chosen), "{uri}");
            let mut extensions = Extensions::new();
            assert_eq!(is_mistaken(&parsed, &extensions), purpose.is_draft(), "{uri}");
            extensions.insert(Asked);
            assert!(!is_mistaken(&parsed, &extensions), "{uri}");
        }
    }
}
