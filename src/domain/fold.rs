//! Spelling put aside: two texts that a reader takes for the same name have the same letters here.
//! Case, accents, apostrophes, hyphens and spaces do not count, and letters that Unicode does not take
//! apart are written as passports write them.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::canonical_combining_class;

use super::phone::decimal_digit;

/// The letters and figures of a text, in capitals.
pub(super) fn fold(text: &str) -> impl Iterator<Item = char> {
    text.nfkd()
        .filter(|letter| canonical_combining_class(*letter) == 0 && !is_spelling_mark(*letter))
        .flat_map(plain_letters)
        .flat_map(char::to_uppercase)
        .filter(|letter| letter.is_alphanumeric())
        .map(|letter| decimal_digit(letter).unwrap_or(letter))
}

/// Signs that Unicode counts as letters and people type as an apostrophe or leave out: the modifier
/// apostrophes, hamza and ayn, the glottal stop, the saltillo, the Arabic stretch.
fn is_spelling_mark(letter: char) -> bool {
    matches!(
        letter,
        '\u{2B9}'..='\u{2C1}' | '\u{2C8}' | '\u{2CA}' | '\u{2CB}' | '\u{2EE}' | '\u{294}' | '\u{241}'
            | '\u{242}' | '\u{A78B}' | '\u{A78C}' | '\u{A722}'..='\u{A725}' | '\u{640}'
    )
}

/// Letters of one alphabet beside what a passport writes for them.
const PLAIN: &[(&str, &str)] = &[
    ("œŒ", "OE"),
    ("æÆ", "AE"),
    ("þÞ", "TH"),
    ("øØɔƆ", "O"),
    ("łŁƚ", "L"),
    ("đĐðÐɖƉɗƊ", "D"),
    ("əƏǝƎɛƐɇ", "E"),
    ("ħĦɦ", "H"),
    ("ŋŊɲƝ", "N"),
    ("ɓƁƀɃ", "B"),
    ("ƈƇȼȻ", "C"),
    ("ƒƑ", "F"),
    ("ɠƓǥǤɣƔ", "G"),
    ("ıɩƖɨƗ", "I"),
    ("ƙƘĸ", "K"),
    ("ƥƤ", "P"),
    ("ɍɌ", "R"),
    ("ŧŦƭƬʈƮ", "T"),
    ("ʉɄʊƱ", "U"),
    ("ʋƲ", "V"),
    ("ƴƳɏɎ", "Y"),
    ("ƶƵʒƷ", "Z"),
    ("ⱥȺ", "A"),
    // Arabic and Persian keyboards have two forms of the same letters.
    ("ىی", "ي"),
    ("ک", "ك"),
];

fn plain_letters(letter: char) -> impl Iterator<Item = char> {
    let plain = (!letter.is_ascii()).then(|| PLAIN.iter().find(|(from, _)| from.contains(letter))).flatten();
    let (plain, itself) = plain.map_or(("", Some(letter)), |(_, to)| (*to, None));
    plain.chars().chain(itself)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_passport_writes_in_plain_letters_is_the_same() {
        for (printed, plain) in [
            ("O\u{2BC}Brien O\u{2019}Brien O\u{2BB}Brien", "O'BRIEN OBrien o`brien"),
            ("Sa\u{2BF}id Sa\u{2BB}id Sa\u{2BE}id", "Said saïd Sa'id"),
            ("Ħal Ŋaba Ɓaba Əliyev", "Hal Naba Baba Eliyev"),
            ("Ɗan Ƙaya Ƴar", "Dan Kaya Yar"),
            ("Straße Æbel Þór Ŧoma", "STRASSE AEBEL THOR TOMA"),
        ] {
            assert_eq!(fold(printed).collect::<String>(), fold(plain).collect::<String>(), "{printed}");
        }
    }
}
