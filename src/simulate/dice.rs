//! The simulation's random numbers: seeded, so that a run can be repeated to the byte. Every actor has its
//! own stream, so that what one does never changes the random numbers of another.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use sha2::{Digest, Sha256};

/// What a random stream is for.
#[derive(Clone, Copy, Debug)]
pub enum Stream {
    /// Who comes, and when.
    Town,
    /// What happens to this person's appointments.
    Person(u32),
    /// Who looks and clicks in the first-come world.
    FirstCome,
    /// When people register, and whom the counter checks, in Passage.
    Passage,
}

/// A generator, for one purpose of one run.
pub struct Dice(ChaCha8Rng);

impl Dice {
    /// The same seed and the same purpose give the same numbers.
    pub fn new(seed: u64, stream: Stream) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(match stream {
            Stream::Town => 0,
            Stream::FirstCome => 1,
            Stream::Passage => 2,
            Stream::Person(person) => 1_000 + u64::from(person),
        });
        Self(rng)
    }

    /// From 0 to 1, 1 excluded.
    #[expect(clippy::cast_precision_loss, reason = "53 bits are what an f64 holds")]
    pub fn unit(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// From 0 to `n` − 1; 0 if `n` is 0.
    pub fn below(&mut self, n: usize) -> usize {
        let product = u128::from(self.0.next_u64()) * n as u128;
        usize::try_from(product >> 64).unwrap_or(0)
    }

    pub fn percent(&mut self, percent: u8) -> bool {
        self.below(100) < usize::from(percent)
    }

    /// A number of seconds between two others, in milliseconds.
    pub fn millis_between(&mut self, from_s: f64, to_s: f64) -> i64 {
        millis(from_s + (to_s - from_s) * self.unit())
    }

    /// The time until the next event of a rate, in milliseconds.
    pub fn millis_until(&mut self, rate_per_s: f64) -> i64 {
        millis(-(1.0 - self.unit()).ln() / rate_per_s)
    }
}

/// Seconds as milliseconds, within a hundred years.
#[expect(clippy::cast_possible_truncation, reason = "clamped before")]
pub fn millis(seconds: f64) -> i64 {
    (seconds * 1_000.0).round().clamp(0.0, 3.2e12) as i64
}

/// Thirty-two bytes for a name: the secret of a draw, a salt, an identifier.
pub fn bytes(seed: u64, what: &str, numbers: [u32; 2]) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(seed.to_be_bytes());
    hash.update(what.as_bytes());
    for number in numbers {
        hash.update(number.to_be_bytes());
    }
    hash.finalize().into()
}

/// The seed of one replication.
pub fn seed_of(seed: u64, replication: u32) -> u64 {
    let whole = bytes(seed, "replication", [replication, 0]);
    u64::from_be_bytes(std::array::from_fn(|at| whole[at]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_purpose_gives_the_same_chance_and_another_does_not() {
        let draw = |stream| Dice::new(7, stream).unit().to_bits();
        assert_eq!(draw(Stream::Person(3)), draw(Stream::Person(3)));
        assert_ne!(draw(Stream::Person(3)), draw(Stream::Person(4)));
        assert_ne!(seed_of(7, 0), seed_of(7, 1));
    }

    #[test]
    fn dice_are_fair_enough() {
        let mut dice = Dice::new(1, Stream::Town);
        let mut seen = [0_u32; 6];
        (0..60_000).for_each(|_| seen[dice.below(6)] += 1);
        assert!(seen.iter().all(|count| (9_500..10_500).contains(count)), "{seen:?}");
        let mean = (0..50_000).map(|_| dice.millis_until(0.5)).sum::<i64>() / 50_000;
        assert!((1_950..2_050).contains(&mean), "two seconds on average, not {mean} ms");
    }
}
