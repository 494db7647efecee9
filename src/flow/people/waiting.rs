//! A correction of somebody who stands in a frozen list waits, sealed, until the outcome is public. Then the scheduler judges
//! it by the rules of any correction: it is written, or a second agent is awaited.

use super::corrections::{SEALED_IN, is_proved, renamed, rewritten};
use super::{Opener, Person, Reader, key_of, reveal};
use crate::domain::names::{BirthDate, Names};
use crate::domain::near::is_respelling;
use crate::flow::stop::Stop;
use crate::flow::{App, FlowError};
use crate::store::commands::{NewCorrection, Rewritten};
use crate::store::records::{EntryRecord, WaitingCorrection};
use crate::vault::seal;

/// What is settled in one go.
const BATCH: i64 = 100;
/// Between what is sealed: no name holds a line's end.
const BETWEEN: &str = "\n";

/// Keeps it; a second agent who claims the same confirms it.
pub(super) async fn queue(
    app: &App,
    record: &EntryRecord,
    new: NewCorrection,
    person: &Person,
) -> Result<(), FlowError> {
    let same = new.same.as_ref();
    if same.is_some_and(|asked| asked.asked_by == new.by && asked.waits_since.is_some()) {
        return Ok(());
    }
    let key = key_of(&app.vault, record.applicant_id, &record.wrapped_key)?;
    let row = same.map_or(new.id, |asked| asked.id);
    let names = &person.names;
    let text = [names.birth_name(), names.given_names(), &person.birth_date.canonical()].join(BETWEEN);
    let sealed = seal(&key, SEALED_IN, "person", row, text.as_bytes());
    Ok(app.store.queue_correction(new, sealed, app.business.now()).await?)
}

/// Settles those whose outcome is there. One that fails is logged, and does not hold up the others.
///
/// # Errors
/// If the store does not answer.
pub async fn settle_due(app: &App, stop: &Stop) -> Result<(), FlowError> {
    for waiting in app.store.corrections_due(BATCH).await? {
        if stop.is_requested() {
            break;
        }
        if let Err(error) = settle(app, &waiting).await {
            tracing::error!(entry = %waiting.entry_id, %error, "a correction that waited was not settled");
        }
    }
    Ok(())
}

async fn settle(app: &App, waiting: &WaitingCorrection) -> Result<(), FlowError> {
    let record = app.store.entry(waiting.entry_id).await?.ok_or(FlowError::NotFound("entry"))?;
    let person = if record.state.is_live() { judged(app, &record, waiting).await? } else { None };
    Ok(app.store.settle_correction(waiting.id, record.id, person, app.business.now()).await?)
}

/// What would be written now, and whether that is a slip put right; nothing, if it may not be written any more.
async fn judged(
    app: &App,
    record: &EntryRecord,
    waiting: &WaitingCorrection,
) -> Result<Option<(bool, Rewritten)>, FlowError> {
    let shown = reveal(app, record, Reader::Program).await?;
    let (old_names, old_birth) = shown.known_identity()?;
    let opener = Opener::of(&app.vault, record.applicant_id, &record.wrapped_key)?;
    let text = opener.text(SEALED_IN, "person", waiting.id, &waiting.person)?;
    let (names, birth) = read(&text)
        .ok_or_else(|| FlowError::Internal("a correction that waited cannot be read".to_owned()))?;
    if is_proved(record, old_birth, birth) {
        return Ok(None);
    }
    let is_plain = is_respelling(&(old_names, old_birth), &(names.clone(), birth));
    let person = renamed(record, &shown, names, birth);
    Ok(Some((is_plain, rewritten(app, record, &person)?)))
}

fn read(text: &str) -> Option<(Names, BirthDate)> {
    let mut parts = text.split(BETWEEN);
    let names = Names::new(parts.next()?, parts.next()?).ok()?;
    Some((names, BirthDate::try_from(parts.next()?.to_owned()).ok()?))
}
