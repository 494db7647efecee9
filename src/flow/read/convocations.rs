//! A convocation as it may be shown, with its slot and what an agent has noted.

use chrono::{DateTime, Utc};

use super::entries::Known;
use crate::domain::entry::{ConvocationState, Convoked};
use crate::domain::ids::{ConvocationId, DrawId, EntryId, PrefectureId, QueueId, SiteId, StaffId};
use crate::domain::rules::Rules;
use crate::domain::tick::Tick;
use crate::flow::people::{Opener, Reader};
use crate::flow::{App, FlowError};
use crate::store::records::{CounterRecord, EntryRecord, TickColumns};

#[derive(Clone, Debug)]
pub struct Convocation {
    pub id: ConvocationId,
    pub entry_id: EntryId,
    pub draw_id: DrawId,
    pub queue_id: QueueId,
    pub site_id: SiteId,
    pub desk_number: i32,
    pub starts_at: DateTime<Utc>,
    pub minutes: i32,
    pub state: ConvocationState,
    /// When it was given, or given again with a corrected name.
    pub issued_at: DateTime<Utc>,
    /// 1, and one more each time the name on it was corrected.
    pub issue: i32,
    pub ended_at: Option<DateTime<Utc>>,
    /// When its holder counts as told of it.
    pub told_at: Option<DateTime<Utc>>,
    pub ticked: Option<Ticked>,
    /// The rules under which it was given: what giving it back costs.
    pub rules: Rules,
}

/// What an agent has noted, and until when it can be corrected.
#[derive(Clone, Copy, Debug)]
pub struct Ticked {
    pub tick: Tick,
    pub by: StaffId,
    pub at: DateTime<Utc>,
    pub settles_at: DateTime<Utc>,
}

impl Ticked {
    fn of(columns: TickColumns) -> Option<Self> {
        Some(Self {
            tick: columns.tick?,
            by: columns.ticked_by?,
            at: columns.ticked_at?,
            settles_at: columns.settles_at?,
        })
    }
}

impl Convocation {
    /// What decides which events it may meet, and until when giving it back is free.
    pub fn convoked(&self) -> Convoked {
        let ticked = self.ticked.map(|ticked| ticked.tick);
        Convoked { state: self.state, told_at: self.told_at, starts_at: self.starts_at, ticked }
    }
}

impl From<CounterRecord> for Convocation {
    fn from(record: CounterRecord) -> Self {
        Self {
            id: record.id,
            entry_id: record.entry_id,
            draw_id: record.draw_id,
            queue_id: record.queue_id,
            site_id: record.site_id,
            desk_number: record.desk_number,
            starts_at: record.starts_at,
            minutes: record.minutes,
            state: record.state,
            issued_at: record.reissued_at.unwrap_or(record.issued_at),
            issue: record.issue,
            ended_at: record.ended_at,
            told_at: record.told_at,
            ticked: Ticked::of(record.ticked),
            rules: record.rules.0,
        }
    }
}

/// What an agent wrote of a convocation, sealed with it: why it ended, or what was missing.
///
/// # Errors
/// If it does not open.
pub(in crate::flow) fn reason_of(
    app: &App,
    entry: &EntryRecord,
    id: ConvocationId,
    sealed: Option<&[u8]>,
) -> Result<Option<String>, FlowError> {
    let Some(sealed) = sealed else { return Ok(None) };
    let opener = Opener::of(&app.vault, entry.applicant_id, &entry.wrapped_key)?;
    Ok(Some(opener.text("convocation", "reason", id.0, sealed)?))
}

/// # Errors
/// [`FlowError::NotFound`].
pub async fn one(app: &App, id: ConvocationId) -> Result<Convocation, FlowError> {
    Ok(app.store.convocation(id).await?.ok_or(FlowError::NotFound("convocation"))?.into())
}

/// The live one of an entry.
///
/// # Errors
/// If the store fails.
pub async fn live(app: &App, entry: EntryId) -> Result<Option<Convocation>, FlowError> {
    Ok(app.store.live_convocation(entry).await?.map(Convocation::from))
}

/// Who comes to the sites of a prefecture between two instants, by time.
///
/// # Errors
/// If the store fails, or a field cannot be opened.
pub async fn between(
    app: &App,
    prefecture: PrefectureId,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    reader: Reader,
) -> Result<Vec<(Convocation, Known)>, FlowError> {
    let records = app.store.counter(prefecture, from, to).await?;
    let mut entries = Vec::with_capacity(records.len());
    for record in &records {
        entries.push(app.store.entry(record.entry_id).await?.ok_or(FlowError::NotFound("entry"))?);
    }
    let known = Known::all(app, entries, reader).await?;
    Ok(records.into_iter().map(Convocation::from).zip(known).collect())
}
