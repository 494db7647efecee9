//! A seating by type and class, the graph between classes that it makes, and the search of that
//! graph. It knows nothing of priorities: it only keeps its counts true.

use crate::draw::classes::Accepts;

/// The classes in a bitset, ascending.
pub(super) fn bits(words: impl Iterator<Item = u64>) -> impl Iterator<Item = u16> {
    (0_u16..).zip(words).flat_map(|(at, mut word)| {
        std::iter::from_fn(move || {
            let bit = u16::try_from(word.trailing_zeros()).ok().filter(|bit| *bit < 64)?;
            word &= word - 1;
            Some(at * 64 + bit)
        })
    })
}

/// How many people of one type sit in one class.
struct Group {
    kind: u32,
    people: u32,
}

/// Where a type has a group: the class, and the position among the groups of that class.
struct Home {
    class: u16,
    at: u32,
}

pub(super) struct Seating {
    words: usize,
    /// The bitset of each type, one after the other.
    accepted: Vec<u64>,
    room: Vec<u32>,
    /// The classes with room.
    open: Vec<u64>,
    groups: Vec<Vec<Group>>,
    homes: Vec<Vec<Home>>,
    /// `pairs[x·K + y]` is the number of groups in x that accept y.
    pairs: Vec<u32>,
    /// Row x is the bitset of the classes y for which that number is not 0.
    rows: Vec<u64>,
    parents: Vec<u16>,
}

const NO_PARENT: u16 = u16::MAX;

impl Seating {
    pub(super) fn new(types: &[Accepts], seats: &[u32]) -> Self {
        let classes = seats.len();
        let words = classes.div_ceil(64);
        let mut accepted = vec![0; types.len() * words];
        for (kind, bitmap) in types.iter().enumerate() {
            for (at, byte) in bitmap.as_bytes().iter().enumerate() {
                accepted[kind * words + at / 8] |= u64::from(*byte) << (at % 8 * 8);
            }
        }
        let mut open = vec![0; words];
        for class in (0..classes).filter(|class| seats[*class] > 0) {
            open[class / 64] |= 1 << (class % 64);
        }
        Self {
            words,
            accepted,
            room: seats.to_vec(),
            open,
            groups: std::iter::repeat_with(Vec::new).take(classes).collect(),
            homes: std::iter::repeat_with(Vec::new).take(types.len()).collect(),
            pairs: vec![0; classes * classes],
            rows: vec![0; classes * words],
            parents: vec![NO_PARENT; classes],
        }
    }

    pub(super) fn words(&self) -> usize {
        self.words
    }

    /// The classes that still have room.
    pub(super) fn open(&self) -> &[u64] {
        &self.open
    }

    /// The classes that a type accepts.
    pub(super) fn accepted(&self, kind: u32) -> &[u64] {
        &self.accepted[kind as usize * self.words..][..self.words]
    }

    /// The first class with room that this type accepts.
    pub(super) fn first_open(&self, kind: u32) -> Option<u16> {
        let both = self.accepted(kind).iter().zip(&self.open).map(|(a, b)| a & b);
        bits(both).next()
    }

    /// A class where somebody of this type sits; panics when nobody does.
    pub(super) fn home(&self, kind: u32) -> u16 {
        self.homes[kind as usize][0].class
    }

    /// Whether somebody of this type sits in this class.
    pub(super) fn holds(&self, kind: u32, class: u16) -> bool {
        let homes = &self.homes[kind as usize];
        homes.iter().any(|home| home.class == class)
    }

    /// Adds to a bitset the classes where somebody of this type sits.
    pub(super) fn mark_homes(&self, kind: u32, set: &mut [u64]) {
        for home in &self.homes[kind as usize] {
            set[usize::from(home.class) / 64] |= 1 << (home.class % 64);
        }
    }

    /// Seats one person of this type in a class that has room.
    pub(super) fn seat(&mut self, kind: u32, class: u16) {
        self.close_seat(class);
        let homes = &mut self.homes[kind as usize];
        let groups = &mut self.groups[usize::from(class)];
        if let Some(home) = homes.iter().find(|home| home.class == class) {
            groups[home.at as usize].people += 1;
            return;
        }
        let at = u32::try_from(groups.len()).expect("no more groups than types");
        homes.push(Home { class, at });
        groups.push(Group { kind, people: 1 });
        let (pairs, row, accepted) = self.edges(kind, class);
        for to in bits(accepted.iter().copied()) {
            pairs[usize::from(to)] += 1;
        }
        for (row, accepted) in row.iter_mut().zip(accepted) {
            *row |= accepted;
        }
    }

    /// Takes one person of this type out of a class, where their seat becomes free.
    pub(super) fn lift(&mut self, kind: u32, class: u16) {
        self.room[usize::from(class)] += 1;
        self.open[usize::from(class) / 64] |= 1 << (class % 64);
        let homes = &mut self.homes[kind as usize];
        let position = homes.iter().position(|home| home.class == class);
        let position = position.expect("somebody of this type sits here");
        let at = homes[position].at;
        let groups = &mut self.groups[usize::from(class)];
        groups[at as usize].people -= 1;
        if groups[at as usize].people > 0 {
            return;
        }
        homes.swap_remove(position);
        groups.swap_remove(at as usize);
        if let Some(moved) = groups.get(at as usize) {
            let homes = &mut self.homes[moved.kind as usize];
            let home = homes.iter_mut().find(|home| home.class == class);
            home.expect("a group has a home").at = at;
        }
        let (pairs, row, accepted) = self.edges(kind, class);
        for to in bits(accepted.iter().copied()) {
            let to = usize::from(to);
            pairs[to] -= 1;
            if pairs[to] == 0 {
                row[to / 64] &= !(1 << (to % 64));
            }
        }
    }

    /// The counters and the row of a class, and what a type accepts.
    fn edges(&mut self, kind: u32, class: u16) -> (&mut [u32], &mut [u64], &[u64]) {
        let (classes, class) = (self.room.len(), usize::from(class));
        (
            &mut self.pairs[class * classes..][..classes],
            &mut self.rows[class * self.words..][..self.words],
            &self.accepted[kind as usize * self.words..][..self.words],
        )
    }

    /// Takes a free seat of a class away.
    pub(super) fn close_seat(&mut self, class: u16) {
        let room = &mut self.room[usize::from(class)];
        *room = room.checked_sub(1).expect("the class has room");
        if *room == 0 {
            self.open[usize::from(class) / 64] &= !(1 << (class % 64));
        }
    }

    /// The shortest path of classes from `from` to `goal` through `within`, or the set of classes
    /// reached when there is none.
    pub(super) fn search(
        &mut self,
        from: &[u64],
        within: &[u64],
        goal: &[u64],
    ) -> Result<Vec<u16>, Vec<u64>> {
        let mut unseen: Vec<u64> = within.iter().zip(from).map(|(w, f)| w & !f).collect();
        let mut queue: Vec<u16> = bits(from.iter().copied()).collect();
        for class in &queue {
            self.parents[usize::from(*class)] = NO_PARENT;
        }
        if let Some(class) = bits(from.iter().zip(goal).map(|(f, g)| f & g)).next() {
            return Ok(vec![class]);
        }
        let mut next = 0;
        while let Some(class) = queue.get(next).copied() {
            next += 1;
            let row = &self.rows[usize::from(class) * self.words..][..self.words];
            let arrivals = row.iter().zip(goal).zip(within).map(|((r, g), w)| r & g & w);
            if let Some(end) = bits(arrivals).next() {
                self.parents[usize::from(end)] = class;
                return Ok(self.path_to(end));
            }
            for (at, row) in (0_u16..).zip(row) {
                let fresh = row & unseen[usize::from(at)];
                if fresh == 0 {
                    continue;
                }
                unseen[usize::from(at)] &= !fresh;
                for bit in bits(std::iter::once(fresh)) {
                    self.parents[usize::from(at * 64 + bit)] = class;
                    queue.push(at * 64 + bit);
                }
            }
        }
        Err(within.iter().zip(&unseen).map(|(w, u)| w & !u).collect())
    }

    fn path_to(&self, end: u16) -> Vec<u16> {
        let mut path = vec![end];
        let mut class = end;
        while self.parents[usize::from(class)] != NO_PARENT {
            class = self.parents[usize::from(class)];
            path.push(class);
        }
        path.reverse();
        path
    }

    /// Moves one person along each step of a path whose end has room, from the end backwards, so that
    /// its beginning has room.
    pub(super) fn shift(&mut self, path: &[u16]) {
        for step in path.windows(2).rev() {
            let (from, to) = (step[0], step[1]);
            let groups = self.groups[usize::from(from)].iter();
            let (word, bit) = (usize::from(to) / 64, to % 64);
            let accepts = |kind: u32| self.accepted[kind as usize * self.words + word] >> bit & 1 == 1;
            let mover = groups.map(|group| group.kind).find(|kind| accepts(*kind));
            let mover = mover.expect("somebody here accepts the next class");
            self.lift(mover, from);
            self.seat(mover, to);
        }
    }
}
