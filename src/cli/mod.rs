//! The command line: one binary for serving, administering and verifying.

mod admin;
mod backup;
mod check;
mod credentials;
mod demo;
mod draw;
mod keys;
mod populate;
mod serve;
mod simulate;
mod staff;
mod start;
mod supervisor;
mod witness;

use std::io::{IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::{CommandFactory, Parser, Subcommand, ValueEnum};
use rustix::fs::Mode;

use crate::config::{Config, process_vars};
use crate::domain::actor::Role as StaffRole;
use crate::flow::slots::IfUnusual;

/// Passage: a fair-queue waitlist for prefecture appointments.
///
/// People register once, with a verified identity; slots are drawn at announced times; winners receive
/// a dated convocation. Being quick gains nothing, and anyone can check a draw.
#[derive(Parser)]
#[command(version, after_help = EXIT_CODES, after_long_help = EXIT_CODES)]
struct Cli {
    /// The configuration file [default: config/passage.toml if it is there]. `PASSAGE__SECTION__KEY`
    /// variables override it.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Prints JSON, one object per line, for use in scripts.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Option<Command>,
}

const EXIT_CODES: &str = "Exit codes: 0 done · 1 refused or failed, the reason is on standard error · \
    2 the command line cannot be read · 3 the configuration cannot be used\n\
    A FILE that is read may be “-”: standard input";

#[derive(Subcommand)]
enum Command {
    /// Starts a fictional prefecture on SQLite in ./var, with a fast business clock (the default command)
    Demo(demo::Demo),
    /// Serves pages, runs the scheduler, or both
    Serve {
        /// Split roles need PostgreSQL.
        #[arg(long, value_enum, default_value_t = Role::All)]
        role: Role,
    },
    /// Checks the whole configuration and names every fault
    CheckConfig {
        /// Also looks at everything around: the database and its invariants, every bundle and the log, Redis, the
        /// gateway, the relays of the beacon, the certificate, the disk, and who may read the files. Changes nothing.
        #[arg(long)]
        deep: bool,
    },
    /// Applies the database migrations, under a lock
    Migrate,
    /// Copies the SQLite database to FILE, checked, while it is served; the master key is not in it
    Backup { file: PathBuf },
    /// Takes a backup back, where no database is yet; without FILE, marks a PostgreSQL database that `pg_restore` has
    /// taken back. What may have left since the copy is not sent again, and draws that may have been frozen are annulled
    Restore { file: Option<PathBuf> },
    /// Moves the SQLite database to an empty PostgreSQL one
    Move {
        #[arg(long, value_name = "URL")]
        to: String,
    },
    /// Erases the data of people whose entries ended longer ago than their queue's rules keep them; the scheduler does the
    /// same every hour
    Purge {
        /// Only says whom it would erase, queue by queue.
        #[arg(long)]
        dry_run: bool,
    },
    /// The installation's master key
    #[command(subcommand)]
    Keys(keys::Keys),
    /// Prefectures
    #[command(subcommand)]
    Prefecture(Prefecture),
    /// Accounts of agents and managers
    #[command(subcommand)]
    Staff(Staff),
    /// Slots
    #[command(subcommand)]
    Slots(Slots),
    /// The register of numéros étrangers
    #[command(subcommand)]
    RegisterOfNumbers(RegisterOfNumbers),
    /// Computes and verifies draws, without a database
    #[command(subcommand)]
    Draw(Draw),
    /// Compares first-come booking with Passage, using the real draw, in a town described by a file
    Simulate(simulate::Simulate),
    /// Keeps what the log of an installation says, and when: anybody can run one (docs/witnesses.md)
    Witness(witness::Witness),
    /// Asks a running process whether it can serve (for container health checks)
    Health {
        /// The address of its operators' listener
        #[arg(default_value = "http://127.0.0.1:8081")]
        url: String,
    },
    /// Prints the shell's completion script
    Completions { shell: clap_complete::Shell },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Role {
    All,
    Web,
    Worker,
}

#[derive(Subcommand)]
enum Prefecture {
    /// Creates a prefecture from a file, or brings it up to date; nothing is removed: see config/demo-prefecture.toml
    Import {
        file: PathBuf,
        /// Only says what would change.
        #[arg(long)]
        check: bool,
    },
}

#[derive(Subcommand)]
enum Staff {
    /// Adds an account; prints the link by which its owner chooses a password
    Add {
        login: String,
        #[arg(long, value_name = "SLUG")]
        prefecture: String,
        /// `agent`, `manager` (also publishes slots, proposes rules and approves another's), `auditor` (only reads) or
        /// `administrator` (only accounts).
        #[arg(long, value_parser = |text: &str| text.parse::<StaffRole>())]
        role: StaffRole,
        /// Reads a password from the first line of standard input instead: for trials.
        #[arg(long)]
        password_stdin: bool,
    },
    /// Lists the accounts
    List,
    /// Prints a new link for an account: its owner chooses a password. Earlier links open nothing any more
    Link { login: String },
    /// Confirms an account that one manager has invited, where there is no second one
    Confirm { login: String },
    /// Takes a lost second factor away; its owner sets up another one
    ResetSecondFactor { login: String },
    /// Disables an account and ends its sessions
    Disable { login: String },
}

#[derive(Subcommand)]
enum Slots {
    /// Publishes slots from a CSV file (site;desk;date;time;minutes, as in centre;1;2027-06-08;09:30;20), all or
    /// nothing
    Import {
        file: PathBuf,
        /// The queue, as PREFECTURE/QUEUE.
        #[arg(long, value_name = "PREFECTURE/QUEUE")]
        queue: String,
        /// Publishes also slots on a holiday, on a Sunday or at night, which are otherwise named and refused.
        #[arg(long)]
        unusual: bool,
    },
}

#[derive(Subcommand)]
enum RegisterOfNumbers {
    /// Imports numbers from a CSV file with the columns `number` and `birth_date`, and if it has them `birth_name` and
    /// `given_names`; only fingerprints are kept
    Import { file: PathBuf },
}

#[derive(Subcommand)]
enum Draw {
    /// Computes a draw: reads a frozen list with its signature or secret, writes the whole bundle to standard output
    Run { file: PathBuf },
    /// Verifies bundles: one line each; exit 0 only if all are verified
    Verify {
        /// Also asks a witness whether it saw each list before the randomness was out: its address, or its
        /// file `freezes.jsonl`. May be given several times.
        #[arg(long, value_name = "URL|FILE")]
        witness: Vec<String>,
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
}

/// Why a command ends with a code other than 0.
#[derive(Debug)]
enum Failure {
    Refused(anyhow::Error),
    Config(crate::config::ConfigError),
}

impl<E: Into<anyhow::Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Refused(error.into())
    }
}

/// Runs the program with the arguments of this process.
pub fn main() -> ExitCode {
    // What this process writes is for its own account alone: databases, keys, logs, what a witness has seen.
    rustix::process::umask(Mode::RWXG | Mode::RWXO);
    let cli = Cli::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("passage: cannot start: {error}");
            return ExitCode::FAILURE;
        }
    };
    let ended = runtime.block_on(Box::pin(dispatch(cli)));
    // A thread that still computes would hold the end up; whatever it writes is made to survive a kill.
    runtime.shutdown_background();
    match ended {
        Ok(code) => code,
        Err(Failure::Refused(error)) => {
            eprintln!("passage: {error:#}");
            ExitCode::FAILURE
        }
        Err(Failure::Config(error)) => {
            eprintln!("passage: {error}");
            ExitCode::from(3)
        }
    }
}

async fn dispatch(cli: Cli) -> Result<ExitCode, Failure> {
    let json = cli.json;
    let config = || load(cli.config.as_deref(), json);
    match cli.command.unwrap_or_else(|| Command::Demo(demo::Demo::default())) {
        Command::Demo(demo) => demo::run(demo).await?,
        Command::Serve { role } => serve::run(config()?, role).await?,
        Command::CheckConfig { deep } => return check::check_config(config()?, deep, json).await,
        Command::Migrate => admin::migrate(&config()?).await?,
        Command::Purge { dry_run } => admin::purge(config()?, dry_run, json).await?,
        Command::Backup { file } => backup::back_up(&config()?, &file, json).await?,
        Command::Restore { file } => backup::restore(config()?, file.as_deref(), json).await?,
        Command::Move { to } => backup::move_to(&config()?, &to, json).await?,
        Command::Keys(command) => keys::run(command, config, json).await?,
        Command::Prefecture(Prefecture::Import { file, check }) => {
            admin::import_prefecture(config()?, &file, check, json).await?;
        }
        Command::Staff(command) => staff::staff(config()?, command, json).await?,
        Command::Slots(Slots::Import { file, queue, unusual }) => {
            let if_unusual = if unusual { IfUnusual::Publish } else { IfUnusual::Ask };
            return admin::import_slots(config()?, &file, &queue, if_unusual, json).await;
        }
        Command::RegisterOfNumbers(RegisterOfNumbers::Import { file }) => {
            admin::import_register(config()?, &file, json).await?;
        }
        Command::Draw(Draw::Run { file }) => draw::run(&file)?,
        Command::Draw(Draw::Verify { witness, files }) => return draw::verify(&files, &witness, json).await,
        Command::Simulate(simulate) => simulate::run(simulate, json)?,
        Command::Witness(command) => witness::run(command).await?,
        Command::Health { url } => return serve::health(&url).await,
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "passage", &mut script);
            say(String::from_utf8_lossy(&script).trim_end());
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Reads the configuration of an installation.
fn load(path: Option<&Path>, json: bool) -> Result<Config, Failure> {
    Config::load(path, process_vars()).map_err(|error| {
        if json {
            say(serde_json::json!({ "faults": error.faults }));
        }
        Failure::Config(error)
    })
}

/// Prints a line of the answer. A closed pipe is not an error: its reader has read enough.
fn say(line: impl std::fmt::Display) {
    if writeln!(std::io::stdout(), "{line}").is_err() {
        std::process::exit(0);
    }
}

/// A file that somebody names; `-` is standard input.
fn open(path: &Path) -> anyhow::Result<Box<dyn Read>> {
    if path == Path::new("-") {
        return Ok(Box::new(std::io::stdin()));
    }
    let file = std::fs::File::open(path).with_context(|| format!("reading {}", path.display()))?;
    Ok(Box::new(file))
}

/// Reads a file that somebody names, which may have no end.
fn read_at_most(path: &Path, bytes_max: u64) -> anyhow::Result<Vec<u8>> {
    let reading = || format!("reading {}", path.display());
    let mut bytes = Vec::new();
    let file = open(path)?;
    file.take(bytes_max + 1).read_to_end(&mut bytes).with_context(reading)?;
    let is_whole = bytes.len() as u64 <= bytes_max;
    anyhow::ensure!(is_whole, "{}: the file is larger than {} MiB", path.display(), bytes_max >> 20);
    Ok(bytes)
}

/// A progress bar on standard error, only on a terminal.
fn progress(length: u64, what: &'static str) -> indicatif::ProgressBar {
    if !std::io::stderr().is_terminal() {
        return indicatif::ProgressBar::hidden();
    }
    let style = indicatif::ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {eta}")
        .unwrap_or_else(|_| indicatif::ProgressStyle::default_bar());
    indicatif::ProgressBar::new(length).with_style(style).with_message(what)
}
