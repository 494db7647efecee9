//! F6 to F8 of a draw that rests on a round of the beacon: fetched by a program that dies with it, it is
//! fetched again, and is the same. The relay replays a recorded round, so the clock stands on its day.

use chrono::{DateTime, TimeDelta};
use passage::config::DrawSource;
use passage::domain::ids::DrawId;
use passage::draw;
use passage::store::commands::NewDraw;
use serde_json::json;

use super::common::{TestApp, on_both_at};
use super::program::{Launch, clock_can_be_set};
use super::relay::{Manner, Relay, signature};
use super::world::World;

const ROUND: u64 = 1000;
const START: &str = "2023-08-23T14:00:00Z";
/// The round came out at 15:59:24; the list is frozen an hour before.
const FREEZE: &str = "2023-08-23 14:59:26";
const SEED: &str = "2023-08-23 15:59:26";
const OUT: &str = "2023-08-23T15:59:26Z";

/// Twelve people, some seats, and a draw that waits for the round.
async fn announced(app: &TestApp) -> String {
    for n in 0..12 {
        app.register(app.first, n).await;
    }
    app.publish(app.first, 1, 5, 3, 2).await;
    let directory = app.app.store.directory().await.unwrap();
    let seed_at = DateTime::from_timestamp(draw::time_of_round(ROUND), 0).unwrap();
    let id = DrawId(uuid::Uuid::now_v7());
    let new = NewDraw {
        id,
        queue: app.first,
        rules_version: directory.queue(app.first).unwrap().rules_version,
        freeze_at: seed_at - TimeDelta::hours(1),
        seed_at,
        source: json!({ "kind": "drand", "chain": hex::encode(draw::QUICKNET_CHAIN), "round": ROUND }),
        secret: None,
    };
    assert!(app.app.store.announce(new, app.now()).await.unwrap());
    "draw d JOIN queue q ON q.id = d.queue_id WHERE q.slug = 'premiere-demande' AND d.number = 1".to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fetched_round_that_was_not_stored_is_fetched_again() {
    if !clock_can_be_set() {
        return;
    }
    let relay = Relay::start(Manner::NotYet).await;
    let vars = [("PASSAGE__DRAWS__SOURCE", "drand"), ("PASSAGE__DRAWS__RELAYS", relay.url.as_str())];
    on_both_at(START, &vars, async |app| {
        assert_eq!(app.app.config.draws.source, DrawSource::Drand);
        relay.turn(Manner::NotYet);
        let draw = announced(&app).await;
        let state = format!("SELECT d.state FROM {draw}");
        let world = World::left_by(app).await;
        let launch = |at: &str| -> Launch {
            vars.iter().fold(world.launch(at), |launch, (name, value)| launch.var(name, value))
        };
        let program = launch(FREEZE).go();
        world.wait_for(&state, "frozen").await;
        program.terminate();
        relay.turn(Manner::Honest);
        for (place, expected) in [("F6", "frozen"), ("F7", "frozen"), ("F8", "seeded")] {
            let asked = relay.asked();
            let mut program = launch(SEED).stopping_at(place).go();
            program.wait_there();
            program.kill();
            assert!(place == "F6" || relay.asked() > asked, "{place}: the round is fetched in this life");
            assert_eq!(world.value(&state).await, expected, "killed at {place}");
            world.assert_sound_at(OUT).await;
        }
        let program = launch(SEED).go();
        world.wait_for(&state, "published").await;
        program.terminate();
        let hex = if world.is_pg() { "encode(d.opening, 'hex')" } else { "lower(hex(d.opening))" };
        let opening = world.value(&format!("SELECT {hex} FROM {draw}")).await;
        assert_eq!(opening, hex::encode(signature(ROUND)));
        assert_eq!(world.count("audit WHERE action = 'draw.seeded'").await, 1);
        world.assert_sound_at(OUT).await;
    })
    .await;
}
