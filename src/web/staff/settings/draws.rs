//! The draws of a prefecture, and annulling one: a fault was found, one person says so in public words,
//! another agrees.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};

use crate::domain::draw_state::DrawState;
use crate::flow::read::draws::{self, Draw};
use crate::flow::staff::Session;
use crate::flow::{App, annulment, effects, watch};
use crate::locale::Lang;
use crate::web::shared::errors::render_with;
use crate::web::shared::paging::{Beside, PageQuery, Paging};
use crate::web::shared::watch::WatchWords;
use crate::web::shared::{Fields, Page, Purpose, Staff, StaffForm, WebError, render};
use crate::web::staff::kit::confirm::{Confirm, Rejecting};
use crate::web::staff::kit::own::Own;
use crate::web::staff::kit::parts::{Colleagues, DoneQuery, FormView, word};

/// The address of the list.
const LIST: &str = "/gestion/tirages";
/// Draws of each queue on one page.
const DRAWS_MAX: i64 = 10;

#[derive(Template)]
#[template(path = "staff/settings/draws.html")]
struct Draws {
    page: Page,
    done: Option<String>,
    queues: Vec<QueueDraws>,
    beside: Beside,
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
    Staff(session): Staff,
    page: Page,
    Query(done): Query<DoneQuery>,
    Query(query): Query<PageQuery>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let colleagues = Colleagues::load(&app).await?;
    let paging = Paging::new(&query, DRAWS_MAX);
    let (mut queues, mut beside) = (Vec::new(), Beside::default());
    for queue in own.queues() {
        let mut draws = draws::newest(&app, queue.id, paging.skip() + paging.read()).await?;
        // As many pages as the queue with most draws has.
        let own_beside = paging.cut_from_first(&mut draws, LIST);
        beside = Beside { next: beside.next.or(own_beside.next), ..own_beside };
        let mut rows = Vec::with_capacity(draws.len());
        for draw in &draws {
            let found = watch::found(&app, draw.id).await?;
            rows.push(Row {
                late: late(&own, page.lang, draw),
                watch: found.map(|found| WatchWords::of(page.lang, &found)),
                ..row(&own, page.lang, &colleagues, &session, draw)
            });
        }
        queues.push(QueueDraws { name: queue.name.clone(), draws: rows });
    }
    let done = done.text(page.lang);
    render(Draws { page: page.titled("manage-draws-title"), done, queues, beside })
}

fn late(own: &Own, lang: Lang, draw: &Draw) -> Option<String> {
    let at = |instant| lang.instant(instant, own.zone);
    let values = [("due", at(draw.seed_at).into()), ("until", at(draw.late_until?).into())];
    Some(lang.with("manage-draw-late", values))
}

fn row(own: &Own, lang: Lang, colleagues: &Colleagues, session: &Session, draw: &Draw) -> Row {
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
    let proposal = draw.annulment.as_ref().filter(|_| !annulled);
    let text = draw.annul_reason.clone().unwrap_or_default();
    let reason = match proposal {
        None => annulled.then(|| lang.with("manage-draw-annulled", [("reason", text.into())])),
        Some(proposal) if proposal.is_open() => {
            let login =
                proposal.proposed.and_then(|act| act.by).map_or("–", |by| colleagues.login(by)).to_owned();
            Some(lang.with("manage-draw-proposed", [("reason", text.into()), ("login", login.into())]))
        }
        Some(proposal) => {
            let became = colleagues.decided(lang, own.zone, proposal);
            let values = [("reason", text.into()), ("became", became.into())];
            Some(lang.with("manage-draw-not-annulled", values))
        }
    };
    let open = draw.annulment_to_decide();
    Row {
        id: draw.id.to_string(),
        title: title(lang, draw),
        state: word(lang, "draw-state", draw.state.as_str()),
        when,
        counts,
        reason,
        late: None,
        watch: None,
        may_decide: open.is_some_and(|proposed| proposed.may_decide(session.staff_id).is_ok()),
        may_withdraw: open.is_some_and(|proposed| proposed.may_withdraw(session.staff_id)),
        may_propose: !annulled && open.is_none(),
    }
}

fn title(lang: Lang, draw: &Draw) -> String {
    lang.with("manage-draw-title", [("number", draw.number.into())])
}

fn line(own: &Own, lang: Lang, draw: &Draw) -> String {
    format!("{} – {}", own.queue_name(draw.queue_id), title(lang, draw))
}

/// The small page that asks for the public reason.
pub async fn ask(
    State(app): State<Arc<App>>,
    Staff(session): Staff,
    page: Page,
    Path(draw): Path<String>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let draw = own.draw(&app, &draw).await?;
    render(confirm(&own, page, &draw, FormView::default()))
}

fn confirm(own: &Own, page: Page, draw: &Draw, form: FormView) -> Confirm {
    let lang = page.lang;
    let action = format!("{LIST}/{}/annuler", draw.id);
    Confirm {
        lines: vec![line(own, lang, draw)],
        warning: lang.text("manage-annul-warning"),
        button: lang.text("manage-annul-confirm"),
        page: page.titled("manage-annul-title").with_form(&action),
        form,
        action,
        back: LIST.to_owned(),
        hidden: Vec::new(),
        reason: true,
        reason_hint: "manage-annul-reason-hint",
    }
}

pub async fn propose(
    State(app): State<Arc<App>>,
    Staff(session): Staff,
    page: Page,
    purpose: Purpose,
    Path(draw): Path<String>,
    StaffForm(fields): StaffForm<Fields>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let draw = own.draw(&app, &draw).await?;
    let asked = annulment::propose(&app, draw.id, fields.first("reason"), session.staff_id);
    match purpose.carry_out(asked).await {
        Ok(()) => Ok(Redirect::to(&format!("{LIST}?fait=annulation-proposee")).into_response()),
        Err(error) => {
            let (status, form) = FormView::answering(error, fields, page.lang)?;
            render_with(status, confirm(&own, page, &draw, form))
        }
    }
}

/// A draw whose annulment waits for a decision of this person.
async fn to_decide(app: &App, own: &Own, session: &Session, draw: &str) -> Result<Draw, WebError> {
    let draw = own.draw(app, draw).await?;
    let proposed = draw.annulment_proposed();
    proposed.and_then(|proposed| proposed.may_decide(session.staff_id)).map_err(WebError::Refused)?;
    Ok(draw)
}

/// The small page that says what an annulment costs.
pub async fn ask_approve(
    State(app): State<Arc<App>>,
    Staff(session): Staff,
    page: Page,
    Path(draw): Path<String>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let draw = to_decide(&app, &own, &session, &draw).await?;
    let lang = page.lang;
    let colleagues = Colleagues::load(&app).await?;
    let (count, unsurvived) = effects::of_annulment(&app, draw.id).await?;
    let reason = draw.annul_reason.clone().unwrap_or_default();
    render(Confirm {
        lines: vec![
            line(&own, lang, &draw),
            lang.with("manage-draw-annulled", [("reason", reason.into())]),
            draw.annulment
                .as_ref()
                .map(|proposed| colleagues.proposed(lang, own.zone, proposed))
                .unwrap_or_default(),
        ],
        warning: lang
            .with("manage-annul-approve-warning", [("n", count.into()), ("unsurvived", unsurvived.into())]),
        button: lang.text("manage-draw-approve"),
        page: page.titled("manage-annul-approve-title"),
        form: FormView::default(),
        action: format!("{LIST}/{}/approuver", draw.id),
        back: LIST.to_owned(),
        hidden: Vec::new(),
        reason: false,
        reason_hint: "",
    })
}

pub async fn ask_reject(
    State(app): State<Arc<App>>,
    Staff(session): Staff,
    page: Page,
    Path(draw): Path<String>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let draw = to_decide(&app, &own, &session, &draw).await?;
    rejecting(&own, page.lang, &draw).ask(page)
}

pub async fn reject(
    State(app): State<Arc<App>>,
    Staff(session): Staff,
    page: Page,
    purpose: Purpose,
    Path(draw): Path<String>,
    StaffForm(fields): StaffForm<Fields>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let draw = own.draw(&app, &draw).await?;
    let asked = annulment::reject(&app, draw.id, fields.first("reason"), session.staff_id);
    let done = purpose.carry_out(asked).await;
    rejecting(&own, page.lang, &draw).answer(page, done, fields)
}

fn rejecting(own: &Own, lang: Lang, draw: &Draw) -> Rejecting {
    Rejecting { line: line(own, lang, draw), address: format!("{LIST}/{}", draw.id), list: LIST.to_owned() }
}

pub async fn withdraw(
    State(app): State<Arc<App>>,
    Staff(session): Staff,
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
    Staff(session): Staff,
    Path(draw): Path<String>,
    StaffForm(_): StaffForm<Fields>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let draw = own.draw(&app, &draw).await?;
    annulment::approve(&app, draw.id, session.staff_id).await?;
    Ok(Redirect::to(&format!("{LIST}?fait=annulation")).into_response())
}
