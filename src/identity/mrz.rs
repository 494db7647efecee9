//! The machine-readable zone of a passport, a card or a permit (ICAO Doc 9303, formats TD1, TD2 and TD3), as a reader types
//! it or an agent copies it. Nothing is taken from a zone of which one check digit is wrong.

use chrono::{Datelike, NaiveDate};
use mrz::{MrzData, MrzDate, ParseOptions, parse_td1_with, parse_td2_with, parse_td3_with};

use crate::domain::identity::DocumentKind;
use crate::domain::names::{BirthDate, Names};
use crate::domain::text_enum::text_enum;

/// Characters of a zone: two lines of 44, two of 36, three of 30.
const TD3: usize = 88;
const TD2: usize = 72;
const TD1: usize = 90;
/// Longest input looked at, in bytes.
const RAW_MAX_BYTES: usize = 400;

text_enum! {
    /// Why a zone is not read.
    ZoneError {
        /// Lines are missing, or characters.
        Length = "length",
        /// A character or a check digit is wrong.
        Digits = "digits",
    }
}

/// What a zone says.
#[derive(Clone, Debug)]
pub struct Zone {
    pub kind: DocumentKind,
    /// The code of whoever gave the document.
    pub country: String,
    pub number: String,
    pub expires: Option<NaiveDate>,
    /// None if the zone leaves the birth date out.
    pub holder: Option<(Names, BirthDate)>,
}

/// Reads a zone. Spaces and the ends of lines do not count, nor do small letters.
///
/// # Errors
/// See [`ZoneError`].
///
/// ```
/// use passage::identity::mrz::{self, ZoneError};
///
/// let today = "2027-01-04".parse().unwrap();
/// let text = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10";
/// let zone = mrz::read(text, today).unwrap();
/// assert_eq!((zone.country.as_str(), zone.number.as_str()), ("UTO", "L898902C3"));
/// assert_eq!(zone.expires.unwrap().to_string(), "2012-04-15");
/// assert_eq!(zone.holder.unwrap().0.full(), "ANNA MARIA ERIKSSON");
/// let slip = text.replace("L898902C36", "L898902C46");
/// assert_eq!(mrz::read(&slip, today).unwrap_err(), ZoneError::Digits);
/// assert_eq!(mrz::read(&text[..44], today).unwrap_err(), ZoneError::Length);
/// ```
pub fn read(text: &str, today: NaiveDate) -> Result<Zone, ZoneError> {
    if text.len() > RAW_MAX_BYTES {
        return Err(ZoneError::Length);
    }
    let zone: String = text
        .chars()
        .filter(|letter| !letter.is_whitespace())
        .map(|letter| letter.to_ascii_uppercase())
        .collect();
    if !zone.is_ascii() {
        return Err(ZoneError::Digits);
    }
    let this_year = u32::try_from(today.year().rem_euclid(100)).unwrap_or(0);
    let options = ParseOptions::default().with_pivot_yy(this_year);
    let read = match zone.len() {
        TD3 => parse_td3_with(&zone[..44], &zone[44..], &options),
        TD2 => parse_td2_with(&zone[..36], &zone[36..], &options),
        TD1 => parse_td1_with(&zone[..30], &zone[30..60], &zone[60..], &options),
        _ => return Err(ZoneError::Length),
    };
    let data = read.ok().filter(MrzData::valid).ok_or(ZoneError::Digits)?;
    Ok(Zone {
        kind: kind(&data.document_type),
        country: data.issuing_country.clone(),
        number: data.full_document_number().to_owned(),
        expires: expires(data.date_of_expiry),
        holder: holder(&data, today),
    })
}

/// A passport, a residence permit (`IR`, `AR`, `CR`), or another card.
fn kind(code: &str) -> DocumentKind {
    match code.as_bytes() {
        [b'P', ..] => DocumentKind::Passport,
        [_, b'R'] => DocumentKind::ResidencePermit,
        _ => DocumentKind::IdentityCard,
    }
}

fn expires(date: MrzDate) -> Option<NaiveDate> {
    let date = date.calendar()?;
    NaiveDate::from_ymd_opt(date.year, date.month, date.day)
}

fn holder(data: &MrzData, today: NaiveDate) -> Option<(Names, BirthDate)> {
    let names = Names::new(&data.surname, &data.given_names).ok()?;
    let text = match data.date_of_birth {
        MrzDate::Calendar(born) => format!("{:02}/{:02}/{:04}", born.day, born.month, born.year),
        MrzDate::PartiallyUnknown(raw) => partial(raw.as_str(), today)?,
        _ => return None,
    };
    Some((names, BirthDate::parse(&text, today).ok()?))
}

/// A birth date of which a part is unknown: `85<<<<` is some day of 1985.
fn partial(raw: &str, today: NaiveDate) -> Option<String> {
    let part = |at: usize| raw.get(at..at + 2).map(|two| if two == "<<" { "00" } else { two });
    let year: i32 = part(0).filter(|two| *two != "00")?.parse().ok()?;
    let century = if 2000 + year > today.year() { 1900 } else { 2000 };
    Some(format!("{}/{}/{}", part(4)?, part(2)?, century + year))
}

#[cfg(test)]
mod tests {
    use mrz::{Date, Td3Fields, format_td3};

    use super::*;

    #[test]
    fn the_century_is_counted_from_today_and_an_unknown_day_is_none() {
        let today = "2031-06-01".parse().unwrap();
        let of = |date_of_birth| {
            let fields = Td3Fields {
                issuing_country: "MAR".into(),
                document_number: "AB1234567".into(),
                surname: "DEMO".into(),
                nationality: "MAR".into(),
                date_of_birth,
                date_of_expiry: MrzDate::Calendar(Date::new(2035, 1, 1)),
                ..Td3Fields::default()
            };
            read(&format_td3(&fields), today).unwrap().holder.map(|(_, birth)| birth.french())
        };
        assert_eq!(of(MrzDate::Calendar(Date::new(2029, 1, 3))).as_deref(), Some("03/01/2029"));
        assert_eq!(of(MrzDate::Calendar(Date::new(1985, 1, 3))).as_deref(), Some("03/01/1985"));
        assert_eq!(of(MrzDate::Unknown), None);
        assert_eq!(partial("85<<<<", today).as_deref(), Some("00/00/1985"));
    }
}
