//! Ports for programs that will listen soon. They are below the kernel's ephemeral port range. With an
//! ephemeral port, a client that keeps retrying a dead server could get the server's own port, or another
//! test's program could take the port of the first one.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};

const FIRST: u16 = 20_000;
const COUNT: u16 = 12_000;

/// An address of this machine on which nothing listens.
pub fn free_address() -> SocketAddr {
    for _ in 0..100 {
        let [high, low, ..] = *uuid::Uuid::new_v4().as_bytes();
        let port = FIRST + u16::from_be_bytes([high, low]) % COUNT;
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        if TcpListener::bind(address).is_ok() {
            return address;
        }
    }
    panic!("no free port between {FIRST} and {}", FIRST + COUNT);
}
