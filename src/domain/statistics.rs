//! The few formulas by which outcomes are compared, with their names, so that anybody can look them up.
//!
//! - The share of people seated in time has **Wilson's** interval (1927): it stays within 0 and 1 and is
//!   honest for few people.
//! - The ratio of two shares, `p = a/n` over `q = b/m`, has **Katz's** log interval (1978):
//!   `ratio · exp(±1.96 · √((1−p)/a + (1−q)/b))`. With nobody seated on one side, half a person is added to
//!   each side, as Haldane and Anscombe do, so that the interval is wide and not absent.
//! - The difference of two shares has **Wald's** interval: `(p − q) ± 1.96 · √(p(1−p)/n + q(1−q)/m)`.
//!
//! Within one draw people are drawn without replacement from one pool. For the comparison of two groups
//! of that pool, these formulas have the right size: what the hypergeometric law takes from each group's
//! own variance, the negative correlation between the two gives back.

#![expect(clippy::cast_precision_loss, reason = "counts of people, far below 2^53")]

use serde::Serialize;

/// Two-sided 95 %.
const Z: f64 = 1.959_963_985;

/// So many out of so many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Share {
    pub of: u64,
    pub had: u64,
}

/// A figure between two bounds, at 95 %.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Bounded {
    pub value: f64,
    pub low: f64,
    pub high: f64,
}

impl Bounded {
    fn rounded(value: f64, low: f64, high: f64) -> Self {
        Self { value, low, high }.to_digits(4)
    }

    /// With so many digits after the point. Adding zero makes a plain zero of a negative one.
    #[must_use]
    pub fn to_digits(self, digits: i32) -> Self {
        let cut = |x: f64| (x * 10_f64.powi(digits)).round() / 10_f64.powi(digits) + 0.0;
        Self { value: cut(self.value), low: cut(self.low), high: cut(self.high) }
    }

    pub fn holds(&self, value: f64) -> bool {
        (self.low..=self.high).contains(&value)
    }
}

impl Share {
    pub fn count(&mut self, had: bool) {
        self.of += 1;
        self.had += u64::from(had);
    }

    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self { of: self.of + other.of, had: self.had + other.had }
    }

    fn parts(self) -> (f64, f64) {
        (self.had as f64, self.of as f64)
    }

    /// The share, in Wilson's interval; `None` of nobody.
    ///
    /// ```
    /// use passage::domain::statistics::Share;
    /// let eight_in_ten = Share { of: 10, had: 8 }.wilson().unwrap();
    /// assert_eq!((eight_in_ten.low, eight_in_ten.high), (0.4902, 0.9433));
    /// ```
    pub fn wilson(self) -> Option<Bounded> {
        if self.of == 0 {
            return None;
        }
        let (had, n) = self.parts();
        let (p, z2) = (had / n, Z * Z);
        let centre = (p + z2 / (2.0 * n)) / (1.0 + z2 / n);
        let half = Z / (1.0 + z2 / n) * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt();
        Some(Bounded::rounded(p, (centre - half).max(0.0), (centre + half).min(1.0)))
    }

    /// This share over another, in Katz's log interval; `None` if one is of nobody, or nobody of either
    /// had it.
    ///
    /// ```
    /// use passage::domain::statistics::Share;
    /// let ratio = Share { of: 100, had: 60 }.over(Share { of: 100, had: 30 }).unwrap();
    /// assert_eq!((ratio.value, ratio.low, ratio.high), (2.0, 1.4243, 2.8084));
    /// ```
    pub fn over(self, other: Self) -> Option<Bounded> {
        if self.of == 0 || other.of == 0 || self.had + other.had == 0 {
            return None;
        }
        let half = if self.had == 0 || other.had == 0 { 0.5 } else { 0.0 };
        // The share, and the variance of its logarithm.
        let logged = |(had, of): (f64, f64)| {
            let share = (had + half) / (of + half);
            (share, (1.0 - share) / (had + half))
        };
        let ((mine, my_variance), (theirs, their_variance)) = (logged(self.parts()), logged(other.parts()));
        let spread = (Z * (my_variance + their_variance).sqrt()).exp();
        let ratio = mine / theirs;
        Some(Bounded::rounded(ratio, ratio / spread, ratio * spread))
    }

    /// This share less another, in Wald's interval.
    pub fn minus(self, other: Self) -> Option<Bounded> {
        if self.of == 0 || other.of == 0 {
            return None;
        }
        let plain = |(had, of): (f64, f64)| (had / of, had / of * (1.0 - had / of) / of);
        let ((mine, my_variance), (theirs, their_variance)) = (plain(self.parts()), plain(other.parts()));
        let half = Z * (my_variance + their_variance).sqrt();
        let gain = mine - theirs;
        Some(Bounded::rounded(gain, gain - half, gain + half))
    }
}

impl Bounded {
    #[must_use]
    pub fn times(self, factor: f64) -> Self {
        Self::rounded(self.value * factor, self.low * factor, self.high * factor)
    }
}

/// The nearest-rank quantile of ascending values; those who are not among them waited longer than all.
pub fn quantile(ascending: &[u32], of: usize, share: f64) -> Option<u32> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a rank of a count")]
    let rank = (share * of as f64).ceil().max(1.0) as usize;
    ascending.get(rank - 1).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_seated_gives_a_wide_interval_and_not_none() {
        let none = Share { of: 50, had: 0 };
        let some = Share { of: 50, had: 20 };
        let ratio = none.over(some).unwrap();
        assert!(ratio.value < 0.05 && ratio.high < 0.5 && ratio.low > 0.0, "{ratio:?}");
        assert_eq!(none.over(none), None);
        assert!(none.wilson().unwrap().low <= 0.0);
    }

    #[test]
    fn equal_shares_hold_the_ratio_one() {
        let ratio = Share { of: 300, had: 100 }.over(Share { of: 900, had: 300 }).unwrap();
        assert!(ratio.holds(1.0) && !ratio.holds(1.3), "{ratio:?}");
    }

    #[test]
    fn who_is_not_seated_has_waited_longest() {
        let waits = [1, 2, 3];
        assert_eq!(quantile(&waits, 3, 0.5), Some(2));
        assert_eq!(quantile(&waits, 3, 1.0), Some(3));
        assert_eq!(quantile(&waits, 6, 0.5), Some(3));
        assert_eq!(quantile(&waits, 6, 0.9), None);
    }
}
