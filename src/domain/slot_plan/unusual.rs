//! Slots that nobody publishes by habit: on a public holiday, on a Sunday, at night. They are possible,
//! and far more often a slip: so they are named, and taken only when somebody says yes.

use chrono::{Datelike, NaiveTime, TimeDelta, Weekday};

use super::PlannedSlot;
use crate::domain::holidays::Territory;
use crate::domain::text_enum::text_enum;

text_enum! {
    /// What is unusual about a slot.
    Unusual {
        Holiday = "holiday",
        Sunday = "sunday",
        /// Before 7:00 or after 20:00, local time.
        Night = "night",
    }
}

/// The local hours, from and to, within which prefectures receive.
const DAY_HOURS: (u32, u32) = (7, 20);

impl Unusual {
    /// What is unusual about this slot, at a site of this territory; a holiday before a Sunday, a
    /// Sunday before the hour.
    ///
    /// ```
    /// use passage::domain::holidays::Territory;
    /// use passage::domain::slot_plan::{PlannedSlot, Unusual};
    ///
    /// let slot = PlannedSlot {
    ///     site: "centre".to_owned(),
    ///     desk: 1,
    ///     start_local: "2027-12-26T09:00:00".parse().unwrap(),
    ///     start: "2027-12-26T08:00:00Z".parse().unwrap(),
    ///     minutes: 20,
    /// };
    /// assert_eq!(Unusual::of(&slot, Territory::AlsaceMoselle), Some(Unusual::Holiday));
    /// assert_eq!(Unusual::of(&slot, Territory::Metropole), Some(Unusual::Sunday));
    /// ```
    pub fn of(slot: &PlannedSlot, territory: Territory) -> Option<Self> {
        let (day, time) = (slot.start_local.date(), slot.start_local.time());
        let ends = slot.start_local + TimeDelta::minutes(slot.minutes.into());
        let hour = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default();
        if territory.is_holiday(day) {
            Some(Self::Holiday)
        } else if day.weekday() == Weekday::Sun {
            Some(Self::Sunday)
        } else if time < hour(DAY_HOURS.0) || ends > day.and_time(hour(DAY_HOURS.1)) {
            Some(Self::Night)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::local_time::Zone;

    fn of(start: &str, minutes: u16, territory: Territory) -> Option<Unusual> {
        let start_local: chrono::NaiveDateTime = start.parse().unwrap();
        let start = Zone::PARIS.to_utc(start_local).unwrap();
        Unusual::of(&PlannedSlot { site: "centre".into(), desk: 1, start_local, start, minutes }, territory)
    }

    #[test]
    fn holidays_sundays_and_nights_are_told_by_territory_and_local_time() {
        for (start, territory, expected) in [
            ("2027-06-08T09:00:00", Territory::Metropole, None),
            ("2027-12-25T09:00:00", Territory::Metropole, Some(Unusual::Holiday)),
            ("2028-12-26T09:00:00", Territory::AlsaceMoselle, Some(Unusual::Holiday)),
            ("2028-12-26T09:00:00", Territory::Metropole, None),
            ("2027-04-27T09:00:00", Territory::Mayotte, Some(Unusual::Holiday)),
            ("2027-04-27T09:00:00", Territory::Reunion, None),
            ("2027-06-12T09:00:00", Territory::Metropole, None),
            ("2027-06-13T09:00:00", Territory::Metropole, Some(Unusual::Sunday)),
            ("2027-06-08T06:59:00", Territory::Metropole, Some(Unusual::Night)),
            ("2027-06-08T07:00:00", Territory::Metropole, None),
            ("2027-06-08T19:40:00", Territory::Metropole, None),
            ("2027-06-08T19:41:00", Territory::Metropole, Some(Unusual::Night)),
            ("2027-06-08T23:50:00", Territory::Metropole, Some(Unusual::Night)),
        ] {
            assert_eq!(of(start, 20, territory), expected, "{start} {territory}");
        }
    }
}
