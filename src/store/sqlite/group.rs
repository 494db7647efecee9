//! Group commit. SQLite has one writer, and the cost of a commit is the flush to the disk: transactions
//! that wait for each other anyway share one COMMIT. The first one begins the database's transaction.
//! Each transaction is a savepoint; a failed one rolls back only itself. COMMIT queues (FIFO mutex) behind
//! the waiters present when the group opened. Each statement is handed to SQLite's own thread and back,
//! which costs more than most statements: so the statement that ends one savepoint opens the next.
//!
//! A transaction in a group may have read what is not yet on the disk. So every answer waits for the
//! commit, also a refusal, and no answer is given if the commit fails.

use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex as Shelf, PoisonError};
use std::time::Duration;

use sqlx::{Connection as _, SqliteConnection};
use tokio::sync::{Mutex, OwnedMutexGuard, watch};

use crate::failpoint::failpoint;
use crate::store::StoreError;

/// How long a transaction waits for its turn.
const WAIT_MAX: Duration = Duration::from_secs(30);

/// The result of a group; `None` while it is open.
type Outcome = Option<Result<(), String>>;

/// The one connection that writes.
#[derive(Clone)]
pub(super) struct Writer(Arc<Mutex<Seat>>);

struct Seat {
    /// `None` once the store is closed.
    connection: Option<SqliteConnection>,
    group: Option<watch::Sender<Outcome>>,
    /// A member ended without committing: its work must be rolled back before the next one begins.
    abandoned: bool,
}

/// The group that one call ran in, for whose commit its answer has to wait.
#[derive(Clone, Default)]
pub(super) struct Call(Arc<Shelf<Option<watch::Receiver<Outcome>>>>);

impl Writer {
    pub(super) fn new(connection: SqliteConnection) -> Self {
        Self(Arc::new(Mutex::new(Seat { connection: Some(connection), group: None, abandoned: false })))
    }

    /// Waits for its turn, then begins a transaction in the open group, or opens one.
    pub(super) async fn begin(&self, call: &Call) -> Result<Transaction, StoreError> {
        let turn = tokio::time::timeout(WAIT_MAX, self.0.clone().lock_owned()).await;
        let mut seat = turn.map_err(|_| sqlx::Error::PoolTimedOut)?;
        seat.take_back().await;
        // From here on, ending without a commit leaves work to roll back.
        seat.abandoned = true;
        if seat.group.is_none() {
            seat.group = Some(watch::Sender::new(None));
            seat.execute("BEGIN IMMEDIATE; SAVEPOINT member").await?;
            // The mutex is FIFO: the commit comes behind those who wait now.
            let writer = self.clone();
            tokio::spawn(async move { writer.0.lock().await.commit().await });
        }
        call.join(seat.group.as_ref());
        Ok(Transaction { seat })
    }

    pub(super) async fn close(&self) {
        let mut seat = self.0.lock().await;
        seat.take_back().await;
        seat.commit().await;
        if let Some(connection) = seat.connection.take() {
            let _ = connection.close().await;
        }
    }

    #[cfg(test)]
    pub(super) async fn turn(&self) -> impl Sized + use<> {
        self.0.clone().lock_owned().await
    }
}

impl Seat {
    async fn execute(&mut self, sql: &'static str) -> Result<(), sqlx::Error> {
        let connection = self.connection.as_mut().ok_or(sqlx::Error::PoolClosed)?;
        sqlx::query(sql).execute(connection).await?;
        Ok(())
    }

    /// Rolls back the work of a member that did not commit. If its savepoint is gone, the database has rolled
    /// back the whole transaction (a full or failing disk): then the whole group has failed.
    async fn take_back(&mut self) {
        if !std::mem::take(&mut self.abandoned) {
            return;
        }
        if let Err(error) = self.execute("ROLLBACK TO member").await {
            self.fail(&error).await;
        }
    }

    /// Commits the open group, if there is one, and tells its members.
    async fn commit(&mut self) {
        self.take_back().await;
        if self.group.is_none() {
            return;
        }
        match failpoint!(armed "F11", self.execute("COMMIT")) {
            Ok(()) => self.tell(Ok(())),
            Err(error) => self.fail(&error).await,
        }
    }

    async fn fail(&mut self, error: &sqlx::Error) {
        tracing::error!(%error, "a group of transactions was not committed");
        // It fails where the database has rolled back by itself.
        let _ = self.execute("ROLLBACK").await;
        self.tell(Err(error.to_string()));
    }

    fn tell(&mut self, outcome: Result<(), String>) {
        if let Some(group) = self.group.take() {
            group.send_replace(Some(outcome));
        }
    }
}

impl Call {
    fn join(&self, group: Option<&watch::Sender<Outcome>>) {
        let mut joined = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        debug_assert!(joined.is_none(), "a method of the store is one transaction");
        *joined = group.map(watch::Sender::subscribe);
    }

    /// The answer of a call, once the group that it ran in is committed; an error if it is not.
    pub(super) async fn settled<T>(&self, answer: Result<T, StoreError>) -> Result<T, StoreError> {
        let joined = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(mut group) = joined else { return answer };
        let outcome = group.wait_for(Option::is_some).await.map(|outcome| outcome.clone());
        match (outcome, answer) {
            (Ok(Some(Ok(()))), answer) => answer,
            (_, Err(error @ StoreError::Database(_))) => Err(error),
            (Ok(Some(Err(error))), _) => Err(StoreError::NotCommitted(error)),
            (Ok(None) | Err(_), _) => Err(StoreError::NotCommitted("the program is stopping".to_owned())),
        }
    }
}

/// A transaction in a group. If it is dropped, it is rolled back.
pub(super) struct Transaction {
    seat: OwnedMutexGuard<Seat>,
}

impl Transaction {
    /// Makes its work part of the group, whose commit follows; the call's answer waits for that.
    pub(super) async fn commit(mut self) -> Result<(), StoreError> {
        self.seat.execute("RELEASE member; SAVEPOINT member").await?;
        self.seat.abandoned = false;
        Ok(())
    }
}

impl Deref for Transaction {
    type Target = SqliteConnection;

    fn deref(&self) -> &SqliteConnection {
        self.seat.connection.as_ref().expect("open as long as a transaction holds it")
    }
}

impl DerefMut for Transaction {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        self.seat.connection.as_mut().expect("open as long as a transaction holds it")
    }
}
