//! What a holder sees of their entry, on the receipt and ever after: the same facts, from one place.
//! Looking it up takes the reference and the birth date; an unknown reference and a wrong date look alike.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use subtle::ConstantTimeEq;
use tokio::time::Instant;

use super::chances::{self, Odds};
use super::penalties::{self, Penalty};
use super::people::{self, Reader, Shown};
use super::told::{self, Outlook, Told};
use super::{App, FlowError, reviews};
use crate::domain::directory::{Prefecture, Queue, Site};
use crate::domain::entry::EntryState;
use crate::domain::estimate::{Estimate, Pace, estimate};
use crate::domain::ids::{ConvocationId, EntryId};
use crate::domain::local_time::Zone;
use crate::domain::names::BirthDate;
use crate::domain::notice::NoticeKind;
use crate::domain::reach::Reach;
use crate::domain::reference::Reference;
use crate::domain::register_of_numbers::RegisterCheck;
use crate::domain::rules::Mode;
use crate::domain::situation::SlotClasses;
use crate::flow::read::convocations::{Convocation, reason_of};
use crate::flow::read::draws::{Draw, Stood};
use crate::flow::read::entries::Entry;
use crate::flow::read::notices::Notice;

/// Draws shown ahead.
const NEXT_DRAWS: usize = 4;

/// An entry with everything that is read for its holder.
pub struct Holder {
    pub entry: Entry,
    pub person: Shown,
    pub queue: Queue,
    pub prefecture: Prefecture,
    pub zone: Zone,
    pub now: DateTime<Utc>,
    /// When the lists will be frozen in which the entry could stand, the announced one first.
    pub next_draws: Vec<DateTime<Utc>>,
    /// The draw under way, if any.
    pub draw: Option<Draw>,
    pub convocation: Option<(Convocation, Site)>,
    /// What was missing at the appointments to which the person came without all that they take, newest first.
    pub missing: Vec<(ConvocationId, String)>,
    /// All sites of the prefecture.
    pub sites: Vec<Site>,
    pub draws: Vec<Stood>,
    pub notices: Vec<Notice>,
    /// What missed or late appointments cost, or will, newest first.
    pub penalties: Vec<Penalty>,
    /// What the register of numbers could not settle, while the identity is to be verified.
    pub register_check: Option<RegisterCheck>,
    /// The newest answer to a request for a review.
    pub answer: Option<String>,
    /// The ways by which this installation can reach the person, the first one first.
    pub reach: Reach,
    /// When and where the slots of its queue lie, of an entry that waits for one.
    pub slots: Option<Arc<SlotClasses>>,
}

impl Holder {
    /// Since when the entry can stand in lists, as far as a penalty counts.
    fn listed_from(&self) -> DateTime<Utc> {
        self.entry.paused_until.map_or(self.now, |until| until.max(self.now))
    }
}

/// Everything that the receipt and the status page show: the holder's part, and what takes counting.
pub struct Status {
    pub holder: Holder,
    pub estimate: Estimate,
    /// The dates between which the convocation may come, if an estimate can be given.
    pub range: Option<(DateTime<Utc>, DateTime<Utc>)>,
    pub waiting: i64,
    pub told: Told,
}

impl std::ops::Deref for Status {
    type Target = Holder;

    fn deref(&self) -> &Holder {
        &self.holder
    }
}

/// When a look-up that finds nothing is answered: later than any takes, so that its time tells nothing.
const NOTHING_AFTER: Duration = Duration::from_millis(60);

/// Finds an entry by its reference and its holder's birth date.
///
/// # Errors
/// [`FlowError::NotFound`] alike for an unknown reference and a wrong date, after the same time.
pub async fn find(app: &App, reference: &str, birth_date: &str) -> Result<EntryId, FlowError> {
    let answer_at = Instant::now() + NOTHING_AFTER;
    let found = found(app, reference, birth_date).await;
    if found.is_err() {
        tokio::time::sleep_until(answer_at).await;
    }
    found
}

async fn found(app: &App, reference: &str, birth_date: &str) -> Result<EntryId, FlowError> {
    let unknown = || FlowError::NotFound("entry");
    let today = app.business.now().date_naive();
    let reference: Reference = reference.parse().map_err(|_| unknown())?;
    let birth_date = BirthDate::parse(birth_date, today).map_err(|_| unknown())?;
    let entry = app.store.entry_by_reference(reference.to_string()).await?;
    let fingerprint = people::birth_date_fingerprint(&app.vault, &birth_date.canonical());
    let stored = entry.as_ref().and_then(|entry| entry.birth_date_fingerprint.as_deref()).unwrap_or(&[0; 32]);
    let same: bool = fingerprint.as_slice().ct_eq(stored).into();
    entry.filter(|_| same).map(|entry| entry.id).ok_or_else(unknown)
}

/// An entry, opened as its holder sees it.
///
/// # Errors
/// [`FlowError::NotFound`] if there is none.
pub async fn holder(app: &App, id: EntryId, reader: Reader) -> Result<Holder, FlowError> {
    let entry = app.store.entry(id).await?.ok_or(FlowError::NotFound("entry"))?;
    let person = people::reveal(app, &entry, reader).await?;
    let now = app.business.now();
    let around = app.store.surroundings(entry.id, entry.queue_id, entry.state).await?;
    let directory = app.store.directory_at(around.directory).await?;
    let queue = directory.queue(entry.queue_id).ok_or(FlowError::NotFound("queue"))?.clone();
    let prefecture =
        directory.prefecture(queue.prefecture_id).ok_or(FlowError::NotFound("prefecture"))?.clone();
    let zone = prefecture.zone;
    let draw = around.draw.map(|record| Draw::of(app, record)).filter(|draw| !draw.is_over());
    let convocation = around.convocation.and_then(|live| {
        let site = directory.site(live.site_id)?.clone();
        Some((live.into(), site))
    });
    let slots = match entry.state {
        EntryState::Waiting | EntryState::AwaitingIdentity => {
            Some(app.store.recent_slot_classes(queue.id, now).await?)
        }
        _ => None,
    };
    let register_check = match entry.state {
        EntryState::AwaitingIdentity => app.store.register_check(id).await?,
        _ => None,
    };
    let announced = draw.as_ref().and_then(Draw::announced);
    let until = entry.paused_until.filter(|until| *until > now);
    let next_draws = match until {
        // A list that closes before the end of a penalty is none of this entry's.
        Some(until) => {
            next_draws(app, &queue, zone, until, announced.filter(|freeze_at| *freeze_at >= until))
        }
        None => next_draws(app, &queue, zone, now, announced),
    };
    let missing = around.incomplete.into_iter().filter_map(|record| {
        let missing = reason_of(app, &entry, record.id, record.reason.as_deref()).transpose()?;
        Some(missing.map(|missing| (record.id, missing)))
    });
    let missing = missing.collect::<Result<_, _>>()?;
    let penalties = around
        .penalties
        .into_iter()
        .map(|row| penalties::opened(&app.vault, row))
        .collect::<Result<_, _>>()?;
    // Few have asked for one: most often nothing is read.
    let is_answered = around.notices.iter().any(|notice| notice.kind == NoticeKind::ReviewAnswered);
    let reviews = if is_answered { reviews::of(app, id).await? } else { Vec::new() };
    let answer = reviews.into_iter().find_map(|review| Some(review.answer?.text));
    Ok(Holder {
        register_check,
        answer,
        reach: Reach::of(entry.addresses.addresses(), &app.carriers.ways()),
        person,
        next_draws,
        sites: directory.sites_of(prefecture.id).cloned().collect(),
        entry: entry.into(),
        queue,
        prefecture,
        zone,
        now,
        draw,
        convocation,
        missing,
        draws: around.draws.into_iter().map(Stood::from).collect(),
        notices: around.notices.into_iter().map(Notice::from).collect(),
        penalties,
        slots,
    })
}

/// The whole status of an entry.
///
/// # Errors
/// [`FlowError::NotFound`] if there is none.
pub async fn status(app: &App, id: EntryId, reader: Reader) -> Result<Status, FlowError> {
    counted(app, holder(app, id, reader).await?).await
}

async fn counted(app: &App, holder: Holder) -> Result<Status, FlowError> {
    let (queue, now) = (&holder.queue, holder.now);
    let figures = app.store.recent_figures(queue.id, now).await?;
    let seats_per_draw = match u32::try_from(figures.recent_draws).unwrap_or(0) {
        0 => u32::try_from(figures.free_slots).unwrap_or(0),
        draws => u32::try_from(figures.recent_winners).unwrap_or(0).div_ceil(draws),
    };
    let waiting = u32::try_from(figures.waiting).unwrap_or(u32::MAX);
    let ahead = match queue.rules.mode {
        Mode::Arrival => {
            app.store
                .ahead_of(queue.id, i32::try_from(holder.entry.standing.arrival_day).unwrap_or(i32::MAX))
                .await?
        }
        Mode::Lottery | Mode::Seniority | Mode::Guarantee => 0,
    };
    let situation = told::situation(&holder);
    let chances = match holder.entry.state {
        EntryState::Waiting | EntryState::AwaitingIdentity => {
            Some(chances::of(app, &holder, &situation).await?)
        }
        _ => None,
    };
    let estimate = estimate(Pace {
        mode: queue.rules.mode,
        waiting,
        ahead: u32::try_from(ahead).unwrap_or(u32::MAX),
        seats_per_draw,
        draws_to_guarantee: chances.and_then(|chances| chances.to_guarantee),
        chance: chances.and_then(|chances| match chances.odds {
            Odds::Share(share) => Some(share),
            Odds::NoDraw | Odds::NoSeat | Odds::Unknown => None,
        }),
    });
    let range = range(app, queue, holder.zone, holder.listed_from(), estimate);
    let told = Told {
        lists: told::lists(&holder, &situation),
        outlook: chances.and_then(|_| Outlook::of(&situation, estimate, range)),
        chances,
        situation,
    };
    Ok(Status { estimate, range, waiting: figures.waiting, told, holder })
}

/// When the next lists are frozen: the announced draw, then the timetable.
pub fn next_draws(
    app: &App,
    queue: &Queue,
    zone: Zone,
    now: DateTime<Utc>,
    announced: Option<DateTime<Utc>>,
) -> Vec<DateTime<Utc>> {
    let upcoming = app.calendar.upcoming(queue, zone, announced.unwrap_or(now), NEXT_DRAWS);
    announced.into_iter().chain(upcoming).take(NEXT_DRAWS).collect()
}

fn range(
    app: &App,
    queue: &Queue,
    zone: Zone,
    from: DateTime<Utc>,
    estimate: Estimate,
) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let Estimate::Draws { from: first, to } = estimate else {
        return None;
    };
    let upcoming = app.calendar.upcoming(queue, zone, from, to as usize);
    Some((*upcoming.get(first as usize - 1)?, *upcoming.last()?))
}
