//! One-time codes: what they are for, and their limits.

use super::text_enum::text_enum;

text_enum! {
    /// What a code lets its holder do.
    CodePurpose {
        /// Open the page of a request whose reference is lost.
        LostReference = "lost_reference",
        /// Change how one is reached.
        Contact = "contact",
    }
}

/// Digits of a code.
pub const DIGITS: usize = 6;
/// Minutes for which a code is good.
pub const MINUTES: i64 = 10;
/// Codes that are looked at. Counted in the database.
pub const TRIES_MAX: i32 = 5;

/// The digits of a code as typed: spaces do not count, and figures of other scripts are figures.
///
/// ```
/// use passage::domain::code::normal;
///
/// assert_eq!(normal(" 012 345 "), "012345");
/// assert_eq!(normal("٠١٢٣٤٥"), "012345");
/// ```
pub fn normal(typed: &str) -> String {
    typed.chars().filter_map(super::phone::decimal_digit).take(2 * DIGITS).collect()
}
