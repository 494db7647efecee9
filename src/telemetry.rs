//! Logs and traces. Rule: spans and log lines contain ids, counts and
//! states, never a name, phone, address, document number, login or token. An
//! internal error is logged under a short reference, and the user sees only
//! this reference.

use std::error::Error;
use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{self, IsTerminal, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::util::TryInitError;

use crate::config::{Log, LogFormat};

/// Telemetry that could not be started.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    #[error("log.filter is not a valid filter, such as info,passage=debug")]
    Filter,
    #[error("log.file: {0:?} cannot be opened ({1}); make its folder, or leave the key out")]
    File(PathBuf, io::Error),
    #[error("logging was already started")]
    Started,
}

impl From<TryInitError> for TelemetryError {
    fn from(_: TryInitError) -> Self {
        Self::Started
    }
}

/// Starts logging, once per process: to the configured file, or to standard error. Standard output belongs to the
/// answers of commands. Colours are for terminals only.
pub fn init(log: &Log) -> Result<LogTarget, TelemetryError> {
    use tracing_subscriber::util::SubscriberInitExt;

    let target = LogTarget::open(log.file.clone())?;
    let filter = EnvFilter::try_new(&log.filter).map_err(|_| TelemetryError::Filter)?;
    let colours = target.file.is_none() && io::stderr().is_terminal();
    let builder =
        tracing_subscriber::fmt().with_env_filter(filter).with_ansi(colours).with_writer(target.clone());
    match log.format {
        LogFormat::Text => builder.finish().try_init()?,
        LogFormat::Json => builder.json().flatten_event(true).finish().try_init()?,
    }
    Ok(target)
}

/// Where the log goes.
#[derive(Clone)]
pub struct LogTarget {
    file: Option<Arc<(PathBuf, RwLock<File>)>>,
}

impl LogTarget {
    fn open(path: Option<PathBuf>) -> Result<Self, TelemetryError> {
        let Some(path) = path else { return Ok(Self { file: None }) };
        let file = appended(&path).map_err(|error| TelemetryError::File(path.clone(), error))?;
        Ok(Self { file: Some(Arc::new((path, RwLock::new(file)))) })
    }

    /// Opens the file again, after somebody has moved it away. If that fails, the old one is still written to.
    pub fn reopen(&self) {
        let Some(target) = &self.file else { return };
        let (path, file) = &**target;
        match appended(path) {
            Ok(again) => {
                *file.write().unwrap_or_else(PoisonError::into_inner) = again;
                tracing::info!(event = "log.reopened", "the log goes on in a new file");
            }
            Err(error) => {
                tracing::error!(%error, "log.file cannot be opened again: the log goes on in the old file");
            }
        }
    }
}

fn appended(path: &Path) -> io::Result<File> {
    OpenOptions::new().create(true).append(true).mode(0o600).open(path)
}

/// One line, written whole.
pub enum LogWriter<'a> {
    File(RwLockReadGuard<'a, File>),
    Stderr(io::Stderr),
}

impl Write for LogWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::File(file) => (&**file).write(bytes),
            Self::Stderr(stderr) => stderr.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for LogTarget {
    type Writer = LogWriter<'a>;

    fn make_writer(&'a self) -> LogWriter<'a> {
        match &self.file {
            Some(target) => LogWriter::File(target.1.read().unwrap_or_else(PoisonError::into_inner)),
            None => LogWriter::Stderr(io::stderr()),
        }
    }
}

/// Ten characters that link what a person sees to a line of the log. Without
/// vowels and similar characters, so that it can be read out on the phone.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ErrorRef([u8; ErrorRef::LEN]);

impl ErrorRef {
    const LEN: usize = 10;
    const ALPHABET: &[u8; 16] = b"3467CDFHJKMPRTWX";

    /// A fresh reference.
    pub fn new() -> Self {
        let mut bytes = [0; Self::LEN];
        getrandom::fill(&mut bytes).expect("the system has randomness");
        Self(bytes.map(|byte| Self::ALPHABET[usize::from(byte % 16)]))
    }

    /// Logs an internal error with all its causes under a fresh reference, and
    /// returns the reference to show. `doing` says what was being done, by ids.
    #[must_use = "show the reference, or nobody can find the line"]
    pub fn report(doing: &str, error: &(dyn Error + 'static)) -> Self {
        let reference = Self::new();
        let causes = causes(error);
        tracing::error!(error_ref = %reference, doing, error = %causes, "internal error");
        reference
    }
}

impl Default for ErrorRef {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Display for ErrorRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (head, tail) = self.0.split_at(Self::LEN / 2);
        write!(f, "{}-{}", head.escape_ascii(), tail.escape_ascii())
    }
}

impl fmt::Debug for ErrorRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// An error with all its causes, in one line.
pub fn causes(error: &(dyn Error + 'static)) -> String {
    let chain = std::iter::successors(Some(error), |&error| error.source());
    let texts: Vec<String> = chain.map(ToString::to_string).collect();
    texts.join(": ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_differ_and_can_be_read_out() {
        let (one, other) = (ErrorRef::new().to_string(), ErrorRef::new().to_string());
        assert_ne!(one, other);
        assert_eq!(one.len(), 11);
        let allowed = |c: char| c == '-' || ErrorRef::ALPHABET.contains(&(c as u8));
        assert!(one.chars().all(allowed), "{one}");
    }

    #[test]
    fn an_internal_error_is_logged_with_its_causes() {
        #[derive(Debug, thiserror::Error)]
        #[error("the entry was not stored")]
        struct Outer(#[source] io::Error);
        let error = Outer(io::Error::other("disk full"));
        assert_eq!(causes(&error), "the entry was not stored: disk full");
    }

    #[test]
    fn a_log_goes_on_in_a_new_file_once_its_own_was_moved_away() {
        let folder = std::env::temp_dir().join(format!("passage-log-{}", ErrorRef::new()));
        std::fs::create_dir(&folder).unwrap();
        let (path, moved) = (folder.join("passage.log"), folder.join("passage.log.1"));
        let target = LogTarget::open(Some(path.clone())).unwrap();
        target.make_writer().write_all(b"one\n").unwrap();
        std::fs::rename(&path, &moved).unwrap();
        target.make_writer().write_all(b"two\n").unwrap();
        target.reopen();
        target.make_writer().write_all(b"three\n").unwrap();
        assert_eq!(std::fs::read_to_string(&moved).unwrap(), "one\ntwo\n");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "three\n");
        std::fs::remove_dir_all(&folder).unwrap();
        // What cannot be opened again loses nothing.
        target.reopen();
        target.make_writer().write_all(b"four\n").unwrap();
    }

    #[test]
    fn a_bad_filter_is_refused_by_its_key() {
        let log = Log { format: LogFormat::Text, filter: "passage=loud".into(), file: None };
        let error = init(&log).err().expect("refused").to_string();
        assert!(error.starts_with("log.filter"), "{error}");
    }
}
