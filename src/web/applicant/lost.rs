//! “I lost my reference”: a code to the contact that is known opens the page again. Whoever is known and whoever is not
//! read the same.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::holder::{self, STATUS_PATH};
use super::token::choice_token;
use crate::flow::people::codes;
use crate::flow::read::entries::Entry;
use crate::flow::{App, FlowError, read};
use crate::limits::Rule;
use crate::web::shared::errors::{Limited, render_later, render_with};
use crate::web::shared::limit::{Client, Tries};
use crate::web::shared::{Faults, Form, Page, Purpose, WebError, render};

pub const PATH: &str = "/s/retrouver";
/// Codes asked for from one address: an association helps several people.
const BY_ADDRESS: Rule = Rule::per_hour(30);

#[derive(Template)]
#[template(path = "applicant/lost.html")]
struct LostPage {
    page: Page,
    contact: String,
    birth_date: String,
    faults: Faults,
    alert: Option<String>,
}

/// Where a code is typed, whatever it is for.
#[derive(Template)]
#[template(path = "applicant/code.html")]
pub struct CodePage {
    pub page: Page,
    pub lead: String,
    /// Where the form goes.
    pub action: &'static str,
    pub ticket: String,
    /// Of the pages of an entry that is open; empty where none is.
    pub csrf_token: String,
    pub refused: Option<String>,
    /// No code is looked at any more: begin again here.
    pub again: Option<&'static str>,
}

#[derive(Template)]
#[template(path = "applicant/found.html")]
struct FoundPage {
    page: Page,
    rows: Vec<Row>,
}

struct Row {
    reference: String,
    about: String,
    /// Opens its page.
    token: String,
}

impl LostPage {
    fn new(page: Page) -> Self {
        let mut page = page.titled("lost-title").with_form(PATH);
        PATH.clone_into(&mut page.path);
        let (contact, birth_date) = (String::new(), String::new());
        Self { page, contact, birth_date, faults: Faults::default(), alert: None }
    }
}

impl CodePage {
    fn lost(page: Page, ticket: String) -> Self {
        let lead = page.lang.text("lost-code-lead");
        let mut page = page.titled("lost-code-title");
        PATH.clone_into(&mut page.path);
        let action = "/s/retrouver/code";
        Self { page, lead, action, ticket, csrf_token: String::new(), refused: None, again: None }
    }

    /// The form again after a wrong code, or the way back where none is looked at any more.
    ///
    /// # Errors
    /// What is no refusal.
    pub fn answering(self, error: FlowError, again: &'static str) -> Result<Response, WebError> {
        let FlowError::Refused(refusal) = error else { return Err(error.into()) };
        let refused = Some(self.page.lang.text(&refusal.sentence_key()));
        let again = (refusal != crate::domain::refusal::Refusal::CodeWrong).then_some(again);
        render_with(StatusCode::UNPROCESSABLE_ENTITY, Self { refused, again, ..self })
    }
}

pub async fn form(page: Page) -> Result<Response, WebError> {
    render(LostPage::new(page))
}

/// Sends a code, if the contact and the date are somebody's; says the same if not.
pub async fn ask(
    State(app): State<Arc<App>>,
    page: Page,
    client: Client,
    purpose: Purpose,
    Form(fields): Form,
) -> Result<Response, WebError> {
    let (contact, birth_date) = (fields.first("contact").to_owned(), fields.first("birth_date").to_owned());
    let again = LostPage { contact, birth_date, ..LostPage::new(page) };
    if purpose.is_draft() {
        return render(again);
    }
    let mut tries = Tries::new(&app);
    if let Err(WebError::TooMany { limited, retry_after_seconds }) =
        tries.take(Limited::LookUps, "lost", &client.name(), BY_ADDRESS).await
    {
        let alert = Some(limited.sentence(again.page.lang, retry_after_seconds));
        return render_later(retry_after_seconds, LostPage { alert, ..again });
    }
    let lang = again.page.lang;
    match codes::ask_lost(&app, &again.contact, &again.birth_date, client.network(), lang).await {
        Ok(ticket) => render(CodePage::lost(again.page, ticket)),
        Err(FlowError::Invalid(faults)) => {
            tries.give_back().await;
            let faults = Faults::of(lang, &faults);
            render_with(StatusCode::UNPROCESSABLE_ENTITY, LostPage { faults, ..again })
        }
        Err(error) => Err(error.into()),
    }
}

/// Opens the page of whoever has the code; of several requests, the one they choose.
pub async fn code(State(app): State<Arc<App>>, page: Page, Form(fields): Form) -> Result<Response, WebError> {
    let ticket = fields.first("ticket").to_owned();
    match codes::find_lost(&app, &ticket, fields.first("code")).await {
        Ok(found) if found.len() == 1 => Ok(holder::admit(&app, found[0].id, STATUS_PATH).await),
        Ok(found) => choice(&app, page, found).await,
        Err(error) => CodePage::lost(page, ticket).answering(error, PATH),
    }
}

async fn choice(app: &App, page: Page, found: Vec<Entry>) -> Result<Response, WebError> {
    let directory = read::directory(app).await?;
    let (lang, now) = (page.lang, app.real.now());
    let row = |entry: Entry| {
        let queue = directory.queue(entry.queue_id);
        let prefecture = queue.and_then(|queue| directory.prefecture(queue.prefecture_id));
        let date = prefecture.map(|one| lang.date(one.zone.local_date(entry.registered_at)));
        Row {
            about: lang.with(
                "found-about",
                [
                    ("queue", queue.map(|queue| queue.name.clone()).unwrap_or_default().into()),
                    ("prefecture", prefecture.map(|one| one.name.clone()).unwrap_or_default().into()),
                    ("date", date.unwrap_or_default().into()),
                ],
            ),
            token: choice_token(&app.vault, entry.id, now),
            reference: entry.reference,
        }
    };
    let rows = found.into_iter().map(row).collect();
    render(FoundPage { page: Page { path: PATH.to_owned(), ..page.titled("found-title") }, rows })
}

/// Opens one of several requests.
pub async fn open(State(app): State<Arc<App>>, page: Page, Form(fields): Form) -> Result<Response, WebError> {
    match holder::chosen(&app, fields.first("ouvrir")).await? {
        Some(entry) => Ok(holder::admit(&app, entry, STATUS_PATH).await),
        None => render(LostPage::new(page)),
    }
}
