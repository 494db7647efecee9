//! Tests of the limits, in memory and with a Redis that is lost and comes back.

use std::sync::Arc;
use std::time::Instant;

use chrono::{DateTime, TimeDelta};

use super::*;
use crate::clock::{FakeClock, RealClock};

const RULE: Rule = Rule::per_minute(3);

fn key() -> Zeroizing<[u8; 32]> {
    Zeroizing::new([3; 32])
}

fn fake() -> Arc<FakeClock> {
    FakeClock::at(DateTime::from_timestamp(1_790_000_000, 0).expect("a valid instant"))
}

fn memory(clock: &Arc<FakeClock>, max_names: usize) -> Limits {
    Limits::in_memory(key(), RealClock::new(clock.clone()), max_names)
}

#[tokio::test]
async fn attempts_beyond_the_rule_wait_for_the_window_to_end() {
    let clock = fake();
    let limits = memory(&clock, 100);
    for _ in 0..3 {
        assert!(limits.hit("login:a", RULE).await.allowed);
    }
    clock.advance(TimeDelta::milliseconds(19_500));
    let refused = limits.hit("login:a", RULE).await;
    assert!(!refused.allowed);
    assert_eq!(refused.retry_after, Duration::from_millis(40_500));
    assert_eq!(refused.retry_after_seconds(), 41);
    clock.advance(TimeDelta::milliseconds(40_500));
    assert!(limits.hit("login:a", RULE).await.allowed);
}

#[tokio::test]
async fn one_name_does_not_use_up_anothers_attempts() {
    let limits = memory(&fake(), 100);
    for _ in 0..9 {
        limits.hit("login:a", RULE).await;
    }
    assert!(limits.hit("login:b", RULE).await.allowed);
}

#[tokio::test]
async fn a_flood_of_names_takes_bounded_memory_and_frees_no_active_attacker() {
    let limits = memory(&fake(), 100);
    for i in 0..10_000 {
        limits.hit(&format!("ip:{i}"), RULE).await;
        limits.hit("ip:attacker", RULE).await;
        assert!(limits.memory.len() <= 100);
    }
    assert!(!limits.hit("ip:attacker", RULE).await.allowed);
}

#[tokio::test]
async fn what_is_given_back_never_counted() {
    let clock = fake();
    let limits = memory(&clock, 100);
    for _ in 0..20 {
        let taken = limits.take("login:a", RULE).await.expect("allowed");
        limits.give_back(taken).await;
    }
    for _ in 0..3 {
        let _failed = limits.take("login:a", RULE).await.expect("allowed");
    }
    for _ in 0..5 {
        let refused = limits.take("login:a", RULE).await.expect_err("three failed");
        assert_eq!(refused.retry_after, Duration::from_mins(1));
    }
    clock.advance(TimeDelta::minutes(1));
    assert!(limits.take("login:a", RULE).await.is_ok());
}

#[tokio::test]
async fn guesses_sent_at_once_never_exceed_the_rule() {
    let limits = memory(&fake(), 100);
    let (mut under_way, mut refused) = (Vec::new(), 0);
    for _ in 0..50 {
        match limits.take("login:a", RULE).await {
            Ok(taken) => under_way.push(taken),
            Err(_) => refused += 1,
        }
    }
    assert_eq!((under_way.len(), refused), (3, 47));
    // One of them was right, and the refused ones were never made: one more may be made.
    limits.give_back(under_way.remove(0)).await;
    assert!(limits.take("login:a", RULE).await.is_ok());
    assert!(limits.take("login:a", RULE).await.is_err());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_instance_gives_back_the_other_may_take() {
    let Some(server) = redis_server::start() else {
        return;
    };
    let (here, there) = (instance(&server.url).await, instance(&server.url).await);
    let name = format!("login:{}", uuid::Uuid::new_v4());
    let right = here.take(&name, RULE).await.expect("allowed");
    for _ in 0..2 {
        let _failed = here.take(&name, RULE).await.expect("allowed");
    }
    assert!(there.take(&name, RULE).await.is_err());
    here.give_back(right).await;
    assert!(there.take(&name, RULE).await.is_ok());
    assert!(there.take(&name, RULE).await.is_err());
    assert!(here.take(&name, RULE).await.is_err());
}

#[tokio::test]
async fn a_clock_set_back_does_not_lock_out() {
    let clock = fake();
    let limits = memory(&clock, 100);
    for _ in 0..4 {
        limits.hit("login:a", RULE).await;
    }
    clock.advance(TimeDelta::hours(-1));
    assert!(limits.hit("login:a", RULE).await.allowed);
}

#[tokio::test]
async fn a_malformed_redis_address_is_refused_without_its_password() {
    let made = Limits::shared("http://:hunter2@x", key(), RealClock::system(), 10).await;
    let error = made.err().expect("refused").to_string();
    assert!(error.contains("limits.redis_url") && !error.contains("hunter2"));
}

#[tokio::test]
async fn an_absent_redis_leaves_the_limits_in_memory() {
    let url = format!("redis://127.0.0.1:{}/0", redis_server::free_port());
    let limits = Limits::shared(&url, key(), RealClock::system(), 100).await;
    let limits = limits.expect("a good address");
    assert!(!limits.is_shared());
    for _ in 0..3 {
        assert!(limits.hit("login:a", RULE).await.allowed);
    }
    assert!(!limits.hit("login:a", RULE).await.allowed);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn instances_share_their_counts_through_redis() {
    let Some(server) = redis_server::start() else {
        return;
    };
    let (here, there) = (instance(&server.url).await, instance(&server.url).await);
    let name = format!("login:{}", uuid::Uuid::new_v4());
    for _ in 0..2 {
        assert!(here.hit(&name, RULE).await.allowed);
    }
    assert!(there.hit(&name, RULE).await.allowed);
    let refused = there.hit(&name, RULE).await;
    assert!(!refused.allowed);
    assert!(refused.retry_after > Duration::from_secs(50));
    let stored = server.keys().await;
    assert!(stored.iter().any(|key| key.starts_with("passage:limit:")));
    assert!(stored.iter().all(|key| !key.contains("login")), "{stored:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_window_in_redis_ends() {
    let Some(server) = redis_server::start() else {
        return;
    };
    let limits = instance(&server.url).await;
    let name = format!("login:{}", uuid::Uuid::new_v4());
    let rule = Rule::new(1, Duration::from_secs(1));
    assert!(limits.hit(&name, rule).await.allowed);
    assert!(!limits.hit(&name, rule).await.allowed);
    tokio::time::sleep(Duration::from_millis(1100)).await;
    assert!(limits.hit(&name, rule).await.allowed);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_redis_costs_neither_the_limits_nor_the_time() {
    let Some(mut server) = redis_server::start_our_own() else {
        return;
    };
    let limits = instance(&server.url).await;
    for _ in 0..3 {
        assert!(limits.hit("login:a", RULE).await.allowed);
    }
    assert!(limits.is_shared());
    server.kill();
    let began = Instant::now();
    for i in 0..500 {
        let verdict = limits.hit("login:a", RULE).await;
        assert!(!verdict.allowed, "attempt {i} got through");
        limits.hit(&format!("ip:{i}"), RULE).await;
    }
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    assert!(!limits.is_shared());

    server.restart();
    for _ in 0..100 {
        if limits.is_shared() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("Redis came back and the limits did not join it");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stopped_redis_costs_one_short_wait() {
    let Some(server) = redis_server::start_our_own() else {
        return;
    };
    let limits = instance(&server.url).await;
    limits.hit("login:a", RULE).await;
    assert!(limits.is_shared());
    server.stop();
    let began = Instant::now();
    for i in 0..200 {
        limits.hit(&format!("ip:{i}"), RULE).await;
    }
    // If each of them waited, it would be ten seconds.
    assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
    assert!(!limits.is_shared());
}

#[tokio::test]
async fn a_silent_redis_does_not_hold_up_the_start() {
    // Accepts, and never answers.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("bound");
    let port = listener.local_addr().expect("bound").port();
    let began = Instant::now();
    let limits = instance(&format!("redis://127.0.0.1:{port}/0")).await;
    assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
    assert!(!limits.is_shared());
    assert!(limits.hit("login:a", RULE).await.allowed);
}

async fn instance(url: &str) -> Limits {
    Limits::shared(url, key(), RealClock::system(), 1000).await.expect("a good address")
}

/// A Redis for the tests: the one named by `PASSAGE_TEST_REDIS`, or one started
/// on a free port, or none.
mod redis_server {
    use std::net::{TcpListener, TcpStream};
    use std::process::{Child, Command, Stdio};
    use std::time::Duration;

    pub struct Server {
        pub url: String,
        port: u16,
        child: Option<Child>,
    }

    pub fn free_port() -> u16 {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        listener.local_addr().expect("bound").port()
    }

    pub fn start() -> Option<Server> {
        match std::env::var("PASSAGE_TEST_REDIS") {
            Ok(url) => Some(Server { url, port: 0, child: None }),
            Err(_) => start_our_own(),
        }
    }

    /// A Redis that no other test uses, to stop and kill.
    pub fn start_our_own() -> Option<Server> {
        let port = free_port();
        let child = spawn(port);
        if child.is_none() {
            println!("skipped: no redis-server in PATH");
        }
        Some(Server { url: format!("redis://127.0.0.1:{port}/0"), port, child: Some(child?) })
    }

    fn spawn(port: u16) -> Option<Child> {
        let child = Command::new("redis-server")
            .args(["--port", &port.to_string(), "--bind", "127.0.0.1"])
            .args(["--save", "", "--appendonly", "no"])
            .stdout(Stdio::null())
            .spawn()
            .ok()?;
        for _ in 0..100 {
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return Some(child);
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("redis-server started and listens to nobody");
    }

    impl Server {
        /// Suspends the server: connections stay, answers do not come.
        pub fn stop(&self) {
            let child = self.child.as_ref().expect("ours");
            let pid = child.id().to_string();
            let stopped = Command::new("kill").args(["-STOP", &pid]).status();
            assert!(stopped.expect("kill runs").success());
        }

        pub fn kill(&mut self) {
            if let Some(mut child) = self.child.take() {
                child.kill().expect("killed");
                child.wait().expect("ended");
            }
        }

        pub fn restart(&mut self) {
            self.child = spawn(self.port);
        }

        pub async fn keys(&self) -> Vec<String> {
            let client = redis::Client::open(self.url.as_str()).expect("a good address");
            let mut connection = client.get_multiplexed_async_connection().await.expect("connected");
            redis::cmd("KEYS").arg("passage:limit:*").query_async(&mut connection).await.expect("answered")
        }
    }

    impl Drop for Server {
        fn drop(&mut self) {
            self.kill();
        }
    }
}
