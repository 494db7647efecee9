//! Slow connections: half never end their headers, half never end their body. A closed connection is opened
//! again at once. The number of open connections is counted all the time.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep, timeout};

use super::{Answers, Load, STREET_OF_SLOW, status_of};
use crate::http::{Caller, address};

/// The pause between two bytes.
const DRIP: Duration = Duration::from_secs(1);
/// A connection that is turned away is closed sooner than this, and does not count as open.
const TURNED_AWAY: Duration = Duration::from_millis(100);
const COUNT_EVERY: Duration = Duration::from_millis(250);

const KINDS: &[(&str, &[u8])] = &[
    ("dripping headers", b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: "),
    (
        "dripping body",
        b"POST /s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n\
          Content-Length: 100000\r\n\r\nreference=",
    ),
];

/// The result of the slow connections.
pub struct Slow {
    /// Connections that the program ended, by kind.
    pub ended: Answers,
    /// How many were open at once, counted all the time, fewest first.
    pub open: Vec<u32>,
}

impl Slow {
    /// The median: at least this many were open for half of the time.
    pub fn open_mostly(&self) -> u32 {
        self.open.get(self.open.len().saturating_sub(1) / 2).copied().unwrap_or_default()
    }
}

/// Counts one connection as long as this value lives.
struct Counted<'a>(&'a AtomicU32);

impl<'a> Counted<'a> {
    fn among(open: &'a AtomicU32) -> Self {
        open.fetch_add(1, Ordering::Relaxed);
        Self(open)
    }
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Keeps this many slow connections open until the end.
pub async fn drip(load: Load, end: Instant) -> Slow {
    let open = Arc::new(AtomicU32::new(0));
    let callers: Vec<_> = (0..load.slow)
        .map(|n| {
            let from = address(STREET_OF_SLOW, n % load.slow_addresses);
            let (kind, begin) = KINDS[n as usize % KINDS.len()];
            tokio::spawn(hold(Caller { from, to: load.to }, kind, begin, end, open.clone()))
        })
        .collect();
    let open = count(&open, end).await;
    let mut ended = Answers::new();
    for caller in callers {
        for (what, count) in caller.await.expect("a slow one ends") {
            *ended.entry(what).or_default() += count;
        }
    }
    Slow { ended, open }
}

async fn count(open: &AtomicU32, end: Instant) -> Vec<u32> {
    let mut counts = Vec::new();
    while Instant::now() + COUNT_EVERY < end {
        sleep(COUNT_EVERY).await;
        counts.push(open.load(Ordering::Relaxed));
    }
    counts.sort_unstable();
    counts
}

async fn hold(
    caller: Caller,
    kind: &'static str,
    begin: &'static [u8],
    end: Instant,
    open: Arc<AtomicU32>,
) -> Answers {
    let mut answers = Answers::new();
    while Instant::now() < end {
        if let Ok(stream) = caller.connect().await
            && let Some(status) = one(stream, begin, end, &open).await
        {
            *answers.entry((kind, status)).or_default() += 1;
        } else {
            sleep(DRIP.min(end - Instant::now())).await;
        }
    }
    answers
}

/// Sends slowly until the program answers or closes; `None` if the end came first.
async fn one(mut stream: TcpStream, begin: &[u8], end: Instant, open: &AtomicU32) -> Option<u16> {
    let _ = stream.write_all(begin).await;
    let (mut said, mut counted) = ([0; 64], None);
    while Instant::now() < end {
        let pause = if counted.is_some() { DRIP } else { TURNED_AWAY };
        if let Ok(read) = timeout(pause, stream.read(&mut said)).await {
            return Some(read.map_or(0, |length| status_of(&said[..length])));
        }
        counted.get_or_insert_with(|| Counted::among(open));
        let _ = stream.write_all(b"a").await;
    }
    None
}
