//! The house in order: what constraints cannot state is asked of the whole database, each published
//! bundle is verified from its stored bytes and held against the convocations, and the log is hashed again
//! from its first row and held against every head that anybody was told of.

use super::draw::wins;
use super::{App, FlowError, journal, source};
use crate::beacon::Relays;
use crate::config::{Config, DrawSource};
use crate::draw::merkle::Frontier;
use crate::draw::{self, Drawn};
use crate::journal::Head;
use crate::store::records::{DrawRecord, DrawState};

/// Log rows read at a time.
const PAGE: i64 = 5_000;

/// Every fault found: invariants, each published bundle verified from its stored bytes and carried out, and
/// draws whose freeze or randomness is late.
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
            if record.state == DrawState::Announced
                && app.business.now() > record.freeze_at + source::FREEZE_LATE
            {
                faults.push(format!(
                    "draw {}: its list was due at {} and is not frozen; is there a worker, and does its job “draws” run?",
                    record.id, record.freeze_at
                ));
            }
            let Some(bundle) = app.store.draw_document(record.id, "bundle").await? else {
                continue;
            };
            match draw::recompute(&bundle) {
                Ok(drawn) if !is_carried_out(app, &record, &drawn).await? => faults.push(format!(
                    "draw {}: the winners and their convocations are not those of its bundle",
                    record.id
                )),
                Ok(_) => {}
                Err(fault) => faults.push(format!("draw {}: {fault}", record.id)),
            }
        }
    }
    faults.extend(log_faults(app).await?);
    Ok(faults)
}

/// Whether those who won a draw are those who were convoked by it, each to the slot that they won.
async fn is_carried_out(app: &App, draw: &DrawRecord, drawn: &Drawn) -> Result<bool, FlowError> {
    let mut won: Vec<_> =
        wins(drawn).into_iter().map(|(entry, slot)| (entry.cast_signed(), Some(slot))).collect();
    won.sort_unstable();
    Ok(app.store.wins(draw.id).await? == won)
}

/// The relays of the beacon that do not serve what they should, where draws rest on them.
pub async fn relay_faults(config: &Config, relays: &Relays) -> Vec<String> {
    if config.draws.source == DrawSource::Commit {
        return Vec::new();
    }
    let missing = relays.probe().await;
    missing
        .faults()
        .map(|(relay, fault)| {
            format!("draws.relays: {relay} {fault}; let this machine reach it, or name another relay")
        })
        .collect()
}

/// What somebody has been told about the log: so many rows, with this root.
struct KnownHead {
    size: i64,
    root: Vec<u8>,
    /// Ends the sentence “… the one …”.
    how: String,
}

/// Everything that the log must still agree with: the heads written beside it, the heads that were signed,
/// and those that witnesses acknowledged. By size.
async fn known_heads(app: &App, faults: &mut Vec<String>) -> Result<Vec<KnownHead>, FlowError> {
    let mut known = Vec::new();
    for head in app.store.log_heads().await? {
        known.push(KnownHead { size: head.size, root: head.root, how: "written then".to_owned() });
    }
    let key = journal::key(app)?;
    for head in app.store.signed_heads().await? {
        let named = key.named(Head::origin_of(&head.note));
        let opened = named.and_then(|key| Head::open(&head.note, &key).ok());
        let signed =
            |opened: &Head| opened.size == head.size.cast_unsigned() && opened.root.as_slice() == head.root;
        if !opened.as_ref().is_some_and(signed) {
            faults.push(format!("the head of {} rows is not as it was signed", head.size));
        }
        known.push(KnownHead { size: head.size, root: head.root, how: "signed then".to_owned() });
    }
    for witness in app.store.witnesses().await? {
        let how = format!("that the witness {} acknowledged", witness.url);
        known.push(KnownHead { size: witness.size, root: witness.root, how });
    }
    known.sort_by_key(|head| head.size);
    Ok(known)
}

/// Rows that were edited, removed or put in between since somebody was told of their head.
async fn log_faults(app: &App) -> Result<Vec<String>, FlowError> {
    let mut faults = Vec::new();
    let known = known_heads(app, &mut faults).await?;
    let mut known = known.iter().peekable();
    let (mut log, mut next) = (Frontier::default(), 0);
    let mut compare = |size: i64, log: &Frontier, faults: &mut Vec<String>| {
        while let Some(head) = known.next_if(|head| head.size == size) {
            if head.root != log.root() {
                let how = &head.how;
                faults.push(format!("the log of {size} rows has another root than the one {how}"));
            }
        }
    };
    compare(0, &log, &mut faults);
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
            compare(next, &log, &mut faults);
        }
        next = after;
    }
    let lost = known
        .map(|head| format!("the log has lost rows: its head of {} rows is the one {}", head.size, head.how));
    faults.extend(lost);
    faults.truncate(100);
    Ok(faults)
}
