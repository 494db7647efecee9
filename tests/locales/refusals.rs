//! Every refusal has a message: the keys composed from the domain's words, and those written
//! in flows and pages.

use std::collections::BTreeSet;

use chrono::{NaiveDate, NaiveDateTime};
use passage::domain::availability::AvailabilityError;
use passage::domain::foreigner_number::ForeignerNumberError;
use passage::domain::local_time::Zone;
use passage::domain::names::{BirthDateError, NameError, NameField};
use passage::domain::phone::PhoneError;
use passage::domain::refusal::Refusal;
use passage::domain::rules::RulesError;
use passage::domain::slot_plan::csv::{Column, LineReason};
use passage::domain::slot_plan::{Clash, FormFault};
use passage::domain::text_enum::key_of;
use passage::locale::Lang;

use super::ftl::{literal, sources, texts, variables};

/// The keys composed from the words of the domain's refusals.
fn composed() -> BTreeSet<String> {
    let field = NameField::BirthName;
    let names = [
        NameError::Empty,
        NameError::TooLong(field),
        NameError::Unreadable(field, '\0'),
        NameError::Symbol(field, '@'),
    ];
    let births = [
        BirthDateError::Empty,
        BirthDateError::Format,
        BirthDateError::NoSuchDay,
        BirthDateError::DayWithoutMonth,
        BirthDateError::Future,
        BirthDateError::TooOld,
    ];
    let numbers = [
        ForeignerNumberError::Empty,
        ForeignerNumberError::NotDigits,
        ForeignerNumberError::Length { digits: 8 },
    ];
    let phones = [
        PhoneError::Empty,
        PhoneError::NotANumber,
        PhoneError::TooShort,
        PhoneError::TooLong,
        PhoneError::UnknownCountry,
        PhoneError::NotAssigned,
        PhoneError::Premium,
        PhoneError::SharedCost,
        PhoneError::Service,
    ];
    let availability = [
        AvailabilityError::NoSite,
        AvailabilityError::NoWeekday,
        AvailabilityError::NoHalf,
        AvailabilityError::TooManyAbsences,
        AvailabilityError::AbsenceBackwards,
        AvailabilityError::AbsenceTooLong,
        AvailabilityError::AbsenceTooFar,
        AvailabilityError::NotBeforeTooFar,
        AvailabilityError::NoticeTooLong,
    ];
    let said = |prefix: &str, word: &str| format!("error-{prefix}-{}", key_of(word));
    names
        .iter()
        .map(|error| said("name", error.code()))
        .chain(births.iter().map(|error| said("birth-date", error.code())))
        .chain(numbers.iter().map(|error| said("foreigner-number", error.code())))
        .chain(phones.iter().map(|error| said("phone", error.code())))
        .chain(availability.iter().map(|error| said("availability", error.code())))
        .chain(rules_errors().iter().map(|error| said("rules", error.code())))
        .chain(slot_words().into_iter().map(|word| said("slot", word)))
        .chain(Refusal::ALL.iter().flat_map(|refusal| [refusal.sentence_key(), refusal.staff_sentence_key()]))
        .collect()
}

fn rules_errors() -> [RulesError; 21] {
    [
        RulesError::WeightCap(0),
        RulesError::WeightStep,
        RulesError::GuaranteeMissing,
        RulesError::GuaranteeUnused,
        RulesError::Label(0),
        RulesError::ReserveSeats(String::new()),
        RulesError::ReserveShares(101),
        RulesError::ReserveName,
        RulesError::ReserveGround(String::new()),
        RulesError::Timetable(String::new()),
        RulesError::Lead(0),
        RulesError::TooOften { between_minutes: 1, lead_minutes: 60 },
        RulesError::Horizon { horizon_days: 1, notice_min_days: 2 },
        RulesError::Notice,
        RulesError::Window,
        RulesError::LateLimit(0),
        RulesError::IdentityDays(0),
        RulesError::Pause,
        RulesError::PublicHours(337),
        RulesError::SurvivalPercent(101),
        RulesError::FewPercent(101),
    ]
}

fn slot_words() -> Vec<&'static str> {
    let day: NaiveDate = "2027-03-28".parse().unwrap();
    let at: NaiveDateTime = day.and_hms_opt(2, 30, 0).unwrap();
    let gap = Zone::PARIS.to_utc(at).unwrap_err();
    let clash = |double| FormFault::Clash { at, clash: Clash { line: None, double } };
    let forms = [
        FormFault::UnknownDesk(1),
        FormFault::LastBeforeFirst,
        FormFault::TooManyDays,
        FormFault::NoWeekday,
        FormFault::ToBeforeFrom,
        FormFault::Minutes,
        FormFault::Every { minutes: 20 },
        FormFault::Past(at),
        FormFault::TooFar(at),
        FormFault::Gap(gap),
        FormFault::NoSlot,
        FormFault::TooMany,
        clash(true),
        clash(false),
    ];
    let text = String::new;
    let lines = [
        LineReason::Io(text()),
        LineReason::FileTooLarge,
        LineReason::LineTooLong,
        LineReason::EmptyFile,
        LineReason::TooManyLines,
        LineReason::NotUtf8,
        LineReason::Quote,
        LineReason::Header(Column::Desk),
        LineReason::UnknownColumn(text()),
        LineReason::FieldCount { expected: 5, found: 4 },
        LineReason::Missing,
        LineReason::UnknownSite(text()),
        LineReason::UnknownDesk(text()),
        LineReason::Date(text()),
        LineReason::Time(text()),
        LineReason::Minutes(text()),
        LineReason::Gap(gap),
        LineReason::Past(at),
        LineReason::TooFar(at),
        LineReason::Double(Some(1)),
        LineReason::Double(None),
        LineReason::Overlap(Some(1)),
        LineReason::Overlap(None),
    ];
    forms.iter().map(FormFault::code).chain(lines.iter().map(LineReason::code)).collect()
}

#[test]
fn every_refusal_of_the_domain_has_its_sentence() {
    for &lang in Lang::ALL {
        let texts = texts(lang);
        let missing: Vec<String> = composed().into_iter().filter(|key| !texts.contains_key(key)).collect();
        assert_eq!(missing, [""; 0], "{}", lang.code());
    }
}

/// The keys written out in flows and pages: `Fault::new(field, "…")`.
fn written() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for source in sources(&["src/flow", "src/web"]) {
        let faults = source.split("Fault::new(").skip(1);
        let faults = faults.filter_map(|rest| literal(rest.split_once(',')?.1));
        found.extend(faults.map(|word| format!("error-{word}")));
    }
    found
}

#[test]
fn every_fault_of_flows_and_pages_has_its_sentence() {
    let written = written();
    assert!(written.contains("error-email"), "{written:?}");
    for &lang in Lang::ALL {
        let texts = texts(lang);
        let missing: Vec<&String> = written.iter().filter(|key| !texts.contains_key(*key)).collect();
        assert_eq!(missing, [""; 0], "{}", lang.code());
    }
}

#[test]
fn a_refusal_takes_no_value_and_a_fault_takes_one_at_most() {
    for &lang in Lang::ALL {
        let texts = texts(lang);
        for key in texts.keys() {
            let taken = variables(key, &texts);
            if key.starts_with("refused-") {
                assert!(taken.is_empty(), "{}: {key} takes {taken:?}", lang.code());
            }
            if key.starts_with("error-") {
                assert!(taken.iter().all(|value| value == "value"), "{}: {key} takes {taken:?}", lang.code());
            }
        }
    }
}
