//! The versions of a queue's rules: what holds, what was, what is proposed.

use super::proposals::Proposed;
use crate::domain::ids::QueueId;
use crate::domain::rules::Rules;
use crate::flow::{App, FlowError, reason};
use crate::store::records::RulesRecord;

pub struct Version {
    pub number: i32,
    pub rules: Rules,
    /// Why it was proposed.
    pub reason: Option<String>,
    pub proposed: Proposed,
}

/// The newest first.
///
/// # Errors
/// If the store fails.
pub async fn versions(app: &App, queue: QueueId) -> Result<Vec<Version>, FlowError> {
    let records = app.store.rules_of(queue).await?;
    let version = |record: RulesRecord| Version {
        number: record.version,
        rules: record.body.0,
        reason: reason::opened(app, record.reason),
        proposed: Proposed::from(record.columns).with_reason(reason::opened(app, record.rejected_reason)),
    };
    Ok(records.into_iter().map(version).collect())
}
