//! F1 to F12: a draw runs once and whole, wherever the program is killed.

use std::time::Duration;

use super::common::{TestApp, depth, on_both};
use super::program::clock_can_be_set;
use super::world::{World, in_lanes};

/// A little after the freeze is due, and after the randomness is out.
pub const FREEZE: &str = "2027-01-08 17:00:02";
pub const SEED: &str = "2027-01-08 20:00:02";

/// The failpoint, the program's clock, and the state of the draw after the kill.
const PLACES: [(&str, &str, &str); 12] = [
    ("F1", FREEZE, "announced"),
    ("F2", FREEZE, "announced"),
    ("F3", FREEZE, "announced"),
    ("F4", FREEZE, "announced"),
    ("F5", FREEZE, "frozen"),
    ("F6", SEED, "frozen"),
    ("F7", SEED, "frozen"),
    ("F8", SEED, "seeded"),
    ("F9", SEED, "seeded"),
    ("F10", SEED, "seeded"),
    ("F11", SEED, "drawn"),
    ("F12", SEED, "drawn"),
];

/// The scheduler ticks every second.
const SOME_TICKS: Duration = Duration::from_millis(2_500);

const PEOPLE: u32 = 40;
const SEATS: u64 = 16;

pub async fn waiting_for_a_draw(app: &TestApp) {
    for n in 1..=PEOPLE {
        app.register(app.first, n).await;
    }
    assert_eq!(app.publish(app.first, 1, 4, 5, 4).await as u64, SEATS);
    app.tick().await;
}

#[test]
fn a_draw_runs_once_and_whole_wherever_the_program_is_killed() {
    if !clock_can_be_set() {
        return;
    }
    in_lanes(depth(3, 50), || {
        on_both(async |app| {
            waiting_for_a_draw(&app).await;
            let world = World::left_by(app).await;
            let mut published = Published::default();
            for (place, at, expected) in PLACES {
                let mut program = world.launch(at).stopping_at(place).go();
                program.wait_there();
                if place == "F11" {
                    // The COMMIT was sent, and it takes effect although nobody receives the answer.
                    world.wait_for(&of_the_draw("d.state"), expected).await;
                }
                program.kill();
                world.assert_sound().await;
                let state = world.value(&of_the_draw("d.state")).await;
                assert_eq!(state, expected, "killed at {place}");
                nothing_is_partial(&world, &state).await;
                published.assert_kept(&world).await;
            }
            let program = world.launch(SEED).go();
            world.wait_for(&of_the_draw("d.state"), "published").await;
            program.terminate();
            world.assert_sound().await;
            published.assert_kept(&world).await;
            it_happened_once(&world).await;
        })
    });
}

/// The query for a column of the one draw.
pub fn of_the_draw(what: &str) -> String {
    format!(
        "SELECT {what} FROM draw d JOIN queue q ON q.id = d.queue_id
         WHERE q.slug = 'premiere-demande' AND d.number = 1"
    )
}

/// Where the program holds the draw's row, so that others wait for it.
const HOLDING: [&str; 3] = ["F3", "F4", "F10"];

/// Two instances: one is paused at the failpoint, the other does the work meanwhile, then the first is resumed.
/// SQLite has one process, so no other can overtake it.
#[test]
fn whoever_wakes_late_in_a_draw_changes_nothing() {
    if !clock_can_be_set() {
        return;
    }
    let places = std::sync::Mutex::new(PLACES.iter());
    in_lanes(u32::try_from(PLACES.len()).unwrap(), || {
        let (place, at, _) = *places.lock().unwrap().next().unwrap();
        on_both(async move |app| {
            if app.is_pg() {
                waiting_for_a_draw(&app).await;
                woken_late(&World::left_by(app).await, place, at).await;
            }
        })
    });
}

async fn woken_late(world: &World, place: &str, at: &str) {
    let done = if at == FREEZE { "frozen" } else { "published" };
    if at == SEED {
        let program = world.launch(FREEZE).go();
        world.wait_for(&of_the_draw("d.state"), "frozen").await;
        program.terminate();
    }
    let mut late = world.launch(at).stopping_at(place).go();
    late.wait_there();
    let other = world.launch(at).go();
    if HOLDING.contains(&place) {
        tokio::time::sleep(SOME_TICKS).await;
    } else {
        world.wait_for(&of_the_draw("d.state"), done).await;
    }
    late.wake();
    world.wait_for(&of_the_draw("d.state"), done).await;
    tokio::time::sleep(SOME_TICKS).await;
    late.assert_lives();
    for program in [late, other] {
        program.terminate();
    }
    let program = world.launch(SEED).go();
    world.wait_for(&of_the_draw("d.state"), "published").await;
    program.terminate();
    world.assert_sound().await;
    it_happened_once(world).await;
}

/// One process alone, paused in the freeze until its randomness is out: the list is no longer frozen.
#[test]
fn a_list_is_not_closed_by_a_machine_that_slept_past_its_time() {
    if !clock_can_be_set() {
        return;
    }
    let places = std::sync::Mutex::new(["F1", "F3", "F4"].iter());
    in_lanes(3, || {
        let place = *places.lock().unwrap().next().unwrap();
        on_both(async move |app| {
            waiting_for_a_draw(&app).await;
            let world = World::left_by(app).await;
            // Twenty minutes per second: three hours pass during the pause.
            let mut program = world.launch("").speed(FREEZE, 1_200).stopping_at(place).go();
            program.wait_there();
            tokio::time::sleep(Duration::from_secs(9)).await;
            program.wake();
            world.wait_for(&of_the_draw("d.state"), "annulled").await;
            program.assert_lives();
            program.terminate();
            assert_eq!(world.value(&of_the_draw("d.annul_reason")).await, "frozen too late", "{place}");
            assert_eq!(world.count("draw_entry").await, 0, "{place}: a list was closed");
            world.assert_sound_at("2027-01-09T12:00:00Z").await;
        })
    });
}

/// What each state of the draw must have written, and what it must not.
async fn nothing_is_partial(world: &World, state: &str) {
    let is_frozen = matches!(state, "frozen" | "seeded");
    let listed = world.count("draw_entry").await;
    let held = world.count("slot WHERE state = 'frozen'").await;
    let convocations = world.count("convocation WHERE state = 'live'").await;
    let convoked = world.count("entry WHERE state = 'convoked'").await;
    let survived = world.count("entry WHERE draws_survived = 1").await;
    let owed = world.count("notice WHERE kind = 'convocation'").await;
    let drawn = if state == "drawn" { SEATS } else { 0 };
    assert_eq!(listed, if state == "announced" { 0 } else { u64::from(PEOPLE) }, "{state}");
    assert_eq!(held, if is_frozen { SEATS } else { 0 }, "{state}");
    assert_eq!([convocations, convoked, owed], [drawn; 3], "{state}");
    assert_eq!(survived, if drawn == 0 { 0 } else { u64::from(PEOPLE) - SEATS }, "{state}");
}

pub async fn it_happened_once(world: &World) {
    for action in ["draw.frozen", "draw.seeded", "draw.drawn", "draw.published"] {
        assert_eq!(world.count(&format!("audit WHERE action = '{action}'")).await, 1, "{action}");
    }
    assert_eq!(world.count("audit WHERE action = 'draw.annulled'").await, 0);
    assert_eq!(world.count("audit WHERE action = 'convocation.issued'").await, SEATS);
    assert_eq!(world.count("notice WHERE kind = 'convocation'").await, SEATS);
}

/// What was already public must not change: the frozen list, then the outcome.
#[derive(Default)]
struct Published {
    list: String,
    bundle: String,
}

impl Published {
    async fn assert_kept(&mut self, world: &World) {
        for (kind, seen) in [("list", &mut self.list), ("bundle", &mut self.bundle)] {
            let hex = if world.is_pg() { "encode(body, 'hex')" } else { "hex(body)" };
            let now = world.value(&format!("SELECT {hex} FROM draw_document WHERE kind = '{kind}'")).await;
            assert!(seen.is_empty() || *seen == now, "the {kind} has changed");
            *seen = now;
        }
    }
}

#[test]
fn clocks_an_hour_off_make_one_outcome() {
    if clock_can_be_set() {
        in_lanes(depth(3, 50), clocks_an_hour_off);
    }
}

async fn clocks_an_hour_off() {
    on_both(async |app| {
        waiting_for_a_draw(&app).await;
        let world = World::left_by(app).await;
        // F25: ten minutes per second, across the freeze and the draw.
        let fast = world.launch("").speed("2027-01-08 17:58:00", 600).go();
        let slow = world.is_pg().then(|| world.launch("").speed("2027-01-08 15:58:00", 600).go());
        if world.is_pg() {
            world.wait_for(&of_the_draw("d.state"), "published").await;
        } else {
            // One process: its clock is set back two hours between the freeze and the draw.
            world.wait_for(&of_the_draw("d.state"), "frozen").await;
        }
        for program in [Some(fast), slow].into_iter().flatten() {
            program.terminate();
        }
        let slow = world.launch("").speed("2027-01-08 16:01:00", 1_200).go();
        world.wait_for(&of_the_draw("d.state"), "published").await;
        slow.terminate();
        // And set back once more, when all is done.
        let mut back = world.launch("2027-01-08 16:58:00").go();
        back.wait_for_pages();
        tokio::time::sleep(SOME_TICKS).await;
        back.assert_lives();
        back.terminate();
        world.assert_sound().await;
        it_happened_once(&world).await;
    })
    .await;
}
