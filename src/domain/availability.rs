//! What an applicant can attend. It decides which classes of slots they accept in a draw, and
//! nothing else: it never moves them up or down.

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::ids::SiteId;
use super::slot::Half;

/// Absences an applicant may declare.
pub const ABSENCES_MAX: usize = 3;
/// The longest absence, in days: who is away longer can say “not before”.
pub const ABSENCE_DAYS_MAX: i64 = 366;
/// Years ahead within which a day is believed: slots are published for less.
const YEARS_AHEAD: i32 = 5;
/// The longest notice, in days, that an applicant may ask for.
pub const NOTICE_DAYS_MAX: u16 = 60;

/// Days on which a holder cannot come, both ends included.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Absence {
    pub from: NaiveDate,
    pub to: NaiveDate,
}

/// What an applicant can attend.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Availability {
    /// Sites the applicant can go to.
    pub sites: Vec<SiteId>,
    /// Weekdays, Monday = 0.
    pub weekdays: Vec<u8>,
    /// Half-days.
    pub halves: Vec<Half>,
    /// The first day possible, if not at once.
    pub not_before: Option<NaiveDate>,
    /// At most [`ABSENCES_MAX`].
    pub absences: Vec<Absence>,
    /// How many days' notice the applicant needs, counted from the draw.
    pub notice_days: u16,
}

/// Why an availability is refused; each names its field.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum AvailabilityError {
    #[error("sites: choose at least one site")]
    NoSite,
    #[error("weekdays: choose at least one day from Monday to Sunday")]
    NoWeekday,
    #[error("halves: choose the morning, the afternoon, or both")]
    NoHalf,
    #[error("absences: at most three")]
    TooManyAbsences,
    #[error("absences: the last day comes before the first")]
    AbsenceBackwards,
    #[error("absences: at most {ABSENCE_DAYS_MAX} days in a row")]
    AbsenceTooLong,
    #[error("absences: years away; check the year")]
    AbsenceTooFar,
    #[error("not_before: years away; check the year")]
    NotBeforeTooFar,
    #[error("notice_days: at most {NOTICE_DAYS_MAX} days")]
    NoticeTooLong,
}

impl AvailabilityError {
    /// The field at fault.
    pub const fn field(&self) -> &'static str {
        match self {
            Self::NoSite => "sites",
            Self::NoWeekday => "weekdays",
            Self::NoHalf => "halves",
            Self::TooManyAbsences | Self::AbsenceBackwards | Self::AbsenceTooLong | Self::AbsenceTooFar => {
                "absences"
            }
            Self::NotBeforeTooFar => "not_before",
            Self::NoticeTooLong => "notice_days",
        }
    }

    /// A stable word for translations.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::AbsenceTooLong => "absence_long",
            Self::AbsenceTooFar | Self::NotBeforeTooFar => "far",
            _ => self.field(),
        }
    }
}

impl Availability {
    /// Every ordinary day, from Monday to Friday, at these sites.
    pub fn anything(sites: Vec<SiteId>) -> Self {
        Self {
            sites,
            weekdays: (0..5).collect(),
            halves: vec![Half::Morning, Half::Afternoon],
            not_before: None,
            absences: Vec::new(),
            notice_days: 0,
        }
    }

    /// What no slot could ever satisfy, and what is beyond the limits. `today` is the local date.
    pub fn faults(&self, today: NaiveDate) -> Vec<AvailabilityError> {
        let far = |day: NaiveDate| (day.year() - today.year()).abs() > YEARS_AHEAD;
        let any_absence = |wrong: &dyn Fn(&Absence) -> bool| self.absences.iter().any(wrong);
        let days = |absence: &Absence| (absence.to - absence.from).num_days() + 1;
        [
            (self.sites.is_empty(), AvailabilityError::NoSite),
            (!self.weekdays.iter().any(|day| *day < 7), AvailabilityError::NoWeekday),
            (self.halves.is_empty(), AvailabilityError::NoHalf),
            (self.not_before.is_some_and(far), AvailabilityError::NotBeforeTooFar),
            (self.absences.len() > ABSENCES_MAX, AvailabilityError::TooManyAbsences),
            (any_absence(&|it| it.to < it.from), AvailabilityError::AbsenceBackwards),
            (any_absence(&|it| far(it.from) || far(it.to)), AvailabilityError::AbsenceTooFar),
            (any_absence(&|it| days(it) > ABSENCE_DAYS_MAX), AvailabilityError::AbsenceTooLong),
            (self.notice_days > NOTICE_DAYS_MAX, AvailabilityError::NoticeTooLong),
        ]
        .into_iter()
        .filter_map(|(wrong, error)| wrong.then_some(error))
        .collect()
    }

    /// Whether the applicant can come to `site` on `date` in that half-day, for a draw held on
    /// `drawn_on` (local date).
    pub fn accepts(&self, site: SiteId, date: NaiveDate, half: Half, drawn_on: NaiveDate) -> bool {
        let weekday = u8::try_from(date.weekday().num_days_from_monday()).unwrap_or(7);
        self.sites.contains(&site)
            && self.weekdays.contains(&weekday)
            && self.halves.contains(&half)
            && self.not_before.is_none_or(|first| date >= first)
            && !self.absences.iter().any(|absence| absence.from <= date && date <= absence.to)
            && date >= drawn_on + chrono::Days::new(self.notice_days.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn an_absence_excludes_both_its_ends() {
        let site = SiteId(Uuid::from_u128(1));
        let mut can = Availability::anything(vec![site]);
        can.absences = vec![Absence { from: day("2027-01-05"), to: day("2027-01-07") }];
        let accepts = |date: &str| can.accepts(site, day(date), Half::Morning, day("2027-01-01"));
        assert!(accepts("2027-01-04") && accepts("2027-01-08"));
        assert!(!accepts("2027-01-05") && !accepts("2027-01-06") && !accepts("2027-01-07"));
    }

    #[test]
    fn days_and_absences_beyond_belief_are_refused_by_name() {
        let open = Availability::anything(vec![SiteId(Uuid::from_u128(1))]);
        let today = day("2027-01-04");
        let away = |from: &str, to: &str| Availability {
            absences: vec![Absence { from: day(from), to: day(to) }],
            ..open.clone()
        };
        let from = |first: &str| Availability { not_before: Some(day(first)), ..open.clone() };
        assert_eq!(open.faults(today), []);
        assert_eq!(away("2027-02-01", "2028-01-31").faults(today), []);
        assert_eq!(away("2027-02-01", "2037-02-01").faults(today)[0], AvailabilityError::AbsenceTooFar);
        assert_eq!(away("2027-02-01", "2028-02-02").faults(today), [AvailabilityError::AbsenceTooLong]);
        assert_eq!(away("2027-02-02", "2027-02-01").faults(today), [AvailabilityError::AbsenceBackwards]);
        assert_eq!(away("-9999-01-01", "-9999-01-02").faults(today), [AvailabilityError::AbsenceTooFar]);
        assert_eq!(from("2033-01-01").faults(today), [AvailabilityError::NotBeforeTooFar]);
        assert_eq!(from("2032-12-31").faults(today), []);
        let nothing = Availability { sites: vec![], weekdays: vec![9], halves: vec![], ..open };
        assert_eq!(nothing.faults(today).len(), 3, "all of it at once");
    }

    #[test]
    fn the_notice_counts_from_the_draw() {
        let site = SiteId(Uuid::from_u128(1));
        let can = Availability { notice_days: 10, ..Availability::anything(vec![site]) };
        assert!(!can.accepts(site, day("2027-01-10"), Half::Morning, day("2027-01-01")));
        assert!(can.accepts(site, day("2027-01-11"), Half::Morning, day("2027-01-01")));
    }

    #[test]
    fn another_site_weekday_or_half_day_is_not_accepted() {
        let site = SiteId(Uuid::from_u128(1));
        let can = Availability {
            weekdays: vec![0],
            halves: vec![Half::Morning],
            ..Availability::anything(vec![site])
        };
        let monday = day("2027-01-04");
        let drawn = day("2027-01-01");
        assert!(can.accepts(site, monday, Half::Morning, drawn));
        assert!(!can.accepts(site, monday, Half::Afternoon, drawn));
        assert!(!can.accepts(site, day("2027-01-05"), Half::Morning, drawn));
        assert!(!can.accepts(SiteId(Uuid::from_u128(2)), monday, Half::Morning, drawn));
    }
}
