//! What a holder or an agent can change of a waiting entry.

use super::people::key_of;
use super::register::Place;
use super::{App, Fault, FlowError, fresh, reason};
use crate::domain::actor::Actor;
use crate::domain::availability::Availability;
use crate::domain::ids::{EntryId, StaffId};
use crate::domain::proposal::Closing;
pub use crate::store::commands::EntryChange;
use crate::store::commands::Grant;
use crate::vault::seal;

/// Applies a change; a state that does not allow it is refused by name.
///
/// # Errors
/// [`FlowError::Refused`] if the entry has ended or changed meanwhile.
pub async fn change(app: &App, entry: EntryId, change: EntryChange, actor: Actor) -> Result<(), FlowError> {
    Ok(app.store.change_entry(entry, change, actor, app.business.now()).await?)
}

/// Changes what the holder can attend; in force from the next list.
///
/// # Errors
/// Names the field at fault.
pub async fn change_availability(
    app: &App,
    entry: EntryId,
    availability: Availability,
    actor: Actor,
) -> Result<(), FlowError> {
    let record = app.store.entry(entry).await?.ok_or(FlowError::NotFound("entry"))?;
    let mut place = Place::of(app, app.store.directory().await?, record.queue_id).await?;
    place.opening = place.opening.or(&record.availability);
    let faults = place.availability_faults(&availability);
    if !faults.is_empty() {
        return Err(FlowError::Invalid(faults));
    }
    change(app, entry, EntryChange::Availability(availability), actor).await
}

/// Proposes a reserve's label, or priority (label 0), for a reason: a second person approves.
///
/// # Errors
/// If the reason is missing, the label is not in the rules, or the privilege stands already.
pub async fn grant(app: &App, entry: EntryId, label: u8, why: &str, by: StaffId) -> Result<(), FlowError> {
    let why = reason::needed(why)?;
    let record = app.store.entry(entry).await?.ok_or(FlowError::NotFound("entry"))?;
    let directory = app.store.directory().await?;
    let queue = directory.queue(record.queue_id).ok_or(FlowError::NotFound("queue"))?;
    if label != 0 && !queue.rules.reserves.iter().any(|reserve| reserve.label == label) {
        return Err(FlowError::invalid(Fault::new("label", "label")));
    }
    let id: uuid::Uuid = fresh();
    let key = key_of(&app.vault, record.applicant_id, &record.wrapped_key)?;
    let grant = Grant { id, entry, label, reason: seal(&key, "privilege", "reason", id, why.as_bytes()), by };
    Ok(app.store.grant(grant, app.business.now()).await?)
}

/// The second person's approval of a priority or a reserve.
///
/// # Errors
/// [`FlowError::Refused`] if it is the same agent, or it is decided.
pub async fn approve_priority(app: &App, privilege: uuid::Uuid, by: StaffId) -> Result<(), FlowError> {
    Ok(app.store.approve_privilege(privilege, by, app.business.now()).await?)
}

/// The second agent's rejection, for a reason that is sealed with the person's key.
///
/// # Errors
/// If the reason is missing; [`FlowError::Refused`] if it is the same agent, or it is decided.
pub async fn reject_priority(app: &App, id: uuid::Uuid, why: &str, by: StaffId) -> Result<(), FlowError> {
    let why = reason::needed(why)?;
    let privilege = app.store.privilege(id).await?.ok_or(FlowError::NotFound("privilege"))?;
    let entry = app.store.entry(privilege.entry_id).await?.ok_or(FlowError::NotFound("entry"))?;
    let key = key_of(&app.vault, entry.applicant_id, &entry.wrapped_key)?;
    let closing = Closing::Reject(seal(&key, "privilege", "rejected_reason", id, why.as_bytes()));
    Ok(app.store.close_privilege(id, closing, by, app.business.now()).await?)
}

/// Withdraws one's own proposal of a priority.
///
/// # Errors
/// [`FlowError::Refused`] if it is another's, or it is decided.
pub async fn withdraw_priority(app: &App, id: uuid::Uuid, by: StaffId) -> Result<(), FlowError> {
    Ok(app.store.close_privilege(id, Closing::Withdraw, by, app.business.now()).await?)
}
