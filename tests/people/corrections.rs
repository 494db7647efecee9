//! An agent puts a slip right, and gives a request back to the person whose number it was made with: no right moves to
//! somebody else, and to have been squatted costs nothing.

use axum::http::StatusCode;
use passage::domain::actor::Role;
use passage::domain::entry::EntryState;
use passage::domain::identity::Proof;
use passage::domain::ids::EntryId;
use passage::domain::refusal::Refusal;
use passage::flow::people::corrections::{Corrected, Typed, correct, take_over};
use passage::flow::people::document::TypedDocument;
use passage::flow::people::merge::merge;
use passage::flow::people::{Reader, reveal};
use passage::flow::register::{Desk, Registration};
use passage::flow::{FlowError, import};
use passage::store::records::EntryRecord;

use crate::common::{TestApp, on_both};
use crate::web::Browser;
use crate::{SEEN, somebody};

/// The register knows the number of [`somebody`] with their birth date.
pub async fn register_of_numbers(app: &TestApp) {
    let file = b"number,birth_date\n7503123456,05/01/1990\n";
    import::register_of_numbers(&app.app, file.as_slice(), |_| ()).await.unwrap();
}

pub fn typed_document(number: &str, again: &str) -> TypedDocument {
    TypedDocument {
        kind: "passport".into(),
        country: "Maroc".into(),
        number: number.into(),
        number_again: again.into(),
        expires: "01/05/2031".into(),
        ..TypedDocument::default()
    }
}

/// What the document of [`somebody`] says.
pub fn their_document() -> Typed {
    Typed {
        birth_name: "Ben Démo".into(),
        given_names: "Usagère Leïla".into(),
        birth_date: "05/01/1990".into(),
        reason: "passeport vu au guichet".into(),
        foreigner_number: "7503123456".into(),
        document: typed_document("AB 123 456", "ab123456"),
        phone: "06 39 98 00 77".into(),
        email: String::new(),
    }
}

/// Somebody who has seen a photocopy, and registers with another contact and another passport.
pub fn squatter() -> Registration {
    Registration {
        birth_name: "Revendeur".into(),
        given_names: "Usager".into(),
        document_number: "ZZ 999 999".into(),
        phone: "06 39 98 00 66".into(),
        email: String::new(),
        ..somebody()
    }
}

pub async fn record(app: &TestApp, id: EntryId) -> EntryRecord {
    app.app.store.entry(id).await.unwrap().unwrap()
}

pub async fn names(app: &TestApp, id: EntryId) -> String {
    reveal(&app.app, &record(app, id).await, Reader::Program).await.unwrap().full_name()
}

pub fn refusal<T: std::fmt::Debug>(done: Result<T, FlowError>) -> Refusal {
    match done {
        Err(FlowError::Refused(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}

pub fn fields<T: std::fmt::Debug>(done: Result<T, FlowError>) -> Vec<&'static str> {
    match done {
        Err(FlowError::Invalid(faults)) => faults.iter().map(|fault| fault.field).collect(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_squatted_request_is_its_owners_with_its_day_and_without_the_squatter() {
    on_both(async |app: TestApp| {
        register_of_numbers(&app).await;
        let [one, two] = [app.staff("alice", Role::Agent).await, app.staff("bruno", Role::Agent).await];
        let squatted = app.register_by(app.first, &squatter(), Desk::ONLINE, "squat").await.unwrap();
        let before = record(&app, squatted).await;
        assert_eq!((before.state, before.identity_how), (EntryState::Waiting, Some(Proof::Register)));
        let mut browser = Browser::of(&app.app);
        browser.submit("/s", &[("reference", &before.reference), ("birth_date", "05/01/1990")]).await;
        let page = browser.get("/s/donnees").await;
        assert_eq!(page.status, StatusCode::OK);
        let held = page.cookie().split_once('=').unwrap().1.to_owned();
        app.pass(chrono::TimeDelta::days(3)).await;

        // It takes two agents who read the same in the document.
        let done = take_over(&app.app, squatted, &their_document(), one).await.unwrap();
        assert_eq!(done, Corrected::Asked);
        assert_eq!(take_over(&app.app, squatted, &their_document(), one).await.unwrap(), Corrected::Asked);
        let slip = Typed { document: typed_document("AB123465", "AB123465"), ..their_document() };
        assert_eq!(take_over(&app.app, squatted, &slip, two).await.unwrap(), Corrected::Asked);
        assert_eq!(take_over(&app.app, squatted, &their_document(), one).await.unwrap(), Corrected::Asked);
        assert_eq!(names(&app, squatted).await, "Usager Revendeur");
        let done = take_over(&app.app, squatted, &their_document(), two).await.unwrap();
        assert_eq!(done, Corrected::Done);

        let after = record(&app, squatted).await;
        assert_eq!((after.registered_at, after.state), (before.registered_at, EntryState::Waiting));
        assert_eq!(after.identity_how, Some(Proof::Document));
        assert_ne!(after.reference, before.reference);
        let shown = reveal(&app.app, &after, Reader::Program).await.unwrap();
        assert_eq!(shown.full_name(), "Usagère Leïla Ben Démo");
        assert_eq!((shown.phone.as_deref(), shown.email), (Some("+33639980077"), None));
        let old = browser.get("/s/donnees").await;
        assert!(old.body.contains("name=\"reference\""), "the squatter's page is closed: {}", old.body);
        let reopened = Browser::of(&app.app).submit("/s/retrouver/ouvrir", &[("ouvrir", &held)]).await;
        assert!(!reopened.body.contains(&after.reference), "nor does the token open it elsewhere");
        let replayed = app.register_by(app.first, &squatter(), Desk::ONLINE, "squat").await.unwrap();
        assert_ne!(replayed, squatted, "the form sent again leads to no page of the owner's");
        assert_eq!(record(&app, replayed).await.identity_how, None);
        let told = {
            let sent = app.gateway.sent.lock().unwrap();
            sent.iter().filter(|one| one.to == "+33639980066").map(|one| one.text.clone()).next_back()
        };
        let told = told.expect("the old contact is told");
        assert!(told.contains("a été reprise") && !told.contains(&after.reference), "{told}");

        // The document is a key now: it holds no second place, and the squatter's passport holds none.
        let twice = Registration { foreigner_number: String::new(), ..somebody() };
        assert_eq!(refusal(app.register_by(app.first, &twice, SEEN, "twice").await), Refusal::AlreadyWaiting);
        let own =
            Registration { foreigner_number: String::new(), birth_date: "01/02/1980".into(), ..squatter() };
        app.register_by(app.first, &own, SEEN, "own").await.unwrap();
        assert_eq!(
            refusal(take_over(&app.app, squatted, &their_document(), one).await),
            Refusal::IdentityVerified
        );
        app.assert_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_passes_to_nobody_else() {
    on_both(async |app: TestApp| {
        register_of_numbers(&app).await;
        let agent = app.staff("alice", Role::Agent).await;
        let weak = app.register_by(app.first, &somebody(), Desk::ONLINE, "weak").await.unwrap();
        let strong = app.register(app.first, 1).await;
        for (bad, field) in [
            (Typed { foreigner_number: "7503123457".into(), ..their_document() }, "foreigner_number"),
            (Typed { birth_date: "06/01/1990".into(), ..their_document() }, "birth_date"),
            (
                Typed { document: typed_document("AB123456", "AB123465"), ..their_document() },
                "document_number_again",
            ),
            (Typed { document: typed_document("", ""), ..their_document() }, "document_number"),
            (Typed { phone: "12".into(), ..their_document() }, "phone"),
            (Typed { reason: String::new(), ..their_document() }, "reason"),
        ] {
            assert_eq!(fields(take_over(&app.app, weak, &bad, agent).await), [field]);
        }
        assert_eq!(
            fields(take_over(&app.app, strong, &their_document(), agent).await),
            ["foreigner_number", "birth_date"]
        );

        // The same name takes two as well: a buyer's document could be typed beside it. The number stays a key.
        let other = app.staff("bruno", Role::Agent).await;
        assert_eq!(take_over(&app.app, weak, &their_document(), agent).await.unwrap(), Corrected::Asked);
        assert_eq!(take_over(&app.app, weak, &their_document(), other).await.unwrap(), Corrected::Done);
        let again = Registration { document_number: "CD654321".into(), ..somebody() };
        assert_eq!(
            refusal(app.register_by(app.first, &again, Desk::ONLINE, "again").await),
            Refusal::AlreadyWaiting
        );
        app.assert_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slip_is_corrected_by_one_and_another_name_by_two() {
    on_both(async |app: TestApp| {
        register_of_numbers(&app).await;
        let [one, two] = [app.staff("alice", Role::Agent).await, app.staff("bruno", Role::Agent).await];
        let entry = app.register_by(app.first, &somebody(), SEEN, "one").await.unwrap();
        let before = record(&app, entry).await;
        let slip = Typed { birth_name: "Ben Demmo".into(), ..their_document() };
        assert_eq!(correct(&app.app, entry, &slip, one).await.unwrap(), Corrected::Done);
        assert_eq!(names(&app, entry).await, "Usagère Leïla Ben Demmo");
        let found = crate::found(
            &app,
            app.reader("guichet").await,
            &[("birth_name", "Ben Demmo"), ("given_names", "Leïla"), ("birth_date", "05/01/1990")],
        );
        assert_eq!(found.await, [entry], "found by the new name");

        // Small steps lead far: the second one takes two agents, however near it is.
        let step = Typed { birth_name: "Ben Demo".into(), ..their_document() };
        assert_eq!(correct(&app.app, entry, &step, one).await.unwrap(), Corrected::Asked);

        // A marriage, an adoption, or a sale: two agents.
        let other = Typed { birth_name: "Autrenom".into(), given_names: "Zoé".into(), ..their_document() };
        assert_eq!(correct(&app.app, entry, &other, one).await.unwrap(), Corrected::Asked);
        assert_eq!(correct(&app.app, entry, &other, one).await.unwrap(), Corrected::Asked);
        assert_eq!(correct(&app.app, entry, &other, two).await.unwrap(), Corrected::Done);
        let after = record(&app, entry).await;
        assert_eq!((&after.reference, after.registered_at), (&before.reference, before.registered_at));
        assert_eq!(names(&app, entry).await, "Zoé Autrenom");
        let log = app.app.store.audit_of(format!("entry:{entry}")).await.unwrap();
        let actions: Vec<&str> = log.iter().map(|row| row.action.as_str()).collect();
        assert!(
            actions.contains(&"entry.corrected") && actions.contains(&"entry.correction_asked"),
            "{actions:?}"
        );
        let said = format!("{log:?}");
        assert!(!said.contains("Autrenom") && !said.contains("passeport"), "{said}");

        // What the register verified with the number stays.
        let typed =
            Registration { document_number: String::new(), document_country: String::new(), ..somebody() };
        let weak = app.register_by(app.naturalisation, &typed, Desk::ONLINE, "two").await.unwrap();
        let birth = Typed { birth_date: "05/10/1990".into(), ..their_document() };
        assert_eq!(refusal(correct(&app.app, weak, &birth, one).await), Refusal::BirthDateProved);
        app.assert_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_entries_of_one_person_become_one_with_the_earlier_day() {
    on_both(async |app: TestApp| {
        let [one, two] = [app.reader("alice").await, app.reader("bruno").await];
        let early = app.register_by(app.first, &somebody(), Desk::ONLINE, "early").await.unwrap();
        let registered_at = record(&app, early).await.registered_at;
        app.pass(chrono::TimeDelta::days(3)).await;
        let again = |name: &str| Registration {
            birth_name: name.into(),
            foreigner_number: String::new(),
            document_number: "CD 654 321".into(),
            ..somebody()
        };
        let late = app.register_by(app.first, &again("Ben Démo"), SEEN, "late").await.unwrap();
        // A verified one is kept; there is a reason; strangers are not merged.
        assert_eq!(refusal(merge(&app.app, early, late, "même personne", one).await), Refusal::KeepVerified);
        assert_eq!(fields(merge(&app.app, late, early, " ", one).await), ["reason"]);
        let stranger = app.register(app.first, 9).await;
        for (keep, other) in [(late, stranger), (stranger, early), (late, late)] {
            assert_eq!(refusal(merge(&app.app, keep, other, "même personne", one).await), Refusal::NotAlike);
        }
        // They have no paper in common: another agent sees that they are one person's.
        for (by, done) in [(one, Corrected::Asked), (one, Corrected::Asked), (two, Corrected::Done)] {
            assert_eq!(merge(&app.app, late, early, "même personne", by).await.unwrap(), done);
        }
        let (kept, closed) = (record(&app, late).await, record(&app, early).await);
        assert_eq!((kept.state, kept.registered_at), (EntryState::Waiting, registered_at));
        assert_eq!(closed.close_reason, Some(passage::domain::entry::CloseReason::Duplicate));
        app.assert_sound().await;

        // Another spelling takes two who name the same entry: a stranger's day is not given to a buyer by one.
        let near = Registration { document_number: "EF 111 222".into(), ..again("Bendémo") };
        let near = app.register_by(app.first, &near, SEEN, "near").await.unwrap();
        for (by, done) in [(one, Corrected::Asked), (one, Corrected::Asked), (two, Corrected::Done)] {
            assert_eq!(merge(&app.app, near, late, "même passeport", by).await.unwrap(), done);
        }
        // Its key goes with it: the same document holds no second place.
        let again_late = app.register_by(app.first, &again("Ben Démo"), SEEN, "once more").await;
        assert_eq!(refusal(again_late), Refusal::AlreadyWaiting);
        assert_eq!(record(&app, near).await.registered_at, registered_at);
        app.assert_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_one_agent_turns_a_strangers_day_into_a_buyers() {
    on_both(async |app: TestApp| {
        let agent = app.reader("alice").await;
        let victim = Registration { foreigner_number: String::new(), ..somebody() };
        let victim = app.register_by(app.first, &victim, SEEN, "victim").await.unwrap();
        let buyer = Registration {
            birth_name: "Ben Demmo".into(),
            foreigner_number: String::new(),
            document_number: "CD 654 321".into(),
            ..somebody()
        };
        let buyer = app.register_by(app.first, &buyer, SEEN, "buyer").await.unwrap();
        // First the stranger's name is made the buyer's, then the two are called one person.
        let slip = Typed {
            birth_name: "Ben Demmo".into(),
            given_names: "Usagère Leïla".into(),
            birth_date: "05/01/1990".into(),
            reason: "passeport vu au guichet".into(),
            ..Typed::default()
        };
        assert_eq!(correct(&app.app, victim, &slip, agent.id).await.unwrap(), Corrected::Done);
        let merged = merge(&app.app, buyer, victim, "même personne", agent).await.unwrap();
        assert_eq!(merged, Corrected::Asked);
        assert_eq!(record(&app, victim).await.state, EntryState::Waiting);
        app.assert_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn that_a_number_waits_is_told_to_nobody_who_does_not_know_the_name() {
    on_both(async |app: TestApp| {
        register_of_numbers(&app).await;
        let holder = app.register_by(app.first, &somebody(), Desk::ONLINE, "holder").await.unwrap();
        assert_eq!(record(&app, holder).await.identity_how, Some(Proof::Register));
        let stranger = |key: &'static str, birth_date: &str| {
            let typed = Registration { birth_date: birth_date.into(), ..squatter() };
            let app = &app;
            async move { record(app, app.register_by(app.first, &typed, Desk::ONLINE, key).await.unwrap()).await }
        };
        let (right, wrong) = (stranger("right", "05/01/1990").await, stranger("wrong", "06/01/1990").await);
        assert_eq!((right.state, right.identity_how), (wrong.state, wrong.identity_how));
        assert_eq!(right.state, EntryState::AwaitingIdentity);
        let kinds = async |entry: &EntryRecord| {
            let notices = app.app.store.notices_of(entry.id).await.unwrap();
            notices.iter().map(|notice| notice.kind).collect::<Vec<_>>()
        };
        assert_eq!(kinds(&right).await, kinds(&wrong).await);
        let own = app.register_by(app.first, &somebody(), Desk::ONLINE, "own").await;
        assert_eq!(refusal(own), Refusal::AlreadyWaiting, "who gives the name is told");
        app.assert_sound().await;
    })
    .await;
}
