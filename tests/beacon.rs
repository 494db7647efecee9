//! The public beacon, from relays that tell the truth and relays that do not.

mod common;
#[path = "common/log.rs"]
mod log;
#[path = "common/recorded.rs"]
mod recorded;
#[path = "common/relay.rs"]
mod relay;
#[path = "common/web.rs"]
mod web;

#[path = "web_staff/browser.rs"]
#[allow(dead_code, reason = "one page of the staff is looked at here")]
mod browser;

#[path = "beacon/client.rs"]
mod client;
#[path = "beacon/guards.rs"]
mod guards;
#[path = "beacon/life.rs"]
mod life;
