//! How people and staff show who they are.

pub mod mrz;
pub mod password;
pub mod totp;
