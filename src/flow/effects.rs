//! What a proposal would do, in figures, for the second person who decides it: who stands before an entry and beside it in
//! a list made now, and how likely a place is. Counted from those who wait now, by the rules.

use std::collections::HashMap;
use std::collections::hash_map::Entry as Slot;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::people::merge::asked_to_close;
use super::{App, FlowError};
use crate::domain::directory::Queue;
use crate::domain::entry::EntryState;
use crate::domain::ids::{DrawId, EntryId, QueueId};
use crate::domain::odds::Crowd;
use crate::domain::rules::{Rules, Standing};
use crate::store::records::{DrawState, EntryRecord, StandingGroup};

/// Draws looked through for the last one that was held.
const LOOKED_THROUGH: i64 = 8;

/// Where an entry stands among the others of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rank {
    /// Served before it.
    pub before: u32,
    /// Of the same rank: the ticket decides among them.
    pub beside: u32,
    /// How likely a place is, from 0 to 1, with as many seats as the last draw had; none before the first one.
    pub chance: Option<f64>,
}

/// What becomes of one entry.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Effect {
    /// Others whom a list of now would hold.
    pub others: u32,
    /// None where a list of now would not hold it: it is paused, convoked, or not verified.
    pub now: Option<Rank>,
    pub then: Rank,
}

/// Those who wait in one queue, by what counts in a draw.
struct Waiting {
    queue: Queue,
    groups: Vec<StandingGroup>,
    /// Of the last draw.
    seats: Option<u32>,
}

impl Waiting {
    async fn of(app: &App, id: QueueId) -> Result<Self, FlowError> {
        let directory = app.store.directory().await?;
        let queue = directory.queue(id).cloned().ok_or(FlowError::NotFound("queue"))?;
        let draws = app.store.draws_of(id, LOOKED_THROUGH).await?;
        let last = draws.into_iter().find(|draw| draw.state == DrawState::Published);
        Ok(Self {
            queue,
            groups: app.store.standing_groups(id, app.business.now()).await?,
            seats: last.and_then(|draw| draw.slot_count).and_then(|seats| u32::try_from(seats).ok()),
        })
    }

    /// Those whom a list of now would hold under some rules.
    fn listed<'a>(&'a self, rules: &'a Rules) -> impl Iterator<Item = &'a StandingGroup> {
        self.groups.iter().filter(|group| group.is_verified || rules.admit_declared)
    }

    fn crowd(&self, rules: &Rules) -> Crowd {
        let mut crowd = Crowd::default();
        for group in self.listed(rules) {
            let place = rules.place(&group.standing);
            crowd.add_many((place.tier, place.bucket), place.weight, group.people);
        }
        crowd
    }

    /// The others beside these entries, which wait here or do not.
    fn without<'a>(&self, entries: impl IntoIterator<Item = &'a EntryRecord>, now: DateTime<Utc>) -> Crowd {
        let rules = &self.queue.rules;
        let mut others = self.crowd(rules);
        for entry in entries {
            if self.holds(entry, now) {
                let place = rules.place(&Standing::from(&entry.standing));
                others.remove((place.tier, place.bucket), place.weight);
            }
        }
        others
    }

    /// Whether a list of now would hold an entry.
    fn holds(&self, entry: &EntryRecord, now: DateTime<Utc>) -> bool {
        let waits = match entry.state {
            EntryState::Waiting => true,
            EntryState::AwaitingIdentity => self.queue.rules.admit_declared,
            _ => false,
        };
        let is_out = entry.paused || entry.paused_until.is_some_and(|until| until > now);
        entry.queue_id == self.queue.id && waits && !is_out
    }

    fn rank(&self, others: &Crowd, rules: &Rules, standing: &Standing) -> Rank {
        let place = rules.place(standing);
        let at = (place.tier, place.bucket);
        let chance = self.seats.map(|seats| {
            let mut all = others.clone();
            all.add(at, place.weight);
            all.chance(seats, at, place.weight)
        });
        Rank { before: others.before(at), beside: others.beside(at), chance }
    }
}

/// What proposals would do; each queue is counted once.
pub struct Effects<'a> {
    app: &'a App,
    waiting: HashMap<QueueId, Waiting>,
}

impl<'a> Effects<'a> {
    pub fn new(app: &'a App) -> Self {
        Self { app, waiting: HashMap::new() }
    }

    async fn waiting(&mut self, queue: QueueId) -> Result<&Waiting, FlowError> {
        Ok(match self.waiting.entry(queue) {
            Slot::Occupied(known) => known.into_mut(),
            Slot::Vacant(free) => free.insert(Waiting::of(self.app, queue).await?),
        })
    }

    async fn entry(&self, id: EntryId) -> Result<EntryRecord, FlowError> {
        self.app.store.entry(id).await?.ok_or(FlowError::NotFound("entry"))
    }

    /// An entry among the others of its queue, without `gone`, which would be closed.
    async fn in_queue(
        &mut self,
        entry: &EntryRecord,
        then: &Standing,
        gone: Option<&EntryRecord>,
    ) -> Result<Effect, FlowError> {
        let now = self.app.business.now();
        let waiting = self.waiting(entry.queue_id).await?;
        let rules = &waiting.queue.rules;
        let others = waiting.without([Some(entry), gone].into_iter().flatten(), now);
        let rank = |standing: &Standing| waiting.rank(&others, rules, standing);
        Ok(Effect {
            others: others.people(),
            now: waiting.holds(entry, now).then(|| rank(&Standing::from(&entry.standing))),
            then: rank(then),
        })
    }

    /// A priority that is granted.
    ///
    /// # Errors
    /// [`FlowError::NotFound`].
    pub async fn of_priority(&mut self, entry: EntryId) -> Result<Effect, FlowError> {
        let entry = self.entry(entry).await?;
        let then = Standing { priority: true, ..Standing::from(&entry.standing) };
        self.in_queue(&entry, &then, None).await
    }

    /// How many of those whom a list would hold have the reserve with this label already, and how many it would hold.
    ///
    /// # Errors
    /// [`FlowError::NotFound`].
    pub async fn of_reserve(&mut self, queue: QueueId, label: u8) -> Result<(u32, u32), FlowError> {
        let waiting = self.waiting(queue).await?;
        let rules = &waiting.queue.rules;
        let has_it = |group: &&StandingGroup| rules.place(&group.standing).reserve == label;
        let people =
            |groups: &mut dyn Iterator<Item = &StandingGroup>| groups.map(|group| group.people).sum();
        Ok((people(&mut waiting.listed(rules).filter(has_it)), people(&mut waiting.listed(rules))))
    }

    /// A move: where it waits now, and where it would, among how many.
    ///
    /// # Errors
    /// [`FlowError::NotFound`].
    pub async fn of_move(&mut self, entry: EntryId, to: QueueId) -> Result<Effect, FlowError> {
        let entry = self.entry(entry).await?;
        let standing = Standing::from(&entry.standing);
        let now = self.in_queue(&entry, &standing, None).await?.now;
        let waiting = self.waiting(to).await?;
        let rules = &waiting.queue.rules;
        let others = waiting.crowd(rules);
        // A label means something in one queue only.
        let then = waiting.rank(&others, rules, &Standing { labels: Vec::new(), ..standing });
        Ok(Effect { others: others.people(), now, then })
    }

    /// A merge that an agent has asked for; none if none is.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn of_merge(&mut self, keep: EntryId) -> Result<Option<Merging>, FlowError> {
        let entry = self.entry(keep).await?;
        let Some(other) = asked_to_close(self.app, &entry).await? else { return Ok(None) };
        let other = self.entry(other).await?;
        if !other.state.is_live() {
            return Ok(None);
        }
        let is_same_queue = entry.queue_id == other.queue_id;
        let then = Standing::from(&entry.standing).joined(&Standing::from(&other.standing), is_same_queue);
        let effect = self.in_queue(&entry, &then, Some(&other)).await?;
        Ok(Some(Merging { registered_at: other.registered_at, reference: other.reference, effect }))
    }

    /// What other rules make of those who wait.
    ///
    /// # Errors
    /// [`FlowError::NotFound`].
    pub async fn of_rules(&mut self, queue: QueueId, then: &Rules) -> Result<(Listed, Listed), FlowError> {
        let (directory, now) = (self.app.store.directory().await?, self.app.business.now());
        let waiting = self.waiting(queue).await?;
        let prefecture = directory.prefecture(waiting.queue.prefecture_id);
        let zone = prefecture.ok_or(FlowError::NotFound("prefecture"))?.zone;
        let newcomer = Standing { arrival_day: zone.arrival_day(now), ..Standing::default() };
        let most = waiting.groups.iter().map(|group| group.standing.draws_survived).max().unwrap_or(0);
        let listed = |rules: &Rules| {
            let crowd = waiting.crowd(rules);
            let at = |survived| Standing { draws_survived: survived, ..newcomer.clone() };
            Listed {
                people: crowd.people(),
                tiers: [0, 1, 2, 3].map(|tier| crowd.in_tier(tier)),
                newcomer: waiting.rank(&crowd, rules, &newcomer),
                oldest: waiting.rank(&crowd, rules, &at(most)).chance.filter(|_| most > 0),
            }
        };
        Ok((listed(&waiting.queue.rules), listed(then)))
    }
}

/// A merge: which entry would be closed, since when it waits, and what becomes of the kept one.
pub struct Merging {
    pub reference: String,
    pub registered_at: DateTime<Utc>,
    pub effect: Effect,
}

/// Those whom a list of now would hold under some rules.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Listed {
    pub people: u32,
    pub tiers: [u32; 4],
    /// Somebody who registers now.
    pub newcomer: Rank,
    /// The chance of somebody who registers now and had passed as many draws without a place as whoever has passed most.
    pub oldest: Option<f64>,
}

/// Appointments that an annulment takes back, and people for whom the draw no longer counts as survived.
///
/// # Errors
/// If the store fails.
pub async fn of_annulment(app: &App, draw: DrawId) -> Result<(i64, i64), FlowError> {
    let (cancels, unsurvived) = tokio::try_join!(
        app.store.annulment_cancels(draw, app.business.now()),
        app.store.annulment_unsurvives(draw)
    )?;
    Ok((cancels, unsurvived))
}

/// How many others wait in the queues of those who are owed a first place.
///
/// # Errors
/// If the store fails.
pub async fn waiting_beside(app: &App, compensation: Uuid) -> Result<i64, FlowError> {
    Ok(app.store.waiting_beside_compensated(compensation).await?)
}
