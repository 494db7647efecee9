//! Reads the final state of the database, in the form that the checker needs.

use chrono::{DateTime, TimeDelta, Utc};
use passage::domain::entry::EntryState;
use passage::flow::people::{Reader, reveal};
use passage::store::records::{AuditRecord, EntryRecord};
use serde_json::Value;

use super::history::{Convocation, Entry, Logged, Row, Slot, World};
use super::town::Town;

/// Log rows read at a time.
const PAGE: i64 = 5_000;

pub async fn world(town: &Town) -> World {
    let (store, prefecture) = (&town.test.app.store, town.test.prefecture);
    let from: DateTime<Utc> = crate::common::START.parse().unwrap();
    let to = town.test.now() + TimeDelta::days(400);
    let directory = store.directory().await.unwrap();
    let mut entries = Vec::new();
    for state in EntryState::ALL {
        let records = store.entries_in(prefecture, *state, i64::MAX).await.unwrap();
        for record in &records {
            entries.push(entry(town, record).await);
        }
    }
    let slots = store.slots_between(prefecture, from, to).await.unwrap();
    let slots = slots.iter().map(|slot| {
        let site = directory.site(slot.site_id).unwrap();
        let at = site.zone.local(slot.starts_at).format("%Y-%m-%d;%H:%M");
        Slot {
            id: slot.id.to_string(),
            name: format!("{};{};{at}", site.slug, slot.desk_number),
            state: slot.state.to_string(),
            withdrawn: slot.withdrawn_at.map(|at| at.timestamp_micros()),
        }
    });
    let convocations = store.counter(prefecture, from, to).await.unwrap();
    let convocations = convocations.iter().map(|one| Convocation {
        id: one.id.to_string(),
        entry: one.entry_id.to_string(),
        slot: one.slot_id.to_string(),
        state: one.state.to_string(),
        issued: one.issued_at.timestamp_micros(),
        ended: one.ended_at.map(|at| at.timestamp_micros()),
    });
    let log = log(town).await;
    let of_rest =
        |row: &&AuditRecord| matches!(row.action.as_str(), "publication.proposed" | "slots.rest_withdrawn");
    let rests = log.iter().filter(of_rest).map(|row| row.at.timestamp_micros()).collect();
    let log = log.iter().filter(|row| row.action.starts_with("convocation.")).map(row).collect();
    World { entries, slots: slots.collect(), convocations: convocations.collect(), log, rests }
}

async fn entry(town: &Town, record: &EntryRecord) -> Entry {
    let person = reveal(&town.test.app, record, Reader::Program).await.unwrap();
    let number = person.foreigner_number.unwrap();
    let email = person.email.unwrap();
    let (wording, rest) = email.strip_prefix('w').and_then(|rest| rest.split_once('.')).unwrap();
    Entry {
        id: record.id.to_string(),
        reference: record.reference.clone(),
        person: number[2..].parse().unwrap(),
        key: rest.split_once('@').unwrap().0.to_owned(),
        wording: wording.parse().unwrap(),
        state: record.state.to_string(),
        paused: record.paused,
        began: record.registered_at.timestamp_micros(),
        ended: record.ended_at.map(|at| at.timestamp_micros()),
    }
}

/// The log's rows. Their ids tell the order in which they were written.
async fn log(town: &Town) -> Vec<AuditRecord> {
    let store = &town.test.app.store;
    while store.sequence_log(PAGE, town.test.now()).await.unwrap().tail > 0 {}
    let (mut rows, mut next) = (Vec::<AuditRecord>::new(), 0);
    loop {
        let page = store.log_leaves(next, PAGE).await.unwrap();
        let Some(last) = page.last() else { break };
        next = last.position.unwrap() + 1;
        rows.extend(page);
    }
    rows.sort_by_key(|row| row.id);
    rows
}

fn row(record: &AuditRecord) -> Row {
    let text = |name: &str| record.detail[name].as_str().unwrap_or_default().to_owned();
    Row {
        convocation: record.subject.strip_prefix("convocation:").unwrap().to_owned(),
        entry: text("entry"),
        slot: text("slot"),
        what: match (record.action.as_str(), &record.detail["live"]) {
            ("convocation.issued", Value::Bool(true)) => Logged::Issued,
            ("convocation.issued", _) => Logged::IssuedEnded,
            _ => Logged::Ended,
        },
    }
}
