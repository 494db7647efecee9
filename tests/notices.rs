//! Notices: sent at the right hour, once, and by the next way when one fails.

#[path = "notices/budget.rs"]
mod budget;
mod common;

use chrono::{TimeDelta, Timelike};
use std::sync::Arc;
use std::time::Duration;

use common::{TestApp, on_both, person};
use passage::domain::actor::{Actor, Channel, Role};
use passage::domain::ids::{ConvocationId, EntryId};
use passage::domain::local_time::Zone;
use passage::domain::notice::{NoticeKind, NoticeState, Way};
use passage::flow::outbox::{letter, send_due};
use passage::flow::register::{Desk, Registration};
use passage::flow::stop::Stop;
use passage::flow::{counter, slots};
use passage::locale::Lang;
use passage::notify::SendError;
use passage::store::commands::Settlement;
use passage::store::records::CounterRecord;

const SEEN: Desk = Desk { channel: Channel::Counter, document_seen: true, ..Desk::ONLINE };

fn reachable(n: u32) -> Registration {
    Registration {
        phone: "06 39 98 00 11".into(),
        email: "usager@example.org".into(),
        language: "fr".into(),
        ..person(n)
    }
}

async fn states(app: &TestApp, entry: EntryId) -> Vec<(NoticeKind, Way, NoticeState)> {
    let notices = app.app.store.notices_of(entry).await.unwrap();
    notices.iter().map(|notice| (notice.kind, notice.way, notice.state)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_winner_is_convoked_and_reminded_two_days_before_by_sms() {
    on_both(async |app| {
        let entry = app.register_by(app.first, &reachable(1), SEEN, "one").await.unwrap();
        // Publication for Thursday the 14th: two days before is a Tuesday.
        app.publish(app.first, 1, 6, 1, 1).await;
        app.pass(TimeDelta::days(6)).await;
        let told = states(&app, entry).await;
        for kind in [NoticeKind::Receipt, NoticeKind::Convocation, NoticeKind::Reminder] {
            assert!(
                told.contains(&(kind, Way::Sms, NoticeState::Accepted)),
                "{kind} is missing from {told:?}"
            );
        }
        let reminder = app
            .app
            .store
            .notices_of(entry)
            .await
            .unwrap()
            .into_iter()
            .find(|n| n.kind == NoticeKind::Reminder)
            .unwrap();
        assert_eq!(Zone::PARIS.local(reminder.due_at).to_string(), "2027-01-12 09:00:00");
        let sent = app.gateway.sent.lock().unwrap();
        for message in sent.iter() {
            for private in ["Démo", "Première", "titre", "P0000001"] {
                assert!(!message.text.contains(private), "an SMS says {private}: {}", message.text);
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_leaves_at_night() {
    on_both(async |app| {
        app.clock.set("2027-01-08T22:30:00Z".parse().unwrap());
        let entry = app.register_by(app.first, &reachable(1), SEEN, "one").await.unwrap();
        app.tick().await;
        assert!(app.gateway.sent.lock().unwrap().is_empty());
        let due = app.app.store.notices_of(entry).await.unwrap()[0].due_at;
        assert_eq!(Zone::PARIS.local(due).time().hour(), 8);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_sms_becomes_an_email_and_then_a_letter() {
    on_both(async |app| {
        let refusal = || SendError::Refused { code: "21211".into(), reason: "not a number".into() };
        app.gateway.failures.lock().unwrap().extend([refusal(), refusal()]);
        let entry = app.register_by(app.first, &reachable(1), SEEN, "one").await.unwrap();
        app.tick().await;
        app.tick().await;
        assert_eq!(
            states(&app, entry).await,
            [
                (NoticeKind::Receipt, Way::Sms, NoticeState::Rejected),
                (NoticeKind::Receipt, Way::Email, NoticeState::Rejected),
                (NoticeKind::Receipt, Way::Letter, NoticeState::Pending),
            ]
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_is_unknown_and_never_sent_again_the_same_way() {
    on_both(async |app| {
        app.gateway.failures.lock().unwrap().push(SendError::Unknown("the answer was lost".into()));
        let entry = app.register_by(app.first, &reachable(1), SEEN, "one").await.unwrap();
        app.tick().await;
        app.pass(TimeDelta::hours(2)).await;
        let told = states(&app, entry).await;
        assert_eq!(told[0], (NoticeKind::Receipt, Way::Sms, NoticeState::Unknown));
        assert_eq!(told[1], (NoticeKind::Receipt, Way::Email, NoticeState::Accepted));
        assert_eq!(app.gateway.sent.lock().unwrap().len(), 1, "by e-mail, once");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_not_sent_is_tried_again_later() {
    on_both(async |app| {
        app.gateway.failures.lock().unwrap().push(SendError::NotSent("no connection".into()));
        let entry = app.register_by(app.first, &reachable(1), SEEN, "one").await.unwrap();
        app.tick().await;
        assert_eq!(states(&app, entry).await, [(NoticeKind::Receipt, Way::Sms, NoticeState::Pending)]);
        app.pass(TimeDelta::minutes(15)).await;
        assert_eq!(states(&app, entry).await, [(NoticeKind::Receipt, Way::Sms, NoticeState::Accepted)]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_wakes_with_a_stale_lease_changes_nothing() {
    on_both(async |app| {
        let store = &app.app.store;
        app.register_by(app.first, &reachable(1), SEEN, "one").await.unwrap();
        let lease = TimeDelta::seconds(30);
        let until = app.app.real.now() + lease;
        let first =
            store.lease_notices(Way::Sms, app.now(), app.app.real.now(), until, 10).await.unwrap().remove(0);
        assert!(
            store.lease_notices(Way::Sms, app.now(), app.app.real.now(), until, 10).await.unwrap().is_empty()
        );
        // The first sender sleeps through its lease; another one takes over.
        let later = app.real.advance(lease * 2);
        let second =
            store.lease_notices(Way::Sms, app.now(), later, later + lease, 10).await.unwrap().remove(0);
        assert_eq!((second.id, second.lease_epoch), (first.id, first.lease_epoch + 1));
        assert!(!store.begin_sending(first.id, first.lease_epoch, later, app.now()).await.unwrap());
        assert!(store.begin_sending(second.id, second.lease_epoch, later, app.now()).await.unwrap());
        let accepted = |id: &str| Settlement::Accepted { gateway_id: id.into() };
        assert!(
            !store.settle_notice(first.id, first.lease_epoch, accepted("stale"), app.now()).await.unwrap()
        );
        assert!(
            store.settle_notice(second.id, second.lease_epoch, accepted("good"), app.now()).await.unwrap()
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sender_that_dies_while_sending_leaves_an_unknown_and_the_next_way_takes_over() {
    on_both(async |app| {
        let store = &app.app.store;
        let entry = app.register_by(app.first, &reachable(1), SEEN, "one").await.unwrap();
        let until = app.app.real.now() + TimeDelta::seconds(30);
        let leased =
            store.lease_notices(Way::Sms, app.now(), app.app.real.now(), until, 10).await.unwrap().remove(0);
        assert!(
            store.begin_sending(leased.id, leased.lease_epoch, app.app.real.now(), app.now()).await.unwrap()
        );
        app.real.advance(TimeDelta::minutes(2));
        send_due(&app.app, &Stop::never()).await.unwrap();
        let told = states(&app, entry).await;
        assert_eq!(told[0], (NoticeKind::Receipt, Way::Sms, NoticeState::Unknown));
        assert_eq!(told[1].1, Way::Email);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_given_back_slot_is_not_reminded_of() {
    on_both(async |app| {
        app.staff("alice", Role::Agent).await;
        let entry = app.register_by(app.first, &reachable(1), SEEN, "one").await.unwrap();
        app.publish(app.first, 1, 6, 1, 1).await;
        app.pass(TimeDelta::days(2)).await;
        let live = app.app.store.live_convocation(entry).await.unwrap().unwrap();
        counter::give_back(&app.app, live.id, Actor::Holder(entry)).await.unwrap();
        app.pass(TimeDelta::days(5)).await;
        let told = states(&app, entry).await;
        assert!(told.contains(&(NoticeKind::Reminder, Way::Sms, NoticeState::Superseded)), "{told:?}");
        assert!(told.contains(&(NoticeKind::Cancellation, Way::Sms, NoticeState::Accepted)), "{told:?}");
    })
    .await;
}

fn sms_only(n: u32) -> Registration {
    Registration { email: String::new(), phone: format!("06 39 98 01 {n:02}"), ..reachable(n) }
}

fn sms_sent(app: &TestApp) -> usize {
    sent_by(app, Way::Sms)
}

fn sent_by(app: &TestApp, way: Way) -> usize {
    app.gateway.sent.lock().unwrap().iter().filter(|sent| sent.way == way).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_leave_for_a_day_goes_by_the_next_way() {
    on_both(async |app| {
        let entry = app.register_by(app.first, &reachable(1), SEEN, "one").await.unwrap();
        let down = || SendError::Misconfigured("the token is wrong".into());
        app.gateway.failures.lock().unwrap().extend(std::iter::repeat_with(down).take(400));
        app.pass(TimeDelta::hours(20)).await;
        assert_eq!(states(&app, entry).await, [(NoticeKind::Receipt, Way::Sms, NoticeState::Pending)]);
        app.pass(TimeDelta::days(5)).await;
        let told = states(&app, entry).await;
        assert_eq!(told[0], (NoticeKind::Receipt, Way::Sms, NoticeState::Rejected), "{told:?}");
        assert_eq!(told[1].1, Way::Email, "{told:?}");
    })
    .await;
}

/// Takes what is due under a lease and stops before any leaves, as often as said.
async fn stopped_batches(app: &TestApp, times: usize) {
    for _ in 0..times {
        let (tell, stop) = Stop::signal();
        tell.send(true).unwrap();
        send_due(&app.app, &stop).await.unwrap();
        app.real.advance(TimeDelta::minutes(2));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_that_is_told_to_stop_leaves_the_rest_for_the_next() {
    on_both(async |app| {
        for n in 0..5 {
            app.register_by(app.first, &sms_only(n), SEEN, &format!("key-{n}")).await.unwrap();
        }
        stopped_batches(&app, 1).await;
        assert_eq!(sms_sent(&app), 0);
        send_due(&app.app, &Stop::never()).await.unwrap();
        assert_eq!(sms_sent(&app), 5, "each once");
        app.assert_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_pestered_through_batches_that_end_early_either() {
    on_both(async |app| {
        for n in 0..12 {
            let typed = Registration { phone: "06 39 98 00 11".into(), ..sms_only(n) };
            app.register_by(app.first, &typed, SEEN, &format!("key-{n}")).await.unwrap();
        }
        stopped_batches(&app, 3).await;
        assert_eq!(sms_sent(&app), 0);
        app.tick().await;
        assert_eq!(sms_sent(&app), 10);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_attempts_are_counted_against_a_notice_not_leases() {
    on_both(async |app| {
        let entry = app.register_by(app.first, &reachable(1), SEEN, "one").await.unwrap();
        stopped_batches(&app, 150).await;
        app.gateway.failures.lock().unwrap().push(SendError::NotSent("no connection".into()));
        app.tick().await;
        assert_eq!(states(&app, entry).await, [(NoticeKind::Receipt, Way::Sms, NoticeState::Pending)]);
        app.pass(TimeDelta::minutes(15)).await;
        assert_eq!(states(&app, entry).await, [(NoticeKind::Receipt, Way::Sms, NoticeState::Accepted)]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_gateway_of_sms_does_not_hold_up_emails() {
    on_both(async |app| {
        let by_email = Registration { phone: String::new(), ..reachable(2) };
        app.register_by(app.first, &reachable(1), SEEN, "by-sms").await.unwrap();
        app.register_by(app.first, &by_email, SEEN, "by-email").await.unwrap();
        let stall = app.gateway.stalls.lock().await;
        let running = app.app.clone();
        let sending = tokio::spawn(async move { send_due(&running, &Stop::never()).await });
        let left = async {
            while sent_by(&app, Way::Email) == 0 {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(10), left).await.expect("the e-mail waits for the SMS");
        assert_eq!(sms_sent(&app), 0);
        drop(stall);
        sending.await.unwrap().unwrap();
        assert_eq!(sms_sent(&app), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_way_that_the_installation_cannot_send_is_passed_over() {
    on_both(async |mut app| {
        let carriers = app.gateway.carriers(&[Way::Sms]);
        Arc::get_mut(&mut app.app).unwrap().carriers = carriers;
        let by_email = Registration { phone: String::new(), ..reachable(1) };
        let email = app.register_by(app.first, &by_email, SEEN, "by-email").await.unwrap();
        app.tick().await;
        assert_eq!(states(&app, email).await, [(NoticeKind::Receipt, Way::Letter, NoticeState::Pending)]);
        let refusal = SendError::Refused { code: "21211".into(), reason: "not a number".into() };
        app.gateway.failures.lock().unwrap().push(refusal);
        let both = app.register_by(app.first, &reachable(2), SEEN, "both").await.unwrap();
        app.tick().await;
        app.tick().await;
        assert_eq!(
            states(&app, both).await,
            [
                (NoticeKind::Receipt, Way::Sms, NoticeState::Rejected),
                (NoticeKind::Receipt, Way::Letter, NoticeState::Pending),
            ]
        );
        assert!(app.gateway.sent.lock().unwrap().is_empty());
        app.assert_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_notice_takes_nothing_over() {
    on_both(async |app| {
        app.gateway.failures.lock().unwrap().push(SendError::Unknown("the answer was lost".into()));
        app.register_by(app.first, &reachable(1), SEEN, "one").await.unwrap();
        app.clock.advance(TimeDelta::minutes(1));
        send_due(&app.app, &Stop::never()).await.unwrap();
        app.assert_sound().await;
        let older = "UPDATE notice SET created_at = (SELECT e.registered_at FROM entry e WHERE e.id = notice.entry_id)
            WHERE way = 'email'";
        assert_eq!(app.raw(older).await, 1);
        let faults = passage::flow::check::faults(&app.app).await.unwrap();
        assert_eq!(faults, ["1 × a notice lost or refused that no other way took over"]);
    })
    .await;
}

/// The letter of a kind that is about a convocation.
async fn letter_of(app: &TestApp, entry: EntryId, kind: NoticeKind, about: ConvocationId) -> letter::Sheet {
    let notices = app.app.store.notices_of(entry).await.unwrap();
    let mut one = notices.iter().filter(|one| one.kind == kind && one.convocation_id == Some(about));
    letter::sheet(
        &app.app,
        &one.next().expect("it was owed").clone().into(),
        passage::flow::people::Reader::Program,
    )
    .await
    .unwrap()
}

fn day_and_time(record: &CounterRecord) -> [String; 2] {
    let date = Zone::PARIS.local_date(record.starts_at);
    [Lang::Fr.date(date), Lang::Fr.time(record.starts_at, Zone::PARIS)]
}

/// Somebody wins the only slot, three weeks ahead, within a week.
async fn convoked(app: &TestApp, entry: EntryId) -> CounterRecord {
    app.publish(app.renewal, 1, 20, 1, 1).await;
    app.pass(TimeDelta::days(7)).await;
    app.app.store.live_convocation(entry).await.unwrap().expect("the only one who waits")
}

/// Ends the convocation of somebody who is reached by letters, lets them win again, and answers both.
async fn ended_and_convoked_again(
    app: &TestApp,
    end: impl AsyncFn(&CounterRecord),
) -> (EntryId, CounterRecord, CounterRecord) {
    let nowhere = Registration { phone: String::new(), email: String::new(), ..reachable(1) };
    let entry = app.register_by(app.renewal, &nowhere, SEEN, "one").await.unwrap();
    let old = convoked(app, entry).await;
    end(&old).await;
    let new = convoked(app, entry).await;
    assert_ne!(day_and_time(&old)[0], day_and_time(&new)[0]);
    (entry, old, new)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_apology_names_its_own_day_and_says_that_the_new_appointment_stands() {
    on_both(async |app| {
        let manager = Actor::Staff(app.staff("alice", Role::Manager).await);
        let (entry, old, new) = ended_and_convoked_again(&app, async |old: &CounterRecord| {
            slots::withdraw(&app.app, old.slot_id, "guichet fermé", manager).await.unwrap();
            let before = letter_of(&app, old.entry_id, NoticeKind::Apology, old.id).await.rendered.text;
            assert!(before.contains("Votre demande attend de nouveau"), "{before}");
        })
        .await;
        let apology = letter_of(&app, entry, NoticeKind::Apology, old.id).await;
        let text = apology.rendered.text;
        for words in [day_and_time(&old), day_and_time(&new)].concat() {
            assert!(text.contains(&words), "{words}: {text}");
        }
        assert!(text.contains("Il reste valable") && !text.contains("attend de nouveau"), "{text}");
        assert!(!apology.has_ended, "it is still to be read");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_that_is_printed_again_is_about_its_own_appointment_and_says_that_it_has_ended() {
    on_both(async |app| {
        let (entry, old, new) = ended_and_convoked_again(&app, async |old: &CounterRecord| {
            counter::give_back(&app.app, old.id, Actor::Holder(old.entry_id)).await.unwrap();
            slots::withdraw(&app.app, old.slot_id, "guichet fermé", Actor::System).await.unwrap();
        })
        .await;
        let [old_words, new_words] = [day_and_time(&old), day_and_time(&new)];
        let copy = letter_of(&app, entry, NoticeKind::Convocation, old.id).await;
        assert!(copy.has_ended);
        assert!(old_words.iter().all(|words| copy.rendered.text.contains(words)), "{}", copy.rendered.text);
        assert!(!copy.rendered.text.contains(&new_words[0]), "{}", copy.rendered.text);
        let live = letter_of(&app, entry, NoticeKind::Convocation, new.id).await;
        assert!(!live.has_ended && live.rendered.text.contains(&new_words[0]), "{}", live.rendered.text);
        let cancellation = letter_of(&app, entry, NoticeKind::Cancellation, old.id).await.rendered.text;
        assert!(
            cancellation.contains(&old_words[0]) && cancellation.contains(&new_words[0]),
            "{cancellation}"
        );
    })
    .await;
}
