//! Two entries of one person become one: an agent keeps one, with the earlier day, and the other is closed. Only a pair
//! that names and birth dates, or numbers, have flagged can be merged, and names that are not the same take two agents:
//! otherwise a stranger's early day could be given to a buyer.

use super::corrections::{Corrected, claimed_by, is_alone};
use super::search::{Likeness, alike};
use super::{Reader, StaffReader, reveal};
use crate::domain::correction::CorrectionKind;
use crate::domain::entry::EntryState;
use crate::domain::ids::EntryId;
use crate::domain::refusal::Refusal;
use crate::flow::{App, FlowError, reason};

/// Closes `other` as a duplicate of `keep`.
///
/// # Errors
/// Names the reason if it is missing; [`FlowError::Refused`] if nothing says that they are one person's, if only the other
/// one is verified, or if the other one is convoked.
pub async fn merge(
    app: &App,
    keep: EntryId,
    other: EntryId,
    typed_reason: &str,
    by: StaffReader,
) -> Result<Corrected, FlowError> {
    let reason = reason::needed(typed_reason).map_err(FlowError::invalid)?;
    let record = app.store.entry(keep).await?.ok_or(FlowError::NotFound("entry"))?;
    let shown = reveal(app, &record, Reader::Program).await?;
    let identity = shown.known_identity()?;
    let directory = app.store.directory().await?;
    let pair =
        alike(app, record.queue_id, &Likeness::of(&shown)).await?.into_iter().find(|one| one.id == other);
    let pair = pair.filter(|one| {
        directory.queue(one.queue_id).is_some_and(|queue| queue.prefecture_id == by.prefecture)
    });
    let pair = pair.filter(|one| one.state.is_live() && one.id != keep).ok_or(Refusal::NotAlike)?;
    let is_same = reveal(app, &pair, Reader::Program).await?.identity().as_ref() == Some(&identity);
    let claim = format!("{}\n{other}", CorrectionKind::Merge.as_str());
    let new = claimed_by(app, &record, (CorrectionKind::Merge, &claim), &reason, is_same, by.id).await?;
    let is_convoked = record.state == EntryState::Convoked;
    let is_first = !app.store.was_corrected(keep).await?;
    if new.kind.takes_two(is_same, is_convoked, is_first) && is_alone(app, &new).await? {
        return Ok(Corrected::Asked);
    }
    app.store.merge(new, other, app.business.now()).await?;
    Ok(Corrected::Done)
}
