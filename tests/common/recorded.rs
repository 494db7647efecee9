//! A draw that uses a recorded round of the beacon. The recorded rounds came out on one afternoon of August
//! 2023, so the business clock is set to that time. The announcement is written through the store, because no
//! timetable matches a round to the second.

use chrono::{DateTime, TimeDelta, Utc};
use passage::domain::ids::{DrawId, EntryId};
use passage::draw;
use passage::store::commands::NewDraw;
use serde_json::json;

use crate::common::TestApp;

/// Two hours before round 1000, at 16 h in Paris.
pub const START: &str = "2023-08-23T14:00:00Z";
pub const ROUND: u64 = 1000;

pub fn out_at(round: u64) -> DateTime<Utc> {
    DateTime::from_timestamp(draw::time_of_round(round), 0).unwrap()
}

/// Six people and some seats, and a draw announced whose list is frozen an hour before its round.
pub async fn announced(app: &TestApp, round: u64) -> (DrawId, Vec<EntryId>) {
    let mut entries = Vec::new();
    for n in 0..6 {
        entries.push(app.register(app.first, n).await);
    }
    app.publish(app.first, 1, 5, 3, 1).await;
    let directory = app.app.store.directory().await.unwrap();
    let queue = directory.queue(app.first).unwrap();
    let id = DrawId(uuid::Uuid::now_v7());
    let chain = hex::encode(draw::QUICKNET_CHAIN);
    let new = NewDraw {
        id,
        queue: queue.id,
        rules_version: queue.rules_version,
        freeze_at: out_at(round) - TimeDelta::hours(1),
        seed_at: out_at(round),
        source: json!({ "kind": "drand", "chain": chain, "round": round }),
        secret: None,
    };
    assert!(app.app.store.announce(new, app.now()).await.unwrap());
    (id, entries)
}
