//! Signing in with an account elsewhere: what FranceConnect, for everybody, and ProConnect, for the staff, have in common.
//! A browser goes there with an attempt, which it keeps, sealed, and comes back with an answer to that attempt alone.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{App, FlowError, random};
use crate::config::Config;
use crate::domain::pivot::PivotError;
use crate::oidc::{Algorithm, AskedBy, Attempt, Callback, OidcError, Provider, Settings, Signed, Timeouts};
use crate::vault::system_rng;

/// A code is asked for within minutes, or the attempt is over.
pub const ATTEMPT_MAX: TimeDelta = TimeDelta::minutes(10);

/// Where one signs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    FranceConnect,
    ProConnect,
}

/// An attempt, as the browser keeps it, sealed, with what somebody signs in for.
#[derive(Serialize, Deserialize)]
pub struct Begun<E> {
    attempt: Attempt,
    pub errand: E,
    pub at: DateTime<Utc>,
}

/// Why nobody was signed in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// There is none, it is another's, or its time is over.
    #[error("no attempt is under way in this browser")]
    NoAttempt,
    #[error(transparent)]
    Provider(#[from] OidcError),
    /// FranceConnect does not say who somebody is.
    #[error(transparent)]
    Pivot(#[from] PivotError),
    #[error(transparent)]
    Flow(#[from] FlowError),
}

impl Door {
    pub const ALL: [Self; 2] = [Self::FranceConnect, Self::ProConnect];

    /// Its section in the configuration, and the first part of its sentences.
    pub const fn name(self) -> &'static str {
        match self {
            Self::FranceConnect => "franceconnect",
            Self::ProConnect => "proconnect",
        }
    }

    /// Where it sends a browser back to: registered there.
    pub const fn return_path(self) -> &'static str {
        match self {
            Self::FranceConnect => "/fc/retour",
            Self::ProConnect => "/agent/proconnect/retour",
        }
    }

    /// … and where after a logout.
    pub const fn left_path(self) -> &'static str {
        match self {
            Self::FranceConnect => "/fc/sortie",
            Self::ProConnect => "/agent/proconnect/sortie",
        }
    }

    /// What is asked for: no more than what is used.
    const fn scopes(self) -> &'static str {
        match self {
            Self::FranceConnect => "openid identite_pivot",
            // Shown once to whoever links an identity, so that they see which one it is.
            Self::ProConnect => "openid given_name usual_name email",
        }
    }

    /// The provider that a configuration names.
    pub fn registered(self, config: &Config) -> Option<Provider> {
        let client = match self {
            Self::FranceConnect => config.franceconnect.as_ref()?,
            Self::ProConnect => config.proconnect.as_ref()?,
        };
        let is_proconnect = self == Self::ProConnect;
        let settings = Settings {
            issuer: client.issuer.clone(),
            client_id: client.client_id.clone(),
            client_secret: client.client_secret.expose().to_owned().into(),
            algorithm: if client.is_rsa { Algorithm::Rs256 } else { Algorithm::Es256 },
            scopes: self.scopes().to_owned(),
            acr: client.acr.clone(),
            acr_asked_by: if is_proconnect { AskedBy::Claim } else { AskedBy::Parameter },
            amr: is_proconnect,
            signed_userinfo: true,
            pkce: false,
        };
        Some(Provider::new(settings, Timeouts::default()))
    }

    fn provider(self, app: &App) -> Result<&Provider, FlowError> {
        let provider = match self {
            Self::FranceConnect => &app.franceconnect,
            Self::ProConnect => &app.proconnect,
        };
        provider.as_ref().ok_or(FlowError::NotFound("provider"))
    }

    /// Where to send the browser, and what it keeps meanwhile.
    ///
    /// # Errors
    /// [`FlowError::NotFound`] where this installation has no such provider; if it cannot be asked.
    pub async fn begin<E>(self, app: &App, errand: E) -> Result<(String, Begun<E>), SignInError> {
        let provider = self.provider(app)?;
        let now = app.real.now();
        let begun = Begun { attempt: Attempt::new(&mut system_rng()), errand, at: now };
        let url = provider.begin(&begun.attempt, &address(app, self.return_path()), now).await?;
        Ok((url, begun))
    }

    /// Who has come back.
    ///
    /// # Errors
    /// If the attempt is over, the person cancelled, or what the provider says does not hold.
    pub async fn finish<E>(
        self,
        app: &App,
        begun: &Begun<E>,
        callback: &Callback,
    ) -> Result<Signed, SignInError> {
        let now = app.real.now();
        if now - begun.at > ATTEMPT_MAX {
            return Err(SignInError::NoAttempt);
        }
        let back = address(app, self.return_path());
        Ok(self.provider(app)?.finish(&begun.attempt, &back, callback, now).await?)
    }

    /// Where a browser signs out, if it can.
    ///
    /// # Errors
    /// If the provider cannot be asked.
    pub async fn logout(self, app: &App, id_token: &str) -> Result<Option<String>, SignInError> {
        let (state, back) = (hex::encode(random::<32>()), address(app, self.left_path()));
        Ok(self.provider(app)?.logout_url(id_token, &back, &state, app.real.now()).await?)
    }
}

fn address(app: &App, path: &str) -> String {
    format!("{}{path}", app.config.http.public_url.trim_end_matches('/'))
}
