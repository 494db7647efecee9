//! The public beacon over HTTP: rounds of the League of Entropy's quicknet, fetched from relays that need
//! not be trusted. A relay can be late, be silent or lie, but it cannot forge a [`VerifiedRound`]: that
//! takes a signature under the pinned key. So the relays are raced, and the first round that verifies is
//! used.
//!
//! A relay is asked when the one before it is slow or has failed. Every step has a timeout, and the size of
//! an answer is limited. Answers and failures are cached for a while: a round that many draws wait
//! for is requested once, and a beacon that is down is not flooded with requests.

mod relay;

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use reqwest::Client;
use tokio::task::JoinSet;
use tokio::time::timeout;
use uuid::Uuid;

use crate::draw::VerifiedRound;
pub use relay::Fault;

/// A round that came out in 2023 and that every working relay serves.
pub const PROBE_ROUND: u64 = 1000;

/// The time between two alarms about the same late round.
const TELL_AGAIN: TimeDelta = TimeDelta::minutes(15);

/// Timeouts and the retry interval.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// How long one relay may take before the next one is asked too.
    pub hedge: Duration,
    /// How long the whole answer of a relay may take.
    pub answer: Duration,
    /// How long a failed fetch is cached before the same round is requested again.
    pub retry: TimeDelta,
}

impl Pace {
    /// Long enough for a healthy relay, short enough that a silent one costs little time.
    pub const HEDGE: Duration = Duration::from_millis(400);
}

/// Why a round could not be fetched: the fault of each relay.
#[derive(Clone, Debug, Default, thiserror::Error)]
pub struct Missing(Vec<(String, Fault)>);

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, (relay, fault)) in self.0.iter().enumerate() {
            write!(f, "{}{relay} {fault}", if number == 0 { "" } else { "; " })?;
        }
        Ok(())
    }
}

impl Missing {
    /// Each relay that was asked, with what was wrong.
    pub fn faults(&self) -> impl Iterator<Item = (&str, &Fault)> {
        self.0.iter().map(|(relay, fault)| (relay.as_str(), fault))
    }
}

/// The relays; holds a pool of connections, so make one and share it.
#[derive(Clone)]
pub struct Relays(Arc<Inner>);

struct Inner {
    relays: Vec<String>,
    pace: Pace,
    /// Made when first needed: draws from commitments need no certificates.
    client: OnceLock<Client>,
    asked: Mutex<HashMap<u64, Asked>>,
    told: Mutex<HashMap<Uuid, DateTime<Utc>>>,
    missed: Mutex<HashMap<Uuid, DateTime<Utc>>>,
}

struct Asked {
    at: DateTime<Utc>,
    answer: Result<VerifiedRound, Missing>,
}

impl Relays {
    /// `relays` are addresses without a path, the preferred ones first.
    pub fn new(relays: Vec<String>, pace: Pace) -> Self {
        Self(Arc::new(Inner {
            relays,
            pace,
            client: OnceLock::new(),
            asked: Mutex::default(),
            told: Mutex::default(),
            missed: Mutex::default(),
        }))
    }

    /// Makes sure that an HTTPS client can be made.
    ///
    /// # Errors
    /// If the system has no certificates.
    pub fn ready(&self) -> Result<(), Fault> {
        self.client().map(drop)
    }

    fn client(&self) -> Result<&Client, Fault> {
        if self.0.client.get().is_none() {
            let client = relay::client()?;
            // Another task was faster: its client is used.
            let _ = self.0.client.set(client);
        }
        self.0.client.get().ok_or(Fault::Unreachable)
    }

    /// The round with this number, from whichever relay has it first. `now` is real time.
    ///
    /// # Errors
    /// If no relay served it, now or less than [`Pace::retry`] ago.
    pub async fn round(&self, number: u64, now: DateTime<Utc>) -> Result<VerifiedRound, Missing> {
        let stands = |asked: &Asked| asked.at <= now && now < asked.at + self.0.pace.retry;
        if let Some(asked) = lock(&self.0.asked).get(&number).filter(|asked| stands(asked)) {
            return asked.answer.clone();
        }
        let answer = self.race(number).await;
        let mut all = lock(&self.0.asked);
        all.retain(|_, asked| stands(asked));
        all.insert(number, Asked { at: now, answer: answer.clone() });
        answer
    }

    /// Fetches several rounds at the same time into the cache of [`Relays::round`]: so silent relays delay
    /// a caller once, not once per round.
    pub async fn ask(&self, rounds: BTreeSet<u64>, now: DateTime<Utc>) {
        let ask = |number| {
            let relays = self.clone();
            async move { drop(relays.round(number, now).await) }
        };
        rounds.into_iter().map(ask).collect::<JoinSet<()>>().join_all().await;
    }

    /// Whether it is time to raise the alarm (again) for this waiting draw.
    pub fn is_time_to_tell(&self, waiting: Uuid, now: DateTime<Utc>) -> bool {
        let mut told = lock(&self.0.told);
        told.retain(|_, at| *at <= now && now < *at + TELL_AGAIN);
        let is_new = !told.contains_key(&waiting);
        told.entry(waiting).or_insert(now);
        is_new
    }

    /// For how long this process has asked in vain for a round that is too late. One request proves nothing:
    /// a machine that was off may start before its network.
    pub fn missed_for(&self, waiting: Uuid, now: DateTime<Utc>) -> TimeDelta {
        now - *lock(&self.0.missed).entry(waiting).or_insert(now)
    }

    /// What is wrong with each relay: all are asked for a round that came out long ago.
    pub async fn probe(&self) -> Missing {
        let mut asking = JoinSet::new();
        for relay in &self.0.relays {
            self.spawn(&mut asking, relay, PROBE_ROUND);
        }
        let answers = asking.join_all().await.into_iter();
        let mut faults: Vec<_> = answers.filter_map(|(relay, answer)| Some((relay, answer.err()?))).collect();
        faults.sort_by(|one, other| one.0.cmp(&other.0));
        Missing(faults)
    }

    async fn race(&self, number: u64) -> Result<VerifiedRound, Missing> {
        let mut missing = Missing::default();
        let mut next = self.0.relays.iter();
        let mut asking = JoinSet::new();
        loop {
            if let Some(relay) = next.next() {
                self.spawn(&mut asking, relay, number);
            }
            match timeout(self.0.pace.hedge, asking.join_next()).await {
                Ok(Some(Ok((_, Ok(round))))) => return Ok(round),
                Ok(Some(Ok((relay, Err(fault))))) => missing.0.push((relay, fault)),
                // Slow, so the next one is asked too; or a task that panicked, which counts as no answer.
                Err(_) | Ok(Some(Err(_))) => {}
                Ok(None) => return Err(missing),
            }
        }
    }

    fn spawn(&self, asking: &mut JoinSet<(String, Result<VerifiedRound, Fault>)>, relay: &str, number: u64) {
        let (client, relay, limit) = (self.client().cloned(), relay.to_owned(), self.0.pace.answer);
        asking.spawn(async move {
            let answer = match client {
                Ok(client) => relay::ask(&client, &relay, number, limit).await,
                Err(fault) => Err(fault),
            };
            (relay, answer)
        });
    }
}

// No update under these locks can stop halfway, so the data under a poisoned lock are still valid.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
