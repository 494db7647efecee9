//! The register of numéros étrangers, where another service holds it: asked over HTTP, one number at a time.
//! `POST {"number": "0123456789"}` is answered `{"person": null}`, or `{"person": {"birth_date": "1985-00-00",
//! "birth_name": "…", "given_names": "…"}}`, of which the names may be missing. Nothing of it is kept.
//!
//! After several failures in a row it is left alone for a while (a circuit breaker): people who register do not
//! wait for a service that is down.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use reqwest::{Certificate, Client, Identity, StatusCode};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::domain::names::{BirthDate, Names};
use crate::domain::register_of_numbers::Registered;
use crate::outbound::{self, Unread, read_at_most};

/// A true answer has a few hundred bytes.
const ANSWER_BYTES_MAX: usize = 16 * 1024;
/// Failures in a row after which it is left alone, and for how long.
const FAILURES_MAX: u32 = 5;
const PAUSE: TimeDelta = TimeDelta::seconds(30);

/// Where and as whom to ask.
#[derive(Debug)]
pub struct RegisterAccess {
    pub url: String,
    /// Sent as a bearer token.
    pub token: Option<Zeroizing<String>>,
    /// A client's certificate with its key, in PEM.
    pub certificate: Option<Zeroizing<Vec<u8>>>,
    /// The authority of the service's certificate, in PEM, if this machine does not know it.
    pub authority: Option<Vec<u8>>,
    /// For the whole answer.
    pub timeout: Duration,
}

/// Why the register gave no answer. Never what it wrote, which may quote a person.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RegisterFault {
    #[error("cannot be reached")]
    Unreachable,
    #[error("did not answer in time")]
    Silent,
    #[error("refuses this installation (HTTP {0}): its token or certificate")]
    Refused(u16),
    #[error("answered HTTP {0}")]
    Status(u16),
    #[error("answered something else than a person of its register")]
    Unreadable,
    #[error("is left alone after several failures")]
    LeftAlone,
}

impl RegisterFault {
    /// Whether the register itself is in trouble, and not what it holds of one number.
    pub const fn is_its_own(&self) -> bool {
        match self {
            Self::Unreachable | Self::Silent | Self::Refused(_) | Self::LeftAlone => true,
            Self::Status(status) => *status == 429 || *status >= 500,
            Self::Unreadable => false,
        }
    }
}

/// A register that could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum SetUpError {
    #[error("register.certificate_file: not a certificate with its key, in PEM")]
    Certificate,
    #[error("register.authority_file: not a certificate in PEM")]
    Authority,
    #[error("TLS could not be set up (are the system's certificates installed?): {0}")]
    Tls(String),
}

/// The register; holds a pool of connections, so make one and share it.
pub struct RemoteRegister {
    client: Client,
    url: String,
    token: Option<Zeroizing<String>>,
    breaker: Mutex<Breaker>,
}

/// Failures in a row, and until when nobody asks.
#[derive(Default)]
struct Breaker {
    failures: u32,
    left_alone_until: Option<DateTime<Utc>>,
}

#[derive(Serialize)]
struct Question<'a> {
    number: &'a str,
}

#[derive(Deserialize)]
struct Answer {
    person: Option<Person>,
}

#[derive(Deserialize)]
struct Person {
    birth_date: String,
    birth_name: Option<String>,
    given_names: Option<String>,
}

impl RemoteRegister {
    /// # Errors
    /// If a certificate cannot be read, or the system has none.
    pub fn new(access: RegisterAccess) -> Result<Self, SetUpError> {
        let mut client = outbound::client().timeout(access.timeout).connect_timeout(access.timeout / 2);
        if let Some(pem) = &access.certificate {
            client = client.identity(Identity::from_pem(pem).map_err(|_| SetUpError::Certificate)?);
        }
        if let Some(pem) = &access.authority {
            client =
                client.add_root_certificate(Certificate::from_pem(pem).map_err(|_| SetUpError::Authority)?);
        }
        let client = client.build().map_err(|error| SetUpError::Tls(error.to_string()))?;
        Ok(Self { client, url: access.url, token: access.token, breaker: Mutex::default() })
    }

    /// What it holds under a number of ten digits.
    ///
    /// # Errors
    /// Why it gave no answer.
    pub async fn ask(&self, number: &str, now: DateTime<Utc>) -> Result<Option<Registered>, RegisterFault> {
        if !self.lets_through(now) {
            return Err(RegisterFault::LeftAlone);
        }
        let answer = self.answer(number, now).await;
        self.note(!answer.as_ref().is_err_and(RegisterFault::is_its_own), now);
        answer
    }

    /// While it is left alone, one question is let through at the end of each pause.
    fn lets_through(&self, now: DateTime<Utc>) -> bool {
        let mut breaker = self.breaker.lock().unwrap_or_else(PoisonError::into_inner);
        match breaker.left_alone_until {
            Some(until) if now < until => false,
            Some(_) => {
                breaker.left_alone_until = Some(now + PAUSE);
                true
            }
            None => true,
        }
    }

    fn note(&self, is_well: bool, now: DateTime<Utc>) {
        let mut breaker = self.breaker.lock().unwrap_or_else(PoisonError::into_inner);
        if is_well {
            *breaker = Breaker::default();
            return;
        }
        breaker.failures = breaker.failures.saturating_add(1);
        if breaker.failures >= FAILURES_MAX {
            breaker.left_alone_until = Some(now + PAUSE);
        }
    }

    async fn answer(&self, number: &str, now: DateTime<Utc>) -> Result<Option<Registered>, RegisterFault> {
        let mut question = self.client.post(&self.url).json(&Question { number });
        if let Some(token) = &self.token {
            question = question.bearer_auth(token.as_str());
        }
        let response = question.send().await.map_err(|error| {
            if error.is_timeout() { RegisterFault::Silent } else { RegisterFault::Unreachable }
        })?;
        match response.status() {
            StatusCode::OK => {}
            status @ (StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) => {
                return Err(RegisterFault::Refused(status.as_u16()));
            }
            status => return Err(RegisterFault::Status(status.as_u16())),
        }
        let body = read_at_most(response, ANSWER_BYTES_MAX).await.map_err(|unread| match unread {
            Unread::TooLong => RegisterFault::Unreadable,
            Unread::Slow => RegisterFault::Silent,
            Unread::CutOff => RegisterFault::Unreachable,
        })?;
        let answer: Answer = serde_json::from_slice(&body).map_err(|_| RegisterFault::Unreadable)?;
        answer.person.map(|person| person.read(now)).transpose()
    }
}

impl Person {
    fn read(self, now: DateTime<Utc>) -> Result<Registered, RegisterFault> {
        let birth =
            BirthDate::parse(&self.birth_date, now.date_naive()).map_err(|_| RegisterFault::Unreadable)?;
        let names = match (self.birth_name, self.given_names) {
            (None, None) => None,
            (birth_name, given_names) => {
                let (birth_name, given_names) =
                    (birth_name.unwrap_or_default(), given_names.unwrap_or_default());
                Some(Names::new(&birth_name, &given_names).map_err(|_| RegisterFault::Unreadable)?)
            }
        };
        Ok(Registered { birth, names })
    }
}
