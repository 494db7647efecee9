//! `passage keys`: the master key made, kept in shares and changed; the keys of the fingerprints; the log's public key.

use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Subcommand;
use serde_json::json;
use zeroize::Zeroizing;

use super::{progress, read_at_most, say, start};
use crate::clock::BusinessClock;
use crate::config::Config;
use crate::flow::journal;
use crate::flow::keys::{self, Rotated};
use crate::journal::LogKey;
use crate::store::Store;
use crate::store::backup::file_of;
use crate::vault::keys::{init, write, write_private};
use crate::vault::shares::{Share, join, split};
use crate::vault::{KeyId, MasterKey, Vault};

/// A share with the words around it is far smaller.
const SHARE_BYTES_MAX: u64 = 1 << 16;
/// What cannot be opened is counted, and so many are named.
const UNREADABLE_NAMED: usize = 50;

#[derive(Subcommand)]
pub enum Keys {
    /// Makes a master key file; never overwrites one
    Init { path: PathBuf },
    /// Prints the public key of this installation's log, for witnesses to pin
    Log,
    /// Splits the master key into shares, each in a file of its own, for different people to keep: as many as the threshold
    /// rebuild it, fewer say nothing of it
    Backup {
        /// The folder for the files.
        folder: PathBuf,
        #[arg(long, default_value_t = 5)]
        shares: u8,
        #[arg(long, default_value_t = 3)]
        threshold: u8,
    },
    /// Rebuilds a master key from shares and writes it to a new file
    Restore {
        path: PathBuf,
        #[arg(required = true, value_name = "SHARE")]
        files: Vec<PathBuf>,
    },
    /// Wraps everything under the new master key, while people are served: `vault.master_key_file` is the new one,
    /// `vault.previous_master_key_file` the old one. Can be stopped, and goes on when it is called again
    Rotate,
    /// Adds a key to the fingerprints by which people are found. Every process must be stopped
    Reindex,
}

pub async fn run(
    command: Keys,
    config: impl FnOnce() -> Result<Config, super::Failure>,
    json: bool,
) -> Result<(), super::Failure> {
    match command {
        Keys::Init { path } => {
            let id = init(&path).map_err(anyhow::Error::from)?;
            written(&path, &id.to_string(), json);
        }
        Keys::Log => say(log_key(&config()?).await?),
        Keys::Backup { folder, shares, threshold } => {
            let key = start::master_keys(&config()?).await?.swap_remove(0);
            back_up(&key, &folder, shares, threshold, json)?;
        }
        Keys::Restore { path, files } => {
            let key = rebuilt(&files)?;
            write(&path, &key).map_err(anyhow::Error::from)?;
            written(&path, &key.id().to_string(), json);
        }
        Keys::Rotate => rotate(&config()?, json).await?,
        Keys::Reindex => reindex(&config()?, json).await?,
    }
    Ok(())
}

fn written(path: &Path, id: &str, json: bool) {
    if json {
        return say(json!({ "file": path, "key": id }));
    }
    say(format_args!("{}: master key {id} written.", path.display()));
    say(
        "Without it, nobody's name, telephone or number in the database can ever be read again, by anybody. It is in no",
    );
    say(
        "backup. Keep it twice, apart from the database: passage keys backup FOLDER makes shares for several people.",
    );
}

/// The key that witnesses of this installation pin.
async fn log_key(config: &Config) -> anyhow::Result<LogKey> {
    let url = config.database.url.expose();
    let vault = if file_of(url).is_some_and(|file| !file.exists()) {
        Vault::open(&start::master_keys(config).await?, None)?
    } else {
        let store = Store::inspect(url).await.context("database.url")?;
        let vault = start::vault(config, &store).await;
        store.close().await;
        vault?
    };
    Ok(journal::signer_of(config, &vault)?.key().clone())
}

fn back_up(key: &MasterKey, folder: &Path, shares: u8, threshold: u8, json: bool) -> anyhow::Result<()> {
    let all = split(key, shares, threshold)?;
    let mut files = Vec::new();
    for share in &all {
        let file = folder.join(format!("passage-{}-{}.txt", key.id(), share.number));
        let text = Zeroizing::new(format!(
            "Passage: share {} of {shares} of the master key {}\n\n{}\n\n\
             Any {threshold} of these shares rebuild the key; fewer say nothing of it. Keep it on paper, apart from the\n\
             others and from the servers. Give it only to whoever restores the installation:\n\
             passage keys restore KEY-FILE SHARE SHARE ...\n\n\
             Passage : part {} sur {shares} de la clé maîtresse. {threshold} parts, n'importe lesquelles, refont la clé.\n\
             Gardez celle-ci sur papier, loin des autres et des serveurs.\n",
            share.number,
            key.id(),
            *share.digits(),
            share.number,
        ));
        write_private(&file, &text)
            .with_context(|| format!("{}: the share is not written", file.display()))?;
        files.push(file);
    }
    if json {
        say(json!({ "key": key.id().to_string(), "threshold": threshold, "files": files }));
        return Ok(());
    }
    for file in &files {
        say(file.display());
    }
    say(format_args!(
        "Print them, give each to another person, and delete the files. Any {threshold} of them rebuild the key: try it now, \
         with passage keys restore, into a file that you compare and delete."
    ));
    Ok(())
}

fn rebuilt(files: &[PathBuf]) -> anyhow::Result<MasterKey> {
    let mut shares = Vec::new();
    for file in files {
        let text = Zeroizing::new(String::from_utf8(read_at_most(file, SHARE_BYTES_MAX)?)?);
        shares.push(Share::read(&text).with_context(|| file.display().to_string())?);
    }
    Ok(join(&shares)?)
}

async fn rotate(config: &Config, json: bool) -> anyhow::Result<()> {
    let store = Store::beside(config.database.url.expose()).await.context("database.url")?;
    let vault = start::vault(config, &store).await?;
    let bar = progress(0, "values read");
    let moved =
        keys::rotate(&store, &vault, BusinessClock::system().now(), |read| bar.set_position(read)).await;
    store.close().await;
    let (Rotated { moved, unreadable }, under) = (moved?, vault.wraps_under());
    if json {
        say(json!({ "key": under.to_string(), "values": moved, "unreadable": unreadable.len() }));
    }
    for (what, id, error) in unreadable.iter().take(UNREADABLE_NAMED) {
        eprintln!("{what:?} {id}: {error}");
    }
    anyhow::ensure!(
        unreadable.is_empty(),
        "{moved} values are now under master key {under}, and {} could not be opened: keep the previous key, find the one \
         that they are under, or restore them",
        unreadable.len()
    );
    if !json {
        say_rotated(moved, under, config.vault.previous_master_key.is_some());
    }
    Ok(())
}

fn say_rotated(moved: u64, under: KeyId, has_previous: bool) {
    say(format_args!(
        "{moved} values are now under master key {under}; nothing in the database is under another one."
    ));
    if has_previous {
        say(
            "Take vault.previous_master_key_file out of the configuration and start every process again. Keep the previous",
        );
        say("key as long as the backups that were made before today: they need it.");
    }
}

async fn reindex(config: &Config, json: bool) -> anyhow::Result<()> {
    let url = config.database.url.expose();
    // SQLite's file is held; PostgreSQL refuses while others are connected.
    let store = if file_of(url).is_some() { start::store(config).await? } else { Store::beside(url).await? };
    let vault = start::vault(config, &store).await?;
    let bar = progress(0, "fingerprints");
    let turned = keys::add_index_key(&store, &vault, BusinessClock::system().now(), move |done| {
        bar.set_position(done);
    });
    let turned = turned.await;
    store.close().await;
    let turned = turned?;
    if json {
        say(json!({ "values": turned }));
    } else {
        say(format_args!("{turned} fingerprints have the new key. Start the processes again."));
    }
    Ok(())
}
