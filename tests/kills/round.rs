//! F6 to F8 of a draw that uses a round of the beacon: if the program that fetched it dies, the round is
//! fetched again and is the same. The relay replays a recorded round, so the clock is set to its day.

use passage::config::DrawSource;

use super::common::{depth, on_both_at};
use super::draw::of_the_draw;
use super::program::{Launch, clock_can_be_set};
use super::recorded::{ROUND, START, announced};
use super::relay::{Manner, Relay, signature};
use super::world::{World, in_lanes};

/// The round came out at 15:59:24; the list is frozen an hour before.
const FREEZE: &str = "2023-08-23 14:59:26";
const SEED: &str = "2023-08-23 15:59:26";
const OUT: &str = "2023-08-23T15:59:26Z";

#[test]
fn a_fetched_round_that_was_not_stored_is_fetched_again() {
    if clock_can_be_set() {
        in_lanes(depth(3, 50), fetched_again);
    }
}

async fn fetched_again() {
    let relay = Relay::start(Manner::NotYet).await;
    let vars = [("PASSAGE__DRAWS__SOURCE", "drand"), ("PASSAGE__DRAWS__RELAYS", relay.url.as_str())];
    on_both_at(START, &vars, async |app| {
        app.is_outlived("the programs of this trial run on another clock");
        assert_eq!(app.app.config.draws.source, DrawSource::Drand);
        relay.turn(Manner::NotYet);
        announced(&app, ROUND).await;
        let state = of_the_draw("d.state");
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
        let opening = world.value(&of_the_draw(hex)).await;
        assert_eq!(opening, hex::encode(signature(ROUND)));
        assert_eq!(world.count("audit WHERE action = 'draw.seeded'").await, 1);
        world.assert_sound_at(OUT).await;
    })
    .await;
}
