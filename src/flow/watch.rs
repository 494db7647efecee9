//! A second look at each draw before it is public. Its bundle is recomputed from the stored bytes, and what
//! does not hold is not published. Then two questions are asked of the outcome: whether, among people of
//! equal standing, the winners had come earlier or later than chance allows, and how each channel fared. An
//! alarm asks for an inquiry; it never causes another draw. The answers are committed with the publication,
//! in the log.

use serde::{Deserialize, Serialize};

use super::{App, FlowError};
use crate::domain::actor::Channel;
use crate::domain::ids::DrawId;
use crate::domain::rank_sum::{ALARM_Z, Ranked, standard_score};
use crate::draw::{self, Drawn};
use crate::store::records::{DrawRecord, DrawnPerson, PUBLISHED};

/// What a second look at a draw found. Whole numbers: it stands in the log, and every machine must write
/// it alike.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Watch {
    /// The standard score of the winners' arrivals, in thousandths: below zero if they came earlier.
    /// None when there was nothing to compare.
    pub arrival_z_thousandths: Option<i32>,
    pub channels: Vec<ChannelWatch>,
}

/// How those who came by one way fared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelWatch {
    pub channel: Channel,
    /// Those in the list who accepted a seat that existed.
    pub had_chance: u32,
    pub won: u32,
    /// Days that the winners waited.
    pub wait: Option<Wait>,
}

/// A median, in days, between the bounds that hold it 19 times in 20.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wait {
    pub median_days: u32,
    pub low_days: u32,
    pub high_days: u32,
}

impl Watch {
    /// Whether an inquiry is due.
    pub fn is_alarming(&self) -> bool {
        self.arrival_z_thousandths.is_some_and(|z| f64::from(z).abs() > ALARM_Z * 1000.0)
    }

    /// Without the channels that so few people used that they could be recognised.
    #[must_use]
    pub fn for_the_public(mut self) -> Self {
        const FEWEST: u32 = 10;
        self.channels.retain(|one| one.had_chance >= FEWEST);
        self
    }
}

/// Looks at a drawn draw again, from its stored bytes.
///
/// # Errors
/// If the bundle does not hold, or the store fails.
pub async fn watch(app: &App, record: &DrawRecord) -> Result<Watch, FlowError> {
    let bundle = app.store.draw_document(record.id, "bundle").await?.ok_or(FlowError::NotFound("bundle"))?;
    let people = app.store.drawn_people(record.id).await?;
    let drawn_at = record.drawn_at.unwrap_or_else(|| app.business.now()).timestamp();
    let looked = tokio::task::spawn_blocking(move || {
        draw::recompute(&bundle)
            .map(|drawn| look(&drawn, &people, drawn_at))
            .map_err(|fault| fault.to_string())
    });
    let watch = looked.await.map_err(|error| FlowError::Internal(error.to_string()))?.map_err(|fault| {
        FlowError::Internal(format!("draw {}: its stored bundle does not hold: {fault}", record.id))
    })?;
    if watch.is_alarming() {
        let z = watch.arrival_z_thousandths;
        tracing::error!(draw = %record.id, ?z, "the winners' arrivals are beyond chance: an inquiry is due");
    }
    Ok(watch)
}

/// What was found when a draw was published.
///
/// # Errors
/// If the store fails.
pub async fn found(app: &App, draw: DrawId) -> Result<Option<Watch>, FlowError> {
    let rows = app.store.audit_of(format!("draw:{draw}")).await?;
    let published = rows.into_iter().find(|row| row.action == PUBLISHED);
    // Draws published before anybody looked again have nothing to say.
    Ok(published.and_then(|row| serde_json::from_value(row.detail.0).ok()))
}

struct Seen {
    channel: Channel,
    waited_days: u32,
    won: bool,
}

fn look(drawn: &Drawn, people: &[DrawnPerson], drawn_at: i64) -> Watch {
    let had_chance = drawn.frozen().accepted_a_seat();
    let won = drawn.slots_won();
    let lines = drawn.frozen().entries();
    let mut ranked = Vec::with_capacity(people.len());
    let mut seen = Vec::with_capacity(people.len());
    for person in people {
        let number = usize::try_from(person.number).unwrap_or(usize::MAX);
        let Some(line) = lines.get(number).filter(|_| had_chance[number]) else { continue };
        let (came, won) = (person.registered_at.timestamp_micros(), won[number].is_some());
        ranked.push(Ranked { group: (line.tier, line.bucket, line.weight, line.reserve), came, won });
        let waited = drawn_at - person.registered_at.timestamp();
        let waited_days = u32::try_from(waited / 86_400).unwrap_or(0);
        seen.push(Seen { channel: person.channel, waited_days, won });
    }
    Watch { arrival_z_thousandths: standard_score(ranked).map(thousandths), channels: channels(&seen) }
}

#[expect(clippy::cast_possible_truncation, reason = "bounded just before")]
fn thousandths(z: f64) -> i32 {
    (z * 1000.0).clamp(-1e9, 1e9).round() as i32
}

fn channels(seen: &[Seen]) -> Vec<ChannelWatch> {
    let of = |channel: &Channel| {
        let here = seen.iter().filter(|one| one.channel == *channel);
        let mut waits: Vec<u32> = here.clone().filter(|one| one.won).map(|one| one.waited_days).collect();
        waits.sort_unstable();
        let count = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
        let had_chance = count(here.count());
        ChannelWatch { channel: *channel, had_chance, won: count(waits.len()), wait: median(&waits) }
    };
    let used = |channel: &ChannelWatch| channel.had_chance > 0;
    [Channel::Online, Channel::Phone, Channel::Counter].iter().map(of).filter(used).collect()
}

/// The median with the order statistics that bound it at 95 %: half of the number, more or less 0.98 times
/// its root.
fn median(ascending: &[u32]) -> Option<Wait> {
    let count = ascending.len();
    let last = count.checked_sub(1)?;
    let spread = (count * 9_604).isqrt().div_ceil(100);
    Some(Wait {
        median_days: ascending[last / 2],
        low_days: ascending[(count / 2).saturating_sub(spread)],
        high_days: ascending[(count.div_ceil(2) + spread).min(last)],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_median_stands_between_its_bounds() {
        let days: Vec<u32> = (0..100).collect();
        assert_eq!(median(&days), Some(Wait { median_days: 49, low_days: 40, high_days: 60 }));
        assert_eq!(median(&[7]), Some(Wait { median_days: 7, low_days: 7, high_days: 7 }));
        assert_eq!(median(&[]), None);
    }

    #[test]
    fn channels_that_few_used_are_not_published() {
        let many = (0..40).map(|n| Seen { channel: Channel::Online, waited_days: n, won: n % 2 == 0 });
        let few = (0..3).map(|n| Seen { channel: Channel::Phone, waited_days: n, won: true });
        let watch = Watch {
            arrival_z_thousandths: Some(6_200),
            channels: channels(&many.chain(few).collect::<Vec<_>>()),
        };
        assert!(watch.is_alarming());
        assert_eq!(watch.channels.len(), 2);
        let public = watch.for_the_public().channels;
        assert_eq!(
            public.iter().map(|one| (one.channel, one.had_chance, one.won)).collect::<Vec<_>>(),
            [(Channel::Online, 40, 20)]
        );
    }
}
