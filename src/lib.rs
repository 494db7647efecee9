//! Passage: a fair-queue waitlist for French prefectures. docs/architecture.md describes the modules;
//! this file only names them.

pub mod beacon;
pub mod cli;
pub mod clock;
pub mod config;
pub mod domain;
pub mod draw;
mod failpoint;
pub mod flow;
pub mod identity;
pub mod journal;
pub mod limits;
pub mod locale;
pub mod metrics;
pub mod notify;
pub mod numbers;
pub mod oidc;
pub mod outbound;
pub mod scheduler;
pub mod simulate;
pub mod store;
pub mod telemetry;
pub mod vault;
pub mod web;
pub mod witness;

/// Rows are allocated on SQLite's threads and freed on others: there the C library's allocator contends on its
/// own locks. SQLite's own memory still comes from C's malloc.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
