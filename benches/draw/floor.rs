//! Baselines: the minimum work that the protocol requires, on all cores, with the same libraries.

use std::hint::black_box;

use passage::draw::{Drawn, Frozen, Line, Slot};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use sha2::block_api::compress256;

/// The number of SHA-256 blocks of a message of this many bytes.
fn blocks_of(bytes: usize) -> usize {
    (bytes + 9).div_ceil(64)
}

/// Leaves, nodes and types: what a freeze hashes.
pub fn freeze_blocks(frozen: &Frozen) -> usize {
    let (entries, slots) = (frozen.entries().len(), frozen.slots().len());
    let kind = blocks_of(3 + frozen.classes().len().div_ceil(8));
    entries * blocks_of(60)
        + slots * blocks_of(35)
        + (entries + slots).saturating_sub(2) * blocks_of(65)
        + frozen.types().len() * kind
}

pub fn outcome_blocks(drawn: &Drawn) -> usize {
    blocks_of(91 + 8 * drawn.outcome().len())
}

/// SHA-256 of this many blocks, on all cores.
pub fn hash(blocks: usize) {
    const AT_ONCE: usize = 512;
    share(blocks.div_ceil(AT_ONCE), |count| {
        let message = vec![[5; 64]; AT_ONCE];
        let mut state = [1; 8];
        for _ in 0..count {
            compress256(&mut state, black_box(&message));
        }
        black_box(state);
    });
}

/// SHA-256 of this many chained blocks, like those of one message.
pub fn hash_in_a_row(blocks: usize) {
    let mut state = [1; 8];
    compress256(&mut state, black_box(&vec![[5; 64]; blocks]));
    black_box(state);
}

/// `ChaCha20` of the number of bytes in all tickets, on all cores.
pub fn keystream(frozen: &Frozen) {
    const AT_ONCE: usize = 1 << 13;
    let streams = frozen.entries().iter().map(|line| usize::from(line.weight)).max().unwrap_or(0);
    share((16 * frozen.entries().len()).div_ceil(AT_ONCE) * streams, |count| {
        let mut random = ChaCha20Rng::from_seed([6; 32]);
        let mut bytes = vec![0; AT_ONCE];
        for _ in 0..count {
            random.fill_bytes(&mut bytes);
            black_box(&bytes);
        }
    });
}

/// Unsorted keys of sixteen bytes.
pub fn keys(count: usize) -> Vec<u128> {
    let mut random = ChaCha20Rng::from_seed([8; 32]);
    let mut key = || u128::from(random.next_u64()) << 64 | u128::from(random.next_u64());
    (0..count).map(|_| key()).collect()
}

/// A sort of these keys on this many cores: partitions into halves first, then sorts them in parallel. (Sorting
/// parts in parallel and merging them is slower.)
pub fn sort(keys: &mut [u128], cores: usize) {
    if cores < 2 || keys.len() < cores {
        return keys.sort_unstable();
    }
    let below = cores / 2;
    let (left, _, right) = keys.select_nth_unstable(keys.len() / cores * below);
    std::thread::scope(|scope| {
        scope.spawn(|| sort(left, below));
        sort(right, cores - below);
    });
}

/// In one pass, each person takes the first free seat of their set, and nobody moves: this matching
/// seats fewer people than the rule.
pub fn first_come(frozen: &Frozen, order: &[u32]) -> usize {
    let (mut seats, mut won) = (super::seats(frozen), 0);
    let mut first: Vec<u16> = vec![0; frozen.types().len()];
    let classes = u16::try_from(seats.len()).expect("few classes");
    for number in order {
        let kind = frozen.entries()[*number as usize].kind as usize;
        let (from, accepts) = (&mut first[kind], &frozen.types()[kind]);
        while *from < classes && (seats[usize::from(*from)] == 0 || !accepts.contains(*from)) {
            *from += 1;
        }
        if *from < classes {
            seats[usize::from(*from)] -= 1;
            won += 1;
        }
    }
    won
}

type Rows = (Vec<(String, u32, u8, u8, u32, u8)>, Vec<(String, u16, i64, u16, u16)>, Vec<(u32, u32)>);

/// The rows of a bundle as input for a general JSON writer, with the hex ready.
pub fn rows(drawn: &Drawn) -> Rows {
    let entry =
        |line: &Line| (hex::encode(line.pid), line.kind, line.tier, line.weight, line.bucket, line.reserve);
    let slot = |slot: &Slot| (hex::encode(slot.id), slot.class, slot.start, slot.minutes, slot.desk);
    let frozen = drawn.frozen();
    (
        frozen.entries().iter().map(entry).collect(),
        frozen.slots().iter().map(slot).collect(),
        drawn.outcome().to_vec(),
    )
}

pub fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// Runs `work` for a part of `count` on each core.
fn share(count: usize, work: impl Fn(usize) + Sync) {
    std::thread::scope(|scope| {
        for _ in 0..cores() {
            scope.spawn(|| work(count.div_ceil(cores())));
        }
    });
}
