//! What the page of a drawn draw counts: computed once from the public bundle, then kept beside it. What
//! could single somebody out is joined with its neighbours before it is kept.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;

use super::{App, FlowError};
use crate::domain::ids::DrawId;
use crate::domain::odds::Crowd;
use crate::domain::small_counts::join;
use crate::draw::{self, Drawn};
use crate::store::records::DrawnPerson;

/// Where each span of waiting begins, in days.
const WAITS: [i64; 8] = [0, 7, 14, 30, 60, 90, 180, 365];

/// One bundle is taken apart at a time, however many ask.
static ONE_AT_A_TIME: Mutex<()> = Mutex::const_new(());

/// What a drawn draw shows in numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DrawFigures {
    pub odds: Vec<Odds>,
    /// How long the winners had waited since they registered; empty when too few won.
    pub waits: Vec<Waited>,
    /// Those whom at least one seat suited, by tier, bucket and weight: what odds are made from.
    #[serde(default)]
    pub standings: Vec<(u8, u32, u8, u32)>,
}

impl DrawFigures {
    /// Those among whom the seats were drawn; none if it was not counted when these figures were kept.
    pub fn crowd(&self) -> Option<Crowd> {
        let is_counted = !self.standings.is_empty() || self.odds.iter().all(|odds| odds.had_chance == 0);
        is_counted.then(|| {
            let mut crowd = Crowd::default();
            for (tier, bucket, weight, count) in &self.standings {
                crowd.add_many((*tier, *bucket), *weight, *count);
            }
            crowd
        })
    }
}

/// How those of one tier and weight fared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Odds {
    pub tier: u8,
    pub weight: u8,
    pub listed: u64,
    /// Of them, those whom at least one seat suited.
    pub had_chance: u64,
    pub won: u64,
}

/// Winners who had waited between two numbers of days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waited {
    pub from_days: i64,
    /// The first day of the next span; none for the last one.
    pub to_days: Option<i64>,
    pub winners: u64,
}

/// The figures of a draw that has an outcome.
///
/// # Errors
/// If the stored bundle does not hold, or the store fails.
pub async fn of(
    app: &App,
    draw: DrawId,
    drawn_at: Option<DateTime<Utc>>,
) -> Result<Option<DrawFigures>, FlowError> {
    let Some(drawn_at) = drawn_at else { return Ok(None) };
    if let Some(kept) = kept(app, draw).await? {
        return Ok(Some(kept));
    }
    let _turn = ONE_AT_A_TIME.lock().await;
    if let Some(kept) = kept(app, draw).await? {
        return Ok(Some(kept));
    }
    let bundle = app.store.draw_document(draw, "bundle").await?.ok_or(FlowError::NotFound("bundle"))?;
    let people = app.store.drawn_people(draw).await?;
    let counted = tokio::task::spawn_blocking(move || {
        draw::recompute(&bundle)
            .map(|drawn| count(&drawn, &people, drawn_at))
            .map_err(|fault| fault.to_string())
    });
    let figures = counted
        .await
        .map_err(|error| FlowError::Internal(error.to_string()))?
        .map_err(|fault| FlowError::Internal(format!("draw {draw}: {fault}")))?;
    app.store.keep_draw_figures(draw, serde_json::to_value(&figures).unwrap_or_default()).await?;
    Ok(Some(figures))
}

async fn kept(app: &App, draw: DrawId) -> Result<Option<DrawFigures>, FlowError> {
    let body = app.store.draw_document(draw, "figures").await?;
    Ok(body.and_then(|body| serde_json::from_slice(&body).ok()))
}

fn count(drawn: &Drawn, people: &[DrawnPerson], drawn_at: DateTime<Utc>) -> DrawFigures {
    let (had_chance, won) = (drawn.frozen().accepted_a_seat(), drawn.slots_won());
    let mut groups = BTreeMap::<(u8, u8), Odds>::new();
    let mut standings = BTreeMap::<(u8, u32, u8), u32>::new();
    for (number, line) in drawn.frozen().entries().iter().enumerate() {
        let (tier, weight) = (line.tier, line.weight);
        let group =
            groups.entry((tier, weight)).or_insert(Odds { tier, weight, listed: 0, had_chance: 0, won: 0 });
        group.listed += 1;
        group.had_chance += u64::from(had_chance[number]);
        group.won += u64::from(won[number].is_some());
        if had_chance[number] {
            *standings.entry((tier, line.bucket, weight)).or_default() += 1;
        }
    }
    let mut waits = [0_u64; WAITS.len()];
    for person in people {
        let number = usize::try_from(person.number).unwrap_or(usize::MAX);
        if won.get(number).is_some_and(Option::is_some) {
            let days = (drawn_at - person.registered_at).num_days();
            waits[WAITS.iter().rposition(|from| *from <= days).unwrap_or(0)] += 1;
        }
    }
    let joined = join(&waits).into_iter().map(|(first, last, winners)| Waited {
        from_days: WAITS[first],
        to_days: WAITS.get(last + 1).copied(),
        winners,
    });
    DrawFigures {
        odds: groups.into_values().collect(),
        waits: joined.collect(),
        standings: standings
            .into_iter()
            .map(|((tier, bucket, weight), count)| (tier, bucket, weight, count))
            .collect(),
    }
}
