//! How many of those who wait could accept a seat. A slot that only one of them could accept is a slot given
//! to a chosen person, so few are noticed: before a publication, and in public when a list is frozen.

use chrono::NaiveDate;

use super::availability::Availability;
use super::ids::SiteId;
use super::slot::Half;

/// Where fewer wait, one person more or less is a large share: nothing is asked and nothing shown.
pub const FEW_WAITING_MIN: u32 = 20;

/// A kind of seat, as somebody's availability sees it in the draw that can first take it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SeatKind {
    pub site: SiteId,
    pub date: NaiveDate,
    pub half: Half,
    /// The local day of that draw.
    pub drawn_on: NaiveDate,
}

/// How many wait, and how many of them could accept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Audience {
    pub waiting: u32,
    pub could: u32,
}

impl Audience {
    /// Whether these are too few: under this share, in percent.
    ///
    /// ```
    /// use passage::domain::audience::Audience;
    ///
    /// assert!(Audience { waiting: 31, could: 3 }.is_few(10));
    /// assert!(!Audience { waiting: 31, could: 4 }.is_few(10));
    /// assert!(!Audience { waiting: 19, could: 1 }.is_few(10));
    /// ```
    pub fn is_few(self, few_percent: u8) -> bool {
        self.waiting >= FEW_WAITING_MIN
            && u64::from(self.could) * 100 < u64::from(self.waiting) * u64::from(few_percent)
    }

    /// The audience of the seat that most could accept. `people` are what each group of those who wait can
    /// attend, and how many they are.
    pub fn of_best<'a>(
        people: impl IntoIterator<Item = (&'a Availability, u32)>,
        seats: impl IntoIterator<Item = SeatKind>,
    ) -> Self {
        let mut could: Vec<(SeatKind, u32)> = seats.into_iter().map(|seat| (seat, 0)).collect();
        could.sort_unstable();
        could.dedup();
        let mut waiting = 0_u32;
        for (can, many) in people {
            waiting = waiting.saturating_add(many);
            for (seat, could) in &mut could {
                if can.accepts(seat.site, seat.date, seat.half, seat.drawn_on) {
                    *could = could.saturating_add(many);
                }
            }
        }
        Self { waiting, could: could.into_iter().map(|(_, could)| could).max().unwrap_or(0) }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const SITE: SiteId = SiteId(Uuid::from_u128(1));

    fn seat(date: &str, half: Half) -> SeatKind {
        let drawn_on = "2027-01-04".parse().unwrap();
        SeatKind { site: SITE, date: date.parse().unwrap(), half, drawn_on }
    }

    #[test]
    fn the_best_seat_of_a_publication_decides() {
        let open = Availability::anything(vec![SITE]);
        let sunday = Availability { weekdays: vec![6], ..open.clone() };
        let people = [(&open, 30), (&sunday, 1)];
        let (monday, sunday) = (seat("2027-01-18", Half::Morning), seat("2027-01-17", Half::Morning));
        assert_eq!(Audience::of_best(people, [sunday]), Audience { waiting: 31, could: 1 });
        assert_eq!(Audience::of_best(people, [sunday, monday, monday]), Audience { waiting: 31, could: 30 });
        assert_eq!(Audience::of_best(people, []), Audience { waiting: 31, could: 0 });
    }

    #[test]
    fn no_share_asks_for_nobody() {
        for could in 0..=100 {
            let audience = Audience { waiting: 100, could };
            assert!(!audience.is_few(0));
            assert_eq!(audience.is_few(10), could < 10);
            assert_eq!(audience.is_few(100), could < 100);
        }
    }
}
