//! Why somebody on the staff opens a person's data. Each opening is written down with one of these words, shown to the
//! manager and to the person themselves.

use super::text_enum::text_enum;

text_enum! {
    /// What a person's data were opened for.
    ReadingPurpose {
        /// The page of a request.
        Entry = "entry",
        /// A search, and what it found.
        Search = "search",
        /// The list of those who come, and their arrival.
        Counter = "counter",
        /// Verifying who somebody is.
        Identity = "identity",
        /// Two requests that may be one person's.
        Pair = "pair",
        /// A letter, a sheet, or what has been sent.
        Message = "message",
        /// A decision that takes two people, or an objection.
        Decision = "decision",
    }
}

text_enum! {
    /// Why an agent searches: chosen from this list, and written down.
    SearchReason {
        AtTheCounter = "at_the_counter",
        OnThePhone = "on_the_phone",
        ByLetter = "by_letter",
        LostReference = "lost_reference",
        PairToCheck = "pair_to_check",
    }
}

impl ReadingPurpose {
    /// Whether an agent chose this person among all: what is counted when reading is unusual.
    pub const fn is_chosen(self) -> bool {
        matches!(self, Self::Entry | Self::Search)
    }
}
