//! Sending what is owed. The state `sending` is committed before the first byte leaves, and the answer
//! after it: what was lost in between is `unknown`, never silently sent again.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::stop::Stop;
use super::texts::{address, words};
use super::{App, FlowError, status};
use crate::domain::local_time::Zone;
use crate::domain::notice::{Way, outside_quiet_hours};
use crate::failpoint::failpoint;
use crate::limits::Rule;
use crate::notify::{Channel, Message, SendError};
use crate::store::commands::Settlement;
use crate::store::records::LeasedNotice;

/// Notices taken at a time.
const BATCH: i64 = 50;
/// How long until a message that was not sent is tried again.
const RETRY_MINUTES: i64 = 5;
/// Tries before the next way takes over: every five minutes of a day, from eight to twenty hours.
const TRIES_MAX: i32 = 144;
/// What one number is sent in a day that is not about an appointment. Anybody can register with any number:
/// nobody shall be pestered so.
const NUMBER_A_DAY: Rule = Rule::new(10, Duration::from_hours(24));
/// Longer than any attempt: a lease that ends before is left to the next batch, or somebody else would
/// take the attempt for lost while it is still under way.
const ATTEMPT_SECONDS: i64 = 20;

/// Sends a batch of due notices; told to stop, it ends with the one under way. Answers how many it took.
///
/// # Errors
/// If the store fails; a gateway that fails is no error here but the notice's own state.
pub async fn send_due(app: &App, stop: &Stop) -> Result<usize, FlowError> {
    let (now, real_now) = (app.business.now(), app.real.now());
    app.store.sweep_sending(real_now, now).await?;
    let lease_until = real_now + app.config.scheduler.lease;
    let leased = app.store.lease_notices(now, real_now, lease_until, BATCH).await?;
    let taken = leased.len();
    let mut fault = None;
    for notice in leased {
        if stop.is_told() || app.real.now() + TimeDelta::seconds(ATTEMPT_SECONDS) > lease_until {
            break;
        }
        // One that cannot be made must not hold the others up: its lease ends, and it is tried again.
        match send(app, &notice, lease_until).await {
            Ok(found) => fault = found.or(fault),
            Err(error) => tracing::error!(notice = %notice.id, %error, "a notice could not be sent"),
        }
    }
    if let Some(fault) = fault {
        tracing::error!(event = "notice.not_accepted", %fault, "notices wait until this is mended");
    }
    Ok(taken)
}

/// Sends one notice. Answers what an operator must mend before any can leave.
async fn send(
    app: &App,
    notice: &LeasedNotice,
    lease_until: DateTime<Utc>,
) -> Result<Option<String>, FlowError> {
    // Everything that may fail by itself comes before the two steps.
    let (zone, message) = message(app, notice).await?;
    failpoint!("F13");
    if !app.store.begin_sending(notice.id, notice.lease_epoch, app.real.now(), app.business.now()).await? {
        return Ok(None);
    }
    failpoint!("F14");
    if app.real.now() >= lease_until {
        // It slept. Another sender may have handed the message to the next way; if not, the sweep will.
        return Ok(None);
    }
    let mut fault = None;
    let opens = outside_quiet_hours(app.business.now(), zone);
    let settlement = match message {
        // It was due by day, but the machine was off, or the gateway.
        _ if opens > app.business.now() => Settlement::Retry { at: opens, detail: "quiet hours".to_owned() },
        Err(Held::ForGood(detail)) => Settlement::Rejected { detail: detail.to_owned() },
        Err(Held::ForNow(detail)) => {
            fault = Some(detail.to_owned());
            not_sent(app, notice, zone, detail.to_owned())
        }
        Ok(message) => match app.gateway.send(message).await {
            Ok(accepted) => Settlement::Accepted { gateway_id: accepted.gateway_id },
            Err(SendError::Refused { code, reason }) => {
                Settlement::Rejected { detail: format!("{code}: {reason}") }
            }
            Err(SendError::Unknown(detail)) => Settlement::Unknown { detail },
            Err(SendError::NotSent(detail)) => not_sent(app, notice, zone, detail),
            Err(SendError::Misconfigured(detail)) => {
                fault = Some(detail.clone());
                not_sent(app, notice, zone, detail)
            }
        },
    };
    failpoint!("F16");
    let now = app.business.now();
    if !app.store.settle_notice(notice.id, notice.lease_epoch, settlement, now).await? {
        tracing::warn!(notice = %notice.id, "the lease was lost while sending: another sender has settled it");
    }
    failpoint!("F17");
    Ok(fault)
}

/// It is tried again, for a day; then the next way takes over, so that nobody waits for a gateway.
fn not_sent(app: &App, notice: &LeasedNotice, zone: Zone, detail: String) -> Settlement {
    if notice.lease_epoch >= TRIES_MAX {
        return Settlement::Rejected { detail };
    }
    let at = outside_quiet_hours(app.business.now() + TimeDelta::minutes(RETRY_MINUTES), zone);
    Settlement::Retry { at, detail }
}

/// Why a message does not leave by its way.
#[derive(Clone, Copy, Debug)]
enum Held {
    /// The next way takes over.
    ForGood(&'static str),
    /// It can leave later.
    ForNow(&'static str),
}

/// The message behind a notice, or why this way cannot take it, and by whose clock nights are counted.
async fn message(app: &App, notice: &LeasedNotice) -> Result<(Zone, Result<Message, Held>), FlowError> {
    let holder = status::holder(app, notice.entry_id).await?;
    let zone = match &holder.convocation {
        Some((_, site)) if notice.convocation_id.is_some() => site.zone(),
        _ => holder.zone,
    };
    Ok((zone, written(app, notice, &holder).await?))
}

async fn written(
    app: &App,
    notice: &LeasedNotice,
    holder: &status::Holder,
) -> Result<Result<Message, Held>, FlowError> {
    let Some(to) = address(&holder.person, notice.way) else {
        return Ok(Err(Held::ForGood("no address for this way")));
    };
    let channel = match notice.way {
        Way::Sms => match sms_may_leave(app, notice, to).await? {
            Ok(()) => Channel::Sms,
            Err(held) => return Ok(Err(held)),
        },
        Way::Email => Channel::Email,
        Way::Letter => return Ok(Err(Held::ForGood("letters are handed over by agents"))),
    };
    let said = words(holder, notice.kind, notice.way, &app.config.http.public_url);
    Ok(Ok(Message {
        id: notice.id.0,
        channel,
        to: to.to_owned(),
        sender: app.config.sms.sender.clone(),
        subject: (channel == Channel::Email).then_some(said.subject),
        text: said.body,
    }))
}

/// Whether an SMS may go to this number. A flood of registrations must not make the installation pay without
/// end, nor take the money for the convocations: they have at least half of a day's budget.
async fn sms_may_leave(app: &App, notice: &LeasedNotice, to: &str) -> Result<Result<(), Held>, FlowError> {
    if !app.config.sms.allows(to) {
        return Ok(Err(Held::ForGood("no SMS goes to numbers of this country")));
    }
    let sent = app.store.sms_since(app.business.now() - TimeDelta::days(1)).await?;
    let budget = i64::from(app.config.sms.daily_budget);
    let is_spent = sent.total >= budget;
    if notice.convocation_id.is_some() {
        return Ok(if is_spent { Err(Held::ForNow("the daily budget of SMS is spent")) } else { Ok(()) });
    }
    if is_spent || sent.without_appointment >= budget / 2 {
        return Ok(Err(Held::ForGood("the daily budget of SMS is spent")));
    }
    // Counted once, however often it is tried.
    let is_allowed =
        notice.lease_epoch > 1 || app.limits.hit(&format!("sms:{to}"), NUMBER_A_DAY).await.allowed;
    Ok(if is_allowed { Ok(()) } else { Err(Held::ForGood("the number has had its SMS of the day")) })
}
