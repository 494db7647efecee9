//! The demo's accounts and numbers: populated into its register, then printed for its visitors. All of them are
//! fictional, and stand only in the demo's own database.

use crate::domain::actor::Role;

pub const ACCOUNTS: &[(&str, Role)] =
    &[("agent", Role::Agent), ("responsable", Role::Manager), ("adjointe", Role::Manager)];
pub const PASSWORD: &str = "passage-demonstration";

/// A number of the demo's register that a newcomer may use, with its birth date; so are the 98 after it.
pub const KNOWN_NUMBER: &str = "9900000001";
pub const KNOWN_BIRTH: &str = "01/01/1990";
