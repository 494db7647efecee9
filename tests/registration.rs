//! Registration: one live entry per person, enforced by constraints; the same answer to a retry; nothing
//! acknowledged is lost.

mod common;
#[path = "registration/numbers.rs"]
mod numbers;
#[path = "registration/rights.rs"]
mod rights;

use std::sync::Arc;

use chrono::TimeDelta;
use common::{TestApp, depth, document_of, on_both, person};
use passage::domain::actor::{Actor, Channel, Role};
use passage::domain::entry::{CloseReason, EntryState};
use passage::domain::notice::{NoticeKind, Way};
use passage::domain::refusal::Refusal;
use passage::flow::import::{RegisterCount, register_of_numbers};
use passage::flow::people::merge::merge;
use passage::flow::register::{Desk, Registration};
use passage::flow::{FlowError, entries, status, verify_identity};
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
        register_of_numbers(&app.app, csv.as_bytes(), |_| ()).await.unwrap();
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
    let from = |address: &str| Desk { network: address.parse().unwrap(), ..Desk::ONLINE };
    let online = async |birth_date: &str, key: &str| {
        app.register_by(app.first, &numbered(birth_date), from("203.0.0.0"), key).await.unwrap()
    };
    for day in 15..20 {
        let entry = online(&format!("{day}/07/1985"), &format!("guess {day}")).await;
        assert_eq!(state(entry).await, EntryState::AwaitingIdentity);
    }
    // The right date now reads like a wrong one: taken as declared.
    assert_eq!(state(online("14/07/1985", "right").await).await, EntryState::AwaitingIdentity);
    // The owner comes from another network, which has one wrong date.
    let owner =
        app.register_by(app.first, &numbered("14/07/1985"), from("198.51.0.0"), "owner").await.unwrap();
    assert_eq!(state(owner).await, EntryState::Waiting);
    entries::change(&app.app, owner, EntryChange::Withdraw, Actor::Holder(owner)).await.unwrap();
    let tried = [("13/07/1985", EntryState::AwaitingIdentity), ("14/07/1985", EntryState::AwaitingIdentity)];
    for (birth_date, expected) in tried {
        let guess = app.register_by(app.first, &numbered(birth_date), from("192.0.0.0"), birth_date).await;
        assert_eq!(state(guess.unwrap()).await, expected, "one guess for each network");
    }
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
async fn a_number_with_two_birth_dates_is_a_fault_of_the_file_and_a_correction_is_counted() {
    on_both(async |app| {
        let import = async |csv: &str| register_of_numbers(&app.app, csv.as_bytes(), |_| ()).await;
        let two = "number,birth_date\n7503123456,14/07/1985\n7503123457,01/02/1990\n7503123456,15/07/1985\n";
        let fault = import(two).await.unwrap_err().to_string();
        assert_eq!(fault, "line 4: number: it stands on line 2 with another birth date or name");
        let count =
            import("number,birth_date\n7503123456,14/07/1985\n7503123457,01/02/1990\n").await.unwrap();
        assert_eq!((count.rows, count.new, count.changed), (2, 2, 0));
        let count =
            import("number,birth_date\n7503123456,15/07/1985\n7503123457,01/02/1990\n").await.unwrap();
        assert_eq!((count.rows, count.new, count.changed), (2, 0, 1));
        let old = app.register_by(app.first, &numbered("14/07/1985"), Desk::ONLINE, "a").await.unwrap();
        let new = app.register_by(app.first, &numbered("15/07/1985"), Desk::ONLINE, "b").await.unwrap();
        let state = async |id| app.app.store.entry(id).await.unwrap().unwrap().state;
        assert_eq!(state(old).await, EntryState::AwaitingIdentity);
        assert_eq!(state(new).await, EntryState::Waiting);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_register_from_a_french_spreadsheet_is_read() {
    let app = TestApp::sqlite().await;
    for (n, file) in [
        "NUMÉRO ÉTRANGER;DATE DE NAISSANCE;\r\n75031234{};14071985;\r\n;;\r\n",
        "\u{FEFF}sep=;\r\nNumber;Birth_Date\r\n75031234{};14/07/1985\r\n",
        "date de naissance\tN° étranger\r14/07/1985\t75031234{}\r",
        "\"number\",\"birth_date\"\n\"75031234{}\",\"1985-07-14\"\n",
    ]
    .into_iter()
    .enumerate()
    {
        let file = file.replace("{}", &format!("{:02}", 10 + n));
        let count = register_of_numbers(&app.app, file.as_bytes(), |_| ()).await;
        assert_eq!(count.unwrap(), RegisterCount { rows: 1, new: 1, ..RegisterCount::default() }, "{file:?}");
        let typed =
            Registration { foreigner_number: format!("75031234{:02}", 10 + n), ..numbered("14071985") };
        let entry = app.register_by(app.first, &typed, Desk::ONLINE, &n.to_string()).await.unwrap();
        assert_eq!(app.app.store.entry(entry).await.unwrap().unwrap().state, EntryState::Waiting);
    }
    for other in ["number;birth_date;name\n1;2;3\n", "numero\n1\n", ""] {
        assert!(register_of_numbers(&app.app, other.as_bytes(), |_| ()).await.is_err(), "{other:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_leading_zero_cut_by_a_spreadsheet_is_counted_and_the_number_is_found_and_held_with_and_without() {
    on_both(async |app| {
        let csv = "number,birth_date\n503123457,05/01/1990\n";
        let count = register_of_numbers(&app.app, csv.as_bytes(), |_| ()).await.unwrap();
        assert_eq!((count.new, count.nine_digits), (1, 1));
        let typed = |number: &str| Registration { foreigner_number: number.into(), ..numbered("05/01/1990") };
        let entry = app.register_by(app.first, &typed("0503123457"), Desk::ONLINE, "ten").await.unwrap();
        assert_eq!(app.app.store.entry(entry).await.unwrap().unwrap().state, EntryState::Waiting);
        let nine = app.register_by(app.first, &typed("503123457"), Desk::ONLINE, "nine").await;
        refused(&nine, Refusal::AlreadyWaiting);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn faulty_lines_of_a_register_are_named_up_to_a_limit_and_all_counted_and_no_input_is_endless() {
    let app = TestApp::sqlite().await;
    let file = format!("number,birth_date\n{}", "12,05/01/1990\n".repeat(1_000));
    let fault = register_of_numbers(&app.app, file.as_bytes(), |_| ()).await.unwrap_err().to_string();
    assert_eq!(fault.lines().count(), 101);
    assert!(fault.ends_with("1000 lines are faulty; the first 100 are named"), "{fault}");
    for byte in [0, b'x'] {
        let endless = register_of_numbers(&app.app, std::io::repeat(byte), |_| ()).await.unwrap_err();
        assert!(endless.to_string().starts_with("line 1: the line is longer"), "{endless}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_passport_is_one_person_however_it_is_typed() {
    on_both(async |app| {
        let seen = |country: &str, number: &str| Registration {
            document_country: country.into(),
            document_number: number.into(),
            ..person(1)
        };
        app.register_by(app.first, &seen("Algérie", "AB 12.34-56"), SEEN, "first").await.unwrap();
        for (n, (country, number)) in [
            ("DZA", "AB123456"),
            ("dz", "ab 123456"),
            ("ALG", "AB\u{A0}123\u{2011}456"),
            ("Algeria", "ＡＢ１２３４５６"),
            ("الجزائر", "AB/123456\u{200F}"),
        ]
        .into_iter()
        .enumerate()
        {
            let again = app.register_by(app.first, &seen(country, number), SEEN, &format!("again-{n}")).await;
            refused(&again, Refusal::AlreadyWaiting);
        }
        assert_eq!(
            fields(app.register_by(app.first, &seen("ZZZ", "AB123456"), SEEN, "nowhere").await),
            ["document_country"]
        );
        assert_eq!(
            fields(app.register_by(app.first, &seen("", "AB123456"), SEEN, "missing").await),
            ["document_country"]
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_message_is_promised_that_will_not_be_sent() {
    let app = TestApp::sqlite().await;
    let reachable =
        |phone: &str, email: &str| Registration { phone: phone.into(), email: email.into(), ..person(1) };
    let key = async |phone: &str, desk| match app
        .register_by(app.first, &reachable(phone, ""), desk, &format!("{phone} {}", desk.document_seen))
        .await
    {
        Err(FlowError::Invalid(faults)) => faults[0].key.clone(),
        other => panic!("{phone}: {other:?}"),
    };
    for landline in ["01 42 27 00 00", "09 70 00 00 00"] {
        assert_eq!(key(landline, Desk::ONLINE).await, "error-phone-no-sms-landline", "{landline}");
    }
    for abroad in ["+44 7700 900123", "0044 7700 900123", "+212 612345678", "+44 7400 123456"] {
        assert_eq!(key(abroad, Desk::ONLINE).await, "error-phone-no-sms-abroad", "{abroad}");
    }
    assert_eq!(key("06 99", Desk::ONLINE).await, "error-phone-too-short");
    assert_eq!(key("+33 1 00 00 00 00 00", Desk::ONLINE).await, "error-phone-too-long");

    let reach = async |n: u32, phone: &str, email: &str, desk| {
        let typed = Registration { document_number: format!("REACH{n}"), ..reachable(phone, email) };
        let entry = app.register_by(app.first, &typed, desk, &format!("reach-{n}")).await.unwrap();
        let reach =
            status::holder(&app.app, entry, passage::flow::people::Reader::Program).await.unwrap().reach;
        (reach.allows(Way::Sms), reach.allows(Way::Email))
    };
    assert_eq!(reach(1, "06 39 98 00 11", "", Desk::ONLINE).await, (true, false));
    assert_eq!(reach(2, "01 42 27 00 00", "a@example.org", Desk::ONLINE).await, (false, true));
    // Beside an address a number need take no SMS, but it must exist.
    assert_eq!(reach(6, "+212 612345678", "b@example.org", Desk::ONLINE).await, (false, true));
    let beside = Registration { email: "c@example.org".into(), ..reachable("+44 7700 900123", "") };
    match app.register_by(app.first, &beside, Desk::ONLINE, "beside").await {
        Err(FlowError::Invalid(faults)) => assert_eq!(faults[0].key, "error-phone-not-assigned"),
        other => panic!("{other:?}"),
    }
    // An agent can call it.
    assert_eq!(reach(3, "01 42 27 00 00", "", SEEN).await, (false, false));
    assert_eq!(reach(4, "+212 612345678", "", SEEN).await, (false, false));
    assert_eq!(reach(5, "", "", Desk::ONLINE).await, (false, false));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_is_no_way_where_the_gateway_takes_sms_only() {
    let mut app = TestApp::sqlite().await;
    let carriers = app.gateway.carriers(&[Way::Sms]);
    Arc::get_mut(&mut app.app).unwrap().carriers = carriers;
    let typed =
        |phone: &str| Registration { phone: phone.into(), email: "a@example.org".into(), ..person(1) };
    let entry = app.register_by(app.first, &typed(""), Desk::ONLINE, "email").await.unwrap();
    let reach = status::holder(&app.app, entry, passage::flow::people::Reader::Program).await.unwrap().reach;
    assert_eq!(reach.first(), Way::Letter);
    let landline = app.register_by(app.first, &typed("01 42 27 00 00"), Desk::ONLINE, "landline").await;
    assert_eq!(fields(landline), ["phone"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_declared_identity_blocks_nobody_and_keeps_its_date_once_verified() {
    on_both(async |app| {
        let agent = app.staff("alice", Role::Agent).await;
        let declared = app.register_by(app.first, &person(1), Desk::ONLINE, "declared").await.unwrap();
        let registered_at = app.now();
        app.pass(TimeDelta::days(2)).await;
        verify_identity::document_seen(&app.app, declared, document_of(1), agent).await.unwrap();
        let entry = app.app.store.entry(declared).await.unwrap().unwrap();
        assert_eq!((entry.state, entry.registered_at), (EntryState::Waiting, registered_at));

        let false_claim = app.register_by(app.first, &person(2), Desk::ONLINE, "false").await.unwrap();
        app.register(app.first, 2).await;
        refused(
            &verify_identity::document_seen(&app.app, false_claim, document_of(2), agent).await,
            Refusal::Duplicate,
        );
        let kept = app.app.store.entries_in(app.prefecture, EntryState::Waiting, 9).await.unwrap();
        let kept = kept.iter().find(|one| one.id != declared).unwrap().id;
        let reader = app.reader("lectrice").await;
        merge(&app.app, kept, false_claim, "même passeport", reader).await.unwrap();
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
            document_country: "ZZZ".into(),
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
        let near = passage::flow::read::entries::near(&app.app, one, app.reader("lectrice").await);
        let near: Vec<_> = near.await.unwrap().into_iter().map(|known| known.entry.id).collect();
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
