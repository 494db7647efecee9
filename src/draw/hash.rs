//! SHA-256 over joined parts, and the two hashes that are made outside a list: pids and
//! commitments. Every other hash of the protocol stands beside what it covers.

use sha2::{Digest, Sha256};

/// A SHA-256 value.
pub type Hash = [u8; 32];
/// The 16 bytes that name a draw, a slot, a site, an entry, or an entry's line in one draw.
pub type Id = [u8; 16];

/// SHA-256 of the parts joined.
pub(super) fn sha256(parts: &[&[u8]]) -> Hash {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part);
    }
    hasher.finalize().into()
}

/// The public name of an entry in one draw. The `salt` is fresh for every entry of every draw and
/// is shown to that applicant alone, so nobody else can tell which line is theirs.
///
/// ```
/// let one = passage::draw::pid(&[1; 16], &[2; 16], &[3; 32]);
/// assert_ne!(one, passage::draw::pid(&[1; 16], &[2; 16], &[4; 32]));
/// ```
pub fn pid(draw: &Id, entry: &Id, salt: &[u8; 32]) -> Id {
    let whole = sha256(&[b"passage-draw/1 pid\0", draw, entry, salt]);
    let mut pid = [0; 16];
    pid.copy_from_slice(&whole[..16]);
    pid
}

/// What is published when the list is frozen, for a draw whose randomness is a secret of the
/// operator instead of a public beacon. It asks for trust in the operator; say so wherever it shows.
pub fn commitment(draw: &Id, secret: &[u8; 32]) -> Hash {
    sha256(&[b"passage-draw/1 commit\0", draw, secret])
}
