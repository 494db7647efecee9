//! Who has opened whose data, when and what for: for the person, without anybody's name, and for the manager.

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::actor::Role;
use crate::domain::ids::{EntryId, PrefectureId, SiteId, StaffId};
use crate::domain::reading::ReadingPurpose;
use crate::flow::{App, FlowError};
use crate::store::records::ReadingRecord;

/// Rows that a person sees: beyond them, the export of their data has all.
const OWN_MAX: i64 = 100;

/// One person's data, opened on one day for one purpose, once or more often.
#[derive(Clone, Debug)]
pub struct Reading {
    pub entry: EntryId,
    pub reference: String,
    pub by: StaffId,
    pub purpose: ReadingPurpose,
    pub role: Role,
    pub prefecture: PrefectureId,
    pub site: Option<SiteId>,
    pub first_at: DateTime<Utc>,
    pub last_at: DateTime<Utc>,
    pub times: i32,
}

impl From<ReadingRecord> for Reading {
    fn from(record: ReadingRecord) -> Self {
        Self {
            entry: record.entry_id,
            reference: record.reference,
            by: record.staff_id,
            purpose: record.purpose,
            role: record.role,
            prefecture: record.prefecture_id,
            site: record.site_id,
            first_at: record.first_at,
            last_at: record.last_at,
            times: record.times,
        }
    }
}

/// Who has opened the data of an entry's person, the newest first.
///
/// # Errors
/// [`FlowError::NotFound`].
pub async fn of_person(app: &App, entry: EntryId) -> Result<Vec<Reading>, FlowError> {
    of_person_at_most(app, entry, OWN_MAX).await
}

/// The same, however many there are.
///
/// # Errors
/// [`FlowError::NotFound`].
pub async fn all_of_person(app: &App, entry: EntryId) -> Result<Vec<Reading>, FlowError> {
    of_person_at_most(app, entry, i64::MAX).await
}

async fn of_person_at_most(app: &App, entry: EntryId, limit: i64) -> Result<Vec<Reading>, FlowError> {
    let record = app.store.entry(entry).await?.ok_or(FlowError::NotFound("entry"))?;
    let readings = app.store.readings_of(record.applicant_id, limit).await?;
    Ok(readings.into_iter().map(Reading::from).collect())
}

/// Who has read in a prefecture, the newest first; by one account, if it is named.
///
/// # Errors
/// If the store fails.
pub async fn in_prefecture(
    app: &App,
    prefecture: PrefectureId,
    by: Option<StaffId>,
    (skip, limit): (i64, i64),
) -> Result<Vec<Reading>, FlowError> {
    let readings = app.store.readings(prefecture, by, skip, limit).await?;
    Ok(readings.into_iter().map(Reading::from).collect())
}

/// Accounts that have opened more people of their own choice in a day than is usual, and how many.
///
/// # Errors
/// If the store fails.
pub async fn unusual(app: &App) -> Result<Vec<(StaffId, i64)>, FlowError> {
    let since = app.real.now() - TimeDelta::days(1);
    Ok(app.store.busy_readers(since, app.config.staff.readings_a_day.into()).await?)
}
