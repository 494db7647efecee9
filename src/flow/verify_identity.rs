//! An agent verifies who an applicant is: the document is before their eyes.

use super::people::{self, Document, Reader};
use super::register::seen_keys;
use super::{App, FlowError};
use crate::domain::actor::Actor;
use crate::domain::identity::Proof;
use crate::domain::ids::{EntryId, StaffId};
use crate::domain::refusal::Refusal;
use crate::store::commands::{Evidence, Verified};

/// Records that an agent has seen the document that this entry names. The entry keeps its date.
///
/// # Errors
/// [`FlowError::Refused`] if the same person already holds a verified place, or if the entry names no
/// document and no number to hold the place by.
pub async fn document_seen(
    app: &App,
    entry: EntryId,
    document: Option<Document>,
    by: StaffId,
) -> Result<(), FlowError> {
    let record = app.store.entry(entry).await?.ok_or(FlowError::NotFound("entry"))?;
    let shown = people::reveal(app, &record, Reader::Program).await?;
    let declared = shown.document.as_deref().and_then(Document::stored);
    let document = document.or(declared);
    let number = shown.foreigner_number.as_deref();
    let keys = seen_keys(app, number, document.as_ref(), &shown.birth_date).await?;
    if keys.is_empty() {
        return Err(FlowError::Refused(Refusal::NoKey));
    }
    let evidence = Evidence { how: Proof::Document, keys };
    match app.store.verify_identity(entry, evidence, Actor::Staff(by), app.business.now()).await? {
        Verified::Done => Ok(()),
        Verified::Duplicate(_) => Err(FlowError::Refused(Refusal::Duplicate)),
    }
}
