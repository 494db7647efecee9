//! The log as outsiders see it: signed heads, the record of a freeze with its proof, and what is pushed
//! to witnesses. Both sides use these types: the installation that signs, and the witness that
//! checks. Everything here is pure.
//!
//! The head is a checkpoint in the format of transparency logs (C2SP signed note and tlog-checkpoint): four
//! lines that a person can read out, a signature that existing tools verify, and a key in one line that names
//! the log it belongs to. An extension line of the format holds the time.

mod note;
mod push;
mod record;

pub use note::{Head, LogKey, LogKeyError, NoteFault, Signer};
pub use push::{HashHex, Proven, Push};
pub use record::{FreezeRecord, RecordFault};
