//! Slots cannot be cut to fit one person: they are public before the list that takes them, what few could
//! accept takes two people and is said in public, and nobody gains seniority behind a narrow availability.

mod common;
#[path = "common/web.rs"]
mod web;

use axum::http::StatusCode;
use chrono::{DateTime, Datelike, NaiveTime, TimeDelta, Utc, Weekday};
use common::{TestApp, on_both, person};
use passage::domain::actor::{Actor, Channel, Role};
use passage::domain::audience::Audience;
use passage::domain::availability::Availability;
use passage::domain::entry::EntryState;
use passage::domain::ids::{EntryId, QueueId, StaffId};
use passage::domain::refusal::Refusal;
use passage::domain::slot::Half;
use passage::domain::slot_plan::SlotForm;
use passage::flow::chances::Odds;
use passage::flow::entries::change_availability;
use passage::flow::register::{Desk, register};
use passage::flow::slots::{Count, IfUnusual, PublishError, publish_form};
use passage::flow::{FlowError, publications, slots, status};
use passage::store::records::{DrawRecord, DrawState, PublicationRecord};
use web::get;

async fn come(app: &TestApp, queue: QueueId, n: u32, can: &Availability) -> Result<EntryId, FlowError> {
    let desk = Desk { document_seen: true, channel: Channel::Counter, ..Desk::ONLINE };
    register(&app.app, queue, &person(n), can, desk, &format!("narrow-{n}")).await.map(|done| done.entry)
}

/// Slots of twenty minutes, from this hour, on one day of the coming weeks.
fn one_day(day: Weekday, first: &str, from: u32, slots: i64) -> SlotForm {
    let first_day: chrono::NaiveDate = first.parse().unwrap();
    let from = NaiveTime::from_hms_opt(from, 0, 0).unwrap();
    SlotForm {
        site: "centre".into(),
        desk: 1,
        first_day,
        last_day: first_day + TimeDelta::days(6),
        weekdays: vec![day],
        from,
        to: from + TimeDelta::minutes(20 * slots),
        every_minutes: 20,
        minutes: 20,
        skip_holidays: false,
    }
}

async fn publish(app: &TestApp, form: &SlotForm, by: StaffId) -> Result<Count, PublishError> {
    publish_form(&app.app, app.first, form, IfUnusual::Publish, Actor::Staff(by)).await
}

async fn proposal(app: &TestApp) -> PublicationRecord {
    let store = &app.app.store;
    match store.publications_open(app.prefecture).await.unwrap().pop() {
        Some(open) => open,
        None => store.publications_decided(app.prefecture, 0, 1).await.unwrap().remove(0),
    }
}

async fn free_slots(app: &TestApp, queue: QueueId) -> i64 {
    app.app.store.figures(queue, app.now()).await.unwrap().free_slots
}

async fn newest(app: &TestApp, queue: QueueId) -> DrawRecord {
    app.app.store.draws_of(queue, 1).await.unwrap().remove(0)
}

/// Lets the draw that is announced be held.
async fn held(app: &TestApp, queue: QueueId) -> DrawRecord {
    app.tick().await;
    let id = newest(app, queue).await.id;
    for _ in 0..14 * 24 {
        let draw = app.app.store.draw(id).await.unwrap().unwrap();
        if draw.state == DrawState::Published {
            return draw;
        }
        app.pass(TimeDelta::hours(1)).await;
    }
    panic!("the draw was not held");
}

/// Thirty people who come in the morning, and a friend who also can in the afternoon.
async fn thirty_and_a_friend(app: &TestApp) -> (Vec<EntryId>, EntryId) {
    let any = app.anything().await;
    let morning = Availability { halves: vec![Half::Morning], ..any.clone() };
    let mut others = Vec::new();
    for n in 0..30 {
        others.push(come(app, app.first, n, &morning).await.unwrap());
    }
    (others, come(app, app.first, 30, &any).await.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn one_manager_and_one_friend_no_longer_win_at_will() {
    on_both(async |app| {
        let [manager, other] =
            [app.staff("alice", Role::Manager).await, app.staff("bruno", Role::Manager).await];
        let (others, friend) = thirty_and_a_friend(&app).await;
        // A day that the form does not offer is not accepted, by registration or by a change.
        let sunday = Availability { weekdays: vec![6], ..app.anything().await };
        for refused in [
            come(&app, app.first, 99, &sunday).await.map(|_| ()),
            change_availability(&app.app, friend, sunday.clone(), Actor::Holder(friend)).await,
        ] {
            let Err(FlowError::Invalid(faults)) = refused else { panic!("a Sunday was accepted") };
            assert_eq!((faults[0].field, faults[0].key.as_str()), ("weekdays", "error-availability-sunday"));
        }
        // Alone, the manager publishes nothing that the friend alone could accept, and is not told how few.
        let narrow = one_day(Weekday::Tue, "2027-01-11", 14, 1);
        assert!(matches!(publish(&app, &narrow, manager).await, Err(PublishError::Second)));
        assert_eq!(free_slots(&app, app.first).await, 0);
        let waits = proposal(&app).await;
        for refused in [
            publications::audience(&app.app, &waits, manager).await.map(|_| ()),
            publications::approve(&app.app, waits.id, manager).await.map(|_| ()),
            publications::reject(&app.app, waits.id, "trop peu de monde", manager).await,
        ] {
            assert!(matches!(refused, Err(FlowError::Refused(Refusal::SecondPerson))), "{refused:?}");
        }
        let audience = publications::audience(&app.app, &waits, other).await.unwrap();
        assert_eq!(audience, Audience { waiting: 31, could: 1 });
        // Two together still can: the draw's page says so.
        let count = publications::approve(&app.app, waits.id, other).await.unwrap();
        assert_eq!(count, Count { new: 1, doubles: 0 });
        let draw = held(&app, app.first).await;
        assert_eq!(draw.counts.as_ref().unwrap()["few"], serde_json::json!([[1, 1]]));
        let page = get(&app.app, &format!("/tirages/{}", draw.id)).await;
        page.assert_says("1 place\u{a0}; 1 personne sur 31 pouvait l&#39;accepter");
        let state = async |entry| app.app.store.entry(entry).await.unwrap().unwrap().state;
        assert_eq!(state(friend).await, EntryState::Convoked);
        assert_eq!(state(others[0]).await, EntryState::Waiting);
        app.assert_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_suits_a_tenth_is_published_at_once_and_slots_that_stand_hide_no_narrow_one() {
    on_both(async |app| {
        let manager = app.staff("alice", Role::Manager).await;
        let (others, _) = thirty_and_a_friend(&app).await;
        let mornings = one_day(Weekday::Tue, "2027-01-11", 9, 9);
        assert_eq!(publish(&app, &mornings, manager).await.unwrap(), Count { new: 9, doubles: 0 });
        // The same mornings again and one afternoon: only the afternoon is new.
        let longer = one_day(Weekday::Tue, "2027-01-11", 9, 16);
        assert!(matches!(publish(&app, &longer, manager).await, Err(PublishError::Second)));
        publications::withdraw(&app.app, proposal(&app).await.id, manager).await.unwrap();
        // Three more who can in the afternoon make four of 31, over a tenth.
        let any = app.anything().await;
        for other in &others[..3] {
            change_availability(&app.app, *other, any.clone(), Actor::Holder(*other)).await.unwrap();
        }
        assert_eq!(publish(&app, &longer, manager).await.unwrap(), Count { new: 7, doubles: 9 });
        app.assert_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn plans_tried_to_learn_how_few_could_accept_them_are_logged_and_soon_refused() {
    on_both(async |app| {
        let [manager, other] =
            [app.staff("alice", Role::Manager).await, app.staff("bruno", Role::Manager).await];
        thirty_and_a_friend(&app).await;
        let narrow = one_day(Weekday::Tue, "2027-01-11", 14, 1);
        for n in 0..5 {
            assert!(matches!(publish(&app, &narrow, manager).await, Err(PublishError::Second)), "{n}");
            let again = publish(&app, &narrow, manager).await.map_err(flow);
            let refusal = if n < 4 { Refusal::PublicationOpen } else { Refusal::PublicationsADay };
            assert!(matches!(again, Err(FlowError::Refused(found)) if found == refusal), "{n}: {again:?}");
            let id = proposal(&app).await.id;
            match n {
                0 => publications::reject(&app.app, id, "à quoi servent-ils ?", other).await.unwrap(),
                _ => publications::withdraw(&app.app, id, manager).await.unwrap(),
            }
        }
        let sixth = publish(&app, &narrow, manager).await.map_err(flow);
        assert!(matches!(sixth, Err(FlowError::Refused(Refusal::PublicationsADay))), "{sixth:?}");
        let id = proposal(&app).await.id;
        let late = publications::approve(&app.app, id, other).await;
        assert!(matches!(late, Err(FlowError::Refused(Refusal::ProposalWithdrawn))), "{late:?}");
        assert_eq!(free_slots(&app, app.first).await, 0);
        app.pass(TimeDelta::hours(25)).await;
        assert!(matches!(publish(&app, &narrow, manager).await, Err(PublishError::Second)));
    })
    .await;
}

fn flow(error: PublishError) -> FlowError {
    match error {
        PublishError::Flow(error) => error,
        other => panic!("{other}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_takes_only_slots_that_were_public_for_a_day() {
    on_both(async |app| {
        app.register(app.renewal, 1).await;
        app.tick().await;
        let first = newest(&app, app.renewal).await;
        let until = |hours| first.freeze_at - TimeDelta::hours(hours) - app.now();
        app.pass(until(24)).await;
        app.publish(app.renewal, 3, 22, 1, 2).await;
        app.pass(TimeDelta::minutes(15)).await;
        app.publish(app.renewal, 4, 23, 1, 3).await;
        let page = get(&app.app, "/p/demonstration/renouvellement").await;
        assert_eq!(page.status, StatusCode::OK);
        page.assert_says("2 places");
        page.assert_says("Pour une liste suivante\u{a0}: 3 places");
        let first = held(&app, app.renewal).await;
        assert_eq!(first.slot_count, Some(2));
        let second = held(&app, app.renewal).await;
        assert_eq!(second.slot_count, Some(4), "one of two was taken, and the three of later are in it");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ordinary_slots_around_a_narrow_one_cannot_be_withdrawn_to_leave_it_alone() {
    on_both(async |app| {
        let [alice, bruno] =
            [app.staff("alice", Role::Manager).await, app.staff("bruno", Role::Manager).await];
        let any = app.anything().await;
        let tuesdays = Availability { weekdays: vec![1], ..any.clone() };
        for n in 0..24 {
            come(&app, app.first, n, if n == 0 { &any } else { &tuesdays }).await.unwrap();
        }
        publish(&app, &one_day(Weekday::Tue, "2027-01-19", 9, 2), alice).await.unwrap();
        publish(&app, &SlotForm { desk: 2, ..one_day(Weekday::Tue, "2027-01-26", 9, 1) }, alice)
            .await
            .unwrap();
        // The second plan suits everybody, but for its Wednesday.
        let mixed = SlotForm {
            desk: 3,
            last_day: "2027-01-20".parse().unwrap(),
            weekdays: vec![Weekday::Tue, Weekday::Wed],
            ..one_day(Weekday::Tue, "2027-01-19", 9, 1)
        };
        publish(&app, &mixed, alice).await.unwrap();
        assert_eq!(free_slots(&app, app.first).await, 5);
        let all = app.app.store.slots_between(app.prefecture, app.now(), app.now() + TimeDelta::days(40));
        let all = all.await.unwrap();
        let is_tuesday = |at: DateTime<Utc>| at.date_naive().weekday() == Weekday::Tue;
        let tuesdays: Vec<_> = all.iter().filter(|slot| is_tuesday(slot.starts_at)).collect();
        let (last, others) = tuesdays.split_last().unwrap();
        for slot in others {
            let waits =
                slots::withdraw(&app.app, slot.id, "guichet fermé", Actor::Staff(alice)).await.unwrap();
            assert!(!waits, "what is left suits the others too");
        }
        assert!(slots::withdraw(&app.app, last.id, "guichet fermé", Actor::Staff(alice)).await.unwrap());
        assert_eq!(free_slots(&app, app.first).await, 0, "the friend's slot is in no pool");
        let rest = proposal(&app).await;
        assert_eq!((rest.slots.len(), rest.columns.proposed_by), (1, Some(alice)));
        assert!(publications::approve(&app.app, rest.id, alice).await.is_err(), "nor by the same hand");
        publications::approve(&app.app, rest.id, bruno).await.unwrap();
        assert_eq!(free_slots(&app, app.first).await, 1);
        app.assert_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draw_is_survived_only_by_whoever_could_take_a_twentieth_of_its_seats() {
    on_both(async |app| {
        let [alice, bruno] =
            [app.staff("alice", Role::Manager).await, app.staff("bruno", Role::Manager).await];
        // 39 seats in the morning, one in the afternoon: a twentieth is two.
        for (desk, day, from, slots) in [
            (1, "2027-01-12", 9, 9),
            (2, "2027-01-12", 9, 9),
            (3, "2027-01-12", 9, 9),
            (4, "2027-01-12", 9, 9),
        ] {
            let form = SlotForm { desk, ..one_day(Weekday::Tue, day, from, slots) };
            publish(&app, &form, alice).await.unwrap();
        }
        for form in [
            one_day(Weekday::Wed, "2027-01-13", 9, 3),
            SlotForm { desk: 2, ..one_day(Weekday::Wed, "2027-01-13", 14, 1) },
        ] {
            publish(&app, &form, alice).await.unwrap();
        }
        let any = app.anything().await;
        let afternoon = Availability { halves: vec![Half::Afternoon], ..any.clone() };
        let narrow = [
            come(&app, app.first, 0, &afternoon).await.unwrap(),
            come(&app, app.first, 1, &afternoon).await.unwrap(),
        ];
        let mut wide = Vec::new();
        for n in 2..44 {
            wide.push(come(&app, app.first, n, &any).await.unwrap());
        }
        let draw = held(&app, app.first).await;
        assert_eq!(draw.slot_count, Some(40));
        let survived = async |entries: &[EntryId]| {
            let mut all = Vec::new();
            for entry in entries {
                let entry = app.app.store.entry(*entry).await.unwrap().unwrap();
                if entry.state == EntryState::Waiting {
                    all.push(entry.standing.draws_survived);
                }
            }
            all
        };
        let (few, many) = (survived(&narrow).await, survived(&wide).await);
        assert!(!few.is_empty() && few.iter().all(|draws| *draws == 0), "{few:?}");
        assert!(!many.is_empty() && many.iter().all(|draws| *draws == 1), "{many:?}");
        // Whoever lost with few seats is counted once in the next draw too.
        let mut lost = Vec::new();
        for entry in narrow {
            if app.app.store.entry(entry).await.unwrap().unwrap().state == EntryState::Waiting {
                lost.push(entry);
            }
        }
        let told =
            status::status(&app.app, lost[0], passage::flow::people::Reader::Program).await.unwrap().told;
        let Odds::Share(odds) = told.chances.unwrap().odds else { panic!("no odds") };
        assert!((odds - 40.0 / 44.0).abs() < 1e-6, "{odds}");
        // What did not count is not taken back.
        app.raw("UPDATE entry SET draws_survived = draws_survived + 3").await;
        app.app.store.propose_annulment(draw.id, "erreur constatée".into(), alice, app.now()).await.unwrap();
        app.app.store.approve_annulment(draw.id, bruno, app.now()).await.unwrap();
        for entry in &narrow {
            assert_eq!(app.app.store.entry(*entry).await.unwrap().unwrap().standing.draws_survived, 3);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sunday_that_is_published_is_offered_and_kept_by_whoever_chose_it() {
    on_both(async |app| {
        let manager = app.staff("alice", Role::Manager).await;
        let form = "/p/demonstration/premiere-demande/inscription";
        let sunday_box = "name=\"weekdays\" value=\"6\"";
        assert!(!get(&app.app, form).await.body.contains(sunday_box));
        publish(&app, &one_day(Weekday::Sun, "2027-01-11", 9, 2), manager).await.unwrap();
        app.clock.advance(TimeDelta::seconds(5));
        get(&app.app, form).await.assert_says(sunday_box);
        let sunday = Availability { weekdays: vec![2, 6], ..app.anything().await };
        let entry = come(&app, app.first, 1, &sunday).await.unwrap();
        let refused = come(&app, app.renewal, 2, &sunday).await;
        assert!(matches!(refused, Err(FlowError::Invalid(_))), "the other queue has no Sunday");
        // Long after the last Sunday, nobody new may choose it and its holder keeps it.
        let start: DateTime<Utc> = app.now();
        app.clock.set(start + TimeDelta::weeks(12));
        assert!(!get(&app.app, form).await.body.contains(sunday_box));
        change_availability(&app.app, entry, sunday.clone(), Actor::Holder(entry)).await.unwrap();
        assert!(matches!(come(&app, app.first, 3, &sunday).await, Err(FlowError::Invalid(_))));
    })
    .await;
}
