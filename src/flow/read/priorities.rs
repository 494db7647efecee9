//! Priorities and reserves that were proposed for somebody, with the reason opened.

use uuid::Uuid;

use super::proposals::Proposed;
use crate::domain::ids::{EntryId, PrefectureId, QueueId};
use crate::flow::people::{Opener, Reader, reveal};
use crate::flow::{App, FlowError};
use crate::store::records::PrivilegeRecord;

pub struct Priority {
    pub id: Uuid,
    pub entry: EntryId,
    pub queue: QueueId,
    pub reference: String,
    pub name: String,
    /// 0 is priority; another one is the label of a reserve.
    pub label: u8,
    pub reason: String,
    pub proposed: Proposed,
}

/// Those that wait for a second person, the oldest first.
///
/// # Errors
/// If the store fails, or a field cannot be opened.
pub async fn pending(
    app: &App,
    prefecture: PrefectureId,
    reader: Reader,
) -> Result<Vec<Priority>, FlowError> {
    opened_all(app, app.store.privileges_pending(prefecture).await?, reader).await
}

/// Those that were rejected or withdrawn, the newest first.
///
/// # Errors
/// As [`pending`].
pub async fn closed(
    app: &App,
    prefecture: PrefectureId,
    (skip, limit): (i64, i64),
    reader: Reader,
) -> Result<Vec<Priority>, FlowError> {
    opened_all(app, app.store.privileges_rejected(prefecture, skip, limit).await?, reader).await
}

/// # Errors
/// [`FlowError::NotFound`].
pub async fn one(app: &App, id: Uuid, reader: Reader) -> Result<Priority, FlowError> {
    let record = app.store.privilege(id).await?.ok_or(FlowError::NotFound("priority"))?;
    opened(app, record, reader).await
}

async fn opened_all(
    app: &App,
    records: Vec<PrivilegeRecord>,
    reader: Reader,
) -> Result<Vec<Priority>, FlowError> {
    let mut priorities = Vec::with_capacity(records.len());
    for record in records {
        priorities.push(opened(app, record, reader).await?);
    }
    Ok(priorities)
}

async fn opened(app: &App, record: PrivilegeRecord, reader: Reader) -> Result<Priority, FlowError> {
    let entry = app.store.entry(record.entry_id).await?.ok_or(FlowError::NotFound("entry"))?;
    let name = reveal(app, &entry, reader).await?.full_name();
    let opener = Opener::of(&app.vault, entry.applicant_id, &entry.wrapped_key)?;
    let text = |column, sealed: &[u8]| opener.text("privilege", column, record.id, sealed);
    let rejected =
        record.rejected_reason.as_deref().map(|sealed| text("rejected_reason", sealed)).transpose()?;
    Ok(Priority {
        id: record.id,
        entry: entry.id,
        queue: entry.queue_id,
        label: u8::try_from(record.label).unwrap_or(0),
        name,
        reason: text("reason", &record.reason)?,
        proposed: Proposed::from(record.columns).with_reason(rejected),
        reference: entry.reference,
    })
}
