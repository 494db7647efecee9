//! From a frozen list and its randomness to the outcome: who gets which slot.

use super::beacon::VerifiedRound;
use super::fault::{Fault, same};
use super::freeze::Frozen;
use super::hash::{Hash, commitment, sha256};
use super::list::Source;
use super::matching::{Candidate, allot};
use super::priority::{order, ranks};
use super::seed::{Ticket, seed, tickets};
use super::threads::each;

/// Entries per unit of parallel work.
const CHUNK: usize = 1 << 13;

/// The randomness that opens a frozen list, as its source announced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opening {
    /// The announced round of the beacon.
    Drand(VerifiedRound),
    /// The secret behind the commitment.
    Secret([u8; 32]),
}

impl Opening {
    fn randomness(&self, frozen: &Frozen) -> Result<Hash, Fault> {
        match (self, frozen.source()) {
            (Self::Drand(found), Source::Drand { round, .. }) if found.round() == *round => {
                Ok(found.randomness())
            }
            (Self::Drand(found), Source::Drand { round, .. }) => {
                let found = found.round();
                let rule = format!("round {round} was announced and this is round {found}");
                Err(Fault::rule("source.round", rule))
            }
            (Self::Secret(secret), Source::Commit { commitment: stated }) => {
                let opened = commitment(frozen.draw(), secret);
                same("source.commitment", stated, &opened)?;
                Ok(*secret)
            }
            (Self::Drand(_), Source::Commit { .. }) => {
                let rule = "the list commits to a secret; a beacon round cannot open it";
                Err(Fault::rule("source", rule))
            }
            (Self::Secret(_), Source::Drand { .. }) => {
                let rule = "the list announces a beacon round; a secret cannot open it";
                Err(Fault::rule("source", rule))
            }
        }
    }
}

/// A draw with its outcome.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawn {
    frozen: Frozen,
    opening: Opening,
    seed: Hash,
    tickets: Vec<Ticket>,
    order: Vec<u32>,
    outcome: Vec<(u32, u32)>,
    outcome_hash: Hash,
}

impl Frozen {
    /// Computes the outcome.
    ///
    /// Errors when the opening is not the one that the source announced.
    pub fn open(self, opening: Opening) -> Result<Drawn, Fault> {
        let randomness = opening.randomness(&self)?;
        let seed = seed(self.freeze(), &randomness);
        let tickets = tickets(&seed, self.entries());
        let order = order(self.entries(), &tickets);
        let outcome = outcome(&self, &order);
        let outcome_hash = outcome_hash(self.freeze(), &seed, &outcome);
        Ok(Drawn { frozen: self, opening, seed, tickets, order, outcome, outcome_hash })
    }
}

/// The winners with their slots: within a class, slots are taken in order.
fn outcome(frozen: &Frozen, order: &[u32]) -> Vec<(u32, u32)> {
    let mut seats = vec![0; frozen.classes().len()];
    for slot in frozen.slots() {
        seats[usize::from(slot.class)] += 1;
    }
    let mut next_slot: Vec<u32> =
        seats.iter().scan(0, |sum, seats| Some(std::mem::replace(sum, *sum + seats))).collect();
    let candidates = each(order.len(), CHUNK, |rank| {
        let line = &frozen.entries()[order[rank] as usize];
        Candidate { kind: line.kind, reserve: line.reserve }
    });
    allot(frozen.types(), &seats, &candidates, frozen.reserves())
        .into_iter()
        .map(|(at, class)| {
            let next = &mut next_slot[usize::from(class)];
            let slot = *next;
            *next += 1;
            (order[at], slot)
        })
        .collect()
}

/// The hash of an outcome, the last field of a bundle.
pub fn outcome_hash(freeze: &Hash, seed: &Hash, outcome: &[(u32, u32)]) -> Hash {
    let winners = u32::try_from(outcome.len()).expect("no more winners than entries");
    let mut pairs = Vec::with_capacity(8 * outcome.len());
    for (entry, slot) in outcome {
        pairs.extend_from_slice(&entry.to_be_bytes());
        pairs.extend_from_slice(&slot.to_be_bytes());
    }
    sha256(&[b"passage-draw/1 outcome\0", freeze, seed, &winners.to_be_bytes(), &pairs])
}

impl Drawn {
    /// The list that was drawn.
    pub fn frozen(&self) -> &Frozen {
        &self.frozen
    }

    /// The randomness that opened it.
    pub fn opening(&self) -> &Opening {
        &self.opening
    }

    /// The seed of the tickets.
    pub fn seed(&self) -> &Hash {
        &self.seed
    }

    /// The ticket of each entry, by entry number.
    pub fn tickets(&self) -> &[Ticket] {
        &self.tickets
    }

    /// Entry numbers in key order.
    pub fn order(&self) -> &[u32] {
        &self.order
    }

    /// The place of each entry in key order, from 0, by entry number.
    pub fn ranks(&self) -> Vec<u32> {
        ranks(&self.order)
    }

    /// (entry number, slot number) of each winner, in key order.
    pub fn outcome(&self) -> &[(u32, u32)] {
        &self.outcome
    }

    /// The outcome hash.
    pub fn outcome_hash(&self) -> &Hash {
        &self.outcome_hash
    }

    /// For each entry, the number of the slot it won, if it won.
    pub fn slots_won(&self) -> Vec<Option<u32>> {
        let mut won = vec![None; self.tickets.len()];
        for (entry, slot) in &self.outcome {
            won[*entry as usize] = Some(*slot);
        }
        won
    }
}
