//! The reasons that staff write: long enough to say something, on one line, without what cannot be
//! printed. Some of them are public. They are sealed wherever they are stored, because a name may stand in one and the
//! log forgets nothing.

use super::{App, Fault};
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

/// As [`needed`], sealed: for what is about no person, since those have a key of their own.
///
/// # Errors
/// As [`needed`].
pub(super) fn sealed(app: &App, text: &str) -> Result<String, Fault> {
    Ok(app.vault.seal_line(&needed(text)?))
}

/// A stored reason, for whoever may read it. One that cannot be opened is told in the log, and reads as none.
pub(super) fn opened(app: &App, stored: Option<String>) -> Option<String> {
    let opened = app.vault.open_line(&stored?);
    opened.inspect_err(|error| tracing::error!(%error, "a reason cannot be opened")).ok()
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
