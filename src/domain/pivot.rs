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
