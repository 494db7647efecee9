//! Keys of providers: how they are published, and what they sign.

use std::process::Command;
use std::sync::{Arc, LazyLock};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use passage::oidc::Algorithm;
use ring::rand::SystemRandom;
use ring::rsa::PublicKeyComponents;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair,
};
use serde_json::{Value, json};

/// A private key with its id.
#[derive(Clone)]
pub struct Key {
    pub kid: &'static str,
    pair: Pair,
}

#[derive(Clone)]
enum Pair {
    Es256(Arc<EcdsaKeyPair>),
    Rs256(Arc<RsaKeyPair>),
}

/// Two for each algorithm: the provider's, and one more.
static ALL: LazyLock<[[Key; 2]; 2]> =
    LazyLock::new(|| [[Key::es256("es-1"), Key::es256("es-2")], [Key::rs256("rs-1"), Key::rs256("rs-2")]]);

pub fn first(algorithm: Algorithm) -> Key {
    ALL[usize::from(algorithm == Algorithm::Rs256)][0].clone()
}

pub fn second(algorithm: Algorithm) -> Key {
    ALL[usize::from(algorithm == Algorithm::Rs256)][1].clone()
}

/// Which algorithm a provider does not use.
pub fn other(algorithm: Algorithm) -> Algorithm {
    if algorithm == Algorithm::Es256 { Algorithm::Rs256 } else { Algorithm::Es256 }
}

impl Key {
    fn es256(kid: &'static str) -> Self {
        let random = SystemRandom::new();
        let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, document.as_ref(), &random);
        Self { kid, pair: Pair::Es256(Arc::new(pair.unwrap())) }
    }

    // ring makes no keys of RSA.
    fn rs256(kid: &'static str) -> Self {
        let made = Command::new("openssl")
            .args(["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-outform", "DER"])
            .output()
            .expect("openssl is installed");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        // Which of two forms it writes depends on its version.
        let pair = RsaKeyPair::from_pkcs8(&made.stdout).or_else(|_| RsaKeyPair::from_der(&made.stdout));
        Self { kid, pair: Pair::Rs256(Arc::new(pair.unwrap())) }
    }

    pub fn alg(&self) -> &'static str {
        match self.pair {
            Pair::Es256(_) => "ES256",
            Pair::Rs256(_) => "RS256",
        }
    }

    /// As a provider publishes it.
    pub fn jwk(&self) -> Value {
        let number = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        match &self.pair {
            Pair::Es256(pair) => {
                let (x, y) = pair.public_key().as_ref()[1..].split_at(32);
                json!({ "kid": self.kid, "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256",
                        "x": number(x), "y": number(y) })
            }
            Pair::Rs256(pair) => {
                let public: PublicKeyComponents<Vec<u8>> = pair.public().into();
                json!({ "kid": self.kid, "kty": "RSA", "use": "sig", "alg": "RS256",
                        "n": number(&public.n), "e": number(&public.e) })
            }
        }
    }

    /// What a careless library takes for a shared secret.
    pub fn public(&self) -> &[u8] {
        match &self.pair {
            Pair::Es256(pair) => pair.public_key().as_ref(),
            Pair::Rs256(pair) => pair.public().as_ref(),
        }
    }

    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match &self.pair {
            Pair::Es256(pair) => pair.sign(&random, message).unwrap().as_ref().to_vec(),
            Pair::Rs256(pair) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature).unwrap();
                signature
            }
        }
    }
}
