//! The status page: everything the receipt said, as it stands now. It opens with the reference and the
//! birth date; an unknown reference and a wrong date look alike.

use std::sync::Arc;
use std::time::Duration;

use askama::Template;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use chrono::NaiveDate;
use serde::Deserialize;

use super::actions::{self, Action};
use super::holder::{self, Holder, LOOK_UP_PATH, RECEIPT_PATH, STATUS_PATH};
use super::token::{Confirmation, csrf_token, open_csrf_token};
use super::view::StatusView;
use crate::config::DrawSource;
use crate::domain::names::BirthDate;
use crate::domain::reference::Reference;
use crate::domain::refusal::Refusal;
use crate::domain::situation::SlotClasses;
use crate::flow::people::Reader;
use crate::flow::read::draws::Draw;
use crate::flow::status::{self as flow, Status};
use crate::flow::told::{SaidPenalty, ToldTo, said_helper};
use crate::flow::{App, Fault, FlowError, helpers, visits};
use crate::limits::{Rule, Wide};
use crate::locale::Lang;
use crate::web::shared::errors::{Limited, render_later, render_with};
use crate::web::shared::limit::{Client, Tries};
use crate::web::shared::{
    AvailabilityForm, Faults, Fields, Form, OpeningView, Page, Purpose, WebError, render,
};

const DAY: Duration = Duration::from_hours(24);
/// Look-ups from one address that found nothing: an association looks for several people.
const BY_ADDRESS: Rule = Rule::per_hour(120);
/// Wrong dates for one reference from one address.
const BY_BOTH: Rule = Rule::per_hour(20);
/// Wrong dates for one reference from anywhere: birth dates are few, and a reference may not be tried at
/// length. Beyond this, a provider's whole network has one wrong date a day: its holder still finds it.
const BY_REFERENCE: Wide = Wide { everywhere: Rule::new(100, DAY), nearby: Rule::new(1, DAY) };
/// Wrong dates for all references together: somebody tries many of them, each a little. Not by prefecture: the
/// answer would tell which references exist.
const BY_EVERYBODY: Wide = Wide { everywhere: Rule::per_hour(1_000), nearby: Rule::per_hour(60) };

#[derive(Template)]
#[template(path = "applicant/look_up.html")]
struct LookUpPage {
    page: Page,
    reference: String,
    birth_date: String,
    faults: Faults,
    /// Why the page is no longer open, or why to wait.
    alert: Option<String>,
    /// A form that waits for its holder, to be sent on with this one.
    waiting: Vec<(String, String)>,
    /// The status is open in this browser.
    is_open: bool,
}

impl LookUpPage {
    fn new(page: Page) -> Self {
        let mut page = page.titled("look-up-title").with_form(LOOK_UP_PATH);
        LOOK_UP_PATH.clone_into(&mut page.path);
        Self {
            page,
            reference: String::new(),
            birth_date: String::new(),
            faults: Faults::default(),
            alert: None,
            waiting: Vec::new(),
            is_open: false,
        }
    }

    /// The form as typed, with the one that waits.
    fn again(page: Page, fields: &Fields) -> Self {
        let action = fields.first(WAITING_ACTION);
        Self {
            reference: fields.first("reference").to_owned(),
            birth_date: fields.first("birth_date").to_owned(),
            waiting: Action::of(action).map(|_| waiting(action, fields)).unwrap_or_default(),
            ..Self::new(page)
        }
    }
}

/// The field that names the action of a form that waits for its holder.
const WAITING_ACTION: &str = "suite";
/// … and the one that says that it is only to be shown again.
const WAITING_DRAFT: &str = "a_relire";

#[derive(Template)]
#[template(path = "applicant/status.html")]
struct StatusPage {
    page: Page,
    is_receipt: bool,
    /// Who speaks for the person: on the receipt.
    helper: Option<String>,
    /// What has just been done.
    done: Option<String>,
    /// What has just been refused.
    refused: Option<String>,
    faults: Faults,
    view: StatusView,
    availability: AvailabilityForm,
    opening: OpeningView,
    objection: Objection,
    /// … is another one than holds.
    is_edited: bool,
    csrf_token: String,
    on_the_operators_word: bool,
}

/// How a status page opens.
pub enum Opening {
    /// With what has just been done.
    Status(Option<Confirmation>),
    Receipt,
    /// After an action that the state does not allow.
    Refused(Refusal),
    /// After an availability or an objection that cannot be accepted, with what was typed.
    Faulty(Vec<Fault>, Typed),
    /// After more actions than a limit allows.
    Later {
        limited: Limited,
        retry_after_seconds: u64,
        typed: Typed,
    },
    /// With an availability and an objection that were typed and not sent.
    Draft(Typed),
}

/// What was typed in the form of the page that a change of language keeps.
pub struct Typed {
    /// If the form has one.
    pub availability: Option<Box<AvailabilityForm>>,
    pub objection: Objection,
}

/// An objection as typed, to a penalty.
#[derive(Clone, Debug, Default)]
pub struct Objection {
    penalty: String,
    text: String,
}

impl Objection {
    pub fn typed(fields: &Fields) -> Self {
        Self { penalty: fields.first("penalty").to_owned(), text: fields.first("objection").to_owned() }
    }

    pub fn is_empty(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// What was typed to this penalty.
    fn of(&self, penalty: &SaidPenalty) -> &str {
        if self.penalty == penalty.id.to_string() { &self.text } else { "" }
    }
}

/// How the form was reached.
#[derive(Deserialize)]
pub struct Reached {
    /// By the address of a page that is no longer open.
    fermee: Option<String>,
}

/// The empty form.
pub async fn form(
    State(app): State<Arc<App>>,
    page: Page,
    headers: HeaderMap,
    Query(reached): Query<Reached>,
) -> Result<Response, WebError> {
    let is_open = holder::current(&app, &headers).await?.is_some();
    let alert = reached.fermee.filter(|_| !is_open).map(|_| page.lang.text("look-up-closed"));
    render(LookUpPage { alert, is_open, ..LookUpPage::new(page) })
}

/// The form, for somebody whose page was open for too long. The form they sent, if one of our pages had it,
/// goes on once they are recognised.
pub fn ask_again(
    page: Page,
    action: Option<&str>,
    purpose: Purpose,
    fields: &Fields,
) -> Result<Response, WebError> {
    let mut waiting = action.map(|action| waiting(action, fields)).unwrap_or_default();
    let alert = page.lang.text(match (waiting.is_empty(), purpose) {
        (true, _) => "look-up-expired",
        (false, Purpose::CarryOut) => "look-up-waiting",
        (false, Purpose::ShowAgain) => "look-up-waiting-draft",
    });
    if !waiting.is_empty() && purpose.is_draft() {
        waiting.push((WAITING_DRAFT.to_owned(), "oui".to_owned()));
    }
    render_with(StatusCode::BAD_REQUEST, LookUpPage { alert: Some(alert), waiting, ..LookUpPage::new(page) })
}

/// The fields of a form that waits for its holder.
fn waiting(action: &str, fields: &Fields) -> Vec<(String, String)> {
    let own = |name: &str| matches!(name, "reference" | "birth_date" | WAITING_ACTION);
    let sent = fields.iter().filter(|(name, _)| !own(name));
    let action = (WAITING_ACTION.to_owned(), action.to_owned());
    std::iter::once(action).chain(sent.cloned()).collect()
}

/// Opens the status of an entry to whoever knows its reference and its holder's birth date.
pub async fn look_up(
    State(app): State<Arc<App>>,
    page: Page,
    client: Client,
    purpose: Purpose,
    Form(fields): Form,
) -> Result<Response, WebError> {
    if purpose.is_draft() {
        return render(LookUpPage::again(page, &fields));
    }
    let reference = fields.first("reference");
    let faults = unread(&fields, app.business.now().date_naive());
    if !faults.is_empty() {
        let faults = Faults::of(page.lang, &faults);
        let again = LookUpPage { faults, ..LookUpPage::again(page, &fields) };
        return render_with(StatusCode::UNPROCESSABLE_ENTITY, again);
    }
    let mut tries = match tries(&app, client, reference).await {
        Err(WebError::TooMany { limited, retry_after_seconds }) => {
            let alert = Some(limited.sentence(page.lang, retry_after_seconds));
            let again = LookUpPage { alert, ..LookUpPage::again(page, &fields) };
            return render_later(retry_after_seconds, again);
        }
        taken => taken?,
    };
    let action = Action::of(fields.first(WAITING_ACTION));
    match flow::find(&app, reference, fields.first("birth_date")).await {
        Ok(entry) => {
            tries.give_back().await;
            match action {
                // A form of another entry's page is not for this one.
                Some(action) if open_csrf_token(&app.vault, fields.first("jeton")) == Some(entry) => {
                    let purpose =
                        if fields.has(WAITING_DRAFT) { Purpose::ShowAgain } else { Purpose::CarryOut };
                    visits::note(&app, entry).await;
                    let holder = Holder::opened(entry, app.real.now());
                    actions::answer(&app, page, holder, action, purpose, &fields).await
                }
                _ => Ok(holder::admit(&app, entry, STATUS_PATH).await),
            }
        }
        Err(FlowError::NotFound(_)) => {
            let faults = Faults::of(page.lang, &[Fault::new("reference", "look-up-unknown")]);
            let again = LookUpPage { faults, ..LookUpPage::again(page, &fields) };
            render_with(StatusCode::UNPROCESSABLE_ENTITY, again)
        }
        Err(error) => Err(error.into()),
    }
}

/// What cannot name anybody: it is a slip, and no try.
fn unread(fields: &Fields, today: NaiveDate) -> Vec<Fault> {
    let mut faults = Vec::new();
    if !fields.has("reference") {
        faults.push(Fault::new("reference", "look-up-reference-missing"));
    }
    match fields.first("birth_date") {
        "" => faults.push(Fault::new("birth_date", "look-up-birth-date-missing")),
        typed if BirthDate::parse(typed, today).is_err() => {
            faults.push(Fault::new("birth_date", "look-up-birth-date-unread"));
        }
        _ => {}
    }
    faults
}

/// The try of a birth date.
async fn tries<'a>(app: &'a App, client: Client, reference: &str) -> Result<Tries<'a>, WebError> {
    let mut tries = Tries::new(app);
    tries.take(Limited::LookUps, "look-up-address", &client.name(), BY_ADDRESS).await?;
    // What cannot be a reference is a slip, and no try of anybody's.
    let Ok(reference) = reference.parse::<Reference>() else {
        return Ok(tries);
    };
    let reference = reference.to_string();
    let both = format!("{reference} {}", client.name());
    tries.take(Limited::ReferenceHere, "look-up-both", &both, BY_BOTH).await?;
    tries.take_wide(Limited::Reference, "look-up-reference", &reference, client, BY_REFERENCE).await?;
    tries.take_wide(Limited::LookUpsAround, "look-up", "", client, BY_EVERYBODY).await?;
    Ok(tries)
}

/// The status.
pub async fn status(State(app): State<Arc<App>>, page: Page, holder: Holder) -> Result<Response, WebError> {
    show(&app, page, holder, Opening::Status(holder.confirmation)).await
}

/// The receipt.
pub async fn receipt(State(app): State<Arc<App>>, page: Page, holder: Holder) -> Result<Response, WebError> {
    show(&app, page, holder, Opening::Receipt).await
}

/// Whether the draw under way, or the next one if there is none, rests on a commitment.
fn on_the_operators_word(app: &App, draw: Option<&Draw>) -> bool {
    match draw {
        Some(draw) => draw.source["kind"] == "commit",
        None => app.config.draws.source == DrawSource::Commit,
    }
}

/// The status page of an entry, open for another half an hour.
pub async fn show(app: &App, page: Page, holder: Holder, opening: Opening) -> Result<Response, WebError> {
    let status = flow::status(app, holder.entry, Reader::Holder).await?;
    let helper = match opening {
        Opening::Receipt => helpers::of(app, holder.entry).await?,
        _ => None,
    };
    let helper = helper.map(|speaker| said_helper(page.lang, status.zone, &speaker, ToldTo::Person));
    let shown = shown(app, page, status, (opening, helper))?;
    Ok(holder::renewed(app, holder, shown))
}

fn offered(lang: Lang, status: &Status) -> OpeningView {
    let none = SlotClasses::default();
    let slots = status.slots.as_deref().unwrap_or(&none);
    OpeningView::of(lang, &status.queue.rules, &status.sites, slots, Some(&status.entry.availability))
}

fn shown(
    app: &App,
    page: Page,
    status: Status,
    (opening, helper): (Opening, Option<String>),
) -> Result<Response, WebError> {
    let lang = page.lang;
    let is_receipt = matches!(opening, Opening::Receipt);
    let mut shown = StatusPage {
        is_receipt,
        helper,
        done: None,
        refused: None,
        faults: Faults::default(),
        availability: AvailabilityForm::of(&status.entry.availability),
        opening: offered(lang, &status),
        objection: Objection::default(),
        is_edited: false,
        csrf_token: csrf_token(&app.vault, status.entry.id),
        on_the_operators_word: on_the_operators_word(app, status.draw.as_ref()),
        page: page.titled(if is_receipt { "receipt-title" } else { "status-title" }),
        view: StatusView::of(lang, status, app.franceconnect.is_some()),
    };
    if let Some(form) = shown.view.kept_form() {
        shown.page = shown.page.with_form(form);
    }
    // An action's address has no page; a change of language leads to this one's.
    if is_receipt { RECEIPT_PATH } else { STATUS_PATH }.clone_into(&mut shown.page.path);
    let retype = |shown: &mut StatusPage, typed: Typed| {
        shown.objection = typed.objection;
        if let Some(availability) = typed.availability {
            shown.is_edited = *availability != shown.availability;
            shown.availability = *availability;
        }
    };
    match opening {
        Opening::Receipt => render(shown),
        Opening::Status(confirmation) => {
            shown.done = confirmation.map(|confirmation| lang.text(confirmation.sentence_key()));
            render(shown)
        }
        Opening::Later { limited, retry_after_seconds, typed } => {
            shown.refused = Some(limited.sentence(lang, retry_after_seconds));
            retype(&mut shown, typed);
            render_later(retry_after_seconds, shown)
        }
        Opening::Draft(typed) => {
            retype(&mut shown, typed);
            render(shown)
        }
        Opening::Refused(refusal) => {
            shown.refused = Some(lang.text(&refusal.sentence_key()));
            render_with(StatusCode::CONFLICT, shown)
        }
        Opening::Faulty(faults, typed) => {
            shown.faults = Faults::of(lang, &faults);
            retype(&mut shown, typed);
            render_with(StatusCode::UNPROCESSABLE_ENTITY, shown)
        }
    }
}
