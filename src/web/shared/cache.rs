//! What may be kept, by whom and for how long. Everything else is kept by nobody (`headers`).

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

/// How long an answer holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// What never changes at its address: a published document, a style sheet named by its fingerprint.
    ForEver,
    /// What is part of the program and changes with its next version.
    AnHour,
    /// What is public and goes on: the life of a draw, a feed. It is said in the reader's language.
    AMinute,
}

impl Keep {
    const fn control(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::ForEver => "public, max-age=31536000, immutable",
            Self::AnHour => "public, max-age=3600",
            Self::AMinute => "public, max-age=60",
        })
    }

    /// Sets the headers of an answer.
    pub fn set_headers(self, response: &mut Response) {
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, self.control());
        if self == Self::AMinute {
            headers.append(header::VARY, HeaderValue::from_static("accept-language, cookie"));
        }
    }
}

/// The `ETag` of a content. Weak, because the answer may be compressed on its way.
pub fn etag(content: &[u8]) -> String {
    format!("W/\"{}\"", hex::encode(&Sha256::digest(content)[..16]))
}

/// Whether whoever asks has it already.
pub fn is_known(asked: &HeaderMap, etag: &str) -> bool {
    let opaque_tag = etag.trim_start_matches("W/");
    asked
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|known| known.trim().trim_start_matches("W/") == opaque_tag)
}

/// An answer with its `ETag`, or only the word that it has not changed.
pub fn answer(asked: &HeaderMap, keep: Keep, etag: &str, kind: &'static str, body: Body) -> Response {
    let mut response = if is_known(asked, etag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(header::CONTENT_TYPE, kind)], body).into_response()
    };
    if let Ok(etag) = HeaderValue::from_str(etag) {
        response.headers_mut().insert(header::ETAG, etag);
    }
    keep.set_headers(&mut response);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_etag_is_known_again_in_a_list_weak_or_strong() {
        let etag = etag(b"a bundle");
        let asked = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::IF_NONE_MATCH, value.parse().unwrap());
            is_known(&headers, &etag)
        };
        assert!(asked(&etag));
        assert!(asked(&format!("\"other\", {}", etag.trim_start_matches("W/"))));
        assert!(!asked("\"other\"") && !asked("") && !asked(&etag[..10]));
    }
}
