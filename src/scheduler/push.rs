//! The job of the witnesses: pushes the signed head to them. They are strangers' machines, and nothing else
//! waits for them.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use super::job::{Job, Ran};
use crate::flow::{App, FlowError, witnesses};
use crate::witness::sender::Sender;

pub(super) fn job(every: Duration) -> Job {
    let sender = Arc::new(OnceLock::new());
    Job::new("push", every, move |app, stop| {
        let sender = Arc::clone(&sender);
        Box::pin(async move {
            tokio::select! {
                // A delivery cut short is sent again.
                () = stop.requested() => Ran::default(),
                ran = run(app, &sender) => ran,
            }
        })
    })
}

/// The sender is made when the first witness wants it, and kept: it holds a pool of connections.
async fn run(app: &App, sender: &OnceLock<Result<Sender, String>>) -> Ran {
    let mut ran = Ran::default();
    if app.config.witnesses.urls.is_empty() {
        return ran;
    }
    let pushed = match sender.get_or_init(|| Sender::new().map_err(|error| error.to_string())) {
        Ok(sender) => witnesses::push_due(app, sender).await.map(drop),
        Err(error) => Err(FlowError::Internal(error.clone())),
    };
    if let Err(error) = pushed {
        ran.failed("pushing to witnesses", &error);
    }
    ran
}
