//! The country or issuer that a travel document names, as people write it: its code, or its name in
//! French, in English or in its own language. One passport is one key, however its country was typed.

use std::collections::HashMap;
use std::fmt;
use std::sync::LazyLock;

use super::fold::fold;
use super::text::is_unreadable;

mod table;

/// Longest input looked at, in bytes.
const RAW_MAX_BYTES: usize = 400;
/// Articles that people write before a name.
const ARTICLES: [&str; 6] = ["le ", "la ", "les ", "l'", "l\u{2019}", "the "];
/// What French puts before the name of a republic; one whose name then means another country is in the table.
const REPUBLICS: [&str; 7] = [
    "république de l'",
    "république de la ",
    "république des ",
    "république de ",
    "république du ",
    "république d'",
    "république d\u{2019}",
];

/// Code of three letters, code of two letters (empty for issuers that are no country), French name,
/// English name, other spellings between bars.
struct Row(&'static str, &'static str, &'static str, &'static str, &'static str);

/// Where a document comes from: a code of ISO 3166-1 (alpha-3) or, for the United Nations, stateless
/// people, refugees and others, of ICAO Doc 9303.
///
/// ```
/// use passage::domain::country::Country;
///
/// for text in ["Algérie", "algerie", "DZA", "DZ", "ALG", "Algeria", "l'Algérie", "الجزائر"] {
///     assert_eq!(Country::parse(text).unwrap().code(), "DZA");
/// }
/// for (text, code) in [("République du Cameroun", "CMR"), ("République de l'Inde", "IND"), ("RCI", "CIV")] {
///     assert_eq!(Country::parse(text).unwrap().code(), code);
/// }
/// assert_eq!(Country::parse("République de Chine").unwrap().code(), "TWN");
/// assert_eq!(Country::parse("ZZZ"), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Country(&'static str);

impl Country {
    /// Reads a country; case, accents and punctuation do not count. None if no country has this name,
    /// or if more than one may be meant (Congo, Corée).
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > RAW_MAX_BYTES || text.chars().any(is_unreadable) {
            return None;
        }
        let text = text.trim().to_lowercase();
        let known = |text: &str| SPELLINGS.get(&fold(text).collect::<String>()).copied();
        let before = || ARTICLES.iter().chain(&REPUBLICS);
        let plain = || before().find_map(|words| known(text.strip_prefix(words)?));
        known(&text).or_else(plain).map(Self)
    }

    /// Three letters.
    pub const fn code(self) -> &'static str {
        self.0
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// Every name in French, in the order of the alphabet: what a form offers.
pub fn names_in_french() -> &'static [&'static str] {
    &FRENCH
}

/// Every name in English, in the order of the alphabet.
pub fn names_in_english() -> &'static [&'static str] {
    &ENGLISH
}

static SPELLINGS: LazyLock<HashMap<String, &'static str>> = LazyLock::new(|| {
    let spellings = |row: &'static Row| {
        let short = [row.0, row.1, row.2, row.3];
        short.into_iter().chain(row.4.split('|')).filter(|name| !name.is_empty())
    };
    let keyed = |row: &'static Row| spellings(row).map(|name| (fold(name).collect(), row.0));
    table::ROWS.iter().flat_map(keyed).collect()
});
static FRENCH: LazyLock<Vec<&'static str>> = LazyLock::new(|| in_order(|row| row.2));
static ENGLISH: LazyLock<Vec<&'static str>> = LazyLock::new(|| in_order(|row| row.3));

fn in_order(name: fn(&'static Row) -> &'static str) -> Vec<&'static str> {
    let mut names: Vec<_> = table::ROWS.iter().map(name).collect();
    names.sort_by_cached_key(|name| fold(name).collect::<String>());
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> Option<&'static str> {
        Country::parse(text).map(Country::code)
    }

    #[test]
    fn one_country_has_one_code_however_it_is_written() {
        for (expected, spellings) in [
            ("DZA", "Algérie|ALGERIE| algerie |DZA|dz|ALG|Algeria|الجزائر|L’Algérie"),
            ("MAR", "Maroc|MAR|Morocco|المغرب|MA|le Maroc"),
            ("NER", "Niger|NER|NE"),
            ("NGA", "Nigeria|Nigéria|NGA|NGR"),
            ("CIV", "Côte d'Ivoire|cote d ivoire|COTE D’IVOIRE|Ivory Coast|CIV"),
            ("DEU", "D|Allemagne|Deutschland|GER|DEU"),
            ("GBR", "GBD|GBN|GBO|GBP|GBS|UK|Royaume-Uni|GBR"),
            ("COD", "RDC|Congo (RDC)|République démocratique du Congo|ZAR"),
            ("COG", "Congo-Brazzaville|République du Congo|CGO"),
            ("CHN", "Chine|中国|China"),
            ("TUR", "Türkiye|Turquie"),
            ("RKS", "Kosovo|RKS|XKX|XK|Kosova"),
            ("LKA", "Sri Lanka|இலங்கை|SRI"),
            ("BGD", "Bangladesh|বাংলাদেশ"),
            ("GIN", "Guinée|La Guinée|Guinea"),
            ("REU", "La Réunion"),
        ] {
            for text in spellings.split('|') {
                assert_eq!(code(text), Some(expected), "{text}");
            }
        }
        for special in ["XXA", "XXB", "XXC", "UNO", "EUE", "XOM"] {
            assert_eq!(code(special), Some(special));
        }
    }

    #[test]
    fn what_is_no_country_or_may_be_two_is_refused() {
        for text in ["ZZZ", "", " ", "Nig", "Congo", "Corée", "Utopie", "UTO", "D\u{0}", "-", "Maroc Algérie"]
        {
            assert_eq!(code(text), None, "{text:?}");
        }
        assert_eq!(code(&"a".repeat(1 << 20)), None);
    }

    #[test]
    fn no_spelling_stands_for_two_countries() {
        let mut seen: HashMap<String, &str> = HashMap::new();
        for row in table::ROWS {
            for name in [row.0, row.1, row.2, row.3].into_iter().chain(row.4.split('|')) {
                let key: String = fold(name).collect();
                let other = seen.insert(key.clone(), row.0);
                assert!(
                    key.is_empty() || other.is_none_or(|other| other == row.0),
                    "{name}: {other:?}, {}",
                    row.0
                );
            }
        }
    }

    #[test]
    fn the_table_is_whole_and_every_name_offered_is_read() {
        assert_eq!(table::ROWS.iter().filter(|row| !row.1.is_empty()).count(), 250, "ISO 3166-1 and Kosovo");
        for name in names_in_french().iter().chain(names_in_english()) {
            assert!(Country::parse(name).is_some(), "{name}");
        }
        for row in table::ROWS {
            assert!(row.0.len() == 3 && (row.1.is_empty() || row.1.len() == 2), "{}", row.0);
        }
    }
}
