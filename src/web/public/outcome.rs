//! The outcome of a draw in numbers: odds by tier and weight, and how long the winners had waited, as a
//! drawing made here and a table that says the same.

use crate::flow::figures::{DrawFigures, Odds, Waited};
use crate::locale::Lang;

/// The width of the drawing, in its own units; it grows and shrinks with the page.
const WIDTH: u64 = 320;
const ROW_HEIGHT: usize = 40;

/// One row of the odds.
pub struct OddsRow {
    pub tier: String,
    pub weight: u8,
    pub listed: u64,
    pub won: u64,
    pub share: String,
}

/// One bar.
pub struct Bar {
    pub label: String,
    pub winners: u64,
    pub width: u64,
    pub baseline: usize,
    pub top: usize,
}

/// Everything that the page shows of an outcome.
pub struct OutcomeView {
    pub odds: Vec<OddsRow>,
    pub bars: Vec<Bar>,
    pub height: usize,
}

impl OutcomeView {
    pub fn of(lang: Lang, figures: &DrawFigures) -> Self {
        let most = figures.waits.iter().map(|wait| wait.winners).max().unwrap_or(0).max(1);
        // Nobody can have waited longer than the queue has existed: what is empty at the end is not shown.
        let shown = figures.waits.iter().rposition(|wait| wait.winners > 0).map_or(0, |last| last + 1);
        let waits = figures.waits[..shown].iter().enumerate();
        let bars: Vec<Bar> = waits.map(|(at, wait)| bar(lang, at, wait, most)).collect();
        Self {
            odds: figures.odds.iter().map(|odds| row(lang, odds)).collect(),
            height: bars.len() * ROW_HEIGHT,
            bars,
        }
    }
}

fn row(lang: Lang, odds: &Odds) -> OddsRow {
    OddsRow {
        tier: tier_name(lang, odds.tier),
        weight: odds.weight,
        listed: odds.listed,
        won: odds.won,
        share: if odds.had_chance == 0 {
            lang.text("share-no-seat")
        } else {
            percent(lang, odds.won, odds.listed)
        },
    }
}

/// A tier in a few words.
pub fn tier_name(lang: Lang, tier: u8) -> String {
    lang.text(match tier {
        0 => "tier-displaced",
        1 => "tier-priority",
        2 => "tier-guaranteed",
        _ => "tier-ordinary",
    })
}

fn percent(lang: Lang, part: u64, whole: u64) -> String {
    // Rounded to the nearest whole number.
    let percent = if whole == 0 { 0 } else { (200 * part + whole) / (2 * whole) };
    lang.with("percent", [("n", percent.to_string().into())])
}

fn bar(lang: Lang, at: usize, wait: &Waited, most: u64) -> Bar {
    let values = [("from", wait.from_days.into()), ("to", wait.to_days.unwrap_or(0).into())];
    let key = match (wait.from_days, wait.to_days) {
        (_, None) => "wait-from",
        (0, Some(_)) => "wait-under",
        _ => "wait-between",
    };
    Bar {
        label: lang.with(key, values),
        winners: wait.winners,
        width: wait.winners * WIDTH / most,
        baseline: at * ROW_HEIGHT + 14,
        top: at * ROW_HEIGHT + 19,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_said_of_those_who_had_a_chance() {
        let lang = Lang::default();
        let odds = Odds { tier: 3, weight: 1, listed: 8, had_chance: 0, won: 0 };
        assert_eq!(row(lang, &odds).share, lang.text("share-no-seat"));
        assert_eq!(
            row(lang, &Odds { had_chance: 8, won: 2, ..odds }).share,
            lang.with("percent", [("n", "25".into())])
        );
    }
}
