//! The style sheet and the icon, embedded in the program. Its address carries a print of its content, so that
//! browsers may keep it for ever.

use std::sync::LazyLock;

use axum::http::header;
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

const ICON: &str = include_str!("../../../assets/icon.svg");
const STYLE: &str = include_str!("../../../assets/style.css");

static STYLE_ADDRESS: LazyLock<String> = LazyLock::new(|| {
    let print = hex::encode(Sha256::digest(STYLE));
    format!("/assets/style.css?v={}", &print[..12])
});

/// Where pages find the style sheet.
pub fn style_address() -> &'static str {
    &STYLE_ADDRESS
}

/// The style sheet.
pub async fn style() -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/css; charset=utf-8"),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    (headers, STYLE).into_response()
}

/// The icon of the tab.
pub async fn icon() -> Response {
    let headers = [(header::CONTENT_TYPE, "image/svg+xml"), (header::CACHE_CONTROL, "public, max-age=86400")];
    (headers, ICON).into_response()
}
