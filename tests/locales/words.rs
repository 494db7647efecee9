//! The closed vocabularies of the domain: whatever word of theirs a page asks for has its sentence.

use passage::domain::actor::Channel;
use passage::domain::draw_state::DrawState;
use passage::domain::entry::{CloseReason, ConvocationState, EntryState};
use passage::domain::notice::{NoticeKind, NoticeState, Way};
use passage::domain::rules::{Mode, Scope};
use passage::domain::tick::Tick;
use passage::locale::Lang;

use super::ftl::texts;

/// The keys that pages compose: what stands before and after the words of a vocabulary.
fn composed() -> Vec<String> {
    macro_rules! keys {
        ($($vocabulary:ident: $($key:literal),+;)+) => {
            [$($($vocabulary::ALL.iter().map(|word| $key.replace("{}", &word.key())).collect::<Vec<_>>()),+),+].concat()
        };
    }
    keys! {
        EntryState: "state-{}-title", "staff-entry-{}";
        CloseReason: "state-closed-{}", "staff-close-{}";
        ConvocationState: "staff-convocation-{}";
        NoticeKind: "notice-kind-{}", "staff-notice-{}", "sms-{}", "letter-{}", "subject-{}";
        NoticeState: "notice-state-{}", "staff-notice-state-{}";
        Way: "notice-way-{}", "staff-way-{}";
        DrawState: "draw-state-{}", "staff-draw-state-{}";
        Mode: "mode-{}", "rule-mode-{}";
        Scope: "rule-scope-{}", "manage-rules-scope-{}";
        Channel: "staff-channel-{}", "watch-channel-{}";
        Tick: "staff-ticked-{}", "staff-ticked-{}-final", "staff-tick-word-{}";
    }
}

#[test]
fn every_word_of_a_vocabulary_has_its_sentence() {
    let composed = composed();
    assert!(composed.contains(&"state-closed-late-cancel".to_owned()), "{composed:?}");
    for &lang in Lang::ALL {
        let texts = texts(lang);
        let missing: Vec<&String> = composed.iter().filter(|key| !texts.contains_key(*key)).collect();
        assert_eq!(missing, [""; 0], "{}", lang.code());
    }
}

#[test]
fn the_verifier_names_the_links_and_labels_by_which_a_code_is_found() {
    for &lang in Lang::ALL {
        let file = super::here("locales").join(lang.code()).join("verifier.json");
        let file = std::fs::read_to_string(file).unwrap();
        let strings: serde_json::Value = serde_json::from_str(&file).unwrap();
        let hint = strings["pid-hint"].as_str().unwrap();
        let texts = texts(lang);
        for key in ["proof-action", "proof-pid"] {
            assert!(hint.contains(&texts[key]), "{}: {} is not in {hint}", lang.code(), texts[key]);
        }
    }
}
