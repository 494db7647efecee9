//! The numéro étranger (AGDREF). Ten digits on recent documents, nine on older ones, and no public
//! check digit: only the register can say whether a number exists, so nothing is invented here.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::phone::{decimal_digit, is_separator};

/// A numéro étranger in canonical form: its nine or ten digits, nothing else. The leading zeros
/// belong to it.
///
/// `Debug` hides it.
///
/// ```
/// use passage::domain::foreigner_number::ForeignerNumber;
///
/// let number: ForeignerNumber = "75 03 123 456".parse().unwrap();
/// assert_eq!(number.as_str(), "7503123456");
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ForeignerNumber(String);

/// Why a number is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ForeignerNumberError {
    #[error("foreigner_number: empty; the number stands on your permit, after “N° étranger”")]
    Empty,
    #[error("foreigner_number: only digits belong in it; the number stands after “N° étranger”")]
    NotDigits,
    #[error("foreigner_number: ten digits are expected (nine on older documents), {digits} were given")]
    Length {
        /// How many digits were given.
        digits: usize,
    },
}

impl ForeignerNumberError {
    /// A stable word for translations.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::NotDigits => "not_digits",
            Self::Length { .. } => "length",
        }
    }
}

impl ForeignerNumber {
    /// The canonical digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The digits by which a number is compared. Spreadsheets cut a leading 0, so nine digits and the same
/// nine behind a 0 are one number.
///
/// ```
/// use passage::domain::foreigner_number::ten_digits;
///
/// assert_eq!(ten_digits("503123457"), ten_digits("0503123457"));
/// ```
pub fn ten_digits(number: &str) -> Cow<'_, str> {
    if number.len() == 9 { Cow::Owned(format!("0{number}")) } else { Cow::Borrowed(number) }
}

impl FromStr for ForeignerNumber {
    type Err = ForeignerNumberError;

    fn from_str(raw: &str) -> Result<Self, ForeignerNumberError> {
        let digits: String = raw
            .chars()
            .filter(|mark| !is_separator(*mark))
            .map(|letter| decimal_digit(letter).ok_or(ForeignerNumberError::NotDigits))
            .collect::<Result<_, _>>()?;
        match digits.len() {
            0 => Err(ForeignerNumberError::Empty),
            9 | 10 => Ok(Self(digits)),
            digits => Err(ForeignerNumberError::Length { digits }),
        }
    }
}

impl TryFrom<String> for ForeignerNumber {
    type Error = ForeignerNumberError;

    fn try_from(raw: String) -> Result<Self, ForeignerNumberError> {
        raw.parse()
    }
}

impl From<ForeignerNumber> for String {
    fn from(number: ForeignerNumber) -> Self {
        number.0
    }
}

impl fmt::Debug for ForeignerNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ForeignerNumber(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces_dots_and_foreign_figures_change_nothing() {
        let plain: ForeignerNumber = "7503123456".parse().unwrap();
        for raw in
            [" 75 03 123 456 ", "75.03.123.456", "7503-123456", "٧٥٠٣١٢٣٤٥٦", "7503\u{A0}123\u{200B}456"]
        {
            assert_eq!(raw.parse(), Ok(plain.clone()), "{raw}");
        }
    }

    #[test]
    fn nine_digits_of_an_older_document_are_accepted_and_kept() {
        assert_eq!("012345678".parse::<ForeignerNumber>().unwrap().as_str(), "012345678");
    }

    #[test]
    fn other_lengths_and_letters_are_refused() {
        let refused = |raw: &str| raw.parse::<ForeignerNumber>().unwrap_err();
        assert_eq!(refused("  "), ForeignerNumberError::Empty);
        assert_eq!(refused("750312345A"), ForeignerNumberError::NotDigits);
        assert_eq!(refused("7503\u{0}123456"), ForeignerNumberError::NotDigits);
        assert_eq!(refused("12345678"), ForeignerNumberError::Length { digits: 8 });
        assert_eq!(refused("12345678901"), ForeignerNumberError::Length { digits: 11 });
    }
}
