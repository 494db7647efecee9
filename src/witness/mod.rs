//! Witnesses: outsiders who keep what the log said, and when. The receiver that anybody can run
//! ([`ledger`], [`service`]), the sender that the installation pushes with ([`sender`]), and what a
//! witness knows about a bundle ([`testimony`]).

pub mod ledger;
pub mod sender;
pub mod service;
pub mod testimony;
