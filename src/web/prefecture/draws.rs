//! The draws of a prefecture, and annulling one: a fault was found, one person says so in public words,
//! another agrees.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};

use super::rejecting::reject_page;
use crate::domain::proposal::Proposal;
use crate::flow::{App, annulment, source, watch};
use crate::locale::Lang;
use crate::store::records::{DrawRecord, DrawState, SessionRecord};
use crate::web::agent::entry_actions::Confirm;
use crate::web::agent::own::Own;
use crate::web::agent::parts::{Colleagues, DoneQuery, FormView, word};
use crate::web::shared::errors::render_with;
use crate::web::shared::watch::WatchWords;
use crate::web::shared::{Fields, Manager, Page, Purpose, StaffForm, WebError, render};

/// The address of the list.
const LIST: &str = "/gestion/tirages";
/// Draws shown of each queue.
const DRAWS_MAX: i64 = 10;

#[derive(Template)]
#[template(path = "prefecture/draws.html")]
struct Draws {
    page: Page,
    done: Option<String>,
    queues: Vec<QueueDraws>,
}

struct QueueDraws {
    name: String,
    draws: Vec<Row>,
}

struct Row {
    id: String,
    title: String,
    state: String,
    when: String,
    counts: Option<String>,
    reason: Option<String>,
    /// That its chance is late, and until when it waits.
    late: Option<String>,
    /// What the second look found, once it is published.
    watch: Option<WatchWords>,
    may_decide: bool,
    may_withdraw: bool,
    may_propose: bool,
}

pub async fn list(
    State(app): State<Arc<App>>,
    Manager(session): Manager,
    page: Page,
    Query(done): Query<DoneQuery>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let colleagues = Colleagues::load(&app).await?;
    let mut queues = Vec::new();
    for queue in own.queues() {
        let draws = app.store.draws_of(queue.id, DRAWS_MAX).await?;
        let mut rows = Vec::with_capacity(draws.len());
        for draw in &draws {
            let found = watch::found(&app, draw.id).await?;
            rows.push(Row {
                late: late(&app, &own, page.lang, draw),
                watch: found.map(|found| WatchWords::of(page.lang, &found)),
                ..row(&own, page.lang, &colleagues, &session, draw)
            });
        }
        queues.push(QueueDraws { name: queue.name.clone(), draws: rows });
    }
    let done = done.text(page.lang);
    render(Draws { page: page.titled("manage-draws-title"), done, queues })
}

fn late(app: &App, own: &Own, lang: Lang, draw: &DrawRecord) -> Option<String> {
    source::is_late(draw, app.business.now()).then(|| {
        let at = |instant| lang.instant(instant, own.zone);
        let values = [("due", at(draw.seed_at).into()), ("until", at(source::waits_until(app, draw)).into())];
        lang.with("manage-draw-late", values)
    })
}

fn row(own: &Own, lang: Lang, colleagues: &Colleagues, session: &SessionRecord, draw: &DrawRecord) -> Row {
    let at = |instant| lang.instant(instant, own.zone);
    let when = match draw.drawn_at {
        Some(drawn) => lang.with("manage-draw-drawn", [("at", at(drawn).into())]),
        None => lang.with("manage-draw-freezes", [("at", at(draw.freeze_at).into())]),
    };
    let counts = draw.entry_count.zip(draw.slot_count).map(|(entries, slots)| {
        let won = draw.winner_count.unwrap_or(0);
        lang.with(
            "manage-draw-counts",
            [("entries", entries.into()), ("slots", slots.into()), ("won", won.into())],
        )
    });
    let annulled = draw.state == DrawState::Annulled;
    let proposal = draw.proposal().filter(|_| !annulled);
    let text = draw.annul_reason.clone().unwrap_or_default();
    let reason = match proposal {
        None => annulled.then(|| lang.with("manage-draw-annulled", [("reason", text.into())])),
        Some(proposal) if proposal.is_open() => {
            let login = draw.annulment.proposed_by.map_or("–", |by| colleagues.login(by)).to_owned();
            Some(lang.with("manage-draw-proposed", [("reason", text.into()), ("login", login.into())]))
        }
        Some(_) => {
            let why = draw.annul_rejected_reason.as_deref();
            let became = colleagues.decided(lang, own.zone, &draw.annulment, why);
            let values = [("reason", text.into()), ("became", became.into())];
            Some(lang.with("manage-draw-not-annulled", values))
        }
    };
    let open = proposal.filter(Proposal::is_open);
    Row {
        id: draw.id.to_string(),
        title: title(lang, draw),
        state: word(lang, "draw-state", draw.state.as_str()),
        when,
        counts,
        reason,
        late: None,
        watch: None,
        may_decide: open.is_some_and(|proposal| proposal.approve(session.staff_id).is_ok()),
        may_withdraw: open.is_some_and(|proposal| proposal.withdraw(session.staff_id).is_ok()),
        may_propose: !annulled && open.is_none(),
    }
}

fn title(lang: Lang, draw: &DrawRecord) -> String {
    lang.with("manage-draw-title", [("number", draw.number.into())])
}

fn line(own: &Own, lang: Lang, draw: &DrawRecord) -> String {
    format!("{} – {}", own.queue_name(draw.queue_id), title(lang, draw))
}

/// The small page that asks for the public reason.
pub async fn ask(
    State(app): State<Arc<App>>,
    Manager(session): Manager,
    page: Page,
    Path(draw): Path<String>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let draw = own.draw(&app, &draw).await?;
    render(confirm(&own, page, &draw, FormView::default()))
}

fn confirm(own: &Own, page: Page, draw: &DrawRecord, form: FormView) -> Confirm {
    let lang = page.lang;
    let action = format!("/gestion/tirages/{}/annuler", draw.id);
    Confirm {
        lines: vec![line(own, lang, draw)],
        warning: lang.text("manage-annul-warning"),
        confirm: lang.text("manage-annul-confirm"),
        page: page.titled("manage-annul-title").with_form(&action),
        form,
        action,
        back: "/gestion/tirages".to_owned(),
        hidden: Vec::new(),
        reason: true,
        reason_hint: "manage-annul-reason-hint",
    }
}

pub async fn propose(
    State(app): State<Arc<App>>,
    Manager(session): Manager,
    page: Page,
    purpose: Purpose,
    Path(draw): Path<String>,
    StaffForm(fields): StaffForm<Fields>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let draw = own.draw(&app, &draw).await?;
    let asked = annulment::propose(&app, draw.id, fields.first("reason"), session.staff_id);
    match purpose.carry_out(asked).await {
        Ok(()) => Ok(Redirect::to("/gestion/tirages?fait=annulation-proposee").into_response()),
        Err(error) => {
            let (status, form) = FormView::answering(error, fields, page.lang)?;
            render_with(status, confirm(&own, page, &draw, form))
        }
    }
}

/// A draw whose annulment waits for a decision of this person.
async fn to_decide(
    app: &App,
    own: &Own,
    session: &SessionRecord,
    draw: &str,
) -> Result<DrawRecord, WebError> {
    let draw = own.draw(app, draw).await?;
    let proposal = draw.annulment_proposed();
    proposal.and_then(|proposal| proposal.approve(session.staff_id)).map_err(WebError::Refused)?;
    Ok(draw)
}

/// The small page that says what an annulment costs.
pub async fn ask_approve(
    State(app): State<Arc<App>>,
    Manager(session): Manager,
    page: Page,
    Path(draw): Path<String>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let draw = to_decide(&app, &own, &session, &draw).await?;
    let lang = page.lang;
    let count = app.store.annulment_cancels(draw.id, own.now).await?;
    let reason = draw.annul_reason.clone().unwrap_or_default();
    render(Confirm {
        lines: vec![
            line(&own, lang, &draw),
            lang.with("manage-draw-annulled", [("reason", reason.into())]),
            colleagues_line(&app, &own, lang, &draw).await?,
        ],
        warning: lang.with("manage-annul-approve-warning", [("n", count.into())]),
        confirm: lang.text("manage-draw-approve"),
        page: page.titled("manage-annul-approve-title"),
        form: FormView::default(),
        action: format!("/gestion/tirages/{}/approuver", draw.id),
        back: LIST.to_owned(),
        hidden: Vec::new(),
        reason: false,
        reason_hint: "",
    })
}

async fn colleagues_line(app: &App, own: &Own, lang: Lang, draw: &DrawRecord) -> Result<String, WebError> {
    Ok(Colleagues::load(app).await?.proposed(lang, own.zone, &draw.annulment))
}

pub async fn ask_reject(
    State(app): State<Arc<App>>,
    Manager(session): Manager,
    page: Page,
    Path(draw): Path<String>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let draw = to_decide(&app, &own, &session, &draw).await?;
    let line = line(&own, page.lang, &draw);
    render(reject_page(page, line, &format!("{LIST}/{}", draw.id), LIST, FormView::default()))
}

pub async fn reject(
    State(app): State<Arc<App>>,
    Manager(session): Manager,
    page: Page,
    purpose: Purpose,
    Path(draw): Path<String>,
    StaffForm(fields): StaffForm<Fields>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let draw = own.draw(&app, &draw).await?;
    let asked = annulment::reject(&app, draw.id, fields.first("reason"), session.staff_id);
    match purpose.carry_out(asked).await {
        Ok(()) => Ok(Redirect::to(&format!("{LIST}?fait=rejetee")).into_response()),
        Err(error) => {
            let (status, form) = FormView::answering(error, fields, page.lang)?;
            let line = line(&own, page.lang, &draw);
            render_with(status, reject_page(page, line, &format!("{LIST}/{}", draw.id), LIST, form))
        }
    }
}

pub async fn withdraw(
    State(app): State<Arc<App>>,
    Manager(session): Manager,
    Path(draw): Path<String>,
    StaffForm(_): StaffForm<Fields>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let draw = own.draw(&app, &draw).await?;
    annulment::withdraw(&app, draw.id, session.staff_id).await?;
    Ok(Redirect::to(&format!("{LIST}?fait=retiree")).into_response())
}

pub async fn approve(
    State(app): State<Arc<App>>,
    Manager(session): Manager,
    Path(draw): Path<String>,
    StaffForm(_): StaffForm<Fields>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let draw = own.draw(&app, &draw).await?;
    annulment::approve(&app, draw.id, session.staff_id).await?;
    Ok(Redirect::to("/gestion/tirages?fait=annulation").into_response())
}
