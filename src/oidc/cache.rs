//! One answer of the provider, kept for a while: the discovery document or the keys. It is asked for once, however many
//! wait, and a provider that is down is not asked by each of them.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::Mutex;

use super::error::OidcError;

/// How long a failure is kept. It outlasts the time limit of a request, so those who waited for it share it.
const RETRY: TimeDelta = TimeDelta::seconds(10);

pub(super) struct Cache<T>(Mutex<Option<Kept<T>>>);

struct Kept<T> {
    at: DateTime<Utc>,
    answer: Result<Arc<T>, OidcError>,
}

impl<T> Cache<T> {
    pub fn new() -> Self {
        Self(Mutex::new(None))
    }

    /// What is kept, if it is younger than this; else what `fetch` gives.
    pub async fn get<F>(&self, now: DateTime<Utc>, max_age: TimeDelta, fetch: F) -> Result<Arc<T>, OidcError>
    where
        F: Future<Output = Result<T, OidcError>>,
    {
        let mut kept = self.0.lock().await;
        if let Some(Kept { at, answer }) = kept.as_ref() {
            let stands = if answer.is_ok() { max_age } else { RETRY };
            // Whoever waited may have an earlier `now`.
            if (now - *at).abs() < stands {
                return answer.clone();
            }
        }
        let answer = fetch.await.map(Arc::new);
        *kept = Some(Kept { at: now, answer: answer.clone() });
        answer
    }
}
