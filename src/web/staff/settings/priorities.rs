//! Priorities that one agent has proposed, for another person to approve or reject; changes of queue and
//! first places stand on the same page.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};

use super::compensations;
use super::relocations;
use crate::domain::reading::ReadingPurpose;
use crate::flow::effects::Effects;
use crate::flow::read::priorities::{self, Priority};
use crate::flow::staff::Session;
use crate::flow::{App, entries};
use crate::locale::Lang;
use crate::web::shared::paging::{Beside, PageQuery, Paging};
use crate::web::shared::{Fields, Page, Purpose, Staff, StaffForm, WebError, render};
use crate::web::staff::kit::confirm::Rejecting;
use crate::web::staff::kit::effects::said;
use crate::web::staff::kit::own::Own;
use crate::web::staff::kit::parts::{Colleagues, DoneQuery};

/// The address of the list.
pub(super) const LIST: &str = "/gestion/priorites";
/// Rows of each list on a page.
pub(super) const ROWS_MAX: i64 = 50;

#[derive(Template)]
#[template(path = "staff/settings/priorities.html")]
struct Priorities {
    page: Page,
    done: Option<String>,
    rows: Vec<Row>,
    beside: Beside,
    compensations: Vec<compensations::Row>,
    beside_compensations: Beside,
    relocations: Vec<relocations::Row>,
    beside_relocations: Beside,
    closed: Vec<Row>,
    beside_closed: Beside,
}

struct Row {
    id: String,
    entry: String,
    name: String,
    reference: String,
    queue: String,
    /// Priority, or the name of the reserve.
    what: String,
    reason: String,
    /// What it would do, in figures.
    effect: Option<String>,
    by: String,
    own: bool,
    /// How it ended without effect.
    closed: Option<String>,
}

pub async fn list(
    State(app): State<Arc<App>>,
    Staff(session): Staff,
    page: Page,
    Query(done): Query<DoneQuery>,
    Query(query): Query<PageQuery>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let colleagues = Colleagues::load(&app).await?;
    let paging = Paging::new(&query, ROWS_MAX);
    let mut pending = priorities::pending(&app, own.id(), own.reader(ReadingPurpose::Decision)).await?;
    let beside = paging.cut_from_first(&mut pending, LIST);
    let paging = Paging::of(&query, "closes", ROWS_MAX);
    let mut closed = priorities::closed(
        &app,
        own.id(),
        (paging.skip(), paging.read()),
        own.reader(ReadingPurpose::Decision),
    )
    .await?;
    let beside_closed = paging.cut(&mut closed, LIST);
    let row = |priority, effect| row(&own, page.lang, &colleagues, &session, (priority, effect));
    let (mut rows, mut effects) = (Vec::with_capacity(pending.len()), Effects::new(&app));
    for priority in pending {
        let effect = effect(&mut effects, page.lang, &priority).await?;
        rows.push(row(priority, Some(effect)));
    }
    let closed = closed.into_iter().map(|priority| row(priority, None)).collect();
    let by = session.staff_id;
    let paging = Paging::of(&query, "files", ROWS_MAX);
    let mut relocations = relocations::rows(&app, &own, page.lang, &colleagues, by).await?;
    let beside_relocations = paging.cut_from_first(&mut relocations, LIST);
    let paging = Paging::of(&query, "passages", ROWS_MAX);
    let mut compensations = compensations::rows(&app, &own, page.lang, &colleagues, by).await?;
    let beside_compensations = paging.cut_from_first(&mut compensations, LIST);
    render(Priorities {
        done: done.text(page.lang),
        page: page.titled("manage-priorities-title"),
        rows,
        beside,
        compensations,
        beside_compensations,
        relocations,
        beside_relocations,
        closed,
        beside_closed,
    })
}

fn row(
    own: &Own,
    lang: Lang,
    colleagues: &Colleagues,
    session: &Session,
    (priority, effect): (Priority, Option<String>),
) -> Row {
    let proposed = &priority.proposed;
    Row {
        id: priority.id.to_string(),
        entry: priority.entry.to_string(),
        queue: own.queue_name(priority.queue),
        what: what(own, lang, &priority),
        by: colleagues.proposed(lang, own.zone, proposed),
        own: proposed.is_of(session.staff_id),
        effect,
        closed: proposed.decided.is_some().then(|| colleagues.decided(lang, own.zone, proposed)),
        name: priority.name,
        reference: priority.reference,
        reason: priority.reason,
    }
}

async fn effect(effects: &mut Effects<'_>, lang: Lang, priority: &Priority) -> Result<String, WebError> {
    if priority.label == 0 {
        return Ok(said(lang, &effects.of_priority(priority.entry).await?));
    }
    let (holders, waiting) = effects.of_reserve(priority.queue, priority.label).await?;
    Ok(lang.with("manage-effect-reserve", [("n", holders.into()), ("waiting", waiting.into())]))
}

fn what(own: &Own, lang: Lang, priority: &Priority) -> String {
    if priority.label == 0 {
        return lang.text("manage-priority");
    }
    let queue = own.directory.queue(priority.queue);
    let reserve = queue.and_then(|queue| queue.rules.reserves.iter().find(|it| it.label == priority.label));
    let name = reserve.map_or_else(|| priority.label.to_string(), |reserve| reserve.name.clone());
    lang.with("manage-reserve", [("name", name.into())])
}

pub async fn approve(
    State(app): State<Arc<App>>,
    Staff(session): Staff,
    Path(priority): Path<String>,
    StaffForm(_): StaffForm<Fields>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let id = own.priority(&app, &priority).await?.id;
    entries::approve_priority(&app, id, session.staff_id).await?;
    Ok(Redirect::to(&format!("{LIST}?fait=priorite")).into_response())
}

pub async fn ask_reject(
    State(app): State<Arc<App>>,
    Staff(session): Staff,
    page: Page,
    Path(priority): Path<String>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let priority = own.priority(&app, &priority).await?;
    priority.proposed.may_decide(session.staff_id).map_err(WebError::Refused)?;
    rejecting(&priority).ask(page)
}

fn rejecting(priority: &Priority) -> Rejecting {
    Rejecting {
        line: format!("{} – {}", priority.name, priority.reference),
        address: format!("{LIST}/{}", priority.id),
        list: LIST.to_owned(),
    }
}

pub async fn reject(
    State(app): State<Arc<App>>,
    Staff(session): Staff,
    page: Page,
    purpose: Purpose,
    Path(priority): Path<String>,
    StaffForm(fields): StaffForm<Fields>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let priority = own.priority(&app, &priority).await?;
    let asked = entries::reject_priority(&app, priority.id, fields.first("reason"), session.staff_id);
    let done = purpose.carry_out(asked).await;
    rejecting(&priority).answer(page, done, fields)
}

pub async fn withdraw(
    State(app): State<Arc<App>>,
    Staff(session): Staff,
    Path(priority): Path<String>,
    StaffForm(_): StaffForm<Fields>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let id = own.priority(&app, &priority).await?.id;
    entries::withdraw_priority(&app, id, session.staff_id).await?;
    Ok(Redirect::to(&format!("{LIST}?fait=retiree")).into_response())
}
