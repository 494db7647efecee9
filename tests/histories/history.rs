//! The requests and answers, and the final state of the database: plain values, so that
//! a history can also be written by hand.

use std::collections::BTreeSet;

/// One operation, as its client saw it. Instants are numbers of one counter for all clients: what ended at
/// 5 was over before what began at 6.
#[derive(Clone, Debug)]
pub struct Event {
    pub client: u32,
    pub began: u64,
    pub ended: u64,
    pub operation: Operation,
    pub answer: Answer,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operation {
    /// The same idempotency key and the same body are the same request.
    Register {
        person: u32,
        key: String,
        wording: u32,
    },
    /// About an entry, by its reference.
    Withdraw(String),
    GiveBack(String),
    Pause(String),
    Resume(String),
    /// Slots, by place and time.
    Publish(Vec<String>),
    /// A slot, by its id.
    WithdrawSlot(String),
    /// A convocation, by its id, and what the agent ticked.
    Tick(String, Ticked),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ticked {
    Attended,
    Missed,
}

impl Ticked {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Attended => "attended",
            Self::Missed => "missed",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Acknowledged; of a registration, with its reference.
    Done(String),
    /// Understood and refused, for this reason.
    Refused(String),
    /// The program failed: a 5xx, or an internal error.
    Failed(String),
    /// The connection was cut, or there was no answer.
    Unknown,
}

/// The final state of the database.
#[derive(Clone, Debug, Default)]
pub struct World {
    pub entries: Vec<Entry>,
    pub slots: Vec<Slot>,
    pub convocations: Vec<Convocation>,
    /// In the order in which they were written.
    pub log: Vec<Row>,
    /// When what a withdrawal left of a queue's slots was withdrawn too, to wait for a second person: business
    /// time, in microseconds.
    pub rests: BTreeSet<i64>,
}

#[derive(Clone, Debug)]
pub struct Entry {
    pub id: String,
    pub reference: String,
    pub person: u32,
    pub key: String,
    pub wording: u32,
    pub state: String,
    pub paused: bool,
    /// Business time, in seconds.
    pub began: i64,
    pub ended: Option<i64>,
}

impl Entry {
    pub fn is_live(&self) -> bool {
        self.ended.is_none()
    }
}

#[derive(Clone, Debug)]
pub struct Slot {
    pub id: String,
    /// Place and time.
    pub name: String,
    pub state: String,
    /// When it was withdrawn, or marked as such in a frozen list: business time, in microseconds.
    pub withdrawn: Option<i64>,
}

#[derive(Clone, Debug)]
pub struct Convocation {
    pub id: String,
    pub entry: String,
    pub slot: String,
    pub state: String,
    pub issued: i64,
    pub ended: Option<i64>,
}

/// A row of the log about a convocation.
#[derive(Clone, Debug)]
pub struct Row {
    pub convocation: String,
    pub entry: String,
    pub slot: String,
    pub what: Logged,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Logged {
    Issued,
    /// A win of somebody who had already withdrawn: on record, never live.
    IssuedEnded,
    Ended,
}
