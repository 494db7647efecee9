//! What anybody can do with a published list or bundle.

use serde_json::Value;

use super::place::Place;

const NOBODY: &str = include_str!("../vectors/nobody-waiting.json");
const TWELVE: &str = include_str!("../vectors/twelve-entries.json");
const DRAND: &str = include_str!("../vectors/two-hundred-entries-drand-1000.json");
const REJECTED: &str = include_str!("../vectors/rejected.json");

/// The published bundle without what `draw run` computes: a list, with its secret or signature.
fn list_of(bundle: &str) -> Value {
    let mut list: Value = serde_json::from_str(bundle).unwrap();
    for key in ["seed", "outcome", "outcome_hash", "derived"] {
        list.as_object_mut().unwrap().remove(key);
    }
    list
}

#[test]
fn a_draw_computed_again_is_the_published_one() {
    let place = Place::empty();
    for bundle in [NOBODY, TWELVE, DRAND] {
        let list = list_of(bundle);
        place.file("list.json", &list.to_string());
        let ran = place.run(&["draw", "run", "list.json"]);
        let mut published: Value = serde_json::from_str(bundle).unwrap();
        published.as_object_mut().unwrap().remove("derived");
        assert_eq!(serde_json::from_str::<Value>(ran.ended(0)).unwrap(), published);
        place.file("bundle.json", &ran.out);
        place.run(&["draw", "verify", "bundle.json"]).ended(0);
    }
}

#[test]
fn a_draw_without_its_secret_is_not_computed() {
    let place = Place::empty();
    let mut list = list_of(TWELVE);
    list["source"].as_object_mut().unwrap().remove("secret");
    place.file("closed.json", &list.to_string());
    place.run(&["draw", "run", "closed.json"]).refused(&["closed.json", "secret"]);
    let mut list = list_of(TWELVE);
    list["source"]["secret"] = "00".repeat(32).into();
    place.file("other.json", &list.to_string());
    place.run(&["draw", "run", "other.json"]).refused(&["other.json", "source.commitment"]);
    place.run(&["draw", "run", "absent.json"]).refused(&["absent.json"]);
    list["source"]["secret"] = "é".repeat(100_000).into();
    let long = place.run(&["draw", "run", &place.file("long.json", &list.to_string())]);
    long.refused(&["long.json", "secret"]);
    assert!(long.err.len() < 1_000, "the value is not quoted whole: {}", long.err.len());
}

#[test]
fn good_bundles_are_verified_with_a_line_each() {
    let place = Place::empty();
    let files = [("nobody.json", NOBODY), ("twelve.json", TWELVE), ("drand.json", DRAND)];
    let names = files.map(|(name, text)| place.file(name, text));
    let arguments: Vec<&str> =
        ["draw", "verify"].into_iter().chain(names.iter().map(String::as_str)).collect();
    assert_eq!(
        place.run(&arguments).ended(0),
        "nobody.json: verified: 0 entries, 4 slots, 0 convoked\n\
         twelve.json: verified: 12 entries, 6 slots, 6 convoked\n\
         drand.json: verified: 200 entries, 60 slots, 60 convoked\n"
    );
    let ran = place.run(&[&arguments[..], &["--json"]].concat());
    ran.ended(0);
    let said = ran.json();
    assert_eq!(said.len(), 3);
    assert_eq!(said[1]["file"], "twelve.json");
    assert_eq!((&said[1]["verified"], &said[1]["entries"]), (&true.into(), &12.into()));
}

#[test]
fn every_false_bundle_is_refused_with_the_first_thing_that_does_not_follow() {
    let place = Place::empty();
    let rejected: Vec<Value> = serde_json::from_str(REJECTED).unwrap();
    let mut arguments = vec!["draw".to_owned(), "verify".to_owned()];
    for (at, one) in rejected.iter().enumerate() {
        arguments.push(place.file(&format!("rejected-{at}.json"), &one["bundle"].to_string()));
    }
    arguments.push(place.file("good.json", TWELVE));
    arguments.push("absent.json".to_owned());
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let ran = place.run(&arguments);
    let lines: Vec<&str> = ran.ended(1).lines().collect();
    assert_eq!(lines.len(), rejected.len() + 2, "one line each: {}", ran.out);
    for (at, (line, one)) in lines.iter().zip(&rejected).enumerate() {
        let fault = line.strip_prefix(&format!("rejected-{at}.json: "));
        let said = fault.is_some_and(|fault| fault.len() > 5 && !fault.starts_with("verified"));
        assert!(said, "{}: {line}", one["reason"]);
    }
    assert!(lines[rejected.len()].starts_with("good.json: verified: "));
    assert!(lines[rejected.len() + 1].starts_with("absent.json: "));
    let ran = place.run(&[&arguments[..], &["--json"]].concat());
    ran.ended(1);
    let verified = ran.json().iter().filter(|line| line["verified"] == true).count();
    assert_eq!((ran.json().len(), verified), (rejected.len() + 2, 1));
    assert!(ran.json()[0]["fault"].is_string());
}

/// What a witness's file says of the draw of twelve, whose randomness is a commitment, and of the one whose
/// randomness is a round of the beacon.
#[test]
fn a_witness_says_whether_the_list_came_first() {
    let place = Place::empty();
    let seen = |bundle: &str, seen_at: &str, out_at: &str| {
        let bundle: Value = serde_json::from_str(bundle).unwrap();
        serde_json::json!({ "draw": bundle["draw"], "freeze": bundle["freeze"], "seen_at": seen_at,
            "out_at": out_at, "late": false, "row": "", "index": 3, "size": 9 })
    };
    let (before, after) = ("2020-01-01T10:00:00Z", "2030-01-01T10:00:00Z");
    let twelve = seen(TWELVE, before, after);
    let mut other = twelve.clone();
    other["freeze"] = "ab".repeat(32).into();
    // The record lies about the time: what counts is the round in the bundle.
    let lying = seen(DRAND, "2029-01-01T10:00:00Z", after);
    place.file("twelve.json", TWELVE);
    place.file("drand.json", DRAND);
    let files = [
        ("first.jsonl", format!("{twelve}\n{}\n", seen(DRAND, before, before))),
        ("other.jsonl", format!("{other}\n")),
        ("lying.jsonl", format!("{lying}\n")),
        ("nothing.jsonl", String::new()),
        ("late.jsonl", format!("{}\n", seen(TWELVE, after, after))),
    ];
    for (name, text) in &files {
        place.file(name, text);
    }
    let asked = |witness: &str, bundle: &str| place.run(&["draw", "verify", "--witness", witness, bundle]);
    let good = asked("first.jsonl", "twelve.json");
    assert!(good.ended(0).contains("witness first.jsonl: saw this list at 2020-01-01T10:00:00Z, before"));
    assert!(good.out.contains("on the operator's word"));
    let beacon = asked("first.jsonl", "drand.json");
    assert!(!beacon.ended(0).contains("on the operator's word"));
    for (witness, bundle, said) in [
        ("other.jsonl", "twelve.json", "ANOTHER LIST"),
        ("nothing.jsonl", "twelve.json", "never saw"),
        ("late.jsonl", "twelve.json", "only at 2030-01-01T10:00:00Z"),
        ("lying.jsonl", "drand.json", "only at 2029-01-01T10:00:00Z"),
    ] {
        let ran = asked(witness, bundle);
        assert!(ran.ended(1).contains(said), "{witness}: {}", ran.out);
    }
    asked("absent.jsonl", "twelve.json").refused(&["absent.jsonl"]);
    asked("http://127.0.0.1:1", "twelve.json").ended(1);
}
