//! `passage serve`: pages, scheduler, or both, until told to stop.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, bail};
use tokio::net::TcpListener;
use tokio::sync::watch;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use super::{Failure, Role, start};
use crate::clock::BusinessClock;
use crate::config::Config;
use crate::{scheduler, telemetry, web};

/// Serves until SIGINT or SIGTERM, then lets requests and work in progress finish.
pub async fn run(config: Config, role: Role) -> anyhow::Result<()> {
    telemetry::init(&config.log)?;
    open_files();
    let app = Arc::new(start::app(config, BusinessClock::system()).await?);
    if role != Role::All && !app.store.is_shared() {
        bail!(
            "--role web and --role worker split the work between processes, and SQLite serves one process: use --role all, or a postgres: database"
        );
    }
    let stop = stop_signal();
    let (work, mut ended) = (app.clone(), watch::channel(false));
    let mut told = stop.clone();
    let worker = (role != Role::Web).then(|| {
        tokio::spawn(async move {
            // Dropped when the scheduler ends, also by a panic: then the pages stop too, so that it is noticed.
            let _alive = ended.0;
            let tick = work.config.scheduler.tick;
            scheduler::run(&work, tick, async { drop(told.wait_for(|stop| *stop).await) }).await;
        })
    });
    let mut waiting = stop.clone();
    let has_worker = worker.is_some();
    let stopped = async move {
        tokio::select! {
            _ = waiting.wait_for(|stop| *stop) => {}
            _ = ended.1.changed(), if has_worker => tracing::error!("the scheduler has ended: stopping"),
        }
    };
    if role == Role::Worker {
        stopped.await;
    } else {
        let listen = app.config.http.listen;
        let listener = TcpListener::bind(listen).await.with_context(|| format!("listening on {listen}"))?;
        web::serve(app.clone(), listener, stopped).await?;
    }
    if let Some(worker) = worker {
        worker.await?;
    }
    app.store.close().await;
    Ok(())
}

/// Each connection takes a file descriptor, and many systems give a program 1,024 until it asks for the rest.
fn open_files() {
    let limit = getrlimit(Resource::Nofile);
    let wanted = Rlimit { current: limit.maximum, ..limit };
    if let Err(error) = setrlimit(Resource::Nofile, wanted) {
        tracing::warn!(%error, "this process may open few files: connections may have to wait");
    }
}

/// Becomes true at SIGINT or SIGTERM.
pub fn stop_signal() -> watch::Receiver<bool> {
    let (tell, told) = watch::channel(false);
    tokio::spawn(async move {
        let mut term = match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
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

/// Asks `/healthz`: exit 0 if the instance is healthy.
pub async fn health(url: &str) -> Result<ExitCode, Failure> {
    crate::notify::install_tls_provider();
    let client = reqwest::Client::builder().timeout(std::time::Duration::from_secs(5)).build()?;
    let answer = client.get(format!("{}/healthz", url.trim_end_matches('/'))).send().await?;
    println!("{}", answer.status());
    Ok(if answer.status().is_success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
