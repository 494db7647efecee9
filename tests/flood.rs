//! The program under a flood: bad requests of every kind and slow connections, against the real program,
//! while honest people register and look. Nothing fails, nothing acknowledged is lost, memory stays bounded,
//! and honest people are still served: their waits are compared with those of a calm phase of the same run.
//!
//! `PASSAGE_DEPTH=soak` runs the full load for ten minutes; `PASSAGE_FLOOD_SECONDS` shortens that.

mod common;
#[path = "common/http.rs"]
mod http;
#[path = "../benches/load/mod.rs"]
mod load;
#[path = "common/place.rs"]
mod place;
#[path = "common/port.rs"]
mod port;
#[path = "common/served.rs"]
mod served;
#[path = "common/web.rs"]
mod web;

use std::time::Duration;

use common::{depth, fresh_postgres};
use load::{Load, Report, recheck};
use place::{PREFECTURE, Place};
use served::Served;

/// How many times longer than in the calm phase waits may be, when the program, the flood and the people
/// share two cores.
const SLOWER_MAX: u32 = 25;
/// … where shorter calm waits count as this long: below it, noise dominates.
const CALM_MIN: Duration = Duration::from_millis(20);
/// The memory that a flood may cost in addition to the idle program, and the maximum in total.
const MORE_KB_MAX: u64 = 200 * 1024;
const ALL_KB_MAX: u64 = 512 * 1024;
/// The percentage of the planned bad requests that must really arrive: in a light flood, the machine may be
/// busy with other work.
const COME_PERCENT: (u32, u32) = (60, 90);
/// … and the percentage of slow connections that must be open at once.
const OPEN_PERCENT: u32 = 90;
/// The limit on a machine with no other work.
const P99_MAX: Duration = Duration::from_millis(500);

#[tokio::test(flavor = "multi_thread")]
async fn honest_people_are_served_through_a_flood_on_sqlite() {
    let place = Place::furnished();
    stand(&place).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn honest_people_are_served_through_a_flood_on_postgres() {
    let Some((server, name, url)) = fresh_postgres().await else {
        eprintln!("skipped on PostgreSQL: PASSAGE_TEST_POSTGRES is not set (`make test` sets it)");
        return;
    };
    let place = Place::empty().with("PASSAGE__DATABASE__URL", url);
    place.run(&["keys", "init", "var/master.key"]).ended(0);
    let file = place.file("prefecture.toml", PREFECTURE);
    place.run(&["prefecture", "import", &file]).ended(0);
    stand(&place).await;
    let admin = sqlx::PgPool::connect(&server).await.unwrap();
    let drop = format!("DROP DATABASE {name} WITH (FORCE)");
    sqlx::raw_sql(sqlx::AssertSqlSafe(drop)).execute(&admin).await.unwrap();
}

fn is_light() -> bool {
    depth(1, 0) == 1
}

fn seconds() -> Duration {
    let asked = std::env::var("PASSAGE_FLOOD_SECONDS").ok().map(|seconds| seconds.parse().unwrap());
    Duration::from_secs(asked.unwrap_or(u64::from(depth(6, 600))))
}

async fn stand(place: &Place) {
    // A light flood ends before the default timeouts do.
    let vars = [("PASSAGE__HTTP__HEADER_TIMEOUT_SECONDS", "2"), ("PASSAGE__HTTP__BODY_TIMEOUT_SECONDS", "3")];
    let mut served = Served::start_with(place, "all", if is_light() { &vars } else { &[] });
    assert!(served.get("/healthz").starts_with("HTTP/1.1 200 "));
    let idle_kb = served.kilobytes("VmRSS");
    let calm = Load {
        to: served.address(),
        bad_per_second: 0,
        bad_addresses: 1,
        slow: 0,
        slow_addresses: 1,
        honest: 8,
        lasting: Duration::from_secs(2),
    };
    let flood = Load {
        bad_per_second: depth(400, 5_000),
        bad_addresses: depth(20, 250),
        slow: depth(200, 1_000),
        slow_addresses: 10,
        lasting: seconds(),
        ..calm
    };
    let calm = calm.run().await;
    let flooded = flood.run().await;
    let (now_kb, most_kb) = (served.kilobytes("VmRSS"), served.kilobytes("VmHWM"));
    println!("calm\n{calm}\nflooded\n{flooded}");
    println!(
        "memory: {} MB idle, {} MB at the end, {} MB at most",
        idle_kb / 1024,
        now_kb / 1024,
        most_kb / 1024
    );
    came(&flood, &flooded);
    judge(&calm, &flooded);
    assert!(most_kb < idle_kb + MORE_KB_MAX && most_kb < ALL_KB_MAX, "{most_kb} kB, {idle_kb} kB idle");
    let kept = [calm.honest.acknowledged, flooded.honest.acknowledged].concat();
    let sampled: Vec<_> = kept.iter().step_by(kept.len().div_ceil(400)).cloned().collect();
    assert_eq!(recheck(served.address(), &sampled).await, Vec::<String>::new(), "acknowledged and not there");
    assert_eq!(served.terminate(), Some(0));
    place.run(&["check-config", "--deep"]).ended(0);
}

/// Checks that the flood was as planned.
fn came(asked: &Load, flooded: &Report) {
    let least = asked.bad_per_second * depth(COME_PERCENT.0, COME_PERCENT.1) / 100;
    let (rate, wanted) = (flooded.bad_per_second, asked.bad_per_second);
    assert!(rate >= f64::from(least), "{rate:.0} bad requests a second, {wanted} were asked for");
    let (open, wanted) = (flooded.slow.open_mostly(), asked.slow);
    assert!(open >= wanted * OPEN_PERCENT / 100, "{open} slow connections at once, {wanted} were asked for");
}

fn judge(calm: &Report, flooded: &Report) {
    for honest in [&calm.honest, &flooded.honest] {
        let statuses: Vec<_> = honest.statuses.keys().collect();
        assert_eq!(statuses, [&200], "every honest request is answered: {honest}");
        assert!(!honest.acknowledged.is_empty());
    }
    assert_eq!(flooded.failures(), [], "bad input is refused, and breaks nothing");
    let statuses = flooded.statuses();
    for refusal in [400, 404, 405, 413, 422, 429, 431] {
        assert!(statuses.contains_key(&refusal), "nothing was refused with {refusal}: {statuses:?}");
    }
    let ended: u64 = flooded.slow.ended.values().sum();
    assert!(ended > 0, "no slow connection was let go");
    let (p99, calm_p99) = (flooded.honest.percentile(99), calm.honest.percentile(99).max(CALM_MIN));
    assert!(p99 < calm_p99 * SLOWER_MAX, "p99 {p99:?} in the flood, {calm_p99:?} before");
    assert!(is_light() || p99 < P99_MAX, "p99 {p99:?}");
}
