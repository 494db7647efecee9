//! Public holidays of France and of its territories, by computation: no list to renew each year.
//! They decide on which days no reminder leaves and, if the prefecture wishes, no slot is published.
//!
//! Sources, in words: Code du travail L.3133-1 (the eleven national days); ordinance of 16 August
//! 1892, kept in force for Bas-Rhin, Haut-Rhin and Moselle (Good Friday, 26 December); L.3422-2 and
//! decree 83-1003 (abolition of slavery, one day a territory); the labour codes of Nouvelle-Calédonie
//! (24 September), Wallis-et-Futuna (28 April, 29 June, 29 July) and Polynésie française (Good
//! Friday, 5 March, and since 2025 20 November in place of 29 June). Customary closing days that
//! no text makes a public holiday (Mardi gras, 21 July in the Antilles) are left out.

use chrono::{Datelike, Days, NaiveDate, TimeDelta};
use chrono_tz::Tz;

use super::local_time::Zone;
use super::text_enum::text_enum;

text_enum! {
    /// A part of France with its own list of public holidays.
    Territory {
        Metropole = "metropole",
        /// Bas-Rhin, Haut-Rhin, Moselle. No zone tells it: a site says so itself.
        AlsaceMoselle = "alsace_moselle",
        Guadeloupe = "guadeloupe",
        Martinique = "martinique",
        Guyane = "guyane",
        Reunion = "reunion",
        Mayotte = "mayotte",
        SaintPierreEtMiquelon = "saint_pierre_et_miquelon",
        SaintBarthelemy = "saint_barthelemy",
        SaintMartin = "saint_martin",
        NouvelleCaledonie = "nouvelle_caledonie",
        WallisEtFutuna = "wallis_et_futuna",
        PolynesieFrancaise = "polynesie_francaise",
    }
}

/// The first year in which 20 November replaced 29 June in Polynésie française.
const MATARII_SINCE: i32 = 2025;

impl Territory {
    /// Whether `date`, a local date, is a public holiday here.
    ///
    /// ```
    /// use passage::domain::holidays::Territory;
    ///
    /// let easter_monday = "2027-03-29".parse().unwrap();
    /// assert!(Territory::Metropole.is_holiday(easter_monday));
    /// let good_friday = "2027-03-26".parse().unwrap();
    /// assert!(!Territory::Metropole.is_holiday(good_friday));
    /// assert!(Territory::AlsaceMoselle.is_holiday(good_friday));
    /// ```
    pub fn is_holiday(self, date: NaiveDate) -> bool {
        let day = (date.month(), date.day());
        is_national(day) || self.is_local(day, date.year()) || self.follows_easter(date)
    }

    /// The public holidays of a year, in order. Empty for a year outside the calendar.
    pub fn holidays(self, year: i32) -> Vec<NaiveDate> {
        NaiveDate::from_yo_opt(year, 1).map_or_else(Vec::new, |first| {
            first
                .iter_days()
                .take_while(|day| day.year() == year)
                .filter(|day| self.is_holiday(*day))
                .collect()
        })
    }

    fn is_local(self, day: (u32, u32), year: i32) -> bool {
        match self {
            Self::Metropole | Self::SaintPierreEtMiquelon => false,
            Self::AlsaceMoselle => day == (12, 26),
            Self::Guadeloupe => day == (5, 27),
            Self::Martinique => day == (5, 22),
            Self::Guyane => day == (6, 10),
            Self::Reunion => day == (12, 20),
            Self::Mayotte => day == (4, 27),
            Self::SaintBarthelemy => day == (10, 9),
            Self::SaintMartin => day == (5, 28),
            Self::NouvelleCaledonie => day == (9, 24),
            Self::WallisEtFutuna => matches!(day, (4, 28) | (6 | 7, 29)),
            Self::PolynesieFrancaise if year < MATARII_SINCE => matches!(day, (3, 5) | (6, 29)),
            Self::PolynesieFrancaise => matches!(day, (3, 5) | (11, 20)),
        }
    }

    fn follows_easter(self, date: NaiveDate) -> bool {
        let Some(easter) = easter_sunday(date.year()) else {
            return false;
        };
        match (date - easter).num_days() {
            // Easter Monday, Ascension, Whit Monday.
            1 | 39 | 50 => true,
            // Good Friday.
            -2 => matches!(self, Self::AlsaceMoselle | Self::PolynesieFrancaise),
            _ => false,
        }
    }
}

/// The territory whose public holidays hold in a zone. Alsace and Moselle share Europe/Paris with the others:
/// their sites name them.
impl From<Zone> for Territory {
    fn from(zone: Zone) -> Self {
        match zone.tz() {
            Tz::America__Guadeloupe => Self::Guadeloupe,
            Tz::America__Martinique => Self::Martinique,
            Tz::America__Cayenne => Self::Guyane,
            Tz::America__Miquelon => Self::SaintPierreEtMiquelon,
            Tz::America__St_Barthelemy => Self::SaintBarthelemy,
            Tz::America__Marigot => Self::SaintMartin,
            Tz::Indian__Reunion => Self::Reunion,
            Tz::Indian__Mayotte => Self::Mayotte,
            Tz::Pacific__Noumea => Self::NouvelleCaledonie,
            Tz::Pacific__Wallis => Self::WallisEtFutuna,
            Tz::Pacific__Tahiti | Tz::Pacific__Marquesas | Tz::Pacific__Gambier => Self::PolynesieFrancaise,
            _ => Self::Metropole,
        }
    }
}

const fn is_national(month_day: (u32, u32)) -> bool {
    matches!(month_day, (1, 1) | (5, 1 | 8) | (7, 14) | (8, 15) | (11, 1 | 11) | (12, 25))
}

/// Easter Sunday of a Gregorian year (the computation of Meeus, Jones and Butcher), or `None` for a
/// year outside the calendar.
///
/// ```
/// use passage::domain::holidays::easter_sunday;
///
/// assert_eq!(easter_sunday(2027), "2027-03-28".parse().ok());
/// ```
pub fn easter_sunday(year: i32) -> Option<NaiveDate> {
    let golden = year.rem_euclid(19);
    let (century, in_century) = (year.div_euclid(100), year.rem_euclid(100));
    let correction = century - century.div_euclid(4) - (8 * century + 13).div_euclid(25);
    let epact = (19 * golden + correction + 15).rem_euclid(30);
    let moon = epact - (golden + 11 * epact).div_euclid(319);
    let weekday =
        (2 * century.rem_euclid(4) + 2 * in_century.div_euclid(4) - in_century.rem_euclid(4) - moon + 32)
            .rem_euclid(7);
    let after_march_21 = moon + weekday + 1;
    NaiveDate::from_ymd_opt(year, 3, 21)?.checked_add_signed(TimeDelta::days(after_march_21.into()))
}

/// The last day at or before `date` that is neither a Sunday nor a public holiday, or `None` at the
/// very beginning of the calendar.
pub fn last_open_day(territory: Territory, date: NaiveDate) -> Option<NaiveDate> {
    let mut day = date;
    while day.weekday() == chrono::Weekday::Sun || territory.is_holiday(day) {
        day = day.checked_sub_days(Days::new(1))?;
    }
    Some(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn easter_falls_on_the_published_days() {
        for text in [
            "1818-03-22",
            "1886-04-25",
            "1943-04-25",
            "1961-04-02",
            "2000-04-23",
            "2008-03-23",
            "2024-03-31",
            "2025-04-20",
            "2026-04-05",
            "2027-03-28",
            "2028-04-16",
            "2038-04-25",
            "2049-04-18",
            "2076-04-19",
        ] {
            assert_eq!(easter_sunday(day(text).year()), Some(day(text)));
        }
    }

    #[test]
    fn easter_is_always_a_sunday_between_22_march_and_25_april() {
        for year in 1583..=4099 {
            let easter = easter_sunday(year).unwrap();
            assert_eq!(easter.weekday(), chrono::Weekday::Sun);
            assert!((3, 22) <= (easter.month(), easter.day()) && (easter.month(), easter.day()) <= (4, 25));
        }
    }

    #[test]
    fn the_mainland_has_its_eleven_days_in_2027() {
        let expected = [
            "2027-01-01",
            "2027-03-29",
            "2027-05-01",
            "2027-05-06",
            "2027-05-08",
            "2027-05-17",
            "2027-07-14",
            "2027-08-15",
            "2027-11-01",
            "2027-11-11",
            "2027-12-25",
        ];
        assert_eq!(Territory::Metropole.holidays(2027), expected.map(day));
    }

    #[test]
    fn each_territory_adds_its_own_days() {
        let own = |territory: Territory| {
            territory
                .holidays(2027)
                .into_iter()
                .filter(|date| !Territory::Metropole.is_holiday(*date))
                .map(|date| date.format("%m-%d").to_string())
                .collect::<Vec<_>>()
        };
        assert_eq!(own(Territory::AlsaceMoselle), ["03-26", "12-26"]);
        assert_eq!(own(Territory::Guadeloupe), ["05-27"]);
        assert_eq!(own(Territory::Martinique), ["05-22"]);
        assert_eq!(own(Territory::Guyane), ["06-10"]);
        assert_eq!(own(Territory::Reunion), ["12-20"]);
        assert_eq!(own(Territory::Mayotte), ["04-27"]);
        assert_eq!(own(Territory::SaintPierreEtMiquelon), [""; 0]);
        assert_eq!(own(Territory::SaintBarthelemy), ["10-09"]);
        assert_eq!(own(Territory::SaintMartin), ["05-28"]);
        assert_eq!(own(Territory::NouvelleCaledonie), ["09-24"]);
        assert_eq!(own(Territory::WallisEtFutuna), ["04-28", "06-29", "07-29"]);
        assert_eq!(own(Territory::PolynesieFrancaise), ["03-05", "03-26", "11-20"]);
    }

    #[test]
    fn the_polynesian_day_moved_in_2025() {
        assert!(Territory::PolynesieFrancaise.is_holiday(day("2024-06-29")));
        assert!(!Territory::PolynesieFrancaise.is_holiday(day("2026-06-29")));
        assert!(Territory::PolynesieFrancaise.is_holiday(day("2026-11-20")));
    }

    #[test]
    fn the_last_open_day_steps_over_a_long_weekend() {
        assert_eq!(last_open_day(Territory::Metropole, day("2027-03-29")), Some(day("2027-03-27")));
        assert_eq!(last_open_day(Territory::AlsaceMoselle, day("2027-12-26")), Some(day("2027-12-24")));
    }
}
