//! A travel or civil document: as somebody declares it, and as an agent reads it with the document before their eyes.

use std::fmt;

use chrono::{Months, NaiveDate};
use unicode_normalization::UnicodeNormalization;

use super::typed::{self, keep};
use crate::domain::country::Country;
use crate::domain::day;
use crate::domain::identity::DocumentKind;
use crate::domain::names::{BirthDate, Names};
use crate::domain::near::are_near;
use crate::domain::phone::{decimal_digit, is_separator};
use crate::flow::Fault;
use crate::identity::mrz;

/// An expiry further from today than this is a slip of the pen.
const EXPIRY_MONTHS_AROUND: Months = Months::new(30 * 12);

/// A document: the country that gave it, and its number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// The code of three letters.
    pub country: String,
    /// Capitals and digits, no spaces.
    pub number: String,
    /// What an agent read on it; none if it is only declared.
    pub seen: Option<Seen>,
}

/// What an agent read on a document besides its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    pub kind: DocumentKind,
    /// The last day on which it is good; none if it has no end.
    pub expires: Option<NaiveDate>,
}

impl Document {
    /// A document as typed; none if both parts are empty.
    ///
    /// # Errors
    /// Names each part at fault.
    pub fn parse(country: &str, number: &str) -> Result<Option<Self>, Vec<Fault>> {
        let (country, number) = (country.trim(), canonical_number(number));
        if country.is_empty() && number.is_empty() {
            return Ok(None);
        }
        let mut faults = Vec::new();
        let named = Country::parse(country);
        if named.is_none() {
            let key = if country.is_empty() { "document-country-missing" } else { "document-country" };
            faults.push(Fault::new("document_country", key).with(quoted(country)));
        }
        if !(4..=30).contains(&number.len()) || !number.chars().all(|c| c.is_ascii_alphanumeric()) {
            faults.push(Fault::new("document_number", "document-number"));
        }
        match named {
            Some(country) if faults.is_empty() => {
                Ok(Some(Self { country: country.code().to_owned(), number, seen: None }))
            }
            _ => Err(faults),
        }
    }

    /// The text that is sealed.
    pub(super) fn stored(&self) -> String {
        let Some(Seen { kind, expires }) = self.seen else { return self.to_string() };
        match expires {
            Some(day) => format!("{self} {kind} {day}"),
            None => format!("{self} {kind}"),
        }
    }

    /// As it was sealed.
    pub(super) fn read_stored(text: &str) -> Option<Self> {
        let mut parts = text.split(' ');
        let (country, number) = (parts.next()?.to_owned(), parts.next()?.to_owned());
        let kind = parts.next().and_then(|word| word.parse().ok());
        let expires = parts.next().and_then(|day| day.parse().ok());
        Some(Self { country, number, seen: kind.map(|kind| Seen { kind, expires }) })
    }
}

/// Country and number: what one document is known by.
impl fmt::Display for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.country, self.number)
    }
}

/// A document before an agent's eyes, as typed: its machine-readable zone, or its number twice.
#[derive(Clone, Debug, Default)]
pub struct TypedDocument {
    pub zone: String,
    pub kind: String,
    pub country: String,
    pub number: String,
    pub number_again: String,
    pub expires: String,
}

/// A document that was read, and whom it names.
#[derive(Clone, Debug)]
pub struct ReadDocument {
    pub document: Document,
    /// As its machine-readable zone says, or as an agent has typed it from the document.
    pub holder: Option<(Names, BirthDate)>,
    /// Where a fault of the holder is said.
    holder_at: &'static str,
}

/// The field of a machine-readable zone, and the first of a holder that is typed.
const ZONE: &str = "document_zone";
const TYPED_HOLDER: &str = "birth_name";

impl TypedDocument {
    /// Reads it: no slip of one digit becomes a key.
    ///
    /// # Errors
    /// Names each part at fault.
    pub fn read(&self, today: NaiveDate) -> Result<ReadDocument, Vec<Fault>> {
        if !self.zone.trim().is_empty() {
            return self.read_zone(today).map_err(|fault| vec![fault]);
        }
        let mut faults = Vec::new();
        let document = Document::parse(&self.country, &self.number).unwrap_or_else(|found| {
            faults.extend(found);
            None
        });
        if document.is_none() && faults.is_empty() {
            faults.push(Fault::new("document_number", "document-needed"));
        }
        if document.as_ref().is_some_and(|one| one.number != canonical_number(&self.number_again)) {
            faults.push(Fault::new("document_number_again", "document-number-again"));
        }
        let kind = self.kind.parse::<DocumentKind>().ok();
        if kind.is_none() {
            faults.push(Fault::new("document_kind", "document-kind"));
        }
        let expires = self.read_expiry(kind, today).unwrap_or_else(|fault| {
            faults.push(fault);
            None
        });
        match (document, kind) {
            (Some(document), Some(kind)) if faults.is_empty() => {
                let document = Document { seen: Some(Seen { kind, expires }), ..document };
                Ok(ReadDocument { document, holder: None, holder_at: TYPED_HOLDER })
            }
            _ => Err(faults),
        }
    }

    /// Reads it with whom it names: as a machine has read it, or as an agent types birth name, given names and birth date
    /// from it.
    ///
    /// # Errors
    /// Names each part at fault.
    pub fn read_with_holder(
        &self,
        [birth_name, given_names, birth_date]: [&str; 3],
        today: NaiveDate,
    ) -> Result<ReadDocument, Vec<Fault>> {
        let read = self.read(today);
        let has_zone = !self.zone.trim().is_empty();
        if read.as_ref().map_or(has_zone, |read| read.holder.is_some()) {
            return read;
        }
        let mut faults = Vec::new();
        let read = read.map_err(|found| faults.extend(found)).ok();
        let names = keep(&mut faults, typed::names(birth_name, given_names));
        let birth = keep(&mut faults, typed::birth_date(birth_date, today));
        match (read, names, birth) {
            (Some(read), Some(names), Some(birth)) => {
                Ok(ReadDocument { holder: Some((names, birth)), holder_at: TYPED_HOLDER, ..read })
            }
            _ => Err(faults),
        }
    }

    fn read_expiry(&self, kind: Option<DocumentKind>, today: NaiveDate) -> Result<Option<NaiveDate>, Fault> {
        let fault = |key| Err(Fault::new("document_expires", key));
        if self.expires.trim().is_empty() {
            let is_needed = kind.is_some_and(DocumentKind::has_expiry);
            return if is_needed { fault("document-expires-missing") } else { Ok(None) };
        }
        let around = today - EXPIRY_MONTHS_AROUND..today + EXPIRY_MONTHS_AROUND;
        match day::read(&self.expires, today) {
            Ok(day) if around.contains(&day) => Ok(Some(day)),
            _ => fault("document-expires"),
        }
    }

    fn read_zone(&self, today: NaiveDate) -> Result<ReadDocument, Fault> {
        let zone = mrz::read(&self.zone, today)
            .map_err(|error| Fault::new(ZONE, &format!("document-zone-{}", error.as_str())))?;
        if Country::parse(&zone.country).is_none() {
            return Err(Fault::new(ZONE, "document-zone-country").with(zone.country));
        }
        let number = zone.number.replace('<', "");
        let document = Document::parse(&zone.country, &number).ok().flatten();
        let document = document.ok_or_else(|| Fault::new(ZONE, "document-zone-digits"))?;
        let typed = canonical_number(&self.number);
        if !typed.is_empty() && typed != document.number {
            return Err(Fault::new("document_number", "document-zone-number"));
        }
        let seen = Some(Seen { kind: zone.kind, expires: zone.expires });
        Ok(ReadDocument { document: Document { seen, ..document }, holder: zone.holder, holder_at: ZONE })
    }
}

impl ReadDocument {
    /// Whether it may be this person's: what it says of names and birth is near.
    ///
    /// # Errors
    /// Names the field.
    pub fn of(self, person: &(Names, BirthDate)) -> Result<Document, Fault> {
        match &self.holder {
            Some(holder) if !are_near(holder, person) => {
                let key =
                    if self.holder_at == ZONE { "document-zone-person" } else { "document-typed-person" };
                Err(Fault::new(self.holder_at, key))
            }
            _ => Ok(self.document),
        }
    }
}

/// The same number however it is copied: full-width letters and foreign figures are plain ones, and
/// spaces, dots, dashes and slashes between them do not count.
fn canonical_number(text: &str) -> String {
    let plain = text.nfkc().map(|letter| decimal_digit(letter).unwrap_or(letter));
    plain.filter(|letter| !is_separator(*letter)).flat_map(char::to_uppercase).collect()
}

/// What was typed, as a sentence may show it.
fn quoted(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control()).take(40).collect()
}
