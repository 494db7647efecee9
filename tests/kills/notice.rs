//! F13 to F17, F20, F21 and F25: an SMS is sent once, unless the gateway's own answer was lost, and no notice
//! is silently lost. F18, F19 and F22 need delivery receipts and erasure, which the program does not have yet.

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use passage::domain::actor::Role;
use passage::flow::register::Registration;

use super::common::{PASSWORD, TestApp, depth, on_both, person};
use super::gateway::{Mood, SmsGateway};
use super::program::{PATIENCE, Program, clock_can_be_set, header, post};
use super::world::{World, in_lanes};

/// A person who can be reached by SMS, or else by letter.
fn reachable(n: u32) -> Registration {
    let phone = format!("06 39 98 {:02} {:02}", n / 100 % 100, n % 100);
    Registration { phone, email: String::new(), ..person(n) }
}

pub async fn registered(app: &TestApp, people: std::ops::RangeInclusive<u32>) {
    for n in people {
        let desk = passage::flow::register::Desk {
            document_seen: true,
            channel: passage::domain::actor::Channel::Counter,
            ..passage::flow::register::Desk::ONLINE
        };
        app.register_by(app.first, &reachable(n), desk, &format!("notice-{n}")).await.unwrap();
    }
}

/// The failpoints, with what the gateway has of the interrupted notice, and how it ends.
const PLACES: [(&str, u32, &str); 5] = [
    ("F13", 0, "accepted"),
    ("F14", 0, "unknown"),
    // F15: the bytes were sent and no answer comes; the gateway holds the program there.
    ("F15", 1, "unknown"),
    ("F16", 1, "unknown"),
    ("F17", 1, "accepted"),
];
const PEOPLE: u32 = 20;
/// After ten seconds, container engines kill.
const STOP_MAX: Duration = Duration::from_secs(10);

#[test]
fn an_sms_is_sent_once_wherever_the_program_is_killed() {
    if !clock_can_be_set() {
        return;
    }
    in_lanes(depth(3, 50), || {
        on_both(async |app| {
            registered(&app, 1..=PEOPLE).await;
            let world = World::left_by(app).await;
            let gateway = SmsGateway::start();
            let mut lost = 0;
            for (n, (place, received, ending)) in PLACES.iter().enumerate() {
                let before = (gateway.taken_in_all(), settled(&world).await);
                let mut program = killed_at(&world, &gateway, place, n);
                let taken = gateway.taken_in_all() - before.0;
                program.assert_lives();
                program.kill();
                world.assert_sound().await;
                // Notices before it in the batch, if any, were settled; this one is in the state of the failpoint.
                let settled_now = settled(&world).await - before.1;
                let open = u64::from(*place != "F17") * u64::from(*received);
                assert_eq!(u64::from(taken), settled_now + open, "{place}");
                lost += u64::from(*ending == "unknown");
            }
            let program = gateway.serves(world.launch("2027-01-08 11:00:00")).go();
            until_sent(&world, PATIENCE).await;
            program.terminate();
            assert_outbox(&world, &gateway, lost).await;
        })
    });
}

/// Waits until no SMS is owed or on its way.
pub async fn until_sent(world: &World, patience: Duration) {
    let open =
        "SELECT CAST(COUNT(*) AS TEXT) FROM notice WHERE way = 'sms' AND state IN ('pending', 'sending')";
    world.wait_for_within(patience, open, "0").await;
}

/// SMS that the program knows to be accepted.
async fn settled(world: &World) -> u64 {
    world.count("notice WHERE way = 'sms' AND state = 'accepted'").await
}

/// A program stopped at the failpoint; later ones start when the leases of earlier ones have ended.
fn killed_at(world: &World, gateway: &SmsGateway, place: &str, n: usize) -> Program {
    let launch = gateway.serves(world.launch(&format!("2027-01-08 08:{:02}:00", 2 + 2 * n)));
    if place == "F15" {
        let before = gateway.taken_in_all();
        gateway.will_be([Mood::Stalls]);
        let mut program = launch.go();
        program.wait_until("the gateway has the message", || gateway.taken_in_all() > before);
        return program;
    }
    let mut program = launch.stopping_at(place).go();
    program.wait_there();
    program
}

/// Every SMS was accepted, or its result is unknown (or refused) and the next way has taken over; nobody got
/// the same one twice.
pub async fn assert_outbox(world: &World, gateway: &SmsGateway, lost: u64) {
    world.assert_sound().await;
    let taken = gateway.taken();
    assert!(taken.values().all(|times| *times == 1), "sent twice: {taken:?}");
    assert_eq!(world.count("notice WHERE way = 'sms' AND state = 'unknown'").await, lost);
    assert_eq!(world.count("notice WHERE way = 'sms'").await, world.count("entry").await, "one owed to each");
    let silently =
        "notice n WHERE n.way = 'sms' AND n.state <> 'accepted' AND NOT EXISTS (SELECT 1 FROM notice m
        WHERE m.entry_id = n.entry_id AND m.kind = n.kind AND m.way <> 'sms')";
    assert_eq!(world.count(silently).await, 0, "owed and forgotten");
    let accepted = settled(world).await;
    assert!(u64::from(gateway.taken_in_all()) <= accepted + lost, "{accepted} accepted, {lost} unknown");
    assert!(u64::from(gateway.taken_in_all()) >= accepted, "{accepted} said to be accepted");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_that_stalls_drops_and_fails_loses_nothing() {
    if !clock_can_be_set() {
        return;
    }
    on_both(async |app| {
        let people = depth(60, 5_000);
        registered(&app, 1..=people).await;
        let world = World::left_by(app).await;
        let gateway = SmsGateway::start();
        let moods = [Mood::Drops, Mood::Fair, Mood::Busy, Mood::FailsAfter, Mood::Refuses, Mood::Fair];
        let tries = usize::try_from(people).unwrap() / 2;
        gateway.will_be([Mood::Stalls].into_iter().chain(moods.into_iter().cycle().take(tries)));
        // What a busy gateway has postponed becomes due before the night.
        let launch = world.launch("").speed("2027-01-08 08:05:00", depth(60, 10));
        let launch = launch.var("PASSAGE__SMS__DAILY_BUDGET", "100000");
        let program = gateway.serves(launch).var("PASSAGE__SCHEDULER__LEASE_SECONDS", "600").go();
        // Some of them wait for answers that never come.
        until_sent(&world, PATIENCE + people * Duration::from_millis(300)).await;
        program.terminate();
        let unknown = world.count("notice WHERE way = 'sms' AND state = 'unknown'").await;
        assert!(unknown > 0);
        assert_outbox(&world, &gateway, unknown).await;
        let refused = world.count("notice WHERE way = 'sms' AND state = 'rejected'").await;
        assert_eq!(settled(&world).await + unknown + refused, u64::from(people));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_waits_for_the_sms_under_way_alone_and_not_for_ever() {
    if !clock_can_be_set() {
        return;
    }
    on_both(async |app| {
        registered(&app, 1..=PEOPLE).await;
        let world = World::left_by(app).await;
        let gateway = SmsGateway::start();
        gateway.will_be([Mood::Stalls]);
        let mut program = gateway.serves(world.launch("2027-01-08 08:02:00")).go();
        program.wait_until("the gateway has the message", || gateway.taken_in_all() > 0);
        let begun = Instant::now();
        program.terminate();
        assert!(begun.elapsed() < STOP_MAX, "the stop took {:?}", begun.elapsed());
        assert_eq!(gateway.taken_in_all(), 1, "another SMS was begun");
        world.assert_sound().await;
        // The rest of its batch are leased, and leave once that has ended.
        let program = gateway.serves(world.launch("2027-01-08 08:10:00")).go();
        until_sent(&world, PATIENCE).await;
        program.terminate();
        assert_outbox(&world, &gateway, 1).await;
    })
    .await;
}

#[test]
fn who_wakes_with_a_stale_lease_loses() {
    if clock_can_be_set() {
        in_lanes(depth(3, 50), stale_leases);
    }
}

async fn stale_leases() {
    // F20: paused with the lease, about to send, and with the gateway's answer in hand.
    for (place, ending) in [("F13", "accepted"), ("F14", "unknown"), ("F16", "unknown")] {
        on_both(async |app| {
            registered(&app, 1..=1).await;
            let world = World::left_by(app).await;
            let gateway = SmsGateway::start();
            let fast = |world: &World| gateway.serves(world.launch("").speed("2027-01-08 08:05:00", 60));
            let mut paused = fast(&world).stopping_at(place).go();
            paused.wait_there();
            // Two leases of thirty seconds.
            std::thread::sleep(Duration::from_millis(1_500));
            let other = world.is_pg().then(|| fast(&world).role("worker").go());
            if other.is_some() {
                until_sent(&world, PATIENCE).await;
            }
            paused.wake();
            until_sent(&world, PATIENCE).await;
            // Alone, it resumes with a lease that nobody else took: its result still counts.
            let ending = if place == "F16" && other.is_none() { "accepted" } else { ending };
            for program in [Some(paused), other].into_iter().flatten() {
                program.terminate();
            }
            assert_eq!(world.value("SELECT state FROM notice WHERE way = 'sms'").await, ending, "{place}");
            assert_outbox(&world, &gateway, u64::from(ending == "unknown")).await;
        })
        .await;
    }
}

#[test]
fn clocks_an_hour_apart_send_an_sms_once() {
    if clock_can_be_set() {
        in_lanes(depth(1, 50), clocks_an_hour_apart);
    }
}

/// F25: by the clock of the next process, the lease has long ended. On SQLite, where one process runs at
/// a time, the clock was set back, so the lease lasts an hour.
async fn clocks_an_hour_apart() {
    for (place, ending) in [("F13", "accepted"), ("F14", "unknown"), ("F16", "unknown")] {
        on_both(async |app| {
            registered(&app, 1..=1).await;
            let world = World::left_by(app).await;
            let gateway = SmsGateway::start();
            let (first, second, speed, lease) = if world.is_pg() {
                ("2027-01-08 08:05:00", "2027-01-08 09:05:00", 1, "300")
            } else {
                ("2027-01-08 09:05:00", "2027-01-08 08:05:00", 1_200, "1200")
            };
            let at = |time| {
                let launch = gateway.serves(world.launch("").speed(time, speed));
                launch.var("PASSAGE__SCHEDULER__LEASE_SECONDS", lease)
            };
            let mut there = at(first).stopping_at(place).go();
            there.wait_there();
            let paused = if world.is_pg() {
                Some(there)
            } else {
                there.kill();
                None
            };
            let after = at(second).go();
            until_sent(&world, PATIENCE).await;
            if let Some(mut paused) = paused {
                // By its own clock, its lease is still valid.
                paused.wake();
                tokio::time::sleep(Duration::from_secs(2)).await;
                paused.assert_lives();
                paused.terminate();
            }
            after.terminate();
            assert_eq!(world.value("SELECT state FROM notice WHERE way = 'sms'").await, ending, "{place}");
            assert_outbox(&world, &gateway, u64::from(ending == "unknown")).await;
        })
        .await;
    }
}

#[test]
fn nobody_is_called_to_an_appointment_cancelled_between_lease_and_send() {
    if clock_can_be_set() {
        in_lanes(depth(3, 50), cancelled_on_the_way);
    }
}

async fn cancelled_on_the_way() {
    on_both(async |app| {
        registered(&app, 1..=1).await;
        app.staff("responsable", Role::Manager).await;
        app.publish(app.first, 1, 4, 1, 1).await;
        // Drawn at nine in the evening: the convocation leaves in the morning.
        app.pass(TimeDelta::hours(13)).await;
        let slots = app.app.store.slots_between(app.prefecture, app.now(), app.now() + TimeDelta::days(30));
        let slot = slots.await.unwrap()[0].clone();
        let world = World::left_by(app).await;
        let gateway = SmsGateway::start();
        let mut program = gateway.serves(world.launch("2027-01-09 08:00:00")).stopping_at("F13").go();
        program.wait_there();
        let day = slot.starts_at.date_naive().to_string();
        withdraw(&program, &format!("/gestion/creneaux/{}/retirer", slot.id), &day);
        program.wake();
        world.wait_for("SELECT state FROM notice WHERE kind = 'apology'", "accepted").await;
        program.terminate();
        assert_eq!(world.value("SELECT state FROM notice WHERE kind = 'convocation'").await, "superseded");
        assert_eq!(gateway.taken_in_all(), 1, "the apology alone");
        world.assert_sound().await;
    })
    .await;
}

/// As a manager does it on the pages of the running program.
fn withdraw(program: &Program, path: &str, day: &str) {
    let from = "198.51.100.7";
    let fields = [("login", "responsable"), ("password", PASSWORD)];
    let signed_in = post(program.address, "/agent/connexion", "", from, &fields).unwrap();
    let cookie =
        header(&signed_in.head, "set-cookie").expect("signed in").split(';').next().unwrap().to_owned();
    let head = format!("GET {path}?jour={day} HTTP/1.1\r\nCookie: {cookie}");
    let page = super::program::ask(program.address, &head, "").unwrap().body;
    let (_, csrf) = page.split_once("name=\"csrf\" value=\"").expect("a form");
    let csrf = csrf.split('"').next().unwrap();
    let fields = [("csrf", csrf), ("jour", day), ("reason", "Panne de chauffage au guichet")];
    let done = post(program.address, path, &cookie, from, &fields).unwrap();
    assert_eq!(done.status, 303, "{}", done.body);
}
