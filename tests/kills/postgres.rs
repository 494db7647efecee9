//! F23 in the middle of an operation: PostgreSQL is killed while a program is in a freeze, has sent the
//! COMMIT of a draw, or has committed that it is about to send an SMS. The program keeps running and does it once.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use super::common::{TestApp, depth};
use super::draw::{FREEZE, SEED, it_happened_once, of_the_draw, waiting_for_a_draw};
use super::gateway::SmsGateway;
use super::notice::{assert_outbox, registered, until_sent};
use super::program::{PATIENCE, ask, clock_can_be_set, header};
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

/// The status of an answer, its head, and how long it took; status 0 if none came.
fn timed(address: SocketAddr, path: &str) -> (u16, String, Duration) {
    let begun = Instant::now();
    let answer = ask(address, &format!("GET {path} HTTP/1.1"), "");
    let (status, head) = answer.map_or((0, String::new()), |answer| (answer.status, answer.head));
    (status, head, begun.elapsed())
}

const PAGE: &str = "/p/demonstration";

#[tokio::test(flavor = "multi_thread")]
async fn while_postgres_is_away_pages_say_so_at_once_and_come_back_by_themselves() {
    let Some((_place, mut postgres, world)) = prepared(async |_| ()).await else { return };
    let mut program = world.launch("2027-01-08 08:02:00").go();
    let (pages, operators) = (program.address, program.operators);
    program.wait_until("it serves", || timed(pages, PAGE).0 == 200);
    assert_eq!(timed(operators, "/readyz").0, 200);
    postgres.kill();
    for _ in 0..20 {
        let (status, head, took) = timed(pages, PAGE);
        assert_eq!(status, 503, "{head}");
        assert!(header(&head, "retry-after").is_some(), "{head}");
        // A second, and what a loaded machine adds.
        assert!(took < Duration::from_secs(3), "{took:?}");
    }
    assert_eq!((timed(operators, "/readyz").0, timed(operators, "/livez").0), (503, 200));
    postgres.restart();
    program.wait_until("it serves again", || timed(pages, PAGE).0 == 200);
    program.wait_until("it is ready again", || timed(operators, "/readyz").0 == 200);
    program.terminate();
    world.assert_sound().await;
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
