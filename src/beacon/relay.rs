//! One request to one relay (`/{chain}/public/{round}`), and the check that makes its answer a round.
//! Any other answer is a named fault.

use std::time::Duration;

use reqwest::header::ACCEPT;
use reqwest::{Client, Response, StatusCode};
use serde::Deserialize;

use crate::draw::{BeaconFault, QUICKNET_CHAIN, VerifiedRound};
use crate::outbound::{self, Unread, read_at_most};

/// A real answer has about 300 bytes.
const MAX_ANSWER_BYTES: usize = 4 * 1024;

/// Why a relay's answer is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    #[error("cannot be asked: this system has no certificates ({0})")]
    NoCertificates(String),
    #[error("cannot be reached")]
    Unreachable,
    #[error("did not answer in time")]
    Silent,
    #[error("hung up in the middle of its answer")]
    CutOff,
    #[error("answered HTTP {0}")]
    Status(u16),
    #[error("sent more than a round has")]
    TooLong,
    #[error("sent something else than a round")]
    NotARound,
    #[error("sent round {0}")]
    OtherRound(u64),
    #[error("lied: {0}")]
    Untrue(#[from] BeaconFault),
    #[error("lied: the randomness is not the hash of the signature")]
    OtherRandomness,
}

/// What is read of an answer; nothing in it is trusted.
#[derive(Deserialize)]
struct Answer {
    round: u64,
    randomness: String,
    signature: String,
}

/// The race decides which relay to ask next, and when.
pub(super) fn client() -> Result<Client, Fault> {
    outbound::client().build().map_err(|error| Fault::NoCertificates(error.to_string()))
}

/// Requests a round from a relay; only its signature counts.
pub(super) async fn ask(
    client: &Client,
    relay: &str,
    number: u64,
    limit: Duration,
) -> Result<VerifiedRound, Fault> {
    let url = format!("{relay}/{}/public/{number}", hex::encode(QUICKNET_CHAIN));
    let answer = tokio::time::timeout(limit, async {
        let sent = client.get(url).header(ACCEPT, "application/json").send().await;
        read(sent.map_err(|error| if error.is_connect() { Fault::Unreachable } else { Fault::CutOff })?).await
    });
    let body = answer.await.map_err(|_| Fault::Silent)??;
    // A pairing takes milliseconds of CPU time.
    tokio::task::spawn_blocking(move || verify(number, &body)).await.map_err(|_| Fault::NotARound)?
}

async fn read(response: Response) -> Result<Vec<u8>, Fault> {
    if response.status() != StatusCode::OK {
        return Err(Fault::Status(response.status().as_u16()));
    }
    read_at_most(response, MAX_ANSWER_BYTES).await.map_err(|unread| match unread {
        Unread::TooLong => Fault::TooLong,
        Unread::Slow | Unread::CutOff => Fault::CutOff,
    })
}

fn verify(number: u64, body: &[u8]) -> Result<VerifiedRound, Fault> {
    let answer: Answer = serde_json::from_slice(body).map_err(|_| Fault::NotARound)?;
    if answer.round != number {
        return Err(Fault::OtherRound(answer.round));
    }
    let (mut signature, mut randomness) = ([0; 48], [0; 32]);
    hex::decode_to_slice(&answer.signature, &mut signature).map_err(|_| Fault::NotARound)?;
    hex::decode_to_slice(&answer.randomness, &mut randomness).map_err(|_| Fault::NotARound)?;
    let round = VerifiedRound::verify(number, &signature)?;
    (round.randomness() == randomness).then_some(round).ok_or(Fault::OtherRandomness)
}
