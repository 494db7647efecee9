//! Sends a delivery to a witness. A witness is a stranger's machine: redirects are not followed, the time is
//! short, and only a limited size of its answer is read.

use std::time::Duration;

use reqwest::{Client, Response, StatusCode};
use serde::Deserialize;

use crate::domain::ids::DrawId;
use crate::journal::{HashHex, Push};
use crate::outbound::{self, Unread, read_at_most};

/// A real answer has a few hundred bytes.
const ANSWER_BYTES_MAX: usize = 64 * 1024;
const CONNECT: Duration = Duration::from_secs(5);
/// The longest a delivery can take.
pub const TOTAL: Duration = Duration::from_secs(15);

/// A witness's answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// The newest head it holds, and the draws whose list reached it when the randomness was already out.
    Kept { size: u64, root: HashHex, late: Vec<DrawId> },
    /// The size it wants the proof to start from.
    Behind { size: u64 },
    /// It holds a head that contradicts this one.
    Contradiction(String),
    /// Anything else, in a few words.
    Failed(String),
}

#[derive(Deserialize)]
struct Kept {
    size: u64,
    root: HashHex,
    #[serde(default)]
    late: Vec<DrawId>,
}

#[derive(Deserialize)]
struct Behind {
    size: u64,
}

#[derive(Default, Deserialize)]
struct Why {
    #[serde(default)]
    why: String,
}

/// Holds a pool of connections: make one and share it.
pub struct Sender {
    client: Client,
}

impl Sender {
    /// # Errors
    /// If the system has no certificates.
    pub fn new() -> reqwest::Result<Self> {
        let client = outbound::client().connect_timeout(CONNECT).timeout(TOTAL).build()?;
        Ok(Self { client })
    }

    /// Sends one delivery.
    pub async fn push(&self, url: &str, body: Vec<u8>, signature: &[u8]) -> Reply {
        let request = self
            .client
            .post(format!("{url}/tete"))
            .header("content-type", "application/json")
            .header(Push::SIGNATURE_HEADER, hex::encode(signature))
            .body(body);
        match request.send().await {
            Ok(response) => read(response).await,
            Err(error) if error.is_timeout() => Reply::Failed("no answer in time".to_owned()),
            Err(error) if error.is_connect() => Reply::Failed("cannot be reached".to_owned()),
            Err(_) => Reply::Failed("the connection broke".to_owned()),
        }
    }

    /// What a witness saw of a draw, as JSON; `None` if it saw nothing.
    ///
    /// # Errors
    /// In words, if it cannot be reached or does not answer like a witness.
    pub async fn freeze_seen(&self, url: &str, draw: &str) -> Result<Option<Vec<u8>>, String> {
        let asked = self.client.get(format!("{}/tirages/{draw}.json", url.trim_end_matches('/'))).send();
        let response = asked.await.map_err(|_| "cannot be reached".to_owned())?;
        match response.status() {
            StatusCode::OK => read_at_most(response, ANSWER_BYTES_MAX).await.map(Some).map_err(|unread| {
                let why = if unread == Unread::TooLong { "answers too much" } else { "was cut off" };
                why.to_owned()
            }),
            StatusCode::NOT_FOUND => Ok(None),
            other => Err(format!("answers {other}")),
        }
    }
}

async fn read(response: Response) -> Reply {
    let status = response.status();
    let body = match read_at_most(response, ANSWER_BYTES_MAX).await {
        Ok(body) => body,
        Err(Unread::TooLong) => return Reply::Failed("an endless answer".to_owned()),
        Err(Unread::Slow | Unread::CutOff) => Vec::new(),
    };
    let why = || {
        let said = serde_json::from_slice::<Why>(&body).unwrap_or_default().why;
        said.chars().filter(|c| !c.is_control()).take(200).collect::<String>()
    };
    match status {
        StatusCode::OK => match serde_json::from_slice(&body) {
            Ok(Kept { size, root, late }) => Reply::Kept { size, root, late },
            Err(_) => Reply::Failed("not the answer of a witness".to_owned()),
        },
        StatusCode::PRECONDITION_FAILED => match serde_json::from_slice(&body) {
            Ok(Behind { size }) => Reply::Behind { size },
            Err(_) => Reply::Failed("not the answer of a witness".to_owned()),
        },
        StatusCode::CONFLICT => Reply::Contradiction(why()),
        other => Reply::Failed(format!("{} {}", other.as_u16(), why()).trim_end().to_owned()),
    }
}
