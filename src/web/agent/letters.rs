//! Letters: printed here, one sheet each, then handed over or posted by an agent who says so.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};

use super::own::Own;
use super::parts::{DoneQuery, word};
use crate::domain::notice::Way;
use crate::domain::refusal::Refusal;
use crate::flow::App;
use crate::flow::status::holder;
use crate::flow::texts::words;
use crate::locale::Lang;
use crate::store::records::NoticeRecord;
use crate::web::shared::{Fields, Page, Staff, StaffForm, WebError, render};

/// Letters on one page: a stack that one person prints and folds.
const LETTERS_MAX: i64 = 50;

#[derive(Template)]
#[template(path = "agent/letters.html")]
struct Stack {
    page: Page,
    done: Option<String>,
    letters: Vec<Letter>,
    more: Option<String>,
}

struct Letter {
    id: String,
    lang: Lang,
    heading: String,
    due: String,
    reference: String,
    from: String,
    name: String,
    subject: String,
    body: Vec<Vec<String>>,
}

pub async fn list(
    State(app): State<Arc<App>>,
    Staff(session): Staff,
    page: Page,
    Query(done): Query<DoneQuery>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let notices = app.store.letters_due(own.id(), own.now, LETTERS_MAX).await?;
    let mut letters = Vec::with_capacity(notices.len());
    for notice in notices {
        letters.push(letter(&app, &own, page.lang, &notice).await?);
    }
    let full = i64::try_from(letters.len()).unwrap_or(0) == LETTERS_MAX;
    let more = full.then(|| page.lang.with("staff-rows-more", [("n", LETTERS_MAX.into())]));
    let done = done.text(page.lang);
    render(Stack { page: page.titled("staff-letters-title"), done, letters, more })
}

/// One letter alone, to print it again.
pub async fn one(
    State(app): State<Arc<App>>,
    Staff(session): Staff,
    page: Page,
    Path(notice): Path<String>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let notice = own.notice(&app, &notice).await?;
    if notice.way != Way::Letter {
        return Err(WebError::NotFound);
    }
    let letters = vec![letter(&app, &own, page.lang, &notice).await?];
    render(Stack { page: page.titled("staff-letters-title"), done: None, letters, more: None })
}

async fn letter(app: &App, own: &Own, lang: Lang, notice: &NoticeRecord) -> Result<Letter, WebError> {
    let holder = holder(app, notice.entry_id).await?;
    let said = words(&holder, notice.kind, Way::Letter, &app.config.http.public_url);
    let body = said.body.split("\n\n").map(|part| part.lines().map(str::to_owned).collect()).collect();
    let heading = [
        ("kind", word(lang, "notice", notice.kind.as_str()).into()),
        ("name", holder.person.full_name().into()),
    ];
    Ok(Letter {
        id: notice.id.to_string(),
        lang: Lang::of(&holder.entry.language),
        heading: lang.with("staff-letter-heading", heading),
        due: lang.with("staff-letter-due", [("at", lang.instant(notice.due_at, own.zone).into())]),
        from: holder.prefecture.name.clone(),
        name: holder.person.full_name(),
        reference: holder.entry.reference,
        subject: said.subject,
        body,
    })
}

pub async fn done(
    State(app): State<Arc<App>>,
    Staff(session): Staff,
    Path(notice): Path<String>,
    StaffForm(_): StaffForm<Fields>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let notice = own.notice(&app, &notice).await?;
    if app.store.letter_done(notice.id, session.staff_id, own.now).await? {
        Ok(Redirect::to("/agent/courriers?fait=courrier").into_response())
    } else {
        Err(WebError::Refused(Refusal::LetterDone))
    }
}
