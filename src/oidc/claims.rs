//! What must hold of the claims of a token, once its signature does (OpenID Connect Core, 3.1.3.7 and 5.3.4).

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use super::error::Flaw;
use super::same;

/// By how much the provider's clock may differ from ours.
const LEEWAY_SECONDS: i64 = 30;
/// The standard's limit.
const MAX_SUBJECT_LEN: usize = 255;

pub(super) type Claims = Map<String, Value>;

/// Who may have issued a token for whom, and when.
pub(super) struct Expected<'a> {
    pub issuer: &'a str,
    pub client_id: &'a str,
    pub now: DateTime<Utc>,
}

impl Expected<'_> {
    /// Of any signed token: who issued it, for us, and now.
    pub fn token(&self, claims: &Claims) -> Result<(), Flaw> {
        if text(claims, "iss") != Some(self.issuer) {
            return Err(Flaw::Issuer);
        }
        self.audience(claims)?;
        let now = self.now.timestamp();
        let expiry = seconds(claims, "exp", Flaw::Expiry)?;
        if expiry.is_some_and(|expiry| now >= expiry.saturating_add(LEEWAY_SECONDS)) {
            return Err(Flaw::Expiry);
        }
        for (name, flaw) in [("iat", Flaw::IssuedAt), ("nbf", Flaw::NotBefore)] {
            if seconds(claims, name, flaw)?.is_some_and(|from| from > now.saturating_add(LEEWAY_SECONDS)) {
                return Err(flaw);
            }
        }
        Ok(())
    }

    /// Of an ID token: its times, the nonce of the attempt, and a level of assurance that was asked for.
    pub fn id_token(&self, claims: &Claims, nonce: &str, levels: &[String]) -> Result<(), Flaw> {
        self.token(claims)?;
        for (name, flaw) in [("exp", Flaw::Expiry), ("iat", Flaw::IssuedAt)] {
            if !claims.contains_key(name) {
                return Err(flaw);
            }
        }
        if !text(claims, "nonce").is_some_and(|said| same(said, nonce)) {
            return Err(Flaw::Nonce);
        }
        let reached = text(claims, "acr");
        if !levels.is_empty() && !levels.iter().any(|level| reached == Some(level)) {
            return Err(Flaw::Acr);
        }
        Ok(())
    }

    fn audience(&self, claims: &Claims) -> Result<(), Flaw> {
        let party = text(claims, "azp");
        match claims.get("aud") {
            Some(Value::String(only)) if only == self.client_id => {}
            Some(Value::Array(all)) if all.iter().any(|one| one == self.client_id) => {
                if all.len() > 1 && party.is_none() {
                    return Err(Flaw::AuthorizedParty);
                }
            }
            _ => return Err(Flaw::Audience),
        }
        if claims.contains_key("azp") && party != Some(self.client_id) {
            return Err(Flaw::AuthorizedParty);
        }
        Ok(())
    }
}

/// Whom the claims are about.
pub(super) fn subject(claims: &Claims) -> Result<&str, Flaw> {
    let subject = text(claims, "sub").filter(|subject| (1..=MAX_SUBJECT_LEN).contains(&subject.len()));
    subject.ok_or(Flaw::Subject)
}

pub(super) fn text<'a>(claims: &'a Claims, name: &str) -> Option<&'a str> {
    claims.get(name).and_then(Value::as_str)
}

/// A time, if the claim is there; one that is no number is a flaw.
fn seconds(claims: &Claims, name: &str, flaw: Flaw) -> Result<Option<i64>, Flaw> {
    claims.get(name).map(|value| value.as_i64().ok_or(flaw)).transpose()
}
