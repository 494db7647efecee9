//! What can go wrong under a store method, and what may be done about it.

use thiserror::Error;

use crate::domain::refusal::Refusal;

/// What can go wrong under a store method.
#[derive(Debug, Error)]
pub enum StoreError {
    #[error("{0} not found")]
    NotFound(&'static str),
    /// What is asked is not possible as things stand.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Stored bytes do not say what they should.
    #[error("stored data cannot be read: {0}")]
    Corrupt(String),
    #[error("the master key is not the one this database was made with")]
    WrongKey,
    #[error("{0}")]
    Locked(String),
    #[error("the database did not answer as it should")]
    Database(#[from] sqlx::Error),
    #[error("the migrations could not be applied")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    #[error(
        "the database was changed by a newer program: it has migration {newest}, and this program knows {known} \
         at most; start the newer program, or restore the copy made before the update"
    )]
    Newer { newest: i64, known: i64 },
    #[error(
        "the database has migration {newest}, and this program brings {known}: make a copy, then start the program \
         or run `passage migrate`"
    )]
    Older { newest: i64, known: i64 },
    /// The commit failed that would have made the answer true.
    #[error("the transaction was not committed: {0}")]
    NotCommitted(String),
    #[error("the transaction's task ended early")]
    Task(#[from] tokio::task::JoinError),
}

impl StoreError {
    /// Whether the database cannot serve now, whatever is asked of it: it is away, takes no write, or its disk is
    /// full. It may be able to in a moment.
    pub fn is_unavailable(&self) -> bool {
        match self {
            Self::NotCommitted(_)
            | Self::Database(sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed) => {
                true
            }
            Self::Database(sqlx::Error::Database(error)) => {
                error.code().is_some_and(|code| is_unavailable(&code))
            }
            _ => false,
        }
    }

    /// Whether the database asks for the transaction to be run again.
    pub(super) fn wants_retry(&self) -> bool {
        let Self::Database(sqlx::Error::Database(error)) = self else {
            return false;
        };
        // PostgreSQL: serialization failure, deadlock. SQLite: busy snapshot.
        error.code().is_some_and(|code| matches!(code.as_ref(), "40001" | "40P01" | "517"))
    }
}

fn is_unavailable(code: &str) -> bool {
    match code.parse::<u32>() {
        // SQLite: the lowest byte is the kind. Read-only, input or output, full, cannot be opened.
        Ok(code) if code < 10_000 => matches!(code & 0xff, 8 | 10 | 13 | 14),
        // PostgreSQL: connections that break, out of resources, stopped by its operator, read-only.
        _ => ["08", "53", "57P"].iter().any(|class| code.starts_with(class)) || code == "25006",
    }
}
