//! People are found again, by whoever may look for them, and each opening of their data is written down.

#[path = "people/codes.rs"]
mod codes;
mod common;
#[path = "people/corrections.rs"]
mod corrections;
#[path = "people/erasure.rs"]
mod erasure;
#[path = "people/frozen.rs"]
mod frozen;
#[path = "people/helpers.rs"]
mod helpers;
#[path = "people/near.rs"]
mod near;
#[path = "people/pages.rs"]
mod pages;
#[path = "people/resellers.rs"]
mod resellers;
#[path = "people/reviews.rs"]
mod reviews;
#[path = "people/timing.rs"]
mod timing;
#[path = "common/web.rs"]
mod web;

use chrono::TimeDelta;
use common::{PASSWORD, TestApp, on_both, person};
use passage::domain::actor::{Channel, Role};
use passage::domain::alarm::AlarmKind;
use passage::domain::ids::EntryId;
use passage::domain::local_time::Zone;
use passage::domain::reading::ReadingPurpose;
use passage::domain::refusal::Refusal;
use passage::flow::people::search::{Typed, search};
use passage::flow::people::{Reader, StaffReader};
use passage::flow::read::readings;
use passage::flow::register::{Desk, Registration};
use passage::flow::{FlowError, health, import, staff, status};

pub const SEEN: Desk = Desk { channel: Channel::Counter, document_seen: true, ..Desk::ONLINE };

pub fn somebody() -> Registration {
    Registration {
        birth_name: "Ben Démo".into(),
        given_names: "Usagère Leïla".into(),
        birth_date: "05/01/1990".into(),
        foreigner_number: "7503 123 456".into(),
        document_country: "Maroc".into(),
        document_number: "AB 123 456".into(),
        phone: "06 39 98 00 42".into(),
        email: "usagere@example.org".into(),
        ..person(1)
    }
}

fn by(fields: &[(&str, &str)]) -> Typed {
    let mut typed = Typed { reason: "lost_reference".into(), ..Typed::default() };
    for (name, value) in fields {
        let field = match *name {
            "number" => &mut typed.foreigner_number,
            "country" => &mut typed.document_country,
            "document" => &mut typed.document_number,
            "phone" => &mut typed.phone,
            "email" => &mut typed.email,
            "birth_name" => &mut typed.birth_name,
            "given_names" => &mut typed.given_names,
            "birth_date" => &mut typed.birth_date,
            _ => &mut typed.reason,
        };
        (*value).clone_into(field);
    }
    typed
}

async fn found(app: &TestApp, reader: StaffReader, fields: &[(&str, &str)]) -> Vec<EntryId> {
    let results = search(&app.app, Zone::PARIS, &by(fields), reader).await.unwrap();
    results.found.iter().map(|found| found.entry.id).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_who_lost_their_reference_is_found_by_what_they_have() {
    on_both(async |app| {
        let reader = app.reader("guichet").await;
        let entry = app.register_by(app.first, &somebody(), Desk::ONLINE, "one").await.unwrap();
        app.register(app.first, 7).await;
        for fields in [
            &[("number", "7503123456")] as &[(&str, &str)],
            &[("country", "MAR"), ("document", "ab123456")],
            &[("country", "المغرب"), ("document", "AB-123-456")],
            &[("phone", "+33 6 39 98 00 42")],
            &[("email", "Usagere@Example.org")],
            &[("birth_name", "BENDEMO"), ("given_names", "Leila"), ("birth_date", "05011990")],
            &[("birth_name", "Leïla"), ("given_names", "Demo"), ("birth_date", "1990-01-05")],
            &[("birth_name", "Ben Démo"), ("given_names", "Usagere"), ("birth_date", "00/00/1990")],
        ] {
            assert_eq!(found(&app, reader, fields).await, [entry], "{fields:?}");
        }
        for fields in [
            &[("number", "7503123457")] as &[(&str, &str)],
            &[("country", "DZA"), ("document", "AB123456")],
            &[("phone", "06 39 98 00 43")],
            &[("birth_name", "Ben Démo"), ("given_names", "Fatima"), ("birth_date", "05/01/1990")],
            &[("birth_name", "Ben Démo"), ("given_names", "Leïla"), ("birth_date", "06/02/1991")],
        ] {
            assert_eq!(found(&app, reader, fields).await, [], "{fields:?}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_is_masked_capped_logged_and_never_leaves_its_prefecture() {
    on_both(async |app| {
        let reader = app.reader("guichet").await;
        for n in 0..25 {
            let typed = Registration { document_number: format!("P{n:07}"), ..somebody() };
            let typed = Registration { foreigner_number: String::new(), ..typed };
            app.register_by(app.first, &typed, SEEN, &format!("k{n}")).await.unwrap();
        }
        let fields = [("phone", "0639980042")];
        let results = search(&app.app, Zone::PARIS, &by(&fields), reader).await.unwrap();
        assert_eq!((results.found.len(), results.has_more), (20, true));
        let one = &results.found[0];
        assert_eq!((one.initials.as_str(), one.birth_year), ("U… L… B… D…", 1990));
        let log = app.app.store.audit_of(format!("prefecture:{}", app.prefecture)).await.unwrap();
        let row = log.iter().find(|row| row.action == "people.searched").unwrap();
        let detail = row.detail.0.to_string();
        assert!(detail.contains("lost_reference") && detail.contains("\"phone\""), "{detail}");
        assert!(!detail.contains("639980042"), "{detail}");

        let elsewhere =
            include_str!("../config/demo-prefecture.toml").replace("\"demonstration\"", "\"ailleurs\"");
        let elsewhere = import::prefecture(&app.app, &elsewhere).await.unwrap();
        let stranger = StaffReader { prefecture: elsewhere, ..reader };
        assert_eq!(found(&app, stranger, &fields).await, []);
    })
    .await;
}

#[tokio::test]
async fn a_search_says_what_it_needs() {
    let app = TestApp::sqlite().await;
    let reader = app.reader("guichet").await;
    for (fields, wrong) in [
        (&[] as &[(&str, &str)], &["foreigner_number"] as &[&str]),
        (&[("reason", "")], &["foreigner_number", "search_reason"]),
        (&[("reason", "curiosity"), ("phone", "0639980042")], &["search_reason"]),
        (&[("birth_name", "Démo")], &["birth_date"]),
        (&[("birth_name", "Démo"), ("birth_date", "31/02/1990")], &["birth_date"]),
        (&[("number", "12")], &["foreigner_number"]),
        (&[("document", "AB123456")], &["document_country"]),
        (&[("phone", "12")], &["phone"]),
    ] {
        match search(&app.app, Zone::PARIS, &by(fields), reader).await {
            Err(FlowError::Invalid(faults)) => {
                assert_eq!(faults.iter().map(|fault| fault.field).collect::<Vec<_>>(), wrong, "{fields:?}");
            }
            other => panic!("{fields:?}: {:?}", other.err()),
        }
    }
    for _ in 0..120 {
        found(&app, reader, &[("number", "7503123456")]).await;
    }
    let more = search(&app.app, Zone::PARIS, &by(&[("number", "7503123456")]), reader).await;
    assert!(matches!(more, Err(FlowError::Refused(Refusal::SearchesAnHour))));
}

#[tokio::test(flavor = "multi_thread")]
async fn each_opening_is_written_down_once_a_day_and_purpose_and_the_person_sees_it() {
    on_both(async |app| {
        let reader = app.reader("guichet").await;
        let entry = app.register(app.first, 1).await;
        let open = async |purpose| {
            status::holder(&app.app, entry, Reader::Staff(reader, purpose)).await.unwrap();
        };
        status::holder(&app.app, entry, Reader::Holder).await.unwrap();
        status::holder(&app.app, entry, Reader::Program).await.unwrap();
        assert!(readings::of_person(&app.app, entry).await.unwrap().is_empty(), "oneself is nobody else");
        for purpose in [ReadingPurpose::Entry, ReadingPurpose::Entry, ReadingPurpose::Message] {
            open(purpose).await;
        }
        app.real.advance(TimeDelta::days(1));
        open(ReadingPurpose::Entry).await;
        let seen = readings::of_person(&app.app, entry).await.unwrap();
        let seen: Vec<_> = seen.iter().map(|one| (one.purpose, one.times, one.role)).collect();
        assert_eq!(seen.len(), 3);
        assert_eq!(seen[0], (ReadingPurpose::Entry, 1, Role::Agent));
        assert!(seen[1..].contains(&(ReadingPurpose::Entry, 2, Role::Agent)));
        let by_manager =
            readings::in_prefecture(&app.app, app.prefecture, Some(reader.id), (0, 10)).await.unwrap();
        assert_eq!(by_manager.len(), 3);
        let nobody = readings::in_prefecture(
            &app.app,
            app.prefecture,
            Some(StaffReader { id: uuid::Uuid::nil().into(), ..reader }.id),
            (0, 10),
        );
        assert!(nobody.await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_opens_very_many_files_is_named_to_the_managers() {
    let app = TestApp::sqlite_at(common::START, &[("PASSAGE__STAFF__READINGS_A_DAY", "3")]).await;
    let reader = app.reader("guichet").await;
    for n in 1..=4 {
        let entry = app.register(app.first, n).await;
        status::holder(&app.app, entry, Reader::Staff(reader, ReadingPurpose::Counter)).await.unwrap();
        status::holder(&app.app, entry, Reader::Staff(reader, ReadingPurpose::Entry)).await.unwrap();
        let busy = readings::unusual(&app.app).await.unwrap();
        assert_eq!(busy, if n == 4 { vec![(reader.id, 4)] } else { Vec::new() }, "{n}");
    }
    let report = health::report(&app.app).await;
    assert!(report.alarms.iter().any(|alarm| alarm.kind == AlarmKind::UnusualReading), "{:?}", report.alarms);
    app.real.advance(TimeDelta::days(2));
    assert!(readings::unusual(&app.app).await.unwrap().is_empty());
    staff::add(&app.app, app.prefecture, "autre", PASSWORD, Role::Auditor).await.unwrap();
}
