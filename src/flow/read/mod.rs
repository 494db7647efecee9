//! What pages, paper and an interface for programs show: one read for each thing, joined and opened here. Rows
//! of the store go no further.

pub mod compensations;
pub mod convocations;
pub mod draws;
pub mod entries;
pub mod log;
pub mod notices;
pub mod overview;
pub mod priorities;
pub mod proposals;
pub mod publications;
pub mod queues;
pub mod readings;
pub mod relocations;
pub mod rules;
pub mod slots;
pub mod staff;

use std::sync::Arc;

use super::{App, FlowError};
use crate::domain::directory::Directory;

/// Everything that is configured.
///
/// # Errors
/// If the database does not answer.
pub async fn directory(app: &App) -> Result<Arc<Directory>, FlowError> {
    Ok(app.store.directory().await?)
}

/// Asks the database for nothing.
///
/// # Errors
/// If it does not answer.
pub async fn ping(app: &App) -> Result<(), FlowError> {
    Ok(app.store.ping().await?)
}
