//! A calendar day as people type it and as files hold it: one reader for every form, file and
//! address, so that what is a date in one place is a date everywhere.

use chrono::{Datelike, NaiveDate};
use thiserror::Error;

use super::phone::decimal_digit;
use super::text::is_invisible;

/// Longest input looked at, in bytes.
const RAW_MAX_BYTES: usize = 64;
/// A day further from today than this is a slip of the pen.
const YEARS_AROUND: i32 = 100;

/// Why a day cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum DayError {
    #[error("empty; write 31/12/2027")]
    Empty,
    #[error("not a date; write 31/12/2027")]
    Format,
    #[error("this day does not exist; check day and month")]
    NoSuchDay,
    #[error("more than a century away; check the year")]
    TooFar,
}

impl DayError {
    /// A stable word for translations.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Format => "format",
            Self::NoSuchDay => "no_such_day",
            Self::TooFar => "too_far",
        }
    }
}

/// The figures of a day, not yet looked up in a calendar: documents print `00` for what is unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Figures {
    pub year: i32,
    pub month: u32,
    pub day: u32,
}

/// Reads a whole day: `DD/MM/YYYY` (also with dots, hyphens or spaces), `YYYY-MM-DD`, or the eight
/// digits `DDMMYYYY` of a number pad. The year lies within a century of `today`.
///
/// ```
/// use passage::domain::day::{self, DayError};
///
/// let today = "2027-01-04".parse().unwrap();
/// for text in ["05/01/2028", "5.1.2028", "05-01-2028", "2028-01-05", "05012028"] {
///     assert_eq!(day::read(text, today), Ok("2028-01-05".parse().unwrap()));
/// }
/// assert_eq!(day::read("31/02/2028", today), Err(DayError::NoSuchDay));
/// assert_eq!(day::read("05/01/9999", today), Err(DayError::TooFar));
/// ```
///
/// # Errors
/// The reason.
pub fn read(text: &str, today: NaiveDate) -> Result<NaiveDate, DayError> {
    let Figures { year, month, day } = figures(text)?;
    let read = NaiveDate::from_ymd_opt(year, month, day).ok_or(DayError::NoSuchDay)?;
    if (year - today.year()).abs() > YEARS_AROUND { Err(DayError::TooFar) } else { Ok(read) }
}

/// Reads the figures alone.
pub(super) fn figures(text: &str) -> Result<Figures, DayError> {
    if text.len() > RAW_MAX_BYTES {
        return Err(DayError::Format);
    }
    let plain: String = text
        .chars()
        .filter(|letter| !is_invisible(*letter))
        .map(|letter| decimal_digit(letter).unwrap_or(letter))
        .collect();
    let plain = plain.trim();
    if plain.is_empty() {
        return Err(DayError::Empty);
    }
    let (first, month, last) = parts(plain).ok_or(DayError::Format)?;
    let (year, day) = match (first.len(), month.len(), last.len()) {
        (4, 1 | 2, 1 | 2) => (first, last),
        (1 | 2, 1 | 2, 4) => (last, first),
        _ => return Err(DayError::Format),
    };
    let number = |digits: &str| digits.parse::<u32>().map_err(|_| DayError::Format);
    let year = i32::try_from(number(year)?).map_err(|_| DayError::Format)?;
    Ok(Figures { year, month: number(month)?, day: number(day)? })
}

/// Three groups of digits with a mark between them, or eight digits.
fn parts(text: &str) -> Option<(&str, &str, &str)> {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if digits(text) {
        return (text.len() == 8).then(|| (&text[..2], &text[2..4], &text[4..]));
    }
    let (first, rest) = group(text)?;
    let (month, rest) = group(rest)?;
    digits(rest).then_some((first, month, rest))
}

/// The digits before the first mark, and what follows it.
fn group(text: &str) -> Option<(&str, &str)> {
    let end = text.find(|letter: char| !letter.is_ascii_digit()).filter(|end| *end > 0)?;
    let (digits, rest) = text.split_at(end);
    let spaced = rest.trim_start();
    let mark = |letter: char| matches!(letter, '/' | '.' | '-' | '\u{2010}'..='\u{2015}');
    let after = spaced.strip_prefix(mark).map(str::trim_start);
    // A space alone is a mark too.
    after.or_else(|| (spaced.len() < rest.len()).then_some(spaced)).map(|after| (digits, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Result<String, DayError> {
        read(text, "2027-01-04".parse().unwrap()).map(|day| day.to_string())
    }

    #[test]
    fn every_way_to_write_a_day_is_read() {
        for text in [
            "05/01/1990",
            "5/1/1990",
            "05.01.1990",
            "05-01-1990",
            "05 01 1990",
            "05 / 01 / 1990",
            "1990-01-05",
            "1990/1/5",
            "05011990",
            " 05011990 ",
            "٠٥/٠١/١٩٩٠",
            "\u{200F}05/01/1990\u{200F}",
            "05\u{2011}01\u{2011}1990",
        ] {
            assert_eq!(day(text).as_deref(), Ok("1990-01-05"), "{text}");
        }
    }

    #[test]
    fn a_malformed_day_is_refused() {
        for text in [
            "-1/-1/1990",
            "/05/01/1990",
            "05//01/1990",
            "05/01/1990/",
            "05/01",
            "05/01/90",
            "5011990",
            "050119900",
            "+5/01/1990",
            "05a01/1990",
            "demain",
            "+262142-12-31",
            "-9999-01-01",
        ] {
            assert_eq!(day(text), Err(DayError::Format), "{text}");
        }
        assert_eq!(day("  "), Err(DayError::Empty));
        assert_eq!(day("31/02/1990"), Err(DayError::NoSuchDay));
        assert_eq!(day("00001985"), Err(DayError::NoSuchDay), "only a birth date may be half known");
        assert_eq!(day(&"1".repeat(1 << 20)), Err(DayError::Format));
    }

    #[test]
    fn a_day_lies_within_a_century_of_today() {
        assert!(day("01/01/1927").is_ok() && day("31/12/2127").is_ok());
        for text in ["31/12/1926", "01/01/2128", "9999-12-31", "0001-01-01", "01010000"] {
            assert_eq!(day(text), Err(DayError::TooFar), "{text}");
        }
    }
}
