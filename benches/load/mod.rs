//! A load on the real program, from many loopback addresses: bad requests at a steady rate, slow connections,
//! and honest people in between whose waiting time is measured. `tests/flood.rs` uses it, lightly on
//! every change and with the full load in `make soak`.

mod bad;
mod honest;
mod slow;

use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

pub use honest::{Honest, recheck};
pub use slow::Slow;

/// Each part of the load has its own address range: 127.x.0.0/16.
const STREET_OF_BAD: u8 = 20;
const STREET_OF_SLOW: u8 = 40;
/// … and the 63 after it.
const STREET_OF_HONEST: u8 = 60;

/// What to send, how much of it, and for how long.
#[derive(Clone, Copy, Debug)]
pub struct Load {
    pub to: SocketAddr,
    pub bad_per_second: u32,
    /// Addresses from which the bad requests come.
    pub bad_addresses: u32,
    pub slow: u32,
    /// Addresses from which the slow connections come.
    pub slow_addresses: u32,
    pub honest: u32,
    pub lasting: Duration,
}

/// How often each kind of request was answered with each status: 0 where the connection was closed
/// without a word.
pub type Answers = BTreeMap<(&'static str, u16), u64>;

/// The result.
pub struct Report {
    pub bad: Answers,
    /// How many bad requests a second were really sent, and answered or closed.
    pub bad_per_second: f64,
    pub slow: Slow,
    pub honest: Honest,
}

impl Load {
    /// Runs the whole load; returns when all clients have ended.
    pub async fn run(self) -> Report {
        let end = Instant::now() + self.lasting;
        let slow = tokio::spawn(slow::drip(self, end));
        let bad = tokio::spawn(bad::flood(self, end));
        let honest = honest::live(Arc::new(self), end).await;
        let bad = bad.await.expect("the bad ones end");
        let sent: u64 = bad.values().sum();
        #[expect(clippy::cast_precision_loss, reason = "a count of requests")]
        let bad_per_second = sent as f64 / self.lasting.as_secs_f64();
        Report { bad, bad_per_second, slow: slow.await.expect("the slow ones end"), honest }
    }
}

impl Report {
    /// Bad requests that were answered with a server error.
    pub fn failures(&self) -> Vec<(&'static str, u16)> {
        let all = self.bad.keys().chain(self.slow.ended.keys());
        all.filter(|(_, status)| *status >= 500).copied().collect()
    }

    /// Bad requests by the status that answered them.
    pub fn statuses(&self) -> BTreeMap<u16, u64> {
        let mut statuses = BTreeMap::new();
        for ((_, status), count) in &self.bad {
            *statuses.entry(*status).or_default() += count;
        }
        statuses
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        writeln!(f, "bad requests: {:.0}/s", self.bad_per_second)?;
        let (mostly, most) = (self.slow.open_mostly(), self.slow.open.last().unwrap_or(&0));
        writeln!(f, "slow connections at once: {mostly} half of the time or longer, {most} at most")?;
        let mut kinds = BTreeMap::<&str, Vec<String>>::new();
        for ((kind, status), count) in self.bad.iter().chain(&self.slow.ended) {
            let status = if *status == 0 { "closed".to_owned() } else { status.to_string() };
            kinds.entry(kind).or_default().push(format!("{status} × {count}"));
        }
        for (kind, answers) in kinds {
            writeln!(f, "  {kind:<22}{}", answers.join(", "))?;
        }
        write!(f, "{}", self.honest)
    }
}

/// The status of an answer's first line; 0 if there is none.
fn status_of(said: &[u8]) -> u16 {
    let status = said.strip_prefix(b"HTTP/1.1 ").and_then(|rest| rest.get(..3));
    status.and_then(|digits| std::str::from_utf8(digits).ok()?.parse().ok()).unwrap_or(0)
}
