//! Objections to penalties that nobody has decided yet, the oldest first. Who noted the absence reads them and
//! decides of none.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};

use crate::domain::penalty::{PenaltyState, Ruling};
use crate::domain::reading::ReadingPurpose;
use crate::domain::refusal::Refusal;
use crate::flow::App;
use crate::flow::penalties::{self, Penalty};
use crate::flow::read::entries::{self, Known};
use crate::flow::staff::Session;
use crate::flow::status::holder;
use crate::flow::told::{SaidPenalty, said_penalty};
use crate::locale::Lang;
use crate::web::shared::errors::render_with;
use crate::web::shared::paging::{Beside, PageQuery, Paging};
use crate::web::shared::{Fields, Page, Purpose, Staff, StaffForm, WebError, render};
use crate::web::staff::kit::own::Own;
use crate::web::staff::kit::parts::{Colleagues, DoneQuery, FormView};

const ROWS_MAX: i64 = 50;
const ADDRESS: &str = "/agent/contestations";

#[derive(Template)]
#[template(path = "staff/counter/objections.html")]
struct Objections {
    page: Page,
    done: Option<String>,
    rows: Vec<Row>,
    beside: Beside,
}

struct Row {
    id: String,
    name: String,
    reference: String,
    since: String,
    reason: String,
}

#[derive(Template)]
#[template(path = "staff/counter/objection.html")]
struct Objection {
    page: Page,
    form: FormView,
    id: String,
    entry: String,
    name: String,
    reference: String,
    said: SaidPenalty,
    /// Who noted the absence, and who recorded the objection, each with its time.
    traces: Vec<String>,
    /// Why these eyes decide nothing; none if they may.
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
    let lang = page.lang;
    let paging = Paging::new(&query, ROWS_MAX);
    let mut open = penalties::objections(&app, own.id(), paging.skip(), paging.read()).await?;
    let beside = paging.cut(&mut open, ADDRESS);
    let mut rows = Vec::with_capacity(open.len());
    for penalty in open {
        rows.push(row(&app, &own, lang, &penalty).await?);
    }
    render(Objections { page: page.titled("staff-objections-title"), done: done.text(lang), rows, beside })
}

async fn row(app: &App, own: &Own, lang: Lang, penalty: &Penalty) -> Result<Row, WebError> {
    let Known { entry, person } =
        entries::known(app, penalty.entry_id, own.reader(ReadingPurpose::Decision)).await?;
    let at = penalty.objected_at.map(|at| lang.instant(at, own.zone)).unwrap_or_default();
    let zone = penalty.zone;
    let appointment = [
        ("date", lang.date(zone.local_date(penalty.starts_at)).into()),
        ("time", lang.time(penalty.starts_at, zone).into()),
        ("site", penalty.site.clone().into()),
    ];
    Ok(Row {
        id: penalty.convocation_id.to_string(),
        name: person.full_name(),
        reference: entry.reference,
        since: lang.with("staff-objection-since", [("at", at.into())]),
        reason: lang.with(&format!("penalty-reason-{}", penalty.announced.reason.key()), appointment),
    })
}

pub async fn one(
    State(app): State<Arc<App>>,
    Staff(session): Staff,
    page: Page,
    Path(id): Path<String>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let penalty = own.penalty(&app, &id).await?;
    render(shown(&app, &own, page, &session, penalty, FormView::default()).await?)
}

async fn shown(
    app: &App,
    own: &Own,
    page: Page,
    session: &Session,
    penalty: Penalty,
    form: FormView,
) -> Result<Objection, WebError> {
    let lang = page.lang;
    let holder = holder(app, penalty.entry_id, own.reader(ReadingPurpose::Decision)).await?;
    let closed = closed(lang, &penalty, session);
    Ok(Objection {
        page: Page {
            path: format!("{ADDRESS}/{}", penalty.convocation_id),
            ..page.titled("staff-objection-title")
        },
        form,
        id: penalty.convocation_id.to_string(),
        entry: holder.entry.id.to_string(),
        name: holder.person.full_name(),
        reference: holder.entry.reference.clone(),
        said: said_penalty(lang, &holder, &penalty, holder.reach.first()),
        traces: traces(lang, own, &penalty, &Colleagues::load(app).await?),
        closed,
    })
}

fn closed(lang: Lang, penalty: &Penalty, session: &Session) -> Option<String> {
    let refusal = match penalty.case.state {
        PenaltyState::Objected if penalty.case.noted_by == Some(session.staff_id) => Refusal::OwnTick,
        PenaltyState::Objected => return None,
        _ => Refusal::ObjectionDecided,
    };
    Some(lang.text(&refusal.sentence_key()))
}

fn traces(lang: Lang, own: &Own, penalty: &Penalty, colleagues: &Colleagues) -> Vec<String> {
    let say = |key: &str, by: Option<_>, at: Option<_>| {
        let by = by.map_or_else(|| lang.text("staff-actor-holder"), |by| colleagues.login(by).to_owned());
        let at = at.map(|at| lang.instant(at, own.zone)).unwrap_or_default();
        lang.with(key, [("login", by.into()), ("at", at.into())])
    };
    let noted =
        penalty.case.noted_by.map(|by| say("staff-objection-noted", Some(by), Some(penalty.noted_at)));
    let objected = penalty.objected_at.map(|at| say("staff-objection-made", penalty.objected_by, Some(at)));
    let decided = penalty.decided_at.map(|at| say("staff-objection-decided", penalty.decided_by, Some(at)));
    [noted, objected, decided].into_iter().flatten().collect()
}

/// The actions that addresses name, and the ruling behind each.
const RULINGS: &[(&str, Ruling, &str)] =
    &[("maintenir", Ruling::Uphold, "maintenue"), ("lever", Ruling::Lift, "levee")];

pub async fn decide(
    State(app): State<Arc<App>>,
    Staff(session): Staff,
    page: Page,
    purpose: Purpose,
    Path((id, ruling)): Path<(String, String)>,
    StaffForm(fields): StaffForm<Fields>,
) -> Result<Response, WebError> {
    let (_, ruling, done) = RULINGS.iter().find(|(name, ..)| *name == ruling).ok_or(WebError::NotFound)?;
    let own = Own::load(&app, &session).await?;
    let penalty = own.penalty(&app, &id).await?;
    let reason = fields.first("reason");
    let decision = penalties::decide(&app, penalty.convocation_id, *ruling, reason, session.staff_id);
    match purpose.carry_out(decision).await {
        Ok(()) => Ok(Redirect::to(&format!("{ADDRESS}?fait={done}")).into_response()),
        Err(error) => {
            let (status, form) = FormView::answering(error, fields, page.lang)?;
            render_with(status, shown(&app, &own, page, &session, penalty, form).await?)
        }
    }
}
