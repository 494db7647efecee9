//! What an agent does to an entry. Each action calls one flow; what cannot be undone is asked for twice.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};

use super::correction;
use super::entry::again;
use crate::domain::actor::Actor;
use crate::domain::directory::Site;
use crate::domain::ids::{EntryId, StaffId};
use crate::domain::reading::ReadingPurpose;
use crate::domain::refusal::Refusal;
use crate::flow::entries::EntryChange;
use crate::flow::people::codes::{self, NewContact};
use crate::flow::people::{Reader, corrections, erasure, merge};
use crate::flow::read::entries::Entry;
use crate::flow::register::{DEADLINE_KINDS, read_deadline};
use crate::flow::{
    App, Fault, FlowError, counter, entries, helpers, penalties, read, relocation, reviews, rules, status,
    verify_identity,
};
use crate::locale::Lang;
use crate::web::shared::errors::render_with;
use crate::web::shared::return_cost;
use crate::web::shared::{
    AvailabilityForm, Fields, OpeningView, Page, Purpose, Staff, StaffForm, WebError, render,
};
use crate::web::staff::kit::confirm::Confirm;
use crate::web::staff::kit::own::Own;
use crate::web::staff::kit::parts::FormView;

#[derive(Template)]
#[template(path = "staff/counter/availability.html")]
struct AvailabilityPage {
    page: Page,
    entry: String,
    form: FormView,
    availability: AvailabilityForm,
    opening: OpeningView,
    sites: Vec<Site>,
}

/// The actions that ask once more.
const ASKED: &[&str] = &["retirer", "rendre", "oublier"];

/// The small page before a grave action, or a form that has a page of its own.
pub async fn ask(
    State(app): State<Arc<App>>,
    Staff(session): Staff,
    page: Page,
    Path((entry, action)): Path<(String, String)>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let entry = own.entry(&app, &entry).await?;
    if action == "disponibilites" {
        let availability = AvailabilityForm::of(&entry.availability);
        return render(availability_page(&app, &own, page, &entry, FormView::default(), availability).await?);
    }
    if let Some(kind) = correction::kind(&action) {
        return render(correction::page(&app, &own, page, &entry, kind, None).await?);
    }
    let action = ASKED.iter().find(|known| **known == action).ok_or(WebError::NotFound)?;
    let person = read::entries::known(&app, entry.id, own.reader(ReadingPurpose::Entry)).await?.person;
    let mut lines =
        vec![format!("{} – {}", person.full_name(), entry.reference), own.queue_name(entry.queue_id)];
    lines.extend(cost(&app, page.lang, entry.id, action).await?);
    let address = format!("/agent/demandes/{}", entry.id);
    render(Confirm {
        warning: page.lang.text(&format!("staff-ask-{action}-warning")),
        button: page.lang.text(&format!("staff-ask-{action}-confirm")),
        page: page.titled(&format!("staff-ask-{action}-title")),
        form: FormView::default(),
        lines,
        action: format!("{address}/{action}"),
        back: address,
        hidden: Vec::new(),
        reason: false,
        reason_hint: "",
    })
}

/// What it costs the person, in the sentence that they read themselves.
async fn cost(app: &App, lang: Lang, entry: EntryId, action: &str) -> Result<Option<String>, WebError> {
    let status = status::status(app, entry, Reader::Program).await?;
    let cost = match (action, &status.convocation) {
        ("rendre", Some((live, site))) => Some(return_cost::give_back(lang, &status, live, site.zone)),
        ("retirer", _) => return_cost::withdrawal(lang, &status),
        _ => None,
    };
    Ok(cost.map(|cost| lang.with("staff-ask-holder-reads", [("text", cost.into())])))
}

async fn availability_page(
    app: &App,
    own: &Own,
    page: Page,
    entry: &Entry,
    form: FormView,
    availability: AvailabilityForm,
) -> Result<AvailabilityPage, WebError> {
    let sites: Vec<Site> = own.sites().cloned().collect();
    let queue = own.directory.queue(entry.queue_id).ok_or(WebError::NotFound)?;
    let opening = OpeningView::load(app, page.lang, queue, &sites, Some(&entry.availability)).await?;
    Ok(AvailabilityPage {
        page: page
            .titled("staff-availability-title")
            .with_form(format!("/agent/demandes/{}/disponibilites", entry.id)),
        entry: entry.id.to_string(),
        form,
        availability,
        opening,
        sites,
    })
}

/// Every action that an address can name.
const ACTIONS: &[&str] = &[
    "identite",
    "registre",
    "echeance",
    "label",
    "file",
    "file-retirer",
    "disponibilites",
    "pause",
    "reprendre",
    "retirer",
    "reunir",
    "correction",
    "correction-abandon",
    "reprise",
    "coordonnees",
    "contestation",
    "rendre",
    "oublier",
    "examen",
    "aide-fin",
];

/// Does it.
pub async fn act(
    State(app): State<Arc<App>>,
    Staff(session): Staff,
    page: Page,
    purpose: Purpose,
    Path((entry, action)): Path<(String, String)>,
    StaffForm(fields): StaffForm<Fields>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let entry = own.entry(&app, &entry).await?;
    let action = ACTIONS.iter().copied().find(|known| *known == action).ok_or(WebError::NotFound)?;
    let done = perform(&app, &own, &entry, action, &fields, session.staff_id);
    let Err(error) = purpose.carry_out(done).await else {
        return Ok(Redirect::to(&format!("/agent/demandes/{}?fait={action}", entry.id)).into_response());
    };
    let typed = AvailabilityForm::typed(&fields);
    let (status, form) = FormView::answering(error, fields, page.lang)?;
    if let Some(kind) = correction::kind(action) {
        render_with(status, correction::page(&app, &own, page, &entry, kind, Some(form)).await?)
    } else if action == "disponibilites" {
        render_with(status, availability_page(&app, &own, page, &entry, form, typed).await?)
    } else {
        again(&app, &own, page, entry.id, session.staff_id, (status, form), action).await
    }
}

async fn perform(
    app: &App,
    own: &Own,
    entry: &Entry,
    action: &str,
    fields: &Fields,
    by: StaffId,
) -> Result<(), FlowError> {
    let change = |change| entries::change(app, entry.id, change, Actor::Staff(by));
    if let Some(kind) = correction::kind(action) {
        return correction::put_right(app, entry.id, kind, fields, by).await;
    }
    match action {
        "identite" => verify(app, entry, fields, by).await,
        "registre" => verify_identity::number_compared(app, entry.id, fields.first("number_read"), by).await,
        "echeance" => deadline_seen(app, own, entry, fields, by).await,
        "label" => grant(app, entry, fields, by).await,
        "file" => relocate(app, own, entry, fields, by).await,
        "file-retirer" => stay(app, entry, by).await,
        "disponibilites" => availability(app, own, entry, fields, by).await,
        "pause" => change(EntryChange::Pause).await,
        "reprendre" => change(EntryChange::Resume).await,
        "retirer" => change(EntryChange::Withdraw).await,
        "reunir" => unite(app, own, entry, fields).await,
        "correction-abandon" => corrections::drop_open(app, entry.id, by).await,
        "coordonnees" => contact(app, entry, fields, by).await,
        "contestation" => object(app, entry, fields, by).await,
        "aide-fin" => helpers::end(app, entry.id, fields.first("helper_reason"), Actor::Staff(by))
            .await
            .map_err(|error| with_reason_at("helper_reason", error)),
        "examen" => reviews::ask(app, entry.id, fields.first("review"), Some(by)).await,
        "rendre" => give_back(app, entry, by).await,
        "oublier" => erasure::on_request(app, entry.id, Actor::Staff(by)).await,
        _ => Err(FlowError::NotFound("action")),
    }
}

/// The agent has the document before their eyes: its number is typed twice and its holder once, or a machine has read both.
/// One click verifies nobody.
async fn verify(app: &App, entry: &Entry, fields: &Fields, by: StaffId) -> Result<(), FlowError> {
    let holder = ["birth_name", "given_names", "birth_date"].map(|name| fields.first(name));
    let seen = fields.document().read_with_holder(holder, app.business.now().date_naive());
    let seen = seen.map_err(FlowError::Invalid)?;
    verify_identity::document_seen(app, entry.id, seen, by).await
}

/// This entry is kept, and the one that the form names is closed.
async fn unite(app: &App, own: &Own, entry: &Entry, fields: &Fields) -> Result<(), FlowError> {
    let why = fields.first("merge_reason");
    let merged = match fields.first("other").parse() {
        Ok(other) => merge::merge(app, entry.id, other, why, own.staff_reader()).await.map(|_| ()),
        Err(_) => Err(rules::faults_beside(vec![Fault::new("other", "merge-other")], why)),
    };
    merged.map_err(|error| with_reason_at("merge_reason", error))
}

/// How the person wants to be reached, as they say it at the counter or on the telephone. The old contact is told.
async fn contact(app: &App, entry: &Entry, fields: &Fields, by: StaffId) -> Result<(), FlowError> {
    let new = NewContact { phone: fields.first("phone").to_owned(), email: fields.first("email").to_owned() };
    codes::set_contact(app, entry.id, &new, Actor::Staff(by)).await
}

async fn deadline_seen(
    app: &App,
    own: &Own,
    entry: &Entry,
    fields: &Fields,
    by: StaffId,
) -> Result<(), FlowError> {
    let deadline = read_deadline(fields.first("deadline"), own.today()).map_err(FlowError::invalid)?;
    let kind = fields.first("deadline_kind");
    let kind = if DEADLINE_KINDS.contains(&kind) { kind } else { "other" }.to_owned();
    entries::change(app, entry.id, EntryChange::DeadlineSeen { deadline, kind }, Actor::Staff(by)).await
}

async fn grant(app: &App, entry: &Entry, fields: &Fields, by: StaffId) -> Result<(), FlowError> {
    let label =
        fields.first("label").parse().map_err(|_| FlowError::invalid(Fault::new("label", "label")))?;
    entries::grant(app, entry.id, label, fields.first("reason"), by).await
}

/// What the person says, at the counter or on the telephone.
async fn object(app: &App, entry: &Entry, fields: &Fields, by: StaffId) -> Result<(), FlowError> {
    let holder = status::holder(app, entry.id, Reader::Program).await?;
    let penalty = penalties::named(&holder.penalties, fields.first("penalty"))?;
    penalties::object(app, penalty, fields.first("objection"), Actor::Staff(by)).await
}

async fn relocate(
    app: &App,
    own: &Own,
    entry: &Entry,
    fields: &Fields,
    by: StaffId,
) -> Result<(), FlowError> {
    // Another prefecture's queue is no answer to this question.
    let queue = own.queue_named(fields.first("queue")).map(|queue| queue.id);
    let why = fields.first("move_reason");
    let proposed = if let Some(queue) = queue {
        relocation::propose(app, entry.id, queue, why, by).await
    } else {
        Err(rules::faults_beside(vec![Fault::new("queue", "move-queue")], why))
    };
    proposed.map_err(|error| with_reason_at("move_reason", error))
}

/// The page of an entry has several reasons beside each other: a fault of one is said at its own field.
fn with_reason_at(field: &'static str, error: FlowError) -> FlowError {
    let FlowError::Invalid(mut faults) = error else { return error };
    for fault in faults.iter_mut().filter(|fault| fault.field == "reason") {
        fault.field = field;
    }
    FlowError::Invalid(faults)
}

/// The author takes the proposed change of queue back.
async fn stay(app: &App, entry: &Entry, by: StaffId) -> Result<(), FlowError> {
    // Decided or taken back meanwhile.
    let open = read::relocations::of_entry(app, entry.id, Reader::Program)
        .await?
        .ok_or(FlowError::Refused(Refusal::Changed))?;
    relocation::withdraw(app, open.id, by).await
}

async fn availability(
    app: &App,
    own: &Own,
    entry: &Entry,
    fields: &Fields,
    by: StaffId,
) -> Result<(), FlowError> {
    let availability = AvailabilityForm::typed(fields).whole(own.today())?;
    if availability.sites.iter().any(|site| own.site(&site.to_string()).is_err()) {
        return Err(FlowError::invalid(Fault::new("sites", "availability-sites")));
    }
    entries::change_availability(app, entry.id, availability, Actor::Staff(by)).await
}

async fn give_back(app: &App, entry: &Entry, by: StaffId) -> Result<(), FlowError> {
    let live = read::convocations::live(app, entry.id).await?;
    let live = live.ok_or(FlowError::Refused(Refusal::NoConvocation))?;
    counter::give_back(app, live.id, Actor::Staff(by)).await.map(|_| ())
}
