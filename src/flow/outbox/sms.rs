//! Whether an SMS may leave. Anybody can register with any number: a flood of registrations must not make the
//! installation pay without end, take the money for the convocations, nor pester anybody.

use std::time::Duration;

use async_trait::async_trait;
use chrono::TimeDelta;

use super::{Guard, Held};
use crate::flow::{App, FlowError};
use crate::limits::Rule;
use crate::store::records::{LeasedNotice, SmsSent};

/// What one number is sent in a day that is not about an appointment.
const NUMBER_A_DAY: Rule = Rule::new(10, Duration::from_hours(24));

/// … and of these, to requests made online that nobody has verified: strangers who give somebody's number use up nothing
/// of its owner's.
const UNVERIFIED_A_DAY: Rule = Rule::new(3, Duration::from_hours(24));

/// Counts what has left in a day: asked once per batch, then kept up to date. Other instances may send a
/// batch meanwhile; the budget is exact again with the next.
pub(super) struct SmsGuard {
    sent: SmsSent,
}

impl SmsGuard {
    pub(super) async fn load(app: &App) -> Result<Self, FlowError> {
        Ok(Self { sent: app.store.sms_since(app.business.now() - TimeDelta::days(1)).await? })
    }
}

#[async_trait]
impl Guard for SmsGuard {
    async fn may_leave(&mut self, app: &App, notice: &LeasedNotice, to: &str) -> Result<(), Held> {
        let sms = &app.config.notices.sms;
        if !sms.allows(to) {
            return Err(Held::ForGood("no SMS goes to numbers of this country"));
        }
        let budget = i64::from(sms.daily_budget);
        let is_spent = self.sent.total >= budget;
        if notice.convocation_id.is_some() {
            return if is_spent { Err(Held::ForNow("the daily budget of SMS is spent")) } else { Ok(()) };
        }
        // What is about an appointment has at least half of it, and what anybody can cause a quarter at most.
        let is_spent = is_spent
            || self.sent.without_appointment >= budget / 2
            || notice.is_unverified && self.sent.unverified >= budget / 4;
        if is_spent {
            return Err(Held::ForGood("the daily budget of SMS is spent"));
        }
        // Counted at its first attempt, however often it is tried.
        let (name, rule) = if notice.is_unverified {
            (format!("sms-unverified:{to}"), UNVERIFIED_A_DAY)
        } else {
            (format!("sms:{to}"), NUMBER_A_DAY)
        };
        let is_allowed = notice.attempts > 0 || app.limits.hit(&name, rule).await.allowed;
        if is_allowed { Ok(()) } else { Err(Held::ForGood("the number has had its SMS of the day")) }
    }

    fn has_left(&mut self, notice: &LeasedNotice) {
        self.sent.total += 1;
        let without_appointment = notice.convocation_id.is_none();
        self.sent.without_appointment += i64::from(without_appointment);
        self.sent.unverified += i64::from(without_appointment && notice.is_unverified);
    }
}
