//! Who works here, by login: colleagues see each other's.

use std::collections::HashMap;

use crate::domain::ids::{PrefectureId, StaffId};
use crate::flow::{App, FlowError};

/// Somebody on the staff, as colleagues see them.
pub struct Colleague {
    pub login: String,
    pub prefecture: PrefectureId,
}

/// # Errors
/// If the store fails.
pub async fn colleagues(app: &App) -> Result<HashMap<StaffId, Colleague>, FlowError> {
    let staff = app.store.staff().await?.into_iter();
    Ok(staff.map(|one| (one.id, Colleague { login: one.login, prefecture: one.prefecture_id })).collect())
}
