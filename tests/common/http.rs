//! Requests to a served program over real connections. Each caller has its own loopback address, so that
//! one machine can act as a whole town, and may disconnect in the middle.

#![allow(dead_code, reason = "each test file uses its own part")]

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use passage::flow::register::Registration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

use super::web::{Answer, encoded};

/// Longer than any answer may take: the program ends a request after thirty seconds.
const PATIENCE: Duration = Duration::from_secs(40);

/// A caller with an address, and the program they send requests to.
#[derive(Clone, Copy, Debug)]
pub struct Caller {
    pub from: Ipv4Addr,
    pub to: SocketAddr,
}

/// Where a connection is cut.
#[derive(Clone, Copy, Debug)]
pub enum Cut {
    InTheHead,
    InTheBody,
    /// The whole request is sent; this many microseconds later its sender disconnects, without an answer.
    AfterMicros(u64),
}

/// The loopback address of caller number `n` of a street: 127.`street`.x.y, never 127.0.
pub fn address(street: u8, n: u32) -> Ipv4Addr {
    let [_, _, high, low] = (n + 1).to_be_bytes();
    Ipv4Addr::new(127, street, high, low)
}

impl Caller {
    pub async fn get(self, path: &str) -> io::Result<Answer> {
        let head = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        self.ask(head.as_bytes()).await
    }

    pub async fn post(self, path: &str, fields: &[(&str, &str)]) -> io::Result<Answer> {
        self.post_as("", path, fields).await
    }

    /// Sends a form with a cookie.
    pub async fn post_as(self, cookie: &str, path: &str, fields: &[(&str, &str)]) -> io::Result<Answer> {
        let (head, body) = posted(cookie, path, fields);
        self.ask([head, body].concat().as_bytes()).await
    }

    /// Sends a form; the page that it leads to.
    pub async fn submit(self, path: &str, fields: &[(&str, &str)]) -> io::Result<Answer> {
        let answer = self.post(path, fields).await?;
        self.follow(answer).await
    }

    /// The page that an answer leads to, with the cookie that it hands out; or the answer itself.
    pub async fn follow(self, answer: Answer) -> io::Result<Answer> {
        if !answer.status.is_redirection() {
            return Ok(answer);
        }
        let (path, cookie) = (answer.header("location"), answer.cookie());
        let head = format!(
            "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nCookie: {cookie}\r\n\r\n"
        );
        self.ask(head.as_bytes()).await
    }

    /// Sends part or all of a form and disconnects without reading.
    pub async fn post_and_leave(
        self,
        cookie: &str,
        path: &str,
        fields: &[(&str, &str)],
        cut: Cut,
    ) -> io::Result<()> {
        let (head, body) = posted(cookie, path, fields);
        let mut stream = self.connect().await?;
        match cut {
            Cut::InTheHead => stream.write_all(&head.as_bytes()[..head.len() / 2]).await,
            Cut::InTheBody => {
                stream.write_all(head.as_bytes()).await?;
                stream.write_all(&body.as_bytes()[..body.len() / 2]).await
            }
            Cut::AfterMicros(micros) => {
                stream.write_all([head, body].concat().as_bytes()).await?;
                tokio::time::sleep(Duration::from_micros(micros)).await;
                Ok(())
            }
        }
    }

    /// Sends these bytes and reads the answer to its end.
    pub async fn ask(self, request: &[u8]) -> io::Result<Answer> {
        let exchange = async {
            let mut stream = self.connect().await?;
            stream.write_all(request).await?;
            let mut said = Vec::new();
            stream.read_to_end(&mut said).await?;
            answer(&said)
        };
        tokio::time::timeout(PATIENCE, exchange).await.map_err(io::Error::other)?
    }

    pub async fn connect(self) -> io::Result<TcpStream> {
        let socket = TcpSocket::new_v4()?;
        socket.bind(SocketAddr::from((self.from, 0)))?;
        socket.connect(self.to).await
    }
}

fn posted(cookie: &str, path: &str, fields: &[(&str, &str)]) -> (String, String) {
    let body = encoded(fields);
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
         Cookie: {cookie}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    (head, body)
}

/// An answer as received.
fn answer(said: &[u8]) -> io::Result<Answer> {
    let fault = || io::Error::new(io::ErrorKind::UnexpectedEof, "no whole answer");
    let said = String::from_utf8_lossy(said);
    let (head, body) = said.split_once("\r\n\r\n").ok_or_else(fault)?;
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).ok_or_else(fault)?;
    let status = StatusCode::from_bytes(status.as_bytes()).map_err(io::Error::other)?;
    let mut headers = HeaderMap::new();
    for (name, value) in lines.filter_map(|line| line.split_once(": ")) {
        let name: HeaderName = name.parse().map_err(io::Error::other)?;
        headers.append(name, HeaderValue::from_str(value).map_err(io::Error::other)?);
    }
    let length = headers.get("content-length").and_then(|length| length.to_str().ok()?.parse().ok());
    if length.is_some_and(|length: usize| body.len() < length) {
        return Err(fault());
    }
    Ok(Answer { status, headers, body: body.to_owned() })
}

/// The fields of the registration form, as a browser sends them: every day, every hour, one site.
pub fn registration<'a>(key: &'a str, site: &'a str, typed: &'a Registration) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![
        ("cle", key),
        ("birth_name", &typed.birth_name),
        ("given_names", &typed.given_names),
        ("birth_date", &typed.birth_date),
        ("foreigner_number", &typed.foreigner_number),
        ("document_country", &typed.document_country),
        ("document_number", &typed.document_number),
        ("phone", &typed.phone),
        ("email", &typed.email),
        ("language", &typed.language),
        ("sites", site),
        ("halves", "morning"),
        ("halves", "afternoon"),
        ("notice_days", "0"),
    ];
    fields.extend(["0", "1", "2", "3", "4"].map(|day| ("weekdays", day)));
    fields
}
