//! Which list takes which free slots: what the public reads before a draw, and managers before they publish.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::{App, FlowError, status};
use crate::domain::directory::Queue;
use crate::domain::ids::SiteId;
use crate::domain::local_time::Zone;
use crate::domain::situation::Offer;
use crate::domain::slot::Half;
use crate::flow::read::draws::{self, Draw};

/// A list to come.
#[derive(Clone, Copy, Debug)]
pub struct Coming {
    pub freeze_at: DateTime<Utc>,
    pub offer: Offer,
}

/// Free slots of one half-day at one site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seats {
    pub date: NaiveDate,
    pub half: Half,
    pub site: SiteId,
    pub count: u32,
}

/// The free slots of a queue.
#[derive(Debug)]
pub struct Offers {
    pub next: Option<Coming>,
    /// Those that the next list takes.
    pub in_next: Vec<Seats>,
    /// Published too late for it, or too far ahead.
    pub later: Vec<Seats>,
}

/// The free slots of a queue, by the list that takes them.
///
/// # Errors
/// If the database does not answer.
pub async fn of(app: &App, queue: &Queue, zone: Zone, active: Option<&Draw>) -> Result<Offers, FlowError> {
    let now = app.business.now();
    let next = status::next_draws(app, queue, zone, now, active.and_then(Draw::announced)).first().copied();
    let next = next.map(|freeze_at| coming(queue, zone, freeze_at, active));
    let (mut in_next, mut later) = (BTreeMap::new(), BTreeMap::new());
    for slot in &app.store.recent_slot_classes(queue.id, now).await?.published {
        let taken = next.is_some_and(|next| next.offer.takes(slot.starts_at, slot.public_since));
        let nearer = next.is_some_and(|next| slot.starts_at < next.offer.first);
        if !nearer {
            let seats = if taken { &mut in_next } else { &mut later };
            *seats.entry((slot.date, slot.half, slot.site)).or_insert(0) += slot.seats;
        }
    }
    let lines = |seats: BTreeMap<_, u32>| {
        seats.into_iter().map(|((date, half, site), count)| Seats { date, half, site, count }).collect()
    };
    Ok(Offers { next, in_next: lines(in_next), later: lines(later) })
}

/// The first list that takes slots published now.
///
/// # Errors
/// If the database does not answer.
pub async fn takes_from_now(app: &App, queue: &Queue, zone: Zone) -> Result<Option<Coming>, FlowError> {
    let public_at = app.business.now() + TimeDelta::hours(queue.rules.public_hours.into());
    let announced = draws::newest(app, queue.id, 1).await?.into_iter().next();
    let announced = announced.filter(|draw| draw.announced().is_some_and(|freeze_at| freeze_at >= public_at));
    let after = public_at - TimeDelta::seconds(1);
    let freeze_at = announced
        .as_ref()
        .map(|draw| draw.freeze_at)
        .or_else(|| app.calendar.upcoming(queue, zone, after, 1).first().copied());
    Ok(freeze_at.map(|freeze_at| coming(queue, zone, freeze_at, announced.as_ref())))
}

fn coming(queue: &Queue, zone: Zone, freeze_at: DateTime<Utc>, draw: Option<&Draw>) -> Coming {
    let announced = draw.filter(|draw| draw.freeze_at == freeze_at);
    let lead = TimeDelta::minutes(queue.rules.lead_minutes.into());
    let drawn_at = announced.map_or(freeze_at + lead, |draw| draw.seed_at);
    Coming { freeze_at, offer: Offer::of(&queue.rules, zone, freeze_at, drawn_at) }
}
