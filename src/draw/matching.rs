//! Who wins and in which class: the greedy rule of the protocol on a transversal matroid, and then
//! the smallest class that each winner can have.
//!
//! People with the same set of accepted classes (a *type*) are interchangeable until they are named,
//! so the seating only counts, per class, how many of each type sit there. A search walks the graph
//! of classes: x → y when somebody in x accepts y. A search that fails has found a *closed* set of
//! classes: all full, their occupants accepting no class outside except in older closed sets. Nobody
//! ever enters or leaves it again, whatever is decided later. So each failure divides the classes for
//! good, searches stay within one region, and over both steps at most K of them fail.

use super::classes::Accepts;
use super::freeze::Reserve;
use seating::{Seating, bits};

mod seating;

/// One entry, in key order, as the matching sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
    let mut seating = Seating::new(types, seats);
    let mut regions = Regions::new(seats.len(), seating.words());
    let admitted = admit(&mut seating, &mut regions, candidates, reserves);
    let winners = (0..candidates.len()).filter(|at| admitted[*at]);
    winners.map(|at| (at, settle(&mut seating, &mut regions, candidates[at].kind))).collect()
}

/// Step 1: who wins.
fn admit(
    seating: &mut Seating,
    regions: &mut Regions,
    candidates: &[Candidate],
    reserves: &[Reserve],
) -> Vec<bool> {
    let mut members = vec![Vec::new(); 256];
    for (at, candidate) in candidates.iter().enumerate() {
        members[usize::from(candidate.reserve)].push(at);
    }
    let mut admitted = vec![false; candidates.len()];
    for reserve in reserves {
        let mut left = reserve.seats;
        for at in &members[usize::from(reserve.label)] {
            if left == 0 {
                break;
            }
            if place(seating, regions, candidates[*at].kind) {
                admitted[*at] = true;
                left -= 1;
            }
        }
    }
    for (at, candidate) in candidates.iter().enumerate() {
        if !admitted[at] {
            admitted[at] = place(seating, regions, candidate.kind);
        }
    }
    admitted
}

/// Seats one more person of this type, if everyone seated can stay seated.
fn place(seating: &mut Seating, regions: &mut Regions, kind: u32) -> bool {
    if let Some(class) = seating.first_open(kind) {
        seating.seat(kind, class);
        return true;
    }
    let from: Vec<u64> = and(seating.accepted(kind), regions.hopeful()).collect();
    if from.iter().all(|word| *word == 0) {
        return false;
    }
    let goal = seating.open().to_vec();
    match seating.search(&from, regions.hopeful(), &goal) {
        Ok(path) => {
            seating.shift(&path);
            seating.seat(kind, path[0]);
            true
        }
        Err(closed) => {
            regions.close(closed);
            false
        }
    }
}

/// Step 2: gives one winner of this type, already seated somewhere, the smallest class possible, and
/// takes their seat out of the seating.
fn settle(seating: &mut Seating, regions: &mut Regions, kind: u32) -> u16 {
    loop {
        // Nobody ever leaves a region or enters one, so the class is one of the region where this
        // type sits. People of one type accept each other's classes: they all sit in one region.
        let home = seating.home(kind);
        let region = regions.of(home);
        let class = bits(and(seating.accepted(kind), region))
            .next()
            .expect("the winner's own seat is always possible");
        if seating.holds(kind, class) {
            seating.lift(kind, class);
            seating.close_seat(class);
            return class;
        }
        let mut goal = seating.open().to_vec();
        seating.mark_homes(kind, &mut goal);
        let mut from = vec![0; goal.len()];
        from[usize::from(class) / 64] |= 1 << (class % 64);
        match seating.search(&from, region, &goal) {
            Ok(path) => {
                let end = path[path.len() - 1];
                let left = if seating.holds(kind, end) { end } else { home };
                seating.lift(kind, left);
                seating.shift(&path);
                seating.close_seat(class);
                return class;
            }
            Err(closed) => regions.close(closed),
        }
    }
}

/// What the failed searches have taught: which classes may still exchange people with each other.
/// Region 0 is what no failed search has closed, where an open seat may still be reached.
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
