//! What an event makes of an entry and of everything around it: the value that the store writes in one
//! transaction, and nothing else decides.

use super::Entry;
use super::state::ConvocationState;
use crate::domain::actor::Actor;
use crate::domain::notice::NoticeKind;
use crate::domain::penalty::Announced;

/// What becomes of the keys that hold a person's one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keys {
    Keep,
    /// Taken for the first time: the identity has just been verified.
    Hold,
    /// Given back: the person may register again.
    Release,
    /// Given back and taken again, in the queue to which the entry moves.
    Rehold,
}

/// What becomes of the slot of a convocation that ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SlotEnd {
    /// Returns to the pool, for a later draw.
    Free,
    /// Its time was used, or lost, at the counter.
    Spent,
    /// Its time has passed and nobody could be received: neither offered again nor counted as lapsed.
    Withdrawn,
}

/// Which notices that have not left yet lose their use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Superseded {
    None,
    /// Those that ask for an identity.
    Identity,
    /// Those that call to the convocation that has ended.
    Convocation,
    /// All but what explains a decision: the entry has ended.
    All,
}

impl Superseded {
    /// Whether a notice of this kind, waiting to leave, is superseded.
    pub const fn includes(self, kind: NoticeKind) -> bool {
        match self {
            Self::None => false,
            Self::Identity => {
                matches!(kind, NoticeKind::IdentityWanted | NoticeKind::IdentityWarning)
            }
            Self::Convocation => kind.dies_with_convocation(),
            // What explains a decision and its cost is still owed.
            Self::All => !matches!(
                kind,
                NoticeKind::Missed
                    | NoticeKind::Cancellation
                    | NoticeKind::PenaltyUpheld
                    | NoticeKind::PenaltyLifted
                    | NoticeKind::ReviewAnswered
            ),
        }
    }
}

/// What an event makes of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effect {
    /// The entry as it is afterwards.
    pub entry: Entry,
    pub keys: Keys,
    /// What it will cost the person, unless an objection is heard.
    pub announces: Option<Announced>,
    /// How its live convocation ended, and what becomes of the slot.
    pub ended: Option<(ConvocationState, SlotEnd)>,
    pub supersedes: Superseded,
    /// The notice that tells the person.
    pub owes: Option<NoticeKind>,
}

impl Effect {
    /// Whatever staff change of somebody's rights is told to that person.
    pub(super) fn told_if_by_staff(self, by: Actor) -> Self {
        let owes = if matches!(by, Actor::Staff(_)) { Some(NoticeKind::Changed) } else { self.owes };
        Self { owes, ..self }
    }
}
