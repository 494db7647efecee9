//! When a convocation may come: a range from present capacity and waiting people, or the reason why
//! none can be given. It is a range because a lottery promises nothing.

use super::rules::Mode;

/// What the estimate needs to know.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    pub mode: Mode,
    /// People who wait in the queue, the holder included.
    pub waiting: u32,
    /// Of them, those who come before the holder in arrival order, ties counted as half.
    pub ahead: u32,
    /// Seats given per draw of late, or offered for the next one.
    pub seats_per_draw: u32,
    /// Draws after which a place is guaranteed, less those the holder has survived.
    pub draws_to_guarantee: Option<u32>,
    /// The holder's own odds in the next draw, if they are known: where they are, they count instead of the
    /// mean of all who wait.
    pub chance: Option<f64>,
}

/// How many draws it may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Estimate {
    /// Eight people in ten in this position are convoked within these draws, counted from the next.
    Draws { from: u32, to: u32 },
    /// No seat was given of late and none is published.
    NoSeats,
    /// Beyond two hundred draws a number would be a fiction.
    TooFar,
}

const FAR_DRAWS: f64 = 200.0;

/// The range within which eight people in ten in the holder's position are convoked, if nothing changes.
pub fn estimate(pace: Pace) -> Estimate {
    if pace.seats_per_draw == 0 {
        return Estimate::NoSeats;
    }
    let (seats, waiting) = (f64::from(pace.seats_per_draw), f64::from(pace.waiting.max(1)));
    let (from, to) = match pace.mode {
        Mode::Arrival => {
            let turn = (f64::from(pace.ahead) + 1.0) / seats;
            (turn * 0.8, turn * 1.3)
        }
        Mode::Lottery | Mode::Seniority | Mode::Guarantee => {
            let own = pace.chance.filter(|chance| *chance > 0.0);
            let chance = own.unwrap_or(seats / waiting).min(1.0);
            (draws_for(0.1, chance), draws_for(0.9, chance))
        }
    };
    let to = match pace.draws_to_guarantee {
        Some(left) => to.min(f64::from(left) + (waiting / seats).max(1.0)),
        None => to,
    };
    if to > FAR_DRAWS {
        return Estimate::TooFar;
    }
    let from = whole(from);
    Estimate::Draws { from, to: whole(to).max(from) }
}

/// Draws until the probability of a win reaches `share`.
fn draws_for(share: f64, chance: f64) -> f64 {
    if chance >= 1.0 { 1.0 } else { (1.0 - share).ln() / (1.0 - chance).ln() }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 1 to 200, checked above")]
fn whole(draws: f64) -> u32 {
    draws.ceil().clamp(1.0, FAR_DRAWS) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pace(mode: Mode, waiting: u32, seats_per_draw: u32) -> Pace {
        Pace { mode, waiting, ahead: waiting / 2, seats_per_draw, draws_to_guarantee: None, chance: None }
    }

    #[test]
    fn enough_seats_for_all_means_the_next_draw() {
        assert_eq!(estimate(pace(Mode::Lottery, 30, 40)), Estimate::Draws { from: 1, to: 1 });
    }

    #[test]
    fn one_chance_in_ten_takes_from_one_to_twenty_two_draws() {
        assert_eq!(estimate(pace(Mode::Lottery, 1000, 100)), Estimate::Draws { from: 1, to: 22 });
    }

    #[test]
    fn arrival_order_counts_those_ahead() {
        assert_eq!(estimate(pace(Mode::Arrival, 1000, 100)), Estimate::Draws { from: 5, to: 7 });
    }

    #[test]
    fn a_guarantee_bounds_the_range() {
        let pace = Pace { draws_to_guarantee: Some(4), ..pace(Mode::Guarantee, 1000, 100) };
        assert_eq!(estimate(pace), Estimate::Draws { from: 1, to: 14 });
    }

    #[test]
    fn ones_own_odds_count_before_the_mean() {
        let mean = pace(Mode::Seniority, 1000, 100);
        assert_eq!(estimate(Pace { chance: Some(0.5), ..mean }), Estimate::Draws { from: 1, to: 4 });
        assert_eq!(estimate(Pace { chance: Some(1.0), ..mean }), Estimate::Draws { from: 1, to: 1 });
        assert_eq!(estimate(Pace { chance: Some(0.0), ..mean }), estimate(mean));
    }

    #[test]
    fn without_seats_no_number_is_invented() {
        assert_eq!(estimate(pace(Mode::Lottery, 10, 0)), Estimate::NoSeats);
        assert_eq!(estimate(pace(Mode::Lottery, 1_000_000, 10)), Estimate::TooFar);
    }
}
