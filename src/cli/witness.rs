//! `passage witness`: the receiver that anybody can run, and asking one about a bundle.

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use tokio::net::TcpListener;
use uuid::Uuid;

use super::serve;
use crate::clock::RealClock;
use crate::config::{Log, LogFormat};
use crate::draw::Verified;
use crate::journal::LogKey;
use crate::outbound::install_tls_provider;
use crate::web::server::Patience;
use crate::witness::ledger::{Ledger, SeenFreeze};
use crate::witness::sender::Sender;
use crate::witness::service;
use crate::witness::testimony::Testimony;
use crate::{telemetry, web};

/// Where to listen, where to keep what was seen, and the log's key.
#[derive(Args)]
pub struct Witness {
    /// Where to listen; put a TLS proxy in front of it.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8090")]
    listen: SocketAddr,
    /// The folder for what was seen; created if missing. Plain files, one JSON document per line.
    #[arg(long, value_name = "FOLDER")]
    data: PathBuf,
    /// The log's public key, as the page /journal of the installation shows it.
    #[arg(long, value_name = "KEY")]
    log_key: LogKey,
}

/// Receives until SIGINT or SIGTERM.
pub async fn run(command: Witness) -> anyhow::Result<()> {
    telemetry::init(&Log { format: LogFormat::Text, filter: "info".to_owned(), file: None })?;
    let folder = command.data.display().to_string();
    let ledger = Ledger::open(&command.data, command.log_key).with_context(|| folder.clone())?;
    for alarm in ledger.alarms() {
        tracing::error!(since = alarm.seen_at, "ALARM: {}", alarm.why);
    }
    tracing::info!(log = %ledger.key(), folder, "witnessing");
    let listen = command.listen;
    let listener = TcpListener::bind(listen).await.with_context(|| format!("listening on {listen}"))?;
    let stopped = serve::asked_to_stop(serve::stop_signal());
    let router = service::router(ledger, RealClock::system());
    web::server::serve_router(router, Patience::default(), Vec::new(), listener, stopped).await?;
    Ok(())
}

/// A witness to ask about bundles.
pub enum Asked {
    Address(String, Sender),
    File(String, Vec<SeenFreeze>),
}

impl Asked {
    /// The witnesses named on the command line.
    pub fn all(names: &[String]) -> anyhow::Result<Vec<Self>> {
        names.iter().map(|name| Self::named(name)).collect()
    }

    fn named(name: &str) -> anyhow::Result<Self> {
        if name.starts_with("http://") || name.starts_with("https://") {
            install_tls_provider();
            return Ok(Self::Address(name.to_owned(), Sender::new()?));
        }
        let text = std::fs::read_to_string(name).with_context(|| format!("reading {name}"))?;
        let seen = text.lines().map(serde_json::from_str).collect::<Result<_, _>>();
        Ok(Self::File(name.to_owned(), seen.with_context(|| format!("{name}: is no file of a witness"))?))
    }

    /// Its name, as given.
    pub fn name(&self) -> &str {
        match self {
            Self::Address(name, _) | Self::File(name, _) => name,
        }
    }

    /// What the witness says about a verified bundle, or why it cannot be asked.
    pub async fn testimony(&self, bundle: &Verified) -> Result<Testimony, String> {
        let draw = Uuid::from_bytes(bundle.draw);
        let seen = match self {
            Self::Address(url, sender) => match sender.freeze_seen(url, &draw.to_string()).await? {
                Some(body) => Some(
                    serde_json::from_slice(&body).map_err(|_| "does not answer as a witness".to_owned())?,
                ),
                None => None,
            },
            Self::File(_, freezes) => freezes.iter().find(|seen| seen.draw.0 == draw).cloned(),
        };
        Ok(Testimony::of(seen.as_ref(), bundle))
    }
}
