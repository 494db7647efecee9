//! A whole life in one test: people by three channels, four weeks of slots and draws, missed appointments,
//! late cancellations, a closed day, a withdrawn slot, an annulled draw. At the end, every invariant is
//! checked in the database, no notice is missing or unfinished, and each bundle verifies.

mod common;

use std::fmt::Write;

use chrono::{TimeDelta, Timelike};
use common::{TestApp, on_both, person};
use passage::domain::actor::{Actor, Channel, Role};
use passage::domain::entry::{ConvocationEvent, ConvocationState, EntryState};
use passage::domain::ids::{EntryId, StaffId};
use passage::domain::letter::Sent;
use passage::domain::notice::{NoticeKind, NoticeState};
use passage::domain::slot::SlotState;
use passage::flow::outbox::letter;
use passage::flow::register::Desk;
use passage::flow::{counter, entries, slots};
use passage::store::commands::EntryChange;
use passage::store::records::{CounterRecord, DrawState};

const PEOPLE: u32 = 200;
const WEEKS: i64 = 4;

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_people_live_four_weeks() {
    on_both(async |app| {
        let staff = [app.staff("alice", Role::Manager).await, app.staff("bob", Role::Manager).await];
        let people = arrive(&app).await;
        for (at, queue) in [app.renewal, app.first, app.naturalisation].into_iter().enumerate() {
            app.publish(queue, u16::try_from(at + 1).unwrap(), 3, 40, 6).await;
        }
        for week in 0..WEEKS {
            app.pass(TimeDelta::days(3)).await;
            disturb(&app, week, staff).await;
            for _ in 0..4 {
                app.pass(TimeDelta::hours(24)).await;
                hold_counter(&app, staff[0]).await;
            }
        }
        app.pass(TimeDelta::days(1)).await;
        finish_letters(&app, staff[0]).await;
        app.assert_sound().await;
        assert_everything_was_told(&app, &people).await;
        assert_life_was_rich(&app, &people).await;
        let head = app.app.store.sequence_log(100_000, app.now()).await.unwrap();
        assert_eq!(head.tail, 0, "every log row has its place");
    })
    .await;
}

/// A third online (verified by the register), a third by phone, a third at the counter.
async fn arrive(app: &TestApp) -> Vec<EntryId> {
    let mut register = String::from("number,birth_date\n");
    for n in 0..PEOPLE {
        writeln!(register, "{:010},{}", 7_500_000_000_u64 + u64::from(n), person(n).birth_date).unwrap();
    }
    passage::flow::import::register_of_numbers(&app.app, register.as_bytes(), |_| ()).await.unwrap();
    let mut people = Vec::new();
    for n in 0..PEOPLE {
        let queue = [app.renewal, app.first, app.naturalisation][n as usize % 3];
        // Some of those in the queue whose slots lie far enough ahead have neither phone nor e-mail.
        let by_letter = n % 3 == 0 && n % 4 != 0;
        let mut typed = if by_letter { common::by_letter(n) } else { person(n) };
        let desk = match n / 3 % 3 {
            0 => {
                typed.foreigner_number = format!("{:010}", 7_500_000_000_u64 + u64::from(n));
                Desk::ONLINE
            }
            1 => Desk { channel: Channel::Phone, document_seen: true, ..Desk::ONLINE },
            _ => Desk { channel: Channel::Counter, document_seen: true, deadline_seen: true, ..Desk::ONLINE },
        };
        people.push(app.register_by(queue, &typed, desk, &format!("arrive-{n}")).await.unwrap());
        app.clock.advance(TimeDelta::minutes(3));
    }
    people
}

/// What else a prefecture and its people do: something different each week.
async fn disturb(app: &TestApp, week: i64, staff: [StaffId; 2]) {
    let (store, now) = (&app.app.store, app.now());
    match week {
        0 => {
            let waiting = store.entries_in(app.prefecture, EntryState::Waiting, 3).await.unwrap();
            let [paused, withdrawn, moved] = [waiting[0].id, waiting[1].id, waiting[2].id];
            entries::change(&app.app, paused, EntryChange::Pause, Actor::Holder(paused)).await.unwrap();
            entries::change(&app.app, withdrawn, EntryChange::Withdraw, Actor::Holder(withdrawn))
                .await
                .unwrap();
            let to = if waiting[2].queue_id == app.first { app.renewal } else { app.first };
            app.move_to(moved, to, staff).await;
        }
        1 => {
            let taken = live(app).await;
            let day = taken.last().unwrap();
            let closed = app
                .app
                .store
                .directory()
                .await
                .unwrap()
                .site(day.site_id)
                .unwrap()
                .zone
                .local_date(day.starts_at);
            let (count, _) =
                slots::close_day(&app.app, day.site_id, closed, "grève annoncée", Actor::Staff(staff[0]))
                    .await
                    .unwrap();
            assert!(count > 0);
        }
        2 => {
            let taken = live(app).await;
            let slot = taken.last().unwrap().slot_id;
            slots::withdraw(&app.app, slot, "guichet en travaux", Actor::Staff(staff[0])).await.unwrap();
            for one in taken.iter().rev().skip(1).take(2) {
                counter::give_back(&app.app, one.id, Actor::Holder(one.entry_id)).await.unwrap();
            }
        }
        _ => {
            let draw = store.draws_of(app.first, 10).await.unwrap();
            let draw = draw.iter().find(|draw| draw.state == DrawState::Published).unwrap();
            store.propose_annulment(draw.id, "erreur de paramétrage".into(), staff[0], now).await.unwrap();
            assert!(
                store.approve_annulment(draw.id, staff[0], now).await.is_err(),
                "the same person cannot approve"
            );
            store.approve_annulment(draw.id, staff[1], now).await.unwrap();
        }
    }
}

async fn live(app: &TestApp) -> Vec<CounterRecord> {
    let all = app.app.store.counter(
        app.prefecture,
        app.now() + TimeDelta::days(2),
        app.now() + TimeDelta::days(90),
    );
    all.await.unwrap().into_iter().filter(|one| one.state == ConvocationState::Live).collect()
}

/// Ticks off everybody whose time has come: most attended, some missed, some turned away.
async fn hold_counter(app: &TestApp, by: StaffId) {
    let due = app.app.store.counter(app.prefecture, app.now() - TimeDelta::days(3), app.now()).await.unwrap();
    for (at, one) in due.iter().filter(|one| one.state == ConvocationState::Live).enumerate() {
        let (event, reason, to) = match (at + app.now().hour() as usize) % 11 {
            3 => (ConvocationEvent::Miss, "", None),
            5 => (ConvocationEvent::Incomplete, "justificatif de domicile", None),
            7 => (ConvocationEvent::NotThePerson, "une autre personne s’est présentée", None),
            9 => {
                let right = if one.queue_id == app.renewal { app.first } else { app.renewal };
                (ConvocationEvent::WrongCounter, "", Some(right))
            }
            _ => (ConvocationEvent::Attend, "", None),
        };
        counter::tick(&app.app, one.id, event, reason, to, by).await.unwrap();
    }
}

async fn finish_letters(app: &TestApp, by: StaffId) {
    let later = app.now() + TimeDelta::days(365);
    for letter in app.app.store.letters_due(app.prefecture, later, 0, 10_000).await.unwrap() {
        let sent = if letter.id.0.as_u128().is_multiple_of(2) { Sent::Posted } else { Sent::HandedOver };
        assert!(letter::done(&app.app, &letter.into(), sent, by).await.unwrap());
    }
}

/// Everybody got their messages: nothing that was due is pending, sending or failed.
async fn assert_everything_was_told(app: &TestApp, people: &[EntryId]) {
    for entry in people {
        let notices = app.app.store.notices_of(*entry).await.unwrap();
        assert!(notices.iter().any(|notice| notice.kind == NoticeKind::Receipt), "a receipt was owed");
        for notice in notices {
            let done = matches!(
                notice.state,
                NoticeState::Accepted | NoticeState::Superseded | NoticeState::Expired
            );
            // The last ones may wait until the morning because of quiet hours.
            assert!(
                done || notice.due_at > app.now(),
                "{:?} by {:?} is {:?}",
                notice.kind,
                notice.way,
                notice.state
            );
        }
    }
    let sent = app.gateway.sent.lock().unwrap();
    assert!(sent.iter().any(|message| message.text.contains("Rappel")), "reminders left");
}

/// If nothing had happened, the test would prove little.
async fn assert_life_was_rich(app: &TestApp, people: &[EntryId]) {
    let store = &app.app.store;
    let mut states = std::collections::BTreeMap::<EntryState, u32>::new();
    for entry in people {
        *states.entry(store.entry(*entry).await.unwrap().unwrap().state).or_default() += 1;
    }
    for state in [
        EntryState::Waiting,
        EntryState::Convoked,
        EntryState::Served,
        EntryState::Withdrawn,
        EntryState::Closed,
    ] {
        assert!(states.contains_key(&state), "nobody is {state}: {states:?}");
    }
    let mut ends = std::collections::BTreeSet::new();
    let from = common::START.parse().unwrap();
    for one in store.counter(app.prefecture, from, app.now() + TimeDelta::days(90)).await.unwrap() {
        ends.insert(one.state);
    }
    for end in [
        ConvocationState::Attended,
        ConvocationState::Incomplete,
        ConvocationState::Missed,
        ConvocationState::CancelledByPrefecture,
        ConvocationState::NotThePerson,
        ConvocationState::WrongCounter,
    ] {
        assert!(ends.contains(&end), "no convocation is {end}: {ends:?}");
    }
    let slots = store.slots_between(app.prefecture, from, app.now() + TimeDelta::days(90)).await.unwrap();
    for state in [SlotState::Taken, SlotState::Lapsed, SlotState::Withdrawn] {
        assert!(slots.iter().any(|slot| slot.state == state), "no slot is {state}");
    }
}
