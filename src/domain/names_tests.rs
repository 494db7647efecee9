//! Names and dates as people really have them.

use super::*;
use crate::domain::near;
use proptest::prelude::*;

fn names(birth: &str, given: &str) -> Names {
    Names::new(birth, given).unwrap_or_else(|error| panic!("{birth} {given}: {error}"))
}

fn key(birth: &str, given: &str) -> String {
    near::letters(&names(birth, given))
}

fn date(raw: &str) -> Result<String, BirthDateError> {
    BirthDate::parse(raw, "2026-11-23".parse().unwrap()).map(|date| date.canonical())
}

#[test]
fn names_are_kept_as_typed_but_tidy() {
    let person =
        names(" \u{200B}De\u{301}mo \t 0042\u{FEFF} ", "Jean\u{AD}-Pierre \u{202E}O\u{2019}Neil\u{202C}");
    assert_eq!((person.birth_name(), person.given_names()), ("Démo 0042", "Jean-Pierre O’Neil"));
    assert_eq!(person.full(), "Jean-Pierre O’Neil Démo 0042");
}

#[test]
fn a_single_name_may_stand_in_either_field() {
    assert_eq!(names("", "Sita").full(), "Sita");
    assert_eq!(names("Sita", "-").full(), "Sita");
    assert_eq!(key("Sita", "—"), key("", "SITA"));
    for nothing in ["", "  ", "-", "...", "\u{200B}", "'"] {
        assert_eq!(Names::new(nothing, ""), Err(NameError::Empty), "{nothing:?}");
    }
}

#[test]
fn every_script_is_accepted() {
    for name in [
        "محمد علي",
        "Наталія",
        "王小明",
        "தமிழ்ச்செல்வன்",
        "রহমান",
        "Ṣàngó",
        "O'Brien",
        "Nguyễn",
        "Þórr",
        "D’Arc",
        "ʻOkina",
        "Oʼbrien",
        "Saʿid",
        "Əliyev",
        "Ħal Ŋ Ɓaba",
        "S/O Raman",
        "d/o Kumar",
        "Tan Ah Kow @ Tan Ah Beng",
        "بی‌نظیر",
    ] {
        assert_eq!(names(name, "").birth_name(), name.nfc().collect::<String>());
    }
}

#[test]
fn a_joiner_stays_where_it_is_spelling_and_goes_elsewhere() {
    assert_eq!(names("بی\u{200C}نظیر", "A\u{200D}li").full(), "Ali بی\u{200C}نظیر");
    assert_eq!(key("بی\u{200C}نظیر", ""), key("بینظیر", ""));
}

#[test]
fn what_is_no_name_is_refused_by_field() {
    assert_eq!(Names::new("A\u{0}B", ""), Err(NameError::Unreadable(NameField::BirthName, '\u{0}')));
    assert_eq!(Names::new("A", "B\u{1B}[0m"), Err(NameError::Unreadable(NameField::GivenNames, '\u{1B}')));
    assert_eq!(Names::new("And\u{FFFD}", ""), Err(NameError::Unreadable(NameField::BirthName, '\u{FFFD}')));
    assert_eq!(Names::new("https://example.org", ""), Err(NameError::Symbol(NameField::BirthName, ':')));
    assert_eq!(Names::new("A", "=1+1"), Err(NameError::Symbol(NameField::GivenNames, '=')));
    for (address, sign) in [("a@example.org", '@'), ("1/2", '/'), ("/etc", '/'), ("A / B", '/'), ("@ A", '@')]
    {
        assert_eq!(Names::new(address, ""), Err(NameError::Symbol(NameField::BirthName, sign)), "{address}");
    }
    assert_eq!(Names::new("", "<b>"), Err(NameError::Symbol(NameField::GivenNames, '<')));
}

#[test]
fn two_hundred_characters_fit_and_one_more_does_not() {
    for letter in ["a", "é", "王", "𝒜", "e\u{301}"] {
        assert!(Names::new(&letter.repeat(NAME_MAX_CHARS), "").is_ok(), "{letter}");
        let long = letter.repeat(NAME_MAX_CHARS + 1);
        assert_eq!(Names::new("", &long), Err(NameError::TooLong(NameField::GivenNames)), "{letter}");
    }
    assert_eq!(Names::new(&"a".repeat(1 << 20), ""), Err(NameError::TooLong(NameField::BirthName)));
}

#[test]
fn near_matches_have_the_same_key() {
    for ((birth, given), (other_birth, other_given)) in [
        (("Dupont", "Jean Marie"), ("Jean-Marie", "DUPONT")),
        (("Ben Ali", "Zoé"), ("BENALI", "Zoe")),
        (("Łęcki", "Jørgen"), ("Lecki", "Jorgen")),
        (("Strauß", "Œdipe"), ("STRAUSS", "Oedipe")),
        (("Ышев", "Фёдор"), ("ышев", "ФЕДОР")),
        (("O\u{2BC}Brien", "A"), ("O'Brien", "A")),
        (("Sa\u{2BF}id", "A"), ("Said", "A")),
        (("Ħal", "A"), ("HAL", "a")),
        (("Əliyev", "Ŋ Ɓ"), ("Eliyev", "N B")),
        (("İnan", "Ali"), ("Inan", "ALİ")),
        (("علي", "أحمد"), ("احمد", "على")),
        (("محمــد", "علي"), ("مُحَمَّد", "علي")),
        (("Ｄｕｐｏｎｔ", "A"), ("Dupont", "a")),
        (("Démo 0042", "Usager"), ("Usager Demo", "٠٠٤٢")),
    ] {
        assert_eq!(key(birth, given), key(other_birth, other_given), "{birth} {given}");
    }
}

#[test]
fn different_people_have_different_keys() {
    assert_ne!(key("Dupont", "Jean"), key("Dupont", "Jeanne"));
    assert_ne!(key("Demo 0042", "Usager"), key("Demo 0043", "Usager"));
    assert_ne!(key("কুমার", "রা"), key("কুমার", "রি"));
}

#[test]
fn a_name_never_shows_in_a_log() {
    let shown = format!("{:?} {:?}", names("Démo", "Usager"), BirthDate::read("1990-01-01").unwrap());
    assert_eq!(shown, "Names(…) BirthDate(…)");
}

#[test]
fn birth_dates_are_read_in_both_forms() {
    for raw in [
        "05/03/1990",
        "5/3/1990",
        "05.03.1990",
        "05-03-1990",
        " 05 03 1990 ",
        "1990-03-05",
        "٠٥/٠٣/١٩٩٠",
        "05031990",
    ] {
        assert_eq!(date(raw).as_deref(), Ok("1990-03-05"), "{raw}");
    }
    assert_eq!(date("00/00/1990").as_deref(), Ok("1990-00-00"));
    assert_eq!(date("00/05/1990").as_deref(), Ok("1990-05-00"));
    assert_eq!(date("1990-00-00").as_deref(), Ok("1990-00-00"));
    assert_eq!(date("23/11/2026").as_deref(), Ok("2026-11-23"));
    assert_eq!(date("00/00/2026").as_deref(), Ok("2026-00-00"));
}

#[test]
fn impossible_birth_dates_are_refused_by_name() {
    for (raw, reason) in [
        ("", BirthDateError::Empty),
        ("1990", BirthDateError::Format),
        ("05/03/90", BirthDateError::Format),
        ("5 mars 1990", BirthDateError::Format),
        ("05/03/+199", BirthDateError::Format),
        ("1/2/3/1990", BirthDateError::Format),
        ("29/02/1900", BirthDateError::NoSuchDay),
        ("29/02/2023", BirthDateError::NoSuchDay),
        ("31/04/1990", BirthDateError::NoSuchDay),
        ("01/13/1990", BirthDateError::NoSuchDay),
        ("12/00/1990", BirthDateError::DayWithoutMonth),
        ("31/12/1899", BirthDateError::TooOld),
        ("01/01/0000", BirthDateError::TooOld),
        ("24/11/2026", BirthDateError::Future),
        ("00/12/2026", BirthDateError::Future),
        ("00/00/2027", BirthDateError::Future),
    ] {
        assert_eq!(date(raw), Err(reason), "{raw:?}");
    }
    assert_eq!(date("29/02/2024").as_deref(), Ok("2024-02-29"));
}

proptest! {
    #[test]
    fn cleaning_twice_changes_nothing_more(birth in "\\PC{0,60}", given in any::<String>()) {
        if let Ok(once) = Names::new(&birth, &given) {
            let twice = Names::new(once.birth_name(), once.given_names()).unwrap();
            prop_assert_eq!(&twice, &once);
            prop_assert!(!once.full().is_empty());
        }
    }

    #[test]
    fn swapped_names_match(birth in "[\\p{L} '-]{1,20}", given in "[\\p{L} '-]{1,20}") {
        if let (Ok(one), Ok(two)) = (Names::new(&birth, &given), Names::new(&given, &birth)) {
            prop_assert_eq!(near::letters(&one), near::letters(&two));
        }
    }

    #[test]
    fn a_birth_date_reads_back_from_its_canonical_form(year in 1900i32..2027, month in 0u32..13, day in 0u32..32, junk in "\\PC{0,20}") {
        if let Ok(date) = BirthDate::checked(year, month, day) {
            prop_assert_eq!(BirthDate::try_from(date.canonical()), Ok(date));
            prop_assert_eq!(BirthDate::read(&date.french()), Ok(date));
        }
        let _ = BirthDate::read(&junk);
    }
}
