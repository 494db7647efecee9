//! One entry as its prefecture sees it: who, where in the queue, what has happened, and what an agent
//! may do about it now.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::entry_view::{EntryView, entry_view};
use crate::domain::ids::{EntryId, StaffId};
use crate::domain::refusal::Refusal;
use crate::flow::App;
use crate::web::shared::errors::render_with;
use crate::web::shared::{Page, Staff, WebError, render};
use crate::web::staff::kit::own::Own;
use crate::web::staff::kit::parts::{DoneQuery, FormView};

#[derive(Template)]
#[template(path = "staff/counter/entry.html")]
struct Entry {
    page: Page,
    view: EntryView,
    form: FormView,
    opened: &'static str,
    done: Option<String>,
}

pub async fn show(
    State(app): State<Arc<App>>,
    Staff(session): Staff,
    page: Page,
    Path(entry): Path<String>,
    Query(done): Query<DoneQuery>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let entry = own.entry(&app, &entry).await?;
    let done = done.text(page.lang);
    let template = template(&app, &own, page, entry.id, session.staff_id, FormView::default(), "").await?;
    render(Entry { done, ..template })
}

/// The page again, with the faults of the form that was opened.
pub async fn again(
    app: &App,
    own: &Own,
    page: Page,
    entry: EntryId,
    by: StaffId,
    (status, form): (StatusCode, FormView),
    opened: &'static str,
) -> Result<Response, WebError> {
    // The address of an action has no page of its own.
    let page = Page { path: format!("/agent/demandes/{entry}"), ..page };
    let mut template = template(app, own, page, entry, by, form, opened).await?;
    let body = template.render()?;
    let is_there = |field: &str| body.contains(&format!(" id=\"{field}\""));
    if template.form.faults.iter().all(|fault| is_there(fault.field)) {
        return render_with(status, template);
    }
    // The entry has moved on and its page has this form no longer: the faults would lead to fields that are not there.
    let changed = template.page.lang.text(&Refusal::Changed.staff_sentence_key());
    template.form = FormView { refused: Some(changed), ..FormView::default() };
    render_with(StatusCode::CONFLICT, template)
}

async fn template(
    app: &App,
    own: &Own,
    page: Page,
    entry: EntryId,
    by: StaffId,
    form: FormView,
    opened: &'static str,
) -> Result<Entry, WebError> {
    let view = entry_view(app, own, page.lang, entry, by).await?;
    Ok(Entry { page: page.named(view.name.clone()), view, form, opened, done: None })
}
