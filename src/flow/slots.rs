//! Publishing slots, by form or by file, and taking them back. All or nothing; a desk is never in two
//! places; slots that stand there already, the same, are recognised and not doubled.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};

use super::publications::judge;
use super::{App, Fault, FlowError, fresh, reason};
use crate::domain::actor::Actor;
use crate::domain::directory::Directory;
use crate::domain::ids::{PrefectureId, QueueId, SiteId, SlotId};
use crate::domain::slot_plan::csv::{Column, LineFault, LineReason, read_slots, slot_lines};
use crate::domain::slot_plan::{DeskCalendar, PlanBounds, PlannedSlot, SiteDesks, SlotForm, Unusual};
use crate::domain::text_enum::key_of;
use crate::store::StoreError;
use crate::store::commands::{Judges, NewSlot, Publication, Published};

/// How far ahead slots may be published, in days.
const AHEAD_DAYS: u64 = 550;

/// What a publication did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    pub new: usize,
    /// Slots that stood there already, the same.
    pub doubles: usize,
}

/// A slot that must be confirmed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnusualSlot {
    pub slot: PlannedSlot,
    pub why: Unusual,
}

/// What becomes of slots on a holiday, on a Sunday or at night.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IfUnusual {
    /// They are named, and nothing is published.
    Ask,
    /// Somebody has seen them named, and said yes.
    Publish,
}

/// Why slots are not published.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// The file's faulty lines, every one.
    #[error("{} line(s) cannot be accepted", .0.len())]
    Lines(Vec<LineFault>),
    /// Slots on a holiday, on a Sunday or at night: nothing is published until somebody says yes.
    #[error("{} slot(s) are unusual and must be confirmed", .0.len())]
    Unusual(Vec<UnusualSlot>),
    /// Nothing is published until a second person agrees. How few could accept these slots is not said.
    #[error("a second person must agree")]
    Second,
    #[error(transparent)]
    Flow(#[from] FlowError),
}

impl From<StoreError> for PublishError {
    fn from(error: StoreError) -> Self {
        Self::Flow(error.into())
    }
}

/// Publishes the slots of a form.
///
/// # Errors
/// [`PublishError::Second`] if few could accept any of them; [`FlowError::Invalid`] names the fields, or the desk's time that is taken; [`PublishError::Unusual`]
/// the slots to confirm.
pub async fn publish_form(
    app: &App,
    queue: QueueId,
    form: &SlotForm,
    if_unusual: IfUnusual,
    actor: Actor,
) -> Result<Count, PublishError> {
    let directory = app.store.directory().await?;
    let prefecture = directory.queue(queue).ok_or(FlowError::NotFound("queue"))?.prefecture_id;
    let sites = sites(&directory, prefecture);
    let site =
        sites.get(&form.site).ok_or_else(|| FlowError::invalid(Fault::new("site", "slot-unknown-site")))?;
    let planned = form.plan(site, bounds(app), DeskCalendar::default()).map_err(|faults| {
        let fault = |fault: &crate::domain::slot_plan::FormFault| {
            Fault::new(fault.field(), &format!("slot-{}", key_of(fault.code()))).with(fault.to_string())
        };
        FlowError::Invalid(faults.iter().map(fault).collect())
    })?;
    confirm(&sites, &planned, if_unusual)?;
    let slots = with_ids(&directory, prefecture, &planned)?;
    match publish(app, queue, slots, actor).await? {
        Published::Done { new, doubles } => Ok(Count { new, doubles }),
        Published::Proposed => Err(PublishError::Second),
        Published::Busy(at) => {
            let first = at.first().and_then(|at| planned.get(*at));
            let when = first.map(|slot| slot.start_local.format("%d/%m/%Y %H:%M").to_string());
            Err(FlowError::invalid(Fault::new("from", "slot-overlap").with(when.unwrap_or_default())).into())
        }
    }
}

/// Publishes the slots of a CSV file.
///
/// # Errors
/// [`PublishError::Lines`] names every faulty line: number, column, reason; [`PublishError::Unusual`]
/// the slots to confirm.
pub async fn publish_csv(
    app: &App,
    queue: QueueId,
    file: Vec<u8>,
    if_unusual: IfUnusual,
    actor: Actor,
    mut progress: impl FnMut(usize) + Send + 'static,
) -> Result<Count, PublishError> {
    let directory = app.store.directory().await?;
    let prefecture = directory.queue(queue).ok_or(FlowError::NotFound("queue"))?.prefecture_id;
    let (sites, bounds) = (sites(&directory, prefecture), bounds(app));
    let read = tokio::task::spawn_blocking(move || {
        let planned = read_slots(file.as_slice(), &sites, bounds, DeskCalendar::default(), &mut progress);
        (planned, slot_lines(file.as_slice()), sites)
    });
    let (planned, lines, sites) = read.await.map_err(|error| FlowError::Internal(error.to_string()))?;
    let planned = planned.map_err(PublishError::Lines)?;
    confirm(&sites, &planned, if_unusual)?;
    let slots = with_ids(&directory, prefecture, &planned)?;
    match publish(app, queue, slots, actor).await? {
        Published::Done { new, doubles } => Ok(Count { new, doubles }),
        Published::Proposed => Err(PublishError::Second),
        Published::Busy(at) => {
            let fault = |at: usize| LineFault {
                line: lines.get(at).copied().unwrap_or(0),
                column: Some(Column::Time),
                reason: LineReason::Overlap(None),
            };
            Err(PublishError::Lines(at.into_iter().map(fault).collect()))
        }
    }
}

async fn publish(
    app: &App,
    queue: QueueId,
    slots: Vec<NewSlot>,
    actor: Actor,
) -> Result<Published, FlowError> {
    let judge = judge(app, queue).await?;
    let publication = Publication { id: fresh(), queue, slots, judge };
    Ok(app.store.publish_slots(publication, actor, app.business.now()).await?)
}

/// Takes one slot back; its holder, if there is one, is told at once. Going first in the next draw waits for a second
/// person. Answers whether the slots that are left wait for one too, because few could accept any of them.
///
/// # Errors
/// [`FlowError::Refused`] if it has lapsed or is already withdrawn.
pub async fn withdraw(app: &App, slot: SlotId, reason: &str, actor: Actor) -> Result<bool, FlowError> {
    let reason = reason::sealed(app, reason)?;
    let judges = judges(app).await?;
    Ok(app.store.withdraw_slot(slot, reason, judges, actor, app.business.now()).await?)
}

async fn judges(app: &App) -> Result<Judges, FlowError> {
    let mut judges = Vec::new();
    for queue in &app.store.directory().await?.queues {
        judges.push((queue.id, judge(app, queue.id).await?));
    }
    Ok(judges)
}

/// Closes a site on a day: every slot still to come is taken back. Answers how many, and as [`withdraw`].
///
/// # Errors
/// If the reason is missing.
pub async fn close_day(
    app: &App,
    site: SiteId,
    day: NaiveDate,
    reason: &str,
    actor: Actor,
) -> Result<(u64, bool), FlowError> {
    let reason = reason::sealed(app, reason)?;
    let judges = judges(app).await?;
    Ok(app.store.close_day(site, day, reason, judges, actor, app.business.now()).await?)
}

fn confirm(
    sites: &BTreeMap<String, SiteDesks>,
    planned: &[PlannedSlot],
    if_unusual: IfUnusual,
) -> Result<(), PublishError> {
    let why = |slot: &PlannedSlot| Unusual::of(slot, sites.get(&slot.site)?.territory);
    let unusual = planned.iter().filter_map(|slot| Some(UnusualSlot { why: why(slot)?, slot: slot.clone() }));
    let unusual: Vec<_> = unusual.collect();
    match if_unusual {
        IfUnusual::Ask if !unusual.is_empty() => Err(PublishError::Unusual(unusual)),
        _ => Ok(()),
    }
}

fn bounds(app: &App) -> PlanBounds {
    let now = app.business.now();
    PlanBounds { earliest: now, latest: now + Days::new(AHEAD_DAYS) }
}

/// The sites of a prefecture, as the plan wants them.
fn sites(directory: &Directory, prefecture: PrefectureId) -> BTreeMap<String, SiteDesks> {
    directory
        .sites_of(prefecture)
        .map(|site| {
            let desks =
                directory.desks_of(site.id).filter_map(|desk| u16::try_from(desk.number).ok()).collect();
            (site.slug.clone(), SiteDesks { zone: site.zone, territory: site.territory, desks })
        })
        .collect()
}

fn with_ids(
    directory: &Directory,
    prefecture: PrefectureId,
    planned: &[PlannedSlot],
) -> Result<Vec<NewSlot>, FlowError> {
    let mut desks = BTreeMap::new();
    for site in directory.sites_of(prefecture) {
        for desk in directory.desks_of(site.id) {
            desks.insert((site.slug.as_str(), desk.number), (site.id, desk.id));
        }
    }
    planned
        .iter()
        .map(|slot| {
            let (site, desk) =
                *desks.get(&(slot.site.as_str(), i32::from(slot.desk))).ok_or(FlowError::NotFound("desk"))?;
            Ok(NewSlot { id: fresh(), site, desk, starts_at: slot.start, minutes: slot.minutes })
        })
        .collect()
}
