//! Requests to the pages in-process, as from a browser without JavaScript.

#![allow(dead_code, reason = "each test file uses its own part")]

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use cookie::Cookie;
use passage::flow::App;
use tower::ServiceExt;

/// The response.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    /// A header, or an empty string.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The cookie that it hands out, as it is sent back.
    pub fn cookie(&self) -> &str {
        self.header("set-cookie").split(';').next().unwrap_or("")
    }

    /// The value of a hidden field.
    pub fn hidden(&self, name: &str) -> String {
        let mark = format!("name=\"{name}\" value=\"");
        let (_, rest) =
            self.body.split_once(&mark).unwrap_or_else(|| panic!("no field {name} in {}", self.body));
        rest.split_once('"').unwrap().0.to_owned()
    }

    /// The text between two markers.
    pub fn between(&self, before: &str, after: &str) -> &str {
        let (_, rest) =
            self.body.split_once(before).unwrap_or_else(|| panic!("no {before} in {}", self.body));
        rest.split_once(after).unwrap().0
    }

    #[track_caller]
    pub fn assert_says(&self, text: &str) {
        assert!(self.body.contains(text), "“{text}” is not said in {}", self.body);
    }
}

/// The links of an error summary that lead to nothing that can have the focus.
pub fn dead_links(body: &str) -> Vec<String> {
    let summaries = body.split("fr-alert--error").skip(1).map(|rest| rest.split("</div>").next().unwrap());
    let links = summaries.flat_map(|summary| summary.split("href=\"#").skip(1));
    let names = links.map(|rest| rest.split('"').next().unwrap().to_owned());
    names.filter(|name| !is_focusable(body, name)).collect()
}

fn is_focusable(body: &str, id: &str) -> bool {
    let Some(at) = body.find(&format!(" id=\"{id}\"")) else { return false };
    let tag = &body[body[..at].rfind('<').unwrap()..];
    let tag = &tag[..tag.find('>').unwrap()];
    let is_control = ["<input", "<select", "<textarea", "<button"].iter().any(|name| tag.starts_with(name));
    is_control || tag.contains("tabindex")
}

pub async fn get(app: &Arc<App>, path: &str) -> Answer {
    send(app, Request::get(path).body(Body::empty()).unwrap()).await
}

pub async fn post(app: &Arc<App>, path: &str, fields: &[(&str, &str)]) -> Answer {
    send(app, form(path, fields)).await
}

/// A browser that keeps its cookies, and sends each where its path says.
pub struct Browser {
    app: Arc<App>,
    cookies: Vec<Cookie<'static>>,
}

impl Browser {
    pub fn of(app: &Arc<App>) -> Self {
        Self { app: app.clone(), cookies: Vec::new() }
    }

    /// The page at an address, and where it leads to.
    pub async fn get(&mut self, path: &str) -> Answer {
        self.follow(Request::get(path).body(Body::empty()).unwrap()).await
    }

    /// The answer of an address itself, which may lead elsewhere.
    pub async fn get_once(&mut self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    /// Sends a form; the page that it leads to.
    pub async fn submit(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.follow(form(path, fields)).await
    }

    /// Sends a form; its own answer.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.send(form(path, fields)).await
    }

    pub async fn send(&mut self, mut request: Request<Body>) -> Answer {
        let path = request.uri().path().to_owned();
        let sent = self.cookies.iter().filter(|cookie| path.starts_with(cookie.path().unwrap_or("/")));
        let sent: Vec<String> = sent.map(|cookie| cookie.stripped().to_string()).collect();
        request.headers_mut().insert(header::COOKIE, sent.join("; ").parse().unwrap());
        let answer = send(&self.app, request).await;
        for given in answer.headers.get_all(header::SET_COOKIE) {
            let given = Cookie::parse(given.to_str().unwrap().to_owned()).unwrap();
            self.cookies.retain(|cookie| cookie.name() != given.name());
            if given.max_age().is_none_or(|age| !age.is_zero()) {
                self.cookies.push(given);
            }
        }
        answer
    }

    async fn follow(&mut self, request: Request<Body>) -> Answer {
        let mut answer = self.send(request).await;
        for _ in 0..3 {
            if !answer.status.is_redirection() {
                break;
            }
            let path = answer.header("location").to_owned();
            answer = self.send(Request::get(path).body(Body::empty()).unwrap()).await;
        }
        answer
    }
}

/// Sends a form from a browser of its own; the page that it leads to.
pub async fn submit(app: &Arc<App>, path: &str, fields: &[(&str, &str)]) -> Answer {
    Browser::of(app).submit(path, fields).await
}

fn form(path: &str, fields: &[(&str, &str)]) -> Request<Body> {
    let request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    request.body(Body::from(encoded(fields))).unwrap()
}

pub async fn send(app: &Arc<App>, request: Request<Body>) -> Answer {
    let response = passage::web::router(app.clone()).oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, 64 << 20).await.unwrap();
    let body = String::from_utf8_lossy(&body).into_owned();
    assert_eq!(dead_links(&body), [""; 0], "{body}");
    Answer { status: parts.status, headers: parts.headers, body }
}

/// A form as it is sent.
pub fn encoded(fields: &[(&str, &str)]) -> String {
    let pairs = fields.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value)));
    pairs.collect::<Vec<_>>().join("&")
}

fn encode(text: &str) -> String {
    text.bytes()
        .map(
            |byte| {
                if byte.is_ascii_alphanumeric() {
                    char::from(byte).to_string()
                } else {
                    format!("%{byte:02X}")
                }
            },
        )
        .collect()
}
