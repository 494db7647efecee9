//! One request to the provider: no redirects, a time limit, and an answer that is not read beyond a limit.

use std::sync::OnceLock;
use std::time::Duration;

use reqwest::header::{ACCEPT, CONTENT_TYPE};
use reqwest::{Client, RequestBuilder, Response, StatusCode, Url};
use serde::Deserialize;

use super::error::{Flaw, OidcError, Outage, Piece};
use crate::outbound::{self, Unread, read_at_most};

/// A true answer has a few kilobytes.
const MAX_ANSWER_BYTES: usize = 64 * 1024;
/// The standard's own codes have at most 26 letters.
const MAX_CODE_LEN: usize = 64;

/// How long to wait for each request. A code is good for half a minute, and is followed by three requests at most.
#[derive(Clone, Copy, Debug)]
pub struct Timeouts {
    pub connect: Duration,
    pub total: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self { connect: Duration::from_secs(3), total: Duration::from_secs(6) }
    }
}

pub(super) struct Http {
    timeouts: Timeouts,
    /// Made when first needed: an installation without a provider needs no certificates.
    client: OnceLock<Client>,
}

/// A success, read whole.
pub(super) struct Answer {
    /// Without its parameters, in lower case.
    pub media_type: String,
    pub body: Vec<u8>,
}

#[derive(Deserialize)]
struct Refusal {
    error: String,
}

impl Http {
    pub fn new(timeouts: Timeouts) -> Self {
        Self { timeouts, client: OnceLock::new() }
    }

    pub async fn get(&self, piece: Piece, url: &Url, bearer: Option<&str>) -> Result<Answer, OidcError> {
        let request = self.client()?.get(url.clone());
        send(piece, bearer.into_iter().fold(request, RequestBuilder::bearer_auth)).await
    }

    pub async fn post(&self, piece: Piece, url: &Url, form: &[(&str, &str)]) -> Result<Answer, OidcError> {
        send(piece, self.client()?.post(url.clone()).form(form)).await
    }

    fn client(&self) -> Result<&Client, OidcError> {
        if self.client.get().is_none() {
            // Another task was faster: its client is used.
            let _ = self.client.set(client(self.timeouts)?);
        }
        self.client.get().ok_or(OidcError::Unavailable(Outage::NoCertificates))
    }
}

fn client(timeouts: Timeouts) -> Result<Client, OidcError> {
    outbound::client()
        .connect_timeout(timeouts.connect)
        .timeout(timeouts.total)
        .build()
        .map_err(|_| OidcError::Unavailable(Outage::NoCertificates))
}

async fn send(piece: Piece, request: RequestBuilder) -> Result<Answer, OidcError> {
    let response =
        request.header(ACCEPT, "application/json, application/jwt").send().await.map_err(outage)?;
    let status = response.status();
    let media_type = media_type(&response);
    let body = read(piece, response).await?;
    match status {
        StatusCode::OK => Ok(Answer { media_type, body }),
        StatusCode::TOO_MANY_REQUESTS => Err(OidcError::Unavailable(Outage::Failing(status.as_u16()))),
        _ if status.is_server_error() => Err(OidcError::Unavailable(Outage::Failing(status.as_u16()))),
        _ if status.is_client_error() => Err(refusal(status, &body)),
        _ => Err(Flaw::Status.of(piece)),
    }
}

fn media_type(response: &Response) -> String {
    let header =
        response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    header.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

async fn read(piece: Piece, response: Response) -> Result<Vec<u8>, OidcError> {
    read_at_most(response, MAX_ANSWER_BYTES).await.map_err(|unread| match unread {
        Unread::TooLong => Flaw::TooLong.of(piece),
        Unread::Slow => OidcError::Unavailable(Outage::Slow),
        Unread::CutOff => OidcError::Unavailable(Outage::CutOff),
    })
}

#[expect(clippy::needless_pass_by_value, reason = "it is given to map_err")]
fn outage(error: reqwest::Error) -> OidcError {
    OidcError::Unavailable(if error.is_timeout() {
        Outage::Slow
    } else if error.is_connect() {
        Outage::Unreachable
    } else {
        Outage::CutOff
    })
}

fn refusal(status: StatusCode, body: &[u8]) -> OidcError {
    match serde_json::from_slice::<Refusal>(body) {
        Ok(Refusal { error }) => refused(&error),
        Err(_) => OidcError::Refused(format!("http_{}", status.as_u16())),
    }
}

/// By the provider's code, if it is one and no text.
pub(super) fn refused(code: &str) -> OidcError {
    let is_code = code.len() <= MAX_CODE_LEN && code.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    OidcError::Refused(if is_code { code } else { "unnamed" }.to_owned())
}
