//! An agent verifies who an applicant is: the document is before their eyes.

use super::people::document::ReadDocument;
use super::people::{self, Reader};
use super::register::seen_keys;
use super::{App, FlowError};
use crate::domain::actor::Actor;
use crate::domain::identity::Proof;
use crate::domain::ids::{EntryId, StaffId};
use crate::domain::refusal::Refusal;
use crate::store::commands::{Evidence, Verified};

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
    let document = seen.of(&shown.known_identity()?).map_err(FlowError::invalid)?;
    let number = shown.foreigner_number.as_deref();
    let keys = seen_keys(app, number, Some(&document), &shown.birth_date).await?;
    let evidence = Evidence { how: Proof::Document, keys };
    let sealed = people::seal_document(app, &record, &document)?;
    match app.store.verify_identity(entry, evidence, sealed, Actor::Staff(by), app.business.now()).await? {
        Verified::Done => Ok(()),
        Verified::Duplicate(_) => Err(FlowError::Refused(Refusal::Duplicate)),
    }
}
