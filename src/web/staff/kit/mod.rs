//! What staff pages are made of.

pub mod confirm;
pub mod own;
pub mod parts;
