//! The vault encrypts ("seals") personal fields and makes the HMAC fingerprints
//! by which they are found. A stolen database alone must be unreadable, and
//! erasing a person's key must erase the person.
//!
//! One master key outside the database wraps one data key per person. A sealed
//! field is bound to its table, column and row, so that it cannot be moved.
//! Fingerprints have one key per field, so that equal values in two fields do
//! not have equal fingerprints.
//!
//! The first master key also gives the keys of the fingerprints and of the log's
//! signature, which must not change with it ([`Roots`]): once a second one wraps,
//! the database holds them, sealed under it.

mod fingerprint;
pub mod keys;
mod roots;
mod sealed;
pub mod shares;
#[cfg(test)]
mod tests;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{CryptoRng, SeedableRng};
use subtle::ConstantTimeEq;
use uuid::Uuid;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

pub use fingerprint::{AddedKey, Field, Fingerprint, SHORT_BYTES, ShortFingerprint};
pub use keys::{KeyError, KeyId, MasterKey};
pub use roots::StoredRoots;
pub use sealed::{open, open_text, seal};

use fingerprint::IndexKeys;
use roots::Roots;

/// Why the vault could not decrypt something. It gives no more detail: the
/// difference between a damaged and a moved value would help only an attacker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    #[error("a sealed value is damaged, or was sealed for another place or by another key")]
    Damaged,
    #[error("a sealed value has format {0}, which this version of Passage does not know")]
    UnknownFormat(u8),
    #[error(
        "a value is wrapped by master key {0}, which was not given: name it in vault.previous_master_key_file"
    )]
    UnknownKey(KeyId),
    #[error("an opened value is not valid text")]
    NotText,
}

/// A person's own data key. Destroying its wrapped copy erases the person.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct PersonKey([u8; 32]);

impl std::fmt::Debug for PersonKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PersonKey(hidden)")
    }
}

/// A person's key as the database keeps it: format, master key id, nonce, and
/// the key encrypted. Not secret without the master key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrappedKey(pub Vec<u8>);

/// The wrapping key derived from one master key.
#[derive(Zeroize, ZeroizeOnDrop)]
struct WrappingKeys {
    #[zeroize(skip)]
    id: KeyId,
    persons: [u8; 32],
    secrets: [u8; 32],
}

impl WrappingKeys {
    fn from(master: &MasterKey) -> Self {
        Self {
            id: master.id(),
            persons: master.derive("wrap person keys"),
            secrets: master.derive("wrap installation secrets"),
        }
    }
}

/// The open vault: everything derived from the master keys. Make one at start.
pub struct Vault {
    /// The first one wraps; the others only unwrap, during a change of keys.
    wrapping: Vec<WrappingKeys>,
    roots: Roots,
    index: IndexKeys,
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Vault(key {})", self.wrapping[0].id)
    }
}

const FORMAT: u8 = 1;
const NONCE_LEN: usize = 24;
const ID_LEN: usize = 8;
const PERSON_KEY: &str = "person_key";
const SECRET: &str = "installation_secret";
const SEALED_LINE: &str = "sealed:";

impl Vault {
    /// A vault under one master key that was never changed.
    pub fn new(master: &MasterKey) -> Self {
        Self::of(vec![WrappingKeys::from(master)], Roots::of(master))
    }

    /// The vault of an installation. The first master key wraps, all of them unwrap. `stored` is what its
    /// database says, once it says anything.
    ///
    /// # Errors
    /// [`VaultError::UnknownKey`] if the roots were sealed under a master key that is not given.
    pub fn open(masters: &[MasterKey], stored: Option<&StoredRoots>) -> Result<Self, VaultError> {
        let wrapping: Vec<_> = masters.iter().map(WrappingKeys::from).collect();
        let first = |check: &[u8]| masters.iter().find(|master| master.check() == check);
        let roots = match stored {
            Some(StoredRoots { sealed: Some(sealed), .. }) => Roots::opened(&wrapping, sealed)?,
            // Under a foreign key, the check is refused.
            Some(StoredRoots { check, sealed: None }) => Roots::of(first(check).unwrap_or(&masters[0])),
            None => Roots::of(&masters[0]),
        };
        Ok(Self::of(wrapping, roots))
    }

    fn of(wrapping: Vec<WrappingKeys>, roots: Roots) -> Self {
        let index = roots.index_keys();
        Self { wrapping, roots, index }
    }

    /// The master key that wraps.
    pub fn wraps_under(&self) -> KeyId {
        self.wrapping[0].id
    }

    /// Whether a wrapped or sealed value is under the master key that wraps.
    pub fn wraps(&self, wrapped: &[u8]) -> bool {
        split(&self.wrapping[..1], wrapped).is_ok()
    }

    /// The roots, sealed under the master key that wraps.
    pub fn sealed_roots(&self) -> Vec<u8> {
        self.roots.sealed(&self.wrapping[0])
    }

    /// The same roots with one more index key, sealed; and that key, for the fingerprints that are stored.
    pub fn with_added_key(&self) -> (Vec<u8>, AddedKey) {
        let (roots, added) = self.roots.with_added_key();
        (roots.sealed(&self.wrapping[0]), added)
    }

    /// A check of the first master key in eight bytes, stored in the database at its creation.
    pub fn key_check(&self) -> [u8; 8] {
        self.roots.check()
    }

    /// Whether the database that stored `check` belongs to this master key.
    /// If not, refuse to start: encrypting under a second key would lose data.
    pub fn accepts_check(&self, check: &[u8]) -> bool {
        self.key_check().as_slice().ct_eq(check).into()
    }

    /// The HMAC key for the names that rate limits count, shared by all
    /// instances of an installation.
    pub fn limits_key(&self) -> Zeroizing<[u8; 32]> {
        self.roots.limits()
    }

    /// The seed of the key that signs the log's heads. It is derived, so there is no second key to back up.
    pub fn journal_seed(&self) -> Zeroizing<[u8; 32]> {
        self.roots.journal()
    }

    /// Makes a person's data key, and its wrapped form to store.
    pub fn new_person_key<R: CryptoRng>(&self, person: Uuid, rng: &mut R) -> (PersonKey, WrappedKey) {
        let mut key = PersonKey([0; 32]);
        rng.fill_bytes(&mut key.0);
        let wrapped = self.wrap(person, &key);
        (key, wrapped)
    }

    /// Opens a stored person key.
    pub fn unwrap(&self, person: Uuid, wrapped: &[u8]) -> Result<PersonKey, VaultError> {
        let (keys, sealed) = split(&self.wrapping, wrapped)?;
        let aad = key_aad(PERSON_KEY, "", person, keys.id);
        let plain = decrypt(&keys.persons, sealed, &aad)?;
        let key = plain.as_slice().try_into().map_err(|_| VaultError::Damaged)?;
        Ok(PersonKey(key))
    }

    /// The same person key wrapped under the master key that wraps now, or `None` if it
    /// already is. So the master key can be changed while the program runs.
    ///
    /// # Errors
    /// As [`Vault::unwrap`].
    pub fn rewrap(&self, person: Uuid, wrapped: &[u8]) -> Result<Option<WrappedKey>, VaultError> {
        let key = self.unwrap(person, wrapped)?;
        let (keys, _) = split(&self.wrapping, wrapped)?;
        Ok((keys.id != self.wrapping[0].id).then(|| self.wrap(person, &key)))
    }

    /// The blind index of a canonical value: see [`Field`] for what canonical
    /// means. Equal values in one field, and only those, have equal fingerprints.
    pub fn fingerprint(&self, field: Field, canonical: &str) -> Fingerprint {
        self.index.fingerprint(field, canonical)
    }

    /// As [`Vault::fingerprint`], short.
    pub fn short_fingerprint(&self, field: Field, canonical: &str) -> ShortFingerprint {
        self.index.short(field, canonical)
    }

    /// Seals a secret of the installation, such as a draw's commitment, for one
    /// purpose and one id.
    pub fn seal_secret(&self, purpose: &str, id: Uuid, secret: &[u8]) -> Vec<u8> {
        self.wrapping[0].seal_secret(purpose, id, secret)
    }

    /// Opens what [`Vault::seal_secret`] sealed for the same purpose and id.
    pub fn open_secret(
        &self,
        purpose: &str,
        id: Uuid,
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        open_secret(&self.wrapping, purpose, id, sealed)
    }

    /// The same secret sealed under the master key that wraps now, or `None` if it already is.
    ///
    /// # Errors
    /// As [`Vault::open_secret`].
    pub fn reseal_secret(
        &self,
        purpose: &str,
        id: Uuid,
        sealed: &[u8],
    ) -> Result<Option<Vec<u8>>, VaultError> {
        let secret = self.open_secret(purpose, id, sealed)?;
        let (keys, _) = split(&self.wrapping, sealed)?;
        Ok((keys.id != self.wrapping[0].id).then(|| self.seal_secret(purpose, id, &secret)))
    }

    /// Seals a line of text as text, under a key that stays when the master key changes: the log keeps it for ever.
    pub fn seal_line(&self, line: &str) -> String {
        let key = self.roots.lines().next().expect("the first key is always there");
        SEALED_LINE.to_owned() + &hex::encode(encrypt(&key, line.as_bytes(), SEALED_LINE.as_bytes()))
    }

    /// Opens what [`Vault::seal_line`] sealed; a line that an earlier version stored stands as it is.
    ///
    /// # Errors
    /// [`VaultError::Damaged`] if it was changed.
    pub fn open_line(&self, stored: &str) -> Result<String, VaultError> {
        let Some(sealed) = stored.strip_prefix(SEALED_LINE) else { return Ok(stored.to_owned()) };
        let sealed = hex::decode(sealed).map_err(|_| VaultError::Damaged)?;
        let opened = self.roots.lines().find_map(|key| decrypt(&key, &sealed, SEALED_LINE.as_bytes()).ok());
        let plain = opened.ok_or(VaultError::Damaged)?;
        String::from_utf8(plain.to_vec()).map_err(|_| VaultError::NotText)
    }

    fn wrap(&self, person: Uuid, key: &PersonKey) -> WrappedKey {
        let keys = &self.wrapping[0];
        let aad = key_aad(PERSON_KEY, "", person, keys.id);
        WrappedKey(join(keys.id, &encrypt(&keys.persons, &key.0, &aad)))
    }
}

impl WrappingKeys {
    fn seal_secret(&self, purpose: &str, id: Uuid, secret: &[u8]) -> Vec<u8> {
        let aad = key_aad(SECRET, purpose, id, self.id);
        join(self.id, &encrypt(&self.secrets, secret, &aad))
    }
}

fn open_secret(
    known: &[WrappingKeys],
    purpose: &str,
    id: Uuid,
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, VaultError> {
    let (keys, rest) = split(known, sealed)?;
    decrypt(&keys.secrets, rest, &key_aad(SECRET, purpose, id, keys.id))
}

/// Finds the master key named in a wrapped value, and the wrapped bytes.
fn split<'a>(
    known: &'a [WrappingKeys],
    wrapped: &'a [u8],
) -> Result<(&'a WrappingKeys, &'a [u8]), VaultError> {
    let rest = strip_format(wrapped)?;
    let (id, rest) = rest.split_first_chunk::<ID_LEN>().ok_or(VaultError::Damaged)?;
    let id = KeyId(*id);
    let keys = known.iter().find(|keys| keys.id == id);
    Ok((keys.ok_or(VaultError::UnknownKey(id))?, rest))
}

fn join(id: KeyId, sealed: &[u8]) -> Vec<u8> {
    [&[FORMAT], id.0.as_slice(), sealed].concat()
}

fn strip_format(bytes: &[u8]) -> Result<&[u8], VaultError> {
    match bytes.split_first() {
        Some((&FORMAT, rest)) => Ok(rest),
        Some((&other, _)) => Err(VaultError::UnknownFormat(other)),
        None => Err(VaultError::Damaged),
    }
}

/// Associated data of a wrapped key or secret: what, for whom, by which key.
fn key_aad(what: &str, purpose: &str, id: Uuid, key: KeyId) -> Vec<u8> {
    associated(&[what.as_bytes(), purpose.as_bytes(), id.as_bytes(), &key.0])
}

/// Joins parts with their lengths, so that different lists of parts never give the same bytes.
fn associated(parts: &[&[u8]]) -> Vec<u8> {
    let mut joined = Vec::new();
    for part in parts {
        joined.extend_from_slice(&(part.len() as u64).to_be_bytes());
        joined.extend_from_slice(part);
    }
    joined
}

/// Nonce, ciphertext and tag. The nonce never comes from a caller's generator:
/// a repeated seed would repeat a nonce, and a repeated nonce reveals both values.
fn encrypt(key: &[u8; 32], plaintext: &[u8], aad: &[u8]) -> Vec<u8> {
    let mut nonce = [0; NONCE_LEN];
    fill_from_system(&mut nonce);
    let payload = Payload { msg: plaintext, aad };
    let sealed = XChaCha20Poly1305::new(key.into())
        .encrypt(&XNonce::from(nonce), payload)
        .expect("fields are far below the cipher's limit of 256 GiB");
    [nonce.as_slice(), &sealed].concat()
}

fn decrypt(key: &[u8; 32], sealed: &[u8], aad: &[u8]) -> Result<Zeroizing<Vec<u8>>, VaultError> {
    let (nonce, ciphertext) = sealed.split_first_chunk::<NONCE_LEN>().ok_or(VaultError::Damaged)?;
    let payload = Payload { msg: ciphertext, aad };
    XChaCha20Poly1305::new(key.into())
        .decrypt(&XNonce::from(*nonce), payload)
        .map(Zeroizing::new)
        .map_err(|_| VaultError::Damaged)
}

/// A fresh generator seeded by the operating system, for callers that pass
/// randomness on.
#[must_use]
pub fn system_rng() -> ChaCha20Rng {
    let mut seed = Zeroizing::new([0; 32]);
    fill_from_system(seed.as_mut());
    ChaCha20Rng::from_seed(*seed)
}

fn fill_from_system(bytes: &mut [u8]) {
    getrandom::fill(bytes).expect("without the system's randomness nothing can be sealed");
}
