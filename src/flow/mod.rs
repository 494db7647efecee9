//! What Passage does, one use case a file. A flow takes what a person or the scheduler asks, checks it
//! with the domain, seals what is personal, and hands the store one command. Web, scheduler and command
//! line only call flows.

pub mod announce;
pub mod annulment;
pub mod calendar;
pub mod certificate;
pub mod chances;
pub mod check;
pub mod compensation;
pub mod counter;
pub mod draw;
pub mod effects;
pub mod elsewhere;
pub mod entries;
pub mod figures;
pub mod franceconnect;
pub mod freeze;
pub mod health;
pub mod heartbeats;
pub mod helpers;
pub mod import;
pub mod installation;
pub mod journal;
pub mod keys;
pub mod numbers;
pub mod offers;
pub mod outbox;
pub mod penalties;
pub mod people;
pub mod proof;
pub mod publications;
pub mod read;
pub mod reason;
pub mod register;
pub mod relocation;
pub mod restore;
pub mod reviews;
pub mod rules;
pub mod slots;
pub mod source;
pub mod staff;
pub mod status;
pub mod stop;
pub mod texts;
pub mod told;
pub mod verify_identity;
pub mod visits;
pub mod watch;
pub mod witnesses;

use std::sync::atomic::AtomicU64;

use uuid::Uuid;

use crate::beacon::Relays;
use crate::clock::{BusinessClock, RealClock};
use crate::config::Config;
use crate::domain::refusal::Refusal;
use crate::identity::password::Passwords;
use crate::limits::Limits;
use crate::metrics::Metrics;
use crate::notify::Carriers;
use crate::numbers::RemoteRegister;
use crate::oidc::Provider;
use crate::store::{Store, StoreError};
use crate::vault::Vault;

/// Everything that flows need, made once at start.
pub struct App {
    pub config: Config,
    pub store: Store,
    pub vault: Vault,
    /// Slots, draws, notices.
    pub business: BusinessClock,
    /// Sessions, leases, limits.
    pub real: RealClock,
    pub limits: Limits,
    /// By which ways messages leave.
    pub carriers: Carriers,
    /// Asked for numbers, in place of those that were imported.
    pub register: Option<RemoteRegister>,
    /// FranceConnect, where this installation is registered there.
    pub franceconnect: Option<Provider>,
    /// ProConnect, for the staff.
    pub proconnect: Option<Provider>,
    /// Asked for the rounds of the draws that announced one.
    pub beacon: Relays,
    pub passwords: Passwords,
    pub journal: journal::Journal,
    pub calendar: calendar::Calendar,
    /// Of the scheduler's jobs in this process.
    pub heartbeats: heartbeats::Heartbeats,
    /// What is known of the parts of the installation.
    pub health: health::Health,
    pub metrics: Metrics,
    /// Requests answered so far: the demo's clock stops when nobody looks.
    pub requests: AtomicU64,
}

/// One field of a form that cannot be accepted, with the key of the sentence that says why and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The name of the form's field.
    pub field: &'static str,
    /// Translation key `error-…`.
    pub key: String,
    /// The value of `{ $value }` in that sentence.
    pub value: String,
}

impl Fault {
    pub fn new(field: &'static str, key: &str) -> Self {
        Self { field, key: format!("error-{key}"), value: String::new() }
    }

    #[must_use]
    pub fn with(self, value: impl Into<String>) -> Self {
        Self { value: value.into(), ..self }
    }
}

/// Why a flow refuses. One vocabulary for all: a page shows `Invalid` at its fields, `Refused` as one
/// sentence, and everything else as a reference number that stands in the log.
#[derive(Debug, thiserror::Error)]
pub enum FlowError {
    #[error("{} field(s) cannot be accepted", .0.len())]
    Invalid(Vec<Fault>),
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error("{0} not found")]
    NotFound(&'static str),
    #[error(transparent)]
    Store(StoreError),
    #[error(transparent)]
    Vault(#[from] crate::vault::VaultError),
    #[error("{0}")]
    Internal(String),
}

impl From<StoreError> for FlowError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Refused(refusal) => Self::Refused(refusal),
            StoreError::NotFound(what) => Self::NotFound(what),
            other => Self::Store(other),
        }
    }
}

impl From<Fault> for FlowError {
    fn from(fault: Fault) -> Self {
        Self::invalid(fault)
    }
}

impl FlowError {
    pub fn invalid(fault: Fault) -> Self {
        Self::Invalid(vec![fault])
    }
}

/// A new identifier, ordered by time of creation.
pub(crate) fn fresh<T: From<Uuid>>() -> T {
    Uuid::now_v7().into()
}

/// Random bytes from the operating system.
pub(crate) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system gives randomness");
    bytes
}
