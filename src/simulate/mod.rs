//! First-come booking compared with Passage, in the same town: the same people, the same needs, the same
//! slots, the same seed. Only the rule by which slots are given differs.
//!
//! Every draw is decided by the program's own engine, not by a model of it: `domain::rules` gives each
//! entry its place, `flow::freeze::compose` makes the list, `flow::draw::compute` opens it and seats the
//! winners. [`memory`] says what is left out (the database), and `tests/simulate_whole.rs` shows that with
//! the same people and the same random numbers the whole program convokes the same people to the same seats.
//!
//! [`scenario`] is the input, [`town`] what both worlds share, [`first_come`] and [`passage`] the two
//! worlds, [`report`] the output, and docs/fairness.md explains what it means.

pub mod agenda;
pub mod cut_slots;
pub mod dice;
pub mod first_come;
pub mod lived;
pub mod memory;
pub mod passage;
pub mod picture;
pub mod queue;
pub mod report;
pub mod scenario;

pub mod table;
pub mod town;

use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

use uuid::Uuid;

pub use report::Report;
pub use scenario::{PRESETS, Scenario, ScenarioFaults};

use crate::domain::ids::SiteId;
use memory::{Memory, Seeded, Setup};
use report::{Tally, World};
use town::Town;

/// Replications simulated at the same time.
const THREADS: u32 = 2;
/// The only site of a simulated prefecture.
const SITE: SiteId = SiteId(Uuid::from_u128(1));

/// The built-in scenario of this name.
pub fn preset(name: &str) -> Option<&'static str> {
    PRESETS.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}

/// Simulates the scenario in both worlds, with the number of replications it asks for. `day` is called for
/// each simulated day: there are [`days_to_live`] of them.
///
/// The same scenario and seed give the same report, whatever the number of processors: each replication
/// has its own seed, and the results are added up in order.
pub fn run(scenario: &Scenario, seed: u64, day: impl Fn() + Sync) -> Report {
    let replications = scenario.replications;
    let (next, done) = (AtomicU32::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..THREADS.min(replications) {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= replications {
                        return;
                    }
                    let tallies = live_both(scenario, dice::seed_of(seed, number), &day);
                    done.lock().expect("no replication panics while it is added").push((number, tallies));
                }
            });
        }
    });
    let mut done = done.into_inner().expect("every replication has ended");
    done.sort_by_key(|(number, _)| *number);
    let mut sums = [Tally::default(), Tally::default()];
    for (_, tallies) in &done {
        sums.iter_mut().zip(tallies).for_each(|(sum, tally)| sum.add(tally));
    }
    Report {
        title: scenario.title.clone(),
        seed,
        days: scenario.days,
        replications,
        within_days: scenario.within_days,
        first_come: World::of(&sums[0]),
        passage: World::of(&sums[1]),
    }
}

/// How many days [`run`] simulates in total.
pub fn days_to_live(scenario: &Scenario) -> u64 {
    2 * u64::from(scenario.days) * u64::from(scenario.replications)
}

/// One replication, in both worlds.
fn live_both(scenario: &Scenario, seed: u64, day: &(impl Fn() + Sync)) -> [Tally; 2] {
    let town = Town::new(scenario, seed, SITE);
    let setup = Setup::new(scenario.passage.rules.clone(), scenario.passage.uniqueness);
    let mut queue = Memory::new(&town, setup, Seeded(seed));
    let worlds =
        [first_come::live(scenario, &town, seed, day), passage::live(scenario, &town, &mut queue, seed, day)];
    worlds.map(|lived| {
        let mut tally = Tally::default();
        tally.count(scenario, &town, &lived);
        tally
    })
}
