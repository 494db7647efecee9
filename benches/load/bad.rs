//! Requests that our pages never send, at a steady rate: each on its own connection; of the answer, only the
//! status is read.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::{Instant, sleep_until, timeout};

use super::{Answers, Load, STREET_OF_BAD, status_of};
use crate::http::{Caller, address};

/// Requests in progress at a time.
const WORKERS: u32 = 256;
/// Longer than the program keeps anybody waiting.
const PATIENCE: Duration = Duration::from_secs(40);
const FORM: &str = "/p/demonstration/premiere-demande/inscription";

type Kind = (&'static str, fn(u64) -> Vec<u8>);

/// Every kind, in turn.
const KINDS: &[Kind] = &[
    ("not HTTP", |_| b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\0\0\0\0\r\n\r\n".to_vec()),
    ("broken first line", |_| b"GET\r\n\r\n".to_vec()),
    ("unknown page", |n| get(&format!("/nulle-part/{n}"), "")),
    ("path tricks", |n| get(&format!("/p/..%2f..%2f{n}%ff%c0%ae/inscription?retour=%00"), "")),
    ("wrong method", |_| head("DELETE", "/s", "").into_bytes()),
    ("wrong key", |_| post(FORM, "application/x-www-form-urlencoded", "cle=0000&birth_name=x")),
    ("bad form", |n| post(FORM, "application/x-www-form-urlencoded", &format!("cle={n:032x}&birth_date=0"))),
    ("zero byte", |n| {
        post(FORM, "application/x-www-form-urlencoded", &format!("cle={n:032x}&birth_name=%00"))
    }),
    ("not a form", |_| post("/s", "application/json", &"[".repeat(10_000))),
    ("huge body", |_| {
        let claimed = head("POST", "/s", "Content-Length: 50000000\r\n");
        [claimed.as_bytes(), &[b'a'; 16 * 1024]].concat()
    }),
    ("no reference", |n| {
        post("/s", "application/x-www-form-urlencoded", &format!("reference={n}&birth_date=1990-01-01"))
    }),
    ("guessed year", |n| guess(&format!("{}-01-01", 1940 + n % 60))),
    ("guessed day", |n| guess(&format!("1990-01-{:02}", 1 + n % 28))),
    ("forged mark", |n| {
        post("/s/retirer", "application/x-www-form-urlencoded", &format!("jeton={n:096x}&confirmer=oui"))
    }),
    ("duplicate cookies", |n| get("/agent", &format!("Cookie: __Host-passage={n:064x}\r\n").repeat(20))),
    ("64 KB of headers", |_| get("/", &format!("X-Long: {}\r\n", "a".repeat(64 * 1024)))),
    ("100 headers", |_| get("/", &"X-Many: a\r\n".repeat(100))),
    ("two lengths", |_| head("POST", "/s", "Content-Length: 5\r\nContent-Length: 6\r\n").into_bytes()),
    ("bad chunks", |_| {
        let chunked = head("POST", "/s", "Transfer-Encoding: chunked\r\n");
        format!("{chunked}zz\r\nabc\r\n").into_bytes()
    }),
];

/// A look-up with a reference as they are made, and a birth date.
fn guess(birth_date: &str) -> Vec<u8> {
    let form = format!("reference=SEVZ-YKX4-J&birth_date={birth_date}");
    post("/s", "application/x-www-form-urlencoded", &form)
}

fn head(method: &str, path: &str, more: &str) -> String {
    format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{more}\r\n")
}

fn get(path: &str, more: &str) -> Vec<u8> {
    head("GET", path, more).into_bytes()
}

fn post(path: &str, kind: &str, body: &str) -> Vec<u8> {
    let head = head("POST", path, &format!("Content-Type: {kind}\r\nContent-Length: {}\r\n", body.len()));
    [head, body.to_owned()].concat().into_bytes()
}

/// Sends bad requests until the end, and counts the answers.
pub async fn flood(load: Load, end: Instant) -> Answers {
    let (begun, next) = (Instant::now(), Arc::new(AtomicU64::new(0)));
    let workers: Vec<_> = (0..WORKERS.min(load.bad_per_second))
        .map(|_| tokio::spawn(work(load, begun, end, next.clone())))
        .collect();
    let mut answers = Answers::new();
    for worker in workers {
        for (what, count) in worker.await.expect("a worker ends") {
            *answers.entry(what).or_default() += count;
        }
    }
    answers
}

async fn work(load: Load, begun: Instant, end: Instant, next: Arc<AtomicU64>) -> Answers {
    let mut answers = Answers::new();
    loop {
        let turn = next.fetch_add(1, Ordering::Relaxed);
        let due = begun + Duration::from_secs(turn) / load.bad_per_second;
        if due >= end || Instant::now() >= end {
            return answers;
        }
        sleep_until(due).await;
        #[expect(clippy::cast_possible_truncation, reason = "the remainder is small")]
        let (kind, from) =
            ((turn % KINDS.len() as u64) as usize, (turn % u64::from(load.bad_addresses)) as u32);
        let caller = Caller { from: address(STREET_OF_BAD, from), to: load.to };
        let status = timeout(PATIENCE, send(caller, &KINDS[kind].1(turn))).await;
        // Closed, reset or never answered: there is no status.
        let status = status.map_or(0, Result::unwrap_or_default);
        *answers.entry((KINDS[kind].0, status)).or_default() += 1;
    }
}

async fn send(caller: Caller, request: &[u8]) -> io::Result<u16> {
    let mut stream = caller.connect().await?;
    // The program may answer and close before it has read everything.
    let _ = stream.write_all(request).await;
    let mut said = [0; 64];
    let length = stream.read(&mut said).await?;
    Ok(status_of(&said[..length]))
}
