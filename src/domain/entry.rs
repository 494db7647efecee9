//! An entry and its convocation, and what each event makes of them. The table of docs/states.md is
//! this file: a transition consumes the old state and a refused one has a name.

use chrono::{DateTime, Days, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::refusal::Refusal;
use super::rules::{Penalty, Rules};
use super::text_enum::text_enum;

text_enum! {
    /// What an entry is now.
    EntryState {
        /// Registered and dated, but nobody has verified who it is.
        AwaitingIdentity = "awaiting_identity",
        Waiting = "waiting",
        Convoked = "convoked",
        Served = "served",
        Withdrawn = "withdrawn",
        /// Ended by the prefecture or by the rules, with a reason.
        Closed = "closed",
    }
}

impl EntryState {
    /// Whether the entry still holds its keys: one live entry per person and procedure.
    pub const fn is_live(self) -> bool {
        matches!(self, Self::AwaitingIdentity | Self::Waiting | Self::Convoked)
    }
}

text_enum! {
    /// Why an entry is closed.
    CloseReason {
        /// Nobody verified the identity in time, or it was not the person.
        Identity = "identity",
        /// A missed convocation, under rules that close.
        Missed = "missed",
        /// A late cancellation, under rules that close.
        LateCancel = "late_cancel",
        /// The same person, verified, already holds an entry.
        Duplicate = "duplicate",
    }
}

text_enum! {
    /// What a convocation is now.
    ConvocationState {
        Live = "live",
        Attended = "attended",
        Missed = "missed",
        /// Given back in time.
        Declined = "declined",
        /// Given back after the late limit.
        CancelledLate = "cancelled_late",
        /// Taken back by the prefecture: closed day, slot withdrawn, notice too short.
        CancelledByPrefecture = "cancelled_by_prefecture",
        /// The holder had withdrawn after the list was frozen.
        CancelledByHolder = "cancelled_by_holder",
        /// Came to the wrong counter: moved to the right queue.
        WrongCounter = "wrong_counter",
        /// Somebody else came.
        NotThePerson = "not_the_person",
    }
}

text_enum! {
    /// What happens to a live convocation.
    ConvocationEvent {
        /// The holder came and was served.
        Attend = "attend",
        /// The holder did not come.
        Miss = "miss",
        /// The holder gives the slot back.
        Cancel = "cancel",
        /// The prefecture takes it back.
        PrefectureCancel = "prefecture_cancel",
        /// The holder came to the wrong counter.
        WrongCounter = "wrong_counter",
        /// Somebody else came with the convocation.
        NotThePerson = "not_the_person",
        /// The holder withdraws the whole entry.
        Withdraw = "withdraw",
    }
}

/// What seniority and position become.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Seniority {
    Kept,
    Reset,
}

/// What a convocation's end makes of everything around it. The store applies it in one transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConvocationEnd {
    pub convocation: ConvocationState,
    pub entry: EntryState,
    pub close_reason: Option<CloseReason>,
    pub seniority: Seniority,
    /// First in the next draw: the prefecture took the slot back.
    pub displaced: bool,
    /// Not listed before this instant.
    pub paused_until: Option<DateTime<Utc>>,
    /// Whether the slot returns to the pool, for a later draw.
    pub frees_slot: bool,
    /// Whether giving back counts against “seniority kept once”.
    pub counts_as_decline: bool,
}

/// A live convocation, with what the rules need to know of it.
#[derive(Clone, Copy, Debug)]
pub struct Convoked {
    pub state: ConvocationState,
    pub issued_at: DateTime<Utc>,
    pub starts_at: DateTime<Utc>,
    /// Times the holder has already given a slot back in time.
    pub declines: u32,
}

/// How long a convocation can be given back at no cost once it is issued, whatever the rules call late: its
/// holder must have time to read it.
const READING_HOURS: i64 = 24;
/// How long before its time a person may be received: people come early, desks run ahead.
const EARLY_MINUTES: i64 = 120;

impl Convoked {
    /// What `event` makes of this convocation at `now`.
    ///
    /// # Errors
    /// [`Refusal::ConvocationEnded`] if it has already ended; too early or too late otherwise.
    pub fn end(
        self,
        event: ConvocationEvent,
        now: DateTime<Utc>,
        rules: &Rules,
    ) -> Result<ConvocationEnd, Refusal> {
        if self.state != ConvocationState::Live {
            return Err(Refusal::ConvocationEnded);
        }
        let at_the_counter = matches!(
            event,
            ConvocationEvent::Attend | ConvocationEvent::WrongCounter | ConvocationEvent::NotThePerson
        );
        if at_the_counter && now < self.starts_at - TimeDelta::minutes(EARLY_MINUTES) {
            return Err(Refusal::TooEarly);
        }
        if event == ConvocationEvent::Miss && now < self.starts_at {
            return Err(Refusal::TooEarly);
        }
        let by_holder = matches!(event, ConvocationEvent::Cancel | ConvocationEvent::Withdraw);
        if by_holder && now >= self.starts_at {
            return Err(Refusal::TooLate);
        }
        Ok(self.outcome(event, now, rules))
    }

    /// From when on giving the slot back is late.
    pub fn late_from(self, rules: &Rules) -> DateTime<Utc> {
        let by_the_rules = self.starts_at - TimeDelta::hours(rules.late_limit_hours.into());
        by_the_rules.max(self.issued_at + TimeDelta::hours(READING_HOURS)).min(self.starts_at)
    }

    fn outcome(self, event: ConvocationEvent, now: DateTime<Utc>, rules: &Rules) -> ConvocationEnd {
        let late_from = self.late_from(rules);
        let served = ConvocationEnd {
            convocation: ConvocationState::Attended,
            entry: EntryState::Served,
            close_reason: None,
            seniority: Seniority::Kept,
            displaced: false,
            paused_until: None,
            frees_slot: false,
            counts_as_decline: false,
        };
        let waiting = ConvocationEnd { entry: EntryState::Waiting, frees_slot: true, ..served };
        match event {
            ConvocationEvent::Attend => served,
            ConvocationEvent::Miss => ConvocationEnd {
                convocation: ConvocationState::Missed,
                frees_slot: false,
                ..penalised(waiting, rules.miss, CloseReason::Missed, now)
            },
            ConvocationEvent::Cancel if now < late_from => ConvocationEnd {
                convocation: ConvocationState::Declined,
                seniority: if self.declines == 0 { Seniority::Kept } else { Seniority::Reset },
                counts_as_decline: true,
                ..waiting
            },
            ConvocationEvent::Cancel => ConvocationEnd {
                convocation: ConvocationState::CancelledLate,
                ..penalised(waiting, rules.late_cancel, CloseReason::LateCancel, now)
            },
            ConvocationEvent::PrefectureCancel => ConvocationEnd {
                convocation: ConvocationState::CancelledByPrefecture,
                displaced: true,
                ..waiting
            },
            ConvocationEvent::WrongCounter => {
                ConvocationEnd { convocation: ConvocationState::WrongCounter, frees_slot: false, ..waiting }
            }
            ConvocationEvent::NotThePerson => ConvocationEnd {
                convocation: ConvocationState::NotThePerson,
                entry: EntryState::Closed,
                close_reason: Some(CloseReason::Identity),
                ..served
            },
            ConvocationEvent::Withdraw => ConvocationEnd {
                convocation: ConvocationState::CancelledByHolder,
                entry: EntryState::Withdrawn,
                frees_slot: true,
                ..served
            },
        }
    }
}

fn penalised(
    waiting: ConvocationEnd,
    penalty: Penalty,
    reason: CloseReason,
    now: DateTime<Utc>,
) -> ConvocationEnd {
    match penalty {
        Penalty::Close => ConvocationEnd { entry: EntryState::Closed, close_reason: Some(reason), ..waiting },
        Penalty::PauseDays(days) => ConvocationEnd {
            seniority: Seniority::Reset,
            paused_until: Some(now + Days::new(days.into())),
            ..waiting
        },
    }
}

#[cfg(test)]
#[path = "entry_tests.rs"]
mod tests;
