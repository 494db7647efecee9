//! Many clients at once, against two instances on PostgreSQL and one process on SQLite: they register,
//! are disconnected and retry, publish, withdraw, give back, pause and tick off, while lists freeze and draws
//! are held. Afterwards, the requests and answers of each client are checked against the database.
//!
//! The seed of a run is printed; `PASSAGE_SEED` repeats it. It determines what the clients request, but not
//! which of them is first.

mod common;
#[path = "common/http.rs"]
mod http;
#[path = "common/web.rs"]
mod web;

#[path = "histories/bad.rs"]
mod bad;
#[path = "histories/checker.rs"]
mod checker;
#[path = "histories/clients.rs"]
mod clients;
#[path = "histories/dropped.rs"]
mod dropped;
#[path = "histories/ending.rs"]
mod ending;
#[path = "histories/history.rs"]
mod history;
#[path = "histories/town.rs"]
mod town;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use clients::{CONTESTED, Client};
use common::{depth, on_both};
use history::{Answer, Event, Operation};
use town::Town;

const CLIENTS: u32 = 64;

#[tokio::test(flavor = "multi_thread")]
async fn what_sixty_four_clients_were_told_is_what_stands() {
    let seed = std::env::var("PASSAGE_SEED").map_or_else(|_| fresh_seed(), |seed| seed.parse().unwrap());
    on_both(async |test| {
        println!("PASSAGE_SEED={seed}");
        let operations = std::env::var("PASSAGE_HISTORY_OPERATIONS");
        let operations = operations.map_or_else(|_| depth(28, 10_000), |asked| asked.parse().unwrap());
        let days = depth(14, 60);
        // Each client has its own people, more than it can register.
        let people = |client: u32| CONTESTED + client * operations..CONTESTED + (client + 1) * operations;
        let town = Arc::new(Town::of(test, people(CLIENTS).start).await);
        let clients: Vec<_> = (0..CLIENTS)
            .map(|n| tokio::spawn(Client::new(town.clone(), n, seed, people(n)).run(operations)))
            .collect();
        town.live(days, CLIENTS * operations).await;
        let mut history = Vec::new();
        for client in clients {
            history.extend(client.await.unwrap());
        }
        town.tick().await;
        let world = ending::world(&town).await;
        let (faults, counts) = (checker::faults(&history, &world), counts(&history));
        println!("{counts:#?}\n{} convocations", world.convocations.len());
        assert!(faults.is_empty(), "PASSAGE_SEED={seed}, {}: {faults:#?}", kept(&history, seed));
        assert_rich(&counts);
        let Ok(town) = Arc::try_unwrap(town) else { panic!("every client is gone") };
        town.end().await.assert_sound().await;
    })
    .await;
}

/// Writes a history with faults to a file, so that their cause can be found.
fn kept(history: &[Event], seed: u64) -> String {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("history-{seed}.txt"));
    let lines: Vec<String> = history.iter().map(|event| format!("{event:?}")).collect();
    match std::fs::write(&file, lines.join("\n")) {
        Ok(()) => format!("history in {}", file.display()),
        Err(error) => format!("history not kept: {error}"),
    }
}

fn fresh_seed() -> u64 {
    u64::from_be_bytes(*uuid::Uuid::new_v4().as_bytes().first_chunk().unwrap())
}

/// How often each operation got each kind of answer.
fn counts(history: &[Event]) -> BTreeMap<(&'static str, &'static str), usize> {
    let mut counts = BTreeMap::new();
    for event in history {
        let operation = match event.operation {
            Operation::Register { .. } => "register",
            Operation::Withdraw(_) => "withdraw",
            Operation::GiveBack(_) => "give back",
            Operation::Pause(_) => "pause",
            Operation::Resume(_) => "resume",
            Operation::Publish(_) => "publish",
            Operation::WithdrawSlot(_) => "withdraw a slot",
            Operation::Tick(..) => "tick",
        };
        let answer = match event.answer {
            Answer::Done(_) => "done",
            Answer::Refused(_) => "refused",
            Answer::Failed(_) => "failed",
            Answer::Unknown => "unknown",
        };
        *counts.entry((operation, answer)).or_default() += 1;
    }
    counts
}

/// If nothing happened in the history, the test would prove nothing.
fn assert_rich(counts: &BTreeMap<(&str, &str), usize>) {
    for operation in
        ["register", "withdraw", "give back", "pause", "resume", "publish", "withdraw a slot", "tick"]
    {
        assert!(counts.contains_key(&(operation, "done")), "no {operation} was acknowledged: {counts:?}");
    }
    for told in
        [("register", "refused"), ("register", "unknown"), ("withdraw", "unknown"), ("give back", "unknown")]
    {
        assert!(counts.contains_key(&told), "no {told:?}: {counts:?}");
    }
}
