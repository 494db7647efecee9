//! A firm that sells appointments, under Passage: it holds seats won under other names, and tries to bring
//! its clients to them.

use std::collections::BTreeSet;

use chrono::{DateTime, Days, TimeDelta, Utc};

use super::super::lived::SeatEnd;
use super::super::queue::{Handle, Queue, Win};
use super::super::scenario::Resale;
use super::{Event, World};
use crate::domain::entry::ConvocationEvent;

/// The time from a firm's decision to give a seat back until it is done.
const RETURN: TimeDelta = TimeDelta::minutes(1);

#[derive(Default)]
pub(super) struct Firm {
    /// Clients without an appointment, by the time of their need.
    pub(super) clients: BTreeSet<(DateTime<Utc>, usize)>,
    /// Seats won under other names.
    pub(super) stock: BTreeSet<usize>,
    /// Clients for whom a seat has been given back or promised: one is enough.
    pub(super) dealt: BTreeSet<usize>,
}

impl<Q: Queue> World<'_, Q> {
    /// A new client: the firm tries to sell a seat that it holds under another name.
    pub(super) fn ask_the_firm(&mut self, person: usize) {
        let Some(firm) = self.town.people[person].reseller else { return };
        let sells = |seat: &&usize| !self.promised.contains_key(*seat) && self.can_sell(firm, person, **seat);
        let found = self.firms[firm].stock.iter().find(sells).copied();
        if let Some(seat) = found {
            self.sell(firm, seat, person);
        }
    }

    /// Whether a seat under another name can still be passed to this client. A seat to be given back must be in
    /// time for a draw; otherwise giving it back is useless.
    fn can_sell(&self, firm: usize, client: usize, seat: usize) -> bool {
        let rules = &self.scenario.passage.rules;
        let next = self.freezes.get(self.freezes.partition_point(|at| *at <= self.now + RETURN));
        let drawn_again = next.is_some_and(|freeze_at| {
            let drawn_at = *freeze_at + TimeDelta::minutes(rules.lead_minutes.into());
            self.town.seats[seat].starts_at >= drawn_at + Days::new(rules.notice_min_days.into())
        });
        let passed_on = self.scenario.resellers[firm].resale == Resale::PassOn;
        (passed_on || drawn_again) && self.town.suits(client, seat, self.now)
    }

    fn sell(&mut self, firm: usize, seat: usize, client: usize) {
        self.firms[firm].dealt.insert(client);
        match (self.scenario.resellers[firm].resale, self.holder[seat]) {
            (Resale::PassOn, _) => {
                self.promised.insert(seat, client);
            }
            (Resale::GiveBack, Some(entry)) => {
                self.agenda.plan(self.now + RETURN, Event::GiveBack { entry, seat });
            }
            (Resale::GiveBack, None) => {}
        }
    }

    pub(super) fn firm_won(&mut self, firm: usize, Win { seat, entry }: Win) {
        self.firms[firm].stock.insert(seat);
        let back = Days::new(self.scenario.resellers[firm].unsold_back_days.into());
        let unsold_at = (self.town.seats[seat].starts_at - back).max(self.now + TimeDelta::hours(1));
        self.agenda.plan(unsold_at, Event::GiveBack { entry, seat });
        let wants = |client: &&(DateTime<Utc>, usize)| {
            !self.firms[firm].dealt.contains(&client.1) && self.can_sell(firm, client.1, seat)
        };
        let client = self.firms[firm].clients.iter().find(wants).map(|(_, client)| *client);
        if let Some(client) = client {
            self.sell(firm, seat, client);
        }
    }

    /// A client comes with a convocation in another name.
    pub(super) fn another_comes(&mut self, firm: usize, entry: Handle, seat: usize, client: usize) {
        self.firms[firm].stock.remove(&seat);
        if self.dice.percent(self.scenario.passage.counter_checks_percent) {
            self.queue.end(self.now, entry, ConvocationEvent::NotThePerson);
            self.lived.seats[seat] = Some(SeatEnd::TurnedAway);
            self.lived.shown.turned_away += 1;
            self.firms[firm].dealt.remove(&client);
            return;
        }
        self.queue.end(self.now, entry, ConvocationEvent::Attend);
        for own in std::mem::take(&mut self.entries[client]) {
            self.queue.withdraw(self.now, own);
        }
        self.serve(client, seat);
    }
}
