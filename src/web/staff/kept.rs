//! A form that arrives after its session has ended is not lost: the sign-in page carries it, and it comes back
//! as it was typed once somebody of the same prefecture has signed in. Nothing is carried out on the way.
//! A file is not kept, and the page says so.

use std::sync::Arc;

use askama::Template;
use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, FromRequestParts, Request, State};
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};

use super::counter::NOTED_FIELD;
use super::sign_in::{BUTTON_LOST_PATH, FILE_LOST_PATH, SignIn};
use crate::domain::ids::PrefectureId;
use crate::flow::App;
use crate::web::shared::errors::render_with;
use crate::web::shared::forms::is_urlencoded;
use crate::web::shared::origin::{is_ours, own_path};
use crate::web::shared::session::{LOGIN_PATH, csrf_holds, current, owner_of};
use crate::web::shared::{Fields, Page, WebError, draft, render};

/// The field of the sign-in page that says where the form goes.
const PATH_FIELD: &str = "suite";
/// What the names of the kept fields begin with there.
const PREFIX: &str = "suite.";
const CSRF_FIELD: &str = "csrf";

/// A form that waits for a sign-in.
pub struct Kept {
    path: String,
    csrf_token: String,
    /// As typed, without the token.
    fields: Vec<(String, String)>,
    owner: PrefectureId,
}

#[derive(Template)]
#[template(path = "staff/kept.html")]
struct KeptPage {
    page: Page,
    action: String,
    fields: Vec<(String, String)>,
}

impl Kept {
    /// A form of ours in which something was typed.
    fn of(app: &App, path: &str, mut fields: Vec<(String, String)>) -> Option<Self> {
        let path = own_path(path).filter(|path| path.starts_with("/agent/") || path.starts_with("/gestion/"));
        let token = fields.iter().position(|(name, _)| name == CSRF_FIELD)?;
        let (_, csrf_token) = fields.remove(token);
        let owner = owner_of(app, &csrf_token)?;
        // Passwords are typed again.
        let path = path.filter(|path| !path.starts_with("/agent/compte/"));
        Some(Self { path: path?.to_owned(), csrf_token, fields, owner })
            .filter(|kept| kept.path != LOGIN_PATH && kept.is_typed())
    }

    /// A button alone is pressed again, once its page says what stands now.
    fn is_typed(&self) -> bool {
        self.fields.iter().any(|(name, _)| name != NOTED_FIELD)
    }

    /// The form that a sign-in page has carried.
    pub fn carried(app: &App, fields: &Fields) -> Option<Self> {
        let kept = fields
            .iter()
            .filter_map(|(name, value)| Some((name.strip_prefix(PREFIX)?.to_owned(), value.clone())));
        Self::of(app, fields.first(PATH_FIELD), kept.collect())
    }

    /// The hidden fields of the sign-in page.
    pub fn hidden(&self) -> Vec<(String, String)> {
        let token = (CSRF_FIELD.to_owned(), self.csrf_token.clone());
        let kept = std::iter::once(&token).chain(&self.fields);
        let kept = kept.map(|(name, value)| (format!("{PREFIX}{name}"), value.clone()));
        std::iter::once((PATH_FIELD.to_owned(), self.path.clone())).chain(kept).collect()
    }

    pub fn is_of(&self, prefecture: PrefectureId) -> bool {
        self.owner == prefecture
    }

    /// The page that gives it back, to be read again and sent.
    ///
    /// # Errors
    /// If the template fails.
    pub fn give_back(self, page: Page) -> Result<Response, WebError> {
        let action = draft::address(&self.path);
        render(KeptPage { page: page.titled("staff-kept-title"), action, fields: self.fields })
    }
}

/// Keeps what a form holds where its handler would refuse it: without a session, or with a newer one.
pub async fn keep(State(app): State<Arc<App>>, request: Request, next: Next) -> Result<Response, Response> {
    let headers = request.headers();
    let is_form = is_urlencoded(headers);
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let is_file = kind.starts_with("multipart/");
    let is_form_of_ours = request.method() == Method::POST
        && !request.uri().path().starts_with(LOGIN_PATH)
        && is_ours(headers, &app.config.http.public_url);
    if !is_form_of_ours || !(is_form || is_file) {
        return Ok(next.run(request).await);
    }
    let (mut parts, body) = request.into_parts();
    let session = current(&mut parts, &app).await.map_err(IntoResponse::into_response)?;
    if is_file {
        return Ok(match session {
            Some(_) => next.run(Request::from_parts(parts, body)).await,
            None => Redirect::to(FILE_LOST_PATH).into_response(),
        });
    }
    let whole = Bytes::from_request(Request::from_parts(parts.clone(), body), &app).await;
    let body = whole.map_err(IntoResponse::into_response)?;
    let fields: Fields = serde_html_form::from_bytes(&body).unwrap_or_default();
    let kept = Kept::of(&app, parts.uri.path(), fields.iter().cloned().collect());
    let page = Page::from_request_parts(&mut parts, &app).await.unwrap_or_else(|never| match never {});
    match (session, kept) {
        (None, None) if owner_of(&app, fields.first(CSRF_FIELD)).is_some() => {
            Ok(Redirect::to(BUTTON_LOST_PATH).into_response())
        }
        (None, Some(kept)) => {
            let page = SignIn::keeping(&app, page, Some(&kept));
            render_with(StatusCode::BAD_REQUEST, page).map_err(IntoResponse::into_response)
        }
        // Somebody has signed in again, in another tab.
        (Some(session), Some(kept))
            if !csrf_holds(&session, &kept.csrf_token) && kept.is_of(session.prefecture_id) =>
        {
            kept.give_back(page).map_err(IntoResponse::into_response)
        }
        _ => Ok(next.run(Request::from_parts(parts, Body::from(body))).await),
    }
}
