//! Requests that a person looks at what was decided: who waits for an answer, by when, and the answer.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};

use crate::domain::reading::ReadingPurpose;
use crate::flow::App;
use crate::flow::read::entries::{self, Known};
use crate::flow::reviews::{self, Review};
use crate::locale::Lang;
use crate::web::shared::errors::render_with;
use crate::web::shared::paging::{Beside, PageQuery, Paging};
use crate::web::shared::{Fields, Page, Purpose, Staff, StaffForm, WebError, render};
use crate::web::staff::kit::own::Own;
use crate::web::staff::kit::parts::{Colleagues, DoneQuery, FormView};

const ROWS_MAX: i64 = 50;
const ADDRESS: &str = "/agent/examens";

#[derive(Template)]
#[template(path = "staff/counter/reviews.html")]
struct Reviews {
    page: Page,
    done: Option<String>,
    rows: Vec<Row>,
    beside: Beside,
}

struct Row {
    id: String,
    name: String,
    reference: String,
    due: String,
    is_late: bool,
}

#[derive(Template)]
#[template(path = "staff/counter/review.html")]
struct ReviewPage {
    page: Page,
    form: FormView,
    id: String,
    entry: String,
    name: String,
    reference: String,
    request: String,
    asked: String,
    due: String,
    /// The answer, and who gave it.
    answer: Option<(String, String)>,
}

pub async fn list(
    State(app): State<Arc<App>>,
    Staff(session): Staff,
    page: Page,
    Query(done): Query<DoneQuery>,
    Query(query): Query<PageQuery>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let paging = Paging::new(&query, ROWS_MAX);
    let mut open = reviews::open(&app, own.id(), (paging.skip(), paging.read())).await?;
    let beside = paging.cut(&mut open, ADDRESS);
    let mut rows = Vec::with_capacity(open.len());
    for review in open {
        let Known { entry, person } =
            entries::known(&app, review.entry, own.reader(ReadingPurpose::Decision)).await?;
        rows.push(Row {
            id: review.id.to_string(),
            name: person.full_name(),
            reference: entry.reference,
            due: due(&own, page.lang, &review),
            is_late: review.due_at < own.now,
        });
    }
    render(Reviews { done: done.text(page.lang), page: page.titled("staff-reviews-title"), rows, beside })
}

/// By when it is to be answered, or since when it is late.
pub fn due(own: &Own, lang: Lang, review: &Review) -> String {
    let key = if review.due_at < own.now { "staff-review-late" } else { "staff-review-due" };
    lang.with(key, [("date", lang.date(own.zone.local_date(review.due_at)).into())])
}

pub async fn one(
    State(app): State<Arc<App>>,
    Staff(session): Staff,
    page: Page,
    Path(id): Path<String>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let review = own.review(&app, &id).await?;
    render(shown(&app, &own, page, review, FormView::default()).await?)
}

async fn shown(
    app: &App,
    own: &Own,
    page: Page,
    review: Review,
    form: FormView,
) -> Result<ReviewPage, WebError> {
    let lang = page.lang;
    let reader = own.reader(ReadingPurpose::Decision);
    let Known { entry, person } = entries::known(app, review.entry, reader).await?;
    let colleagues = Colleagues::load(app).await?;
    let by = |by: Option<_>| {
        by.map_or_else(|| lang.text("staff-actor-holder"), |by| colleagues.login(by).to_owned())
    };
    let said = |key: &str, login: String, at| {
        lang.with(key, [("login", login.into()), ("at", lang.instant(at, own.zone).into())])
    };
    Ok(ReviewPage {
        page: Page { path: format!("{ADDRESS}/{}", review.id), ..page.titled("staff-review-title") },
        form,
        id: review.id.to_string(),
        entry: entry.id.to_string(),
        name: person.full_name(),
        reference: entry.reference,
        asked: said("staff-review-asked", by(review.asked_by), review.asked_at),
        due: due(own, lang, &review),
        request: review.request,
        answer: review
            .answer
            .map(|answer| (said("staff-review-answered", by(Some(answer.by)), answer.at), answer.text)),
    })
}

pub async fn answer(
    State(app): State<Arc<App>>,
    Staff(session): Staff,
    page: Page,
    purpose: Purpose,
    Path(id): Path<String>,
    StaffForm(fields): StaffForm<Fields>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let review = own.review(&app, &id).await?;
    let answered = reviews::answer(&app, &review, fields.first("answer"), session.staff_id);
    match purpose.carry_out(answered).await {
        Ok(()) => Ok(Redirect::to(&format!("{ADDRESS}?fait=examen-repondu")).into_response()),
        Err(error) => {
            let (status, form) = FormView::answering(error, fields, page.lang)?;
            render_with(status, shown(&app, &own, page, review, form).await?)
        }
    }
}
