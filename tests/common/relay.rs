//! A relay of the beacon on loopback: it replays real rounds of quicknet, and lies when told to.

#![allow(dead_code, reason = "each test file uses its own part")]

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const ROUNDS: &str = include_str!("../vectors/drand-quicknet.json");

/// What a relay does with a request.
#[derive(Clone, Debug, PartialEq)]
pub enum Manner {
    /// Serves the recorded rounds, and 404 for every other.
    Honest,
    /// Knows no round.
    NotYet,
    Broken,
    WrongNumber,
    FlippedBit,
    /// The true signature of another round.
    OtherSignature,
    /// A true signature, and a randomness that is not its hash.
    OtherRandomness,
    NoCurvePoint,
    ShortSignature,
    Html,
    /// JSON of another shape.
    NoSignature,
    /// Announces more than it sends, then disconnects.
    Half,
    /// Takes the request and never answers.
    Silent,
    /// Answers correctly, one byte at a time.
    Drip,
    /// Never stops sending.
    Huge,
    /// Redirects to another address, where the right answer is.
    Redirect(String),
}

impl Manner {
    /// All dishonest behaviours. `elsewhere` is an honest relay.
    pub fn dishonest(elsewhere: &str) -> Vec<Self> {
        vec![
            Self::NotYet,
            Self::Broken,
            Self::WrongNumber,
            Self::FlippedBit,
            Self::OtherSignature,
            Self::OtherRandomness,
            Self::NoCurvePoint,
            Self::ShortSignature,
            Self::Html,
            Self::NoSignature,
            Self::Half,
            Self::Silent,
            Self::Drip,
            Self::Huge,
            Self::Redirect(elsewhere.to_owned()),
        ]
    }
}

/// A relay, until the test ends.
#[derive(Clone)]
pub struct Relay {
    pub url: String,
    manner: Arc<Mutex<Manner>>,
    asked: Arc<AtomicUsize>,
}

impl Relay {
    pub async fn start(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let relay = Self { url, manner: Arc::new(Mutex::new(manner)), asked: Arc::new(AtomicUsize::new(0)) };
        let serving = relay.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let relay = serving.clone();
                // The client may disconnect at any time.
                tokio::spawn(async move { drop(relay.serve(stream).await) });
            }
        });
        relay
    }

    pub fn turn(&self, manner: Manner) {
        *self.manner.lock().unwrap() = manner;
    }

    /// How many requests it got.
    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    async fn serve(&self, mut stream: TcpStream) -> std::io::Result<()> {
        let mut question = Vec::new();
        while !question.ends_with(b"\r\n\r\n") {
            question.push(stream.read_u8().await?);
        }
        self.asked.fetch_add(1, Ordering::SeqCst);
        let question = String::from_utf8_lossy(&question).into_owned();
        let path = question.split(' ').nth(1).unwrap_or_default();
        let manner = self.manner.lock().unwrap().clone();
        match answer(&manner, path) {
            Answer::Whole(bytes) => stream.write_all(&bytes).await?,
            Answer::Slow(bytes) => {
                for byte in bytes {
                    stream.write_u8(byte).await?;
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            }
            Answer::Endless(head) => {
                stream.write_all(&head).await?;
                loop {
                    stream.write_all(&[b' '; 4096]).await?;
                }
            }
            Answer::Never => tokio::time::sleep(Duration::from_mins(1)).await,
        }
        Ok(())
    }
}

enum Answer {
    Whole(Vec<u8>),
    Slow(Vec<u8>),
    Endless(Vec<u8>),
    Never,
}

fn http(status: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}").into_bytes()
}

fn answer(manner: &Manner, path: &str) -> Answer {
    match manner {
        Manner::NotYet => Answer::Whole(http("404 Not Found", "{}")),
        Manner::Broken => Answer::Whole(http("500 Internal Server Error", "")),
        Manner::Html => Answer::Whole(http("200 OK", "<!doctype html><title>Portail captif</title>")),
        Manner::Silent => Answer::Never,
        Manner::Huge => Answer::Endless(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n".to_vec()),
        Manner::Redirect(elsewhere) => Answer::Whole(
            format!("HTTP/1.1 302 Found\r\nlocation: {elsewhere}{path}\r\ncontent-length: 0\r\n\r\n")
                .into_bytes(),
        ),
        _ => match asked_for(path).and_then(round) {
            Some(round) => of_a_round(manner, round),
            None => Answer::Whole(http("404 Not Found", "{}")),
        },
    }
}

/// The round in a request for the right chain.
fn asked_for(path: &str) -> Option<u64> {
    let recorded: Value = serde_json::from_str(ROUNDS).unwrap();
    let prefix = format!("/{}/public/", recorded["chain"].as_str().unwrap());
    path.strip_prefix(&prefix)?.parse().ok()
}

fn of_a_round(manner: &Manner, mut round: Value) -> Answer {
    let number = round["round"].as_u64().unwrap();
    let mut own = signature(number);
    match manner {
        Manner::WrongNumber => round["round"] = json!(number + 1),
        Manner::FlippedBit => {
            // The sign bit of the point: the result is still a point of the curve.
            own[0] ^= 0x20;
            sign(&mut round, &own);
        }
        Manner::OtherSignature => sign(&mut round, &signature(if number == 1001 { 1002 } else { 1001 })),
        Manner::OtherRandomness => round["randomness"] = json!("00".repeat(32)),
        Manner::NoCurvePoint => sign(&mut round, &[0xff; 48]),
        Manner::ShortSignature => sign(&mut round, &own[..47]),
        Manner::NoSignature => round = json!({ "round": number }),
        _ => {}
    }
    let mut whole = http("200 OK", &round.to_string());
    match manner {
        Manner::Drip => Answer::Slow(whole),
        Manner::Half => {
            whole.truncate(whole.len() - 40);
            Answer::Whole(whole)
        }
        _ => Answer::Whole(whole),
    }
}

fn sign(round: &mut Value, signature: &[u8]) {
    round["signature"] = json!(hex::encode(signature));
    round["randomness"] = json!(hex::encode(Sha256::digest(signature)));
}

/// A recorded round, as a real relay gives it.
fn round(number: u64) -> Option<Value> {
    let recorded: Value = serde_json::from_str(ROUNDS).unwrap();
    let round = recorded["rounds"].as_array().unwrap().iter().find(|round| round["round"] == number)?;
    let mut given = json!({ "round": number });
    sign(&mut given, &hex::decode(round["signature"].as_str().unwrap()).unwrap());
    Some(given)
}

/// The recorded signature of a round.
pub fn signature(number: u64) -> Vec<u8> {
    hex::decode(round(number).expect("recorded")["signature"].as_str().unwrap()).unwrap()
}
