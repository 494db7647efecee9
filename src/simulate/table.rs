//! The report as a table for a terminal, the two worlds side by side.

use std::fmt::Write;

use super::cut_slots;
use super::report::{Percentiles, Report, World};
use crate::domain::statistics::{Bounded, Share};

const LABEL: usize = 54;
const COLUMN: usize = 28;

/// The whole table.
pub fn table(report: &Report) -> String {
    let mut table = Table(String::new());
    let Report { title, days, replications, seed, within_days, first_come, passage } = report;
    table.line(title);
    table.line(&format!("{days} days, lived {replications} times in each world, seed {seed}"));
    table.head(&format!("Served within {within_days} days of the need"));
    for line in &first_come.served {
        let share = |world: &World| world.share(line.who).map_or_else(dash, percent);
        table.row(line.who, &share(first_come), &share(passage));
    }
    table.head("Chances of one over another (1 is equal)");
    for ratio in &first_come.ratios {
        let times = |world: &World| world.ratio(ratio.of).map_or_else(dash, bounded);
        table.row(&format!("{} / {}", ratio.of, ratio.to), &times(first_come), &times(passage));
    }
    table.head("Days to the appointment: half / 90 % / 99 % / all");
    let beyond = format!(">{within_days}");
    for (one, other) in first_come.waits.iter().zip(&passage.waits) {
        table.row(one.who, &waits(one.everybody, &beyond), &waits(other.everybody, &beyond));
    }
    table.head("  the same, only of those served within them");
    for (one, other) in first_come.waits.iter().zip(&passage.waits) {
        table.row(one.who, &waits(one.among_served, "–"), &waits(other.among_served, "–"));
    }
    seats(&mut table, first_come, passage);
    traces(&mut table, first_come, passage);
    table.0
}

/// What cutting slots for a friend is worth.
pub fn cut_slots(lines: &[cut_slots::Line]) -> String {
    let mut table = Table(String::new());
    table.line(cut_slots::TITLE);
    table.line("Convoked within a week of registering, and a friend's chances over another's");
    let _ = writeln!(table.0, "\n{:LABEL$}{:COLUMN$}{:COLUMN$}ratio", "", "friends", "others");
    for line in lines {
        let share = |share: Share| share.wilson().map_or_else(dash, percent);
        let ratio = line.ratio.map_or_else(dash, bounded);
        let (friends, others) = (share(line.friends), share(line.others));
        let words = line.ploy.words();
        let _ = writeln!(table.0, "{words:LABEL$}{friends:COLUMN$}{others:COLUMN$}{ratio}");
    }
    table.0
}

fn seats(table: &mut Table, first_come: &World, passage: &World) {
    table.head("Seats");
    let both = |table: &mut Table, label: &str, of: &dyn Fn(&World) -> String| {
        table.row(label, &of(first_come), &of(passage));
    };
    both(table, "offered", &|world| world.seats.offered.to_string());
    both(table, "wasted", &|world| world.wasted.map_or_else(dash, percent));
    both(table, "  the holder did not come", &|world| part(world, world.seats.missed));
    both(table, "  another person came, and was sent away", &|world| part(world, world.seats.turned_away));
    both(table, "  held under another name, and nobody came", &|world| part(world, world.seats.held));
    both(table, "  given back, and not taken again", &|world| part(world, world.seats.given_back));
    both(table, "  never taken, though somebody had waited a week", &|world| part(world, world.seats.empty));
    both(table, "not needed (nobody had waited a week)", &|world| part(world, world.seats.unasked));
    both(table, "what the clients' advantage is worth, € a slot", &|world| {
        world.rent_eur_per_slot.map_or_else(dash, bounded)
    });
    both(table, "what served clients paid, € a slot", &|world| format!("{:.2}", world.paid_eur_per_slot));
}

/// The visible traces of cheating.
fn traces(table: &mut Table, first_come: &World, passage: &World) {
    table.head("What the prefecture sees of the cheats");
    for (label, of) in [
        ("second entries of one person, refused", (|world| world.shown.refused_doubles) as fn(&World) -> u64),
        ("entries nobody can verify, in no draw", |world| world.shown.unverified),
        ("pairs of one name and birth date, shown to an agent", |world| world.shown.flagged_pairs),
        ("priorities granted by two agents, counted in public", |world| world.shown.priorities),
        ("priorities that no second agent approved", |world| world.shown.priorities_refused),
        ("people sent away under another name", |world| world.shown.turned_away),
    ] {
        if of(first_come) + of(passage) > 0 {
            table.row(label, &of(first_come).to_string(), &of(passage).to_string());
        }
    }
}

fn dash() -> String {
    "–".to_owned()
}

fn percent(share: Bounded) -> String {
    let Bounded { value, low, high } = share.times(100.0);
    format!("{value:.1} % ({low:.1}–{high:.1})")
}

fn part(world: &World, seats: u64) -> String {
    let share = Share { of: world.seats.offered, had: seats };
    share.wilson().map_or_else(dash, |share| format!("{:.1} %", share.value * 100.0))
}

fn bounded(bounded: Bounded) -> String {
    let Bounded { value, low, high } = bounded.to_digits(2);
    format!("{value:.2} ({low:.2} to {high:.2})")
}

fn waits(waits: Percentiles, none: &str) -> String {
    waits.all().map(|days| days.map_or_else(|| none.to_owned(), |days| days.to_string())).join(" / ")
}

struct Table(String);

impl Table {
    fn line(&mut self, text: &str) {
        self.0.push_str(text.trim_end());
        self.0.push('\n');
    }

    fn head(&mut self, text: &str) {
        self.0.push('\n');
        self.row(text, "first come", "Passage");
    }

    fn row(&mut self, label: &str, first_come: &str, passage: &str) {
        let mut line = String::new();
        // Long labels keep two spaces before the first column.
        let width = LABEL.max(label.chars().count() + 2);
        let _ = write!(line, "{label:width$}{first_come:COLUMN$}{passage}");
        self.line(&line);
    }
}
