//! The certificate of the public address, as a reader's browser meets it: whether it is trusted today, and whether
//! it still will be in two weeks. The second question is a handshake too, by a clock that runs ahead.

use std::sync::Arc;
use std::time::Duration;

use reqwest::Client;
use reqwest::redirect::Policy;
use rustls::crypto::ring;
use rustls::pki_types::UnixTime;
use rustls::time_provider::TimeProvider;
use rustls::{ClientConfig, RootCertStore};

use crate::telemetry::causes;

/// How long before its end a certificate must be renewed.
const AHEAD: Duration = Duration::from_hours(14 * 24);
const PATIENCE: Duration = Duration::from_secs(10);

/// What stands against the certificate of an address.
#[derive(Debug, PartialEq, Eq)]
pub enum CertificateFault {
    /// Nobody answers there, from this machine: nothing is known of the certificate.
    Unreachable(String),
    NotTrusted(String),
    /// It is trusted today, and no longer in two weeks.
    EndsSoon(String),
}

impl std::fmt::Display for CertificateFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unreachable(why) => write!(f, "it cannot be reached from here ({why})"),
            Self::NotTrusted(why) => write!(f, "it is not trusted ({why})"),
            Self::EndsSoon(why) => write!(f, "it is not good for two more weeks ({why})"),
        }
    }
}

/// Looks at the certificate of an `https` address, with the roots that this machine trusts.
///
/// # Errors
/// The fault.
pub async fn look(url: &str) -> Result<(), CertificateFault> {
    match ask(url, Duration::ZERO).await {
        Ok(()) => {}
        Err(why) if why.contains("certificate") => return Err(CertificateFault::NotTrusted(why)),
        Err(why) => return Err(CertificateFault::Unreachable(why)),
    }
    ask(url, AHEAD).await.map_err(CertificateFault::EndsSoon)
}

/// A handshake and any answer, by a clock that is so far ahead.
async fn ask(url: &str, ahead: Duration) -> Result<(), String> {
    let client = client(ahead).map_err(|error| causes(&*error))?;
    client.get(url).send().await.map(drop).map_err(|error| causes(&error))
}

fn client(ahead: Duration) -> Result<Client, Box<dyn std::error::Error>> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let provider = Arc::new(ring::default_provider());
    let config = ClientConfig::builder_with_details(provider, Arc::new(Ahead(ahead)))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let client = Client::builder().tls_backend_preconfigured(config).timeout(PATIENCE);
    Ok(client.redirect(Policy::none()).no_proxy().build()?)
}

/// The machine's clock, and some more.
#[derive(Debug)]
struct Ahead(Duration);

impl TimeProvider for Ahead {
    fn current_time(&self) -> Option<UnixTime> {
        let now = UnixTime::now().as_secs();
        Some(UnixTime::since_unix_epoch(Duration::from_secs(now) + self.0))
    }
}
