//! Every sentence exists in every language and takes only the values it is given. What a notice must
//! say and what is refused are tried in the files of `tests/locales/`.

#[path = "locales/ftl.rs"]
mod ftl;
#[path = "locales/notices.rs"]
mod notices;
#[path = "locales/refusals.rs"]
mod refusals;
#[path = "locales/situations.rs"]
mod situations;

use std::collections::BTreeSet;

use chrono::NaiveDate;
use ftl::{files, here, is_key, literal, messages, sources, texts, variables};
use passage::domain::local_time::Zone;
use passage::locale::Lang;

#[test]
fn every_language_has_a_folder_with_the_same_files_and_the_same_keys() {
    let keys = |lang| messages(lang).into_iter().map(|(key, _)| key).collect::<BTreeSet<_>>();
    let first = Lang::default();
    assert!(!keys(first).is_empty());
    for lang in Lang::ALL {
        assert_eq!(files(first), files(*lang), "{}", lang.code());
        let (first, own) = (keys(first), keys(*lang));
        let apart: Vec<&String> = first.symmetric_difference(&own).collect();
        assert_eq!(apart, [""; 0], "missing in {} or before it", lang.code());
    }
}

#[test]
fn every_folder_is_a_language() {
    let folders = std::fs::read_dir(here("locales")).unwrap();
    let names: BTreeSet<_> = folders.map(|one| one.unwrap().file_name().into_string().unwrap()).collect();
    assert_eq!(names, Lang::ALL.iter().map(|lang| lang.code().to_owned()).collect());
}

#[test]
fn no_key_is_defined_twice() {
    for &lang in Lang::ALL {
        let mut seen = BTreeSet::new();
        let twice: Vec<String> =
            messages(lang).into_iter().map(|(key, _)| key).filter(|key| !seen.insert(key.clone())).collect();
        assert_eq!(twice, [""; 0], "{}", lang.code());
    }
}

#[test]
fn every_language_takes_the_same_values() {
    let first = texts(Lang::default());
    for lang in Lang::ALL {
        let texts = texts(*lang);
        for key in first.keys().filter(|key| texts.contains_key(*key)) {
            assert_eq!(variables(key, &first), variables(key, &texts), "{}: {key}", lang.code());
        }
    }
}

/// The keys that pages use by name.
fn asked() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for source in sources(&["templates", "src/web"]) {
        for call in [".t(", ".text(", ".titled(", "lang.with("] {
            let keys = source.split(call).skip(1).filter_map(literal);
            found.extend(keys.filter(|key| is_key(key)).map(str::to_owned));
        }
    }
    found
}

#[test]
fn every_key_that_a_page_asks_for_exists() {
    let asked = asked();
    assert!(!asked.is_empty());
    for &lang in Lang::ALL {
        let texts = texts(lang);
        let missing: Vec<&String> = asked.iter().filter(|key| !texts.contains_key(*key)).collect();
        assert_eq!(missing, [""; 0], "{}", lang.code());
    }
}

#[test]
fn dates_are_written_in_full() {
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    assert_eq!(Lang::Fr.date(day("2027-01-05")), "mardi 5 janvier 2027");
    assert_eq!(Lang::Fr.date(day("2027-08-01")), "dimanche 1er août 2027");
    assert_eq!(Lang::En.date(day("2027-02-28")), "Sunday 28 February 2027");
    let instant = "2027-06-08T07:15:00Z".parse().unwrap();
    assert_eq!(Lang::Fr.instant(instant, Zone::PARIS), "mardi 8 juin 2027 à 9 h 15");
    assert_eq!(Lang::En.instant(instant, Zone::PARIS), "Tuesday 8 June 2027 at 9:15");
    let on_the_hour = "2027-06-08T07:00:00Z".parse().unwrap();
    assert_eq!(Lang::Fr.time(on_the_hour, Zone::PARIS), "9 h");
    assert_eq!(Lang::En.time(on_the_hour, Zone::PARIS), "9:00");
    assert_eq!((Lang::Fr.decimal(0.25), Lang::En.decimal(-3.0)), ("0,25".to_owned(), "-3.00".to_owned()));
    for &lang in Lang::ALL {
        let texts = texts(lang);
        assert!((0..7).all(|day| texts.contains_key(&format!("weekday-{day}"))));
        assert!((1..=12).all(|month| texts.contains_key(&format!("month-{month}"))));
    }
}
