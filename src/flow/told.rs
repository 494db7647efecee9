//! What a holder is told, derived once: the status page, the receipt, a letter and the agent's page say it
//! from here, in the sentences of `words`.

mod helper;
mod penalty;
mod words;

use chrono::{DateTime, Days, TimeDelta, Utc};

pub use helper::{ToldTo, said_helper};
pub use penalty::{SaidPenalty, said_penalty};
pub use words::{Said, attestation, chances, in_a_row, odds, outlook, share};

use super::chances::Chances;
use super::penalties::Penalty;
use super::status::Holder;
use crate::domain::draw_state::DrawState;
use crate::domain::entry::EntryState;
use crate::domain::estimate::Estimate;
use crate::domain::letter::Notified;
use crate::domain::notice::{NoticeKind, NoticeState, Way};
use crate::domain::penalty::PenaltyState;
use crate::domain::situation::{
    Appointment, Facts, Fit, News, Offer, Pending, Point, Situation, SlotClasses, fit,
};
use crate::flow::read::draws::Stood;
use crate::flow::read::entries::Entry;
use crate::flow::read::notices::Notice;

/// What stands on every page of an entry.
#[derive(Clone, Debug)]
pub struct Told {
    pub situation: Situation,
    /// When the lists close in which the entry stands or could stand.
    pub lists: Vec<DateTime<Utc>>,
    /// When a convocation may come, for who waits for one.
    pub outlook: Option<Outlook>,
    pub chances: Option<Chances>,
}

/// When a convocation may come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outlook {
    /// The entry stands in no draw while it is paused.
    Paused,
    /// Nor while its identity is to be verified.
    Identity,
    Between(DateTime<Utc>, DateTime<Utc>),
    NoSeats,
    TooFar,
}

impl Outlook {
    /// None for who waits for no convocation, or for whom no slot would ever come.
    pub fn of(
        situation: &Situation,
        estimate: Estimate,
        range: Option<(DateTime<Utc>, DateTime<Utc>)>,
    ) -> Option<Self> {
        if situation.says(Point::Identity) {
            return Some(Self::Identity);
        }
        if situation.says(Point::Paused) {
            return Some(Self::Paused);
        }
        if situation.nothing_suits() {
            return None;
        }
        Some(match (estimate, range) {
            (Estimate::Draws { .. }, Some((from, to))) => Self::Between(from, to),
            (Estimate::TooFar, _) => Self::TooFar,
            _ => Self::NoSeats,
        })
    }
}

/// The dates of the lists that are shown to this holder: none that they would not stand in, or from which
/// nothing could come. Whose identity is to be verified sees what verifying it would open.
pub fn lists(holder: &Holder, situation: &Situation) -> Vec<DateTime<Utc>> {
    let waits = matches!(holder.entry.state, EntryState::Waiting | EntryState::AwaitingIdentity);
    let hidden = situation.says(Point::Paused) || situation.says(Point::NoSlotFits);
    if waits && !hidden { holder.next_draws.clone() } else { Vec::new() }
}

/// The situation of an entry that has been read with what surrounds it.
pub fn situation(holder: &Holder) -> Situation {
    let Holder { entry, now, zone, .. } = holder;
    let rules = &holder.queue.rules;
    let offer = offer(holder);
    let notice = entry.availability.notice_days.max(rules.notice_min_days);
    let label_wants_proof = rules
        .reserves
        .iter()
        .any(|reserve| reserve.deadline_required && entry.standing.labels.contains(&reserve.label));
    Situation::of(&Facts {
        now: *now,
        today: zone.local_date(*now),
        state: entry.state,
        close_reason: entry.close_reason,
        admit_declared: rules.admit_declared,
        paused: entry.paused,
        suspended_until: entry.paused_until,
        // In a list that closed before it was approved, the line is an ordinary one.
        displaced: entry.standing.displaced && pending(holder).is_none_or(|draw| draw.tier == 0),
        appointment: holder.convocation.as_ref().map(|(live, site)| Appointment {
            ends_at: live.starts_at + TimeDelta::minutes(live.minutes.into()),
            tick: live.ticked.map(|ticked| ticked.tick),
            day: site.zone.local_date(live.starts_at),
            today: site.zone.local_date(*now),
        }),
        pending: pending(holder).map(|draw| Pending { has_chance: draw.had_chance }),
        has_next_list: offer.is_some(),
        fit: suited(holder, offer),
        deadline: entry.deadline,
        first_possible: offer.map(|offer| offer.notified.on + Days::new(notice.into())),
        proof_wanted: label_wants_proof && !entry.standing.deadline_seen,
        incomplete: !holder.missing.is_empty(),
        letters_only: holder.reach.is_letters_only(),
        penalty: open_penalty(holder).map(|penalty| penalty.case.state),
        news: news(&holder.notices, &holder.draws),
    })
}

/// What may still be lost: the penalty to which the holder can object first.
fn open_penalty(holder: &Holder) -> Option<&Penalty> {
    let states = [PenaltyState::Announced, PenaltyState::Objected, PenaltyState::Upheld];
    states.iter().find_map(|state| holder.penalties.iter().find(|penalty| penalty.case.state == *state))
}

fn suited(holder: &Holder, offer: Option<Offer>) -> Fit {
    let none = SlotClasses::default();
    fit(&holder.entry.availability, holder.slots.as_deref().unwrap_or(&none), offer)
}

/// The list in which the entry stands and whose draw is still to come.
fn pending(holder: &Holder) -> Option<&Stood> {
    holder.draws.iter().find(|draw| matches!(draw.state, DrawState::Frozen | DrawState::Seeded))
}

/// What the next draw can offer in which the entry could stand.
fn offer(holder: &Holder) -> Option<Offer> {
    let list = *holder.next_draws.first()?;
    let rules = &holder.queue.rules;
    let announced = holder.draw.as_ref().filter(|draw| draw.freeze_at == list);
    let drawn_at =
        announced.map_or(list + TimeDelta::minutes(rules.lead_minutes.into()), |draw| draw.seed_at);
    let offer = Offer::of(rules, holder.zone, list, drawn_at);
    let letters_only = holder.reach.is_letters_only();
    let notified = Notified::of(letters_only, offer.drawn_on, holder.zone.into(), rules.notice_min_days);
    Some(Offer { notified, ..offer })
}

/// When the entry is closed if nobody verifies the identity. Who is asked for it by letter has all of the time
/// from its receipt on: none as long as it has not left. The sweep in `store::queries::identity` counts alike.
pub fn identity_closes(entry: &Entry, notices: &[Notice], days: u16) -> Option<DateTime<Utc>> {
    let asks_by_letter = |notice: &&Notice| {
        notice.kind == NoticeKind::IdentityWanted
            && notice.way == Way::Letter
            && notice.state != NoticeState::Withheld
    };
    let by_letter = notices.iter().find(asks_by_letter);
    let begins = by_letter.map_or(Some(entry.registered_at), |letter| letter.received_at)?;
    Some(begins + Days::new(days.into()))
}

/// What has happened since the entry last stood in a list: its notice was written with it, and those that
/// take over when a way fails come later.
fn news(notices: &[Notice], draws: &[Stood]) -> Option<News> {
    let listed_at = draws.iter().filter_map(|draw| draw.frozen_at).max();
    let happened = notices.iter().filter_map(|notice| {
        let news = match notice.kind {
            NoticeKind::Apology => News::TakenBack,
            NoticeKind::Missed => News::Missed,
            NoticeKind::Cancellation => News::Returned,
            NoticeKind::Moved => News::Moved,
            _ => return None,
        };
        let same =
            |other: &&Notice| other.kind == notice.kind && other.convocation_id == notice.convocation_id;
        let first =
            notice.convocation_id.and_then(|_| notices.iter().filter(same).map(|n| n.created_at).min());
        Some((first.unwrap_or(notice.created_at), news))
    });
    let (at, news) = happened.max_by_key(|(at, _)| *at)?;
    listed_at.is_none_or(|listed_at| at > listed_at).then_some(news)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::domain::ids::{ConvocationId, DrawId, EntryId, NoticeId, QueueId};

    fn at(hour: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::hours(hour)
    }

    fn notice(kind: NoticeKind, convocation: Option<u128>, hour: i64) -> Notice {
        Notice {
            id: NoticeId(Uuid::nil()),
            entry_id: EntryId(Uuid::nil()),
            convocation_id: convocation.map(|id| ConvocationId(Uuid::from_u128(id))),
            kind,
            way: Way::Letter,
            state: NoticeState::Pending,
            due_at: at(hour),
            created_at: at(hour),
            detail: None,
            settled_at: None,
            received_at: None,
        }
    }

    fn listed(hour: i64) -> Stood {
        Stood {
            draw_id: DrawId(Uuid::nil()),
            draw_number: 1,
            queue_id: QueueId(Uuid::nil()),
            state: DrawState::Published,
            frozen_at: Some(at(hour)),
            drawn_at: None,
            entry_count: None,
            slot_count: None,
            winner_count: None,
            number: 0,
            tier: 3,
            had_chance: true,
            wide: true,
            place: None,
            won: false,
        }
    }

    #[test]
    fn what_has_happened_is_news_until_the_next_list() {
        let missed = notice(NoticeKind::Missed, Some(1), 10);
        let moved = notice(NoticeKind::Moved, None, 12);
        assert_eq!(news(&[], &[]), None);
        assert_eq!(news(std::slice::from_ref(&missed), &[listed(9)]), Some(News::Missed));
        assert_eq!(news(std::slice::from_ref(&missed), &[listed(11), listed(9)]), None);
        assert_eq!(news(&[moved.clone(), missed.clone()], &[listed(9)]), Some(News::Moved));
        // A letter that takes over for an SMS is no second miss.
        let letter = notice(NoticeKind::Missed, Some(1), 34);
        assert_eq!(news(&[missed.clone(), letter.clone()], &[listed(11)]), None);
        let again = notice(NoticeKind::Missed, Some(2), 34);
        assert_eq!(news(&[missed, again], &[listed(11)]), Some(News::Missed));
    }
}
