//! An agent verifies who an applicant is: the document is before their eyes, or the register's own page.

use super::people::document::ReadDocument;
use super::people::{self, Reader, typed};
use super::register::seen_keys;
use super::{App, Fault, FlowError};
use crate::domain::actor::Actor;
use crate::domain::foreigner_number::ten_digits;
use crate::domain::identity::Proof;
use crate::domain::ids::{EntryId, StaffId};
use crate::domain::refusal::Refusal;
use crate::domain::register_of_numbers::RegisterCheck;
use crate::store::commands::{Evidence, SeenDocument, Verified};

/// Records the document that an agent has seen: it takes the place of the one that was declared. The entry keeps its date.
///
/// # Errors
/// Names the field if the document is another person's; [`FlowError::Refused`] if the same person already holds a verified
/// place.
pub async fn document_seen(
    app: &App,
    entry: EntryId,
    seen: ReadDocument,
    by: StaffId,
) -> Result<(), FlowError> {
    let record = app.store.entry(entry).await?.ok_or(FlowError::NotFound("entry"))?;
    let shown = people::reveal(app, &record, Reader::Program).await?;
    let (names, birth_date) = shown.known_identity()?;
    let document = seen.of(&(names.clone(), birth_date)).map_err(FlowError::invalid)?;
    let number = shown.foreigner_number.as_deref();
    let keys = seen_keys(app, number, Some(&document), (&names, birth_date)).await?;
    let evidence = Evidence { how: Proof::Document, keys };
    let sealed = people::seal_document(app, &record, &document)?;
    verified(app, entry, evidence, Some(sealed), by).await
}

/// An agent has compared a person with the register, which knows no more than the year or month of birth. They type the
/// number as they read it there.
///
/// # Errors
/// Names the field if it is another number; [`FlowError::Refused`] if the register says something else, or if the same
/// person already holds a verified place.
pub async fn number_compared(
    app: &App,
    entry: EntryId,
    typed_number: &str,
    by: StaffId,
) -> Result<(), FlowError> {
    let record = app.store.entry(entry).await?.ok_or(FlowError::NotFound("entry"))?;
    if app.store.register_check(entry).await? != Some(RegisterCheck::Year) {
        return Err(FlowError::Refused(Refusal::NothingToCompare));
    }
    let read =
        typed::foreigner_number(typed_number).map_err(|fault| Fault { field: "number_read", ..fault })?;
    let shown = people::reveal(app, &record, Reader::Program).await?;
    let number = shown.foreigner_number.filter(|number| ten_digits(number) == ten_digits(read.as_str()));
    let number = number.ok_or_else(|| FlowError::invalid(Fault::new("number_read", "number-other")))?;
    let keys = people::key_fingerprints(&app.vault, Some(&number), None);
    verified(app, entry, Evidence { how: Proof::Register, keys }, None, by).await
}

async fn verified(
    app: &App,
    entry: EntryId,
    evidence: Evidence,
    seen: Option<SeenDocument>,
    by: StaffId,
) -> Result<(), FlowError> {
    match app.store.verify_identity(entry, evidence, seen, Actor::Staff(by), app.business.now()).await? {
        Verified::Done => Ok(()),
        Verified::Duplicate(_) => Err(FlowError::Refused(Refusal::Duplicate)),
    }
}
