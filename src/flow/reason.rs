//! The reasons that staff write: long enough to say something, on one line, without what cannot be
//! printed. Some of them are public.

use super::Fault;
use crate::domain::text::clean_line;

/// How long a reason is, in characters.
const CHARS: std::ops::RangeInclusive<usize> = 5..=300;

/// A reason that must be given.
///
/// # Errors
/// If it is missing, too long, or holds a control character.
pub(super) fn needed(text: &str) -> Result<String, Fault> {
    let reason = clean_line(text).map_err(|_| Fault::new("reason", "reason-unreadable"))?;
    if CHARS.contains(&reason.chars().count()) { Ok(reason) } else { Err(Fault::new("reason", "reason")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> String {
        match needed(text) {
            Err(fault) => fault.key,
            Ok(reason) => panic!("{text:?}: {reason}"),
        }
    }

    #[test]
    fn a_reason_is_one_readable_line() {
        assert_eq!(needed(" panne\r\nd'eau\u{202E} ").unwrap(), "panne d'eau");
        for text in ["panne\u{7}d'eau", "panne\u{1B}[31m", "panne\0"] {
            assert_eq!(key(text), "error-reason-unreadable", "{text:?}");
        }
        for text in ["", "non", "\u{200B}\u{200B}\u{200B}\u{200B}\u{200B}", &"a".repeat(301)] {
            assert_eq!(key(text), "error-reason", "{text:?}");
        }
    }
}
