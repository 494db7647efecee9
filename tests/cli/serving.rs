//! `passage serve`, as a service manager and a second operator meet it.

#[path = "../common/mod.rs"]
mod common;

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use super::place::{PREFECTURE, Place};

/// Longer than a start and a clean end ever take.
const PATIENCE: Duration = Duration::from_mins(1);

/// A running program. It never outlives its test.
struct Served {
    child: Child,
    address: SocketAddr,
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Served {
    fn start(place: &Place, role: &str) -> Self {
        // Free a moment ago: nobody else on a test machine asks for this very port.
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let mut command = place.command(&["serve", "--role", role]);
        command.env("PASSAGE__HTTP__LISTEN", address.to_string());
        command.env("PASSAGE__SCHEDULER__TICK_SECONDS", "1");
        Self::spawn(command, address)
    }

    /// A witness of the log of this place.
    fn witness(place: &Place) -> Self {
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let key = place.run(&["keys", "log"]).ended(0).trim_end().to_owned();
        let (listen, data) = (address.to_string(), "var/seen");
        Self::spawn(
            place.command(&["witness", "--listen", &listen, "--data", data, "--log-key", &key]),
            address,
        )
    }

    fn spawn(mut command: Command, address: SocketAddr) -> Self {
        command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null());
        Self { child: command.spawn().unwrap(), address }
    }

    /// The answer to a GET, once there is one.
    fn get(&mut self, path: &str) -> String {
        let start = Instant::now();
        loop {
            if let Ok(mut stream) = TcpStream::connect(self.address) {
                write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                    .unwrap();
                let mut answer = String::new();
                stream.read_to_string(&mut answer).unwrap();
                return answer;
            }
            let ended = self.child.try_wait().unwrap();
            assert!(ended.is_none(), "the program ended by itself: {ended:?}");
            assert!(start.elapsed() < PATIENCE, "nobody listens at {}", self.address);
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Asks it to end, as a service manager does; answers its exit code.
    fn terminate(&mut self) -> Option<i32> {
        let kill = format!("kill -TERM {}", self.child.id());
        assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
        let start = Instant::now();
        while start.elapsed() < PATIENCE {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("the program did not end");
    }
}

#[test]
fn a_served_installation_is_well_and_ends_cleanly() {
    let place = Place::furnished();
    let mut served = Served::start(&place, "all");
    assert!(served.get("/healthz").starts_with("HTTP/1.1 200 "));
    assert!(served.get("/p/demonstration").contains("Préfecture de Démonstration"));
    assert!(served.get("/nulle-part").starts_with("HTTP/1.1 404 "));
    let url = format!("http://{}", served.address);
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
    let place = place.with("PASSAGE__WITNESSES__URLS", format!("http://{}", witness.address));
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
