//! `passage serve`, as a service manager and a second operator use it.

#[path = "../common/mod.rs"]
mod common;

use super::place::{PREFECTURE, Place};
use super::served::{PATIENCE, Served};
use crate::{Duration, Instant};

#[test]
fn a_served_installation_is_well_and_ends_cleanly() {
    let place = Place::furnished();
    let mut served = Served::start(&place, "all");
    assert!(served.get("/healthz").starts_with("HTTP/1.1 200 "));
    assert!(served.get("/p/demonstration").contains("Préfecture de Démonstration"));
    assert!(served.get("/nulle-part").starts_with("HTTP/1.1 404 "));
    let url = format!("http://{}", served.operators());
    let health = place.run(&["health", &url]);
    assert!(health.ended(0).starts_with("200"));
    assert_eq!(served.terminate(), Some(0));
    place.run(&["health", &url]).ended(1);
    place.run(&["check-config", "--deep"]).ended(0);
}

#[test]
fn a_witness_beside_it_is_pushed_to_without_being_asked() {
    let place = Place::furnished();
    let mut witness = Served::witness(&place);
    assert!(witness.get("/etat.json").contains("\"size\":0"));
    let place = place.with("PASSAGE__WITNESSES__URLS", format!("http://{}", witness.address()));
    let mut served = Served::start(&place, "all");
    let start = Instant::now();
    while witness.get("/etat.json").contains("\"size\":0") {
        assert!(start.elapsed() < PATIENCE, "nothing was pushed");
        std::thread::sleep(Duration::from_millis(100));
    }
    assert!(witness.get("/etat.json").contains("\"alarms\":0"));
    while !served.get("/journal").contains("Il est à jour") {
        assert!(start.elapsed() < PATIENCE, "the answer is not shown");
        std::thread::sleep(Duration::from_millis(100));
    }
    assert_eq!((served.terminate(), witness.terminate()), (Some(0), Some(0)));
    place.run(&["check-config", "--deep"]).ended(0);
    place.run(&["witness", "--data", "x", "--log-key", "no key"]).ended(2);
}

#[test]
fn a_second_process_on_one_sqlite_file_is_refused_in_words() {
    let place = Place::furnished();
    let mut served = Served::start(&place, "all");
    assert!(served.get("/healthz").starts_with("HTTP/1.1 200 "));
    for second in [&["migrate"] as &[&str], &["staff", "list"], &["serve"]] {
        place.run(second).refused(&["another Passage process uses this SQLite file", "PostgreSQL"]);
    }
    assert!(served.get("/healthz").starts_with("HTTP/1.1 200 "), "the first one goes on");
    assert_eq!(served.terminate(), Some(0));
    place.run(&["staff", "list"]).ended(0);
}

#[test]
fn split_roles_on_sqlite_are_refused_in_words() {
    let place = Place::furnished();
    for role in ["web", "worker"] {
        place.run(&["serve", "--role", role]).refused(&[
            "SQLite serves one process",
            "--role all",
            "postgres:",
        ]);
    }
}

#[tokio::test]
async fn split_roles_share_a_postgres_database() {
    let Some((server, name, url)) = common::fresh_postgres().await else {
        eprintln!("skipped on PostgreSQL: PASSAGE_TEST_POSTGRES is not set (`make test` sets it)");
        return;
    };
    let place = Place::empty().with("PASSAGE__DATABASE__URL", url);
    for _ in 0..2 {
        assert!(place.run(&["migrate"]).ended(0).contains("up to date"));
    }
    place.run(&["keys", "init", "var/master.key"]).ended(0);
    let file = place.file("prefecture.toml", PREFECTURE);
    place.run(&["prefecture", "import", &file]).ended(0);
    let (mut web, mut worker) = (Served::start(&place, "web"), Served::start(&place, "worker"));
    assert!(web.get("/healthz").starts_with("HTTP/1.1 200 "));
    place.run(&["staff", "list"]).ended(0);
    assert_eq!((web.terminate(), worker.terminate()), (Some(0), Some(0)));
    place.run(&["check-config", "--deep"]).ended(0);
    let admin = sqlx::PgPool::connect(&server).await.unwrap();
    let drop = format!("DROP DATABASE {name} WITH (FORCE)");
    sqlx::raw_sql(sqlx::AssertSqlSafe(drop)).execute(&admin).await.unwrap();
}

#[test]
fn a_server_asks_for_all_the_open_files_it_may_have() {
    let place = Place::furnished();
    let mut served = Served::start_after(&place, "all", "ulimit -Sn 64");
    assert!(served.get("/healthz").starts_with("HTTP/1.1 200 "));
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", served.id())).unwrap();
    let line = limits.lines().find(|line| line.starts_with("Max open files")).unwrap();
    let figures: Vec<&str> = line.split_whitespace().skip(3).take(2).collect();
    assert_eq!(figures[0], figures[1], "as many as it may have: {line}");
    assert_ne!(figures[0], "64");
}

#[test]
fn systemd_is_told_when_the_program_serves_lives_and_stops() {
    let place = Place::furnished();
    let socket = place.folder.join("notify.sock");
    let ears = std::os::unix::net::UnixDatagram::bind(&socket).unwrap();
    ears.set_read_timeout(Some(std::time::Duration::from_secs(30))).unwrap();
    let hear = || {
        let mut words = [0; 256];
        let length = ears.recv(&mut words).expect("something is said");
        String::from_utf8_lossy(&words[..length]).into_owned()
    };
    let vars = [("NOTIFY_SOCKET", socket.to_str().unwrap()), ("WATCHDOG_USEC", "400000")];
    let mut served = Served::start_with(&place, "all", &vars);
    let mut heard = Vec::new();
    while !heard.contains(&"READY=1".to_owned()) || !heard.contains(&"WATCHDOG=1".to_owned()) {
        heard.push(hear());
    }
    assert!(served.get("/healthz").starts_with("HTTP/1.1 200 "), "ready when it says so");
    assert_eq!(served.terminate(), Some(0));
    while hear() != "STOPPING=1" {}
}
