//! `passage check-config`: the configuration, and with `--deep` everything around it. It changes nothing, and may run
//! beside the server. Each fault comes with its cure.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use rustix::fs::{Access, access};
use serde_json::json;
use tokio::time::timeout;

use super::{Failure, say, start};
use crate::clock::BusinessClock;
use crate::config::{Config, MasterKeySource};
use crate::flow::elsewhere::Door;
use crate::flow::{App, certificate, check, health, keys, numbers};
use crate::limits::Limits;
use crate::notify::Carriers;
use crate::store::backup::{file_of, files_of, folder_of};
use crate::store::{Store, StoreError};
use crate::telemetry::causes;
use crate::vault::keys::exposed_mode;

/// How long each neighbour is waited for.
const PATIENCE: Duration = Duration::from_secs(20);

/// Reports that the configuration is valid; with `deep`, looks at everything that it names.
pub async fn check_config(config: Config, deep: bool, json: bool) -> Result<ExitCode, Failure> {
    start::master_keys(&config).await?;
    let faults = if deep { deep_faults(config).await? } else { Vec::new() };
    if json {
        say(json!({ "faults": faults }));
    } else if faults.is_empty() {
        say("the configuration can be used");
    } else {
        for fault in &faults {
            say(fault);
        }
    }
    Ok(if faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn deep_faults(config: Config) -> anyhow::Result<Vec<String>> {
    let mut faults = exposed(&config);
    faults.extend(full_disks(&config));
    faults.extend(log_fault(&config));
    faults.extend(redis_fault(&config).await);
    faults.extend(gateway_faults(&config).await?);
    faults.extend(register_fault(&config).await);
    for door in Door::ALL {
        faults.extend(door_fault(door, &config).await);
    }
    faults.extend(certificate_fault(&config).await);
    faults.extend(check::relay_faults(&config, &start::relays(&config)?).await);
    faults.extend(database_faults(config).await?);
    Ok(faults)
}

/// Files that accounts other than the program's own may read.
fn exposed(config: &Config) -> Vec<String> {
    let mut files: Vec<(&str, PathBuf)> = Vec::new();
    if let MasterKeySource::File(path) = &config.vault.master_key {
        files.push(("vault.master_key_file", path.clone()));
    }
    if let Some(database) = file_of(config.database.url.expose()) {
        files.extend(files_of(&database).map(|file| ("database.url", file)));
    }
    files.extend(config.log.file.iter().map(|path| ("log.file", path.clone())));
    files.iter().filter_map(|(key, path)| exposure(key, path)).collect()
}

fn exposure(key: &str, path: &Path) -> Option<String> {
    let (mode, shown) = (exposed_mode(path)?, path.display());
    Some(format!("{key}: others may read or write {shown} (mode {mode:03o}); run: chmod 600 {shown}"))
}

/// A log that could not be written to. Nothing is made here.
fn log_fault(config: &Config) -> Option<String> {
    let file = config.log.file.as_ref()?;
    let looked_at = if file.exists() { file } else { folder_of(file) };
    let error = access(looked_at, Access::WRITE_OK).err()?;
    Some(format!(
        "log.file: {} cannot be written to ({error}); make its folder for this account, or name another",
        file.display()
    ))
}

fn full_disks(config: &Config) -> Vec<String> {
    let full = health::disks(config).into_iter().filter(crate::domain::alarm::DiskRoom::is_full);
    full.map(|disk| {
        format!(
            "{}: only {} MiB are free; make room before nothing can be stored",
            disk.folder,
            disk.free >> 20
        )
    })
    .collect()
}

async fn redis_fault(config: &Config) -> Option<String> {
    let url = config.limits.redis_url.as_ref()?;
    let why = match timeout(PATIENCE, Limits::probe(url.expose())).await {
        Ok(Ok(())) => return None,
        Ok(Err(why)) => why,
        Err(_) => "no answer".to_owned(),
    };
    Some(format!(
        "limits.redis_url: Redis cannot be used ({why}); start it or mend the address; until then each process counts alone"
    ))
}

async fn gateway_faults(config: &Config) -> anyhow::Result<Vec<String>> {
    let mut faults = Vec::new();
    for carrier in start::carriers(config)?.iter() {
        let why = match timeout(PATIENCE, carrier.probe()).await {
            Ok(Ok(())) => continue,
            Ok(Err(error)) => error.to_string(),
            Err(_) => "no answer".to_owned(),
        };
        faults
            .push(format!("notices.{}: {why}; mend the gateway's address, account or token", carrier.way()));
    }
    Ok(faults)
}

async fn door_fault(door: Door, config: &Config) -> Option<String> {
    let why = door.registered(config)?.probe(BusinessClock::system().now()).await.err()?;
    let name = door.name();
    Some(format!("{name}.issuer: {why}; mend the issuer or the algorithm, or let this machine reach it"))
}

async fn register_fault(config: &Config) -> Option<String> {
    let register = match start::register(config) {
        Ok(register) => register?,
        Err(error) => return Some(format!("{error:#}")),
    };
    let answer = register.ask(numbers::NOBODY, BusinessClock::system().now()).await;
    let why = answer.err()?;
    Some(format!(
        "register.url: the register of numbers {why}; mend its address, token or certificate, or call its keepers"
    ))
}

async fn certificate_fault(config: &Config) -> Option<String> {
    let url = &config.http.public_url;
    if !url.starts_with("https://") {
        return None;
    }
    let fault = certificate::look(url).await.err()?;
    Some(format!(
        "http.public_url: {url}: {fault}; renew the certificate, send the whole chain, or add its root to this \
         machine's (SSL_CERT_FILE)"
    ))
}

async fn database_faults(config: Config) -> anyhow::Result<Vec<String>> {
    let url = config.database.url.clone();
    if let Some(file) = file_of(url.expose()).filter(|file| !file.exists()) {
        return Ok(vec![format!(
            "database.url: {} does not exist; mend the path, or make it with: passage migrate",
            file.display()
        )]);
    }
    let store = match timeout(PATIENCE, Store::inspect(url.expose())).await {
        Ok(Ok(store)) => store,
        Ok(Err(error @ (StoreError::Newer { .. } | StoreError::Older { .. }))) => {
            return Ok(vec![format!("database.url: {error}")]);
        }
        Ok(Err(error)) => return Ok(vec![unreachable(&causes(&error))]),
        Err(_) => return Ok(vec![unreachable("no answer")]),
    };
    let vault = match start::vault(&config, &store).await {
        Ok(vault) => vault,
        Err(error) => return Ok(vec![format!("vault: {error:#}")]),
    };
    let app = start::assembled(config, BusinessClock::system(), Carriers::default(), store, vault).await?;
    let faults = of_the_house(&app).await;
    app.store.close().await;
    faults
}

fn unreachable(why: &str) -> String {
    format!(
        "database.url: the database cannot be read ({why}); start its server, or mend the address and its rights"
    )
}

async fn of_the_house(app: &App) -> anyhow::Result<Vec<String>> {
    let stored = keys::stored_roots(&app.store).await?;
    if stored.is_some_and(|stored| !app.vault.accepts_check(&stored.check)) {
        return Ok(vec![format!(
            "vault: {}; put back the key that this database was made with",
            StoreError::WrongKey
        )]);
    }
    Ok(check::faults(app).await?)
}
