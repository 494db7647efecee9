//! The results of a scenario in both worlds: counts with intervals, ready to be printed or drawn.

use chrono::TimeDelta;
use serde::Serialize;

use super::lived::{Lived, SeatEnd, Shown};
use super::scenario::Scenario;
use super::town::{Group, Town};
use crate::domain::statistics::{Bounded, Share, quantile};

/// What is counted in one world, over all replications.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// People of each group seated in time.
    seated: [Share; 5],
    /// Waits in whole days of those seated in time, by channel.
    waits: [Vec<u32>; 3],
    seats: SeatCount,
    shown: Shown,
    paid_eur: u64,
    /// Prices asked of the measured clients, summed.
    asked_eur: u64,
}

/// What happened to the seats.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SeatCount {
    pub offered: u64,
    pub attended: u64,
    pub missed: u64,
    pub turned_away: u64,
    pub held: u64,
    /// Given back and not taken again, although somebody had waited a week or more.
    pub given_back: u64,
    /// Never taken, although somebody had waited a week or more.
    pub empty: u64,
    /// Free, and nobody had waited that long.
    pub unasked: u64,
}

impl Tally {
    /// Counts one world after its simulation.
    pub fn count(&mut self, scenario: &Scenario, town: &Town, lived: &Lived) {
        let within = TimeDelta::days(scenario.within_days.into());
        for (person, seated) in town.people.iter().zip(&lived.seated) {
            if !person.measured {
                continue;
            }
            let wait = seated.map(|at| at - person.needs_at).filter(|wait| *wait <= within);
            self.seated[person.group as usize].count(wait.is_some());
            let price = person.reseller.map_or(0, |firm| u64::from(scenario.resellers[firm].price_eur));
            self.asked_eur += price;
            if let Some(wait) = wait {
                self.paid_eur += price;
                let channel = CHANNELS.iter().position(|(_, groups)| groups.contains(&person.group));
                self.waits[channel.expect("every group has its channel")]
                    .push(u32::try_from(wait.num_days()).unwrap_or(0));
            }
        }
        let measured = town.seats.iter().zip(&lived.seats).filter(|(seat, _)| seat.measured);
        measured.filter_map(|(_, end)| *end).for_each(|end| self.seats.count(end));
        self.shown.add(lived.shown);
    }

    /// Adds the counts of another replication.
    pub fn add(&mut self, other: &Self) {
        for (mine, theirs) in self.seated.iter_mut().zip(&other.seated) {
            *mine = mine.and(*theirs);
        }
        for (mine, theirs) in self.waits.iter_mut().zip(&other.waits) {
            mine.extend(theirs);
        }
        self.seats.add(other.seats);
        self.shown.add(other.shown);
        self.paid_eur += other.paid_eur;
        self.asked_eur += other.asked_eur;
    }

    fn of(&self, groups: &[Group]) -> Share {
        groups.iter().fold(Share::default(), |sum, group| sum.and(self.seated[*group as usize]))
    }
}

impl SeatCount {
    fn count(&mut self, end: SeatEnd) {
        self.offered += 1;
        *match end {
            SeatEnd::Attended => &mut self.attended,
            SeatEnd::Missed => &mut self.missed,
            SeatEnd::TurnedAway => &mut self.turned_away,
            SeatEnd::Held => &mut self.held,
            SeatEnd::GivenBack => &mut self.given_back,
            SeatEnd::Empty => &mut self.empty,
            SeatEnd::Unasked => &mut self.unasked,
        } += 1;
    }

    fn add(&mut self, other: Self) {
        self.offered += other.offered;
        self.attended += other.attended;
        self.missed += other.missed;
        self.turned_away += other.turned_away;
        self.held += other.held;
        self.given_back += other.given_back;
        self.empty += other.empty;
        self.unasked += other.unasked;
    }

    /// Seats that served nobody although somebody needed them.
    pub const fn wasted(&self) -> Share {
        let had = self.missed + self.turned_away + self.held + self.given_back + self.empty;
        Share { of: self.offered, had }
    }
}

impl Shown {
    fn add(&mut self, other: Self) {
        self.refused_doubles += other.refused_doubles;
        self.unverified += other.unverified;
        self.flagged_pairs += other.flagged_pairs;
        self.priorities += other.priorities;
        self.priorities_refused += other.priorities_refused;
        self.turned_away += other.turned_away;
    }
}

/// The results of a scenario.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    pub title: String,
    pub seed: u64,
    pub days: u32,
    pub replications: u32,
    pub within_days: u32,
    pub first_come: World,
    pub passage: World,
}

/// The results of one world.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct World {
    /// Who was served within the days, by kind of people; kinds with nobody are left out.
    pub served: Vec<Line>,
    /// Chances of one kind of people over those of another.
    pub ratios: Vec<Ratio>,
    pub waits: Vec<Waits>,
    pub seats: SeatCount,
    pub wasted: Option<Bounded>,
    /// What the clients' advantage is worth, per slot offered: see docs/fairness.md.
    pub rent_eur_per_slot: Option<Bounded>,
    /// What the served clients paid, whatever they gained by it, per slot offered.
    pub paid_eur_per_slot: f64,
    pub shown: Shown,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Line {
    pub who: &'static str,
    pub people: Share,
    pub share: Bounded,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Ratio {
    pub of: &'static str,
    pub to: &'static str,
    pub ratio: Bounded,
}

/// Days from the need to the appointment, by channel.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Waits {
    pub who: &'static str,
    pub people: u64,
    /// Over everybody: `None` means longer than people were followed.
    #[serde(flatten)]
    pub everybody: Percentiles,
    /// Only over those served in time: `None` if nobody was. Where few are served, this describes few people.
    pub among_served: Percentiles,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Percentiles {
    pub p50_days: Option<u32>,
    pub p90_days: Option<u32>,
    pub p99_days: Option<u32>,
    pub max_days: Option<u32>,
}

impl Percentiles {
    /// Quantiles over this many people; those who have no wait here waited longer than all others.
    fn of(ascending: &[u32], people: usize) -> Self {
        let at = |share| quantile(ascending, people, share);
        Self { p50_days: at(0.5), p90_days: at(0.9), p99_days: at(0.99), max_days: at(1.0) }
    }

    pub const fn all(self) -> [Option<u32>; 4] {
        [self.p50_days, self.p90_days, self.p99_days, self.max_days]
    }
}

pub const ONLINE: &str = "honest, online";
pub const QUICK: &str = "honest, online, quick";
pub const ASSISTED: &str = "without internet";
pub const CLIENTS: &str = "a reseller's clients";
pub const EVERYBODY: &str = "everybody";
pub const FAVOURED: &str = "clients an agent favours";

const fn name(group: Group) -> &'static str {
    match group {
        Group::Online => ONLINE,
        Group::Quick => QUICK,
        Group::Assisted => ASSISTED,
        Group::Client => CLIENTS,
        Group::Favoured => FAVOURED,
    }
}

/// How people come, and of which groups.
const CHANNELS: [(&str, &[Group]); 3] = [
    ("online", &[Group::Online, Group::Quick]),
    (ASSISTED, &[Group::Assisted]),
    (CLIENTS, &[Group::Client, Group::Favoured]),
];

/// Who is compared with whom.
const PAIRS: [(Group, &[Group], &str); 4] = [
    (Group::Client, &[Group::Online, Group::Quick], "all honest people online"),
    (Group::Quick, &[Group::Online], ONLINE),
    (Group::Assisted, &[Group::Online, Group::Quick], "all honest people online"),
    (Group::Favoured, &[Group::Online, Group::Quick], "all honest people online"),
];

impl World {
    pub fn of(tally: &Tally) -> Self {
        let line = |who, people: Share| Some(Line { who, people, share: people.wilson()? });
        let kinds = Group::ALL.iter().filter_map(|group| line(name(*group), tally.of(&[*group])));
        let served = kinds.chain(line(EVERYBODY, tally.of(&Group::ALL)));
        let ratios = PAIRS.iter().filter_map(|(one, others, to)| {
            Some(Ratio { of: name(*one), to, ratio: tally.of(&[*one]).over(tally.of(others))? })
        });
        let waits = CHANNELS.into_iter().zip(&tally.waits).filter_map(|((who, groups), waits)| {
            let people = tally.of(groups).of;
            let all = usize::try_from(people).ok().filter(|all| *all > 0)?;
            let mut ascending = waits.clone();
            ascending.sort_unstable();
            Some(Waits {
                who,
                people,
                everybody: Percentiles::of(&ascending, all),
                among_served: Percentiles::of(&ascending, ascending.len()),
            })
        });
        Self {
            served: served.collect(),
            ratios: ratios.collect(),
            waits: waits.collect(),
            seats: tally.seats,
            wasted: tally.seats.wasted().wilson(),
            rent_eur_per_slot: rent(tally),
            paid_eur_per_slot: per_slot(tally, tally.paid_eur),
            shown: tally.shown,
        }
    }

    /// The ratio of one kind of people to what it is compared with.
    pub fn ratio(&self, of: &str) -> Option<Bounded> {
        self.ratios.iter().find(|ratio| ratio.of == of).map(|ratio| ratio.ratio)
    }

    pub fn share(&self, who: &str) -> Option<Bounded> {
        self.served.iter().find(|line| line.who == who).map(|line| line.share)
    }
}

#[expect(clippy::cast_precision_loss, reason = "euros and seats, far below 2^53")]
fn per_slot(tally: &Tally, eur: u64) -> f64 {
    let each = eur as f64 / tally.seats.offered.max(1) as f64;
    (each * 100.0).round() / 100.0
}

/// The seats that clients got beyond what the same number of honest people online got, times the price.
#[expect(clippy::cast_precision_loss, reason = "euros and seats, far below 2^53")]
fn rent(tally: &Tally) -> Option<Bounded> {
    let clients = tally.of(&[Group::Client, Group::Favoured]);
    let gain = clients.minus(tally.of(&[Group::Online, Group::Quick]))?;
    Some(gain.times(tally.asked_eur as f64 / tally.seats.offered.max(1) as f64))
}
