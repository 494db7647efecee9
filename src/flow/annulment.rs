//! Annulling a draw in which a fault was found: one person proposes it with a public reason, another
//! approves. Its bundle stays.

use super::{App, FlowError, reason};
use crate::domain::ids::{DrawId, StaffId};
use crate::domain::proposal::Closing;

/// Proposes to annul a draw.
///
/// # Errors
/// If the reason is missing, or the draw is annulled or proposed already.
pub async fn propose(app: &App, draw: DrawId, why: &str, by: StaffId) -> Result<(), FlowError> {
    Ok(app.store.propose_annulment(draw, reason::sealed(app, why)?, by, app.business.now()).await?)
}

/// Approves a proposed annulment, as a second person.
///
/// # Errors
/// [`FlowError::Refused`] if it is the same person, or nothing is open.
pub async fn approve(app: &App, draw: DrawId, by: StaffId) -> Result<(), FlowError> {
    Ok(app.store.approve_annulment(draw, by, app.business.now()).await?)
}

/// Rejects a proposed annulment, as a second person, for a reason.
///
/// # Errors
/// If the reason is missing; [`FlowError::Refused`] if it is the same person, or nothing is open.
pub async fn reject(app: &App, draw: DrawId, why: &str, by: StaffId) -> Result<(), FlowError> {
    let closing = Closing::Reject(reason::sealed(app, why)?);
    Ok(app.store.close_annulment(draw, closing, by, app.business.now()).await?)
}

/// Withdraws one's own proposal.
///
/// # Errors
/// [`FlowError::Refused`] if it is another's, or nothing is open.
pub async fn withdraw(app: &App, draw: DrawId, by: StaffId) -> Result<(), FlowError> {
    Ok(app.store.close_annulment(draw, Closing::Withdraw, by, app.business.now()).await?)
}
