//! `passage serve`: pages, scheduler, or both, until told to stop.

use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use super::{Failure, Role, start, supervisor};
use crate::clock::BusinessClock;
use crate::config::Config;
use crate::flow::App;
use crate::telemetry::LogTarget;
use crate::web::server::{Patience, serve_router};
use crate::{scheduler, telemetry, web};

/// How long the connections to the database may take to close.
const CLOSE_MAX: Duration = Duration::from_secs(1);

/// Serves until SIGINT or SIGTERM, then lets requests and work in progress finish.
pub async fn run(config: Config, role: Role) -> anyhow::Result<()> {
    let log = telemetry::init(&config.log)?;
    reopen_on_hangup(log);
    open_files();
    tracing::info!(event = "program.starting", version = env!("CARGO_PKG_VERSION"), ?role, "starting");
    let app = Arc::new(Box::pin(start::app(config, BusinessClock::system())).await?);
    if role != Role::All && !app.store.is_shared() {
        bail!(
            "--role web and --role worker split the work between processes, and SQLite serves one process: use --role all, or a postgres: database"
        );
    }
    let stop = stop_signal();
    let (work, mut ended) = (app.clone(), watch::channel(false));
    let told = stop.clone();
    let worker = (role != Role::Web).then(|| {
        tokio::spawn(async move {
            // Dropped when the scheduler ends, also by a panic: then the pages stop too, so that it is noticed.
            let _alive = ended.0;
            let tick = work.config.scheduler.tick;
            scheduler::run(&work, tick, asked_to_stop(told)).await;
        })
    });
    let has_worker = worker.is_some();
    let stopped = async move {
        tokio::select! {
            () = asked_to_stop(stop) => tracing::info!(event = "program.stopping", "asked to stop"),
            _ = ended.1.changed(), if has_worker => tracing::error!("the scheduler has ended: stopping"),
        }
        supervisor::tell("STOPPING=1");
    };
    let operators = operators(&app).await?;
    supervisor::watch(app.clone());
    if role == Role::Worker {
        supervisor::tell("READY=1");
        stopped.await;
    } else {
        let listener = bind("http.listen", app.config.http.listen).await?;
        supervisor::tell("READY=1");
        web::serve(app.clone(), listener, stopped).await?;
    }
    if let Some(operators) = operators {
        operators.abort();
    }
    if let Some(worker) = worker {
        worker.await?;
    }
    // A database that does not answer holds no stop up: what is not committed was promised to nobody.
    if timeout(CLOSE_MAX, app.store.close()).await.is_err() {
        tracing::warn!(
            event = "database.not_closed",
            "the database does not answer: its connections are dropped"
        );
    }
    tracing::info!(event = "program.stopped", "stopped");
    Ok(())
}

/// SIGHUP opens the log file again, as logrotate expects; without a log file it does nothing.
fn reopen_on_hangup(log: LogTarget) {
    tokio::spawn(async move {
        match signal(SignalKind::hangup()) {
            Ok(mut hangup) => {
                while hangup.recv().await.is_some() {
                    log.reopen();
                }
            }
            Err(error) => tracing::error!(%error, "SIGHUP cannot be listened to"),
        }
    });
}

async fn bind(key: &str, listen: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(listen).await.with_context(|| {
        format!("listening on {listen} ({key}); does another process listen there? Give each its own")
    })
}

/// Starts the listener of the operators, if there is to be one. It answers until the process ends, so that a stop
/// can be watched.
async fn operators(app: &Arc<App>) -> anyhow::Result<Option<JoinHandle<()>>> {
    let Some(listen) = app.config.operators.listen else { return Ok(None) };
    let listener = bind("operators.listen", listen).await?;
    let (router, patience) = (web::operators::router(app.clone()), Patience::of(&app.config.http));
    Ok(Some(tokio::spawn(async move {
        let served = serve_router(router, patience, Vec::new(), listener, std::future::pending());
        if let Err(error) = served.await {
            tracing::error!(%error, "the operators' listener has ended");
        }
    })))
}

/// Each connection takes a file descriptor, and many systems give a program 1,024 until it asks for the rest.
fn open_files() {
    let limit = getrlimit(Resource::Nofile);
    let wanted = Rlimit { current: limit.maximum, ..limit };
    if let Err(error) = setrlimit(Resource::Nofile, wanted) {
        tracing::warn!(%error, "this process may open few files: connections may have to wait");
    }
}

/// Waits until the program is asked to stop.
pub async fn asked_to_stop(mut stop: watch::Receiver<bool>) {
    drop(stop.wait_for(|stop| *stop).await);
}

/// Becomes true at SIGINT or SIGTERM.
pub fn stop_signal() -> watch::Receiver<bool> {
    let (tell, told) = watch::channel(false);
    tokio::spawn(async move {
        let mut term = match signal(SignalKind::terminate()) {
            Ok(term) => term,
            Err(error) => {
                tracing::error!(%error, "SIGTERM cannot be listened to");
                return;
            }
        };
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = term.recv() => {}
        }
        let _ = tell.send(true);
        // A second Ctrl-C ends the program at once.
        if tokio::signal::ctrl_c().await.is_ok() {
            std::process::exit(130);
        }
    });
    told
}

/// Asks `/readyz` of the operators' listener: exit 0 if the process can serve.
pub async fn health(url: &str) -> Result<ExitCode, Failure> {
    crate::outbound::install_tls_provider();
    let client = reqwest::Client::builder().timeout(std::time::Duration::from_secs(5)).build()?;
    let answer = client.get(format!("{}/readyz", url.trim_end_matches('/'))).send().await?;
    let status = answer.status();
    println!("{status} {}", answer.text().await.unwrap_or_default().trim_end());
    Ok(if status.is_success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
