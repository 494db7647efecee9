//! From the frozen list and the randomness to one ticket per entry.

use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use super::hash::{Hash, sha256};
use super::list::Line;
use super::threads::each_chunk;

/// What an entry draws: the smaller, the better, compared as bytes.
pub type Ticket = [u8; 16];

/// Entries per unit of work: their tickets fit in the first-level cache. A multiple of the four tickets in
/// one `ChaCha` block.
const CHUNK: usize = 512;

/// The seed of a draw.
pub(super) fn seed(freeze: &Hash, randomness: &Hash) -> Hash {
    sha256(&[b"passage-draw/1 seed\0", freeze, randomness])
}

/// The ticket of each entry: an entry of weight w draws w tickets and keeps the smallest.
pub fn tickets(seed: &Hash, lines: &[Line]) -> Vec<Ticket> {
    let mut tickets = vec![[0; 16]; lines.len()];
    each_chunk(&mut tickets, CHUNK, |first, tickets| {
        chunk(seed, first, &lines[first..][..tickets.len()], tickets);
    });
    tickets
}

fn chunk(seed: &Hash, first: usize, lines: &[Line], tickets: &mut [Ticket]) {
    let mut heaviest_first: Vec<usize> = (0..lines.len()).collect();
    heaviest_first.sort_by_key(|at| std::cmp::Reverse(lines[*at].weight));
    let mut best = vec![u128::MAX; lines.len()];
    let mut bytes = vec![0; 16 * lines.len()];
    let mut rng = ChaCha20Rng::from_seed(*seed);
    for stream in 0..heaviest_first.first().map_or(0, |at| lines[*at].weight) {
        while heaviest_first.last().is_some_and(|at| lines[*at].weight <= stream) {
            heaviest_first.pop();
        }
        rng.set_stream(stream.into());
        rng.set_word_pos(first as u128 * 4);
        rng.fill_bytes(&mut bytes);
        let (drawn, _) = bytes.as_chunks();
        for at in &heaviest_first {
            best[*at] = u128::from_be_bytes(drawn[*at]).min(best[*at]);
        }
    }
    for (ticket, best) in tickets.iter_mut().zip(best) {
        *ticket = best.to_be_bytes();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::on_threads;

    fn lines(weights: impl Iterator<Item = u8>) -> Vec<Line> {
        let line = |weight| Line { pid: [0; 16], kind: 0, tier: 3, weight, bucket: 0, reserve: 0 };
        weights.map(line).collect()
    }

    #[test]
    fn the_number_of_threads_changes_no_ticket() {
        let lines = lines((1..=32).cycle().take(9001));
        let alone = on_threads(1, || tickets(&[5; 32], &lines));
        for threads in [2, 3, 8] {
            assert_eq!(on_threads(threads, || tickets(&[5; 32], &lines)), alone);
        }
    }

    #[test]
    fn tickets_are_rfc_8439_keystreams() {
        // RFC 8439, appendix A.1, test vectors 1 and 2: key and nonce of zeros, blocks 0 and 1.
        let drawn = tickets(&[0; 32], &lines([1; 5].into_iter()));
        assert_eq!(hex::encode(drawn[0]), "76b8e0ada0f13d90405d6ae55386bd28");
        assert_eq!(hex::encode(drawn[4]), "9f07e7be5551387a98ba977c732d080d");
    }
}
