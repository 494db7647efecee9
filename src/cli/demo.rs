//! `passage demo`: a fictional prefecture with the real program. The business clock runs fast (a day per
//! minute by default), stops when nobody opens a page for a while, and continues where it was.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use anyhow::Context;
use async_trait::async_trait;
use clap::Args;
use tokio::net::TcpListener;

use super::credentials::{KNOWN_BIRTH, KNOWN_NUMBER, PASSWORD};
use super::populate::{self, Town};
use super::{serve, start};
use crate::clock::{BusinessClock, DEMO_SPEED, PacedClock};
use crate::config::Config;
use crate::domain::notice::Way;
use crate::flow::App;
use crate::notify::{Accepted, Carrier, Carriers, Message, SendError};
use crate::web::public::preparing::Preparing;
use crate::web::server::{Patience, serve_router};
use crate::{scheduler, telemetry, vault, web};

#[derive(Args)]
pub struct Demo {
    /// How many times faster than real time the business clock runs: 1440 is a day a minute.
    #[arg(long, default_value_t = DEMO_SPEED, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    speed: u32,
    /// Where to listen.
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: std::net::SocketAddr,
    /// Where the demo keeps its database and its key.
    #[arg(long, default_value = "var", value_name = "FOLDER")]
    data: PathBuf,
}

impl Default for Demo {
    fn default() -> Self {
        Self { speed: DEMO_SPEED, listen: ([127, 0, 0, 1], 8080).into(), data: "var".into() }
    }
}

/// The interval of the scheduler's ticks, on real time.
const TICK: Duration = Duration::from_millis(250);
/// … and while business time stands still.
const PAUSED_TICK: Duration = Duration::from_mins(1);
/// Business time stops after this long without a request.
const UNWATCHED: Duration = Duration::from_mins(10);

/// The demo's messages go to the outbox page and nowhere else.
struct Outbox(Way);

#[async_trait]
impl Carrier for Outbox {
    fn way(&self) -> Way {
        self.0
    }

    fn attempt_max(&self) -> Duration {
        Duration::from_secs(1)
    }

    async fn send(&self, message: &Message) -> Result<Accepted, SendError> {
        Ok(Accepted { gateway_id: format!("demo-{}", message.id) })
    }
}

fn carriers() -> Carriers {
    Carriers::new([Way::Sms, Way::Email].map(|way| -> Arc<dyn Carrier> { Arc::new(Outbox(way)) }))
}

pub async fn run(demo: Demo) -> anyhow::Result<()> {
    let listener =
        TcpListener::bind(demo.listen).await.with_context(|| format!("listening on {}", demo.listen))?;
    let address = listener.local_addr()?;
    let config = config(&demo.data, address)?;
    telemetry::init(&config.log)?;
    let preparing = Arc::new(Preparing::default());
    let stop = serve::stop_signal();
    let patience = Patience::of(&config.http);
    let stopped = serve::asked_to_stop(stop.clone());
    let served = tokio::spawn(serve_router(preparing.router(), patience, Vec::new(), listener, stopped));
    println!("Passage démarre : http://localhost:{}/ dit où il en est.", address.port());
    let database = demo.data.join("demo.db");
    let town = tokio::select! {
        town = populate::prepare(config.clone(), &database, carriers(), &preparing) => town?,
        // A town that is half made is made again at the next start.
        () = serve::asked_to_stop(stop.clone()) => return Ok(()),
    };
    let clock = PacedClock::from(town.business_now, demo.speed);
    let app =
        start::app_with(config, BusinessClock::new(clock.clone()), carriers(), town.store.clone()).await?;
    let app = Arc::new(app);
    preparing.becomes(web::router(app.clone()));
    announce(address, demo.speed, &app).await?;
    let life = tokio::spawn(live(app.clone(), clock.clone(), town, stop));
    served.await??;
    life.await?;
    app.store.save_business_now(clock.state()).await?;
    app.store.close().await;
    println!("Arrêt propre : la démonstration reprendra où elle en est.");
    Ok(())
}

fn config(data: &Path, address: std::net::SocketAddr) -> anyhow::Result<Config> {
    let key = data.join("master.key");
    if !key.exists() {
        vault::keys::init(&key)?;
    }
    let vars = [
        ("PASSAGE__DATABASE__URL", format!("sqlite:{}", data.join("demo.db").display())),
        ("PASSAGE__VAULT__MASTER_KEY_FILE", key.display().to_string()),
        ("PASSAGE__HTTP__LISTEN", address.to_string()),
        ("PASSAGE__HTTP__PUBLIC_URL", format!("http://localhost:{}", address.port())),
        // A round of the beacon comes out on real time, but here a day lasts a minute.
        ("PASSAGE__DRAWS__SOURCE", "commit".to_owned()),
        // A new town registers all its people at once.
        ("PASSAGE__NOTICES__SMS__DAILY_BUDGET", "100000".to_owned()),
        ("PASSAGE__LOG__FILTER", std::env::var("PASSAGE__LOG__FILTER").unwrap_or_else(|_| "warn".to_owned())),
    ];
    Ok(Config::load(None, vars.map(|(name, value)| (name.to_owned(), value)))?)
}

async fn announce(address: std::net::SocketAddr, speed: u32, app: &App) -> anyhow::Result<()> {
    let directory = app.store.directory().await?;
    let slug = directory.prefectures.first().map_or("", |prefecture| prefecture.slug.as_str());
    let base = format!("http://localhost:{}", address.port());
    println!("\nPassage, préfecture de démonstration (fictive). Le temps y passe {speed} fois plus vite.\n");
    println!("  Usagers et public   {base}/p/{slug}");
    println!("  Agents et réglages  {base}/agent");
    println!("  Messages envoyés    {base}/agent/envois\n");
    println!("  Comptes             agent, responsable, adjointe — mot de passe : {PASSWORD}");
    println!("  Pour s’inscrire     choisissez « Première demande » : un tirage par jour de démonstration");
    println!("                      numéro étranger accepté : {KNOWN_NUMBER} (né le {KNOWN_BIRTH})");
    println!("\nCtrl-C arrête ; un second départ reprend où l’on en était.\n");
    Ok(())
}

/// Advances business time: people arrive, slots are published, counters open, and what is due is done.
async fn live(
    app: Arc<App>,
    clock: Arc<PacedClock>,
    mut town: Town,
    mut stop: tokio::sync::watch::Receiver<bool>,
) {
    let mut seen = app.requests.load(Ordering::Relaxed);
    let mut unwatched = Duration::ZERO;
    while !*stop.borrow() {
        tokio::select! {
            _ = stop.changed() => return,
            () = tokio::time::sleep(TICK) => {}
        }
        let requests = app.requests.load(Ordering::Relaxed);
        unwatched = if requests == seen { unwatched + TICK } else { Duration::ZERO };
        seen = requests;
        if unwatched >= UNWATCHED {
            clock.pause();
            // Business time stands still, so nothing is due; but a job that never runs would raise an alarm.
            if unwatched.as_millis().is_multiple_of(PAUSED_TICK.as_millis()) {
                scheduler::tick(&app).await;
            }
            continue;
        }
        clock.resume();
        if let Err(error) = town.go_on(&app).await {
            tracing::error!(%error, "the demo's people stumbled");
        }
        scheduler::tick(&app).await;
        if let Err(error) = app.store.save_business_now(clock.state()).await {
            tracing::error!(%error, "the demo's clock could not be kept");
        }
    }
}
