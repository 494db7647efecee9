//! The words for what an entry and a convocation are now, and for what happens to them.

use crate::domain::text_enum::text_enum;
use crate::domain::tick::Tick;

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
        /// The holder came, and something was missing from the file.
        Incomplete = "incomplete",
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
        /// The holder came, and something was missing from the file.
        Incomplete = "incomplete",
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
    }
}

impl From<Tick> for ConvocationEvent {
    fn from(tick: Tick) -> Self {
        match tick {
            Tick::Served => Self::Attend,
            Tick::Incomplete => Self::Incomplete,
            Tick::Absent => Self::Miss,
            Tick::WrongCounter => Self::WrongCounter,
            Tick::NotThePerson => Self::NotThePerson,
        }
    }
}

impl ConvocationEvent {
    /// The tick that stands for it until the site closes.
    pub const fn tick(self) -> Option<Tick> {
        match self {
            Self::Attend => Some(Tick::Served),
            Self::Incomplete => Some(Tick::Incomplete),
            Self::Miss => Some(Tick::Absent),
            Self::WrongCounter => Some(Tick::WrongCounter),
            Self::NotThePerson => Some(Tick::NotThePerson),
            Self::Cancel | Self::PrefectureCancel => None,
        }
    }

    /// Whether an agent must say why, or what was missing. It is sealed, and its holder can read it.
    pub const fn needs_reason(self) -> bool {
        matches!(self, Self::Incomplete | Self::NotThePerson | Self::PrefectureCancel)
    }
}
