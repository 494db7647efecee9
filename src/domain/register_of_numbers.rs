//! What the register of numéros étrangers knows of a number, compared with what somebody says of themselves.

use std::collections::BTreeSet;

use super::names::{BirthDate, Names};
use super::near;
use super::text_enum::text_enum;

text_enum! {
    /// What becomes of a registration that the register could not settle at once.
    RegisterCheck {
        /// The register did not answer: it is asked again.
        Due = "due",
        /// The register knows no more than the year, or the month: an agent compares.
        Year = "year",
    }
}

/// What the register holds under a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registered {
    /// Its day and month may be unknown.
    pub birth: BirthDate,
    /// Not every register gives them.
    pub names: Option<Names>,
}

/// How far the register and a person agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Agreement {
    /// The whole birth date, and the names if the register gives them.
    Whole,
    /// As far as the register knows the date, which is not to the day. So many people share a year that an agent must look.
    Year,
    None,
}

impl Registered {
    /// How far a person agrees with it.
    ///
    /// ```
    /// use passage::domain::names::{BirthDate, Names};
    /// use passage::domain::register_of_numbers::{Agreement, Registered};
    ///
    /// let date = |text| BirthDate::parse(text, "2027-01-04".parse().unwrap()).unwrap();
    /// let names = Names::new("Ben Ali", "Mohammed").unwrap();
    /// let known = Registered { birth: date("00/00/1985"), names: Some(names) };
    /// let person = Names::new("BENALI", "Mohamed").unwrap();
    /// assert_eq!(known.agreement(&person, date("12/03/1985")), Agreement::Year);
    /// assert_eq!(known.agreement(&person, date("12/03/1986")), Agreement::None);
    /// ```
    pub fn agreement(&self, names: &Names, birth: BirthDate) -> Agreement {
        if self.names.as_ref().is_some_and(|known| !near::are_names_near(known, names)) {
            return Agreement::None;
        }
        let mut readings = readings(birth).into_iter();
        readings
            .find(|(reading, _)| *reading == self.birth.canonical())
            .map_or(Agreement::None, |(_, as_far)| as_far)
    }
}

/// The canonical birth dates under which a register may hold a person, and how far each agrees.
pub fn readings(birth: BirthDate) -> Vec<(String, Agreement)> {
    let (year, month, _) = birth.parts();
    let whole = birth.full().map(|_| (birth.canonical(), Agreement::Whole));
    let months = (month > 0).then(|| format!("{year:04}-{month:02}-00"));
    let partial = months.into_iter().chain([format!("{year:04}-00-00")]);
    whole.into_iter().chain(partial.map(|reading| (reading, Agreement::Year))).collect()
}

/// The sounds that are kept of the names in a register of fingerprints: those of the birth name, since many share a given
/// name; or of that one, if there is no other.
pub fn kept_sounds(names: &Names) -> BTreeSet<String> {
    let birth_name = Names::new(names.birth_name(), "").map(|alone| near::sounds(&alone)).unwrap_or_default();
    if birth_name.is_empty() { near::sounds(names) } else { birth_name }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> BirthDate {
        BirthDate::parse(text, "2027-01-04".parse().unwrap()).unwrap()
    }

    fn agreement(known: &str, said: &str) -> Agreement {
        let names = Names::new("Trêfle", "Anne").unwrap();
        Registered { birth: date(known), names: None }.agreement(&names, date(said))
    }

    #[test]
    fn a_date_agrees_as_far_as_the_register_knows_it() {
        for (known, said, expected) in [
            ("12/03/1985", "12/03/1985", Agreement::Whole),
            ("12/03/1985", "13/03/1985", Agreement::None),
            ("12/03/1985", "00/00/1985", Agreement::None),
            ("00/00/1985", "12/03/1985", Agreement::Year),
            ("00/00/1985", "00/00/1985", Agreement::Year),
            ("00/00/1985", "12/03/1984", Agreement::None),
            ("00/03/1985", "12/03/1985", Agreement::Year),
            ("00/03/1985", "12/04/1985", Agreement::None),
            ("00/03/1985", "00/00/1985", Agreement::None),
        ] {
            assert_eq!(agreement(known, said), expected, "{known} and {said}");
        }
    }

    #[test]
    fn another_name_never_agrees() {
        let known =
            Registered { birth: date("12/03/1985"), names: Some(Names::new("Ndiaye", "Awa").unwrap()) };
        let said = |birth_name, given_names| {
            known.agreement(&Names::new(birth_name, given_names).unwrap(), date("12/03/1985"))
        };
        assert_eq!(said("N'Diaye", "Awa Marie"), Agreement::Whole);
        assert_eq!(said("Traoré", "Fatou"), Agreement::None);
    }
}
