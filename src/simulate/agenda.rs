//! The event queue, ordered by time. Events at the same instant happen in the order in which they were
//! planned, so that every run is the same.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use chrono::{DateTime, Utc};

struct Planned<E> {
    at: DateTime<Utc>,
    number: u64,
    event: E,
}

impl<E> Planned<E> {
    fn key(&self) -> (DateTime<Utc>, u64) {
        (self.at, self.number)
    }
}

impl<E> PartialEq for Planned<E> {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl<E> Eq for Planned<E> {}

impl<E> PartialOrd for Planned<E> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<E> Ord for Planned<E> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }
}

/// Events by their time.
pub struct Agenda<E> {
    planned: BinaryHeap<Reverse<Planned<E>>>,
    count: u64,
}

impl<E> Default for Agenda<E> {
    fn default() -> Self {
        Self { planned: BinaryHeap::new(), count: 0 }
    }
}

impl<E> Agenda<E> {
    pub fn plan(&mut self, at: DateTime<Utc>, event: E) {
        self.planned.push(Reverse(Planned { at, number: self.count, event }));
        self.count += 1;
    }

    /// When the next event is.
    pub fn next_at(&self) -> Option<DateTime<Utc>> {
        self.planned.peek().map(|Reverse(planned)| planned.at)
    }
}

/// Takes the next event; more may be planned meanwhile.
impl<E> Iterator for Agenda<E> {
    type Item = (DateTime<Utc>, E);

    fn next(&mut self) -> Option<Self::Item> {
        self.planned.pop().map(|Reverse(planned)| (planned.at, planned.event))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;

    #[test]
    fn events_come_by_time_and_then_as_planned() {
        let noon = DateTime::UNIX_EPOCH;
        let mut agenda = Agenda::default();
        agenda.plan(noon + TimeDelta::seconds(1), 'c');
        agenda.plan(noon, 'a');
        agenda.plan(noon, 'b');
        let order: String = agenda.map(|(_, event)| event).collect();
        assert_eq!(order, "abc");
    }
}
