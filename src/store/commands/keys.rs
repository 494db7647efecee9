//! Commands on what the keys of the installation have wrapped and made.

use std::sync::Arc;

use uuid::Uuid;

/// What a master key wraps, each under the id of its row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrapped {
    PersonKey,
    DrawSecret,
    StaffName,
    StaffPhone,
    SecondFactor,
    /// Of a session that ProConnect opened.
    IdToken,
    /// What an applicant asked to change, until they have typed the code.
    ContactChange,
}

impl Wrapped {
    pub const ALL: [Self; 7] = [
        Self::PersonKey,
        Self::DrawSecret,
        Self::StaffName,
        Self::StaffPhone,
        Self::SecondFactor,
        Self::IdToken,
        Self::ContactChange,
    ];

    /// Its table and column.
    pub(in crate::store) const fn place(self) -> (&'static str, &'static str) {
        match self {
            Self::PersonKey => ("applicant", "wrapped_key"),
            Self::DrawSecret => ("draw", "secret"),
            Self::StaffName => ("staff", "full_name"),
            Self::StaffPhone => ("staff", "phone"),
            Self::SecondFactor => ("staff", "totp"),
            Self::IdToken => ("session", "id_token"),
            Self::ContactChange => ("one_time_code", "change"),
        }
    }
}

/// A wrapped value and what replaces it, unless it was changed meanwhile.
#[derive(Clone)]
pub struct Moved {
    pub id: Uuid,
    pub before: Vec<u8>,
    pub after: Vec<u8>,
}

/// Turns a stored value into that of the new key.
pub type Turn = dyn Fn(&[u8]) -> Vec<u8> + Send + Sync;

/// One more index key.
#[derive(Clone)]
pub struct NewIndexKey {
    /// The stored roots, and those with the key, sealed.
    pub before: Option<Vec<u8>>,
    pub roots: Vec<u8>,
    pub whole: Arc<Turn>,
    pub shorts: Arc<Turn>,
    /// Told how many values have been turned.
    pub progress: Arc<dyn Fn(u64) + Send + Sync>,
}
