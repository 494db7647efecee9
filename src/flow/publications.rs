//! Slots that few of those who wait could accept take two people. Whoever proposes them is told that a second
//! person must agree, never how few: a preview would say which slots suit a friend alone.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{Days, NaiveDate};
use uuid::Uuid;

use super::slots::Count;
use super::{App, FlowError, offers, reason};
use crate::domain::audience::{Audience, SeatKind};
use crate::domain::directory::{Directory, Queue};
use crate::domain::ids::{QueueId, SiteId, StaffId};
use crate::domain::local_time::Zone;
use crate::domain::proposal::Closing;
use crate::domain::refusal::Refusal;
use crate::store::commands::{Judge, NewSlot, Published, WaitingGroup};
use crate::store::records::PublicationRecord;

/// What the draws that can take new slots of a queue have to do with them.
struct Seating {
    horizon_days: u16,
    zones: HashMap<SiteId, Zone>,
    /// The day of the first draw that can take them.
    drawn_on: NaiveDate,
}

impl Seating {
    async fn of(app: &App, directory: &Directory, queue: &Queue) -> Result<Self, FlowError> {
        let prefecture =
            directory.prefecture(queue.prefecture_id).ok_or(FlowError::NotFound("prefecture"))?;
        let list = offers::takes_from_now(app, queue, prefecture.zone).await?;
        let today = prefecture.zone.local_date(app.business.now());
        Ok(Self {
            horizon_days: queue.rules.horizon_days,
            zones: directory.sites_of(prefecture.id).map(|site| (site.id, site.zone)).collect(),
            drawn_on: list.map_or(today, |list| list.offer.drawn_on),
        })
    }

    fn kind(&self, slot: &NewSlot) -> Option<SeatKind> {
        let zone = self.zones.get(&slot.site)?;
        let date = zone.local_date(slot.starts_at);
        // A slot farther than the horizon is drawn later, when it comes within it.
        let drawn_on = self.drawn_on.max(date - Days::new(self.horizon_days.into()));
        Some(SeatKind { site: slot.site, date, half: zone.half_of(slot.starts_at), drawn_on })
    }

    /// How many could accept the best of these slots.
    fn audience(&self, waiting: &[WaitingGroup], slots: &[NewSlot]) -> Audience {
        let people = waiting.iter().map(|group| (&group.can, group.people));
        Audience::of_best(people, slots.iter().filter_map(|slot| self.kind(slot)))
    }
}

/// Tells whether new slots of a queue need a second person.
pub(super) async fn judge(app: &App, queue: QueueId) -> Result<Judge, FlowError> {
    let directory = app.store.directory().await?;
    let queue = directory.queue(queue).ok_or(FlowError::NotFound("queue"))?;
    let seating = Seating::of(app, &directory, queue).await?;
    let (few_percent, admit_declared) = (queue.rules.few_percent, queue.rules.admit_declared);
    let needs_second = Arc::new(move |waiting: &[WaitingGroup], slots: &[NewSlot]| {
        seating.audience(waiting, slots).is_few(few_percent)
    });
    Ok(Judge { admit_declared, few_percent, needs_second })
}

/// How many could accept the best slot of a proposed publication: for the person who decides, and no other.
///
/// # Errors
/// [`FlowError::Refused`] for its author.
pub async fn audience(
    app: &App,
    publication: &PublicationRecord,
    reader: StaffId,
) -> Result<Audience, FlowError> {
    if publication.columns.proposal().is_by(reader) {
        return Err(FlowError::Refused(Refusal::SecondPerson));
    }
    let directory = app.store.directory().await?;
    let queue = directory.queue(publication.queue_id).ok_or(FlowError::NotFound("queue"))?;
    let seating = Seating::of(app, &directory, queue).await?;
    let now = app.business.now();
    let waiting = app.store.waiting_groups(queue.id, queue.rules.admit_declared, now).await?;
    Ok(seating.audience(&waiting, &publication.slots))
}

/// Publishes what another person proposed. It is public from now on, not from the proposal.
///
/// # Errors
/// [`FlowError::Refused`] if it is theirs or decided, or if a desk has been taken meanwhile.
pub async fn approve(app: &App, id: Uuid, by: StaffId) -> Result<Count, FlowError> {
    match app.store.approve_publication(id, by, app.business.now()).await? {
        Published::Done { new, doubles } => Ok(Count { new, doubles }),
        Published::Busy(_) | Published::Proposed => Err(FlowError::Refused(Refusal::Changed)),
    }
}

/// Rejects what another person proposed, for a reason.
///
/// # Errors
/// If the reason is missing; [`FlowError::Refused`] if it is theirs or decided.
pub async fn reject(app: &App, id: Uuid, why: &str, by: StaffId) -> Result<(), FlowError> {
    let closing = Closing::Reject(reason::sealed(app, why)?);
    Ok(app.store.close_publication(id, closing, by, app.business.now()).await?)
}

/// Withdraws one's own proposal.
///
/// # Errors
/// [`FlowError::Refused`] if it is another's, or decided.
pub async fn withdraw(app: &App, id: Uuid, by: StaffId) -> Result<(), FlowError> {
    Ok(app.store.close_publication(id, Closing::Withdraw, by, app.business.now()).await?)
}
