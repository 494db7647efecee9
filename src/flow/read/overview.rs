//! What waits to be done in a prefecture.

use chrono::{DateTime, Utc};

use super::proposals::Proposed;
use crate::domain::entry::ConvocationState;
use crate::domain::ids::{PrefectureId, QueueId, StaffId};
use crate::flow::people::Reader;
use crate::flow::read::compensations;
use crate::flow::read::draws::{self, Draw};
use crate::flow::{App, FlowError};

/// Draws looked through for an annulment that waits.
const DRAWS_MAX: i64 = 20;

/// What waits for anybody at the counter.
pub struct Todo {
    /// Appointments of the day that nobody has ticked.
    pub today: usize,
    /// Those of the days before, and when the first of them was.
    pub unticked: i64,
    pub first_unticked: Option<DateTime<Utc>>,
    pub letters: i64,
    /// Penalties that somebody objects to.
    pub objections: i64,
    /// Requests for a review without an answer.
    pub reviews: i64,
}

/// `from` and `to` are the bounds of the local day.
///
/// # Errors
/// If the store fails.
pub async fn todo(
    app: &App,
    prefecture: PrefectureId,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<Todo, FlowError> {
    let today = app.store.counter(prefecture, from, to).await?;
    let (unticked, first_unticked) = app.store.unticked(prefecture, from).await?;
    Ok(Todo {
        today: today
            .iter()
            .filter(|row| row.state == ConvocationState::Live && row.ticked.tick.is_none())
            .count(),
        objections: app.store.objections_count(prefecture).await?,
        reviews: app.store.reviews_count(prefecture).await?,
        unticked,
        first_unticked,
        letters: app.store.letters_due_count(prefecture, app.business.now()).await?,
    })
}

/// What waits for this person as the second one.
pub struct Decisions {
    /// Versions of the rules of each queue.
    pub rules: Vec<usize>,
    pub annulments: usize,
    pub publications: usize,
    pub priorities: usize,
    pub relocations: usize,
    /// First places, and for how many days the oldest has waited.
    pub compensations: usize,
    pub compensations_days: i64,
}

/// # Errors
/// If the store fails.
pub async fn decisions(
    app: &App,
    prefecture: PrefectureId,
    queues: &[QueueId],
    by: StaffId,
) -> Result<Decisions, FlowError> {
    let may_decide = |proposed: &Proposed| proposed.may_decide(by).is_ok();
    let (mut rules, mut annulments) = (Vec::with_capacity(queues.len()), 0);
    for queue in queues {
        let versions = app.store.rules_of(*queue).await?;
        let open = versions.into_iter().map(|version| Proposed::from(version.columns)).filter(may_decide);
        rules.push(open.count());
        let draws = draws::newest(app, *queue, DRAWS_MAX).await?;
        let open = draws.iter().filter_map(Draw::annulment_to_decide).filter(|open| may_decide(open));
        annulments += open.count();
    }
    let priorities = app.store.privileges_pending(prefecture).await?;
    let priorities =
        priorities.into_iter().map(|privilege| Proposed::from(privilege.columns)).filter(may_decide).count();
    let relocations = app.store.relocations_pending(prefecture).await?;
    let relocations = relocations.into_iter().map(|relocation| Proposed::from(relocation.columns));
    let mut compensations = compensations::pending(app, prefecture, 0, Reader::Program).await?;
    compensations.retain(|compensation| may_decide(&compensation.proposed));
    let now = app.business.now();
    let ages = compensations.iter().filter_map(|one| one.proposed.proposed);
    let publications = app.store.publications_open(prefecture).await?;
    let publications = publications.into_iter().map(|publication| Proposed::from(publication.columns));
    Ok(Decisions {
        publications: publications.filter(may_decide).count(),
        rules,
        annulments,
        priorities,
        relocations: relocations.filter(may_decide).count(),
        compensations: compensations.len(),
        compensations_days: ages.map(|act| (now - act.at).num_days()).max().unwrap_or(0),
    })
}
