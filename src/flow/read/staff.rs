//! Who works here, by login: colleagues see each other's.

use std::collections::HashMap;

use crate::domain::ids::StaffId;
use crate::flow::{App, FlowError};

/// # Errors
/// If the store fails.
pub async fn logins(app: &App) -> Result<HashMap<StaffId, String>, FlowError> {
    Ok(app.store.staff().await?.into_iter().map(|staff| (staff.id, staff.login)).collect())
}
