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

/// The prefectures whose pages somebody may open.
///
/// # Errors
/// If the store fails.
pub async fn prefectures(app: &App, id: StaffId) -> Result<Vec<PrefectureId>, FlowError> {
    Ok(app.store.prefectures_of_staff(id).await?)
}

/// What an account signs in with, besides a password.
pub struct Means {
    pub has_second_factor: bool,
    pub has_proconnect: bool,
}

/// # Errors
/// [`FlowError::NotFound`].
pub async fn means(app: &App, id: StaffId) -> Result<Means, FlowError> {
    let account = app.store.staff_member(id).await?.ok_or(FlowError::NotFound("staff"))?;
    Ok(Means { has_second_factor: account.totp.is_some(), has_proconnect: account.has_proconnect })
}
