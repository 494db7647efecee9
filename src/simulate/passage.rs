//! The same town under Passage: people register once and wait, slots are drawn. This module decides what
//! people and firms do; the queue's answers come from [`super::queue`].

mod firm;

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveTime, TimeDelta, Timelike, Utc};
use firm::Firm;

use super::agenda::Agenda;
use super::dice::{Dice, Stream};
use super::first_come::on_the_way;
use super::lived::{Lived, SeatEnd};
use super::queue::{Applicant, Handle, Identity, Queue, Refusal, Win};
use super::scenario::{Means, Scenario, ZONE};
use super::town::{Group, OPEN_HOURS, Town, Turn, is_open};
use crate::domain::actor::Channel;
use crate::domain::availability::Availability;
use crate::domain::entry::{ConvocationEvent, EntryState};
use crate::domain::slot::Half;
use crate::domain::timetable::Timetable;

/// From the need to the registration, in seconds: the quick, and all others online.
const QUICK_S: (f64, f64) = (2.0, 30.0);
const ONLINE_S: (f64, f64) = (60.0, 10_800.0);
/// How many seconds a firm's program needs to register one person.
const PROGRAM_S: i64 = 5;
/// The first number that a firm borrows or invents; the people of the town have smaller numbers.
const OTHERS: u64 = 1_000_000_000;
/// Numbers kept for the copies of one person.
const COPIES: u64 = 64;

#[derive(Clone, Copy)]
enum Event {
    Tick,
    Release(usize),
    /// A person is registered, for the first time or once more.
    Register {
        person: usize,
        copy: u32,
        channel: Channel,
    },
    /// A firm registers somebody who needs nothing.
    Recruit {
        firm: usize,
        identity: Identity,
    },
    /// The need has come for somebody registered before it.
    Widen(usize),
    GiveBack {
        entry: Handle,
        seat: usize,
    },
    Time(usize),
}

#[derive(Clone, Copy)]
enum Owner {
    Person(usize),
    Firm { firm: usize, identity: Identity },
}

struct World<'a, Q> {
    scenario: &'a Scenario,
    town: &'a Town,
    queue: &'a mut Q,
    lived: Lived,
    dice: Dice,
    agenda: Agenda<Event>,
    now: DateTime<Utc>,
    owners: Vec<Owner>,
    /// Each person's live entries.
    entries: Vec<Vec<Handle>>,
    appointment: Vec<Option<usize>>,
    holder: Vec<Option<Handle>>,
    attempts: Vec<u32>,
    firms: Vec<Firm>,
    /// Seats under another name, promised to a client.
    promised: BTreeMap<usize, usize>,
    /// When lists are frozen.
    freezes: Vec<DateTime<Utc>>,
}

/// Simulates the whole time under Passage. `day` is called for each day that has passed.
pub fn live(
    scenario: &Scenario,
    town: &Town,
    queue: &mut impl Queue,
    seed: u64,
    mut day: impl FnMut(),
) -> Lived {
    let mut world = World {
        scenario,
        town,
        queue,
        lived: Lived::new(town),
        dice: Dice::new(seed, Stream::Passage),
        agenda: Agenda::default(),
        now: town.starts_at,
        owners: Vec::new(),
        entries: vec![Vec::new(); town.people.len()],
        appointment: vec![None; town.people.len()],
        holder: vec![None; town.seats.len()],
        attempts: vec![0; town.people.len()],
        firms: scenario.resellers.iter().map(|_| Firm::default()).collect(),
        promised: BTreeMap::new(),
        freezes: Vec::new(),
    };
    world.plan_everything();
    let mut midnight = town.starts_at + Days::new(1);
    while let Some((at, event)) = world.agenda.next().filter(|(at, _)| *at <= town.ends_at) {
        world.now = at;
        while at >= midnight && midnight <= town.ends_at {
            midnight = midnight + Days::new(1);
            day();
        }
        world.happen(event);
    }
    world.lived
}

impl<Q: Queue> World<'_, Q> {
    fn plan_everything(&mut self) {
        self.plan_draws();
        for (number, (at, seats)) in self.town.releases.iter().enumerate() {
            self.agenda.plan(*at, Event::Release(number));
            for seat in seats.clone() {
                self.agenda.plan(self.town.seats[seat].starts_at, Event::Time(seat));
            }
        }
        for (firm, reseller) in self.scenario.resellers.iter().enumerate() {
            let first = OTHERS + 1_000_000 * firm as u64;
            let borrowed = (0..u64::from(reseller.borrowed_identities)).map(|n| Identity::Number(first + n));
            let invented =
                (0..u64::from(reseller.false_identities)).map(|n| Identity::Invented(first + 500_000 + n));
            for identity in borrowed.chain(invented) {
                self.agenda
                    .plan(self.town.starts_at + TimeDelta::hours(7), Event::Recruit { firm, identity });
            }
        }
        for person in 0..self.town.people.len() {
            self.plan_person(person);
        }
    }

    fn plan_draws(&mut self) {
        let rules = &self.scenario.passage.rules;
        self.agenda.plan(self.town.starts_at, Event::Tick);
        let Ok(timetable) = Timetable::parse(&rules.timetable, ZONE) else { return };
        let mut next = timetable.next_after(self.town.starts_at);
        while let Some(freeze_at) = next.filter(|at| *at < self.town.ends_at) {
            self.freezes.push(freeze_at);
            self.agenda.plan(freeze_at, Event::Tick);
            self.agenda.plan(freeze_at + TimeDelta::minutes(rules.lead_minutes.into()), Event::Tick);
            next = timetable.next_after(freeze_at);
        }
    }

    fn plan_person(&mut self, person: usize) {
        let who = &self.town.people[person];
        let within = |dice: &mut Dice, (from, to)| TimeDelta::milliseconds(dice.millis_between(from, to));
        match (who.group, who.reseller) {
            (Group::Assisted, _) => {
                let at = self.opening(who.needs_at);
                self.plan_registration(at, person, 0, Channel::Phone);
            }
            (group, Some(firm)) => {
                let reseller = &self.scenario.resellers[firm];
                let at = (who.needs_at - Days::new(reseller.early_days.into())).max(self.town.starts_at);
                for copy in 0..reseller.entries_per_client {
                    let program = TimeDelta::seconds(PROGRAM_S * i64::from(copy + 1));
                    self.plan_registration(at + program, person, copy, Channel::Online);
                }
                if at < who.needs_at {
                    self.agenda.plan(who.needs_at, Event::Widen(person));
                }
                let copies = self.scenario.insider.as_ref().filter(|insider| insider.means == Means::Copies);
                if let Some(insider) = copies.filter(|_| group == Group::Favoured) {
                    let at = self.opening(at);
                    for copy in 1..insider.copies {
                        self.plan_registration(at, person, copy, Channel::Counter);
                    }
                }
            }
            (group, None) => {
                let range = if group == Group::Quick { QUICK_S } else { ONLINE_S };
                let wait = within(&mut self.dice, range);
                self.plan_registration(who.needs_at + wait, person, 0, Channel::Online);
            }
        }
    }

    fn plan_registration(&mut self, at: DateTime<Utc>, person: usize, copy: u32, channel: Channel) {
        self.agenda.plan(at, Event::Register { person, copy, channel });
    }

    /// A moment at which somebody answers the phone or sits at the counter.
    fn opening(&mut self, from: DateTime<Utc>) -> DateTime<Utc> {
        let local = ZONE.local(from);
        let mut day = local.date();
        if !is_open(day) || local.hour() >= OPEN_HOURS.end {
            day = day + Days::new(1);
            while !is_open(day) {
                day = day + Days::new(1);
            }
        }
        let hour = |hour: u32| {
            let local = day.and_time(NaiveTime::MIN) + TimeDelta::hours(hour.into());
            ZONE.to_utc(local).unwrap_or(from)
        };
        let opens_at = hour(OPEN_HOURS.start).max(from);
        let length = u32::try_from((hour(OPEN_HOURS.end) - opens_at).num_seconds()).unwrap_or(0);
        opens_at + TimeDelta::milliseconds(self.dice.millis_between(0.0, f64::from(length)))
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Tick => {
                for win in self.queue.tick(self.now) {
                    self.won(win);
                }
            }
            Event::Release(number) => self.queue.publish(self.now, self.town.releases[number].1.clone()),
            Event::Register { person, copy, channel } => self.register(person, copy, channel),
            Event::Recruit { firm, identity } => self.recruit(firm, identity),
            Event::Widen(person) => {
                for entry in self.entries[person].clone() {
                    self.queue.change(self.now, entry, self.town.people[person].can.clone());
                }
            }
            Event::GiveBack { entry, seat } => {
                if self.holder[seat] == Some(entry) {
                    self.give_back(entry, seat);
                }
            }
            Event::Time(seat) => self.time_comes(seat),
        }
    }

    fn register(&mut self, person: usize, copy: u32, channel: Channel) {
        if self.appointment[person].is_some() || self.lived.seated[person].is_some() {
            return;
        }
        let who = &self.town.people[person];
        // An agent who makes copies “sees” another invented document each time.
        let identity = match channel {
            Channel::Counter => Identity::Document(person as u64 * COPIES + u64::from(copy)),
            Channel::Online | Channel::Phone => Identity::Number(person as u64),
        };
        let can =
            if self.now < who.needs_at - TimeDelta::hours(1) { narrow(&who.can) } else { who.can.clone() };
        let applicant = Applicant { identity, channel, can, deadline: self.deadline(who.needs_at) };
        match self.queue.register(self.now, &applicant) {
            Ok(entry) => {
                debug_assert_eq!(entry, self.owners.len());
                self.owners.push(Owner::Person(person));
                self.entries[person].push(entry);
                self.lived.shown.flagged_pairs += u64::from(self.entries[person].len() > 1);
                if self.entries[person].len() == 1 {
                    self.seek(person);
                    self.ask_the_insider(person, entry);
                    self.ask_the_firm(person);
                }
            }
            Err(Refusal::AlreadyWaiting) => self.lived.shown.refused_doubles += 1,
            Err(Refusal::NotYet(day)) => {
                let morning = ZONE.to_utc(day.and_time(NaiveTime::MIN)).unwrap_or(self.now);
                self.plan_registration(morning + TimeDelta::seconds(PROGRAM_S), person, copy, channel);
            }
            Err(Refusal::AgentOnly) => {
                let at = self.opening(self.now + TimeDelta::minutes(1));
                self.plan_registration(at, person, copy, Channel::Phone);
            }
        }
    }

    fn deadline(&self, needs_at: DateTime<Utc>) -> chrono::NaiveDate {
        ZONE.local_date(needs_at) + Days::new(self.scenario.people.deadline_days.into())
    }

    fn recruit(&mut self, firm: usize, identity: Identity) {
        let can = Availability::anything(vec![self.town.site]);
        let deadline = self.deadline(self.now);
        let applicant = Applicant { identity, channel: Channel::Online, can, deadline };
        if self.queue.register(self.now, &applicant).is_ok() {
            self.owners.push(Owner::Firm { firm, identity });
            self.lived.shown.unverified += u64::from(matches!(identity, Identity::Invented(_)));
        }
    }

    /// This person has no appointment.
    fn seek(&mut self, person: usize) {
        self.lived.waits(self.town, person);
        let who = &self.town.people[person];
        if let Some(firm) = who.reseller {
            self.firms[firm].clients.insert((who.needs_at, person));
        }
    }

    fn settle(&mut self, person: usize) {
        self.lived.settled(self.town, person);
        let who = &self.town.people[person];
        if let Some(firm) = who.reseller {
            self.firms[firm].clients.remove(&(who.needs_at, person));
            self.firms[firm].dealt.remove(&person);
        }
    }

    fn ask_the_insider(&mut self, person: usize, entry: Handle) {
        let Some(insider) = self.scenario.insider.as_ref().filter(|insider| insider.means == Means::Priority)
        else {
            return;
        };
        if self.town.people[person].group == Group::Favoured {
            let stands = self.queue.prioritise(self.now, entry, 1 + u8::from(insider.accomplice));
            self.lived.shown.priorities += u64::from(stands);
            self.lived.shown.priorities_refused += u64::from(!stands);
        }
    }

    fn won(&mut self, win: Win) {
        self.holder[win.seat] = Some(win.entry);
        self.lived.taken(win.seat);
        match self.owners[win.entry] {
            Owner::Person(person) => self.person_won(person, win),
            Owner::Firm { firm, .. } => self.firm_won(firm, win),
        }
    }

    fn person_won(&mut self, person: usize, Win { seat, entry }: Win) {
        // Another entry of the same person won in this draw before.
        if self.appointment[person].is_some() {
            self.holder[seat] = None;
            self.queue.withdraw(self.now, entry);
            return;
        }
        self.appointment[person] = Some(seat);
        self.settle(person);
        for other in std::mem::replace(&mut self.entries[person], vec![entry]) {
            if other != entry {
                self.queue.withdraw(self.now, other);
            }
        }
        let starts_at = self.town.seats[seat].starts_at;
        let at = if !self.town.suits(person, seat, self.now) {
            // Registered before the need, and drawn before it too.
            Some(self.now + TimeDelta::minutes(1))
        } else if let Turn::GivesBack(way) = self.town.turn(person, self.attempts[person]) {
            self.attempts[person] += 1;
            Some(on_the_way(self.now, starts_at, way))
        } else {
            None
        };
        if let Some(at) = at {
            self.agenda.plan(at, Event::GiveBack { entry, seat });
        }
    }

    fn give_back(&mut self, entry: Handle, seat: usize) {
        // A promised seat is kept for its buyer.
        if self.promised.contains_key(&seat) {
            return;
        }
        self.holder[seat] = None;
        let becomes = self.queue.end(self.now, entry, ConvocationEvent::Cancel);
        self.back_to_the_queue(entry, seat, becomes);
    }

    /// What an entry's owner does after a convocation that ended without an appointment.
    fn back_to_the_queue(&mut self, entry: Handle, seat: usize, becomes: EntryState) {
        let soon = self.now + TimeDelta::minutes(1);
        match self.owners[entry] {
            Owner::Person(person) => {
                self.appointment[person] = None;
                self.seek(person);
                if !becomes.is_live() {
                    self.entries[person].clear();
                    let channel = match self.town.people[person].group {
                        Group::Assisted => Channel::Phone,
                        _ => Channel::Online,
                    };
                    self.plan_registration(soon, person, 0, channel);
                }
            }
            Owner::Firm { firm, identity } => {
                self.firms[firm].stock.remove(&seat);
                if !becomes.is_live() {
                    self.agenda.plan(soon, Event::Recruit { firm, identity });
                }
            }
        }
    }

    fn time_comes(&mut self, seat: usize) {
        let Some(entry) = self.holder[seat].take() else {
            return self.lived.left_free(self.town, seat);
        };
        match self.owners[entry] {
            Owner::Person(person) => {
                if self.town.turn(person, self.attempts[person]) == Turn::Misses {
                    self.attempts[person] += 1;
                    self.lived.missed(person);
                    self.miss(entry, seat, SeatEnd::Missed);
                } else {
                    self.queue.end(self.now, entry, ConvocationEvent::Attend);
                    self.serve(person, seat);
                }
            }
            Owner::Firm { firm, .. } => match self.promised.remove(&seat) {
                Some(client) if self.appointment[client].is_none() && self.lived.seated[client].is_none() => {
                    self.another_comes(firm, entry, seat, client);
                }
                _ => self.miss(entry, seat, SeatEnd::Held),
            },
        }
    }

    fn miss(&mut self, entry: Handle, seat: usize, how: SeatEnd) {
        self.lived.seats[seat] = Some(how);
        let becomes = self.queue.end(self.now, entry, ConvocationEvent::Miss);
        self.back_to_the_queue(entry, seat, becomes);
    }

    fn serve(&mut self, person: usize, seat: usize) {
        self.settle(person);
        self.lived.served(self.town, person, seat);
    }
}

/// An availability narrow enough to be seldom drawn, but wide enough to survive draws.
fn narrow(can: &Availability) -> Availability {
    Availability { weekdays: vec![4], halves: vec![Half::Afternoon], ..can.clone() }
}
