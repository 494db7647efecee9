//! The public JSON of a frozen list and of a whole bundle, parsed as strictly as an independent verifier
//! would.

use std::collections::HashSet;
use std::fmt;

use chrono::NaiveDate;
use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;

use super::PROTOCOL;
use super::beacon::VerifiedRound;
use super::canonical::Terms;
use super::classes::{Accepts, Class, Classes, Half};
use super::fault::{Fault, same};
use super::freeze::Frozen;
use super::hash::Hash;
use super::json::{Hex, HexBytes, Rows, Strict, hex_array};
use super::list::{Line, Parts, Reserve, Slot, Source};
use super::outcome::Opening;

type ClassRow = (Hex<16>, u32, u8);
type SlotRow = (Hex<16>, u16, i64, u16, u16);
type EntryRow = (Hex<16>, u32, u8, u8, u32, u8);

/// The keys of a list or bundle, as found in the JSON.
#[derive(Default)]
struct Keys {
    protocol: Option<String>,
    draw: Option<Hex<16>>,
    terms: Option<Value>,
    classes: Option<Vec<ClassRow>>,
    slots: Option<Vec<SlotRow>>,
    types: Option<Vec<HexBytes>>,
    entries: Option<Vec<EntryRow>>,
    reserves: Option<Vec<(u8, u32)>>,
    source: Option<Value>,
    freeze: Option<Hex<32>>,
    seed: Option<Hex<32>>,
    outcome: Option<Vec<(u32, u32)>>,
    outcome_hash: Option<Hex<32>>,
}

impl<'de> Deserialize<'de> for Keys {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Keys;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Keys, A::Error> {
                let mut keys = Keys::default();
                let mut seen = HashSet::new();
                while let Some(key) = map.next_key::<String>()? {
                    let read = keys.read(&key, &mut map);
                    read.map_err(|e| de::Error::custom(format_args!("{key}: {e}")))?;
                    if let Some(twice) = seen.replace(key) {
                        return Err(de::Error::custom(format_args!("the key {twice:?} stands twice")));
                    }
                }
                Ok(keys)
            }
        }
        deserializer.deserialize_map(Object)
    }
}

impl Keys {
    fn read<'de, A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        fn rows<'de, T: Deserialize<'de>, A: MapAccess<'de>>(
            map: &mut A,
        ) -> Result<Option<Vec<T>>, A::Error> {
            let Rows(rows) = map.next_value()?;
            Ok(Some(rows))
        }
        match key {
            "protocol" => self.protocol = Some(map.next_value()?),
            "draw" => self.draw = Some(map.next_value()?),
            "terms" => self.terms = Some(map.next_value::<Strict>()?.0),
            "classes" => self.classes = rows(map)?,
            "slots" => self.slots = rows(map)?,
            "types" => self.types = rows(map)?,
            "entries" => self.entries = rows(map)?,
            "reserves" => self.reserves = rows(map)?,
            "source" => self.source = Some(map.next_value::<Strict>()?.0),
            "freeze" => self.freeze = Some(map.next_value()?),
            "seed" => self.seed = Some(map.next_value()?),
            "outcome" => self.outcome = rows(map)?,
            "outcome_hash" => self.outcome_hash = Some(map.next_value()?),
            _ => drop(map.next_value::<Strict>()?),
        }
        Ok(())
    }
}

/// What a whole bundle says beyond its list.
pub(super) struct Stated {
    pub seed: Hash,
    pub outcome: Vec<(u32, u32)>,
    pub outcome_hash: Hash,
}

/// Reads a list whose source may be opened, and the rest of the bundle if it is there.
///
/// Checks the freeze hash, but nothing after it.
pub(super) struct Read {
    pub frozen: Frozen,
    pub opening: Option<Opening>,
    keys: Keys,
}

impl Read {
    pub(super) fn from_json(json: &[u8]) -> Result<Self, Fault> {
        let text = std::str::from_utf8(json).map_err(|e| Fault::Json(e.to_string()))?;
        let mut keys: Keys = serde_json::from_str(text).map_err(|e| Fault::Json(e.to_string()))?;
        let protocol = taken(&mut keys.protocol, "protocol")?;
        if protocol != PROTOCOL {
            let rule = format!("must be {PROTOCOL:?}, not {protocol:?}");
            return Err(Fault::rule("protocol", rule));
        }
        let (source, opening) = source(&taken(&mut keys.source, "source")?)?;
        let stated = taken(&mut keys.freeze, "freeze")?.0;
        let frozen = Frozen::check(keys.parts(source)?)?;
        same("freeze", &stated, frozen.freeze())?;
        let opening = opening.map(|opening| opening.check(&source)).transpose()?;
        Ok(Self { frozen, opening, keys })
    }

    /// What a whole bundle must also say.
    pub(super) fn stated(&mut self) -> Result<Stated, Fault> {
        Ok(Stated {
            seed: taken(&mut self.keys.seed, "seed")?.0,
            outcome: taken(&mut self.keys.outcome, "outcome")?,
            outcome_hash: taken(&mut self.keys.outcome_hash, "outcome_hash")?.0,
        })
    }
}

fn taken<T>(value: &mut Option<T>, key: &str) -> Result<T, Fault> {
    value.take().ok_or_else(|| Fault::missing(key))
}

impl Keys {
    /// Takes out the parts of the list.
    fn parts(&mut self, source: Source) -> Result<Parts, Fault> {
        let classes = taken(&mut self.classes, "classes")?.into_iter().enumerate();
        let classes: Result<Vec<Class>, Fault> = classes.map(class).collect();
        let slots = taken(&mut self.slots, "slots")?.into_iter();
        let types = taken(&mut self.types, "types")?.into_iter();
        let entries = taken(&mut self.entries, "entries")?.into_iter();
        let reserves = taken(&mut self.reserves, "reserves")?.into_iter();
        Ok(Parts {
            draw: taken(&mut self.draw, "draw")?.0,
            terms: Terms::from_value(taken(&mut self.terms, "terms")?)?,
            classes: Classes::in_order(classes?)?,
            slots: slots.map(slot).collect(),
            types: types.map(|HexBytes(bytes)| Accepts::from_bytes(bytes)).collect(),
            lines: entries.map(line).collect(),
            reserves: reserves.map(|(label, seats)| Reserve { label, seats }).collect(),
            source,
        })
    }
}

fn class((number, (Hex(site), date, half)): (usize, ClassRow)) -> Result<Class, Fault> {
    let refuse = |rule: String| Fault::rule(format!("classes[{number}]"), rule);
    let date: Option<NaiveDate> = Class::date_from_number(date);
    Ok(Class {
        date: date.ok_or_else(|| refuse("the date is not a real one, as yyyymmdd".to_owned()))?,
        half: Half::from_number(half).ok_or_else(|| refuse(format!("the half-day is 0 or 1, not {half}")))?,
        site,
    })
}

fn slot((Hex(id), class, start, minutes, desk): SlotRow) -> Slot {
    Slot { class, start, desk, id, minutes }
}

fn line((Hex(pid), kind, tier, weight, bucket, reserve): EntryRow) -> Line {
    Line { pid, kind, tier, weight, bucket, reserve }
}

/// What a source holds once the randomness is known, not yet checked.
enum Claim {
    Signature([u8; 48]),
    Secret([u8; 32]),
}

impl Claim {
    fn check(self, source: &Source) -> Result<Opening, Fault> {
        Ok(match (self, source) {
            (Self::Signature(signature), Source::Drand { round, .. }) => {
                Opening::Drand(VerifiedRound::verify(*round, &signature)?)
            }
            (Self::Secret(secret), _) => Opening::Secret(secret),
            (Self::Signature(_), Source::Commit { .. }) => {
                return Err(Fault::rule("source", "a commitment has no signature"));
            }
        })
    }
}

fn source(value: &Value) -> Result<(Source, Option<Claim>), Fault> {
    let kind = value.get("kind").and_then(Value::as_str);
    let (keys, opened_by): (&[&str], _) = match kind {
        Some("drand") => (&["kind", "chain", "round"], "signature"),
        Some("commit") => (&["kind", "commitment"], "secret"),
        _ => {
            return Err(Fault::rule("source.kind", "must be \"drand\" or \"commit\""));
        }
    };
    let found = value.as_object().into_iter().flat_map(|map| map.keys());
    if let Some(other) = found.into_iter().find(|key| !keys.contains(&key.as_str()) && *key != opened_by) {
        return Err(Fault::rule(format!("source.{other}"), "this key does not belong here"));
    }
    let (source, claim) = if kind == Some("drand") {
        let round = value.get("round").and_then(Value::as_u64);
        let source = Source::Drand {
            chain: hex_field(value, "chain")?,
            round: round.ok_or_else(|| Fault::rule("source.round", "must be an integer from 1"))?,
        };
        let claim = value.get(opened_by).map(|_| hex_field(value, opened_by).map(Claim::Signature));
        (source, claim)
    } else {
        let commitment = hex_field(value, "commitment")?;
        let claim = value.get(opened_by).map(|_| hex_field(value, opened_by).map(Claim::Secret));
        (Source::Commit { commitment }, claim)
    };
    Ok((source, claim.transpose()?))
}

fn hex_field<const N: usize>(source: &Value, key: &str) -> Result<[u8; N], Fault> {
    let bytes = source.get(key).and_then(Value::as_str).and_then(hex_array);
    let rule = || Fault::rule(format!("source.{key}"), format!("must be {N} bytes in lower-case hex"));
    bytes.ok_or_else(rule)
}

impl Frozen {
    /// Reads a frozen list and checks its freeze.
    ///
    /// Errors name the first fault. A `signature` or `secret` in the source is refused, because they are not
    /// known when a list is frozen.
    ///
    /// ```
    /// use passage::draw::Frozen;
    /// let fault = Frozen::from_list_json(b"{}").unwrap_err();
    /// assert_eq!(fault.to_string(), "protocol: the key is missing");
    /// ```
    pub fn from_list_json(json: &[u8]) -> Result<Self, Fault> {
        let read = Read::from_json(json)?;
        if read.opening.is_some() {
            let rule = "a frozen list cannot hold its randomness; this is a bundle";
            return Err(Fault::rule("source", rule));
        }
        Ok(read.frozen)
    }
}

/// Runs a draw from a frozen list to whose source the `signature` or the `secret` was added,
/// and returns the whole bundle. A seed and an outcome that are already there are ignored.
///
/// Errors as [`Frozen::from_list_json`] and [`Frozen::open`], and when the source is not opened.
pub fn run(opened_list_json: &[u8]) -> Result<String, Fault> {
    let read = Read::from_json(opened_list_json)?;
    let opening = read.opening.ok_or_else(|| unopened(read.frozen.source()))?;
    Ok(read.frozen.open(opening)?.bundle_json())
}

/// The fault of a list whose randomness is missing.
pub(super) fn unopened(source: &Source) -> Fault {
    match source {
        Source::Drand { .. } => Fault::missing("source.signature"),
        Source::Commit { .. } => Fault::missing("source.secret"),
    }
}
