//! Going first in the next draw, for an appointment that the prefecture took back: the act works at once, the first
//! place takes a second person. One manager alone can let nobody win.

mod common;

use chrono::{DateTime, TimeDelta, Utc};
use common::{TestApp, on_both};
use passage::domain::actor::{Actor, Role};
use passage::domain::entry::{ConvocationEvent, EntryState};
use passage::domain::ids::{EntryId, StaffId};
use passage::domain::notice::NoticeKind;
use passage::domain::refusal::Refusal;
use passage::domain::situation::Point;
use passage::flow::{FlowError, annulment, compensation, counter, entries, slots, status};
use passage::store::commands::EntryChange;
use passage::store::records::{CompensationRecord, CounterRecord, DrawRecord, DrawState, EntryRecord};

const WHY: &str = "panne de courant";

fn refused(result: &Result<impl std::fmt::Debug, FlowError>, refusal: Refusal) {
    assert!(
        matches!(result, Err(FlowError::Refused(found)) if *found == refusal),
        "{result:?} is not {refusal}"
    );
}

async fn two(app: &TestApp) -> [StaffId; 2] {
    [app.staff("alice", Role::Manager).await, app.staff("bruno", Role::Manager).await]
}

async fn entry(app: &TestApp, id: EntryId) -> EntryRecord {
    app.app.store.entry(id).await.unwrap().unwrap()
}

async fn newest(app: &TestApp) -> DrawRecord {
    app.app.store.draws_of(app.first, 1).await.unwrap().remove(0)
}

/// Lets time pass until just after an instant.
async fn reach(app: &TestApp, instant: DateTime<Utc>) {
    app.pass(instant - app.now() + TimeDelta::minutes(1)).await;
}

/// The next draw, published.
async fn drawn(app: &TestApp) -> DrawRecord {
    app.tick().await;
    let draw = newest(app).await;
    reach(app, draw.seed_at).await;
    app.app.store.draw(draw.id).await.unwrap().unwrap()
}

/// So many people, all convoked on one day.
async fn convoked(app: &TestApp, people: u32) -> Vec<(EntryId, CounterRecord)> {
    let mut entries = Vec::new();
    for n in 0..people {
        entries.push(app.register(app.first, n).await);
    }
    app.publish(app.first, 1, 4, 1, u16::try_from(people).unwrap()).await;
    drawn(app).await;
    let mut all = Vec::new();
    for id in entries {
        all.push((id, app.app.store.live_convocation(id).await.unwrap().expect("everybody wins")));
    }
    all
}

async fn close_day(app: &TestApp, of: &CounterRecord, by: StaffId) -> u64 {
    let day = of.starts_at.date_naive();
    slots::close_day(&app.app, of.site_id, day, WHY, Actor::Staff(by)).await.unwrap().0
}

/// Those that wait for a second person and concern somebody.
async fn pending(app: &TestApp) -> Vec<CompensationRecord> {
    let mut all = Vec::new();
    for open in app.app.store.compensations_pending(app.prefecture).await.unwrap() {
        if !app.app.store.compensated(open.id).await.unwrap().is_empty() {
            all.push(open);
        }
    }
    all
}

async fn says(app: &TestApp, id: EntryId, point: Point) -> bool {
    status::status(&app.app, id, passage::flow::people::Reader::Program)
        .await
        .unwrap()
        .told
        .situation
        .says(point)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_day_lets_its_people_go_first_once_a_second_person_approves() {
    on_both(async |app| {
        let [author, other] = two(&app).await;
        let people = convoked(&app, 4).await;
        assert_eq!(close_day(&app, &people[0].1, author).await, 4);
        for (id, _) in &people {
            let told = app.app.store.notices_of(*id).await.unwrap();
            assert!(told.iter().any(|notice| notice.kind == NoticeKind::Apology), "told at once");
            let now = entry(&app, *id).await;
            assert_eq!((now.state, now.standing.displaced), (EntryState::Waiting, false));
            assert!(says(&app, *id, Point::TakenBack).await && !says(&app, *id, Point::Displaced).await);
        }
        let open = pending(&app).await;
        assert_eq!(open.len(), 1, "one act, one approval");
        let owed = open[0].id;
        let reason = open[0].reason.as_deref().map(|sealed| app.app.vault.open_line(sealed).unwrap());
        assert_eq!((reason.as_deref(), open[0].day), (Some(WHY), people[0].1.starts_at.date_naive()));
        refused(&compensation::approve(&app.app, owed, author).await, Refusal::SecondPerson);
        refused(&compensation::reject(&app.app, owed, WHY, author).await, Refusal::SecondPerson);
        refused(&compensation::withdraw(&app.app, owed, other).await, Refusal::NotAuthor);
        assert!(matches!(compensation::reject(&app.app, owed, "", other).await, Err(FlowError::Invalid(_))));

        // One has left meanwhile: nothing is owed any more.
        let gone = people[3].0;
        entries::change(&app.app, gone, EntryChange::Withdraw, Actor::Holder(gone)).await.unwrap();
        assert_eq!(compensation::approve(&app.app, owed, other).await.unwrap(), 3);
        refused(&compensation::approve(&app.app, owed, other).await, Refusal::ProposalApproved);
        for (id, _) in &people[..3] {
            assert!(entry(&app, *id).await.standing.displaced && says(&app, *id, Point::Displaced).await);
            let told = app.app.store.notices_of(*id).await.unwrap();
            assert!(told.iter().any(|notice| notice.kind == NoticeKind::Changed), "told when it is approved");
        }
        assert!(!entry(&app, gone).await.standing.displaced);
        app.assert_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_place_that_is_rejected_or_withdrawn_gives_nothing() {
    on_both(async |app| {
        let [author, other] = two(&app).await;
        let people = convoked(&app, 2).await;
        for (_, live) in &people {
            slots::withdraw(&app.app, live.slot_id, WHY, Actor::Staff(author)).await.unwrap();
        }
        let [first, second] = pending(&app).await.try_into().unwrap();
        compensation::reject(&app.app, first.id, "pas de panne ce jour", other).await.unwrap();
        compensation::withdraw(&app.app, second.id, author).await.unwrap();
        refused(&compensation::approve(&app.app, first.id, other).await, Refusal::ProposalRejected);
        refused(&compensation::approve(&app.app, second.id, other).await, Refusal::ProposalWithdrawn);
        assert!(pending(&app).await.is_empty());
        for (id, _) in &people {
            assert!(!entry(&app, *id).await.standing.displaced);
        }
        app.assert_sound().await;
    })
    .await;
}

/// A slot that suits a friend alone is won, withdrawn, and another one published: before, the friend won that one.
#[tokio::test(flavor = "multi_thread")]
async fn one_manager_alone_lets_nobody_go_first() {
    on_both(async |app| {
        let [manager, other] = two(&app).await;
        let [taken, missed, marked] = convoked(&app, 3).await.try_into().unwrap();
        slots::withdraw(&app.app, taken.1.slot_id, WHY, Actor::Staff(manager)).await.unwrap();
        // After an absence, “we could not receive”.
        app.clock.set(missed.1.starts_at + TimeDelta::hours(1));
        let event = ConvocationEvent::PrefectureCancel;
        counter::tick(&app.app, missed.1.id, event, "nous étions fermés", None, manager).await.unwrap();
        counter::tick(&app.app, marked.1.id, event, "nous étions fermés", None, manager).await.unwrap();
        // A slot of a frozen list, withdrawn before its draw.
        app.publish(app.first, 2, 6, 1, 3).await;
        app.tick().await;
        let draw = newest(&app).await;
        reach(&app, draw.freeze_at).await;
        let until = app.now() + TimeDelta::days(30);
        let all = app.app.store.slots_between(app.prefecture, app.now(), until).await.unwrap();
        for slot in all.iter().filter(|slot| slot.desk_number == 2) {
            slots::withdraw(&app.app, slot.id, WHY, Actor::Staff(manager)).await.unwrap();
        }
        reach(&app, draw.seed_at).await;
        for id in [taken.0, missed.0, marked.0] {
            let now = entry(&app, id).await;
            assert_eq!(
                (now.state, now.standing.displaced),
                (EntryState::Waiting, false),
                "by one person alone"
            );
            let tier = app.app.store.entry_draws(id).await.unwrap()[0].tier;
            assert_eq!(tier, 3);
        }
        let open = pending(&app).await;
        assert_eq!(open.len(), 3, "three wins of withdrawn slots; what came before them is no longer owed");
        for owed in &open {
            refused(&compensation::approve(&app.app, owed.id, manager).await, Refusal::SecondPerson);
            assert_eq!(compensation::approve(&app.app, owed.id, other).await.unwrap(), 1);
        }
        app.assert_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_closes_before_the_approval_has_them_in_their_ordinary_turn() {
    on_both(async |app| {
        let [author, other] = two(&app).await;
        let (id, live) = convoked(&app, 1).await.remove(0);
        close_day(&app, &live, author).await;
        app.publish(app.first, 2, 6, 1, 1).await;
        app.tick().await;
        let draw = newest(&app).await;
        reach(&app, draw.freeze_at).await;
        assert_eq!(app.app.store.draw(draw.id).await.unwrap().unwrap().state, DrawState::Frozen);
        let owed = pending(&app).await.remove(0).id;
        assert_eq!(compensation::approve(&app.app, owed, other).await.unwrap(), 1);
        assert_eq!(app.app.store.entry_draws(id).await.unwrap()[0].tier, 3);
        assert!(!says(&app, id, Point::Displaced).await, "not in the draw under way");
        reach(&app, draw.seed_at).await;
        let now = entry(&app, id).await;
        assert_eq!((now.state, now.standing.displaced), (EntryState::Convoked, false), "the only one wins");
        app.assert_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_had_another_appointment_since_is_owed_nothing() {
    on_both(async |app| {
        let [author, other] = two(&app).await;
        let (id, live) = convoked(&app, 1).await.remove(0);
        close_day(&app, &live, author).await;
        let owed = pending(&app).await.remove(0).id;
        app.publish(app.first, 2, 6, 1, 1).await;
        drawn(&app).await;
        let again = app.app.store.live_convocation(id).await.unwrap().expect("the only one wins");
        counter::give_back(&app.app, again.id, Actor::Holder(id)).await.unwrap();
        assert!(pending(&app).await.is_empty());
        assert_eq!(compensation::approve(&app.app, owed, other).await.unwrap(), 0);
        assert!(!entry(&app, id).await.standing.displaced);
        app.assert_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_annulment_has_taken_two_people_already() {
    on_both(async |app| {
        let [author, other] = two(&app).await;
        let people = convoked(&app, 2).await;
        let draw = people[0].1.draw_id;
        annulment::propose(&app.app, draw, "erreur constatée", author).await.unwrap();
        annulment::approve(&app.app, draw, other).await.unwrap();
        for (id, _) in &people {
            assert!(entry(&app, *id).await.standing.displaced);
        }
        assert!(pending(&app).await.is_empty());
        app.assert_sound().await;
    })
    .await;
}
