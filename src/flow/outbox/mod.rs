//! Sending what is owed, way by way. The state `sending` is committed before the first byte leaves, and the
//! answer after it: what was lost in between is `unknown`, never silently sent again. Each way has its own
//! batch and its own lease, so that a slow one does not hold up another.

mod email;
pub mod letter;
mod sms;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::join_all;

use super::people::Reader;
use super::stop::Stop;
use super::texts::{Topic, address, appointment, rendered};
use super::{App, FlowError, status};
use crate::domain::alarm::ComponentKind;
use crate::domain::local_time::Zone;
use crate::domain::notice::{Way, outside_quiet_hours};
use crate::failpoint::failpoint;
use crate::notify::{Accepted, Carrier, Message, SendError};
use crate::store::commands::Settlement;
use crate::store::records::LeasedNotice;

/// The ways that leave by themselves; what goes by another is taken away by people.
const BY_ITSELF: [Way; 2] = [Way::Sms, Way::Email];
/// Notices of one way taken at a time.
const BATCH: i64 = 50;
/// How long until a message that was not sent is tried again.
const RETRY_MINUTES: i64 = 5;
/// Attempts before the next way takes over: every five minutes of a day, from eight to twenty hours.
const ATTEMPTS_MAX: i32 = 144;
/// What an attempt takes besides its carrier. A lease that ends before is left to the next batch, or somebody
/// else would take the attempt for lost while it is still under way.
const ATTEMPT_MARGIN: TimeDelta = TimeDelta::seconds(5);

/// Why a message does not leave by its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Held {
    /// The next way takes over.
    ForGood(&'static str),
    /// It can leave later.
    ForNow(&'static str),
}

/// Says of each message of a batch whether it may leave by its way.
#[async_trait]
trait Guard: Send {
    async fn may_leave(&mut self, app: &App, notice: &LeasedNotice, to: &str) -> Result<(), Held>;

    /// The message has left, or may have.
    fn has_left(&mut self, _notice: &LeasedNotice) {}
}

async fn guard(app: &App, way: Way) -> Result<Box<dyn Guard>, FlowError> {
    Ok(match way {
        Way::Sms => Box::new(sms::SmsGuard::load(app).await?),
        Way::Email => Box::new(email::EmailGuard),
        Way::Letter => return Err(FlowError::Internal("letters are handed over by agents".to_owned())),
    })
}

/// Sends a batch of due notices by each way. Answers how many it took. Told to stop, it ends between two
/// notices: what was not begun is taken again when its lease ends.
///
/// # Errors
/// If the store fails; a gateway that fails is no error here but the notice's own state.
pub async fn send_due(app: &App, stop: &Stop) -> Result<usize, FlowError> {
    app.store.sweep_sending(app.real.now(), app.business.now()).await?;
    let batches = join_all(BY_ITSELF.map(|way| send_by(app, way, stop))).await;
    batches.into_iter().sum()
}

/// Sends a batch of one way. Answers how many notices it took.
async fn send_by(app: &App, way: Way, stop: &Stop) -> Result<usize, FlowError> {
    let (now, real_now) = (app.business.now(), app.real.now());
    let Some(carrier) = app.carriers.of(way) else {
        let passed = app.store.pass_over(way, app.carriers.ways(), now, real_now, BATCH).await?;
        return Ok(usize::try_from(passed).unwrap_or(usize::MAX));
    };
    let lease_until = real_now + app.config.scheduler.lease;
    let leased = app.store.lease_notices(way, now, real_now, lease_until, BATCH).await?;
    if leased.is_empty() {
        return Ok(0);
    }
    let taken = leased.len();
    let mut batch =
        Batch { app, carrier, guard: guard(app, way).await?, lease_until, fault: None, gateway: None };
    let attempt = carrier.attempt_max() + ATTEMPT_MARGIN.to_std().unwrap_or_default();
    for notice in leased {
        if stop.is_requested() || app.real.now() + attempt > lease_until {
            break;
        }
        // One that cannot be made must not hold the others up: its lease ends, and it is tried again.
        if let Err(error) = batch.send(&notice).await {
            tracing::error!(notice = %notice.id, %error, "a notice could not be sent");
        }
    }
    batch.note();
    if let Some(fault) = batch.fault {
        tracing::error!(event = "notice.not_accepted", %way, %fault, "notices wait until this is mended");
    }
    Ok(taken)
}

/// The notices of one way that are sent one after the other, under one lease.
struct Batch<'a> {
    app: &'a App,
    carrier: &'a dyn Carrier,
    guard: Box<dyn Guard>,
    lease_until: DateTime<Utc>,
    /// What an operator must mend before any can leave.
    fault: Option<String>,
    /// What the last attempt says of the gateway: that it is in order, or not. Nothing if none was made.
    gateway: Option<Result<(), String>>,
}

impl Batch<'_> {
    async fn send(&mut self, notice: &LeasedNotice) -> Result<(), FlowError> {
        let app = self.app;
        // Everything that may fail by itself comes before the two steps.
        let (zone, message) = self.message(notice).await?;
        failpoint!("F13");
        if !app.store.begin_sending(notice.id, notice.lease_epoch, app.real.now(), app.business.now()).await?
        {
            return Ok(());
        }
        failpoint!("F14");
        if app.real.now() >= self.lease_until {
            // It slept. Another sender may have handed the message to the next way; if not, the sweep will.
            return Ok(());
        }
        let opens = outside_quiet_hours(app.business.now(), zone);
        let settlement = match message {
            // It was due by day, but the machine was off, or the gateway.
            _ if opens > app.business.now() => {
                Settlement::Retry { at: opens, detail: "quiet hours".to_owned() }
            }
            Err(Held::ForGood(detail)) => Settlement::Rejected { detail: detail.to_owned() },
            Err(Held::ForNow(detail)) => {
                self.fault = Some(detail.to_owned());
                not_sent(app, notice, zone, detail.to_owned())
            }
            Ok(message) => {
                let answer = self.carrier.send(&message).await;
                self.settlement(notice, zone, answer)
            }
        };
        failpoint!("F16");
        let now = app.business.now();
        if !app.store.settle_notice(notice.id, notice.lease_epoch, settlement, now).await? {
            tracing::warn!(notice = %notice.id, "the lease was lost while sending: another sender has settled it");
        }
        failpoint!("F17");
        Ok(())
    }

    /// Notes how the gateway is.
    fn note(&self) {
        if let Some(gateway) = &self.gateway {
            let (kind, way) = (ComponentKind::Gateway, self.carrier.way());
            self.app.health.note(kind, way.as_str(), gateway.clone().err(), self.app.real.now());
        }
    }

    /// The message behind a notice, or why this way cannot take it, and by whose clock nights are counted.
    async fn message(&mut self, notice: &LeasedNotice) -> Result<(Zone, Result<Message, Held>), FlowError> {
        let holder = status::holder(self.app, notice.entry_id, Reader::Program).await?;
        let about = appointment(self.app, &holder, notice.convocation_id).await?;
        let zone = about.as_ref().map_or(holder.zone, |(_, site)| site.zone);
        let Some(to) = address(&holder.person, notice.way) else {
            return Ok((zone, Err(Held::ForGood("no address for this way"))));
        };
        if let Err(held) = self.guard.may_leave(self.app, notice, to).await {
            return Ok((zone, Err(held)));
        }
        let url = &self.app.config.http.public_url;
        let rendered = rendered(&holder, Topic::from(notice), about.as_ref(), url);
        Ok((zone, Ok(Message { id: notice.id.0, to: to.to_owned(), rendered })))
    }

    /// What the carrier's answer makes of the notice.
    fn settlement(
        &mut self,
        notice: &LeasedNotice,
        zone: Zone,
        answer: Result<Accepted, SendError>,
    ) -> Settlement {
        self.gateway = Some(match &answer {
            // It answered, be it that it will not take this message.
            Ok(_) | Err(SendError::Refused { .. }) => Ok(()),
            Err(
                SendError::Unknown(detail) | SendError::NotSent(detail) | SendError::Misconfigured(detail),
            ) => Err(detail.clone()),
        });
        match answer {
            Ok(accepted) => {
                self.guard.has_left(notice);
                Settlement::Accepted { gateway_id: accepted.gateway_id }
            }
            Err(SendError::Refused { code, reason }) => {
                Settlement::Rejected { detail: format!("{code}: {reason}") }
            }
            Err(SendError::Unknown(detail)) => {
                self.guard.has_left(notice);
                Settlement::Unknown { detail }
            }
            Err(SendError::NotSent(detail)) => not_sent(self.app, notice, zone, detail),
            Err(SendError::Misconfigured(detail)) => {
                self.fault = Some(detail.clone());
                not_sent(self.app, notice, zone, detail)
            }
        }
    }
}

/// It is tried again, for a day; then the next way takes over, so that nobody waits for a gateway.
fn not_sent(app: &App, notice: &LeasedNotice, zone: Zone, detail: String) -> Settlement {
    // This attempt is not among those that were counted when the notice was leased.
    if notice.attempts + 1 >= ATTEMPTS_MAX {
        return Settlement::Rejected { detail };
    }
    let at = outside_quiet_hours(app.business.now() + TimeDelta::minutes(RETRY_MINUTES), zone);
    Settlement::Retry { at, detail }
}
