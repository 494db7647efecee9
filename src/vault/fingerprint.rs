//! Fingerprints (blind indexes): HMACs that make it possible to find an encrypted
//! value and to keep it unique without decrypting it.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::MasterKey;

/// The fields that have fingerprints. Each field has its own key. The caller
/// brings values into the canonical form named here: two spellings of one value
/// must be equal before they reach the vault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Field {
    /// The ten digits of a numéro étranger.
    ForeignerNumber,
    /// Its ten digits, `|`, and the birth date as `YYYY-MM-DD`.
    ForeignerNumberBirth,
    /// Its ten digits, `|`, and the sound of a name (`domain::register_of_numbers`).
    ForeignerNumberName,
    /// Country (ISO 3166 alpha-3), `|`, document number without spaces, in capitals.
    Document,
    /// Issuer, `|`, subject.
    OidcSubject,
    /// The same, of somebody on the staff.
    StaffOidcSubject,
    /// The identity that a provider states (`domain::pivot`).
    Pivot,
    /// The kind of a coarse text, `|`, and the text (`domain::near`): flags a pair of people for an agent.
    Loose,
    /// The birth date as `YYYY-MM-DD`: what a look-up compares.
    BirthDate,
    /// The digest of a registration as typed: recognises a retry.
    Request,
    /// The number in E.164.
    Phone,
    /// The address in lower case.
    Email,
    /// An agent's login in lower case.
    Login,
    /// The id of a one-time code, `|`, and its digits.
    Code,
}

impl Field {
    const ALL: [Self; 14] = [
        Self::ForeignerNumber,
        Self::ForeignerNumberBirth,
        Self::ForeignerNumberName,
        Self::Document,
        Self::OidcSubject,
        Self::StaffOidcSubject,
        Self::Pivot,
        Self::Loose,
        Self::BirthDate,
        Self::Request,
        Self::Phone,
        Self::Email,
        Self::Login,
        Self::Code,
    ];

    // Part of the key derivation: if the name changes, the key changes.
    const fn name(self) -> &'static str {
        match self {
            Self::ForeignerNumber => "foreigner_number",
            Self::ForeignerNumberBirth => "foreigner_number_birth",
            Self::ForeignerNumberName => "foreigner_number_name",
            Self::Document => "document",
            Self::OidcSubject => "oidc_subject",
            Self::StaffOidcSubject => "staff_oidc_subject",
            Self::Pivot => "pivot",
            Self::Loose => "loose",
            Self::BirthDate => "birth_date",
            Self::Request => "request",
            Self::Phone => "phone",
            Self::Email => "email",
            Self::Login => "login",
            Self::Code => "one_time_code",
        }
    }
}

/// The fingerprint of one value in one field.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Fingerprint(pub [u8; 32]);

impl Fingerprint {
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl AsRef<[u8]> for Fingerprint {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

// A whole fingerprint in a log would link its lines to a person.
impl std::fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Fingerprint({}…)", hex::encode(&self.0[..2]))
    }
}

/// The keys of the fields, and those that were added since: a fingerprint is made with its field's key, and
/// the result again with each added key. So fingerprints can be given a new key without the values that they
/// stand for, which nothing holds for some of them.
#[derive(Zeroize, ZeroizeOnDrop)]
pub(super) struct IndexKeys {
    fields: [[u8; 32]; Field::ALL.len()],
    added: Vec<[u8; 32]>,
}

impl IndexKeys {
    pub(super) fn from(first: &MasterKey, added: &[[u8; 32]]) -> Self {
        let fields = Field::ALL.map(|field| first.derive(&format!("index v1 {}", field.name())));
        Self { fields, added: added.to_vec() }
    }

    pub(super) fn fingerprint(&self, field: Field, canonical: &str) -> Fingerprint {
        let first = hmac(&self.fields[field as usize], canonical.as_bytes());
        Fingerprint(self.added.iter().fold(first, |before, key| hmac(key, &before)))
    }

    pub(super) fn short(&self, field: Field, canonical: &str) -> ShortFingerprint {
        let first = shortened(hmac(&self.fields[field as usize], canonical.as_bytes()));
        self.added.iter().fold(first, |before, key| shortened(hmac(key, &before)))
    }
}

/// The beginning of a fingerprint, where it is compared with a few others only.
pub type ShortFingerprint = [u8; SHORT_BYTES];
pub const SHORT_BYTES: usize = 8;

/// A key that is added to the index keys: what turns the stored fingerprints into those of the new keys.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct AddedKey(pub(super) [u8; 32]);

impl AddedKey {
    /// What a stored fingerprint becomes.
    pub fn whole(&self, stored: &[u8]) -> Vec<u8> {
        hmac(&self.0, stored).to_vec()
    }

    /// What a row of short fingerprints becomes.
    pub fn shorts(&self, stored: &[u8]) -> Vec<u8> {
        stored.chunks(SHORT_BYTES).flat_map(|short| shortened(hmac(&self.0, short))).collect()
    }
}

fn hmac(key: &[u8; 32], message: &[u8]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    mac.update(message);
    mac.finalize().into_bytes().into()
}

fn shortened(whole: [u8; 32]) -> ShortFingerprint {
    *whole.first_chunk().expect("a fingerprint is longer than its beginning")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_field_finds_its_own_key() {
        for (position, field) in Field::ALL.into_iter().enumerate() {
            assert_eq!(field as usize, position);
        }
    }
}
