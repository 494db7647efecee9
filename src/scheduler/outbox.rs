//! The job of the outbox: sends the notices that are due. A gateway may be slow; nothing else waits for it.

use std::time::Duration;

use super::job::{Job, Ran};
use crate::flow::stop::Stop;
use crate::flow::{App, FlowError, notices};

pub(super) fn job(every: Duration) -> Job {
    Job::new("outbox", every, |app, stop| Box::pin(run(app, stop)))
}

async fn run(app: &App, stop: &Stop) -> Ran {
    let mut ran = Ran::default();
    match send(app, stop).await {
        Ok(sent) => ran.done.notices = sent,
        Err(error) => ran.failed("sending notices", &error),
    }
    ran
}

async fn send(app: &App, stop: &Stop) -> Result<usize, FlowError> {
    if !app.store.has_notices_due(app.business.now(), app.real.now()).await? {
        return Ok(0);
    }
    notices::send_due(app, stop).await
}
