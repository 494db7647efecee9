//! What is counted of a draw in public. Whom the list left out is said by reason, unless a reason is shared
//! by so few that they could be recognised: then together, and if even that is too few, not at all.

use serde_json::{Value, json};

use crate::domain::small_counts::is_small;
use crate::domain::text_enum::key_of;
use crate::flow::read::draws::Draw;
use crate::locale::Lang;

const REASONS: [&str; 3] = ["awaiting_identity", "paused", "suspended"];

/// Whom the list left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Excluded {
    ByReason([u64; 3]),
    Together(u64),
    Few,
}

impl Excluded {
    /// What may be said of the people left out for each reason.
    pub fn of(counts: [u64; 3]) -> Self {
        let sum = counts.iter().sum();
        if !counts.iter().any(|count| is_small(*count)) {
            Self::ByReason(counts)
        } else if is_small(sum) {
            Self::Few
        } else {
            Self::Together(sum)
        }
    }
}

/// The counts of a frozen draw.
pub struct Counts {
    listed: u64,
    seats: Option<u64>,
    winners: Option<u64>,
    tiers: [u64; 4],
    no_class: Option<u64>,
    /// Seats that few could accept: how many seats, and how many people.
    few: Vec<(u64, u64)>,
    excluded: Excluded,
}

impl Counts {
    /// None before the list is frozen.
    pub fn of(draw: &Draw) -> Option<Self> {
        let whole = |count: Option<i32>| count.and_then(|count| u64::try_from(count).ok());
        let listed = whole(draw.entry_count)?;
        let counted = |word: &str| draw.counts.as_ref().and_then(|counts| counts[word].as_u64());
        let [first, second, third] = ["tier_0", "tier_1", "tier_2"].map(|word| counted(word).unwrap_or(0));
        Some(Self {
            listed,
            seats: whole(draw.slot_count),
            winners: whole(draw.winner_count),
            tiers: [first, second, third, listed.saturating_sub(first + second + third)],
            no_class: counted("no_class"),
            few: draw
                .counts
                .as_ref()
                .and_then(|counts| serde_json::from_value(counts["few"].clone()).ok())
                .unwrap_or_default(),
            excluded: Excluded::of(REASONS.map(|word| counted(word).unwrap_or(0))),
        })
    }

    /// Everybody who waited, where the sum gives nobody away.
    fn waiting(&self) -> Option<u64> {
        match self.excluded {
            Excluded::ByReason(counts) => Some(self.listed + counts.iter().sum::<u64>()),
            Excluded::Together(sum) => Some(self.listed + sum),
            Excluded::Few => None,
        }
    }

    /// (title, number) of each.
    pub fn words(&self, lang: Lang) -> Vec<(String, String)> {
        let mut rows = Vec::new();
        let mut say = |key: &str, value: Option<u64>| {
            rows.extend(value.map(|value| (lang.text(key), value.to_string())));
        };
        say("draw-count-waiting", self.waiting());
        say("draw-count-entries", Some(self.listed));
        say("draw-count-slots", self.seats);
        say("draw-count-winners", self.winners);
        for (tier, count) in self.tiers.iter().enumerate() {
            say(&format!("draw-count-tier-{tier}"), Some(*count));
        }
        say("draw-count-no-class", self.no_class);
        match self.excluded {
            Excluded::ByReason(counts) => {
                for (word, count) in REASONS.iter().zip(counts) {
                    say(&format!("draw-count-{}", key_of(word)), Some(count));
                }
            }
            Excluded::Together(sum) => say("draw-count-excluded", Some(sum)),
            Excluded::Few => {
                rows.push((lang.text("draw-count-excluded"), lang.text("draw-count-few")));
            }
        }
        for (seats, could) in &self.few {
            let values =
                [("seats", (*seats).into()), ("could", (*could).into()), ("listed", self.listed.into())];
            rows.push((lang.text("draw-count-narrow"), lang.with("draw-narrow", values)));
        }
        rows
    }

    /// The same for machines; what is not said is null.
    pub fn json(&self) -> Value {
        let (reasons, together) = match self.excluded {
            Excluded::ByReason(counts) => (counts.map(Some), Some(counts.iter().sum())),
            Excluded::Together(sum) => ([None; 3], Some(sum)),
            Excluded::Few => ([None; 3], None),
        };
        let few: Vec<Value> =
            self.few.iter().map(|(seats, could)| json!({ "seats": seats, "people": could })).collect();
        json!({
            "waiting": self.waiting(),
            "listed": self.listed,
            "seats": self.seats,
            "winners": self.winners,
            "tiers": self.tiers,
            "without_a_suitable_seat": self.no_class,
            "seats_for_few": few,
            "excluded": together,
            "awaiting_identity": reasons[0],
            "paused": reasons[1],
            "suspended": reasons[2],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_that_few_share_is_not_said_and_cannot_be_found_by_subtraction() {
        assert_eq!(Excluded::of([0, 7, 12]), Excluded::ByReason([0, 7, 12]));
        assert_eq!(Excluded::of([9, 7, 1]), Excluded::Together(17));
        assert_eq!(Excluded::of([0, 2, 1]), Excluded::Few);
    }
}
