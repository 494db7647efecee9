//! Copies of an installation: made, taken back, moved to the other database. The master key is never part of one.

use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use serde_json::json;

use super::{open, say, start};
use crate::clock::BusinessClock;
use crate::config::{Config, Secret};
use crate::flow::restore;
use crate::store::Store;
use crate::store::backup::{self, Copied, file_of};
use crate::store::commands::Restored;
use crate::store::transfer::transfer;

const POSTGRES_HAS_ITS_OWN: &str = "database.url: PostgreSQL has its own tools: make a copy with\n    \
     pg_dump --format=custom --file=FILE \"$URL\"\nand take it back with pg_restore, then run: passage restore";

fn sqlite_file(config: &Config) -> Option<PathBuf> {
    file_of(config.database.url.expose())
}

/// Copies the database to a file while it is served.
pub async fn back_up(config: &Config, to: &Path, json: bool) -> anyhow::Result<()> {
    sqlite_file(config).ok_or_else(|| anyhow!(POSTGRES_HAS_ITS_OWN))?;
    let copied = backup::back_up(config.database.url.expose(), to).await?;
    if json {
        let log = copied.log.as_ref();
        say(json!({ "file": to, "bytes": copied.bytes, "migration": copied.newest_migration,
            "last_at": copied.last_at, "log_size": log.map_or(0, |log| log.0),
            "log_root": log.map(|log| hex::encode(&log.1)) }));
    } else {
        say(format!("{}: {}", to.display(), described(&copied)));
        say("The master key is not in it: keep a copy of it elsewhere.");
    }
    Ok(())
}

fn described(copied: &Copied) -> String {
    let log = copied.log.as_ref().map_or(0, |log| log.0);
    let last = copied.last_at.map_or_else(|| "never".to_owned(), |at| at.to_rfc3339());
    format!(
        "{} kB, checked; migration {}, {log} rows in the log, last change {last}",
        copied.bytes.div_ceil(1024),
        copied.newest_migration
    )
}

/// Takes a backup back, or marks a database that was taken back by other tools.
pub async fn restore(mut config: Config, from: Option<&Path>, json: bool) -> anyhow::Result<()> {
    let restored = match (from, sqlite_file(&config)) {
        (Some(_), None) => return Err(anyhow!(POSTGRES_HAS_ITS_OWN)),
        (None, Some(file)) => {
            anyhow::bail!("FILE: name the backup that is to become {}", file.display());
        }
        (None, None) => {
            let others = Store::others_connected(config.database.url.expose()).await?;
            anyhow::ensure!(
                others == 0,
                "database.url: {others} other connection(s) use this database; stop every process first, and take the \
                 dump back before anything is started"
            );
            mark(config).await?
        }
        (Some(from), Some(to)) => {
            let (place, copied) = backup::take_out(open(from)?, &to).await?;
            if !json {
                say(format!("{}: {}", from.display(), described(&copied)));
            }
            // It gets its name once it is marked: a program that is started too early finds nothing.
            config.database.url = Secret::new(format!("sqlite://{}", place.partial.display()));
            let restored = mark(config).await.with_context(|| from.display().to_string())?;
            place.keep()?;
            restored
        }
    };
    if json {
        say(json!({ "copied_at": restored.copied_at, "notices": restored.notices, "draws": restored.draws,
            "sessions": restored.sessions }));
    } else {
        say(format!(
            "Restored. {} messages that may have left are marked as unknown and go by the next way, {} draws whose list \
             may have been frozen are annulled, {} sessions are ended.",
            restored.notices, restored.draws, restored.sessions
        ));
        say(
            "Witnesses that have seen more than this copy holds will say so: tell their keepers what happened.",
        );
    }
    Ok(())
}

async fn mark(config: Config) -> anyhow::Result<Restored> {
    let app = Box::pin(start::app(config, BusinessClock::system())).await?;
    let restored = restore::mark(&app).await;
    app.store.close().await;
    Ok(restored?)
}

/// Moves the SQLite database of the configuration to an empty PostgreSQL one. The file stays as it is.
pub async fn move_to(config: &Config, to: &str, json: bool) -> anyhow::Result<()> {
    let from =
        sqlite_file(config).ok_or_else(|| anyhow!("database.url: only an SQLite database can be moved"))?;
    anyhow::ensure!(to.starts_with("postgres"), "--to: write postgres://USER@HOST/DATABASE");
    // Held while it is copied: no other process writes to it.
    let store = start::store(config).await?;
    let moved = transfer(config.database.url.expose(), to).await;
    store.close().await;
    let moved = moved?;
    let arrived = Store::inspect(to).await?;
    let faults = arrived.faults().await;
    arrived.close().await;
    let faults = faults?;
    anyhow::ensure!(faults.is_empty(), "the moved database is not sound: {}", faults.join("; "));
    let rows: i64 = moved.iter().map(|table| table.rows).sum();
    if json {
        let tables: serde_json::Map<_, _> =
            moved.iter().map(|table| (table.table.clone(), table.rows.into())).collect();
        say(json!({ "rows": rows, "tables": tables }));
    } else {
        say(format!("{rows} rows of {} tables are moved.", moved.len()));
        say(format!(
            "Now write the new address to database.url, run passage check-config --deep, start the program, and put {} \
             away: it must not be served again.",
            from.display()
        ));
    }
    Ok(())
}
