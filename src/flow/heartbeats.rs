//! The heartbeats of the jobs: what each last did, and when. In memory, for each process of its own; who
//! watches an installation reads them.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::domain::alarm::ExpectedJob;

/// What is known of one job of this process. Times are real.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heartbeat {
    pub name: &'static str,
    /// The pause after a run that found nothing to do.
    pub every: Duration,
    pub is_running: bool,
    /// When the last run began.
    pub started_at: DateTime<Utc>,
    /// When the last run ended, well or not.
    pub ended_at: Option<DateTime<Utc>>,
    /// When the last run ended that went well.
    pub succeeded_at: Option<DateTime<Utc>>,
    /// The last fault, even if a later run went well.
    pub fault: Option<Fault>,
    /// Runs that have ended.
    pub runs: u64,
    /// … of which so many failed.
    pub failures: u64,
}

/// Why a run failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub at: DateTime<Utc>,
    pub what: String,
}

/// No job is silent sooner than this.
const SILENT_AFTER_MIN: Duration = Duration::from_mins(5);
/// … nor before it has missed so many of its turns.
const TURNS_MISSED: u32 = 3;

impl Heartbeat {
    fn new(name: &'static str, every: Duration, now: DateTime<Utc>) -> Self {
        Self {
            name,
            every,
            is_running: true,
            started_at: now,
            ended_at: None,
            succeeded_at: None,
            fault: None,
            runs: 0,
            failures: 0,
        }
    }

    /// For how long no run has ended, if that is too long: a run hangs, or the job's task is gone.
    pub fn silent_for(&self, now: DateTime<Utc>) -> Option<Duration> {
        let silent = (now - self.ended_at.unwrap_or(self.started_at)).to_std().unwrap_or_default();
        (silent > SILENT_AFTER_MIN.max(self.every * TURNS_MISSED)).then_some(silent)
    }
}

/// Nothing that is swept is due to the second.
pub const SWEEPS_EVERY: Duration = Duration::from_mins(1);
/// What is kept for a while goes some hours sooner or later.
pub const EXPIRY_EVERY: Duration = Duration::from_hours(1);

/// The jobs that an installation must run, whichever process runs them, at its scheduler's pace.
pub fn expected(tick: Duration) -> Vec<ExpectedJob> {
    let job = |name, every| ExpectedJob { name, every };
    vec![
        job("draws", tick),
        job("sweeps", tick.max(SWEEPS_EVERY)),
        job("expiry", tick.max(EXPIRY_EVERY)),
        job("outbox", tick),
        job("log", tick),
    ]
}

/// The heartbeats of this process, by the jobs' names.
#[derive(Debug, Default)]
pub struct Heartbeats(Mutex<BTreeMap<&'static str, Heartbeat>>);

impl Heartbeats {
    /// A run begins.
    pub fn started(&self, name: &'static str, every: Duration, now: DateTime<Utc>) {
        let mut all = self.lock();
        let heartbeat = all.entry(name).or_insert_with(|| Heartbeat::new(name, every, now));
        (heartbeat.every, heartbeat.is_running, heartbeat.started_at) = (every, true, now);
    }

    /// A run has ended, well unless there is a fault.
    pub fn ended(&self, name: &'static str, fault: Option<String>, now: DateTime<Utc>) {
        if let Some(heartbeat) = self.lock().get_mut(name) {
            (heartbeat.is_running, heartbeat.ended_at) = (false, Some(now));
            heartbeat.runs += 1;
            match fault {
                None => heartbeat.succeeded_at = Some(now),
                Some(what) => {
                    heartbeat.failures += 1;
                    heartbeat.fault = Some(Fault { at: now, what });
                }
            }
        }
    }

    /// All of them as they are now, by name. Empty in a process that runs no jobs.
    pub fn all(&self) -> Vec<Heartbeat> {
        self.lock().values().cloned().collect()
    }

    /// That of one job, once it has begun to run.
    pub fn of(&self, name: &str) -> Option<Heartbeat> {
        self.lock().get(name).cloned()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<&'static str, Heartbeat>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn a_heartbeat_tells_what_ran_and_since_when_nothing_ended() {
        let start = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let at = |seconds| start + TimeDelta::seconds(seconds);
        let (beats, every) = (Heartbeats::default(), Duration::from_secs(5));
        let beat = || beats.of("draws").unwrap();
        assert_eq!(beats.all(), []);

        beats.started("draws", every, start);
        assert!(beat().is_running && beat().runs == 0);
        assert_eq!(beat().silent_for(at(300)), None);
        assert_eq!(beat().silent_for(at(301)), Some(Duration::from_secs(301)), "its first run hangs");

        beats.ended("draws", None, at(2));
        beats.started("draws", every, at(7));
        beats.ended("draws", Some("the database is away".to_owned()), at(9));
        let ended = beat();
        assert!(!ended.is_running);
        assert_eq!((ended.runs, ended.failures), (2, 1));
        assert_eq!((ended.started_at, ended.succeeded_at), (at(7), Some(at(2))));
        assert_eq!(ended.fault, Some(Fault { at: at(9), what: "the database is away".to_owned() }));
        assert_eq!(ended.silent_for(at(309)), None, "to fail is not to be silent");

        beats.started("expiry", Duration::from_hours(1), start);
        let seldom = beats.of("expiry").unwrap();
        assert_eq!(seldom.silent_for(at(3 * 3600)), None, "an hourly job may pause for an hour");
        assert!(seldom.silent_for(at(3 * 3600 + 1)).is_some());
    }
}
