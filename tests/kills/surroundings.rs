//! F23 and F24, and the program itself, killed at any moment while people register. What was acknowledged
//! is there, once; other requests can be retried with the same idempotency key and are not doubled.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use passage::flow::register::Registration;

use super::common::{TestApp, depth, on_both, person};
use super::program::{Program, ask, clock_can_be_set, header, post};
use super::servers::{Postgres, Redis};
use super::world::World;

const MORNING: &str = "2027-01-08 08:05:00";
const CLIENTS: u32 = 4;

/// The program's present address: it changes with each start.
type Door = Arc<Mutex<Option<SocketAddr>>>;

/// People who register until told to stop, and retry with the same idempotency key until they get an answer.
struct Crowd {
    clients: Vec<std::thread::JoinHandle<BTreeMap<u32, String>>>,
    stop: Arc<AtomicBool>,
}

impl Crowd {
    fn come(door: &Door, site: &str) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let clients = (0..CLIENTS).map(|client| {
            let (door, stop, site) = (door.clone(), stop.clone(), site.to_owned());
            std::thread::spawn(move || {
                let mut answers = BTreeMap::new();
                let mut n = client;
                while !stop.load(Ordering::SeqCst) {
                    let reference = until_answered(&door, &site, n);
                    answers.insert(n, reference);
                    n += CLIENTS;
                }
                answers
            })
        });
        Self { clients: clients.collect(), stop }
    }

    /// Whom the program has acknowledged, with their references.
    fn leave(self) -> BTreeMap<u32, String> {
        self.stop.store(true, Ordering::SeqCst);
        self.clients.into_iter().flat_map(|client| client.join().unwrap()).collect()
    }
}

/// The reference that person number `n` got, after as many tries as needed.
fn until_answered(door: &Door, site: &str, n: u32) -> String {
    loop {
        let address = *door.lock().unwrap();
        if let Some(answer) = address.and_then(|address| attempt(address, site, n)) {
            return answer;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// One try: the reference, unless the answer was lost or was an error.
fn attempt(address: SocketAddr, site: &str, n: u32) -> Option<String> {
    let Registration { birth_name, given_names, birth_date, document_country, document_number, .. } =
        person(n);
    let key = format!("{n:032x}");
    let mut fields = vec![
        ("cle", key.as_str()),
        ("birth_name", &birth_name),
        ("given_names", &given_names),
        ("birth_date", &birth_date),
        ("document_country", &document_country),
        ("document_number", &document_number),
        ("language", "fr"),
        ("sites", site),
        ("halves", "morning"),
        ("halves", "afternoon"),
    ];
    fields.extend(["0", "1", "2", "3", "4"].map(|day| ("weekdays", day)));
    let from = format!("198.51.{}.{}", 100 + n / 200 % 100, n % 200);
    let path = "/p/demonstration/premiere-demande/inscription";
    let sent = post(address, path, "", &from, &fields).ok()?;
    assert!(sent.status == 303 || sent.status >= 500, "{}: {}", sent.status, sent.body);
    let (path, cookie) = (header(&sent.head, "location")?, header(&sent.head, "set-cookie")?);
    let cookie = cookie.split(';').next()?;
    let head = format!("GET {path} HTTP/1.1\r\nX-Forwarded-For: {from}\r\nCookie: {cookie}");
    let answer = ask(address, &head, "").ok()?;
    assert!(answer.status == 200 || answer.status >= 500, "{}: {}", answer.status, answer.body);
    let (_, rest) = answer.body.split_once("<strong class=\"reference\">")?;
    Some(rest.split('<').next()?.to_owned())
}

async fn assert_acknowledged(world: &World, answers: &BTreeMap<u32, String>) {
    let references: Vec<String> =
        world.rows("SELECT reference FROM entry").await.into_iter().flatten().collect();
    let present = |reference: &&String| references.contains(reference);
    assert_eq!(
        answers.values().filter(present).count(),
        answers.len(),
        "an acknowledged registration is lost"
    );
    assert_eq!(references.len(), answers.len(), "a registration is doubled");
    assert_eq!(world.count("idempotency").await, answers.len() as u64);
    assert_eq!(world.count("audit WHERE action = 'entry.registered'").await, answers.len() as u64);
}

async fn site_of(app: &TestApp) -> String {
    app.anything().await.sites[0].to_string()
}

/// The same key gives the same answer again.
fn assert_unchanged(program: &Program, site: &str, answers: &BTreeMap<u32, String>) {
    for (n, reference) in answers.iter().take(50) {
        assert_eq!(
            attempt(program.address, site, *n).as_ref(),
            Some(reference),
            "the answer to {n} has changed"
        );
    }
}

/// A pause whose length differs from round to round.
fn for_a_while(round: u32) {
    std::thread::sleep(Duration::from_millis(u64::from(150 + round * 97 % 400)));
}

#[tokio::test(flavor = "multi_thread")]
async fn registrations_outlive_the_program_killed_at_any_moment() {
    if !clock_can_be_set() {
        return;
    }
    on_both(async |app| {
        let site = site_of(&app).await;
        let world = World::left_by(app).await;
        let door = Door::default();
        let crowd = Crowd::come(&door, &site);
        for round in 0..depth(4, 1_000) {
            let mut program = world.launch(MORNING).go();
            program.wait_for_pages();
            *door.lock().unwrap() = Some(program.address);
            for_a_while(round);
            // The address is withdrawn first: clients that still retry must not reach another test's program there.
            *door.lock().unwrap() = None;
            program.kill();
        }
        let mut program = world.launch(MORNING).go();
        program.wait_for_pages();
        *door.lock().unwrap() = Some(program.address);
        let answers = crowd.leave();
        assert_unchanged(&program, &site, &answers);
        program.terminate();
        assert_acknowledged(&world, &answers).await;
        world.assert_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn registrations_outlive_a_postgres_killed_at_any_moment() {
    if !clock_can_be_set() {
        return;
    }
    let place = World::at(String::new());
    let Some(mut postgres) = Postgres::start(&place.folder) else { return };
    let app = TestApp::start(&postgres.url()).await;
    let site = site_of(&app).await;
    app.app.store.close().await;
    let world = World::at(postgres.url());
    let mut program = world.launch(MORNING).go();
    program.wait_for_pages();
    let door: Door = Arc::new(Mutex::new(Some(program.address)));
    let crowd = Crowd::come(&door, &site);
    for round in 0..depth(4, 1_000) {
        for_a_while(round);
        postgres.kill();
        for_a_while(round + 1);
        postgres.restart();
        program.assert_lives();
    }
    for_a_while(1);
    let answers = crowd.leave();
    assert_unchanged(&program, &site, &answers);
    program.terminate();
    assert_acknowledged(&world, &answers).await;
    world.assert_sound().await;
}

const PAGES: u32 = 100;
/// How much longer 99 pages in 100 may take when Redis is lost, on a machine with no other work.
const LATER_MAX: Duration = Duration::from_millis(100);
/// … and on a busy machine: this many times what they took before, counted as at least this long.
const SLOWER_MAX: u32 = 25;
const CALM_MIN: Duration = Duration::from_millis(20);

/// The time within which 99 of a hundred pages come, each requested from its own address.
fn slowest_but_one(address: SocketAddr, first: u32) -> Duration {
    let mut times: Vec<Duration> = (first..first + PAGES)
        .map(|n| {
            let head =
                format!("GET /p/demonstration HTTP/1.1\r\nX-Forwarded-For: 203.0.{}.{}", n / 200, n % 200);
            let start = Instant::now();
            assert_eq!(ask(address, &head, "").unwrap().status, 200);
            start.elapsed()
        })
        .collect();
    times.sort_unstable();
    times[times.len() - 2]
}

#[tokio::test(flavor = "multi_thread")]
async fn limits_hold_and_pages_come_when_redis_is_killed_under_attack() {
    if !clock_can_be_set() {
        return;
    }
    let Some(mut redis) = Redis::start() else { return };
    let app = TestApp::sqlite().await;
    let _folder = app.folder.clone();
    let world = World::left_by(app).await;
    let mut program = world.launch(MORNING).var("PASSAGE__LIMITS__REDIS_URL", redis.url()).go();
    program.wait_for_pages();
    let sign_in = || {
        let fields = [("login", "responsable"), ("password", "a guess")];
        post(program.address, "/agent/connexion", "", "198.51.100.66", &fields).unwrap().status
    };
    let before: Vec<u16> = (0..12).map(|_| sign_in()).collect();
    assert!(before.contains(&429) && !before.ends_with(&[200]), "{before:?}");
    assert!(redis.keys() > 0, "Redis counts");
    // The attack continues while pages are requested, before and after.
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !over.load(Ordering::SeqCst) {
                assert_eq!(sign_in(), 429, "an attacker was forgotten with Redis");
            }
        });
        let calm = slowest_but_one(program.address, 0);
        redis.kill();
        let without = slowest_but_one(program.address, PAGES);
        over.store(true, Ordering::SeqCst);
        println!("99 pages in 100 within {calm:?} with Redis, {without:?} once it is gone");
        let most = if depth(1, 0) == 1 { calm.max(CALM_MIN) * SLOWER_MAX } else { calm + LATER_MAX };
        assert!(without < most, "{without:?}, {calm:?} before");
    });
    program.terminate();
    world.assert_sound().await;
}
