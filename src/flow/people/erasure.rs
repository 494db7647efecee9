//! Data that are of no more use are erased: some time after an entry has ended, as its queue's rules say, or when the
//! person asks. What is left are ids, dates and draws, which name nobody.

use chrono::{DateTime, Days, Utc};
use serde::Serialize;

use crate::domain::actor::Actor;
use crate::domain::directory::{Directory, Queue};
use crate::domain::ids::EntryId;
use crate::flow::{App, FlowError};
use crate::store::Store;
use crate::store::commands::{Erasure, ErasureReason};

/// People erased between two looks at whether the program stops.
const BATCH: i64 = 200;
/// Days from the end of an entry until its person is erased by whoever has their reference and birth date, or by staff:
/// nobody ends somebody's request and removes every trace of whose it was before they are told and can complain.
pub const HOLDER_WAIT_DAYS: u64 = 3;
const STAFF_WAIT_DAYS: u64 = 15;

/// What a purge does in a queue.
#[derive(Clone, Debug, Serialize)]
pub struct Due {
    /// As PREFECTURE/QUEUE.
    pub queue: String,
    /// Whoever ended before this.
    pub ended_before: DateTime<Utc>,
    pub people: i64,
    /// Ended as long ago, with a penalty, a message or a draw that is not over.
    pub waiting: i64,
}

fn ended_before(queue: &Queue, now: DateTime<Utc>) -> DateTime<Utc> {
    now - Days::new(queue.rules.retention_days.into())
}

/// What a purge would do now, queue by queue; queues without anybody to erase are left out.
///
/// # Errors
/// If the store fails.
pub async fn due(store: &Store, directory: &Directory, now: DateTime<Utc>) -> Result<Vec<Due>, FlowError> {
    let mut all = Vec::new();
    for queue in &directory.queues {
        let before = ended_before(queue, now);
        let (people, waiting) = store.count_erasable(queue.id, now, before).await?;
        if people + waiting > 0 {
            let prefecture = directory.prefecture(queue.prefecture_id).map_or("", |one| one.slug.as_str());
            let queue = format!("{prefecture}/{}", queue.slug);
            all.push(Due { queue, ended_before: before, people, waiting });
        }
    }
    Ok(all)
}

/// Erases some of those whose time is over. Answers how many; 0 once there is nobody left.
///
/// # Errors
/// If the store fails.
pub async fn purge_some(app: &App) -> Result<u64, FlowError> {
    let (directory, now, mut done) = (app.store.directory().await?, app.business.now(), 0);
    for queue in &directory.queues {
        for entry in app.store.erasable(queue.id, now, ended_before(queue, now), BATCH).await? {
            match erase(app, entry, Actor::System, ErasureReason::Retention).await {
                Ok(()) => done += 1,
                // Something happened to it since it was found.
                Err(FlowError::Refused(_)) => {}
                Err(error) => return Err(error),
            }
        }
    }
    Ok(done)
}

/// Erases the person of an entry, for one who asked for it.
///
/// # Errors
/// [`FlowError::Refused`] if the entry has not ended, or something about it is not over.
pub async fn on_request(app: &App, entry: EntryId, actor: Actor) -> Result<(), FlowError> {
    erase(app, entry, actor, ErasureReason::Request).await
}

async fn erase(app: &App, entry: EntryId, actor: Actor, why: ErasureReason) -> Result<(), FlowError> {
    let now = app.business.now();
    let ended_before = match actor {
        Actor::System => None,
        Actor::Holder(_) => Some(HOLDER_WAIT_DAYS),
        Actor::Staff(_) => Some(STAFF_WAIT_DAYS),
    };
    let ended_before = ended_before.map(|days| now - Days::new(days));
    let erasure = Erasure { entry, actor, why, ended_before, pages_closed_at: app.real.now() };
    Ok(app.store.erase(erasure, now).await?)
}
