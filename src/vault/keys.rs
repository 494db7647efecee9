//! The master key: 32 bytes kept outside the database, in a file or in the
//! environment. If it is lost, every personal field is lost, so making a key
//! never overwrites another.

use std::fmt;
use std::fs;
use std::io::{self, Write};
use std::path::Path;

use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::fill_from_system;

/// Why a master key could not be made or read. Never quotes the key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error("{0} already exists and is never overwritten: move it away if it protects no database")]
    Exists(String),
    #[error("no master key at {0}: make one with `passage keys init`, or restore it from its backup")]
    Missing(String),
    #[error("the master key at {path} could not be used: {source}")]
    File { path: String, source: io::Error },
    #[error("the master key must be 64 hexadecimal digits (32 bytes), found {found} characters")]
    Length { found: usize },
    #[error("the master key must be 64 hexadecimal digits: one of the characters is not 0-9 or a-f")]
    NotHex,
}

/// Public name of a master key: the first eight bytes of a hash of it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct KeyId(pub [u8; 8]);

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyId({self})")
    }
}

/// The installation's master key. Wiped from memory when dropped.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct MasterKey([u8; 32]);

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MasterKey(hidden, id {})", self.id())
    }
}

impl MasterKey {
    /// A key from its bytes, for tests and restores.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    pub(super) fn copy(&self) -> Self {
        Self(self.0)
    }

    pub(super) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// A key from 64 hexadecimal digits; white space around them is ignored.
    pub fn from_hex(text: &str) -> Result<Self, KeyError> {
        let text = text.trim();
        if text.len() != 64 {
            return Err(KeyError::Length { found: text.chars().count() });
        }
        let mut key = Self([0; 32]);
        hex::decode_to_slice(text, &mut key.0).map_err(|_| KeyError::NotHex)?;
        Ok(key)
    }

    /// A key from a file made by [`init`]. Warns if others can read the file: a
    /// container's mounted secrets often are so, hence no refusal.
    pub fn from_file(path: &Path) -> Result<Self, KeyError> {
        let text = fs::read_to_string(path).map(Zeroizing::new).map_err(|source| failed(path, source))?;
        warn_if_exposed(path);
        Self::from_hex(&text)
    }

    /// The key's public name.
    pub fn id(&self) -> KeyId {
        KeyId(self.derive("key id"))
    }

    pub(super) fn check(&self) -> [u8; 8] {
        self.derive("key check")
    }

    /// Derives a separate key for each purpose, so that none can be used for another.
    pub(super) fn derive<const N: usize>(&self, purpose: &str) -> [u8; N] {
        let mut derived = [0; N];
        Hkdf::<Sha256>::new(Some(b"passage vault v1"), &self.0)
            .expand(purpose.as_bytes(), &mut derived)
            .expect("HKDF-SHA256 gives up to 8160 bytes");
        derived
    }
}

/// Makes a new master key file, readable only by its owner, and returns the
/// key's public name. Back the file up separately from the database.
///
/// # Errors
/// [`KeyError::Exists`] if there is a file: it is never overwritten.
pub fn init(path: &Path) -> Result<KeyId, KeyError> {
    let mut key = MasterKey([0; 32]);
    fill_from_system(&mut key.0);
    write(path, &key)?;
    Ok(key.id())
}

/// Writes a master key to a new file, readable only by its owner.
///
/// # Errors
/// As [`init`].
pub fn write(path: &Path, key: &MasterKey) -> Result<(), KeyError> {
    let text = Zeroizing::new(hex::encode(key.0) + "\n");
    write_private(path, &text).map_err(|source| failed(path, source))
}

/// Writes a text to a new file, readable only by its owner, and onto the disk.
///
/// # Errors
/// If there is a file already, or the disk refuses; then there is none.
pub fn write_private(path: &Path, text: &str) -> io::Result<()> {
    if let Some(parent) = path.parent().filter(|p| !p.as_os_str().is_empty()) {
        fs::create_dir_all(parent)?;
    }
    let mut file = create_private(path)?;
    let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
    // An incomplete key file protects nothing, and would block the next attempt.
    written.inspect_err(|_| drop(fs::remove_file(path)))
}

fn failed(path: &Path, source: io::Error) -> KeyError {
    let path = path.display().to_string();
    match source.kind() {
        io::ErrorKind::AlreadyExists => KeyError::Exists(path),
        io::ErrorKind::NotFound => KeyError::Missing(path),
        _ => KeyError::File { path, source },
    }
}

fn create_private(path: &Path) -> io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// The mode of a file that other accounts may read or write.
pub fn exposed_mode(path: &Path) -> Option<u32> {
    #[cfg(unix)]
    let mode = std::os::unix::fs::PermissionsExt::mode(&fs::metadata(path).ok()?.permissions());
    #[cfg(not(unix))]
    let mode = 0;
    (mode & 0o077 != 0).then_some(mode & 0o777)
}

fn warn_if_exposed(path: &Path) {
    if let Some(mode) = exposed_mode(path) {
        tracing::warn!(
            path = %path.display(),
            mode = format!("{mode:03o}"),
            "the master key can be read by others: chmod 600 it"
        );
    }
}
