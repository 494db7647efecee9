//! The log as outsiders meet it: signed heads, the record of a freeze with its proof, and what is pushed
//! to witnesses. Both ends speak through these types: the installation that signs, and the witness that
//! checks. Everything here is pure.
//!
//! The head is a checkpoint of transparency logs (C2SP signed note and tlog-checkpoint): four lines that a
//! person can read and read out, a signature that existing tools verify, and a key in one line that names
//! the log it belongs to. What the format leaves open, its extension lines, holds the time.

mod note;
mod push;
mod record;

pub use note::{Head, LogKey, LogKeyError, NoteFault, Signer};
pub use push::{HashHex, Proven, Push};
pub use record::{FreezeRecord, RecordFault};
