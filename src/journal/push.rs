//! What an installation sends to a witness: a newer head, the consistency proof from the head that the
//! witness knows, and the freezes in between, each with its inclusion proof.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::record::leaf_of;
use crate::draw::Hash;
use crate::draw::merkle::verify_inclusion;

/// A hash in a JSON document: 64 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HashHex(pub Hash);

impl Serialize for HashHex {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&hex::encode(self.0))
    }
}

impl<'de> Deserialize<'de> for HashHex {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let mut hash = [0; 32];
        hex::decode_to_slice(text, &mut hash).map_err(D::Error::custom)?;
        Ok(Self(hash))
    }
}

/// A row of the log with the proof that it is in a tree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proven {
    /// The text that was hashed, to the byte.
    pub row: String,
    /// Its position, from 0.
    pub index: u64,
    pub proof: Vec<HashHex>,
}

impl Proven {
    /// Whether this row is at its position in the tree of this size and root.
    pub fn is_in(&self, size: u64, root: &Hash) -> bool {
        verify_inclusion(&leaf_of(&self.row), self.index, size, &plain(&self.proof), root)
    }
}

/// One delivery to a witness. Its bytes are signed as a whole. So an invalid proof can only come from the
/// log itself, not from a stranger who repeats its public heads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Push {
    /// The signed note.
    pub head: String,
    /// The tree size from which the proof leads to the head.
    pub from: u64,
    pub consistency: Vec<HashHex>,
    /// The freezes recorded from `from` on.
    pub records: Vec<Proven>,
}

impl Push {
    /// The header that carries the signature of the body, in hexadecimal.
    pub const SIGNATURE_HEADER: &str = "passage-signature";
    /// The maximum number of freezes in one delivery.
    pub const RECORDS_MAX: usize = 250;
    /// The size limit, far above a delivery of [`Self::RECORDS_MAX`] freezes.
    pub const BYTES_MAX: usize = 1 << 20;

    /// The proof as hashes.
    pub fn proof(&self) -> Vec<Hash> {
        plain(&self.consistency)
    }
}

fn plain(hashes: &[HashHex]) -> Vec<Hash> {
    hashes.iter().map(|hash| hash.0).collect()
}
