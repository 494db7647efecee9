//! Whether those who won had come earlier, or later, than chance allows: the rank-sum test of Wilcoxon,
//! Mann and Whitney, within groups of equal standing and then over all of them. It watches draws; it
//! decides nothing.

use std::collections::BTreeMap;

/// Beyond this |z| an inquiry is due: chance goes there once in 10⁹ draws.
pub const ALARM_Z: f64 = 6.11;

/// One person of a draw, as the test sees them. People are compared within their `group` only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ranked<G> {
    /// Equal standing: who differs in tier or weight has other odds by the rules.
    pub group: G,
    /// When they came, in any unit.
    pub came: i64,
    pub won: bool,
}

/// The standard score of the winners' ranks: below zero if they came earlier than the others, above if
/// later; `None` when there is nothing to compare. Source: Mann and Whitney (1947), with the correction for
/// ties; groups are added up as van Elteren (1960) does with equal weights.
///
/// ```
/// use passage::domain::rank_sum::{Ranked, standard_score};
/// let people = |won: fn(i64) -> bool| (0..100).map(move |came| Ranked { group: 0, came, won: won(came) });
/// assert!(standard_score(people(|came| came < 50)).unwrap() < -8.0);
/// assert!(standard_score(people(|came| came % 2 == 0)).unwrap().abs() < 1.0);
/// assert_eq!(standard_score(people(|_| true)), None);
/// ```
pub fn standard_score<G: Ord>(people: impl IntoIterator<Item = Ranked<G>>) -> Option<f64> {
    let mut groups = BTreeMap::<G, Vec<(i64, bool)>>::new();
    for one in people {
        groups.entry(one.group).or_default().push((one.came, one.won));
    }
    let (mut excess, mut variance) = (0.0, 0.0);
    for mut group in groups.into_values() {
        group.sort_unstable();
        let (more, spread) = of_group(&group);
        excess += more;
        variance += spread;
    }
    (variance > 0.0).then(|| excess / variance.sqrt())
}

/// By how much the winners' rank sum exceeds what is expected, and the variance of that.
#[expect(clippy::cast_precision_loss, reason = "counts of people, far below 2^53")]
fn of_group(ascending: &[(i64, bool)]) -> (f64, f64) {
    let all = ascending.len() as f64;
    let won = ascending.iter().filter(|(_, won)| *won).count() as f64;
    let (mut rank_sum, mut ties, mut before) = (0.0, 0.0, 0.0);
    for same in ascending.chunk_by(|(a, _), (b, _)| a == b) {
        let size = same.len() as f64;
        let winners = same.iter().filter(|(_, won)| *won).count() as f64;
        rank_sum += winners * (before + size.midpoint(1.0));
        ties += size * (size * size - 1.0);
        before += size;
    }
    let expected = won * (all + 1.0) / 2.0;
    let variance = won * (all - won) / 12.0 * (all + 1.0 - ties / (all * (all - 1.0)).max(1.0));
    (rank_sum - expected, variance)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(came: &[i64], won: &[bool]) -> Vec<(i64, bool)> {
        came.iter().copied().zip(won.iter().copied()).collect()
    }

    #[test]
    fn the_rank_sum_is_that_of_the_textbook() {
        // Ranks 1, 2 and 4 of five: 7, where 9 is expected; variance 3 · 2 · 6 / 12.
        let (excess, variance) = of_group(&group(&[10, 20, 30, 40, 50], &[true, true, false, true, false]));
        assert_eq!((excess, variance), (-2.0, 3.0));
    }

    #[test]
    fn who_came_at_the_same_instant_shares_a_rank() {
        let (excess, variance) = of_group(&group(&[10, 10, 10, 10], &[true, false, true, false]));
        assert_eq!((excess, variance), (0.0, 0.0));
    }

    #[test]
    fn groups_of_other_standing_are_not_compared() {
        // The early ones are guaranteed and all win; the late ones all lose. By the rules, not by chance.
        let people = (0..100).map(|came| Ranked { group: came / 50, came, won: came < 50 });
        assert_eq!(standard_score(people), None);
    }
}
