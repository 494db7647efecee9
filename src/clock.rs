//! Time as a value. Two clocks that must never be confused: the business clock
//! (slots, draws, notices), which tests fake and the demo runs fast, and the
//! real clock (sessions, codes, limits, leases). This is the only file that may
//! ask the operating system for the time.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::Instant;

use chrono::{DateTime, DurationRound, TimeDelta, Utc};

/// Business seconds per real second in the demo: a day a minute.
pub const DEMO_SPEED: u32 = 1440;

/// A source of the present instant.
pub trait Clock: Send + Sync {
    /// The present instant, cut to microseconds: what both databases can hold.
    fn now(&self) -> DateTime<Utc>;

    /// Seconds of this clock per second of real time.
    fn speed(&self) -> u32 {
        1
    }
}

/// Cuts an instant to microseconds, so that what was written and what is read
/// back compare equal in `SQLite` and `PostgreSQL`.
///
/// ```
/// # use passage::clock::cut_to_micros;
/// let t = chrono::DateTime::from_timestamp_nanos(1_234_567_899);
/// assert_eq!(cut_to_micros(t).timestamp_subsec_nanos(), 234_567_000);
/// ```
#[must_use]
pub fn cut_to_micros(instant: DateTime<Utc>) -> DateTime<Utc> {
    // Fails only outside the years 1677–2262, which never occur here.
    instant.duration_trunc(TimeDelta::microseconds(1)).unwrap_or(instant)
}

macro_rules! distinct_clock {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone)]
        pub struct $name(Arc<dyn Clock>);

        impl $name {
            /// Wraps any clock.
            pub fn new(clock: Arc<dyn Clock>) -> Self {
                Self(clock)
            }

            /// The operating system's time.
            pub fn system() -> Self {
                Self(Arc::new(SystemClock))
            }

            /// Seconds of this clock per second of real time.
            pub fn speed(&self) -> u32 {
                self.0.speed()
            }

            /// The present instant, in UTC, cut to microseconds.
            pub fn now(&self) -> DateTime<Utc> {
                self.0.now()
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_tuple(stringify!($name)).field(&self.now()).finish()
            }
        }
    };
}

distinct_clock! {
    /// The time of slots, draws, notices and windows. May be faked or run fast.
    BusinessClock
}
distinct_clock! {
    /// The time of sessions, one-time codes, rate limits and leases.
    RealClock
}

/// The operating system's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[allow(clippy::disallowed_methods, reason = "the one door to the machine's time")]
    fn now(&self) -> DateTime<Utc> {
        cut_to_micros(Utc::now())
    }
}

/// A clock that stands still until a test moves it. Keep an `Arc` of it, and
/// give clones of that to the clocks under test.
#[derive(Debug)]
pub struct FakeClock(RwLock<DateTime<Utc>>);

impl FakeClock {
    /// A clock standing at `start`.
    pub fn at(start: DateTime<Utc>) -> Arc<Self> {
        Arc::new(Self(RwLock::new(cut_to_micros(start))))
    }

    /// Puts the clock at `instant`, which may be in its past.
    pub fn set(&self, instant: DateTime<Utc>) {
        *write(&self.0) = cut_to_micros(instant);
    }

    /// Moves the clock by `by`, and returns the new instant.
    pub fn advance(&self, by: TimeDelta) -> DateTime<Utc> {
        let mut now = write(&self.0);
        *now = cut_to_micros(*now + by);
        *now
    }
}

impl Clock for FakeClock {
    fn now(&self) -> DateTime<Utc> {
        *read(&self.0)
    }
}

/// The demo's business clock: it runs `speed` times as fast as real time from a
/// starting instant, and can be paused. It counts on the monotonic clock, so a
/// correction of the machine's time does not shake it.
#[derive(Debug)]
pub struct PacedClock {
    speed: u32,
    pace: RwLock<Pace>,
}

#[derive(Clone, Copy, Debug)]
struct Pace {
    business: DateTime<Utc>,
    /// When `business` was true; `None` while paused.
    since: Option<Instant>,
}

impl PacedClock {
    /// A running clock that reads `start` now.
    pub fn from(start: DateTime<Utc>, speed: u32) -> Arc<Self> {
        let pace = Pace { business: cut_to_micros(start), since: Some(Instant::now()) };
        Arc::new(Self { speed, pace: RwLock::new(pace) })
    }

    /// Stops business time. Pausing twice changes nothing.
    pub fn pause(&self) {
        let mut pace = write(&self.pace);
        *pace = Pace { business: self.reading(*pace, Instant::now()), since: None };
    }

    /// Lets business time run on from where it stopped.
    pub fn resume(&self) {
        let mut pace = write(&self.pace);
        if pace.since.is_none() {
            pace.since = Some(Instant::now());
        }
    }

    /// Whether business time is stopped.
    pub fn is_paused(&self) -> bool {
        read(&self.pace).since.is_none()
    }

    /// The business instant to persist: give it to [`PacedClock::from`] at the
    /// next start, and business time never runs backwards.
    pub fn state(&self) -> DateTime<Utc> {
        self.now()
    }

    fn reading(&self, pace: Pace, now: Instant) -> DateTime<Utc> {
        let Some(since) = pace.since else {
            return pace.business;
        };
        let real_micros = now.saturating_duration_since(since).as_micros();
        let micros = real_micros.saturating_mul(u128::from(self.speed));
        let delta = TimeDelta::microseconds(i64::try_from(micros).unwrap_or(i64::MAX));
        pace.business.checked_add_signed(delta).unwrap_or(DateTime::<Utc>::MAX_UTC)
    }
}

impl Clock for PacedClock {
    fn now(&self) -> DateTime<Utc> {
        let pace = *read(&self.pace);
        self.reading(pace, Instant::now())
    }

    fn speed(&self) -> u32 {
        self.speed
    }
}

// A panic elsewhere cannot leave a partly written instant, so the value under a
// poisoned lock is still valid.
fn read<T>(lock: &RwLock<T>) -> RwLockReadGuard<'_, T> {
    lock.read().unwrap_or_else(PoisonError::into_inner)
}

fn write<T>(lock: &RwLock<T>) -> RwLockWriteGuard<'_, T> {
    lock.write().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn start() -> DateTime<Utc> {
        DateTime::from_timestamp(1_790_000_000, 0).expect("a valid instant")
    }

    #[test]
    fn the_system_clock_is_cut_to_microseconds() {
        assert_eq!(SystemClock.now().timestamp_subsec_nanos() % 1000, 0);
    }

    #[test]
    fn instants_before_1970_are_cut_downwards() {
        let before = DateTime::from_timestamp_nanos(-1);
        assert_eq!(cut_to_micros(before).timestamp_micros(), -1);
    }

    #[test]
    fn a_fake_clock_moves_only_when_told() {
        let fake = FakeClock::at(start());
        let clock = BusinessClock::new(fake.clone());
        assert_eq!(clock.now(), start());
        fake.advance(TimeDelta::hours(2));
        assert_eq!(clock.now(), start() + TimeDelta::hours(2));
        fake.set(start());
        assert_eq!(clock.now(), start());
    }

    #[test]
    fn a_paced_clock_runs_a_day_a_minute() {
        let clock = PacedClock::from(start(), DEMO_SPEED);
        let pace = *read(&clock.pace);
        let minute_later = pace.since.expect("running") + Duration::from_mins(1);
        let read = clock.reading(pace, minute_later);
        assert_eq!(read, start() + TimeDelta::days(1));
    }

    #[test]
    fn a_paused_clock_stands_still_and_resumes_where_it_stopped() {
        let clock = PacedClock::from(start(), DEMO_SPEED);
        clock.pause();
        let stopped = clock.state();
        std::thread::sleep(Duration::from_millis(5));
        clock.pause();
        assert_eq!(clock.now(), stopped);
        assert!(clock.is_paused());
        clock.resume();
        std::thread::sleep(Duration::from_millis(2));
        assert!(clock.now() > stopped);
        assert!(clock.now() < stopped + TimeDelta::hours(2));
    }

    #[test]
    fn a_paced_clock_left_for_ever_stops_at_the_end_of_time() {
        let clock = PacedClock::from(start(), u32::MAX);
        let pace = *read(&clock.pace);
        let later = pace.since.expect("running") + Duration::from_hours(800_000);
        assert!(clock.reading(pace, later) > start());
    }
}
