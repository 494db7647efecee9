//! Signing in with an account elsewhere: our client against a provider that can be bent in every way.

#[path = "oidc/fake.rs"]
mod fake;
#[path = "oidc/keys.rs"]
mod keys;
#[path = "oidc/refusals.rs"]
mod refusals;
#[path = "oidc/upkeep.rs"]
mod upkeep;
