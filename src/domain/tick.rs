//! A tick of the counter is provisional: until the site closes, whoever sits there can correct it, and nothing is
//! sent and nobody penalised before. A site closes at eight in the evening, or at the end of the last slot that
//! begins there that day, whichever is later, by its own clock.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};

use super::local_time::Zone;
use super::text_enum::text_enum;

text_enum! {
    /// What an agent notes of an appointment.
    Tick {
        Served = "served",
        /// The person came, and something was missing from the file.
        Incomplete = "incomplete",
        Absent = "absent",
        /// The holder came to the wrong counter.
        WrongCounter = "wrong_counter",
        /// Somebody else came with the convocation.
        NotThePerson = "not_the_person",
    }
}

impl Tick {
    /// Whether somebody came: the appointment was used.
    pub const fn came(self) -> bool {
        !matches!(self, Self::Absent)
    }
}

const EVENING_HOUR: u32 = 20;

/// When what is ticked at `ticked_at` becomes final: at the closing of the appointment's day, or, for what is
/// ticked later than that, at the next evening, so that a slip can always be corrected.
pub fn settles_at(
    zone: Zone,
    starts_at: DateTime<Utc>,
    last_end: DateTime<Utc>,
    ticked_at: DateTime<Utc>,
) -> DateTime<Utc> {
    let closes = evening(zone, zone.local_date(starts_at)).max(last_end);
    if ticked_at < closes {
        return closes;
    }
    let today = zone.local_date(ticked_at);
    let tonight = evening(zone, today);
    if ticked_at < tonight { tonight } else { evening(zone, today + Days::new(1)) }
}

/// Eight in the evening comes once on every day in every French zone.
fn evening(zone: Zone, day: NaiveDate) -> DateTime<Utc> {
    let time = NaiveTime::from_hms_opt(EVENING_HOUR, 0, 0).unwrap_or_default();
    let local = day.and_time(time);
    zone.to_utc(local).unwrap_or_else(|_| local.and_utc())
}

#[cfg(test)]
mod tests {
    use chrono::{TimeDelta, Timelike};

    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn settled(zone: &str, starts: &str, ends: &str, ticked: &str) -> DateTime<Utc> {
        settles_at(zone.parse().unwrap(), at(starts), at(ends), at(ticked))
    }

    #[test]
    fn a_tick_settles_in_the_evening_by_the_clock_of_the_site() {
        for (zone, starts, ends, ticked, settles) in [
            (
                "Europe/Paris",
                "2027-01-12T09:00Z",
                "2027-01-12T15:00Z",
                "2027-01-12T09:05Z",
                "2027-01-12T19:00Z",
            ),
            // The days on which clocks change.
            (
                "Europe/Paris",
                "2027-03-28T08:00Z",
                "2027-03-28T15:00Z",
                "2027-03-28T08:05Z",
                "2027-03-28T18:00Z",
            ),
            (
                "Europe/Paris",
                "2027-10-31T08:00Z",
                "2027-10-31T15:00Z",
                "2027-10-31T08:05Z",
                "2027-10-31T19:00Z",
            ),
            // Nine in the morning in Nouméa is the evening before in UTC.
            (
                "Pacific/Noumea",
                "2027-01-11T22:00Z",
                "2027-01-12T04:00Z",
                "2027-01-11T22:05Z",
                "2027-01-12T09:00Z",
            ),
            (
                "America/Cayenne",
                "2027-01-12T12:00Z",
                "2027-01-12T18:00Z",
                "2027-01-12T12:05Z",
                "2027-01-12T23:00Z",
            ),
            // The last slot ends after midnight.
            (
                "Europe/Paris",
                "2027-01-12T09:00Z",
                "2027-01-12T23:30Z",
                "2027-01-12T20:00Z",
                "2027-01-12T23:30Z",
            ),
            // A slot half an hour after midnight belongs to the day that begins.
            (
                "Europe/Paris",
                "2027-01-11T23:30Z",
                "2027-01-11T23:50Z",
                "2027-01-11T23:40Z",
                "2027-01-12T19:00Z",
            ),
            // Ticked on the days after.
            (
                "Europe/Paris",
                "2027-01-12T09:00Z",
                "2027-01-12T15:00Z",
                "2027-01-14T10:00Z",
                "2027-01-14T19:00Z",
            ),
            (
                "Europe/Paris",
                "2027-01-12T09:00Z",
                "2027-01-12T15:00Z",
                "2027-01-12T19:00Z",
                "2027-01-13T19:00Z",
            ),
        ] {
            let minute = |text: &str| text.replace('Z', ":00Z");
            let found = settled(zone, &minute(starts), &minute(ends), &minute(ticked));
            assert_eq!(found, at(&minute(settles)), "{zone} {starts} ticked {ticked}");
        }
    }

    #[test]
    fn every_tick_can_be_corrected_and_settles_within_a_day_of_the_closing_in_every_zone() {
        for zone in Zone::ALL {
            for hour in 0..(366 * 24) {
                let starts_at = at("2027-01-01T00:30:00Z") + TimeDelta::hours(hour);
                let last_end = starts_at + TimeDelta::minutes(20);
                for later in [-2, 0, 5, 11, 23, 40] {
                    let ticked_at = starts_at + TimeDelta::hours(later);
                    let settles = settles_at(zone, starts_at, last_end, ticked_at);
                    assert!(settles > ticked_at && settles >= last_end, "{zone} {starts_at} {ticked_at}");
                    assert!(settles - ticked_at.max(starts_at) <= TimeDelta::hours(25), "{zone} {starts_at}");
                    let local = zone.local(settles);
                    assert!(settles == last_end || local.hour() == 20, "{zone} {starts_at}: {local}");
                }
            }
        }
    }
}
