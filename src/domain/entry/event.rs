//! What can happen to an entry. What an event carries beside (an availability, a queue, keys) is written with
//! its effect and decides nothing here.

use chrono::{DateTime, Utc};

use super::{ConvocationEvent, Convoked};
use crate::domain::penalty::Announced;

/// What happens to an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryEvent {
    /// Not listed from now on, by the holder's wish.
    Pause,
    Resume,
    ChangeAvailability,
    /// An agent has seen the evidence of a deadline.
    SeeDeadline,
    VerifyIdentity,
    /// The time to verify the identity runs out, or has.
    IdentityOverdue,
    /// To another queue; the day and the seniority stay.
    Move {
        same_queue: bool,
    },
    /// The same person holds another entry.
    CloseDuplicate,
    /// First in the next draw, for an appointment that the prefecture took back.
    Compensate,
    Withdraw,
    /// A draw gave it a slot.
    Win(Convoked),
    /// Listed in a draw with a chance, and not drawn.
    Survive,
    /// What was announced takes effect, and counts from an instant.
    Penalise {
        announced: Announced,
        from: DateTime<Utc>,
    },
    /// Its convocation ends.
    End(ConvocationEvent),
}
