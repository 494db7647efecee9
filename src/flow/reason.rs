//! The reason that whoever proposes or rejects something gives to the others.

use super::{Fault, FlowError};

/// How long a reason is, in characters.
const CHARS: std::ops::RangeInclusive<usize> = 5..=300;

/// # Errors
/// A fault at the field `reason` if it says nothing or too much.
pub fn read(typed: &str) -> Result<String, FlowError> {
    let reason = typed.trim();
    if CHARS.contains(&reason.chars().count()) {
        Ok(reason.to_owned())
    } else {
        Err(FlowError::invalid(Fault::new("reason", "reason")))
    }
}
