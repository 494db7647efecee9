//! The counter: who comes on a day, by time, and what an agent ticks: it can be corrected until the site closes.
//! What needs more than a click is asked for in plain words, on a small page of its own.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{Days, NaiveDate};
use serde::Deserialize;

use crate::domain::actor::Role;
use crate::domain::entry::{ConvocationEvent, ConvocationState};
use crate::domain::ids::QueueId;
use crate::domain::local_time::Zone;
use crate::domain::permission::Act;
use crate::domain::reading::ReadingPurpose;
use crate::domain::refusal::Refusal;
use crate::domain::text_enum::key_of;
use crate::domain::tick::Tick as Noted;
use crate::flow::read::convocations::{self, Convocation, Ticked};
use crate::flow::read::entries::{self, Known};
use crate::flow::{App, counter};
use crate::locale::Lang;
use crate::web::shared::errors::render_with;
use crate::web::shared::{Fields, Page, Purpose, Staff, StaffForm, WebError, render};
use crate::web::staff::kit::own::Own;
use crate::web::staff::kit::parts::{Choice, Colleagues, DoneQuery, FormView, birth_words, word};

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
    needs_queue: bool,
    needs_reason: bool,
    label: &'static str,
    warning: String,
    confirm: String,
    hint: String,
    back: String,
    queues: Vec<Choice>,
}

#[expect(clippy::struct_excessive_bools, reason = "one question a button, each read alone")]
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
    /// That its name was corrected: an older paper may be shown.
    reissued: Option<String>,
    state: ConvocationState,
    state_text: String,
    live: bool,
    /// What is noted: by whom, when, and until when it can be corrected.
    ticked: Option<String>,
    /// The word of what is noted, for the forms.
    noted: &'static str,
    may_untick: bool,
    may_receive: bool,
    may_note_incomplete: bool,
    may_miss: bool,
    may_note_wrong_counter: bool,
    may_note_somebody_else: bool,
    may_excuse: bool,
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
    let day = own.day_asked("jour", query.jour.trim())?;
    let (from, to) = own.day(day);
    let colleagues = Colleagues::load(&app).await?;
    let expected =
        convocations::between(&app, own.id(), from, to, own.reader(ReadingPurpose::Counter)).await?;
    let row = |(convocation, known): &(Convocation, Known)| {
        let ticked = ticked(&own, lang, convocation, &colleagues);
        Row { ticked, ..row_of(&own, lang, convocation, known) }
    };
    let rows: Vec<Row> = expected.iter().map(row).collect();
    let live = rows.iter().filter(|row| row.live && row.ticked.is_none()).count();
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

/// Who ticked what and when, and until when it can be corrected.
fn ticked(own: &Own, lang: Lang, record: &Convocation, colleagues: &Colleagues) -> Option<String> {
    let ticked = record.ticked.filter(|_| record.state == ConvocationState::Live)?;
    let Ticked { tick, by, at, settles_at: until } = ticked;
    let zone = own.zone_of(record.site_id);
    let values = [
        ("login", colleagues.login(by).to_owned().into()),
        ("at", lang.instant(at, zone).into()),
        ("until", lang.instant(until, zone).into()),
    ];
    let ending = if own.now < until { "" } else { "-final" };
    Some(lang.with(&format!("staff-ticked-{}{ending}", key_of(tick.as_str())), values))
}

fn row_of(own: &Own, lang: Lang, record: &Convocation, Known { entry, person }: &Known) -> Row {
    let is_final = record.ticked.is_some_and(|ticked| ticked.settles_at <= own.now);
    let noted = record.ticked.map(|ticked| ticked.tick);
    let serves = own.may(Act::ServePeople);
    let may = |event| serves && !is_final && record.convoked().allows(event, own.now).is_ok();
    let may_tick = |tick: Noted| noted != Some(tick) && may(tick.into());
    let zone = own.zone_of(record.site_id);
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
        reissued: reissued(lang, zone, record),
        state: record.state,
        state_text: word(lang, "convocation", record.state.as_str()),
        live: record.state == ConvocationState::Live,
        ticked: None,
        noted: noted_word(record),
        may_untick: serves && !is_final && noted.is_some(),
        may_receive: may_tick(Noted::Served),
        may_note_incomplete: may_tick(Noted::Incomplete),
        may_miss: may_tick(Noted::Absent),
        may_note_wrong_counter: may_tick(Noted::WrongCounter),
        may_note_somebody_else: may_tick(Noted::NotThePerson),
        may_excuse: may(ConvocationEvent::PrefectureCancel) && own.now >= record.starts_at,
    }
}

/// That the name on a convocation was corrected, and when: whoever comes may hold a former version.
pub(super) fn reissued(lang: Lang, zone: Zone, record: &Convocation) -> Option<String> {
    let date = lang.date(zone.local_date(record.issued_at));
    let values = [("issue", record.issue.into()), ("date", date.into())];
    (record.issue > 1).then(|| lang.with("staff-convocation-reissued", values))
}

/// The actions that addresses name, and the event behind each.
const ACTIONS: &[(&str, ConvocationEvent)] = &[
    ("present", ConvocationEvent::Attend),
    ("incomplet", ConvocationEvent::Incomplete),
    ("absent", ConvocationEvent::Miss),
    ("guichet", ConvocationEvent::WrongCounter),
    ("personne", ConvocationEvent::NotThePerson),
    ("empechement", ConvocationEvent::PrefectureCancel),
];

fn action_named(text: &str, role: Role) -> Result<(&'static str, ConvocationEvent), WebError> {
    let action = ACTIONS.iter().find(|(name, _)| *name == text).copied().ok_or(WebError::NotFound)?;
    // As with a slot, a manager takes the appointment back.
    if action.1 == ConvocationEvent::PrefectureCancel && !role.may(Act::ExcuseAbsence) {
        return Err(WebError::Forbidden);
    }
    Ok(action)
}

/// Whether one click does it: nothing else is needed.
const fn is_one_click(event: ConvocationEvent) -> bool {
    matches!(event, ConvocationEvent::Attend | ConvocationEvent::Miss)
}

/// The small page before what needs more than a click.
pub async fn ask(
    State(app): State<Arc<App>>,
    Staff(session): Staff,
    page: Page,
    Path((convocation, action)): Path<(String, String)>,
) -> Result<Response, WebError> {
    let (action, event) = action_named(&action, session.role)?;
    if is_one_click(event) {
        return Err(WebError::NotFound);
    }
    let own = Own::load(&app, &session).await?;
    let record = own.convocation(&app, &convocation).await?;
    let form = FormView::default();
    render(tick_page(&app, &own, page, &record, (action, event), form).await?)
}

async fn tick_page(
    app: &App,
    own: &Own,
    page: Page,
    record: &Convocation,
    (action, event): (&'static str, ConvocationEvent),
    form: FormView,
) -> Result<Tick, WebError> {
    let lang = page.lang;
    let row = row_of(
        own,
        lang,
        record,
        &entries::known(app, record.entry_id, own.reader(ReadingPurpose::Counter)).await?,
    );
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
        needs_queue: event == ConvocationEvent::WrongCounter,
        needs_reason: event.needs_reason(),
        label: if event == ConvocationEvent::Incomplete { "staff-tick-missing" } else { "staff-reason" },
        queues,
    })
}

/// The field that says what was noted when the page was shown.
pub const NOTED_FIELD: &str = "noted";

/// The action that takes a tick back.
const UNTICK: &str = "effacer";

/// Ticks.
pub async fn tick(
    State(app): State<Arc<App>>,
    Staff(session): Staff,
    page: Page,
    purpose: Purpose,
    Path((convocation, action)): Path<(String, String)>,
    StaffForm(fields): StaffForm<Fields>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let record = own.convocation(&app, &convocation).await?;
    // A colleague has noted something else since the page was shown.
    let noted = noted_word(&record);
    if !purpose.is_draft() && fields.has_field(NOTED_FIELD) && fields.first(NOTED_FIELD) != noted {
        return Err(WebError::Refused(Refusal::Changed));
    }
    if action == UNTICK {
        counter::untick(&app, record.id, session.staff_id).await?;
        return Ok(back(&own, &record, UNTICK));
    }
    let (action, event) = action_named(&action, session.role)?;
    let to_queue: Option<QueueId> = match event {
        ConvocationEvent::WrongCounter => own.queue_named(fields.first("to_queue")).map(|queue| queue.id),
        _ => None,
    };
    if purpose.is_draft() && event == ConvocationEvent::Attend {
        return Err(WebError::NotFound);
    }
    let tick = counter::tick(&app, record.id, event, fields.first("reason"), to_queue, session.staff_id);
    match purpose.carry_out(tick).await {
        Ok(()) => Ok(back(&own, &record, action)),
        Err(error) if is_one_click(event) && !purpose.is_draft() => Err(error.into()),
        Err(error) => {
            let (status, form) = FormView::answering(error, fields, page.lang)?;
            render_with(status, tick_page(&app, &own, page, &record, (action, event), form).await?)
        }
    }
}

/// What was noted of an appointment, as a form sends it back.
fn noted_word(record: &Convocation) -> &'static str {
    record.ticked.map_or("", |ticked| ticked.tick.as_str())
}

/// To the row that was ticked.
fn back(own: &Own, record: &Convocation, done: &str) -> Response {
    let day = own.zone.local_date(record.starts_at);
    Redirect::to(&format!("/agent/comptoir?jour={day}&fait={done}#c-{}", record.id)).into_response()
}
