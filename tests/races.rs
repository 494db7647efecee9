//! Races: two things happen at once, or a machine continues after a long pause. Each of these was found by
//! trying to break the program.

mod common;
#[path = "races/two_transactions.rs"]
mod two_transactions;

use chrono::{DateTime, Days, TimeDelta, Timelike, Utc};
use common::{TestApp, on_both, person};
use passage::domain::actor::{Actor, Channel, Role};
use passage::domain::entry::{ConvocationEvent, EntryState};
use passage::domain::ids::QueueId;
use passage::domain::local_time::Zone;
use passage::domain::notice::{NoticeKind, NoticeState, Way};
use passage::domain::rules::{Rules, Scope};
use passage::flow::register::{Desk, Registration};
use passage::flow::{announce, counter, entries, freeze, relocation, rules, slots};
use passage::notify::SendError;
use passage::scheduler;
use passage::store::commands::Settlement;
use passage::store::records::{DrawRecord, DrawState};

const SEEN: Desk = Desk { channel: Channel::Counter, document_seen: true, ..Desk::ONLINE };
fn sms_only(n: u32) -> Registration {
    Registration { phone: "06 39 98 00 11".into(), email: String::new(), language: "fr".into(), ..person(n) }
}
async fn newest(app: &TestApp, queue: QueueId) -> DrawRecord {
    app.app.store.draws_of(queue, 1).await.unwrap().remove(0)
}
async fn reach(app: &TestApp, at: DateTime<Utc>) {
    app.pass(at - app.now()).await;
}
async fn managers(app: &TestApp) -> [passage::domain::ids::StaffId; 2] {
    [app.staff("alice", Role::Manager).await, app.staff("bob", Role::Manager).await]
}
async fn new_rules(app: &TestApp, queue: QueueId, with: impl FnOnce(&mut Rules)) {
    let [a, b] = managers(app).await;
    let mut r = app.app.store.rules(queue, 1).await.unwrap();
    with(&mut r);
    let v = rules::propose(&app.app, queue, r, "Essai de règles", a).await.unwrap();
    rules::approve(&app.app, queue, v, b).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_that_cannot_be_written_stops_no_other() {
    on_both(async |app| {
        app.leaves("a receipt whose telephone cannot be opened");
        app.register_by(app.first, &sms_only(1), SEEN, "a").await.unwrap();
        app.clock.advance(TimeDelta::seconds(1));
        app.raw("UPDATE applicant SET phone = birth_name").await;
        app.register_by(app.first, &sms_only(2), SEEN, "b").await.unwrap();
        for _ in 0..20 {
            app.clock.advance(TimeDelta::minutes(5));
            app.real.advance(TimeDelta::minutes(5));
            scheduler::tick(&app.app).await;
        }
        assert_eq!(app.gateway.sent.lock().unwrap().len(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_sweeps_warn_once_and_close_once() {
    on_both(async |app| {
        let app = std::sync::Arc::new(app);
        let mut es = Vec::new();
        for n in 0..20 {
            es.push(app.register_by(app.first, &person(n), Desk::ONLINE, &format!("k{n}")).await.unwrap());
        }
        for (day, kind) in
            [(47, NoticeKind::IdentityWarning), (58, NoticeKind::IdentityWarning), (62, NoticeKind::Closure)]
        {
            let start: DateTime<Utc> = common::START.parse().unwrap();
            app.clock.set(start + TimeDelta::days(day));
            let now = app.now();
            let mut js = Vec::new();
            for _ in 0..8 {
                let a = app.app.clone();
                js.push(tokio::spawn(async move { a.store.sweep_unverified(now).await }));
            }
            for j in js {
                j.await.unwrap().unwrap();
            }
            for e in &es {
                let n = app
                    .app
                    .store
                    .notices_of(*e)
                    .await
                    .unwrap()
                    .iter()
                    .filter(|n| n.kind == kind && n.created_at == now)
                    .count();
                assert_eq!(n, 1, "{kind} on day {day}");
            }
            // The next step waits until the warning has left.
            passage::flow::outbox::send_due(&app.app, &passage::flow::stop::Stop::never()).await.unwrap();
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sweep_does_not_close_who_was_verified_meanwhile() {
    on_both(async |app| {
        if !app.is_pg() {
            return;
        }
        let e = app.register_by(app.first, &person(1), Desk::ONLINE, "k").await.unwrap();
        app.raw("UPDATE entry SET identity_warnings = 2").await;
        app.clock.advance(TimeDelta::days(61));
        let pool = app.pg().await;
        let mut tx = pool.begin().await.unwrap();
        sqlx::query(
            "UPDATE entry SET state = 'waiting', identity_how = 'document', identity_verified_at = now()",
        )
        .execute(&mut *tx)
        .await
        .unwrap();
        let (a, now) = (app.app.clone(), app.now());
        let sweep = tokio::spawn(async move { a.store.sweep_unverified(now).await });
        tokio::time::sleep(std::time::Duration::from_millis(400)).await;
        tx.commit().await.unwrap();
        sweep.await.unwrap().unwrap();
        assert_eq!(app.app.store.entry(e).await.unwrap().unwrap().state, EntryState::Waiting);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn shorter_identity_days_close_nobody_within_minutes() {
    on_both(async |app| {
        let e = app.register_by(app.first, &person(1), Desk::ONLINE, "k").await.unwrap();
        app.pass(TimeDelta::days(20)).await;
        new_rules(&app, app.first, |r| r.identity_days = 7).await;
        app.pass(TimeDelta::hours(1)).await;
        assert_eq!(app.app.store.entry(e).await.unwrap().unwrap().state, EntryState::AwaitingIdentity);
        app.pass(TimeDelta::days(10)).await;
        assert_eq!(app.app.store.entry(e).await.unwrap().unwrap().state, EntryState::Closed);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scheduler_with_old_news_annuls_no_published_draw() {
    on_both(async |app| {
        app.register(app.first, 1).await;
        app.publish(app.first, 1, 4, 5, 1).await;
        app.tick().await;
        let stale = newest(&app, app.first).await;
        assert_eq!(stale.state, DrawState::Announced);
        reach(&app, stale.seed_at).await;
        let _ = freeze::freeze(&app.app, &stale).await;
        let draw = app.app.store.draw(stale.id).await.unwrap().unwrap();
        assert_eq!(draw.state, DrawState::Published, "{:?}", draw.annul_reason);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_shortest_lead_that_is_accepted_can_be_kept() {
    on_both(async |app| {
        let [a, b] = managers(&app).await;
        for lead in 10..=20 {
            let mut r = app.app.store.rules(app.first, 1).await.unwrap();
            r.lead_minutes = lead;
            let Ok(v) = rules::propose(&app.app, app.first, r, "Essai de règles", a).await else { continue };
            rules::approve(&app.app, app.first, v, b).await.unwrap();
            break;
        }
        app.tick().await;
        let draw = newest(&app, app.first).await;
        app.clock.set(draw.freeze_at + TimeDelta::milliseconds(250));
        app.tick().await;
        let draw = app.app.store.draw(draw.id).await.unwrap().unwrap();
        assert_eq!(draw.state, DrawState::Frozen, "{:?}", draw.annul_reason);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draw_is_announced_under_the_rules_it_names() {
    on_both(async |app| {
        let old = app.app.store.directory().await.unwrap();
        new_rules(&app, app.first, |r| {
            r.timetable = "0 12 * * *".into();
            r.lead_minutes = 60;
        })
        .await;
        let _ = announce::announce(
            &app.app,
            old.queue(app.first).unwrap(),
            old.prefecture(app.prefecture).unwrap(),
        )
        .await;
        app.tick().await;
        let draw = newest(&app, app.first).await;
        assert_eq!(draw.rules_version, 2);
        assert_eq!(
            (Zone::PARIS.local(draw.freeze_at).hour(), draw.seed_at - draw.freeze_at),
            (12, TimeDelta::minutes(60))
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn new_rules_lapse_nothing_of_the_announced_draw() {
    on_both(async |app| {
        app.register(app.first, 1).await;
        app.publish(app.first, 1, 4, 5, 2).await;
        app.tick().await;
        new_rules(&app, app.first, |r| {
            r.notice_min_days = 14;
            r.horizon_days = 60;
        })
        .await;
        app.tick().await;
        let draw = newest(&app, app.first).await;
        reach(&app, draw.seed_at).await;
        let draw = app.app.store.draw(draw.id).await.unwrap().unwrap();
        assert_eq!(draw.rules_version, 1);
        assert!(draw.slot_count.unwrap() > 0, "its slots have lapsed under rules not in force");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_moved_after_the_freeze_is_not_convoked_for_the_wrong_queue() {
    on_both(async |app| {
        let two = managers(&app).await;
        let e = app.register(app.first, 1).await;
        app.publish(app.first, 1, 4, 5, 1).await;
        app.tick().await;
        let draw = newest(&app, app.first).await;
        reach(&app, draw.freeze_at).await;
        app.move_to(e, app.renewal, two).await;
        reach(&app, draw.seed_at).await;
        let entry = app.app.store.entry(e).await.unwrap().unwrap();
        assert_eq!((entry.queue_id, entry.state), (app.renewal, EntryState::Waiting));
        assert_eq!(app.app.store.draw(draw.id).await.unwrap().unwrap().winner_count, Some(1));
        app.assert_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draw_annulled_after_the_next_was_announced_is_named_by_a_later_one() {
    on_both(async |app| {
        let [a, b] = managers(&app).await;
        app.register(app.first, 1).await;
        app.publish(app.first, 1, 4, 5, 1).await;
        app.tick().await;
        let first = newest(&app, app.first).await;
        reach(&app, first.seed_at).await;
        app.app.store.propose_annulment(first.id, "erreur constatée".into(), a, app.now()).await.unwrap();
        app.app.store.approve_annulment(first.id, b, app.now()).await.unwrap();
        app.pass(TimeDelta::days(3)).await;
        let all = app.app.store.draws_of(app.first, 10).await.unwrap();
        assert_eq!(all.iter().filter(|d| d.previous == Some(first.id)).count(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_scope_does_not_change_under_people_who_came_since_the_proposal() {
    on_both(async |app| {
        let [a, b] = managers(&app).await;
        let mut r = app.app.store.rules(app.first, 1).await.unwrap();
        assert_eq!(r.scope, Scope::Installation);
        r.scope = Scope::Prefecture;
        let v = rules::propose(&app.app, app.first, r, "Essai de règles", a).await.unwrap();
        app.register_by(app.first, &person(1), SEEN, "one").await.unwrap();
        let done = rules::approve(&app.app, app.first, v, b).await;
        let again = app.register_by(app.first, &person(1), SEEN, "two").await;
        assert!(done.is_err() && again.is_err(), "two live entries for one person: {done:?} {again:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_letter_convokes_to_an_appointment_that_has_ended() {
    on_both(async |app| {
        let e = app.register_by(app.first, &sms_only(1), SEEN, "one").await.unwrap();
        app.publish(app.first, 1, 6, 1, 1).await;
        app.tick().await;
        let draw = newest(&app, app.first).await;
        app.pass(draw.seed_at - app.now()).await;
        let live = app.app.store.live_convocation(e).await.unwrap().unwrap();
        let due = app
            .app
            .store
            .notices_of(e)
            .await
            .unwrap()
            .iter()
            .find(|n| n.kind == NoticeKind::Convocation)
            .unwrap()
            .due_at;
        app.clock.set(due);
        let store = &app.app.store;
        let leased = store
            .lease_notices(
                Way::Sms,
                app.now(),
                app.app.real.now(),
                app.app.real.now() + TimeDelta::seconds(60),
                10,
            )
            .await
            .unwrap();
        let n = leased.iter().find(|n| n.kind == NoticeKind::Convocation).unwrap();
        assert!(store.begin_sending(n.id, n.lease_epoch, app.app.real.now(), app.now()).await.unwrap());
        counter::give_back(&app.app, live.id, Actor::Holder(e)).await.unwrap();
        store
            .settle_notice(n.id, n.lease_epoch, Settlement::Rejected { detail: "x".into() }, app.now())
            .await
            .unwrap();
        let open: Vec<_> = store
            .notices_of(e)
            .await
            .unwrap()
            .into_iter()
            .filter(|n| {
                n.kind == NoticeKind::Convocation && n.way == Way::Letter && n.state == NoticeState::Pending
            })
            .collect();
        assert!(open.is_empty(), "{open:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_tried_again_leaves_outside_quiet_hours_too() {
    on_both(async |app| {
        // 19:58 in Paris.
        app.clock.set("2027-01-08T18:58:00Z".parse().unwrap());
        app.gateway.failures.lock().unwrap().push(SendError::NotSent("no connection".into()));
        app.register_by(app.first, &sms_only(1), SEEN, "one").await.unwrap();
        app.tick().await;
        app.pass(TimeDelta::hours(3)).await;
        assert!(app.gateway.sent.lock().unwrap().is_empty(), "an SMS left at night");
        app.pass(TimeDelta::hours(11)).await;
        assert_eq!(app.gateway.sent.lock().unwrap().len(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_machine_that_was_off_wakes_nobody_at_night() {
    on_both(async |app| {
        app.register_by(app.first, &sms_only(1), SEEN, "one").await.unwrap();
        app.clock.set("2027-01-09T02:00:00Z".parse().unwrap());
        app.tick().await;
        assert!(app.gateway.sent.lock().unwrap().is_empty(), "an SMS left at 3 in the morning");
        app.pass(TimeDelta::hours(6)).await;
        assert_eq!(app.gateway.sent.lock().unwrap().len(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_wrong_counter_proposes_a_move_and_both_stand_in_the_log() {
    on_both(async |app| {
        let [a, b] = managers(&app).await;
        let e = app.register(app.first, 1).await;
        app.publish(app.first, 1, 6, 1, 1).await;
        app.pass(TimeDelta::days(1)).await;
        let live = app.app.store.live_convocation(e).await.unwrap().unwrap();
        app.clock.set(live.starts_at);
        counter::tick(&app.app, live.id, ConvocationEvent::WrongCounter, "", Some(app.renewal), a)
            .await
            .unwrap();
        let entry = async || app.app.store.entry(e).await.unwrap().unwrap();
        assert_eq!(entry().await.state, EntryState::Convoked, "it can be corrected until the evening");
        assert!(app.app.store.relocation_open(e).await.unwrap().is_none());
        app.pass(TimeDelta::hours(12)).await;
        assert_eq!((entry().await.queue_id, entry().await.state), (app.first, EntryState::Waiting));
        let open = app.app.store.relocation_open(e).await.unwrap().unwrap();
        relocation::approve(&app.app, open.id, b).await.unwrap();
        assert_eq!(entry().await.queue_id, app.renewal);
        let log = app.app.store.audit_of(format!("entry:{e}")).await.unwrap();
        for action in ["entry.move_proposed", "entry.moved"] {
            assert!(log.iter().any(|row| row.action == action), "{action}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_label_stays_with_the_queue_whose_rules_name_it() {
    on_both(async |app| {
        let two @ [a, b] = managers(&app).await;
        let e = app.register(app.first, 1).await;
        entries::grant(&app.app, e, 2, "orientée par un service", a).await.unwrap();
        let open = app.app.store.privileges_pending(app.prefecture).await.unwrap().remove(0).id;
        entries::approve_priority(&app.app, open, b).await.unwrap();
        assert_eq!(app.app.store.entry(e).await.unwrap().unwrap().standing.labels.0, [2]);
        app.move_to(e, app.renewal, two).await;
        assert!(app.app.store.entry(e).await.unwrap().unwrap().standing.labels.0.is_empty());
        app.move_to(e, app.first, two).await;
        entries::grant(&app.app, e, 2, "orientée par un service", a).await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_queue_with_broken_rules_holds_no_other_up() {
    on_both(async |app| {
        let id =
            if app.is_pg() { format!("'{}'", app.renewal) } else { format!("X'{}'", app.renewal.0.simple()) };
        let to = if app.is_pg() {
            "jsonb_set(body, '{timetable}', '\"never\"')"
        } else {
            "json_set(body, '$.timetable', 'never')"
        };
        assert_eq!(app.raw(&format!("UPDATE rules SET body = {to} WHERE queue_id = {id}")).await, 1);
        scheduler::tick(&app.app).await;
        assert_eq!(app.app.store.active_draws().await.unwrap().len(), 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_zero_byte_is_no_server_error() {
    on_both(async |app| {
        let login = passage::flow::staff::log_in(&app.app, "a\0b", "x", "").await;
        assert!(matches!(login, Err(passage::flow::FlowError::Refused(_))), "{:?}", login.err());
        app.publish(app.first, 1, 6, 1, 1).await;
        let s =
            app.app.store.slots_between(app.prefecture, app.now(), app.now() + Days::new(30)).await.unwrap();
        let done = slots::withdraw(&app.app, s[0].id, "fermé\0fermé", Actor::System).await;
        assert!(matches!(done, Ok(_) | Err(passage::flow::FlowError::Invalid(_))), "{done:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slot_whose_holder_was_served_is_not_said_to_be_withdrawn() {
    on_both(async |app| {
        let [a, _] = managers(&app).await;
        let e = app.register(app.first, 1).await;
        app.publish(app.first, 1, 6, 1, 1).await;
        app.pass(TimeDelta::days(1)).await;
        let live = app.app.store.live_convocation(e).await.unwrap().unwrap();
        app.clock.set(live.starts_at - TimeDelta::minutes(30));
        counter::tick(&app.app, live.id, ConvocationEvent::Attend, "", None, a).await.unwrap();
        let n = slots::close_day(
            &app.app,
            live.site_id,
            live.starts_at.date_naive(),
            "panne générale",
            Actor::Staff(a),
        )
        .await
        .unwrap();
        assert_eq!(n, (0, false));
        assert!(slots::withdraw(&app.app, live.slot_id, "panne générale", Actor::Staff(a)).await.is_err());
    })
    .await;
}
