//! What is kept about a person, how they are reached, and who has read it: their own page.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Days, Utc};

use super::holder::{self, Holder};
use super::lost::CodePage;
use super::token::{Confirmation, csrf_token, open_csrf_token};
use crate::domain::actor::Actor;
use crate::domain::directory::Directory;
use crate::domain::ids::EntryId;
use crate::domain::local_time::Zone;
use crate::flow::people::codes::{self, NewContact};
use crate::flow::people::{Reader, Shown, erasure, export};
use crate::flow::read::entries::{Entry, Known};
use crate::flow::read::readings::{self, Reading};
use crate::flow::told::{ToldTo, said_helper};
use crate::flow::visits::{self, Visit};
use crate::flow::{App, Fault, FlowError, helpers, people, read};
use crate::limits::Rule;
use crate::locale::Lang;
use crate::web::shared::errors::{Limited, render_with};
use crate::web::shared::limit::{Client, hit};
use crate::web::shared::{Faults, Fields, Form, Page, Purpose, WebError, render};

pub const PATH: &str = "/s/donnees";
const CONTACT_PATH: &str = "/s/donnees/contact";
const CODE_PATH: &str = "/s/donnees/code";
pub const FILE_PATH: &str = "/s/donnees/fichier";
pub const ERASE_PATH: &str = "/s/donnees/effacement";
pub const HELPER_PATH: &str = "/s/donnees/aide";
/// A file takes draws apart for its proofs.
const EXPORTS: Rule = Rule::per_hour(5);

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
    held: Vec<(String, String)>,
    /// Who speaks for them with their mandate.
    helper: Option<String>,
    /// When all of it is erased by itself.
    kept: String,
    /// From when on its holder may erase it, if not yet.
    erasable_from: Option<String>,
    readings: Vec<String>,
    /// When these pages were opened.
    visits: Vec<String>,
}

async fn data(app: &App, page: Page, entry: EntryId) -> Result<DataPage, WebError> {
    let lang = page.lang;
    let directory = read::directory(app).await?;
    let Known { entry: known, person } = read::entries::known(app, entry, Reader::Holder).await?;
    let queue = directory.queue(known.queue_id).ok_or(WebError::NotFound)?;
    let prefecture = directory.prefecture(queue.prefecture_id).ok_or(WebError::NotFound)?;
    let zone = prefecture.zone;
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
        help: prefecture.help.clone(),
        held: held(lang, &person, &known.language),
        helper: helpers::of(app, entry)
            .await?
            .map(|speaker| said_helper(lang, zone, &speaker, ToldTo::Person)),
        kept: kept(lang, zone, &known, queue.rules.retention_days),
        erasable_from: erasable_from(lang, zone, &known, app.business.now()),
        readings: readings.iter().map(|reading| said(lang, &directory, zone, reading)).collect(),
        visits: visits::of(app, entry).await?.iter().map(|visit| said_visit(lang, zone, visit)).collect(),
    })
}

pub async fn page(State(app): State<Arc<App>>, page: Page, holder: Holder) -> Result<Response, WebError> {
    let done = holder.confirmation.map(|confirmation| page.lang.text(confirmation.sentence_key()));
    let shown = render(DataPage { done, ..data(&app, page, holder.entry).await? })?;
    Ok(holder::renewed(&app, holder, shown))
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
        Ok(()) => Ok(holder::lead(&app, holder.saying(Confirmation::Contact), PATH)),
        Err(error) => {
            let token = csrf_token(&app.vault, holder.entry);
            code_page(page, token, ticket).answering(error, PATH)
        }
    }
}

/// What is kept of a person, as they gave it or as an agent read it.
fn held(lang: Lang, person: &Shown, language: &str) -> Vec<(String, String)> {
    let document = person.document.as_ref().map(ToString::to_string);
    let fields = [
        ("data-birth-name", Some(person.birth_name.clone())),
        ("data-given-names", Some(person.given_names.clone())),
        ("data-birth-date", person.identity().map(|(_, birth)| birth.french())),
        ("data-foreigner-number", person.foreigner_number.clone()),
        ("data-document", document),
        ("data-phone", person.phone.clone()),
        ("data-email", person.email.clone()),
        ("data-language", Some(Lang::of(language).name().to_owned())),
    ];
    let filled =
        fields.into_iter().filter_map(|(key, text)| Some((key, text.filter(|text| !text.is_empty())?)));
    filled.map(|(key, text)| (lang.text(key), text)).collect()
}

/// Until when: counted from the end of the entry.
fn kept(lang: Lang, zone: Zone, entry: &Entry, days: u16) -> String {
    match entry.ended_at {
        Some(ended) => {
            let day = zone.local_date(ended + Days::new(days.into()));
            lang.with("data-kept-until", [("date", lang.date(day).into())])
        }
        None => lang.with("data-kept-days", [("days", days.into())]),
    }
}

fn erasable_from(lang: Lang, zone: Zone, entry: &Entry, now: DateTime<Utc>) -> Option<String> {
    let from = entry.ended_at? + Days::new(erasure::HOLDER_WAIT_DAYS);
    let said = || lang.with("data-erase-soon", [("date", lang.date(zone.local_date(from)).into())]);
    (now < from).then(said)
}

/// Everything, as a file to take away.
pub async fn file(State(app): State<Arc<App>>, holder: Holder) -> Result<Response, WebError> {
    hit(&app, Limited::Entry, "export", &holder.entry.to_string(), EXPORTS).await?;
    let export = export::of(&app, holder.entry).await?;
    let body = serde_json::to_string_pretty(&export)
        .map_err(|error| WebError::internal("writing a person's data", &error))?;
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"passage-mes-donnees.json\""),
    ];
    Ok((headers, body + "\n").into_response())
}

/// The person says that nobody speaks for them any more.
pub async fn end_helper(
    State(app): State<Arc<App>>,
    page: Page,
    holder: Holder,
    Form(fields): Form,
) -> Result<Response, WebError> {
    if !is_own(&app, holder, &fields) {
        return Err(WebError::Expired);
    }
    match helpers::end(&app, holder.entry, "", Actor::Holder(holder.entry)).await {
        Ok(()) => Ok(holder::lead(&app, holder.saying(Confirmation::Helper), PATH)),
        Err(FlowError::Refused(refusal)) => {
            let refused = Some(page.lang.text(&refusal.sentence_key()));
            render_with(StatusCode::CONFLICT, DataPage { refused, ..data(&app, page, holder.entry).await? })
        }
        Err(error) => Err(error.into()),
    }
}

#[derive(Template)]
#[template(path = "applicant/erased.html")]
struct Erased {
    page: Page,
}

/// Erases everything that names the person, and closes their pages.
pub async fn erase(
    State(app): State<Arc<App>>,
    page: Page,
    holder: Holder,
    purpose: Purpose,
    Form(fields): Form,
) -> Result<Response, WebError> {
    if !is_own(&app, holder, &fields) {
        return Err(WebError::Expired);
    }
    if purpose.is_draft() {
        return render(data(&app, page, holder.entry).await?);
    }
    if !fields.has("confirmer_effacer") {
        let faults = Faults::of(page.lang, &[Fault::new("confirmer_effacer", "confirm-erase")]);
        let again = DataPage { faults, ..data(&app, page, holder.entry).await? };
        return render_with(StatusCode::UNPROCESSABLE_ENTITY, again);
    }
    match erasure::on_request(&app, holder.entry, Actor::Holder(holder.entry)).await {
        Ok(()) => {
            Ok((holder::no_cookie(&app), render(Erased { page: page.titled("erased-title") })?)
                .into_response())
        }
        Err(FlowError::Refused(refusal)) => {
            let refused = Some(page.lang.text(&refusal.sentence_key()));
            render_with(StatusCode::CONFLICT, DataPage { refused, ..data(&app, page, holder.entry).await? })
        }
        Err(error) => Err(error.into()),
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

fn said_visit(lang: Lang, zone: Zone, visit: &Visit) -> String {
    let values = [
        ("first", lang.instant(visit.first_at, zone).into()),
        ("last", lang.instant(visit.last_at, zone).into()),
        ("n", visit.times.into()),
    ];
    lang.with("data-visit", values)
}
