//! The real program, serving, in its own process: its answers, its memory, and how it ends.
//! It never outlives its test.

#![allow(dead_code, reason = "each test file uses its own part")]

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::place::Place;
use super::port::free_address;

/// Longer than a start or a clean stop ever takes.
pub const PATIENCE: Duration = Duration::from_mins(1);

/// A running program.
pub struct Served {
    child: Child,
    address: SocketAddr,
    operators: SocketAddr,
}

impl Drop for Served {
    fn drop(&mut self) {
        self.kill();
    }
}

impl Served {
    /// Starts `passage serve` in a place, on a free port.
    pub fn start(place: &Place, role: &str) -> Self {
        Self::start_with(place, role, &[])
    }

    /// The same, with more variables.
    pub fn start_with(place: &Place, role: &str, vars: &[(&str, &str)]) -> Self {
        let address = free_address();
        let command = place.command(&["serve", "--role", role]);
        Self::spawn(command, address, vars)
    }

    /// A witness of the log of this place.
    pub fn witness(place: &Place) -> Self {
        let address = free_address();
        let key = place.run(&["keys", "log"]).ended(0).trim_end().to_owned();
        let (listen, data) = (address.to_string(), "var/seen");
        let command = place.command(&["witness", "--listen", &listen, "--data", data, "--log-key", &key]);
        Self::spawn(command, address, &[])
    }

    /// Starts `passage demo` in a place, on a free port.
    pub fn demo(place: &Place) -> Self {
        let address = free_address();
        Self::spawn(place.command(&["demo", "--listen", &address.to_string()]), address, &[])
    }

    /// `passage serve`, after a shell command such as `ulimit -Sn 64`.
    pub fn start_after(place: &Place, role: &str, before: &str) -> Self {
        let address = free_address();
        let program = place.command(&["serve", "--role", role]);
        let mut command = Command::new("sh");
        command.args(["-c", &format!("{before} && exec \"$0\" \"$@\"")]);
        command.arg(program.get_program()).args(program.get_args()).current_dir(&place.folder);
        for (name, value) in program.get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        Self::spawn(command, address, &[])
    }

    fn spawn(mut command: Command, address: SocketAddr, vars: &[(&str, &str)]) -> Self {
        command.env("PASSAGE__HTTP__LISTEN", address.to_string());
        command.env("PASSAGE__SCHEDULER__TICK_SECONDS", "1");
        command.envs(vars.iter().copied());
        let operators = free_address();
        command.env("PASSAGE__OPERATORS__LISTEN", operators.to_string());
        command.stdout(Stdio::null()).stderr(Stdio::null());
        Self { child: command.spawn().unwrap(), address, operators }
    }

    /// Where its operators look.
    pub const fn operators(&self) -> SocketAddr {
        self.operators
    }

    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// The answer to a GET, once there is one.
    pub fn get(&mut self, path: &str) -> String {
        self.get_at(self.address, path)
    }

    /// The answer of its operators' listener.
    pub fn ask(&mut self, path: &str) -> String {
        self.get_at(self.operators, path)
    }

    /// Asks the operators' listener until its answer begins like this.
    pub fn ask_until(&mut self, path: &str, begins: &str) -> String {
        let start = Instant::now();
        loop {
            let answer = self.ask(path);
            if answer.starts_with(begins) {
                return answer;
            }
            assert!(start.elapsed() < PATIENCE, "{path} never answers {begins}: {answer}");
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    fn get_at(&mut self, address: SocketAddr, path: &str) -> String {
        let start = Instant::now();
        loop {
            if let Ok(mut stream) = TcpStream::connect(address) {
                write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                    .unwrap();
                let mut answer = String::new();
                stream.read_to_string(&mut answer).unwrap();
                return answer;
            }
            let ended = self.child.try_wait().unwrap();
            assert!(ended.is_none(), "the program ended by itself: {ended:?}");
            assert!(start.elapsed() < PATIENCE, "nobody listens at {address}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Asks it to end, as a service manager does; answers its exit code.
    pub fn terminate(&mut self) -> Option<i32> {
        self.signal("TERM");
        self.ended()
    }

    /// Sends it a signal: `TERM`, `STOP`, `CONT`.
    pub fn signal(&self, name: &str) {
        let kill = format!("kill -{name} {}", self.child.id());
        assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
    }

    /// Kills it (-9) and waits until it is gone.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Waits until it has ended by itself; its exit code, or nothing if a signal ended it.
    pub fn ended(&mut self) -> Option<i32> {
        let start = Instant::now();
        while start.elapsed() < PATIENCE {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("the program did not end");
    }

    /// A figure of `/proc/…/status`, in kilobytes: `VmRSS` is the present memory, `VmHWM` the peak.
    pub fn kilobytes(&self, name: &str) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        let figure = line.and_then(|line| line.split_whitespace().next());
        figure.and_then(|figure| figure.parse().ok()).unwrap_or_else(|| panic!("no {name} in {status}"))
    }
}
