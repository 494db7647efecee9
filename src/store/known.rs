//! What is asked at every page and seldom changes, kept in memory. The directory is exact: each use asks
//! the database for its version first, which is one short question instead of four long ones, and holds
//! with several instances. The figures of a queue are counted over all who wait; pages show them as they
//! stood a moment ago.

use std::collections::HashMap;
use std::sync::{Arc, Mutex as Shelf, PoisonError, RwLock};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::Mutex;

use super::records::Figures;
use super::{Store, StoreError};
use crate::domain::directory::Directory;
use crate::domain::ids::QueueId;
use crate::domain::situation::SlotClasses;

/// How old the figures on a page may be.
const FIGURES_AGE_MAX: TimeDelta = TimeDelta::seconds(2);

/// A counter that the database raises in every transaction that changes what is configured.
pub type DirectoryVersion = i64;

type KnownDirectory = Option<(DirectoryVersion, Arc<Directory>)>;
/// When something was counted, and what was found.
type Counted<T> = Option<(DateTime<Utc>, T)>;

/// Something that is counted for each queue, one count at a time for each: whoever asks meanwhile waits for
/// it, and other queues do not (single flight).
struct PerQueue<T>(Shelf<HashMap<QueueId, Arc<Mutex<Counted<T>>>>>);

impl<T> Default for PerQueue<T> {
    fn default() -> Self {
        Self(Shelf::default())
    }
}

impl<T: Clone> PerQueue<T> {
    fn of(&self, queue: QueueId) -> Arc<Mutex<Counted<T>>> {
        let mut queues = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(queues.entry(queue).or_default())
    }

    /// What is known, if it is fresh; else what `count` finds.
    async fn recent(
        &self,
        queue: QueueId,
        now: DateTime<Utc>,
        count: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        let of_queue = self.of(queue);
        let mut known = of_queue.lock().await;
        if let Some((at, found)) = known.as_ref()
            && (now - *at).abs() <= FIGURES_AGE_MAX
        {
            return Ok(found.clone());
        }
        let found = count.await?;
        *known = Some((now, found.clone()));
        Ok(found)
    }
}

#[derive(Clone, Default)]
pub(super) struct Known {
    directory: Arc<RwLock<KnownDirectory>>,
    figures: Arc<PerQueue<Figures>>,
    classes: Arc<PerQueue<Arc<SlotClasses>>>,
}

impl Store {
    /// Everything that is configured: small, and read whole.
    ///
    /// # Errors
    /// If the database does not answer.
    pub async fn directory(&self) -> Result<Arc<Directory>, StoreError> {
        let version = self.directory_version().await?;
        self.directory_at(version).await
    }

    /// The directory of a version that has just been read from the database.
    ///
    /// # Errors
    /// If the database does not answer.
    pub async fn directory_at(&self, version: DirectoryVersion) -> Result<Arc<Directory>, StoreError> {
        let known = self.known.directory.read().unwrap_or_else(PoisonError::into_inner).clone();
        match known {
            Some((of, directory)) if of == version => Ok(directory),
            _ => self.read_at(version).await,
        }
    }

    /// Read after its version was asked for: at worst it is newer than that, and read once more.
    async fn read_at(&self, version: DirectoryVersion) -> Result<Arc<Directory>, StoreError> {
        let directory = Arc::new(self.read_directory().await?);
        let mut known = self.known.directory.write().unwrap_or_else(PoisonError::into_inner);
        *known = Some((version, Arc::clone(&directory)));
        Ok(directory)
    }

    /// A queue in numbers, as it stood at most two seconds ago by the business clock: for pages, not for
    /// decisions.
    ///
    /// # Errors
    /// If the database does not answer.
    pub async fn recent_figures(&self, queue: QueueId, now: DateTime<Utc>) -> Result<Figures, StoreError> {
        self.known.figures.recent(queue, now, self.figures(queue, now)).await
    }

    /// When and where the slots of a queue lie, as fresh as its figures.
    ///
    /// # Errors
    /// If the database does not answer.
    pub async fn recent_slot_classes(
        &self,
        queue: QueueId,
        now: DateTime<Utc>,
    ) -> Result<Arc<SlotClasses>, StoreError> {
        let counted = async { self.slot_classes(queue, now).await.map(Arc::new) };
        self.known.classes.recent(queue, now, counted).await
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn a_slow_count_of_one_queue_does_not_hold_another_up() {
        let name = format!("passage-known-{}", uuid::Uuid::now_v7().simple());
        let folder = std::env::temp_dir().join(name);
        let store = Store::open(&format!("sqlite:{}/known.db", folder.display()), 4).await.unwrap();
        let [slow, other] = [1, 2].map(|n| QueueId::from(uuid::Uuid::from_u128(n)));
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();

        let of_slow = store.known.figures.of(slow);
        let under_way = of_slow.lock().await;
        let patience = Duration::from_secs(5);
        let found = tokio::time::timeout(patience, store.recent_figures(other, now)).await;
        found.expect("the other queue waits for nobody").unwrap();
        let mut asked = Box::pin(store.recent_figures(slow, now));
        let waits = tokio::time::timeout(Duration::from_millis(200), &mut asked).await;
        assert!(waits.is_err(), "a second count of one queue was begun");
        drop(under_way);
        asked.await.unwrap();

        // Two seconds long, both are answered from memory: the database is no longer there.
        store.close().await;
        let age = FIGURES_AGE_MAX;
        assert!(store.recent_figures(slow, now + age).await.is_ok());
        assert!(store.recent_figures(other, now + age).await.is_ok());
        assert!(store.recent_figures(other, now + age + TimeDelta::milliseconds(1)).await.is_err());
        let _ = std::fs::remove_dir_all(&folder);
    }
}
