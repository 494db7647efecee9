//! The job of the certificate: looks at the one of the public address, where an installation serves for real.

use std::time::Duration;

use super::job::{Job, Ran};
use crate::config::Environment;
use crate::domain::alarm::ComponentKind;
use crate::flow::App;
use crate::flow::certificate::{CertificateFault, look};

/// A certificate ends by the day.
const EVERY: Duration = Duration::from_hours(6);

pub(super) fn job() -> Job {
    Job::new("certificate", EVERY, |app, stop| {
        Box::pin(async move {
            tokio::select! {
                () = stop.requested() => {}
                () = run(app) => {}
            }
            Ran::default()
        })
    })
}

async fn run(app: &App) {
    let url = &app.config.http.public_url;
    if app.config.environment != Environment::Production || !url.starts_with("https://") {
        return;
    }
    let fault = match look(url).await {
        // Not every machine may go out to its own proxy: that alone says nothing of the certificate.
        Err(CertificateFault::Unreachable(why)) => {
            tracing::info!(
                event = "certificate.unknown",
                why,
                "the public address cannot be reached from here"
            );
            return;
        }
        Err(fault) => Some(fault.to_string()),
        Ok(()) => None,
    };
    app.health.note(ComponentKind::Certificate, url, fault, app.real.now());
}
