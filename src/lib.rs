//! Passage: a fair-queue waitlist for French prefectures. See docs/architecture.md for the plan of the
//! house; this file only names its rooms.

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
pub mod notify;
pub mod scheduler;
pub mod simulate;
pub mod store;
pub mod telemetry;
pub mod vault;
pub mod web;
pub mod witness;

/// Rows are made on SQLite's threads and dropped on others: there the C library's allocator waits for its
/// own locks. It stands for C too, where SQLite asks for its memory.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
