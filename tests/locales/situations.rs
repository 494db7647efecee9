//! Every situation has its sentences, in both languages, and they take only what they are given.

use std::collections::BTreeSet;
use std::fs;

use passage::domain::situation::{Action, Point};
use passage::locale::Lang;

use super::ftl::{here, is_key, texts, variables};

/// The values that src/flow/told/words.rs gives to these sentences: `("name", …)`.
fn given() -> BTreeSet<String> {
    let source = fs::read_to_string(here("src/flow/told/words.rs")).unwrap();
    let (_, values) = source.split_once("fn values(").unwrap();
    let (values, _) = values.split_once("\n}\n").unwrap();
    let name = |rest: &str| rest.strip_prefix('"')?.split_once('"').map(|(name, _)| name.to_owned());
    values.split('(').filter_map(name).filter(|name| is_key(name)).collect()
}

fn keys() -> Vec<String> {
    let points = Point::ALL.iter().flat_map(|point| {
        let word = point.as_str().replace('_', "-");
        ["headline", "why"].map(|part| format!("situation-{word}-{part}"))
    });
    let actions =
        Action::ALL.iter().map(|action| format!("situation-do-{}", action.as_str().replace('_', "-")));
    points.chain(actions).collect()
}

#[test]
fn every_situation_has_its_headline_its_reason_and_its_action_and_there_are_no_others() {
    for &lang in Lang::ALL {
        let texts = texts(lang);
        let said: BTreeSet<&String> = texts.keys().filter(|key| key.starts_with("situation-")).collect();
        let wanted = keys();
        assert_eq!(said, wanted.iter().collect(), "{}", lang.code());
        let given = given();
        assert!(given.len() > 5);
        for key in wanted {
            let unknown: Vec<String> = variables(&key, &texts).difference(&given).cloned().collect();
            assert_eq!(unknown, [""; 0], "{}: {key}", lang.code());
        }
    }
}

#[test]
fn a_headline_is_one_sentence_without_its_full_stop_and_asks_for_nothing() {
    for &lang in Lang::ALL {
        let texts = texts(lang);
        let nothing = texts["situation-do-nothing"].text.trim();
        for (key, text) in texts.iter().filter(|(key, _)| key.starts_with("situation-")) {
            let text = text.text.trim();
            assert_eq!(text.ends_with('.'), !key.ends_with("-headline"), "{}: {key}", lang.code());
            // Whether there is something to do is said in one place.
            let says_nothing = text.to_lowercase().contains(&nothing.trim_end_matches('.').to_lowercase());
            assert_eq!(says_nothing, key == "situation-do-nothing", "{}: {key}", lang.code());
        }
    }
}
