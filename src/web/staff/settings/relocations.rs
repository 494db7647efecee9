//! Changes of queue that one person has proposed, for another to approve or reject. They are listed with the
//! priorities: both let an entry pass before others.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};

use super::priorities::LIST;
use crate::domain::ids::StaffId;
use crate::domain::reading::ReadingPurpose;
use crate::flow::effects::Effects;
use crate::flow::read::relocations::{self, Relocation};
use crate::flow::{App, relocation};
use crate::locale::Lang;
use crate::web::shared::{Fields, Page, Purpose, Staff, StaffForm, WebError};
use crate::web::staff::kit::confirm::Rejecting;
use crate::web::staff::kit::effects::said_move;
use crate::web::staff::kit::own::Own;
use crate::web::staff::kit::parts::Colleagues;

/// One of them, in words.
pub struct Row {
    pub id: String,
    pub entry: String,
    pub name: String,
    pub reference: String,
    /// From which queue to which.
    pub queues: String,
    pub reason: String,
    /// What it would do, in figures.
    pub effect: String,
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
    let (mut rows, mut effects) = (Vec::new(), Effects::new(app));
    for open in relocations::pending(app, own.id(), own.reader(ReadingPurpose::Decision)).await? {
        let queues = [("from", own.queue_name(open.from).into()), ("to", own.queue_name(open.to).into())];
        let effect = effects.of_move(open.entry, open.to).await?;
        rows.push(Row {
            id: open.id.to_string(),
            entry: open.entry.to_string(),
            queues: lang.with("manage-move-queues", queues),
            effect: said_move(lang, [own.queue_name(open.from), own.queue_name(open.to)], &effect),
            by: colleagues.proposed(lang, own.zone, &open.proposed),
            own: open.proposed.is_of(by),
            name: open.name,
            reference: open.reference,
            reason: open.reason.unwrap_or_else(|| lang.text("staff-tick-guichet-title")),
        });
    }
    Ok(rows)
}

pub async fn approve(
    State(app): State<Arc<App>>,
    Staff(session): Staff,
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
    Staff(session): Staff,
    page: Page,
    Path(id): Path<String>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let open = own.relocation(&app, &id).await?;
    open.proposed.may_decide(session.staff_id).map_err(WebError::Refused)?;
    rejecting(&own, &open).ask(page)
}

pub async fn reject(
    State(app): State<Arc<App>>,
    Staff(session): Staff,
    page: Page,
    purpose: Purpose,
    Path(id): Path<String>,
    StaffForm(fields): StaffForm<Fields>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let open = own.relocation(&app, &id).await?;
    let asked = relocation::reject(&app, open.id, fields.first("reason"), session.staff_id);
    let done = purpose.carry_out(asked).await;
    rejecting(&own, &open).answer(page, done, fields)
}

pub async fn withdraw(
    State(app): State<Arc<App>>,
    Staff(session): Staff,
    Path(id): Path<String>,
    StaffForm(_): StaffForm<Fields>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let open = own.relocation(&app, &id).await?;
    relocation::withdraw(&app, open.id, session.staff_id).await?;
    Ok(Redirect::to(&format!("{LIST}?fait=retiree")).into_response())
}

fn rejecting(own: &Own, open: &Relocation) -> Rejecting {
    Rejecting {
        line: format!("{} – {} – {}", open.name, open.reference, own.queue_name(open.to)),
        address: format!("/gestion/files/{}", open.id),
        list: LIST.to_owned(),
    }
}
