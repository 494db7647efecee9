//! Moving an entry to another queue, with its day and its seniority: proposed by one person, approved by another.
//! Until then the entry stays where it is, in every list.

use uuid::Uuid;

use super::people::key_of;
use super::{App, FlowError, fresh, reason};
use crate::domain::ids::{EntryId, QueueId, StaffId};
use crate::domain::proposal::Closing;
use crate::store::commands::Relocation;
use crate::vault::seal;

/// Proposes the right queue, for a reason that is sealed with the person's key.
///
/// # Errors
/// If the reason is missing; [`FlowError::Refused`] if the entry cannot move, the person already waits there, or a
/// proposal stands.
pub async fn propose(
    app: &App,
    entry: EntryId,
    queue: QueueId,
    why: &str,
    by: StaffId,
) -> Result<(), FlowError> {
    let why = reason::needed(why)?;
    let id: Uuid = fresh();
    let reason = Some(sealed(app, entry, "reason", id, &why).await?);
    let new = Relocation { id, entry, queue, reason, by };
    Ok(app.store.propose_relocation(new, app.business.now()).await?)
}

/// Moves it, as a second person.
///
/// # Errors
/// [`FlowError::Refused`] if it is the same person, it is decided, or the entry can no longer move.
pub async fn approve(app: &App, id: Uuid, by: StaffId) -> Result<(), FlowError> {
    Ok(app.store.approve_relocation(id, by, app.business.now()).await?)
}

/// Rejects it, as a second person, for a sealed reason.
///
/// # Errors
/// If the reason is missing; [`FlowError::Refused`] if it is the same person, or it is decided.
pub async fn reject(app: &App, id: Uuid, why: &str, by: StaffId) -> Result<(), FlowError> {
    let why = reason::needed(why)?;
    let proposed = app.store.relocation(id).await?.ok_or(FlowError::NotFound("relocation"))?;
    let closing = Closing::Reject(sealed(app, proposed.entry_id, "rejected_reason", id, &why).await?);
    Ok(app.store.close_relocation(id, closing, by, app.business.now()).await?)
}

/// Withdraws one's own proposal.
///
/// # Errors
/// [`FlowError::Refused`] if it is another's, or it is decided.
pub async fn withdraw(app: &App, id: Uuid, by: StaffId) -> Result<(), FlowError> {
    Ok(app.store.close_relocation(id, Closing::Withdraw, by, app.business.now()).await?)
}

async fn sealed(app: &App, entry: EntryId, column: &str, id: Uuid, text: &str) -> Result<Vec<u8>, FlowError> {
    let entry = app.store.entry(entry).await?.ok_or(FlowError::NotFound("entry"))?;
    let key = key_of(&app.vault, entry.applicant_id, &entry.wrapped_key)?;
    Ok(seal(&key, "relocation", column, id, text.as_bytes()))
}
