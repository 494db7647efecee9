//! Changes of queue that one person has proposed, for another to approve or reject. They are listed with the
//! priorities: both let an entry pass before others.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};

use super::priorities::LIST;
use super::rejecting::reject_page;
use crate::domain::ids::StaffId;
use crate::flow::people::open_person;
use crate::flow::{App, FlowError, relocation};
use crate::locale::Lang;
use crate::store::records::RelocationRecord;
use crate::vault::open_text;
use crate::web::agent::own::Own;
use crate::web::agent::parts::{Colleagues, FormView};
use crate::web::shared::errors::render_with;
use crate::web::shared::{Fields, Manager, Page, StaffForm, WebError, render};

/// One of them, in words.
pub struct Row {
    pub id: String,
    pub entry: String,
    pub name: String,
    pub reference: String,
    /// From which queue to which.
    pub queues: String,
    pub reason: String,
    pub by: String,
    pub own: bool,
}

pub async fn rows(
    app: &App,
    own: &Own,
    lang: Lang,
    colleagues: &Colleagues,
    by: StaffId,
) -> Result<Vec<Row>, WebError> {
    let mut rows = Vec::new();
    for open in app.store.relocations_pending(own.id()).await? {
        let entry = own.entry(app, &open.entry_id.to_string()).await?;
        let queues =
            [("from", own.queue_name(entry.queue_id).into()), ("to", own.queue_name(open.queue_id).into())];
        let reason = match &open.reason {
            Some(sealed) => {
                let key = app.vault.unwrap(entry.applicant_id.0, &entry.wrapped_key);
                let text = key.and_then(|key| open_text(&key, "relocation", "reason", open.id, sealed));
                text.map_err(FlowError::from)?
            }
            None => lang.text("staff-tick-guichet-title"),
        };
        rows.push(Row {
            id: open.id.to_string(),
            name: open_person(&app.vault, &entry)?.full_name(),
            queues: lang.with("manage-move-queues", queues),
            reason,
            by: colleagues.proposed(lang, own.zone, &open.columns),
            own: open.columns.proposal().is_by(by),
            entry: entry.id.to_string(),
            reference: entry.reference,
        });
    }
    Ok(rows)
}

pub async fn approve(
    State(app): State<Arc<App>>,
    Manager(session): Manager,
    Path(id): Path<String>,
    StaffForm(_): StaffForm<Fields>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let open = own.relocation(&app, &id).await?;
    relocation::approve(&app, open.id, session.staff_id).await?;
    Ok(Redirect::to(&format!("{LIST}?fait=file-approuvee")).into_response())
}

pub async fn ask_reject(
    State(app): State<Arc<App>>,
    Manager(session): Manager,
    page: Page,
    Path(id): Path<String>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let open = own.relocation(&app, &id).await?;
    open.columns.proposal().reject(session.staff_id).map_err(WebError::Refused)?;
    let line = line(&app, &own, &open).await?;
    render(reject_page(page, line, &address(&open), LIST, FormView::default()))
}

pub async fn reject(
    State(app): State<Arc<App>>,
    Manager(session): Manager,
    page: Page,
    Path(id): Path<String>,
    StaffForm(fields): StaffForm<Fields>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let open = own.relocation(&app, &id).await?;
    match relocation::reject(&app, open.id, fields.first("reason"), session.staff_id).await {
        Ok(()) => Ok(Redirect::to(&format!("{LIST}?fait=rejetee")).into_response()),
        Err(error) => {
            let (status, form) = FormView::answering(error, fields, page.lang)?;
            let line = line(&app, &own, &open).await?;
            render_with(status, reject_page(page, line, &address(&open), LIST, form))
        }
    }
}

pub async fn withdraw(
    State(app): State<Arc<App>>,
    Manager(session): Manager,
    Path(id): Path<String>,
    StaffForm(_): StaffForm<Fields>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let open = own.relocation(&app, &id).await?;
    relocation::withdraw(&app, open.id, session.staff_id).await?;
    Ok(Redirect::to(&format!("{LIST}?fait=retiree")).into_response())
}

fn address(open: &RelocationRecord) -> String {
    format!("/gestion/files/{}", open.id)
}

/// Whose entry it is.
async fn line(app: &App, own: &Own, open: &RelocationRecord) -> Result<String, WebError> {
    let entry = own.entry(app, &open.entry_id.to_string()).await?;
    let name = open_person(&app.vault, &entry)?.full_name();
    Ok(format!("{name} – {} – {}", entry.reference, own.queue_name(open.queue_id)))
}
