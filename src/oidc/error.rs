//! Why a sign-in does not end well. Nothing here holds what a provider or a browser wrote, except an error code: it is
//! safe to log.

/// One case for each thing that a page can say.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OidcError {
    /// The person went back, or said no: nothing is wrong.
    #[error("the person did not sign in")]
    Cancelled,
    /// The redirect answers another attempt, or none.
    #[error("the redirect does not belong to this attempt")]
    NotOurs,
    /// It may work later.
    #[error("the provider cannot be asked: {0}")]
    Unavailable(Outage),
    /// Nobody is signed in by such an answer.
    #[error("the provider's answer does not hold: {0} {1}")]
    DoesNotHold(Piece, Flaw),
    /// The provider's own code: `invalid_grant`, `invalid_client`, or `http_404` if it gave none.
    #[error("the provider refused: {0}")]
    Refused(String),
}

/// What was asked of the provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Piece {
    #[error("discovery")]
    Discovery,
    #[error("keys")]
    Keys,
    #[error("redirect")]
    Redirect,
    #[error("tokens")]
    Tokens,
    #[error("id_token")]
    IdToken,
    #[error("userinfo")]
    Userinfo,
}

/// Why no answer came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Outage {
    #[error("this system has no certificates")]
    NoCertificates,
    #[error("no connection")]
    Unreachable,
    #[error("no answer in time")]
    Slow,
    #[error("the connection was lost")]
    CutOff,
    #[error("HTTP {0}")]
    Failing(u16),
}

/// What is wrong with an answer. Where a claim or a header is, its name says which.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// Neither an answer nor a refusal: a redirect.
    #[error("status")]
    Status,
    #[error("too_long")]
    TooLong,
    /// Not of the expected form, or a part is missing.
    #[error("shape")]
    Shape,
    #[error("unsigned")]
    Unsigned,
    #[error("alg")]
    Algorithm,
    #[error("crit")]
    Critical,
    #[error("kid")]
    Key,
    #[error("signature")]
    Signature,
    #[error("iss")]
    Issuer,
    #[error("aud")]
    Audience,
    #[error("azp")]
    AuthorizedParty,
    #[error("exp")]
    Expiry,
    #[error("iat")]
    IssuedAt,
    #[error("nbf")]
    NotBefore,
    #[error("nonce")]
    Nonce,
    #[error("acr")]
    Acr,
    #[error("sub")]
    Subject,
}

impl Flaw {
    pub(super) fn of(self, piece: Piece) -> OidcError {
        OidcError::DoesNotHold(piece, self)
    }
}
