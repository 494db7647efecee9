//! Who is signed in. Routes ask for what one may do ([`may`]), handlers for [`Staff`]; forms come as [`StaffForm`], which
//! refuses what was not sent from one of our own pages.

use std::sync::Arc;

use axum::RequestExt;
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::MethodRouter;
use cookie::time::Duration;
use cookie::{Cookie, CookieBuilder, SameSite};
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::cookies;
use super::draft;
use super::errors::WebError;
use super::forms::{Fields, is_urlencoded};
use super::origin::is_ours;
use crate::domain::actor::Role;
use crate::domain::ids::PrefectureId;
use crate::domain::permission::Act;
use crate::domain::staff::SessionStage;
use crate::flow::staff::Session;
use crate::flow::{App, read, staff};

/// The session's cookie. The prefix makes browsers refuse it over plain http and from other hosts.
pub const SESSION_COOKIE: &str = "__Host-passage";

/// Where one signs in.
pub const LOGIN_PATH: &str = "/agent/connexion";
/// Where the code of the second factor is typed.
pub const CODE_PATH: &str = "/agent/connexion/code";
/// Where a second factor is set up.
pub const SECOND_FACTOR_PATH: &str = "/agent/connexion/second-facteur";
/// The first page after it.
pub const HOME_PATH: &str = "/agent";

/// What the sealed half of a form's token is for.
const FORM_OWNER: &str = "staff-form-owner";

/// A signed-in member of staff; anybody else is sent to sign in.
pub struct Staff(pub Session);

/// A form sent by the session's own page, read as `T`.
pub struct StaffForm<T>(pub T);

/// Who is signed in, as the frame shows it.
#[derive(Clone, Debug)]
pub struct StaffView {
    pub login: String,
    pub role: Role,
    /// The name of the prefecture.
    pub prefecture: String,
    /// The session's CSRF token, for the hidden field `csrf` of every form.
    pub csrf: String,
}

impl StaffView {
    pub const fn reads_people(&self) -> bool {
        self.role.may(Act::ReadPeople)
    }

    pub const fn serves_people(&self) -> bool {
        self.role.may(Act::ServePeople)
    }

    pub const fn reads_queues(&self) -> bool {
        self.role.may(Act::ReadQueues)
    }

    pub const fn manages_queues(&self) -> bool {
        self.role.may(Act::ManageQueues)
    }

    pub const fn manages_accounts(&self) -> bool {
        self.role.may(Act::ManageAccounts)
    }

    pub const fn reads_readings(&self) -> bool {
        self.role.may(Act::ReadReadings)
    }
}

/// What was found out about the session of this request.
#[derive(Clone)]
struct Found(Option<Session>);

/// The session of this request, looked up once.
pub async fn current(parts: &mut Parts, app: &App) -> Result<Option<Session>, WebError> {
    if let Some(Found(session)) = parts.extensions.get::<Found>() {
        return Ok(session.clone());
    }
    let session = match token(&parts.headers) {
        Some(token) => staff::session(app, token).await?,
        None => None,
    };
    if let Some(session) = &session {
        tracing::Span::current().record("staff", tracing::field::display(session.staff_id));
    }
    parts.extensions.insert(Found(session.clone()));
    Ok(session)
}

/// The token in the cookie.
pub fn token(headers: &HeaderMap) -> Option<&str> {
    cookies::value(headers, SESSION_COOKIE)
}

/// The header that hands out a session's token.
pub fn cookie_of(token: &str) -> [(HeaderName, String); 1] {
    cookies::set(&cookie(token).build())
}

/// The header that takes it back.
pub fn cookie_cleared() -> [(HeaderName, String); 1] {
    cookies::set(&cookie("").max_age(Duration::ZERO).build())
}

fn cookie(token: &str) -> CookieBuilder<'_> {
    Cookie::build((SESSION_COOKIE, token)).path("/").secure(true).http_only(true).same_site(SameSite::Strict)
}

/// What a browser calls itself.
pub fn browser(headers: &HeaderMap) -> &str {
    headers.get(header::USER_AGENT).and_then(|name| name.to_str().ok()).unwrap_or_default()
}

/// The signed-in person as the frame shows them. A frame without them is better than no page.
pub(super) async fn view(parts: &mut Parts, app: &App) -> Option<StaffView> {
    view_of(app, current(parts, app).await.ok().flatten()?).await
}

/// The person of a session as the frame shows them.
pub async fn view_of(app: &App, session: Session) -> Option<StaffView> {
    let directory = read::directory(app).await.ok()?;
    let prefecture = directory.prefecture(session.prefecture_id).map(|prefecture| prefecture.name.clone());
    Some(StaffView {
        login: session.login,
        role: session.role,
        prefecture: prefecture.unwrap_or_default(),
        csrf: form_token(app, &session.csrf_token, session.prefecture_id),
    })
}

impl FromRequestParts<Arc<App>> for Staff {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Response> {
        match current(parts, app).await {
            Ok(Some(session)) => Ok(Self(session)),
            Ok(None) => Err(Redirect::to(entrance(parts, app).await).into_response()),
            Err(error) => Err(error.into_response()),
        }
    }
}

/// Where somebody goes who is not signed in, or not yet quite.
async fn entrance(parts: &Parts, app: &App) -> &'static str {
    let unfinished = match token(&parts.headers) {
        Some(token) => staff::unfinished(app, token).await.ok().flatten(),
        None => None,
    };
    match unfinished.map(|session| session.stage) {
        Some(SessionStage::Password) => CODE_PATH,
        Some(SessionStage::Enrol) => SECOND_FACTOR_PATH,
        _ => LOGIN_PATH,
    }
}

/// A session that may set a second factor up: a whole one, or one that waits for nothing else.
pub struct Enrolling(pub Session);

impl FromRequestParts<Arc<App>> for Enrolling {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Response> {
        let unfinished = match token(&parts.headers) {
            Some(token) => staff::unfinished(app, token).await,
            None => Ok(None),
        };
        match unfinished {
            Ok(Some(session)) if session.stage == SessionStage::Enrol => Ok(Self(session)),
            Ok(_) => Staff::from_request_parts(parts, app).await.map(|Staff(session)| Self(session)),
            Err(error) => Err(WebError::from(error).into_response()),
        }
    }
}

/// Handlers that only those may reach whose role allows this act. It is asked before anything is read.
pub fn may(app: &Arc<App>, act: Act, handlers: MethodRouter<Arc<App>>) -> MethodRouter<Arc<App>> {
    handlers.layer(from_fn_with_state((app.clone(), act), allow))
}

async fn allow(State((app, act)): State<(Arc<App>, Act)>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    match Staff::from_request_parts(&mut parts, &app).await {
        Ok(Staff(session)) if session.role.may(act) => next.run(Request::from_parts(parts, body)).await,
        Ok(_) => WebError::Forbidden.into_response(),
        Err(elsewhere) => elsewhere,
    }
}

impl<T: DeserializeOwned> FromRequest<Arc<App>> for StaffForm<T> {
    type Rejection = Response;

    async fn from_request(mut request: Request, app: &Arc<App>) -> Result<Self, Response> {
        let Staff(session) = request.extract_parts_with_state::<Staff, _>(app).await?;
        if draft::is_mistaken(request.uri(), request.extensions()) {
            return Err(Redirect::to(HOME_PATH).into_response());
        }
        let headers = request.headers().clone();
        if !is_urlencoded(&headers) {
            return Err(StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response());
        }
        let body = Bytes::from_request(request, app).await.map_err(IntoResponse::into_response)?;
        let refuse = |()| WebError::Expired.into_response();
        let fields: Fields = serde_html_form::from_bytes(&body).map_err(|_| refuse(()))?;
        if fields.has_zero_byte() {
            return Err(WebError::BadRequest.into_response());
        }
        guard(app, &session, &headers, fields.first("csrf")).map_err(IntoResponse::into_response)?;
        serde_html_form::from_bytes(&body).map(Self).map_err(|error| {
            tracing::debug!(%error, "a form that none of our pages sends");
            WebError::BadRequest.into_response()
        })
    }
}

/// The CSRF token of a session's forms. Its second half, sealed, tells whose form it is when the session is
/// over; it opens nothing.
pub fn form_token(app: &App, csrf: &[u8], prefecture: PrefectureId) -> String {
    let sealed = app.vault.seal_secret(FORM_OWNER, Uuid::nil(), prefecture.0.as_bytes());
    format!("{}.{}", hex::encode(csrf), hex::encode(sealed))
}

/// Whether a form carries its session's own token.
pub fn csrf_holds(session: &Session, csrf_token: &str) -> bool {
    staff::csrf_holds(session, csrf_token.split('.').next().unwrap_or_default())
}

/// The prefecture for which one of our pages has made a form, whether its session is over or not.
pub fn owner_of(app: &App, csrf_token: &str) -> Option<PrefectureId> {
    let sealed = hex::decode(csrf_token.split_once('.')?.1).ok()?;
    let owner = app.vault.open_secret(FORM_OWNER, Uuid::nil(), &sealed).ok()?;
    Some(Uuid::from_slice(&owner).ok()?.into())
}

/// Refuses a request that none of our pages has sent: the session's CSRF token must be in it, and a browser
/// that names the sender must name us.
///
/// # Errors
/// [`WebError::Expired`]: an honest person sees it after signing in again in another tab.
pub fn guard(app: &App, session: &Session, headers: &HeaderMap, csrf_token: &str) -> Result<(), WebError> {
    if csrf_holds(session, csrf_token) && is_ours(headers, &app.config.http.public_url) {
        Ok(())
    } else {
        Err(WebError::Expired)
    }
}
