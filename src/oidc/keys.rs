//! The provider's public keys (JWKS), and the two signatures that are accepted. Keys of another kind or use are passed
//! over: a provider may publish them for others.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
};
use serde::Deserialize;
use serde_json::Value;

use super::error::Flaw;

/// How a provider signs. It is agreed when the client is registered; no token chooses it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    Es256,
    Rs256,
}

impl Algorithm {
    /// As headers and keys write it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Es256 => "ES256",
            Self::Rs256 => "RS256",
        }
    }
}

/// The keys of one algorithm, each with its id.
pub(super) struct Keys(Vec<(String, Key)>);

enum Key {
    /// An uncompressed point.
    Es256(Vec<u8>),
    Rs256(RsaPublicKeyComponents<Vec<u8>>),
}

#[derive(Deserialize)]
struct Set {
    keys: Vec<Value>,
}

#[derive(Deserialize)]
struct Jwk {
    kid: String,
    kty: String,
    r#use: Option<String>,
    alg: Option<String>,
    crv: Option<String>,
    x: Option<String>,
    y: Option<String>,
    n: Option<String>,
    e: Option<String>,
}

impl Keys {
    pub fn read(body: &[u8], algorithm: Algorithm) -> Result<Self, Flaw> {
        let set: Set = serde_json::from_slice(body).map_err(|_| Flaw::Shape)?;
        let jwks = set.keys.into_iter().filter_map(|key| serde_json::from_value::<Jwk>(key).ok());
        Ok(Self(jwks.filter_map(|jwk| Some((jwk.kid.clone(), Key::of(&jwk, algorithm)?))).collect()))
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn has(&self, kid: &str) -> bool {
        self.0.iter().any(|(own, _)| own == kid)
    }

    /// Whether the key of this id made the signature.
    pub fn verify(&self, kid: &str, message: &[u8], signature: &[u8]) -> Result<(), Flaw> {
        let (_, key) = self.0.iter().find(|(own, _)| own == kid).ok_or(Flaw::Key)?;
        let verified = match key {
            Key::Es256(point) => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(message, signature)
            }
            Key::Rs256(key) => key.verify(&RSA_PKCS1_2048_8192_SHA256, message, signature),
        };
        verified.map_err(|_| Flaw::Signature)
    }
}

impl Key {
    fn of(jwk: &Jwk, algorithm: Algorithm) -> Option<Self> {
        let says =
            |field: &Option<String>, expected: &str| field.as_deref().is_none_or(|said| said == expected);
        if !says(&jwk.r#use, "sig") || !says(&jwk.alg, algorithm.name()) {
            return None;
        }
        let number = |field: &Option<String>| URL_SAFE_NO_PAD.decode(field.as_deref()?).ok();
        match (algorithm, jwk.kty.as_str()) {
            (Algorithm::Es256, "EC") if jwk.crv.as_deref() == Some("P-256") => {
                Some(Self::Es256([vec![4], number(&jwk.x)?, number(&jwk.y)?].concat()))
            }
            (Algorithm::Rs256, "RSA") => {
                Some(Self::Rs256(RsaPublicKeyComponents { n: number(&jwk.n)?, e: number(&jwk.e)? }))
            }
            _ => None,
        }
    }
}
