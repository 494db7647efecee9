//! Prints whether an aim is met. No bench fails because of it: machines differ, and so do ratios.

pub const fn judged(is_met: bool) -> &'static str {
    if is_met { "met" } else { "MISSED" }
}
