//! What stays when the master key changes: the first master key, from which the keys of the fingerprints, of the
//! log's signature and of the limits are derived, and the index keys that were added to it.

use uuid::Uuid;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::fingerprint::{AddedKey, IndexKeys};
use super::{MasterKey, VaultError, WrappingKeys, fill_from_system, open_secret};

const PURPOSE: &str = "roots";

/// What a database says of its roots.
#[derive(Clone, Debug)]
pub struct StoredRoots {
    /// Tells the first master key.
    pub check: Vec<u8>,
    /// Once the master key was changed, or an index key added.
    pub sealed: Option<Vec<u8>>,
}

#[derive(Zeroize, ZeroizeOnDrop)]
pub(super) struct Roots {
    first: MasterKey,
    added: Vec<[u8; 32]>,
}

impl Roots {
    pub(super) fn of(first: &MasterKey) -> Self {
        Self { first: first.copy(), added: Vec::new() }
    }

    pub(super) fn opened(known: &[WrappingKeys], sealed: &[u8]) -> Result<Self, VaultError> {
        let plain = open_secret(known, PURPOSE, Uuid::nil(), sealed)?;
        let (keys, []) = plain.as_chunks::<32>() else { return Err(VaultError::Damaged) };
        let (first, added) = keys.split_first().ok_or(VaultError::Damaged)?;
        Ok(Self { first: MasterKey::from_bytes(*first), added: added.to_vec() })
    }

    pub(super) fn sealed(&self, under: &WrappingKeys) -> Vec<u8> {
        let mut plain = Zeroizing::new(self.first.bytes().to_vec());
        self.added.iter().for_each(|key| plain.extend_from_slice(key));
        under.seal_secret(PURPOSE, Uuid::nil(), &plain)
    }

    pub(super) fn with_added_key(&self) -> (Self, AddedKey) {
        let mut key = AddedKey([0; 32]);
        fill_from_system(&mut key.0);
        let added = self.added.iter().copied().chain([key.0]).collect();
        (Self { first: self.first.copy(), added }, key)
    }

    pub(super) fn index_keys(&self) -> IndexKeys {
        IndexKeys::from(&self.first, &self.added)
    }

    pub(super) fn check(&self) -> [u8; 8] {
        self.first.check()
    }

    pub(super) fn limits(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.first.derive("rate limit names"))
    }

    /// The keys of the lines that staff write, the newest first: one more with each index key.
    pub(super) fn lines(&self) -> impl Iterator<Item = Zeroizing<[u8; 32]>> {
        let added = self.added.iter().rev().map(|key| MasterKey::from_bytes(*key));
        added.chain([self.first.copy()]).map(|key| Zeroizing::new(key.derive("lines of staff")))
    }

    pub(super) fn journal(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.first.derive("journal signature"))
    }
}
