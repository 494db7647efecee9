//! The program as a process: started at a chosen time of its own clock, stopped at a failpoint, queried
//! over HTTP, and killed without warning.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::port::free_address;

/// A timeout longer than anything here ever takes.
pub const PATIENCE: Duration = Duration::from_mins(1);

/// Debian's path of libfaketime, which sets a program's clock.
fn libfaketime() -> Option<PathBuf> {
    let machines = std::fs::read_dir("/usr/lib").ok()?;
    let library = |folder: std::fs::DirEntry| folder.path().join("faketime/libfaketimeMT.so.1");
    machines.filter_map(Result::ok).map(library).find(|path| path.exists())
}

/// Whether the program's clock can be set here.
pub fn clock_can_be_set() -> bool {
    let can = libfaketime().is_some();
    if !can {
        skipped("libfaketime");
    }
    can
}

/// Reports that a test is skipped because a Debian package is missing. `make test` installs what tests need and
/// sets the path of its PostgreSQL: there, nothing is skipped.
pub fn skipped(package: &str) {
    assert!(std::env::var_os("PASSAGE_TEST_POSTGRES").is_none(), "{package} is not installed");
    eprintln!("skipped: {package} is not installed (`make test` installs it)");
}

/// A start of the program, being configured.
pub struct Launch {
    command: Command,
    folder: PathBuf,
}

impl Launch {
    /// `at` is the program's clock at its start, UTC, as `2027-01-08 17:00:00`.
    pub fn new(folder: &Path, at: &str) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_passage"));
        command.args(["serve"]).current_dir(folder).stdin(Stdio::null());
        command.env("LD_PRELOAD", libfaketime().expect("asked before"));
        command.env("TZ", "UTC").env("FAKETIME", format!("@{at}")).env("NO_FAKE_STAT", "1");
        // Timers are not changed: only the time of day is set.
        command.env("FAKETIME_DONT_FAKE_MONOTONIC", "1").env("DONT_FAKE_MONOTONIC", "1");
        Self { command, folder: folder.to_owned() }
    }

    pub fn var(mut self, name: &str, value: impl AsRef<str>) -> Self {
        self.command.env(name, value.as_ref());
        self
    }

    /// How many seconds pass on the program's clock in one real second.
    pub fn speed(self, at: &str, times: u32) -> Self {
        self.var("FAKETIME", format!("@{at} x{times}"))
    }

    pub fn role(mut self, role: &str) -> Self {
        self.command.args(["--role", role]);
        self
    }

    /// Stops at this failpoint.
    pub fn stopping_at(self, point: &str) -> Self {
        let reached = self.folder.join(format!("{point}-{}.reached", uuid::Uuid::now_v7().simple()));
        self.var("PASSAGE_FAILPOINT", point).var("PASSAGE_FAILPOINT_FILE", reached.to_str().unwrap())
    }

    pub fn go(mut self) -> Program {
        let address = free_address();
        let operators = free_address();
        self.command.env("PASSAGE__HTTP__LISTEN", address.to_string());
        self.command.env("PASSAGE__OPERATORS__LISTEN", operators.to_string());
        let log = self.folder.join("program.log");
        let log = std::fs::File::options().create(true).append(true).open(log).unwrap();
        self.command.stdout(Stdio::null()).stderr(log);
        let named = |(name, value): (&std::ffi::OsStr, Option<&std::ffi::OsStr>)| {
            (name == "PASSAGE_FAILPOINT_FILE").then(|| PathBuf::from(value.unwrap()))
        };
        let reached = self.command.get_envs().find_map(named);
        let child = self.command.spawn().unwrap();
        Program { child, address, operators, reached, log: self.folder.join("program.log") }
    }
}

/// A running program. It never outlives its test.
pub struct Program {
    child: Child,
    pub address: SocketAddr,
    pub operators: SocketAddr,
    reached: Option<PathBuf>,
    log: PathBuf,
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Program {
    /// Waits until the program has stopped at its failpoint.
    #[track_caller]
    pub fn wait_there(&mut self) {
        let reached = self.reached.clone().expect("a place was chosen");
        self.wait_until(&format!("{} is reached", reached.display()), || reached.exists());
    }

    /// Lets it continue from there.
    pub fn wake(&self) {
        let reached = self.reached.as_ref().expect("a place was chosen");
        std::fs::write(reached.with_extension("go"), "").unwrap();
    }

    /// Waits until a condition holds, while the program runs.
    #[track_caller]
    pub fn wait_until(&mut self, what: &str, is_so: impl Fn() -> bool) {
        let start = Instant::now();
        while !is_so() {
            self.assert_lives();
            assert!(start.elapsed() < PATIENCE, "in vain: {what}\n{}", self.said());
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    #[track_caller]
    pub fn assert_lives(&mut self) {
        let ended = self.child.try_wait().unwrap();
        assert!(ended.is_none(), "the program ended by itself: {ended:?}\n{}", self.said());
    }

    fn said(&self) -> String {
        last_words(&self.log)
    }

    /// Kills it (-9).
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to end, as a service manager does.
    pub fn terminate(mut self) {
        let kill = format!("kill -TERM {}", self.child.id());
        assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
        let start = Instant::now();
        while self.child.try_wait().unwrap().is_none() {
            assert!(start.elapsed() < PATIENCE, "the program did not end\n{}", self.said());
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    pub fn wait_for_pages(&mut self) {
        let address = self.address;
        self.wait_until("pages are served", || TcpStream::connect(address).is_ok());
    }
}

/// The end of a log.
pub fn last_words(log: &Path) -> String {
    let log = std::fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = log.lines().collect();
    lines[lines.len().saturating_sub(20)..].join("\n")
}

/// The response of a page.
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

/// One request on its own connection. An error means that no answer came.
pub fn ask(address: SocketAddr, head: &str, body: &str) -> std::io::Result<Answer> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let length = body.len();
    write!(
        stream,
        "{head}\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}"
    )?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let cut = || std::io::Error::from(std::io::ErrorKind::UnexpectedEof);
    let (head, body) = answer.split_once("\r\n\r\n").ok_or_else(cut)?;
    let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).ok_or_else(cut)?;
    if let Some(length) = header(head, "content-length")
        && length.parse() != Ok(body.len())
    {
        return Err(cut());
    }
    Ok(Answer { status, head: head.to_owned(), body: body.to_owned() })
}

/// A form, sent from the client address `from` as a proxy reports it, from our own page.
pub fn post(
    address: SocketAddr,
    path: &str,
    cookie: &str,
    from: &str,
    fields: &[(&str, &str)],
) -> std::io::Result<Answer> {
    let head = format!(
        "POST {path} HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\n\
         Sec-Fetch-Site: same-origin\r\nX-Forwarded-For: {from}\r\nCookie: {cookie}"
    );
    let pairs: Vec<String> =
        fields.iter().map(|(name, value)| format!("{}={}", escaped(name), escaped(value))).collect();
    ask(address, &head, &pairs.join("&"))
}

fn escaped(text: &str) -> String {
    text.bytes().fold(String::new(), |escaped, byte| escaped + &format!("%{byte:02X}"))
}

/// A header of an answer.
pub fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let named = |line: &'a str| {
        let (found, value) = line.split_once(':')?;
        found.eq_ignore_ascii_case(name).then(|| value.trim())
    };
    head.lines().find_map(named)
}
