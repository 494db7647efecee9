//! Somebody whom nobody has seen, and who waits already under another proof: their number and their FranceConnect account
//! share no key. Where two may be one, neither is verified by a machine: an agent looks.

use crate::domain::ids::{EntryId, QueueId};
use crate::domain::names::{BirthDate, Names};
use crate::domain::near::{LooseKey, are_near, looked_for, number_key};
use crate::domain::rules::Scope;
use crate::flow::people::{self, Reader, Shown};
use crate::flow::{App, FlowError};
use crate::store::commands::{Among, KeyFingerprint};
use crate::store::records::EntryRecord;

/// Others who share a coarse text are few, and most are told apart at once.
const ALIKE_MAX: i64 = 200;

/// A live entry for the procedure of a queue, proven, of somebody with this birth date and a near name.
pub(in crate::flow) async fn double(
    app: &App,
    queue: QueueId,
    (names, birth): (&Names, BirthDate),
    except: Option<EntryId>,
) -> Result<Option<(EntryRecord, Shown)>, FlowError> {
    for record in proven_alike(app, queue, &looked_for(names, birth)).await? {
        if except == Some(record.id) {
            continue;
        }
        let shown = people::reveal(app, &record, Reader::Program).await?;
        let is_one = shown
            .identity()
            .is_some_and(|(other, born)| born == birth && are_near(&(other, born), &(names.clone(), birth)));
        if is_one {
            return Ok(Some((record, shown)));
        }
    }
    Ok(None)
}

/// Whether a number is held already, under a name that is not near. A register without names does not say whose it is; and
/// that it waits is told to nobody who does not know the name.
pub(super) async fn is_held_under_another_name(
    app: &App,
    queue: QueueId,
    (number, key): (&str, &KeyFingerprint),
    (names, birth): (&Names, BirthDate),
) -> Result<bool, FlowError> {
    for record in proven_alike(app, queue, &[number_key(number)]).await? {
        if !app.store.holds_key(record.id, key.clone()).await? {
            continue;
        }
        let identity = people::reveal(app, &record, Reader::Program).await?.identity();
        return Ok(identity.is_some_and(|held| !are_near(&held, &(names.clone(), birth))));
    }
    Ok(false)
}

/// Live entries for the procedure of a queue, proven, that share a coarse text.
async fn proven_alike(app: &App, queue: QueueId, wanted: &[LooseKey]) -> Result<Vec<EntryRecord>, FlowError> {
    let directory = app.store.directory().await?;
    let asked = directory.queue(queue).ok_or(FlowError::NotFound("queue"))?;
    let wanted = people::loose_fingerprints(&app.vault, wanted);
    let among = Among::Procedure { of: queue, now: app.business.now() };
    let mut found = app.store.alike(wanted, among, ALIKE_MAX).await?;
    found.retain(|record| {
        let prefecture = directory.queue(record.queue_id).map(|other| other.prefecture_id);
        let counts = asked.rules.scope == Scope::Installation || prefecture == Some(asked.prefecture_id);
        counts && record.state.is_live() && record.identity_how.is_some()
    });
    Ok(found)
}
