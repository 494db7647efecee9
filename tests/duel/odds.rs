//! How likely a result is if only chance decides, and how to print it: seats drawn fairly among two
//! kinds of entries follow the hypergeometric distribution.

use std::fmt;

/// Nearly two standard deviations to each side: the 95 % interval.
const Z_95: f64 = 1.96;

/// Seats that went to two kinds of entries, added up over some draws.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub draws: u32,
    /// Entries of the one kind and of the other, in each draw.
    pub entries: (u32, u32),
    /// Seats of the one kind and of the other, in all draws.
    pub seats: (u32, u32),
}

impl Tally {
    /// The chances of one of the first kind, as a multiple of those of one of the second.
    pub fn odds(self) -> f64 {
        let rate = |seats: u32, entries: u32| f64::from(seats) / f64::from(entries);
        rate(self.seats.0, self.entries.0) / rate(self.seats.1, self.entries.1)
    }

    /// The 95 % interval of the odds; `None` if one kind got nothing.
    pub fn interval(self) -> Option<(f64, f64)> {
        if self.seats.0 == 0 || self.seats.1 == 0 {
            return None;
        }
        // One kind has the seats that the other did not get: d ln(a / (n - a)) = da (1/a + 1/(n - a)).
        let slope = 1.0 / f64::from(self.seats.0) + 1.0 / f64::from(self.seats.1);
        let spread = (Z_95 * slope * self.variance().sqrt()).exp();
        Some((self.odds() / spread, self.odds() * spread))
    }

    /// How many standard deviations the first kind's seats are away from their share of the entries.
    pub fn deviations(self) -> f64 {
        let all = f64::from(self.seats.0 + self.seats.1);
        (f64::from(self.seats.0) - all * self.share()) / self.variance().sqrt()
    }

    fn share(self) -> f64 {
        f64::from(self.entries.0) / f64::from(self.entries.0 + self.entries.1)
    }

    fn variance(self) -> f64 {
        let entries = f64::from(self.entries.0 + self.entries.1);
        let seats = f64::from(self.seats.0 + self.seats.1) / f64::from(self.draws);
        let share = self.share();
        f64::from(self.draws) * seats * share * (1.0 - share) * (entries - seats) / (entries - 1.0)
    }
}

/// A line of the table: the draw, the names of the two kinds, and the result.
pub struct Line<'a>(pub &'a str, pub [&'a str; 2], pub Tally);

pub const HEAD: &str = "                          seats                                odds   95 % interval";

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let Self(what, [first, second], tally) = self;
        let seats = format!("{first} {}, {second} {}", tally.seats.0, tally.seats.1);
        let odds = if tally.seats.1 == 0 { "∞".to_owned() } else { format!("{:.3}", tally.odds()) };
        let interval =
            tally.interval().map_or("–".to_owned(), |(low, high)| format!("{low:.3} … {high:.3}"));
        write!(f, "{what:<26}{seats:<33}{odds:>8}   {interval}")
    }
}

#[test]
fn an_even_split_has_even_odds_and_a_narrower_interval_with_more_draws() {
    let one = Tally { draws: 1, entries: (100, 100), seats: (25, 25) };
    let many = Tally { draws: 400, seats: (10_000, 10_000), ..one };
    assert!((one.odds() - 1.0).abs() < 1e-9 && one.deviations().abs() < 1e-9);
    let width = |tally: Tally| tally.interval().map(|(low, high)| high - low).unwrap();
    assert!((width(one) / width(many) - 20.0).abs() < 1.0, "{} {}", width(one), width(many));
}

#[test]
fn a_split_that_chance_does_not_make_is_far_away() {
    let bots_first = Tally { draws: 1, entries: (100, 100), seats: (50, 0) };
    assert!(bots_first.deviations() > 8.0, "{}", bots_first.deviations());
    assert_eq!(bots_first.interval(), None);
    let two_percent_more = Tally { draws: 2_000, entries: (100, 100), seats: (51_000, 49_000) };
    assert!(two_percent_more.deviations() > 6.0, "{}", two_percent_more.deviations());
}
