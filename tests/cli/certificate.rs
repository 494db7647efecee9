//! What `check-config --deep` says of the certificate of the public address: good, ending soon, of nobody that is
//! trusted here, or out of reach. The server and the certificates are OpenSSL's.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::place::Place;
use super::port::free_address;

/// Stopped when the test ends.
struct Server {
    child: Child,
    url: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn openssl(place: &Place, line: &str) {
    let mut command = Command::new("openssl");
    let done = command.args(line.split_whitespace()).current_dir(&place.folder).output().unwrap();
    assert!(done.status.success(), "openssl {line}: {}", String::from_utf8_lossy(&done.stderr));
}

/// An authority of its own name.
fn authority(place: &Place, name: &str) {
    openssl(
        place,
        &format!(
            "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 -subj /CN={name} \
             -keyout {name}.key -out {name}.pem"
        ),
    );
}

/// A server whose certificate an authority has signed for some days.
fn serve(place: &Place, authority: &str, days: u32) -> Server {
    let name = format!("{authority}-{days}");
    openssl(
        place,
        &format!(
            "req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=localhost \
             -keyout {name}.key -out {name}.csr"
        ),
    );
    place.file("names.txt", "subjectAltName=DNS:localhost\n");
    openssl(
        place,
        &format!(
            "x509 -req -in {name}.csr -CA {authority}.pem -CAkey {authority}.key -CAcreateserial -days {days} \
             -extfile names.txt -out {name}.pem"
        ),
    );
    let address = free_address();
    let mut command = Command::new("openssl");
    command.args(["s_server", "-quiet", "-www", "-accept", &address.port().to_string()]);
    command.args(["-cert", &format!("{name}.pem"), "-key", &format!("{name}.key")]);
    command.current_dir(&place.folder).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let server =
        Server { child: command.spawn().unwrap(), url: format!("https://localhost:{}", address.port()) };
    let begun = Instant::now();
    while std::net::TcpStream::connect(address).is_err() {
        assert!(begun.elapsed() < Duration::from_secs(20), "openssl s_server does not listen");
        std::thread::sleep(Duration::from_millis(20));
    }
    server
}

#[test]
fn a_certificate_is_good_ends_soon_is_not_trusted_or_cannot_be_reached() {
    let place = Place::furnished();
    authority(&place, "ours");
    authority(&place, "theirs");
    let nobody = format!("https://localhost:{}", free_address().port());
    for (server, said) in [
        (Some(serve(&place, "ours", 300)), None),
        (Some(serve(&place, "ours", 5)), Some("it is not good for two more weeks")),
        (Some(serve(&place, "theirs", 300)), Some("it is not trusted")),
        (None, Some("it cannot be reached from here")),
    ] {
        let url = server.as_ref().map_or(&nobody, |server| &server.url);
        let mut command = place.command(&["check-config", "--deep"]);
        command.env("PASSAGE__HTTP__PUBLIC_URL", url).env("SSL_CERT_FILE", place.folder.join("ours.pem"));
        let ran = command.output().unwrap();
        let out = String::from_utf8_lossy(&ran.stdout).into_owned();
        match said {
            None => assert!(ran.status.success(), "{out}"),
            Some(said) => assert!(out.contains(said) && ran.status.code() == Some(1), "{said}: {out}"),
        }
    }
}
