//! When a letter counts as received. Nobody knows the day on which it is read, so a convention stands for
//! that day: five days after posting. Whoever is reached by letters only is given no appointment that comes
//! before it, and their terms begin with it.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, Utc, Weekday};

use super::availability::Availability;
use super::holidays::Territory;
use super::ids::SiteId;
use super::local_time::{Half, Zone};
use super::text_enum::text_enum;

/// Days from the day of posting to the one on which a letter counts as received. A convention of the
/// prefecture, in favour of the addressee: ordinary mail takes three days, and a letter box is not emptied
/// every day.
pub const DELIVERY_DAYS: u64 = 5;
/// The local time from which a letter counts as read on that day.
const EVENING: NaiveTime = NaiveTime::from_hms_opt(20, 0, 0).unwrap();

text_enum! {
    /// How a letter has left.
    Sent {
        /// Given to its addressee.
        HandedOver = "handed_over",
        Posted = "posted",
    }
}

impl Sent {
    /// When a letter that leaves at `now` counts as received: at once from hand to hand, else in the evening of
    /// the fifth day.
    ///
    /// ```
    /// use passage::domain::{letter::Sent, local_time::Zone};
    ///
    /// let monday = "2027-06-07T07:00:00Z".parse().unwrap();
    /// let received = Sent::Posted.received_at(monday, Zone::PARIS);
    /// assert_eq!(Zone::PARIS.local(received).to_string(), "2027-06-12 20:00:00");
    /// assert_eq!(Sent::HandedOver.received_at(monday, Zone::PARIS), monday);
    /// ```
    pub fn received_at(self, now: DateTime<Utc>, zone: Zone) -> DateTime<Utc> {
        let evening = received_on(zone.local_date(now)).and_time(EVENING);
        match self {
            Self::HandedOver => now,
            // No French zone changes its clocks in the evening, so the time exists.
            Self::Posted => zone.to_utc(evening).unwrap_or(now + Days::new(DELIVERY_DAYS)),
        }
    }
}

fn received_on(posted: NaiveDate) -> NaiveDate {
    posted + Days::new(DELIVERY_DAYS)
}

/// The day on which the letters of a draw are expected to be posted: the first working day after it.
fn posted_on(drawn_on: NaiveDate, territory: Territory) -> NaiveDate {
    let is_working = |day: &NaiveDate| {
        !matches!(day.weekday(), Weekday::Sat | Weekday::Sun) && !territory.is_holiday(*day)
    };
    drawn_on.iter_days().skip(1).find(is_working).unwrap_or(drawn_on)
}

/// When the convocations of a draw reach somebody, and what that leaves them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Notified {
    /// The day from which the holder's own notice is counted.
    pub on: NaiveDate,
    /// No appointment comes before this day.
    pub first_day: NaiveDate,
}

impl Notified {
    /// At once: the minimum notice is already counted from the draw, by the hour.
    pub const fn at_once(drawn_on: NaiveDate) -> Self {
        Self { on: drawn_on, first_day: drawn_on }
    }

    /// By a letter posted on the first working day after the draw: the minimum notice begins on its receipt.
    pub fn by_letter(drawn_on: NaiveDate, territory: Territory, notice_days: u16) -> Self {
        let on = received_on(posted_on(drawn_on, territory));
        Self { on, first_day: on + Days::new(notice_days.into()) }
    }

    /// Whether somebody who can come so is told of a slot in time.
    pub fn allows(self, can: &Availability, site: SiteId, date: NaiveDate, half: Half) -> bool {
        date >= self.first_day && can.accepts(site, date, half, self.on)
    }

    /// By letter, or at once.
    pub fn of(letters_only: bool, drawn_on: NaiveDate, territory: Territory, notice_days: u16) -> Self {
        if letters_only { Self::by_letter(drawn_on, territory, notice_days) } else { Self::at_once(drawn_on) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_day_of_posting_is_the_local_one() {
        // Half past eleven in the evening, UTC, is the next day in Paris.
        let at = "2027-06-07T22:30:00Z".parse().unwrap();
        let received = Sent::Posted.received_at(at, Zone::PARIS);
        assert_eq!(Zone::PARIS.local(received).to_string(), "2027-06-13 20:00:00");
    }

    #[test]
    fn five_days_are_counted_by_the_calendar_over_a_change_of_clocks() {
        let at = "2027-03-26T08:00:00Z".parse().unwrap();
        assert_eq!(Sent::Posted.received_at(at, Zone::PARIS).to_rfc3339(), "2027-03-31T18:00:00+00:00");
    }

    #[test]
    fn letters_of_a_draw_are_posted_on_the_next_working_day() {
        let posted = |drawn_on| posted_on(day(drawn_on), Territory::Metropole);
        assert_eq!(posted("2027-06-07"), day("2027-06-08"), "a Monday");
        assert_eq!(posted("2027-06-04"), day("2027-06-07"), "a Friday");
        assert_eq!(posted("2027-03-27"), day("2027-03-30"), "the Saturday before Easter");
        let in_alsace = posted_on(day("2027-03-25"), Territory::AlsaceMoselle);
        assert_eq!(in_alsace, day("2027-03-30"), "the Thursday before Good Friday");
    }

    #[test]
    fn a_letter_leaves_the_minimum_notice_after_its_receipt() {
        let by_letter = Notified::of(true, day("2027-06-07"), Territory::Metropole, 3);
        assert_eq!(by_letter, Notified { on: day("2027-06-13"), first_day: day("2027-06-16") });
        let at_once = Notified::of(false, day("2027-06-07"), Territory::Metropole, 3);
        assert_eq!(at_once, Notified { on: day("2027-06-07"), first_day: day("2027-06-07") });
    }

    #[test]
    fn the_first_appointment_by_letter_begins_after_the_letter_counts_as_received() {
        // Under the shortest notice that rules may have, for each day of a year.
        for drawn_on in day("2027-01-01").iter_days().take(366) {
            let notified = Notified::by_letter(drawn_on, Territory::Metropole, 1);
            let posted = posted_on(drawn_on, Territory::Metropole);
            let noon = Zone::PARIS.to_utc(posted.and_hms_opt(12, 0, 0).unwrap()).unwrap();
            let midnight = Zone::PARIS.to_utc(notified.first_day.and_time(NaiveTime::MIN)).unwrap();
            assert!(Sent::Posted.received_at(noon, Zone::PARIS) < midnight, "{drawn_on}");
        }
    }
}
