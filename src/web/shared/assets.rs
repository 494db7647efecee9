//! The style sheet, the icon and the page that verifies draws, embedded in the program. The style sheet's
//! address carries a fingerprint of its content, so that browsers may keep it for ever.

use std::sync::LazyLock;

use axum::http::header;
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

use super::cache::Keep;

const ICON: &str = include_str!("../../../assets/icon.svg");
const STYLE: &str = include_str!("../../../assets/style.css");

/// Built from `verifier/`; complete in itself, so that it works saved to a disk.
const VERIFIER: &str = include_str!("../../../assets/verifier.html");

/// The page's own policy, which allows its scripts by their hashes and no connection at all.
static VERIFIER_POLICY: LazyLock<String> = LazyLock::new(|| {
    let (_, rest) = VERIFIER.split_once("Content-Security-Policy\" content=\"").unwrap_or_default();
    let (policy, _) = rest.split_once('"').unwrap_or_default();
    format!("{policy}; frame-ancestors 'none'")
});

static STYLE_ADDRESS: LazyLock<String> = LazyLock::new(|| {
    let fingerprint = hex::encode(Sha256::digest(STYLE));
    format!("/assets/style.css?v={}", &fingerprint[..12])
});

/// Where pages find the style sheet.
pub fn style_address() -> &'static str {
    &STYLE_ADDRESS
}

/// The style sheet.
pub async fn style() -> Response {
    kept(Keep::ForEver, ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], STYLE))
}

/// Where anybody checks a draw without this server.
pub async fn verifier() -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, VERIFIER_POLICY.as_str()),
    ];
    kept(Keep::AnHour, (headers, VERIFIER))
}

/// The icon of the tab.
pub async fn icon() -> Response {
    kept(Keep::AnHour, ([(header::CONTENT_TYPE, "image/svg+xml")], ICON))
}

fn kept(keep: Keep, asset: impl IntoResponse) -> Response {
    let mut response = asset.into_response();
    keep.set_headers(&mut response);
    response
}
