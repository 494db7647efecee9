//! SHA-256 over concatenated parts, and the two hashes that are made outside a list: pids and
//! commitments. Every other hash of the protocol is defined next to the data it covers.

use sha2::block_api::compress256;
use sha2::{Digest, Sha256};

/// A SHA-256 value.
pub type Hash = [u8; 32];
/// The 16 bytes that name a draw, a slot, a site, an entry, or an entry's line in one draw.
pub type Id = [u8; 16];

/// SHA-256 of the concatenated parts.
pub(super) fn sha256(parts: &[&[u8]]) -> Hash {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part);
    }
    hasher.finalize().into()
}

/// The initial state of SHA-256 (FIPS 180-4, §5.3.3).
const INITIAL: [u32; 8] =
    [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19];

/// How many messages are written before the first of them is hashed.
const BATCH: usize = 16;

/// SHA-256 of many messages of one length, which `lay` writes into blocks that are already padded, in a
/// reused buffer. Hashing each message separately would pad it again, and the processor would stall until
/// each write has reached memory before it can be read back as a block: a whole tree takes half as long again.
pub(super) fn sha256_each<const BYTES: usize>(
    length: usize,
    hashes: &mut [Hash],
    lay: impl Fn(usize, &mut [u8; BYTES]),
) {
    debug_assert_eq!(BYTES, (length + 9).next_multiple_of(64));
    let mut padded = [0; BYTES];
    padded[length] = 0x80;
    padded[BYTES - 8..].copy_from_slice(&(8 * length as u64).to_be_bytes());
    let mut messages = [padded; BATCH];
    for (batch, hashes) in hashes.chunks_mut(BATCH).enumerate() {
        for (at, message) in (batch * BATCH..).zip(&mut messages[..hashes.len()]) {
            lay(at, message);
        }
        let mut states = [INITIAL; BATCH];
        for block in 0..BYTES / 64 {
            for (state, message) in states[..hashes.len()].iter_mut().zip(&messages) {
                compress256(state, &message.as_chunks().0[block..=block]);
            }
        }
        for (hash, state) in hashes.iter_mut().zip(states) {
            for (bytes, word) in hash.as_chunks_mut().0.iter_mut().zip(state) {
                *bytes = word.to_be_bytes();
            }
        }
    }
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
/// operator instead of a public beacon. It requires trust in the operator; say so wherever it is shown.
pub fn commitment(draw: &Id, secret: &[u8; 32]) -> Hash {
    sha256(&[b"passage-draw/1 commit\0", draw, secret])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_of_one_length_have_the_hashes_of_their_bytes() {
        fn agrees<const BYTES: usize>(lengths: std::ops::RangeInclusive<usize>) {
            for length in lengths {
                let message = |at: usize| vec![u8::try_from(at).unwrap(); length];
                let mut hashes = [[0; 32]; 2 * BATCH + 3];
                sha256_each::<BYTES>(length, &mut hashes, |at, bytes| {
                    bytes[..length].copy_from_slice(&message(at));
                });
                for (at, hash) in hashes.iter().enumerate() {
                    assert_eq!(*hash, sha256(&[&message(at)]), "{length}");
                }
            }
        }
        agrees::<64>(0..=55);
        agrees::<128>(56..=119);
    }
}
