//! The time from the start of the program to its first page, and its memory when idle: the real
//! program on SQLite. The first start has only a key, as in the README, and creates the database;
//! the next one has a prefecture too. Both are compared with the start of the same binary that only
//! prints its version. The limits (one second, 60 MiB) are absolute, and only printed.

#[path = "draw/judged.rs"]
mod judged;

use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use judged::judged;

const PROGRAM: &str = env!("CARGO_BIN_EXE_passage");
const DATABASE: &str = "var/passage.db";
const RUNS: usize = 7;
/// Long enough for the scheduler to have had its first ticks.
const IDLE: Duration = Duration::from_secs(3);

struct Place(PathBuf);

impl Drop for Place {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// It never outlives its bench.
struct Served(Child);

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn main() {
    let mut versions: Vec<Duration> = (0..RUNS).map(|_| version()).collect();
    let mut firsts = Vec::new();
    let mut seconds = Vec::new();
    let mut idle = 0;
    for _ in 0..RUNS {
        let place = new_place();
        let (served, _, time) = start(&place);
        firsts.push(time);
        drop(served);
        run(&place, &["prefecture", "import", "prefecture.toml"]);
        let (served, address, time) = start(&place);
        seconds.push(time);
        std::thread::sleep(IDLE);
        idle = idle.max(memory_kib(&served));
        assert!(get(address, "/").is_some_and(|page| page.contains(" 200 ")));
    }
    let version = median(&mut versions);
    println!("{:<34} {:>10} {:>10} {:>8}   aim", "", "median", "--version", "ratio");
    for (what, times) in
        [("first start, with a new database", &mut firsts), ("next start, with a prefecture", &mut seconds)]
    {
        let time = median(times);
        let ratio = time.as_secs_f64() / version.as_secs_f64();
        let judged = judged(time < Duration::from_secs(1));
        println!(
            "{what:<34} {:>7.0} ms {:>7.0} ms {ratio:>8.1}   under 1 s: {judged}",
            ms(time),
            ms(version)
        );
    }
    let (resident, judged) = (mib(idle), judged(mib(idle) < 60.0));
    println!(
        "{:<34} {resident:>6.1} MiB {:>10} {:>8}   under 60 MiB: {judged}",
        "resident, idle (the most)", "–", "–"
    );
}

/// A folder with a key, the demo's prefecture in a file, and no database.
fn new_place() -> Place {
    let name = format!("start-{}", uuid::Uuid::now_v7().simple());
    let place = Place(PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name));
    fs::create_dir_all(&place.0).expect("a folder");
    fs::write(place.0.join("prefecture.toml"), include_str!("../config/demo-prefecture.toml"))
        .expect("a file");
    run(&place, &["keys", "init", "var/master.key"]);
    assert!(!place.0.join(DATABASE).exists(), "a first start makes the database");
    place
}

fn run(place: &Place, arguments: &[&str]) {
    let done = command(place).args(arguments).stderr(Stdio::piped()).output().expect("the program");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

fn command(place: &Place) -> Command {
    let mut command = Command::new(PROGRAM);
    command.current_dir(&place.0).stdout(Stdio::null()).stderr(Stdio::null());
    command.env("PASSAGE__DATABASE__URL", format!("sqlite:{DATABASE}"));
    command.env("PASSAGE__VAULT__MASTER_KEY_FILE", "var/master.key");
    command.env("PASSAGE__HTTP__PUBLIC_URL", "http://localhost:8080");
    command
}

fn start(place: &Place) -> (Served, SocketAddr, Duration) {
    // Free a moment ago, and no other program here uses this port.
    let address = TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr()).expect("a port");
    let begun = Instant::now();
    let child = command(place)
        .arg("serve")
        .env("PASSAGE__HTTP__LISTEN", address.to_string())
        .env("PASSAGE__OPERATORS__LISTEN", "off")
        .spawn();
    let mut served = Served(child.expect("the program"));
    loop {
        if let Some(page) = get(address, "/") {
            assert!(page.contains(" 200 "), "{page}");
            return (served, address, begun.elapsed());
        }
        assert!(served.0.try_wait().expect("a child").is_none(), "the program has ended");
        assert!(begun.elapsed() < Duration::from_mins(1), "no page in a minute");
        std::thread::sleep(Duration::from_millis(1));
    }
}

fn get(address: SocketAddr, path: &str) -> Option<String> {
    let mut stream = TcpStream::connect(address).ok()?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").ok()?;
    let mut page = String::new();
    stream.read_to_string(&mut page).ok()?;
    Some(page)
}

fn version() -> Duration {
    let begun = Instant::now();
    let done = Command::new(PROGRAM).arg("--version").output().expect("the program");
    assert!(done.status.success());
    begun.elapsed()
}

/// The memory of the process, as reported by the system.
fn memory_kib(served: &Served) -> u32 {
    let status = fs::read_to_string(format!("/proc/{}/status", served.0.id())).expect("Linux");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("a size");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn mib(kib: u32) -> f64 {
    f64::from(kib) / 1024.0
}
