//! The jobs of the scheduler: none waits for another, a failure is seen and survived, a stop ends soon, and
//! where nothing is due nothing is written.

mod common;

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use common::{TestApp, on_both, person};
use passage::domain::actor::{Channel, Role};
use passage::domain::ids::QueueId;
use passage::domain::notice::{NoticeState, Way};
use passage::domain::slot::SlotState;
use passage::domain::staff::SessionStage;
use passage::flow::FlowError;
use passage::flow::register::{Desk, Registration};
use passage::scheduler::{self, Job, Ran};
use passage::store::commands::NewSession;
use passage::store::commands::{Compose, Composed};
use passage::store::records::{DrawRecord, DrawState};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

const EVERY: Duration = Duration::from_millis(10);
const PATIENCE: Duration = Duration::from_secs(8);
/// What an operator may count on.
const STOP_MAX: Duration = Duration::from_secs(10);

const SEEN: Desk = Desk { channel: Channel::Counter, document_seen: true, ..Desk::ONLINE };

async fn newest(app: &TestApp, queue: QueueId) -> DrawRecord {
    app.app.store.draws_of(queue, 1).await.unwrap().remove(0)
}

/// People whose receipts are due by SMS.
async fn register_reachable(app: &TestApp, queue: QueueId, numbers: std::ops::Range<u32>) {
    for n in numbers {
        let typed = Registration { phone: format!("06 39 98 01 {n:02}"), ..person(n) };
        app.register_by(queue, &typed, SEEN, &format!("reachable-{n}")).await.unwrap();
    }
}

/// How many SMS of the queue are in a state.
async fn sms_in(app: &TestApp, state: NoticeState) -> u64 {
    // A change that changes nothing: it answers how many there are.
    let (state, way) = (state.as_str(), Way::Sms.as_str());
    app.raw(&format!("UPDATE notice SET detail = detail WHERE state = '{state}' AND way = '{way}'")).await
}

/// The scheduler as in production, and how to stop it.
fn running(app: &TestApp) -> (oneshot::Sender<()>, JoinHandle<()>) {
    let (stop, stopped) = oneshot::channel();
    let work = Arc::clone(&app.app);
    let task = tokio::spawn(async move { scheduler::run(&work, EVERY, async { drop(stopped.await) }).await });
    (stop, task)
}

async fn until(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let start = Instant::now();
    while !is_so().await {
        assert!(start.elapsed() < PATIENCE, "{what}");
        tokio::time::sleep(EVERY).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_that_stalls_delays_no_freeze_and_no_stop() {
    on_both(async |app| {
        app.register(app.first, 1).await;
        app.publish(app.first, 1, 4, 5, 4).await;
        app.tick().await;
        register_reachable(&app, app.renewal, 10..15).await;
        let asked_before = app.gateway.asked.load(Ordering::SeqCst);
        *app.gateway.stall.lock().unwrap() = Duration::from_secs(30);

        let (stop, task) = running(&app);
        until("an SMS is under way", async || app.gateway.asked.load(Ordering::SeqCst) > asked_before).await;
        app.clock.set(newest(&app, app.first).await.freeze_at);
        until("the list waits for an SMS", async || newest(&app, app.first).await.state == DrawState::Frozen)
            .await;

        let begun = Instant::now();
        stop.send(()).unwrap();
        task.await.unwrap();
        assert!(begun.elapsed() < STOP_MAX, "the stop took {:?}", begun.elapsed());
        assert_eq!(app.gateway.asked.load(Ordering::SeqCst), asked_before + 1);
        // Whether the one under way has left nobody can know; no other was begun.
        assert_eq!(sms_in(&app, NoticeState::Sending).await, 1);
        assert_eq!(sms_in(&app, NoticeState::Pending).await, 4);
        *app.gateway.stall.lock().unwrap() = Duration::ZERO;
        app.real.advance(TimeDelta::minutes(2));
        app.tick().await;
        assert_eq!(sms_in(&app, NoticeState::Unknown).await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_comes_between_two_notices() {
    let app = TestApp::sqlite().await;
    register_reachable(&app, app.renewal, 10..18).await;
    *app.gateway.stall.lock().unwrap() = Duration::from_millis(400);
    let (stop, task) = running(&app);
    until("an SMS is under way", async || app.gateway.asked.load(Ordering::SeqCst) > 0).await;
    let begun = Instant::now();
    stop.send(()).unwrap();
    task.await.unwrap();
    assert!(begun.elapsed() < Duration::from_secs(2), "the stop took {:?}", begun.elapsed());
    let sent = app.gateway.sent.lock().unwrap().len() as u64;
    assert!((1..8).contains(&sent), "{sent} were sent");
    assert_eq!(sms_in(&app, NoticeState::Accepted).await, sent, "the one under way was settled");
    assert_eq!(sms_in(&app, NoticeState::Sending).await, 0);
}

/// A job whose first run goes otherwise than the later ones.
fn at_first(name: &'static str, first: fn() -> Ran) -> Job {
    let turn = Arc::new(AtomicU32::new(0));
    Job::new(name, EVERY, move |_, _| {
        let is_first = turn.fetch_add(1, Ordering::SeqCst) == 0;
        Box::pin(async move { if is_first { first() } else { Ran::default() } })
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_panics_or_fails_is_seen_in_its_heartbeat_and_goes_on() {
    let app = TestApp::sqlite().await;
    let panicking = at_first("panicking", || panic!("the first run goes wrong"));
    let failing = at_first("failing", || {
        let mut ran = Ran::default();
        ran.failed("the first run", &FlowError::Internal("nothing answers".to_owned()));
        ran
    });
    let hanging = Job::new("hanging", EVERY, |_, stop| {
        Box::pin(async move {
            stop.requested().await;
            Ran::default()
        })
    });
    let (stop, stopped) = oneshot::channel::<()>();
    let work = Arc::clone(&app.app);
    let task = tokio::spawn(async move {
        scheduler::run_jobs(&work, vec![panicking, failing, hanging], async { drop(stopped.await) }).await;
    });
    let beats = &app.app.heartbeats;
    for (name, fault) in [
        ("panicking", "panicking: it panicked: the first run goes wrong"),
        ("failing", "the first run: nothing answers"),
    ] {
        until("a job goes on after it failed", async || beats.of(name).is_some_and(|beat| beat.runs >= 3))
            .await;
        let beat = beats.of(name).unwrap();
        assert_eq!((beat.failures, beat.succeeded_at), (1, Some(app.app.real.now())));
        assert_eq!(beat.fault.unwrap().what, fault);
    }

    app.real.advance(TimeDelta::minutes(6));
    let hangs = beats.of("hanging").unwrap();
    assert!(hangs.is_running && hangs.silent_for(app.app.real.now()).is_some());
    stop.send(()).unwrap();
    task.await.unwrap();
    assert_eq!(beats.of("hanging").unwrap().runs, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_job_of_the_scheduler_has_a_heartbeat() {
    let app = TestApp::sqlite().await;
    let names = || app.app.heartbeats.all().iter().map(|beat| beat.name).collect::<Vec<_>>();
    app.tick().await;
    assert_eq!(names(), ["draws", "expiry", "log", "outbox", "sweeps"]);
    let (stop, task) = running(&app);
    until("a witness has its job too", async || names().contains(&"push")).await;
    stop.send(()).unwrap();
    task.await.unwrap();
    for beat in app.app.heartbeats.all() {
        assert!(beat.fault.is_none() && beat.runs > 0 && !beat.is_running, "{beat:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_freeze_that_no_job_does_is_found_by_the_deep_check() {
    let app = TestApp::sqlite().await;
    app.tick().await;
    let draw = newest(&app, app.first).await;
    app.clock.set(draw.freeze_at + TimeDelta::minutes(5));
    app.assert_sound().await;
    app.clock.advance(TimeDelta::seconds(1));
    let faults = passage::flow::check::faults(&app.app).await.unwrap();
    assert!(faults.len() == 1 && faults[0].contains("is not frozen"), "{faults:?}");
    app.tick().await;
    app.assert_sound().await;
}

/// Somebody else holds all that is written to: whoever would begin to write waits, and the tick is not over.
#[tokio::test(flavor = "multi_thread")]
async fn where_nothing_is_due_nothing_is_written() {
    on_both(async |app| {
        app.register(app.first, 1).await;
        app.register_by(app.first, &person(2), Desk::ONLINE, "declared").await.unwrap();
        app.publish(app.first, 1, 6, 5, 4).await;
        app.tick().await;
        app.tick().await;
        let mut held = if app.is_pg() {
            let mut held = app.pg().await.begin().await.unwrap();
            let tables: Vec<String> =
                sqlx::query_scalar("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'")
                    .fetch_all(&mut *held)
                    .await
                    .unwrap();
            let lock = format!("LOCK TABLE {} IN EXCLUSIVE MODE", tables.join(", "));
            sqlx::query(sqlx::AssertSqlSafe(lock)).execute(&mut *held).await.unwrap();
            Ok(held)
        } else {
            let file = sqlx::sqlite::SqliteConnectOptions::new().filename(app.database_path());
            let pool = sqlx::SqlitePool::connect_with(file).await.unwrap();
            Err(pool.begin_with("BEGIN IMMEDIATE").await.unwrap())
        };
        let done = tokio::time::timeout(Duration::from_secs(5), app.tick()).await;
        assert!(done.expect("a job began to write").is_idle());
        match &mut held {
            Ok(held) => drop(sqlx::query("SELECT 1").execute(&mut **held).await.unwrap()),
            Err(held) => drop(sqlx::query("SELECT 1").execute(&mut **held).await.unwrap()),
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn slots_of_all_queues_lapse_together_each_by_its_own_rules() {
    on_both(async |app| {
        // The least notice: first 3 days, renewal 6, naturalisation 10.
        app.publish(app.first, 1, 5, 1, 2).await;
        app.publish(app.renewal, 2, 5, 1, 3).await;
        app.publish(app.naturalisation, 3, 11, 1, 4).await;
        let lapsed = async |queue| app.app.store.figures(queue, app.now()).await.unwrap().lapsed_slots;
        let all =
            async || [lapsed(app.first).await, lapsed(app.renewal).await, lapsed(app.naturalisation).await];
        app.tick().await;
        assert_eq!(all().await, [0, 3, 0]);
        app.clock.advance(TimeDelta::days(3));
        app.tick().await;
        assert_eq!(all().await, [2, 3, 4]);
        for (queue, slots) in [(app.first, 2), (app.renewal, 3), (app.naturalisation, 4)] {
            let rows = app.app.store.audit_of(format!("queue:{queue}")).await.unwrap();
            let told: Vec<_> = rows.iter().filter(|row| row.action == "slots.lapsed").collect();
            assert_eq!(told.len(), 1);
            assert_eq!(told[0].detail["slots"], slots);
        }
        let to = app.now() + TimeDelta::days(30);
        let slots = app.app.store.slots_between(app.prefecture, app.now(), to).await.unwrap();
        assert!(slots.iter().all(|slot| slot.state == SlotState::Lapsed));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_to_retries_go_after_thirty_days_and_sessions_when_they_expire() {
    on_both(async |app| {
        let entry = app.register_by(app.first, &person(1), SEEN, "the same key").await.unwrap();
        let agent = app.staff("agent", Role::Agent).await;
        let (now, later) = (app.app.real.now(), app.app.real.now() + TimeDelta::hours(10));
        for (token, expires_at) in [(1_u8, now + TimeDelta::hours(9)), (2, later + TimeDelta::hours(1))] {
            let new = NewSession {
                token_hash: vec![token; 32],
                id: uuid::Uuid::from_u128(token.into()),
                staff: agent,
                stage: SessionStage::Full,
                csrf: vec![7; 32],
                browser: String::new(),
                expires_at,
                instead_of: None,
                id_token: None,
            };
            app.app.store.open_session(new, now).await.unwrap();
        }
        let rows = async |table: &str| app.raw(&format!("UPDATE {table} SET created_at = created_at")).await;
        app.clock.advance(TimeDelta::days(30));
        app.tick().await;
        let again = app.register_by(app.first, &person(1), SEEN, "the same key").await.unwrap();
        assert_eq!((again, rows("idempotency").await, rows("session").await), (entry, 1, 2));
        app.clock.advance(TimeDelta::seconds(1));
        app.real.set(later);
        app.tick().await;
        assert_eq!((rows("idempotency").await, rows("session").await), (0, 1));
        assert!(app.app.store.session(vec![2; 32], later, now - TimeDelta::days(1)).await.unwrap().is_some());
    })
    .await;
}

/// On one thread: while a list is made, nothing else could run on it.
#[tokio::test]
async fn a_list_that_takes_long_to_make_holds_no_page_up() {
    on_both(async |app| {
        app.tick().await;
        let draw = newest(&app, app.first).await;
        let (page, pages) = mpsc::channel();
        let pages = Mutex::new(pages);
        let list = move |_| {
            let answered = pages.lock().unwrap().recv_timeout(PATIENCE);
            answered.map_err(|_| "no page was answered meanwhile".to_owned())?;
            let counts = serde_json::json!({});
            Ok(Composed {
                list: b"{}".to_vec(),
                freeze_hash: [0; 32],
                entries: Vec::new(),
                slots: Vec::new(),
                counts,
            })
        };
        let compose = Compose { list: Arc::new(list), is_in_time: Arc::new(|| true) };
        let freezing = app.app.store.freeze(draw.id, compose, app.now());
        let answering = async {
            app.app.store.directory().await.unwrap();
            tokio::time::sleep(Duration::from_millis(50)).await;
            page.send(()).unwrap();
        };
        let (frozen, ()) = tokio::join!(freezing, answering);
        frozen.unwrap();
    })
    .await;
}
