//! Notices: an SMS fits in one message and reveals nothing private on a shared phone; a letter says everything
//! that a person without a computer needs.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use fluent_templates::fluent_bundle::FluentValue;
use passage::domain::notice::{NoticeKind, NoticeState, Way};
use passage::domain::sms_text::{Encoding, fit, fold_to_gsm7, measure};
use passage::locale::Lang;

use super::ftl::{here, is_key, texts, variables};

/// The values that src/flow/texts.rs gives to every notice: `("name", …)`.
fn given() -> BTreeSet<String> {
    let source = fs::read_to_string(here("src/flow/texts.rs")).unwrap();
    let name = |rest: &str| {
        let (name, after) = rest.trim_start().strip_prefix('"')?.split_once('"')?;
        (is_key(name) && after.starts_with(',')).then(|| name.to_owned())
    };
    source.split('(').filter_map(name).collect()
}

fn key(prefix: &str, kind: NoticeKind) -> String {
    key_of(prefix, kind.as_str())
}

fn key_of(prefix: &str, word: &str) -> String {
    format!("{prefix}-{}", word.replace('_', "-"))
}

/// Those of which every notice belongs to a convocation, live or ended.
fn is_about_an_appointment(kind: NoticeKind) -> bool {
    matches!(
        kind,
        NoticeKind::Convocation
            | NoticeKind::Reissued
            | NoticeKind::Reminder
            | NoticeKind::Cancellation
            | NoticeKind::Missed
            | NoticeKind::Incomplete
            | NoticeKind::Apology
    )
}

/// How an entry may stand when a notice is written: `$outcome` of src/flow/texts.rs.
const OUTCOMES: [&str; 5] = ["waiting", "first", "convoked", "closed", "other"];

/// Values as long as they come.
fn long_values(lang: Lang) -> BTreeMap<&'static str, &'static str> {
    BTreeMap::from([
        ("name", "Usager Démo 0042"),
        ("reference", "K7M4-2QXN-T"),
        ("prefecture", "Préfecture d'Exemple-et-Démonstration"),
        ("queue", "Renouvellement d'un titre de séjour"),
        ("date", "30/12/2027"),
        ("time", if lang == Lang::Fr { "11 h 30" } else { "11:30" }),
        ("site", "Sous-préfecture de Saint-Germain-en-Laye"),
        ("new-date", if lang == Lang::Fr { "lundi 11 janvier 2027" } else { "Monday 11 January 2027" }),
        ("new-time", if lang == Lang::Fr { "9 h 20" } else { "09:20" }),
        ("new-site", "Centre d'accueil"),
        ("address", "1 rue Panier, 78100 Saint-Germain-en-Laye"),
        ("desk", "12"),
        ("next", "mercredi 30 décembre 2027 à 18 h 30"),
        ("help", "venez au point d'accueil numérique, ou appelez le 01 99 00 00 00."),
        ("url", "https://passage.prefecture-exemple.fr/s"),
        ("effect", "30/12/2027"),
        ("registered", "mercredi 23 septembre 2026 à 11 h 30"),
    ])
}

fn said(lang: Lang, key: &str) -> String {
    said_when(lang, key, "other")
}

fn said_when(lang: Lang, key: &str, outcome: &'static str) -> String {
    said_of(lang, key, outcome, "other")
}

fn said_of(lang: Lang, key: &str, outcome: &'static str, penalty: &'static str) -> String {
    let mut values = long_values(lang);
    values.insert("penalty-state", penalty);
    values.insert("outcome", outcome);
    for name in given() {
        // The other values from texts.rs are words or dates.
        let name: &'static str = name.leak();
        values.entry(name).or_insert("mercredi 30 décembre 2027");
    }
    lang.with(key, values.into_iter().map(|(name, value)| (name, FluentValue::from(value))))
}

#[test]
fn every_notice_has_its_sms_its_letter_and_its_subject() {
    for &lang in Lang::ALL {
        let texts = texts(lang);
        for kind in NoticeKind::ALL {
            for prefix in ["sms", "letter", "subject"] {
                assert!(texts.contains_key(&key(prefix, *kind)), "{}: {}", lang.code(), key(prefix, *kind));
            }
        }
    }
}

#[test]
fn what_has_become_of_a_notice_has_a_word_by_every_way_and_no_gateway_takes_a_letter() {
    for &lang in Lang::ALL {
        let texts = texts(lang);
        for (way, state) in
            Way::ALL.iter().flat_map(|way| NoticeState::ALL.iter().map(move |state| (way, state)))
        {
            for key in [false, true].map(|is_posted| key_of("notice-state", state.shown_as(*way, is_posted)))
            {
                for key in [format!("staff-{key}"), key] {
                    assert!(texts.contains_key(&key), "{}: {key}", lang.code());
                }
            }
        }
    }
    let letter = |is_posted| {
        Lang::Fr.text(&key_of("notice-state", NoticeState::Accepted.shown_as(Way::Letter, is_posted)))
    };
    assert_eq!((letter(false).as_str(), letter(true).as_str()), ("remis", "posté"));
}

#[test]
fn notices_take_only_the_values_they_are_given() {
    let given = given();
    for &lang in Lang::ALL {
        let texts = texts(lang);
        for key in
            texts.keys().filter(|key| ["sms-", "letter-", "subject-"].iter().any(|p| key.starts_with(p)))
        {
            let unknown: Vec<String> = variables(key, &texts).difference(&given).cloned().collect();
            assert_eq!(unknown, [""; 0], "{}: {key} takes what src/flow/texts.rs does not give", lang.code());
        }
    }
}

#[test]
fn only_what_is_about_an_appointment_speaks_of_date_and_place() {
    // Another notice may belong to no convocation, and its date would be empty.
    for &lang in Lang::ALL {
        let texts = texts(lang);
        for kind in NoticeKind::ALL.iter().filter(|kind| !is_about_an_appointment(**kind)) {
            for prefix in ["sms", "letter", "subject"] {
                let key = key(prefix, *kind);
                for value in ["date", "time", "site", "address", "desk", "new-date", "new-time", "new-site"] {
                    assert!(!variables(&key, &texts).contains(value), "{}: {key} takes {value}", lang.code());
                }
            }
        }
    }
}

/// How an SMS of this language travels, and in how many messages at most: a language that the alphabet
/// of GSM cannot write has 70 characters in the first, and 67 in each of several.
fn most(lang: Lang) -> (Encoding, usize) {
    let in_gsm7 = fold_to_gsm7(lang.name()).is_some();
    if in_gsm7 { (Encoding::Gsm7, 1) } else { (Encoding::Ucs2, 3) }
}

#[test]
fn what_is_about_an_appointment_says_which_one_however_the_entry_stands() {
    for &lang in Lang::ALL {
        let values = long_values(lang);
        for kind in NoticeKind::ALL.iter().filter(|kind| is_about_an_appointment(**kind)) {
            for outcome in OUTCOMES {
                let letter = said_when(lang, &key("letter", *kind), outcome);
                for value in ["date", "time", "site"] {
                    assert!(letter.contains(values[value]), "{} {kind} {outcome}: {letter}", lang.code());
                }
                let sms = said_when(lang, &key("sms", *kind), outcome);
                for value in ["date", "time"] {
                    assert!(sms.contains(values[value]), "{} {kind} {outcome}: {sms}", lang.code());
                }
            }
        }
    }
}

#[test]
fn what_ended_an_appointment_says_that_a_new_one_stands() {
    for &lang in Lang::ALL {
        let values = long_values(lang);
        for kind in
            [NoticeKind::Apology, NoticeKind::Cancellation, NoticeKind::Missed, NoticeKind::Incomplete]
        {
            let letter = said_when(lang, &key("letter", kind), "convoked");
            for value in ["new-date", "new-time", "new-site"] {
                assert!(letter.contains(values[value]), "{} {kind}: {letter}", lang.code());
            }
            let without = said_when(lang, &key("letter", kind), "waiting");
            assert!(!without.contains(values["new-date"]), "{} {kind}: {without}", lang.code());
        }
        let sms = said_when(lang, "sms-apology", "convoked");
        let stands = if lang == Lang::Fr { "Le nouveau reste valable" } else { "Your new one stands" };
        assert!(sms.contains(stands), "{sms}");
    }
}

#[test]
fn every_sms_fits_one_message_in_the_alphabet_of_gsm_or_three_outside_it() {
    for &lang in Lang::ALL {
        let (encoding, segments) = most(lang);
        for (kind, outcome) in NoticeKind::ALL.iter().flat_map(|kind| OUTCOMES.map(|outcome| (kind, outcome)))
        {
            for penalty in ["none", "announced"] {
                let text = fit(&said_of(lang, &key("sms", *kind), outcome, penalty));
                let size = measure(&text);
                assert_eq!(size.encoding, encoding, "{text}");
                assert!(size.segments <= segments, "{} units: {text}", size.units);
            }
        }
    }
}

#[test]
fn an_sms_is_as_short_even_if_the_place_is_spelt_outside_the_alphabet_of_gsm() {
    for &lang in Lang::ALL {
        let mut values = long_values(lang);
        values.insert("site", "Maison de l’État, Châtillon-sur-Chalaronne");
        for kind in NoticeKind::ALL {
            let values = values.iter().map(|(name, value)| (*name, FluentValue::from(*value)));
            let text = fit(&lang.with(&key("sms", *kind), values));
            assert!(measure(&text).segments <= most(lang).1, "{text}");
        }
    }
}

#[test]
fn an_sms_names_no_person_no_procedure_and_no_document() {
    // Phones are shared.
    for &lang in Lang::ALL {
        let texts = texts(lang);
        for kind in NoticeKind::ALL {
            let key = key("sms", *kind);
            for value in ["name", "queue", "registered", "help"] {
                assert!(!variables(&key, &texts).contains(value), "{}: {key} takes {value}", lang.code());
            }
            let text = texts[&key].text.to_lowercase();
            for word in ["séjour", "étrang", "nationali", "residence", "foreign", "asile", "asylum", "visa"]
            {
                assert!(!text.contains(word), "{}: {key} says {word}", lang.code());
            }
        }
    }
}

#[test]
fn every_letter_carries_the_reference_the_date_and_help_without_a_computer() {
    for &lang in Lang::ALL {
        let values = long_values(lang);
        for kind in NoticeKind::ALL {
            let letter = said(lang, &key("letter", *kind));
            for value in ["name", "reference", "registered", "help", "prefecture", "url"] {
                assert!(letter.contains(values[value]), "{}: {kind} lacks {value}:\n{letter}", lang.code());
            }
            let free =
                if lang == Lang::Fr { "Aucune place ne peut être vendue" } else { "No place can be sold" };
            assert!(letter.contains(free), "{}: {kind}", lang.code());
        }
    }
}

#[test]
fn what_costs_something_says_how_to_object() {
    let costly = [
        NoticeKind::Cancellation,
        NoticeKind::Missed,
        NoticeKind::Incomplete,
        NoticeKind::Apology,
        NoticeKind::Withdrawal,
        NoticeKind::Moved,
        NoticeKind::Closure,
        NoticeKind::PenaltyUpheld,
    ];
    for kind in costly {
        let letter = said(Lang::Fr, &key("letter", kind));
        assert!(letter.contains("Vous pouvez contester cette décision auprès de la préfecture"), "{kind}");
    }
}

#[test]
fn the_convocation_is_in_one_name_for_one_date_and_place() {
    for &lang in Lang::ALL {
        let values = long_values(lang);
        let letter = said(lang, "letter-convocation");
        for value in ["name", "date", "time", "site", "address", "desk"] {
            assert!(letter.contains(values[value]), "{}: {value}", lang.code());
        }
        let personal = if lang == Lang::Fr { "ni donnée ni vendue" } else { "neither given nor sold" };
        assert!(letter.contains(personal), "{}", lang.code());
    }
}

#[test]
fn the_receipt_proves_the_wait_and_says_what_it_is_not() {
    let letter = said(Lang::Fr, "letter-receipt");
    assert!(letter.contains("Ce courrier prouve que vous attendez"));
    assert!(letter.contains("Ce n'est pas un récépissé. Il ne donne aucun droit au séjour"));
}
