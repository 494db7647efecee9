//! First places for those from whom one act took appointments back: one approval for all of them.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};

use super::priorities::{LIST, ROWS_MAX};
use crate::domain::ids::StaffId;
use crate::domain::reading::ReadingPurpose;
use crate::flow::read::compensations::{self, Compensation, Person};
use crate::flow::{App, compensation, effects};
use crate::locale::Lang;
use crate::web::shared::paging::{Beside, PageQuery, Paging};
use crate::web::shared::{Fields, Page, Purpose, Staff, StaffForm, WebError, render};
use crate::web::staff::kit::confirm::Rejecting;
use crate::web::staff::kit::own::Own;
use crate::web::staff::kit::parts::{Choice, Colleagues};

/// People who are named with their act; all of them stand on a page of their own.
const NAMED_MAX: usize = 10;

/// One act, in words.
pub struct Row {
    pub id: String,
    /// Where and which day.
    pub title: String,
    pub count: String,
    pub reason: String,
    /// How many they would pass before.
    pub effect: String,
    pub by: String,
    /// For how long it has waited.
    pub age: String,
    pub own: bool,
    pub people: Vec<Choice>,
    /// Where there are more of them.
    pub others: Option<String>,
}

#[derive(Template)]
#[template(path = "staff/settings/compensation.html")]
struct OwedPlaces {
    page: Page,
    count: String,
    people: Vec<Choice>,
    beside: Beside,
}

pub async fn rows(
    app: &App,
    own: &Own,
    lang: Lang,
    colleagues: &Colleagues,
    by: StaffId,
) -> Result<Vec<Row>, WebError> {
    let pending =
        compensations::pending(app, own.id(), NAMED_MAX, own.reader(ReadingPurpose::Decision)).await?;
    let mut rows = Vec::with_capacity(pending.len());
    for open in pending {
        let waiting = effects::waiting_beside(app, open.id).await?;
        let days = open.proposed.proposed.map_or(0, |act| (own.now - act.at).num_days());
        rows.push(Row {
            id: open.id.to_string(),
            title: title(own, lang, &open),
            count: lang.with("manage-compensation-people", [("n", open.owed.into())]),
            by: colleagues.proposed(lang, own.zone, &open.proposed),
            age: lang.with("manage-compensation-age", [("n", days.into())]),
            own: open.proposed.is_of(by),
            others: (open.owed > open.people.len()).then(|| lang.text("manage-compensation-all")),
            people: open.people.iter().map(named).collect(),
            effect: lang.with("manage-effect-compensation", [("n", waiting.into())]),
            reason: open.reason.unwrap_or_else(|| "–".to_owned()),
        });
    }
    Ok(rows)
}

fn named(person: &Person) -> Choice {
    Choice::new(person.entry, format!("{} – {}", person.name, person.reference))
}

/// Everybody who is owed a first place by one act.
pub async fn people(
    State(app): State<Arc<App>>,
    Staff(session): Staff,
    page: Page,
    Path(id): Path<String>,
    Query(query): Query<PageQuery>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let paging = Paging::new(&query, ROWS_MAX);
    let place = |row: i64| usize::try_from(row).unwrap_or(usize::MAX);
    let (first, end) = (place(paging.skip()), place(paging.skip() + paging.read()));
    let open = own.compensation_of(&app, &id, first..end).await?;
    let mut people: Vec<Choice> = open.people.iter().map(named).collect();
    let beside = paging.cut(&mut people, &format!("/gestion/passages/{}", open.id));
    let count = page.lang.with("manage-compensation-people", [("n", open.owed.into())]);
    let title = title(&own, page.lang, &open);
    render(OwedPlaces { page: page.named(title), count, people, beside })
}

fn title(own: &Own, lang: Lang, open: &Compensation) -> String {
    format!("{} – {}", own.site_name(open.site), lang.date(open.day))
}

pub async fn approve(
    State(app): State<Arc<App>>,
    Staff(session): Staff,
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
    Staff(session): Staff,
    page: Page,
    Path(id): Path<String>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let open = own.compensation(&app, &id).await?;
    open.proposed.may_decide(session.staff_id).map_err(WebError::Refused)?;
    rejecting(&own, page.lang, &open).ask(page)
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
    let open = own.compensation(&app, &id).await?;
    let asked = compensation::reject(&app, open.id, fields.first("reason"), session.staff_id);
    let done = purpose.carry_out(asked).await;
    rejecting(&own, page.lang, &open).answer(page, done, fields)
}

pub async fn withdraw(
    State(app): State<Arc<App>>,
    Staff(session): Staff,
    Path(id): Path<String>,
    StaffForm(_): StaffForm<Fields>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let open = own.compensation(&app, &id).await?;
    compensation::withdraw(&app, open.id, session.staff_id).await?;
    Ok(Redirect::to(&format!("{LIST}?fait=retiree")).into_response())
}

fn rejecting(own: &Own, lang: Lang, open: &Compensation) -> Rejecting {
    Rejecting {
        line: title(own, lang, open),
        address: format!("/gestion/passages/{}", open.id),
        list: LIST.to_owned(),
    }
}
