//! A correction of somebody who stands in a frozen list waits for the outcome; one of somebody convoked takes a second agent
//! and the paper they were verified by, and the convocation is issued again.

use passage::domain::actor::{Actor, Role};
use passage::domain::entry::EntryState;
use passage::domain::ids::{EntryId, StaffId};
use passage::domain::letter::Sent;
use passage::domain::notice::{NoticeKind, Way};
use passage::domain::refusal::Refusal;
use passage::flow::entries;
use passage::flow::outbox::letter;
use passage::flow::people::Reader;
use passage::flow::people::corrections::{Corrected, Typed, correct, drop_open};
use passage::flow::people::document::TypedDocument;
use passage::flow::read::notices::Notice;
use passage::store::commands::EntryChange;
use passage::store::records::{DrawRecord, DrawState};

use crate::common::{TestApp, on_both};
use crate::corrections::{fields, names, record, refusal, their_document, typed_document};
use crate::{SEEN, somebody};

pub async fn newest(app: &TestApp) -> DrawRecord {
    app.app.store.draws_of(app.first, 1).await.unwrap().remove(0)
}

/// Somebody in a list that has just been frozen, with a seat for everybody or for nobody.
pub async fn listed(app: &TestApp, has_seats: bool) -> EntryId {
    let entry = app.register_by(app.first, &somebody(), SEEN, "listed").await.unwrap();
    if has_seats {
        app.publish(app.first, 1, 4, 5, 4).await;
    }
    app.tick().await;
    app.pass(newest(app).await.freeze_at - app.now()).await;
    assert_eq!(newest(app).await.state, DrawState::Frozen);
    entry
}

/// Until the outcome is public.
pub async fn drawn(app: &TestApp) {
    let draw = newest(app).await;
    app.pass(draw.seed_at - app.now()).await;
    assert_eq!(app.app.store.draw(draw.id).await.unwrap().unwrap().state, DrawState::Published);
}

pub fn slip() -> Typed {
    Typed {
        birth_name: "Ben Demmo".into(),
        foreigner_number: String::new(),
        document: TypedDocument::default(),
        ..their_document()
    }
}

/// The same, with the paper by which [`somebody`] was verified.
pub fn shown(typed: Typed) -> Typed {
    Typed { document: typed_document("AB 123 456", ""), ..typed }
}

pub async fn agents(app: &TestApp) -> [StaffId; 2] {
    [app.staff("alice", Role::Agent).await, app.staff("bruno", Role::Agent).await]
}

async fn actions(app: &TestApp, entry: EntryId) -> Vec<String> {
    let log = app.app.store.audit_of(format!("entry:{entry}")).await.unwrap();
    log.into_iter().map(|row| row.action).filter(|action| action.contains("correct")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_correction_in_a_frozen_list_waits_and_is_made_by_itself() {
    on_both(async |app: TestApp| {
        let [one, _] = agents(&app).await;
        let entry = listed(&app, false).await;
        let list = app.app.store.draw_document(newest(&app).await.id, "list").await.unwrap();
        for _ in 0..2 {
            assert_eq!(correct(&app.app, entry, &slip(), one).await.unwrap(), Corrected::Waits);
        }
        let open = app.app.store.open_correction(entry).await.unwrap().unwrap();
        assert_eq!((open.asked_by, open.waits_since), (one, Some(app.now())));
        assert_eq!(actions(&app, entry).await, ["entry.correction_queued"], "a second click is nothing more");
        app.tick().await;
        assert_eq!(names(&app, entry).await, "Usagère Leïla Ben Démo");
        drawn(&app).await;
        app.tick().await;
        assert_eq!(names(&app, entry).await, "Usagère Leïla Ben Demmo");
        assert!(app.app.store.open_correction(entry).await.unwrap().is_none());
        assert_eq!(actions(&app, entry).await, ["entry.correction_queued", "entry.corrected"]);
        let draw = app.app.store.entry_draws(entry).await.unwrap()[0].draw_id;
        assert_eq!(app.app.store.draw_document(draw, "list").await.unwrap(), list, "no list changes");
        app.assert_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_name_that_two_agents_claim_meanwhile_is_written_when_the_draw_is_annulled() {
    on_both(async |app: TestApp| {
        let [one, two] = agents(&app).await;
        let entry = listed(&app, true).await;
        let other = Typed { birth_name: "Autrenom".into(), ..slip() };
        for by in [one, two] {
            assert_eq!(correct(&app.app, entry, &other, by).await.unwrap(), Corrected::Waits);
        }
        let draw = newest(&app).await.id;
        app.app.store.annul_by_rule(draw, DrawState::Frozen, "essai".into(), app.now()).await.unwrap();
        app.pass(chrono::TimeDelta::minutes(15)).await;
        assert_eq!(names(&app, entry).await, "Usagère Leïla Autrenom");
        app.assert_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_is_dropped_with_its_request_or_by_an_agent() {
    on_both(async |app: TestApp| {
        let [one, two] = agents(&app).await;
        let entry = listed(&app, true).await;
        assert_eq!(correct(&app.app, entry, &slip(), one).await.unwrap(), Corrected::Waits);
        drop_open(&app.app, entry, two).await.unwrap();
        assert_eq!(refusal(drop_open(&app.app, entry, two).await), Refusal::Changed);
        assert_eq!(correct(&app.app, entry, &slip(), one).await.unwrap(), Corrected::Waits);
        entries::change(&app.app, entry, EntryChange::Withdraw, Actor::Holder(entry)).await.unwrap();
        drawn(&app).await;
        app.tick().await;
        assert!(app.app.store.open_correction(entry).await.unwrap().is_none());
        assert_eq!(names(&app, entry).await, "Usagère Leïla Ben Démo");
        let gone = actions(&app, entry).await;
        assert_eq!(gone.iter().filter(|action| *action == "entry.correction_dropped").count(), 2, "{gone:?}");
        app.assert_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn once_convoked_two_agents_see_the_same_paper_and_the_convocation_is_issued_again() {
    on_both(async |app: TestApp| {
        let [one, two] = agents(&app).await;
        let entry = listed(&app, true).await;
        // Confirmed before anybody could know of the appointment: that is not enough once it is there.
        for by in [one, two] {
            assert_eq!(correct(&app.app, entry, &slip(), by).await.unwrap(), Corrected::Waits);
        }
        drawn(&app).await;
        app.pass(chrono::TimeDelta::days(1)).await;
        assert_eq!(record(&app, entry).await.state, EntryState::Convoked);
        assert_eq!(names(&app, entry).await, "Usagère Leïla Ben Démo");
        let open = app.app.store.open_correction(entry).await.unwrap().unwrap();
        assert_eq!((open.asked_by, open.waits_since), (one, None));
        let before = app.app.store.live_convocation(entry).await.unwrap().unwrap();
        assert_eq!((before.issue, before.reissued_at), (1, None));

        assert_eq!(fields(correct(&app.app, entry, &slip(), two).await), ["foreigner_number"]);
        let other = Typed { foreigner_number: "7503123457".into(), ..slip() };
        assert_eq!(refusal(correct(&app.app, entry, &other, two).await), Refusal::OtherKey);
        let another = Typed { document: typed_document("XX 999 999", ""), ..slip() };
        assert_eq!(refusal(correct(&app.app, entry, &another, two).await), Refusal::OtherKey);
        assert_eq!(correct(&app.app, entry, &shown(slip()), one).await.unwrap(), Corrected::Asked);
        assert_eq!(correct(&app.app, entry, &shown(slip()), two).await.unwrap(), Corrected::Done);

        let after = app.app.store.live_convocation(entry).await.unwrap().unwrap();
        assert_eq!((after.id, after.slot_id, after.starts_at), (before.id, before.slot_id, before.starts_at));
        assert_eq!((after.issue, after.reissued_at), (2, Some(app.now())));
        assert_eq!(names(&app, entry).await, "Usagère Leïla Ben Demmo");
        app.pass(chrono::TimeDelta::hours(14)).await;
        let told = || {
            let sent = app.gateway.sent.lock().unwrap();
            sent.iter().filter(|one| one.text.contains("nom corrigé")).count()
        };
        assert_eq!(told(), 1);

        // A third name is a third version, told once more.
        let third = shown(Typed { birth_name: "Ben Demo".into(), ..slip() });
        for by in [two, one] {
            correct(&app.app, entry, &third, by).await.unwrap();
        }
        app.pass(chrono::TimeDelta::hours(14)).await;
        assert_eq!((app.app.store.live_convocation(entry).await.unwrap().unwrap().issue, told()), (3, 2));
        let log = app.app.store.audit_of(format!("convocation:{}", before.id)).await.unwrap();
        assert_eq!(log.iter().filter(|row| row.action == "convocation.reissued").count(), 2);
        app.assert_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_not_left_yet_bears_the_corrected_name_and_nothing_is_told_twice() {
    on_both(async |app: TestApp| {
        let [one, two] = agents(&app).await;
        // Night comes before the convocation can leave.
        let entry = listed(&app, true).await;
        drawn(&app).await;
        app.tick().await;
        let kinds = async || {
            let notices = app.app.store.notices_of(entry).await.unwrap();
            let about = notices.into_iter().filter(|notice| notice.convocation_id.is_some());
            about.map(|notice| (notice.kind, notice.way)).collect::<Vec<_>>()
        };
        let before = kinds().await;
        assert!(before.contains(&(NoticeKind::Convocation, Way::Sms)), "{before:?}");
        for by in [one, two] {
            correct(&app.app, entry, &shown(slip()), by).await.unwrap();
        }
        assert_eq!(kinds().await, before);
        let live = app.app.store.live_convocation(entry).await.unwrap().unwrap();
        assert_eq!(live.issue, 2);
        app.pass(chrono::TimeDelta::days(1)).await;
        app.assert_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_gets_letters_reads_the_new_issue_in_one() {
    on_both(async |app: TestApp| {
        let [one, two] = agents(&app).await;
        let entry = listed(&app, true).await;
        drawn(&app).await;
        app.pass(chrono::TimeDelta::hours(14)).await;
        app.raw("UPDATE applicant SET reach_sms = FALSE, reach_email = FALSE").await;
        for by in [one, two] {
            correct(&app.app, entry, &shown(slip()), by).await.unwrap();
        }
        let notices = app.app.store.notices_of(entry).await.unwrap();
        let again = notices.into_iter().find(|notice| notice.kind == NoticeKind::Reissued);
        let again = Notice::from(again.expect("a letter"));
        let sheet = letter::sheet(&app.app, &again, Reader::Program).await.unwrap();
        let text = &sheet.rendered.text;
        for said in ["émise de nouveau", "Ben Demmo", "version 2", "même heure, même lieu"] {
            assert!(text.contains(said), "{said}: {text}");
        }
        assert!(letter::done(&app.app, &again, Sent::HandedOver, two).await.unwrap());
        app.assert_sound().await;
    })
    .await;
}
