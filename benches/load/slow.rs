//! Connections that drip: some never end their headers, some never end their body, some never read what
//! they asked for. Whoever is let go comes back at once.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep, timeout};

use super::{Answers, Load, STREET_OF_SLOW, status_of};
use crate::http::{Caller, address};

/// Between two bytes.
const DRIP: Duration = Duration::from_secs(1);

const KINDS: &[(&str, &[u8])] = &[
    ("dripping headers", b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: "),
    (
        "dripping body",
        b"POST /s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n\
          Content-Length: 100000\r\n\r\nreference=",
    ),
];

/// Holds so many slow connections until the end; counts how those that were let go were answered.
pub async fn drip(load: Load, end: Instant) -> Answers {
    let callers: Vec<_> = (0..load.slow)
        .map(|n| {
            let from = address(STREET_OF_SLOW, n % load.slow_addresses);
            let (kind, begin) = KINDS[n as usize % KINDS.len()];
            tokio::spawn(hold(Caller { from, to: load.to }, kind, begin, end))
        })
        .collect();
    let mut answers = Answers::new();
    for caller in callers {
        for (what, count) in caller.await.expect("a slow one ends") {
            *answers.entry(what).or_default() += count;
        }
    }
    answers
}

async fn hold(caller: Caller, kind: &'static str, begin: &'static [u8], end: Instant) -> Answers {
    let mut answers = Answers::new();
    while Instant::now() < end {
        if let Ok(stream) = caller.connect().await
            && let Some(status) = one(stream, begin, end).await
        {
            *answers.entry((kind, status)).or_default() += 1;
        } else {
            sleep(DRIP.min(end - Instant::now())).await;
        }
    }
    answers
}

/// Drips until the program answers or closes; nothing, if the end came first.
async fn one(mut stream: TcpStream, begin: &[u8], end: Instant) -> Option<u16> {
    let _ = stream.write_all(begin).await;
    let mut said = [0; 64];
    while Instant::now() < end {
        if let Ok(read) = timeout(DRIP, stream.read(&mut said)).await {
            return Some(read.map_or(0, |length| status_of(&said[..length])));
        }
        let _ = stream.write_all(b"a").await;
    }
    None
}
