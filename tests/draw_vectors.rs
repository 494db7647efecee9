//! The published vectors of the protocol: every bundle to accept with each of its intermediate
//! values, every bundle to refuse, and real rounds of the beacon.

use passage::draw::{
    self, Drawn, Fault, Frozen, Opening, VerifiedRound, merkle, round_at_or_after, time_of_round,
};
use serde_json::Value;

const ACCEPTED: [&str; 3] = [
    include_str!("vectors/nobody-waiting.json"),
    include_str!("vectors/twelve-entries.json"),
    include_str!("vectors/two-hundred-entries-drand-1000.json"),
];
const REJECTED: &str = include_str!("vectors/rejected.json");
const ROUNDS: &str = include_str!("vectors/drand-quicknet.json");

fn value(text: &str) -> Value {
    serde_json::from_str(text).expect("a vector is JSON")
}

/// The frozen list of a bundle, as it was published before the randomness.
fn list_of(mut bundle: Value) -> Value {
    let keys = bundle.as_object_mut().unwrap();
    for key in ["seed", "outcome", "outcome_hash", "derived"] {
        keys.remove(key);
    }
    let source = keys["source"].as_object_mut().unwrap();
    source.remove("signature");
    source.remove("secret");
    bundle
}

fn opening_of(bundle: &Value) -> Opening {
    let source = &bundle["source"];
    let bytes = |key: &str| hex::decode(source[key].as_str().unwrap()).unwrap();
    if source["kind"] == "drand" {
        let signature = bytes("signature").try_into().unwrap();
        let round = source["round"].as_u64().unwrap();
        Opening::Drand(VerifiedRound::verify(round, &signature).unwrap())
    } else {
        Opening::Secret(bytes("secret").try_into().unwrap())
    }
}

fn drawn(text: &str) -> Drawn {
    let bundle = value(text);
    let list = list_of(bundle.clone()).to_string();
    let frozen = Frozen::from_list_json(list.as_bytes()).unwrap();
    frozen.open(opening_of(&bundle)).unwrap()
}

#[test]
fn every_accepted_bundle_holds() {
    for text in ACCEPTED {
        let bundle = value(text);
        let verified = draw::verify(text.as_bytes()).unwrap();
        assert_eq!(verified.entries, bundle["entries"].as_array().unwrap().len());
        assert_eq!(verified.slots, bundle["slots"].as_array().unwrap().len());
        assert_eq!(verified.winners, bundle["outcome"].as_array().unwrap().len());
    }
}

#[test]
fn every_intermediate_value_is_the_published_one() {
    for text in ACCEPTED {
        let (bundle, drawn) = (value(text), drawn(text));
        let derived = &bundle["derived"];
        let digests = drawn.frozen().digests();
        for (name, hash) in [
            ("terms_hash", digests.terms),
            ("classes_hash", digests.classes),
            ("slots_root", digests.slots_root),
            ("entries_root", digests.entries_root),
            ("reserves_hash", digests.reserves),
        ] {
            assert_eq!(derived[name], hex::encode(hash), "{name}");
        }
        assert_eq!(derived["source"], hex::encode(drawn.frozen().source().bytes()));
        let tickets: Vec<String> = drawn.tickets().iter().map(hex::encode).collect();
        assert_eq!(derived["tickets"], Value::from(tickets));
        for (name, hash) in [
            ("freeze", drawn.frozen().freeze()),
            ("seed", drawn.seed()),
            ("outcome_hash", drawn.outcome_hash()),
        ] {
            assert_eq!(bundle[name], hex::encode(hash), "{name}");
        }
        assert_eq!(derived.as_object().unwrap().len(), 7, "a value that no test knows");
    }
}

#[test]
fn a_bundle_written_from_its_list_is_the_published_one() {
    for text in ACCEPTED {
        let mut published = value(text);
        published.as_object_mut().unwrap().remove("derived");
        let written = drawn(text).bundle_json();
        assert_eq!(value(&written), published);
        assert_eq!(draw::run(text.as_bytes()).unwrap(), written);
        draw::verify(written.as_bytes()).unwrap();
    }
}

#[test]
fn a_frozen_list_reads_back_to_the_same_bytes() {
    for text in ACCEPTED {
        let list = list_of(value(text));
        let frozen = Frozen::from_list_json(list.to_string().as_bytes()).unwrap();
        let written = frozen.list_json();
        assert_eq!(value(&written), list);
        assert_eq!(Frozen::from_list_json(written.as_bytes()).unwrap(), frozen);
    }
}

#[test]
fn a_frozen_list_never_holds_its_randomness() {
    for text in ACCEPTED {
        assert!(matches!(Frozen::from_list_json(text.as_bytes()), Err(Fault::Rule { .. })));
        let unopened = list_of(value(text)).to_string();
        assert!(draw::run(unopened.as_bytes()).is_err());
    }
}

#[test]
fn every_rejected_bundle_is_refused_for_its_reason() {
    // A word of the error message that shows it was refused for the right reason.
    let words = [
        "outcome[0]",
        "outcome[",
        "outcome[",
        "outcome[0]",
        "freeze does",
        "freeze does",
        "freeze does",
        "source.commitment",
        "entries ascend",
        "entries ascend",
        "slots ascend",
        "classes ascend",
        "date",
        "half-day",
        "past the last",
        "bitmap",
        "types ascend",
        "no entry has",
        "weight",
        "weight",
        "no type",
        "reserve",
        "label",
        "lower-case",
        "terms",
        "source.kind",
        "signature",
        "protocol",
    ];
    let rejected = value(REJECTED);
    let rejected = rejected.as_array().unwrap();
    assert_eq!(rejected.len(), words.len());
    for (case, word) in rejected.iter().zip(words) {
        let fault = draw::verify(case["bundle"].to_string().as_bytes()).unwrap_err().to_string();
        assert!(fault.contains(word), "{}: {fault}", case["reason"]);
    }
}

#[test]
fn real_rounds_are_believed_and_no_other() {
    let chain = value(ROUNDS);
    assert_eq!(chain["chain"], hex::encode(draw::QUICKNET_CHAIN));
    assert_eq!(chain["genesis_time"], time_of_round(1));
    for known in chain["rounds"].as_array().unwrap() {
        let round = known["round"].as_u64().unwrap();
        let signature = hex::decode(known["signature"].as_str().unwrap()).unwrap();
        let signature: [u8; 48] = signature.try_into().unwrap();
        let verified = VerifiedRound::verify(round, &signature).unwrap();
        if let Some(randomness) = known.get("randomness") {
            assert_eq!(*randomness, hex::encode(verified.randomness()));
        }
        assert_eq!(round_at_or_after(time_of_round(round)), round);
        assert!(VerifiedRound::verify(round + 1, &signature).is_err());
        for at in [0, 1, 20, 47] {
            let mut forged = signature;
            forged[at] ^= 1;
            assert!(VerifiedRound::verify(round, &forged).is_err());
        }
    }
}

#[test]
fn an_applicant_finds_their_line_and_proves_it() {
    let drawn = drawn(ACCEPTED[2]);
    let frozen = drawn.frozen();
    let leaves = frozen.entry_leaves();
    let mut tree = merkle::Tree::default();
    for leaf in &leaves {
        tree.append(*leaf);
    }
    for (number, line) in frozen.entries().iter().enumerate() {
        assert_eq!(frozen.number_of(&line.pid), Some(number));
        let proof = tree.inclusion(number, leaves.len()).unwrap();
        let (index, size) = (number as u64, leaves.len() as u64);
        let root = &frozen.digests().entries_root;
        assert!(merkle::verify_inclusion(&leaves[number], index, size, &proof, root));
    }
    assert_eq!(frozen.number_of(&[0; 16]), None);
}

#[test]
fn what_each_entry_accepts_and_who_accepts_each_class_are_counted() {
    for text in ACCEPTED {
        let drawn = drawn(text);
        let frozen = drawn.frozen();
        let chances = frozen.accepted_a_seat();
        let accepts = |entry: usize, class| frozen.accepts(entry).contains(class);
        for (entry, seats) in frozen.seats_accepted().into_iter().enumerate() {
            let mine = frozen.slots().iter().filter(|slot| accepts(entry, slot.class)).count();
            assert_eq!((seats as usize, chances[entry]), (mine, mine > 0));
        }
        for (class, people) in (0..).zip(frozen.accepted_by()) {
            let those = (0..frozen.entries().len()).filter(|entry| accepts(*entry, class)).count();
            assert_eq!(people as usize, those);
        }
    }
}
