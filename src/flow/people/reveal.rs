//! The one place where a person's data are opened. It asks who reads and what for; for staff that is written down before
//! anything is shown.

use super::{Document, Opener, Shown, TABLE};
use crate::domain::actor::Role;
use crate::domain::ids::{ApplicantId, PrefectureId, SiteId, StaffId};
use crate::domain::reading::ReadingPurpose;
use crate::flow::{App, FlowError};
use crate::store::commands::Reading;
use crate::store::records::{EntryRecord, SealedFields};
use crate::vault::Vault;

/// Who opens a person's data.
#[derive(Clone, Copy, Debug)]
pub enum Reader {
    /// The person, on their own pages.
    Holder,
    /// The program, for a message to the person or a comparison that it shows to nobody.
    Program,
    /// Somebody on the staff, and what for.
    Staff(StaffReader, ReadingPurpose),
}

/// Somebody on the staff, as the person whose data they open is told of them.
#[derive(Clone, Copy, Debug)]
pub struct StaffReader {
    pub id: StaffId,
    pub role: Role,
    pub prefecture: PrefectureId,
    /// Where they work, if at one site.
    pub site: Option<SiteId>,
}

/// Opens people, in their order.
///
/// # Errors
/// [`FlowError::NotFound`] if staff ask for people of another prefecture; if the reading cannot be written down, or sealed
/// bytes do not belong to their row.
pub async fn reveal_all(app: &App, records: &[EntryRecord], reader: Reader) -> Result<Vec<Shown>, FlowError> {
    if let Reader::Staff(by, purpose) = reader
        && !records.is_empty()
    {
        // Nobody reads, or is written down as reading, what belongs to another prefecture.
        let directory = app.store.directory().await?;
        let is_own = |record: &EntryRecord| {
            directory.queue(record.queue_id).is_some_and(|queue| queue.prefecture_id == by.prefecture)
        };
        if !records.iter().all(is_own) {
            return Err(FlowError::NotFound("entry"));
        }
        let read = records.iter().map(|record| Reading {
            applicant: record.applicant_id,
            entry: record.id,
            staff: by.id,
            role: by.role,
            prefecture: by.prefecture,
            site: by.site,
            purpose,
        });
        app.store.note_readings(read.collect(), app.real.now()).await?;
    }
    records.iter().map(|record| open(&app.vault, record)).collect()
}

/// Opens a person for a page, a letter or an SMS.
///
/// # Errors
/// As [`reveal_all`].
pub async fn reveal(app: &App, record: &EntryRecord, reader: Reader) -> Result<Shown, FlowError> {
    let opened = reveal_all(app, std::slice::from_ref(record), reader).await?;
    opened.into_iter().next().ok_or(FlowError::NotFound("entry"))
}

fn open(vault: &Vault, entry: &EntryRecord) -> Result<Shown, FlowError> {
    opened(vault, entry.applicant_id, &entry.wrapped_key, &entry.sealed)
}

/// The fields in the clear; none once the person is erased.
///
/// # Errors
/// If sealed bytes do not belong to their row.
pub(super) fn opened(
    vault: &Vault,
    applicant: ApplicantId,
    wrapped_key: &[u8],
    sealed: &SealedFields,
) -> Result<Shown, FlowError> {
    let opener = Opener::of(vault, applicant, wrapped_key)?;
    let open = |column: &str, sealed: &[u8]| opener.text(TABLE, column, applicant.0, sealed);
    let open_some = |column: &str, sealed: &Option<Vec<u8>>| {
        sealed.as_deref().map(|sealed| open(column, sealed)).transpose()
    };
    Ok(Shown {
        birth_name: open("birth_name", &sealed.birth_name)?,
        given_names: open("given_names", &sealed.given_names)?,
        birth_date: open("birth_date", &sealed.birth_date)?,
        foreigner_number: open_some("foreigner_number", &sealed.foreigner_number)?,
        document: open_some("document", &sealed.document)?.as_deref().and_then(Document::read_stored),
        phone: open_some("phone", &sealed.phone)?,
        email: open_some("email", &sealed.email)?,
    })
}
