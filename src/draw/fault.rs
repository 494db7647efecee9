//! What can be wrong with a list or a bundle, in words that an outsider who checks a draw understands.

use super::beacon::BeaconFault;

/// The first fault found.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The bytes are not the JSON that the protocol describes.
    #[error("not the JSON of a draw: {0}")]
    Json(String),
    /// A field breaks one of the rules of the protocol.
    #[error("{at}: {rule}")]
    Rule {
        /// Which field, as a path such as `entries[3].weight`.
        at: String,
        /// What the protocol requires of it.
        rule: String,
    },
    /// A value written in the bundle differs from the one computed from the rest of it.
    #[error("{what} does not follow: the bundle says {stated}, the rest of it gives {computed}")]
    Differs {
        /// Which value.
        what: String,
        /// The value written in the bundle.
        stated: String,
        /// The value computed from the rest.
        computed: String,
    },
    /// The beacon's signature is not valid.
    #[error("source.signature: {0}")]
    Beacon(#[from] BeaconFault),
}

impl Fault {
    pub(super) fn rule(at: impl Into<String>, rule: impl Into<String>) -> Self {
        Self::Rule { at: at.into(), rule: rule.into() }
    }

    pub(super) fn missing(key: &str) -> Self {
        Self::rule(key, "the key is missing")
    }
}

/// Refuses a written hash that differs from the computed one.
pub(super) fn same(what: &str, stated: &[u8], computed: &[u8]) -> Result<(), Fault> {
    if stated == computed {
        return Ok(());
    }
    Err(Fault::Differs {
        what: what.to_owned(),
        stated: hex::encode(stated),
        computed: hex::encode(computed),
    })
}
