//! A change of keys. What the master key wraps is wrapped again under another one while people are served: each piece
//! is its own transaction, so a change that was killed goes on where it stood. An index key is added offline, all at
//! once, because fingerprints of two kinds would let one person stand twice.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

use super::FlowError;
use super::people::codes::CHANGE;
use super::source::SECRET_PURPOSE;
use super::staff::sealed::{FULL_NAME, ID_TOKEN, PHONE, SECOND_FACTOR};
use crate::store::Store;
use crate::store::commands::{Moved, NewIndexKey, Wrapped};
use crate::vault::{StoredRoots, Vault, VaultError};

/// Values read at a time.
const BATCH: i64 = 500;

/// What the database of an installation says of its roots.
///
/// # Errors
/// If it cannot be asked.
pub async fn stored_roots(store: &Store) -> Result<Option<StoredRoots>, FlowError> {
    Ok(store.stored_roots().await?.map(|(check, sealed)| StoredRoots { check, sealed }))
}

/// Wraps everything under the master key that wraps now. Answers how many values were under another one; calling it
/// again finds none.
///
/// # Errors
/// If the database cannot be asked; [`VaultError::UnknownKey`] if a value is under a key that was not given.
pub async fn rotate(
    store: &Store,
    vault: &Vault,
    now: DateTime<Utc>,
    progress: impl Fn(u64),
) -> Result<u64, FlowError> {
    // First: from here on, no process starts without the new key.
    let stored = stored_roots(store).await?.ok_or(FlowError::NotFound("installation"))?;
    if !stored.sealed.is_some_and(|sealed| vault.wraps(&sealed)) {
        store.save_roots(vault.sealed_roots()).await?;
    }
    let mut moved = 0;
    for what in Wrapped::ALL {
        let (mut after, mut read) = (Uuid::nil(), 0);
        loop {
            let rows = store.wrapped(what, after, BATCH).await?;
            let Some((last, _)) = rows.last() else { break };
            after = *last;
            read += rows.len() as u64;
            let mut others = Vec::new();
            for (id, before) in rows {
                if let Some(after) = again(vault, what, id, &before)? {
                    others.push(Moved { id, before, after });
                }
            }
            if !others.is_empty() {
                moved += store.rewrap(what, others).await?;
            }
            progress(read);
        }
    }
    if moved > 0 {
        let detail = json!({ "under": vault.wraps_under().to_string(), "values": moved });
        store.note_keys("installation.keys_rotated".to_owned(), detail, now).await?;
    }
    Ok(moved)
}

/// The value under the key that wraps now, if it is under another one.
fn again(vault: &Vault, what: Wrapped, id: Uuid, before: &[u8]) -> Result<Option<Vec<u8>>, VaultError> {
    let (purpose, id) = match what {
        Wrapped::PersonKey => return Ok(vault.rewrap(id, before)?.map(|key| key.0)),
        Wrapped::DrawSecret => (SECRET_PURPOSE, id),
        Wrapped::StaffName => (FULL_NAME, id),
        Wrapped::StaffPhone => (PHONE, id),
        Wrapped::SecondFactor => (SECOND_FACTOR, id),
        Wrapped::IdToken => (ID_TOKEN, id),
        Wrapped::ContactChange => (CHANGE, id),
    };
    vault.reseal_secret(purpose, id, before)
}

/// Adds an index key and turns every fingerprint, in one transaction. No other process may use the database. Answers how
/// many values were turned.
///
/// # Errors
/// If the database refuses; then nothing has changed.
pub async fn add_index_key(
    store: &Store,
    vault: &Vault,
    now: DateTime<Utc>,
    progress: impl Fn(u64) + Send + Sync + 'static,
) -> Result<u64, FlowError> {
    let (roots, added) = vault.with_added_key();
    let added = Arc::new(added);
    let same = added.clone();
    let new = NewIndexKey {
        roots,
        whole: Arc::new(move |stored| added.whole(stored)),
        shorts: Arc::new(move |stored| same.shorts(stored)),
        progress: Arc::new(progress),
    };
    Ok(store.add_index_key(new, now).await?)
}
