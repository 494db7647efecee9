//! The result of one simulated world: who was seated and when, and what happened to each seat.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

use super::town::Town;

/// A seat left free counts as wasted if somebody had waited this long at its time.
const PATIENCE: TimeDelta = TimeDelta::days(7);

/// What happened to a seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SeatEnd {
    Attended,
    /// Its holder did not come.
    Missed,
    /// Somebody came under another name and was sent away.
    TurnedAway,
    /// Kept until its time under another name, and nobody came.
    Held,
    /// Given back and not taken again, while somebody had waited for a week or more.
    GivenBack,
    /// Never taken, while somebody had waited for a week or more.
    Empty,
    /// Free at its time, and nobody had waited that long.
    Unasked,
}

/// The traces of cheating that are visible in a world.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Shown {
    /// Second entries refused: the person waits already.
    pub refused_doubles: u64,
    /// Entries that nobody could verify, which therefore stand in no draw.
    pub unverified: u64,
    /// Entries of one name and birth date, shown to an agent as a pair.
    pub flagged_pairs: u64,
    /// Priorities granted by two agents, counted in the published list.
    pub priorities: u64,
    /// Priorities that one agent asked for and nobody approved.
    pub priorities_refused: u64,
    /// People sent away: the convocation bore another name.
    pub turned_away: u64,
}

/// One world, simulated to its end.
pub struct Lived {
    /// For each person, when they were served.
    pub seated: Vec<Option<DateTime<Utc>>>,
    /// For each seat that was put online.
    pub seats: Vec<Option<SeatEnd>>,
    pub shown: Shown,
    /// People with a need and no appointment, by its date; whoever has missed one does not count.
    waiting: BTreeSet<(DateTime<Utc>, usize)>,
    has_missed: Vec<bool>,
    /// Seats that somebody has held.
    was_taken: Vec<bool>,
}

impl Lived {
    pub fn new(town: &Town) -> Self {
        Self {
            seated: vec![None; town.people.len()],
            seats: vec![None; town.seats.len()],
            shown: Shown::default(),
            waiting: BTreeSet::new(),
            has_missed: vec![false; town.people.len()],
            was_taken: vec![false; town.seats.len()],
        }
    }

    pub fn waits(&mut self, town: &Town, person: usize) {
        if !self.has_missed[person] {
            self.waiting.insert((town.people[person].needs_at, person));
        }
    }

    /// This person did not come: they may wait again, but an empty seat does not count as wasted because of them.
    pub fn missed(&mut self, person: usize) {
        self.has_missed[person] = true;
    }

    /// This person has an appointment.
    pub fn settled(&mut self, town: &Town, person: usize) {
        self.waiting.remove(&(town.people[person].needs_at, person));
    }

    /// Somebody holds this seat now, under any name.
    pub fn taken(&mut self, seat: usize) {
        self.was_taken[seat] = true;
    }

    pub fn served(&mut self, town: &Town, person: usize, seat: usize) {
        self.settled(town, person);
        self.seated[person] = Some(town.seats[seat].starts_at);
        self.seats[seat] = Some(SeatEnd::Attended);
    }

    /// The seat's time has come and nobody holds it.
    pub fn left_free(&mut self, town: &Town, seat: usize) {
        let since = town.seats[seat].starts_at - PATIENCE;
        let wanted = self.waiting.first().is_some_and(|(needs_at, _)| *needs_at < since);
        self.seats[seat] = Some(match (wanted, self.was_taken[seat]) {
            (false, _) => SeatEnd::Unasked,
            (true, true) => SeatEnd::GivenBack,
            (true, false) => SeatEnd::Empty,
        });
    }
}
