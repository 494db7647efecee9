//! The life of a draw: announced, frozen, seeded, drawn, published; or annulled, in public.

use super::text_enum::text_enum;

text_enum! {
    /// What a draw is now.
    DrawState {
        Announced = "announced",
        Frozen = "frozen",
        Seeded = "seeded",
        Drawn = "drawn",
        Published = "published",
        Annulled = "annulled",
    }
}
