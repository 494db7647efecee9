//! What both worlds share: who needs an appointment and when, what they can attend, which slots are put
//! online and when, and what happens to each person's appointments. It is made once from the seed, so
//! that the two worlds differ only in their rule.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeDelta, Utc, Weekday};

use super::dice::{Dice, Stream};
use super::scenario::{Scenario, ZONE};
use crate::domain::availability::Availability;
use crate::domain::holidays::Territory;
use crate::domain::ids::SiteId;
use crate::domain::slot::Half;
use crate::domain::timetable::Timetable;

/// The first day: a Monday.
pub const FIRST_DAY: NaiveDate = NaiveDate::from_ymd_opt(2027, 1, 4).unwrap();
/// Slots of one desk in a day, of twenty minutes each, from nine o'clock on.
const SLOTS_PER_DESK: u32 = 18;
pub const SLOT_MINUTES: u16 = 20;
/// When the phone is answered and the counter is open, local hours.
pub const OPEN_HOURS: std::ops::Range<u32> = 9..16;

/// The kind of person, as distinguished in the results.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// Online, honest, ordinary.
    Online,
    /// Online, honest, and always the first to click.
    Quick,
    /// Without internet.
    Assisted,
    /// Buys from a reseller.
    Client,
    /// Buys, and an agent helps.
    Favoured,
}

impl Group {
    pub const ALL: [Self; 5] = [Self::Online, Self::Quick, Self::Assisted, Self::Client, Self::Favoured];
}

pub struct Person {
    pub needs_at: DateTime<Utc>,
    pub group: Group,
    /// The reseller, for those who buy.
    pub reseller: Option<usize>,
    pub can: Availability,
    /// Comes late enough for the town to be full, and early enough to be followed to the end.
    pub measured: bool,
}

pub struct Seat {
    pub starts_at: DateTime<Utc>,
    pub date: NaiveDate,
    pub half: Half,
    pub desk: u16,
    /// Begins within the days that are measured.
    pub measured: bool,
}

/// What happens to one appointment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Turn {
    Attends,
    Misses,
    /// Gives it back, after this fraction of the time until it.
    GivesBack(f64),
}

/// One prefecture, ready to be simulated in both worlds.
pub struct Town {
    pub starts_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
    pub site: SiteId,
    /// By the time of their need.
    pub people: Vec<Person>,
    /// By their time.
    pub seats: Vec<Seat>,
    /// When which seats are put online.
    pub releases: Vec<(DateTime<Utc>, std::ops::Range<usize>)>,
    seed: u64,
    cancel_percent: u8,
    miss_percent: u8,
}

impl Town {
    pub fn new(scenario: &Scenario, seed: u64, site: SiteId) -> Self {
        let seats = seats(scenario);
        let mut town = Self {
            starts_at: at(0, 0),
            ends_at: at(scenario.days, 0),
            site,
            people: Vec::new(),
            releases: releases(scenario, &seats),
            seats,
            seed,
            cancel_percent: scenario.people.cancel_percent,
            miss_percent: scenario.people.miss_percent,
        };
        town.people = people(scenario, seed, site);
        town
    }

    /// What happens to this person's first, second … appointment: the same in both worlds.
    pub fn turn(&self, person: usize, attempt: u32) -> Turn {
        let mut dice = Dice::new(self.seed, Stream::Person(u32::try_from(person).unwrap_or(u32::MAX)));
        let mut turn = Turn::Attends;
        for _ in 0..=attempt {
            let (chance, way) = (dice.below(100), dice.unit());
            turn = if chance < usize::from(self.cancel_percent) {
                Turn::GivesBack(way)
            } else if chance < usize::from(self.cancel_percent) + usize::from(self.miss_percent) {
                Turn::Misses
            } else {
                Turn::Attends
            };
        }
        turn
    }

    /// Whether this person can use that seat, if it becomes theirs now.
    pub fn suits(&self, person: usize, seat: usize, now: DateTime<Utc>) -> bool {
        let (who, seat) = (&self.people[person], &self.seats[seat]);
        seat.starts_at > now.max(who.needs_at) + TimeDelta::hours(2)
            && who.can.accepts(self.site, seat.date, seat.half, ZONE.local_date(now))
    }
}

/// An instant of the simulation by its local day and minute.
pub fn at(day: u32, minute: u32) -> DateTime<Utc> {
    let local = (FIRST_DAY + Days::new(day.into())).and_time(NaiveTime::MIN);
    let local = local + TimeDelta::minutes(minute.into());
    // Clocks change at night, when nothing happens here.
    ZONE.to_utc(local).unwrap_or_else(|_| local.and_utc())
}

/// Whether the prefecture works on this day.
pub fn is_open(date: NaiveDate) -> bool {
    !matches!(date.weekday(), Weekday::Sat | Weekday::Sun) && !Territory::Metropole.is_holiday(date)
}

fn people(scenario: &Scenario, seed: u64, site: SiteId) -> Vec<Person> {
    let mut dice = Dice::new(seed, Stream::Town);
    let coming = u64::from(scenario.people.a_week) * u64::from(scenario.days) / 7;
    let mut needs: Vec<(u32, u32)> = (0..coming)
        .map(|_| (whole(dice.below(scenario.days as usize)), 7 * 60 + whole(dice.below(15 * 60))))
        .collect();
    needs.extend((0..scenario.people.backlog).map(|_| (0, 60 + whole(dice.below(60)))));
    needs.sort_unstable();
    let mut people: Vec<Person> =
        needs.into_iter().map(|need| person(scenario, &mut dice, site, need)).collect();
    favour(scenario, &mut people);
    people
}

fn whole(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

fn person(scenario: &Scenario, dice: &mut Dice, site: SiteId, (day, minute): (u32, u32)) -> Person {
    let people = &scenario.people;
    let mut can = Availability::anything(vec![site]);
    match dice.below(10) {
        0 | 1 => can.halves = vec![Half::Morning],
        2 => can.halves = vec![Half::Afternoon],
        3 | 4 => {
            let off = u8::try_from(dice.below(5)).unwrap_or(0);
            can.weekdays.retain(|day| *day != off);
        }
        _ => {}
    }
    let assisted = dice.percent(people.assisted_percent);
    let quick = dice.percent(people.quick_percent);
    let buys = dice.below(100);
    let mut share = 0;
    let reseller = scenario.resellers.iter().position(|reseller| {
        share += usize::from(reseller.client_percent);
        buys < share
    });
    let group = match (assisted, reseller, quick) {
        (true, ..) => Group::Assisted,
        (_, Some(_), _) => Group::Client,
        (.., true) => Group::Quick,
        _ => Group::Online,
    };
    let measured = day >= scenario.warm_up_days && day + scenario.within_days < scenario.days;
    let reseller = reseller.filter(|_| !assisted);
    Person { needs_at: at(day, minute), group, reseller, can, measured }
}

/// The insider favours the first clients of each thirty days.
fn favour(scenario: &Scenario, people: &mut [Person]) {
    let Some(insider) = &scenario.insider else { return };
    let (mut month, mut left) = (-1, 0);
    for person in people.iter_mut().filter(|person| person.group == Group::Client) {
        let now = (person.needs_at - at(0, 0)).num_days() / 30;
        if now != month {
            (month, left) = (now, insider.favours_a_month);
        }
        if left > 0 {
            left -= 1;
            person.group = Group::Favoured;
        }
    }
}

fn seats(scenario: &Scenario) -> Vec<Seat> {
    let mut seats = Vec::new();
    let a_week = scenario.slots.a_week;
    for day in 1..scenario.days + u32::from(scenario.slots.ahead_days) {
        let date = FIRST_DAY + Days::new(day.into());
        if !is_open(date) {
            continue;
        }
        let weekday = date.weekday().num_days_from_monday();
        let today = a_week * (weekday + 1) / 5 - a_week * weekday / 5;
        for n in 0..today {
            // Desk by desk in turn, so that a day with few slots still has an afternoon.
            let desks = today.div_ceil(SLOTS_PER_DESK);
            let (desk, place) = (n % desks, n / desks);
            let spread = SLOTS_PER_DESK * place / today.div_ceil(desks).max(1);
            let starts_at = at(day, 9 * 60 + spread * u32::from(SLOT_MINUTES));
            let half = ZONE.half_of(starts_at);
            let measured = (scenario.warm_up_days..scenario.days).contains(&day);
            let desk = u16::try_from(desk + 1).unwrap_or(u16::MAX);
            seats.push(Seat { starts_at, date, half, desk, measured });
        }
    }
    seats.sort_by_key(|seat| (seat.starts_at, seat.desk));
    seats
}

fn releases(scenario: &Scenario, seats: &[Seat]) -> Vec<(DateTime<Utc>, std::ops::Range<usize>)> {
    let Ok(timetable) = Timetable::parse(&scenario.slots.release, ZONE) else {
        return Vec::new();
    };
    let (mut releases, mut online) = (Vec::new(), 0);
    let mut next = timetable.next_after(at(0, 0));
    while let Some(now) = next.filter(|now| *now < at(scenario.days, 0)) {
        let today = ZONE.local_date(now);
        let until = today + Days::new(scenario.slots.ahead_days.into());
        let passed = seats.partition_point(|seat| seat.date <= today).max(online);
        let end = seats.partition_point(|seat| seat.date <= until).max(passed);
        if end > passed {
            releases.push((now, passed..end));
            online = end;
        }
        next = timetable.next_after(now);
    }
    releases
}
