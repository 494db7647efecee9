//! Serving connections. The usual loop has no time limit for headers, and a thousand clients that send
//! one byte a minute would hold it: this one has, counts its connections, and lets those under way end
//! when the program is told to stop.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tower::ServiceExt;

use crate::flow::App;

/// Connections served at a time; more wait in the kernel's queue.
const CONNECTIONS_MAX: usize = 4096;
/// How long a stop waits for answers under way.
const DRAIN: Duration = Duration::from_secs(10);
/// After an accept that failed for want of file descriptors: some must close first.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);
/// Headers of a request: enough for cookies and proxies.
const HEADER_BYTES_MAX: usize = 32 * 1024;
const HEADERS_MAX: usize = 64;

/// Serves the pages until `shutdown` ends, then drains.
///
/// # Errors
/// If the listener's address cannot be read.
pub async fn serve(
    app: Arc<App>,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send,
) -> io::Result<()> {
    let header_timeout = app.config.http.header_timeout;
    serve_router(super::router(app), header_timeout, listener, shutdown).await
}

/// As [`serve`], for any router.
///
/// # Errors
/// If the listener's address cannot be read.
pub async fn serve_router(
    router: Router,
    header_timeout: Duration,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send,
) -> io::Result<()> {
    tracing::info!(address = %listener.local_addr()?, "serving");
    let room = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let graceful = GracefulShutdown::new();
    let mut shutdown = pin!(shutdown);
    loop {
        let permit = tokio::select! {
            () = &mut shutdown => break,
            permit = Arc::clone(&room).acquire_owned() => permit.map_err(io::Error::other)?,
        };
        let (stream, peer) = tokio::select! {
            () = &mut shutdown => break,
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    tracing::warn!(%error, "a connection was not accepted");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                    continue;
                }
            },
        };
        let connection = connection(router.clone(), stream, peer, header_timeout, graceful.watcher(), permit);
        tokio::spawn(connection);
    }
    drop(listener);
    if tokio::time::timeout(DRAIN, graceful.shutdown()).await.is_err() {
        tracing::warn!("stopped before every answer was given");
    }
    Ok(())
}

async fn connection(
    router: Router,
    stream: TcpStream,
    peer: SocketAddr,
    header_timeout: Duration,
    watcher: Watcher,
    _room: OwnedSemaphorePermit,
) {
    // Small answers leave at once.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request: Request<Incoming>| {
        let router = router.clone();
        async move {
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo(peer));
            router.oneshot(request).await
        }
    });
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(header_timeout)
        .max_buf_size(HEADER_BYTES_MAX)
        .max_headers(HEADERS_MAX)
        .serve_connection(TokioIo::new(stream), service);
    if let Err(error) = watcher.watch(served).await {
        tracing::debug!(%error, "a connection ended early");
    }
}
