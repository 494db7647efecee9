//! A witness on a loopback port, with the time of the test, and an app that is told of it.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use passage::clock::{FakeClock, RealClock};
use passage::domain::ids::DrawId;
use passage::flow::{journal, witnesses};
use passage::journal::LogKey;
use passage::outbound::install_tls_provider;
use passage::witness::ledger::{Alarm, Ledger, SeenFreeze};
use passage::witness::sender::Sender;
use passage::witness::service;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::common::TestApp;

pub fn folder() -> PathBuf {
    let name = format!("passage-witness-{}", uuid::Uuid::now_v7().simple());
    std::env::temp_dir().join(name)
}

/// Tells the app of its witnesses.
pub fn told(app: &mut TestApp, hosts: &[&Host]) {
    let config = &mut Arc::get_mut(&mut app.app).unwrap().config;
    config.witnesses.urls = hosts.iter().map(|host| host.url.clone()).collect();
}

/// What the task of the scheduler does.
pub async fn push(app: &TestApp) {
    install_tls_provider();
    witnesses::push_due(&app.app, &Sender::new().unwrap()).await.unwrap();
}

pub struct Host {
    pub url: String,
    folder: PathBuf,
    address: SocketAddr,
    key: LogKey,
    stop: Option<oneshot::Sender<()>>,
    server: Option<JoinHandle<std::io::Result<()>>>,
}

impl Drop for Host {
    /// A stopped witness may start again in its folder.
    fn drop(&mut self) {
        if self.stop.is_some() {
            let _ = std::fs::remove_dir_all(&self.folder);
        }
    }
}

impl Host {
    /// A new witness of this app's log.
    pub async fn of(app: &TestApp) -> Self {
        Self::start(app, &folder()).await
    }

    pub async fn start(app: &TestApp, folder: &Path) -> Self {
        Self::start_at(app, folder, "127.0.0.1:0".parse().unwrap()).await
    }

    pub async fn start_at(app: &TestApp, folder: &Path, address: SocketAddr) -> Self {
        Self::with(journal::key(&app.app).unwrap(), &app.clock, folder, address).await
    }

    pub async fn with(key: LogKey, clock: &Arc<FakeClock>, folder: &Path, address: SocketAddr) -> Self {
        let listener = TcpListener::bind(address).await.unwrap();
        let address = listener.local_addr().unwrap();
        let ledger = Ledger::open(folder, key.clone()).unwrap();
        let router = service::router(ledger, RealClock::new(clock.clone()));
        let (stop, stopped) = oneshot::channel::<()>();
        let server = tokio::spawn(passage::web::server::serve_router(
            router,
            passage::web::server::Patience::default(),
            Vec::new(),
            listener,
            async { drop(stopped.await) },
        ));
        let url = format!("http://{address}");
        Self { url, folder: folder.to_owned(), address, key, stop: Some(stop), server: Some(server) }
    }

    /// Stops it; returns the address it had.
    pub async fn stop(mut self) -> SocketAddr {
        self.stop.take().unwrap().send(()).unwrap();
        self.server.take().unwrap().await.unwrap().unwrap();
        self.address
    }

    /// The size of the newest head on disk.
    pub fn newest(&self) -> u64 {
        let ledger = Ledger::open(&self.folder, self.key.clone()).unwrap();
        ledger.newest().map_or(0, |head| head.size)
    }

    async fn get(&self, path: &str) -> (u16, Value) {
        install_tls_provider();
        let answer = reqwest::get(format!("{}{path}", self.url)).await.unwrap();
        let status = answer.status().as_u16();
        (status, serde_json::from_str(&answer.text().await.unwrap()).unwrap())
    }

    pub async fn freeze(&self, draw: DrawId) -> Option<SeenFreeze> {
        let (status, body) = self.get(&format!("/tirages/{draw}.json")).await;
        (status == 200).then(|| serde_json::from_value(body).unwrap())
    }

    /// How many freezes it has seen.
    pub async fn freezes(&self) -> usize {
        self.get("/tirages.json").await.1.as_array().unwrap().len()
    }

    /// The status and the number of alarms that a monitoring tool sees.
    pub async fn state(&self) -> (u16, u64) {
        let (status, body) = self.get("/etat.json").await;
        (status, body["alarms"].as_u64().unwrap())
    }

    pub async fn alarms(&self) -> Vec<Alarm> {
        serde_json::from_value(self.get("/alarmes.json").await.1).unwrap()
    }

    /// Posts a delivery unchanged; returns the status.
    pub async fn post(&self, body: Vec<u8>, signature: Option<&str>) -> u16 {
        install_tls_provider();
        let mut request = reqwest::Client::new().post(format!("{}/tete", self.url)).body(body);
        if let Some(signature) = signature {
            request = request.header(passage::journal::Push::SIGNATURE_HEADER, signature);
        }
        request.send().await.unwrap().status().as_u16()
    }
}
