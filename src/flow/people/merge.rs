//! Two entries of one person become one: an agent keeps one, with the earlier day, and the other is closed. Only a pair
//! that names and birth dates, or numbers, have flagged can be merged, and names that are not the same take two agents:
//! otherwise a stranger's early day could be given to a buyer.

use super::corrections::{Corrected, claimed_by, is_alone, named};
use super::search::{Likeness, own_alike};
use super::{Reader, StaffReader, reveal};
use crate::domain::correction::CorrectionKind;
use crate::domain::entry::EntryState;
use crate::domain::ids::EntryId;
use crate::domain::refusal::Refusal;
use crate::flow::{App, FlowError, reason};
use crate::store::commands::Merge;

/// Closes `other` as a duplicate of `keep`.
///
/// # Errors
/// Names the reason if it is missing; [`FlowError::Refused`] if nothing says that they are one person's, if the kept one is
/// not verified, or if the other one is convoked or carries a penalty.
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
    let alike = own_alike(app, record.queue_id, &Likeness::of(&shown), by.prefecture).await?;
    let pair = alike.into_iter().find(|one| one.id == other);
    let pair = pair.filter(|one| one.state.is_live() && one.id != keep).ok_or(Refusal::NotAlike)?;
    let is_same = reveal(app, &pair, Reader::Program).await?.identity().as_ref() == Some(&identity);
    let claim = format!("{}\n{other}", CorrectionKind::Merge.as_str());
    let new = claimed_by(app, &record, (CorrectionKind::Merge, &claim), &reason, is_same, by.id).await?;
    // Before the outcome of a list is public, nobody can say who is convoked.
    let is_convoked = record.state == EntryState::Convoked
        || app.store.is_listed(keep).await?
        || app.store.is_listed(other).await?;
    // Either may have been given the other's name before.
    let is_first = !app.store.was_corrected(keep).await? && !app.store.was_corrected(other).await?;
    if new.kind.takes_two(is_same, is_convoked, is_first) && is_alone(app, &new).await? {
        return Ok(Corrected::Asked);
    }
    let merge = Merge { new, other, was: [named(&record), named(&pair)] };
    app.store.merge(merge, app.business.now()).await?;
    Ok(Corrected::Done)
}
