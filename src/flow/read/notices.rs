//! A notice as it may be shown.

use chrono::{DateTime, Utc};

use crate::domain::ids::{ConvocationId, EntryId, NoticeId, PrefectureId};
use crate::domain::notice::{NoticeKind, NoticeState, Way};
use crate::flow::{App, FlowError};
use crate::store::records::NoticeRecord;

#[derive(Clone, Debug)]
pub struct Notice {
    pub id: NoticeId,
    pub entry_id: EntryId,
    pub convocation_id: Option<ConvocationId>,
    pub kind: NoticeKind,
    pub way: Way,
    pub state: NoticeState,
    pub due_at: DateTime<Utc>,
    pub created_at: DateTime<Utc>,
    pub detail: Option<String>,
    pub settled_at: Option<DateTime<Utc>>,
    /// When it counts as received: for a letter that was posted, some days ahead.
    pub received_at: Option<DateTime<Utc>>,
}

impl Notice {
    /// The word for what has become of it.
    pub fn shown_as(&self) -> &'static str {
        self.state.shown_as(self.way, self.received_at > self.settled_at)
    }
}

impl From<NoticeRecord> for Notice {
    fn from(record: NoticeRecord) -> Self {
        Self {
            id: record.id,
            entry_id: record.entry_id,
            convocation_id: record.convocation_id,
            kind: record.kind,
            way: record.way,
            state: record.state,
            due_at: record.due_at,
            created_at: record.created_at,
            detail: record.detail,
            settled_at: record.settled_at,
            received_at: record.received_at,
        }
    }
}

/// # Errors
/// [`FlowError::NotFound`].
pub async fn one(app: &App, id: NoticeId) -> Result<Notice, FlowError> {
    Ok(app.store.notice(id).await?.ok_or(FlowError::NotFound("notice"))?.into())
}

/// The letters of a prefecture that wait for an agent, the most urgent first.
///
/// # Errors
/// If the store fails.
pub async fn letters_due(
    app: &App,
    prefecture: PrefectureId,
    skip: i64,
    limit: i64,
) -> Result<Vec<Notice>, FlowError> {
    let due = app.store.letters_due(prefecture, app.business.now(), skip, limit).await?;
    Ok(due.into_iter().map(Notice::from).collect())
}

/// What has left a prefecture, the newest first.
///
/// # Errors
/// If the store fails.
pub async fn outbox(
    app: &App,
    prefecture: PrefectureId,
    skip: i64,
    limit: i64,
) -> Result<Vec<Notice>, FlowError> {
    Ok(app.store.outbox(prefecture, skip, limit).await?.into_iter().map(Notice::from).collect())
}
