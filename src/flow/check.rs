//! The house in order: what constraints cannot state is asked of the whole database.

use super::{App, FlowError};
use crate::draw;

/// Every fault found: invariants, and each published bundle verified from its stored bytes.
///
/// # Errors
/// If the store fails.
pub async fn faults(app: &App) -> Result<Vec<String>, FlowError> {
    let mut faults = app.store.faults().await?;
    for queue in app.store.directory().await?.queues {
        for record in app.store.draws_of(queue.id, i64::MAX).await? {
            let Some(bundle) = app.store.draw_document(record.id, "bundle").await? else {
                continue;
            };
            match draw::verify(&bundle) {
                Ok(_) => {}
                Err(fault) => faults.push(format!("draw {}: {fault}", record.id)),
            }
        }
    }
    Ok(faults)
}
