//! What is frozen, and its hash. A [`List`] is what a queue hands over, in any order; a [`Frozen`]
//! list is sorted, numbered, checked and hashed, and nothing can be added to it, removed or changed.

use std::collections::{BTreeMap, HashSet};

use super::beacon::QUICKNET_CHAIN;
use super::canonical::Terms;
use super::classes::{Accepts, Classes};
use super::fault::Fault;
use super::hash::{Hash, Id, sha256};
use super::merkle::{leaf_hash, root_of};

/// The largest weight of an entry: how many tickets it may draw.
pub const MAX_WEIGHT: u8 = 32;

/// An entry as it is handed over: what it accepts spelt out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its public name in this draw: [`super::pid`].
    pub pid: Id,
    /// The classes its holder accepts, perhaps none.
    pub accepts: Accepts,
    /// Smaller is served first.
    pub tier: u8,
    /// Number of tickets, 1 to [`MAX_WEIGHT`].
    pub weight: u8,
    /// Within a tier, smaller is served first (an arrival day, or 0).
    pub bucket: u32,
    /// The label of the reserve it belongs to, or 0.
    pub reserve: u8,
}

/// An entry's line in a frozen list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// Its public name in this draw.
    pub pid: Id,
    /// The number of the type (the set of accepted classes) that it has.
    pub kind: u32,
    /// Smaller is served first.
    pub tier: u8,
    /// Number of tickets, 1 to [`MAX_WEIGHT`].
    pub weight: u8,
    /// Within a tier, smaller is served first.
    pub bucket: u32,
    /// The label of the reserve it belongs to, or 0.
    pub reserve: u8,
}

/// A slot to give. The order of the fields is the order of the slots; ids are unique.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Slot {
    /// The number of its class.
    pub class: u16,
    /// When it begins, in Unix seconds.
    pub start: i64,
    /// Desk number.
    pub desk: u16,
    /// Slot id.
    pub id: Id,
    /// How long it lasts, in minutes.
    pub minutes: u16,
}

/// Seats kept for the entries of one label before all others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reserve {
    /// 1 to 255.
    pub label: u8,
    /// How many of them are admitted first.
    pub seats: u32,
}

/// Where the randomness will come from, fixed before it exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// A round of the pinned drand chain.
    Drand {
        /// Chain hash; only [`QUICKNET_CHAIN`] is accepted.
        chain: Hash,
        /// Round number, from 1.
        round: u64,
    },
    /// A secret of the operator, committed to: asks for trust in the operator.
    Commit {
        /// [`super::commitment`] of the secret.
        commitment: Hash,
    },
}

impl Source {
    /// A round of quicknet.
    pub fn quicknet(round: u64) -> Self {
        Self::Drand { chain: QUICKNET_CHAIN, round }
    }

    /// The source as it is hashed into the freeze.
    pub fn bytes(&self) -> [u8; 41] {
        let (kind, hash, round) = match self {
            Self::Drand { chain, round } => (1, chain, *round),
            Self::Commit { commitment } => (2, commitment, 0),
        };
        let mut bytes = [kind; 41];
        bytes[1..33].copy_from_slice(hash);
        bytes[33..].copy_from_slice(&round.to_be_bytes());
        bytes
    }
}

/// What is to be frozen. Entries and slots may come in any order; reserves come in order of
/// precedence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List {
    /// Draw id.
    pub draw: Id,
    /// What was announced.
    pub terms: Terms,
    /// The classes of the slots, and any others that people may accept.
    pub classes: Classes,
    /// The seats.
    pub slots: Vec<Slot>,
    /// Everyone waiting and not paused, even with no class accepted in this draw.
    pub entries: Vec<Entry>,
    /// In order of precedence.
    pub reserves: Vec<Reserve>,
    /// The announced randomness.
    pub source: Source,
}

impl List {
    /// Sorts, numbers, checks and hashes the list. The order in which entries and slots came does
    /// not matter. Errors name the first field that breaks a rule.
    pub fn freeze(self) -> Result<Frozen, Fault> {
        let mut numbers: BTreeMap<&Accepts, u32> =
            self.entries.iter().map(|entry| (&entry.accepts, 0)).collect();
        for (number, kind) in (0..).zip(numbers.values_mut()) {
            *kind = number;
        }
        let line = |entry: &Entry| Line {
            pid: entry.pid,
            kind: numbers[&entry.accepts],
            tier: entry.tier,
            weight: entry.weight,
            bucket: entry.bucket,
            reserve: entry.reserve,
        };
        let mut lines: Vec<Line> = self.entries.iter().map(line).collect();
        lines.sort_unstable_by_key(|line| line.pid);
        let mut slots = self.slots;
        slots.sort_unstable();
        Frozen::check(Parts {
            types: numbers.into_keys().cloned().collect(),
            draw: self.draw,
            terms: self.terms,
            classes: self.classes,
            slots,
            lines,
            reserves: self.reserves,
            source: self.source,
        })
    }
}

/// A list in its frozen order, not yet checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Parts {
    pub draw: Id,
    pub terms: Terms,
    pub classes: Classes,
    pub slots: Vec<Slot>,
    pub types: Vec<Accepts>,
    pub lines: Vec<Line>,
    pub reserves: Vec<Reserve>,
    pub source: Source,
}

/// The hashes that the freeze is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Digests {
    /// Of the canonical terms.
    pub terms: Hash,
    /// Of the classes.
    pub classes: Hash,
    /// Merkle root over the slots.
    pub slots_root: Hash,
    /// Merkle root over the entries.
    pub entries_root: Hash,
    /// Of the reserves.
    pub reserves: Hash,
}

/// A frozen list: sorted, numbered, valid, and hashed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frozen {
    parts: Parts,
    digests: Digests,
    freeze: Hash,
}

impl Frozen {
    pub(super) fn check(parts: Parts) -> Result<Self, Fault> {
        check_slots(&parts)?;
        check_reserves(&parts.reserves)?;
        check_types(&parts)?;
        check_lines(&parts)?;
        check_source(&parts.source)?;
        let slots = count("slots", parts.slots.len())?;
        let entries = count("entries", parts.lines.len())?;
        let digests = parts.digests();
        let freeze = sha256(&[
            b"passage-draw/1 freeze\0",
            &parts.draw,
            &digests.terms,
            &digests.classes,
            &digests.slots_root,
            &slots.to_be_bytes(),
            &digests.entries_root,
            &entries.to_be_bytes(),
            &digests.reserves,
            &parts.source.bytes(),
        ]);
        Ok(Self { parts, digests, freeze })
    }

    /// The hash that is published with the list.
    pub fn freeze(&self) -> &Hash {
        &self.freeze
    }

    /// The hashes that the freeze is made of.
    pub fn digests(&self) -> &Digests {
        &self.digests
    }

    /// Draw id.
    pub fn draw(&self) -> &Id {
        &self.parts.draw
    }

    /// What was announced.
    pub fn terms(&self) -> &Terms {
        &self.parts.terms
    }

    /// The classes, by number.
    pub fn classes(&self) -> &[super::Class] {
        self.parts.classes.as_slice()
    }

    /// The slots, by number.
    pub fn slots(&self) -> &[Slot] {
        &self.parts.slots
    }

    /// The sets of accepted classes, by number.
    pub fn types(&self) -> &[Accepts] {
        &self.parts.types
    }

    /// The entries, by number.
    pub fn entries(&self) -> &[Line] {
        &self.parts.lines
    }

    /// The reserves, in order of precedence.
    pub fn reserves(&self) -> &[Reserve] {
        &self.parts.reserves
    }

    /// The announced randomness.
    pub fn source(&self) -> &Source {
        &self.parts.source
    }

    /// The number of the entry with this pid: how an applicant finds their own line.
    pub fn number_of(&self, pid: &Id) -> Option<usize> {
        self.parts.lines.binary_search_by_key(pid, |line| line.pid).ok()
    }

    /// What an entry accepts; panics when there is no entry of this number.
    pub fn accepts(&self, entry: usize) -> &Accepts {
        &self.parts.types[self.parts.lines[entry].kind as usize]
    }

    /// For each entry, whether it accepts at least one class that has a slot: those who then do not
    /// win have survived a draw.
    pub fn accepted_a_seat(&self) -> Vec<bool> {
        let mut seated = Accepts::none(self.parts.classes.len());
        for slot in &self.parts.slots {
            seated.add(slot.class);
        }
        let types: Vec<bool> = self.parts.types.iter().map(|kind| kind.meets(&seated)).collect();
        let lines = self.parts.lines.iter();
        lines.map(|line| types[line.kind as usize]).collect()
    }

    /// Merkle leaf hashes of the entries, by number, for inclusion proofs under
    /// [`Digests::entries_root`].
    pub fn entry_leaves(&self) -> Vec<Hash> {
        let types = self.parts.type_hashes();
        let lines = self.parts.lines.iter();
        lines.map(|line| entry_leaf(line, &types[line.kind as usize])).collect()
    }
}

impl Parts {
    fn digests(&self) -> Digests {
        let types = self.type_hashes();
        let mut reserves = b"PR1\0".to_vec();
        reserves.push(u8::try_from(self.reserves.len()).expect("labels are distinct and not 0"));
        for reserve in &self.reserves {
            reserves.push(reserve.label);
            reserves.extend_from_slice(&reserve.seats.to_be_bytes());
        }
        Digests {
            terms: self.terms.hash(),
            classes: self.classes.hash(),
            slots_root: root_of(self.slots.len(), |at| slot_leaf(&self.slots[at])),
            entries_root: root_of(self.lines.len(), |at| {
                let line = &self.lines[at];
                entry_leaf(line, &types[line.kind as usize])
            }),
            reserves: sha256(&[&reserves]),
        }
    }

    fn type_hashes(&self) -> Vec<Hash> {
        let classes = self.classes.count_bytes();
        let types = self.types.iter();
        types.map(|kind| sha256(&[&[2], &classes, kind.as_bytes()])).collect()
    }
}

fn slot_leaf(slot: &Slot) -> Hash {
    let mut bytes = [0; 34];
    bytes[..4].copy_from_slice(b"PS1\0");
    bytes[4..20].copy_from_slice(&slot.id);
    bytes[20..22].copy_from_slice(&slot.class.to_be_bytes());
    bytes[22..30].copy_from_slice(&slot.start.to_be_bytes());
    bytes[30..32].copy_from_slice(&slot.minutes.to_be_bytes());
    bytes[32..].copy_from_slice(&slot.desk.to_be_bytes());
    leaf_hash(&bytes)
}

fn entry_leaf(line: &Line, kind: &Hash) -> Hash {
    let mut bytes = [0; 59];
    bytes[..4].copy_from_slice(b"PE1\0");
    bytes[4..20].copy_from_slice(&line.pid);
    bytes[20..52].copy_from_slice(kind);
    bytes[52] = line.tier;
    bytes[53] = line.weight;
    bytes[54..58].copy_from_slice(&line.bucket.to_be_bytes());
    bytes[58] = line.reserve;
    leaf_hash(&bytes)
}

fn count(what: &str, number: usize) -> Result<u32, Fault> {
    u32::try_from(number).map_err(|_| Fault::rule(what, "at most 4294967295"))
}

fn check_slots(parts: &Parts) -> Result<(), Fault> {
    let classes = parts.classes.len();
    let mut ids = HashSet::with_capacity(parts.slots.len());
    let key = |slot: &Slot| (slot.class, slot.start, slot.desk, slot.id);
    for (number, slot) in parts.slots.iter().enumerate() {
        let rule = if usize::from(slot.class) >= classes {
            format!("class {} is not one of the {classes} classes", slot.class)
        } else if !ids.insert(slot.id) {
            format!("the slot id {} stands twice", hex::encode(slot.id))
        } else if number > 0 && key(&parts.slots[number - 1]) >= key(slot) {
            "slots ascend strictly by class, start, desk and id".to_owned()
        } else {
            continue;
        };
        return Err(Fault::rule(format!("slots[{number}]"), rule));
    }
    Ok(())
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
    let mut used = vec![false; parts.types.len()];
    for line in &parts.lines {
        if let Some(used) = used.get_mut(line.kind as usize) {
            *used = true;
        }
    }
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
    for (number, line) in parts.lines.iter().enumerate() {
        let (field, rule) = if number > 0 && parts.lines[number - 1].pid >= line.pid {
            ("pid", "entries ascend strictly by pid".to_owned())
        } else if line.kind as usize >= parts.types.len() {
            ("type", format!("there is no type {}", line.kind))
        } else if !(1..=MAX_WEIGHT).contains(&line.weight) {
            ("weight", format!("{} is not within 1 to {MAX_WEIGHT}", line.weight))
        } else if !labels[usize::from(line.reserve)] {
            ("reserve", format!("{} is neither 0 nor a label of the reserves", line.reserve))
        } else {
            continue;
        };
        return Err(Fault::rule(format!("entries[{number}].{field}"), rule));
    }
    Ok(())
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
