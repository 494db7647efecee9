//! Where a form was sent from, as the browser says it: another site's page cannot act through ours.

use axum::http::HeaderMap;

/// Whether the browser says that the request comes from this site. One that says nothing is believed: what
/// acts for somebody already recognised asks for a CSRF token as well.
pub fn is_ours(headers: &HeaderMap, public_url: &str) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    let Some(origin) = text("origin") else {
        return true;
    };
    let authority = origin.split_once("://").map(|(_, authority)| authority);
    origin == public_url || (authority.is_some() && authority == text("host"))
}
