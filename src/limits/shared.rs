//! Counts in Redis, behind a circuit breaker. No request ever waits for a
//! connection: the first failure opens the circuit, which costs one short
//! timeout for the requests in flight, and only a background task retries Redis.

use std::sync::{Arc, PoisonError, RwLock, Weak};
use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, FromRedisValue, RedisResult, Script, ScriptInvocation};
use tokio::time::{sleep, timeout};

use super::{BadRedisUrl, Name, Rule, Verdict};

/// A healthy Redis answers in under a millisecond. If it is lost, requests
/// may take at most 100 ms longer at the 99th percentile.
const ANSWER_TIMEOUT: Duration = Duration::from_millis(50);
const CONNECT_TIMEOUT: Duration = Duration::from_millis(900);
const FIRST_RETRY: Duration = Duration::from_millis(200);
const LAST_RETRY: Duration = Duration::from_secs(5);
const COMMANDS_IN_FLIGHT: usize = 4096;

/// Counting and expiry in one step: a crash between two commands could leave a
/// count without expiry, which would lock its name out for ever.
const COUNT: &str = r"
local count = redis.call('INCR', KEYS[1])
local left = redis.call('PTTL', KEYS[1])
if left < 0 then
  redis.call('PEXPIRE', KEYS[1], ARGV[1])
  left = tonumber(ARGV[1])
end
return {count, left}
";

/// Never below zero, and never a count without expiry.
const GIVE_BACK: &str = r"
if tonumber(redis.call('GET', KEYS[1]) or '0') > 0 then
  redis.call('DECR', KEYS[1])
end
return 0
";

pub(super) struct SharedLimits {
    circuit: Arc<Circuit>,
    count: Script,
    give_back: Script,
}

struct Circuit {
    client: Client,
    /// `None` while Redis is lost.
    connection: RwLock<Option<MultiplexedConnection>>,
}

impl SharedLimits {
    pub(super) async fn open(redis_url: &str) -> Result<Self, BadRedisUrl> {
        // The library's error may quote the address, and with it a password.
        let client = Client::open(redis_url).map_err(|_| BadRedisUrl)?;
        let circuit = Arc::new(Circuit { client, connection: RwLock::new(None) });
        match circuit.connect().await {
            Ok(connection) => {
                circuit.put(Some(connection));
            }
            Err(error) => {
                warn_lost(error.category());
                tokio::spawn(rejoin(Arc::downgrade(&circuit)));
            }
        }
        Ok(Self { circuit, count: Script::new(COUNT), give_back: Script::new(GIVE_BACK) })
    }

    /// Asks Redis once.
    pub(super) async fn probe(redis_url: &str) -> Result<(), String> {
        let client = Client::open(redis_url).map_err(|_| BadRedisUrl.to_string())?;
        let circuit = Circuit { client, connection: RwLock::new(None) };
        circuit.connect().await.map(drop).map_err(|error| error.category().to_owned())
    }

    /// `None` if Redis is lost: the caller's own count then decides.
    pub(super) async fn hit(&self, name: &Name, rule: Rule) -> Option<Verdict> {
        let window_ms = u64::try_from(rule.window.as_millis()).unwrap_or(u64::MAX);
        let mut call = self.count.key(key(name));
        call.arg(window_ms.max(1));
        let (count, left_ms) = self.run(&call).await?;
        Some(Verdict::of(count, rule, Duration::from_millis(left_ms)))
    }

    /// If Redis is lost meanwhile, the attempt stays counted there until its window ends.
    pub(super) async fn give_back(&self, name: &Name) {
        let _: Option<u32> = self.run(&self.give_back.key(key(name))).await;
    }

    async fn run<T: FromRedisValue>(&self, call: &ScriptInvocation<'_>) -> Option<T> {
        let mut connection = self.circuit.get()?;
        let answer = timeout(ANSWER_TIMEOUT, call.invoke_async(&mut connection)).await;
        let fault = match answer {
            Ok(Ok(said)) => return Some(said),
            Ok(Err(error)) => error.category().to_owned(),
            Err(_) => format!("no answer within {} ms", ANSWER_TIMEOUT.as_millis()),
        };
        if self.circuit.break_open() {
            warn_lost(&fault);
            tokio::spawn(rejoin(Arc::downgrade(&self.circuit)));
        }
        None
    }

    pub(super) fn is_up(&self) -> bool {
        self.circuit.get().is_some()
    }
}

impl Circuit {
    async fn connect(&self) -> RedisResult<MultiplexedConnection> {
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(CONNECT_TIMEOUT))
            .set_response_timeout(Some(CONNECT_TIMEOUT))
            .set_pipeline_buffer_size(COMMANDS_IN_FLIGHT);
        let mut connection = self.client.get_multiplexed_async_connection_with_config(&config).await?;
        // A stopped Redis still accepts connections: only an answer counts.
        redis::cmd("PING").query_async::<()>(&mut connection).await?;
        Ok(connection)
    }

    fn get(&self) -> Option<MultiplexedConnection> {
        let connection = self.connection.read();
        connection.unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn put(&self, connection: Option<MultiplexedConnection>) -> bool {
        let mut held = self.connection.write().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut *held, connection).is_some()
    }

    /// True for the one caller that found the circuit closed.
    fn break_open(&self) -> bool {
        self.put(None)
    }
}

/// Tries Redis until it answers, or until nobody holds the limits any more.
async fn rejoin(circuit: Weak<Circuit>) {
    let mut pause = FIRST_RETRY;
    loop {
        sleep(pause).await;
        let Some(circuit) = circuit.upgrade() else {
            return;
        };
        if let Ok(connection) = circuit.connect().await {
            circuit.put(Some(connection));
            tracing::info!("Redis answers again: rate limits are shared between instances");
            return;
        }
        pause = (pause * 2).min(LAST_RETRY);
    }
}

fn key(name: &Name) -> String {
    format!("passage:limit:{}", hex::encode(name))
}

fn warn_lost(fault: &str) {
    tracing::warn!(fault, "Redis is lost: rate limits hold per instance until it answers again");
}
