//! Who may be the same person as somebody whom an agent is about to register: shown before anything is written, as little as a
//! search shows, and noted as one. It refuses nobody.

use super::{Desk, Place, Registration, check, hashed};
use crate::domain::availability::Availability;
use crate::domain::ids::QueueId;
use crate::flow::people::StaffReader;
use crate::flow::people::search::{Found, Likeness, like_somebody_new};
use crate::flow::{App, FlowError};

/// Requests of the agent's own prefecture that may be this person's; none for a form that is sent again.
///
/// # Errors
/// As [`super::register`], for what is typed; [`FlowError::Refused`] beyond the searches of an hour.
pub async fn pairs(
    app: &App,
    (queue, typed, availability, desk): (QueueId, &Registration, &Availability, Desk),
    idempotency_key: &str,
    by: StaffReader,
) -> Result<Vec<Found>, FlowError> {
    let (digest, _) = hashed(app, queue, typed, availability, desk, idempotency_key);
    if app.store.earlier_answer(digest).await?.is_some() {
        return Ok(Vec::new());
    }
    let place = Place::of(app, app.store.directory().await?, queue).await?;
    let person = check(app, typed, availability, &place, desk)?.person;
    like_somebody_new(app, queue, &Likeness::of_person(&person), by).await
}
