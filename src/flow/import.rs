//! What an installation is set up with, from files: prefectures, and the register of numéros étrangers.

mod prefecture_file;
mod register_file;

pub use prefecture_file::{Plan, plan, prefecture};
pub use register_file::{RegisterCount, register_of_numbers};

use super::FlowError;

/// Why a file is not imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error("{0}")]
    File(String),
    /// Every fault, with its place.
    #[error("{}", .0.join("\n"))]
    Faults(Vec<String>),
    #[error(transparent)]
    Flow(#[from] FlowError),
}

impl From<crate::store::StoreError> for ImportError {
    fn from(error: crate::store::StoreError) -> Self {
        Self::Flow(error.into())
    }
}
