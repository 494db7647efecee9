//! Slots that wait for a second person, and what became of earlier ones. How few could accept them is for whoever
//! decides, and nobody else.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use uuid::Uuid;

use super::proposals::Proposed;
use crate::domain::audience::Audience;
use crate::domain::directory::Directory;
use crate::domain::ids::{PrefectureId, QueueId, SiteId, StaffId};
use crate::domain::slot::Half;
use crate::flow::{App, FlowError, publications, reason};
use crate::store::records::PublicationRecord;

pub struct Publication {
    pub id: Uuid,
    pub queue: QueueId,
    /// How many slots, and how many on each half-day at each site.
    pub slots: usize,
    pub halves: BTreeMap<(NaiveDate, Half, SiteId), usize>,
    pub proposed: Proposed,
    /// How few could accept the best slot, for a reader who may decide.
    pub few: Option<Audience>,
}

/// Those that wait for a second person, as `reader` may see them.
///
/// # Errors
/// If the store fails.
pub async fn open(
    app: &App,
    prefecture: PrefectureId,
    reader: StaffId,
) -> Result<Vec<Publication>, FlowError> {
    let directory = app.store.directory().await?;
    let mut found = Vec::new();
    for record in app.store.publications_open(prefecture).await? {
        let few = match record.columns.proposal().approve(reader) {
            Ok(_) => Some(publications::audience(app, &record, reader).await?),
            Err(_) => None,
        };
        found.push(Publication { few, ..read(app, &directory, record)? });
    }
    Ok(found)
}

/// Those that were decided, the newest first. Nobody is counted.
///
/// # Errors
/// If the store fails.
pub async fn decided(
    app: &App,
    prefecture: PrefectureId,
    skip: i64,
    limit: i64,
) -> Result<Vec<Publication>, FlowError> {
    let directory = app.store.directory().await?;
    let records = app.store.publications_decided(prefecture, skip, limit).await?;
    records.into_iter().map(|record| read(app, &directory, record)).collect()
}

/// Nobody is counted.
///
/// # Errors
/// [`FlowError::NotFound`].
pub async fn one(app: &App, id: Uuid) -> Result<Publication, FlowError> {
    let record = app.store.publication(id).await?.ok_or(FlowError::NotFound("publication"))?;
    read(app, &*app.store.directory().await?, record)
}

fn read(app: &App, directory: &Directory, record: PublicationRecord) -> Result<Publication, FlowError> {
    let mut halves = BTreeMap::new();
    for slot in record.slots.iter() {
        let site = directory.site(slot.site).ok_or(FlowError::NotFound("site"))?;
        let half = (site.zone.local_date(slot.starts_at), site.zone.half_of(slot.starts_at), slot.site);
        *halves.entry(half).or_default() += 1;
    }
    Ok(Publication {
        id: record.id,
        queue: record.queue_id,
        slots: record.slots.len(),
        halves,
        proposed: Proposed::from(record.columns).with_reason(reason::opened(app, record.rejected_reason)),
        few: None,
    })
}
