//! The counter: what an agent ticks until the evening, and what a holder or the prefecture gives up.

use super::read::convocations::reason_of;
use super::{App, Fault, FlowError, reason};
use crate::domain::actor::Actor;
use crate::domain::entry::ConvocationEvent;
use crate::domain::ids::{ConvocationId, QueueId, StaffId};
use crate::domain::refusal::Refusal;
use crate::store::commands::Ended;
use crate::vault::seal;

/// What an agent notes of an appointment. Who came, did not, or came without all that it takes is provisional until
/// the site closes; the rest ends the convocation at once. Some of it needs more: the wrong counter the right queue,
/// and a file that is incomplete, somebody else, or a counter that could not receive, a reason.
///
/// # Errors
/// [`FlowError::Refused`] if it has ended already, or it is too early or too late.
pub async fn tick(
    app: &App,
    convocation: ConvocationId,
    event: ConvocationEvent,
    reason: &str,
    to_queue: Option<QueueId>,
    by: StaffId,
) -> Result<(), FlowError> {
    let now = app.business.now();
    if let (Some(tick), false) = (event.tick(), event.needs_reason()) {
        return Ok(app.store.tick(convocation, Some(tick), None, by, now).await?);
    }
    let reason = if event.needs_reason() { Some(reason::needed(reason)?) } else { reason::optional(reason)? };
    if (event == ConvocationEvent::WrongCounter) != to_queue.is_some() {
        return Err(FlowError::invalid(Fault::new("to_queue", "to-queue")));
    }
    let record = app.store.convocation(convocation).await?.ok_or(FlowError::NotFound("convocation"))?;
    if event == ConvocationEvent::PrefectureCancel && now < record.starts_at {
        // Before its time the slot itself is withdrawn: it must not be offered again.
        return Err(FlowError::Refused(Refusal::TooEarly));
    }
    let entry = app.store.entry(record.entry_id).await?.ok_or(FlowError::NotFound("entry"))?;
    let key = app.vault.unwrap(entry.applicant_id.0, &entry.wrapped_key)?;
    let sealed =
        reason.as_ref().map(|text| seal(&key, "convocation", "reason", convocation.0, text.as_bytes()));
    if let Some(tick) = event.tick() {
        let is_final = record.ticked.settles_at.is_some_and(|settles_at| settles_at <= now);
        if record.ticked.tick == Some(tick)
            && !is_final
            && reason == reason_of(app, &entry, convocation, record.reason.as_deref())?
        {
            return Ok(());
        }
        return Ok(app.store.tick(convocation, Some(tick), sealed, by, now).await?);
    }
    end(app, convocation, event, sealed, to_queue, Actor::Staff(by)).await?;
    Ok(())
}

/// Takes a tick back: nothing is noted any more.
///
/// # Errors
/// [`FlowError::Refused`] if nothing was noted, or it is final.
pub async fn untick(app: &App, convocation: ConvocationId, by: StaffId) -> Result<(), FlowError> {
    Ok(app.store.tick(convocation, None, None, by, app.business.now()).await?)
}

/// The holder gives the slot back: free of cost in time, and as the rules say when late.
///
/// # Errors
/// As [`tick`].
pub async fn give_back(app: &App, convocation: ConvocationId, actor: Actor) -> Result<Ended, FlowError> {
    end(app, convocation, ConvocationEvent::Cancel, None, None, actor).await
}

async fn end(
    app: &App,
    convocation: ConvocationId,
    event: ConvocationEvent,
    reason: Option<Vec<u8>>,
    to_queue: Option<QueueId>,
    actor: Actor,
) -> Result<Ended, FlowError> {
    Ok(app.store.end_convocation(convocation, event, reason, to_queue, actor, app.business.now()).await?)
}
