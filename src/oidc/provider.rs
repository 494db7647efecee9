//! The provider as the caller sees it: where to send a browser, what its return is worth, and where it signs out.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use reqwest::Url;
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::cache::Cache;
use super::claims::{Claims, Expected, subject, text};
use super::discovery::Discovery;
use super::error::{Flaw, OidcError, Piece};
use super::http::{Http, Timeouts, refused};
use super::jws::Jws;
use super::keys::Keys;
use super::{AskedBy, Attempt, Callback, Settings, Signed, same};

/// How long the discovery document and the keys are kept.
const KEPT: TimeDelta = TimeDelta::hours(1);
/// Keys this young are not fetched again for a token that names another.
const FRESH: TimeDelta = TimeDelta::seconds(10);

/// One provider; holds a pool of connections, so make one and share it.
pub struct Provider {
    settings: Settings,
    http: Http,
    discovery: Cache<Discovery>,
    keys: Cache<Keys>,
}

#[derive(Deserialize)]
struct Tokens {
    access_token: String,
    token_type: String,
    id_token: String,
}

impl Provider {
    pub fn new(settings: Settings, timeouts: Timeouts) -> Self {
        Self { settings, http: Http::new(timeouts), discovery: Cache::new(), keys: Cache::new() }
    }

    /// Asks the provider for what every sign-in needs: its discovery document, and a key of the agreed algorithm.
    ///
    /// # Errors
    /// What is wrong with it.
    pub async fn probe(&self, now: DateTime<Utc>) -> Result<(), OidcError> {
        let keys = self.keys(now, KEPT).await?;
        if keys.is_empty() { Err(Flaw::Key.of(Piece::Keys)) } else { Ok(()) }
    }

    /// The address to send a browser to. `redirect_uri` is one that is registered with the provider.
    ///
    /// # Errors
    /// If the provider cannot be asked, or is another one.
    pub async fn begin(
        &self,
        attempt: &Attempt,
        redirect_uri: &str,
        now: DateTime<Utc>,
    ) -> Result<String, OidcError> {
        let mut url = self.discovery(now).await?.authorization.clone();
        let Settings { acr, acr_asked_by, .. } = &self.settings;
        let mut claims = Claims::new();
        let mut query = url.query_pairs_mut();
        query.extend_pairs([
            ("response_type", "code"),
            ("client_id", &self.settings.client_id),
            ("redirect_uri", redirect_uri),
            ("scope", &self.settings.scopes),
            ("state", &attempt.state),
            ("nonce", &attempt.nonce),
        ]);
        // Nothing that is not needed: both providers refuse a request for a parameter that they do not know.
        match acr_asked_by {
            _ if acr.is_empty() => {}
            AskedBy::Parameter => {
                query.append_pair("acr_values", &acr.join(" "));
            }
            AskedBy::Claim => {
                claims.insert("acr".to_owned(), json!({ "essential": true, "values": acr }));
            }
        }
        if self.settings.amr {
            claims.insert("amr".to_owned(), json!({ "essential": true }));
        }
        if !claims.is_empty() {
            query.append_pair("claims", &json!({ "id_token": claims }).to_string());
        }
        if self.settings.pkce {
            let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(&attempt.verifier));
            query.extend_pairs([("code_challenge", challenge.as_str()), ("code_challenge_method", "S256")]);
        }
        drop(query);
        Ok(url.into())
    }

    /// Who has signed in. Call it at once: a code is good for half a minute.
    ///
    /// # Errors
    /// If the person cancelled, the redirect is not of this attempt, or anything the provider says does not hold.
    pub async fn finish(
        &self,
        attempt: &Attempt,
        redirect_uri: &str,
        callback: &Callback,
        now: DateTime<Utc>,
    ) -> Result<Signed, OidcError> {
        self.is_ours(attempt, callback)?;
        let discovery = self.discovery(now).await?;
        if discovery.redirects_name_it && callback.iss.is_none() {
            return Err(Flaw::Issuer.of(Piece::Redirect));
        }
        let code = callback.code.as_deref().ok_or_else(|| Flaw::Shape.of(Piece::Redirect))?;
        let tokens = self.exchange(&discovery, attempt, redirect_uri, code).await?;
        let told = self.verified(Piece::IdToken, &tokens.id_token, now).await?;
        let holds = |flaw: Flaw| flaw.of(Piece::IdToken);
        self.expected(now).id_token(&told, &attempt.nonce, &self.settings.acr).map_err(holds)?;
        let subject = subject(&told).map_err(holds)?.to_owned();
        let claims = self.userinfo(&discovery, &tokens.access_token, &subject, now).await?;
        let methods = told.get("amr").and_then(Value::as_array).into_iter().flatten();
        Ok(Signed {
            issuer: self.settings.issuer.clone(),
            subject,
            acr: text(&told, "acr").map(str::to_owned),
            amr: methods.filter_map(Value::as_str).map(str::to_owned).collect(),
            claims,
            id_token: tokens.id_token,
        })
    }

    /// Where a browser signs out, and comes back from with `state`; `None` if the provider has no such place.
    ///
    /// # Errors
    /// If the provider cannot be asked.
    pub async fn logout_url(
        &self,
        id_token: &str,
        post_logout_redirect_uri: &str,
        state: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<String>, OidcError> {
        let parameters = [
            ("id_token_hint", id_token),
            ("post_logout_redirect_uri", post_logout_redirect_uri),
            ("state", state),
        ];
        Ok(self.discovery(now).await?.logout.clone().map(|mut url| {
            url.query_pairs_mut().extend_pairs(parameters);
            url.into()
        }))
    }

    /// Whether the redirect answers this attempt, comes from this provider, and is no refusal.
    fn is_ours(&self, attempt: &Attempt, callback: &Callback) -> Result<(), OidcError> {
        if !callback.state.as_deref().is_some_and(|state| same(state, &attempt.state)) {
            return Err(OidcError::NotOurs);
        }
        if callback.iss.as_ref().is_some_and(|issuer| *issuer != self.settings.issuer) {
            return Err(Flaw::Issuer.of(Piece::Redirect));
        }
        match callback.error.as_deref() {
            Some("access_denied") => Err(OidcError::Cancelled),
            Some(code) => Err(refused(code)),
            None => Ok(()),
        }
    }

    async fn exchange(
        &self,
        discovery: &Discovery,
        attempt: &Attempt,
        redirect_uri: &str,
        code: &str,
    ) -> Result<Tokens, OidcError> {
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", redirect_uri),
            ("client_id", &self.settings.client_id),
            ("client_secret", &self.settings.client_secret),
        ];
        if self.settings.pkce {
            form.push(("code_verifier", &attempt.verifier));
        }
        let answer = self.http.post(Piece::Tokens, &discovery.token, &form).await?;
        match serde_json::from_slice::<Tokens>(&answer.body) {
            Ok(tokens) if tokens.token_type.eq_ignore_ascii_case("bearer") => Ok(tokens),
            _ => Err(Flaw::Shape.of(Piece::Tokens)),
        }
    }

    async fn userinfo(
        &self,
        discovery: &Discovery,
        access_token: &str,
        expected: &str,
        now: DateTime<Utc>,
    ) -> Result<Claims, OidcError> {
        let answer = self.http.get(Piece::Userinfo, &discovery.userinfo, Some(access_token)).await?;
        let shape = || Flaw::Shape.of(Piece::Userinfo);
        let claims = match answer.media_type.as_str() {
            "application/jwt" => {
                let token = std::str::from_utf8(&answer.body).map_err(|_| shape())?;
                let claims = self.verified(Piece::Userinfo, token, now).await?;
                self.expected(now).token(&claims).map_err(|flaw| flaw.of(Piece::Userinfo))?;
                claims
            }
            _ if self.settings.signed_userinfo => return Err(Flaw::Unsigned.of(Piece::Userinfo)),
            _ => serde_json::from_slice(&answer.body).map_err(|_| shape())?,
        };
        match subject(&claims) {
            Ok(subject) if subject == expected => Ok(claims),
            _ => Err(Flaw::Subject.of(Piece::Userinfo)),
        }
    }

    /// The claims of a token that this provider has signed.
    async fn verified(&self, piece: Piece, token: &str, now: DateTime<Utc>) -> Result<Claims, OidcError> {
        let jws = Jws::read(token, self.settings.algorithm).map_err(|flaw| flaw.of(piece))?;
        let mut keys = self.keys(now, KEPT).await?;
        if !keys.has(&jws.kid) {
            keys = self.keys(now, FRESH).await?;
        }
        jws.verify(&keys).map_err(|flaw| flaw.of(piece))
    }

    fn expected(&self, now: DateTime<Utc>) -> Expected<'_> {
        Expected { issuer: &self.settings.issuer, client_id: &self.settings.client_id, now }
    }

    async fn discovery(&self, now: DateTime<Utc>) -> Result<Arc<Discovery>, OidcError> {
        let fetch = async {
            let holds = |flaw: Flaw| flaw.of(Piece::Discovery);
            let url: Url = Discovery::address(&self.settings.issuer).map_err(holds)?;
            let answer = self.http.get(Piece::Discovery, &url, None).await?;
            Discovery::read(&answer.body, &self.settings.issuer).map_err(holds)
        };
        self.discovery.get(now, KEPT, fetch).await
    }

    async fn keys(&self, now: DateTime<Utc>, max_age: TimeDelta) -> Result<Arc<Keys>, OidcError> {
        let discovery = self.discovery(now).await?;
        let fetch = async {
            let answer = self.http.get(Piece::Keys, &discovery.keys, None).await?;
            Keys::read(&answer.body, self.settings.algorithm).map_err(|flaw| flaw.of(Piece::Keys))
        };
        self.keys.get(now, max_age, fetch).await
    }
}
