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

/// What a change of master key has done.
#[derive(Debug, Default)]
pub struct Rotated {
    /// How many values were under another key.
    pub moved: u64,
    /// What no given key opens: it stays as it is.
    pub unreadable: Vec<(Wrapped, Uuid, VaultError)>,
}

/// Wraps everything under the master key that wraps now, until a look at all of it finds nothing under another one.
/// `progress` is told how many values were read of one kind.
///
/// # Errors
/// If the database cannot be asked; [`StoreError::Refused`] if the roots are changed at the same time.
pub async fn rotate(
    store: &Store,
    vault: &Vault,
    now: DateTime<Utc>,
    progress: impl Fn(u64),
) -> Result<Rotated, FlowError> {
    // First: from here on, no process starts without the new key.
    let stored = stored_roots(store).await?.ok_or(FlowError::NotFound("installation"))?;
    if !stored.sealed.as_deref().is_some_and(|sealed| vault.wraps(sealed)) {
        let detail = json!({ "under": vault.wraps_under().to_string() });
        store.save_roots(stored.sealed, vault.sealed_roots(), detail, now).await?;
    }
    let mut moved = 0;
    loop {
        let pass = pass(store, vault, &progress).await?;
        moved += pass.moved;
        // What was changed while it was read, and what was written behind the reader, is met in the next pass.
        if pass.moved == 0 {
            return Ok(Rotated { moved, ..pass });
        }
    }
}

async fn pass(store: &Store, vault: &Vault, progress: &impl Fn(u64)) -> Result<Rotated, FlowError> {
    let mut done = Rotated::default();
    for what in Wrapped::ALL {
        let (mut after, mut read) = (Uuid::nil(), 0);
        loop {
            let rows = store.wrapped(what, after, BATCH).await?;
            let Some((last, _)) = rows.last() else { break };
            after = *last;
            read += rows.len() as u64;
            let mut others = Vec::new();
            for (id, before) in rows {
                match again(vault, what, id, &before) {
                    Ok(Some(after)) => others.push(Moved { id, before, after }),
                    Ok(None) => {}
                    Err(error) => done.unreadable.push((what, id, error)),
                }
            }
            if !others.is_empty() {
                done.moved += store.rewrap(what, others).await?;
            }
            progress(read);
        }
    }
    Ok(done)
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

/// Adds an index key and turns every fingerprint, in one transaction. Answers how many values were turned.
///
/// # Errors
/// If another process uses the database, or changes its keys at the same time; then nothing has changed.
pub async fn add_index_key(
    store: &Store,
    vault: &Vault,
    now: DateTime<Utc>,
    progress: impl Fn(u64) + Send + Sync + 'static,
) -> Result<u64, FlowError> {
    let before = stored_roots(store).await?.ok_or(FlowError::NotFound("installation"))?.sealed;
    let (roots, added) = vault.with_added_key();
    let added = Arc::new(added);
    let same = added.clone();
    let new = NewIndexKey {
        before,
        roots,
        whole: Arc::new(move |stored| added.whole(stored)),
        shorts: Arc::new(move |stored| same.shorts(stored)),
        progress: Arc::new(progress),
    };
    Ok(store.add_index_key(new, now).await?)
}
