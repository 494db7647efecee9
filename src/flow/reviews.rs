//! A draw decides by itself, so whoever is concerned may ask that a person looks at their request again. An agent answers,
//! by a date that is followed.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::people::{Opener, key_of};
use super::{App, Fault, FlowError, fresh};
use crate::domain::ids::{EntryId, PrefectureId, StaffId};
use crate::domain::review::due_at;
use crate::domain::text::clean;
use crate::store::commands::{NewReview, ReviewAnswer};
use crate::store::records::ReviewRecord;
use crate::vault::seal;

const TABLE: &str = "review";
/// How long a request and an answer are, in characters.
const CHARS: std::ops::RangeInclusive<usize> = 5..=2_000;

/// A request for a review.
#[derive(Clone, Debug)]
pub struct Review {
    pub id: Uuid,
    pub entry: EntryId,
    pub request: String,
    pub asked_at: DateTime<Utc>,
    /// The agent who wrote it down, if one did.
    pub asked_by: Option<StaffId>,
    pub due_at: DateTime<Utc>,
    pub answer: Option<Answer>,
}

#[derive(Clone, Debug)]
pub struct Answer {
    pub text: String,
    pub at: DateTime<Utc>,
    pub by: StaffId,
}

/// Asks for a review, by the person or by the agent to whom they say it.
///
/// # Errors
/// Names the field; [`FlowError::Refused`] while one is open.
pub async fn ask(app: &App, entry: EntryId, typed: &str, asked_by: Option<StaffId>) -> Result<(), FlowError> {
    let request = read("review", typed)?;
    let record = app.store.entry(entry).await?.ok_or(FlowError::NotFound("entry"))?;
    let key = key_of(&app.vault, record.applicant_id, &record.wrapped_key)?;
    let (id, now): (Uuid, _) = (fresh(), app.business.now());
    let request = seal(&key, TABLE, "request", id, request.as_bytes());
    let new = NewReview { id, entry, request, asked_by, due_at: due_at(now) };
    Ok(app.store.ask_review(new, now).await?)
}

/// Answers it; the person is told.
///
/// # Errors
/// Names the field; [`FlowError::Refused`] if it is answered already.
pub async fn answer(app: &App, review: &Review, typed: &str, by: StaffId) -> Result<(), FlowError> {
    let text = read("answer", typed)?;
    let record = app.store.entry(review.entry).await?.ok_or(FlowError::NotFound("entry"))?;
    let key = key_of(&app.vault, record.applicant_id, &record.wrapped_key)?;
    let answer = seal(&key, TABLE, "answer", review.id, text.as_bytes());
    let answer = ReviewAnswer { review: review.id, entry: review.entry, answer, by };
    Ok(app.store.answer_review(answer, app.business.now()).await?)
}

fn read(field: &'static str, typed: &str) -> Result<String, FlowError> {
    let text = clean(typed).map_err(|_| Fault::new(field, "review-unreadable"))?;
    if CHARS.contains(&text.chars().count()) { Ok(text) } else { Err(Fault::new(field, "review").into()) }
}

/// # Errors
/// [`FlowError::NotFound`].
pub async fn one(app: &App, id: Uuid) -> Result<Review, FlowError> {
    let record = app.store.review(id).await?.ok_or(FlowError::NotFound("review"))?;
    let opener = opener(app, record.entry_id).await?;
    opened(&record, &opener)
}

/// Those of an entry, the newest first.
///
/// # Errors
/// If the store fails, or a text cannot be opened.
pub async fn of(app: &App, entry: EntryId) -> Result<Vec<Review>, FlowError> {
    let records = app.store.reviews_of(entry).await?;
    if records.is_empty() {
        return Ok(Vec::new());
    }
    let opener = opener(app, entry).await?;
    records.iter().map(|record| opened(record, &opener)).collect()
}

/// Those of a prefecture that nobody has answered, the most urgent first.
///
/// # Errors
/// If the store fails, or a text cannot be opened.
pub async fn open(
    app: &App,
    prefecture: PrefectureId,
    (skip, limit): (i64, i64),
) -> Result<Vec<Review>, FlowError> {
    let records = app.store.reviews_open(prefecture, skip, limit).await?;
    let mut reviews = Vec::with_capacity(records.len());
    for record in records {
        let opener = opener(app, record.entry_id).await?;
        reviews.push(opened(&record, &opener)?);
    }
    Ok(reviews)
}

async fn opener(app: &App, entry: EntryId) -> Result<Opener, FlowError> {
    let entry = app.store.entry(entry).await?.ok_or(FlowError::NotFound("entry"))?;
    Ok(Opener::of(&app.vault, entry.applicant_id, &entry.wrapped_key)?)
}

fn opened(record: &ReviewRecord, opener: &Opener) -> Result<Review, FlowError> {
    let text = |column, sealed: &[u8]| opener.text(TABLE, column, record.id, sealed);
    let answer = match (&record.answer, record.answered_at, record.answered_by) {
        (Some(sealed), Some(at), Some(by)) => Some(Answer { text: text("answer", sealed)?, at, by }),
        _ => None,
    };
    Ok(Review {
        id: record.id,
        entry: record.entry_id,
        request: text("request", &record.request)?,
        asked_at: record.asked_at,
        asked_by: record.asked_by,
        due_at: record.due_at,
        answer,
    })
}

/// Whether an entry's holder has asked in these words already: sent twice, it is done.
///
/// # Errors
/// As [`of`].
pub async fn is_asked(app: &App, entry: EntryId, typed: &str) -> Result<bool, FlowError> {
    let typed = clean(typed).ok();
    Ok(of(app, entry).await?.iter().any(|one| one.answer.is_none() && Some(&one.request) == typed.as_ref()))
}
