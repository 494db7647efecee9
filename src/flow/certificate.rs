//! The certificate of the public address, as a reader's browser meets it: whether it is trusted today, and whether
//! it still will be in two weeks. The second question is a handshake too, by a clock that runs ahead.

use std::error::Error;
use std::io;
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
    ask(url, Duration::ZERO).await.map_err(|error| fault(&*error, CertificateFault::NotTrusted))?;
    ask(url, AHEAD).await.map_err(|error| fault(&*error, CertificateFault::EndsSoon))
}

type AskError = Box<dyn Error + Send + Sync>;

/// A handshake and any answer, by a clock that is so far ahead.
async fn ask(url: &str, ahead: Duration) -> Result<(), AskError> {
    client(ahead)?.get(url).send().await?;
    Ok(())
}

/// What is wrong: with the certificate, or on the way to it.
fn fault(error: &(dyn Error + 'static), of_certificate: fn(String) -> CertificateFault) -> CertificateFault {
    let why = causes(error);
    if is_of_certificate(error) { of_certificate(why) } else { CertificateFault::Unreachable(why) }
}

/// TLS tells by a type of its own, which errors of the connection carry inside, one in another.
fn is_of_certificate(error: &(dyn Error + 'static)) -> bool {
    if let Some(tls) = error.downcast_ref::<rustls::Error>() {
        return matches!(tls, rustls::Error::InvalidCertificate(_));
    }
    let carried = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
    carried.is_some_and(|carried| is_of_certificate(carried)) || error.source().is_some_and(is_of_certificate)
}

fn client(ahead: Duration) -> Result<Client, AskError> {
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
