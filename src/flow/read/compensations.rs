//! First places that wait for a second person: one act of the prefecture, and those from whom it took
//! appointments back.

use std::ops::Range;

use chrono::NaiveDate;
use uuid::Uuid;

use super::convocations::reason_of;
use super::proposals::Proposed;
use crate::domain::ids::{EntryId, PrefectureId, SiteId};
use crate::flow::people::{Reader, reveal};
use crate::flow::{App, FlowError, reason};
use crate::store::records::{CompensatedRecord, CompensationRecord};

pub struct Compensation {
    pub id: Uuid,
    pub site: SiteId,
    /// The day of the appointments, where they were.
    pub day: NaiveDate,
    pub reason: Option<String>,
    pub proposed: Proposed,
    /// How many people are owed a first place, and some of them.
    pub owed: usize,
    pub people: Vec<Person>,
}

pub struct Person {
    pub entry: EntryId,
    pub name: String,
    pub reference: String,
}

/// Those by which somebody is still owed a first place, with at most so many people named for each.
///
/// # Errors
/// If the store fails, or a field cannot be opened.
pub async fn pending(
    app: &App,
    prefecture: PrefectureId,
    named_max: usize,
    reader: Reader,
) -> Result<Vec<Compensation>, FlowError> {
    let mut compensations = Vec::new();
    for record in app.store.compensations_pending(prefecture).await? {
        let owed = app.store.compensated(record.id).await?;
        if !owed.is_empty() {
            compensations.push(opened(app, record, &owed, 0..named_max, reader).await?);
        }
    }
    Ok(compensations)
}

/// With those people named who stand at these places of its list.
///
/// # Errors
/// [`FlowError::NotFound`].
pub async fn one(
    app: &App,
    id: Uuid,
    named: Range<usize>,
    reader: Reader,
) -> Result<Compensation, FlowError> {
    let record = app.store.compensation(id).await?.ok_or(FlowError::NotFound("compensation"))?;
    let owed = app.store.compensated(id).await?;
    opened(app, record, &owed, named, reader).await
}

async fn opened(
    app: &App,
    record: CompensationRecord,
    owed: &[CompensatedRecord],
    named: Range<usize>,
    reader: Reader,
) -> Result<Compensation, FlowError> {
    let (mut why, mut people) = (reason::opened(app, record.reason), Vec::new());
    for one in owed.iter().take(named.end).skip(named.start) {
        let entry = app.store.entry(one.entry_id).await?.ok_or(FlowError::NotFound("entry"))?;
        if why.is_none() {
            why = reason_of(app, &entry, one.convocation_id, one.reason.as_deref())?;
        }
        let name = reveal(app, &entry, reader).await?.full_name();
        people.push(Person { entry: entry.id, name, reference: entry.reference });
    }
    Ok(Compensation {
        id: record.id,
        site: record.site_id,
        day: record.day,
        reason: why,
        proposed: Proposed::from(record.columns),
        owed: owed.len(),
        people,
    })
}
