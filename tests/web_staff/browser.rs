//! A browser without a network: it keeps the session cookie and the CSRF token of its forms.

use std::fmt::Write as _;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use passage::domain::actor::Role;
use passage::domain::ids::PrefectureId;
use passage::flow::staff;
use passage::web::router;
use tower::ServiceExt;

use crate::common::{PASSWORD, TestApp};
use crate::web::dead_links;

/// Where a sign-in leads: to the first page of staff, if the cookie was kept.
pub const ENTERED: &str = "/agent/connexion?entree=1";

pub struct Browser {
    router: Router,
    cookie: String,
    pub csrf: String,
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    /// The target of a redirect.
    pub fn to(&self) -> &str {
        assert!(self.status.is_redirection(), "{}: {}", self.status, self.body);
        self.headers[header::LOCATION].to_str().unwrap()
    }

    /// The page, which must have this status.
    pub fn page_of(self, status: StatusCode) -> String {
        assert_eq!(self.status, status, "{}", self.body);
        assert_eq!(missing_keys(&self.body), None, "{}", self.body);
        self.body
    }

    /// The page, which must have status 200.
    pub fn page(self) -> String {
        assert_eq!(self.status, StatusCode::OK, "{}", self.body);
        assert_eq!(missing_keys(&self.body), None, "{}", self.body);
        self.body
    }
}

/// Fluent says so when a key is unknown.
fn missing_keys(body: &str) -> Option<&str> {
    body.lines().find(|line| line.contains("Unknown localization"))
}

/// A form as browsers write it.
pub fn encoded(fields: &[(&str, &str)]) -> String {
    let escape = |text: &str| {
        text.bytes().fold(String::new(), |mut escaped, byte| {
            let _ = write!(escaped, "%{byte:02X}");
            escaped
        })
    };
    let pairs: Vec<String> =
        fields.iter().map(|(name, value)| format!("{}={}", escape(name), escape(value))).collect();
    pairs.join("&")
}

impl Browser {
    pub fn of(app: &TestApp) -> Self {
        Self { router: router(app.app.clone()), cookie: String::new(), csrf: String::new() }
    }

    /// Somebody new at a prefecture, signed in.
    pub async fn signed_in(app: &TestApp, prefecture: PrefectureId, login: &str, role: Role) -> Self {
        staff::add(&app.app, prefecture, login, PASSWORD, role).await.unwrap();
        let mut browser = Self::of(app);
        let answer = browser.sign_in(login, PASSWORD).await;
        assert_eq!(answer.to(), ENTERED);
        browser
    }

    pub async fn agent(app: &TestApp, login: &str) -> Self {
        Self::signed_in(app, app.prefecture, login, Role::Agent).await
    }

    pub async fn manager(app: &TestApp, login: &str) -> Self {
        Self::signed_in(app, app.prefecture, login, Role::Manager).await
    }

    pub async fn sign_in(&mut self, login: &str, password: &str) -> Answer {
        let answer = self.send_form("/agent/connexion", &[("login", login), ("password", password)]).await;
        self.keep(&answer).await;
        answer
    }

    /// The first step of a sign-in that takes a second one.
    pub async fn sign_in_first(&mut self, login: &str, password: &str) -> Answer {
        let answer = self.send_form("/agent/connexion", &[("login", login), ("password", password)]).await;
        self.keep_cookie(&answer);
        answer
    }

    fn keep_cookie(&mut self, answer: &Answer) {
        if let Some(cookie) = answer.headers.get(header::SET_COOKIE) {
            cookie.to_str().unwrap().split(';').next().unwrap().clone_into(&mut self.cookie);
        }
    }

    /// Keeps the session that an answer opens.
    pub async fn keep(&mut self, answer: &Answer) {
        if let Some(cookie) = answer.headers.get(header::SET_COOKIE) {
            let cookie = cookie.to_str().unwrap();
            assert!(cookie.starts_with("__Host-passage="));
            for guard in ["; Secure", "; HttpOnly", "; SameSite=Strict", "; Path=/"] {
                assert!(cookie.contains(guard), "{cookie}");
            }
            cookie.split(';').next().unwrap().clone_into(&mut self.cookie);
            let page = self.get("/agent").await.page();
            let (_, rest) = page.split_once("name=\"csrf\" value=\"").unwrap();
            rest.split('"').next().unwrap().clone_into(&mut self.csrf);
        }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    /// Sends a form with the session's CSRF token.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut fields = fields.to_vec();
        fields.push(("csrf", &self.csrf));
        self.send_form(path, &fields).await
    }

    /// Sends a form exactly as given.
    pub async fn send_form(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = encoded(fields);
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .body(Body::from(body));
        self.send(request.unwrap()).await
    }

    /// Sends a file with the fields around it.
    pub async fn upload(&self, path: &str, fields: &[(&str, &str)], file: &str) -> Answer {
        let part = |head: &str, value: &str| {
            format!("--xx\r\nContent-Disposition: form-data; {head}\r\n\r\n{value}\r\n")
        };
        let mut body: String =
            fields.iter().map(|(name, value)| part(&format!("name=\"{name}\""), value)).collect();
        body.push_str(&part("name=\"file\"; filename=\"creneaux.csv\"", file));
        body.push_str("--xx--\r\n");
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=xx")
            .body(Body::from(body));
        self.send(request.unwrap()).await
    }

    /// A multipart form without a file.
    pub async fn send_parts(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let part = |(name, value): &(&str, &str)| {
            format!("--xx\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        let body = fields.iter().map(part).collect::<String>() + "--xx--\r\n";
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=xx")
            .body(Body::from(body));
        self.send(request.unwrap()).await
    }

    pub async fn send(&self, mut request: Request<Body>) -> Answer {
        if !self.cookie.is_empty() {
            request.headers_mut().insert(header::COOKIE, self.cookie.parse().unwrap());
        }
        let method = request.method().clone();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        assert!(method != Method::GET || parts.headers.contains_key("content-security-policy"));
        let body = String::from_utf8(body.to_vec()).unwrap();
        assert_eq!(dead_links(&body), [""; 0], "{body}");
        Answer { status: parts.status, headers: parts.headers, body }
    }
}
