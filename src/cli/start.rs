//! Builds the app from a configuration.

use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use anyhow::{Context, anyhow};
use zeroize::Zeroizing;

use crate::beacon::{Pace, Relays};
use crate::clock::{BusinessClock, RealClock};
use crate::config::{Config, DrawSource, MasterKeySource, SmsGateway};
use crate::domain::notice::Way;
use crate::flow::elsewhere::Door;
use crate::flow::{App, installation, keys};
use crate::identity::password::{Cost, Passwords};
use crate::limits::Limits;
use crate::notify::{Carrier, Carriers, ConsoleCarrier, Timeouts, TwilioAccount, TwilioCarrier};
use crate::numbers::{RegisterAccess, RemoteRegister};
use crate::outbound::install_tls_provider;
use crate::store::Store;
use crate::vault::{KeyError, MasterKey, Vault, system_rng};

/// How long a program that prints a master key may take.
const KEY_PATIENCE: Duration = Duration::from_secs(10);

/// Opens the vault, the database (migrating it), the limits and the carriers of messages.
pub async fn app(config: Config, business: BusinessClock) -> anyhow::Result<App> {
    let carriers = carriers(&config)?;
    // A machine without the key is not the one of this installation: no database is made there.
    let masters = master_keys(&config).await?;
    let store = store(&config).await?;
    Box::pin(opened(config, business, carriers, store, &masters)).await
}

/// Opens the configured database, applying its migrations.
pub async fn store(config: &Config) -> anyhow::Result<Store> {
    Store::open(config.database.url.expose(), config.database.max_connections)
        .await
        .context("opening the database (is the server of database.url running, and reachable from here?)")
}

/// As [`app`], on a store that is open already and with other carriers than the configured ones.
pub async fn app_with(
    config: Config,
    business: BusinessClock,
    carriers: Carriers,
    store: Store,
) -> anyhow::Result<App> {
    let masters = master_keys(&config).await?;
    Box::pin(opened(config, business, carriers, store, &masters)).await
}

async fn opened(
    config: Config,
    business: BusinessClock,
    carriers: Carriers,
    store: Store,
    masters: &[MasterKey],
) -> anyhow::Result<App> {
    let vault = vault_of(masters, &store).await?;
    installation::open(&store, &vault, business.now()).await?;
    Box::pin(assembled(config, business, carriers, store, vault)).await
}

/// The app on a store that is not written to.
pub async fn assembled(
    config: Config,
    business: BusinessClock,
    carriers: Carriers,
    store: Store,
    vault: Vault,
) -> anyhow::Result<App> {
    install_tls_provider();
    let beacon = relays(&config)?;
    let register = register(&config)?;
    let [franceconnect, proconnect] = Door::ALL.map(|door| door.registered(&config));
    let real = RealClock::system();
    let (key, names) = (vault.limits_key(), config.limits.memory_max_names);
    let limits = match &config.limits.redis_url {
        Some(url) => Limits::shared(url.expose(), key, real.clone(), names).await?,
        None => Limits::in_memory(key, real.clone(), names),
    };
    Ok(App {
        limits,
        passwords: Passwords::new(Cost::default(), &mut system_rng())?,
        config,
        store,
        vault,
        business,
        health: crate::flow::health::Health::new(real.now()),
        real,
        carriers,
        beacon,
        register,
        franceconnect,
        proconnect,
        journal: crate::flow::journal::Journal::default(),
        calendar: crate::flow::calendar::Calendar::default(),
        heartbeats: crate::flow::heartbeats::Heartbeats::default(),
        metrics: crate::metrics::Metrics::default(),
        requests: AtomicU64::new(0),
    })
}

/// The vault of the installation that a database belongs to.
pub async fn vault(config: &Config, store: &Store) -> anyhow::Result<Vault> {
    vault_of(&master_keys(config).await?, store).await
}

async fn vault_of(masters: &[MasterKey], store: &Store) -> anyhow::Result<Vault> {
    let stored = keys::stored_roots(store).await?;
    Ok(Vault::open(masters, stored.as_ref())?)
}

/// The configured master keys: first the one that wraps.
pub async fn master_keys(config: &Config) -> anyhow::Result<Vec<MasterKey>> {
    let mut keys = vec![master_key(&config.vault.master_key).await?];
    if let Some(previous) = &config.vault.previous_master_key {
        keys.push(master_key(previous).await.context("vault: the previous master key")?);
    }
    Ok(keys)
}

async fn master_key(source: &MasterKeySource) -> anyhow::Result<MasterKey> {
    match source {
        MasterKeySource::File(path) => Ok(MasterKey::from_file(path)?),
        MasterKeySource::Given(key) => Ok(MasterKey::from_hex(key.expose())?),
        MasterKeySource::Command(program) => {
            let shown = program.display();
            let mut command = tokio::process::Command::new(program);
            let asked = command.stdin(Stdio::null()).stderr(Stdio::inherit()).kill_on_drop(true).output();
            let answer = tokio::time::timeout(KEY_PATIENCE, asked).await;
            let answer = answer.map_err(|_| anyhow!("no answer after {} s", KEY_PATIENCE.as_secs()));
            let answer = answer.and_then(|answer| Ok(answer?));
            let answer = answer.with_context(|| format!("vault.master_key_command: {shown}"))?;
            let printed = Zeroizing::new(answer.stdout);
            anyhow::ensure!(
                answer.status.success(),
                "vault.master_key_command: {shown} ended with {}",
                answer.status
            );
            let text = std::str::from_utf8(&printed).map_err(|_| KeyError::NotHex)?;
            MasterKey::from_hex(text).with_context(|| format!("vault.master_key_command: {shown}"))
        }
    }
}

/// The register of numbers, where it is asked over HTTP.
pub fn register(config: &Config) -> anyhow::Result<Option<RemoteRegister>> {
    let Some(register) = &config.register else { return Ok(None) };
    let read = |key: &'static str, path: &Option<PathBuf>| {
        path.as_ref()
            .map(|path| std::fs::read(path).with_context(|| format!("{key}: {}", path.display())))
            .transpose()
    };
    let access = RegisterAccess {
        url: register.url.clone(),
        token: register.token.as_ref().map(|token| token.expose().to_owned().into()),
        certificate: read("register.certificate_file", &register.certificate_file)?.map(Into::into),
        authority: read("register.authority_file", &register.authority_file)?,
        timeout: register.answer_timeout,
    };
    Ok(Some(RemoteRegister::new(access)?))
}

/// The relays of the beacon. Draws that announced a round use them, whatever source is configured now.
pub fn relays(config: &Config) -> anyhow::Result<Relays> {
    let draws = &config.draws;
    let retry = chrono::TimeDelta::from_std(draws.retry)?;
    let pace = Pace { hedge: Pace::HEDGE, answer: draws.answer_timeout, retry };
    let relays = Relays::new(draws.relays.clone(), pace);
    if draws.source == DrawSource::Drand {
        relays.ready().map_err(|fault| anyhow::anyhow!("draws.source: a relay {fault}"))?;
    }
    Ok(relays)
}

/// A way without a carrier is passed over.
pub fn carriers(config: &Config) -> anyhow::Result<Carriers> {
    let sms = &config.notices.sms;
    Ok(match &sms.gateway {
        SmsGateway::Console => {
            let console = |way| -> Arc<dyn Carrier> { Arc::new(ConsoleCarrier::new(way, &sms.sender)) };
            Carriers::new([Way::Sms, Way::Email].map(console))
        }
        SmsGateway::Twilio { base_url, account, token } => {
            let account = TwilioAccount {
                base_url: base_url.clone(),
                sid: account.clone(),
                token: token.expose().to_owned().into(),
                sender: sms.sender.clone(),
                receipts_url: None,
            };
            let twilio: Arc<dyn Carrier> = Arc::new(TwilioCarrier::new(account, Timeouts::default())?);
            Carriers::new([twilio])
        }
    })
}
