//! Opening an installation: the master key is the one its data were sealed with, and what a migration left
//! for the program to compute, because it takes that key, is computed before anything is served.

use super::FlowError;
use super::people::fingerprinted;
use crate::store::Store;
use crate::vault::Vault;
use chrono::{DateTime, Utc};

/// People read at a time.
const BATCH: i64 = 1_000;

/// Refuses a foreign master key, then fingerprints what has no fingerprint yet.
///
/// # Errors
/// [`crate::store::StoreError::WrongKey`], or if a field cannot be opened.
pub async fn open(store: &Store, vault: &Vault, now: DateTime<Utc>) -> Result<(), FlowError> {
    store.installation(vault.key_check().to_vec(), now).await?;
    loop {
        let people = store.people_without_fingerprints(BATCH).await?;
        if people.is_empty() {
            return Ok(());
        }
        let people =
            people.iter().map(|person| fingerprinted(vault, person)).collect::<Result<Vec<_>, _>>()?;
        tracing::info!(people = people.len(), "birth dates and contacts fingerprinted");
        store.save_fingerprints(people).await?;
    }
}
