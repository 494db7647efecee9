//! The calls that change the keys of an installation.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::commands::{Moved, NewIndexKey, Wrapped};
use super::{Backend, Store, StoreError, run};

port! {
    /// The check of the first master key, and the sealed roots; nothing, in a database without an installation.
    fn stored_roots() -> Option<(Vec<u8>, Option<Vec<u8>>)>;
    /// Replaces the sealed roots, unless they were changed meanwhile. The log says so.
    fn save_roots(before: Option<Vec<u8>>, after: Vec<u8>, detail: serde_json::Value, now: DateTime<Utc>) -> ();
    /// What is wrapped, in the order of the ids, after one of them.
    fn wrapped(what: Wrapped, after: Uuid, limit: i64) -> Vec<(Uuid, Vec<u8>)>;
    /// Replaces wrapped values, each unless it was changed meanwhile. Answers how many were.
    fn rewrap(what: Wrapped, moved: Vec<Moved>) -> u64;
    /// Turns every stored fingerprint into that of the new key, all or none, while no other process uses the database.
    /// Answers how many values there were.
    fn add_index_key(new: NewIndexKey, now: DateTime<Utc>) -> u64;
}
