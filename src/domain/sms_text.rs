//! How long an SMS is, and how to make it shorter. One “ê” outside the alphabet of GSM turns 160
//! characters a message into 70, and a second message costs as much as the first.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// GSM 03.38, the basic alphabet.
const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡\
    ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
/// Reached through an escape: two septets each.
const EXTENSION: &str = "\u{C}^{}\\[~]|€";

/// How a text travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// Seven-bit alphabet of GSM, units are septets.
    Gsm7,
    /// Two bytes a character, units are UTF-16 code units.
    Ucs2,
}

impl Encoding {
    const fn single_units(self) -> usize {
        match self {
            Self::Gsm7 => 160,
            Self::Ucs2 => 70,
        }
    }

    /// In a message of several segments each also carries a header.
    const fn multi_units(self) -> usize {
        match self {
            Self::Gsm7 => 153,
            Self::Ucs2 => 67,
        }
    }

    fn units(self, letter: char) -> usize {
        match self {
            Self::Gsm7 if EXTENSION.contains(letter) => 2,
            Self::Gsm7 => 1,
            Self::Ucs2 => letter.len_utf16(),
        }
    }
}

/// The size of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SmsSize {
    pub encoding: Encoding,
    /// Septets, or UTF-16 code units.
    pub units: usize,
    /// Messages paid for; 0 for an empty text.
    pub segments: usize,
}

/// Measures a text as it stands.
///
/// ```
/// use passage::domain::sms_text::{Encoding, measure};
///
/// assert_eq!(measure(&"a".repeat(160)).segments, 1);
/// assert_eq!(measure(&"ê".repeat(71)).segments, 2);
/// assert_eq!(measure("Rendez-vous à 9 h").encoding, Encoding::Gsm7);
/// ```
pub fn measure(text: &str) -> SmsSize {
    let encoding = if text.chars().all(in_gsm7) { Encoding::Gsm7 } else { Encoding::Ucs2 };
    let units = text.chars().map(|letter| encoding.units(letter)).sum();
    let segments = match units {
        0 => 0,
        units if units <= encoding.single_units() => 1,
        _ => multi_segments(text, encoding),
    };
    SmsSize { encoding, units, segments }
}

/// An escaped character or a surrogate pair is never cut in two, so segments are filled one by one.
fn multi_segments(text: &str, encoding: Encoding) -> usize {
    let (mut segments, mut filled) = (1, 0);
    for letter in text.chars() {
        let units = encoding.units(letter);
        if filled + units > encoding.multi_units() {
            segments += 1;
            filled = 0;
        }
        filled += units;
    }
    segments
}

/// Whether the alphabet of GSM, extension included, has this character.
pub fn in_gsm7(letter: char) -> bool {
    BASIC.contains(letter) || EXTENSION.contains(letter)
}

/// The text with every character outside GSM-7 replaced by its nearest form (ê → e, ’ → ', œ → oe),
/// or `None` if one has none: Arabic or Chinese cannot be folded. What GSM-7 has (à, é, è, ù) stays.
///
/// ```
/// use passage::domain::sms_text::fold_to_gsm7;
///
/// assert_eq!(fold_to_gsm7("L’hôtel, déjà prêt…").as_deref(), Some("L'hotel, déjà pret..."));
/// assert_eq!(fold_to_gsm7("موعد"), None);
/// ```
pub fn fold_to_gsm7(text: &str) -> Option<String> {
    let mut folded = String::with_capacity(text.len());
    for letter in text.nfc() {
        if in_gsm7(letter) {
            folded.push(letter);
        } else {
            fold_letter(letter, &mut folded)?;
        }
    }
    Some(folded)
}

fn fold_letter(letter: char, folded: &mut String) -> Option<()> {
    let plain = match letter {
        '’' | '‘' | '‛' | '′' | 'ʼ' | '`' | '´' => "'",
        '“' | '”' | '„' | '«' | '»' | '″' => "\"",
        '‐'..='―' | '−' | '•' | '·' => "-",
        '…' => "...",
        'œ' => "oe",
        'Œ' => "OE",
        'ł' => "l",
        'Ł' => "L",
        'đ' | 'ð' => "d",
        'Đ' | 'Ð' => "D",
        'ı' => "i",
        '\t' => " ",
        '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}' => "",
        space if space.is_whitespace() => " ",
        _ => return fold_accents(letter, folded),
    };
    folded.push_str(plain);
    Some(())
}

fn fold_accents(letter: char, folded: &mut String) -> Option<()> {
    if is_combining_mark(letter) {
        // Left over by a base letter that does not compose with it.
        return folded.ends_with(|before: char| before.is_ascii_alphabetic()).then_some(());
    }
    let bases: Vec<char> = std::iter::once(letter).nfkd().filter(|part| !is_combining_mark(*part)).collect();
    if bases.is_empty() || !bases.iter().all(|base| in_gsm7(*base)) {
        return None;
    }
    folded.extend(bases);
    Some(())
}

/// Marks that steer the direction of what stands between them. They serve pages; a phone finds the
/// direction itself, and each would cost a character of 70.
const fn steers_direction(letter: char) -> bool {
    matches!(letter, '\u{200E}' | '\u{200F}' | '\u{61C}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// The text to send, without marks of direction: folded to GSM-7 if that saves a segment, otherwise as
/// it is. A text that GSM-7 cannot write, as in Arabic, goes in segments of 70, and of 67 if it is long.
///
/// ```
/// use passage::domain::sms_text::fit;
///
/// assert_eq!(fit("Peut-être"), "Peut-être");
/// let long = format!("Peut-être {}", "a".repeat(100));
/// assert!(fit(&long).starts_with("Peut-etre "));
/// assert_eq!(fit("موعد \u{2068}K7M4\u{2069}"), "موعد K7M4");
/// ```
pub fn fit(text: &str) -> String {
    let text: String = text.chars().filter(|letter| !steers_direction(*letter)).collect();
    fold_to_gsm7(&text).filter(|folded| measure(folded).segments < measure(&text).segments).unwrap_or(text)
}

/// The name shown as sender: 3 to 11 ASCII letters, digits and spaces inside, at least one letter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SenderName(String);

/// Why a sender name is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum SenderNameError {
    #[error("sender: from 3 to 11 characters, got {0}")]
    Length(usize),
    #[error("sender: “{0}” is not allowed; use letters without accents, digits and spaces")]
    Character(char),
    #[error("sender: at least one letter is needed, or phones show it as a number")]
    NoLetter,
}

impl SenderName {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for SenderName {
    type Err = SenderNameError;

    fn from_str(text: &str) -> Result<Self, SenderNameError> {
        let text = text.trim();
        let length = text.chars().count();
        if !(3..=11).contains(&length) {
            return Err(SenderNameError::Length(length));
        }
        if let Some(bad) = text.chars().find(|letter| !letter.is_ascii_alphanumeric() && *letter != ' ') {
            return Err(SenderNameError::Character(bad));
        }
        if !text.contains(|letter: char| letter.is_ascii_alphabetic()) {
            return Err(SenderNameError::NoLetter);
        }
        Ok(Self(text.to_owned()))
    }
}

impl TryFrom<String> for SenderName {
    type Error = SenderNameError;

    fn try_from(text: String) -> Result<Self, SenderNameError> {
        text.parse()
    }
}

impl From<SenderName> for String {
    fn from(name: SenderName) -> Self {
        name.0
    }
}

impl fmt::Display for SenderName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_alphabet_of_gsm_has_127_characters_and_ten_escaped_ones() {
        assert_eq!((BASIC.chars().count(), EXTENSION.chars().count()), (127, 10));
    }

    #[test]
    fn segments_change_at_the_documented_lengths() {
        for (letter, single, multi) in [("a", 160, 153), ("ê", 70, 67), ("é", 160, 153), ("ç", 70, 67)] {
            for (count, segments) in
                [(0, 0), (1, 1), (single, 1), (single + 1, 2), (2 * multi, 2), (2 * multi + 1, 3)]
            {
                assert_eq!(measure(&letter.repeat(count)).segments, segments, "{letter} × {count}");
            }
        }
    }

    #[test]
    fn escaped_characters_count_twice_and_are_never_cut() {
        assert_eq!(measure(&"€".repeat(80)).segments, 1);
        assert_eq!(measure(&"€".repeat(81)).segments, 2);
        // 76 of them fill 152 of 153 septets; the last septet stays empty.
        assert_eq!(measure(&"€".repeat(152)).segments, 2);
        assert_eq!(measure(&"€".repeat(153)).segments, 3);
        assert_eq!(measure(&"😀".repeat(35)).segments, 1);
        assert_eq!(measure(&"😀".repeat(67)).segments, 3);
    }

    #[test]
    fn only_what_gsm_lacks_is_folded() {
        let folds = [
            ("Être à l’heure, ça va ?", "Etre à l'heure, ca va ?"),
            ("«\u{A0}Noël\u{202F}»", "\" Noel \""),
            ("œuf—cœur…", "oeuf-coeur..."),
            ("e\u{301}te\u{302}", "éte"),
            ("½ ﬁn", ""),
            ("Žižek", "Zizek"),
            ("10 €", "10 €"),
            ("Łódź", "Lodz"),
        ];
        for (text, expected) in folds {
            let folded = fold_to_gsm7(text);
            match expected {
                "" => assert_eq!(folded, None, "{text}"),
                expected => assert_eq!(folded.as_deref(), Some(expected), "{text}"),
            }
        }
        assert_eq!(fold_to_gsm7("您好"), None);
        assert_eq!(fold_to_gsm7("ok 😀"), None);
    }

    #[test]
    fn accents_stay_when_folding_saves_nothing() {
        assert_eq!(fit("Rendez-vous prêt"), "Rendez-vous prêt");
        let arabic = format!("{} ê", "م".repeat(100));
        assert_eq!(fit(&arabic), arabic);
        let text = format!("Prêt. {}", "é".repeat(150));
        assert_eq!(measure(&fit(&text)), SmsSize { encoding: Encoding::Gsm7, units: 156, segments: 1 });
    }

    #[test]
    fn a_text_in_arabic_has_70_characters_and_then_67_without_marks_of_direction() {
        let said = |letters: usize| format!("\u{2068}{}\u{2069}\u{200F}", "م".repeat(letters));
        for (letters, segments) in [(70, 1), (71, 2), (134, 2), (135, 3), (201, 3)] {
            let size = measure(&fit(&said(letters)));
            assert_eq!(size, SmsSize { encoding: Encoding::Ucs2, units: letters, segments });
        }
    }

    #[test]
    fn sender_names_are_what_every_operator_shows() {
        assert_eq!("PREF DEMO".parse::<SenderName>().unwrap().as_str(), "PREF DEMO");
        assert_eq!("PREFECTURE75".parse::<SenderName>(), Err(SenderNameError::Length(12)));
        assert_eq!("PR".parse::<SenderName>(), Err(SenderNameError::Length(2)));
        assert_eq!("PRÉF".parse::<SenderName>(), Err(SenderNameError::Character('É')));
        assert_eq!("36400".parse::<SenderName>(), Err(SenderNameError::NoLetter));
    }

    proptest! {
        #[test]
        fn a_folded_text_is_gsm_and_fit_never_lengthens(text in "[\\PC\n]{0,200}") {
            if let Some(folded) = fold_to_gsm7(&text) {
                prop_assert!(folded.chars().all(in_gsm7));
            }
            let sent = fit(&text);
            prop_assert!(measure(&sent).segments <= measure(&text).segments);
            prop_assert!(!sent.contains(steers_direction));
        }
    }
}
