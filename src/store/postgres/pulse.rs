//! Whether PostgreSQL answers, asked four times a second on a connection of its own. Without it, each request
//! would find out by waiting for a connection of the pool until the limit.

use std::time::{Duration, Instant};

use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection as _, PgConnection};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

/// The pause between two questions.
const EVERY: Duration = Duration::from_millis(250);
/// How long an answer is waited for before the server counts as silent.
const ANSWER_MAX: Duration = Duration::from_millis(500);

/// What is known of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Answers,
    /// It may be busy: only who has waited in vain is told so.
    Silent,
    /// The connection was refused or broke.
    Away,
}

/// The task that asks, and its last answer. The task ends with it.
pub struct Pulse {
    state: watch::Receiver<State>,
    task: JoinHandle<()>,
}

impl Drop for Pulse {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Pulse {
    pub fn start(options: PgConnectOptions) -> Self {
        let (tell, state) = watch::channel(State::Answers);
        Self { state, task: tokio::spawn(ask(options, tell)) }
    }

    /// Asks no more.
    pub fn stop(&self) {
        self.task.abort();
    }

    /// Ends once a request that began at this instant should not wait for the database any longer: at once if it
    /// is away, and after `patience` if it is silent.
    pub async fn lost(&self, since: Instant, patience: Duration) {
        let mut state = self.state.clone();
        loop {
            let now = *state.borrow_and_update();
            let waits = match now {
                State::Away => return,
                State::Silent => (since + patience).saturating_duration_since(Instant::now()),
                State::Answers => Duration::MAX,
            };
            tokio::select! {
                () = sleep(waits) => return,
                changed = state.changed() => if changed.is_err() {
                    return std::future::pending().await;
                }
            }
        }
    }
}

/// Asks until it is dropped. Only a change is logged.
async fn ask(options: PgConnectOptions, tell: watch::Sender<State>) {
    let mut connection: Option<PgConnection> = None;
    loop {
        let found = match timeout(ANSWER_MAX, ping(&options, &mut connection)).await {
            Ok(Ok(())) => State::Answers,
            Ok(Err(_)) => State::Away,
            Err(_) => State::Silent,
        };
        if found == State::Away {
            connection = None;
        }
        let before = tell.send_replace(found);
        match found {
            State::Answers if before != found => {
                tracing::info!(event = "database.back", "PostgreSQL answers again");
            }
            State::Away if before != found => {
                tracing::error!(event = "database.away", "PostgreSQL refuses connections or has closed them");
            }
            State::Silent if before != found => {
                tracing::warn!(event = "database.silent", "PostgreSQL does not answer within half a second");
            }
            _ => {}
        }
        sleep(EVERY).await;
    }
}

async fn ping(options: &PgConnectOptions, connection: &mut Option<PgConnection>) -> sqlx::Result<()> {
    let open = match connection.take() {
        Some(open) => open,
        None => PgConnection::connect_with(options).await?,
    };
    // Put back before it is asked: an answer that is not waited for is read by the next question.
    connection.insert(open).ping().await
}
