//! The draw protocol `passage-draw/1`: one allocation of a queue's free slots that anyone can
//! recompute, byte for byte, from a frozen list and public randomness.
//!
//! The steps of a draw in this module:
//!
//! 1. [`List`] gathers what is to be frozen, in any order; [`List::freeze`] sorts, numbers, checks
//!    and hashes it into a [`Frozen`] list, which never changes again.
//! 2. The randomness arrives as an [`Opening`]: a [`VerifiedRound`] of the beacon, or the secret
//!    behind a commitment.
//! 3. [`Frozen::open`] computes the [`Drawn`] outcome, and [`Drawn::bundle_json`] writes the public
//!    bundle, which [`verify`] checks from its bytes alone.
//!
//! Everything here is pure: no clock, no random generator, no database. Data that are out of order, out of
//! range or of the wrong length are refused, never corrected.
//!
//! ```
//! use passage::draw::{Accepts, Class, Classes, Half, Line, List, Opening, Slot, Source, Terms};
//! use passage::draw::{commitment, pid, verify};
//!
//! let (draw, secret) = ([7; 16], [9; 32]);
//! let monday = chrono::NaiveDate::from_ymd_opt(2027, 1, 4).unwrap();
//! let classes = Classes::gather([Class { date: monday, half: Half::Morning, site: [1; 16] }])?;
//! let mut accepts = Accepts::none(classes.len());
//! accepts.add(0);
//! let list = List {
//!     draw,
//!     terms: Terms::new(serde_json::json!({}), serde_json::json!({"version": 1}), 1_798_700_400, None)?,
//!     slots: vec![Slot { class: 0, start: 1_799_051_400, desk: 1, id: [2; 16], minutes: 20 }],
//!     types: vec![accepts],
//!     entries: vec![Line {
//!         pid: pid(&draw, &[3; 16], &[4; 32]), kind: 0, tier: 3, weight: 1, bucket: 0, reserve: 0,
//!     }],
//!     reserves: vec![],
//!     source: Source::Commit { commitment: commitment(&draw, &secret) },
//!     classes,
//! };
//! let drawn = list.freeze()?.open(Opening::Secret(secret))?;
//! assert_eq!(drawn.outcome(), [(0, 0)]);
//! assert_eq!(verify(drawn.bundle_json().as_bytes())?.winners, 1);
//! # Ok::<(), passage::draw::Fault>(())
//! ```

mod beacon;
mod bundle;
mod canonical;
mod classes;
mod fault;
mod freeze;
mod hash;
mod json;
mod list;
pub mod matching;
pub mod merkle;
mod outcome;
mod priority;
mod rules;
mod seed;
mod threads;
mod verify;
mod write;

pub use beacon::{
    BeaconFault, MIN_LEAD_S, PERIOD_S, QUICKNET_CHAIN, VerifiedRound, announced_round, freeze_is_in_time,
    round_at_or_after, time_of_round,
};
pub use bundle::run;
pub use canonical::{Terms, canonical_json};
pub use classes::{Accepts, Class, Classes, Half, MAX_CLASSES};
pub use fault::Fault;
pub use freeze::{Digests, Frozen};
pub use hash::{Hash, Id, commitment, pid};
pub use list::{Line, List, MAX_WEIGHT, Reserve, Slot, Source};
pub use outcome::{Drawn, Opening, outcome_hash};
pub use priority::order;
pub use seed::{Ticket, tickets};
pub use threads::on_threads;
pub use verify::{Verified, recompute, verify};

/// The protocol name in every list and bundle.
pub const PROTOCOL: &str = "passage-draw/1";
