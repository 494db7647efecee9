//! The log, its signed heads and its witnesses: an operator who shows two lists to two people, or makes one
//! late, is caught; so is a database administrator who edits, truncates or replaces the log.

mod common;
#[path = "witnesses/ledger.rs"]
mod ledger;
#[path = "witnesses/outside.rs"]
mod outside;
#[path = "witnesses/place.rs"]
mod place;
#[path = "common/web.rs"]
mod web;

use chrono::TimeDelta;
use common::{TestApp, on_both};
use passage::draw::{self, Verified};
use passage::flow::{check, journal, witnesses};
use passage::store::records::{DrawRecord, DrawState};
use passage::witness::ledger::{Ledger, Wrong};
use passage::witness::testimony::Testimony;
use place::{Host, push, told};

/// Ten people wait and four slots are free: the draw of this evening can come.
async fn furnished(app: &TestApp) {
    app.publish(app.first, 1, 3, 4, 1).await;
    for n in 1..=10 {
        app.register(app.first, n).await;
    }
}

async fn draw(app: &TestApp) -> DrawRecord {
    app.app.store.draws_of(app.first, 10).await.unwrap().pop().unwrap()
}

/// Lets time pass until the first draw is in this state, pushing after each tick.
async fn until(app: &TestApp, state: DrawState) -> DrawRecord {
    for _ in 0..80 {
        app.pass(TimeDelta::minutes(15)).await;
        push(app).await;
        let draw = draw(app).await;
        if draw.state == state {
            return draw;
        }
    }
    panic!("the draw is never {state}");
}

async fn verified(app: &TestApp, draw: &DrawRecord) -> Verified {
    let bundle = app.app.store.draw_document(draw.id, "bundle").await.unwrap().unwrap();
    draw::verify(&bundle).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_witness_sees_the_list_before_the_randomness_is_out() {
    on_both(async |mut app: TestApp| {
        let host = Host::of(&app).await;
        told(&mut app, &[&host]);
        furnished(&app).await;
        let frozen = until(&app, DrawState::Frozen).await;
        let seen = host.freeze(frozen.id).await.expect("the freeze was pushed");
        assert_eq!(Some(seen.freeze.0.to_vec()), frozen.freeze_hash);
        assert_eq!((seen.late, seen.out_at), (false, frozen.seed_at));
        let published = until(&app, DrawState::Published).await;
        let bundle = verified(&app, &published).await;
        let said = Testimony::of(Some(&seen), &bundle);
        assert!(matches!(said, Testimony::Before { on_the_operators_word: true, .. }), "{said}");
        let follower = &witnesses::followers(&app.app).await.unwrap()[0];
        assert_eq!((follower.behind, follower.fault.as_deref()), (0, None));
        assert_eq!(host.state().await, (200, 0));
        app.assert_sound().await;
    })
    .await;
}

/// The same key, the same draw announced, and two lists: one for each witness.
#[tokio::test(flavor = "multi_thread")]
async fn who_shows_two_lists_to_two_people_is_caught_by_either_witness() {
    let (mut left, mut right) = (TestApp::sqlite().await, TestApp::sqlite().await);
    let (north, south) = (Host::of(&left).await, Host::of(&left).await);
    told(&mut left, &[&north]);
    told(&mut right, &[&south]);
    furnished(&left).await;
    furnished(&right).await;
    right.register(right.first, 11).await;
    let (one, other) = (until(&left, DrawState::Frozen).await, until(&right, DrawState::Frozen).await);
    // Each witness, taken alone, sees nothing wrong.
    assert_eq!((north.state().await, south.state().await), ((200, 0), (200, 0)));
    let (mut seen, shown) = (north.freeze(one.id).await.unwrap(), until(&right, DrawState::Published).await);
    assert_eq!(other.id, shown.id);
    let bundle = verified(&right, &shown).await;
    assert_eq!(Testimony::of(north.freeze(shown.id).await.as_ref(), &bundle), Testimony::NeverSeen);
    seen.draw = shown.id;
    assert_eq!(Testimony::of(Some(&seen), &bundle), Testimony::AnotherList);
    // The second history reaches the first witness: it contradicts what that one holds.
    told(&mut right, &[&south, &north]);
    push(&right).await;
    let (status, alarms) = north.state().await;
    assert_eq!((status, alarms), (500, 1));
    let alarm = &north.alarms().await[0];
    assert_eq!(alarm.wrong, Wrong::Fork);
    let key = journal::key(&left.app).unwrap();
    for note in [alarm.known.as_deref().unwrap(), &alarm.offered] {
        passage::journal::Head::open(note, &key).expect("both sides are signed by the log itself");
    }
    let page = web::get(&right.app, "/journal").await;
    page.assert_says("Un témoin garde un autre journal");
    // It continues to follow the history that it saw, and keeps the alarm.
    left.register(left.first, 12).await;
    left.pass(TimeDelta::minutes(15)).await;
    push(&left).await;
    assert_eq!(witnesses::followers(&left.app).await.unwrap()[0].behind, 0);
    assert_eq!(north.state().await, (500, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_reaches_the_witness_when_its_randomness_is_out_is_called_late() {
    on_both(async |mut app: TestApp| {
        let host = Host::of(&app).await;
        told(&mut app, &[&host]);
        furnished(&app).await;
        app.tick().await;
        push(&app).await;
        // The network is cut from before the freeze to after the draw.
        told(&mut app, &[]);
        let published = until(&app, DrawState::Published).await;
        told(&mut app, &[&host]);
        push(&app).await;
        let seen = host.freeze(published.id).await.unwrap();
        assert!(seen.late);
        let said = Testimony::of(Some(&seen), &verified(&app, &published).await);
        assert!(matches!(said, Testimony::TooLate { .. }), "{said}");
        assert_eq!(host.state().await, (500, 1));
        assert_eq!(host.alarms().await[0].wrong, Wrong::Late);
        // The log itself is correct: the head is kept.
        assert_eq!(witnesses::followers(&app.app).await.unwrap()[0].behind, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_witness_that_was_away_catches_up_and_is_tried_ever_more_seldom_meanwhile() {
    on_both(async |mut app: TestApp| {
        let folder = place::folder();
        let host = Host::start(&app, &folder).await;
        told(&mut app, &[&host]);
        furnished(&app).await;
        app.tick().await;
        push(&app).await;
        let before = host.newest();
        let address = host.stop().await;
        app.register(app.first, 20).await;
        app.tick().await;
        let fault = |app: &TestApp| {
            let app = app.app.clone();
            async move { app.store.witnesses().await.unwrap().pop().unwrap() }
        };
        for (attempt, minutes) in [(1, 1), (2, 2), (3, 4), (4, 8)] {
            app.real.advance(TimeDelta::seconds(61));
            push(&app).await;
            assert_eq!(fault(&app).await.attempts, attempt);
            push(&app).await;
            assert_eq!(fault(&app).await.attempts, attempt, "not before its pause is over");
            app.real.advance(TimeDelta::minutes(minutes - 1));
        }
        let silent = web::get(&app.app, "/journal").await;
        silent.assert_says("tentative n&#39;a pas abouti");
        let host = Host::start_at(&app, &folder, address).await;
        assert_eq!(host.newest(), before, "what was seen is on disk");
        app.real.advance(TimeDelta::hours(1));
        push(&app).await;
        let follower = &witnesses::followers(&app.app).await.unwrap()[0];
        assert_eq!((follower.behind, follower.fault.as_deref()), (0, None));
        assert!(host.newest() > before);
        assert_eq!(host.state().await, (200, 0));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_witness_that_lost_its_memory_is_told_everything_again() {
    let mut app = TestApp::sqlite().await;
    let folder = place::folder();
    let host = Host::start(&app, &folder).await;
    told(&mut app, &[&host]);
    furnished(&app).await;
    let frozen = until(&app, DrawState::Frozen).await;
    let address = host.stop().await;
    std::fs::remove_dir_all(&folder).unwrap();
    let host = Host::start_at(&app, &folder, address).await;
    app.register(app.first, 30).await;
    app.pass(TimeDelta::minutes(15)).await;
    push(&app).await;
    assert!(host.freeze(frozen.id).await.is_some_and(|seen| !seen.late));
    assert_eq!(witnesses::followers(&app.app).await.unwrap()[0].behind, 0);
}

/// The port is open and never answers: draws go on, and the scheduler stops when told.
#[tokio::test(flavor = "multi_thread")]
async fn a_silent_witness_holds_nothing_up() {
    let mut app = TestApp::sqlite().await;
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let config = std::sync::Arc::get_mut(&mut app.app).unwrap();
    config.config.witnesses.urls = vec![format!("http://{}", silent.local_addr().unwrap())];
    furnished(&app).await;
    app.tick().await;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let work = app.app.clone();
    let scheduler = tokio::spawn(async move {
        let every = std::time::Duration::from_millis(5);
        passage::scheduler::run(&work, every, async { drop(stopped.await) }).await;
    });
    let (_held, _) = silent.accept().await.unwrap();
    app.clock.set(draw(&app).await.freeze_at);
    while draw(&app).await.state != DrawState::Frozen {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    app.clock.set(draw(&app).await.seed_at);
    while draw(&app).await.state != DrawState::Published {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    let witness = app.app.store.witnesses().await.unwrap().pop().unwrap();
    assert_eq!((witness.size, witness.attempts), (0, 0), "it is still being waited for");
    stop.send(()).unwrap();
    scheduler.await.unwrap();
}

/// Rows edited or removed, heads replaced: the signed heads reveal it, and nothing more is signed.
#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_who_edits_or_truncates_the_log_is_found() {
    for (harm, found) in [
        (
            "UPDATE audit SET leaf = (SELECT leaf FROM audit WHERE position = 4) WHERE position = 3",
            "signed then",
        ),
        ("DELETE FROM audit WHERE position > 5", "lost rows: its head of"),
        ("UPDATE signed_head SET root = (SELECT leaf FROM audit WHERE position = 3)", "not as it was signed"),
        ("UPDATE signed_head SET note = 'x'", "not as it was signed"),
        ("UPDATE log_head SET root = (SELECT leaf FROM audit WHERE position = 3)", "written then"),
    ] {
        on_both(async |app: TestApp| {
            furnished(&app).await;
            app.tick().await;
            app.assert_sound().await;
            assert!(app.raw(harm).await > 0);
            let faults = check::faults(&app.app).await.unwrap();
            assert!(faults.iter().any(|fault| fault.contains(found)), "{harm}: {faults:?}");
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_history_that_no_longer_leads_to_the_signed_head_is_not_signed() {
    for harm in [
        "UPDATE audit SET leaf = (SELECT leaf FROM audit WHERE position = 4) WHERE position = 3",
        "DELETE FROM audit WHERE position = 3",
        "UPDATE log_head SET root = (SELECT leaf FROM audit WHERE position = 3)",
    ] {
        on_both(async |app: TestApp| {
            furnished(&app).await;
            app.tick().await;
            let signed = journal::head(&app.app).await.unwrap();
            app.raw(harm).await;
            app.register(app.first, 40).await;
            app.app.store.sequence_log(1000, app.now()).await.unwrap();
            if harm.starts_with("UPDATE log_head") {
                app.raw(harm).await;
            }
            journal::sign(&app.app).await.expect_err(harm);
            assert_eq!(journal::head(&app.app).await.unwrap(), signed, "{harm}");
        })
        .await;
    }
}

/// Replacing the whole log, with all its heads, deceives the checks in the database but not the witness.
#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_who_replaces_the_whole_log_is_caught_by_the_witness() {
    on_both(async |mut app: TestApp| {
        let host = Host::of(&app).await;
        told(&mut app, &[&host]);
        furnished(&app).await;
        app.tick().await;
        push(&app).await;
        for harm in [
            "DELETE FROM signed_head",
            "DELETE FROM log_head",
            "UPDATE audit SET position = NULL",
            "DELETE FROM audit WHERE leaf = (SELECT leaf FROM audit ORDER BY leaf LIMIT 1)",
        ] {
            assert!(app.raw(harm).await > 0, "{harm}");
        }
        app.tick().await;
        let faults = check::faults(&app.app).await.unwrap();
        let url = &host.url;
        let told = format!("the one that the witness {url} acknowledged");
        assert!(faults.iter().all(|fault| fault.contains(&told)) && !faults.is_empty(), "{faults:?}");
        assert!(app.raw("DELETE FROM witness").await > 0);
        app.assert_sound().await;
        push(&app).await;
        let fault = witnesses::followers(&app.app).await.unwrap()[0].fault.clone().unwrap();
        assert!(fault.contains("it holds a head of"), "shorter than what the witness saw: {fault}");
        for n in 50..55 {
            app.register(app.first, n).await;
        }
        app.pass(TimeDelta::hours(2)).await;
        push(&app).await;
        assert_eq!(host.alarms().await[0].wrong, Wrong::Fork);
        assert_eq!(host.state().await.0, 500);
    })
    .await;
}

/// After a year without witnesses: more freezes than fit in one delivery.
#[tokio::test(flavor = "multi_thread")]
async fn a_long_backlog_goes_in_several_deliveries() {
    on_both(async |mut app: TestApp| {
        const FREEZES: u32 = 300;
        let host = Host::of(&app).await;
        told(&mut app, &[&host]);
        app.app.store.sequence_log(1000, app.now()).await.unwrap();
        outside::write_freezes(&app, FREEZES, &ledger::detail()).await;
        for _ in 0..4 {
            app.app.store.sequence_log(100, app.now()).await.unwrap();
            journal::sign(&app.app).await.unwrap();
        }
        app.assert_sound().await;
        push(&app).await;
        let follower = || async { witnesses::followers(&app.app).await.unwrap().remove(0) };
        assert_eq!((follower().await.behind, follower().await.fault), (100, None));
        app.real.advance(TimeDelta::minutes(2));
        push(&app).await;
        assert_eq!((follower().await.behind, host.newest()), (0, follower().await.size.cast_unsigned()));
        assert_eq!(host.freezes().await, FREEZES as usize);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_of_one_log_refuses_another() {
    let folder = place::folder();
    let key = |seed| passage::journal::Signer::new("example.org/journal", &[seed; 32]).unwrap().key().clone();
    Ledger::open(&folder, key(1)).map(drop).unwrap();
    Ledger::open(&folder, key(1)).map(drop).unwrap();
    let refused = Ledger::open(&folder, key(2)).map(drop).unwrap_err();
    assert!(refused.to_string().contains("is of the log"), "{refused}");
    std::fs::remove_dir_all(&folder).unwrap();
}
