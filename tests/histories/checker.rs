//! Checks a history against the final state. Pure code: no clock, no database. Each rule is one
//! function; each fault is a sentence that names the key, the reference or the slot concerned.

use std::collections::{BTreeMap, BTreeSet};

use super::history::{Answer, Entry, Event, Logged, Operation, World};

/// Every fault of a history, none if it is sound.
pub fn faults(history: &[Event], world: &World) -> Vec<String> {
    let mut faults = Faults(Vec::new());
    nothing_failed(history, &mut faults);
    keys(history, world, &mut faults);
    people(world, &mut faults);
    seats_now(world, &mut faults);
    seats_over_time(world, &mut faults);
    log_over_time(world, &mut faults);
    entries_acted_on(history, world, &mut faults);
    convocations_acted_on(history, world, &mut faults);
    slots_acted_on(history, world, &mut faults);
    faults.0
}

struct Faults(Vec<String>);

impl Faults {
    fn unless(&mut self, holds: bool, fault: impl FnOnce() -> String) {
        if !holds {
            self.0.push(fault());
        }
    }
}

/// How often something was acknowledged, and how often it may have happened in addition.
#[derive(Clone, Copy, Default)]
struct Tally {
    done: usize,
    unknown: usize,
}

impl Tally {
    fn count(&mut self, answer: &Answer) {
        match answer {
            Answer::Done(_) => self.done += 1,
            Answer::Unknown | Answer::Failed(_) => self.unknown += 1,
            Answer::Refused(_) => {}
        }
    }

    /// Whether it may have happened this often.
    const fn admits(self, count: usize) -> bool {
        self.done <= count && count <= self.done + self.unknown
    }
}

/// Groups events by what they concern.
fn tallies<'a, K: Ord>(history: &'a [Event], of: impl Fn(&'a Operation) -> Option<K>) -> BTreeMap<K, Tally> {
    let mut tallies = BTreeMap::<K, Tally>::new();
    for event in history {
        if let Some(key) = of(&event.operation) {
            tallies.entry(key).or_default().count(&event.answer);
        }
    }
    tallies
}

fn grouped<'a, T, K: Ord>(all: &'a [T], by: impl Fn(&'a T) -> K) -> BTreeMap<K, Vec<&'a T>> {
    let mut groups = BTreeMap::<K, Vec<&T>>::new();
    for one in all {
        groups.entry(by(one)).or_default().push(one);
    }
    groups
}

fn nothing_failed(history: &[Event], faults: &mut Faults) {
    for event in history {
        if let Answer::Failed(with) = &event.answer {
            faults.0.push(format!("client {}: {:?} failed: {with}", event.client, event.operation));
        }
    }
}

/// What was acknowledged is present; one key gives one entry; no answer changes; a refusal leaves nothing.
fn keys(history: &[Event], world: &World, faults: &mut Faults) {
    let mut by_key = BTreeMap::<&str, Vec<Attempt>>::new();
    for event in history {
        if let Operation::Register { person, key, wording } = &event.operation {
            by_key.entry(key).or_default().push(Attempt { event, person: *person, wording: *wording });
        }
    }
    let made = grouped(&world.entries, |entry| entry.key.as_str());
    for entry in &world.entries {
        faults.unless(by_key.contains_key(entry.key.as_str()), || {
            format!("entry {} comes from nowhere", entry.reference)
        });
    }
    let waited = grouped(&world.entries, |entry| entry.person);
    for (key, attempts) in by_key {
        let made = made.get(key).map_or(&[][..], Vec::as_slice);
        one_key(key, &attempts, made, faults);
        steady(key, &attempts, faults);
        justified(&attempts, &waited, faults);
    }
}

struct Attempt<'a> {
    event: &'a Event,
    person: u32,
    wording: u32,
}

impl<'a> Attempt<'a> {
    fn reference(&self) -> Option<&'a str> {
        match &self.event.answer {
            Answer::Done(reference) => Some(reference),
            _ => None,
        }
    }
}

fn one_key(key: &str, attempts: &[Attempt], made: &[&Entry], faults: &mut Faults) {
    faults.unless(made.len() <= 1, || format!("key {key} made {} entries", made.len()));
    let refused = attempts.iter().all(|attempt| matches!(attempt.event.answer, Answer::Refused(_)));
    faults.unless(!refused || made.is_empty(), || format!("key {key} was refused and left an entry"));
    for attempt in attempts {
        let Some(reference) = attempt.reference() else { continue };
        let is_there = made.iter().any(|entry| {
            entry.reference == reference && entry.person == attempt.person && entry.wording == attempt.wording
        });
        faults.unless(is_there, || format!("key {key}: {reference} was acknowledged and is not there"));
    }
}

/// Once a request was answered, later requests get the same answer, or the answer that the key is taken.
fn steady(key: &str, attempts: &[Attempt], faults: &mut Faults) {
    let references: BTreeSet<&str> = attempts.iter().filter_map(Attempt::reference).collect();
    faults.unless(references.len() <= 1, || format!("key {key} was answered {references:?}"));
    for first in attempts.iter().filter(|attempt| attempt.reference().is_some()) {
        for later in attempts.iter().filter(|later| later.event.began > first.event.ended) {
            let same = later.wording == first.wording;
            let kept = match &later.event.answer {
                Answer::Done(reference) => same && Some(reference.as_str()) == first.reference(),
                Answer::Refused(reason) => !same || reason == BUSY,
                Answer::Failed(_) | Answer::Unknown => true,
            };
            faults.unless(kept, || format!("key {key}: its answer changed to {:?}", later.event.answer));
        }
    }
}

/// Rate limits may refuse anybody; such a refusal says nothing about the request.
pub const BUSY: &str = "429";
/// Somebody with this identity waits already.
pub const WAITING: &str = "already waiting";

/// Nobody is told that they wait already, unless another request of theirs registered them.
fn justified(attempts: &[Attempt], waited: &BTreeMap<u32, Vec<&Entry>>, faults: &mut Faults) {
    for attempt in attempts {
        let Operation::Register { key, .. } = &attempt.event.operation else { continue };
        if attempt.event.answer == Answer::Refused(WAITING.to_owned()) {
            let of_person = waited.get(&attempt.person).into_iter().flatten();
            let other = of_person.into_iter().any(|entry| entry.key != *key);
            faults.unless(other, || format!("key {key}: told to wait already, and nobody does"));
        }
    }
}

/// One live entry a person, at every moment.
fn people(world: &World, faults: &mut Faults) {
    for (person, entries) in grouped(&world.entries, |entry| entry.person) {
        let spans = entries.iter().map(|entry| (entry.began, entry.ended)).collect();
        faults.unless(apart(spans), || format!("person {person} waits twice"));
    }
}

/// Whether no two spans overlap, open ones included.
fn apart(mut spans: Vec<(i64, Option<i64>)>) -> bool {
    // Of spans that begin together, an open one comes last.
    spans.sort_by_key(|(began, ended)| (*began, ended.unwrap_or(i64::MAX)));
    spans.windows(2).all(|pair| pair[0].1.is_some_and(|ended| ended <= pair[1].0))
}

/// One seat, one person, and one person, one seat: in the final state.
fn seats_now(world: &World, faults: &mut Faults) {
    let live = || world.convocations.iter().filter(|one| one.state == "live");
    once("slot", live().map(|one| &one.slot), "two live convocations", faults);
    once("entry", live().map(|one| &one.entry), "two live convocations", faults);
    let standing = world.slots.iter().filter(|slot| slot.state != "withdrawn");
    once("slot at", standing.map(|slot| &slot.name), "been published twice", faults);
}

fn once<'a>(kind: &str, names: impl Iterator<Item = &'a String>, what: &str, faults: &mut Faults) {
    let mut seen = BTreeSet::new();
    for name in names {
        faults.unless(seen.insert(name), || format!("{kind} {name} has {what}"));
    }
}

/// … and at every moment of business time.
fn seats_over_time(world: &World, faults: &mut Faults) {
    let by_slot = grouped(&world.convocations, |one| one.slot.as_str());
    let by_entry = grouped(&world.convocations, |one| one.entry.as_str());
    for (kind, held) in [("slot", by_slot), ("entry", by_entry)] {
        for (name, convocations) in held {
            let spans = convocations.iter().map(|one| (one.issued, one.ended)).collect();
            faults.unless(apart(spans), || format!("{kind} {name} was held twice at one time"));
        }
    }
}

/// … and row by row in the log, which orders even events of the same instant.
fn log_over_time(world: &World, faults: &mut Faults) {
    let (mut seats, mut people) = (BTreeMap::<&str, &str>::new(), BTreeMap::<&str, &str>::new());
    let mut told = BTreeMap::<&str, (usize, usize)>::new();
    for row in &world.log {
        let count = told.entry(&row.convocation).or_default();
        match row.what {
            Logged::IssuedEnded => *count = (count.0 + 1, count.1 + 1),
            Logged::Issued => {
                count.0 += 1;
                let before = seats.insert(&row.slot, &row.convocation);
                faults.unless(before.is_none(), || format!("slot {} was given while it was held", row.slot));
                let before = people.insert(&row.entry, &row.convocation);
                faults.unless(before.is_none(), || format!("entry {} was convoked twice at once", row.entry));
            }
            Logged::Ended => {
                count.1 += 1;
                let before = seats.remove(row.slot.as_str());
                people.remove(row.entry.as_str());
                faults.unless(before == Some(row.convocation.as_str()), || {
                    format!("slot {} was given back by who did not hold it", row.slot)
                });
            }
        }
    }
    for one in &world.convocations {
        let expected = (1, usize::from(one.ended.is_some()));
        let told = told.remove(one.id.as_str()).unwrap_or_default();
        faults.unless(told == expected, || format!("convocation {}: the log tells {told:?} of it", one.id));
    }
    for id in told.keys() {
        faults.0.push(format!("convocation {id} is in the log alone"));
    }
}

/// Withdrawals, seats given back and pauses: what was acknowledged was done, once; what was done was requested.
fn entries_acted_on(history: &[Event], world: &World, faults: &mut Faults) {
    let withdrawals = tallies(history, |operation| match operation {
        Operation::Withdraw(entry) => Some(entry.as_str()),
        _ => None,
    });
    let returns = tallies(history, |operation| match operation {
        Operation::GiveBack(entry) => Some(entry.as_str()),
        _ => None,
    });
    let convocations = grouped(&world.convocations, |one| one.entry.as_str());
    let marks = last_marks(history);
    for entry in &world.entries {
        let name = entry.reference.as_str();
        let tally = |of: &BTreeMap<&str, Tally>| of.get(name).copied().unwrap_or_default();
        let withdrawn = usize::from(entry.state == "withdrawn");
        faults.unless(tally(&withdrawals).admits(withdrawn), || format!("withdrawal: {}", mismatch(name)));
        let held = convocations.get(entry.id.as_str()).into_iter().flatten();
        let given_back = held.filter(|one| matches!(one.state.as_str(), "declined" | "cancelled_late"));
        let count = given_back.count();
        faults.unless(tally(&returns).admits(count), || format!("seat given back: {}", mismatch(name)));
        let kept = marks.get(name).is_none_or(|paused| !entry.is_live() || *paused == entry.paused);
        faults.unless(kept, || format!("pause: {}", mismatch(name)));
    }
}

fn mismatch(what: &str) -> String {
    format!("{what} does not stand as it was acknowledged")
}

/// The last acknowledged pause or resumption of each entry, unless a later one has an unknown result.
fn last_marks(history: &[Event]) -> BTreeMap<&str, bool> {
    let mut marks: Vec<(&str, &Event, bool)> = Vec::new();
    for event in history {
        match &event.operation {
            Operation::Pause(entry) => marks.push((entry, event, true)),
            Operation::Resume(entry) => marks.push((entry, event, false)),
            _ => {}
        }
    }
    marks.sort_by_key(|(_, event, _)| event.began);
    let mut last = BTreeMap::new();
    for (entry, event, paused) in marks {
        match event.answer {
            Answer::Done(_) => drop(last.insert(entry, paused)),
            Answer::Unknown | Answer::Failed(_) => drop(last.remove(entry)),
            Answer::Refused(_) => {}
        }
    }
    last
}

/// What was ticked off at the counter is recorded once, and nothing else is.
fn convocations_acted_on(history: &[Event], world: &World, faults: &mut Faults) {
    let ticks = tallies(history, |operation| match operation {
        Operation::Tick(convocation, ticked) => Some((convocation.as_str(), ticked.as_str())),
        _ => None,
    });
    for one in &world.convocations {
        for state in ["attended", "missed"] {
            let tally = ticks.get(&(one.id.as_str(), state)).copied().unwrap_or_default();
            let stands = usize::from(one.state == state);
            faults.unless(tally.admits(stands), || format!("{state}: {}", mismatch(&one.id)));
        }
    }
}

/// Published slots exist; withdrawn ones are gone; there are no other slots.
fn slots_acted_on(history: &[Event], world: &World, faults: &mut Faults) {
    let (mut asked, mut acknowledged) = (BTreeSet::new(), BTreeSet::new());
    for event in history {
        let Operation::Publish(names) = &event.operation else { continue };
        match event.answer {
            Answer::Refused(_) => {}
            Answer::Done(_) => acknowledged.extend(names.iter().map(String::as_str)),
            Answer::Unknown | Answer::Failed(_) => asked.extend(names.iter().map(String::as_str)),
        }
    }
    let standing: BTreeSet<&str> = world.slots.iter().map(|slot| slot.name.as_str()).collect();
    for name in acknowledged.difference(&standing) {
        faults.0.push(format!("slot {name} was acknowledged and is not there"));
    }
    for name in standing.iter().filter(|name| !acknowledged.contains(*name) && !asked.contains(*name)) {
        faults.0.push(format!("slot {name} comes from nowhere"));
    }
    let withdrawals = tallies(history, |operation| match operation {
        Operation::WithdrawSlot(slot) => Some(slot.as_str()),
        _ => None,
    });
    for slot in &world.slots {
        let tally = withdrawals.get(slot.id.as_str()).copied().unwrap_or_default();
        let as_told = match slot.withdrawn {
            Some(at) => tally.done + tally.unknown > 0 || world.rests.contains(&at),
            // A slot in a frozen list may be marked again.
            None => tally.done == 0,
        };
        faults.unless(as_told, || format!("slot withdrawn: {}", mismatch(&slot.id)));
    }
}
