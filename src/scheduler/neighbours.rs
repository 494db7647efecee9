//! The jobs that look at what stands around an installation: the certificate of its public address, where it serves for
//! real; the gateways of messages and the register of numbers, which are silent while nobody uses them.

use std::time::Duration;

use chrono::TimeDelta;

use super::job::{Job, Ran};
use crate::config::Environment;
use crate::domain::alarm::ComponentKind;
use crate::flow::certificate::{CertificateFault, look};
use crate::flow::stop::Stop;
use crate::flow::{App, numbers};

/// A certificate ends by the day, and one that was mended should not be an alarm for long.
const CERTIFICATE_EVERY: Duration = Duration::from_hours(1);
const GATEWAYS_EVERY: Duration = Duration::from_mins(15);
/// Messages that a gateway refuses are tried again every five minutes: what was used lately is known.
const USED_LATELY: TimeDelta = TimeDelta::minutes(10);

pub(super) fn certificate_job() -> Job {
    Job::new("certificate", CERTIFICATE_EVERY, |app, stop| Box::pin(until(stop, certificate(app))))
}

pub(super) fn gateways_job() -> Job {
    Job::new("gateways", GATEWAYS_EVERY, |app, stop| Box::pin(until(stop, gateways(app))))
}

/// Nothing is lost if it is cut short.
async fn until(stop: &Stop, look: impl Future<Output = ()>) -> Ran {
    tokio::select! {
        () = stop.requested() => {}
        () = look => {}
    }
    Ran::default()
}

/// Asks each gateway about its account, and the register of numbers about nobody. Where they were used lately, that was
/// the better question.
async fn gateways(app: &App) {
    let known = app.store.health().await.unwrap_or_default();
    let now = app.real.now();
    let was_used = |kind, name: &str| {
        let last = known.iter().find(|one| one.kind == kind && one.name == name);
        last.is_some_and(|last| now - last.checked_at < USED_LATELY)
    };
    for carrier in app.carriers.iter() {
        let way = carrier.way();
        if !was_used(ComponentKind::Gateway, way.as_str()) {
            let fault = carrier.probe().await.err().map(|error| error.to_string());
            app.health.note(ComponentKind::Gateway, way.as_str(), fault, now);
        }
    }
    if !was_used(ComponentKind::Register, numbers::COMPONENT) {
        numbers::probe(app).await;
    }
}

async fn certificate(app: &App) {
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
