//! Registration: one live entry per person, enforced by constraints; the same answer to a retry; nothing
//! acknowledged is lost.

mod common;

use chrono::TimeDelta;
use common::{TestApp, depth, on_both, person};
use passage::domain::actor::{Actor, Channel, Role};
use passage::domain::entry::{CloseReason, EntryState};
use passage::domain::notice::{NoticeKind, NoticeState};
use passage::domain::refusal::Refusal;
use passage::flow::register::{Desk, Registration};
use passage::flow::{FlowError, annulment, entries, verify_identity};
use passage::store::commands::EntryChange;

const SEEN: Desk = Desk { channel: Channel::Counter, document_seen: true, ..Desk::ONLINE };

fn refused(result: &Result<impl std::fmt::Debug, FlowError>, refusal: Refusal) {
    assert!(
        matches!(result, Err(FlowError::Refused(found)) if *found == refusal),
        "{result:?} is not {refusal}"
    );
}

/// Somebody who names a number and no document.
fn numbered(birth_date: &str) -> Registration {
    Registration {
        foreigner_number: "75 03 12 34 56".into(),
        birth_date: birth_date.into(),
        document_country: String::new(),
        document_number: String::new(),
        ..person(1)
    }
}

fn fields(result: Result<impl std::fmt::Debug, FlowError>) -> Vec<&'static str> {
    match result {
        Err(FlowError::Invalid(faults)) => faults.iter().map(|fault| fault.field).collect(),
        other => panic!("{other:?} is not a list of faults"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_sixty_four_attempts_at_once_one_is_accepted() {
    on_both(async |app| {
        let app = std::sync::Arc::new(app);
        let attempts: Vec<_> = (0..64)
            .map(|n| {
                let app = app.clone();
                tokio::spawn(async move {
                    app.register_by(app.first, &person(7), SEEN, &format!("try-{n}")).await
                })
            })
            .collect();
        let mut accepted = 0;
        for attempt in attempts {
            match attempt.await.unwrap() {
                Ok(_) => accepted += 1,
                other => refused(&other, Refusal::AlreadyWaiting),
            }
        }
        assert_eq!(accepted, 1);
        assert_eq!(app.app.store.figures(app.first, app.now()).await.unwrap().waiting, 1);
        app.assert_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_key_gives_the_same_answer_also_at_once() {
    on_both(async |app| {
        let app = std::sync::Arc::new(app);
        let attempts: Vec<_> = (0..64)
            .map(|_| {
                let app = app.clone();
                tokio::spawn(async move { app.register_by(app.first, &person(7), SEEN, "one-key").await })
            })
            .collect();
        let mut answers = std::collections::BTreeSet::new();
        for attempt in attempts {
            answers.insert(attempt.await.unwrap().unwrap());
        }
        assert_eq!(answers.len(), 1);
        let other = app.register_by(app.first, &person(8), SEEN, "one-key").await;
        refused(&other, Refusal::KeyReused);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_gone_client_was_not_told_is_whole_or_not_at_all() {
    on_both(async |app| {
        let cut = depth(40, 1_000);
        for n in 0..cut {
            // The client disconnects after some microseconds: the future is dropped in the middle.
            let patience = std::time::Duration::from_micros(u64::from(n % 60) * 150);
            let _ = tokio::time::timeout(
                patience,
                app.register_by(app.first, &person(n), SEEN, &format!("cut-{n}")),
            )
            .await;
        }
        // The next writes on the same connections are acknowledged, and must be there.
        for n in 0..cut {
            let entry = app.register_by(app.first, &person(n), SEEN, &format!("cut-{n}")).await.unwrap();
            assert!(app.app.store.entry(entry).await.unwrap().is_some());
        }
        assert_eq!(app.app.store.figures(app.first, app.now()).await.unwrap().waiting, i64::from(cut));
        app.assert_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_in_the_register_verifies_at_once_and_only_with_its_birth_date() {
    on_both(async |app| {
        let csv = "number,birth_date\n7503123456,14/07/1985\n";
        passage::flow::import::register_of_numbers(&app.app, csv.as_bytes(), |_| ()).await.unwrap();
        let wrong = app.register_by(app.first, &numbered("15/07/1985"), Desk::ONLINE, "a").await.unwrap();
        let right = app.register_by(app.first, &numbered("14/07/1985"), Desk::ONLINE, "b").await.unwrap();
        let state = async |id| app.app.store.entry(id).await.unwrap().unwrap().state;
        assert_eq!(state(wrong).await, EntryState::AwaitingIdentity);
        assert_eq!(state(right).await, EntryState::Waiting);
        refused(
            &app.register_by(app.first, &numbered("14/07/1985"), Desk::ONLINE, "c").await,
            Refusal::AlreadyWaiting,
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_birth_date_of_a_number_cannot_be_guessed_online() {
    let app = TestApp::sqlite().await;
    let csv = "number,birth_date\n7503123456,14/07/1985\n7503123457,14/07/1985\n";
    passage::flow::import::register_of_numbers(&app.app, csv.as_bytes(), |_| ()).await.unwrap();
    let state = async |id| app.app.store.entry(id).await.unwrap().unwrap().state;
    let online = async |birth_date: &str, key: &str| {
        app.register_by(app.first, &numbered(birth_date), Desk::ONLINE, key).await.unwrap()
    };
    for day in 15..20 {
        let entry = online(&format!("{day}/07/1985"), &format!("guess {day}")).await;
        assert_eq!(state(entry).await, EntryState::AwaitingIdentity);
    }
    // The right date now reads like a wrong one: taken as declared.
    assert_eq!(state(online("14/07/1985", "right").await).await, EntryState::AwaitingIdentity);
    let other = Registration { foreigner_number: "7503123457".into(), ..numbered("14/07/1985") };
    let other = app.register_by(app.first, &other, Desk::ONLINE, "other").await.unwrap();
    assert_eq!(state(other).await, EntryState::Waiting, "another number");
}

#[tokio::test(flavor = "multi_thread")]
async fn right_birth_dates_never_count() {
    let app = TestApp::sqlite().await;
    let csv = "number,birth_date\n7503123456,14/07/1985\n";
    passage::flow::import::register_of_numbers(&app.app, csv.as_bytes(), |_| ()).await.unwrap();
    for n in 0..8 {
        let key = format!("try {n}");
        let entry = app.register_by(app.first, &numbered("14/07/1985"), Desk::ONLINE, &key).await.unwrap();
        assert_eq!(app.app.store.entry(entry).await.unwrap().unwrap().state, EntryState::Waiting);
        let withdrawn = EntryChange::Withdraw;
        entries::change(&app.app, entry, withdrawn, Actor::Holder(entry)).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_that_stands_twice_in_the_register_is_known_by_its_last_line() {
    on_both(async |app| {
        let csv = "number,birth_date\n7503123456,14/07/1985\n7503123457,01/02/1990\n7503123456,15/07/1985\n";
        let count =
            passage::flow::import::register_of_numbers(&app.app, csv.as_bytes(), |_| ()).await.unwrap();
        assert_eq!((count.rows, count.new), (3, 2));
        let old = app.register_by(app.first, &numbered("14/07/1985"), Desk::ONLINE, "a").await.unwrap();
        let new = app.register_by(app.first, &numbered("15/07/1985"), Desk::ONLINE, "b").await.unwrap();
        let state = async |id| app.app.store.entry(id).await.unwrap().unwrap().state;
        assert_eq!(state(old).await, EntryState::AwaitingIdentity);
        assert_eq!(state(new).await, EntryState::Waiting);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_declared_identity_blocks_nobody_and_keeps_its_date_once_verified() {
    on_both(async |app| {
        let agent = app.staff("alice", Role::Agent).await;
        let declared = app.register_by(app.first, &person(1), Desk::ONLINE, "declared").await.unwrap();
        let registered_at = app.now();
        app.pass(TimeDelta::days(2)).await;
        verify_identity::document_seen(&app.app, declared, None, agent).await.unwrap();
        let entry = app.app.store.entry(declared).await.unwrap().unwrap();
        assert_eq!((entry.state, entry.registered_at), (EntryState::Waiting, registered_at));

        let false_claim = app.register_by(app.first, &person(2), Desk::ONLINE, "false").await.unwrap();
        app.register(app.first, 2).await;
        refused(
            &verify_identity::document_seen(&app.app, false_claim, None, agent).await,
            Refusal::Duplicate,
        );
        entries::change(&app.app, false_claim, EntryChange::CloseDuplicate, Actor::Staff(agent))
            .await
            .unwrap();
        let closed = app.app.store.entry(false_claim).await.unwrap().unwrap();
        assert_eq!(closed.close_reason, Some(CloseReason::Duplicate));
        app.assert_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unverified_entry_is_warned_twice_then_closed() {
    on_both(async |app| {
        let entry = app.register_by(app.first, &person(1), Desk::ONLINE, "declared").await.unwrap();
        for _ in 0..65 {
            app.clock.advance(TimeDelta::hours(24));
            app.tick().await;
        }
        let record = app.app.store.entry(entry).await.unwrap().unwrap();
        assert_eq!((record.state, record.close_reason), (EntryState::Closed, Some(CloseReason::Identity)));
        let notices = app.app.store.notices_of(entry).await.unwrap();
        let warnings = notices.iter().filter(|notice| notice.kind == NoticeKind::IdentityWarning).count();
        assert_eq!(warnings, 2);
        assert!(notices.iter().any(|notice| notice.kind == NoticeKind::Closure));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_ended_may_come_again() {
    on_both(async |app| {
        let first = app.register(app.first, 1).await;
        entries::change(&app.app, first, EntryChange::Withdraw, Actor::Holder(first)).await.unwrap();
        let again = app.register_by(app.first, &person(1), SEEN, "again").await.unwrap();
        assert_ne!(first, again);
        app.assert_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_fault_is_named_at_its_field_and_nothing_is_kept() {
    on_both(async |app| {
        let typed = Registration {
            birth_name: "\0".into(),
            given_names: String::new(),
            birth_date: "30/02/1990".into(),
            foreigner_number: "12AB".into(),
            phone: "0899 00 00 00".into(),
            email: "nobody".into(),
            document_country: "France".into(),
            document_number: "12345".into(),
            deadline: "tomorrow".into(),
            ..Registration::default()
        };
        let found = fields(app.register_by(app.first, &typed, Desk::ONLINE, "bad").await);
        for field in
            ["birth_name", "birth_date", "foreigner_number", "phone", "email", "document_country", "deadline"]
        {
            assert!(found.contains(&field), "{field} is not among {found:?}");
        }
        let early = Registration { deadline: "30/12/2027".into(), ..person(3) };
        assert_eq!(fields(app.register_by(app.renewal, &early, SEEN, "early").await), ["deadline"]);
        assert_eq!(app.app.store.figures(app.first, app.now()).await.unwrap().waiting, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn twins_and_namesakes_are_flagged_and_not_refused() {
    on_both(async |app| {
        let one = app.register(app.first, 1).await;
        let twin = Registration { document_number: "TWIN001".into(), ..person(1) };
        let two = app.register_by(app.first, &twin, SEEN, "twin").await.unwrap();
        let near: Vec<_> =
            app.app.store.near_matches(one).await.unwrap().into_iter().map(|entry| entry.id).collect();
        assert_eq!(near, [two]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn personal_data_cannot_be_read_in_the_database_file() {
    let app = TestApp::sqlite().await;
    let typed = Registration {
        birth_name: "Canarisson".into(),
        given_names: "Serinette".into(),
        email: "canari@example.org".into(),
        document_number: "CANARI77".into(),
        phone: "0639987654".into(),
        ..person(1)
    };
    app.register_by(app.first, &typed, SEEN, "canary").await.unwrap();
    let files = app.database_files();
    assert!(!files.is_empty());
    for bytes in files {
        for canary in ["Canarisson", "Serinette", "canari@", "CANARI77", "639987654"] {
            assert!(
                !bytes.windows(canary.len()).any(|window| window == canary.as_bytes()),
                "{canary} can be read"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_says_the_true_reason() {
    on_both(async |app| {
        let (agent, manager) =
            (app.staff("alice", Role::Agent).await, app.staff("bruno", Role::Manager).await);
        let here = app.register(app.first, 1).await;
        app.register(app.naturalisation, 1).await;
        refused(
            &entries::move_to(&app.app, here, app.naturalisation, agent).await,
            Refusal::AlreadyWaitsThere,
        );
        refused(&entries::move_to(&app.app, here, app.first, agent).await, Refusal::SameQueue);
        refused(
            &verify_identity::document_seen(&app.app, here, None, agent).await,
            Refusal::IdentityVerified,
        );

        entries::grant(&app.app, here, 0, "Grave illness", agent).await.unwrap();
        refused(&entries::grant(&app.app, here, 0, "Grave illness", agent).await, Refusal::PrivilegeStands);
        let proposal = app.app.store.privileges_pending(app.prefecture).await.unwrap()[0].id;
        refused(&entries::approve_priority(&app.app, proposal, agent).await, Refusal::SecondPerson);
        entries::approve_priority(&app.app, proposal, manager).await.unwrap();
        refused(&entries::approve_priority(&app.app, proposal, manager).await, Refusal::ProposalClosed);

        entries::change(&app.app, here, EntryChange::Withdraw, Actor::Holder(here)).await.unwrap();
        let again = entries::change(&app.app, here, EntryChange::Pause, Actor::Holder(here)).await;
        refused(&again, Refusal::EntryEnded);

        app.tick().await;
        let draw = app.app.store.draws_of(app.first, 1).await.unwrap()[0].id;
        refused(&annulment::approve(&app.app, draw, agent).await, Refusal::AnnulmentNotProposed);
        annulment::propose(&app.app, draw, "A fault was found", agent).await.unwrap();
        refused(&annulment::approve(&app.app, draw, agent).await, Refusal::SecondPerson);
        let twice = annulment::propose(&app.app, draw, "A fault was found", manager).await;
        refused(&twice, Refusal::AnnulmentProposed);
        annulment::approve(&app.app, draw, manager).await.unwrap();
        refused(&annulment::approve(&app.app, draw, manager).await, Refusal::DrawAnnulled);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_lost_its_use_never_leaves() {
    on_both(async |app| {
        let agent = app.staff("alice", Role::Agent).await;
        let pending = async |entry| {
            let notices = app.app.store.notices_of(entry).await.unwrap();
            let waits = notices.into_iter().filter(|notice| notice.state == NoticeState::Pending);
            waits.map(|notice| notice.kind).collect::<Vec<_>>()
        };
        // Late in the evening nothing has left yet.
        app.clock.advance(TimeDelta::hours(14));
        let verified = app.register_by(app.first, &person(1), Desk::ONLINE, "one").await.unwrap();
        assert_eq!(pending(verified).await, [NoticeKind::IdentityWanted]);
        verify_identity::document_seen(&app.app, verified, None, agent).await.unwrap();
        assert_eq!(pending(verified).await, [NoticeKind::Receipt], "nobody verified is threatened");

        let gone = app.register_by(app.first, &person(2), Desk::ONLINE, "two").await.unwrap();
        entries::change(&app.app, gone, EntryChange::Withdraw, Actor::Holder(gone)).await.unwrap();
        assert_eq!(pending(gone).await, [NoticeKind::Withdrawal]);

        let closed = app.register_by(app.first, &person(3), Desk::ONLINE, "three").await.unwrap();
        entries::change(&app.app, closed, EntryChange::CloseDuplicate, Actor::Staff(agent)).await.unwrap();
        assert_eq!(pending(closed).await, [NoticeKind::Closure]);

        entries::change(&app.app, verified, EntryChange::Pause, Actor::Staff(agent)).await.unwrap();
        assert_eq!(pending(verified).await, [NoticeKind::Receipt, NoticeKind::Changed], "and is told of it");
    })
    .await;
}
