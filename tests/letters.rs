//! Whoever has letters only: a letter counts as received five days after posting. Earlier slots are not given
//! to them, their terms begin then, and what was neither handed over nor posted costs them nothing.

#[allow(dead_code, reason = "each test file uses its own part")]
#[path = "web_staff/browser.rs"]
mod browser;
mod common;
#[path = "common/web.rs"]
mod web;

use browser::Browser;
use chrono::{DateTime, TimeDelta, Utc};
use common::{TestApp, by_letter, document_of, on_both, person};
use passage::domain::actor::{Actor, Channel, Role};
use passage::domain::availability::{Absence, Availability};
use passage::domain::entry::{ConvocationEvent, EntryState};
use passage::domain::ids::{EntryId, StaffId};
use passage::domain::letter::Sent;
use passage::domain::local_time::Zone;
use passage::domain::notice::{NoticeKind, NoticeState, Way};
use passage::flow::outbox::letter;
use passage::flow::read::notices::Notice;
use passage::flow::register::{Desk, Registration};
use passage::flow::verify_identity::document_seen;
use passage::flow::{counter, entries, slots};
use passage::locale::Lang;
use passage::store::commands::EntryChange;
use passage::store::records::{CounterRecord, DrawState, EntryRecord, NoticeRecord};
use web::submit;

const SEEN: Desk = Desk { channel: Channel::Counter, document_seen: true, ..Desk::ONLINE };
/// From the first instant of a test, a Friday: the draw is on Monday the 11th, its letters are posted on
/// Tuesday and received on Sunday the 17th. Six days' notice later is Saturday the 23rd.
const THURSDAY_21: i64 = 13;
const MONDAY_25: i64 = 17;

async fn register(app: &TestApp, typed: &Registration, key: &str) -> EntryId {
    app.register_by(app.renewal, typed, SEEN, key).await.unwrap()
}

async fn entry(app: &TestApp, id: EntryId) -> EntryRecord {
    app.app.store.entry(id).await.unwrap().unwrap()
}

async fn convocation(app: &TestApp, id: EntryId) -> Option<CounterRecord> {
    app.app.store.live_convocation(id).await.unwrap()
}

/// The newest notice of a kind.
async fn notice(app: &TestApp, id: EntryId, kind: NoticeKind) -> NoticeRecord {
    let notices = app.app.store.notices_of(id).await.unwrap();
    notices.into_iter().rev().find(|notice| notice.kind == kind).expect("it was owed")
}

async fn send(app: &TestApp, id: EntryId, kind: NoticeKind, sent: Sent, by: StaffId) {
    let notice = notice(app, id, kind).await;
    assert!(letter::done(&app.app, &notice.into(), sent, by).await.unwrap());
}

/// Somebody who gets letters only wins the only slot, on Monday the 25th.
async fn convoked(app: &TestApp) -> (EntryId, CounterRecord) {
    let id = register(app, &by_letter(1), "one").await;
    app.publish(app.renewal, 1, MONDAY_25, 1, 1).await;
    app.pass(TimeDelta::days(4)).await;
    let record = convocation(app, id).await.expect("the only one who waits");
    assert_eq!(Zone::PARIS.local_date(record.starts_at).to_string(), "2027-01-25");
    (id, record)
}

/// Ticked as absent, and the evening over: the entry, and whether a penalty is announced.
async fn miss(app: &TestApp, record: &CounterRecord, by: StaffId) -> (EntryRecord, bool) {
    app.clock.set(record.starts_at + TimeDelta::minutes(30));
    counter::tick(&app.app, record.id, ConvocationEvent::Miss, "", None, by).await.unwrap();
    app.clock.advance(TimeDelta::hours(12));
    app.tick().await;
    let holder =
        passage::flow::status::holder(&app.app, record.entry_id, passage::flow::people::Reader::Program)
            .await
            .unwrap();
    (entry(app, record.entry_id).await, !holder.penalties.is_empty())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_gets_letters_only_is_given_no_slot_that_comes_before_a_letter_could_arrive() {
    on_both(async |app| {
        let letters = register(&app, &by_letter(1), "letters").await;
        app.publish(app.renewal, 1, THURSDAY_21, 1, 1).await;
        app.pass(TimeDelta::days(4)).await;
        assert!(convocation(&app, letters).await.is_none());
        let draws = app.app.store.entry_draws(letters).await.unwrap();
        assert!(!draws[0].had_chance && entry(&app, letters).await.standing.draws_survived == 0);
        // The same slot goes to somebody who is told at once; the second one is late enough for a letter.
        let told_at_once = register(&app, &person(2), "phone").await;
        app.publish(app.renewal, 1, MONDAY_25, 1, 2).await;
        app.pass(TimeDelta::days(7)).await;
        assert!(convocation(&app, told_at_once).await.is_some());
        assert!(convocation(&app, letters).await.is_none(), "the next draw is a week later");
        app.assert_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_promises_no_draw_to_who_stands_in_none_and_says_what_to_do() {
    on_both(async |app| {
        let (id, record) = convoked(&app).await;
        let reason = "guichet fermé";
        slots::withdraw(&app.app, record.slot_id, reason, Actor::System).await.unwrap();
        let text = async |kind| {
            let notice = notice(&app, id, kind).await;
            letter::sheet(&app.app, &notice.into(), passage::flow::people::Reader::Program)
                .await
                .unwrap()
                .rendered
                .text
        };
        let apology = text(NoticeKind::Apology).await;
        assert!(
            apology.contains("La prochaine liste ferme") || apology.contains("Prochain tirage"),
            "{apology}"
        );
        entries::change(&app.app, id, EntryChange::Pause, Actor::Holder(id)).await.unwrap();
        let apology = text(NoticeKind::Apology).await;
        assert!(apology.contains("Votre demande est en pause"), "{apology}");
        assert!(apology.contains("Reprenez votre demande"), "{apology}");
        assert!(!apology.contains("Prochain") && !apology.contains("prochaine liste"), "{apology}");
        assert!(!apology.contains("rien à faire"), "{apology}");
        let receipt = text(NoticeKind::Receipt).await;
        assert!(receipt.contains("en pause") && !receipt.contains("Prochain tirage"), "{receipt}");
        app.assert_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_says_whether_this_return_keeps_the_seniority() {
    on_both(async |app| {
        let (id, record) = convoked(&app).await;
        let text = async |kind| {
            let notice = notice(&app, id, kind).await;
            letter::sheet(&app.app, &notice.into(), passage::flow::people::Reader::Program)
                .await
                .unwrap()
                .rendered
                .text
        };
        assert!(text(NoticeKind::Convocation).await.contains("garde son ancienneté, cette fois-ci"));
        counter::give_back(&app.app, record.id, Actor::Holder(id)).await.unwrap();
        let first = text(NoticeKind::Cancellation).await;
        assert!(first.contains("Elle garde son ancienneté.") && !first.contains("de zéro"), "{first}");
        app.publish(app.renewal, 1, MONDAY_25 + 14, 1, 1).await;
        app.pass(TimeDelta::days(14)).await;
        let again = convocation(&app, id).await.expect("the only one who waits");
        assert!(
            text(NoticeKind::Convocation).await.contains("repart de zéro\u{a0}: ce n'est pas la première")
        );
        counter::give_back(&app.app, again.id, Actor::Holder(id)).await.unwrap();
        let second = text(NoticeKind::Cancellation).await;
        assert!(
            second.contains("Ce n'est pas la première fois") && !second.contains("Elle garde"),
            "{second}"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slot_that_leaves_a_letter_its_time_is_given_to_who_gets_letters_only() {
    on_both(async |app| {
        let (_, record) = convoked(&app).await;
        assert_eq!(record.told_at, None);
        app.assert_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_is_frozen_late_knows_how_people_were_reached_at_the_announced_instant() {
    on_both(async |app| {
        let had_phone = register(&app, &person(1), "phone").await;
        let had_none = register(&app, &by_letter(2), "letters").await;
        app.publish(app.renewal, 1, THURSDAY_21, 1, 2).await;
        app.tick().await;
        let draw = app.app.store.draws_of(app.renewal, 1).await.unwrap().remove(0);
        app.clock.set(draw.freeze_at + TimeDelta::seconds(90));
        // Each is touched, as any change of contact does, and then reached by other ways.
        for id in [had_phone, had_none] {
            let far = app.now().date_naive() + TimeDelta::days(300);
            let absences = vec![Absence { from: far, to: far }];
            let availability = Availability { absences, ..app.anything().await };
            entries::change(&app.app, id, EntryChange::Availability(availability), Actor::Holder(id))
                .await
                .unwrap();
        }
        assert_eq!(app.raw("UPDATE applicant SET reach_sms = NOT reach_sms").await, 2);
        app.tick().await;
        let frozen = app.app.store.draw(draw.id).await.unwrap().unwrap();
        assert_eq!(frozen.state, DrawState::Frozen);
        let mut had_chance = Vec::new();
        for id in [had_phone, had_none] {
            had_chance.push(app.app.store.entry_draws(id).await.unwrap()[0].had_chance);
        }
        assert_eq!(had_chance, [true, false]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_convocation_that_was_neither_handed_over_nor_posted_costs_nothing() {
    on_both(async |app| {
        let agent = app.staff("alice", Role::Agent).await;
        let (id, record) = convoked(&app).await;
        app.raw("UPDATE entry SET draws_survived = 3").await;
        let (after, is_penalised) = miss(&app, &record, agent).await;
        assert_eq!((after.state, after.standing.draws_survived), (EntryState::Waiting, 3));
        assert!(!is_penalised);
        // Going first takes a second person, here as elsewhere.
        assert!(!after.standing.displaced);
        let proposed = app.app.store.compensations_pending(app.prefecture).await.unwrap();
        assert_eq!(proposed.len(), 1);
        let apology = letter::sheet(
            &app.app,
            &notice(&app, id, NoticeKind::Apology).await.into(),
            passage::flow::people::Reader::Program,
        )
        .await
        .unwrap();
        let text = apology.rendered.text;
        assert!(text.contains("ne vous est pas parvenue à temps. Votre absence ne compte pas"), "{text}");
        assert!(!text.contains("Ne venez pas"), "{text}");
        let convocation = notice(&app, id, NoticeKind::Convocation).await;
        assert_eq!(convocation.state, NoticeState::Superseded);
        app.tick().await;
        app.assert_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_posted_less_than_five_days_before_the_appointment_costs_nothing() {
    on_both(async |app| {
        let agent = app.staff("alice", Role::Agent).await;
        let (id, record) = convoked(&app).await;
        app.clock.set(record.starts_at - TimeDelta::days(4));
        send(&app, id, NoticeKind::Convocation, Sent::Posted, agent).await;
        let (after, is_penalised) = miss(&app, &record, agent).await;
        assert_eq!((after.state, is_penalised), (EntryState::Waiting, false));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_posted_in_time_or_handed_over_binds_its_addressee_from_its_receipt_on() {
    for (sent, told_at) in
        [(Sent::Posted, "2027-01-24T19:00:00Z"), (Sent::HandedOver, "2027-01-19T09:00:00Z")]
    {
        on_both(async |app| {
            let agent = app.staff("alice", Role::Agent).await;
            let (id, record) = convoked(&app).await;
            app.clock.set("2027-01-19T09:00:00Z".parse().unwrap());
            send(&app, id, NoticeKind::Convocation, sent, agent).await;
            let record = convocation(&app, record.entry_id).await.unwrap();
            let told_at: DateTime<Utc> = told_at.parse().unwrap();
            assert_eq!(record.told_at, Some(told_at));
            // Three days before is late, but not within a day of the receipt.
            let late_from = (record.starts_at - TimeDelta::hours(72)).max(told_at + TimeDelta::days(1));
            assert_eq!(record.convoked().late_from(&record.rules), late_from.min(record.starts_at));
            let (after, is_penalised) = miss(&app, &record, agent).await;
            assert_eq!((after.state, is_penalised), (EntryState::Waiting, true), "{sent}");
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_sms_that_nobody_received_costs_nothing_either_and_one_that_was_taken_does() {
    for gateway_works in [false, true] {
        on_both(async |app| {
            let agent = app.staff("alice", Role::Agent).await;
            let id = register(&app, &Registration { email: String::new(), ..person(1) }, "one").await;
            app.publish(app.renewal, 1, THURSDAY_21, 1, 1).await;
            if !gateway_works {
                app.pass(TimeDelta::days(3)).await;
                let refused =
                    || passage::notify::SendError::Refused { code: "21610".into(), reason: "stopped".into() };
                app.gateway.failures.lock().unwrap().extend((0..9).map(|_| refused()));
            }
            app.pass(TimeDelta::days(4)).await;
            let record = convocation(&app, id).await.expect("the only one who waits");
            assert_eq!(record.told_at.is_some(), gateway_works);
            let (after, is_penalised) = miss(&app, &record, agent).await;
            assert_eq!((after.state, is_penalised), (EntryState::Waiting, gateway_works));
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_whose_letters_never_left_is_not_closed_for_want_of_an_identity() {
    on_both(async |app| {
        let called = Desk { channel: Channel::Phone, ..Desk::ONLINE };
        let id = app.register_by(app.renewal, &by_letter(1), called, "one").await.unwrap();
        let agent = app.staff("alice", Role::Agent).await;
        let state = async || (entry(&app, id).await.state, app.app.store.notices_of(id).await.unwrap().len());
        let later = async |days| {
            app.clock.advance(TimeDelta::days(days));
            for _ in 0..4 {
                app.tick().await;
            }
        };
        later(200).await;
        assert_eq!(
            state().await,
            (EntryState::AwaitingIdentity, 1),
            "its letter has not left: not even warned"
        );
        // Sixty days from the receipt; the first warning comes fourteen days before their end.
        send(&app, id, NoticeKind::IdentityWanted, Sent::Posted, agent).await;
        later(5 + 45).await;
        assert_eq!(state().await.1, 1);
        later(2).await;
        assert_eq!(state().await.1, 2, "warned");
        later(300).await;
        assert_eq!(state().await, (EntryState::AwaitingIdentity, 2), "the warning has not left");
        send(&app, id, NoticeKind::IdentityWarning, Sent::Posted, agent).await;
        later(7).await;
        assert_eq!(state().await.1, 2);
        later(2).await;
        assert_eq!(state().await, (EntryState::AwaitingIdentity, 3), "warned again");
        send(&app, id, NoticeKind::IdentityWarning, Sent::HandedOver, agent).await;
        later(2).await;
        assert_eq!(state().await.0, EntryState::AwaitingIdentity);
        later(2).await;
        assert_eq!(state().await.0, EntryState::Closed);
        app.assert_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_registers_online_and_is_not_verified_makes_no_letter_and_is_told_by_the_page() {
    on_both(async |app| {
        let agent = app.staff("alice", Role::Agent).await;
        let online = async |n, typed: &Registration| {
            app.register_by(app.renewal, typed, Desk::ONLINE, &format!("online {n}")).await.unwrap()
        };
        let (closes, verified) = (online(1, &by_letter(1)).await, online(2, &by_letter(2)).await);
        let pile = async || app.app.store.letters_due(app.prefecture, app.now(), 0, 100).await.unwrap();
        assert!(pile().await.is_empty());
        let record = entry(&app, closes).await;
        let notices = app.app.store.notices_of(closes).await.unwrap();
        assert_eq!(notices[0].state, NoticeState::Withheld);
        let notices: Vec<_> = notices.into_iter().map(Notice::from).collect();
        let closes_at = passage::flow::told::identity_closes(&record.clone().into(), &notices, 60);
        assert_eq!(closes_at, Some(record.registered_at + TimeDelta::days(60)), "the page says from when on");
        // Who is verified has their receipt on the pile.
        document_seen(&app.app, verified, document_of(2), agent).await.unwrap();
        assert_eq!(pile().await.iter().map(|letter| letter.entry_id).collect::<Vec<_>>(), [verified]);
        // A message that fails becomes no letter either.
        let refused = passage::notify::SendError::Refused { code: "21211".into(), reason: "none".into() };
        app.gateway.failures.lock().unwrap().push(refused);
        let by_phone = online(3, &Registration { email: String::new(), ..person(4) }).await;
        app.tick().await;
        let states: Vec<_> = app.app.store.notices_of(by_phone).await.unwrap();
        let states: Vec<_> = states.iter().map(|notice| (notice.way, notice.state)).collect();
        assert_eq!(states, [(Way::Sms, NoticeState::Rejected), (Way::Letter, NoticeState::Withheld)]);
        for _ in 0..65 {
            app.clock.advance(TimeDelta::days(1));
            app.tick().await;
        }
        assert_eq!(entry(&app, closes).await.state, EntryState::Closed);
        assert_eq!(pile().await.len(), 1);
        app.assert_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_and_the_pile_say_what_hangs_on_a_letter() {
    let app = TestApp::sqlite().await;
    let (id, record) = convoked(&app).await;
    let (clerk, agent) = (app.staff("alice", Role::Agent).await, Browser::agent(&app, "agent").await);
    let page = async || {
        let record = entry(&app, id).await;
        let holder = passage::flow::status::holder(&app.app, id, passage::flow::people::Reader::Program)
            .await
            .unwrap();
        let fields = [("reference", record.reference.as_str()), ("birth_date", &holder.person.birth_date)];
        submit(&app.app, "/s", &fields).await.body.replace("&#39;", "'")
    };
    let pile = async || agent.get("/agent/courriers").await.page().replace("&#39;", "'");
    let untold = "S'il ne vous parvient pas avant le rendez-vous, une absence ne vous coûte rien.";
    assert!(page().await.contains(untold), "{}", page().await);
    let at = Lang::Fr.instant(record.starts_at, Zone::PARIS);
    let stakes = pile().await;
    assert!(stakes.contains(&format!("Rendez-vous {at}. Posté aujourd'hui")), "{stakes}");
    app.clock.set(record.starts_at - TimeDelta::days(3));
    let agent = Browser::agent(&app, "agent2").await;
    let pile = agent.get("/agent/courriers").await.page().replace("&#39;", "'");
    assert!(pile.contains(&format!("Rendez-vous {at}. Trop tard pour poster")), "{pile}");
    send(&app, id, NoticeKind::Convocation, Sent::Posted, clerk).await;
    let late = page().await;
    assert!(late.contains("elle compte comme reçue le mercredi 27 janvier 2027 seulement"), "{late}");
    assert!(!late.contains(untold));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_could_win_only_what_a_letter_cannot_announce_is_told_so() {
    let app = TestApp::sqlite().await;
    // Three days' notice and a horizon of seven leave a letter no time.
    let id = app.register_by(app.first, &by_letter(1), SEEN, "one").await.unwrap();
    app.publish(app.first, 1, 4, 3, 2).await;
    // What a queue offers may be two seconds old.
    app.clock.advance(TimeDelta::seconds(3));
    let holder =
        passage::flow::status::holder(&app.app, id, passage::flow::people::Reader::Program).await.unwrap();
    let told = passage::flow::told::situation(&holder);
    assert_eq!(told.headline.as_str(), "letters_too_slow", "{told:?}");
    let way = notice(&app, id, NoticeKind::Receipt).await.way;
    assert_eq!(way, Way::Letter);
}
