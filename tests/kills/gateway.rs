//! An SMS gateway on this machine that speaks Twilio's protocol and misbehaves when told to. It records
//! the messages it accepted: the outbox is compared with this record.

use std::collections::{BTreeMap, VecDeque};
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use super::program::Launch;

/// What it does with a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    /// Takes it and says so.
    Fair,
    /// Takes it and never answers.
    Stalls,
    /// Takes it and disconnects.
    Drops,
    /// Takes it and answers that it has failed.
    FailsAfter,
    /// Takes nothing and asks to retry later.
    Busy,
    /// Takes nothing and refuses permanently.
    Refuses,
}

#[derive(Default)]
struct Book {
    /// How many messages were taken for each number.
    taken: BTreeMap<String, u32>,
    moods: VecDeque<Mood>,
    /// Connections that never get an answer.
    held: Vec<TcpStream>,
}

#[derive(Clone)]
pub struct SmsGateway {
    pub url: String,
    book: Arc<Mutex<Book>>,
}

impl SmsGateway {
    /// Works correctly until told otherwise; it ends with its test.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let book = Arc::new(Mutex::new(Book::default()));
        let gateway = Self { url, book };
        let answering = gateway.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let gateway = answering.clone();
                // A program killed in the middle of a request has disconnected.
                std::thread::spawn(move || gateway.converse(&stream.unwrap()).ok());
            }
        });
        gateway
    }

    /// The moods of the next messages.
    pub fn will_be(&self, moods: impl IntoIterator<Item = Mood>) {
        self.book.lock().unwrap().moods.extend(moods);
    }

    /// How many messages were taken for each number.
    pub fn taken(&self) -> BTreeMap<String, u32> {
        self.book.lock().unwrap().taken.clone()
    }

    pub fn taken_in_all(&self) -> u32 {
        self.taken().values().sum()
    }

    /// The program uses this gateway.
    pub fn serves(&self, launch: Launch) -> Launch {
        launch
            .var("PASSAGE__NOTICES__SMS__GATEWAY", "twilio")
            .var("PASSAGE__NOTICES__SMS__BASE_URL", &self.url)
            .var("PASSAGE__NOTICES__SMS__ACCOUNT", "AC00000000000000000000000000000000")
            .var("PASSAGE__NOTICES__SMS__TOKEN", "a-token-of-the-trial")
    }

    fn converse(&self, stream: &TcpStream) -> std::io::Result<()> {
        let mut reader = BufReader::new(stream.try_clone()?);
        while let Some((head, body)) = read_request(&mut reader)? {
            // Whether the gateway is there at all: asked now and then, and no message.
            if head.starts_with("GET ") {
                let mut stream = stream;
                write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{{}}")?;
                continue;
            }
            let to = field(&body, "To");
            if !self.answer(stream, &to)? {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Whether the connection stays open.
    fn answer(&self, mut stream: &TcpStream, to: &str) -> std::io::Result<bool> {
        let mut book = self.book.lock().unwrap();
        let mood = book.moods.pop_front().unwrap_or(Mood::Fair);
        if !matches!(mood, Mood::Busy | Mood::Refuses) {
            *book.taken.entry(to.to_owned()).or_default() += 1;
        }
        let number: u32 = book.taken.values().sum();
        let (code, body) = match mood {
            Mood::Fair => ("201 Created", format!("{{\"sid\":\"SM{number:032}\"}}")),
            Mood::Busy => ("503 Service Unavailable", "{}".to_owned()),
            Mood::FailsAfter => ("500 Internal Server Error", "{}".to_owned()),
            Mood::Refuses => ("400 Bad Request", "{\"code\":21614}".to_owned()),
            Mood::Drops => return Ok(false),
            Mood::Stalls => {
                book.held.push(stream.try_clone()?);
                return Ok(false);
            }
        };
        drop(book);
        write!(stream, "HTTP/1.1 {code}\r\nContent-Length: {}\r\n\r\n{body}", body.len())?;
        Ok(true)
    }
}

/// The first line and the body of the next request, unless the client has disconnected.
fn read_request(reader: &mut impl BufRead) -> std::io::Result<Option<(String, String)>> {
    let (mut length, mut head, mut line) = (0, String::new(), String::new());
    loop {
        line.clear();
        if reader.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        if line.trim().is_empty() {
            break;
        }
        if head.is_empty() {
            head.clone_from(&line);
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().expect("the program writes numbers");
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    Ok(Some((head, String::from_utf8(body).expect("forms are ASCII"))))
}

fn field(body: &str, name: &str) -> String {
    let value = body.split('&').find_map(|pair| pair.strip_prefix(&format!("{name}=")));
    value.expect("the program names its field").replace("%2B", "+")
}
