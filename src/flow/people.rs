//! Sealing and opening a person. Outside this file, names, numbers and addresses exist only on the way
//! to a page or to a gateway.

use unicode_normalization::UnicodeNormalization;

use crate::domain::country::Country;
use crate::domain::foreigner_number::ten_digits;
use crate::domain::ids::ApplicantId;
use crate::domain::names::{BirthDate, Names};
use crate::domain::notice::Way;
use crate::domain::phone::{Phone, decimal_digit, is_separator};
use crate::domain::reach::Addresses;
use crate::store::commands::{ContactFingerprints, Fingerprinted, KeyFingerprint, NewApplicant};
use crate::store::records::{EntryRecord, SealedPerson};
use crate::vault::{Field, PersonKey, Vault, open_text, seal, system_rng};

use super::{App, Fault, FlowError, fresh};

const TABLE: &str = "applicant";

/// A travel or civil document: the country that gave it, and its number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// The code of three letters.
    pub country: String,
    /// Capitals and digits, no spaces.
    pub number: String,
}

impl Document {
    /// A document as typed; none if both parts are empty.
    ///
    /// # Errors
    /// Names each part at fault.
    pub fn parse(country: &str, number: &str) -> Result<Option<Self>, Vec<Fault>> {
        let (country, number) = (country.trim(), document_number(number));
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
                Ok(Some(Self { country: country.code().to_owned(), number }))
            }
            _ => Err(faults),
        }
    }
}

/// The same number however it is copied: full-width letters and foreign figures are plain ones, and
/// spaces, dots, dashes and slashes between them do not count.
fn document_number(text: &str) -> String {
    let plain = text.nfkc().map(|letter| decimal_digit(letter).unwrap_or(letter));
    plain.filter(|letter| !is_separator(*letter)).flat_map(char::to_uppercase).collect()
}

/// What was typed, as a sentence may show it.
fn quoted(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control()).take(40).collect()
}

/// A person, checked and in the clear.
#[derive(Clone)]
pub struct Person {
    pub names: Names,
    pub birth_date: BirthDate,
    pub foreigner_number: Option<String>,
    pub document: Option<Document>,
    pub phone: Option<Phone>,
    pub email: Option<String>,
    pub language: String,
}

/// What a page or a letter shows of a person.
#[derive(Clone, Default)]
pub struct Shown {
    pub birth_name: String,
    pub given_names: String,
    pub birth_date: String,
    pub foreigner_number: Option<String>,
    pub document: Option<String>,
    pub phone: Option<String>,
    pub email: Option<String>,
}

impl Shown {
    /// Given names then birth name, as on a letter.
    pub fn full_name(&self) -> String {
        format!("{} {}", self.given_names, self.birth_name).trim().to_owned()
    }
}

/// Whether this installation writes SMS to this number: a mobile, in a country it sends to.
pub fn takes_sms(app: &App, phone: &Phone) -> bool {
    phone.can_receive_sms() && app.config.notices.sms.allows(phone.e164())
}

/// The addresses by which a message could go to a person: no number that no SMS is sent to.
pub fn addresses(app: &App, person: &Person) -> Addresses {
    Addresses {
        sms: person.phone.as_ref().is_some_and(|phone| takes_sms(app, phone)),
        email: person.email.is_some(),
    }
}

/// Whether this installation sends e-mails at all.
pub fn sends_email(app: &App) -> bool {
    app.carriers.of(Way::Email).is_some()
}

/// Seals a person under a fresh key of their own.
pub fn seal_person(vault: &Vault, person: &Person, addresses: Addresses) -> NewApplicant {
    let id: ApplicantId = fresh();
    let (key, wrapped) = vault.new_person_key(id.0, &mut system_rng());
    let sealed = |column: &str, text: &str| seal(&key, TABLE, column, id.0, text.as_bytes());
    let birth = person.birth_date.canonical();
    let name_birth = format!("{}|{birth}", person.names.match_key());
    let document =
        person.document.as_ref().map(|document| format!("{} {}", document.country, document.number));
    NewApplicant {
        id,
        wrapped_key: wrapped.0,
        birth_name: sealed("birth_name", person.names.birth_name()),
        given_names: sealed("given_names", person.names.given_names()),
        birth_date: sealed("birth_date", &birth),
        foreigner_number: person.foreigner_number.as_deref().map(|text| sealed("foreigner_number", text)),
        document: document.as_deref().map(|text| sealed("document", text)),
        phone: person.phone.as_ref().map(|phone| sealed("phone", phone.e164())),
        email: person.email.as_deref().map(|text| sealed("email", text)),
        name_birth_fingerprint: vault.fingerprint(Field::NameBirth, &name_birth).0.to_vec(),
        birth_date_fingerprint: birth_date_fingerprint(vault, &birth),
        contacts: contact_fingerprints(
            vault,
            person.phone.as_ref().map(Phone::e164),
            person.email.as_deref(),
        ),
        language: person.language.clone(),
        addresses,
    }
}

/// The fingerprint by which a status look-up compares birth dates without opening anything.
pub fn birth_date_fingerprint(vault: &Vault, canonical_birth_date: &str) -> Vec<u8> {
    vault.fingerprint(Field::BirthDate, canonical_birth_date).0.to_vec()
}

/// The fingerprints by which requests that carry the same telephone or address are counted.
pub fn contact_fingerprints(vault: &Vault, phone: Option<&str>, email: Option<&str>) -> ContactFingerprints {
    let fingerprint = |field, text: &str| vault.fingerprint(field, text).0.to_vec();
    ContactFingerprints {
        phone: phone.map(|phone| fingerprint(Field::Phone, phone)),
        email: email.map(|email| fingerprint(Field::Email, &email.to_lowercase())),
    }
}

/// The fingerprint of a numéro étranger.
pub fn number_fingerprint(vault: &Vault, number: &str) -> Vec<u8> {
    vault.fingerprint(Field::ForeignerNumber, &ten_digits(number)).0.to_vec()
}

/// The keys by which a person holds one place: the number and the document they proved.
pub fn key_fingerprints(
    vault: &Vault,
    foreigner_number: Option<&str>,
    document: Option<&Document>,
) -> Vec<KeyFingerprint> {
    let number = foreigner_number.map(|number| KeyFingerprint {
        kind: "foreigner_number",
        fingerprint: number_fingerprint(vault, number),
    });
    let document = document.map(|document| KeyFingerprint {
        kind: "document",
        fingerprint: vault
            .fingerprint(Field::Document, &format!("{}|{}", document.country, document.number))
            .0
            .to_vec(),
    });
    number.into_iter().chain(document).collect()
}

/// Opens what a migration left without fingerprints, and fingerprints it.
///
/// # Errors
/// As [`open_person`].
pub fn fingerprinted(vault: &Vault, person: &SealedPerson) -> Result<Fingerprinted, FlowError> {
    let key = vault.unwrap(person.id.0, &person.wrapped_key)?;
    let open = |column, sealed: &[u8]| open_text(&key, TABLE, column, person.id.0, sealed);
    let phone = person.phone.as_deref().map(|sealed| open("phone", sealed)).transpose()?;
    let email = person.email.as_deref().map(|sealed| open("email", sealed)).transpose()?;
    Ok(Fingerprinted {
        id: person.id,
        birth_date: birth_date_fingerprint(vault, &open("birth_date", &person.birth_date)?),
        contacts: contact_fingerprints(vault, phone.as_deref(), email.as_deref()),
    })
}

/// Opens a person for a page, a letter or an SMS.
///
/// # Errors
/// If the sealed bytes do not belong to this row.
pub fn open_person(vault: &Vault, entry: &EntryRecord) -> Result<Shown, FlowError> {
    let id = entry.applicant_id.0;
    let key: PersonKey = vault.unwrap(id, &entry.wrapped_key)?;
    let open = |column: &str, sealed: &[u8]| open_text(&key, TABLE, column, id, sealed);
    let open_some = |column: &str, sealed: &Option<Vec<u8>>| {
        sealed.as_deref().map(|sealed| open(column, sealed)).transpose()
    };
    Ok(Shown {
        birth_name: open("birth_name", &entry.birth_name)?,
        given_names: open("given_names", &entry.given_names)?,
        birth_date: open("birth_date", &entry.birth_date)?,
        foreigner_number: open_some("foreigner_number", &entry.foreigner_number)?,
        document: open_some("document", &entry.document)?,
        phone: open_some("phone", &entry.phone)?,
        email: open_some("email", &entry.email)?,
    })
}
