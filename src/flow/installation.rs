//! Opening an installation: the master key is the one its data were sealed with, and what a migration left
//! for the program to compute, because it takes that key, is computed before anything is served.

use super::FlowError;
use super::people::{birth_date_print, open_birth_date};
use crate::store::Store;
use crate::vault::Vault;
use chrono::{DateTime, Utc};

/// People read at a time.
const BATCH: i64 = 1_000;

/// Refuses a foreign master key, then fingerprints the birth dates that have no fingerprint yet.
///
/// # Errors
/// [`crate::store::StoreError::WrongKey`], or if a birth date cannot be opened.
pub async fn open(store: &Store, vault: &Vault, now: DateTime<Utc>) -> Result<(), FlowError> {
    store.installation(vault.key_check().to_vec(), now).await?;
    loop {
        let people = store.birth_dates_without_print(BATCH).await?;
        if people.is_empty() {
            return Ok(());
        }
        let prints = people
            .iter()
            .map(|person| Ok((person.id, birth_date_print(vault, &open_birth_date(vault, person)?))))
            .collect::<Result<Vec<_>, FlowError>>()?;
        tracing::info!(people = prints.len(), "birth dates fingerprinted with the key of their own field");
        store.save_birth_date_prints(prints).await?;
    }
}
