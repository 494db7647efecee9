//! What a reader of lists and bundles must refuse: anything that another program could read
//! differently, and any change of a byte that a check covers.

use passage::draw::{
    Accepts, Class, Classes, Fault, Frozen, Half, Line, List, Opening, Reserve, Slot, Source, Terms,
    commitment, on_threads, pid, verify,
};
use proptest::prelude::*;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use serde_json::{Value, json};

const TWELVE: &str = include_str!("vectors/twelve-entries.json");

/// The bundle of twelve entries without the parts that no check covers.
fn twelve() -> String {
    let end = TWELVE.find(r#","derived""#).unwrap();
    format!("{}}}", &TWELVE[..end])
}

fn fault_after(from: &str, to: &str) -> String {
    let bundle = twelve();
    assert!(bundle.contains(from), "{from}");
    verify(bundle.replacen(from, to, 1).as_bytes()).unwrap_err().to_string()
}

#[test]
fn every_flipped_bit_of_a_bundle_is_noticed() {
    let bundle = twelve();
    verify(bundle.as_bytes()).unwrap();
    for at in 0..bundle.len() {
        for bit in 0..8 {
            let mut flipped = bundle.clone().into_bytes();
            flipped[at] ^= 1 << bit;
            assert!(verify(&flipped).is_err(), "byte {at}, bit {bit}");
        }
    }
}

#[test]
fn no_object_has_a_key_twice() {
    for (from, to) in [
        (r#""seed":"#, r#""draw":"c78917107644fc3aad7e0c6493493ae6","seed":"#),
        (r#""prefecture":"34""#, r#""prefecture":"34","prefecture":"34""#),
        (r#""zone":"#, r#""version":3,"zone":"#),
        (r#""kind":"commit""#, r#""kind":"commit","kind":"commit""#),
        (r#""seed":"#, r#""other":{"a":[{"b":1,"b":1}]},"seed":"#),
        (r#""seed":"#, r#""other":1,"other":1,"seed":"#),
        (r#""seed":"#, r#""\u0064raw":"c78917107644fc3aad7e0c6493493ae6","seed":"#),
    ] {
        let fault = fault_after(from, to);
        assert!(fault.contains("twice"), "{fault}");
    }
}

#[test]
fn other_keys_stand_at_the_top_level_only() {
    let with = |from, to| twelve().replacen(from, to, 1);
    let other = with(r#""seed":"#, r#""note":{"é":[1.5e9,null,"x"]},"seed":"#);
    verify(other.as_bytes()).unwrap();
    for (from, to, word) in [
        (r#""kind":"commit""#, r#""kind":"commit","round":1"#, "source.round"),
        (r#""previous":null"#, r#""previous":null,"note":1"#, "terms"),
    ] {
        let fault = fault_after(from, to);
        assert!(fault.starts_with(word), "{fault}");
    }
}

#[test]
fn every_key_must_be_there() {
    let whole: Value = serde_json::from_str(&twelve()).unwrap();
    for key in whole.as_object().unwrap().keys() {
        let mut without = whole.clone();
        without.as_object_mut().unwrap().remove(key);
        let fault = verify(without.to_string().as_bytes()).unwrap_err();
        assert_eq!(fault.to_string(), format!("{key}: the key is missing"));
        without[key] = Value::Null;
        assert!(verify(without.to_string().as_bytes()).is_err());
    }
}

#[test]
fn integers_are_written_as_integers_within_their_range() {
    for (from, to) in [
        (",4,2,2,20419,0]", ",4,2,2.0,20419,0]"),
        (",4,2,2,20419,0]", ",4,2,2,2.0419e4,0]"),
        (",4,2,2,20419,0]", r#",4,2,"2",20419,0]"#),
        (",4,2,2,20419,0]", ",4,256,2,20419,0]"),
        (",4,2,2,20419,0]", ",4,-2,2,20419,0]"),
        (",4,2,2,20419,0]", ",4,2,2,4294967296,0]"),
        (",4,2,2,20419,0]", ",4,2,2,20419]"),
        (",4,2,2,20419,0]", ",4,2,2,20419,0,0]"),
        (",2,1799153100,20,3]", ",2,1799153100,65536,3]"),
        (",2,1799153100,20,3]", ",5,1799153100,20,3]"),
        (",2,1799153100,20,3]", ",2,99999999999999999999,20,3]"),
        (",20270104,0]", ",020270104,0]"),
        (r#""reserves":[[1,1]"#, r#""reserves":[[0,1]"#),
        (r#""freeze_at":1798700400"#, r#""freeze_at":1798700400.0"#),
        (r#""version":3"#, r#""version":-0"#),
        (r#""version":3"#, r#""version":9007199254740992"#),
        (r#""version":3"#, r#""version":3e0"#),
    ] {
        fault_after(from, to);
    }
}

#[test]
fn text_that_readers_disagree_about_is_refused() {
    fault_after(r#""zone":"Europe/Paris""#, r#""zone":"\ud800""#);
    fault_after(r#""zone":"Europe/Paris""#, r#""zone":"\udc00\ud800""#);
    fault_after(r#""seed":"#, r#""note":"\ud800","seed":"#);
    fault_after(r#""zone":"Europe/Paris""#, r#""zoné":"Europe/Paris""#);
    fault_after("{\"protocol", "\u{feff}{\"protocol");
    assert!(verify(format!("{} x", twelve()).as_bytes()).is_err());
    assert!(verify(b"").is_err());
    assert!(verify(b"[]").is_err());
    assert!(verify("[".repeat(100_000).as_bytes()).is_err());
    let mut bytes = twelve().into_bytes();
    let at = twelve().find("Paris").unwrap();
    bytes[at] = 0xff;
    assert!(verify(&bytes).is_err());
}

#[test]
fn escapes_and_spaces_that_mean_the_same_change_nothing() {
    let spaced: Value = serde_json::from_str(&twelve()).unwrap();
    verify(serde_json::to_string_pretty(&spaced).unwrap().as_bytes()).unwrap();
    let escaped =
        twelve().replace("Préfecture", r"Pr\u00e9fecture").replace("Europe/Paris", r"Europe\/Paris");
    verify(escaped.as_bytes()).unwrap();
}

#[test]
fn a_fault_names_the_row_and_the_field() {
    let fault = fault_after(",4,2,2,20419,0]", ",4,2,33,20419,0]");
    assert_eq!(fault, "entries[0].weight: 33 is not within 1 to 32");
    let fault = fault_after(",4,2,4,20405,0]", ",4,2,4,20405,7000]");
    assert!(fault.contains("entries: row 1: "), "{fault}");
    let fault = fault_after("[[10,2],[9,0]", "[[10,0],[9,2]");
    let wanted = "outcome[0] does not follow: the bundle says entry 10 gets slot 0, \
                  the rest of it gives entry 10 gets slot 2";
    assert_eq!(fault, wanted);
}

/// A list made of random choices.
fn random_list(seed: [u8; 32]) -> List {
    let mut rng = ChaCha20Rng::from_seed(seed);
    let mut below = |bound: u32| rng.next_u32() % bound;
    let monday = chrono::NaiveDate::from_ymd_opt(2027, 1, 4).unwrap();
    let classes = Classes::gather((0..below(20)).map(|_| Class {
        date: monday + chrono::Days::new(below(5).into()),
        half: if below(2) == 0 { Half::Morning } else { Half::Afternoon },
        site: [u8::try_from(below(3)).unwrap(); 16],
    }))
    .unwrap();
    let count = u32::try_from(classes.len()).unwrap();
    let mut id = |tag: u32| {
        let mut id = [0; 16];
        id[..4].copy_from_slice(&below(u32::MAX).to_le_bytes());
        id[12..].copy_from_slice(&tag.to_be_bytes());
        id
    };
    let ids: Vec<[u8; 16]> = (0..80).map(&mut id).collect();
    let slots = ids[..40].iter().filter(|_| count > 0).map(|id| Slot {
        class: u16::try_from(below(count)).unwrap(),
        start: i64::from(below(3)) - 1,
        desk: u16::try_from(below(2)).unwrap(),
        id: *id,
        minutes: 20,
    });
    let slots: Vec<Slot> = slots.collect();
    let mut types = Vec::new();
    let entries = (0..).zip(&ids[40..]).map(|(kind, id)| {
        let mut accepts = Accepts::none(classes.len());
        for class in 0..u16::try_from(count).unwrap() {
            if below(3) == 0 {
                accepts.add(class);
            }
        }
        types.push(accepts);
        Line {
            pid: pid(&[1; 16], id, &[2; 32]),
            kind,
            tier: u8::try_from(below(4)).unwrap(),
            weight: u8::try_from(1 + below(32)).unwrap(),
            bucket: below(3),
            reserve: u8::try_from(below(3)).unwrap(),
        }
    });
    List {
        draw: [1; 16],
        terms: Terms::new(json!({"name": "Démonstration"}), json!({}), 1, Some([9; 16])).unwrap(),
        entries: entries.collect(),
        types,
        classes,
        slots,
        reserves: vec![Reserve { label: 2, seats: 3 }, Reserve { label: 1, seats: 0 }],
        source: Source::Commit { commitment: commitment(&[1; 16], &[3; 32]) },
    }
}

fn shuffle<T>(items: &mut [T], rng: &mut ChaCha20Rng) {
    for last in (1..items.len()).rev() {
        items.swap(last, rng.next_u32() as usize % (last + 1));
    }
}

/// Writes every type twice, each entry at one of the two, and lets one type belong to nobody.
fn move_types(list: &mut List, rng: &mut ChaCha20Rng) {
    let count = u32::try_from(list.types.len()).unwrap();
    list.types.extend(list.types.clone());
    list.types.reverse();
    list.types.push(Accepts::none(list.classes.len()));
    for line in &mut list.entries {
        line.kind = 2 * count - 1 - line.kind - count * (rng.next_u32() % 2);
    }
}

proptest! {
    #[test]
    fn the_order_in_which_a_list_was_gathered_changes_no_byte(seed: [u8; 32]) {
        let list = random_list(seed);
        let mut shuffled = list.clone();
        let mut rng = ChaCha20Rng::from_seed(seed);
        shuffle(&mut shuffled.entries, &mut rng);
        shuffle(&mut shuffled.slots, &mut rng);
        move_types(&mut shuffled, &mut rng);
        let drawn = list.freeze().unwrap().open(Opening::Secret([3; 32])).unwrap();
        let again = shuffled.freeze().unwrap().open(Opening::Secret([3; 32])).unwrap();
        let bundle = drawn.bundle_json();
        prop_assert_eq!(&again.bundle_json(), &bundle);
        prop_assert_eq!(verify(bundle.as_bytes()).unwrap().winners, drawn.outcome().len());
        let list = drawn.frozen().list_json();
        prop_assert_eq!(&Frozen::from_list_json(list.as_bytes()).unwrap(), drawn.frozen());
    }
}

/// A list long enough for every step to run in parallel.
fn long_list() -> List {
    let mut list = random_list([2; 32]);
    let lines = list.entries.clone();
    let more = lines
        .iter()
        .cycle()
        .zip(0_u32..17_000)
        .map(|(line, n)| Line { pid: pid(&[1; 16], &u128::from(n).to_be_bytes(), &[5; 32]), ..*line });
    list.entries = more.collect();
    let slots = list.slots.clone();
    let more = slots
        .iter()
        .cycle()
        .zip(0_u32..5_000)
        .map(|(slot, n)| Slot { id: u128::from(n).to_be_bytes(), ..*slot });
    list.slots = more.collect();
    list
}

#[test]
fn the_number_of_threads_changes_no_byte_of_a_draw() {
    let list = long_list();
    let bundle = |threads| {
        on_threads(threads, || {
            let frozen = list.clone().freeze().unwrap();
            let bundle = frozen.open(Opening::Secret([3; 32])).unwrap().bundle_json();
            verify(bundle.as_bytes()).unwrap();
            bundle
        })
    };
    let alone = bundle(1);
    for threads in [2, 5] {
        assert!(bundle(threads) == alone, "{threads} threads");
    }
}

type Spoil = fn(&mut List);

#[test]
fn a_list_that_breaks_a_rule_is_not_frozen() {
    let faults: [(&str, Spoil); 8] = [
        ("entries ascend", |list| {
            list.entries[1].pid = list.entries[0].pid;
        }),
        ("weight", |list| list.entries[3].weight = 0),
        ("reserve", |list| list.entries[3].reserve = 9),
        ("bitmap", |list| {
            list.types[3] = Accepts::none(900);
        }),
        ("twice", |list| list.slots[1].id = list.slots[0].id),
        ("not one of", |list| list.slots[1].class = 4096),
        ("label", |list| list.reserves[1].label = 2),
        ("chain", |list| list.source = Source::Drand { chain: [0; 32], round: 5 }),
    ];
    for (word, spoil) in faults {
        let mut list = random_list([1; 32]);
        list.clone().freeze().unwrap();
        spoil(&mut list);
        let fault = list.freeze().unwrap_err().to_string();
        assert!(fault.contains(word), "{fault}");
    }
}

#[test]
fn slot_ids_of_the_same_halves_are_not_the_same() {
    let mut list = random_list([1; 32]);
    let id = u128::from_be_bytes(list.slots[0].id);
    list.slots[1].id = id.rotate_left(64).to_be_bytes();
    list.clone().freeze().unwrap();
    list.slots[2].id = list.slots[0].id;
    assert!(list.freeze().unwrap_err().to_string().contains("twice"));
}

#[test]
fn pids_of_the_same_beginning_ascend_by_what_follows() {
    let mut list = long_list();
    for (line, n) in list.entries.iter_mut().zip((0..17_000_u128).rev()) {
        line.pid = ((n / 5_000) << 96 | (n / 1_000) << 66 | n).to_be_bytes();
    }
    let pids = |list: &List| list.entries.iter().map(|line| line.pid).collect::<Vec<_>>();
    let mut wanted = pids(&list);
    wanted.sort_unstable();
    let frozen = list.clone().freeze().unwrap();
    assert!(frozen.entries().iter().map(|line| line.pid).eq(wanted));
    list.entries[16_999].pid = list.entries[0].pid;
    assert!(list.freeze().unwrap_err().to_string().contains("ascend strictly by pid"));
}

#[test]
fn a_list_opens_only_with_what_it_announced() {
    let frozen = random_list([1; 32]).freeze().unwrap();
    let fault = frozen.clone().open(Opening::Secret([4; 32])).unwrap_err();
    assert!(matches!(fault, Fault::Differs { .. }));
    let mut list = random_list([1; 32]);
    list.source = Source::quicknet(1000);
    assert!(list.freeze().unwrap().open(Opening::Secret([3; 32])).is_err());
}

#[test]
fn more_than_4096_classes_are_refused() {
    let monday = chrono::NaiveDate::from_ymd_opt(2027, 1, 4).unwrap();
    let class =
        |day: u64| Class { date: monday + chrono::Days::new(day), half: Half::Morning, site: [0; 16] };
    assert_eq!(Classes::gather((0..4096).map(class)).unwrap().len(), 4096);
    assert!(Classes::gather((0..4097).map(class)).is_err());
}
