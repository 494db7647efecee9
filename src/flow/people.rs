//! Sealing and opening a person. Outside this file, names, numbers and addresses exist only on the way
//! to a page or to a gateway.

use crate::domain::ids::ApplicantId;
use crate::domain::names::{BirthDate, Names};
use crate::domain::phone::Phone;
use crate::domain::reach::Addresses;
use crate::store::commands::{KeyPrint, NewApplicant};
use crate::store::records::{EntryRecord, SealedBirthDate};
use crate::vault::{Field, PersonKey, Vault, open_text, seal, system_rng};

use super::{Fault, FlowError, fresh};

const TABLE: &str = "applicant";

/// A travel or civil document: the country that gave it, and its number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// ISO 3166 alpha-3.
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
        let country = country.trim().to_uppercase();
        let number: String =
            number.to_uppercase().chars().filter(|c| !matches!(c, ' ' | '-' | '.')).collect();
        if country.is_empty() && number.is_empty() {
            return Ok(None);
        }
        let mut faults = Vec::new();
        if country.len() != 3 || !country.chars().all(|c| c.is_ascii_uppercase()) {
            faults.push(Fault::new("document_country", "document-country"));
        }
        if !(4..=30).contains(&number.len()) || !number.chars().all(|c| c.is_ascii_alphanumeric()) {
            faults.push(Fault::new("document_number", "document-number"));
        }
        if faults.is_empty() { Ok(Some(Self { country, number })) } else { Err(faults) }
    }
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

/// Seals a person under a fresh key of their own.
pub fn seal_person(vault: &Vault, person: &Person) -> NewApplicant {
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
        name_birth_print: vault.fingerprint(Field::NameBirth, &name_birth).0.to_vec(),
        birth_date_print: birth_date_print(vault, &birth),
        language: person.language.clone(),
        addresses: Addresses {
            sms: person.phone.as_ref().is_some_and(Phone::can_receive_sms),
            email: person.email.is_some(),
        },
    }
}

/// The print by which a status look-up compares birth dates without opening anything.
pub fn birth_date_print(vault: &Vault, canonical_birth_date: &str) -> Vec<u8> {
    vault.fingerprint(Field::BirthDate, canonical_birth_date).0.to_vec()
}

/// The keys by which a person holds one place: the number and the document they proved.
pub fn key_prints(
    vault: &Vault,
    foreigner_number: Option<&str>,
    document: Option<&Document>,
) -> Vec<KeyPrint> {
    let number = foreigner_number.map(|number| KeyPrint {
        kind: "foreigner_number",
        print: vault.fingerprint(Field::ForeignerNumber, number).0.to_vec(),
    });
    let document = document.map(|document| KeyPrint {
        kind: "document",
        print: vault
            .fingerprint(Field::Document, &format!("{}|{}", document.country, document.number))
            .0
            .to_vec(),
    });
    number.into_iter().chain(document).collect()
}

/// Opens the birth date alone, as `YYYY-MM-DD`.
///
/// # Errors
/// As [`open_person`].
pub fn open_birth_date(vault: &Vault, person: &SealedBirthDate) -> Result<String, FlowError> {
    let key = vault.unwrap(person.id.0, &person.wrapped_key)?;
    Ok(open_text(&key, TABLE, "birth_date", person.id.0, &person.birth_date)?)
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
