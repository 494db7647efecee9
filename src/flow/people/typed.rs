//! What somebody typed of a person, read part by part: the value, or the fault that names its field. Every form of a
//! person reads with these.

use chrono::NaiveDate;

use crate::domain::foreigner_number::ForeignerNumber;
use crate::domain::holidays::Territory;
use crate::domain::names::{BirthDate, Names};
use crate::domain::phone::{Phone, PhoneError};
use crate::domain::text_enum::key_of;
use crate::flow::Fault;

pub fn names(birth_name: &str, given_names: &str) -> Result<Names, Fault> {
    Names::new(birth_name, given_names)
        .map_err(|error| Fault::new(error.field().as_str(), &format!("name-{}", key_of(error.code()))))
}

pub fn birth_date(text: &str, today: NaiveDate) -> Result<BirthDate, Fault> {
    BirthDate::parse(text, today)
        .map_err(|error| Fault::new("birth_date", &format!("birth-date-{}", key_of(error.code()))))
}

pub fn foreigner_number(text: &str) -> Result<ForeignerNumber, Fault> {
    text.parse().map_err(|error: <ForeignerNumber as std::str::FromStr>::Err| {
        Fault::new("foreigner_number", &format!("foreigner-number-{}", key_of(error.code())))
    })
}

pub fn phone(text: &str, home: Territory) -> Result<Phone, Fault> {
    Phone::parse(text, home).map_err(phone_fault)
}

pub fn phone_fault(error: PhoneError) -> Fault {
    Fault::new("phone", &format!("phone-{}", key_of(error.code())))
}

pub fn email(text: &str) -> Result<String, Fault> {
    crate::domain::email::parse(text).map_err(|_| Fault::new("email", "email"))
}

/// The value; its fault goes to the others, so that all are said at once.
pub fn keep<T>(faults: &mut Vec<Fault>, result: Result<T, Fault>) -> Option<T> {
    result.map_err(|fault| faults.push(fault)).ok()
}

/// As [`keep`], of a part that may be left empty.
pub fn optional<T>(
    faults: &mut Vec<Fault>,
    text: &str,
    read: impl FnOnce(&str) -> Result<T, Fault>,
) -> Option<T> {
    let text = text.trim();
    if text.is_empty() { None } else { keep(faults, read(text)) }
}
