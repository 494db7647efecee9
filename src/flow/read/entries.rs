//! An entry as it may be shown: without what is sealed and what opens it.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;

use crate::domain::actor::Channel;
use crate::domain::availability::Availability;
use crate::domain::entry::{CloseReason, EntryState};
use crate::domain::identity::Proof;
use crate::domain::ids::{EntryId, PrefectureId, QueueId, StaffId};
use crate::domain::reading::ReadingPurpose;
use crate::domain::reference::Reference;
use crate::domain::rules::Standing;
use crate::flow::people::search::{self, Likeness};
use crate::flow::people::{Reader, Shown, StaffReader, reveal, reveal_all};
use crate::flow::read::notices::Notice;
use crate::flow::told::identity_closes;
use crate::flow::{App, FlowError};
use crate::store::records::{AuditRecord, EntryRecord};

#[derive(Clone, Debug)]
pub struct Entry {
    pub id: EntryId,
    pub reference: String,
    pub queue_id: QueueId,
    pub state: EntryState,
    pub close_reason: Option<CloseReason>,
    pub channel: Channel,
    pub registered_at: DateTime<Utc>,
    pub identity_verified_at: Option<DateTime<Utc>>,
    pub identity_how: Option<Proof>,
    pub declines: i32,
    pub deadline: Option<NaiveDate>,
    pub deadline_kind: Option<String>,
    pub availability: Availability,
    pub paused: bool,
    pub paused_until: Option<DateTime<Utc>>,
    pub ended_at: Option<DateTime<Utc>>,
    /// Since when nobody can read whose it was.
    pub erased_at: Option<DateTime<Utc>>,
    pub language: String,
    /// What its place in a draw rests on.
    pub standing: Standing,
}

impl From<EntryRecord> for Entry {
    fn from(record: EntryRecord) -> Self {
        Self {
            standing: Standing::from(&record.standing),
            id: record.id,
            reference: record.reference,
            queue_id: record.queue_id,
            state: record.state,
            close_reason: record.close_reason,
            channel: record.channel,
            registered_at: record.registered_at,
            identity_verified_at: record.identity_verified_at,
            identity_how: record.identity_how,
            declines: record.declines,
            deadline: record.deadline,
            deadline_kind: record.deadline_kind,
            availability: record.availability.0,
            paused: record.paused,
            paused_until: record.paused_until,
            ended_at: record.ended_at,
            erased_at: record.erased_at,
            language: record.language,
        }
    }
}

/// An entry, and the person whose it is.
pub struct Known {
    pub entry: Entry,
    pub person: Shown,
}

impl Known {
    pub(super) async fn opened(app: &App, record: EntryRecord, reader: Reader) -> Result<Self, FlowError> {
        let person = reveal(app, &record, reader).await?;
        Ok(Self { entry: record.into(), person })
    }

    /// Several at once, in their order.
    pub(super) async fn all(
        app: &App,
        records: Vec<EntryRecord>,
        reader: Reader,
    ) -> Result<Vec<Self>, FlowError> {
        let people = reveal_all(app, &records, reader).await?;
        let pairs = records.into_iter().zip(people);
        Ok(pairs.map(|(record, person)| Self { entry: record.into(), person }).collect())
    }
}

/// # Errors
/// [`FlowError::NotFound`].
pub async fn one(app: &App, id: EntryId) -> Result<Entry, FlowError> {
    Ok(app.store.entry(id).await?.ok_or(FlowError::NotFound("entry"))?.into())
}

/// # Errors
/// [`FlowError::NotFound`]; if a field cannot be opened.
pub async fn known(app: &App, id: EntryId, reader: Reader) -> Result<Known, FlowError> {
    Known::opened(app, app.store.entry(id).await?.ok_or(FlowError::NotFound("entry"))?, reader).await
}

/// # Errors
/// If the store fails.
pub async fn by_reference(app: &App, reference: &Reference) -> Result<Option<Entry>, FlowError> {
    Ok(app.store.entry_by_reference(reference.to_string()).await?.map(Entry::from))
}

/// Entries of the reader's own prefecture that may be the same person's.
///
/// # Errors
/// If the store fails, or a field cannot be opened.
pub async fn near(app: &App, id: EntryId, reader: StaffReader) -> Result<Vec<Known>, FlowError> {
    let Known { entry, person } = known(app, id, Reader::Program).await?;
    let mut alike = search::own_alike(app, entry.queue_id, &Likeness::of(&person), reader.prefecture).await?;
    alike.retain(|other| other.id != id);
    Known::all(app, alike, Reader::Staff(reader, ReadingPurpose::Pair)).await
}

/// How many other live entries carry the same telephone, and the same address.
///
/// # Errors
/// If the store fails.
pub async fn same_contacts(app: &App, id: EntryId) -> Result<(i64, i64), FlowError> {
    Ok(app.store.same_contacts(id).await?)
}

/// An entry whose identity nobody has verified, and when it is closed for want of that.
pub struct Unverified {
    pub known: Known,
    pub closes_at: Option<DateTime<Utc>>,
}

/// Those of a prefecture.
///
/// # Errors
/// If the store fails, or a field cannot be opened.
pub async fn unverified(
    app: &App,
    prefecture: PrefectureId,
    newest_first: bool,
    (skip, limit): (i64, i64),
    reader: Reader,
) -> Result<Vec<Unverified>, FlowError> {
    let directory = app.store.directory().await?;
    let mut found = Vec::new();
    let awaiting = app.store.awaiting_identity(prefecture, newest_first, skip, limit).await?;
    for known in Known::all(app, awaiting, reader).await? {
        let id = known.entry.id;
        let days = directory.queue(known.entry.queue_id).map_or(0, |queue| queue.rules.identity_days);
        let notices: Vec<_> = app.store.notices_of(id).await?.into_iter().map(Notice::from).collect();
        let closes_at = identity_closes(&known.entry, &notices, days);
        found.push(Unverified { known, closes_at });
    }
    Ok(found)
}

/// Something to be put right about a person, and by whom it was asked for.
pub struct Asked {
    pub by: StaffId,
    pub at: DateTime<Utc>,
    /// It waits for the outcome of a draw; else for another agent.
    pub waits: bool,
}

/// What is open of an entry.
///
/// # Errors
/// If the store fails.
pub async fn correction_asked(app: &App, id: EntryId) -> Result<Option<Asked>, FlowError> {
    let open = app.store.open_correction(id).await?;
    Ok(open.map(|open| Asked { by: open.asked_by, at: open.asked_at, waits: open.waits_since.is_some() }))
}

/// Whether it stands in a list whose outcome is not public.
///
/// # Errors
/// If the store fails.
pub async fn is_listed(app: &App, id: EntryId) -> Result<bool, FlowError> {
    Ok(app.store.is_listed(id).await?)
}

/// Something that has happened to an entry, as the log says.
pub struct Past {
    pub at: DateTime<Utc>,
    /// A pseudonym.
    pub actor: String,
    pub action: String,
    pub detail: Value,
}

/// # Errors
/// If the store fails.
pub async fn history(app: &App, id: EntryId) -> Result<Vec<Past>, FlowError> {
    let mut rows = app.store.audit_of(format!("entry:{id}")).await?;
    for convocation in app.store.convocations_of(id).await? {
        rows.extend(app.store.audit_of(format!("convocation:{convocation}")).await?);
    }
    rows.sort_by_key(|row| (row.at, row.id.0));
    let past =
        |row: AuditRecord| Past { at: row.at, actor: row.actor, action: row.action, detail: row.detail.0 };
    Ok(rows.into_iter().map(past).collect())
}
