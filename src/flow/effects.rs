//! What a proposal would do, in figures, for the second person who decides it: who stands before an entry and beside it in
//! the next list, now and then. Counted from those who wait now, by the rules.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::people::merge::asked_to_close;
use super::{App, FlowError};
use crate::domain::directory::Queue;
use crate::domain::entry::EntryState;
use crate::domain::ids::{DrawId, EntryId, QueueId};
use crate::domain::odds::Crowd;
use crate::domain::rules::{Rules, Standing};
use crate::store::records::{EntryRecord, StandingGroup};

/// Where an entry stands among those of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rank {
    /// Served before it.
    pub before: u32,
    /// As it is: the ticket decides among them.
    pub beside: u32,
}

/// What becomes of one entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effect {
    /// Others whom a list of now would hold.
    pub others: u32,
    pub now: Rank,
    pub then: Rank,
}

/// Those whom a list of now would hold, by what counts in a draw.
struct Waiting(Vec<StandingGroup>);

impl Waiting {
    async fn of(app: &App, queue: QueueId) -> Result<Self, FlowError> {
        Ok(Self(app.store.standing_groups(queue, app.business.now()).await?))
    }

    fn crowd(&self, rules: &Rules) -> Crowd {
        let mut crowd = Crowd::default();
        for group in self.0.iter().filter(|group| group.is_verified || rules.admit_declared) {
            let place = rules.place(&group.standing);
            crowd.add_many((place.tier, place.bucket), place.weight, group.people);
        }
        crowd
    }
}

fn rank(crowd: &Crowd, rules: &Rules, standing: &Standing) -> Rank {
    let place = rules.place(standing);
    let at = (place.tier, place.bucket);
    Rank { before: crowd.before(at), beside: crowd.beside(at) }
}

/// Whether a list of now would hold an entry.
fn is_listed(rules: &Rules, entry: &EntryRecord, now: DateTime<Utc>) -> bool {
    let waits = match entry.state {
        EntryState::Waiting => true,
        EntryState::AwaitingIdentity => rules.admit_declared,
        _ => false,
    };
    waits && !entry.paused && entry.paused_until.is_none_or(|until| until <= now)
}

async fn queue(app: &App, id: QueueId) -> Result<Queue, FlowError> {
    let directory = app.store.directory().await?;
    directory.queue(id).cloned().ok_or(FlowError::NotFound("queue"))
}

/// An entry among the others of its queue, as it stands and as it would, without `gone`, which would be closed.
async fn in_queue(
    app: &App,
    entry: &EntryRecord,
    then: &Standing,
    gone: Option<&EntryRecord>,
) -> Result<Effect, FlowError> {
    let (rules, now) = (queue(app, entry.queue_id).await?.rules, app.business.now());
    let mut others = Waiting::of(app, entry.queue_id).await?.crowd(&rules);
    for one in [Some(entry), gone].into_iter().flatten() {
        if one.queue_id == entry.queue_id && is_listed(&rules, one, now) {
            let place = rules.place(&Standing::from(&one.standing));
            others.remove((place.tier, place.bucket), place.weight);
        }
    }
    Ok(Effect {
        others: others.people(),
        now: rank(&others, &rules, &Standing::from(&entry.standing)),
        then: rank(&others, &rules, then),
    })
}

/// A priority that is granted (label 0). None for a reserve, which changes no rank.
///
/// # Errors
/// [`FlowError::NotFound`].
pub async fn of_priority(app: &App, entry: EntryId, label: u8) -> Result<Option<Effect>, FlowError> {
    if label != 0 {
        return Ok(None);
    }
    let entry = app.store.entry(entry).await?.ok_or(FlowError::NotFound("entry"))?;
    let then = Standing { priority: true, ..Standing::from(&entry.standing) };
    in_queue(app, &entry, &then, None).await.map(Some)
}

/// How many of those who wait in a queue may have its reserve with this label, and how many wait.
///
/// # Errors
/// [`FlowError::NotFound`].
pub async fn of_reserve(app: &App, entry: EntryId, label: u8) -> Result<(u32, u32), FlowError> {
    let entry = app.store.entry(entry).await?.ok_or(FlowError::NotFound("entry"))?;
    let (rules, waiting) = (queue(app, entry.queue_id).await?.rules, Waiting::of(app, entry.queue_id).await?);
    let has_it = |group: &&StandingGroup| rules.place(&group.standing).reserve == label;
    let holders = waiting.0.iter().filter(has_it).map(|group| group.people).sum();
    Ok((holders, waiting.crowd(&rules).people()))
}

/// A move: its rank where it waits, and where it would, with how many are there.
///
/// # Errors
/// [`FlowError::NotFound`].
pub async fn of_move(app: &App, entry: EntryId, to: QueueId) -> Result<Effect, FlowError> {
    let entry = app.store.entry(entry).await?.ok_or(FlowError::NotFound("entry"))?;
    let standing = Standing::from(&entry.standing);
    let now = in_queue(app, &entry, &standing, None).await?.now;
    let rules = queue(app, to).await?.rules;
    let others = Waiting::of(app, to).await?.crowd(&rules);
    let then = rank(&others, &rules, &Standing { labels: Vec::new(), ..standing });
    Ok(Effect { others: others.people(), now, then })
}

/// A merge: which entry would be closed, since when it waits, and what becomes of the kept one.
pub struct Merging {
    pub reference: String,
    pub registered_at: DateTime<Utc>,
    pub effect: Effect,
}

/// A merge that an agent has asked for; none if none is.
///
/// # Errors
/// If the store fails.
pub async fn of_merge(app: &App, keep: EntryId) -> Result<Option<Merging>, FlowError> {
    let entry = app.store.entry(keep).await?.ok_or(FlowError::NotFound("entry"))?;
    let Some(other) = asked_to_close(app, &entry).await? else { return Ok(None) };
    let Some(other) = app.store.entry(other).await? else { return Ok(None) };
    let then = Standing::from(&entry.standing).joined(&Standing::from(&other.standing));
    let effect = in_queue(app, &entry, &then, Some(&other)).await?;
    Ok(Some(Merging { registered_at: other.registered_at, reference: other.reference, effect }))
}

/// How many a list of now would hold under some rules, by tier.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Listed {
    pub people: u32,
    pub tiers: [u32; 4],
    /// Those who are served before somebody who registers now.
    pub before_a_newcomer: u32,
}

/// What other rules make of those who wait.
///
/// # Errors
/// [`FlowError::NotFound`].
pub async fn of_rules(app: &App, id: QueueId, then: &Rules) -> Result<(Listed, Listed), FlowError> {
    let (queue, waiting) = (queue(app, id).await?, Waiting::of(app, id).await?);
    let directory = app.store.directory().await?;
    let zone = directory.prefecture(queue.prefecture_id).ok_or(FlowError::NotFound("prefecture"))?.zone;
    let today = zone.arrival_day(app.business.now());
    let newcomer = Standing { arrival_day: today, ..Standing::default() };
    let listed = |rules: &Rules| {
        let crowd = waiting.crowd(rules);
        Listed {
            people: crowd.people(),
            tiers: [0, 1, 2, 3].map(|tier| crowd.in_tier(tier)),
            before_a_newcomer: rank(&crowd, rules, &newcomer).before,
        }
    };
    Ok((listed(&queue.rules), listed(then)))
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

/// How many wait in the queues of those who are owed a first place.
///
/// # Errors
/// If the store fails.
pub async fn waiting_beside(app: &App, compensation: Uuid) -> Result<i64, FlowError> {
    Ok(app.store.waiting_beside_compensated(compensation).await?)
}
