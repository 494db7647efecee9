//! Signing in with ProConnect, and linking one's identity there on the page of one's account. The browser goes there by a
//! link, and comes back with what our cookie bound to it. The session's own cookie does not travel with a return from
//! another site, so each return ends on a page of ours that leads on by itself.

use std::sync::Arc;

use askama::Template;
use axum::extract::rejection::QueryRejection;
use axum::extract::{FromRequestParts, Query, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};

use super::account::{OLD_PASSWORDS, PATH as ACCOUNT_PATH};
use super::known_browser;
use super::sign_in::ENTERED_PATH;
use crate::domain::staff::SessionStage;
use crate::flow::elsewhere::{Begun, Door, SignInError};
use crate::flow::staff::proconnect::{self as flow, Came, Errand, Identity};
use crate::flow::staff::second_factor::{self, Reauthentication};
use crate::flow::staff::{self, Opened, Session};
use crate::flow::{App, FlowError};
use crate::oidc::Callback;
use crate::web::shared::elsewhere::{Kept, NoticePage, refused, with};
use crate::web::shared::errors::{Limited, render_with};
use crate::web::shared::limit::{Client, Tries};
use crate::web::shared::session::{
    CODE_PATH, HOME_PATH, LOGIN_PATH, SECOND_FACTOR_PATH, browser, cookie_of, token,
};
use crate::web::shared::{Faults, Fields, Page, Staff, StaffForm, WebError, render};

const DOOR: Door = Door::ProConnect;
/// Where one begins to sign in.
pub const BEGIN_PATH: &str = "/agent/proconnect";
/// Where an identity that was fetched is linked.
pub const LINK_PATH: &str = "/agent/compte/proconnect";

/// The attempt that is under way.
const ATTEMPT: Kept = Kept { name: "__Host-passage-proconnect-essai", path: "/" };
/// An identity that waits for its owner to link it.
const IDENTITY: Kept = Kept { name: "__Host-passage-proconnect", path: "/" };

/// A page that leads on by itself: to one of ours as a page of ours does, or out, where no form may lead.
#[derive(Template)]
#[template(path = "staff/leads_on.html")]
struct LeadsOn {
    page: Page,
    to: String,
}

fn leads_on(page: Page, to: impl Into<String>) -> Result<Response, WebError> {
    render(LeadsOn { page: page.titled("staff-leads-on"), to: to.into() })
}

/// Leads somebody who signs in to ProConnect.
pub async fn to_sign_in(
    State(app): State<Arc<App>>,
    page: Page,
    request: Request,
) -> Result<Response, WebError> {
    let (mut parts, _) = request.into_parts();
    if Staff::from_request_parts(&mut parts, &app).await.is_ok() {
        return Ok(Redirect::to(HOME_PATH).into_response());
    }
    begin(&app, page, Errand::SignIn).await
}

/// … and somebody who is signed in, and links an identity.
pub async fn to_link(
    State(app): State<Arc<App>>,
    Staff(session): Staff,
    page: Page,
) -> Result<Response, WebError> {
    begin(&app, page, Errand::Link { session: session.id }).await
}

async fn begin(app: &App, page: Page, errand: Errand) -> Result<Response, WebError> {
    let back = way_back(&errand);
    match DOOR.begin(app, errand).await {
        Ok((url, begun)) => Ok(with(Redirect::to(&url).into_response(), [ATTEMPT.give(app, &begun)])),
        Err(error) => refused(page, DOOR, &error, Some(back)),
    }
}

fn way_back(errand: &Errand) -> String {
    match errand {
        Errand::SignIn => LOGIN_PATH,
        Errand::Link { .. } => ACCOUNT_PATH,
    }
    .to_owned()
}

/// Back from ProConnect. The attempt is taken out of the browser, however it ends.
pub async fn back(
    State(app): State<Arc<App>>,
    page: Page,
    headers: HeaderMap,
    callback: Result<Query<Callback>, QueryRejection>,
) -> Result<Response, WebError> {
    let callback = callback.map(|Query(callback)| callback).unwrap_or_default();
    let page = Page { query: String::new(), path: LOGIN_PATH.to_owned(), ..page };
    let done = returned(&app, page, &headers, &callback).await?;
    Ok(with(done, [ATTEMPT.take_away(&app)]))
}

async fn returned(
    app: &App,
    page: Page,
    headers: &HeaderMap,
    callback: &Callback,
) -> Result<Response, WebError> {
    let Some(begun) = ATTEMPT.read::<Begun<Errand>>(app, headers) else {
        return refused(page, DOOR, &SignInError::NoAttempt, Some(LOGIN_PATH.to_owned()));
    };
    match flow::finish(app, &begun, callback, browser(headers)).await {
        Ok(Came::In(opened)) => entered(app, page, &opened).await,
        Ok(Came::ToLink(identity)) => Ok(with(leads_on(page, LINK_PATH)?, [IDENTITY.give(app, &identity)])),
        Ok(Came::Unknown(out)) => {
            let notice = NoticePage::new(page, DOOR, "proconnect-unknown", "warning");
            render_with(StatusCode::FORBIDDEN, notice.back(Some(LOGIN_PATH.to_owned())).out(out))
        }
        Err(error) => refused(page, DOOR, &error, Some(way_back(&begun.errand))),
    }
}

async fn entered(app: &App, page: Page, opened: &Opened) -> Result<Response, WebError> {
    let to = match opened.stage {
        SessionStage::Full => ENTERED_PATH,
        SessionStage::Password => CODE_PATH,
        SessionStage::Enrol => SECOND_FACTOR_PATH,
    };
    let first = (cookie_of(&opened.token), leads_on(page, to)?);
    let session = staff::session(app, &opened.token).await?;
    // A browser is known once the last stage is passed.
    let known = session
        .map(|session| AppendHeaders(known_browser::cookie(&app.vault, &session.login, app.real.now())));
    Ok(match known {
        Some(known) => (known, first).into_response(),
        None => first.into_response(),
    })
}

#[derive(Template)]
#[template(path = "staff/proconnect.html")]
struct LinkPage {
    page: Page,
    identity: String,
    faults: Faults,
    reauthentication: Reauthentication,
}

async fn link_page(
    app: &App,
    session: &Session,
    page: Page,
    identity: &Identity,
) -> Result<LinkPage, WebError> {
    let page = Page { path: LINK_PATH.to_owned(), ..page.titled("proconnect-link-title") };
    let reauthentication = second_factor::reauthentication(app, session).await?;
    Ok(LinkPage { page, identity: identity.shown.clone(), faults: Faults::default(), reauthentication })
}

/// The identity that was fetched in this session, if it is good still.
fn fetched(app: &App, session: &Session, headers: &HeaderMap) -> Option<Identity> {
    IDENTITY.read(app, headers).filter(|identity: &Identity| identity.serves(app, session))
}

/// The identity before it is linked: its owner reads which one it is, and shows their second factor again.
pub async fn show(
    State(app): State<Arc<App>>,
    Staff(session): Staff,
    page: Page,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    match fetched(&app, &session, &headers) {
        Some(identity) => render(link_page(&app, &session, page, &identity).await?),
        None => Ok(Redirect::to(ACCOUNT_PATH).into_response()),
    }
}

pub async fn link(
    State(app): State<Arc<App>>,
    Staff(session): Staff,
    client: Client,
    page: Page,
    headers: HeaderMap,
    StaffForm(fields): StaffForm<Fields>,
) -> Result<Response, WebError> {
    let Some(identity) = fetched(&app, &session, &headers) else {
        return refused(page, DOOR, &SignInError::NoAttempt, Some(ACCOUNT_PATH.to_owned()));
    };
    let mut tries = Tries::new(&app);
    tries.take(Limited::LoginHere, "old-password", &session.login, OLD_PASSWORDS).await?;
    let typed = (&identity, fields.verbatim("proof"));
    let before = token(&headers).unwrap_or_default();
    let linked = flow::link(&app, &session, before, typed, (browser(&headers), client.network())).await;
    if !matches!(linked, Err(FlowError::Invalid(_))) {
        tries.give_back().await;
    }
    match linked {
        Ok(opened) => {
            let to = Redirect::to(&format!("{ACCOUNT_PATH}?fait=proconnect"));
            Ok(with((cookie_of(&opened.token), to).into_response(), [IDENTITY.take_away(&app)]))
        }
        Err(FlowError::Invalid(faults)) => {
            let faults = Faults::of(page.lang, &faults);
            let again = LinkPage { faults, ..link_page(&app, &session, page, &identity).await? };
            render_with(StatusCode::UNPROCESSABLE_ENTITY, again)
        }
        Err(error) => {
            let done = refused(page, DOOR, &error.into(), Some(ACCOUNT_PATH.to_owned()))?;
            Ok(with(done, [IDENTITY.take_away(&app)]))
        }
    }
}

pub async fn unlink(
    State(app): State<Arc<App>>,
    Staff(session): Staff,
    page: Page,
    headers: HeaderMap,
    StaffForm(_): StaffForm<Fields>,
) -> Result<Response, WebError> {
    match flow::unlink(&app, &session, token(&headers).unwrap_or_default()).await {
        Ok(()) => Ok(Redirect::to(&format!("{ACCOUNT_PATH}?fait=proconnect-retiree")).into_response()),
        Err(error) => refused(page, DOOR, &error.into(), Some(ACCOUNT_PATH.to_owned())),
    }
}

/// Where whoever has left goes who was signed in by ProConnect: out of it as well.
pub async fn leave(app: &App, page: Page, id_token: &str) -> Result<Response, WebError> {
    let page = Page { staff: None, path: LOGIN_PATH.to_owned(), ..page };
    match DOOR.logout(app, id_token).await {
        Ok(Some(url)) => leads_on(page, url),
        Ok(None) => Ok(Redirect::to(LOGIN_PATH).into_response()),
        // On a shared machine, the session there goes on.
        Err(_) => {
            let notice = NoticePage::new(page, DOOR, "proconnect-still-there", "warning");
            render(notice.back(Some(LOGIN_PATH.to_owned())))
        }
    }
}

/// Signed out, here and there.
pub async fn left(page: Page) -> Result<Response, WebError> {
    let notice = NoticePage::new(page, DOOR, "proconnect-left", "success");
    render(notice.back(Some(LOGIN_PATH.to_owned())))
}
