//! Pushing the signed head to the witnesses. Each is sent the newest head, the proof from the head it
//! holds, and the freezes in between. Nothing waits for a witness: one that fails is tried again, ever
//! more seldom, and the page of the log shows how far behind it is.

use chrono::TimeDelta;

use super::{App, FlowError, journal};
use crate::journal::{FreezeRecord, Push};
use crate::store::records::{SignedHead, WitnessRecord};
use crate::witness::sender::{Reply, Sender};

/// The least time between two deliveries to one witness: a list is closed ten minutes before its
/// randomness or more. Longer than a delivery and its repetition can take, so that it serves as a lease.
const INTERVAL_S: i64 = 60;
/// The longest pause after failures.
const PAUSE_MAX_S: i64 = 3600;

/// A configured witness, beside the newest signed head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Follower {
    pub url: String,
    pub size: i64,
    /// Rows of the newest signed head that it has not acknowledged.
    pub behind: i64,
    pub acknowledged_at: Option<chrono::DateTime<chrono::Utc>>,
    pub fault: Option<String>,
}

/// How a fault begins that is more than silence.
const CONTRADICTION: &str = "contradiction: ";

impl Follower {
    /// Its address without the scheme.
    pub fn host(&self) -> &str {
        self.url.split_once("://").map_or(&self.url, |(_, host)| host)
    }

    /// Whether it holds another history than ours.
    pub fn contradicts(&self) -> bool {
        self.fault.as_ref().is_some_and(|fault| fault.starts_with(CONTRADICTION))
    }
}

/// How far each configured witness follows.
///
/// # Errors
/// If the store fails.
pub async fn followers(app: &App) -> Result<Vec<Follower>, FlowError> {
    let signed = journal::head(app).await?.map_or(0, |head| head.size);
    let known = app.store.witnesses().await?;
    let follower = |url: &String| {
        let record = known.iter().find(|record| record.url == *url);
        let size = record.map_or(0, |record| record.size);
        Follower {
            url: url.clone(),
            size,
            behind: (signed - size).max(0),
            acknowledged_at: record.and_then(|record| record.acknowledged_at),
            fault: record.and_then(|record| record.fault.clone()),
        }
    };
    Ok(app.config.witnesses.urls.iter().map(follower).collect())
}

/// Pushes to every witness that lacks something and may be tried now. Answers how many acknowledged.
///
/// # Errors
/// If the store fails; never because of a witness.
pub async fn push_due(app: &App, sender: &Sender) -> Result<usize, FlowError> {
    let signed = journal::head(app).await?.map_or(0, |head| head.size);
    let mut acknowledged = 0;
    for url in &app.config.witnesses.urls {
        let now = app.real.now();
        let until = now + TimeDelta::seconds(INTERVAL_S);
        let Some(witness) = app.store.claim_witness(url.clone(), signed, now, until).await? else {
            continue;
        };
        // Read after the claim: no other instance can have brought the witness further than this.
        let Some(head) = journal::head(app).await? else { continue };
        match follow(app, sender, &witness, &head).await? {
            Ok(reached) => {
                app.store
                    .witness_acknowledged(url.clone(), reached.size, reached.root, app.real.now())
                    .await?;
                acknowledged += 1;
            }
            Err(fault) => {
                tracing::warn!(witness = url, fault, "a witness did not follow");
                let pause = (INTERVAL_S << witness.attempts.clamp(0, 16)).min(PAUSE_MAX_S);
                app.store.witness_failed(url.clone(), fault, now + TimeDelta::seconds(pause)).await?;
            }
        }
    }
    Ok(acknowledged)
}

/// Brings one witness to the head, or as near as one delivery can: the head it now holds, or what it met.
async fn follow(
    app: &App,
    sender: &Sender,
    witness: &WitnessRecord,
    head: &SignedHead,
) -> Result<Result<SignedHead, String>, FlowError> {
    let mut from = witness.size;
    // A second time if it holds another head than we think: its answer was lost, or its memory.
    for _ in 0..2 {
        let Some((body, target)) = delivery(app, from, head).await? else {
            return Ok(Err(longer(from, head)));
        };
        let signature = journal::signer(app)?.sign_push(&body);
        match sender.push(&witness.url, body, &signature).await {
            Reply::Kept { size, root, late }
                if size == target.size.cast_unsigned() && root.0.as_slice() == target.root =>
            {
                for draw in late {
                    tracing::error!(witness = witness.url, %draw, "a list came to a witness too late: explain it");
                }
                return Ok(Ok(target));
            }
            // It knew this head already, and holds a newer one.
            Reply::Kept { size, .. } | Reply::Behind { size } => {
                from = i64::try_from(size).unwrap_or(i64::MAX);
            }
            Reply::Contradiction(why) => {
                tracing::error!(witness = witness.url, why, "A WITNESS HOLDS ANOTHER HISTORY OF THE LOG");
                return Ok(Err(format!("{CONTRADICTION}{why}")));
            }
            Reply::Failed(why) => return Ok(Err(why)),
        }
    }
    Ok(Err(if from > head.size {
        longer(from, head)
    } else {
        "it keeps asking for another start".to_owned()
    }))
}

fn longer(theirs: i64, head: &SignedHead) -> String {
    format!("{CONTRADICTION}it holds a head of {theirs} rows, and the log has {}", head.size)
}

/// The bytes of a delivery from a size, and the head in it; `None` if the witness is further than we are.
async fn delivery(
    app: &App,
    from: i64,
    head: &SignedHead,
) -> Result<Option<(Vec<u8>, SignedHead)>, FlowError> {
    let most = Push::RECORDS_MAX;
    let mut rows = app.store.frozen_rows(from, head.size, i64::try_from(most).unwrap_or(0) + 1).await?;
    let mut target = head.clone();
    if let Some(first_left) = rows.get(most).and_then(|row| row.position) {
        // Too much for one delivery: up to the last head signed before the first freeze that is left.
        let nearer = app.store.signed_head(first_left).await?.filter(|nearer| nearer.size > from);
        target = nearer.unwrap_or(target);
        rows.retain(|row| row.position.is_some_and(|position| position < target.size));
        rows.truncate(most);
    }
    let Some(consistency) = journal::consistency(app, from, target.size).await? else { return Ok(None) };
    let mut records = Vec::with_capacity(rows.len());
    for row in &rows {
        let proven = journal::proven(app, row, target.size).await?;
        // Rows of before witnesses, which do not tell when their randomness is out, stay at home.
        if FreezeRecord::read(&proven.row).is_ok() {
            records.push(proven);
        }
    }
    let push = Push { head: target.note.clone(), from: from.cast_unsigned(), consistency, records };
    let body = serde_json::to_vec(&push).map_err(|error| FlowError::Internal(error.to_string()))?;
    Ok(Some((body, target)))
}
