//! The sweeps: what happens by the passing of time alone. Each first reads whether there is anything to
//! change, which most often there is not, and only then begins a transaction.

use std::time::Duration;

use chrono::{DateTime, Days, TimeDelta, Utc};

use super::job::{Job, Ran};
use crate::flow::heartbeats::{EXPIRY_EVERY, SWEEPS_EVERY};
use crate::flow::people::{erasure, waiting};
use crate::flow::stop::Stop;
use crate::flow::{App, FlowError, numbers};
use crate::store::StoreError;

/// How long a registration that is sent again gets its first answer: far longer than any form stays open.
const ANSWERS_KEPT_DAYS: u64 = 30;
/// Spent and old one-time codes are of no use but to whoever looks into an attack.
const CODES_KEPT_DAYS: i64 = 1;
/// Rows removed per transaction.
const BATCH: i64 = 5_000;

/// Slots whose time has come too near, ticks and penalties that become final, identities that nobody verified, corrections
/// that waited for an outcome.
pub(super) fn job(every: Duration) -> Job {
    Job::new("sweeps", every.max(SWEEPS_EVERY), |app, stop| Box::pin(sweep(app, stop)))
}

/// Sessions, suspensions, answers to retries and people's data whose time is over.
pub(super) fn expiry(every: Duration) -> Job {
    Job::new("expiry", every.max(EXPIRY_EVERY), |app, stop| Box::pin(expire(app, stop)))
}

async fn sweep(app: &App, stop: &Stop) -> Ran {
    let (mut ran, now) = (Ran::default(), app.business.now());
    if let Err(error) = lapse(app, now).await {
        ran.failed("letting slots lapse", &error.into());
    }
    if let Err(error) = ticks(app, stop, now).await {
        ran.failed("settling the ticks of the counter", &error.into());
    }
    if let Err(error) = penalties(app, stop, now).await {
        ran.failed("putting penalties in force", &error.into());
    }
    if let Err(error) = unverified(app, stop, now).await {
        ran.failed("sweeping unverified entries", &error.into());
    }
    if let Err(error) = waiting::settle_due(app, stop).await {
        ran.failed("settling corrections that waited for an outcome", &error);
    }
    if let Err(error) = numbers::ask_again(app, stop).await {
        ran.failed("asking the register of numbers again", &error);
    }
    ran
}

async fn expire(app: &App, stop: &Stop) -> Ran {
    let mut ran = Ran::default();
    if let Err(error) = answers(app, stop).await {
        ran.failed("removing old answers to retries", &error.into());
    }
    if let Err(error) = app.store.forget_penalties(app.business.now()).await {
        ran.failed("removing suspensions that are over", &error.into());
    }
    if let Err(error) = app.store.forget_codes(app.real.now() - TimeDelta::days(CODES_KEPT_DAYS)).await {
        ran.failed("removing old one-time codes", &error.into());
    }
    if let Err(error) = people(app, stop).await {
        ran.failed("erasing people whose time is over", &error);
    }
    if let Err(error) = app.store.end_expired_sessions(app.real.now()).await {
        ran.failed("removing expired sessions", &error.into());
    }
    ran
}

/// Ticks that can no longer be corrected.
async fn ticks(app: &App, stop: &Stop, now: DateTime<Utc>) -> Result<(), StoreError> {
    while !stop.is_requested() && app.store.settle_ticks(now).await? > 0 {}
    Ok(())
}

/// Penalties to which nobody has objected in time, or in vain.
async fn penalties(app: &App, stop: &Stop, now: DateTime<Utc>) -> Result<(), StoreError> {
    while !stop.is_requested() && app.store.penalties_take_effect(now).await? > 0 {}
    Ok(())
}

async fn unverified(app: &App, stop: &Stop, now: DateTime<Utc>) -> Result<(), StoreError> {
    while !stop.is_requested() && app.store.sweep_unverified(now).await? > 0 {}
    Ok(())
}

/// They are dated in business time, like the registrations they belong to.
async fn answers(app: &App, stop: &Stop) -> Result<(), StoreError> {
    let before = app.business.now() - Days::new(ANSWERS_KEPT_DAYS);
    while !stop.is_requested() && app.store.forget_answers(before, BATCH).await? > 0 {}
    Ok(())
}

/// People whose entries ended long ago, as the rules of their queues say.
async fn people(app: &App, stop: &Stop) -> Result<(), FlowError> {
    while !stop.is_requested() && erasure::purge_some(app).await? > 0 {}
    Ok(())
}

async fn lapse(app: &App, now: DateTime<Utc>) -> Result<(), StoreError> {
    let active = app.store.active_draws().await?;
    let mut nearest = Vec::new();
    for queue in &app.store.directory().await?.queues {
        // Newer rules are not in force for the draw that is announced: its slots stay until it is over.
        let under_way = active.iter().find(|draw| draw.queue_id == queue.id);
        let notice_days = match under_way {
            Some(draw) if draw.rules_version != queue.rules_version => {
                let rules = app.store.rules(queue.id, draw.rules_version).await?;
                rules.notice_min_days.min(queue.rules.notice_min_days)
            }
            _ => queue.rules.notice_min_days,
        };
        nearest.push((queue.id, now + Days::new(notice_days.into())));
    }
    app.store.lapse_slots(nearest, now).await?;
    Ok(())
}
