//! Slots that a prefecture is about to publish: from a form (one desk, a timetable over weeks) or
//! from a CSV file (see [`csv`]). Both are all or nothing, and both go through one
//! [`DeskCalendar`], so a desk is never in two places.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc, Weekday};
use thiserror::Error;

use super::holidays::Territory;
use super::local_time::{LocalTimeError, Zone};

pub mod csv;
mod fault;
mod unusual;

pub use unusual::Unusual;

/// The most slots that one form or one file may hold.
pub const SLOTS_MAX: usize = 20_000;
/// The longest slot, in minutes.
pub const MINUTES_MAX: u16 = 480;
/// The longest range of days that one form covers.
pub const DAYS_MAX: i64 = 366;

/// What the plan needs to know of a site.
#[derive(Clone, Debug)]
pub struct SiteDesks {
    pub zone: Zone,
    /// Usually `zone.into()`; a site in Alsace or Moselle says so.
    pub territory: Territory,
    /// Numbers of the desks.
    pub desks: BTreeSet<u16>,
}

/// The instants between which slots may begin, both included.
#[derive(Clone, Copy, Debug)]
pub struct PlanBounds {
    /// Usually now.
    pub earliest: DateTime<Utc>,
    /// Beyond this a date is a typing error.
    pub latest: DateTime<Utc>,
}

/// A slot that can be published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedSlot {
    /// Slug of the site.
    pub site: String,
    pub desk: u16,
    pub start_local: NaiveDateTime,
    pub start: DateTime<Utc>,
    pub minutes: u16,
}

impl PlannedSlot {
    /// The instant at which the desk is free again.
    pub fn end(&self) -> DateTime<Utc> {
        self.start + TimeDelta::minutes(self.minutes.into())
    }
}

/// Which slot a new one runs into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clash {
    /// Line of the file, or `None` for a slot published before.
    pub line: Option<u32>,
    /// Same start and same length: the same slot twice.
    pub double: bool,
}

/// When each desk is taken: slots published before, and those planned so far.
///
/// ```
/// use chrono::{DateTime, TimeDelta};
/// use passage::domain::slot_plan::{Clash, DeskCalendar};
///
/// let mut calendar = DeskCalendar::default();
/// let nine: DateTime<chrono::Utc> = "2027-06-08T07:00:00Z".parse().unwrap();
/// assert_eq!(calendar.place("centre", 1, nine, 20, Some(2)), Ok(()));
/// let overlap = calendar.place("centre", 1, nine + TimeDelta::minutes(19), 20, Some(3));
/// assert_eq!(overlap, Err(Clash { line: Some(2), double: false }));
/// assert_eq!(calendar.place("centre", 1, nine + TimeDelta::minutes(20), 20, Some(4)), Ok(()));
/// ```
#[derive(Clone, Debug, Default)]
pub struct DeskCalendar {
    sites: HashMap<String, HashMap<u16, BTreeMap<DateTime<Utc>, Taken>>>,
}

#[derive(Clone, Copy, Debug)]
struct Taken {
    until: DateTime<Utc>,
    line: Option<u32>,
}

impl DeskCalendar {
    /// Takes a desk for `minutes` (at least one) from `start` on. `line` is remembered for later
    /// clashes; `None` stands for a slot that is published already.
    ///
    /// # Errors
    /// The earliest slot in the way; the calendar is then unchanged.
    pub fn place(
        &mut self,
        site: &str,
        desk: u16,
        start: DateTime<Utc>,
        minutes: u16,
        line: Option<u32>,
    ) -> Result<(), Clash> {
        if !self.sites.contains_key(site) {
            self.sites.insert(site.to_owned(), HashMap::new());
        }
        let desks = self.sites.entry(site.to_owned()).or_default();
        let taken = desks.entry(desk).or_default();
        let until = start + TimeDelta::minutes(minutes.into());
        // Slots of a desk never overlap, so only the last one to begin before `until` or the one
        // running at `start` can be in the way.
        let running = taken.range(..=start).next_back().filter(|(_, slot)| slot.until > start);
        let in_the_way = running.or_else(|| taken.range(start..until).next());
        if let Some((from, slot)) = in_the_way {
            return Err(Clash { line: slot.line, double: *from == start && slot.until == until });
        }
        taken.insert(start, Taken { until, line });
        Ok(())
    }
}

/// The form: one desk, the same hours on chosen weekdays, over a range of days.
#[derive(Clone, Debug)]
pub struct SlotForm {
    /// Slug of the site.
    pub site: String,
    pub desk: u16,
    pub first_day: NaiveDate,
    /// Included.
    pub last_day: NaiveDate,
    pub weekdays: Vec<Weekday>,
    pub from: NaiveTime,
    /// The last slot ends at this time at the latest.
    pub to: NaiveTime,
    /// Minutes from one start to the next.
    pub every_minutes: u16,
    /// Length of a slot, in minutes.
    pub minutes: u16,
    /// Leaves out public holidays.
    pub skip_holidays: bool,
}

/// What is wrong in the form; `field` and `code` make the translation key.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum FormFault {
    #[error("desk: the site has no desk {0}")]
    UnknownDesk(u16),
    #[error("last_day: comes before the first day")]
    LastBeforeFirst,
    #[error("last_day: at most {DAYS_MAX} days at once")]
    TooManyDays,
    #[error("weekdays: choose at least one")]
    NoWeekday,
    #[error("to: must be later than “from” by at least one slot")]
    ToBeforeFrom,
    #[error("minutes: from 1 to {MINUTES_MAX}")]
    Minutes,
    #[error(
        "every_minutes: from 1 to 1440, and not shorter than a slot ({minutes} minutes): a desk is never in two places"
    )]
    Every {
        /// The length of a slot.
        minutes: u16,
    },
    #[error("first_day: the slot of {0} lies in the past")]
    Past(NaiveDateTime),
    #[error("last_day: the slot of {0} lies too far ahead; check the year")]
    TooFar(NaiveDateTime),
    #[error("from: {0}")]
    Gap(LocalTimeError),
    #[error("first_day: no day of the range is left; check weekdays and public holidays")]
    NoSlot,
    #[error("every_minutes: more than {SLOTS_MAX} slots; publish fewer weeks at once")]
    TooMany,
    #[error("from: the desk already has a slot at {at}")]
    Clash {
        /// Local start of the slot that does not fit.
        at: NaiveDateTime,
        clash: Clash,
    },
}

impl FormFault {
    /// The field at fault.
    pub const fn field(&self) -> &'static str {
        match self {
            Self::UnknownDesk(_) => "desk",
            Self::LastBeforeFirst | Self::TooManyDays | Self::TooFar(_) => "last_day",
            Self::NoWeekday => "weekdays",
            Self::ToBeforeFrom => "to",
            Self::Minutes => "minutes",
            Self::Every { .. } | Self::TooMany => "every_minutes",
            Self::Past(_) | Self::NoSlot => "first_day",
            Self::Gap(_) | Self::Clash { .. } => "from",
        }
    }

    /// A stable word for translations.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::UnknownDesk(_) => "unknown_desk",
            Self::LastBeforeFirst => "last_before_first",
            Self::TooManyDays => "too_many_days",
            Self::NoWeekday => "no_weekday",
            Self::ToBeforeFrom => "to_before_from",
            Self::Minutes => "minutes",
            Self::Every { .. } => "every",
            Self::Past(_) => "past",
            Self::TooFar(_) => "too_far",
            Self::Gap(_) => "gap",
            Self::NoSlot => "no_slot",
            Self::TooMany => "too_many",
            Self::Clash { clash: Clash { double: true, .. }, .. } => "double",
            Self::Clash { .. } => "overlap",
        }
    }
}

impl SlotForm {
    /// The slots of the form, by time. `calendar` holds what the desk already has.
    ///
    /// # Errors
    /// Every fault of the fields; if the fields are right, every slot that cannot be.
    pub fn plan(
        &self,
        site: &SiteDesks,
        bounds: PlanBounds,
        mut calendar: DeskCalendar,
    ) -> Result<Vec<PlannedSlot>, Vec<FormFault>> {
        let faults = self.field_faults(site);
        if !faults.is_empty() {
            return Err(faults);
        }
        let starts = self.starts(site.territory);
        if starts.is_empty() {
            return Err(vec![FormFault::NoSlot]);
        }
        if starts.len() > SLOTS_MAX {
            return Err(vec![FormFault::TooMany]);
        }
        let mut slots = Vec::with_capacity(starts.len());
        let mut faults = Vec::new();
        for start_local in starts {
            match self.slot(start_local, site.zone, bounds, &mut calendar) {
                Ok(slot) => slots.push(slot),
                Err(fault) => faults.push(fault),
            }
        }
        if faults.is_empty() { Ok(slots) } else { Err(faults) }
    }

    fn field_faults(&self, site: &SiteDesks) -> Vec<FormFault> {
        let days = (self.last_day - self.first_day).num_days();
        let bad_minutes = !(1..=MINUTES_MAX).contains(&self.minutes);
        let room = (self.to - self.from).num_minutes();
        [
            (!site.desks.contains(&self.desk), FormFault::UnknownDesk(self.desk)),
            (days < 0, FormFault::LastBeforeFirst),
            (days >= DAYS_MAX, FormFault::TooManyDays),
            (self.weekdays.is_empty(), FormFault::NoWeekday),
            (bad_minutes, FormFault::Minutes),
            (!bad_minutes && room < i64::from(self.minutes), FormFault::ToBeforeFrom),
            (
                !(1..=1440).contains(&self.every_minutes)
                    || (!bad_minutes && self.every_minutes < self.minutes),
                FormFault::Every { minutes: self.minutes },
            ),
        ]
        .into_iter()
        .filter_map(|(wrong, fault)| wrong.then_some(fault))
        .collect()
    }

    /// One more than allowed is enough to refuse, so no range of days is walked further.
    fn starts(&self, territory: Territory) -> Vec<NaiveDateTime> {
        let last = self.to - TimeDelta::minutes(self.minutes.into());
        let times = (last - self.from).num_minutes() / i64::from(self.every_minutes);
        let step = i64::from(self.every_minutes);
        self.first_day
            .iter_days()
            .take_while(|day| *day <= self.last_day)
            .filter(|day| self.weekdays.contains(&day.weekday()))
            .filter(|day| !(self.skip_holidays && territory.is_holiday(*day)))
            .flat_map(|day| (0..=times).map(move |n| day.and_time(self.from) + TimeDelta::minutes(n * step)))
            .take(SLOTS_MAX + 1)
            .collect()
    }

    fn slot(
        &self,
        start_local: NaiveDateTime,
        zone: Zone,
        bounds: PlanBounds,
        calendar: &mut DeskCalendar,
    ) -> Result<PlannedSlot, FormFault> {
        let start = zone.to_utc(start_local).map_err(FormFault::Gap)?;
        if start < bounds.earliest {
            return Err(FormFault::Past(start_local));
        }
        if start > bounds.latest {
            return Err(FormFault::TooFar(start_local));
        }
        calendar
            .place(&self.site, self.desk, start, self.minutes, None)
            .map_err(|clash| FormFault::Clash { at: start_local, clash })?;
        Ok(PlannedSlot {
            site: self.site.clone(),
            desk: self.desk,
            start_local,
            start,
            minutes: self.minutes,
        })
    }
}

/// A time of day as people and files write it: `9:30`, `09:30:00`, `9h30`, `9 h 30`, `9 H`.
///
/// ```
/// use passage::domain::slot_plan::read_time;
///
/// for text in ["9:30", "09:30", "09:30:00", "9h30", "9 h 30", "9H30"] {
///     assert_eq!(read_time(text), chrono::NaiveTime::from_hms_opt(9, 30, 0));
/// }
/// assert_eq!(read_time("9 h"), chrono::NaiveTime::from_hms_opt(9, 0, 0));
/// assert_eq!(read_time("9:30:15"), None);
/// ```
pub fn read_time(text: &str) -> Option<NaiveTime> {
    let plain: String = text.to_lowercase().chars().filter(|letter| !letter.is_whitespace()).collect();
    let plain = plain.strip_suffix('h').map_or_else(|| plain.replace('h', ":"), |hour| format!("{hour}:00"));
    ["%H:%M", "%H:%M:%S"]
        .into_iter()
        .find_map(|form| NaiveTime::parse_from_str(&plain, form).ok())
        .filter(|time| chrono::Timelike::second(time) == 0 && chrono::Timelike::nanosecond(time) == 0)
}

#[cfg(test)]
#[path = "slot_plan/form_tests.rs"]
mod tests;
