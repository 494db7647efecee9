//! The head of the log, as it is kept and as it was signed.

use chrono::{DateTime, Utc};

use crate::flow::{App, FlowError};
use crate::store::records::SignedHead;

/// The head of the one log, and the rows that have no place yet.
#[derive(Clone, Debug)]
pub struct Log {
    pub size: i64,
    pub root: Vec<u8>,
    pub tail: i64,
}

/// A head as it was signed and published.
#[derive(Clone, Debug)]
pub struct Signed {
    pub size: i64,
    pub root: Vec<u8>,
    /// The signed note, to the byte.
    pub note: String,
    pub at: DateTime<Utc>,
}

impl From<SignedHead> for Signed {
    fn from(SignedHead { size, root, note, at }: SignedHead) -> Self {
        Self { size, root, note, at }
    }
}

/// # Errors
/// If the store fails.
pub async fn log(app: &App) -> Result<Log, FlowError> {
    let head = app.store.log_head().await?;
    Ok(Log { size: head.size, root: head.root, tail: head.tail })
}

/// When the installation was last taken back from a backup: what was written between the copy and then is lost.
///
/// # Errors
/// If the store fails.
pub async fn restored_at(app: &App) -> Result<Option<DateTime<Utc>>, FlowError> {
    Ok(app.store.last_restored().await?)
}

/// The newest signed head.
///
/// # Errors
/// If the store fails.
pub async fn signed(app: &App) -> Result<Option<Signed>, FlowError> {
    Ok(app.store.signed_head(i64::MAX).await?.map(Signed::from))
}

/// The signed head over exactly so many rows.
///
/// # Errors
/// If the store fails.
pub async fn signed_over(app: &App, size: i64) -> Result<Option<Signed>, FlowError> {
    Ok(app.store.signed_head(size).await?.filter(|head| head.size == size).map(Signed::from))
}
