//! Signing in with an account elsewhere: the code flow of OpenID Connect for one confidential client, as FranceConnect v2
//! and ProConnect speak it. What the provider says of a person counts once its signature, issuer, audience, times and
//! nonce hold.
//!
//! No attempt is kept here: the caller seals it in a short cookie of the browser, and takes it back once.

mod cache;
mod claims;
mod discovery;
mod error;
mod http;
mod jws;
mod keys;
mod provider;

use std::fmt;

use rand_chacha::rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

pub use error::{Flaw, OidcError, Outage, Piece};
pub use http::Timeouts;
pub use keys::Algorithm;
pub use provider::Provider;

/// As both parties agreed when the client was registered.
pub struct Settings {
    /// `https://auth.example.gouv.fr/api/v2`, exactly as the provider writes it.
    pub issuer: String,
    pub client_id: String,
    pub client_secret: Zeroizing<String>,
    /// Of ID tokens and of signed userinfo.
    pub algorithm: Algorithm,
    /// Separated by spaces, `openid` among them.
    pub scopes: String,
    /// Levels of assurance: they are asked for, and one of them must be reached. If there are none, any level will do.
    pub acr: Vec<String>,
    pub acr_asked_by: AskedBy,
    /// Whether to ask by which methods people are authenticated. ProConnect tells it only if asked.
    pub amr: bool,
    /// Whether userinfo must be signed. Both providers sign it.
    pub signed_userinfo: bool,
    /// Proof of possession of the code (RFC 7636). Both providers refuse requests that have it.
    pub pkce: bool,
}

/// How a provider wants to be asked for levels of assurance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AskedBy {
    /// `acr_values`: FranceConnect.
    Parameter,
    /// An essential claim: ProConnect.
    Claim,
}

/// The secrets of one sign-in: 32 random bytes each, in hexadecimal, which suits every provider.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// Comes back with the redirect.
    pub state: String,
    /// Comes back in the ID token.
    pub nonce: String,
    /// Proves with PKCE who asks for the tokens.
    pub verifier: String,
}

impl Attempt {
    pub fn new<R: CryptoRng>(rng: &mut R) -> Self {
        let mut secret = || {
            let mut bytes = [0; 32];
            rng.fill_bytes(&mut bytes);
            hex::encode(bytes)
        };
        Self { state: secret(), nonce: secret(), verifier: secret() }
    }
}

/// What the browser brings back, as its query has it.
#[derive(Clone, Default, Deserialize)]
pub struct Callback {
    pub code: Option<String>,
    pub state: Option<String>,
    pub iss: Option<String>,
    pub error: Option<String>,
}

/// Somebody who has signed in.
#[derive(Clone, PartialEq, Eq)]
pub struct Signed {
    pub issuer: String,
    /// The person's name with this issuer, for this client.
    pub subject: String,
    /// The level of assurance that was reached.
    pub acr: Option<String>,
    /// By which methods, if it was asked and told.
    pub amr: Vec<String>,
    /// Of userinfo.
    pub claims: Map<String, Value>,
    /// Is asked for at the logout.
    pub id_token: String,
}

// What is known of the person stays out of logs.
impl fmt::Debug for Signed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signed({}, {} claims)", self.issuer, self.claims.len())
    }
}

/// Compared in constant time.
fn same(one: &str, other: &str) -> bool {
    one.as_bytes().ct_eq(other.as_bytes()).into()
}
