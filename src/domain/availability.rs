//! What an applicant can attend. It decides which classes of slots they accept in a draw, and
//! nothing else: it never moves them up or down.

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::ids::SiteId;
use super::slot::Half;

/// Absences an applicant may declare.
pub const ABSENCES_MAX: usize = 3;
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
    #[error("notice_days: at most {NOTICE_DAYS_MAX} days")]
    NoticeTooLong,
}

impl AvailabilityError {
    /// The field at fault, and the translation key of the remedy.
    pub fn field(&self) -> &'static str {
        match self {
            Self::NoSite => "sites",
            Self::NoWeekday => "weekdays",
            Self::NoHalf => "halves",
            Self::TooManyAbsences | Self::AbsenceBackwards => "absences",
            Self::NoticeTooLong => "notice_days",
        }
    }
}

impl Availability {
    /// Everything, at these sites.
    pub fn anything(sites: Vec<SiteId>) -> Self {
        Self {
            sites,
            weekdays: (0..7).collect(),
            halves: vec![Half::Morning, Half::Afternoon],
            not_before: None,
            absences: Vec::new(),
            notice_days: 0,
        }
    }

    /// Refuses what no slot could ever satisfy, and what is beyond the limits.
    ///
    /// # Errors
    /// Names the field.
    pub fn check(&self) -> Result<(), AvailabilityError> {
        if self.sites.is_empty() {
            return Err(AvailabilityError::NoSite);
        }
        if !self.weekdays.iter().any(|day| *day < 7) {
            return Err(AvailabilityError::NoWeekday);
        }
        if self.halves.is_empty() {
            return Err(AvailabilityError::NoHalf);
        }
        if self.absences.len() > ABSENCES_MAX {
            return Err(AvailabilityError::TooManyAbsences);
        }
        if self.absences.iter().any(|absence| absence.to < absence.from) {
            return Err(AvailabilityError::AbsenceBackwards);
        }
        if self.notice_days > NOTICE_DAYS_MAX {
            return Err(AvailabilityError::NoticeTooLong);
        }
        Ok(())
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
