//! Copies of an SQLite database: made while it is served, checked, and on the disk before they have their name.
//! PostgreSQL has tools of its own for this.

use std::fs::{self, File};
use std::io::{self, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use rustix::fs::{CWD, RenameFlags, renameat_with};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection as _, SqliteConnection};

use super::StoreError;
use super::sqlite::hold;

/// Why a copy is not made or not taken.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error("{0}: it is there already, and is not overwritten")]
    Exists(PathBuf),
    #[error(
        "{0}: it is left of another database, and would be read into this one; move it away with its database"
    )]
    LeftOver(PathBuf),
    #[error(transparent)]
    Served(#[from] StoreError),
    #[error("{path}: {error}")]
    File { path: PathBuf, error: io::Error },
    #[error("{0}: it is no database of Passage: {1}")]
    Unreadable(PathBuf, sqlx::Error),
    #[error("{0}: the copy is damaged: {1}")]
    Damaged(PathBuf, String),
    #[error("the copy could not be made")]
    Copy(#[source] sqlx::Error),
}

/// What a copy holds.
#[derive(Clone, Debug)]
pub struct Copied {
    pub bytes: u64,
    pub newest_migration: i64,
    /// The size and the root of the log.
    pub log: Option<(i64, Vec<u8>)>,
    /// When the last thing in it was done.
    pub last_at: Option<DateTime<Utc>>,
}

/// The file of a database that is one.
pub fn file_of(url: &str) -> Option<PathBuf> {
    let options: SqliteConnectOptions = url.starts_with("sqlite:").then(|| url.parse().ok()).flatten()?;
    Some(options.get_filename().to_owned())
}

/// The folder that a file stands in; the current one, if it names none.
pub fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Copies the database of `url` to a new file, beside the process that serves it.
///
/// # Errors
/// If the file is there already, cannot be written, or does not hold afterwards what it should.
pub async fn back_up(url: &str, to: &Path) -> Result<Copied, BackupError> {
    let place = Place::new(to)?;
    let mut source = look_at(url).await.map_err(BackupError::Copy)?;
    let partial = place.partial.to_string_lossy().into_owned();
    sqlx::query("VACUUM INTO $1").bind(&partial).execute(&mut source).await.map_err(BackupError::Copy)?;
    let copied = check(&place.partial).await?;
    // The log of the copy is a beginning of the one that goes on.
    if let Some((size, root)) = &copied.log {
        let known: Option<Vec<u8>> = sqlx::query_scalar("SELECT root FROM log_head WHERE size = $1")
            .bind(size)
            .fetch_optional(&mut source)
            .await
            .map_err(BackupError::Copy)?;
        if known.as_ref() != Some(root) {
            let fault = "its log is not the one of this database".to_owned();
            return Err(BackupError::Damaged(to.to_owned(), fault));
        }
    }
    source.close().await.map_err(BackupError::Copy)?;
    place.keep()?;
    Ok(copied)
}

/// Copies a backup beside the place where a database will be, for this account alone, and checks it. [`Place::keep`]
/// gives it its name.
///
/// # Errors
/// As [`back_up`].
pub async fn take_out(mut from: impl Read, to: &Path) -> Result<(Place, Copied), BackupError> {
    let mut place = Place::new(to)?;
    // A process that serves a database of this name holds it, wherever its file is by now.
    place.lock = Some(hold(&to.with_extension("lock"))?);
    let [_, beside @ ..] = files_of(to);
    if let Some(left) = beside.into_iter().find(|file| file.exists()) {
        return Err(BackupError::LeftOver(left));
    }
    File::options()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&place.partial)
        .and_then(|mut partial| io::copy(&mut from, &mut partial))
        .map_err(|error| place.fault(error))?;
    let copied = check(&place.partial).await?;
    Ok((place, copied))
}

/// A file that has its name only once it is whole.
pub struct Place {
    pub partial: PathBuf,
    path: PathBuf,
    /// Held until it has its name.
    lock: Option<File>,
}

impl Place {
    fn new(path: &Path) -> Result<Self, BackupError> {
        if path.exists() {
            return Err(BackupError::Exists(path.to_owned()));
        }
        let mut partial = path.as_os_str().to_owned();
        partial.push(".partial");
        let place = Self { partial: partial.into(), path: path.to_owned(), lock: None };
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(|error| place.fault(error))?;
        }
        // What an attempt that was killed has left.
        match fs::remove_file(&place.partial) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(place.fault(error)),
            _ => Ok(place),
        }
    }

    /// Gives the file its name, on the disk; one that has come there meanwhile is not overwritten.
    ///
    /// # Errors
    /// If the disk refuses.
    pub fn keep(self) -> Result<(), BackupError> {
        let kept = (|| {
            File::open(&self.partial)?.sync_all()?;
            renameat_with(CWD, &self.partial, CWD, &self.path, RenameFlags::NOREPLACE)?;
            File::open(folder_of(&self.path))?.sync_all()
        })();
        kept.map_err(|error| self.fault(error))
    }

    fn fault(&self, error: io::Error) -> BackupError {
        if error.kind() == io::ErrorKind::AlreadyExists {
            return BackupError::Exists(self.path.clone());
        }
        BackupError::File { path: self.path.clone(), error }
    }
}

/// The files of an SQLite database: its own, and those that stand beside it while it is open.
pub fn files_of(database: &Path) -> [PathBuf; 3] {
    ["", "-wal", "-shm"].map(|ending| {
        let mut name = database.as_os_str().to_owned();
        name.push(ending);
        name.into()
    })
}

impl Drop for Place {
    /// What was not kept leaves nothing.
    fn drop(&mut self) {
        for file in files_of(&self.partial) {
            let _ = fs::remove_file(file);
        }
        let _ = fs::remove_file(self.partial.with_extension("lock"));
    }
}

async fn look_at(url: &str) -> Result<SqliteConnection, sqlx::Error> {
    let options: SqliteConnectOptions = url.parse()?;
    let options = options.read_only(true).create_if_missing(false);
    SqliteConnection::connect_with(&options.busy_timeout(std::time::Duration::from_secs(10))).await
}

/// Reads a copy from its first page to its last.
async fn check(path: &Path) -> Result<Copied, BackupError> {
    let unreadable = |error| BackupError::Unreadable(path.to_owned(), error);
    let options = SqliteConnectOptions::new().filename(path).read_only(true);
    let mut copy = SqliteConnection::connect_with(&options).await.map_err(unreadable)?;
    let said: Vec<String> =
        sqlx::query_scalar("PRAGMA integrity_check").fetch_all(&mut copy).await.map_err(unreadable)?;
    if said != ["ok"] {
        return Err(BackupError::Damaged(path.to_owned(), said.join("; ")));
    }
    let dangling = sqlx::query("PRAGMA foreign_key_check").fetch_all(&mut copy).await.map_err(unreadable)?;
    if !dangling.is_empty() {
        let fault = format!("{} rows name what is not there", dangling.len());
        return Err(BackupError::Damaged(path.to_owned(), fault));
    }
    let newest_migration = sqlx::query_scalar("SELECT MAX(version) FROM _sqlx_migrations");
    let log = sqlx::query_as("SELECT size, root FROM log_head ORDER BY size DESC LIMIT 1");
    let last_at = sqlx::query_scalar("SELECT MAX(at) FROM audit");
    let copied = Copied {
        bytes: fs::metadata(path).map_err(|error| BackupError::File { path: path.to_owned(), error })?.len(),
        newest_migration: newest_migration.fetch_one(&mut copy).await.map_err(unreadable)?,
        log: log.fetch_optional(&mut copy).await.map_err(unreadable)?,
        last_at: last_at.fetch_one(&mut copy).await.map_err(unreadable)?,
    };
    copy.close().await.map_err(unreadable)?;
    Ok(copied)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_of_a_database_is_found_in_its_address() {
        for (url, file) in [
            ("sqlite:./var/passage.db", Some("./var/passage.db")),
            ("sqlite:///srv/passage.db?mode=rwc", Some("/srv/passage.db")),
            ("sqlite:passage.db", Some("passage.db")),
            ("sqlite:the%20file.db", Some("the file.db")),
            ("postgres://db/passage", None),
        ] {
            assert_eq!(file_of(url), file.map(PathBuf::from), "{url}");
        }
    }
}
