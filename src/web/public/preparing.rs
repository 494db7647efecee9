//! What the demo answers while the three weeks behind it are played: how far they are. The page asks for itself again
//! until the demo stands at its address.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use askama::Template;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use tower::ServiceExt;

use crate::web::shared::errors::render_with;
use crate::web::shared::headers::set_headers;
use crate::web::shared::{Page, assets};

/// How often the page asks for itself again.
const REFRESH_SECONDS: u64 = 3;

#[derive(Template)]
#[template(path = "public/preparing.html")]
struct PreparingPage {
    page: Page,
    percent: u64,
    percent_text: String,
    refresh_seconds: u64,
}

/// A demo on its way, and then the demo.
#[derive(Debug, Default)]
pub struct Preparing {
    percent: AtomicU64,
    demo: OnceLock<Router>,
}

impl Preparing {
    /// `part` of `whole` is done.
    pub fn says(&self, part: u64, whole: u64) {
        self.percent.store((part * 100 / whole.max(1)).min(100), Ordering::Relaxed);
    }

    /// The demo answers from now on.
    pub fn becomes(&self, demo: Router) {
        // A second demo would be another program.
        let _ = self.demo.set(demo);
    }

    /// Answers every address.
    pub fn router(self: &Arc<Self>) -> Router {
        Router::new().fallback(answer).with_state(self.clone())
    }
}

async fn answer(State(preparing): State<Arc<Preparing>>, request: Request) -> Response {
    if let Some(demo) = preparing.demo.get() {
        return demo.clone().oneshot(request).await.unwrap_or_else(|never| match never {});
    }
    let mut response = match request.uri().path() {
        "/assets/style.css" => assets::style().await,
        "/assets/icon.svg" => assets::icon().await,
        _ => preparing_page(&preparing, request),
    };
    set_headers(&mut response);
    response
}

fn preparing_page(preparing: &Preparing, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let page = Page::alone(&parts).titled("preparing-title");
    let percent = preparing.percent.load(Ordering::Relaxed);
    let percent_text = page.lang.with("percent", [("n", percent.into())]);
    let page = PreparingPage { page, percent, percent_text, refresh_seconds: REFRESH_SECONDS };
    match render_with(StatusCode::SERVICE_UNAVAILABLE, page) {
        Ok(mut response) => {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(REFRESH_SECONDS));
            response
        }
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use axum::body::{Body, to_bytes};
    use axum::routing::get;

    use super::*;

    async fn asked(preparing: &Arc<Preparing>, path: &str) -> (Response, String) {
        let request = Request::get(path).body(Body::empty()).unwrap();
        let response = preparing.router().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let text = to_bytes(body, 1 << 20).await.unwrap().to_vec();
        (Response::from_parts(parts, Body::empty()), String::from_utf8(text).unwrap())
    }

    #[tokio::test]
    async fn says_how_far_it_is_at_every_address_then_is_the_demo() {
        let preparing = Arc::new(Preparing::default());
        preparing.says(3, 12);
        for path in ["/", "/p/demonstration"] {
            let (answer, page) = asked(&preparing, path).await;
            assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
            assert_eq!(answer.headers()[header::RETRY_AFTER], "3");
            assert_eq!(answer.headers()[header::CACHE_CONTROL], "no-store");
            assert!(page.contains(r#"<meta http-equiv="refresh" content="3">"#), "{page}");
            assert!(page.contains(r#"value="25""#) && page.contains("25 %"), "{page}");
            assert!(!page.contains("<script"));
        }
        assert_eq!(asked(&preparing, assets::style_address()).await.0.status(), StatusCode::OK);

        preparing.becomes(Router::new().route("/p/demonstration", get(|| async { "ready" })));
        let (answer, page) = asked(&preparing, "/p/demonstration").await;
        assert_eq!((answer.status(), page.as_str()), (StatusCode::OK, "ready"));
        assert_eq!(asked(&preparing, "/elsewhere").await.0.status(), StatusCode::NOT_FOUND);
    }

    #[test]
    fn never_says_more_than_all() {
        let preparing = Preparing::default();
        preparing.says(7, 0);
        assert_eq!(preparing.percent.load(Ordering::Relaxed), 100);
    }
}
