//! The identity that a provider states (FranceConnect's *identité pivot*), and the one text under which it tells a person
//! from all others.

use thiserror::Error;

use super::fold::fold;
use super::names::{BirthDate, Names};

/// Why what a provider states is no identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum PivotError {
    #[error("the provider states no name")]
    Names,
    #[error("the provider states no birth date")]
    BirthDate,
}

/// Who somebody is, as their provider states it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pivot {
    pub names: Names,
    /// Its day and month may be unknown, of somebody born abroad.
    pub birth: BirthDate,
    /// `female`, `male`, or nothing.
    pub gender: String,
    /// INSEE's code of the municipality; empty for a birth abroad.
    pub birthplace: String,
    /// INSEE's code of the country.
    pub birthcountry: String,
}

impl Pivot {
    /// Whether somebody who says these names and this date is this very person.
    pub fn is_of(&self, names: &Names, birth: BirthDate) -> bool {
        birth == self.birth && is_very(&self.names, names)
    }

    /// The exact text of the identity, for a fingerprint: names without case, accents and spaces, then the rest as stated.
    ///
    /// ```
    /// use passage::domain::names::{BirthDate, Names};
    /// use passage::domain::pivot::Pivot;
    ///
    /// let pivot = |birth_name| Pivot {
    ///     names: Names::new(birth_name, "Camille").unwrap(),
    ///     birth: BirthDate::parse("1990-04-12", "2027-01-04".parse().unwrap()).unwrap(),
    ///     gender: "female".into(),
    ///     birthplace: String::new(),
    ///     birthcountry: "99352".into(),
    /// };
    /// assert_eq!(pivot("D’Exemple").canonical(), "DEXEMPLE|CAMILLE|1990-04-12|female||99352");
    /// assert_eq!(pivot("d'exemple").canonical(), pivot("D’Exemple").canonical());
    /// ```
    pub fn canonical(&self) -> String {
        let plain = |text: &str| fold(text).collect::<String>();
        format!(
            "{}|{}|{}|{}|{}|{}",
            plain(self.names.birth_name()),
            plain(self.names.given_names()),
            self.birth.canonical(),
            self.gender,
            self.birthplace,
            self.birthcountry
        )
    }
}

/// Whether these are one person's names: the birth name and the first given name that is said are equal, whatever the
/// spelling. Where it decides, near is not enough: brothers are near.
pub fn is_very(stated: &Names, said: &Names) -> bool {
    let plain = |text: &str| fold(text).collect::<String>();
    let (said_given, stated_given) = (said.given_names(), stated.given_names());
    let is_given = match said_given.split_whitespace().next().map(plain) {
        None => stated_given.trim().is_empty(),
        Some(first) => {
            plain(said_given) == plain(stated_given)
                || stated_given.split_whitespace().any(|one| plain(one) == first)
        }
    };
    plain(said.birth_name()) == plain(stated.birth_name()) && is_given
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_very_person_is_the_person() {
        let date = |text| BirthDate::parse(text, "2027-01-04".parse().unwrap()).unwrap();
        let pivot = Pivot {
            names: Names::new("D’EXEMPLE", "Hussein Camille").unwrap(),
            birth: date("1990-04-12"),
            gender: String::new(),
            birthplace: String::new(),
            birthcountry: String::new(),
        };
        let is_of = |birth_name, given_names, birth| {
            pivot.is_of(&Names::new(birth_name, given_names).unwrap(), date(birth))
        };
        assert!(is_of("d'Exemple", "Hussein", "12/04/1990"));
        assert!(is_of("D EXEMPLE", "HUSSEIN CAMILLE", "12/04/1990"));
        for (birth_name, given_names, birth) in [
            ("d'Exemple", "Hassan", "12/04/1990"),
            ("d'Exemple", "", "12/04/1990"),
            ("d'Exemples", "Hussein", "12/04/1990"),
            ("d'Exemple", "Hussein", "00/00/1990"),
            ("d'Exemple", "Hussein", "04/12/1990"),
        ] {
            assert!(!is_of(birth_name, given_names, birth), "{birth_name} {given_names} {birth}");
        }
    }
}
