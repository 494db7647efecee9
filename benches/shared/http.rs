//! A small load generator: keep-alive connections, each sending the next request when it gets an answer. Like
//! a proxy, it forwards a different client address with every request, so that rate limits do not apply.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// The requests of a client, one after another: the path, and the form that is sent.
pub type Ask = Arc<dyn Fn(u32) -> (String, String) + Send + Sync>;

/// The result of a load.
#[derive(Default)]
pub struct Load {
    pub answered: u32,
    pub refused: u32,
    /// The times of all answers, in order.
    pub waits: Vec<Duration>,
    pub time: Duration,
}

impl Load {
    pub fn a_second(&self) -> f64 {
        // Before the first round there is no time, and no rate.
        f64::from(self.answered) / self.time.as_secs_f64().max(f64::MIN_POSITIVE)
    }

    /// The wait that this many in a hundred did not exceed.
    pub fn percentile(&self, part: usize) -> Duration {
        self.waits.get(self.waits.len().saturating_sub(1) * part / 100).copied().unwrap_or_default()
    }
}

/// Runs `clients` connections for `time`. Requests are numbered from `first`.
pub async fn load(server: SocketAddr, clients: u32, time: Duration, first: u32, ask: &Ask) -> Load {
    let number = Arc::new(AtomicU32::new(first));
    let begun = Instant::now();
    let tasks: Vec<_> = (0..clients)
        .map(|_| tokio::spawn(client(server, begun + time, Arc::clone(&number), Arc::clone(ask))))
        .collect();
    let mut load = Load::default();
    for task in tasks {
        let (answered, refused, waits) = task.await.expect("a client that ends");
        load.answered += answered;
        load.refused += refused;
        load.waits.extend(waits);
    }
    load.time = begun.elapsed();
    load.waits.sort_unstable();
    load
}

async fn client(
    server: SocketAddr,
    until: Instant,
    number: Arc<AtomicU32>,
    ask: Ask,
) -> (u32, u32, Vec<Duration>) {
    let (mut answered, mut refused, mut waits) = (0, 0, Vec::new());
    let mut connection = Connection::open(server).await;
    while Instant::now() < until {
        let n = number.fetch_add(1, Ordering::Relaxed);
        let (path, form) = ask(n);
        let begun = Instant::now();
        let (status, _) = connection.post(&path, &form, n).await;
        waits.push(begun.elapsed());
        if status == 200 { answered += 1 } else { refused += 1 }
    }
    (answered, refused, waits)
}

/// A keep-alive connection.
pub struct Connection {
    stream: TcpStream,
    read: Vec<u8>,
}

impl Connection {
    pub async fn open(server: SocketAddr) -> Self {
        let stream = TcpStream::connect(server).await.expect("a server");
        stream.set_nodelay(true).expect("a socket");
        Self { stream, read: Vec::with_capacity(64 << 10) }
    }

    /// Sends a form from the `n`th address, and follows where it leads; returns the status and the body.
    pub async fn post(&mut self, path: &str, form: &str, n: u32) -> (u16, Vec<u8>) {
        let [_, b, c, d] = n.to_be_bytes();
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 10.{b}.{c}.{d}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
            form.len()
        );
        self.stream.write_all(request.as_bytes()).await.expect("a server that listens");
        let (status, head, body) = self.answer().await;
        let header = |name: &str| {
            head.lines()
                .filter_map(|line| line.split_once(": "))
                .find(|(key, _)| key.eq_ignore_ascii_case(name))
        };
        let (303, Some((_, path)), Some((_, cookie))) = (status, header("location"), header("set-cookie"))
        else {
            return (status, body);
        };
        let cookie = cookie.split(';').next().unwrap_or_default();
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 10.{b}.{c}.{d}\r\nCookie: {cookie}\r\n\r\n"
        );
        self.stream.write_all(request.as_bytes()).await.expect("a server that listens");
        let (status, _, body) = self.answer().await;
        (status, body)
    }

    /// The status, the head and the body.
    async fn answer(&mut self) -> (u16, String, Vec<u8>) {
        self.read.clear();
        let head = loop {
            self.more().await;
            if let Some(at) = self.read.windows(4).position(|four| four == b"\r\n\r\n") {
                break at + 4;
            }
        };
        let whole = String::from_utf8_lossy(&self.read[..head]).into_owned();
        let text = whole.to_ascii_lowercase();
        let status = text.get(9..12).and_then(|code| code.parse().ok()).expect("a status");
        let length = text.split_once("content-length: ").expect("an answer of known length").1;
        let length: usize = length.split("\r\n").next().and_then(|n| n.parse().ok()).expect("a length");
        while self.read.len() < head + length {
            self.more().await;
        }
        (status, whole, self.read[head..].to_vec())
    }

    async fn more(&mut self) {
        let read = self.stream.read_buf(&mut self.read).await.expect("an answer");
        assert!(read > 0, "the server has closed: {}", String::from_utf8_lossy(&self.read));
    }
}
