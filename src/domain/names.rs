//! Names and birth dates of people from everywhere: any script, single names, dates of which only
//! the year is known. What is stored is what the person typed, cleaned of what nobody can see; what
//! is compared is a key in which spelling habits, accents and the order of names do not count.

use std::fmt;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use unicode_normalization::UnicodeNormalization;

use super::day::{self, DayError, Figures};
use super::text::{is_invisible, is_unreadable};

/// Longest name, in characters.
pub const NAME_MAX_CHARS: usize = 200;
/// Longest input looked at, in bytes: no accepted name needs more, invisible marks included.
const RAW_MAX_BYTES: usize = NAME_MAX_CHARS * 16;
/// Years before this one are typing errors.
const BIRTH_YEAR_MIN: i32 = 1900;

/// A birth name and given names. One of the two may be empty: many people have a single name.
///
/// `Debug` hides them.
///
/// ```
/// use passage::domain::names::Names;
///
/// let names = Names::new("  Démo 0042 ", "Usager").unwrap();
/// assert_eq!(names.birth_name(), "Démo 0042");
/// assert_eq!(names.full(), "Usager Démo 0042");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Names {
    birth_name: String,
    given_names: String,
}

/// Which of the two names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameField {
    BirthName,
    GivenNames,
}

impl NameField {
    /// The form field.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BirthName => "birth_name",
            Self::GivenNames => "given_names",
        }
    }
}

impl fmt::Display for NameField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why names are refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum NameError {
    #[error("birth_name: type a name; a single name may stand in either of the two fields")]
    Empty,
    #[error("{0}: at most {NAME_MAX_CHARS} characters")]
    TooLong(NameField),
    #[error("{0}: it holds a character that cannot be stored (code {code:04X}); type the name again", code = u32::from(*.1))]
    Unreadable(NameField, char),
    #[error("{0}: “{1}” does not belong in a name")]
    Symbol(NameField, char),
}

impl NameError {
    /// The field at fault.
    pub const fn field(self) -> NameField {
        match self {
            Self::Empty => NameField::BirthName,
            Self::TooLong(field) | Self::Unreadable(field, _) | Self::Symbol(field, _) => field,
        }
    }

    /// A stable word for translations.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLong(_) => "too_long",
            Self::Unreadable(..) => "unreadable",
            Self::Symbol(..) => "symbol",
        }
    }
}

impl Names {
    /// Cleans both names: NFC, spaces collapsed, invisible marks removed (zero-width characters,
    /// writing-direction marks and overrides, soft hyphens; the joiners of Persian and Indic
    /// spelling stay between their letters). NUL, other control characters, private and broken code
    /// points are refused, and so are symbols of addresses and formulas (`: < = …`); a slash and an
    /// alias sign stay where passports print them (`S/O Raman`, `Tan Ah Kow @ Tan`).
    ///
    /// # Errors
    /// The field at fault and the reason.
    pub fn new(birth_name: &str, given_names: &str) -> Result<Self, NameError> {
        let names = Self {
            birth_name: clean(birth_name, NameField::BirthName)?,
            given_names: clean(given_names, NameField::GivenNames)?,
        };
        if names.birth_name.is_empty() && names.given_names.is_empty() {
            return Err(NameError::Empty);
        }
        Ok(names)
    }

    /// Empty if the person has one name, typed as a given name.
    pub fn birth_name(&self) -> &str {
        &self.birth_name
    }

    /// Empty if the person has one name, typed as a birth name.
    pub fn given_names(&self) -> &str {
        &self.given_names
    }

    /// Given names, then birth name.
    pub fn full(&self) -> String {
        format!("{} {}", self.given_names, self.birth_name).trim().to_owned()
    }
}

impl fmt::Debug for Names {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Names(…)")
    }
}

fn clean(raw: &str, field: NameField) -> Result<String, NameError> {
    if raw.len() > RAW_MAX_BYTES {
        return Err(NameError::TooLong(field));
    }
    let letters: Vec<char> = raw.nfc().collect();
    let mut visible = String::with_capacity(raw.len());
    for (at, letter) in letters.iter().copied().enumerate() {
        match letter {
            letter if letter.is_whitespace() => visible.push(' '),
            letter if is_unreadable(letter) => return Err(NameError::Unreadable(field, letter)),
            '/' | '@' if parts_names(&letters, at) => visible.push(letter),
            letter if is_symbol(letter) => return Err(NameError::Symbol(field, letter)),
            '\u{200C}' | '\u{200D}' if joins(&letters, at) => visible.push(letter),
            letter if is_invisible(letter) => {}
            letter => visible.push(letter),
        }
    }
    // Removing a mark can bring together letters that compose.
    let tidy: String = visible.split_whitespace().collect::<Vec<_>>().join(" ").nfc().collect();
    if tidy.chars().count() > NAME_MAX_CHARS {
        return Err(NameError::TooLong(field));
    }
    // A dash or a dot stands for “none” on many forms.
    Ok(if tidy.chars().any(char::is_alphanumeric) { tidy } else { String::new() })
}

fn is_symbol(letter: char) -> bool {
    matches!(
        letter,
        '@' | '/'
            | '\\'
            | ':'
            | ';'
            | '<'
            | '>'
            | '='
            | '+'
            | '|'
            | '{'
            | '}'
            | '['
            | ']'
            | '^'
            | '~'
            | '"'
            | '$'
            | '%'
            | '&'
            | '#'
            | '*'
            | '_'
            | '?'
    )
}

/// “S/O” and “D/O” stand for son and daughter of; a lone @ stands before another name of the person.
fn parts_names(letters: &[char], at: usize) -> bool {
    let (before, after) = (&letters[..at], &letters[at + 1..]);
    let beside = |fits: fn(char) -> bool| {
        before.last().zip(after.first()).is_some_and(|(before, after)| fits(*before) && fits(*after))
    };
    let named = |side: &[char]| side.iter().any(|letter| letter.is_alphanumeric());
    match letters[at] {
        '/' => beside(char::is_alphabetic),
        _ => beside(char::is_whitespace) && named(before) && named(after),
    }
}

/// Joiners change how Arabic and Indic letters are drawn: there they are spelling.
fn joins(letters: &[char], at: usize) -> bool {
    let joined =
        |letter: Option<&char>| letter.is_some_and(|letter| ('\u{620}'..='\u{DFF}').contains(letter));
    joined(at.checked_sub(1).and_then(|before| letters.get(before))) && joined(letters.get(at + 1))
}

/// A birth date of which the day, or day and month, may be unknown, as documents show it
/// (`00/00/1990`).
///
/// `Debug` hides it. Serialised in its canonical form.
///
/// ```
/// use passage::domain::names::BirthDate;
///
/// let today = "2026-11-23".parse().unwrap();
/// let full = BirthDate::parse("29/02/1988", today).unwrap();
/// assert_eq!(full.canonical(), "1988-02-29");
/// let partial = BirthDate::parse("00/00/1990", today).unwrap();
/// assert_eq!((partial.canonical(), partial.french()), ("1990-00-00".into(), "00/00/1990".into()));
/// assert!(BirthDate::parse("29/02/1989", today).is_err());
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct BirthDate {
    year: u16,
    /// 0 if unknown.
    month: u8,
    /// 0 if unknown.
    day: u8,
}

/// Why a birth date is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum BirthDateError {
    #[error("birth_date: empty; type it as DD/MM/YYYY, with 00 for what is unknown")]
    Empty,
    #[error("birth_date: type it as DD/MM/YYYY, with 00 for what is unknown, as in 00/00/1990")]
    Format,
    #[error("birth_date: this day does not exist; check day and month")]
    NoSuchDay,
    #[error("birth_date: a day needs its month; type 00/00 if both are unknown")]
    DayWithoutMonth,
    #[error("birth_date: this day has not come yet; check the year")]
    Future,
    #[error("birth_date: years before {BIRTH_YEAR_MIN} are not accepted; check the year")]
    TooOld,
}

impl BirthDateError {
    /// A stable word for translations.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Format => "format",
            Self::NoSuchDay => "no_such_day",
            Self::DayWithoutMonth => "day_without_month",
            Self::Future => "future",
            Self::TooOld => "too_old",
        }
    }
}

impl BirthDate {
    /// Reads `DD/MM/YYYY` (also with dots, hyphens or spaces), `YYYY-MM-DD` or the eight digits
    /// `DDMMYYYY`; `00` means unknown.
    /// `today` is the local date.
    ///
    /// # Errors
    /// The reason, with the remedy.
    pub fn parse(raw: &str, today: NaiveDate) -> Result<Self, BirthDateError> {
        let date = Self::read(raw)?;
        let earliest =
            NaiveDate::from_ymd_opt(date.year.into(), date.month.max(1).into(), date.day.max(1).into());
        if earliest.is_none_or(|earliest| earliest > today) {
            return Err(BirthDateError::Future);
        }
        Ok(date)
    }

    /// `YYYY-MM-DD`, unknown parts as `00`: for fingerprints and storage.
    pub fn canonical(&self) -> String {
        format!("{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }

    /// `DD/MM/YYYY`, unknown parts as `00`, as French documents write it.
    pub fn french(&self) -> String {
        format!("{:02}/{:02}/{:04}", self.day, self.month, self.year)
    }

    /// Year, month and day; 0 for what is unknown.
    pub const fn parts(&self) -> (u16, u8, u8) {
        (self.year, self.month, self.day)
    }

    /// The whole date, if it is known.
    pub fn full(&self) -> Option<NaiveDate> {
        NaiveDate::from_ymd_opt(self.year.into(), self.month.into(), self.day.into())
    }

    /// A whole date.
    ///
    /// # Errors
    /// [`BirthDateError::TooOld`] before 1900.
    pub fn from_date(date: NaiveDate) -> Result<Self, BirthDateError> {
        Self::checked(date.year(), date.month(), date.day())
    }

    fn read(raw: &str) -> Result<Self, BirthDateError> {
        let Figures { year, month, day } = day::figures(raw).map_err(|error| match error {
            DayError::Empty => BirthDateError::Empty,
            _ => BirthDateError::Format,
        })?;
        Self::checked(year, month, day)
    }

    fn checked(year: i32, month: u32, day: u32) -> Result<Self, BirthDateError> {
        if month == 0 && day != 0 {
            return Err(BirthDateError::DayWithoutMonth);
        }
        if NaiveDate::from_ymd_opt(year, month.max(1), day.max(1)).is_none() {
            return Err(BirthDateError::NoSuchDay);
        }
        if year < BIRTH_YEAR_MIN {
            return Err(BirthDateError::TooOld);
        }
        let (year, month, day) = (u16::try_from(year), u8::try_from(month), u8::try_from(day));
        match (year, month, day) {
            (Ok(year), Ok(month), Ok(day)) => Ok(Self { year, month, day }),
            _ => Err(BirthDateError::Format),
        }
    }
}

impl fmt::Debug for BirthDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BirthDate(…)")
    }
}

/// Reads a stored date: everything is checked but the future, which was checked when it came in.
impl TryFrom<String> for BirthDate {
    type Error = BirthDateError;

    fn try_from(canonical: String) -> Result<Self, BirthDateError> {
        Self::read(&canonical)
    }
}

impl From<BirthDate> for String {
    fn from(date: BirthDate) -> Self {
        date.canonical()
    }
}

#[cfg(test)]
#[path = "names_tests.rs"]
mod tests;
