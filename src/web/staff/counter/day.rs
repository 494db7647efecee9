//! The counter: who comes on a day, by time, and what an agent ticks. What cannot be undone is asked for
//! once more, in plain words, on a small page of its own.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{Days, NaiveDate};
use serde::Deserialize;

use crate::domain::actor::Role;
use crate::domain::entry::{ConvocationEvent, ConvocationState};
use crate::domain::ids::QueueId;
use crate::flow::people::{Shown, open_person};
use crate::flow::{App, counter};
use crate::locale::Lang;
use crate::store::records::{CounterRecord, EntryRecord};
use crate::web::shared::errors::render_with;
use crate::web::shared::forms::read_day;
use crate::web::shared::{Fields, Page, Purpose, Staff, StaffForm, WebError, render};
use crate::web::staff::kit::own::Own;
use crate::web::staff::kit::parts::{Choice, DoneQuery, FormView, birth_words, word};

#[derive(Template)]
#[template(path = "staff/counter/day.html")]
struct Counter {
    page: Page,
    day: String,
    previous: NaiveDate,
    next: NaiveDate,
    counts: String,
    done: Option<String>,
    rows: Vec<Row>,
}

#[derive(Template)]
#[template(path = "staff/counter/tick.html")]
struct Tick {
    page: Page,
    row: Row,
    form: FormView,
    action: &'static str,
    warning: String,
    confirm: String,
    hint: String,
    back: String,
    queues: Vec<Choice>,
}

struct Row {
    id: String,
    entry: String,
    day: NaiveDate,
    time: String,
    place: String,
    name: String,
    birth: String,
    reference: String,
    queue: String,
    state: ConvocationState,
    state_text: String,
    live: bool,
    may_receive: bool,
    may_miss: bool,
}

#[derive(Deserialize)]
pub struct DayQuery {
    #[serde(default)]
    jour: String,
    #[serde(flatten)]
    done: DoneQuery,
}

pub async fn show(
    State(app): State<Arc<App>>,
    Staff(session): Staff,
    page: Page,
    Query(query): Query<DayQuery>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let lang = page.lang;
    let day = read_day(&query.jour, own.today()).unwrap_or_else(|| own.today());
    let (from, to) = own.day(day);
    let mut rows = Vec::new();
    for record in app.store.counter(own.id(), from, to).await? {
        rows.push(row(&app, &own, lang, &record).await?);
    }
    let live = rows.iter().filter(|row| row.live).count();
    let counts = lang.with("staff-counter-counts", [("all", rows.len().into()), ("live", live.into())]);
    render(Counter {
        page: page.titled("staff-counter-title"),
        day: lang.date(day),
        previous: day - Days::new(1),
        next: day + Days::new(1),
        counts,
        done: query.done.text(lang),
        rows,
    })
}

async fn row(app: &App, own: &Own, lang: Lang, record: &CounterRecord) -> Result<Row, WebError> {
    let entry = app.store.entry(record.entry_id).await?.ok_or(WebError::NotFound)?;
    let person = open_person(&app.vault, &entry)?;
    Ok(seen(own, lang, record, &entry, &person))
}

fn seen(own: &Own, lang: Lang, record: &CounterRecord, entry: &EntryRecord, person: &Shown) -> Row {
    let may = |event| record.convoked().allows(event, own.now).is_ok();
    let zone = own.directory.site(record.site_id).map_or(own.zone, |site| site.zone);
    let desk = [("site", own.site_name(record.site_id).into()), ("desk", record.desk_number.into())];
    Row {
        id: record.id.to_string(),
        entry: record.entry_id.to_string(),
        day: zone.local_date(record.starts_at),
        time: lang.time(record.starts_at, zone),
        place: lang.with("staff-place", desk),
        name: person.full_name(),
        birth: lang.with("staff-born", [("date", birth_words(&person.birth_date, own.today()).into())]),
        reference: entry.reference.clone(),
        queue: own.queue_name(record.queue_id),
        state: record.state,
        state_text: word(lang, "convocation", record.state.as_str()),
        live: record.state == ConvocationState::Live,
        may_receive: may(ConvocationEvent::Attend),
        may_miss: may(ConvocationEvent::Miss),
    }
}

/// The actions that addresses name, and the event behind each.
const ACTIONS: &[(&str, ConvocationEvent)] = &[
    ("present", ConvocationEvent::Attend),
    ("absent", ConvocationEvent::Miss),
    ("guichet", ConvocationEvent::WrongCounter),
    ("personne", ConvocationEvent::NotThePerson),
    ("empechement", ConvocationEvent::PrefectureCancel),
];

fn action_named(text: &str, role: Role) -> Result<(&'static str, ConvocationEvent), WebError> {
    let action = ACTIONS.iter().find(|(name, _)| *name == text).copied().ok_or(WebError::NotFound)?;
    // As with a slot, a manager takes the appointment back.
    if action.1 == ConvocationEvent::PrefectureCancel && role != Role::Manager {
        return Err(WebError::Forbidden);
    }
    Ok(action)
}

/// The small page before what cannot be undone.
pub async fn ask(
    State(app): State<Arc<App>>,
    Staff(session): Staff,
    page: Page,
    Path((convocation, action)): Path<(String, String)>,
) -> Result<Response, WebError> {
    let (action, event) = action_named(&action, session.role)?;
    if event == ConvocationEvent::Attend {
        return Err(WebError::NotFound);
    }
    let own = Own::load(&app, &session).await?;
    let record = own.convocation(&app, &convocation).await?;
    let form = FormView::default();
    render(tick_page(&app, &own, page, &record, action, form).await?)
}

async fn tick_page(
    app: &App,
    own: &Own,
    page: Page,
    record: &CounterRecord,
    action: &'static str,
    form: FormView,
) -> Result<Tick, WebError> {
    let lang = page.lang;
    let row = row(app, own, lang, record).await?;
    let queues = own.queues().filter(|queue| queue.id != record.queue_id);
    let queues = queues.map(|queue| Choice::new(queue.id, queue.name.clone())).collect();
    let say = |what: &str| lang.text(&format!("staff-tick-{action}-{what}"));
    Ok(Tick {
        warning: say("warning"),
        confirm: say("confirm"),
        hint: format!("staff-tick-{action}-hint"),
        back: format!("/agent/comptoir?jour={}", row.day),
        page: page
            .titled(&format!("staff-tick-{action}-title"))
            .with_form(format!("/agent/comptoir/{}/{action}", record.id)),
        row,
        form,
        action,
        queues,
    })
}

/// Ticks.
pub async fn tick(
    State(app): State<Arc<App>>,
    Staff(session): Staff,
    page: Page,
    purpose: Purpose,
    Path((convocation, action)): Path<(String, String)>,
    StaffForm(fields): StaffForm<Fields>,
) -> Result<Response, WebError> {
    let (action, event) = action_named(&action, session.role)?;
    let own = Own::load(&app, &session).await?;
    let record = own.convocation(&app, &convocation).await?;
    let to_queue: Option<QueueId> = match event {
        ConvocationEvent::WrongCounter => own.queue_named(fields.first("to_queue")).map(|queue| queue.id),
        _ => None,
    };
    if purpose.is_draft() && event == ConvocationEvent::Attend {
        return Err(WebError::NotFound);
    }
    let tick = counter::tick(&app, record.id, event, fields.first("reason"), to_queue, session.staff_id);
    match purpose.carry_out(tick).await {
        Ok(_) => {
            let day = own.zone.local_date(record.starts_at);
            let to = format!("/agent/comptoir?jour={day}&fait={action}#c-{}", record.id);
            Ok(Redirect::to(&to).into_response())
        }
        Err(error) => {
            let (status, form) = FormView::answering(error, fields, page.lang)?;
            render_with(status, tick_page(&app, &own, page, &record, action, form).await?)
        }
    }
}
