//! Encryption ("sealing") of one field of one row, under its person's key.

use uuid::Uuid;
use zeroize::Zeroizing;

use super::{FORMAT, PersonKey, VaultError, associated, decrypt, encrypt, strip_format};

/// Encrypts a value for exactly one table, column and row: format byte, nonce,
/// ciphertext, tag. Encrypting twice gives two different results.
pub fn seal(key: &PersonKey, table: &str, column: &str, row: Uuid, plaintext: &[u8]) -> Vec<u8> {
    let sealed = encrypt(&key.0, plaintext, &place(table, column, row));
    [&[FORMAT], sealed.as_slice()].concat()
}

/// Decrypts a value that was sealed for the same table, column and row under the same key.
///
/// # Errors
/// [`VaultError::Damaged`] if any byte, the table, column, row or key differs.
pub fn open(
    key: &PersonKey,
    table: &str,
    column: &str,
    row: Uuid,
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, VaultError> {
    decrypt(&key.0, strip_format(sealed)?, &place(table, column, row))
}

/// As [`open`], for text.
///
/// # Errors
/// As [`open`], and [`VaultError::NotText`] if the value is not UTF-8.
pub fn open_text(
    key: &PersonKey,
    table: &str,
    column: &str,
    row: Uuid,
    sealed: &[u8],
) -> Result<String, VaultError> {
    let plain = open(key, table, column, row, sealed)?;
    match std::str::from_utf8(&plain) {
        Ok(text) => Ok(text.to_owned()),
        Err(_) => Err(VaultError::NotText),
    }
}

fn place(table: &str, column: &str, row: Uuid) -> Vec<u8> {
    associated(&[table.as_bytes(), column.as_bytes(), row.as_bytes()])
}
