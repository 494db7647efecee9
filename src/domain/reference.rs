//! The reference of an entry, such as `K7M4-2QXN-T`: short enough to be read out over the phone, and
//! with a check character, so that a slip gives “no such reference” and never somebody else's entry.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Crockford's base 32: no I, L, O or U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const DATA_CHARS: usize = 8;
const BITS_PER_CHAR: u32 = 5;
/// Bits that a reference holds.
pub const REFERENCE_BITS: u32 = 40;
const MASK: u64 = (1 << REFERENCE_BITS) - 1;

/// Forty bits and their check character.
///
/// ```
/// use passage::domain::reference::Reference;
///
/// let reference = Reference::from_bits(0x0098_7654_3210);
/// let said = reference.to_string().to_lowercase().replace('0', "o").replace('-', " ");
/// assert_eq!(said.parse(), Ok(reference));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Reference(u64);

/// Why a text is no reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ReferenceError {
    #[error("reference: nine characters are expected, as in K7M4-2QXN-T")]
    Length,
    #[error("reference: “{0}” never stands in a reference; copy it from the receipt")]
    Character(char),
    #[error("reference: one character is wrong, or two are swapped; copy it from the receipt")]
    Check,
}

impl ReferenceError {
    /// A stable word for translations.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Length => "length",
            Self::Character(_) => "character",
            Self::Check => "check",
        }
    }
}

impl Reference {
    /// A reference from random bits; those above the fortieth are dropped.
    pub const fn from_bits(random: u64) -> Self {
        Self(random & MASK)
    }

    /// The forty bits.
    pub const fn bits(self) -> u64 {
        self.0
    }

    fn values(self) -> [u8; DATA_CHARS] {
        let mut values = [0; DATA_CHARS];
        let mut rest = self.0;
        for value in values.iter_mut().rev() {
            *value = (rest & 31).to_le_bytes()[0];
            rest >>= BITS_PER_CHAR;
        }
        values
    }
}

/// Multiplies by x in the field of 32 elements (x⁵ = x² + 1).
const fn times_x(value: u8) -> u8 {
    let doubled = value << 1;
    if doubled & 32 == 0 { doubled } else { doubled ^ 0b10_0101 }
}

/// Each character has its own non-zero weight (x⁸ … x¹, and 1 for the check character itself), so any
/// one wrong character and any two swapped ones change the sum.
fn check_value(values: [u8; DATA_CHARS]) -> u8 {
    values.into_iter().fold(0, |sum, value| times_x(sum ^ value))
}

fn value_of(letter: char) -> Result<u8, ReferenceError> {
    let meant = match letter.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    (0u8..)
        .zip(ALPHABET)
        .find(|(_, known)| char::from(**known) == meant)
        .map(|(value, _)| value)
        .ok_or(ReferenceError::Character(letter))
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let values = self.values();
        let letter = |value: u8| char::from(ALPHABET[usize::from(value)]);
        let text: String = values.map(letter).iter().collect();
        write!(f, "{}-{}-{}", &text[..4], &text[4..], letter(check_value(values)))
    }
}

impl FromStr for Reference {
    type Err = ReferenceError;

    /// Forgives case, spaces and hyphens, O for 0, I and L for 1.
    fn from_str(text: &str) -> Result<Self, ReferenceError> {
        let mut values = [0; DATA_CHARS + 1];
        let mut count = 0;
        for letter in text.chars().filter(|letter| !super::phone::is_separator(*letter)) {
            *values.get_mut(count).ok_or(ReferenceError::Length)? = value_of(letter)?;
            count += 1;
        }
        if count != values.len() {
            return Err(ReferenceError::Length);
        }
        let [data @ .., check] = values;
        if check_value(data) != check {
            return Err(ReferenceError::Check);
        }
        Ok(Self(data.into_iter().fold(0, |bits, value| bits << BITS_PER_CHAR | u64::from(value))))
    }
}

impl TryFrom<String> for Reference {
    type Error = ReferenceError;

    fn try_from(text: String) -> Result<Self, ReferenceError> {
        text.parse()
    }
}

impl From<Reference> for String {
    fn from(reference: Reference) -> Self {
        reference.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_shape_is_two_groups_of_four_and_a_check() {
        assert_eq!(Reference::from_bits(0).to_string(), "0000-0000-0");
        let text = Reference::from_bits(u64::MAX).to_string();
        assert_eq!((text.len(), &text[..10]), (11, "ZZZZ-ZZZZ-"));
    }

    #[test]
    fn a_wrong_length_or_letter_is_named() {
        assert_eq!("".parse::<Reference>(), Err(ReferenceError::Length));
        assert_eq!("0000-0000".parse::<Reference>(), Err(ReferenceError::Length));
        assert_eq!("0000-0000-00".parse::<Reference>(), Err(ReferenceError::Length));
        assert_eq!("000U-0000-0".parse::<Reference>(), Err(ReferenceError::Character('U')));
        assert_eq!("é".parse::<Reference>(), Err(ReferenceError::Character('é')));
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back_in_any_case(bits in any::<u64>()) {
            let reference = Reference::from_bits(bits);
            let text = reference.to_string();
            prop_assert_eq!(text.parse(), Ok(reference));
            let said = text.to_lowercase().replace('-', " ").replace('0', "O").replace('1', "l");
            prop_assert_eq!(said.parse(), Ok(reference));
        }

        #[test]
        fn any_one_wrong_character_is_caught(bits in any::<u64>(), place in 0usize..9, other in 0usize..32) {
            let mut letters: Vec<char> = Reference::from_bits(bits).to_string().replace('-', "").chars().collect();
            let wrong = char::from(ALPHABET[other]);
            prop_assume!(letters[place] != wrong);
            letters[place] = wrong;
            prop_assert_eq!(letters.iter().collect::<String>().parse::<Reference>(), Err(ReferenceError::Check));
        }

        #[test]
        fn any_two_swapped_characters_are_caught(bits in any::<u64>(), one in 0usize..9, two in 0usize..9) {
            let mut letters: Vec<char> = Reference::from_bits(bits).to_string().replace('-', "").chars().collect();
            prop_assume!(letters[one] != letters[two]);
            letters.swap(one, two);
            prop_assert_eq!(letters.iter().collect::<String>().parse::<Reference>(), Err(ReferenceError::Check));
        }
    }
}
