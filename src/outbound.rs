//! Asking servers that are not ours: gateways, relays, witnesses, registers. What all these clients have in common.

use reqwest::redirect::Policy;
use reqwest::{Client, ClientBuilder, Response, retry};

/// Why an answer could not be read whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unread {
    TooLong,
    /// Its time was over.
    Slow,
    /// The connection was lost.
    CutOff,
}

/// Chooses the TLS implementation of this process. Idempotent; HTTP clients cannot be built before.
pub fn install_tls_provider() {
    // An error means that one was chosen already, which is all that is needed.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// A client without redirects, which would send secrets elsewhere, and without retries, which would ask twice.
pub fn client() -> ClientBuilder {
    install_tls_provider();
    Client::builder()
        .redirect(Policy::none())
        .retry(retry::never())
        .user_agent(concat!("passage/", env!("CARGO_PKG_VERSION")))
}

/// The body of an answer, of so many bytes at most.
pub async fn read_at_most(mut response: Response, bytes_max: usize) -> Result<Vec<u8>, Unread> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(unread)? {
        if body.len() + chunk.len() > bytes_max {
            return Err(Unread::TooLong);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

#[expect(clippy::needless_pass_by_value, reason = "it is given to map_err")]
fn unread(error: reqwest::Error) -> Unread {
    if error.is_timeout() { Unread::Slow } else { Unread::CutOff }
}
