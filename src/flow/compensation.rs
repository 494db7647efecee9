//! Going first in the next draw, for those from whom the prefecture took an appointment: proposed by the act that
//! took it, in force once a second person approves. Until then they wait with their seniority.

use uuid::Uuid;

use super::{App, FlowError, reason};
use crate::domain::ids::StaffId;
use crate::domain::proposal::Closing;

/// Lets those who still wait go first, as a second person. Answers how many.
///
/// # Errors
/// [`FlowError::Refused`] if it is the same person, or it is decided.
pub async fn approve(app: &App, id: Uuid, by: StaffId) -> Result<u64, FlowError> {
    Ok(app.store.approve_compensation(id, by, app.business.now()).await?)
}

/// Rejects it, as a second person, for a reason.
///
/// # Errors
/// If the reason is missing; [`FlowError::Refused`] if it is the same person, or it is decided.
pub async fn reject(app: &App, id: Uuid, why: &str, by: StaffId) -> Result<(), FlowError> {
    let closing = Closing::Reject(reason::sealed(app, why)?);
    Ok(app.store.close_compensation(id, closing, by, app.business.now()).await?)
}

/// Withdraws what one's own act proposed.
///
/// # Errors
/// [`FlowError::Refused`] if it is another's, or it is decided.
pub async fn withdraw(app: &App, id: Uuid, by: StaffId) -> Result<(), FlowError> {
    Ok(app.store.close_compensation(id, Closing::Withdraw, by, app.business.now()).await?)
}
