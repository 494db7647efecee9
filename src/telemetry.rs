//! Logs and traces. Rule: spans and log lines contain ids, counts and
//! states, never a name, phone, address, document number, login or token. An
//! internal error is logged under a short reference, and the user sees only
//! this reference.

use std::error::Error;
use std::fmt;
use std::io;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::util::TryInitError;

use crate::config::{Log, LogFormat};

/// Telemetry that could not be started.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    #[error("log.filter is not a valid filter, such as info,passage=debug")]
    Filter,
    #[error("logging was already started")]
    Started,
}

impl From<TryInitError> for TelemetryError {
    fn from(_: TryInitError) -> Self {
        Self::Started
    }
}

/// Starts logging to standard error, once per process. Standard output belongs
/// to the answers of commands.
pub fn init(log: &Log) -> Result<(), TelemetryError> {
    use tracing_subscriber::util::SubscriberInitExt;

    let filter = EnvFilter::try_new(&log.filter).map_err(|_| TelemetryError::Filter)?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr);
    match log.format {
        LogFormat::Text => builder.finish().try_init()?,
        LogFormat::Json => builder.json().flatten_event(true).finish().try_init()?,
    }
    Ok(())
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

fn causes(error: &(dyn Error + 'static)) -> String {
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
    fn a_bad_filter_is_refused_by_its_key() {
        let log = Log { format: LogFormat::Text, filter: "passage=loud".into() };
        let error = init(&log).expect_err("refused").to_string();
        assert!(error.starts_with("log.filter"), "{error}");
    }
}
