//! The queue of the bench: a prefecture's sites and days, and availability as people give it.

use chrono::{Days, NaiveDate};
use passage::draw::{
    Accepts, Class, Classes, Half, Line, List, Reserve, Slot, Source, Terms, commitment, pid,
};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use std::collections::HashMap;

pub const SECRET: [u8; 32] = [3; 32];
const DRAW: [u8; 16] = [1; 16];
const WEIGHT_MAX: usize = 8;

/// The size of a draw.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    pub entries: usize,
    pub classes: usize,
    pub slots: usize,
}

/// Two reserves of one slot in twenty each, weights 1 to 8, everybody in one tier.
pub fn list(size: Size) -> List {
    let classes = classes(size.classes);
    let mut random = ChaCha20Rng::from_seed([7; 32]);
    let mut below = |limit: usize| random.next_u32() as usize % limit;
    // By class and start, as they come from the database.
    let mut slots: Vec<Slot> = (0..size.slots)
        .map(|n| Slot {
            class: u16::try_from(below(classes.len())).expect("few classes"),
            start: 1_799_000_000 + i64::try_from(n).expect("few slots"),
            desk: 1,
            id: id(2, n),
            minutes: 20,
        })
        .collect();
    slots.sort_by_key(|slot| slot.class);
    let days = size.classes / 4;
    let (mut kinds, mut types) = (HashMap::new(), Vec::new());
    let entries = (0..size.entries).map(|n| {
        let wish = Wish {
            refused: [Part::Nothing, Part::Mornings, Part::SecondSite, Part::Weekday(below(7))][below(4)],
            not_before: below(8) * days / 12,
            away: Some(below(4 * days)).filter(|away| *away < days),
        };
        let kind = *kinds.entry(wish).or_insert_with(|| {
            types.push(accepts(&classes, wish));
            u32::try_from(types.len() - 1).expect("few types")
        });
        Line {
            pid: pid(&DRAW, &id(3, n), &[4; 32]),
            kind,
            tier: 3,
            weight: u8::try_from(1 + below(WEIGHT_MAX)).expect("small"),
            bucket: 0,
            reserve: u8::try_from(below(12)).map_or(0, |label| if label > 2 { 0 } else { label }),
        }
    });
    let entries = entries.collect();
    let terms = Terms::new(serde_json::json!({}), serde_json::json!({ "version": 1 }), 5, None);
    let seats = u32::try_from(size.slots / 20).expect("few");
    List {
        draw: DRAW,
        terms: terms.expect("plain terms"),
        slots,
        types,
        entries,
        reserves: [1, 2].map(|label| Reserve { label, seats }).into(),
        source: Source::Commit { commitment: commitment(&DRAW, &SECRET) },
        classes,
    }
}

/// Two sites, morning and afternoon, as many days as it takes.
fn classes(count: usize) -> Classes {
    let monday = NaiveDate::from_ymd_opt(2027, 1, 4).expect("a day");
    let class = |n: usize| Class {
        date: monday + Days::new(n as u64 / 4),
        half: if (n / 2).is_multiple_of(2) { Half::Morning } else { Half::Afternoon },
        site: if n.is_multiple_of(2) { [0; 16] } else { [1; 16] },
    };
    Classes::gather((0..count).map(class)).expect("few enough classes")
}

fn id(kind: u8, n: usize) -> [u8; 16] {
    let mut id = [kind; 16];
    id[..8].copy_from_slice(&(n as u64).to_be_bytes());
    id
}

/// People's availability: without one half-day, site or weekday, only from some day on, and one person in four
/// is away for ten days.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Wish {
    refused: Part,
    not_before: usize,
    away: Option<usize>,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Part {
    Nothing,
    Mornings,
    SecondSite,
    Weekday(usize),
}

fn accepts(classes: &Classes, wish: Wish) -> Accepts {
    let mut accepts = Accepts::none(classes.len());
    let first = classes.as_slice()[0].date;
    for (number, class) in (0..).zip(classes.as_slice()) {
        let day = usize::try_from((class.date - first).num_days()).expect("the first is the first");
        let refused = match wish.refused {
            Part::Nothing => false,
            Part::Mornings => class.half == Half::Morning,
            Part::SecondSite => class.site == [1; 16],
            Part::Weekday(weekday) => day % 7 == weekday,
        };
        let away = wish.away.is_some_and(|away| (away..away + 10).contains(&day));
        if !refused && !away && day >= wish.not_before {
            accepts.add(number);
        }
    }
    accepts
}
