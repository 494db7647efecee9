//! The status page: everything the receipt said, as it stands now. It opens with the reference and the
//! birth date; an unknown reference and a wrong date look alike.

use std::sync::Arc;
use std::time::Duration;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::token;
use super::view::StatusView;
use crate::config::DrawSource;
use crate::domain::ids::EntryId;
use crate::domain::reference::Reference;
use crate::domain::refusal::Refusal;
use crate::domain::situation::SlotClasses;
use crate::flow::status::{self as flow, Status};
use crate::flow::{App, Fault, FlowError};
use crate::limits::Rule;
use crate::locale::Lang;
use crate::store::records::DrawRecord;
use crate::web::shared::errors::{Limited, render_with};
use crate::web::shared::limit::{Client, Tries};
use crate::web::shared::{AvailabilityForm, Faults, Form, OpeningView, Page, WebError, render};

const DAY: Duration = Duration::from_hours(24);
/// Look-ups from one address that found nothing: an association looks for several people.
const BY_ADDRESS: Rule = Rule::per_hour(120);
/// Wrong dates for one reference from one address.
const BY_BOTH: Rule = Rule::per_hour(20);
/// Wrong dates for one reference from anywhere: birth dates are few, and a reference may not be tried at
/// length. Beyond this, a provider's whole network has one wrong date a day: its holder still finds it.
const BY_REFERENCE: Rule = Rule::new(100, DAY);
const BY_PROVIDER: Rule = Rule::new(1, DAY);

#[derive(Template)]
#[template(path = "applicant/look_up.html")]
struct LookUpPage {
    page: Page,
    reference: String,
    faults: Faults,
    expired: bool,
}

#[derive(Template)]
#[template(path = "applicant/status.html")]
struct StatusPage {
    page: Page,
    is_receipt: bool,
    /// What has just been done.
    done: Option<String>,
    /// What has just been refused.
    refused: Option<String>,
    faults: Faults,
    view: StatusView,
    availability: AvailabilityForm,
    opening: OpeningView,
    token: String,
    on_the_operators_word: bool,
}

/// How a status page opens.
pub enum Opening {
    Status,
    Receipt,
    /// After an action; translation key.
    Done(&'static str),
    /// After an action that the state does not allow; translation key.
    Refused(Refusal),
    /// After an availability that cannot be accepted, with what was typed.
    Faulty(Vec<Fault>, Option<Box<AvailabilityForm>>),
}

/// The empty form.
pub async fn form(page: Page) -> Result<Response, WebError> {
    ask(page, StatusCode::OK, String::new(), Faults::default(), false)
}

/// The form, for somebody whose page was open for too long.
pub fn expired(page: Page) -> Result<Response, WebError> {
    ask(page, StatusCode::BAD_REQUEST, String::new(), Faults::default(), true)
}

fn ask(
    page: Page,
    status: StatusCode,
    reference: String,
    faults: Faults,
    expired: bool,
) -> Result<Response, WebError> {
    let page = page.titled("look-up-title");
    render_with(status, LookUpPage { page, reference, faults, expired })
}

/// Shows the status of an entry to whoever knows its reference and its holder's birth date.
pub async fn look_up(
    State(app): State<Arc<App>>,
    page: Page,
    client: Client,
    Form(fields): Form,
) -> Result<Response, WebError> {
    let reference = fields.first("reference");
    let mut tries = tries(&app, client, reference).await?;
    match flow::find(&app, reference, fields.first("birth_date")).await {
        Ok(entry) => {
            tries.give_back().await;
            shown(&app, page, flow::status_of(&app, entry).await?, Opening::Status)
        }
        Err(FlowError::NotFound(_)) => {
            let faults = Faults::of(page.lang, &[Fault::new("reference", "look-up-unknown")]);
            ask(page, StatusCode::UNPROCESSABLE_ENTITY, reference.to_owned(), faults, false)
        }
        Err(error) => Err(error.into()),
    }
}

/// The try of a birth date.
async fn tries<'a>(app: &'a App, client: Client, reference: &str) -> Result<Tries<'a>, WebError> {
    let mut tries = Tries::new(app);
    tries.take(Limited::Connection, "look-up-address", &client.name(), BY_ADDRESS).await?;
    // What cannot be a reference is a slip, and no try of anybody's.
    let Ok(reference) = reference.parse::<Reference>() else {
        return Ok(tries);
    };
    let (both, wide) =
        (format!("{reference} {}", client.name()), format!("{reference} {}", client.provider()));
    tries.take(Limited::Reference, "look-up-both", &both, BY_BOTH).await?;
    let everywhere = tries.beyond("look-up-reference", &reference.to_string(), BY_REFERENCE).await;
    let nearby = tries.beyond("look-up-provider", &wide, BY_PROVIDER).await;
    match (everywhere, nearby) {
        (Some(verdict), Some(_)) => Err(tries.refuse(Limited::Reference, verdict).await),
        _ => Ok(tries),
    }
}

/// Whether the draw under way, or the next one if there is none, rests on a commitment.
fn on_the_operators_word(app: &App, draw: Option<&DrawRecord>) -> bool {
    match draw {
        Some(draw) => draw.source["kind"] == "commit",
        None => app.config.draws.source == DrawSource::Commit,
    }
}

/// The status page of an entry.
pub async fn show(app: &App, page: Page, entry: EntryId, opening: Opening) -> Result<Response, WebError> {
    shown(app, page, flow::status(app, entry).await?, opening)
}

fn offered(lang: Lang, status: &Status) -> OpeningView {
    let none = SlotClasses::default();
    let slots = status.slots.as_deref().unwrap_or(&none);
    OpeningView::of(lang, &status.queue.rules, &status.sites, slots, Some(&status.entry.availability))
}

fn shown(app: &App, page: Page, status: Status, opening: Opening) -> Result<Response, WebError> {
    let lang = page.lang;
    let mut shown = StatusPage {
        is_receipt: matches!(opening, Opening::Receipt),
        done: None,
        refused: None,
        faults: Faults::default(),
        availability: AvailabilityForm::of(&status.entry.availability),
        opening: offered(lang, &status),
        token: token::seal(&app.vault, status.entry.id, app.real.now()),
        on_the_operators_word: on_the_operators_word(app, status.draw.as_ref()),
        page: page.titled(if matches!(opening, Opening::Receipt) { "receipt-title" } else { "status-title" }),
        view: StatusView::of(lang, status),
    };
    // The receipt stands at the address of the form; a change of language must not lead back there.
    "/s".clone_into(&mut shown.page.path);
    match opening {
        Opening::Status | Opening::Receipt => render(shown),
        Opening::Done(key) => {
            shown.done = Some(lang.text(key));
            render(shown)
        }
        Opening::Refused(refusal) => {
            shown.refused = Some(lang.text(&refusal.sentence_key()));
            render_with(StatusCode::CONFLICT, shown)
        }
        Opening::Faulty(faults, typed) => {
            shown.faults = Faults::of(lang, &faults);
            shown.availability = typed.map_or(shown.availability, |typed| *typed);
            render_with(StatusCode::UNPROCESSABLE_ENTITY, shown)
        }
    }
}
