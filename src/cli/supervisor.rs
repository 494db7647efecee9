//! Words to systemd, where it has started the program: that it is ready, alive, or stopping (`sd_notify`). Elsewhere
//! nothing is said.

use std::ffi::OsStr;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::net::{SocketAddr, UnixDatagram};
use std::sync::Arc;
use std::time::Duration;

use crate::flow::App;

/// Says something. That nobody hears it stops nothing.
pub fn tell(words: &str) {
    let Some(socket) = std::env::var_os("NOTIFY_SOCKET") else { return };
    if let Err(error) = send(&socket, words) {
        tracing::warn!(%error, "systemd does not hear this process");
    }
}

fn send(socket: &OsStr, words: &str) -> io::Result<()> {
    UnixDatagram::unbound()?.send_to_addr(words.as_bytes(), &address(socket)?).map(drop)
}

/// A path, or a name that begins with `@` and stands in no folder.
#[cfg(target_os = "linux")]
fn address(socket: &OsStr) -> io::Result<SocketAddr> {
    use std::os::linux::net::SocketAddrExt;
    match socket.as_bytes().strip_prefix(b"@") {
        Some(name) => SocketAddr::from_abstract_name(name),
        None => SocketAddr::from_pathname(socket),
    }
}

#[cfg(not(target_os = "linux"))]
fn address(socket: &OsStr) -> io::Result<SocketAddr> {
    SocketAddr::from_pathname(socket)
}

/// Says that the process is alive, twice as often as is asked for, as long as no job of it hangs. A job that hangs
/// is not noticed by a timer of its own: so systemd starts the program again.
pub fn watch(app: Arc<App>) {
    let asked = std::env::var("WATCHDOG_USEC").ok().and_then(|micros| micros.parse().ok());
    let Some(every) = asked.map(|micros: u64| Duration::from_micros(micros / 2)) else { return };
    tokio::spawn(async move {
        let mut pace = tokio::time::interval(every.max(Duration::from_millis(100)));
        loop {
            pace.tick().await;
            let now = app.real.now();
            let silent = app.heartbeats.all().into_iter().find(|job| job.silent_for(now).is_some());
            match silent {
                None => tell("WATCHDOG=1"),
                Some(job) => tracing::error!(event = "job.hangs", job = job.name, "systemd is told nothing"),
            }
        }
    });
}
