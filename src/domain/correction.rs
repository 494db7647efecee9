//! What an agent may put right about a person, and when it takes a second one. Neither hands an entry to somebody else.

use super::text_enum::text_enum;

text_enum! {
    /// What is put right.
    CorrectionKind {
        /// A slip in a name or a birth date.
        Correction = "correction",
        /// Somebody else registered with a number and a birth date; the person whose they are stands here with their
        /// document, and the entry is theirs.
        Takeover = "takeover",
    }
}

/// Whether a second person must do it: the new name is no other spelling of the old one, or somebody is called by it
/// already.
pub const fn takes_two(is_near: bool, is_convoked: bool) -> bool {
    !is_near || is_convoked
}
