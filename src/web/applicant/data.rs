//! What is kept about a person, how they are reached, and who has read it: their own page.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::holder::{self, Holder};
use super::lost::CodePage;
use super::token::{Confirmation, csrf_token, open_csrf_token};
use crate::domain::directory::Directory;
use crate::domain::ids::EntryId;
use crate::domain::local_time::Zone;
use crate::flow::people::codes::{self, NewContact};
use crate::flow::read::readings::{self, Reading};
use crate::flow::{App, FlowError, people, read};
use crate::locale::Lang;
use crate::web::shared::errors::render_with;
use crate::web::shared::limit::Client;
use crate::web::shared::{Faults, Fields, Form, Page, Purpose, WebError, render};

pub const PATH: &str = "/s/donnees";
const CONTACT_PATH: &str = "/s/donnees/contact";
const CODE_PATH: &str = "/s/donnees/code";

#[derive(Template)]
#[template(path = "applicant/data.html")]
struct DataPage {
    page: Page,
    done: Option<String>,
    refused: Option<String>,
    faults: Faults,
    csrf_token: String,
    /// The contact as typed.
    typed: NewContact,
    is_live: bool,
    by_email: bool,
    /// Where people help.
    help: String,
    readings: Vec<String>,
}

async fn data(app: &App, page: Page, entry: EntryId) -> Result<DataPage, WebError> {
    let lang = page.lang;
    let directory = read::directory(app).await?;
    let known = read::entries::one(app, entry).await?;
    let prefecture =
        directory.queue(known.queue_id).and_then(|queue| directory.prefecture(queue.prefecture_id));
    let zone = prefecture.map_or(Zone::PARIS, |one| one.zone);
    let readings = readings::of_person(app, entry).await?;
    let mut page = page.titled("data-title").with_form(CONTACT_PATH);
    PATH.clone_into(&mut page.path);
    Ok(DataPage {
        page,
        done: None,
        refused: None,
        faults: Faults::default(),
        csrf_token: csrf_token(&app.vault, entry),
        typed: NewContact::default(),
        is_live: known.state.is_live(),
        by_email: people::sends_email(app),
        help: prefecture.map(|one| one.help.clone()).unwrap_or_default(),
        readings: readings.iter().map(|reading| said(lang, &directory, zone, reading)).collect(),
    })
}

pub async fn page(State(app): State<Arc<App>>, page: Page, holder: Holder) -> Result<Response, WebError> {
    let done = holder.confirmation.map(|confirmation| page.lang.text(confirmation.sentence_key()));
    let shown = render(DataPage { done, ..data(&app, page, holder.entry).await? })?;
    Ok(holder::renewed(&app, holder.entry, shown))
}

/// A form of these pages: the cookie and the form's own token name the same entry.
fn is_own(app: &App, holder: Holder, fields: &Fields) -> bool {
    open_csrf_token(&app.vault, fields.first("jeton")) == Some(holder.entry)
}

/// Asks for another contact: a code goes to the one that is known.
pub async fn ask_contact(
    State(app): State<Arc<App>>,
    page: Page,
    holder: Holder,
    client: Client,
    purpose: Purpose,
    Form(fields): Form,
) -> Result<Response, WebError> {
    if !is_own(&app, holder, &fields) {
        return Err(WebError::Expired);
    }
    let typed =
        NewContact { phone: fields.first("phone").to_owned(), email: fields.first("email").to_owned() };
    let again = DataPage { typed, ..data(&app, page, holder.entry).await? };
    if purpose.is_draft() {
        return render(again);
    }
    match codes::ask_contact(&app, holder.entry, &again.typed, client.network()).await {
        Ok(ticket) => render(code_page(again.page, again.csrf_token, ticket)),
        Err(FlowError::Invalid(faults)) => {
            let faults = Faults::of(again.page.lang, &faults);
            render_with(StatusCode::UNPROCESSABLE_ENTITY, DataPage { faults, ..again })
        }
        Err(FlowError::Refused(refusal)) => {
            let refused = Some(again.page.lang.text(&refusal.sentence_key()));
            render_with(StatusCode::CONFLICT, DataPage { refused, ..again })
        }
        Err(error) => Err(error.into()),
    }
}

fn code_page(page: Page, csrf_token: String, ticket: String) -> CodePage {
    let lead = page.lang.text("data-code-lead");
    let mut page = page.titled("data-code-title");
    PATH.clone_into(&mut page.path);
    page.form = None;
    CodePage { page, lead, action: CODE_PATH, ticket, csrf_token, refused: None, again: None }
}

/// Changes the contact, by the code.
pub async fn change_contact(
    State(app): State<Arc<App>>,
    page: Page,
    holder: Holder,
    Form(fields): Form,
) -> Result<Response, WebError> {
    if !is_own(&app, holder, &fields) {
        return Err(WebError::Expired);
    }
    let ticket = fields.first("ticket").to_owned();
    match codes::change_contact(&app, holder.entry, &ticket, fields.first("code")).await {
        Ok(()) => Ok(holder::lead(&app, holder.entry, Some(Confirmation::Contact), PATH)),
        Err(error) => {
            let token = csrf_token(&app.vault, holder.entry);
            code_page(page, token, ticket).answering(error, PATH)
        }
    }
}

/// When, which role, where, and what for: no name.
fn said(lang: Lang, directory: &Directory, zone: Zone, reading: &Reading) -> String {
    let site = reading.site.and_then(|site| directory.site(site)).map(|site| site.name.clone());
    let place = site.or_else(|| directory.prefecture(reading.prefecture).map(|one| one.name.clone()));
    lang.with(
        "data-reading",
        [
            ("at", lang.instant(reading.last_at, zone).into()),
            ("role", lang.text(&format!("data-role-{}", reading.role.key())).into()),
            ("place", place.unwrap_or_default().into()),
            ("purpose", lang.text(&format!("data-purpose-{}", reading.purpose.key())).into()),
            ("n", reading.times.into()),
        ],
    )
}
