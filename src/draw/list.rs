//! What a list is made of: seats, entries, reserves and the announced randomness. A [`List`] is the input from
//! a queue, in any order; freezing puts it in order.

use std::sync::atomic::{AtomicBool, Ordering};

use super::beacon::QUICKNET_CHAIN;
use super::canonical::Terms;
use super::classes::{Accepts, Classes};
use super::hash::{Hash, Id};
use super::threads::each;

/// Entries per unit of parallel work.
pub(super) const CHUNK: usize = 1 << 13;

/// The largest weight of an entry: how many tickets it may draw.
pub const MAX_WEIGHT: u8 = 32;

/// An entry's line in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Line {
    /// Its public name in this draw.
    pub pid: Id,
    /// The number of its type: the set of classes that its holder accepts, perhaps none.
    pub kind: u32,
    /// Smaller is served first.
    pub tier: u8,
    /// Number of tickets, 1 to [`MAX_WEIGHT`].
    pub weight: u8,
    /// Within a tier, smaller is served first.
    pub bucket: u32,
    /// The label of the reserve it belongs to, or 0.
    pub reserve: u8,
}

/// A slot to give. Slots are sorted by class, start, desk and id; ids are unique.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    /// The number of its class.
    pub class: u16,
    /// When it begins, in Unix seconds.
    pub start: i64,
    /// Desk number.
    pub desk: u16,
    /// Slot id.
    pub id: Id,
    /// How long it lasts, in minutes.
    pub minutes: u16,
}

impl Slot {
    /// The sort key of slots.
    pub(super) fn key(&self) -> (u16, i64, u16, u128) {
        (self.class, self.start, self.desk, u128::from_be_bytes(self.id))
    }
}

/// Seats kept for the entries of one label before all others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reserve {
    /// 1 to 255.
    pub label: u8,
    /// How many of them are admitted first.
    pub seats: u32,
}

/// Where the randomness will come from, fixed before it exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// A round of the pinned drand chain.
    Drand {
        /// Chain hash; only [`QUICKNET_CHAIN`] is accepted.
        chain: Hash,
        /// Round number, from 1.
        round: u64,
    },
    /// A secret to which the operator has committed: requires trust in the operator.
    Commit {
        /// [`super::commitment`] of the secret.
        commitment: Hash,
    },
}

impl Source {
    /// A round of quicknet.
    pub fn quicknet(round: u64) -> Self {
        Self::Drand { chain: QUICKNET_CHAIN, round }
    }

    /// The source as it is hashed into the freeze.
    pub fn bytes(&self) -> [u8; 41] {
        let (kind, hash, round) = match self {
            Self::Drand { chain, round } => (1, chain, *round),
            Self::Commit { commitment } => (2, commitment, 0),
        };
        let mut bytes = [kind; 41];
        bytes[1..33].copy_from_slice(hash);
        bytes[33..].copy_from_slice(&round.to_be_bytes());
        bytes
    }
}

/// What is to be frozen. Types, entries and slots may come in any order; reserves come in order of
/// precedence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List {
    /// Draw id.
    pub draw: Id,
    /// What was announced.
    pub terms: Terms,
    /// The classes of the slots, and any others that people may accept.
    pub classes: Classes,
    /// The seats.
    pub slots: Vec<Slot>,
    /// Sets of accepted classes; duplicates and unused sets are allowed.
    pub types: Vec<Accepts>,
    /// Everyone waiting and not paused, even with no class accepted in this draw. The `kind` of each
    /// is a position in `types`.
    pub entries: Vec<Line>,
    /// In order of precedence.
    pub reserves: Vec<Reserve>,
    /// The announced randomness.
    pub source: Source,
}

/// A list in its frozen order, not yet checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Parts {
    pub draw: Id,
    pub terms: Terms,
    pub classes: Classes,
    pub slots: Vec<Slot>,
    pub types: Vec<Accepts>,
    pub lines: Vec<Line>,
    pub reserves: Vec<Reserve>,
    pub source: Source,
}

/// For each type, whether a line uses it.
pub(super) fn in_use(types: usize, lines: &[Line]) -> Vec<bool> {
    let used: Vec<AtomicBool> = std::iter::repeat_with(AtomicBool::default).take(types).collect();
    each(lines.len().div_ceil(CHUNK), 1, |chunk| {
        for line in lines.iter().skip(chunk * CHUNK).take(CHUNK) {
            if let Some(used) = used.get(line.kind as usize).filter(|used| !used.load(Ordering::Relaxed)) {
                used.store(true, Ordering::Relaxed);
            }
        }
    });
    used.into_iter().map(AtomicBool::into_inner).collect()
}
