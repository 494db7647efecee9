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
        /// Two entries are one person's: one is kept, with the earlier day.
        Merge = "merge",
    }
}

impl CorrectionKind {
    /// Whether a second agent must do the same: it is not plain, an appointment has been given (or may be, where the list is
    /// frozen), something was put right before (small steps lead far), or the request gets another holder. A correction
    /// is plain where it is another spelling; a merge, where papers say so and the agent did not let the kept one in.
    pub const fn takes_two(self, is_plain: bool, is_convoked: bool, is_first: bool) -> bool {
        !is_plain || is_convoked || !is_first || matches!(self, Self::Takeover)
    }
}
