//! A queue in memory, on the program's own engine: the rules decide who may register and what an event
//! does to a convocation, `flow::freeze::compose` makes the list, `flow::draw::compute` draws it.
//! Only the database is left out, so that a year of a department takes seconds.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Days, TimeDelta, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use super::dice::bytes;
use super::queue::{Applicant, Handle, Identity, Queue, Refusal, Win};
use super::scenario::ZONE;
use super::town::{SLOT_MINUTES, Town};
use crate::domain::actor::Actor;
use crate::domain::draw_state::DrawState;
use crate::domain::entry::{
    ConvocationEvent, ConvocationState, Convoked, Entry, EntryEvent, EntryState, Keys, SlotEnd,
};
use crate::domain::ids::{DrawId, EntryId, QueueId, SlotId};
use crate::domain::notice::Way;
use crate::domain::rules::{FREEZE_MARGIN_MINUTES, Rules, WindowError};
use crate::domain::slot::SlotState;
use crate::domain::timetable::Timetable;
use crate::draw;
use crate::flow::draw::compute;
use crate::flow::freeze::{Frame, compose};
use crate::store::commands::{Composed, FreezeInput};
use crate::store::records::{
    AddressColumns, DrawRecord, ListedEntry, PoolSlot, ProposalColumns, StandingColumns,
};

/// Names, salts and secrets: nobody may predict them in a real draw, but a simulation must be able to repeat
/// them.
pub trait Chance {
    fn entry(&mut self, number: usize) -> EntryId;
    fn slot(&mut self, seat: usize) -> SlotId;
    /// The draw's id, and the secret behind its commitment.
    fn draw(&mut self, number: usize) -> (DrawId, [u8; 32]);
    fn salt(&mut self, draw: usize, entry: usize) -> [u8; 32];
}

/// All of them from one seed.
pub struct Seeded(pub u64);

impl Seeded {
    fn id<T: From<Uuid>>(&self, what: &str, number: usize) -> T {
        let whole = bytes(self.0, what, [short(number), 0]);
        Uuid::from_bytes(std::array::from_fn(|at| whole[at])).into()
    }
}

impl Chance for Seeded {
    fn entry(&mut self, number: usize) -> EntryId {
        self.id("entry", number)
    }

    fn slot(&mut self, seat: usize) -> SlotId {
        self.id("slot", seat)
    }

    fn draw(&mut self, number: usize) -> (DrawId, [u8; 32]) {
        (self.id("draw", number), bytes(self.0, "secret", [short(number), 0]))
    }

    fn salt(&mut self, draw: usize, entry: usize) -> [u8; 32] {
        bytes(self.0, "salt", [short(draw), short(entry)])
    }
}

fn short(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// What a queue is called, and how it works.
pub struct Setup {
    /// As named in the published list.
    pub queue: Value,
    pub rules: Rules,
    /// One live entry per person.
    pub uniqueness: bool,
}

impl Setup {
    pub fn new(rules: Rules, uniqueness: bool) -> Self {
        let queue = json!({ "prefecture": "simulation", "procedure": "simulation", "name": "Simulation" });
        Self { queue, rules, uniqueness }
    }
}

struct Holder {
    entry: Entry,
    /// The same, as the freeze reads it.
    listed: ListedEntry,
    identity: Identity,
    seat: Option<usize>,
}

impl Holder {
    fn follow(&mut self) {
        self.listed.state = self.entry.state;
        self.listed.standing.displaced = self.entry.displaced;
        self.listed.paused_until = self.entry.paused_until;
        self.listed.standing.draws_survived = i32::try_from(self.entry.draws_survived).unwrap_or(i32::MAX);
    }
}

struct Slot {
    pool: PoolSlot,
    state: SlotState,
    /// Since when it has been offered without a holder.
    public_at: DateTime<Utc>,
}

struct Draw {
    record: DrawRecord,
    secret: [u8; 32],
    frozen: Option<Composed>,
}

/// A queue without a database.
pub struct Memory<'a, C> {
    town: &'a Town,
    frame: Frame,
    rules: Rules,
    uniqueness: bool,
    timetable: Timetable,
    chance: C,
    entries: Vec<Holder>,
    numbers: HashMap<EntryId, usize>,
    keys: HashSet<Identity>,
    slots: Vec<Option<Slot>>,
    seats: HashMap<SlotId, usize>,
    draw: Option<Draw>,
    /// Outcome hashes, one per draw: they cover the list, the seed and the winners.
    pub outcomes: Vec<[u8; 32]>,
}

impl<'a, C: Chance> Memory<'a, C> {
    /// An empty queue.
    ///
    /// # Panics
    /// If the rules were not checked: their timetable cannot be read.
    pub fn new(town: &'a Town, setup: Setup, chance: C) -> Self {
        let timetable =
            Timetable::parse(&setup.rules.timetable, ZONE).expect("a scenario's rules are checked");
        Self {
            town,
            frame: Frame { queue: setup.queue, zone: ZONE, can_send: Way::ALL.to_vec() },
            rules: setup.rules,
            uniqueness: setup.uniqueness,
            timetable,
            chance,
            entries: Vec::new(),
            numbers: HashMap::new(),
            keys: HashSet::new(),
            slots: town.seats.iter().map(|_| None).collect(),
            seats: HashMap::new(),
            draw: None,
            outcomes: Vec::new(),
        }
    }

    fn announce(&mut self, now: DateTime<Utc>) {
        let earliest = now + TimeDelta::minutes(FREEZE_MARGIN_MINUTES);
        let Some(freeze_at) = self.timetable.next_after(earliest) else { return };
        let number = self.outcomes.len() + 1;
        let (id, secret) = self.chance.draw(number);
        let commitment = hex::encode(draw::commitment(id.0.as_bytes(), &secret));
        let record = DrawRecord {
            id,
            queue_id: QueueId(Uuid::nil()),
            number: i32::try_from(number).unwrap_or(i32::MAX),
            rules_version: 1,
            state: DrawState::Announced,
            announced_at: now,
            freeze_at,
            seed_at: freeze_at + TimeDelta::minutes(self.rules.lead_minutes.into()),
            previous: None,
            source: json!({ "kind": "commit", "commitment": commitment }).into(),
            secret: None,
            frozen_at: None,
            freeze_hash: None,
            entry_count: None,
            slot_count: None,
            winner_count: None,
            counts: None,
            opening: None,
            outcome_hash: None,
            drawn_at: None,
            published_at: None,
            annulled_at: None,
            annul_reason: None,
            annulment: ProposalColumns::default(),
            annul_rejected_reason: None,
        };
        self.draw = Some(Draw { record, secret, frozen: None });
    }

    fn freeze(&mut self, draw: &mut Draw) {
        let listed = |entry: &&Holder| {
            matches!(entry.listed.state, EntryState::Waiting | EntryState::AwaitingIdentity)
        };
        let entries = self.entries.iter().filter(listed).map(|entry| entry.listed.clone()).collect();
        let input = FreezeInput {
            draw: draw.record.clone(),
            rules: self.rules.clone(),
            entries,
            slots: self.pool(&draw.record),
        };
        let (numbers, chance) = (&self.numbers, &mut self.chance);
        let number = self.outcomes.len() + 1;
        let salt = |entry: EntryId| chance.salt(number, numbers.get(&entry).copied().unwrap_or(0));
        let composed = compose(&self.frame, input, salt).expect("a simulated list can be frozen");
        for slot in &composed.slots {
            self.set(*slot, SlotState::Frozen);
        }
        draw.frozen = Some(composed);
    }

    /// The free slots that a draw may offer.
    fn pool(&self, draw: &DrawRecord) -> Vec<PoolSlot> {
        let (drawn_at, public_by) = (draw.seed_at, self.rules.public_by(draw.freeze_at));
        let first = drawn_at + Days::new(self.rules.notice_min_days.into());
        let last = drawn_at + Days::new(self.rules.horizon_days.into());
        let from = self.town.seats.partition_point(|seat| seat.starts_at < first);
        let to = self.town.seats.partition_point(|seat| seat.starts_at <= last).max(from);
        let free = self.slots[from..to]
            .iter()
            .flatten()
            .filter(|slot| slot.state == SlotState::Free && slot.public_at <= public_by);
        free.map(|slot| slot.pool.clone()).collect()
    }

    fn set(&mut self, slot: SlotId, state: SlotState) {
        if let Some(slot) = self.seats.get(&slot).and_then(|seat| self.slots[*seat].as_mut()) {
            slot.state = state;
        }
    }

    fn conclude(&mut self, draw: &Draw, composed: &Composed) -> Vec<Win> {
        let outcome = compute(&composed.list, &draw.secret, Some(&composed.freeze_hash))
            .expect("a list that was just frozen can be drawn");
        self.outcomes.push(outcome.outcome_hash);
        let (mut wins, mut won) = (Vec::new(), vec![false; composed.entries.len()]);
        for slot in &composed.slots {
            self.set(*slot, SlotState::Free);
        }
        for (number, slot) in outcome.wins.iter() {
            won[*number as usize] = true;
            let entry = self.numbers[&composed.entries[*number as usize].entry];
            let seat = self.seats[slot];
            let holder = &mut self.entries[entry];
            // If somebody has withdrawn since the freeze, their seat goes to a later draw.
            if holder.listed.state != EntryState::Waiting {
                continue;
            }
            holder.seat = Some(seat);
            let (issued_at, starts_at) = (draw.record.seed_at, self.town.seats[seat].starts_at);
            let told_at = Some(issued_at);
            let convoked = Convoked { state: ConvocationState::Live, told_at, starts_at, ticked: None };
            self.apply(issued_at, entry, EntryEvent::Win(convoked)).expect("whoever waits can win");
            self.set(*slot, SlotState::Taken);
            wins.push(Win { seat, entry });
        }
        for (listed, won) in composed.entries.iter().zip(won) {
            let entry = self.numbers[&listed.entry];
            if listed.wide && !won && self.entries[entry].entry.state == EntryState::Waiting {
                self.apply(draw.record.seed_at, entry, EntryEvent::Survive)
                    .expect("whoever waits can survive");
            }
        }
        wins.sort_unstable();
        wins
    }

    /// Lets an event happen to an entry: the program's own function, whose effect is kept here.
    fn apply(
        &mut self,
        now: DateTime<Utc>,
        number: Handle,
        event: EntryEvent,
    ) -> Result<EntryState, crate::domain::refusal::Refusal> {
        let holder = &mut self.entries[number];
        let by = Actor::Holder(holder.listed.id);
        let effect = holder.entry.apply(event, by, &self.rules, now)?;
        holder.entry = effect.entry;
        // Nobody objects here: what is announced takes effect at once, and for as long.
        if let Some(announced) = effect.announces.filter(|_| holder.entry.state.is_live()) {
            let penalise = EntryEvent::Penalise { announced, from: now };
            holder.entry = holder.entry.apply(penalise, Actor::System, &self.rules, now)?.entry;
        }
        holder.follow();
        if effect.keys == Keys::Release {
            self.keys.remove(&holder.identity);
        }
        if let (Some(seat), Some((_, end))) = (holder.seat, effect.ended) {
            holder.seat = None;
            if let Some(slot) = self.slots[seat].as_mut().filter(|_| end == SlotEnd::Free) {
                slot.state = SlotState::Free;
                slot.public_at = now;
            }
        }
        Ok(effect.entry.state)
    }
}

impl<C: Chance> Queue for Memory<'_, C> {
    fn publish(&mut self, now: DateTime<Utc>, seats: std::ops::Range<usize>) {
        for number in seats {
            let (seat, id) = (&self.town.seats[number], self.chance.slot(number));
            self.seats.insert(id, number);
            let pool = PoolSlot {
                id,
                site_id: self.town.site,
                desk_number: seat.desk.into(),
                starts_at: seat.starts_at,
                minutes: SLOT_MINUTES.into(),
                zone: ZONE.name().to_owned(),
            };
            self.slots[number] = Some(Slot { pool, state: SlotState::Free, public_at: now });
        }
    }

    fn register(&mut self, now: DateTime<Utc>, who: &Applicant) -> Result<Handle, Refusal> {
        let today = ZONE.local_date(now);
        self.rules.admits(Some(who.deadline), today, who.channel).map_err(|error| match error {
            WindowError::NotYet { opens_on } => Refusal::NotYet(opens_on),
            WindowError::DeadlineMissing | WindowError::AgentOnly { .. } => Refusal::AgentOnly,
        })?;
        let verified = !matches!(who.identity, Identity::Invented(_));
        if verified && !self.keys.insert(who.identity) && self.uniqueness {
            return Err(Refusal::AlreadyWaiting);
        }
        let number = self.entries.len();
        let id = self.chance.entry(number);
        let (entry, _) = Entry::registered(verified);
        let listed = ListedEntry {
            id,
            state: entry.state,
            standing: StandingColumns {
                arrival_day: i32::try_from(ZONE.arrival_day(now)).unwrap_or(i32::MAX),
                ..StandingColumns::default()
            },
            availability: who.can.clone().into(),
            paused: false,
            paused_until: None,
            // A message reaches everybody of the town at once.
            addresses: AddressColumns { reach_sms: true, reach_email: false },
        };
        self.numbers.insert(id, number);
        self.entries.push(Holder { entry, listed, identity: who.identity, seat: None });
        Ok(number)
    }

    fn change(&mut self, _now: DateTime<Utc>, entry: Handle, can: crate::domain::availability::Availability) {
        self.entries[entry].listed.availability = can.into();
    }

    fn end(&mut self, now: DateTime<Utc>, entry: Handle, event: ConvocationEvent) -> EntryState {
        if self.entries[entry].entry.convocation.is_none() {
            return self.entries[entry].entry.state;
        }
        self.apply(now, entry, EntryEvent::End(event)).expect("the simulation keeps the hours of its counter")
    }

    fn withdraw(&mut self, now: DateTime<Utc>, entry: Handle) {
        if self.entries[entry].entry.state.is_live() {
            self.apply(now, entry, EntryEvent::Withdraw).expect("the simulation withdraws in time");
        }
    }

    fn prioritise(&mut self, _now: DateTime<Utc>, entry: Handle, agents: u8) -> bool {
        self.entries[entry].listed.standing.priority |= agents >= 2;
        agents >= 2
    }

    fn tick(&mut self, now: DateTime<Utc>) -> Vec<Win> {
        let mut wins = Vec::new();
        loop {
            let Some(mut draw) = self.draw.take() else {
                self.announce(now);
                return wins;
            };
            match draw.frozen.take() {
                None if now >= draw.record.freeze_at => {
                    self.freeze(&mut draw);
                    self.draw = Some(draw);
                }
                Some(composed) if now >= draw.record.seed_at => {
                    wins.extend(self.conclude(&draw, &composed));
                }
                waits => {
                    draw.frozen = waits;
                    self.draw = Some(draw);
                    return wins;
                }
            }
        }
    }
}
