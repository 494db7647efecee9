//! The rules that every frozen list must satisfy, whoever made it: violations are reported, never
//! corrected; the error names the first field that breaks a rule.

use std::collections::HashMap;

use super::beacon::QUICKNET_CHAIN;
use super::fault::Fault;
use super::hash::Id;
use super::list::{CHUNK, Line, MAX_WEIGHT, Parts, Reserve, Slot, Source, in_use};
use super::threads::{each, sort};

pub(super) fn check(parts: &Parts) -> Result<(), Fault> {
    check_slots(parts)?;
    check_reserves(&parts.reserves)?;
    check_types(parts)?;
    check_lines(parts)?;
    check_source(&parts.source)
}

fn check_slots(parts: &Parts) -> Result<(), Fault> {
    let classes = parts.classes.len();
    let mut doubles = doubles(&parts.slots);
    for (number, slot) in parts.slots.iter().enumerate() {
        let rule = if usize::from(slot.class) >= classes {
            format!("class {} is not one of the {classes} classes", slot.class)
        } else if doubles.get_mut(&slot.id).is_some_and(|seen| std::mem::replace(seen, true)) {
            format!("the slot id {} stands twice", hex::encode(slot.id))
        } else if number > 0 && parts.slots[number - 1].key() >= slot.key() {
            "slots ascend strictly by class, start, desk and id".to_owned()
        } else {
            continue;
        };
        return Err(Fault::rule(format!("slots[{number}]"), rule));
    }
    Ok(())
}

/// The duplicate slot ids, each marked as not seen yet. As a fast pre-check, the 128-bit ids are XOR-folded
/// to 64 bits and sorted; only if two of these are equal are the ids themselves sorted.
fn doubles(slots: &[Slot]) -> HashMap<Id, bool> {
    let ids = || slots.iter().map(|slot| u128::from_be_bytes(slot.id));
    #[expect(clippy::cast_possible_truncation, reason = "the other half is laid over this one")]
    let mut folded: Vec<u64> = ids().map(|id| (id ^ id >> 64) as u64).collect();
    sort(&mut folded, |folded| *folded);
    if folded.windows(2).all(|pair| pair[0] != pair[1]) {
        return HashMap::new();
    }
    let mut ids: Vec<u128> = ids().collect();
    sort(&mut ids, |id| *id);
    ids.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| (pair[0].to_be_bytes(), false)).collect()
}

fn check_reserves(reserves: &[Reserve]) -> Result<(), Fault> {
    let mut seen = [false; 256];
    for (number, reserve) in reserves.iter().enumerate() {
        let rule = if reserve.label == 0 {
            "a label is 1 to 255".to_owned()
        } else if std::mem::replace(&mut seen[usize::from(reserve.label)], true) {
            format!("the label {} stands twice", reserve.label)
        } else {
            continue;
        };
        return Err(Fault::rule(format!("reserves[{number}]"), rule));
    }
    Ok(())
}

fn check_types(parts: &Parts) -> Result<(), Fault> {
    let used = in_use(parts.types.len(), &parts.lines);
    for (number, kind) in parts.types.iter().enumerate() {
        let rule = if let Some(fault) = kind.fault(parts.classes.len()) {
            fault
        } else if number > 0 && parts.types[number - 1] >= *kind {
            "types ascend strictly as bytes".to_owned()
        } else if !used[number] {
            "no entry has this type".to_owned()
        } else {
            continue;
        };
        return Err(Fault::rule(format!("types[{number}]"), rule));
    }
    Ok(())
}

fn check_lines(parts: &Parts) -> Result<(), Fault> {
    let mut labels = [false; 256];
    labels[0] = true;
    for reserve in &parts.reserves {
        labels[usize::from(reserve.label)] = true;
    }
    let chunks = each(parts.lines.len().div_ceil(CHUNK), 1, |chunk| {
        let end = parts.lines.len().min((chunk + 1) * CHUNK);
        (chunk * CHUNK..end).find_map(|number| Some((number, broken(parts, &labels, number)?)))
    });
    let Some((number, broken)) = chunks.into_iter().flatten().next() else {
        return Ok(());
    };
    let line = &parts.lines[number];
    let (field, rule) = match broken {
        Broken::Pid => ("pid", "entries ascend strictly by pid".to_owned()),
        Broken::Type => ("type", format!("there is no type {}", line.kind)),
        Broken::Weight => ("weight", format!("{} is not within 1 to {MAX_WEIGHT}", line.weight)),
        Broken::Reserve => ("reserve", format!("{} is neither 0 nor a label of the reserves", line.reserve)),
    };
    Err(Fault::rule(format!("entries[{number}].{field}"), rule))
}

/// The rule that a line breaks.
#[derive(Clone)]
enum Broken {
    Pid,
    Type,
    Weight,
    Reserve,
}

fn broken(parts: &Parts, labels: &[bool; 256], number: usize) -> Option<Broken> {
    let line = &parts.lines[number];
    let pid = |line: &Line| u128::from_be_bytes(line.pid);
    if number > 0 && pid(&parts.lines[number - 1]) >= pid(line) {
        Some(Broken::Pid)
    } else if line.kind as usize >= parts.types.len() {
        Some(Broken::Type)
    } else if !(1..=MAX_WEIGHT).contains(&line.weight) {
        Some(Broken::Weight)
    } else if !labels[usize::from(line.reserve)] {
        Some(Broken::Reserve)
    } else {
        None
    }
}

fn check_source(source: &Source) -> Result<(), Fault> {
    match source {
        Source::Drand { chain, .. } if *chain != QUICKNET_CHAIN => {
            let rule = format!("only the chain {} is accepted", hex::encode(QUICKNET_CHAIN));
            Err(Fault::rule("source.chain", rule))
        }
        Source::Drand { round: 0, .. } => Err(Fault::rule("source.round", "rounds begin at 1")),
        Source::Drand { .. } | Source::Commit { .. } => Ok(()),
    }
}
