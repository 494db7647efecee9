//! One seat at one desk at one time, and what can become of it.

use super::text_enum::text_enum;

text_enum! {
    /// Morning or afternoon, split at noon in the site's local time.
    Half { Morning = "morning", Afternoon = "afternoon" }
}

text_enum! {
    /// What a slot is now.
    SlotState {
        /// Waits for a draw.
        Free = "free",
        /// In a frozen list.
        Frozen = "frozen",
        /// Somebody is convoked.
        Taken = "taken",
        /// Its time came too near for a convocation; counted in public.
        Lapsed = "lapsed",
        /// Withdrawn by the prefecture.
        Withdrawn = "withdrawn",
    }
}
