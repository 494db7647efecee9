//! The job of the log: gives rows their place, and signs the head.

use std::time::Duration;

use super::job::{Job, Ran};
use crate::flow::stop::Stop;
use crate::flow::{App, FlowError, journal};

/// Rows given their place per run.
const BATCH: i64 = 5_000;

pub(super) fn job(every: Duration) -> Job {
    Job::new("log", every, |app, stop| Box::pin(run(app, stop)))
}

async fn run(app: &App, _: &Stop) -> Ran {
    let mut ran = Ran::default();
    if let Err(error) = sequence(app).await {
        ran.failed("sequencing the log", &error);
    }
    if let Err(error) = journal::sign(app).await {
        ran.failed("signing the log", &error);
    }
    ran
}

async fn sequence(app: &App) -> Result<(), FlowError> {
    if app.store.log_head().await?.tail > 0 {
        app.store.sequence_log(BATCH, app.business.now()).await?;
    }
    Ok(())
}
