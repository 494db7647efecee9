//! Who wins and in which class: the greedy rule of the protocol on a transversal matroid, and then
//! the smallest class that each winner can have.
//!
//! People with the same set of accepted classes (a *type*) are interchangeable until slots are assigned by
//! name, so the seating only counts, per type, how many sit in each class. A search is a breadth-first search
//! of the graph of classes: x → y when somebody in x accepts y. A search that fails has found a *closed* set
//! of classes: all are full, and their occupants accept no class outside except in older closed sets. Nobody
//! ever enters or leaves it again, whatever is decided later. So each failure divides the classes
//! permanently, searches stay within one region, and over both steps at most K searches fail.

use super::classes::Accepts;
use super::list::Reserve;
use seating::{Seating, bits, first};

mod seating;

/// One entry, in key order, as the matching sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Candidate {
    /// The number of its type.
    pub kind: u32,
    /// The label of its reserve, or 0.
    pub reserve: u8,
}

/// The winners as (position in `candidates`, class number), in key order.
///
/// `seats` is the number of slots of each class; `candidates` come in key order and their `kind` is
/// a position in `types`.
///
/// ```
/// use passage::draw::{Accepts, matching::{Candidate, allot}};
/// let mut first = Accepts::none(2);
/// first.add(0);
/// let mut both = first.clone();
/// both.add(1);
/// // The first of the two takes either class; the second takes class 0 only. Both can sit.
/// let order = [Candidate { kind: 1, reserve: 0 }, Candidate { kind: 0, reserve: 0 }];
/// assert_eq!(allot(&[first, both], &[1, 1], &order, &[]), [(0, 1), (1, 0)]);
/// ```
pub fn allot(
    types: &[Accepts],
    seats: &[u32],
    candidates: &[Candidate],
    reserves: &[Reserve],
) -> Vec<(usize, u16)> {
    Admitted::choose(types, seats, candidates, reserves).settle()
}

/// The winners, each seated somewhere: step 1 is done and step 2 is not.
pub struct Admitted {
    seating: Seating,
    regions: Regions,
    /// The types of which no further person can be seated.
    hopeless: Vec<bool>,
    /// The smallest class last found possible for each type, in step 2: it never decreases.
    least: Vec<u16>,
    /// Position and type of each winner, in key order.
    winners: Vec<(usize, u32)>,
}

impl Admitted {
    /// Step 1: who wins.
    pub fn choose(types: &[Accepts], seats: &[u32], candidates: &[Candidate], reserves: &[Reserve]) -> Self {
        let seating = Seating::new(types, seats);
        let regions = Regions::new(seats.len(), seating.words());
        let (hopeless, least) = (vec![false; types.len()], vec![0; types.len()]);
        let mut all = Self { seating, regions, hopeless, least, winners: Vec::new() };
        let admitted = all.walk_reserves(candidates, reserves);
        for (at, (candidate, admitted)) in candidates.iter().zip(admitted).enumerate() {
            if admitted || all.place(candidate.kind) {
                all.winners.push((at, candidate.kind));
            }
        }
        all
    }

    /// Whether each candidate is admitted by a reserve.
    fn walk_reserves(&mut self, candidates: &[Candidate], reserves: &[Reserve]) -> Vec<bool> {
        let mut admitted = vec![false; candidates.len()];
        let mut members = vec![Vec::new(); 256];
        for (at, candidate) in candidates.iter().enumerate().filter(|(_, candidate)| candidate.reserve > 0) {
            members[usize::from(candidate.reserve)].push((at, candidate.kind));
        }
        for reserve in reserves {
            let mut left = reserve.seats;
            for (at, kind) in members[usize::from(reserve.label)].iter().copied() {
                if left == 0 {
                    break;
                }
                if self.place(kind) {
                    admitted[at] = true;
                    left -= 1;
                }
            }
        }
        admitted
    }

    /// Seats one more person of this type, if everyone seated can stay seated.
    fn place(&mut self, kind: u32) -> bool {
        if self.hopeless[kind as usize] {
            return false;
        }
        if self.seating.seat_anywhere(kind) {
            return true;
        }
        let from: Vec<u16> = bits(and(self.seating.accepted(kind), self.regions.hopeful())).collect();
        match self.seating.search(&from, self.regions.hopeful(), None) {
            Ok(path) => {
                self.seating.shift();
                self.seating.seat(kind, path.first);
                return true;
            }
            Err(closed) => self.regions.close(closed),
        }
        self.hopeless[kind as usize] = true;
        false
    }

    /// Step 2: the smallest class that each winner can have, as (position, class number) in key order.
    pub fn settle(mut self) -> Vec<(usize, u16)> {
        let winners = std::mem::take(&mut self.winners);
        winners.into_iter().map(|(at, kind)| (at, self.settle_one(kind))).collect()
    }

    /// Gives one winner of this type, already seated somewhere, the smallest class possible, and takes
    /// their seat out of the seating.
    fn settle_one(&mut self, kind: u32) -> u16 {
        loop {
            // Nobody ever leaves a region or enters one, so the class is one of the region where this
            // type sits. People of one type accept each other's classes: they all sit in one region.
            let home = self.seating.home(kind);
            let region = self.regions.of(home);
            let word = self.least[kind as usize] / 64;
            let from = usize::from(word);
            let class = first(and(&self.seating.accepted(kind)[from..], &region[from..]));
            let class = 64 * word + class.expect("the winner's own seat is always possible");
            self.least[kind as usize] = class;
            if class == home {
                self.seating.leave(kind, 0);
                return class;
            }
            if self.seating.trade(kind, class) {
                return class;
            }
            match self.seating.search(&[class], region, Some(kind)) {
                Ok(path) => {
                    let left = if self.seating.holds(kind, path.last) { path.last } else { home };
                    self.seating.lift(kind, left);
                    self.seating.shift();
                    self.seating.close_seat(class);
                    return class;
                }
                Err(closed) => self.regions.close(closed),
            }
        }
    }
}

/// What is known from failed searches: which classes may still exchange people with each other.
/// Region 0 holds the classes that no failed search has closed; a free seat may still be reached there.
struct Regions {
    sets: Vec<Vec<u64>>,
    /// The region of each class.
    region: Vec<usize>,
}

impl Regions {
    fn new(classes: usize, words: usize) -> Self {
        let mut all = vec![0; words];
        for class in 0..classes {
            all[class / 64] |= 1 << (class % 64);
        }
        Self { sets: vec![all], region: vec![0; classes] }
    }

    fn hopeful(&self) -> &[u64] {
        &self.sets[0]
    }

    fn of(&self, class: u16) -> &[u64] {
        &self.sets[self.region[usize::from(class)]]
    }

    /// Cuts a closed part of one region off from the rest of it.
    fn close(&mut self, closed: Vec<u64>) {
        if closed.iter().all(|word| *word == 0) {
            return;
        }
        let new = self.sets.len();
        for class in bits(closed.iter().copied()) {
            let old = std::mem::replace(&mut self.region[usize::from(class)], new);
            self.sets[old][usize::from(class) / 64] &= !(1 << (class % 64));
        }
        self.sets.push(closed);
    }
}

fn and<'a>(a: &'a [u64], b: &'a [u64]) -> impl Iterator<Item = u64> + 'a {
    a.iter().zip(b).map(|(a, b)| a & b)
}
