//! Whether an aim is met, in a word. No bench fails for it: machines differ, and ratios with them.

pub const fn judged(is_met: bool) -> &'static str {
    if is_met { "met" } else { "MISSED" }
}
