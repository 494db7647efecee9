//! When the reminder of an appointment leaves: during the day, and neither on Sundays nor on public
//! holidays.

use chrono::{DateTime, Days, NaiveDateTime, NaiveTime, Utc};

use super::holidays::{Territory, last_open_day};
use super::local_time::Zone;

/// First and last local times at which a reminder may leave, both allowed.
const REMINDER_OPENS: NaiveTime = NaiveTime::from_hms_opt(9, 0, 0).unwrap();
const REMINDER_CLOSES: NaiveTime = NaiveTime::from_hms_opt(19, 0, 0).unwrap();
/// Calendar days from the reminder to the appointment.
const REMINDER_DAYS_AHEAD: u64 = 2;

/// When the reminder of an appointment leaves: at the same wall-clock time two calendar days before,
/// moved *back* to the nearest allowed time. Allowed is 09:00 to 19:00 local time, both included,
/// except on Sundays and public holidays of `territory`. The result can lie in the past: then the
/// convocation itself serves as the reminder, which the caller decides.
///
/// ```
/// use passage::domain::local_time::Zone;
/// use passage::domain::reminder::reminder_at;
///
/// // A Tuesday; two days before is a Sunday; the Saturday before it is open.
/// let start = Zone::PARIS.to_utc("2027-06-08T10:15:00".parse().unwrap()).unwrap();
/// let leaves = reminder_at(start, Zone::PARIS, Zone::PARIS.into());
/// assert_eq!(Zone::PARIS.local(leaves).to_string(), "2027-06-05 19:00:00");
/// ```
pub fn reminder_at(start: DateTime<Utc>, zone: Zone, territory: Territory) -> DateTime<Utc> {
    allowed_local(zone.local(start), territory)
        // No French zone changes its clocks between 09:00 and 19:00, so the time exists; a day
        // with no such time at all is only the beginning of the calendar.
        .and_then(|local| zone.to_utc(local).ok())
        .unwrap_or(start)
}

fn allowed_local(start: NaiveDateTime, territory: Territory) -> Option<NaiveDateTime> {
    let wanted = start.checked_sub_days(Days::new(REMINDER_DAYS_AHEAD))?;
    let day = if wanted.time() < REMINDER_OPENS { wanted.date().pred_opt()? } else { wanted.date() };
    let open = last_open_day(territory, day)?;
    let time = if open == wanted.date() { wanted.time().min(REMINDER_CLOSES) } else { REMINDER_CLOSES };
    Some(open.and_time(time))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn local(text: &str) -> NaiveDateTime {
        text.parse().unwrap()
    }

    #[test]
    fn a_reminder_keeps_the_wall_clock_time_over_a_change_of_clocks() {
        // Clocks went forward on Sunday 28 March; two days before Tuesday 30 is that Sunday.
        let start = Zone::PARIS.to_utc(local("2027-03-31T10:00:00")).unwrap();
        let leaves = reminder_at(start, Zone::PARIS, Territory::Metropole);
        // Monday 29 is Easter Monday, Sunday 28 is Easter: Saturday evening.
        assert_eq!(Zone::PARIS.local(leaves), local("2027-03-27T19:00:00"));
    }

    #[test]
    fn early_and_late_appointments_are_reminded_within_the_hours() {
        let leaves = |text| {
            let start = Zone::PARIS.to_utc(local(text)).unwrap();
            Zone::PARIS.local(reminder_at(start, Zone::PARIS, Territory::Metropole))
        };
        assert_eq!(leaves("2027-06-11T08:59:59"), local("2027-06-08T19:00:00"));
        assert_eq!(leaves("2027-06-11T09:00:00"), local("2027-06-09T09:00:00"));
        assert_eq!(leaves("2027-06-11T19:00:00"), local("2027-06-09T19:00:00"));
        assert_eq!(leaves("2027-06-11T19:00:01"), local("2027-06-09T19:00:00"));
    }
}
