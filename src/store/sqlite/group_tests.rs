//! Transactions that share a commit: none is answered before it, none survives if it fails, and a failed
//! transaction does not affect the others.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use sqlx::{Connection as _, SqliteConnection};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use super::Backend;
use crate::store::StoreError;

struct Place {
    folder: PathBuf,
    db: Backend,
}

impl Place {
    async fn new() -> Self {
        let folder = std::env::temp_dir().join(format!("passage-group-{}", uuid::Uuid::now_v7().simple()));
        let url = format!("sqlite:{}/passage.db", folder.display());
        Self { db: Backend::open(&url, 4).await.unwrap(), folder }
    }

    /// A call that writes the key check of an installation that is new, or says that there is one.
    fn write(&self, mark: u8) -> JoinHandle<Result<(), StoreError>> {
        let db = self.db.call();
        tokio::spawn(async move {
            let answer = write(&db, mark, None).await;
            db.settled(answer).await
        })
    }

    /// The same, which then waits, holding its turn, until it is told to go on.
    fn write_slowly(&self, mark: u8) -> (Arc<Notify>, JoinHandle<Result<(), StoreError>>) {
        let (db, go_on) = (self.db.call(), Arc::new(Notify::new()));
        let told = go_on.clone();
        let call = tokio::spawn(async move {
            let answer = write(&db, mark, Some(told)).await;
            db.settled(answer).await
        });
        (go_on, call)
    }

    /// What a program finds when it opens the database as it is on the disk now: as after a kill.
    async fn on_the_disk(&self) -> Vec<u8> {
        let copy = self.folder.join("copy");
        std::fs::create_dir_all(&copy).unwrap();
        for ending in ["", "-wal"] {
            let name = format!("passage.db{ending}");
            let _ = std::fs::copy(self.folder.join(&name), copy.join(&name));
        }
        marks(&copy.join("passage.db")).await
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

async fn marks(file: &Path) -> Vec<u8> {
    let mut connection = SqliteConnection::connect(&format!("sqlite:{}", file.display())).await.unwrap();
    let marks: Vec<Vec<u8>> =
        sqlx::query_scalar("SELECT number_fingerprint FROM register_number ORDER BY number_fingerprint")
            .fetch_all(&mut connection)
            .await
            .unwrap();
    connection.close().await.unwrap();
    marks.into_iter().map(|mark| mark[0]).collect()
}

/// One transaction: the mark is unique, so a second row with the same mark is a database error.
async fn write(db: &Backend, mark: u8, told: Option<Arc<Notify>>) -> Result<(), StoreError> {
    let mut tx = db.begin().await?;
    insert(&mut tx, mark).await?;
    if let Some(told) = told {
        told.notified().await;
    }
    tx.commit().await
}

async fn insert(tx: &mut SqliteConnection, mark: u8) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO register_number (number_fingerprint, number_birth_fingerprint, imported_at) VALUES ($1, $1, $2)",
    )
    .bind(vec![mark])
    .bind(DateTime::<Utc>::UNIX_EPOCH)
    .execute(tx)
    .await?;
    Ok(())
}

/// Lets every task run as far as it can.
async fn settle() {
    tokio::time::sleep(Duration::from_millis(100)).await;
}

#[tokio::test]
async fn no_answer_is_given_before_the_commit_that_holds_it() {
    let place = Place::new().await;
    let gate = place.db.writer.turn().await;
    let first = place.write(1);
    settle().await;
    let (go_on, second) = place.write_slowly(2);
    settle().await;
    drop(gate);
    settle().await;
    // The first has done its work; the second holds the group open.
    assert!(!first.is_finished(), "answered before the commit");
    assert_eq!(place.on_the_disk().await, Vec::<u8>::new(), "a kill now loses what nobody was told");
    go_on.notify_one();
    first.await.unwrap().unwrap();
    assert_eq!(place.on_the_disk().await, [1, 2], "both in one commit");
    second.await.unwrap().unwrap();
}

#[tokio::test]
async fn who_fails_takes_back_their_own_work_and_no_other() {
    let place = Place::new().await;
    let gate = place.db.writer.turn().await;
    let (first, db) = (place.write(1), place.db.call());
    settle().await;
    // Writes, then fails on the first one's row.
    let failing = tokio::spawn(async move {
        let answer = async {
            let mut tx = db.begin().await?;
            insert(&mut tx, 2).await?;
            insert(&mut tx, 1).await?;
            tx.commit().await
        };
        let answer = answer.await;
        db.settled(answer).await
    });
    settle().await;
    let last = place.write(3);
    settle().await;
    drop(gate);
    first.await.unwrap().unwrap();
    assert!(matches!(failing.await.unwrap(), Err(StoreError::Database(_))));
    last.await.unwrap().unwrap();
    assert_eq!(place.on_the_disk().await, [1, 3]);
}

#[tokio::test]
async fn a_commit_that_fails_is_an_error_to_all_whatever_they_had_to_say() {
    let place = Place::new().await;
    let gate = place.db.writer.turn().await;
    let (first, db) = (place.write(1), place.db.call());
    settle().await;
    // A deferred foreign key, checked at the commit; its target does not exist.
    let lost = tokio::spawn(async move {
        let mut tx = db.begin().await.unwrap();
        let sql = "INSERT INTO idempotency (key_digest, request_fingerprint, entry_id, created_at)
            VALUES ($1, $1, $1, $2)";
        let done = sqlx::query(sql).bind(vec![9]).bind(DateTime::<Utc>::UNIX_EPOCH).execute(&mut *tx).await;
        done.unwrap();
        let answer = tx.commit().await;
        db.settled(answer).await
    });
    settle().await;
    let db = place.db.call();
    // Writes nothing: it has read the first one's row, and returns it.
    let refused = tokio::spawn(async move {
        let mut tx = db.begin().await.unwrap();
        let count: i64 =
            sqlx::query_scalar("SELECT COUNT(*) FROM register_number").fetch_one(&mut *tx).await.unwrap();
        drop(tx);
        db.settled(Ok(count)).await
    });
    settle().await;
    drop(gate);
    assert!(matches!(first.await.unwrap(), Err(StoreError::NotCommitted(_))));
    assert!(matches!(lost.await.unwrap(), Err(StoreError::NotCommitted(_))));
    assert!(matches!(refused.await.unwrap(), Err(StoreError::NotCommitted(_))));
    assert_eq!(place.on_the_disk().await, Vec::<u8>::new());
    place.write(4).await.unwrap().unwrap();
    assert_eq!(place.on_the_disk().await, [4], "the next group is whole again");
}

#[tokio::test]
async fn a_transaction_that_the_database_ended_by_itself_fails_its_group() {
    let place = Place::new().await;
    let gate = place.db.writer.turn().await;
    let (first, db) = (place.write(1), place.db.call());
    settle().await;
    // As with a full disk: the database rolls everything back by itself.
    let ended = tokio::spawn(async move {
        let mut tx = db.begin().await.unwrap();
        sqlx::query("ROLLBACK").execute(&mut *tx).await.unwrap();
        drop(tx);
        db.settled(Ok(())).await
    });
    settle().await;
    let last = place.write(3);
    settle().await;
    drop(gate);
    assert!(matches!(first.await.unwrap(), Err(StoreError::NotCommitted(_))));
    assert!(matches!(ended.await.unwrap(), Err(StoreError::NotCommitted(_))));
    last.await.unwrap().unwrap();
    assert_eq!(place.on_the_disk().await, [3], "who came after it is in a group of their own");
}

#[tokio::test]
async fn a_call_that_is_dropped_in_its_transaction_leaves_the_group_to_the_others() {
    let place = Place::new().await;
    let gate = place.db.writer.turn().await;
    let first = place.write(1);
    settle().await;
    let (_go_on, dropped) = place.write_slowly(2);
    settle().await;
    let last = place.write(3);
    settle().await;
    drop(gate);
    settle().await;
    dropped.abort();
    first.await.unwrap().unwrap();
    last.await.unwrap().unwrap();
    assert_eq!(place.on_the_disk().await, [1, 3]);
}
