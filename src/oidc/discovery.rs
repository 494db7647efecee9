//! The discovery document: where the provider is asked what.

use reqwest::Url;
use serde::Deserialize;

use super::error::Flaw;

const PATH: &str = "/.well-known/openid-configuration";

pub(super) struct Discovery {
    pub authorization: Url,
    pub token: Url,
    pub userinfo: Url,
    pub keys: Url,
    pub logout: Option<Url>,
    /// Whether its redirects name it (RFC 9207).
    pub redirects_name_it: bool,
}

#[derive(Deserialize)]
struct Document {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    userinfo_endpoint: String,
    jwks_uri: String,
    end_session_endpoint: Option<String>,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}

impl Discovery {
    /// Where the document of an issuer is.
    pub fn address(issuer: &str) -> Result<Url, Flaw> {
        Url::parse(&format!("{}{PATH}", issuer.trim_end_matches('/'))).map_err(|_| Flaw::Issuer)
    }

    pub fn read(body: &[u8], issuer: &str) -> Result<Self, Flaw> {
        let document: Document = serde_json::from_slice(body).map_err(|_| Flaw::Shape)?;
        if document.issuer != issuer {
            return Err(Flaw::Issuer);
        }
        let scheme = Self::address(issuer)?.scheme().to_owned();
        // An issuer on https has every endpoint on https.
        let endpoint = |address: String| match Url::parse(&address) {
            Ok(url) if url.scheme() == scheme => Ok(url),
            _ => Err(Flaw::Shape),
        };
        Ok(Self {
            authorization: endpoint(document.authorization_endpoint)?,
            token: endpoint(document.token_endpoint)?,
            userinfo: endpoint(document.userinfo_endpoint)?,
            keys: endpoint(document.jwks_uri)?,
            logout: document.end_session_endpoint.map(endpoint).transpose()?,
            redirects_name_it: document.authorization_response_iss_parameter_supported,
        })
    }
}
