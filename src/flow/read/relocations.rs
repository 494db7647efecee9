//! Changes of queue that wait for a second person, with the reason opened.

use uuid::Uuid;

use super::proposals::Proposed;
use crate::domain::ids::{EntryId, PrefectureId, QueueId};
use crate::flow::people::{Opener, Reader, reveal};
use crate::flow::{App, FlowError};
use crate::store::records::RelocationRecord;

pub struct Relocation {
    pub id: Uuid,
    pub entry: EntryId,
    pub reference: String,
    pub name: String,
    /// Where the entry waits, and where it would.
    pub from: QueueId,
    pub to: QueueId,
    /// None where the agent of a wrong counter proposed it.
    pub reason: Option<String>,
    pub proposed: Proposed,
}

/// The oldest first.
///
/// # Errors
/// If the store fails, or a field cannot be opened.
pub async fn pending(
    app: &App,
    prefecture: PrefectureId,
    reader: Reader,
) -> Result<Vec<Relocation>, FlowError> {
    let mut relocations = Vec::new();
    for record in app.store.relocations_pending(prefecture).await? {
        relocations.push(opened(app, record, reader).await?);
    }
    Ok(relocations)
}

/// # Errors
/// [`FlowError::NotFound`].
pub async fn one(app: &App, id: Uuid, reader: Reader) -> Result<Relocation, FlowError> {
    opened(app, app.store.relocation(id).await?.ok_or(FlowError::NotFound("relocation"))?, reader).await
}

/// The one that is proposed for an entry, if any.
///
/// # Errors
/// If the store fails, or a field cannot be opened.
pub async fn of_entry(app: &App, entry: EntryId, reader: Reader) -> Result<Option<Relocation>, FlowError> {
    match app.store.relocation_open(entry).await? {
        Some(record) => Ok(Some(opened(app, record, reader).await?)),
        None => Ok(None),
    }
}

async fn opened(app: &App, record: RelocationRecord, reader: Reader) -> Result<Relocation, FlowError> {
    let entry = app.store.entry(record.entry_id).await?.ok_or(FlowError::NotFound("entry"))?;
    let name = reveal(app, &entry, reader).await?.full_name();
    let opener = Opener::of(&app.vault, entry.applicant_id, &entry.wrapped_key)?;
    let open = |sealed: &[u8]| opener.text("relocation", "reason", record.id, sealed);
    Ok(Relocation {
        id: record.id,
        entry: entry.id,
        name,
        from: entry.queue_id,
        to: record.queue_id,
        reason: record.reason.as_deref().map(open).transpose()?,
        proposed: Proposed::from(record.columns),
        reference: entry.reference,
    })
}
