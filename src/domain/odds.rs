//! How likely a place in a draw is, before the tickets are known: what a person who lost may ask.
//!
//! Those of smaller tiers and buckets are served first. Among equals, whoever's best ticket is below some
//! threshold wins: with weight w that happens with probability 1 − (1 − t)^w, and the threshold t is where
//! the expected number of winners is the number of seats left. This leaves aside who can attend what, so it
//! is said as “about”.

use std::collections::BTreeMap;

/// Where an entry stands: (tier, bucket), smaller first.
pub type Standing = (u8, u32);

/// How many entries there are of each standing and weight.
#[derive(Clone, Debug, Default)]
pub struct Crowd(BTreeMap<(Standing, u8), u32>);

impl Crowd {
    /// Counts one entry.
    pub fn add(&mut self, standing: Standing, weight: u8) {
        self.add_many(standing, weight, 1);
    }

    /// Counts several that stand alike.
    pub fn add_many(&mut self, standing: Standing, weight: u8, count: u32) {
        *self.0.entry((standing, weight)).or_default() += count;
    }

    /// Takes one entry out.
    pub fn remove(&mut self, standing: Standing, weight: u8) {
        if let Some(count) = self.0.get_mut(&(standing, weight)) {
            *count = count.saturating_sub(1);
        }
    }

    /// How many entries there are.
    pub fn people(&self) -> u32 {
        self.count(|_| true)
    }

    /// How many are served before this standing.
    pub fn before(&self, standing: Standing) -> u32 {
        self.count(|other| other < standing)
    }

    /// How many stand here.
    pub fn beside(&self, standing: Standing) -> u32 {
        self.count(|other| other == standing)
    }

    /// How many there are of a tier.
    pub fn in_tier(&self, tier: u8) -> u32 {
        self.count(|(other, _)| other == tier)
    }

    fn count(&self, counts: impl Fn(Standing) -> bool) -> u32 {
        self.0.iter().filter(|((standing, _), _)| counts(*standing)).map(|(_, count)| count).sum()
    }

    /// The probability that an entry of this standing and weight, counted in the crowd, gets a seat.
    ///
    /// ```
    /// use passage::domain::odds::Crowd;
    /// let mut crowd = Crowd::default();
    /// (0..10).for_each(|_| crowd.add((3, 0), 1));
    /// assert!((crowd.chance(3, (3, 0), 1) - 0.3).abs() < 1e-9);
    /// assert!(crowd.chance(3, (3, 0), 2) > 0.5);
    /// assert_eq!(crowd.chance(10, (3, 0), 1), 1.0);
    /// ```
    pub fn chance(&self, seats: u32, standing: Standing, weight: u8) -> f64 {
        let left = f64::from(seats.saturating_sub(self.before(standing)));
        let equals: Vec<(u8, u32)> = self
            .0
            .iter()
            .filter(|((other, _), _)| *other == standing)
            .map(|((_, weight), count)| (*weight, *count))
            .collect();
        if left >= equals.iter().map(|(_, count)| f64::from(*count)).sum() {
            return 1.0;
        }
        let wins = |threshold: f64, weight: u8| 1.0 - (1.0 - threshold).powi(weight.into());
        let (mut low, mut high) = (0.0, 1.0);
        for _ in 0..60 {
            let middle = f64::midpoint(low, high);
            let expected: f64 =
                equals.iter().map(|(weight, count)| f64::from(*count) * wins(middle, *weight)).sum();
            if expected < left { low = middle } else { high = middle }
        }
        wins(low, weight)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_served_first_take_their_seats_from_the_others() {
        let mut crowd = Crowd::default();
        (0..4).for_each(|_| crowd.add((1, 0), 1));
        (0..10).for_each(|_| crowd.add((3, 0), 1));
        assert!((crowd.chance(5, (1, 0), 1) - 1.0).abs() < 1e-9);
        assert!((crowd.chance(5, (3, 0), 1) - 0.1).abs() < 1e-9);
        assert!(crowd.chance(4, (3, 0), 1) < 1e-9);
    }

    #[test]
    fn weights_share_the_seats_as_the_best_of_several_tickets_does() {
        let mut crowd = Crowd::default();
        (0..600).for_each(|_| crowd.add((3, 0), 1));
        (0..400).for_each(|_| crowd.add((3, 0), 3));
        let (light, heavy) = (crowd.chance(250, (3, 0), 1), crowd.chance(250, (3, 0), 3));
        assert!((600.0 * light + 400.0 * heavy - 250.0).abs() < 1e-6);
        assert!(heavy > 2.5 * light && heavy < 3.0 * light, "{light} {heavy}");
    }
}
