//! Signing in with an account elsewhere: our client against a provider that can be bent in every way, and against a real
//! one that is set up as FranceConnect is.

mod common;
#[path = "oidc/door.rs"]
mod door;
#[path = "oidc/fake.rs"]
mod fake;
#[path = "oidc/keys.rs"]
mod keys;
#[path = "oidc/real.rs"]
mod real;
#[path = "oidc/refusals.rs"]
mod refusals;
#[path = "oidc/staff.rs"]
mod staff;
#[path = "oidc/upkeep.rs"]
mod upkeep;
#[path = "common/web.rs"]
mod web;
