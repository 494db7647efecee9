//! A folder in which the program runs, and the result of a run.

#![allow(dead_code, reason = "each test file uses its own part")]

use std::io::Write;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

pub const PREFECTURE: &str = include_str!("../../config/demo-prefecture.toml");
pub const QUEUE: &str = "demonstration/renouvellement";

/// The result of a run of the program.
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Ran {
    /// Checks that the run ended with this code; returns its standard output.
    #[track_caller]
    pub fn ended(&self, code: i32) -> &str {
        assert_eq!(self.code, code, "out: {}\nerr: {}", self.out, self.err);
        &self.out
    }

    /// Checks that the run ended with code 1 and printed each of these.
    #[track_caller]
    pub fn refused(&self, words: &[&str]) {
        self.ended(1);
        for word in words {
            assert!(self.err.contains(word), "“{word}” is not in: {}", self.err);
        }
        assert!(!self.err.contains("panicked"), "{}", self.err);
    }

    pub fn json(&self) -> Vec<Value> {
        let lines = self.out.lines();
        lines.map(|line| serde_json::from_str(line).expect("one object a line")).collect()
    }
}

/// A folder in which the program runs, as on a new machine.
pub struct Place {
    pub folder: PathBuf,
    vars: Vec<(&'static str, String)>,
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

impl Place {
    pub fn empty() -> Self {
        let name = format!("passage-cli-{}", uuid::Uuid::now_v7().simple());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir(&folder).unwrap();
        let vars = Vec::new();
        Self { folder, vars }
    }

    /// With a master key and the demo's prefecture.
    pub fn furnished() -> Self {
        let place = Self::empty();
        place.run(&["keys", "init", "var/master.key"]).ended(0);
        let file = place.file("prefecture.toml", PREFECTURE);
        place.run(&["prefecture", "import", &file]).ended(0);
        place
    }

    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.vars.push((name, value.into()));
        self
    }

    pub fn file(&self, name: &str, text: &str) -> String {
        std::fs::write(self.folder.join(name), text).unwrap();
        name.to_owned()
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_passage"));
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("PASSAGE__") {
                command.env_remove(name);
            }
        }
        command.args(arguments).current_dir(&self.folder);
        command.envs(self.vars.iter().map(|(name, value)| (name, value)));
        command.stdin(Stdio::null());
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Ran {
        ran(self.command(arguments).spawn().unwrap())
    }

    pub fn run_with(&self, arguments: &[&str], input: &str) -> Ran {
        let mut child = self.command(arguments).stdin(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        ran(child)
    }

    /// Publishes a file; its days are counted from today, so some may be Sundays or holidays.
    pub fn slots(&self, name: &str, text: &str, more: &[&str]) -> Ran {
        let file = self.file(name, text);
        let arguments = ["slots", "import", &file, "--queue", QUEUE, "--unusual"];
        self.run(&[&arguments, more].concat())
    }
}

fn ran(child: Child) -> Ran {
    let output = child.wait_with_output().unwrap();
    Ran {
        code: output.status.code().expect("the program ended by itself"),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}
