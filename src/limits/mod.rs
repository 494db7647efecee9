//! Rate limits. `hit` counts an attempt and says whether it is allowed. Where only failures
//! count, an attempt is taken before it is made and given back once it has succeeded: as many
//! guesses sent at once as one likes never exceed the rule. Counting is by fixed windows that open at the first
//! attempt, on real time. A limit slows abuse down; what must be exact (attempts at
//! a one-time code, the daily budget) is counted in the database instead.
//!
//! With several instances, Redis shares the counts. The program does not depend on
//! it: every attempt is counted in memory too, so that if Redis is lost, the
//! limits still hold and no request waits.

mod memory;
mod shared;
#[cfg(test)]
mod tests;

use std::net::IpAddr;
use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::clock::RealClock;
use memory::MemoryLimits;
use shared::SharedLimits;

/// At most `max` attempts per `window`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    pub max: u32,
    pub window: Duration,
}

impl Rule {
    pub const fn new(max: u32, window: Duration) -> Self {
        Self { max, window }
    }

    pub const fn per_minute(max: u32) -> Self {
        Self::new(max, Duration::from_mins(1))
    }

    pub const fn per_hour(max: u32) -> Self {
        Self::new(max, Duration::from_hours(1))
    }
}

/// A limit for everybody together, which refuses nobody alone: beyond it, each provider's network has a limit of its
/// own. Whoever floods or guesses from few networks waits, and the others go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wide {
    pub everywhere: Rule,
    pub nearby: Rule,
}

/// Whether an attempt may go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    pub allowed: bool,
    /// How long until an attempt is allowed again; zero if this one is.
    pub retry_after: Duration,
}

impl Verdict {
    fn of(count: u32, rule: Rule, left: Duration) -> Self {
        let allowed = count <= rule.max;
        Self { allowed, retry_after: if allowed { Duration::ZERO } else { left } }
    }

    /// Seconds for a `Retry-After` header, rounded up.
    pub fn retry_after_seconds(&self) -> u64 {
        self.retry_after.as_secs() + u64::from(self.retry_after.subsec_nanos() > 0)
    }
}

/// A Redis address that cannot be used at all. One that does not answer is no
/// error: the limits then start in memory.
#[derive(Debug, thiserror::Error)]
#[error("limits.redis_url is not an address Redis can be reached at: write redis://host:port/0")]
pub struct BadRedisUrl;

/// An attempt that was allowed and counted. Dropped, it stays counted.
#[derive(Debug)]
#[must_use = "an attempt that is not given back stays counted"]
pub struct Taken {
    name: Name,
    /// Whether Redis counted it too.
    shared: bool,
}

/// The names of what is counted (an address, a login) leave this module only as
/// keyed hashes: Redis, and a copy of its disk, hold no personal data.
type Name = [u8; 16];

/// The rate limits of this process. Make one at start and share it.
pub struct Limits {
    key: Zeroizing<[u8; 32]>,
    memory: MemoryLimits,
    shared: Option<SharedLimits>,
}

impl Limits {
    /// Limits of a single process. `key` hides names (`Vault::limits_key`);
    /// `max_names` bounds the memory: beyond it the longest idle are forgotten.
    pub fn in_memory(key: Zeroizing<[u8; 32]>, clock: RealClock, max_names: usize) -> Self {
        Self { key, memory: MemoryLimits::new(clock, max_names), shared: None }
    }

    /// Whether Redis answers at this address.
    ///
    /// # Errors
    /// Why not, without the address, which may hold a password.
    pub async fn probe(redis_url: &str) -> Result<(), String> {
        SharedLimits::probe(redis_url).await
    }

    /// Limits shared by all instances through Redis. Waits at most a second for
    /// it, then goes on in memory and joins it when it answers.
    ///
    /// # Errors
    /// [`BadRedisUrl`] if the address is malformed.
    pub async fn shared(
        redis_url: &str,
        key: Zeroizing<[u8; 32]>,
        clock: RealClock,
        max_names: usize,
    ) -> Result<Self, BadRedisUrl> {
        Ok(Self {
            shared: Some(SharedLimits::open(redis_url).await?),
            ..Self::in_memory(key, clock, max_names)
        })
    }

    /// Counts one attempt of `name` under `rule`. Begin the name with what is
    /// limited, so that rules do not mix: `login:agent@example.fr`.
    pub async fn hit(&self, name: &str, rule: Rule) -> Verdict {
        self.count(self.hide(name), rule).await.0
    }

    /// Takes one attempt of `name`, to be given back if it succeeds. A refused attempt is not
    /// made, and so is not counted.
    ///
    /// # Errors
    /// The verdict that says how long to wait.
    pub async fn take(&self, name: &str, rule: Rule) -> Result<Taken, Verdict> {
        let name = self.hide(name);
        let (verdict, shared) = self.count(name, rule).await;
        let taken = Taken { name, shared };
        if verdict.allowed {
            Ok(taken)
        } else {
            self.give_back(taken).await;
            Err(verdict)
        }
    }

    /// Takes one attempt of `name` from a provider's network.
    ///
    /// # Errors
    /// As [`Self::take`], if both limits are exceeded.
    pub async fn take_wide(&self, name: &str, network: IpAddr, wide: Wide) -> Result<Vec<Taken>, Verdict> {
        let everywhere = self.take(name, wide.everywhere).await;
        let nearby = self.take(&format!("{name} from {network}"), wide.nearby).await;
        match (everywhere, nearby) {
            (Err(everywhere), Err(nearby)) if everywhere.retry_after < nearby.retry_after => Err(everywhere),
            (Err(_), Err(nearby)) => Err(nearby),
            (everywhere, nearby) => Ok([everywhere, nearby].into_iter().flatten().collect()),
        }
    }

    /// Takes a successful attempt off the count again.
    pub async fn give_back(&self, taken: Taken) {
        self.memory.give_back(taken.name);
        if let (Some(shared), true) = (&self.shared, taken.shared) {
            shared.give_back(&taken.name).await;
        }
    }

    /// Counts an attempt; the second value says whether Redis counted it too.
    async fn count(&self, name: Name, rule: Rule) -> (Verdict, bool) {
        let local = self.memory.hit(name, rule);
        // The count of one process never exceeds the shared count:
        // so a local refusal is final, and a flood does not reach Redis.
        match &self.shared {
            Some(shared) if local.allowed => {
                shared.hit(&name, rule).await.map_or((local, false), |verdict| (verdict, true))
            }
            _ => (local, false),
        }
    }

    /// Whether counts are shared at this moment; for the health page.
    pub fn is_shared(&self) -> bool {
        self.shared.as_ref().is_some_and(SharedLimits::is_up)
    }

    fn hide(&self, name: &str) -> Name {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(self.key.as_slice()).expect("HMAC takes a key of any length");
        mac.update(name.as_bytes());
        let digest: [u8; 32] = mac.finalize().into_bytes().into();
        let mut name = Name::default();
        name.copy_from_slice(&digest[..16]);
        name
    }
}
