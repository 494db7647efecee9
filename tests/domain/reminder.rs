//! The reminder leaves at the right local time: compared with a search that does not use the
//! rule's shortcuts, over all zones of French prefectures and every day of five years.

use chrono::{
    DateTime, Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike, Utc, Weekday,
};
use passage::domain::holidays::Territory;
use passage::domain::local_time::Zone;
use passage::domain::reminder::reminder_at;
use proptest::prelude::*;

const FIRST_DAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
const DAYS: u64 = 5 * 365 + 1;
/// Wall-clock times tried each day: the bounds, just outside them, and both sides of a night in
/// which clocks change. All are multiples of the search's step.
const TIMES: [&str; 12] = [
    "00:00", "01:45", "02:30", "03:15", "08:45", "09:00", "09:15", "12:00", "18:45", "19:00", "19:15",
    "23:45",
];
const STEP_MINUTES: i64 = 15;

fn allowed(local: NaiveDateTime, territory: Territory) -> bool {
    let minute_of_day = local.hour() * 60 + local.minute();
    let within =
        (9 * 60..=19 * 60).contains(&minute_of_day) && (minute_of_day < 19 * 60 || local.second() == 0);
    within && local.weekday() != Weekday::Sun && !territory.is_holiday(local.date())
}

/// Every allowed instant of the grid with its local time, found by walking real time.
fn allowed_instants(zone: Zone, territory: Territory) -> Vec<(NaiveDateTime, DateTime<Utc>)> {
    let begin = (FIRST_DAY - Days::new(12)).and_time(NaiveTime::MIN).and_utc();
    let steps = i64::try_from(DAYS + 24).unwrap() * 24 * 60 / STEP_MINUTES;
    (0..steps)
        .map(|step| begin + TimeDelta::minutes(step * STEP_MINUTES))
        .map(|instant| (zone.local(instant), instant))
        .filter(|(local, _)| allowed(*local, territory))
        .collect()
}

fn try_every_day(zone: Zone, territory: Territory) -> usize {
    let grid = allowed_instants(zone, territory);
    assert!(grid.is_sorted_by(|one, two| one.0 < two.0), "{zone}: an allowed time comes twice");
    let mut tried = 0;
    for day in FIRST_DAY.iter_days().take(usize::try_from(DAYS).unwrap()) {
        for time in TIMES {
            let start_local = day.and_time(NaiveTime::parse_from_str(time, "%H:%M").unwrap());
            // A local time that does not exist (clocks go forward) cannot be an appointment.
            let Ok(start) = zone.to_utc(start_local) else {
                continue;
            };
            let two_days_before = start_local - TimeDelta::days(2);
            let latest = grid.partition_point(|(local, _)| *local <= two_days_before);
            let expected = grid[latest - 1].1;
            assert_eq!(reminder_at(start, zone, territory), expected, "{zone} {territory} {start_local}");
            tried += 1;
        }
    }
    tried
}

#[test]
fn the_reminder_is_the_latest_allowed_time_two_calendar_days_before_in_every_zone_for_five_years() {
    let mut tried = 0;
    for zone in Zone::ALL {
        tried += try_every_day(zone, zone.into());
    }
    tried += try_every_day(Zone::PARIS, Territory::AlsaceMoselle);
    assert!(tried > 300_000, "only {tried} appointments tried");
}

proptest! {
    #[test]
    fn to_the_second_it_is_allowed_never_later_and_maximal(
        zone in proptest::sample::select(Zone::ALL.to_vec()),
        seconds in 1_767_225_600i64..1_924_992_000,
    ) {
        let start = DateTime::from_timestamp(seconds, 0).unwrap();
        let territory = Territory::from(zone);
        let leaves = zone.local(reminder_at(start, zone, territory));
        let wanted = zone.local(start) - TimeDelta::days(2);
        prop_assert!(allowed(leaves, territory), "{leaves} is not allowed");
        prop_assert!(leaves <= wanted);
        let mut skipped = leaves + TimeDelta::seconds(1);
        while skipped <= wanted {
            prop_assert!(!allowed(skipped, territory), "{skipped} was possible");
            skipped += TimeDelta::seconds(if wanted - skipped > TimeDelta::minutes(1) { 30 } else { 1 });
        }
    }
}
