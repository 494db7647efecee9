//! Finding what an address names.

use super::errors::WebError;
use crate::domain::directory::{Prefecture, Queue, Site};
use crate::flow::{App, read};

/// A queue with what surrounds it.
pub struct Place {
    pub prefecture: Prefecture,
    pub queue: Queue,
    pub sites: Vec<Site>,
}

/// The queue behind `/p/{prefecture}/{queue}`.
///
/// # Errors
/// [`WebError::NotFound`].
pub async fn queue(app: &App, prefecture: &str, queue: &str) -> Result<Place, WebError> {
    let directory = read::directory(app).await?;
    let prefecture = directory.prefecture_by_slug(prefecture).ok_or(WebError::NotFound)?;
    let queue = directory.queue_by_slug(prefecture.id, queue).ok_or(WebError::NotFound)?;
    Ok(Place {
        prefecture: prefecture.clone(),
        queue: queue.clone(),
        sites: directory.sites_of(prefecture.id).cloned().collect(),
    })
}
