//! Ports for programs that will listen in a moment. They lie below those from which the kernel takes the
//! near end of a connection: with one of these, a client that keeps asking a dead server may get the
//! server's own port, or another test's program may stand where the first one stood.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};

const FIRST: u16 = 20_000;
const COUNT: u16 = 12_000;

/// An address of this machine at which nobody listens.
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
