//! First places for those from whom one act took appointments back: one approval for all of them.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};

use super::priorities::LIST;
use super::rejecting::reject_page;
use crate::domain::ids::StaffId;
use crate::flow::people::open_person;
use crate::flow::{App, FlowError, compensation};
use crate::locale::Lang;
use crate::store::records::{CompensatedRecord, CompensationRecord, EntryRecord};
use crate::vault::open_text;
use crate::web::agent::own::Own;
use crate::web::agent::parts::{Choice, Colleagues, FormView};
use crate::web::shared::errors::render_with;
use crate::web::shared::{Fields, Manager, Page, StaffForm, WebError, render};

/// People who are named; the others are counted.
const NAMED_MAX: usize = 50;

/// One act, in words.
pub struct Row {
    pub id: String,
    /// Where and which day.
    pub title: String,
    pub count: String,
    pub reason: String,
    pub by: String,
    /// For how long it has waited.
    pub age: String,
    pub own: bool,
    pub people: Vec<Choice>,
}

pub async fn rows(
    app: &App,
    own: &Own,
    lang: Lang,
    colleagues: &Colleagues,
    by: StaffId,
) -> Result<Vec<Row>, WebError> {
    let mut rows = Vec::new();
    for open in app.store.compensations_pending(own.id()).await? {
        let owed = app.store.compensated(open.id).await?;
        if owed.is_empty() {
            continue;
        }
        let mut reason = open.reason.clone();
        let mut people = Vec::new();
        for one in owed.iter().take(NAMED_MAX) {
            let entry = own.entry(app, &one.entry_id.to_string()).await?;
            if reason.is_none() {
                reason = sealed_reason(app, &entry, one)?;
            }
            let name = open_person(&app.vault, &entry)?.full_name();
            people.push(Choice::new(entry.id, format!("{name} – {}", entry.reference)));
        }
        let days = open.columns.proposed_at.map_or(0, |at| (own.now - at).num_days());
        rows.push(Row {
            id: open.id.to_string(),
            title: title(own, lang, &open),
            count: lang.with("manage-compensation-people", [("n", owed.len().into())]),
            reason: reason.unwrap_or_else(|| "–".to_owned()),
            by: colleagues.proposed(lang, own.zone, &open.columns),
            age: lang.with("manage-compensation-age", [("n", days.into())]),
            own: open.columns.proposal().is_by(by),
            people,
        });
    }
    Ok(rows)
}

/// What was typed at the counter, sealed with the convocation.
fn sealed_reason(
    app: &App,
    entry: &EntryRecord,
    one: &CompensatedRecord,
) -> Result<Option<String>, WebError> {
    let Some(sealed) = &one.reason else { return Ok(None) };
    let key = app.vault.unwrap(entry.applicant_id.0, &entry.wrapped_key);
    let text = key.and_then(|key| open_text(&key, "convocation", "reason", one.convocation_id.0, sealed));
    Ok(Some(text.map_err(FlowError::from)?))
}

fn title(own: &Own, lang: Lang, open: &CompensationRecord) -> String {
    format!("{} – {}", own.site_name(open.site_id), lang.date(open.day))
}

pub async fn approve(
    State(app): State<Arc<App>>,
    Manager(session): Manager,
    Path(id): Path<String>,
    StaffForm(_): StaffForm<Fields>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let open = own.compensation(&app, &id).await?;
    let first = compensation::approve(&app, open.id, session.staff_id).await?;
    Ok(Redirect::to(&format!("{LIST}?fait=passage&n={first}")).into_response())
}

pub async fn ask_reject(
    State(app): State<Arc<App>>,
    Manager(session): Manager,
    page: Page,
    Path(id): Path<String>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let open = own.compensation(&app, &id).await?;
    open.columns.proposal().reject(session.staff_id).map_err(WebError::Refused)?;
    let line = title(&own, page.lang, &open);
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
    let open = own.compensation(&app, &id).await?;
    match compensation::reject(&app, open.id, fields.first("reason"), session.staff_id).await {
        Ok(()) => Ok(Redirect::to(&format!("{LIST}?fait=rejetee")).into_response()),
        Err(error) => {
            let (status, form) = FormView::answering(error, fields, page.lang)?;
            let line = title(&own, page.lang, &open);
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
    let open = own.compensation(&app, &id).await?;
    compensation::withdraw(&app, open.id, session.staff_id).await?;
    Ok(Redirect::to(&format!("{LIST}?fait=retiree")).into_response())
}

fn address(open: &CompensationRecord) -> String {
    format!("/gestion/passages/{}", open.id)
}
