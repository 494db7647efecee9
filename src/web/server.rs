//! Serving connections. The usual loop has no time limit for headers nor for readers, and a thousand clients
//! that send one byte a minute, or take none, would hold it: this one has, counts its connections, and lets
//! those under way end when the program is told to stop. No address can take all the room.

use std::collections::HashMap;
use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use axum::http::{StatusCode, Version, header};
use axum::response::IntoResponse;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tower::ServiceExt;

use super::shared::limit::{household, provider};
use crate::config::{Http, Network};
use crate::flow::App;

/// Connections served at a time; more wait in the kernel's queue.
const CONNECTIONS_MAX: usize = 4096;
/// The share of the free room that one address may hold, and one provider's network: the fuller the room, the fewer
/// for each, so that nobody fills it alone. An address has 256 at first, far above a town hall whose people share
/// one. A trusted proxy brings everybody, and is not counted.
const ADDRESS_SHARE: usize = 16;
const NETWORK_SHARE: usize = 4;
/// … and what each may hold however full it is.
const ADDRESS_MIN: usize = 16;
const NETWORK_MIN: usize = 64;
/// How long a stop waits for answers under way: with what follows it, ten seconds at most.
const DRAIN: Duration = Duration::from_secs(8);
/// After an accept that failed for want of file descriptors: some must close first.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);
/// Headers of a request: enough for cookies and proxies.
const HEADER_BYTES_MAX: usize = 32 * 1024;
const HEADERS_MAX: usize = 64;

/// How long a slow client is waited for.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// … to end the headers of its request.
    pub headers: Duration,
    /// … to take a little more of its answer, or to say that it has what was sent.
    pub reader: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { headers: Duration::from_secs(10), reader: Duration::from_mins(1) }
    }
}

impl Patience {
    /// What an installation has set.
    pub const fn of(http: &Http) -> Self {
        Self { headers: http.header_timeout, reader: http.reader_timeout }
    }
}

/// Serves the pages until `shutdown` ends, then drains.
///
/// # Errors
/// If the listener's address cannot be read.
pub async fn serve(
    app: Arc<App>,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send,
) -> io::Result<()> {
    let patience = Patience::of(&app.config.http);
    let trusted = app.config.http.trusted_proxies.clone();
    serve_router(super::router(app), patience, trusted, listener, shutdown).await
}

/// As [`serve`], for any router.
///
/// # Errors
/// If the listener's address cannot be read.
pub async fn serve_router(
    router: Router,
    patience: Patience,
    trusted: Vec<Network>,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send,
) -> io::Result<()> {
    tracing::info!(address = %listener.local_addr()?, "serving");
    let room = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let places = Arc::new(Places::default());
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
        let Some(place) = places.take(peer.ip(), &trusted) else {
            tracing::debug!("an address has as many connections as it may");
            continue;
        };
        let held = (permit, place);
        tokio::spawn(connection(router.clone(), stream, peer, patience, graceful.watcher(), held));
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
    patience: Patience,
    watcher: Watcher,
    _held: (OwnedSemaphorePermit, Place),
) {
    // Small answers leave at once.
    let _ = stream.set_nodelay(true);
    #[cfg(target_os = "linux")]
    let _ = rustix::net::sockopt::set_tcp_user_timeout(&stream, millis(patience.reader));
    let service = service_fn(move |request: Request<Incoming>| {
        let router = router.clone();
        async move {
            if !names_one_host(&request) {
                return Ok(StatusCode::BAD_REQUEST.into_response());
            }
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo(peer));
            router.oneshot(request).await
        }
    });
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(patience.headers)
        .max_buf_size(HEADER_BYTES_MAX)
        .max_headers(HEADERS_MAX)
        .serve_connection(TokioIo::new(stream), service);
    if let Err(error) = watcher.watch(served).await {
        tracing::debug!(%error, "a connection ended early");
    }
}

/// As HTTP/1.1 asks: without it, two programs on the way may take a request for different ones.
fn names_one_host(request: &Request<Incoming>) -> bool {
    let hosts = request.headers().get_all(header::HOST).iter().count();
    hosts == 1 || hosts == 0 && request.version() < Version::HTTP_11
}

#[cfg(target_os = "linux")]
fn millis(duration: Duration) -> u32 {
    u32::try_from(duration.as_millis()).unwrap_or(u32::MAX)
}

/// How many connections each address and each network holds, and all of them together.
#[derive(Default)]
struct Places(Mutex<Held>);

#[derive(Default)]
struct Held {
    all: usize,
    by_address: HashMap<IpAddr, usize>,
    by_network: HashMap<IpAddr, usize>,
}

/// One connection's place, given back when it ends.
struct Place {
    places: Arc<Places>,
    /// Nothing, for a proxy.
    address: Option<IpAddr>,
}

/// What one may hold of the room that is free.
fn allowance(free: usize, share: usize, least: usize) -> usize {
    (free / share).max(least)
}

fn give_back(held: &mut HashMap<IpAddr, usize>, name: IpAddr) {
    if let Some(count) = held.get_mut(&name) {
        *count -= 1;
        if *count == 0 {
            held.remove(&name);
        }
    }
}

impl Places {
    /// A place for one more connection of this address, if it may have one.
    fn take(self: &Arc<Self>, peer: IpAddr, trusted: &[Network]) -> Option<Place> {
        if trusted.iter().any(|network| network.contains(peer)) {
            return Some(Place { places: self.clone(), address: None });
        }
        let address = household(peer);
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let free = CONNECTIONS_MAX.saturating_sub(held.all);
        let count = |counts: &HashMap<IpAddr, usize>, name| counts.get(&name).copied().unwrap_or(0);
        let has_room = count(&held.by_address, address) < allowance(free, ADDRESS_SHARE, ADDRESS_MIN)
            && count(&held.by_network, provider(address)) < allowance(free, NETWORK_SHARE, NETWORK_MIN);
        has_room.then(|| {
            held.all += 1;
            *held.by_address.entry(address).or_default() += 1;
            *held.by_network.entry(provider(address)).or_default() += 1;
            Place { places: self.clone(), address: Some(address) }
        })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let Some(address) = self.address else { return };
        let mut held = self.places.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.all -= 1;
        give_back(&mut held.by_address, address);
        give_back(&mut held.by_network, provider(address));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Takes places for an address until it gets no more.
    fn fill(places: &Arc<Places>, address: &str) -> Vec<Place> {
        let address = address.parse().unwrap();
        std::iter::from_fn(|| places.take(address, &[])).collect()
    }

    #[test]
    fn neither_addresses_nor_networks_fill_the_room() {
        let places = Arc::new(Places::default());
        let alone = fill(&places, "203.0.113.9");
        assert_eq!(alone.len(), 241, "a sixteenth of what is free then");
        drop(alone);
        assert_eq!(places.0.lock().unwrap().all, 0);
        assert!(places.0.lock().unwrap().by_network.is_empty());

        let of_one_network: Vec<_> =
            (0..200).flat_map(|host| fill(&places, &format!("198.51.{host}.1"))).collect();
        assert!(of_one_network.len() < CONNECTIONS_MAX / NETWORK_SHARE, "{}", of_one_network.len());
        drop(of_one_network);

        // Seventeen addresses, each of a network of its own, once held everything.
        let many: Vec<_> = (1..=17).flat_map(|network| fill(&places, &format!("{network}.0.0.1"))).collect();
        assert!(many.len() < CONNECTIONS_MAX * 3 / 4, "{}", many.len());
        assert!(!fill(&places, "203.0.113.9").is_empty(), "a reader finds room");
        let _household = fill(&places, "2001:db8::1");
        assert_eq!(fill(&places, "2001:db8::2").len(), 0, "it is the same household");
        let proxy: Network = "10.0.0.1".parse().unwrap();
        assert!((0..9_000).all(|_| places.take("10.0.0.1".parse().unwrap(), &[proxy]).is_some()));
    }
}
