//! First-come booking: slots appear at some instant and whoever clicks first gets them; a cancelled slot
//! is back in the pool at once, for whoever is looking. As on RDV Préfecture.
//!
//! Honest people look at the page from time to time. This is a Poisson process, so only the next look of all
//! of them together has to be computed, and only while something is free. Some people are at the screen
//! when slots are released. Bots look all the time. A reseller is limited by the time that a bot needs for
//! a booking, by the number of clients, and by the number of available identities.

use std::collections::{BTreeSet, VecDeque};

use chrono::{DateTime, Days, TimeDelta, Timelike, Utc};

use super::agenda::Agenda;
use super::dice::{Dice, Stream};
use super::lived::{Lived, SeatEnd};
use super::scenario::{Scenario, ZONE};
use super::town::{Group, OPEN_HOURS, Town, Turn, is_open};

/// How often a bot requests the page, in seconds; each bot of a firm does so at a different moment.
const POLL_S: f64 = 1.0;
/// Hours in which people online are awake.
const AWAKE_HOURS: std::ops::Range<u32> = 7..23;
/// Working hours in a month.
const MONTH_OPEN_S: f64 = 21.0 * 7.0 * 3_600.0;
/// How much more often the quick look.
const QUICK_TIMES: f64 = 10.0;
/// Reaction times to a release, in seconds, of the quick and of all others.
const QUICK_CLICK_S: (f64, f64) = (2.0, 15.0);
const CLICK_S: (f64, f64) = (20.0, 900.0);

#[derive(Clone, Copy)]
enum Event {
    Release(usize),
    /// A person's need begins; for a client, the firm hears of it.
    Need(usize),
    Click(usize),
    /// One bot of a firm is ready to book.
    Bot(usize),
    /// The firm that freed this seat books it under its buyer's name.
    Rebook {
        firm: usize,
        client: usize,
        seat: usize,
    },
    GiveBack {
        person: usize,
        seat: usize,
    },
    /// A firm gives an unsold seat back.
    Drop {
        firm: usize,
        seat: usize,
    },
    /// A seat's time has come.
    Time(usize),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Holder {
    Person(usize),
    Firm(usize),
}

/// The resources of a reseller.
#[derive(Default)]
struct Firm {
    idle_bots: usize,
    /// Clients to be seated, first come first served.
    orders: VecDeque<usize>,
    /// Seats under other people's names.
    stock: BTreeSet<usize>,
    stock_max: usize,
    /// Seats about to be booked again for their buyers.
    handing: BTreeSet<usize>,
}

/// People who look from time to time, all at one rate.
#[derive(Default)]
struct Lookers {
    people: Vec<usize>,
}

struct World<'a> {
    scenario: &'a Scenario,
    town: &'a Town,
    lived: Lived,
    dice: Dice,
    agenda: Agenda<Event>,
    now: DateTime<Utc>,
    pool: BTreeSet<usize>,
    holder: Vec<Option<Holder>>,
    attempts: Vec<u32>,
    firms: Vec<Firm>,
    /// Ordinary, quick, assisted.
    lookers: [Lookers; 3],
    /// Each person's position among those who look.
    place: Vec<Option<usize>>,
    /// Clients for whom an agent takes a seat before its release.
    favoured: VecDeque<usize>,
}

/// Simulates the whole time with first-come booking. `day` is called for each day that has passed.
pub fn live(scenario: &Scenario, town: &Town, seed: u64, mut day: impl FnMut()) -> Lived {
    let mut world = World::new(scenario, town, seed);
    world.plan_everything();
    let mut midnight = town.starts_at + Days::new(1);
    while world.step() {
        while world.now >= midnight && midnight <= town.ends_at {
            midnight = midnight + Days::new(1);
            day();
        }
    }
    world.lived
}

impl<'a> World<'a> {
    fn new(scenario: &'a Scenario, town: &'a Town, seed: u64) -> Self {
        let firms = scenario.resellers.iter().map(|reseller| {
            let invented = if scenario.first_come.number_checked { 0 } else { reseller.false_identities };
            Firm {
                idle_bots: reseller.bots as usize,
                stock_max: (reseller.borrowed_identities + invented) as usize,
                ..Firm::default()
            }
        });
        Self {
            scenario,
            town,
            lived: Lived::new(town),
            dice: Dice::new(seed, Stream::FirstCome),
            agenda: Agenda::default(),
            now: town.starts_at,
            pool: BTreeSet::new(),
            holder: vec![None; town.seats.len()],
            attempts: vec![0; town.people.len()],
            firms: firms.collect(),
            lookers: Default::default(),
            place: vec![None; town.people.len()],
            favoured: VecDeque::new(),
        }
    }

    fn plan_everything(&mut self) {
        for (number, (at, seats)) in self.town.releases.iter().enumerate() {
            self.agenda.plan(*at, Event::Release(number));
            for seat in seats.clone() {
                self.agenda.plan(self.town.seats[seat].starts_at, Event::Time(seat));
            }
        }
        for (number, person) in self.town.people.iter().enumerate() {
            let early = person.reseller.map_or(0, |firm| self.scenario.resellers[firm].early_days);
            let hears_at = (person.needs_at - Days::new(early.into())).max(self.town.starts_at);
            self.agenda.plan(hears_at, Event::Need(number));
        }
    }

    /// The next thing that happens: an event, or somebody's look at the page before it.
    fn step(&mut self) -> bool {
        let Some(next_at) = self.agenda.next_at().filter(|at| *at <= self.town.ends_at) else {
            return false;
        };
        if let Some((at, looker)) = self.next_look(next_at) {
            self.now = at;
            if let Some(person) = looker {
                self.click(person);
            }
            return true;
        }
        let Some((at, event)) = self.agenda.next() else { return false };
        self.now = at;
        self.happen(event);
        true
    }

    /// The next look before `until`, if anything is free. Without a person: the hour has ended, and the
    /// rates at which people look change.
    fn next_look(&mut self, until: DateTime<Utc>) -> Option<(DateTime<Utc>, Option<usize>)> {
        if self.pool.is_empty() {
            return None;
        }
        let rates = self.rates();
        let weights: [f64; 3] = std::array::from_fn(|class| rates[class] * self.count(class));
        let all: f64 = weights.iter().sum();
        let hour_ends = self.now + TimeDelta::seconds(3_600 - self.now.timestamp().rem_euclid(3_600));
        let at = if all > 0.0 {
            self.now + TimeDelta::milliseconds(self.dice.millis_until(all).max(1))
        } else {
            hour_ends
        };
        if at.min(hour_ends) >= until {
            return None;
        }
        if at >= hour_ends {
            return Some((hour_ends, None));
        }
        let mut chosen = self.dice.unit() * all;
        let class = weights.iter().position(|weight| {
            chosen -= weight;
            chosen < 0.0
        });
        let people = &self.lookers[class.unwrap_or(0)].people;
        let looker = people.get(self.dice.below(people.len())).copied();
        Some((at, looker))
    }

    #[expect(clippy::cast_precision_loss, reason = "a number of people")]
    fn count(&self, class: usize) -> f64 {
        self.lookers[class].people.len() as f64
    }

    /// Looks per second of one person of each kind, at this hour.
    fn rates(&self) -> [f64; 3] {
        let local = ZONE.local(self.now);
        let people = &self.scenario.people;
        let awake_s = f64::from(AWAKE_HOURS.end - AWAKE_HOURS.start) * 3_600.0;
        let online = if AWAKE_HOURS.contains(&local.hour()) { people.looks_a_day / awake_s } else { 0.0 };
        let helped = OPEN_HOURS.contains(&local.hour()) && is_open(local.date());
        let assisted = if helped { people.help_a_month / MONTH_OPEN_S } else { 0.0 };
        [online, online * QUICK_TIMES, assisted]
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Release(number) => self.release(number),
            Event::Need(person) => self.seek(person),
            Event::Click(person) => {
                self.click(person);
            }
            Event::Bot(firm) => self.bot(firm),
            Event::Rebook { firm, client, seat } => self.rebook(firm, client, seat),
            Event::GiveBack { person, seat } => {
                if self.holder[seat] == Some(Holder::Person(person)) {
                    self.free(seat);
                    self.seek(person);
                }
            }
            Event::Drop { firm, seat } => {
                if self.firms[firm].stock.remove(&seat) {
                    self.free(seat);
                }
            }
            Event::Time(seat) => self.time_comes(seat),
        }
    }

    fn release(&mut self, number: usize) {
        let (_, seats) = &self.town.releases[number];
        self.pool.extend(seats.clone());
        for _ in 0..self.favoured.len() {
            let Some(client) = self.favoured.pop_front() else { break };
            if !self.click(client) {
                self.favoured.push_back(client);
            }
        }
        for (class, (from, to)) in [(0, CLICK_S), (1, QUICK_CLICK_S)] {
            for at in 0..self.lookers[class].people.len() {
                if self.dice.percent(self.scenario.people.rush_percent) {
                    let wait = TimeDelta::milliseconds(self.dice.millis_between(from, to));
                    self.agenda.plan(self.now + wait, Event::Click(self.lookers[class].people[at]));
                }
            }
        }
        self.wake_bots();
    }

    /// Bots see that something is free, each at its next look.
    fn wake_bots(&mut self) {
        for firm in 0..self.firms.len() {
            let all = self.scenario.resellers[firm].bots as usize;
            let wants = !self.firms[firm].orders.is_empty() || self.has_room(firm);
            let woken = if wants { self.firms[firm].idle_bots.min(self.pool.len()) } else { 0 };
            self.firms[firm].idle_bots -= woken;
            for n in 0..woken {
                let wait = self.dice.millis_between(part(n, all), part(n + 1, all));
                self.agenda.plan(self.now + TimeDelta::milliseconds(wait), Event::Bot(firm));
            }
        }
    }

    fn has_room(&self, firm: usize) -> bool {
        self.firms[firm].stock.len() + self.firms[firm].handing.len() < self.firms[firm].stock_max
    }

    /// Somebody without an appointment does what their kind does.
    fn seek(&mut self, person: usize) {
        let who = &self.town.people[person];
        self.lived.waits(self.town, person);
        match (who.group, who.reseller) {
            (Group::Favoured, _) => self.favoured.push_back(person),
            (_, Some(firm)) => self.order(firm, person),
            (group, None) => {
                let class = class_of(group);
                self.place[person] = Some(self.lookers[class].people.len());
                self.lookers[class].people.push(person);
                if group != Group::Assisted {
                    self.agenda.plan(self.now + TimeDelta::minutes(1), Event::Click(person));
                }
            }
        }
    }

    /// A client asks the firm: it hands over a seat from its stock, or takes the order.
    fn order(&mut self, firm: usize, client: usize) {
        let suits = |seat: &&usize| self.town.suits(client, **seat, self.now);
        let stocked = self.firms[firm].stock.iter().find(suits).copied();
        let Some(seat) = stocked else {
            self.firms[firm].orders.push_back(client);
            if !self.pool.is_empty() {
                self.wake_bots();
            }
            return;
        };
        self.firms[firm].stock.remove(&seat);
        self.firms[firm].handing.insert(seat);
        let takes = super::dice::millis(self.scenario.first_come.handover_seconds);
        self.agenda.plan(self.now + TimeDelta::milliseconds(takes), Event::Rebook { firm, client, seat });
        self.free(seat);
    }

    /// A seat is back in the pool, for whoever looks.
    fn free(&mut self, seat: usize) {
        self.holder[seat] = None;
        if self.town.seats[seat].starts_at > self.now {
            self.pool.insert(seat);
            self.wake_bots();
        }
    }

    fn rebook(&mut self, firm: usize, client: usize, seat: usize) {
        self.firms[firm].handing.remove(&seat);
        if self.pool.contains(&seat) {
            self.book(client, seat);
        } else {
            self.order(firm, client);
        }
    }

    fn bot(&mut self, firm: usize) {
        let booked = self.seat_a_client(firm) || self.stock_up(firm);
        if booked {
            let busy = TimeDelta::milliseconds(super::dice::millis(self.scenario.first_come.bot_seconds));
            self.agenda.plan(self.now + busy, Event::Bot(firm));
        } else {
            self.firms[firm].idle_bots += 1;
        }
    }

    fn seat_a_client(&mut self, firm: usize) -> bool {
        let free = |seat: &&usize| !self.firms[firm].handing.contains(*seat);
        let found = self.firms[firm].orders.iter().enumerate().find_map(|(at, client)| {
            let suits = |seat: &&usize| free(seat) && self.town.suits(*client, **seat, self.now);
            self.pool.iter().find(suits).map(|seat| (at, *client, *seat))
        });
        let Some((at, client, seat)) = found else { return false };
        self.firms[firm].orders.remove(at);
        self.book(client, seat);
        true
    }

    /// Books a seat under another name, to sell it later.
    fn stock_up(&mut self, firm: usize) -> bool {
        if !self.has_room(firm) {
            return false;
        }
        let back = Days::new(self.scenario.resellers[firm].unsold_back_days.into());
        let soonest = self.now + back + Days::new(1);
        let sellable = |seat: &&usize| {
            self.town.seats[**seat].starts_at > soonest && !self.firms[firm].handing.contains(*seat)
        };
        let Some(seat) = self.pool.iter().find(sellable).copied() else { return false };
        self.pool.remove(&seat);
        self.holder[seat] = Some(Holder::Firm(firm));
        self.lived.taken(seat);
        self.firms[firm].stock.insert(seat);
        self.agenda.plan(self.town.seats[seat].starts_at - back, Event::Drop { firm, seat });
        true
    }

    /// Somebody looks, and books the first seat that suits them.
    fn click(&mut self, person: usize) -> bool {
        let waits = self.place[person].is_some() || self.town.people[person].group == Group::Favoured;
        let suits = |seat: &&usize| self.town.suits(person, **seat, self.now);
        let found = if waits { self.pool.iter().find(suits).copied() } else { None };
        if let Some(seat) = found {
            self.book(person, seat);
        }
        found.is_some()
    }

    fn book(&mut self, person: usize, seat: usize) {
        self.pool.remove(&seat);
        self.stop_looking(person);
        self.lived.settled(self.town, person);
        self.holder[seat] = Some(Holder::Person(person));
        self.lived.taken(seat);
        let turn = self.town.turn(person, self.attempts[person]);
        if let Turn::GivesBack(way) = turn {
            self.attempts[person] += 1;
            let at = on_the_way(self.now, self.town.seats[seat].starts_at, way);
            self.agenda.plan(at, Event::GiveBack { person, seat });
        }
    }

    fn stop_looking(&mut self, person: usize) {
        let Some(place) = self.place[person].take() else { return };
        let people = &mut self.lookers[class_of(self.town.people[person].group)].people;
        people.swap_remove(place);
        if let Some(moved) = people.get(place) {
            self.place[*moved] = Some(place);
        }
    }

    fn time_comes(&mut self, seat: usize) {
        self.pool.remove(&seat);
        match self.holder[seat] {
            Some(Holder::Person(person)) => {
                if self.town.turn(person, self.attempts[person]) == Turn::Misses {
                    self.attempts[person] += 1;
                    self.lived.seats[seat] = Some(SeatEnd::Missed);
                    self.lived.missed(person);
                    self.seek(person);
                } else {
                    self.lived.served(self.town, person, seat);
                }
            }
            Some(Holder::Firm(firm)) => {
                self.firms[firm].stock.remove(&seat);
                self.lived.seats[seat] = Some(SeatEnd::Held);
            }
            None => self.lived.left_free(self.town, seat),
        }
    }
}

const fn class_of(group: Group) -> usize {
    match group {
        Group::Quick => 1,
        Group::Assisted => 2,
        Group::Online | Group::Client | Group::Favoured => 0,
    }
}

/// The moment at which a firm's bot number `n` of `all` looks.
#[expect(clippy::cast_precision_loss, reason = "a number of bots")]
fn part(n: usize, all: usize) -> f64 {
    POLL_S * n as f64 / all.max(1) as f64
}

/// The instant at this fraction of the time between two instants, at the latest an hour before the end.
pub fn on_the_way(from: DateTime<Utc>, to: DateTime<Utc>, way: f64) -> DateTime<Utc> {
    let length_s = u32::try_from((to - from).num_seconds().max(3_600) - 3_600).unwrap_or(u32::MAX);
    from + TimeDelta::milliseconds(super::dice::millis(f64::from(length_s) * way))
}
