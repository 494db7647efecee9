//! The rules of a queue: what holds, what was, what is proposed. One person proposes, another approves;
//! a version is in force from the next draw that is announced.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

use super::rules_fields::{Change, RESERVES_MAX, changes, filled, read, reserve_field};
use crate::domain::rules::{Mode, Scope};
use crate::domain::text_enum::key_of;
use crate::flow::{App, Fault, FlowError, rules};
use crate::locale::Lang;
use crate::store::records::{QueueRecord, RulesRecord, SessionRecord};
use crate::web::agent::own::Own;
use crate::web::agent::parts::{Choice, Colleagues, DoneQuery, Fact, FormView};
use crate::web::shared::errors::render_with;
use crate::web::shared::rules_words::{mode_name, rules_words};
use crate::web::shared::{Fields, Manager, Page, StaffForm, WebError, render};

/// Dates shown of a timetable.
const NEXT_DATES: usize = 3;

#[derive(Template)]
#[template(path = "prefecture/rules_list.html")]
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
#[template(path = "prefecture/rules.html")]
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
    own: bool,
    changes: Vec<Change>,
}

#[derive(Template)]
#[template(path = "prefecture/rules_form.html")]
struct Proposing {
    page: Page,
    queue: String,
    form: FormView,
    refused: Option<String>,
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

fn is_open(rules: &RulesRecord) -> bool {
    rules.approved_at.is_none() && rules.rejected_at.is_none()
}

pub async fn list(
    State(app): State<Arc<App>>,
    Manager(session): Manager,
    page: Page,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let mut queues = Vec::new();
    for queue in own.queues() {
        let open = app.store.rules_of(queue.id).await?.iter().any(is_open);
        queues.push(QueueLine { slug: queue.slug.clone(), name: queue.name.clone(), open });
    }
    render(List { page: page.titled("manage-rules-list-title"), queues })
}

pub async fn show(
    State(app): State<Arc<App>>,
    Manager(session): Manager,
    page: Page,
    Path(queue): Path<String>,
    Query(done): Query<DoneQuery>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let queue = own.queue(&queue)?;
    let lang = page.lang;
    let colleagues = Colleagues::load(&app).await?;
    let versions = app.store.rules_of(queue.id).await?;
    let open = versions.iter().find(|rules| is_open(rules));
    render(Show {
        current_title: lang.with("manage-rules-current", [("version", queue.rules_version.into())]),
        current: current(&app, &own, lang, queue),
        proposal: open.map(|open| proposal(&own, lang, &colleagues, &session, queue, open)),
        history: versions.iter().map(|rules| history_line(&own, lang, &colleagues, rules)).collect(),
        done: done.text(lang),
        page: page.named(lang.with("manage-rules-title", [("queue", queue.name.clone().into())])),
        queue: queue.slug.clone(),
    })
}

/// The version in force, in plain words, with the dates its timetable gives.
fn current(app: &App, own: &Own, lang: Lang, queue: &QueueRecord) -> Vec<Fact> {
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
    session: &SessionRecord,
    queue: &QueueRecord,
    open: &RulesRecord,
) -> Proposal {
    let by = open.proposed_by.map_or("–", |by| colleagues.login(by)).to_owned();
    let at = lang.instant(open.proposed_at, own.zone);
    Proposal {
        version: open.version,
        title: lang.with("manage-rules-proposal", [("version", open.version.into())]),
        by: lang.with("manage-proposed-by", [("login", by.into()), ("at", at.into())]),
        own: open.proposed_by == Some(session.staff_id),
        changes: changes(lang, &queue.rules, &open.body),
    }
}

fn history_line(own: &Own, lang: Lang, colleagues: &Colleagues, rules: &RulesRecord) -> String {
    let login = |by: Option<_>| {
        by.map_or_else(|| lang.text("staff-actor-system"), |by| colleagues.login(by).to_owned())
    };
    let at = |instant| lang.instant(instant, own.zone);
    let became = match (rules.approved_at, rules.rejected_at) {
        (Some(approved), _) => lang.with(
            "manage-rules-approved",
            [("login", login(rules.approved_by).into()), ("at", at(approved).into())],
        ),
        (None, Some(rejected)) => lang.with("manage-rules-rejected", [("at", at(rejected).into())]),
        (None, None) => lang.text("manage-rules-waiting"),
    };
    lang.with(
        "manage-rules-version-line",
        [
            ("version", rules.version.into()),
            ("login", login(rules.proposed_by).into()),
            ("at", at(rules.proposed_at).into()),
            ("became", became.into()),
        ],
    )
}

pub async fn form(
    State(app): State<Arc<App>>,
    Manager(session): Manager,
    page: Page,
    Path(queue): Path<String>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let queue = own.queue(&queue)?;
    let form = filled(&queue.rules);
    render(form_page(page, queue, form, None))
}

fn form_page(page: Page, queue: &QueueRecord, form: FormView, refused: Option<String>) -> Proposing {
    let title = page.lang.with("manage-rules-form-title", [("queue", queue.name.clone().into())]);
    Proposing {
        choices: Choices::of(page.lang),
        page: page.named(title),
        queue: queue.slug.clone(),
        form,
        refused,
    }
}

pub async fn propose(
    State(app): State<Arc<App>>,
    Manager(session): Manager,
    page: Page,
    Path(queue): Path<String>,
    StaffForm(fields): StaffForm<Fields>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let queue = own.queue(&queue)?;
    let proposed = match read(&fields) {
        Ok(read) => rules::propose(&app, queue.id, read, session.staff_id).await,
        Err(faults) => Err(FlowError::Invalid(faults)),
    };
    match proposed {
        Ok(_) => {
            Ok(Redirect::to(&format!("/gestion/regles/{}?fait=regles-proposees", queue.slug)).into_response())
        }
        Err(FlowError::Invalid(faults)) => {
            let faults: Vec<Fault> = faults.into_iter().map(at_its_field).collect();
            let form = FormView::again(fields, page.lang, &faults);
            render_with(StatusCode::UNPROCESSABLE_ENTITY, form_page(page, queue, form, None))
        }
        Err(FlowError::Refused(refusal)) => {
            let refused = Some(page.lang.text(&refusal.sentence_key()));
            let form = FormView::again(fields, page.lang, &[]);
            render_with(StatusCode::CONFLICT, form_page(page, queue, form, refused))
        }
        Err(error) => Err(error.into()),
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
    Manager(session): Manager,
    Path((queue, version)): Path<(String, String)>,
    StaffForm(_): StaffForm<Fields>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let queue = own.queue(&queue)?;
    let version = version.parse().map_err(|_| WebError::NotFound)?;
    rules::approve(&app, queue.id, version, session.staff_id).await?;
    Ok(Redirect::to(&format!("/gestion/regles/{}?fait=regles-approuvees", queue.slug)).into_response())
}

pub async fn reject(
    State(app): State<Arc<App>>,
    Manager(session): Manager,
    Path((queue, version)): Path<(String, String)>,
    StaffForm(_): StaffForm<Fields>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let queue = own.queue(&queue)?;
    let version = version.parse().map_err(|_| WebError::NotFound)?;
    rules::reject(&app, queue.id, version, session.staff_id).await?;
    Ok(Redirect::to(&format!("/gestion/regles/{}?fait=regles-rejetees", queue.slug)).into_response())
}
