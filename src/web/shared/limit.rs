//! Who is at the other end, and how often they may ask. Only proxies that the configuration names are
//! believed about anybody else's address.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::extract::{ConnectInfo, FromRequestParts, Request, State};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::convert::Infallible;

use super::errors::{Limited, WebError};
use crate::config::Network;
use crate::flow::App;
use crate::limits::{Rule, Taken, Verdict, Wide};

/// Pages a minute for one address: far above a busy counter, far below a flood. Forms are counted apart, so
/// that whoever has looked at too many pages can still send what they have typed.
const EVERY_ADDRESS: Rule = Rule::per_minute(600);

/// The address a request comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Client(pub IpAddr);

impl Client {
    /// The name under which an address is counted: a household has a whole /64 of IPv6.
    pub fn name(self) -> String {
        match household(self.0) {
            IpAddr::V4(address) => address.to_string(),
            IpAddr::V6(network) => format!("{network}/64"),
        }
    }

    /// See [`provider`].
    pub fn network(self) -> IpAddr {
        provider(self.0)
    }

    fn of(peer: IpAddr, headers: &HeaderMap, trusted: &[Network]) -> Self {
        let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(address));
        if !is_trusted(peer) {
            return Self(peer);
        }
        // From the nearest hop outwards: the first that is not one of ours is the client. What stands
        // before it was written by the client.
        let hops: Vec<&str> = headers
            .get_all("x-forwarded-for")
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .collect();
        let mut nearest = peer;
        for hop in hops.into_iter().rev() {
            let Ok(address) = hop.trim().parse() else {
                break;
            };
            nearest = address;
            if !is_trusted(address) {
                break;
            }
        }
        Self(nearest)
    }
}

/// The network around an address as providers hold them: a /16 of IPv4, a /32 of IPv6. One who guesses or floods has
/// thousands of addresses within one, and few of these.
pub fn provider(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(Ipv4Addr::from_bits(address.to_bits() & (u32::MAX << 16))),
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 96))),
    }
}

/// What stands for an address where addresses are counted: itself, or its network of IPv6.
pub fn household(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX))),
    }
}

impl FromRequestParts<Arc<App>> for Client {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Infallible> {
        Ok(client(parts, app))
    }
}

fn client(parts: &Parts, app: &App) -> Client {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    // Without a connection there is only a test, or a socket of this machine.
    let peer = peer.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
    Client::of(peer, &parts.headers, &app.config.http.trusted_proxies)
}

/// Counts one attempt of `what` by `name`.
///
/// # Errors
/// [`WebError::TooMany`], a page that says when to try again.
pub async fn hit(app: &App, limited: Limited, what: &str, name: &str, rule: Rule) -> Result<(), WebError> {
    let verdict = app.limits.hit(&format!("{what}:{name}"), rule).await;
    if verdict.allowed { Ok(()) } else { Err(refused(limited, verdict)) }
}

fn refused(limited: Limited, verdict: Verdict) -> WebError {
    WebError::TooMany { limited, retry_after_seconds: verdict.retry_after_seconds() }
}

/// One try of something of which only failures count, under all the limits that it stands under: taken
/// before it is made, and given back if it succeeds. Dropped, it stays counted.
pub struct Tries<'a> {
    app: &'a App,
    taken: Vec<Taken>,
}

impl<'a> Tries<'a> {
    pub const fn new(app: &'a App) -> Self {
        Self { app, taken: Vec::new() }
    }

    /// Takes the try under one more limit.
    ///
    /// # Errors
    /// [`WebError::TooMany`]; the try is then not made, and counts nowhere.
    pub async fn take(
        &mut self,
        limited: Limited,
        what: &str,
        name: &str,
        rule: Rule,
    ) -> Result<(), WebError> {
        match self.app.limits.take(&format!("{what}:{name}"), rule).await {
            Ok(taken) => {
                self.taken.push(taken);
                Ok(())
            }
            Err(verdict) => Err(self.refuse(limited, verdict).await),
        }
    }

    /// Takes the try under a limit for everybody together and one for the client's network.
    ///
    /// # Errors
    /// As [`Self::take`].
    pub async fn take_wide(
        &mut self,
        limited: Limited,
        what: &str,
        name: &str,
        client: Client,
        wide: Wide,
    ) -> Result<(), WebError> {
        match self.app.limits.take_wide(&format!("{what}:{name}"), client.network(), wide).await {
            Ok(taken) => {
                self.taken.extend(taken);
                Ok(())
            }
            Err(verdict) => Err(self.refuse(limited, verdict).await),
        }
    }

    /// The refusal of a try that is not made.
    async fn refuse(&mut self, limited: Limited, verdict: Verdict) -> WebError {
        self.give_back().await;
        refused(limited, verdict)
    }

    /// The try has succeeded, or was none.
    pub async fn give_back(&mut self) {
        for taken in self.taken.drain(..) {
            self.app.limits.give_back(taken).await;
        }
    }
}

/// Asked by machines, day and night: it is nobody who looks.
const HEALTH_PATH: &str = "/healthz";

/// The limit that all pages share. What is asked is counted, for the demo's clock.
pub async fn every_address(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    if parts.uri.path() != HEALTH_PATH {
        app.requests.fetch_add(1, Ordering::Relaxed);
    }
    let name = client(&parts, &app).name();
    let what = if parts.method.is_safe() { "page" } else { "form" };
    match hit(&app, Limited::Pages, what, &name, EVERY_ADDRESS).await {
        Ok(()) => next.run(Request::from_parts(parts, body)).await,
        Err(error) => error.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(peer: &str, forwarded: &str, trusted: &[&str]) -> String {
        let trusted: Vec<Network> = trusted.iter().map(|text| text.parse().unwrap()).collect();
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", forwarded.parse().unwrap());
        Client::of(peer.parse().unwrap(), &headers, &trusted).0.to_string()
    }

    #[test]
    fn a_stranger_is_not_believed_about_their_address() {
        assert_eq!(seen("203.0.113.9", "198.51.100.1", &["10.0.0.0/8"]), "203.0.113.9");
    }

    #[test]
    fn a_trusted_proxy_names_the_client_and_what_the_client_wrote_is_ignored() {
        assert_eq!(seen("10.0.0.2", "1.2.3.4, 203.0.113.9, 10.0.0.1", &["10.0.0.0/8"]), "203.0.113.9");
        assert_eq!(seen("10.0.0.2", "nonsense", &["10.0.0.0/8"]), "10.0.0.2");
    }

    #[test]
    fn a_household_is_counted_once_whatever_its_ipv6_addresses() {
        let name = |text: &str| Client(text.parse().unwrap()).name();
        assert_eq!(name("2001:db8:1:2:3::4"), name("2001:db8:1:2:ffff::9"));
        assert_ne!(name("2001:db8:1:2::1"), name("2001:db8:1:3::1"));
        let provider = |text: &str| Client(text.parse().unwrap()).network();
        assert_eq!(provider("2001:db8:1:2::1"), provider("2001:db8:ffff::1"));
        assert_eq!(provider("203.0.113.9"), provider("::ffff:203.0.7.1"));
        assert_ne!(provider("203.0.113.9"), provider("203.1.113.9"));
        assert_eq!(name("::ffff:203.0.113.9"), "203.0.113.9");
    }
}
