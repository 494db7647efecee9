//! Priorities that one agent has proposed, for another person to approve or reject; changes of queue and
//! first places stand on the same page.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use uuid::Uuid;

use super::compensations;
use super::rejecting::reject_page;
use super::relocations;
use crate::domain::proposal::Decision;
use crate::flow::people::open_person;
use crate::flow::{App, FlowError, entries};
use crate::locale::Lang;
use crate::store::records::{EntryRecord, PrivilegeRecord, SessionRecord};
use crate::vault::open_text;
use crate::web::agent::own::Own;
use crate::web::agent::parts::{Colleagues, DoneQuery, FormView};
use crate::web::shared::errors::render_with;
use crate::web::shared::paging::{Beside, PageQuery, Paging};
use crate::web::shared::{Fields, Manager, Page, StaffForm, WebError, render};

/// The address of the list.
pub(super) const LIST: &str = "/gestion/priorites";
/// Rejected or withdrawn ones that are shown.
const CLOSED_MAX: i64 = 10;
const ROWS_MAX: i64 = 100;

#[derive(Template)]
#[template(path = "prefecture/priorities.html")]
struct Priorities {
    page: Page,
    done: Option<String>,
    rows: Vec<Row>,
    relocations: Vec<relocations::Row>,
    compensations: Vec<compensations::Row>,
    closed: Vec<Row>,
    beside: Beside,
}

struct Row {
    id: String,
    entry: String,
    name: String,
    reference: String,
    queue: String,
    reason: String,
    by: String,
    own: bool,
    /// How it ended without effect.
    closed: Option<String>,
}

pub async fn list(
    State(app): State<Arc<App>>,
    Manager(session): Manager,
    page: Page,
    Query(done): Query<DoneQuery>,
    Query(query): Query<PageQuery>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let colleagues = Colleagues::load(&app).await?;
    let paging = Paging::new(&query, ROWS_MAX);
    let mut pending = app.store.privileges_pending(own.id()).await?;
    pending.drain(..usize::try_from(paging.skip()).map_or(pending.len(), |skip| skip.min(pending.len())));
    let beside = paging.cut(&mut pending, LIST);
    let (mut rows, mut closed) = (Vec::with_capacity(pending.len()), Vec::new());
    for privilege in pending {
        rows.push(row(&app, &own, page.lang, &colleagues, &session, &privilege).await?);
    }
    for privilege in app.store.privileges_rejected(own.id(), CLOSED_MAX).await? {
        closed.push(row(&app, &own, page.lang, &colleagues, &session, &privilege).await?);
    }
    let by = session.staff_id;
    let relocations = relocations::rows(&app, &own, page.lang, &colleagues, by).await?;
    let compensations = compensations::rows(&app, &own, page.lang, &colleagues, by).await?;
    let done = done.text(page.lang);
    let page = page.titled("manage-priorities-title");
    render(Priorities { page, done, rows, relocations, compensations, closed, beside })
}

async fn row(
    app: &App,
    own: &Own,
    lang: Lang,
    colleagues: &Colleagues,
    session: &SessionRecord,
    privilege: &PrivilegeRecord,
) -> Result<Row, WebError> {
    let entry = own.entry(app, &privilege.entry_id.to_string()).await?;
    let person = open_person(&app.vault, &entry)?;
    Ok(Row {
        id: privilege.id.to_string(),
        name: person.full_name(),
        queue: own.queue_name(entry.queue_id),
        reason: opened(app, &entry, "reason", privilege.id, &privilege.reason)?,
        by: colleagues.proposed(lang, own.zone, &privilege.columns),
        own: privilege.columns.proposal().is_by(session.staff_id),
        closed: closed(app, own, lang, colleagues, &entry, privilege)?,
        entry: entry.id.to_string(),
        reference: entry.reference,
    })
}

fn opened(app: &App, entry: &EntryRecord, column: &str, id: Uuid, sealed: &[u8]) -> Result<String, WebError> {
    let key = app.vault.unwrap(entry.applicant_id.0, &entry.wrapped_key);
    let text = key.and_then(|key| open_text(&key, "privilege", column, id, sealed));
    Ok(text.map_err(FlowError::from)?)
}

fn closed(
    app: &App,
    own: &Own,
    lang: Lang,
    colleagues: &Colleagues,
    entry: &EntryRecord,
    privilege: &PrivilegeRecord,
) -> Result<Option<String>, WebError> {
    let why = privilege.rejected_reason.as_deref();
    let why = why.map(|why| opened(app, entry, "rejected_reason", privilege.id, why)).transpose()?;
    let decided = privilege.columns.proposal().decided;
    let is_closed = matches!(decided, Some(Decision::Rejected | Decision::Withdrawn));
    Ok(is_closed.then(|| colleagues.decided(lang, own.zone, &privilege.columns, why.as_deref())))
}

pub async fn approve(
    State(app): State<Arc<App>>,
    Manager(session): Manager,
    Path(privilege): Path<String>,
    StaffForm(_): StaffForm<Fields>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let id = own.privilege(&app, &privilege).await?.id;
    entries::approve_priority(&app, id, session.staff_id).await?;
    Ok(Redirect::to(&format!("{LIST}?fait=priorite")).into_response())
}

pub async fn ask_reject(
    State(app): State<Arc<App>>,
    Manager(session): Manager,
    page: Page,
    Path(privilege): Path<String>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let privilege = own.privilege(&app, &privilege).await?;
    privilege.columns.proposal().reject(session.staff_id).map_err(WebError::Refused)?;
    let line = line(&app, &own, &privilege).await?;
    let address = format!("{LIST}/{}", privilege.id);
    render(reject_page(page, line, &address, LIST, FormView::default()))
}

/// Whose priority it would be.
async fn line(app: &App, own: &Own, privilege: &PrivilegeRecord) -> Result<String, WebError> {
    let entry = own.entry(app, &privilege.entry_id.to_string()).await?;
    Ok(format!("{} – {}", open_person(&app.vault, &entry)?.full_name(), entry.reference))
}

pub async fn reject(
    State(app): State<Arc<App>>,
    Manager(session): Manager,
    page: Page,
    Path(privilege): Path<String>,
    StaffForm(fields): StaffForm<Fields>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let privilege = own.privilege(&app, &privilege).await?;
    match entries::reject_priority(&app, privilege.id, fields.first("reason"), session.staff_id).await {
        Ok(()) => Ok(Redirect::to(&format!("{LIST}?fait=rejetee")).into_response()),
        Err(error) => {
            let (status, form) = FormView::answering(error, fields, page.lang)?;
            let line = line(&app, &own, &privilege).await?;
            let address = format!("{LIST}/{}", privilege.id);
            render_with(status, reject_page(page, line, &address, LIST, form))
        }
    }
}

pub async fn withdraw(
    State(app): State<Arc<App>>,
    Manager(session): Manager,
    Path(privilege): Path<String>,
    StaffForm(_): StaffForm<Fields>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let id = own.privilege(&app, &privilege).await?.id;
    entries::withdraw_priority(&app, id, session.staff_id).await?;
    Ok(Redirect::to(&format!("{LIST}?fait=retiree")).into_response())
}
