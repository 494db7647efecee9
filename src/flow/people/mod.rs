//! A person: what is sealed of them, by which fingerprints they are found, and who opens them. Outside this room, names,
//! numbers and addresses exist only on the way to a page or to a gateway.

pub mod codes;
pub mod corrections;
pub mod document;
pub mod erasure;
pub mod export;
pub mod merge;
mod reveal;
pub mod search;
pub(in crate::flow) mod typed;
pub mod waiting;

use uuid::Uuid;

use crate::domain::foreigner_number::ten_digits;
use crate::domain::identity::KeyKind;
use crate::domain::ids::ApplicantId;
use crate::domain::names::{BirthDate, Names};
use crate::domain::near::{self, LooseKey};
use crate::domain::notice::Way;
use crate::domain::phone::Phone;
use crate::domain::reach::Addresses;
use crate::domain::refusal::Refusal;
use crate::store::commands::{
    Fingerprinted, Fingerprints, KeyFingerprint, LooseFingerprint, NewApplicant, SeenDocument,
};
use crate::store::records::{EntryRecord, SealedFields, SealedPerson};
use crate::vault::{Field, PersonKey, Vault, VaultError, open_text, seal, system_rng};

pub use document::Document;
pub use reveal::{Reader, StaffReader, reveal, reveal_all};

use super::{App, FlowError, fresh};

const TABLE: &str = "applicant";

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

/// Opens what is sealed about one person; nothing, once their key is destroyed.
pub(in crate::flow) struct Opener(Option<PersonKey>);

impl Opener {
    /// # Errors
    /// If the key cannot be opened.
    pub fn of(vault: &Vault, applicant: ApplicantId, wrapped_key: &[u8]) -> Result<Self, VaultError> {
        let is_erased = wrapped_key.is_empty();
        Ok(Self(if is_erased { None } else { Some(vault.unwrap(applicant.0, wrapped_key)?) }))
    }

    /// The text of a field; empty once the person is erased.
    ///
    /// # Errors
    /// If the sealed bytes do not belong there.
    pub fn text(&self, table: &str, column: &str, row: Uuid, sealed: &[u8]) -> Result<String, VaultError> {
        self.0.as_ref().map_or_else(|| Ok(String::new()), |key| open_text(key, table, column, row, sealed))
    }
}

/// The key under which something more is sealed about a person.
///
/// # Errors
/// [`FlowError::Refused`] once the person is erased; if the key cannot be opened.
pub(in crate::flow) fn key_of(
    vault: &Vault,
    applicant: ApplicantId,
    wrapped_key: &[u8],
) -> Result<PersonKey, FlowError> {
    if wrapped_key.is_empty() {
        return Err(Refusal::EntryEnded.into());
    }
    Ok(vault.unwrap(applicant.0, wrapped_key)?)
}

/// What a page or a letter shows of a person.
#[derive(Clone, Default)]
pub struct Shown {
    pub birth_name: String,
    pub given_names: String,
    pub birth_date: String,
    pub foreigner_number: Option<String>,
    pub document: Option<Document>,
    pub phone: Option<String>,
    pub email: Option<String>,
}

impl Shown {
    /// Given names then birth name, as on a letter; a dash once the person is erased.
    pub fn full_name(&self) -> String {
        let name = format!("{} {}", self.given_names, self.birth_name).trim().to_owned();
        if name.is_empty() { "–".to_owned() } else { name }
    }

    /// What is compared to find out whether two people are one.
    pub fn identity(&self) -> Option<(Names, BirthDate)> {
        let names = Names::new(&self.birth_name, &self.given_names).ok()?;
        Some((names, BirthDate::try_from(self.birth_date.clone()).ok()?))
    }

    /// As [`Self::identity`].
    ///
    /// # Errors
    /// [`FlowError::Refused`] once the person is erased; if what is stored cannot be read.
    pub(in crate::flow) fn known_identity(&self) -> Result<(Names, BirthDate), FlowError> {
        if self.birth_date.is_empty() {
            return Err(Refusal::EntryEnded.into());
        }
        let unreadable = || FlowError::Internal("a stored name or birth date cannot be read".to_owned());
        self.identity().ok_or_else(unreadable)
    }

    /// The coarse texts of the number and the document.
    pub fn loose_numbers(&self) -> Vec<LooseKey> {
        let number = self.foreigner_number.as_deref().map(near::number_key);
        let document = self.document.as_ref();
        number.into_iter().chain(document.map(|document| near::document_key(&document.number))).collect()
    }
}

/// Whether this installation writes SMS to this number: a mobile, in a country it sends to.
pub fn takes_sms(app: &App, phone: &Phone) -> bool {
    phone.can_receive_sms() && app.config.notices.sms.allows(phone.e164())
}

/// The addresses by which a message could go to a person: no number that no SMS is sent to.
pub fn addresses(app: &App, phone: Option<&Phone>, email: Option<&str>) -> Addresses {
    Addresses { sms: phone.is_some_and(|phone| takes_sms(app, phone)), email: email.is_some() }
}

/// Whether this installation sends e-mails at all.
pub fn sends_email(app: &App) -> bool {
    app.carriers.of(Way::Email).is_some()
}

/// Seals a person under a fresh key of their own.
pub fn seal_person(vault: &Vault, person: &Person, addresses: Addresses) -> NewApplicant {
    let id: ApplicantId = fresh();
    let (key, wrapped) = vault.new_person_key(id.0, &mut system_rng());
    NewApplicant {
        id,
        wrapped_key: wrapped.0,
        sealed: sealed(&key, id.0, person),
        fingerprints: fingerprints(vault, person),
        language: person.language.clone(),
        addresses,
    }
}

/// The fields of a person, each sealed for its column.
fn sealed(key: &PersonKey, id: Uuid, person: &Person) -> SealedFields {
    let sealed = |column: &str, text: &str| seal(key, TABLE, column, id, text.as_bytes());
    let document = person.document.as_ref().map(Document::stored);
    SealedFields {
        birth_name: sealed("birth_name", person.names.birth_name()),
        given_names: sealed("given_names", person.names.given_names()),
        birth_date: sealed("birth_date", &person.birth_date.canonical()),
        foreigner_number: person.foreigner_number.as_deref().map(|text| sealed("foreigner_number", text)),
        document: document.as_deref().map(|text| sealed("document", text)),
        phone: person.phone.as_ref().map(|phone| sealed("phone", phone.e164())),
        email: person.email.as_deref().map(|text| sealed("email", text)),
    }
}

/// A document that an agent has seen, sealed for the person whose request it is.
///
/// # Errors
/// If the person's key cannot be opened.
pub fn seal_document(
    app: &App,
    record: &EntryRecord,
    document: &Document,
) -> Result<SeenDocument, FlowError> {
    let id = record.applicant_id.0;
    let key = key_of(&app.vault, record.applicant_id, &record.wrapped_key)?;
    Ok(SeenDocument {
        applicant: record.applicant_id,
        sealed: seal(&key, TABLE, "document", id, document.stored().as_bytes()),
        fingerprint: document_fingerprint(&app.vault, document),
        loose: loose_fingerprints(&app.vault, &[near::document_key(&document.number)]),
    })
}

/// Every fingerprint by which a person is found, told from others, or shown beside their likes.
pub fn fingerprints(vault: &Vault, person: &Person) -> Fingerprints {
    Fingerprints {
        birth_date: birth_date_fingerprint(vault, &person.birth_date.canonical()),
        phone: person.phone.as_ref().map(|phone| phone_fingerprint(vault, phone.e164())),
        email: person.email.as_deref().map(|email| email_fingerprint(vault, email)),
        number: person.foreigner_number.as_deref().map(|number| number_fingerprint(vault, number)),
        document: person.document.as_ref().map(|document| document_fingerprint(vault, document)),
        loose: loose_fingerprints(vault, &loose_keys(person, near::keys)),
    }
}

/// The coarse texts of a person, as they are stored (`near::keys`) or looked for (`near::looked_for`).
pub fn loose_keys(person: &Person, of_names: fn(&Names, BirthDate) -> Vec<LooseKey>) -> Vec<LooseKey> {
    let number = person.foreigner_number.as_deref().map(near::number_key);
    let document = person.document.as_ref().map(|document| near::document_key(&document.number));
    of_names(&person.names, person.birth_date).into_iter().chain(number).chain(document).collect()
}

pub fn loose_fingerprints(vault: &Vault, keys: &[LooseKey]) -> Vec<LooseFingerprint> {
    let fingerprint = |(kind, text): &LooseKey| {
        let bound = format!("{kind}|{text}");
        LooseFingerprint { kind: *kind, fingerprint: vault.fingerprint(Field::Loose, &bound).0.to_vec() }
    };
    keys.iter().map(fingerprint).collect()
}

/// The fingerprint by which a status look-up compares birth dates without opening anything.
pub fn birth_date_fingerprint(vault: &Vault, canonical_birth_date: &str) -> Vec<u8> {
    vault.fingerprint(Field::BirthDate, canonical_birth_date).0.to_vec()
}

/// The fingerprint of a telephone number.
pub fn phone_fingerprint(vault: &Vault, e164: &str) -> Vec<u8> {
    vault.fingerprint(Field::Phone, e164).0.to_vec()
}

/// The fingerprint of an e-mail address.
pub fn email_fingerprint(vault: &Vault, email: &str) -> Vec<u8> {
    vault.fingerprint(Field::Email, &email.to_lowercase()).0.to_vec()
}

/// The fingerprint of a document.
pub fn document_fingerprint(vault: &Vault, document: &Document) -> Vec<u8> {
    let canonical = format!("{}|{}", document.country, document.number);
    vault.fingerprint(Field::Document, &canonical).0.to_vec()
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
        kind: KeyKind::ForeignerNumber,
        fingerprint: number_fingerprint(vault, number),
    });
    let document = document.map(|document| KeyFingerprint {
        kind: KeyKind::Document,
        fingerprint: document_fingerprint(vault, document),
    });
    number.into_iter().chain(document).collect()
}

/// Opens what a migration left without fingerprints, and fingerprints it.
///
/// # Errors
/// If a field cannot be opened, or holds what cannot be read.
pub fn fingerprinted(vault: &Vault, sealed: &SealedPerson) -> Result<Fingerprinted, FlowError> {
    let shown = reveal::opened(vault, sealed.id, &sealed.wrapped_key, &sealed.sealed)?;
    let (names, birth_date) = shown.known_identity()?;
    // A telephone is stored as it is fingerprinted, and need not be one by today's rules.
    let phone = shown.phone.as_deref().map(|phone| phone_fingerprint(vault, phone));
    let person = Person {
        names,
        birth_date,
        foreigner_number: shown.foreigner_number,
        document: shown.document,
        phone: None,
        email: shown.email,
        language: String::new(),
    };
    Ok(Fingerprinted { id: sealed.id, fingerprints: Fingerprints { phone, ..fingerprints(vault, &person) } })
}
