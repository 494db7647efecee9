//! A manager who cuts slots for a friend, on the program's own rules, lists and draws: each Monday a friend
//! registers, and a slot on a Saturday, when nobody else said they come, is meant to be theirs. The game is
//! played without the rules of publication, then with them, in the ways that they leave open.

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use serde::Serialize;

use super::dice::{Dice, Stream, seed_of};
use super::memory::{Memory, Seeded, Setup};
use super::queue::{Applicant, Handle, Identity, Queue};
use super::scenario::{Scenario, ZONE};
use super::town::{FIRST_DAY, Seat, Town, at};
use super::{SITE, preset};
use crate::domain::actor::Channel;
use crate::domain::audience::{Audience, SeatKind};
use crate::domain::availability::Availability;
use crate::domain::rules::Rules;
use crate::domain::slot::Half;
use crate::domain::statistics::{Bounded, Share};
use crate::domain::timetable::Timetable;

/// Its name on the command line.
pub const NAME: &str = "cut-slots";
pub const TITLE: &str = "A manager who cuts slots for a friend, with and without the rules of publication";

/// Weeks in which the town fills; then one friend a week, for as many weeks as are left.
const FILLING_WEEKS: u32 = 6;
const WEEKS: u32 = 18;
/// Friends and others are compared by who has a convocation within so many days.
const WITHIN_DAYS: i64 = 7;
/// Of those who wait, who sees within a day that a Saturday is published, and takes it up (assumed).
const SEE_PERCENT: u8 = 10;
/// Numbers of friends, far above those of the town.
const FRIENDS: u64 = 1_000_000;
const SATURDAY: u8 = 5;

/// A way to play.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Ploy {
    /// No rules of publication: an hour before the list, alone.
    WithoutRules,
    /// With the rules: the same.
    Alone,
    /// A second manager agrees: the slot is public for a day, and the draw says who could accept it.
    TwoManagers,
    /// Hidden in the week's ordinary publication, which needs nobody's consent.
    Mixed,
}

impl Ploy {
    pub const ALL: [Self; 4] = [Self::WithoutRules, Self::Alone, Self::TwoManagers, Self::Mixed];

    pub const fn words(self) -> &'static str {
        match self {
            Self::WithoutRules => "without the rules: alone, an hour before the list",
            Self::Alone => "with them: the same",
            Self::TwoManagers => "with them: a second manager agrees",
            Self::Mixed => "with them: hidden among ordinary slots",
        }
    }
}

/// What a ploy was worth.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Line {
    pub ploy: Ploy,
    pub friends: Share,
    pub others: Share,
    /// A friend's chances over another's.
    pub ratio: Option<Bounded>,
    /// Slots refused for want of a second person.
    pub refused: u32,
}

/// Plays every ploy so often.
///
/// # Panics
/// If the built-in scenario cannot be read, which a test excludes.
pub fn run(seed: u64, replications: u32, lived: impl Fn()) -> Vec<Line> {
    let text = preset("high-demand").expect("a built-in scenario");
    let scenario = Scenario::parse(text).expect("a built-in scenario can be read");
    Ploy::ALL.map(|ploy| play(&scenario, ploy, seed, replications, &lived)).to_vec()
}

fn play(scenario: &Scenario, ploy: Ploy, seed: u64, replications: u32, lived: &impl Fn()) -> Line {
    let (mut friends, mut others, mut refused) = (Share::default(), Share::default(), 0);
    for replication in 0..replications {
        let game = Game::play(scenario, ploy, seed_of(seed, replication));
        friends = friends.and(game.friends);
        others = others.and(game.others);
        refused += game.refused;
        lived();
    }
    Line { ploy, friends, others, ratio: friends.over(others), refused }
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    Come(usize),
    Friend,
    Release,
    Cut,
    Tick,
}

/// Who waits, or waited.
struct Waiting {
    can: Availability,
    since: DateTime<Utc>,
    is_friend: bool,
    won_at: Option<DateTime<Utc>>,
}

struct Game<'a> {
    ploy: Ploy,
    town: &'a Town,
    ahead_days: u16,
    rules: Rules,
    queue: Memory<'a, Seeded>,
    dice: Dice,
    /// By entry.
    people: Vec<Waiting>,
    published: Vec<bool>,
    friend: Option<Handle>,
    refused: u32,
}

/// The counts of one game.
struct Played {
    friends: Share,
    others: Share,
    refused: u32,
}

impl Game<'_> {
    fn play(scenario: &Scenario, ploy: Ploy, seed: u64) -> Played {
        let scenario = Scenario { days: WEEKS * 7, ..scenario.clone() };
        let mut town = Town::new(&scenario, seed, SITE);
        town.seats.extend((FILLING_WEEKS..WEEKS).map(saturday_seat));
        town.seats.sort_by_key(|seat| (seat.starts_at, seat.desk));
        let mut rules = scenario.passage.rules.clone();
        (rules.public_hours, rules.few_percent) = if ploy == Ploy::WithoutRules { (0, 0) } else { (24, 10) };
        let mut game = Game {
            ploy,
            town: &town,
            ahead_days: scenario.slots.ahead_days,
            queue: Memory::new(&town, Setup::new(rules.clone(), true), Seeded(seed)),
            rules,
            dice: Dice::new(seed, Stream::Passage),
            people: Vec::new(),
            published: vec![false; town.seats.len()],
            friend: None,
            refused: 0,
        };
        for (now, event) in game.events() {
            game.happen(now, event);
        }
        game.count()
    }

    fn events(&self) -> Vec<(DateTime<Utc>, Event)> {
        let people = self.town.people.iter().enumerate().map(|(n, who)| (who.needs_at, Event::Come(n)));
        let mut events: Vec<_> = people.collect();
        for week in 0..WEEKS {
            let monday = |hour: u32| at(week * 7, hour * 60);
            events.push((monday(9), Event::Release));
            if week >= FILLING_WEEKS {
                events.push((monday(8), Event::Friend));
                let hour = if self.ploy == Ploy::Mixed { 9 } else { 17 };
                events.push((monday(hour), Event::Cut));
            }
        }
        let timetable = Timetable::parse(&self.rules.timetable, ZONE).expect("checked with the scenario");
        let lead = TimeDelta::minutes(self.rules.lead_minutes.into());
        let mut freeze_at = at(0, 0);
        events.push((freeze_at, Event::Tick));
        while let Some(next) = timetable.next_after(freeze_at).filter(|next| *next < self.town.ends_at) {
            events.extend([(next, Event::Tick), (next + lead, Event::Tick)]);
            freeze_at = next;
        }
        events.sort_unstable();
        events
    }

    fn happen(&mut self, now: DateTime<Utc>, event: Event) {
        match event {
            Event::Come(person) => {
                let can = self.town.people[person].can.clone();
                self.come(now, Identity::Number(person as u64), can, false);
            }
            Event::Friend => {
                let number = FRIENDS + now.timestamp().unsigned_abs();
                let can = Availability::anything(vec![SITE]);
                self.friend = self.come(now, Identity::Number(number), can, true);
            }
            Event::Release => self.release(now),
            Event::Cut => self.cut(now),
            Event::Tick => {
                for win in self.queue.tick(now) {
                    self.people[win.entry].won_at = Some(now);
                }
            }
        }
    }

    fn come(
        &mut self,
        now: DateTime<Utc>,
        identity: Identity,
        can: Availability,
        is_friend: bool,
    ) -> Option<Handle> {
        let deadline = ZONE.local_date(now) + Days::new(365);
        let applicant = Applicant { identity, channel: Channel::Online, can: can.clone(), deadline };
        let entry = self.queue.register(now, &applicant).ok()?;
        self.people.push(Waiting { can, since: now, is_friend, won_at: None });
        Some(entry)
    }

    /// Puts the ordinary slots of the coming days online.
    fn release(&mut self, now: DateTime<Utc>) {
        let until = ZONE.local_date(now) + Days::new(self.ahead_days.into());
        for seat in 0..self.town.seats.len() {
            let Seat { date, starts_at, .. } = self.town.seats[seat];
            if !is_saturday(date) && date <= until && starts_at > now && !self.published[seat] {
                self.publish(now, seat);
            }
        }
    }

    fn publish(&mut self, now: DateTime<Utc>, seat: usize) {
        self.published[seat] = true;
        self.queue.publish(now, seat..seat + 1);
    }

    /// The manager publishes a Saturday, and the friend says that they come.
    fn cut(&mut self, now: DateTime<Utc>) {
        let date = next_saturday(now);
        let Some(seat) = self.town.seats.iter().position(|seat| seat.date == date) else { return };
        let kind = SeatKind { site: SITE, date, half: Half::Morning, drawn_on: ZONE.local_date(now) };
        let waiting = self.people.iter().filter(|one| one.won_at.is_none()).map(|one| (&one.can, 1));
        let is_few = Audience::of_best(waiting, [kind]).is_few(self.rules.few_percent);
        // An ordinary publication holds slots that suit many, so nobody is asked about the one that does not.
        if is_few && self.ploy == Ploy::Alone {
            self.refused += 1;
            return;
        }
        self.publish(now, seat);
        let with_rules = self.ploy != Ploy::WithoutRules;
        for entry in 0..self.people.len() {
            if self.people[entry].won_at.is_some() {
                continue;
            }
            let sees = with_rules && self.dice.percent(SEE_PERCENT);
            if (sees || self.friend == Some(entry)) && !self.people[entry].can.weekdays.contains(&SATURDAY) {
                self.people[entry].can.weekdays.push(SATURDAY);
                self.queue.change(now, entry, self.people[entry].can.clone());
            }
        }
    }

    fn count(self) -> Played {
        let (mut friends, mut others) = (Share::default(), Share::default());
        let (from, to) = (at(FILLING_WEEKS * 7, 0), self.town.ends_at - TimeDelta::days(WITHIN_DAYS));
        for one in self.people.iter().filter(|one| (from..to).contains(&one.since)) {
            let within = one.since + TimeDelta::days(WITHIN_DAYS);
            let group = if one.is_friend { &mut friends } else { &mut others };
            group.count(one.won_at.is_some_and(|at| at <= within));
        }
        Played { friends, others, refused: self.refused }
    }
}

/// The Saturday of the week after next week's Monday: within notice and horizon of the week's draws.
fn next_saturday(monday: DateTime<Utc>) -> NaiveDate {
    ZONE.local_date(monday) + Days::new(12)
}

fn saturday_seat(week: u32) -> Seat {
    let day = week * 7 + 12;
    let date = FIRST_DAY + Days::new(day.into());
    Seat { starts_at: at(day, 9 * 60), date, half: Half::Morning, desk: 1, measured: false }
}

fn is_saturday(date: NaiveDate) -> bool {
    chrono::Datelike::weekday(&date) == chrono::Weekday::Sat
}
