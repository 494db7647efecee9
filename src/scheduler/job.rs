//! What a job is, and how one is run again and again: each run is timed in the job's heartbeat, and a run
//! that fails or panics is told there and in the log. The next one comes all the same.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use super::Done;
use crate::flow::stop::Stop;
use crate::flow::{App, FlowError};

/// Work that is looked for again and again.
pub struct Job {
    pub name: &'static str,
    /// The pause, in real time, after a run that found nothing to do; after another there is none.
    pub every: Duration,
    /// The pause before the first run.
    first: Duration,
    run: Box<Run>,
}

/// Does what is due now, once. Told to stop, it ends with the step under way.
type Run = dyn for<'a> Fn(&'a App, &'a Stop) -> BoxFuture<'a, Ran> + Send + Sync;

impl Job {
    pub fn new(
        name: &'static str,
        every: Duration,
        run: impl for<'a> Fn(&'a App, &'a Stop) -> BoxFuture<'a, Ran> + Send + Sync + 'static,
    ) -> Self {
        Self { name, every, first: Duration::ZERO, run: Box::new(run) }
    }

    /// Begins only after a pause.
    #[must_use]
    pub fn after(self, first: Duration) -> Self {
        Self { first, ..self }
    }

    /// One run, with its heartbeat.
    pub(super) async fn run_once(&self, app: &App, stop: &Stop) -> Done {
        app.heartbeats.started(self.name, self.every, app.real.now());
        let mut ran = Ran::default();
        match unwound((self.run)(app, stop)).await {
            Ok(ended) => ran += ended,
            Err(error) => ran.failed(self.name, &error),
        }
        app.heartbeats.ended(self.name, ran.fault, app.real.now());
        ran.done
    }

    /// Runs until told to stop.
    pub(super) async fn run(&self, app: &App, stop: &Stop) {
        tokio::select! {
            () = stop.requested() => {}
            () = tokio::time::sleep(self.first) => {}
        }
        while !stop.is_requested() {
            if self.run_once(app, stop).await.is_idle() {
                tokio::select! {
                    () = stop.requested() => {}
                    () = tokio::time::sleep(self.every) => {}
                }
            }
        }
    }
}

/// What a run did, and the first thing that went wrong in it.
#[derive(Debug, Default)]
pub struct Ran {
    pub done: Done,
    pub fault: Option<String>,
}

impl Ran {
    /// Part of the run failed: it is logged, and the rest goes on.
    pub fn failed(&mut self, doing: &'static str, error: &FlowError) {
        tracing::error!(doing, error = %error, "a step failed and will be tried again");
        self.done.failed += 1;
        self.fault.get_or_insert_with(|| format!("{doing}: {error}"));
    }
}

impl std::ops::AddAssign for Ran {
    fn add_assign(&mut self, other: Self) {
        self.done += other.done;
        self.fault = self.fault.take().or(other.fault);
    }
}

/// What a future answers; a panic becomes an error.
pub(super) async fn unwound<T>(work: impl Future<Output = T>) -> Result<T, FlowError> {
    // Whatever was half done belongs to the future, and goes with it; a lock that it poisoned is taken anyway.
    AssertUnwindSafe(work).catch_unwind().await.map_err(|panic| FlowError::Internal(panic_text(&*panic)))
}

fn panic_text(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
    format!("it panicked: {}", text.unwrap_or("without a word"))
}
