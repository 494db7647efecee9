//! When a request was opened on its holder's own pages, with the reference and the birth date or by a code: written down for
//! the holder, since somebody else may have both. And closing these pages everywhere.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{App, FlowError};
use crate::domain::ids::EntryId;
use crate::store::records::VisitRecord;

const NOTED_WITHIN: Duration = Duration::from_millis(500);
/// Days that a page shows: the export of one's data has all.
const SHOWN_MAX: i64 = 30;

/// The openings of one day.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Visit {
    pub first_at: DateTime<Utc>,
    pub last_at: DateTime<Utc>,
    pub times: i32,
}

impl From<VisitRecord> for Visit {
    fn from(record: VisitRecord) -> Self {
        Self { first_at: record.first_at, last_at: record.last_at, times: record.times }
    }
}

/// Writes down that somebody was recognised as the holder. A store that cannot write, or not now, keeps nobody from their page.
pub async fn note(app: &App, entry: EntryId) {
    let noted = tokio::time::timeout(NOTED_WITHIN, app.store.note_visit(entry, app.real.now())).await;
    if !matches!(noted, Ok(Ok(()))) {
        tracing::warn!(event = "visit.not_noted", %entry, "an opening of a holder's page was not written down");
    }
}

/// The last days on which it was opened, the newest first.
///
/// # Errors
/// If the store fails.
pub async fn of(app: &App, entry: EntryId) -> Result<Vec<Visit>, FlowError> {
    Ok(app.store.visits(entry, SHOWN_MAX).await?.into_iter().map(Visit::from).collect())
}

/// The same, however many there are.
///
/// # Errors
/// If the store fails.
pub async fn all_of(app: &App, entry: EntryId) -> Result<Vec<Visit>, FlowError> {
    Ok(app.store.visits(entry, i64::MAX).await?.into_iter().map(Visit::from).collect())
}

/// Since when its pages are open only to whoever was recognised later.
///
/// # Errors
/// If the store fails.
pub async fn open_since(app: &App, entry: EntryId) -> Result<Option<DateTime<Utc>>, FlowError> {
    Ok(app.store.holder_since(entry).await?)
}

/// Closes the pages that are open now, in every browser.
///
/// # Errors
/// If the store fails.
pub async fn close(app: &App, entry: EntryId) -> Result<(), FlowError> {
    Ok(app.store.close_pages(entry, app.real.now()).await?)
}
