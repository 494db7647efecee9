//! Annulling a draw in which a fault was found: one person proposes it with a public reason, another
//! approves. Its bundle stays.

use super::{App, FlowError, reason};
use crate::domain::ids::{DrawId, StaffId};

/// Proposes to annul a draw.
///
/// # Errors
/// If the reason is missing, or the draw is annulled or proposed already.
pub async fn propose(app: &App, draw: DrawId, reason: &str, by: StaffId) -> Result<(), FlowError> {
    let reason = reason::needed(reason)?;
    Ok(app.store.propose_annulment(draw, reason, by, app.business.now()).await?)
}

/// Approves a proposed annulment, as a second person.
///
/// # Errors
/// [`FlowError::Refused`] if it is the same person or nothing is proposed.
pub async fn approve(app: &App, draw: DrawId, by: StaffId) -> Result<(), FlowError> {
    Ok(app.store.approve_annulment(draw, by, app.business.now()).await?)
}
