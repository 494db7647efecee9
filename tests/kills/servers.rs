//! Separate servers, to be killed: the servers that the tests share must keep running.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::port::free_address;
use super::program::{PATIENCE, last_words, skipped};

fn wait_for(port: u16) {
    let start = Instant::now();
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(start.elapsed() < PATIENCE, "no server answers on port {port}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn run(command: &mut Command) {
    let done = command.stdout(Stdio::null()).output().unwrap();
    assert!(done.status.success(), "{command:?}: {}", String::from_utf8_lossy(&done.stderr));
}

/// A durable PostgreSQL: every commit is flushed.
pub struct Postgres {
    programs: PathBuf,
    data: PathBuf,
    log: PathBuf,
    port: u16,
    server: Option<Child>,
}

impl Postgres {
    /// `None`, with a message, if PostgreSQL is not installed or may not be used here.
    pub fn start(folder: &Path) -> Option<Self> {
        let newest =
            |folder: PathBuf| std::fs::read_dir(folder).ok()?.filter_map(Result::ok).max_by_key(version);
        let Some(version) = newest("/usr/lib/postgresql".into()) else {
            skipped("postgresql");
            return None;
        };
        if std::env::var_os("PASSAGE_SKIP_SERVERS").is_some() {
            eprintln!("skipped on PostgreSQL: PASSAGE_SKIP_SERVERS is set");
            return None;
        }
        let data = folder.join("postgres");
        std::fs::create_dir(&data).unwrap();
        let mut postgres = Self {
            programs: version.path().join("bin"),
            data,
            log: folder.join("postgres.log"),
            port: free_address().port(),
            server: None,
        };
        if is_root() {
            run(Command::new("chown").arg("postgres:").arg(&postgres.data));
            run(Command::new("chmod").arg("a+x").arg(folder));
        }
        let mut init = postgres.command("initdb");
        run(init.args([
            "--username=postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        ]));
        postgres.restart();
        Some(postgres)
    }

    /// PostgreSQL refuses to run as root: it is started under its own account.
    fn command(&self, program: &str) -> Command {
        let program = self.programs.join(program);
        let mut command = if is_root() {
            let mut lent = Command::new("setpriv");
            lent.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(program);
            lent
        } else {
            Command::new(program)
        };
        command.arg("-D").arg(&self.data).current_dir(&self.data).stdin(Stdio::null());
        command
    }

    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// Kills it (-9); most of its child processes notice and end.
    pub fn kill(&mut self) {
        if let Some(mut server) = self.server.take() {
            server.kill().unwrap();
            server.wait().unwrap();
        }
    }

    /// Starts again on the same data, when the processes of the last run are gone.
    pub fn restart(&mut self) {
        let start = Instant::now();
        loop {
            let port = self.port.to_string();
            let mut command = self.command("postgres");
            command.args(["-p", &port, "-h", "127.0.0.1", "-k", "", "-c", "timezone=UTC"]);
            let log = File::options().create(true).append(true).open(&self.log).unwrap();
            let mut server = command.stdout(Stdio::null()).stderr(log).spawn().unwrap();
            while server.try_wait().unwrap().is_none() {
                if TcpStream::connect(("127.0.0.1", self.port)).is_ok() {
                    self.server = Some(server);
                    return;
                }
                std::thread::sleep(Duration::from_millis(20));
            }
            assert!(start.elapsed() < PATIENCE, "PostgreSQL does not start: {}", last_words(&self.log));
            if start.elapsed() > PATIENCE / 4 {
                self.end_helpers();
            }
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// Ends the child processes of the last run that have not noticed its end: one that waits for a lock never
    /// does. Their working directory is the data folder.
    fn end_helpers(&self) {
        for process in std::fs::read_dir("/proc").unwrap().filter_map(Result::ok) {
            if std::fs::read_link(process.path().join("cwd")).is_ok_and(|folder| folder == self.data) {
                // It may have ended by itself meanwhile.
                drop(Command::new("kill").arg("-9").arg(process.file_name()).status());
            }
        }
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.kill();
    }
}

fn version(entry: &std::fs::DirEntry) -> u32 {
    entry.file_name().to_string_lossy().parse().unwrap_or(0)
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().unwrap();
    id.stdout.trim_ascii() == b"0"
}

pub struct Redis {
    port: u16,
    server: Child,
}

impl Redis {
    pub fn start() -> Option<Self> {
        let port = free_address().port();
        let mut command = Command::new("redis-server");
        command.args([
            "--port",
            &port.to_string(),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--appendonly",
            "no",
        ]);
        let Ok(server) = command.stdout(Stdio::null()).spawn() else {
            skipped("redis-server");
            return None;
        };
        wait_for(port);
        Some(Self { port, server })
    }

    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}/0", self.port)
    }

    /// How many keys it holds.
    pub fn keys(&self) -> u32 {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.write_all(b"DBSIZE\r\n").unwrap();
        let mut answer = String::new();
        BufReader::new(stream).read_line(&mut answer).unwrap();
        answer.trim().trim_start_matches(':').parse().unwrap()
    }

    pub fn kill(&mut self) {
        self.server.kill().unwrap();
        self.server.wait().unwrap();
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}
