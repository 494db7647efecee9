//! A seating by type and class, the graph of classes that follows from it, and the search of that
//! graph. It knows nothing of priorities: it only keeps its counts correct.

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

/// The first class in a bitset.
pub(super) fn first(mut words: impl Iterator<Item = u64>) -> Option<u16> {
    let mut word = 0;
    let at = words.position(|next| {
        word = next;
        next != 0
    })?;
    u16::try_from(64 * at + word.trailing_zeros() as usize).ok()
}

/// A class where people of one type sit, and how many.
struct Home {
    class: u16,
    people: u32,
}

/// The position of the home in this class among those of one type, or where to insert it.
fn position(homes: &[Home], class: u16) -> Result<usize, usize> {
    homes.binary_search_by_key(&class, |home| home.class)
}

/// Where a path begins and ends.
pub(super) struct Ends {
    pub(super) first: u16,
    pub(super) last: u16,
}

pub(super) struct Seating {
    words: usize,
    /// The bitset of each type, one after the other.
    accepted: Vec<u64>,
    room: Vec<u32>,
    /// The classes with room.
    open: Vec<u64>,
    /// The types that sit in each class, in order of arrival.
    kinds: Vec<Vec<u32>>,
    /// The homes of each type, sorted by class: a type that many people share sits in hundreds of classes.
    homes: Vec<Vec<Home>>,
    /// Row x is a bitset of classes: every y that somebody in x accepts, and perhaps some that only
    /// people who have left x accepted. To keep it exact would cost as many steps as there are classes
    /// for every person who moves. So an edge is checked only when a path would use it, and its row is
    /// made exact if nobody in x can take that edge.
    rows: Vec<u64>,
    search: Search,
}

/// The buffers and the result of a search, reused by the next one: a search is too short to allocate memory.
#[derive(Default)]
struct Search {
    goal: Vec<u64>,
    unseen: Vec<u64>,
    queue: Vec<u16>,
    parents: Vec<u16>,
    /// The path, from its end to its beginning.
    steps: Vec<Step>,
}

/// Somebody of the type `mover` sits in `from` and accepts `to`.
#[derive(Clone, Copy)]
struct Step {
    mover: u32,
    from: u16,
    to: u16,
}

const NO_PARENT: u16 = u16::MAX;

impl Seating {
    pub(super) fn new(types: &[Accepts], seats: &[u32]) -> Self {
        let classes = seats.len();
        let words = classes.div_ceil(64);
        let mut accepted = vec![0; types.len() * words];
        for (kind, bitmap) in types.iter().enumerate() {
            for (word, bytes) in accepted[kind * words..].iter_mut().zip(bitmap.as_bytes().chunks(8)) {
                let mut whole = [0; 8];
                whole[..bytes.len()].copy_from_slice(bytes);
                *word = u64::from_le_bytes(whole);
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
            kinds: vec![Vec::new(); classes],
            homes: std::iter::repeat_with(Vec::new).take(types.len()).collect(),
            rows: vec![0; classes * words],
            search: Search { parents: vec![NO_PARENT; classes], ..Search::default() },
        }
    }

    pub(super) fn words(&self) -> usize {
        self.words
    }

    /// The classes that a type accepts.
    pub(super) fn accepted(&self, kind: u32) -> &[u64] {
        &self.accepted[kind as usize * self.words..][..self.words]
    }

    /// The first class where somebody of this type sits; panics when nobody does.
    pub(super) fn home(&self, kind: u32) -> u16 {
        self.homes[kind as usize][0].class
    }

    /// Whether somebody of this type sits in this class.
    pub(super) fn holds(&self, kind: u32, class: u16) -> bool {
        position(&self.homes[kind as usize], class).is_ok()
    }

    /// Seats one person of this type, if a class that they accept has room.
    pub(super) fn seat_anywhere(&mut self, kind: u32) -> bool {
        // Most people can sit in the last home of their type: it is nearly always the first class with room.
        let last = self.homes[kind as usize].last_mut();
        if let Some(home) = last.filter(|home| self.room[usize::from(home.class)] > 0) {
            home.people += 1;
            let class = home.class;
            self.close_seat(class);
            return true;
        }
        let open = first(self.accepted(kind).iter().zip(&self.open).map(|(a, b)| a & b));
        open.inspect(|class| self.seat(kind, *class)).is_some()
    }

    /// Seats one person of this type in a class that has room.
    pub(super) fn seat(&mut self, kind: u32, class: u16) {
        self.close_seat(class);
        self.enter(kind, class);
    }

    /// Takes one person of this type out of a class, where their seat becomes free.
    pub(super) fn lift(&mut self, kind: u32, class: u16) {
        let home = position(&self.homes[kind as usize], class).expect("somebody of this type sits here");
        self.leave(kind, home);
        self.room[usize::from(class)] += 1;
        self.open[usize::from(class) / 64] |= 1 << (class % 64);
    }

    /// Adds one person of this type to a class, in a seat that is already subtracted from its room.
    fn enter(&mut self, kind: u32, class: u16) {
        let homes = &mut self.homes[kind as usize];
        match position(homes, class) {
            Ok(home) => homes[home].people += 1,
            Err(place) => {
                homes.insert(place, Home { class, people: 1 });
                self.kinds[usize::from(class)].push(kind);
                self.add_to_row(kind, class);
            }
        }
    }

    /// Removes one person of this type, with their seat, from the home at this position.
    pub(super) fn leave(&mut self, kind: u32, home: usize) {
        let homes = &mut self.homes[kind as usize];
        homes[home].people -= 1;
        if homes[home].people > 0 {
            return;
        }
        let class = homes.remove(home).class;
        let kinds = &mut self.kinds[usize::from(class)];
        let last = kinds.len() - 1;
        let at = (0..=last).find_map(|at| [at, last - at].into_iter().find(|at| kinds[*at] == kind));
        let at = at.expect("this type sat here");
        // Keeps the order of arrival: the first leave first, and the last are moved.
        kinds.remove(at);
    }

    /// An exchange without a search. Nobody of this type sits in this class. Somebody here moves to a seat that
    /// this type has elsewhere; the holder of that seat takes the seat here and leaves with it. This saves most
    /// searches; where no exchange is possible, a search may still find a path.
    pub(super) fn trade(&mut self, kind: u32, class: u16) -> bool {
        let row = &self.rows[usize::from(class) * self.words..][..self.words];
        let in_row = |home: &Home| row[usize::from(home.class) / 64] >> (home.class % 64) & 1 == 1;
        let Some(home) = self.homes[kind as usize].iter().position(in_row) else {
            return false;
        };
        let left = self.homes[kind as usize][home].class;
        let Some(mover) = self.mover(class, left) else {
            return false;
        };
        self.leave(kind, home);
        let home = position(&self.homes[mover as usize], class).expect("the mover sits here");
        self.leave(mover, home);
        self.enter(mover, left);
        true
    }

    /// Records that somebody of this type sits in this class.
    fn add_to_row(&mut self, kind: u32, class: u16) {
        let row = &mut self.rows[usize::from(class) * self.words..][..self.words];
        let accepted = &self.accepted[kind as usize * self.words..][..self.words];
        for (row, accepted) in row.iter_mut().zip(accepted) {
            *row |= accepted;
        }
    }

    /// Removes a free seat of a class.
    pub(super) fn close_seat(&mut self, class: u16) {
        let room = &mut self.room[usize::from(class)];
        *room = room.checked_sub(1).expect("the class has room");
        if *room == 0 {
            self.open[usize::from(class) / 64] &= !(1 << (class % 64));
        }
    }

    /// Finds the shortest path, within some classes, from one of `from` to a class that has room or where
    /// somebody of the type `home_of` sits. If there is none, returns a set of classes that contains `from` and
    /// that nobody in them can leave.
    pub(super) fn search(
        &mut self,
        from: &[u16],
        within: &[u64],
        home_of: Option<u32>,
    ) -> Result<Ends, Vec<u64>> {
        self.search.goal.clone_from(&self.open);
        if let Some(kind) = home_of {
            for home in &self.homes[kind as usize] {
                self.search.goal[usize::from(home.class) / 64] |= 1 << (home.class % 64);
            }
        }
        loop {
            let Some(last) = self.reach(from, within) else {
                let unseen = self.search.unseen.iter();
                return Err(within.iter().zip(unseen).map(|(within, unseen)| within & !unseen).collect());
            };
            match self.trace(last) {
                Ok(first) => return Ok(Ends { first, last }),
                Err(class) => self.make_exact(class),
            }
        }
    }

    /// The nearest goal, following the rows.
    fn reach(&mut self, from: &[u16], within: &[u64]) -> Option<u16> {
        let Search { goal, unseen, queue, parents, .. } = &mut self.search;
        unseen.clear();
        unseen.extend_from_slice(within);
        queue.clear();
        queue.extend_from_slice(from);
        for class in from.iter().copied() {
            parents[usize::from(class)] = NO_PARENT;
            let (word, bit) = (usize::from(class) / 64, 1 << (class % 64));
            if goal[word] & bit != 0 {
                return Some(class);
            }
            unseen[word] &= !bit;
        }
        let mut next = 0;
        while let Some(class) = queue.get(next).copied() {
            next += 1;
            let row = &self.rows[usize::from(class) * self.words..][..self.words];
            let arrivals = row.iter().zip(&*goal).zip(&*unseen).map(|((row, goal), new)| row & goal & new);
            if let Some(end) = first(arrivals) {
                parents[usize::from(end)] = class;
                return Some(end);
            }
            for (at, (row, unseen)) in (0_u16..).zip(row.iter().zip(unseen.iter_mut())) {
                let fresh = row & *unseen;
                *unseen &= !fresh;
                for bit in bits(std::iter::once(fresh)) {
                    parents[usize::from(at * 64 + bit)] = class;
                    queue.push(at * 64 + bit);
                }
            }
        }
        None
    }

    /// Records the path to this end, and who moves along it. Returns where it begins, or else the class whose
    /// row had an edge that nobody there can take.
    fn trace(&mut self, end: u16) -> Result<u16, u16> {
        self.search.steps.clear();
        let (mut to, mut missing) = (end, None);
        while self.search.parents[usize::from(to)] != NO_PARENT {
            let from = self.search.parents[usize::from(to)];
            match self.mover(from, to) {
                Some(mover) => self.search.steps.push(Step { mover, from, to }),
                None => missing = Some(from),
            }
            to = from;
        }
        missing.map_or(Ok(to), Err)
    }

    /// The type of somebody in one class who accepts another: of those who came last, because those who came
    /// before are assigned sooner and should stay where they sit.
    fn mover(&self, from: u16, to: u16) -> Option<u32> {
        let (word, bit) = (usize::from(to) / 64, to % 64);
        let accepts = |kind: u32| self.accepted[kind as usize * self.words + word] >> bit & 1 == 1;
        self.kinds[usize::from(from)].iter().rev().copied().find(|kind| accepts(*kind))
    }

    fn make_exact(&mut self, class: u16) {
        self.rows[usize::from(class) * self.words..][..self.words].fill(0);
        for at in 0..self.kinds[usize::from(class)].len() {
            self.add_to_row(self.kinds[usize::from(class)][at], class);
        }
    }

    /// Moves one person along each step of the path that was found. Its end has room; the moves go from the
    /// end backwards, so that afterwards its beginning has room.
    pub(super) fn shift(&mut self) {
        for at in 0..self.search.steps.len() {
            let Step { mover, from, to } = self.search.steps[at];
            self.lift(mover, from);
            self.seat(mover, to);
        }
    }
}
