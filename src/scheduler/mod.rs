//! The scheduler: `tick()` finds what is due now and calls the flow for it.
//!
//! It keeps no memory of its own: everything due is found by asking the store, so a tick may run twice,
//! on two instances, or after the machine was off, and the result is the same. Each step of a draw is
//! one transaction, conditional on the state before it; whoever comes second finds nothing to do. A
//! machine that was off catches up on everything but a freeze that would come after its randomness:
//! that draw is annulled in public and the next one announced.
//!
//! The rounds of the beacon that are wanted are asked for before the first step, all at once and within a
//! limit, so that relays that are down cost a tick some seconds and no more. A draw whose round is late
//! stays where it is; that is no step, so the next tick comes after the usual pause.
//!
//! A step that fails is logged and tried again at the next tick; it never holds the other queues up.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Days, Utc};

use crate::flow::{App, FlowError, announce, draw, freeze, journal, outbox, source, witnesses};
use crate::store::StoreError;
use crate::store::records::{DrawRecord, DrawState};
use crate::witness::sender::Sender;

/// Log rows given their place per tick.
const SEQUENCE_BATCH: i64 = 5_000;
/// Steps one draw can take in one tick: freeze, seed, draw, publish.
const STEPS: usize = 4;

/// What a tick did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Done {
    pub announced: usize,
    pub steps: usize,
    pub notices: usize,
    pub failed: usize,
}

impl Done {
    /// Whether nothing was due.
    pub const fn is_idle(self) -> bool {
        self.announced + self.steps + self.notices == 0
    }
}

/// Does everything that is due now, once.
pub async fn tick(app: &App) -> Done {
    let mut done = Done::default();
    draws(app, &mut done).await;
    housekeeping(app, &mut done).await;
    match outbox::send_due(app).await {
        Ok(sent) => done.notices = sent,
        Err(error) => failed(&mut done, "sending notices", &error),
    }
    if let Err(error) = app.store.sequence_log(SEQUENCE_BATCH, app.business.now()).await {
        failed(&mut done, "sequencing the log", &error.into());
    }
    if let Err(error) = journal::sign(app).await {
        failed(&mut done, "signing the log", &error);
    }
    done
}

/// Ticks until `stop` ends, then lets the tick under way finish. Witnesses are strangers' machines: they
/// are pushed to in a task of its own, so that none of them can hold up a draw.
pub async fn run(app: &Arc<App>, every: Duration, stop: impl Future<Output = ()>) {
    tokio::pin!(stop);
    let pushes = tokio::spawn(push(Arc::clone(app), every));
    loop {
        let idle = tick(app).await.is_idle();
        let pause = if idle { every } else { Duration::ZERO };
        tokio::select! {
            () = &mut stop => break,
            () = tokio::time::sleep(pause) => {}
        }
    }
    // A delivery cut short is sent again.
    pushes.abort();
}

async fn push(app: Arc<App>, every: Duration) {
    let sender = match Sender::new() {
        Ok(sender) => sender,
        Err(error) => return tracing::error!(%error, "nothing can be sent to witnesses"),
    };
    loop {
        if let Err(error) = witnesses::push_due(&app, &sender).await {
            tracing::error!(%error, "pushing to witnesses failed and will be tried again");
        }
        tokio::time::sleep(every).await;
    }
}

async fn draws(app: &App, done: &mut Done) {
    let active = match app.store.active_draws().await {
        Ok(active) => active,
        Err(error) => return failed(done, "reading the draws", &error.into()),
    };
    source::ask(app, &active).await;
    for draw in active {
        if let Err(error) = advance(app, draw, done).await {
            failed(done, "a draw's step", &error);
        }
    }
    if let Err(error) = announce_missing(app, done).await {
        failed(done, "looking for queues without a draw", &error);
    }
}

/// Takes a draw as far as its time allows.
async fn advance(app: &App, mut record: DrawRecord, done: &mut Done) -> Result<(), FlowError> {
    for _ in 0..STEPS {
        let now = app.business.now();
        let step = match record.state {
            DrawState::Announced if now >= record.freeze_at => freeze::freeze(app, &record).await,
            DrawState::Frozen if now >= record.seed_at => draw::seed(app, &record).await,
            DrawState::Seeded => draw::conclude(app, &record).await,
            DrawState::Drawn => draw::publish(app, &record).await,
            _ => return Ok(()),
        };
        // Refused: another instance was quicker, and the state read next says where the draw stands.
        if !matches!(&step, Ok(()) | Err(FlowError::Refused(_))) {
            return step;
        }
        let before = record.state;
        record = app.store.draw(record.id).await?.ok_or(FlowError::NotFound("draw"))?;
        if record.state == before {
            return step;
        }
        done.steps += 1;
    }
    Ok(())
}

async fn announce_missing(app: &App, done: &mut Done) -> Result<(), FlowError> {
    let directory = app.store.directory_afresh().await?;
    let active = app.store.active_draws().await?;
    for queue in &directory.queues {
        if active.iter().any(|draw| draw.queue_id == queue.id) {
            continue;
        }
        let Some(prefecture) = directory.prefecture(queue.prefecture_id) else { continue };
        match announce::announce(app, queue, prefecture).await {
            Ok(announced) => done.announced += usize::from(announced),
            Err(error) => failed(done, "announcing a draw", &error),
        }
    }
    Ok(())
}

/// Slots whose time has come too near, identities that nobody verified.
async fn housekeeping(app: &App, done: &mut Done) {
    let now = app.business.now();
    if let Err(error) = lapse(app, now).await {
        failed(done, "letting slots lapse", &error.into());
    }
    if let Err(error) = app.store.sweep_unverified(now).await {
        failed(done, "sweeping unverified entries", &error.into());
    }
}

async fn lapse(app: &App, now: DateTime<Utc>) -> Result<(), StoreError> {
    let active = app.store.active_draws().await?;
    for queue in &app.store.directory_afresh().await?.queues {
        // Newer rules are not in force for the draw that is announced: its slots stay until it is over.
        let under_way = active.iter().find(|draw| draw.queue_id == queue.id);
        let notice_days = match under_way {
            Some(draw) if draw.rules_version != queue.rules_version => {
                let rules = app.store.rules(queue.id, draw.rules_version).await?;
                rules.notice_min_days.min(queue.rules.notice_min_days)
            }
            _ => queue.rules.notice_min_days,
        };
        let nearest = now + Days::new(notice_days.into());
        app.store.lapse_slots(queue.id, nearest, now).await?;
    }
    Ok(())
}

fn failed(done: &mut Done, doing: &'static str, error: &FlowError) {
    done.failed += 1;
    tracing::error!(doing, error = %error, "a step failed and will be tried again");
}
