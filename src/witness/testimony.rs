//! What a witness knows about a bundle: whether it saw this list before the randomness was out.

use std::fmt;

use chrono::{DateTime, SecondsFormat, Utc};

use super::ledger::SeenFreeze;
use crate::draw::{Source, Verified, time_of_round};

/// The testimony of one witness about one bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Testimony {
    Before {
        seen_at: DateTime<Utc>,
        out_at: DateTime<Utc>,
        /// Only the operator says when the randomness is out: a commitment can be opened at any time.
        on_the_operators_word: bool,
    },
    NeverSeen,
    AnotherList,
    TooLate {
        seen_at: DateTime<Utc>,
        out_at: DateTime<Utc>,
    },
}

impl Testimony {
    /// Compares what was seen with a bundle that was verified. For a beacon, the time of the randomness
    /// comes from the round in the bundle, never from what the record says.
    pub fn of(seen: Option<&SeenFreeze>, bundle: &Verified) -> Self {
        let Some(seen) = seen.filter(|seen| *seen.draw.0.as_bytes() == bundle.draw) else {
            return Self::NeverSeen;
        };
        if seen.freeze.0 != bundle.freeze {
            return Self::AnotherList;
        }
        let (out_at, on_the_operators_word) = match bundle.source {
            Source::Drand { round, .. } => {
                (DateTime::from_timestamp(time_of_round(round), 0).unwrap_or(seen.out_at), false)
            }
            Source::Commit { .. } => (seen.out_at, true),
        };
        let seen_at = seen.seen_at;
        if seen_at < out_at {
            Self::Before { seen_at, out_at, on_the_operators_word }
        } else {
            Self::TooLate { seen_at, out_at }
        }
    }

    /// Whether the list came first.
    pub const fn is_good(&self) -> bool {
        matches!(self, Self::Before { .. })
    }
}

impl fmt::Display for Testimony {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = |at: &DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::Secs, true);
        match self {
            Self::Before { seen_at, out_at, on_the_operators_word } => {
                write!(f, "saw this list at {}, before the randomness at {}", time(seen_at), time(out_at))?;
                if *on_the_operators_word {
                    write!(f, " (on the operator's word: a commitment, not a beacon)")?;
                }
                Ok(())
            }
            Self::NeverSeen => write!(f, "never saw a list of this draw"),
            Self::AnotherList => write!(f, "saw ANOTHER LIST of this draw"),
            Self::TooLate { seen_at, out_at } => {
                write!(
                    f,
                    "saw this list only at {}, when the randomness was out ({})",
                    time(seen_at),
                    time(out_at)
                )
            }
        }
    }
}
