//! Local time at a prefecture. People live by the clock on the wall; the program keeps instants. All
//! conversions between the two are here, so that a gap or a fold of daylight saving time is met in
//! one place only.

use std::fmt;
use std::str::FromStr;

use chrono::offset::LocalResult;
use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, TimeDelta, TimeZone, Timelike, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use super::slot::Half;

/// A time zone in which a French prefecture stands.
///
/// ```
/// use passage::domain::local_time::Zone;
///
/// let zone: Zone = "Indian/Reunion".parse().unwrap();
/// let start = zone.to_utc("2027-03-29T09:00:00".parse().unwrap()).unwrap();
/// assert_eq!(start.to_rfc3339(), "2027-03-29T05:00:00+00:00");
/// assert!("Europe/Berlin".parse::<Zone>().is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Zone(Tz);

/// A name that is not the zone of a French prefecture.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("zone: “{0}” is not the time zone of a French prefecture; use one of: {list}", list = names())]
pub struct UnknownZone(pub String);

/// Why a local time has no instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum LocalTimeError {
    /// Clocks jump over this time.
    #[error(
        "{local} does not exist in {zone}: clocks are put forward that night; choose a time before the \
         change, or from {resumes_at} on"
    )]
    Gap {
        local: NaiveDateTime,
        zone: Zone,
        /// The first local time that exists again.
        resumes_at: NaiveDateTime,
    },
}

/// Longer than any gap of a French zone.
const GAP_MAX_MINUTES: i64 = 180;

impl Zone {
    /// Mainland France.
    pub const PARIS: Self = Self(Tz::Europe__Paris);

    /// Every zone with a French prefecture or high commission.
    pub const ALL: [Self; 14] = [
        Self::PARIS,
        Self(Tz::America__Guadeloupe),
        Self(Tz::America__Martinique),
        Self(Tz::America__Cayenne),
        Self(Tz::America__Miquelon),
        Self(Tz::America__St_Barthelemy),
        Self(Tz::America__Marigot),
        Self(Tz::Indian__Reunion),
        Self(Tz::Indian__Mayotte),
        Self(Tz::Pacific__Noumea),
        Self(Tz::Pacific__Wallis),
        Self(Tz::Pacific__Tahiti),
        Self(Tz::Pacific__Marquesas),
        Self(Tz::Pacific__Gambier),
    ];

    /// The IANA name.
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// The zone for libraries that want chrono-tz's own type.
    pub const fn tz(self) -> Tz {
        self.0
    }

    /// The instant of a local time. Of a time that comes twice (autumn) the earlier instant is
    /// taken: who comes too early can wait, who comes too late has missed it.
    ///
    /// # Errors
    /// [`LocalTimeError::Gap`] if clocks jump over this time (spring).
    pub fn to_utc(self, local: NaiveDateTime) -> Result<DateTime<Utc>, LocalTimeError> {
        match self.0.from_local_datetime(&local) {
            LocalResult::Single(instant) | LocalResult::Ambiguous(instant, _) => {
                Ok(instant.with_timezone(&Utc))
            }
            LocalResult::None => {
                Err(LocalTimeError::Gap { local, zone: self, resumes_at: self.resumes_after(local) })
            }
        }
    }

    /// The local time of an instant.
    pub fn local(self, instant: DateTime<Utc>) -> NaiveDateTime {
        instant.with_timezone(&self.0).naive_local()
    }

    /// The local date of an instant.
    pub fn local_date(self, instant: DateTime<Utc>) -> NaiveDate {
        self.local(instant).date()
    }

    /// Morning before noon, local time; afternoon from noon on.
    pub fn half_of(self, instant: DateTime<Utc>) -> Half {
        if self.local(instant).hour() < 12 { Half::Morning } else { Half::Afternoon }
    }

    /// The local day of an instant in days since 1970-01-01, as the draw counts arrivals. Instants
    /// before 1970 count as day 0.
    ///
    /// ```
    /// use passage::domain::local_time::Zone;
    ///
    /// let late_evening_in_utc = "2027-01-01T23:30:00Z".parse().unwrap();
    /// assert_eq!(Zone::PARIS.arrival_day(late_evening_in_utc), 20_820);
    /// ```
    pub fn arrival_day(self, instant: DateTime<Utc>) -> u32 {
        let days = (self.local_date(instant) - NaiveDate::default()).num_days();
        u32::try_from(days.max(0)).unwrap_or(u32::MAX)
    }

    /// The local date of an instant as the draw writes it: `yyyymmdd`. Years before 1 count as 0.
    pub fn draw_date(self, instant: DateTime<Utc>) -> u32 {
        let date = self.local_date(instant);
        u32::try_from(date.year()).unwrap_or(0) * 10_000 + date.month() * 100 + date.day()
    }

    /// The first minute after a gap.
    fn resumes_after(self, local: NaiveDateTime) -> NaiveDateTime {
        let minute = local.with_second(0).and_then(|time| time.with_nanosecond(0)).unwrap_or(local);
        (1..=GAP_MAX_MINUTES)
            .filter_map(|minutes| minute.checked_add_signed(TimeDelta::minutes(minutes)))
            .find(|later| self.0.from_local_datetime(later).earliest().is_some())
            .unwrap_or(local)
    }
}

fn names() -> String {
    Zone::ALL.map(Zone::name).join(", ")
}

impl Default for Zone {
    fn default() -> Self {
        Self::PARIS
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Zone {
    type Err = UnknownZone;

    fn from_str(name: &str) -> Result<Self, UnknownZone> {
        Self::ALL.into_iter().find(|zone| zone.name() == name).ok_or_else(|| UnknownZone(name.to_owned()))
    }
}

impl TryFrom<String> for Zone {
    type Error = UnknownZone;

    fn try_from(name: String) -> Result<Self, UnknownZone> {
        name.parse()
    }
}

impl From<Zone> for String {
    fn from(zone: Zone) -> Self {
        zone.name().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn local(text: &str) -> NaiveDateTime {
        text.parse().unwrap()
    }

    #[test]
    fn a_time_that_clocks_jump_over_is_refused_with_the_next_one() {
        let absent = local("2027-03-28T02:30:00");
        assert_eq!(
            Zone::PARIS.to_utc(absent),
            Err(LocalTimeError::Gap {
                local: absent,
                zone: Zone::PARIS,
                resumes_at: local("2027-03-28T03:00:00")
            })
        );
    }

    #[test]
    fn of_a_time_that_comes_twice_the_earlier_is_taken() {
        let twice = local("2027-10-31T02:30:00");
        assert_eq!(Zone::PARIS.to_utc(twice).unwrap().to_rfc3339(), "2027-10-31T00:30:00+00:00");
    }

    #[test]
    fn noon_begins_the_afternoon() {
        let half = |text| Zone::PARIS.half_of(Zone::PARIS.to_utc(local(text)).unwrap());
        assert_eq!(half("2027-06-08T11:59:59"), Half::Morning);
        assert_eq!(half("2027-06-08T12:00:00"), Half::Afternoon);
    }

    #[test]
    fn the_day_is_the_local_one() {
        let instant: DateTime<Utc> = "2027-01-01T09:00:00Z".parse().unwrap();
        let tahiti: Zone = "Pacific/Tahiti".parse().unwrap();
        let noumea: Zone = "Pacific/Noumea".parse().unwrap();
        assert_eq!((tahiti.draw_date(instant), noumea.draw_date(instant)), (20_261_231, 20_270_101));
        assert_eq!(noumea.arrival_day(instant) - tahiti.arrival_day(instant), 1);
        assert_eq!(Zone::PARIS.arrival_day("1960-01-01T00:00:00Z".parse().unwrap()), 0);
    }

    #[test]
    fn every_zone_reads_back_from_its_name_and_no_other_zone_does() {
        for zone in Zone::ALL {
            let json = serde_json::to_string(&zone).unwrap();
            assert_eq!(serde_json::from_str::<Zone>(&json).unwrap(), zone);
        }
        assert!("UTC".parse::<Zone>().is_err());
        assert!(serde_json::from_str::<Zone>("\"Asia/Tokyo\"").is_err());
    }
}
