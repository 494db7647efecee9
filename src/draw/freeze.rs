//! The freeze and its hash: a [`List`] comes in any order; a [`Frozen`] list is sorted, numbered, checked
//! and hashed, and can no longer change.

use super::canonical::Terms;
use super::classes::Accepts;
use super::fault::Fault;
use super::hash::{Hash, Id, sha256, sha256_each};
use super::list::{CHUNK, Line, List, Parts, Reserve, Slot, Source, in_use};
use super::merkle::root_of;
use super::rules;
use super::threads::{each, each_chunk, sort};

/// Types per unit of parallel work: one type takes as long as many entries.
const TYPES_CHUNK: usize = 1 << 8;

/// No type has this number.
const NO_TYPE: u32 = u32::MAX;

impl List {
    /// Sorts, numbers, checks and hashes the list. The order in which types, entries and slots came
    /// does not matter. Errors name the first field that breaks a rule.
    pub fn freeze(self) -> Result<Frozen, Fault> {
        let (types, numbers) = ascending(self.types, &self.entries);
        let lines = by_pid(&self.entries, &numbers);
        drop(self.entries);
        let mut slots = self.slots;
        if !slots.is_sorted_by_key(Slot::key) {
            sort(&mut slots, Slot::key);
        }
        Frozen::check(Parts {
            draw: self.draw,
            terms: self.terms,
            classes: self.classes,
            slots,
            types,
            lines,
            reserves: self.reserves,
            source: self.source,
        })
    }
}

/// The types in use, ascending and without duplicates, and the new number of each given type.
fn ascending(mut types: Vec<Accepts>, lines: &[Line]) -> (Vec<Accepts>, Vec<u32>) {
    let used = in_use(types.len(), lines);
    let mut order: Vec<usize> = (0..types.len()).filter(|at| used[*at]).collect();
    sort(&mut order, |at| &types[*at]);
    let mut numbers = vec![NO_TYPE; types.len()];
    let mut ascending: Vec<Accepts> = Vec::new();
    let mut next = 0;
    for at in order {
        if ascending.last() != Some(&types[at]) {
            ascending.push(std::mem::take(&mut types[at]));
            next += 1;
        }
        numbers[at] = next - 1;
    }
    (ascending, numbers)
}

/// The lines sorted by pid, their types renumbered. An invalid type number stays invalid. The sort works on the
/// first eight bytes of each pid and the line's position: this is faster than sorting whole lines.
fn by_pid(lines: &[Line], numbers: &[u32]) -> Vec<Line> {
    let low = usize::BITS - lines.len().leading_zeros();
    let beginning = |line: &Line| u64::from_be_bytes(*line.pid.first_chunk().expect("half of a pid"));
    #[expect(clippy::cast_possible_truncation, reason = "a place among lines that are in memory")]
    let line = |key: u64| &lines[(key & ((1 << low) - 1)) as usize];
    let mut keys = each(lines.len(), CHUNK, |at| beginning(&lines[at]) >> low << low | at as u64);
    sort(&mut keys, |key| *key);
    for tied in keys.chunk_by_mut(|a, b| a >> low == b >> low) {
        tied.sort_unstable_by_key(|key| line(*key).pid);
    }
    each(lines.len(), CHUNK, |at| {
        let line = line(keys[at]);
        Line { kind: numbers.get(line.kind as usize).copied().unwrap_or(NO_TYPE), ..*line }
    })
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
        rules::check(&parts)?;
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

    /// For each entry, how many of the slots it accepts.
    pub fn seats_accepted(&self) -> Vec<u32> {
        let mut seats = vec![0_u32; self.parts.classes.len()];
        for slot in &self.parts.slots {
            seats[usize::from(slot.class)] += 1;
        }
        let of = |kind: &Accepts| {
            (0_u16..).zip(&seats).filter(|(class, _)| kind.contains(*class)).map(|(_, n)| n).sum()
        };
        let types: Vec<u32> = self.parts.types.iter().map(of).collect();
        self.parts.lines.iter().map(|line| types[line.kind as usize]).collect()
    }

    /// For each class, how many entries accept it.
    pub fn accepted_by(&self) -> Vec<u32> {
        let mut of_type = vec![0_u32; self.parts.types.len()];
        for line in &self.parts.lines {
            of_type[line.kind as usize] += 1;
        }
        let types = || self.parts.types.iter().zip(&of_type);
        let by = |class| types().filter(|(kind, _)| kind.contains(class)).map(|(_, entries)| entries).sum();
        (0_u16..).take(self.parts.classes.len()).map(by).collect()
    }

    /// For each entry, whether it accepts at least one class that has a slot.
    pub fn accepted_a_seat(&self) -> Vec<bool> {
        let mut seated = Accepts::none(self.parts.classes.len());
        for slot in &self.parts.slots {
            seated.add(slot.class);
        }
        let types: Vec<bool> = self.parts.types.iter().map(|kind| kind.meets(&seated)).collect();
        let lines = self.parts.lines.iter();
        lines.map(|line| types[line.kind as usize]).collect()
    }

    /// The digests, recomputed from the list in memory.
    pub fn rehash(&self) -> Digests {
        self.parts.digests()
    }

    /// Merkle leaf hashes of the entries, by number, for inclusion proofs under
    /// [`Digests::entries_root`].
    pub fn entry_leaves(&self) -> Vec<Hash> {
        let types = self.parts.type_hashes();
        let mut leaves = vec![[0; 32]; self.parts.lines.len()];
        each_chunk(&mut leaves, CHUNK, |first, leaves| {
            sha256_each(ENTRY_LEAF_BYTES, leaves, |at, bytes| {
                let line = &self.parts.lines[first + at];
                lay_entry(line, &types[line.kind as usize], bytes);
            });
        });
        leaves
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
            slots_root: root_of(self.slots.len(), SLOT_LEAF_BYTES, |at, bytes| {
                lay_slot(&self.slots[at], bytes);
            }),
            entries_root: root_of(self.lines.len(), ENTRY_LEAF_BYTES, |at, bytes| {
                let line = &self.lines[at];
                lay_entry(line, &types[line.kind as usize], bytes);
            }),
            reserves: sha256(&[&reserves]),
        }
    }

    fn type_hashes(&self) -> Vec<Hash> {
        let classes = self.classes.count_bytes();
        each(self.types.len(), TYPES_CHUNK, |kind| sha256(&[&[2], &classes, self.types[kind].as_bytes()]))
    }
}

/// The byte that distinguishes leaves from nodes, then the slot.
const SLOT_LEAF_BYTES: usize = 35;

fn lay_slot(slot: &Slot, bytes: &mut [u8; 64]) {
    bytes[..5].copy_from_slice(b"\0PS1\0");
    bytes[5..21].copy_from_slice(&slot.id);
    bytes[21..23].copy_from_slice(&slot.class.to_be_bytes());
    bytes[23..31].copy_from_slice(&slot.start.to_be_bytes());
    bytes[31..33].copy_from_slice(&slot.minutes.to_be_bytes());
    bytes[33..35].copy_from_slice(&slot.desk.to_be_bytes());
}

/// The same for an entry.
const ENTRY_LEAF_BYTES: usize = 60;

fn lay_entry(line: &Line, kind: &Hash, bytes: &mut [u8; 128]) {
    bytes[..5].copy_from_slice(b"\0PE1\0");
    bytes[5..21].copy_from_slice(&line.pid);
    bytes[21..53].copy_from_slice(kind);
    bytes[53] = line.tier;
    bytes[54] = line.weight;
    bytes[55..59].copy_from_slice(&line.bucket.to_be_bytes());
    bytes[59] = line.reserve;
}

fn count(what: &str, number: usize) -> Result<u32, Fault> {
    u32::try_from(number).map_err(|_| Fault::rule(what, "at most 4294967295"))
}
