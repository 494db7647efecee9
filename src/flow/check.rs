//! The house in order: what constraints cannot state is asked of the whole database, each published
//! bundle is verified from its stored bytes, and the log is hashed again from its first row.

use super::{App, FlowError, source};
use crate::config::DrawSource;
use crate::draw;
use crate::draw::merkle::Frontier;

/// Log rows read at a time.
const PAGE: i64 = 5_000;

/// Every fault found: invariants, each published bundle verified from its stored bytes, and draws whose
/// randomness is late.
///
/// # Errors
/// If the store fails.
pub async fn faults(app: &App) -> Result<Vec<String>, FlowError> {
    let mut faults = app.store.faults().await?;
    for queue in &app.store.directory().await?.queues {
        for record in app.store.draws_of(queue.id, i64::MAX).await? {
            if source::is_late(&record, app.business.now()) {
                let (due, until) = (record.seed_at, source::waits_until(app, &record));
                faults.push(format!(
                    "draw {}: its randomness was due at {due} and is late; it waits until {until}",
                    record.id
                ));
            }
            let Some(bundle) = app.store.draw_document(record.id, "bundle").await? else {
                continue;
            };
            match draw::verify(&bundle) {
                Ok(_) => {}
                Err(fault) => faults.push(format!("draw {}: {fault}", record.id)),
            }
        }
    }
    faults.extend(log_faults(app).await?);
    Ok(faults)
}

/// The relays of the beacon that do not serve what they should, where draws rest on them.
pub async fn relay_faults(app: &App) -> Vec<String> {
    if app.config.draws.source == DrawSource::Commit {
        return Vec::new();
    }
    let missing = app.beacon.probe().await;
    missing.faults().map(|(relay, fault)| format!("draws.relays: {relay} {fault}")).collect()
}

/// Rows that were edited, removed or put in between since their head was written.
async fn log_faults(app: &App) -> Result<Vec<String>, FlowError> {
    let heads = app.store.log_heads().await?;
    let mut heads = heads.iter().peekable();
    let (mut log, mut faults, mut next) = (Frontier::default(), Vec::new(), 0);
    loop {
        let page = app.store.log_leaves(next, PAGE).await?;
        let Some(last) = page.last() else { break };
        let after = last.position.unwrap_or(next) + 1;
        for row in &page {
            if row.position != Some(next) || !row.is_intact() {
                faults.push(format!("log row {next} is not what was written"));
            }
            log.append(row.leaf.as_slice().try_into().unwrap_or_default());
            next += 1;
            if let Some(head) = heads.next_if(|head| head.size == next)
                && head.root != log.root()
            {
                faults.push(format!("the log of {next} rows has another root than the one written then"));
            }
        }
        next = after;
    }
    faults
        .extend(heads.map(|head| format!("the log has lost rows: a head of {} rows was written", head.size)));
    faults.truncate(100);
    Ok(faults)
}
