//! From the frozen list and the randomness to one ticket per entry.

use std::ops::Range;

use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use super::hash::{Hash, sha256};
use super::threads::in_chunks;

/// What an entry draws: the smaller, the better, compared as bytes.
pub type Ticket = [u8; 16];

/// Entries per unit of work; a multiple of the four tickets in one `ChaCha` block.
const CHUNK: usize = 2048;

/// The seed of a draw.
pub(super) fn seed(freeze: &Hash, randomness: &Hash) -> Hash {
    sha256(&[b"passage-draw/1 seed\0", freeze, randomness])
}

/// The ticket of each entry: the smallest of as many as it has weight.
pub(super) fn tickets(seed: &Hash, weights: &[u8], threads: usize) -> Vec<Ticket> {
    in_chunks(weights.len(), CHUNK, threads, |range| chunk(seed, weights, range))
}

fn chunk(seed: &Hash, weights: &[u8], range: Range<usize>) -> Vec<Ticket> {
    let weights = &weights[range.clone()];
    let first_word = range.start as u128 * 4;
    let mut best = vec![[u8::MAX; 16]; weights.len()];
    let mut bytes = vec![0; weights.len() * 16];
    let mut rng = ChaCha20Rng::from_seed(*seed);
    for stream in 0..weights.iter().copied().max().unwrap_or(0) {
        rng.set_stream(stream.into());
        rng.set_word_pos(first_word);
        rng.fill_bytes(&mut bytes);
        let (drawn, _) = bytes.as_chunks::<16>();
        for ((best, ticket), weight) in best.iter_mut().zip(drawn).zip(weights) {
            if stream < *weight && ticket < best {
                *best = *ticket;
            }
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_threads_changes_no_ticket() {
        let weights: Vec<u8> = (0..9001_u32).map(|i| u8::try_from(i % 33).unwrap().max(1)).collect();
        let alone = tickets(&[5; 32], &weights, 1);
        for threads in [2, 3, 8] {
            assert_eq!(tickets(&[5; 32], &weights, threads), alone);
        }
    }

    #[test]
    fn tickets_are_rfc_8439_keystreams() {
        // RFC 8439, appendix A.1, test vectors 1 and 2: key and nonce of zeros, blocks 0 and 1.
        let drawn = tickets(&[0; 32], &[1; 5], 1);
        assert_eq!(hex::encode(drawn[0]), "76b8e0ada0f13d90405d6ae55386bd28");
        assert_eq!(hex::encode(drawn[4]), "9f07e7be5551387a98ba977c732d080d");
    }
}
