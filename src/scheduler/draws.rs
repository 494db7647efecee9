//! The job of the draws: takes each as far as its time allows, and announces the next one where there is none.
//!
//! Freezes come first, because only they have a time after which they are refused. Several queues advance
//! at once, so that a large one does not hold the others up; a draw that fails holds up itself alone.
//!
//! The rounds of the beacon that are wanted are asked for before the first step, all at once and within a
//! limit, so that relays that are down cost a run some seconds and no more. A draw whose round is late
//! stays where it is; that is no step, so the next run comes after the usual pause.

use std::time::Duration;

use futures_util::{StreamExt, stream};

use super::job::{Job, Ran, unwound};
use crate::flow::stop::Stop;
use crate::flow::{App, FlowError, announce, draw, freeze, source};
use crate::store::records::{DrawRecord, DrawState};

/// Draws that advance at the same time.
const AT_ONCE: usize = 4;
/// Steps one draw can take in one run: freeze, seed, draw, publish.
const STEPS: usize = 4;

pub(super) fn job(every: Duration) -> Job {
    Job::new("draws", every, |app, stop| Box::pin(run(app, stop)))
}

async fn run(app: &App, stop: &Stop) -> Ran {
    let mut ran = Ran::default();
    let active = match app.store.active_draws().await {
        Ok(active) => active,
        Err(error) => {
            ran.failed("reading the draws", &error.into());
            return ran;
        }
    };
    source::ask(app, &active).await;
    let (to_freeze, others) = active.into_iter().partition(|draw| draw.state == DrawState::Announced);
    for draws in [to_freeze, others] {
        advance_all(app, stop, draws, &mut ran).await;
    }
    if !stop.is_requested()
        && let Err(error) = announce_missing(app, &mut ran).await
    {
        ran.failed("looking for queues without a draw", &error);
    }
    ran
}

async fn advance_all(app: &App, stop: &Stop, draws: Vec<DrawRecord>, ran: &mut Ran) {
    let steps = draws.into_iter().map(|draw| unwound(advance(app, stop, draw)));
    let mut advanced = stream::iter(steps).buffer_unordered(AT_ONCE);
    while let Some(step) = advanced.next().await {
        match step {
            Ok(one) => *ran += one,
            Err(error) => ran.failed("a draw's step", &error),
        }
    }
}

/// Takes a draw as far as its time allows.
async fn advance(app: &App, stop: &Stop, record: DrawRecord) -> Ran {
    let mut ran = Ran::default();
    if let Err(error) = steps(app, stop, record, &mut ran).await {
        ran.failed("a draw's step", &error);
    }
    ran
}

async fn steps(app: &App, stop: &Stop, mut record: DrawRecord, ran: &mut Ran) -> Result<(), FlowError> {
    for _ in 0..STEPS {
        if stop.is_requested() {
            return Ok(());
        }
        let now = app.business.now();
        let taken = match record.state {
            DrawState::Announced if now >= record.freeze_at => freeze::freeze(app, &record).await,
            DrawState::Frozen if now >= record.seed_at => draw::seed(app, &record).await,
            DrawState::Seeded => draw::conclude(app, &record).await,
            DrawState::Drawn => draw::publish(app, &record).await,
            _ => return Ok(()),
        };
        // Refused: another instance was quicker, and the state read next says where the draw stands.
        if !matches!(&taken, Ok(()) | Err(FlowError::Refused(_))) {
            return taken;
        }
        let before = record.state;
        record = app.store.draw(record.id).await?.ok_or(FlowError::NotFound("draw"))?;
        if record.state == before {
            return taken;
        }
        tracing::info!(event = "draw.step", draw = %record.id, from = %before, to = %record.state, "a draw went on");
        ran.done.steps += 1;
    }
    Ok(())
}

async fn announce_missing(app: &App, ran: &mut Ran) -> Result<(), FlowError> {
    let directory = app.store.directory().await?;
    let active = app.store.active_draws().await?;
    for queue in &directory.queues {
        if active.iter().any(|draw| draw.queue_id == queue.id) {
            continue;
        }
        let Some(prefecture) = directory.prefecture(queue.prefecture_id) else { continue };
        match announce::announce(app, queue, prefecture).await {
            Ok(true) => {
                ran.done.announced += 1;
                tracing::info!(event = "draw.announced", queue = %queue.id, "a draw is announced");
            }
            Ok(false) => {}
            Err(error) => ran.failed("announcing a draw", &error),
        }
    }
    Ok(())
}
