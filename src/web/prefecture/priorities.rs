//! Priorities that one agent has proposed, for another person to approve.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};

use crate::flow::people::open_person;
use crate::flow::{App, entries};
use crate::locale::Lang;
use crate::store::records::{PrivilegeRecord, SessionRecord};
use crate::vault::open_text;
use crate::web::agent::own::Own;
use crate::web::agent::parts::{Colleagues, DoneQuery};
use crate::web::shared::paging::{Beside, PageQuery, Paging};
use crate::web::shared::{Fields, Manager, Page, StaffForm, WebError, render};

const ROWS_MAX: i64 = 100;

#[derive(Template)]
#[template(path = "prefecture/priorities.html")]
struct Priorities {
    page: Page,
    done: Option<String>,
    rows: Vec<Row>,
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
    let beside = paging.cut(&mut pending, "/gestion/priorites");
    let mut rows = Vec::with_capacity(pending.len());
    for privilege in pending {
        rows.push(row(&app, &own, page.lang, &colleagues, &session, &privilege).await?);
    }
    let done = done.text(page.lang);
    render(Priorities { page: page.titled("manage-priorities-title"), done, rows, beside })
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
    let reason = app
        .vault
        .unwrap(entry.applicant_id.0, &entry.wrapped_key)
        .and_then(|key| open_text(&key, "privilege", "reason", privilege.id, &privilege.reason))
        .map_err(crate::flow::FlowError::from)?;
    let by = [
        ("login", colleagues.login(privilege.proposed_by).to_owned().into()),
        ("at", lang.instant(privilege.proposed_at, own.zone).into()),
    ];
    Ok(Row {
        id: privilege.id.to_string(),
        name: person.full_name(),
        queue: own.queue_name(entry.queue_id),
        reason,
        by: lang.with("manage-proposed-by", by),
        own: privilege.proposed_by == session.staff_id,
        entry: entry.id.to_string(),
        reference: entry.reference,
    })
}

pub async fn approve(
    State(app): State<Arc<App>>,
    Manager(session): Manager,
    Path(privilege): Path<String>,
    StaffForm(_): StaffForm<Fields>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let pending = app.store.privileges_pending(own.id()).await?;
    let id = pending
        .iter()
        .map(|known| known.id)
        .find(|id| id.to_string() == privilege)
        .ok_or(WebError::NotFound)?;
    entries::approve_priority(&app, id, session.staff_id).await?;
    Ok(Redirect::to("/gestion/priorites?fait=priorite").into_response())
}
