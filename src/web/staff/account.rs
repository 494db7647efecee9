//! One's own account: password, second factor, open sessions, and the prefecture that is shown.

use std::sync::Arc;
use std::time::Duration;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::domain::ids::PrefectureId;
use crate::flow::staff::second_factor::{self, Offer, Reauthentication, SetUp};
use crate::flow::staff::{self, OpenSession, Session, accounts};
use crate::flow::{App, Fault, FlowError, read};
use crate::limits::Rule;
use crate::locale::Lang;
use crate::web::shared::errors::{Limited, render_with};
use crate::web::shared::limit::{Client, Tries};
use crate::web::shared::session::{SECOND_FACTOR_PATH, browser, cookie_of, form_token, guard, token};
use crate::web::shared::{Enrolling, Faults, Fields, Form, Page, Staff, StaffForm, WebError, render};
use crate::web::staff::kit::own::Own;
use crate::web::staff::kit::parts::{Choice, DoneQuery, FormView, word};

pub const PATH: &str = "/agent/compte";
/// Wrong passwords of somebody who is signed in.
pub const OLD_PASSWORDS: Rule = Rule::new(8, Duration::from_mins(15));

#[derive(Template)]
#[template(path = "staff/account.html")]
struct Account {
    page: Page,
    done: Option<String>,
    form: FormView,
    role: String,
    /// How many recovery codes are left, if there is a second factor.
    codes_left: Option<String>,
    has_proconnect: bool,
    /// Whether there is a ProConnect to link an identity of.
    may_link: bool,
    sessions: Vec<OpenRow>,
    /// The prefectures that an auditor reads.
    prefectures: Vec<Choice>,
}

struct OpenRow {
    id: Uuid,
    browser: String,
    when: String,
    is_this: bool,
    by_proconnect: bool,
}

pub async fn show(
    State(app): State<Arc<App>>,
    Staff(session): Staff,
    page: Page,
    Query(done): Query<DoneQuery>,
) -> Result<Response, WebError> {
    let done = done.text(page.lang);
    render(Account { done, ..account(&app, &session, page, FormView::default()).await? })
}

async fn account(app: &App, session: &Session, page: Page, form: FormView) -> Result<Account, WebError> {
    let own = Own::load(app, session).await?;
    let lang = page.lang;
    let row = |open: OpenSession| OpenRow {
        is_this: open.id == session.id,
        by_proconnect: open.by_proconnect,
        id: open.id,
        when: lang.with(
            "staff-session-when",
            [
                ("since", lang.instant(open.created_at, own.zone).into()),
                ("seen", lang.instant(open.last_seen_at, own.zone).into()),
            ],
        ),
        browser: open.browser,
    };
    let directory = read::directory(app).await?;
    let readable = read::staff::prefectures(app, session.staff_id).await?;
    let named = readable.iter().filter_map(|id| directory.prefecture(*id));
    let others: Vec<Choice> = named.map(|one| Choice::new(one.id, one.name.clone())).collect();
    let left = second_factor::codes_left(app, session.staff_id).await?;
    let means = read::staff::means(app, session.staff_id).await?;
    Ok(Account {
        done: None,
        form,
        role: word(lang, "role", session.role.as_str()),
        codes_left: means.has_second_factor.then(|| lang.with("staff-codes-left", [("n", left.into())])),
        has_proconnect: means.has_proconnect,
        may_link: app.proconnect.is_some(),
        sessions: staff::sessions_of(app, session.staff_id).await?.into_iter().map(row).collect(),
        prefectures: if others.len() > 1 { others } else { Vec::new() },
        page: Page { path: PATH.to_owned(), ..page.titled("staff-account-title") },
    })
}

pub async fn change_password(
    State(app): State<Arc<App>>,
    Staff(session): Staff,
    page: Page,
    headers: HeaderMap,
    StaffForm(fields): StaffForm<Fields>,
) -> Result<Response, WebError> {
    let mut tries = Tries::new(&app);
    tries.take(Limited::LoginHere, "old-password", &session.login, OLD_PASSWORDS).await?;
    let (old, new) = (fields.verbatim("old_password"), fields.verbatim("password"));
    let here = token(&headers).unwrap_or_default();
    let done = if new == fields.verbatim("password_again") {
        accounts::change_password(&app, session.staff_id, here, old, new).await
    } else {
        Err(FlowError::invalid(Fault::new("password_again", "password-again")))
    };
    if !matches!(done, Err(FlowError::Refused(_))) {
        tries.give_back().await;
    }
    match done {
        Ok(()) => Ok(Redirect::to(&format!("{PATH}?fait=mot-de-passe")).into_response()),
        Err(error) => {
            // Passwords are not shown again.
            let (status, form) = FormView::answering(error, Fields::default(), page.lang)?;
            render_with(status, account(&app, &session, page, form).await?)
        }
    }
}

pub async fn end_session(
    State(app): State<Arc<App>>,
    Staff(session): Staff,
    Path(id): Path<String>,
    StaffForm(_): StaffForm<Fields>,
) -> Result<Response, WebError> {
    let id: Uuid = id.parse().map_err(|_| WebError::NotFound)?;
    staff::end_other(&app, session.staff_id, id).await?;
    Ok(Redirect::to(&format!("{PATH}?fait=session")).into_response())
}

pub async fn show_prefecture(
    State(app): State<Arc<App>>,
    Staff(_): Staff,
    headers: HeaderMap,
    StaffForm(fields): StaffForm<Fields>,
) -> Result<Response, WebError> {
    let prefecture: PrefectureId = fields.first("prefecture").parse().map_err(|_| WebError::NotFound)?;
    staff::show_prefecture(&app, token(&headers).unwrap_or_default(), prefecture).await?;
    Ok(Redirect::to("/agent").into_response())
}

#[derive(Template)]
#[template(path = "staff/second_factor.html")]
struct SecondFactorPage {
    page: Page,
    csrf: String,
    faults: Faults,
    offer: Offer,
    reauthentication: Reauthentication,
}

#[derive(Template)]
#[template(path = "staff/recovery_codes.html")]
struct RecoveryCodes {
    page: Page,
    codes: Vec<Zeroizing<String>>,
}

/// What an application shows beside the login.
fn issuer(lang: Lang) -> String {
    lang.text("service-name")
}

async fn factor_page(
    app: &App,
    session: &Session,
    page: Page,
    offer: Offer,
) -> Result<SecondFactorPage, WebError> {
    let csrf = form_token(app, &session.csrf_token, session.prefecture_id);
    let page = Page { path: SECOND_FACTOR_PATH.to_owned(), ..page.titled("staff-second-factor-title") };
    let reauthentication = second_factor::reauthentication(app, session).await?;
    Ok(SecondFactorPage { page, csrf, faults: Faults::default(), offer, reauthentication })
}

/// A new second factor is offered; nothing changes before a code proves that an application has it.
pub async fn second_factor(
    State(app): State<Arc<App>>,
    Enrolling(session): Enrolling,
    page: Page,
) -> Result<Response, WebError> {
    let offer = second_factor::offer(&app, &session, &issuer(page.lang))?;
    render(factor_page(&app, &session, page, offer).await?)
}

pub async fn set_second_factor(
    State(app): State<Arc<App>>,
    Enrolling(session): Enrolling,
    client: Client,
    page: Page,
    headers: HeaderMap,
    Form(fields): Form,
) -> Result<Response, WebError> {
    guard(&app, &session, &headers, fields.first("csrf"))?;
    let mut tries = Tries::new(&app);
    tries.take(Limited::LoginHere, "old-password", &session.login, OLD_PASSWORDS).await?;
    let typed =
        SetUp { offer: fields.first("offer"), code: fields.first("code"), proof: fields.verbatim("proof") };
    let before = token(&headers).unwrap_or_default();
    let set = second_factor::set_up(&app, &session, before, typed, browser(&headers), client.network()).await;
    let is_refuted =
        matches!(&set, Err(FlowError::Invalid(faults)) if faults.iter().any(|fault| fault.field == "proof"));
    if !is_refuted {
        tries.give_back().await;
    }
    match set {
        Ok((codes, opened)) => {
            let page = page.titled("staff-recovery-title");
            Ok((cookie_of(&opened.token), render(RecoveryCodes { page, codes })?).into_response())
        }
        Err(FlowError::Invalid(faults)) => {
            let offer = second_factor::offered(&app, &session, &issuer(page.lang), typed.offer)?;
            let faults = Faults::of(page.lang, &faults);
            let again = SecondFactorPage { faults, ..factor_page(&app, &session, page, offer).await? };
            render_with(StatusCode::UNPROCESSABLE_ENTITY, again)
        }
        Err(error) => Err(error.into()),
    }
}
