//! What is done once after an installation was restored from a backup, before it serves again.

use super::{App, FlowError};
use crate::store::commands::Restored;

/// The reason of draws that a restore annuls, and of messages that it does not send again.
pub const RESTORED: &str = "restored from a backup";

/// Marks what may have happened since the copy was made, so that nothing is done a second time.
///
/// # Errors
/// If the store fails.
pub async fn mark(app: &App) -> Result<Restored, FlowError> {
    Ok(app.store.mark_restored(RESTORED.to_owned(), app.business.now()).await?)
}
