//! Whether what a holder can attend meets what a queue gives: the slots that its next draw can offer, and
//! the half-days at which its slots usually lie.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, Days, NaiveDate, Utc};

use crate::domain::availability::Availability;
use crate::domain::ids::SiteId;
use crate::domain::letter::Notified;
use crate::domain::local_time::Zone;
use crate::domain::rules::Rules;
use crate::domain::slot::Half;
use crate::domain::text_enum::text_enum;

text_enum! {
    /// How the slots of the next list suit a holder, the worst first.
    Fit {
        /// None ever does: no slot lies, or lay of late, where and when the holder can come.
        Never = "never",
        /// The usual half-days suit, but on none of the days that the next draw offers.
        Away = "away",
        /// The days of the next draw suit, but come before a letter could reach the holder.
        Letter = "letter",
        /// The queue has had no slot of late and has none to come.
        NoSlots = "no_slots",
        /// The usual half-days suit; nothing is published yet that does.
        Usual = "usual",
        /// A slot is published that suits.
        Published = "published",
    }
}

/// Free slots still to come at one site and time, as somebody's availability sees them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Published {
    pub site: SiteId,
    pub date: NaiveDate,
    pub half: Half,
    pub starts_at: DateTime<Utc>,
    /// Since when they are offered without a holder.
    pub public_since: DateTime<Utc>,
    pub seats: u32,
}

/// When and where the slots of a queue lie.
#[derive(Clone, Debug, Default)]
pub struct SlotClasses {
    pub published: Vec<Published>,
    /// Those to come and those of the last weeks: site, weekday (Monday = 0), half-day.
    pub usual: BTreeSet<(SiteId, u8, Half)>,
}

impl SlotClasses {
    /// Counts the slots of one site and time; none is free if `seats` is 0.
    pub fn add(&mut self, slot: Published) {
        self.usual.insert((slot.site, weekday(slot.date), slot.half));
        if slot.seats > 0 {
            self.published.push(slot);
        }
    }
}

/// What the next draw in which an entry stands can offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The day of the draw, at the prefecture.
    pub drawn_on: NaiveDate,
    /// When its convocations reach the holder.
    pub notified: Notified,
    pub first: DateTime<Utc>,
    pub last: DateTime<Utc>,
    /// Slots published later wait for another list.
    pub public_by: DateTime<Utc>,
}

impl Offer {
    /// What the list of `freeze_at` can offer, drawn at `drawn_at`, to somebody who is told at once.
    pub fn of(rules: &Rules, zone: Zone, freeze_at: DateTime<Utc>, drawn_at: DateTime<Utc>) -> Self {
        let drawn_on = zone.local_date(drawn_at);
        Self {
            drawn_on,
            notified: Notified::at_once(drawn_on),
            first: drawn_at + Days::new(rules.notice_min_days.into()),
            last: drawn_at + Days::new(rules.horizon_days.into()),
            public_by: rules.public_by(freeze_at),
        }
    }

    /// Whether the list takes slots of this time, published then.
    pub fn takes(&self, starts_at: DateTime<Utc>, public_since: DateTime<Utc>) -> bool {
        (self.first..=self.last).contains(&starts_at) && public_since <= self.public_by
    }
}

/// How the slots of a queue suit `can` in the draw of `offer`; none if no draw is planned.
pub fn fit(can: &Availability, slots: &SlotClasses, offer: Option<Offer>) -> Fit {
    if slots.usual.is_empty() {
        return Fit::NoSlots;
    }
    let suits = |(site, weekday, half): &(SiteId, u8, Half)| {
        can.sites.contains(site) && can.weekdays.contains(weekday) && can.halves.contains(half)
    };
    let usual: Vec<&(SiteId, u8, Half)> = slots.usual.iter().filter(|class| suits(class)).collect();
    if usual.is_empty() {
        return Fit::Never;
    }
    let Some(offer) = offer else { return Fit::Usual };
    let suited = |notified| suited(can, slots, &usual, &Offer { notified, ..offer });
    match suited(offer.notified) {
        // Who is told at once could come.
        Fit::Away if suited(Notified::at_once(offer.drawn_on)) != Fit::Away => Fit::Letter,
        fit => fit,
    }
}

fn suited(can: &Availability, slots: &SlotClasses, usual: &[&(SiteId, u8, Half)], offer: &Offer) -> Fit {
    let is_offered = |slot: &Published| {
        offer.takes(slot.starts_at, slot.public_since)
            && offer.notified.allows(can, slot.site, slot.date, slot.half)
    };
    if slots.published.iter().any(is_offered) {
        return Fit::Published;
    }
    let (first, last) = (offer.first.date_naive(), offer.last.date_naive());
    let comes = first.iter_days().take_while(|day| *day <= last).any(|day| {
        let mut today = usual.iter().filter(|(_, on, _)| *on == weekday(day));
        today.any(|(site, _, half)| offer.notified.allows(can, *site, day, *half))
    });
    if comes { Fit::Usual } else { Fit::Away }
}

fn weekday(day: NaiveDate) -> u8 {
    u8::try_from(day.weekday().num_days_from_monday()).unwrap_or(7)
}
