//! The life of draws, step by step: a frozen list never changes, a freed slot waits, a draw has one outcome.

mod common;

use chrono::{DateTime, Days, TimeDelta, Utc};
use common::{TestApp, on_both, person};
use passage::domain::actor::{Actor, Channel, Role};
use passage::domain::entry::{ConvocationState, EntryState};
use passage::domain::ids::{DrawId, EntryId, QueueId};
use passage::domain::slot::SlotState;
use passage::draw;
use passage::flow::freeze::FROZEN_TOO_LATE;
use passage::flow::register::Desk;
use passage::flow::{check, compensation, counter, entries, rules, slots};
use passage::scheduler;
use passage::store::commands::EntryChange;
use passage::store::records::{DrawRecord, DrawState};
use serde_json::Value;

/// A queue with people and slots, its draw announced.
async fn announced(app: &TestApp, queue: QueueId, people: u32, slots_a_day: u16) -> Vec<EntryId> {
    let mut entries = Vec::new();
    for n in 0..people {
        entries.push(app.register(queue, n).await);
    }
    if slots_a_day > 0 {
        app.publish(queue, 1, 4, 5, slots_a_day).await;
    }
    app.tick().await;
    entries
}

async fn newest(app: &TestApp, queue: QueueId) -> DrawRecord {
    app.app.store.draws_of(queue, 1).await.unwrap().remove(0)
}

async fn reach(app: &TestApp, at: DateTime<Utc>) {
    app.pass(at - app.now()).await;
}

/// The newest draw, with its list just frozen.
async fn frozen(app: &TestApp, queue: QueueId) -> DrawRecord {
    reach(app, newest(app, queue).await.freeze_at).await;
    let draw = newest(app, queue).await;
    assert_eq!(draw.state, DrawState::Frozen);
    draw
}

async fn published(app: &TestApp, queue: QueueId) -> DrawRecord {
    let draw = newest(app, queue).await;
    reach(app, draw.seed_at).await;
    let draw = app.app.store.draw(draw.id).await.unwrap().unwrap();
    assert_eq!(draw.state, DrawState::Published);
    draw
}

async fn bundle(app: &TestApp, draw: DrawId) -> Value {
    let bytes = app.app.store.draw_document(draw, "bundle").await.unwrap().unwrap();
    draw::verify(&bytes).unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

async fn state(app: &TestApp, entry: EntryId) -> EntryState {
    app.app.store.entry(entry).await.unwrap().unwrap().state
}

async fn in_state(app: &TestApp, entries: &[EntryId], wanted: EntryState) -> Vec<EntryId> {
    let mut found = Vec::new();
    for entry in entries {
        if state(app, *entry).await == wanted {
            found.push(*entry);
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draw_is_announced_frozen_drawn_and_published_and_anyone_can_verify_it() {
    on_both(async |app| {
        let people = announced(&app, app.first, 40, 4).await;
        let draw = newest(&app, app.first).await;
        assert_eq!((draw.state, draw.number), (DrawState::Announced, 1));
        let draw = frozen(&app, app.first).await;
        assert_eq!(draw.entry_count, Some(40));
        assert!(app.app.store.draw_document(draw.id, "bundle").await.unwrap().is_none());
        let draw = published(&app, app.first).await;
        let won = in_state(&app, &people, EntryState::Convoked).await;
        let seats = usize::try_from(draw.slot_count.unwrap()).unwrap();
        assert_eq!(won.len(), seats.min(40), "no seat stays empty that somebody could take");
        assert_eq!(bundle(&app, draw.id).await["outcome"].as_array().unwrap().len(), won.len());
        app.assert_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn neither_the_hour_nor_the_channel_of_a_registration_changes_its_place() {
    on_both(async |app| {
        for n in 0..9 {
            let desk = Desk {
                channel: [Channel::Counter, Channel::Phone, Channel::Online][n as usize % 3],
                document_seen: true,
                ..Desk::ONLINE
            };
            app.register_by(app.naturalisation, &person(n), desk, &format!("hour-{n}")).await.unwrap();
            app.clock.advance(TimeDelta::hours(1));
        }
        app.tick().await;
        let draw = frozen(&app, app.naturalisation).await;
        let list = app.app.store.draw_document(draw.id, "list").await.unwrap().unwrap();
        let list: Value = serde_json::from_slice(&list).unwrap();
        let places: std::collections::BTreeSet<String> = list["entries"]
            .as_array()
            .unwrap()
            .iter()
            .map(|line| line.as_array().unwrap()[2..].iter().map(Value::to_string).collect())
            .collect();
        assert_eq!(places.len(), 1, "one day, one place: {places:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn arrival_order_serves_the_earlier_day_first() {
    on_both(async |app| {
        let early = app.register(app.naturalisation, 1).await;
        app.pass(TimeDelta::days(1)).await;
        let mut late = Vec::new();
        for n in 2..12 {
            late.push(app.register(app.naturalisation, n).await);
        }
        app.publish(app.naturalisation, 1, 20, 3, 1).await;
        let draw = newest(&app, app.naturalisation).await;
        assert_eq!(draw.state, DrawState::Announced);
        published(&app, app.naturalisation).await;
        assert_eq!(state(&app, early).await, EntryState::Convoked);
        assert!(in_state(&app, &late, EntryState::Waiting).await.len() >= 8);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_withdraws_after_the_freeze_stays_in_the_list_and_their_seat_goes_to_the_next_draw() {
    on_both(async |app| {
        let people = announced(&app, app.first, 3, 1).await;
        let draw = frozen(&app, app.first).await;
        for entry in &people {
            entries::change(&app.app, *entry, EntryChange::Withdraw, Actor::Holder(*entry)).await.unwrap();
        }
        let drawn = published(&app, app.first).await;
        assert_eq!(drawn.entry_count, draw.entry_count);
        let winners = bundle(&app, drawn.id).await["outcome"].as_array().unwrap().len();
        assert_eq!(winners, 3);
        let all = app.app.store.counter(app.prefecture, app.now(), app.now() + Days::new(30)).await.unwrap();
        assert!(all.iter().all(|one| one.state == ConvocationState::CancelledByHolder));
        let slots =
            app.app.store.slots_between(app.prefecture, app.now(), app.now() + Days::new(30)).await.unwrap();
        assert!(slots.iter().all(|slot| slot.state == SlotState::Free));
        app.assert_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_freed_slot_waits_for_the_next_draw() {
    on_both(async |app| {
        app.register(app.first, 1).await;
        app.publish(app.first, 1, 6, 1, 1).await;
        app.tick().await;
        published(&app, app.first).await;
        let late = app.register(app.first, 50).await;
        let given =
            app.app.store.counter(app.prefecture, app.now(), app.now() + Days::new(30)).await.unwrap();
        let (one, slot) = (&given[0], given[0].slot_id);
        counter::give_back(&app.app, one.id, Actor::Holder(one.entry_id)).await.unwrap();
        app.tick().await;
        assert_eq!(state(&app, late).await, EntryState::Waiting, "nobody takes a freed slot by being there");
        let next = newest(&app, app.first).await;
        published(&app, app.first).await;
        let offered = bundle(&app, next.id).await["slots"].to_string();
        assert!(offered.contains(&slot.0.simple().to_string()), "the next list offers it");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whose_slot_is_withdrawn_comes_first_in_the_next_draw() {
    on_both(async |app| {
        let [alice, bruno] =
            [app.staff("alice", Role::Manager).await, app.staff("bruno", Role::Manager).await];
        let one = app.register(app.first, 1).await;
        app.publish(app.first, 1, 4, 1, 1).await;
        app.tick().await;
        frozen(&app, app.first).await;
        let slots =
            app.app.store.slots_between(app.prefecture, app.now(), app.now() + Days::new(30)).await.unwrap();
        slots::withdraw(&app.app, slots[0].id, "guichet fermé", Actor::Staff(alice)).await.unwrap();
        published(&app, app.first).await;
        let entry = async || app.app.store.entry(one).await.unwrap().unwrap();
        assert_eq!((entry().await.state, entry().await.standing.displaced), (EntryState::Waiting, false));
        let owed = app.app.store.compensations_pending(app.prefecture).await.unwrap().remove(0);
        assert!(compensation::approve(&app.app, owed.id, alice).await.is_err(), "it takes a second person");
        assert_eq!(compensation::approve(&app.app, owed.id, bruno).await.unwrap(), 1);
        assert!(entry().await.standing.displaced);
        for n in 10..40 {
            app.register(app.first, n).await;
        }
        app.publish(app.first, 2, 5, 1, 1).await;
        published(&app, app.first).await;
        assert_eq!(state(&app, one).await, EntryState::Convoked, "tier 0 comes before thirty others");
        app.assert_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_machine_that_was_off_annuls_what_it_would_freeze_too_late_and_announces_the_next() {
    on_both(async |app| {
        announced(&app, app.first, 5, 2).await;
        let missed = newest(&app, app.first).await;
        app.clock.set(missed.seed_at - TimeDelta::minutes(9));
        app.tick().await;
        let annulled = app.app.store.draw(missed.id).await.unwrap().unwrap();
        assert_eq!(
            (annulled.state, annulled.annul_reason.as_deref()),
            (DrawState::Annulled, Some(FROZEN_TOO_LATE))
        );
        let next = newest(&app, app.first).await;
        assert_eq!((next.state, next.previous), (DrawState::Announced, Some(missed.id)));
        let terms = async |draw: DrawId| bundle(&app, draw).await["terms"]["previous"].clone();
        published(&app, app.first).await;
        assert_eq!(terms(next.id).await, missed.id.0.simple().to_string());
        app.assert_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_later_than_the_announced_instant_enters_a_list_that_is_frozen_late() {
    on_both(async |app| {
        let change = async |entry, change| {
            entries::change(&app.app, entry, change, Actor::Holder(entry)).await.unwrap();
        };
        let people = announced(&app, app.first, 5, 2).await;
        let stranger = app.register(app.naturalisation, 50).await;
        change(people[0], EntryChange::Pause).await;
        let seats = app.app.store.figures(app.first, app.now()).await.unwrap().free_slots;
        let draw = newest(&app, app.first).await;
        // The worker is away across the announced instant, and life goes on.
        app.clock.set(draw.freeze_at + TimeDelta::seconds(90));
        let late = app.register(app.first, 60).await;
        change(people[0], EntryChange::Resume).await;
        change(people[1], EntryChange::Pause).await;
        change(people[2], EntryChange::Withdraw).await;
        let two = [app.staff("alice", Role::Agent).await, app.staff("bruno", Role::Manager).await];
        app.move_to(stranger, app.first, two).await;
        app.publish(app.first, 2, 8, 5, 3).await;
        app.tick().await;

        let frozen = app.app.store.draw(draw.id).await.unwrap().unwrap();
        assert_eq!(frozen.state, DrawState::Frozen);
        let listed = async |entry| !app.app.store.entry_draws(entry).await.unwrap().is_empty();
        let mut found = Vec::new();
        for entry in [late, stranger, people[0], people[1], people[2], people[3], people[4]] {
            found.push(listed(entry).await);
        }
        assert_eq!(found, [false, false, false, true, false, true, true]);
        assert_eq!(i64::from(frozen.slot_count.unwrap()), seats, "no seat published later");
        app.assert_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_machine_that_was_off_after_the_freeze_catches_up_and_takes_back_what_came_too_late() {
    on_both(async |app| {
        let people = announced(&app, app.first, 5, 2).await;
        let draw = frozen(&app, app.first).await;
        app.clock.advance(TimeDelta::days(6));
        app.tick().await;
        let drawn = app.app.store.draw(draw.id).await.unwrap().unwrap();
        assert_eq!(drawn.state, DrawState::Published);
        assert_eq!(
            in_state(&app, &people, EntryState::Waiting).await.len(),
            5,
            "the notice has become too short"
        );
        let entry = app.app.store.entry(people[0]).await.unwrap().unwrap();
        assert!(entry.standing.displaced || entry.standing.draws_survived == 1);
        app.assert_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_schedulers_at_once_make_one_outcome() {
    on_both(async |app| {
        announced(&app, app.first, 30, 3).await;
        let draw = newest(&app, app.first).await;
        for at in [draw.freeze_at, draw.seed_at] {
            app.clock.set(at);
            let ticks: Vec<_> = (0..8)
                .map(|_| {
                    let app = app.app.clone();
                    tokio::spawn(async move { scheduler::tick(&app).await })
                })
                .collect();
            for tick in ticks {
                tick.await.unwrap();
            }
        }
        // A scheduler that lost a race tries again at the next tick.
        app.tick().await;
        let drawn = app.app.store.draw(draw.id).await.unwrap().unwrap();
        assert_eq!(drawn.state, DrawState::Published);
        let log = app.app.store.audit_of(format!("draw:{}", draw.id)).await.unwrap();
        for step in ["draw.announced", "draw.frozen", "draw.seeded", "draw.drawn", "draw.published"] {
            assert_eq!(log.iter().filter(|row| row.action == step).count(), 1, "{step}");
        }
        app.assert_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn new_rules_wait_for_a_second_person_and_for_the_next_announced_draw() {
    on_both(async |app| {
        let [alice, bob] = [app.staff("alice", Role::Manager).await, app.staff("bob", Role::Manager).await];
        announced(&app, app.first, 3, 1).await;
        let current = app.app.store.rules(app.first, 1).await.unwrap();
        let changed = passage::domain::rules::Rules { notice_min_days: 4, ..current.clone() };
        let version = rules::propose(&app.app, app.first, changed, "Essai de règles", alice).await.unwrap();
        assert!(rules::approve(&app.app, app.first, version, alice).await.is_err());
        let other = passage::domain::rules::Rules { notice_min_days: 5, ..current.clone() };
        assert!(
            rules::propose(&app.app, app.first, other, "Essai de règles", bob).await.is_err(),
            "one proposal at a time"
        );
        rules::approve(&app.app, app.first, version, bob).await.unwrap();
        let under_way = published(&app, app.first).await;
        assert_eq!(under_way.rules_version, 1);
        assert_eq!(newest(&app, app.first).await.rules_version, version);
        let impossible =
            passage::domain::rules::Rules { timetable: "0 * * * *".into(), lead_minutes: 60, ..current };
        assert!(rules::propose(&app.app, app.first, impossible, "Essai de règles", alice).await.is_err());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paused_entry_is_not_listed_and_survives_nothing() {
    on_both(async |app| {
        let people = announced(&app, app.first, 4, 0).await;
        app.publish(app.first, 1, 4, 1, 1).await;
        entries::change(&app.app, people[0], EntryChange::Pause, Actor::Holder(people[0])).await.unwrap();
        let draw = frozen(&app, app.first).await;
        assert_eq!(draw.entry_count, Some(3));
        assert_eq!(draw.counts.unwrap()["paused"], 1);
        published(&app, app.first).await;
        let survived =
            async |entry| app.app.store.entry(entry).await.unwrap().unwrap().standing.draws_survived;
        assert_eq!(survived(people[0]).await, 0);
        let losers = in_state(&app, &people[1..], EntryState::Waiting).await;
        assert_eq!(losers.len(), 2);
        assert_eq!(survived(losers[0]).await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draw_with_nobody_or_nothing_is_drawn_and_published_all_the_same() {
    on_both(async |app| {
        announced(&app, app.first, 0, 0).await;
        let draw = published(&app, app.first).await;
        assert_eq!((draw.entry_count, draw.slot_count, draw.winner_count), (Some(0), Some(0), Some(0)));
        bundle(&app, draw.id).await;
        let one = app.register(app.first, 1).await;
        published(&app, app.first).await;
        let entry = app.app.store.entry(one).await.unwrap().unwrap();
        assert_eq!(entry.standing.draws_survived, 0, "without a seat there was no chance");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_annulled_draw_gives_back_what_it_took_and_stays_on_record() {
    on_both(async |app| {
        let [alice, bob] = [app.staff("alice", Role::Manager).await, app.staff("bob", Role::Manager).await];
        let people = announced(&app, app.first, 6, 1).await;
        let draw = published(&app, app.first).await;
        let losers = in_state(&app, &people, EntryState::Waiting).await;
        assert!(!losers.is_empty());
        app.app.store.propose_annulment(draw.id, "erreur constatée".into(), alice, app.now()).await.unwrap();
        app.app.store.approve_annulment(draw.id, bob, app.now()).await.unwrap();
        assert_eq!(in_state(&app, &people, EntryState::Waiting).await.len(), 6);
        let loser = app.app.store.entry(losers[0]).await.unwrap().unwrap();
        assert_eq!(loser.standing.draws_survived, 0, "nobody has survived an annulled draw");
        bundle(&app, draw.id).await;
        app.assert_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_winner_changed_in_the_database_is_found() {
    let app = TestApp::sqlite().await;
    announced(&app, app.first, 8, 1).await;
    frozen(&app, app.first).await;
    let draw = published(&app, app.first).await.id;
    app.assert_sound().await;
    let path = app.database_path();
    app.app.store.close().await;
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path);
    let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
    let harm = "UPDATE draw_entry SET won = FALSE
                WHERE number = (SELECT MIN(number) FROM draw_entry WHERE won = TRUE)";
    sqlx::query(harm).execute(&pool).await.unwrap();
    pool.close().await;
    let (app, _folder) = app.reopened().await;
    let faults = check::faults(&app).await.unwrap();
    let wanted = format!("draw {draw}: the winners and their convocations are not those of its bundle");
    assert!(faults.contains(&wanted), "{faults:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edited_or_removed_log_row_is_found() {
    let app = TestApp::sqlite().await;
    announced(&app, app.first, 5, 1).await;
    app.tick().await;
    app.assert_sound().await;
    let path = app.database_path();
    app.app.store.close().await;
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path);
    let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
    for harm in [
        "UPDATE audit SET detail = '{\"channel\":\"online\"}' WHERE position = 3",
        "DELETE FROM audit WHERE position = (SELECT MAX(position) FROM audit)",
    ] {
        sqlx::query(harm).execute(&pool).await.unwrap();
    }
    pool.close().await;
    let (app, _folder) = app.reopened().await;
    let faults = check::faults(&app).await.unwrap();
    assert!(faults.iter().any(|fault| fault.contains("log row 3")), "{faults:?}");
    assert!(faults.iter().any(|fault| fault.contains("lost rows")), "{faults:?}");
}
