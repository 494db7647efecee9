//! “I want a person to look at it”: what the draw decides by itself, and a form. An answer comes by a date.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::holder::{self, Holder};
use super::token::{Confirmation, csrf_token, open_csrf_token};
use crate::domain::ids::EntryId;
use crate::domain::local_time::Zone;
use crate::domain::refusal::Refusal;
use crate::domain::review::ANSWER_DAYS;
use crate::flow::reviews::{self, Review};
use crate::flow::{App, FlowError, read};
use crate::limits::Rule;
use crate::locale::Lang;
use crate::web::shared::errors::{Limited, render_with};
use crate::web::shared::limit::hit;
use crate::web::shared::{Faults, Form, Page, Purpose, WebError, render};

pub const PATH: &str = "/s/examen";
/// Requests of one entry: each is a row of the log.
const REQUESTS: Rule = Rule::per_hour(10);

#[derive(Template)]
#[template(path = "applicant/review.html")]
struct ReviewPage {
    page: Page,
    done: Option<String>,
    refused: Option<String>,
    faults: Faults,
    csrf_token: String,
    /// The request as typed.
    typed: String,
    days: String,
    /// Where the queue's rules are told in plain words.
    rules: String,
    past: Vec<Past>,
    is_open: bool,
}

/// A request, and what became of it.
struct Past {
    asked: String,
    request: String,
    /// When the answer came, or by when it comes.
    state: String,
    answer: Option<String>,
}

async fn shown(app: &App, page: Page, entry: EntryId) -> Result<ReviewPage, WebError> {
    let lang = page.lang;
    let known = read::entries::one(app, entry).await?;
    let directory = read::directory(app).await?;
    let queue = directory.queue(known.queue_id).ok_or(WebError::NotFound)?;
    let prefecture = directory.prefecture(queue.prefecture_id).ok_or(WebError::NotFound)?;
    let reviews = reviews::of(app, entry).await?;
    let mut page = page.titled("review-title").with_form(PATH);
    PATH.clone_into(&mut page.path);
    Ok(ReviewPage {
        done: None,
        refused: None,
        faults: Faults::default(),
        csrf_token: csrf_token(&app.vault, entry),
        typed: String::new(),
        days: lang.with("review-days", [("days", ANSWER_DAYS.into())]),
        rules: format!("/p/{}/{}", prefecture.slug, queue.slug),
        is_open: reviews.iter().any(|one| one.answer.is_none()),
        past: reviews.into_iter().map(|one| past(lang, prefecture.zone, one)).collect(),
        page,
    })
}

fn past(lang: Lang, zone: Zone, review: Review) -> Past {
    let day = |at| lang.date(zone.local_date(at));
    let state = match &review.answer {
        Some(answer) => lang.with("review-answered", [("date", day(answer.at).into())]),
        None => lang.with("review-due", [("date", day(review.due_at).into())]),
    };
    Past {
        asked: lang.with("review-asked", [("date", day(review.asked_at).into())]),
        request: review.request,
        state,
        answer: review.answer.map(|answer| answer.text),
    }
}

pub async fn page(State(app): State<Arc<App>>, page: Page, holder: Holder) -> Result<Response, WebError> {
    let done = holder.confirmation.map(|confirmation| page.lang.text(confirmation.sentence_key()));
    let shown = render(ReviewPage { done, ..shown(&app, page, holder.entry).await? })?;
    Ok(holder::renewed(&app, holder, shown))
}

pub async fn ask(
    State(app): State<Arc<App>>,
    page: Page,
    holder: Holder,
    purpose: Purpose,
    Form(fields): Form,
) -> Result<Response, WebError> {
    if open_csrf_token(&app.vault, fields.first("jeton")) != Some(holder.entry) {
        return Err(WebError::Expired);
    }
    let typed = fields.first("review").to_owned();
    let again = ReviewPage { typed, ..shown(&app, page, holder.entry).await? };
    if purpose.is_draft() {
        return render(again);
    }
    hit(&app, Limited::Entry, "review", &holder.entry.to_string(), REQUESTS).await?;
    match reviews::ask(&app, holder.entry, &again.typed, None).await {
        Ok(()) => Ok(holder::lead(&app, holder.saying(Confirmation::Review), PATH)),
        Err(FlowError::Refused(Refusal::ReviewOpen))
            if reviews::is_asked(&app, holder.entry, &again.typed).await? =>
        {
            Ok(holder::lead(&app, holder.saying(Confirmation::Review), PATH))
        }
        Err(FlowError::Invalid(faults)) => {
            let faults = Faults::of(again.page.lang, &faults);
            render_with(StatusCode::UNPROCESSABLE_ENTITY, ReviewPage { faults, ..again })
        }
        Err(FlowError::Refused(refusal)) => {
            let refused = Some(again.page.lang.text(&refusal.sentence_key()));
            render_with(StatusCode::CONFLICT, ReviewPage { refused, ..again })
        }
        Err(error) => Err(error.into()),
    }
}
