//! Two entries of one person become one: an agent keeps one, with the earlier day, and the other is closed. Only a pair
//! that names and birth dates, or numbers, have flagged can be merged. One agent does it alone only where the names are the
//! same, a paper of both is, and they have neither registered nor verified the kept one: otherwise a stranger's early day
//! could be given to a buyer.

use super::corrections::{Corrected, SEALED_IN, VERIFIED, claimed_by, has_done, is_alone, named};
use super::search::{Likeness, own_alike};
use super::{Opener, Reader, Shown, StaffReader, key_fingerprints, reveal};
use crate::domain::correction::CorrectionKind;
use crate::domain::entry::EntryState;
use crate::domain::ids::EntryId;
use crate::domain::refusal::Refusal;
use crate::flow::{App, FlowError, reason};
use crate::store::commands::Merge;
use crate::store::records::EntryRecord;

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
    if record.identity_how.is_none() {
        return Err(Refusal::KeepVerified.into());
    }
    let shown = reveal(app, &record, Reader::Program).await?;
    let identity = shown.known_identity()?;
    let alike = own_alike(app, record.queue_id, &Likeness::of(&shown), by.prefecture).await?;
    let pair = alike.into_iter().find(|one| one.id == other);
    let pair = pair.filter(|one| one.state.is_live() && one.id != keep).ok_or(Refusal::NotAlike)?;
    let theirs = reveal(app, &pair, Reader::Program).await?;
    let is_plain = theirs.identity().as_ref() == Some(&identity)
        && have_a_paper_in_common(app, &shown, &theirs)
        && !has_done(app, keep, by.id, &["entry.registered", VERIFIED]).await?;
    let claim = format!("{}\n{other}", CorrectionKind::Merge.as_str());
    let new = claimed_by(app, &record, (CorrectionKind::Merge, &claim), &reason, is_plain, by.id).await?;
    // Before the outcome of a list is public, nobody can say who is convoked.
    let is_convoked = record.state == EntryState::Convoked
        || app.store.is_listed(keep).await?
        || app.store.is_listed(other).await?;
    // Either may have been given the other's name before.
    let is_first = !app.store.was_corrected(keep).await? && !app.store.was_corrected(other).await?;
    if new.kind.takes_two(is_plain, is_convoked, is_first) && is_alone(app, &new).await? {
        return Ok(Corrected::Asked);
    }
    let merge = Merge { new, other, was: [named(&record), named(&pair)] };
    app.store.merge(merge, app.business.now()).await?;
    Ok(Corrected::Done)
}

/// The entry that an agent asks to close as a duplicate of this one, if one does.
///
/// # Errors
/// If what is sealed cannot be opened.
pub(in crate::flow) async fn asked_to_close(
    app: &App,
    keep: &EntryRecord,
) -> Result<Option<EntryId>, FlowError> {
    let Some(open) = app.store.open_correction(keep.id).await? else { return Ok(None) };
    let opener = Opener::of(&app.vault, keep.applicant_id, &keep.wrapped_key)?;
    let claim = opener.text(SEALED_IN, "claim", open.id, &open.claim)?;
    let other = claim.strip_prefix(CorrectionKind::Merge.as_str()).and_then(|rest| rest.strip_prefix('\n'));
    Ok(other.and_then(|id| id.parse().ok()))
}

/// The same number, or the same document.
fn have_a_paper_in_common(app: &App, one: &Shown, other: &Shown) -> bool {
    let papers = |shown: &Shown| {
        key_fingerprints(&app.vault, shown.foreigner_number.as_deref(), shown.document.as_ref())
    };
    let others = papers(other);
    papers(one).iter().any(|paper| others.contains(paper))
}
