//! Fingerprints (blind indexes): HMACs that make it possible to find an encrypted
//! value and to keep it unique without decrypting it.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::MasterKey;

/// Version of the index keys. Raising it changes every fingerprint, so it goes
/// with an offline rebuild of the indexes.
pub const INDEX_KEY_VERSION: u16 = 1;

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

#[derive(Zeroize, ZeroizeOnDrop)]
pub(super) struct IndexKeys([[u8; 32]; Field::ALL.len()]);

impl IndexKeys {
    pub(super) fn from(master: &MasterKey) -> Self {
        Self(Field::ALL.map(|field| master.derive(&format!("index v{INDEX_KEY_VERSION} {}", field.name()))))
    }

    pub(super) fn fingerprint(&self, field: Field, canonical: &str) -> Fingerprint {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(&self.0[field as usize]).expect("HMAC takes a key of any length");
        mac.update(canonical.as_bytes());
        Fingerprint(mac.finalize().into_bytes().into())
    }
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
