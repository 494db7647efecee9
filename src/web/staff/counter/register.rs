//! Registering somebody by phone or at the counter: the same questions as online, and what the agent has
//! seen with their own eyes.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use uuid::Uuid;

use super::search::about;
use crate::domain::actor::{Actor, Channel};
use crate::domain::directory::{Queue, Site};
use crate::domain::helper::HelperKind;
use crate::domain::identity::DocumentKind;
use crate::domain::refusal::Refusal;
use crate::flow::people::{self, search::Found};
use crate::flow::register::{DEADLINE_KINDS, Desk, Done, faults, pairs, register};
use crate::flow::staff::Session;
use crate::flow::{App, Fault, FlowError};
use crate::locale::Lang;
use crate::web::shared::errors::render_with;
use crate::web::shared::{
    AvailabilityForm, Fields, OpeningView, Page, Purpose, Staff, StaffForm, WebError, render,
};
use crate::web::staff::kit::own::Own;
use crate::web::staff::kit::parts::{Choice, FormView, word};

#[derive(Template)]
#[template(path = "staff/counter/register.html")]
struct Register {
    page: Page,
    form: FormView,
    availability: AvailabilityForm,
    opening: OpeningView,
    sites: Vec<Site>,
    choices: Choices,
    /// To be compared before anything is written.
    pairs: Option<Pairs>,
}

struct Choices {
    channels: Vec<Choice>,
    languages: Vec<Choice>,
    deadline_kinds: Vec<Choice>,
    document_kinds: Vec<Choice>,
    helper_kinds: Vec<Choice>,
    deadline_hint: &'static str,
    countries: &'static [&'static str],
    /// Whether messages go by e-mail too.
    by_email: bool,
}

impl Choices {
    fn of(app: &App, lang: Lang, queue: &Queue) -> Self {
        let channels = [Channel::Counter, Channel::Phone];
        Self {
            channels: channels
                .map(|channel| Choice::new(channel, lang.text(&format!("staff-channel-{}", channel.key()))))
                .into(),
            languages: Lang::ALL.iter().map(|lang| Choice::new(lang.code(), lang.name())).collect(),
            deadline_kinds: deadline_kinds(lang),
            document_kinds: document_kinds(lang),
            helper_kinds: helper_kinds(lang),
            countries: lang.country_names(),
            by_email: people::sends_email(app),
            deadline_hint: if queue.rules.window.is_some() {
                "staff-field-deadline-needed"
            } else {
                "staff-field-deadline-hint"
            },
        }
    }
}

/// The kinds of document that an agent may see, after none.
pub fn document_kinds(lang: Lang) -> Vec<Choice> {
    let none = Choice::new("", lang.text("staff-field-document-kind-none"));
    let kind = |kind: &DocumentKind| Choice::new(kind, word(lang, "document", kind.as_str()));
    std::iter::once(none).chain(DocumentKind::ALL.iter().map(kind)).collect()
}

/// What a helper may be to the person, after nobody.
fn helper_kinds(lang: Lang) -> Vec<Choice> {
    let none = Choice::new("", lang.text("staff-helper-nobody"));
    let kind = |kind: &HelperKind| Choice::new(kind, lang.text(&format!("helper-kind-{}", kind.key())));
    std::iter::once(none).chain(HelperKind::ALL.iter().map(kind)).collect()
}

/// The kinds of deadline, in words.
pub fn deadline_kinds(lang: Lang) -> Vec<Choice> {
    let kind = |kind: &&str| Choice::new(kind, word(lang, "deadline", kind));
    DEADLINE_KINDS.iter().map(kind).collect()
}

pub async fn show(
    State(app): State<Arc<App>>,
    Staff(session): Staff,
    page: Page,
    Path(queue): Path<String>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let queue = own.queue(&queue)?;
    let key = Uuid::now_v7().to_string();
    let form = FormView::filled([
        ("channel", "counter"),
        ("language", Lang::default().code()),
        ("idempotency_key", key.as_str()),
    ]);
    render(template(&app, &own, page, queue, form, None).await?)
}

async fn template(
    app: &App,
    own: &Own,
    page: Page,
    queue: &Queue,
    form: FormView,
    typed: Option<AvailabilityForm>,
) -> Result<Register, WebError> {
    let sites: Vec<Site> = own.sites().cloned().collect();
    let opening = OpeningView::load(app, page.lang, queue, &sites, None).await?;
    let title = page.lang.with("staff-register-title", [("queue", queue.name.clone().into())]);
    Ok(Register {
        pairs: None,
        choices: Choices::of(app, page.lang, queue),
        page: page.named(title).with_form(format!("/agent/inscrire/{}", queue.slug)),
        form,
        availability: typed.unwrap_or_else(|| opening.form(&sites)),
        opening,
        sites,
    })
}

pub async fn submit(
    State(app): State<Arc<App>>,
    Staff(session): Staff,
    page: Page,
    Path(queue): Path<String>,
    purpose: Purpose,
    StaffForm(fields): StaffForm<Fields>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let queue = own.queue(&queue)?;
    let availability = AvailabilityForm::typed(&fields);
    let registered = try_register(&app, &own, &session, queue, &fields, &availability);
    match purpose.carry_out(registered).await {
        Ok(Attempt::Pairs(pairs)) => {
            let (lang, form) = (page.lang, FormView::again(fields, page.lang, &[]));
            let again = template(&app, &own, page, queue, form, Some(availability)).await?;
            let pairs = Some(Pairs::of(lang, &own, &pairs));
            render_with(StatusCode::CONFLICT, Register { pairs, ..again })
        }
        Ok(Attempt::Done(done)) => {
            Ok(Redirect::to(&format!("/agent/demandes/{}/recu?fait=inscription", done.entry)).into_response())
        }
        Err(FlowError::Refused(Refusal::KeyReused)) => {
            // Sent once more, it is another registration.
            let fields = fields.with("idempotency_key", &Uuid::now_v7().to_string());
            let refused = Some(page.lang.text("register-key-reused"));
            let form = FormView { refused, ..FormView::again(fields, page.lang, &[]) };
            let again = template(&app, &own, page, queue, form, Some(availability)).await?;
            render_with(StatusCode::CONFLICT, again)
        }
        Err(error) => {
            let (status, form) = FormView::answering(error, fields, page.lang)?;
            render_with(status, template(&app, &own, page, queue, form, Some(availability)).await?)
        }
    }
}

/// What became of a form without a fault.
enum Attempt {
    Done(Done),
    /// Requests that may be the same person's, which the agent has not compared yet. Nothing is written.
    Pairs(Vec<Found>),
}

/// Requests that may be the same person's, for the agent to compare.
struct Pairs {
    others: Vec<Choice>,
    /// What the box says that was compared: another pair asks again.
    compared: String,
}

impl Pairs {
    fn of(lang: Lang, own: &Own, found: &[Found]) -> Self {
        let text = |found: &Found| {
            Choice::new(found.entry.id, format!("{} – {}", found.initials, about(lang, own, found)))
        };
        Self { others: found.iter().map(text).collect(), compared: compared(found) }
    }
}

fn compared(pairs: &[Found]) -> String {
    let mut ids: Vec<String> = pairs.iter().map(|found| found.entry.id.to_string()).collect();
    ids.sort();
    ids.join(",")
}

async fn try_register(
    app: &App,
    own: &Own,
    session: &Session,
    queue: &Queue,
    fields: &Fields,
    availability: &AvailabilityForm,
) -> Result<Attempt, FlowError> {
    let (availability, mut found) = availability.read(app.business.now().date_naive());
    let channel = match fields.first("channel") {
        "counter" => Some(Channel::Counter),
        "phone" => Some(Channel::Phone),
        _ => None,
    };
    if channel.is_none() {
        found.push(Fault::new("channel", "channel"));
    }
    if channel == Some(Channel::Phone) && fields.has("document_seen") {
        found.push(Fault::new("document_seen", "document-by-phone"));
    }
    let mut typed = fields.registration();
    if fields.has("document_seen") {
        match fields.document().read(app.business.now().date_naive()) {
            Ok(seen) => {
                seen.document.country.clone_into(&mut typed.document_country);
                seen.document.number.clone_into(&mut typed.document_number);
                typed.seen = Some(seen);
            }
            Err(faults) => found.extend(faults),
        }
    }
    let desk = Desk {
        channel: channel.unwrap_or(Channel::Counter),
        actor: Some(Actor::Staff(session.staff_id)),
        document_seen: fields.has("document_seen"),
        deadline_seen: fields.has("deadline_seen"),
        ..Desk::ONLINE
    };
    if !found.is_empty() {
        return Err(faults(app, queue.id, &typed, &availability, desk, found).await?);
    }
    let key = fields.first("idempotency_key");
    if key.is_empty() {
        return Err(FlowError::Refused(Refusal::KeyReused));
    }
    let key = format!("staff:{}:{key}", session.staff_id);
    let pairs = pairs(app, (queue.id, &typed, &availability, desk), &key, own.staff_reader()).await?;
    if !pairs.is_empty() && fields.first("compared") != compared(&pairs) {
        return Ok(Attempt::Pairs(pairs));
    }
    register(app, queue.id, &typed, &availability, desk, &key).await.map(Attempt::Done)
}
