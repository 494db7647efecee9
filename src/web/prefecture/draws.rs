//! The draws of a prefecture, and annulling one: a fault was found, one person says so in public words,
//! another agrees.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

use crate::flow::{App, FlowError, annulment, source, watch};
use crate::locale::Lang;
use crate::store::records::{DrawRecord, DrawState, SessionRecord};
use crate::web::agent::entry_actions::Confirm;
use crate::web::agent::own::Own;
use crate::web::agent::parts::{Colleagues, DoneQuery, FormView, word};
use crate::web::shared::errors::render_with;
use crate::web::shared::watch::WatchWords;
use crate::web::shared::{Fields, Manager, Page, StaffForm, WebError, render};

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
    may_approve: bool,
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
    let open = draw.state != DrawState::Annulled;
    let reason = draw.annul_reason.clone().map(|reason| match draw.annul_proposed_by.filter(|_| open) {
        Some(by) => {
            let values = [("reason", reason.into()), ("login", colleagues.login(by).to_owned().into())];
            lang.with("manage-draw-proposed", values)
        }
        None => lang.with("manage-draw-annulled", [("reason", reason.into())]),
    });
    Row {
        id: draw.id.to_string(),
        title: title(lang, draw),
        state: word(lang, "draw-state", draw.state.as_str()),
        when,
        counts,
        reason,
        late: None,
        watch: None,
        may_approve: open && draw.annul_proposed_by.is_some_and(|by| by != session.staff_id),
        may_propose: open && draw.annul_proposed_by.is_none(),
    }
}

fn title(lang: Lang, draw: &DrawRecord) -> String {
    lang.with("manage-draw-title", [("number", draw.number.into())])
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
    Confirm {
        lines: vec![format!("{} – {}", own.queue_name(draw.queue_id), title(lang, draw))],
        warning: lang.text("manage-annul-warning"),
        confirm: lang.text("manage-annul-confirm"),
        page: page.titled("manage-annul-title"),
        form,
        action: format!("/gestion/tirages/{}/annuler", draw.id),
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
    Path(draw): Path<String>,
    StaffForm(fields): StaffForm<Fields>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let draw = own.draw(&app, &draw).await?;
    match annulment::propose(&app, draw.id, fields.first("reason"), session.staff_id).await {
        Err(FlowError::Invalid(faults)) => {
            let form = FormView::again(fields, page.lang, &faults);
            return render_with(StatusCode::UNPROCESSABLE_ENTITY, confirm(&own, page, &draw, form));
        }
        other => other?,
    }
    Ok(Redirect::to("/gestion/tirages?fait=annulation-proposee").into_response())
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
