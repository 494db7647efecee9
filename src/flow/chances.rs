//! What counts for a holder in the next draw: the draws survived, the weight, the guarantee, and the odds if
//! the next draw is like the last one. One figure, whoever shows it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::status::Holder;
use super::{App, FlowError, figures};
use crate::domain::ids::{DrawId, QueueId};
use crate::domain::odds::Crowd;
use crate::domain::rules::{Mode, Standing};
use crate::domain::situation::{Point, Situation};
use crate::store::records::{DrawRecord, DrawState};

/// Draws looked through for the last one that counts.
const LOOKED_THROUGH: i64 = 8;

/// What counts for a holder.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Chances {
    pub mode: Mode,
    pub survived: u32,
    pub weight: u8,
    pub weight_cap: u8,
    /// Draws left until a place is guaranteed, where the rules guarantee one.
    pub to_guarantee: Option<u32>,
    pub odds: Odds,
}

/// How likely a place is in the next draw, if it is like the last one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Odds {
    /// From 0 to 1.
    Share(f64),
    /// No draw was held yet under these rules.
    NoDraw,
    /// The last one had no seat.
    NoSeat,
    /// The holder stands in no next list, no slot of it suits, or the last draw cannot be read.
    Unknown,
}

/// Who stood in the last draw of a queue, and for how many seats.
struct Last {
    draw: DrawId,
    seats: u32,
    crowd: Option<Crowd>,
}

/// A crowd is counted once per draw, and asked for at every page of its queue.
static LAST: Mutex<Option<HashMap<QueueId, Arc<Last>>>> = Mutex::new(None);

/// What counts for this holder.
///
/// # Errors
/// If the database does not answer.
pub async fn of(app: &App, holder: &Holder, situation: &Situation) -> Result<Chances, FlowError> {
    let rules = &holder.queue.rules;
    let standing = holder.entry.standing.clone();
    let is_left_out = situation.nothing_suits() || situation.says(Point::InDrawWithoutSlot);
    let odds = if situation.in_next_list && !is_left_out {
        odds(app, holder, &standing).await?
    } else {
        Odds::Unknown
    };
    Ok(Chances {
        mode: rules.mode,
        survived: standing.draws_survived,
        weight: rules.place(&standing).weight,
        weight_cap: rules.weight_cap,
        to_guarantee: rules
            .guarantee_after_draws
            .map(|draws| u32::from(draws).saturating_sub(standing.draws_survived)),
        odds,
    })
}

async fn odds(app: &App, holder: &Holder, standing: &Standing) -> Result<Odds, FlowError> {
    let queue = &holder.queue;
    let draws = app.store.draws_of(queue.id, LOOKED_THROUGH).await?;
    let last = draws.into_iter().find(|draw| draw.state == DrawState::Published);
    let Some(draw) = last.filter(|draw| draw.rules_version == queue.rules_version) else {
        return Ok(Odds::NoDraw);
    };
    let last = last_crowd(app, &draw).await;
    if last.seats == 0 {
        return Ok(Odds::NoSeat);
    }
    let Some(mut crowd) = last.crowd.clone() else { return Ok(Odds::Unknown) };
    // Who stood there and lost stands in the next one, not twice.
    let mut stood =
        holder.draws.iter().filter(|mine| mine.draw_id == draw.id && mine.had_chance && !mine.won);
    if let Some(lost) = stood.next() {
        // Whoever could take too few of its seats is no draw older.
        let survived = standing.draws_survived.saturating_sub(u32::from(lost.wide));
        let then = queue.rules.place(&Standing { draws_survived: survived, ..standing.clone() });
        crowd.remove((then.tier, then.bucket), then.weight);
    }
    let place = queue.rules.place(standing);
    let now = (place.tier, place.bucket);
    crowd.add(now, place.weight);
    Ok(Odds::Share(crowd.chance(last.seats, now, place.weight)))
}

/// The crowd of a draw, from memory if it was asked for before. A draw that cannot be read has none: its page
/// and the log of the program say so, and a holder's page stands without it.
async fn last_crowd(app: &App, draw: &DrawRecord) -> Arc<Last> {
    if let Some(last) = known(draw) {
        return last;
    }
    let seats = u32::try_from(draw.slot_count.unwrap_or(0)).unwrap_or(0);
    let crowd = match figures::of(app, draw.id, draw.drawn_at).await {
        Ok(figures) => figures.and_then(|figures| figures.crowd()),
        Err(error) => {
            tracing::warn!(event = "draw.figures_unreadable", draw = %draw.id, %error);
            None
        }
    };
    let last = Arc::new(Last { draw: draw.id, seats, crowd });
    let mut known = LAST.lock().unwrap_or_else(PoisonError::into_inner);
    known.get_or_insert_default().insert(draw.queue_id, Arc::clone(&last));
    last
}

fn known(draw: &DrawRecord) -> Option<Arc<Last>> {
    let known = LAST.lock().unwrap_or_else(PoisonError::into_inner);
    known.as_ref()?.get(&draw.queue_id).filter(|last| last.draw == draw.id).cloned()
}
