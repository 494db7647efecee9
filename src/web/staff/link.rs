//! The page behind the link that an account's owner receives: they choose their password, once.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use crate::domain::staff::LinkKind;
use crate::flow::staff::links;
use crate::flow::{App, Fault, FlowError};
use crate::web::shared::errors::render_with;
use crate::web::shared::{Faults, Form, Page, WebError, render};

#[derive(Template)]
#[template(path = "staff/link.html")]
struct Link {
    page: Page,
    /// Empty if the link opens nothing any more.
    login: String,
    lead: String,
    faults: Faults,
    /// The password is set.
    is_done: bool,
    address: String,
}

impl Link {
    fn new(page: Page, token: &str, login: String, kind: LinkKind) -> Self {
        let lead = page.lang.text(&format!("staff-link-{}", kind.key()));
        let address = format!("{}{token}", links::PATH);
        Self {
            page: page.titled("staff-link-title"),
            login,
            lead,
            faults: Faults::default(),
            is_done: false,
            address,
        }
    }
}

/// Where the link leads. Reading it spends nothing: programs look at links before people do.
pub async fn show(
    State(app): State<Arc<App>>,
    page: Page,
    Path(token): Path<String>,
) -> Result<Response, WebError> {
    match links::read(&app, &token).await {
        Ok((login, kind)) => render(Link::new(page, &token, login, kind)),
        Err(error) => spent(page, error),
    }
}

fn spent(page: Page, error: FlowError) -> Result<Response, WebError> {
    let FlowError::Refused(refusal) = error else { return Err(error.into()) };
    let lead = page.lang.text(&refusal.sentence_key());
    let page = page.titled("staff-link-title");
    let (login, faults, address) = (String::new(), Faults::default(), String::new());
    render_with(StatusCode::GONE, Link { page, login, lead, faults, is_done: false, address })
}

pub async fn set(
    State(app): State<Arc<App>>,
    page: Page,
    Path(token): Path<String>,
    Form(fields): Form,
) -> Result<Response, WebError> {
    let (login, kind) = match links::read(&app, &token).await {
        Ok(read) => read,
        Err(error) => return spent(page, error),
    };
    let link = Link::new(page, &token, login, kind);
    let (password, again) = (fields.verbatim("password"), fields.verbatim("password_again"));
    let done = if password == again {
        links::set_password(&app, &token, password).await
    } else {
        Err(FlowError::invalid(Fault::new("password_again", "password-again")))
    };
    match done {
        Ok(()) => render(Link { is_done: true, ..link }),
        Err(FlowError::Invalid(faults)) => {
            let faults = Faults::of(link.page.lang, &faults);
            render_with(StatusCode::UNPROCESSABLE_ENTITY, Link { faults, ..link })
        }
        Err(error) => spent(link.page, error),
    }
}
