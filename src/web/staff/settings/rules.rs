//! The rules of a queue: what holds, what was, what is proposed. One person proposes, another approves;
//! a version is in force from the next draw that is announced.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};

use super::rules_fields::{Change, RESERVES_MAX, changes, effects, filled, read, reserve_field};
use crate::domain::directory::Queue;
use crate::domain::rules::{Mode, Scope};
use crate::domain::text_enum::key_of;
use crate::flow::effects::Effects;
use crate::flow::read::rules::{Version, versions};
use crate::flow::staff::Session;
use crate::flow::{App, Fault, FlowError, rules};
use crate::locale::Lang;
use crate::web::shared::errors::render_with;
use crate::web::shared::rules_words::{mode_name, rules_words};
use crate::web::shared::{Fields, Page, Purpose, Staff, StaffForm, WebError, render};
use crate::web::staff::kit::confirm::Rejecting;
use crate::web::staff::kit::own::Own;
use crate::web::staff::kit::parts::{Choice, Colleagues, DoneQuery, Fact, FormView};

/// Dates shown of a timetable.
const NEXT_DATES: usize = 3;

#[derive(Template)]
#[template(path = "staff/settings/rules_list.html")]
struct List {
    page: Page,
    queues: Vec<QueueLine>,
}

struct QueueLine {
    slug: String,
    name: String,
    open: bool,
}

#[derive(Template)]
#[template(path = "staff/settings/rules.html")]
struct Show {
    page: Page,
    queue: String,
    done: Option<String>,
    current_title: String,
    current: Vec<Fact>,
    proposal: Option<Proposal>,
    history: Vec<String>,
}

struct Proposal {
    version: i32,
    title: String,
    by: String,
    reason: Option<String>,
    own: bool,
    changes: Vec<Change>,
    /// What becomes of those who wait.
    effects: Vec<Change>,
}

#[derive(Template)]
#[template(path = "staff/settings/rules_form.html")]
struct Proposing {
    page: Page,
    queue: String,
    form: FormView,
    choices: Choices,
}

struct Choices {
    modes: Vec<Choice>,
    scopes: Vec<Choice>,
    units: Vec<Choice>,
    penalties: Vec<Choice>,
    reserves: Vec<ReserveRow>,
}

struct ReserveRow {
    title: String,
    name: String,
    label: String,
    amount: String,
    unit: String,
    deadline: String,
}

impl Choices {
    fn of(lang: Lang) -> Self {
        let say = |word: &str| Choice::new(word, lang.text(&format!("manage-rules-choice-{word}")));
        let row = |row: usize| ReserveRow {
            title: lang.with("manage-rules-reserve-row", [("n", row.into())]),
            name: reserve_field(row, "name"),
            label: reserve_field(row, "label"),
            amount: reserve_field(row, "amount"),
            unit: reserve_field(row, "unit"),
            deadline: reserve_field(row, "deadline"),
        };
        Self {
            modes: Mode::ALL.iter().map(|mode| Choice::new(mode, mode_name(lang, *mode))).collect(),
            scopes: Scope::ALL
                .iter()
                .map(|scope| Choice::new(scope, lang.text(&format!("manage-rules-scope-{}", scope.key()))))
                .collect(),
            units: ["seats", "percent"].map(say).into(),
            penalties: ["pause", "close"].map(say).into(),
            reserves: (1..=RESERVES_MAX).map(row).collect(),
        }
    }
}

pub async fn list(
    State(app): State<Arc<App>>,
    Staff(session): Staff,
    page: Page,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let mut queues = Vec::new();
    for queue in own.queues() {
        let open = versions(&app, queue.id).await?.iter().any(|version| version.proposed.is_open());
        queues.push(QueueLine { slug: queue.slug.clone(), name: queue.name.clone(), open });
    }
    render(List { page: page.titled("manage-rules-list-title"), queues })
}

pub async fn show(
    State(app): State<Arc<App>>,
    Staff(session): Staff,
    page: Page,
    Path(queue): Path<String>,
    Query(done): Query<DoneQuery>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let queue = own.queue(&queue)?;
    let lang = page.lang;
    let colleagues = Colleagues::load(&app).await?;
    let versions = versions(&app, queue.id).await?;
    let open = versions.iter().find(|version| version.proposed.is_open());
    let proposal = match open {
        Some(open) => {
            let (now, then) = Effects::new(&app).of_rules(queue.id, &open.rules).await?;
            let effects = effects(lang, &now, &then);
            Some(proposal(&own, lang, &colleagues, &session, queue, (open, effects)))
        }
        None => None,
    };
    render(Show {
        current_title: lang.with("manage-rules-current", [("version", queue.rules_version.into())]),
        current: current(&app, &own, lang, queue),
        proposal,
        history: versions.iter().map(|version| history_line(&own, lang, &colleagues, version)).collect(),
        done: done.text(lang),
        page: page.named(lang.with("manage-rules-title", [("queue", queue.name.clone().into())])),
        queue: queue.slug.clone(),
    })
}

/// The version in force, in plain words, with the dates its timetable gives.
fn current(app: &App, own: &Own, lang: Lang, queue: &Queue) -> Vec<Fact> {
    let next = app.calendar.upcoming(queue, own.zone, own.now, NEXT_DATES);
    let next: Vec<String> = next.into_iter().map(|at| lang.instant(at, own.zone)).collect();
    let timetable = Fact::new(
        lang,
        "manage-rules-timetable",
        format!("{} – {}", queue.rules.timetable, next.join(" ; ")),
    );
    let words = rules_words(lang, &queue.rules).into_iter();
    words.map(|line| Fact { label: line.title, text: line.text }).chain([timetable]).collect()
}

fn proposal(
    own: &Own,
    lang: Lang,
    colleagues: &Colleagues,
    session: &Session,
    queue: &Queue,
    (open, effects): (&Version, Vec<Change>),
) -> Proposal {
    Proposal {
        version: open.number,
        title: lang.with("manage-rules-proposal", [("version", open.number.into())]),
        by: colleagues.proposed(lang, own.zone, &open.proposed),
        reason: open.reason.clone(),
        own: open.proposed.is_of(session.staff_id),
        changes: changes(lang, &queue.rules, &open.rules),
        effects,
    }
}

fn history_line(own: &Own, lang: Lang, colleagues: &Colleagues, version: &Version) -> String {
    let act = version.proposed.proposed;
    let by = act.and_then(|act| act.by);
    let by = by.map_or_else(|| lang.text("staff-actor-system"), |by| colleagues.login(by).to_owned());
    let at = act.map(|act| lang.instant(act.at, own.zone)).unwrap_or_default();
    let became = colleagues.decided(lang, own.zone, &version.proposed);
    let values = [
        ("version", version.number.into()),
        ("login", by.into()),
        ("at", at.into()),
        ("became", became.into()),
    ];
    lang.with("manage-rules-version-line", values)
}

pub async fn form(
    State(app): State<Arc<App>>,
    Staff(session): Staff,
    page: Page,
    Path(queue): Path<String>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let queue = own.queue(&queue)?;
    let form = filled(&queue.rules);
    render(form_page(page, queue, form))
}

fn form_page(page: Page, queue: &Queue, form: FormView) -> Proposing {
    let title = page.lang.with("manage-rules-form-title", [("queue", queue.name.clone().into())]);
    let page = page.named(title).with_form(format!("/gestion/regles/{}/proposer", queue.slug));
    Proposing { choices: Choices::of(page.lang), page, queue: queue.slug.clone(), form }
}

pub async fn propose(
    State(app): State<Arc<App>>,
    Staff(session): Staff,
    page: Page,
    purpose: Purpose,
    Path(queue): Path<String>,
    StaffForm(fields): StaffForm<Fields>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let queue = own.queue(&queue)?;
    let proposed = async {
        let read = read(&fields).map_err(|found| rules::faults_beside(found, fields.first("reason")))?;
        rules::propose(&app, queue.id, read, fields.first("reason"), session.staff_id).await
    };
    match purpose.carry_out(proposed).await {
        Ok(_) => {
            Ok(Redirect::to(&format!("/gestion/regles/{}?fait=regles-proposees", queue.slug)).into_response())
        }
        Err(error) => {
            let error = match error {
                FlowError::Invalid(faults) => {
                    FlowError::Invalid(faults.into_iter().map(at_its_field).collect())
                }
                other => other,
            };
            let (status, form) = FormView::answering(error, fields, page.lang)?;
            render_with(status, form_page(page, queue, form))
        }
    }
}

/// The reason of an impossible rule comes from the domain in English; its field has a sentence of its own.
fn at_its_field(fault: Fault) -> Fault {
    if fault.key == "error-rules" {
        Fault::new(fault.field, &format!("rules-{}", key_of(fault.field)))
    } else {
        fault
    }
}

pub async fn approve(
    State(app): State<Arc<App>>,
    Staff(session): Staff,
    Path((queue, version)): Path<(String, String)>,
    StaffForm(_): StaffForm<Fields>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let queue = own.queue(&queue)?;
    let version = version_named(&version)?;
    rules::approve(&app, queue.id, version, session.staff_id).await?;
    Ok(Redirect::to(&format!("/gestion/regles/{}?fait=regles-approuvees", queue.slug)).into_response())
}

/// A version of the rules, as an address names it.
fn version_named(text: &str) -> Result<i32, WebError> {
    text.parse().map_err(|_| WebError::NotFound)
}

fn rejecting(lang: Lang, queue: &Queue, version: i32) -> Rejecting {
    let title = lang.with("manage-rules-proposal", [("version", version.into())]);
    let list = format!("/gestion/regles/{}", queue.slug);
    Rejecting { line: format!("{} – {title}", queue.name), address: format!("{list}/{version}"), list }
}

pub async fn ask_reject(
    State(app): State<Arc<App>>,
    Staff(session): Staff,
    page: Page,
    Path((queue, version)): Path<(String, String)>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let queue = own.queue(&queue)?;
    let version = version_named(&version)?;
    let versions = versions(&app, queue.id).await?;
    let known = versions.iter().find(|known| known.number == version).ok_or(WebError::NotFound)?;
    known.proposed.may_decide(session.staff_id).map_err(WebError::Refused)?;
    rejecting(page.lang, queue, version).ask(page)
}

pub async fn reject(
    State(app): State<Arc<App>>,
    Staff(session): Staff,
    page: Page,
    purpose: Purpose,
    Path((queue, version)): Path<(String, String)>,
    StaffForm(fields): StaffForm<Fields>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let queue = own.queue(&queue)?;
    let version = version_named(&version)?;
    let asked = rules::reject(&app, queue.id, version, fields.first("reason"), session.staff_id);
    let done = purpose.carry_out(asked).await;
    rejecting(page.lang, queue, version).answer(page, done, fields)
}

pub async fn withdraw(
    State(app): State<Arc<App>>,
    Staff(session): Staff,
    Path((queue, version)): Path<(String, String)>,
    StaffForm(_): StaffForm<Fields>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let queue = own.queue(&queue)?;
    rules::withdraw(&app, queue.id, version_named(&version)?, session.staff_id).await?;
    Ok(Redirect::to(&format!("/gestion/regles/{}?fait=retiree", queue.slug)).into_response())
}
