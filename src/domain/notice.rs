//! Messages owed to an applicant: which, by which way, when. The text is made when it leaves, from
//! the translations; nothing personal is stored with the notice.

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};

use super::letter::Sent;
use super::local_time::Zone;
use super::text_enum::text_enum;

text_enum! {
    /// What a notice says.
    NoticeKind {
        /// The dated receipt of a registration.
        Receipt = "receipt",
        /// The identity could not be verified at once: what to do.
        IdentityWanted = "identity_wanted",
        /// The entry will be closed if nobody verifies the identity.
        IdentityWarning = "identity_warning",
        /// A slot was assigned.
        Convocation = "convocation",
        /// The same slot, in the name that was corrected: what was received before is void.
        Reissued = "reissued",
        /// Two days before.
        Reminder = "reminder",
        /// The holder gave the slot back, or the late cancellation or miss is explained.
        Cancellation = "cancellation",
        /// A missed appointment, what it will cost, when, and how to object.
        Missed = "missed",
        /// Something was missing from the file at an appointment: what, and that nothing is lost.
        Incomplete = "incomplete",
        /// An objection was refused, and why.
        PenaltyUpheld = "penalty_upheld",
        /// An objection was accepted: nothing is lost.
        PenaltyLifted = "penalty_lifted",
        /// Somebody on the staff has looked at the request again, and answers.
        ReviewAnswered = "review_answered",
        /// The prefecture took the slot back.
        Apology = "apology",
        /// The entry was withdrawn by its holder.
        Withdrawal = "withdrawal",
        /// Staff changed the availability, a pause, a deadline or the turn: what, the pages say.
        Changed = "changed",
        /// The entry now stands in another queue.
        Moved = "moved",
        /// The entry is closed, why, and how to object.
        Closure = "closure",
    }
}

impl NoticeKind {
    /// Whether it tells of a penalty, if its convocation has one.
    pub const fn announces_penalty(self) -> bool {
        matches!(self, Self::Missed | Self::Cancellation | Self::Withdrawal)
    }

    /// Whether the notice loses its use when its convocation ends.
    pub const fn dies_with_convocation(self) -> bool {
        matches!(self, Self::Convocation | Self::Reissued | Self::Reminder)
    }
}

text_enum! {
    /// The way a notice goes; the order is that in which they are tried.
    Way {
        Sms = "sms",
        Email = "email",
        /// Printed and handed over or posted by an agent.
        Letter = "letter",
    }
}

text_enum! {
    /// What has become of a notice.
    NoticeState {
        Pending = "pending",
        /// Committed before the first byte leaves.
        Sending = "sending",
        /// The gateway has taken it: not yet delivered.
        Accepted = "accepted",
        Delivered = "delivered",
        Rejected = "rejected",
        Undelivered = "undelivered",
        /// The gateway's answer was lost.
        Unknown = "unknown",
        /// Of no more use before it left.
        Expired = "expired",
        /// Replaced by a later notice.
        Superseded = "superseded",
        /// A letter to somebody who registered online and whom nobody has verified: the pages say it.
        Withheld = "withheld",
    }
}

impl NoticeState {
    /// The word by which it is told: no gateway takes a letter, people hand it over or post it. What was posted
    /// counts as received later.
    pub const fn shown_as(self, way: Way, is_posted: bool) -> &'static str {
        match (way, self) {
            (Way::Letter, Self::Accepted) if is_posted => Sent::Posted.as_str(),
            (Way::Letter, Self::Accepted) => Sent::HandedOver.as_str(),
            _ => self.as_str(),
        }
    }
}

/// Local hours within which a message may leave.
const QUIET_UNTIL_HOUR: u32 = 8;
const QUIET_FROM_HOUR: u32 = 20;

/// The first instant at or after `now` outside quiet hours (20:00 to 08:00 local time).
pub fn outside_quiet_hours(now: DateTime<Utc>, zone: Zone) -> DateTime<Utc> {
    let opens = NaiveTime::from_hms_opt(QUIET_UNTIL_HOUR, 0, 0).unwrap_or_default();
    let closes = NaiveTime::from_hms_opt(QUIET_FROM_HOUR, 0, 0).unwrap_or_default();
    let local = zone.local(now);
    if (opens..closes).contains(&local.time()) {
        return now;
    }
    let day = if local.time() < opens { local.date() } else { local.date() + TimeDelta::days(1) };
    // Eight in the morning exists on every day in every French zone.
    zone.to_utc(day.and_time(opens)).unwrap_or(now)
}
