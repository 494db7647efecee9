//! Somebody whom nobody has seen, and who waits already under another proof: their number and their FranceConnect account
//! share no key. Where two may be one, neither is verified by a machine: an agent looks.

use crate::domain::ids::{EntryId, QueueId};
use crate::domain::names::{BirthDate, Names};
use crate::domain::near::{are_near, looked_for};
use crate::domain::rules::Scope;
use crate::flow::people::{self, Reader, Shown};
use crate::flow::{App, FlowError};
use crate::store::commands::Among;
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
    let directory = app.store.directory().await?;
    let asked = directory.queue(queue).ok_or(FlowError::NotFound("queue"))?;
    let wanted = people::loose_fingerprints(&app.vault, &looked_for(names, birth));
    let among = Among::Procedure { of: queue, now: app.business.now() };
    for record in app.store.alike(wanted, among, ALIKE_MAX).await? {
        let prefecture = directory.queue(record.queue_id).map(|other| other.prefecture_id);
        let counts = asked.rules.scope == Scope::Installation || prefecture == Some(asked.prefecture_id);
        let is_proven = record.state.is_live() && record.identity_how.is_some();
        if !counts || !is_proven || except == Some(record.id) {
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
