//! Letters: printed here, one sheet each, then handed over or posted by an agent who says so.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{DateTime, Utc};

use crate::domain::letter::Sent;
use crate::domain::notice::NoticeKind;
use crate::domain::reading::ReadingPurpose;
use crate::domain::refusal::Refusal;
use crate::flow::App;
use crate::flow::outbox::letter::{self, Sheet};
use crate::flow::read::notices::{self, Notice};
use crate::flow::texts::Appointment;
use crate::locale::Lang;
use crate::web::shared::paging::{Beside, PageQuery, Paging};
use crate::web::shared::{Fields, Page, Staff, StaffForm, WebError, render};
use crate::web::staff::kit::own::Own;
use crate::web::staff::kit::parts::{DoneQuery, word};

/// Letters on one page: a stack that one person prints and folds.
const LETTERS_MAX: i64 = 50;

#[derive(Template)]
#[template(path = "staff/counter/letters.html")]
struct Stack {
    page: Page,
    done: Option<String>,
    letters: Vec<Letter>,
    beside: Beside,
}

struct Letter {
    id: String,
    lang: Lang,
    heading: String,
    due: String,
    /// What hangs on its leaving.
    stakes: Option<String>,
    reference: String,
    from: String,
    name: String,
    subject: String,
    /// Printed above a copy that must call nobody any more.
    ended: Option<String>,
    body: Vec<Vec<String>>,
}

pub async fn list(
    State(app): State<Arc<App>>,
    Staff(session): Staff,
    page: Page,
    Query(done): Query<DoneQuery>,
    Query(query): Query<PageQuery>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let paging = Paging::new(&query, LETTERS_MAX);
    let mut notices = notices::letters_due(&app, own.id(), paging.skip(), paging.read()).await?;
    let beside = paging.cut(&mut notices, "/agent/courriers");
    let mut letters = Vec::with_capacity(notices.len());
    for notice in notices {
        letters.push(shown(&app, &own, page.lang, &notice).await?);
    }
    let done = done.text(page.lang);
    render(Stack { page: page.titled("staff-letters-title"), done, letters, beside })
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
    let letters = vec![shown(&app, &own, page.lang, &notice).await?];
    render(Stack { page: page.titled("staff-letters-title"), done: None, letters, beside: Beside::default() })
}

async fn shown(app: &App, own: &Own, lang: Lang, notice: &Notice) -> Result<Letter, WebError> {
    let Sheet { holder, rendered, about, has_ended } =
        letter::sheet(app, notice, own.reader(ReadingPurpose::Message)).await?;
    let received_at = Sent::Posted.received_at(own.now, own.zone);
    let body = rendered.text.split("\n\n").map(|part| part.lines().map(str::to_owned).collect()).collect();
    let heading = [
        ("kind", word(lang, "notice", notice.kind.as_str()).into()),
        ("name", holder.person.full_name().into()),
    ];
    let their_lang = Lang::of(&holder.entry.language);
    Ok(Letter {
        id: notice.id.to_string(),
        lang: their_lang,
        heading: lang.with("staff-letter-heading", heading),
        stakes: stakes(lang, own, notice.kind, about.as_ref(), received_at).filter(|_| !has_ended),
        due: lang.with("staff-letter-due", [("at", lang.instant(notice.due_at, own.zone).into())]),
        from: holder.prefecture.name.clone(),
        name: holder.person.full_name(),
        reference: holder.entry.reference,
        subject: rendered.subject,
        ended: has_ended.then(|| their_lang.text("letter-ended")),
        body,
    })
}

/// What hangs on the letter's leaving, if anything does.
fn stakes(
    lang: Lang,
    own: &Own,
    kind: NoticeKind,
    about: Option<&Appointment>,
    received_at: DateTime<Utc>,
) -> Option<String> {
    let received = ("received", lang.date(own.zone.local_date(received_at)).into());
    match (kind, about) {
        (NoticeKind::Convocation, Some((record, site))) => {
            let at = ("at", lang.instant(record.starts_at, site.zone).into());
            let is_late = received_at >= record.starts_at;
            let key = if is_late { "staff-letter-too-late" } else { "staff-letter-convocation" };
            Some(lang.with(key, [at, received]))
        }
        (NoticeKind::IdentityWanted | NoticeKind::IdentityWarning, _) => {
            Some(lang.with("staff-letter-identity", [received]))
        }
        _ => None,
    }
}

pub async fn done(
    State(app): State<Arc<App>>,
    Staff(session): Staff,
    Path(notice): Path<String>,
    StaffForm(fields): StaffForm<Fields>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let notice = own.notice(&app, &notice).await?;
    let sent: Sent = fields.first("sent").parse().map_err(|_| WebError::BadRequest)?;
    if letter::done(&app, &notice, sent, session.staff_id).await? {
        let done = match sent {
            Sent::HandedOver => "courrier",
            Sent::Posted => "courrier-poste",
        };
        // From the sheet that was printed at the counter, back to it.
        let list = match fields.first("sheet") {
            "" => "/agent/courriers".to_owned(),
            entry => format!("/agent/demandes/{}/recu", own.entry(&app, entry).await?.id),
        };
        Ok(Redirect::to(&format!("{list}?fait={done}")).into_response())
    } else {
        Err(WebError::Refused(Refusal::LetterDone))
    }
}
