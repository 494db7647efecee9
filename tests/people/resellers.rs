//! The ways in which a place could be sold, one by one: none of them hands an entry to another person without two agents
//! who see that person's own papers, and none of them once there is an appointment.

use passage::domain::actor::Actor;
use passage::domain::entry::EntryState;
use passage::domain::ids::EntryId;
use passage::domain::refusal::Refusal;
use passage::flow::people::codes::{NewContact, set_contact};
use passage::flow::people::corrections::{Corrected, Typed, correct, take_over};
use passage::flow::people::merge::merge;
use passage::flow::people::{Reader, StaffReader, reveal};
use passage::flow::register::{Desk, Registration};
use passage::flow::verify_identity::document_seen;

use crate::common::{TestApp, on_both};
use crate::corrections::{
    fields, names, record, refusal, register_of_numbers, their_document, typed_document,
};
use crate::frozen::{agents, drawn, listed, newest, shown, slip};
use crate::{SEEN, somebody};

/// The seller's name, changed letter by letter into the buyer's.
const STEPS: [&str; 3] = ["Ben Demmo", "Ben Demmont", "Belmont"];

fn called(birth_name: &str) -> Typed {
    Typed { birth_name: birth_name.into(), ..slip() }
}

/// Somebody who would like the seller's place.
fn buyer() -> Registration {
    Registration {
        birth_name: "Acheteur".into(),
        given_names: "Usager".into(),
        birth_date: "17/03/1985".into(),
        foreigner_number: String::new(),
        document_number: "CD 654 321".into(),
        ..somebody()
    }
}

/// What the number and the document of a person are known by, which no correction touches.
async fn keys(app: &TestApp, entry: EntryId) -> (Option<String>, Option<String>) {
    let shown = reveal(&app.app, &record(app, entry).await, Reader::Program).await.unwrap();
    (shown.foreigner_number, shown.document.map(|document| document.to_string()))
}

#[tokio::test(flavor = "multi_thread")]
async fn before_an_appointment_one_agent_goes_one_small_step_and_no_further() {
    on_both(async |app: TestApp| {
        let [one, _] = agents(&app).await;
        let seller = app.register_by(app.first, &somebody(), SEEN, "seller").await.unwrap();
        let held = keys(&app, seller).await;

        // By another name at once.
        assert_eq!(correct(&app.app, seller, &called("Acheteur"), one).await.unwrap(), Corrected::Asked);
        // By the same agent twice.
        assert_eq!(correct(&app.app, seller, &called("Acheteur"), one).await.unwrap(), Corrected::Asked);
        // By a new contact first: the old one is told, and it opens no other way.
        let contact = NewContact { phone: "06 39 98 00 66".into(), email: String::new() };
        set_contact(&app.app, seller, &contact, Actor::Staff(one)).await.unwrap();
        assert_eq!(correct(&app.app, seller, &called("Acheteur"), one).await.unwrap(), Corrected::Asked);
        // By small steps.
        let done: Vec<Corrected> = {
            let mut done = Vec::new();
            for step in STEPS {
                done.push(correct(&app.app, seller, &called(step), one).await.unwrap());
            }
            done
        };
        assert_eq!(done, [Corrected::Done, Corrected::Asked, Corrected::Asked]);
        // By the name, then the birth date.
        let birth = Typed { birth_date: "05/10/1990".into(), ..called("Ben Demmo") };
        assert_eq!(correct(&app.app, seller, &birth, one).await.unwrap(), Corrected::Asked);
        assert_eq!(names(&app, seller).await, "Usagère Leïla Ben Demmo");
        assert_eq!(keys(&app, seller).await, held, "whoever comes to the counter shows the seller's papers");
        app.assert_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_merge_gives_a_buyer_the_sellers_day_by_one_agent() {
    on_both(async |app: TestApp| {
        let (one, two) = (app.reader("claire").await, app.reader("denis").await);
        let seller = app.register_by(app.first, &somebody(), SEEN, "seller").await.unwrap();
        app.pass(chrono::TimeDelta::days(2)).await;
        let stranger = app.register_by(app.first, &buyer(), SEEN, "buyer").await.unwrap();
        assert_eq!(refusal(merge(&app.app, stranger, seller, "même personne", one).await), Refusal::NotAlike);
        // Nor after the buyer's own name was made one that is near.
        let near = Registration {
            birth_name: "Ben Demmo".into(),
            foreigner_number: String::new(),
            document_number: "EF 111 222".into(),
            ..somebody()
        };
        let near = app.register_by(app.first, &near, SEEN, "near").await.unwrap();
        let same = Typed { birth_name: "Ben Démo".into(), ..slip() };
        assert_eq!(correct(&app.app, near, &same, one.id).await.unwrap(), Corrected::Done);
        for _ in 0..2 {
            assert_eq!(merge(&app.app, near, seller, "même personne", one).await.unwrap(), Corrected::Asked);
        }
        assert_eq!(record(&app, seller).await.state, EntryState::Waiting);
        // Two who agree write it down with both their names: the log has them.
        assert_eq!(merge(&app.app, near, seller, "même personne", two).await.unwrap(), Corrected::Done);
        let log = app.app.store.audit_of(format!("entry:{near}")).await.unwrap();
        assert!(log.iter().any(|row| row.action == "entry.merged"));
        app.assert_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_photocopy_takes_nothing_over() {
    on_both(async |app: TestApp| {
        register_of_numbers(&app).await;
        let [one, _] = agents(&app).await;
        let weak = app.register_by(app.first, &somebody(), Desk::ONLINE, "weak").await.unwrap();
        // The buyer's own birth date, with the number of the photocopy.
        let own = Typed { birth_date: "17/03/1985".into(), ..their_document() };
        assert_eq!(fields(take_over(&app.app, weak, &own, one).await), ["birth_date"]);
        // The number and the date of the photocopy, and no document to show.
        let none = Typed { document: typed_document("", ""), ..their_document() };
        assert_eq!(fields(take_over(&app.app, weak, &none, one).await), ["document_number"]);
        // With a document of the buyer's beside them, one agent alone.
        let beside = Typed {
            birth_name: "Acheteur".into(),
            document: typed_document("CD 654 321", "CD 654 321"),
            ..their_document()
        };
        for _ in 0..2 {
            assert_eq!(take_over(&app.app, weak, &beside, one).await.unwrap(), Corrected::Asked);
        }
        assert_eq!(names(&app, weak).await, "Usagère Leïla Ben Démo");
        app.assert_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_appointment_changes_its_name_only_before_two_agents_and_its_own_papers() {
    on_both(async |app: TestApp| {
        let [one, two] = agents(&app).await;
        let seller = listed(&app, true).await;
        // Queued while nobody knows who is drawn: it slips past no second person.
        assert_eq!(correct(&app.app, seller, &called(STEPS[0]), one).await.unwrap(), Corrected::Waits);
        let twin = Registration {
            document_number: "EF 111 222".into(),
            foreigner_number: String::new(),
            ..somebody()
        };
        let twin = app.register_by(app.first, &twin, SEEN, "twin").await.unwrap();
        let reader = StaffReader { id: one, ..app.reader("claire").await };
        assert_eq!(merge(&app.app, seller, twin, "même personne", reader).await.unwrap(), Corrected::Asked);
        assert_eq!(correct(&app.app, seller, &called(STEPS[0]), one).await.unwrap(), Corrected::Waits);
        drawn(&app).await;
        app.pass(chrono::TimeDelta::days(1)).await;
        assert_eq!(record(&app, seller).await.state, EntryState::Convoked);
        assert_eq!(names(&app, seller).await, "Usagère Leïla Ben Démo");
        // The buyer's own paper is not what the place is held by, whoever sees it.
        let theirs = Typed { document: typed_document("CD 654 321", ""), ..called("Acheteur") };
        for by in [one, two] {
            assert_eq!(refusal(correct(&app.app, seller, &theirs, by).await), Refusal::OtherKey);
        }
        // The seller's, before one agent.
        for _ in 0..2 {
            let asked = correct(&app.app, seller, &shown(called(STEPS[0])), one).await.unwrap();
            assert_eq!(asked, Corrected::Asked);
        }
        assert_eq!(
            refusal(take_over(&app.app, seller, &their_document(), one).await),
            Refusal::EntryConvoked
        );
        let live = app.app.store.live_convocation(seller).await.unwrap().unwrap();
        assert_eq!(live.issue, 1);
        app.assert_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_agent_adds_no_name_leaves_no_date_open_and_verifies_no_name_of_their_own_making() {
    on_both(async |app: TestApp| {
        let [one, two] = agents(&app).await;
        let declared = app.register_by(app.first, &somebody(), Desk::ONLINE, "declared").await.unwrap();
        let own = Typed { birth_name: "Ben Démo".into(), ..slip() };
        for widened in [
            Typed { given_names: "Usagère Leïla Omar".into(), ..own.clone() },
            Typed { birth_name: "Ben Démo Acheteur".into(), ..own.clone() },
            Typed { birth_date: "00/00/1990".into(), ..own },
        ] {
            assert_eq!(correct(&app.app, declared, &widened, one).await.unwrap(), Corrected::Asked);
        }
        // Who has put a slip right alone says whose it is by nobody else's papers.
        assert_eq!(correct(&app.app, declared, &called(STEPS[0]), one).await.unwrap(), Corrected::Done);
        let paper = |holder: [&str; 3]| {
            let typed = typed_document("AB 123 456", "AB 123 456");
            typed.read_with_holder(holder, app.now().date_naive()).unwrap()
        };
        let theirs = ["Ben Démo", "Usagère Leïla", "05/01/1990"];
        let seen = document_seen(&app.app, declared, paper(theirs), one).await;
        assert_eq!(refusal(seen), Refusal::OwnCorrection);
        // A document that a machine does not read is compared as well: with the name and birth date that are typed from it.
        let buyers = document_seen(&app.app, declared, paper(["Acheteur", "Omar", "17/03/1985"]), two).await;
        assert_eq!(fields(buyers), ["birth_name"]);
        document_seen(&app.app, declared, paper(theirs), two).await.unwrap();
        app.assert_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_agent_gives_a_verified_strangers_day_to_a_request_of_their_own_making() {
    on_both(async |app: TestApp| {
        let (one, two) = (app.reader("claire").await, app.reader("denis").await);
        let by = |agent: StaffReader| Desk { actor: Some(Actor::Staff(agent.id)), ..SEEN };
        let unread = Registration { foreigner_number: "7503 999 999".into(), ..somebody() };
        let early = app.register_by(app.first, &unread, Desk::ONLINE, "early").await.unwrap();
        app.pass(chrono::TimeDelta::days(2)).await;
        // The same name and another passport: nothing but the agent says that they are one.
        let other = Registration {
            foreigner_number: String::new(),
            document_number: "EF 111 222".into(),
            ..somebody()
        };
        let other = app.register_by(app.first, &other, by(two), "other").await.unwrap();
        for _ in 0..2 {
            assert_eq!(merge(&app.app, other, early, "même personne", one).await.unwrap(), Corrected::Asked);
        }
        // The same passport, but the agent has registered the kept one.
        let late = app.register_by(app.first, &somebody(), by(two), "late").await.unwrap();
        assert_eq!(merge(&app.app, late, early, "même passeport", two).await.unwrap(), Corrected::Asked);
        assert_eq!(record(&app, early).await.state, EntryState::AwaitingIdentity);
        // A colleague has: one is enough.
        assert_eq!(merge(&app.app, late, early, "même passeport", one).await.unwrap(), Corrected::Done);
        app.assert_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_says_whose_papers_they_are_does_not_change_the_name_alone_either() {
    on_both(async |app: TestApp| {
        let [one, two] = agents(&app).await;
        let declared = app.register_by(app.first, &somebody(), Desk::ONLINE, "declared").await.unwrap();
        let typed = typed_document("AB 123 456", "AB 123 456");
        let holder = ["Ben Démo", "Usagère Leïla", "05/01/1990"];
        let paper = typed.read_with_holder(holder, app.now().date_naive()).unwrap();
        document_seen(&app.app, declared, paper, one).await.unwrap();
        for _ in 0..2 {
            assert_eq!(correct(&app.app, declared, &called(STEPS[0]), one).await.unwrap(), Corrected::Asked);
        }
        assert_eq!(correct(&app.app, declared, &called(STEPS[0]), two).await.unwrap(), Corrected::Done);
        app.assert_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frozen_list_is_no_way_around_it() {
    on_both(async |app: TestApp| {
        let [one, two] = agents(&app).await;
        let declared = app.register_by(app.first, &somebody(), Desk::ONLINE, "declared").await.unwrap();
        let typed = typed_document("AB 123 456", "AB 123 456");
        let holder = ["Ben Démo", "Usagère Leïla", "05/01/1990"];
        let paper = typed.read_with_holder(holder, app.now().date_naive()).unwrap();
        document_seen(&app.app, declared, paper, one).await.unwrap();
        app.tick().await;
        app.pass(newest(&app).await.freeze_at - app.now()).await;
        assert_eq!(correct(&app.app, declared, &called(STEPS[0]), one).await.unwrap(), Corrected::Waits);
        drawn(&app).await;
        app.pass(chrono::TimeDelta::hours(1)).await;
        assert_eq!(names(&app, declared).await, "Usagère Leïla Ben Démo", "it waits for a second agent");
        assert_eq!(correct(&app.app, declared, &called(STEPS[0]), two).await.unwrap(), Corrected::Done);
        app.assert_sound().await;
    })
    .await;
}
