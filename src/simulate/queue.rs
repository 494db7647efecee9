//! A queue of Passage as the simulation uses it. There are two implementations: [`super::memory::Memory`],
//! which keeps entries in memory and lets the program's own code decide every draw, and, in the tests,
//! the whole program on a database. With the same people and random numbers, both must give the same winners.

use chrono::{DateTime, NaiveDate, Utc};

use crate::domain::actor::Channel;
use crate::domain::availability::Availability;
use crate::domain::entry::{ConvocationEvent, EntryState};

/// An entry, by the order of registration.
pub type Handle = usize;

/// The identity that an entry is registered with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Identity {
    /// A number that the register knows.
    Number(u64),
    /// A number that nobody ever had.
    Invented(u64),
    /// A document that an agent claims to have seen.
    Document(u64),
}

/// Somebody registers, or is registered.
#[derive(Clone, Debug)]
pub struct Applicant {
    pub identity: Identity,
    pub channel: Channel,
    pub can: Availability,
    pub deadline: NaiveDate,
}

/// Why a registration is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    AlreadyWaiting,
    /// The registration window opens on that day.
    NotYet(NaiveDate),
    /// The window is closed for online registration; only an agent can register.
    AgentOnly,
}

/// A convocation: an entry has won a seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Win {
    pub seat: usize,
    pub entry: Handle,
}

/// One queue.
pub trait Queue {
    /// Puts these seats of the town online.
    fn publish(&mut self, now: DateTime<Utc>, seats: std::ops::Range<usize>);

    /// Registers somebody.
    ///
    /// # Errors
    /// According to the rules of the queue.
    fn register(&mut self, now: DateTime<Utc>, who: &Applicant) -> Result<Handle, Refusal>;

    /// Changes what the holder can attend.
    fn change(&mut self, now: DateTime<Utc>, entry: Handle, can: Availability);

    /// Ends the entry's convocation; returns the new state of the entry.
    fn end(&mut self, now: DateTime<Utc>, entry: Handle, event: ConvocationEvent) -> EntryState;

    /// The holder withdraws the entry, and with it a convocation.
    fn withdraw(&mut self, now: DateTime<Utc>, entry: Handle);

    /// Priority asked for by this many agents; returns whether it is granted.
    fn prioritise(&mut self, now: DateTime<Utc>, entry: Handle, agents: u8) -> bool;

    /// Does what is due: freezes, draws. Returns who was convoked, by seat.
    fn tick(&mut self, now: DateTime<Utc>) -> Vec<Win>;
}
