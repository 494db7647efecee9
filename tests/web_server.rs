//! The loop that serves connections, over a real socket: a client that never ends its headers or never reads
//! its answer is disconnected, and an answer in progress is completed before the program stops.

mod common;
#[path = "common/http.rs"]
mod http;
#[path = "common/web.rs"]
mod web;

use std::future::pending;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::routing::get;
use common::TestApp;
use passage::web::server::{Patience, serve_router};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// Real time: short, but far longer than an answer takes.
const HEADER_TIMEOUT: Duration = Duration::from_millis(300);
const READER_TIMEOUT: Duration = Duration::from_millis(300);

struct Served {
    address: std::net::SocketAddr,
    stop: oneshot::Sender<()>,
    server: JoinHandle<std::io::Result<()>>,
}

async fn serve() -> Served {
    serve_with(HEADER_TIMEOUT, &[]).await
}

async fn serve_with(timeout: Duration, trusted_proxies: &[&str]) -> Served {
    let mut test = TestApp::sqlite().await;
    let http = &mut Arc::get_mut(&mut test.app).unwrap().config.http;
    http.header_timeout = timeout;
    http.body_timeout = timeout;
    http.trusted_proxies = trusted_proxies.iter().map(|proxy| proxy.parse().unwrap()).collect();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let server = tokio::spawn(passage::web::serve(test.app.clone(), listener, async {
        let _ = stopped.await;
    }));
    Served { address, stop, server }
}

async fn answer(stream: &mut TcpStream) -> String {
    let mut said = String::new();
    let _ = stream.read_to_string(&mut said).await;
    said
}

#[tokio::test]
async fn a_client_that_never_ends_its_headers_is_let_go() {
    let served = serve().await;
    let mut slow = TcpStream::connect(served.address).await.unwrap();
    slow.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ").await.unwrap();
    let begun = Instant::now();
    let said = answer(&mut slow).await;
    assert!(begun.elapsed() < HEADER_TIMEOUT * 10, "held for {:?}", begun.elapsed());
    assert!(!said.contains("200 OK"), "{said}");
    served.stop.send(()).unwrap();
    served.server.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_body_that_trickles_is_refused_in_time() {
    let served = serve().await;
    let mut slow = TcpStream::connect(served.address).await.unwrap();
    let head = "POST /s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
                Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 500\r\n\r\nreference=";
    slow.write_all(head.as_bytes()).await.unwrap();
    let said = answer(&mut slow).await;
    assert!(said.starts_with("HTTP/1.1 4"), "{said}");
    assert!(said.contains("Rien n&#39;a été enregistré"), "{said}");
    served.stop.send(()).unwrap();
    served.server.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_body_announced_as_too_large_is_refused_before_it_is_waited_for() {
    let served = serve_with(Duration::from_mins(5), &[]).await;
    let mut client = TcpStream::connect(served.address).await.unwrap();
    let head = "POST /s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 50000000\r\n\r\n";
    client.write_all(head.as_bytes()).await.unwrap();
    let said = tokio::time::timeout(Duration::from_mins(1), answer(&mut client)).await.unwrap();
    assert!(said.starts_with("HTTP/1.1 413"), "{said}");
    assert!(said.contains("Envoi trop gros"), "{said}");
}

#[tokio::test]
async fn a_request_names_one_host_and_a_form_says_that_it_is_one() {
    let served = serve().await;
    for (head, status) in [
        ("GET /aide HTTP/1.1\r\n", "400"),
        ("GET /aide HTTP/1.1\r\nHost: a.example\r\nHost: b.example\r\n", "400"),
        ("GET /aide HTTP/1.0\r\n", "200"),
        ("GET /aide HTTP/1.1\r\nHost: localhost\r\n", "200"),
        ("POST /s HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n", "415"),
        ("POST /s HTTP/1.1\r\nHost: localhost\r\n", "415"),
    ] {
        let mut client = TcpStream::connect(served.address).await.unwrap();
        let request = format!("{head}Connection: close\r\nContent-Length: 0\r\n\r\n");
        client.write_all(request.as_bytes()).await.unwrap();
        let said = answer(&mut client).await;
        assert_eq!(said.split(' ').nth(1), Some(status), "{head}: {said}");
    }
}

#[tokio::test]
async fn a_stop_lets_the_answer_under_way_end_and_takes_no_new_connection() {
    let served = serve().await;
    let mut client = TcpStream::connect(served.address).await.unwrap();
    let head = "POST /s HTTP/1.1\r\nHost: localhost\r\n\
                Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 11\r\n\r\nreference=";
    client.write_all(head.as_bytes()).await.unwrap();
    tokio::time::sleep(HEADER_TIMEOUT / 6).await;
    served.stop.send(()).unwrap();
    tokio::time::sleep(HEADER_TIMEOUT / 6).await;
    assert!(TcpStream::connect(served.address).await.is_err());
    client.write_all(b"x").await.unwrap();
    let said = answer(&mut client).await;
    assert!(said.starts_with("HTTP/1.1 422"), "{said}");
    served.server.await.unwrap().unwrap();
}

/// More connections than one address may have.
const MANY: usize = 300;

/// Opens connections that never end their headers; returns those that the program did not close at once.
async fn idlers(caller: http::Caller) -> Vec<TcpStream> {
    let mut streams = Vec::new();
    for _ in 0..MANY {
        let mut stream = caller.connect().await.unwrap();
        let _ = stream.write_all(b"GET / HTTP/1.1\r\nX-Slow: ").await;
        streams.push(stream);
    }
    tokio::time::sleep(HEADER_TIMEOUT).await;
    let is_held = |stream: &TcpStream| {
        stream.try_read(&mut [0]).is_err_and(|error| error.kind() == std::io::ErrorKind::WouldBlock)
    };
    streams.retain(is_held);
    streams
}

#[tokio::test(flavor = "multi_thread")]
async fn one_address_cannot_take_all_the_room_and_gets_its_own_back() {
    let served = serve_with(Duration::from_mins(5), &[]).await;
    let caller = |n| http::Caller { from: http::address(1, n), to: served.address };
    let held = idlers(caller(0)).await;
    assert!(held.len() < MANY && held.len() > MANY / 2, "{} are held", held.len());
    assert!(caller(0).get("/").await.is_err(), "the crowded address gets no more");
    assert_eq!(caller(1).get("/").await.unwrap().status, 200, "everybody else does");
    drop(held);
    let mut answer = caller(0).get("/").await;
    for _ in 0..100 {
        if answer.is_ok() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
        answer = caller(0).get("/").await;
    }
    assert_eq!(answer.unwrap().status, 200, "what was given back can be had again");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trusted_proxy_brings_everybody() {
    let served = serve_with(Duration::from_mins(5), &["127.1.0.0/16"]).await;
    let caller = http::Caller { from: http::address(1, 0), to: served.address };
    assert_eq!(idlers(caller).await.len(), MANY);
    assert_eq!(caller.get("/").await.unwrap().status, 200);
}

#[tokio::test]
async fn a_reader_who_takes_nothing_is_let_go() {
    let endless = || async {
        let zeros = std::iter::repeat_with(|| Ok::<_, std::io::Error>(Bytes::from_static(&[0; 1 << 14])));
        Body::from_stream(futures_util::stream::iter(zeros))
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut reader = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
    let patience = Patience { headers: Duration::from_mins(5), reader: READER_TIMEOUT };
    let router = Router::new().route("/", get(endless));
    let server = tokio::spawn(serve_router(router, patience, Vec::new(), listener, pending()));
    reader.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
    let mut read = 0;
    let mut buffer = vec![0; 1 << 16];
    // A client that keeps reading is served for longer than that.
    let begun = Instant::now();
    while begun.elapsed() < READER_TIMEOUT * 2 {
        read += reader.read(&mut buffer).await.unwrap();
    }
    assert!(read > 0);
    tokio::time::sleep(READER_TIMEOUT * 8).await;
    read = 0;
    while let Ok(1..) = reader.read(&mut buffer).await {
        read += buffer.len();
        assert!(read < 256 << 20, "still served after {:?}", READER_TIMEOUT * 8);
    }
    server.abort();
}
