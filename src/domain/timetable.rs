//! When lists are frozen: a cron expression read in local time. Prefectures say “Mondays at 18:00”
//! and mean their wall clock, in summer and in winter.
//!
//! Daylight saving time: a single time of day (`30 2 * * *`) that clocks jump over runs at the first
//! instant after the gap, and one that comes twice runs once, the first time. An hourly timetable
//! (`0 * * * *`) follows real hours: it misses the absent one and runs in both of the repeated ones.

use chrono::{DateTime, Utc};
use croner::Cron;
use croner::parser::{CronParser, Seconds, Year};
use thiserror::Error;

use super::local_time::Zone;

/// Longest expression looked at, in bytes.
const EXPRESSION_MAX_BYTES: usize = 100;

/// A cron expression and the zone in which it is read.
///
/// ```
/// use passage::domain::{local_time::Zone, timetable::Timetable};
///
/// let mondays = Timetable::parse("0 18 * * MON", Zone::PARIS).unwrap();
/// let next = mondays.next_after("2027-03-26T00:00:00Z".parse().unwrap()).unwrap();
/// assert_eq!(next.to_rfc3339(), "2027-03-29T16:00:00+00:00");
/// assert!(Timetable::parse("*/5 * * * *", Zone::PARIS).is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timetable {
    expression: String,
    cron: Cron,
    zone: Zone,
}

/// Why an expression is refused; each names the remedy.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TimetableError {
    #[error("timetable: five fields are expected, minute hour day month weekday, as in “0 18 * * MON”")]
    Fields,
    #[error("timetable: “{0}” cannot be read as a cron expression; example: “0 18 * * MON” ({1})")]
    Unreadable(String, String),
    #[error("timetable: more often than once an hour; give one minute, as in “0 18 * * MON”")]
    TooOften,
    #[error("timetable: no such day ever comes; check the day and the month")]
    Never,
}

impl TimetableError {
    /// A stable word for translations.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Fields => "fields",
            Self::Unreadable(..) => "unreadable",
            Self::TooOften => "too_often",
            Self::Never => "never",
        }
    }
}

impl Timetable {
    /// Reads a cron expression of five fields.
    ///
    /// # Errors
    /// If it cannot be read, runs more than once an hour, or never runs.
    pub fn parse(expression: &str, zone: Zone) -> Result<Self, TimetableError> {
        let expression = expression.split_whitespace().collect::<Vec<_>>().join(" ");
        if expression.len() > EXPRESSION_MAX_BYTES || expression.split(' ').count() != 5 {
            return Err(TimetableError::Fields);
        }
        let unreadable = |why: String| TimetableError::Unreadable(expression.clone(), why);
        if !expression.is_ascii() {
            return Err(unreadable("letters outside ASCII".to_owned()));
        }
        let parser = CronParser::builder().seconds(Seconds::Disallowed).year(Year::Disallowed).build();
        let cron = parser.parse(&expression).map_err(|error| unreadable(error.to_string()))?;
        if cron.pattern.minutes.values().len() > 1 {
            return Err(TimetableError::TooOften);
        }
        let timetable = Self { expression, cron, zone };
        // Any instant does: an expression that never comes has no next time from anywhere.
        timetable.next_after(DateTime::UNIX_EPOCH).ok_or(TimetableError::Never)?;
        Ok(timetable)
    }

    /// The first time strictly after `after`; `None` only at the end of the calendar.
    pub fn next_after(&self, after: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let local = after.with_timezone(&self.zone.tz());
        self.cron.find_next_occurrence(&local, false).ok().map(|next| next.with_timezone(&Utc))
    }

    /// The next times after `after`, at most `count`.
    pub fn upcoming(&self, after: DateTime<Utc>, count: usize) -> Vec<DateTime<Utc>> {
        std::iter::successors(self.next_after(after), |last| self.next_after(*last)).take(count).collect()
    }

    /// The expression, its spaces tidied.
    pub fn expression(&self) -> &str {
        &self.expression
    }

    /// The zone in which it is read.
    pub const fn zone(&self) -> Zone {
        self.zone
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn next(expression: &str, after: &str, count: usize) -> Vec<String> {
        Timetable::parse(expression, Zone::PARIS)
            .unwrap()
            .upcoming(after.parse().unwrap(), count)
            .into_iter()
            .map(|time| Zone::PARIS.tz().from_utc_datetime(&time.naive_utc()).to_rfc3339())
            .collect()
    }

    use chrono::TimeZone;

    #[test]
    fn the_wall_clock_time_stays_over_a_change_of_clocks() {
        assert_eq!(
            next("0 18 * * SUN", "2027-03-21T12:00:00Z", 2),
            ["2027-03-21T18:00:00+01:00", "2027-03-28T18:00:00+02:00"]
        );
    }

    #[test]
    fn an_absent_time_runs_at_the_first_instant_after_the_gap() {
        assert_eq!(
            next("30 2 * * *", "2027-03-27T12:00:00Z", 2),
            ["2027-03-28T03:00:00+02:00", "2027-03-29T02:30:00+02:00"]
        );
    }

    #[test]
    fn a_repeated_time_runs_once_the_first_time() {
        assert_eq!(
            next("30 2 * * *", "2027-10-30T12:00:00Z", 2),
            ["2027-10-31T02:30:00+02:00", "2027-11-01T02:30:00+01:00"]
        );
    }

    #[test]
    fn an_hourly_timetable_follows_real_hours() {
        assert_eq!(
            next("0 * * * *", "2027-03-27T23:30:00Z", 3),
            ["2027-03-28T01:00:00+01:00", "2027-03-28T03:00:00+02:00", "2027-03-28T04:00:00+02:00"]
        );
        assert_eq!(
            next("0 * * * *", "2027-10-30T23:30:00Z", 3),
            ["2027-10-31T02:00:00+02:00", "2027-10-31T02:00:00+01:00", "2027-10-31T03:00:00+01:00"]
        );
    }

    #[test]
    fn the_next_time_comes_strictly_after() {
        assert_eq!(next("0 18 * * *", "2027-06-01T16:00:00Z", 1), ["2027-06-02T18:00:00+02:00"]);
        assert_eq!(next("0 9 29 2 *", "2028-03-01T00:00:00Z", 1), ["2032-02-29T09:00:00+01:00"]);
    }

    #[test]
    fn unreasonable_expressions_are_refused_by_name() {
        let refused = |text: &str| Timetable::parse(text, Zone::PARIS).unwrap_err().code();
        for text in ["", "0 18 * *", "0 0 18 * * MON", "@daily", "0 18 * * MON 2027"] {
            assert_eq!(refused(text), "fields", "{text}");
        }
        for text in ["0 25 * * *", "60 1 * * *", "a b c d e", "0 18 * * LUN", "0 18 32 * *", "０ 18 * * *"] {
            assert_eq!(refused(text), "unreadable", "{text}");
        }
        for text in ["* * * * *", "*/30 18 * * *", "0,1 18 * * *", "0-5 18 * * *"] {
            assert_eq!(refused(text), "too_often", "{text}");
        }
        for text in ["0 18 31 2 *", "0 18 30 2 *", "0 18 31 4,6,9,11 *"] {
            assert_eq!(refused(text), "never", "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_the_parser_panic(text in "[-*/,#LW?0-9A-Za-z+@ ]{0,30}", any in "\\PC{0,30}") {
            let _ = Timetable::parse(&text, Zone::PARIS);
            let _ = Timetable::parse(&any, Zone::PARIS);
        }

        #[test]
        fn times_rise_in_every_zone(
            zone in proptest::sample::select(Zone::ALL.to_vec()),
            hour in 0u32..24, minute in 0u32..60, day in 0i64..1800,
        ) {
            let table = Timetable::parse(&format!("{minute} {hour} * * *"), zone).unwrap();
            let after = DateTime::from_timestamp(1_800_000_000 + day * 86_400, 0).unwrap();
            let times = table.upcoming(after, 3);
            prop_assert_eq!(times.len(), 3);
            prop_assert!(after < times[0] && times[0] < times[1] && times[1] < times[2]);
            prop_assert!((times[2] - times[0]).num_hours() <= 49);
        }
    }
}
