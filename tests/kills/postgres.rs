//! F23 in the middle of an operation: PostgreSQL is killed while a program is in a freeze, has sent the
//! COMMIT of a draw, or has committed that it is about to send an SMS. The program keeps running and does it once.

use super::common::{TestApp, depth};
use super::draw::{FREEZE, SEED, it_happened_once, of_the_draw, waiting_for_a_draw};
use super::gateway::SmsGateway;
use super::notice::{assert_outbox, registered, until_sent};
use super::program::{PATIENCE, clock_can_be_set};
use super::servers::Postgres;
use super::world::{World, in_lanes};

/// The folder of a separate PostgreSQL, and what an app has prepared in it.
async fn prepared(prepare: impl AsyncFn(&TestApp)) -> Option<(World, Postgres, World)> {
    if !clock_can_be_set() {
        return None;
    }
    let place = World::at(String::new());
    let postgres = Postgres::start(&place.folder)?;
    let app = TestApp::start(&postgres.url()).await;
    prepare(&app).await;
    app.app.store.close().await;
    let world = World::at(postgres.url());
    Some((place, postgres, world))
}

#[test]
fn a_draw_runs_once_when_postgres_is_killed_in_its_middle() {
    in_lanes(depth(3, 50), killed_in_a_draw);
}

async fn killed_in_a_draw() {
    let Some((_place, mut postgres, world)) = prepared(async |app| waiting_for_a_draw(app).await).await
    else {
        return;
    };
    for (place, at, done) in [("F3", FREEZE, "frozen"), ("F11", SEED, "published")] {
        let mut program = world.launch(at).stopping_at(place).go();
        program.wait_there();
        postgres.kill();
        postgres.restart();
        program.wake();
        world.wait_for(&of_the_draw("d.state"), done).await;
        program.assert_lives();
        program.terminate();
        world.assert_sound().await;
    }
    it_happened_once(&world).await;
}

#[test]
fn an_sms_is_sent_once_when_postgres_is_killed_before_it_leaves() {
    in_lanes(depth(3, 50), killed_before_a_send);
}

async fn killed_before_a_send() {
    let Some((_place, mut postgres, world)) = prepared(async |app| registered(app, 1..=3).await).await else {
        return;
    };
    let gateway = SmsGateway::start();
    let mut program = gateway.serves(world.launch("2027-01-08 08:02:00")).stopping_at("F14").go();
    program.wait_there();
    postgres.kill();
    postgres.restart();
    program.wake();
    until_sent(&world, PATIENCE).await;
    program.assert_lives();
    program.terminate();
    let unknown = world.count("notice WHERE way = 'sms' AND state = 'unknown'").await;
    assert!(unknown <= 1, "{unknown}");
    assert_outbox(&world, &gateway, unknown).await;
}
