//! The counter: what an agent ticks until the evening, and what a holder or the prefecture gives up.

use super::people::key_of;
use super::read::convocations::reason_of;
use super::{App, Fault, FlowError, reason};
use crate::domain::actor::Actor;
use crate::domain::entry::ConvocationEvent;
use crate::domain::ids::{ConvocationId, QueueId, StaffId};
use crate::domain::refusal::Refusal;
use crate::store::commands::{Ended, Note};
use crate::vault::seal;

/// What an agent notes of an appointment: provisional until the site closes. The wrong counter needs the right queue;
/// a file that is incomplete, somebody else, or a counter that could not receive need a reason. The last is no tick:
/// it ends the convocation at once.
///
/// # Errors
/// [`FlowError::Refused`] if it has ended already, or it is too early or too late.
pub async fn tick(
    app: &App,
    convocation: ConvocationId,
    event: ConvocationEvent,
    reason: &str,
    right_queue: Option<QueueId>,
    by: StaffId,
) -> Result<(), FlowError> {
    if (event == ConvocationEvent::WrongCounter) != right_queue.is_some() {
        return Err(FlowError::invalid(Fault::new("to_queue", "to-queue")));
    }
    let now = app.business.now();
    let note = |tick, reason| Some(Note { tick, reason, right_queue });
    if !event.needs_reason() {
        let tick = event.tick().ok_or(FlowError::Refused(Refusal::ConvocationEnded))?;
        return Ok(app.store.tick(convocation, note(tick, None), by, now).await?);
    }
    let reason = reason::needed(reason)?;
    let record = app.store.convocation(convocation).await?.ok_or(FlowError::NotFound("convocation"))?;
    let entry = app.store.entry(record.entry_id).await?.ok_or(FlowError::NotFound("entry"))?;
    let key = key_of(&app.vault, entry.applicant_id, &entry.wrapped_key)?;
    let sealed = seal(&key, "convocation", "reason", convocation.0, reason.as_bytes());
    let Some(tick) = event.tick() else {
        if now < record.starts_at {
            // Before its time the slot itself is withdrawn: it must not be offered again.
            return Err(FlowError::Refused(Refusal::TooEarly));
        }
        end(app, convocation, event, Some(sealed), Actor::Staff(by)).await?;
        return Ok(());
    };
    let is_final = record.ticked.settles_at.is_some_and(|settles_at| settles_at <= now);
    let noted = reason_of(app, &entry, convocation, record.reason.as_deref())?;
    if record.ticked.tick == Some(tick) && !is_final && noted.as_ref() == Some(&reason) {
        return Ok(());
    }
    Ok(app.store.tick(convocation, note(tick, Some(sealed)), by, now).await?)
}

/// Takes a tick back: nothing is noted any more.
///
/// # Errors
/// [`FlowError::Refused`] if nothing was noted, or it is final.
pub async fn untick(app: &App, convocation: ConvocationId, by: StaffId) -> Result<(), FlowError> {
    Ok(app.store.tick(convocation, None, by, app.business.now()).await?)
}

/// The holder gives the slot back: free of cost in time, and as the rules say when late.
///
/// # Errors
/// As [`tick`].
pub async fn give_back(app: &App, convocation: ConvocationId, actor: Actor) -> Result<Ended, FlowError> {
    end(app, convocation, ConvocationEvent::Cancel, None, actor).await
}

async fn end(
    app: &App,
    convocation: ConvocationId,
    event: ConvocationEvent,
    reason: Option<Vec<u8>>,
    actor: Actor,
) -> Result<Ended, FlowError> {
    Ok(app.store.end_convocation(convocation, event, reason, actor, app.business.now()).await?)
}
