//! Changing the rules of a queue: proposed by one person, approved by another, in force from the next
//! draw that is announced.

use super::{App, Fault, FlowError, reason};
use crate::domain::ids::{QueueId, StaffId};
use crate::domain::local_time::Zone;
use crate::domain::proposal::Closing;
use crate::domain::refusal::Refusal;
use crate::domain::rules::{LEAD_MIN_MINUTES, Rules, RulesError};
use crate::domain::text_enum::key_of;
use crate::domain::timetable::Timetable;

/// Occurrences compared to find the closest two of a timetable.
const OCCURRENCES: usize = 200;
/// Time that a draw needs besides its lead, in minutes.
const DRAW_MINUTES: i64 = 10;

/// Refuses rules that cannot be kept, the timetable included.
///
/// # Errors
/// The first rule that is impossible, with its field and the reason.
pub fn check(rules: &Rules, zone: Zone) -> Result<Timetable, RulesError> {
    rules.check()?;
    let timetable = Timetable::parse(&rules.timetable, zone)
        .map_err(|error| RulesError::Timetable(error.to_string().replacen("timetable: ", "", 1)))?;
    let upcoming = timetable.upcoming(chrono::DateTime::UNIX_EPOCH, OCCURRENCES);
    let closest = upcoming.windows(2).map(|pair| (pair[1] - pair[0]).num_minutes()).min();
    match closest {
        Some(between_minutes) if between_minutes < i64::from(rules.lead_minutes) + DRAW_MINUTES => {
            Err(RulesError::TooOften { between_minutes, lead_minutes: rules.lead_minutes })
        }
        _ => Ok(timetable),
    }
}

/// Proposes a new version, for a reason.
///
/// # Errors
/// Impossible rules and a missing reason by field; [`FlowError::Refused`] if another proposal is open, nothing
/// changes or the scope of uniqueness would change under people who wait.
pub async fn propose(
    app: &App,
    queue: QueueId,
    rules: Rules,
    why: &str,
    by: StaffId,
) -> Result<i32, FlowError> {
    let directory = app.store.directory().await?;
    let record = directory.queue(queue).ok_or(FlowError::NotFound("queue"))?;
    let prefecture = directory.prefecture(record.prefecture_id).ok_or(FlowError::NotFound("prefecture"))?;
    let why = together(
        check(&rules, prefecture.zone).map_err(|error| fault(&error)),
        reason::sealed(app, why).map_err(FlowError::from),
    )?;
    if rules == record.rules {
        return Err(FlowError::Refused(Refusal::NothingChanges));
    }
    let now = app.business.now();
    if rules.scope != record.rules.scope {
        let figures = app.store.figures(queue, now).await?;
        if figures.waiting + figures.awaiting_identity > 0 {
            return Err(FlowError::Refused(Refusal::ScopeChange));
        }
    }
    Ok(app.store.propose_rules(queue, rules, why, by, now).await?)
}

/// The second value, or what is wrong with both: a form says all of it at once.
pub(super) fn together<A, B>(
    first: Result<A, FlowError>,
    second: Result<B, FlowError>,
) -> Result<B, FlowError> {
    match (first, second) {
        (Err(FlowError::Invalid(mut faults)), Err(FlowError::Invalid(more))) => {
            faults.extend(more);
            Err(FlowError::Invalid(faults))
        }
        (Err(error), _) | (_, Err(error)) => Err(error),
        (Ok(_), Ok(value)) => Ok(value),
    }
}

/// What is wrong with a reason, beside what a form has found already.
///
/// # Errors
/// All of it.
pub fn faults_beside(found: Vec<Fault>, why: &str) -> FlowError {
    match together::<(), _>(Err(FlowError::Invalid(found)), reason::needed(why).map_err(FlowError::from)) {
        Err(error) => error,
        Ok(_) => FlowError::Invalid(Vec::new()),
    }
}

/// What a refused rule says at its field.
fn fault(error: &RulesError) -> FlowError {
    let key = format!("rules-{}", key_of(error.code()));
    let value = match error {
        RulesError::Lead(_) => LEAD_MIN_MINUTES.to_string(),
        RulesError::ReserveGround(name) => name.clone(),
        _ => String::new(),
    };
    FlowError::invalid(Fault::new(error.field(), &key).with(value))
}

/// Approves a proposal, as a second person.
///
/// # Errors
/// [`FlowError::Refused`] if it is the same person or nothing is open.
pub async fn approve(app: &App, queue: QueueId, version: i32, by: StaffId) -> Result<(), FlowError> {
    Ok(app.store.approve_rules(queue, version, by, app.business.now()).await?)
}

/// Rejects a proposal, as a second person, for a reason.
///
/// # Errors
/// If the reason is missing; [`FlowError::Refused`] if it is the same person, or nothing is open.
pub async fn reject(
    app: &App,
    queue: QueueId,
    version: i32,
    why: &str,
    by: StaffId,
) -> Result<(), FlowError> {
    let closing = Closing::Reject(reason::sealed(app, why)?);
    Ok(app.store.close_rules(queue, version, closing, by, app.business.now()).await?)
}

/// Withdraws one's own proposal.
///
/// # Errors
/// [`FlowError::Refused`] if it is another's, or nothing is open.
pub async fn withdraw(app: &App, queue: QueueId, version: i32, by: StaffId) -> Result<(), FlowError> {
    Ok(app.store.close_rules(queue, version, Closing::Withdraw, by, app.business.now()).await?)
}
