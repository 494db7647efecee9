//! The scheduler: the jobs, each of which finds what is due now and calls the flow for it. In production
//! each has a task of its own, so that none waits for another; tests and the demo call [`tick`], which runs
//! each once.
//!
//! It keeps no memory of its own: everything due is found by asking the store, so a job may run twice,
//! on two instances, or after the machine was off, and the result is the same. Each step of a draw is
//! one transaction, conditional on the state before it; whoever comes second finds nothing to do. A
//! machine that was off catches up on everything but a freeze that would come after its randomness:
//! that draw is annulled in public and the next one announced.
//!
//! A step that fails is logged, told in the job's heartbeat, and tried again at the next run.

mod draws;
mod job;
mod log;
mod neighbours;
mod outbox;
mod push;
mod sweeps;

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;

pub use self::job::{Job, Ran};
use crate::flow::stop::Stop;
use crate::flow::{App, health};

/// How long a stop waits for the steps under way; container engines kill after ten seconds.
const DRAIN: Duration = Duration::from_secs(8);
/// How often the heartbeats are looked at, and how often a silent job is told of.
const LOOK_EVERY: Duration = Duration::from_mins(1);

/// What was done: by one job, or by all of them.
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

impl std::ops::AddAssign for Done {
    fn add_assign(&mut self, other: Self) {
        self.announced += other.announced;
        self.steps += other.steps;
        self.notices += other.notices;
        self.failed += other.failed;
    }
}

/// The jobs of an installation, in the order in which one tick runs them.
fn jobs(every: Duration) -> Vec<Job> {
    vec![draws::job(every), sweeps::job(every), sweeps::expiry(every), outbox::job(every), log::job(every)]
}

/// Does everything that is due now, once. Witnesses, who are strangers' machines, are not waited for.
pub async fn tick(app: &App) -> Done {
    let (mut done, stop) = (Done::default(), Stop::never());
    for job in jobs(app.config.scheduler.tick) {
        done += job.run_once(app, &stop).await;
    }
    done
}

/// Runs every job until `stop` ends, then lets the steps under way finish, within a limit.
pub async fn run(app: &Arc<App>, every: Duration, stop: impl Future<Output = ()>) {
    let mut jobs = jobs(every);
    jobs.push(push::job(every));
    jobs.push(neighbours::certificate_job());
    jobs.push(neighbours::gateways_job());
    run_jobs(app, jobs, stop).await;
}

/// As [`run`], for any jobs. Ends early if the task of a job does.
pub async fn run_jobs(app: &Arc<App>, jobs: Vec<Job>, stop: impl Future<Output = ()>) {
    let (tell, told) = Stop::signal();
    let mut tasks = JoinSet::new();
    for job in jobs {
        let (app, told) = (Arc::clone(app), told.clone());
        tasks.spawn(async move { job.run(&app, &told).await });
    }
    tokio::pin!(stop);
    loop {
        tokio::select! {
            () = &mut stop => break,
            ended = tasks.join_next() => {
                tracing::error!(?ended, "the task of a job has ended");
                break;
            }
            () = tokio::time::sleep(LOOK_EVERY) => {
                tell_of_silence(app);
                if let Err(error) = health::publish(app).await {
                    tracing::error!(%error, "what this process knows of its health was not written");
                }
            }
        }
    }
    tell.send_replace(true);
    let drained = async { while tasks.join_next().await.is_some() {} };
    if tokio::time::timeout(DRAIN, drained).await.is_err() {
        let running = app.heartbeats.all().into_iter().filter(|heartbeat| heartbeat.is_running);
        let jobs: Vec<_> = running.map(|heartbeat| heartbeat.name).collect();
        tracing::warn!(?jobs, "stopped before these jobs had ended their step");
    }
}

fn tell_of_silence(app: &App) {
    let now = app.real.now();
    for heartbeat in app.heartbeats.all() {
        if let Some(silent) = heartbeat.silent_for(now) {
            tracing::error!(
                event = "job.silent",
                job = heartbeat.name,
                seconds = silent.as_secs(),
                "no run of a job has ended for long: it hangs, or its task is gone"
            );
        }
    }
}
