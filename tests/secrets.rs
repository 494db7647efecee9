//! What is secret at rest: the keys are changed and nothing becomes unreadable, people are still found, and what the
//! database, the logs and the pages hold tells nothing to whoever has no key.

#[path = "secrets/change.rs"]
mod change;
mod common;
#[path = "common/web.rs"]
mod web;
