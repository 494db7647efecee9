//! What staff pages are made of.

pub mod confirm;
pub mod effects;
pub mod own;
pub mod parts;
