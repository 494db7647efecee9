//! The days on which somebody can say that they come: Monday to Friday, and a Saturday or a Sunday where the
//! queue has slots on one. What a form offers is what is accepted, so nobody waits on a day of their own.

use std::collections::BTreeSet;

use super::availability::Availability;
use super::situation::SlotClasses;

/// Days on which prefectures receive without saying so, Monday = 0.
const ORDINARY: std::ops::Range<u8> = 0..5;

/// The weekdays that a queue offers, Monday = 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening(BTreeSet<u8>);

impl Opening {
    /// By the slots of the last weeks and those to come.
    pub fn of(slots: &SlotClasses) -> Self {
        Self(ORDINARY.chain(slots.usual.iter().map(|(_, day, _)| *day)).collect())
    }

    /// What was accepted once stays acceptable to its holder.
    #[must_use]
    pub fn or(mut self, held: &Availability) -> Self {
        self.0.extend(held.weekdays.iter().filter(|day| **day < 7));
        self
    }

    pub fn weekdays(&self) -> impl Iterator<Item = u8> {
        self.0.iter().copied()
    }

    /// The first weekday that is asked for and not offered.
    pub fn closed(&self, can: &Availability) -> Option<u8> {
        can.weekdays.iter().copied().find(|day| !self.0.contains(day))
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::domain::ids::SiteId;
    use crate::domain::slot::Half;

    fn with(day: u8) -> Availability {
        Availability { weekdays: vec![0, day], ..Availability::anything(vec![SiteId(Uuid::nil())]) }
    }

    #[test]
    fn a_week_end_is_offered_where_slots_lie_on_it_and_to_whoever_had_it() {
        let mut slots = SlotClasses::default();
        let ordinary = Opening::of(&slots);
        assert_eq!(ordinary.weekdays().collect::<Vec<_>>(), [0, 1, 2, 3, 4]);
        assert_eq!(ordinary.closed(&with(4)), None);
        assert_eq!(ordinary.closed(&with(5)), Some(5));
        slots.usual.insert((SiteId(Uuid::nil()), 5, Half::Morning));
        let saturday = Opening::of(&slots);
        assert_eq!((saturday.closed(&with(5)), saturday.closed(&with(6))), (None, Some(6)));
        assert_eq!(saturday.or(&with(6)).closed(&with(6)), None);
        assert_eq!(ordinary.or(&with(9)).closed(&with(9)), Some(9));
    }
}
