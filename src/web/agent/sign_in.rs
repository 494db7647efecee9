//! Signing in and out. An unknown login and a wrong password take the same time and read the same. Only
//! wrong passwords count against a limit, and none of them keeps an owner out of a browser they have
//! used before.

use std::sync::Arc;
use std::time::Duration;

use askama::Template;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};

use super::known_browser;
use super::parts::FormView;
use crate::flow::{App, FlowError, staff};
use crate::limits::Rule;
use crate::web::shared::errors::{Limited, render_with};
use crate::web::shared::limit::{Client, Tries};
use crate::web::shared::session::{LOGIN_PATH, cookie_cleared, cookie_of, token};
use crate::web::shared::{Fields, Form, Page, Staff, StaffForm, WebError, render};

const QUARTER: Duration = Duration::from_mins(15);
/// Wrong passwords from one address: a whole prefecture may stand behind it.
const BY_ADDRESS: Rule = Rule::new(200, QUARTER);
/// Wrong passwords for one login from one address, or from one browser that it has signed in with.
const BY_BOTH: Rule = Rule::new(8, QUARTER);
/// Wrong passwords for one login from all browsers that it has never signed in with.
const BY_LOGIN: Rule = Rule::new(100, QUARTER);

#[derive(Template)]
#[template(path = "agent/sign_in.html")]
struct SignIn {
    page: Page,
    form: FormView,
    refused: Option<String>,
}

/// The form, or the pages behind it for who is signed in already.
pub async fn show(State(app): State<Arc<App>>, page: Page, request: Request) -> Result<Response, WebError> {
    let (mut parts, _) = request.into_parts();
    if Staff::from_request_parts(&mut parts, &app).await.is_ok() {
        return Ok(Redirect::to("/agent").into_response());
    }
    render(SignIn { page: page.titled("staff-sign-in-title"), form: FormView::default(), refused: None })
}

pub async fn enter(
    State(app): State<Arc<App>>,
    client: Client,
    page: Page,
    headers: HeaderMap,
    Form(fields): Form,
) -> Result<Response, WebError> {
    let login = fields.first("login").to_lowercase();
    let mut tries = tries(&app, client, &headers, &login).await?;
    match staff::log_in(&app, &login, fields.verbatim("password")).await {
        Ok(opened) => {
            tries.give_back().await;
            // A session that this browser still had is of no more use.
            if let Some(old) = token(&headers) {
                staff::log_out(&app, old).await?;
            }
            let known = known_browser::cookie(&app.vault, &login, app.real.now());
            Ok((cookie_of(&opened.token), AppendHeaders(known), Redirect::to("/agent")).into_response())
        }
        Err(FlowError::Refused(refusal)) => {
            let refused = Some(page.lang.text(&refusal.sentence_key()));
            let form = FormView::filled([("login", login)]);
            let page = page.titled("staff-sign-in-title");
            render_with(StatusCode::UNPROCESSABLE_ENTITY, SignIn { page, form, refused })
        }
        Err(error) => {
            tries.give_back().await;
            Err(error.into())
        }
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
        tries.take(Limited::Sender, "login-browser", &browser, BY_BOTH).await?;
        return Ok(tries);
    }
    let both = format!("{login} {}", client.name());
    tries.take(Limited::Connection, "login-address", &client.name(), BY_ADDRESS).await?;
    tries.take(Limited::Sender, "login-both", &both, BY_BOTH).await?;
    tries.take(Limited::Login, "login-name", login, BY_LOGIN).await?;
    Ok(tries)
}

pub async fn leave(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    StaffForm(_): StaffForm<Fields>,
) -> Result<Response, WebError> {
    if let Some(token) = token(&headers) {
        staff::log_out(&app, token).await?;
    }
    Ok((cookie_cleared(), Redirect::to(LOGIN_PATH)).into_response())
}
