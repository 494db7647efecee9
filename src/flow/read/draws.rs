//! A draw as it may be shown: without the sealed secret of its source.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::proposals::Proposed;
use crate::domain::draw_state::DrawState;
use crate::domain::ids::{DrawId, QueueId};
use crate::domain::refusal::Refusal;
use crate::domain::rules::Rules;
use crate::flow::figures::{self, DrawFigures};
use crate::flow::{App, FlowError, reason, source};
use crate::store::records::{DrawRecord, EntryDraw};

#[derive(Clone, Debug)]
pub struct Draw {
    pub id: DrawId,
    pub queue_id: QueueId,
    /// Its number among the draws of its queue.
    pub number: i32,
    pub rules_version: i32,
    pub state: DrawState,
    pub announced_at: DateTime<Utc>,
    pub freeze_at: DateTime<Utc>,
    pub seed_at: DateTime<Utc>,
    /// The draw that this one replaces.
    pub previous: Option<DrawId>,
    /// Where its randomness comes from, as announced.
    pub source: Value,
    pub frozen_at: Option<DateTime<Utc>>,
    pub freeze_hash: Option<Vec<u8>>,
    pub entry_count: Option<i32>,
    pub slot_count: Option<i32>,
    pub winner_count: Option<i32>,
    pub counts: Option<Value>,
    pub opening: Option<Vec<u8>>,
    pub outcome_hash: Option<Vec<u8>>,
    pub drawn_at: Option<DateTime<Utc>>,
    pub published_at: Option<DateTime<Utc>>,
    pub annulled_at: Option<DateTime<Utc>>,
    pub annul_reason: Option<String>,
    /// The last proposal to annul it.
    pub annulment: Option<Proposed>,
    /// Until when it waits for its randomness, if that should be known by now.
    pub late_until: Option<DateTime<Utc>>,
}

impl Draw {
    pub(in crate::flow) fn of(app: &App, record: DrawRecord) -> Self {
        let late = source::is_late(&record, app.business.now());
        let late_until = late.then(|| source::waits_until(app, &record));
        let annulment = record.proposal().map(|_| {
            Proposed::from(record.annulment)
                .with_reason(reason::opened(app, record.annul_rejected_reason.clone()))
        });
        Self {
            id: record.id,
            queue_id: record.queue_id,
            number: record.number,
            rules_version: record.rules_version,
            state: record.state,
            announced_at: record.announced_at,
            freeze_at: record.freeze_at,
            seed_at: record.seed_at,
            previous: record.previous,
            source: record.source.0,
            frozen_at: record.frozen_at,
            freeze_hash: record.freeze_hash,
            entry_count: record.entry_count,
            slot_count: record.slot_count,
            winner_count: record.winner_count,
            counts: record.counts.map(|counts| counts.0),
            opening: record.opening,
            outcome_hash: record.outcome_hash,
            drawn_at: record.drawn_at,
            published_at: record.published_at,
            annulled_at: record.annulled_at,
            annul_reason: reason::opened(app, record.annul_reason),
            annulment,
            late_until,
        }
    }

    pub fn is_over(&self) -> bool {
        matches!(self.state, DrawState::Published | DrawState::Annulled)
    }

    /// When its list will be frozen, if that is still to come.
    pub fn announced(&self) -> Option<DateTime<Utc>> {
        (self.state == DrawState::Announced).then_some(self.freeze_at)
    }

    /// Whether anybody may have the whole bundle: once published, and for ever, whatever becomes of the draw.
    pub fn bundle_is_public(&self) -> bool {
        let annulled_after = self.state == DrawState::Annulled && self.drawn_at.is_some();
        self.published_at.is_some() || annulled_after
    }

    /// The proposal to annul it, of a draw that can still be annulled.
    ///
    /// # Errors
    /// If it is annulled, or nobody has proposed it.
    pub fn annulment_proposed(&self) -> Result<&Proposed, Refusal> {
        if self.state == DrawState::Annulled {
            return Err(Refusal::DrawAnnulled);
        }
        self.annulment.as_ref().ok_or(Refusal::AnnulmentNotProposed)
    }

    /// The proposal to annul it, while it waits for a decision.
    pub fn annulment_to_decide(&self) -> Option<&Proposed> {
        self.annulment.as_ref().filter(|proposed| self.state != DrawState::Annulled && proposed.is_open())
    }
}

/// A draw in which an entry stood, and how it fared.
#[derive(Clone, Debug)]
pub struct Stood {
    pub draw_id: DrawId,
    pub draw_number: i32,
    pub queue_id: QueueId,
    pub state: DrawState,
    pub frozen_at: Option<DateTime<Utc>>,
    pub drawn_at: Option<DateTime<Utc>>,
    pub entry_count: Option<i32>,
    pub slot_count: Option<i32>,
    pub winner_count: Option<i32>,
    /// Its line in the list.
    pub number: i32,
    pub tier: i32,
    pub had_chance: bool,
    /// Accepted enough of the seats for the draw to count as survived.
    pub wide: bool,
    pub place: Option<i32>,
    pub won: bool,
}

impl From<EntryDraw> for Stood {
    fn from(row: EntryDraw) -> Self {
        Self {
            draw_id: row.draw_id,
            draw_number: row.draw_number,
            queue_id: row.queue_id,
            state: row.state,
            frozen_at: row.frozen_at,
            drawn_at: row.drawn_at,
            entry_count: row.entry_count,
            slot_count: row.slot_count,
            winner_count: row.winner_count,
            number: row.number,
            tier: row.tier,
            had_chance: row.had_chance,
            wide: row.wide,
            place: row.place,
            won: row.won,
        }
    }
}

/// One draw.
///
/// # Errors
/// [`FlowError::NotFound`].
pub async fn one(app: &App, id: DrawId) -> Result<Draw, FlowError> {
    let record = app.store.draw(id).await?.ok_or(FlowError::NotFound("draw"))?;
    Ok(Draw::of(app, record))
}

/// The draw of a queue that has this number.
///
/// # Errors
/// [`FlowError::NotFound`].
pub async fn numbered(app: &App, queue: QueueId, number: i32) -> Result<Draw, FlowError> {
    let found = before(app, queue, Some(number.saturating_add(1)), 1).await?;
    found.into_iter().find(|draw| draw.number == number).ok_or(FlowError::NotFound("draw"))
}

/// The newest draws of a queue.
///
/// # Errors
/// If the store fails.
pub async fn newest(app: &App, queue: QueueId, limit: i64) -> Result<Vec<Draw>, FlowError> {
    let records = app.store.draws_of(queue, limit).await?;
    Ok(records.into_iter().map(|record| Draw::of(app, record)).collect())
}

/// The draws of a queue with a smaller number, the newest first.
///
/// # Errors
/// If the store fails.
pub async fn before(
    app: &App,
    queue: QueueId,
    number: Option<i32>,
    limit: i64,
) -> Result<Vec<Draw>, FlowError> {
    let records = app.store.draws_before(queue, number.unwrap_or(i32::MAX), limit).await?;
    Ok(records.into_iter().map(|record| Draw::of(app, record)).collect())
}

/// What stands around a draw on its page.
pub struct Surroundings {
    pub rules: Rules,
    /// Once its bundle is public.
    pub figures: Option<DrawFigures>,
    /// The draw that it replaces, and the one that replaces it.
    pub previous: Option<Draw>,
    pub replacement: Option<Draw>,
}

/// # Errors
/// If the stored bundle does not hold, or the store fails.
pub async fn surroundings(app: &App, draw: &Draw) -> Result<Surroundings, FlowError> {
    let previous = match draw.previous {
        Some(id) => app.store.draw(id).await?,
        None => None,
    };
    Ok(Surroundings {
        rules: app.store.rules(draw.queue_id, draw.rules_version).await?,
        figures: if draw.bundle_is_public() { figures::of(app, draw.id, draw.drawn_at).await? } else { None },
        previous: previous.map(|record| Draw::of(app, record)),
        replacement: app.store.replacement_of(draw.id).await?.map(|record| Draw::of(app, record)),
    })
}

/// A piece of a stored document, by its number; none after the last one.
///
/// # Errors
/// If the store fails.
pub async fn document_piece(
    app: &App,
    id: DrawId,
    kind: &'static str,
    number: i32,
) -> Result<Option<Vec<u8>>, FlowError> {
    Ok(app.store.draw_document_piece(id, kind, number).await?)
}
