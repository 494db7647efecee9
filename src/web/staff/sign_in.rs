//! Signing in and out. An unknown login and a wrong password take the same time and read the same. Only
//! wrong passwords count against a limit, and none of them keeps an owner out of a browser they have
//! used before.

use std::sync::Arc;
use std::time::Duration;

use askama::Template;
use axum::extract::{FromRequestParts, Query, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::kept::Kept;
use super::{known_browser, proconnect};
use crate::domain::refusal::Refusal;
use crate::domain::staff::SessionStage;
use crate::flow::{App, FlowError, staff};
use crate::limits::{Rule, Wide};
use crate::web::shared::errors::{Limited, render_later, render_with};
use crate::web::shared::limit::{Client, Tries};
use crate::web::shared::origin::is_ours;
use crate::web::shared::session::{
    CODE_PATH, HOME_PATH, LOGIN_PATH, SECOND_FACTOR_PATH, browser, cookie_cleared, cookie_of, token, view_of,
};
use crate::web::shared::{Fields, Form, Page, Purpose, Staff, StaffForm, WebError, render};

const QUARTER: Duration = Duration::from_mins(15);
/// Wrong passwords from one address: a whole prefecture may stand behind it.
const BY_ADDRESS: Rule = Rule::new(200, QUARTER);
/// Wrong passwords for one login from one address, or from one browser that it has signed in with.
const BY_BOTH: Rule = Rule::new(8, QUARTER);
/// Wrong passwords for one login from all browsers that it has never signed in with; beyond it, each provider's
/// network has eight.
const BY_LOGIN: Wide = Wide { everywhere: Rule::new(100, QUARTER), nearby: Rule::new(8, QUARTER) };

/// The sign-in page of somebody whose file could not be kept.
pub const FILE_LOST_PATH: &str = "/agent/connexion?fichier=perdu";

/// … and of somebody whose button did nothing.
pub const BUTTON_LOST_PATH: &str = "/agent/connexion?session=finie";
/// Where a sign-in leads: to the first page, or back to the form with the reason, where the browser has not kept the
/// session's cookie.
pub const ENTERED_PATH: &str = "/agent/connexion?entree=1";

#[derive(Template)]
#[template(path = "staff/sign_in.html")]
pub struct SignIn {
    page: Page,
    login: String,
    refused: Option<String>,
    /// What becomes of the form that was sent too late.
    notice: Option<String>,
    /// The form that waits, in hidden fields.
    hidden: Vec<(String, String)>,
    /// Whether one may sign in with ProConnect.
    proconnect: bool,
}

impl SignIn {
    /// The page, with a form that waits.
    pub fn keeping(app: &App, page: Page, kept: Option<&Kept>) -> Self {
        let mut page = page.titled("staff-sign-in-title").with_form(LOGIN_PATH);
        // The address of a form may have no page of its own.
        LOGIN_PATH.clone_into(&mut page.path);
        let notice = kept.map(|_| page.lang.text("staff-sign-in-kept"));
        let hidden = kept.map(Kept::hidden).unwrap_or_default();
        let proconnect = app.proconnect.is_some();
        Self { page, login: String::new(), refused: None, notice, hidden, proconnect }
    }
}

/// How the page was reached.
#[derive(Deserialize)]
pub struct Reached {
    fichier: Option<String>,
    entree: Option<String>,
    session: Option<String>,
}

/// The form, or the pages behind it for who is signed in already.
pub async fn show(
    State(app): State<Arc<App>>,
    page: Page,
    Query(reached): Query<Reached>,
    request: Request,
) -> Result<Response, WebError> {
    let (mut parts, _) = request.into_parts();
    if Staff::from_request_parts(&mut parts, &app).await.is_ok() {
        return Ok(Redirect::to(HOME_PATH).into_response());
    }
    let notice = match (&reached.fichier, &reached.session) {
        (Some(_), _) => Some("staff-sign-in-file-lost"),
        (None, Some(_)) => Some("staff-sign-in-button-lost"),
        (None, None) => None,
    };
    let notice = notice.map(|key| page.lang.text(key));
    let address = [("address", app.config.http.public_url.clone().into())];
    let refused = reached.entree.map(|_| page.lang.with("staff-sign-in-cookie-lost", address));
    render(SignIn { refused, notice, ..SignIn::keeping(&app, page, None) })
}

pub async fn enter(
    State(app): State<Arc<App>>,
    client: Client,
    page: Page,
    headers: HeaderMap,
    purpose: Purpose,
    Form(fields): Form,
) -> Result<Response, WebError> {
    let login = fields.first("login").to_lowercase();
    let kept = Kept::carried(&app, &fields);
    let again = SignIn { login: login.clone(), ..SignIn::keeping(&app, page.clone(), kept.as_ref()) };
    if purpose.is_draft() {
        return render(again);
    }
    let mut tries = match tries(&app, client, &headers, &login).await {
        Err(WebError::TooMany { limited, retry_after_seconds }) => {
            let refused = Some(limited.sentence(page.lang, retry_after_seconds));
            return render_later(retry_after_seconds, SignIn { refused, ..again });
        }
        taken => taken?,
    };
    match staff::log_in(&app, &login, fields.verbatim("password"), browser(&headers)).await {
        Ok(opened) => {
            tries.give_back().await;
            // A session that this browser still had is of no more use.
            if let Some(old) = token(&headers) {
                staff::log_out(&app, old).await?;
            }
            let first = match opened.stage {
                SessionStage::Full => return whole(&app, page, &login, &opened.token, kept).await,
                SessionStage::Password => render(Code::keeping(page, kept.as_ref()))?,
                SessionStage::Enrol => Redirect::to(SECOND_FACTOR_PATH).into_response(),
            };
            Ok((cookie_of(&opened.token), first).into_response())
        }
        Err(FlowError::Refused(refusal)) => {
            let refused = Some(page.lang.text(&refusal.sentence_key()));
            render_with(StatusCode::UNPROCESSABLE_ENTITY, SignIn { refused, ..again })
        }
        Err(error) => {
            tries.give_back().await;
            Err(error.into())
        }
    }
}

/// Somebody has passed the last stage: their browser is known from now on, and the form that waited comes back.
async fn whole(
    app: &App,
    page: Page,
    login: &str,
    token: &str,
    kept: Option<Kept>,
) -> Result<Response, WebError> {
    let known = known_browser::cookie(&app.vault, login, app.real.now());
    let first = entered(app, page, token, kept).await?;
    Ok((cookie_of(token), AppendHeaders(known), first).into_response())
}

#[derive(Template)]
#[template(path = "staff/code.html")]
struct Code {
    page: Page,
    refused: Option<String>,
    /// The form that waits, in hidden fields.
    hidden: Vec<(String, String)>,
}

impl Code {
    fn keeping(page: Page, kept: Option<&Kept>) -> Self {
        let mut page = page.titled("staff-code-title");
        CODE_PATH.clone_into(&mut page.path);
        Self { page, refused: None, hidden: kept.map(Kept::hidden).unwrap_or_default() }
    }
}

/// The second step, for whoever has passed the first.
pub async fn ask_code(
    State(app): State<Arc<App>>,
    page: Page,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    let waits = match token(&headers) {
        Some(token) => staff::unfinished(&app, token).await?,
        None => None,
    };
    match waits.map(|session| session.stage) {
        Some(SessionStage::Password) => render(Code::keeping(page, None)),
        _ => Ok(Redirect::to(LOGIN_PATH).into_response()),
    }
}

pub async fn enter_code(
    State(app): State<Arc<App>>,
    client: Client,
    page: Page,
    headers: HeaderMap,
    Form(fields): Form,
) -> Result<Response, WebError> {
    let kept = Kept::carried(&app, &fields);
    let Some(before) = token(&headers).filter(|_| is_ours(&headers, &app.config.http.public_url)) else {
        return Ok(Redirect::to(LOGIN_PATH).into_response());
    };
    match staff::pass_code(&app, before, fields.first("code"), browser(&headers), client.0).await {
        Ok(opened) => {
            let login = staff::session(&app, &opened.token).await?.map(|session| session.login);
            whole(&app, page, &login.unwrap_or_default(), &opened.token, kept).await
        }
        Err(FlowError::Refused(Refusal::Code)) => {
            let refused = Some(page.lang.text(&Refusal::Code.sentence_key()));
            render_with(
                StatusCode::UNPROCESSABLE_ENTITY,
                Code { refused, ..Code::keeping(page, kept.as_ref()) },
            )
        }
        Err(FlowError::Refused(refusal)) => {
            let refused = Some(page.lang.text(&refusal.sentence_key()));
            let again = SignIn { refused, ..SignIn::keeping(&app, page, kept.as_ref()) };
            render_with(StatusCode::UNPROCESSABLE_ENTITY, again)
        }
        Err(error) => Err(error.into()),
    }
}

/// What somebody sees first: the form that waited, if it is one of their prefecture's.
async fn entered(app: &App, page: Page, token: &str, kept: Option<Kept>) -> Result<Response, WebError> {
    let session = staff::session(app, token).await?;
    match (session, kept) {
        (Some(session), Some(kept)) if kept.is_of(session.prefecture_id) => {
            kept.give_back(Page { staff: view_of(app, session).await, ..page })
        }
        _ => Ok(Redirect::to(ENTERED_PATH).into_response()),
    }
}

/// The try of a password. A browser that the login has signed in with answers for itself alone: whatever
/// others try, from the same address or from a thousand, does not refuse it.
async fn tries<'a>(
    app: &'a App,
    client: Client,
    headers: &HeaderMap,
    login: &str,
) -> Result<Tries<'a>, WebError> {
    let mut tries = Tries::new(app);
    if let Some(browser) = known_browser::of(&app.vault, headers, login, app.real.now()) {
        tries.take(Limited::LoginBrowser, "login-browser", &browser, BY_BOTH).await?;
        return Ok(tries);
    }
    let both = format!("{login} {}", client.name());
    tries.take(Limited::SignIns, "login-address", &client.name(), BY_ADDRESS).await?;
    tries.take(Limited::LoginHere, "login-both", &both, BY_BOTH).await?;
    tries.take_wide(Limited::Login, "login-name", login, client, BY_LOGIN).await?;
    Ok(tries)
}

pub async fn leave(
    State(app): State<Arc<App>>,
    page: Page,
    headers: HeaderMap,
    StaffForm(_): StaffForm<Fields>,
) -> Result<Response, WebError> {
    let id_token = match token(&headers) {
        Some(token) => staff::log_out(&app, token).await?,
        None => None,
    };
    let left = match id_token.filter(|_| app.proconnect.is_some()) {
        Some(id_token) => proconnect::leave(&app, page, &id_token).await?,
        None => Redirect::to(LOGIN_PATH).into_response(),
    };
    Ok((cookie_cleared(), left).into_response())
}
