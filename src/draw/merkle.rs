//! Merkle trees as RFC 9162 §2.1: the roots of a frozen list, and the inclusion and consistency
//! proofs of a public log.
//!
//! Everything works on leaf hashes ([`leaf_hash`]), so the leaves themselves can stay where they are.

use std::ops::Range;

use super::hash::{Hash, sha256, sha256_each};
use super::threads::each;

/// Leaves per unit of parallel work: a power of two, so that each chunk is a subtree of the whole.
const CHUNK: usize = 1 << 10;

/// The hash of a leaf's bytes.
pub fn leaf_hash(bytes: &[u8]) -> Hash {
    sha256(&[&[0], bytes])
}

fn node_hash(left: &Hash, right: &Hash) -> Hash {
    sha256(&[&[1], left, right])
}

/// The root over leaf hashes; of no leaf, the hash of nothing.
///
/// ```
/// use passage::draw::merkle::{leaf_hash, root};
/// let leaf = leaf_hash(b"one");
/// assert_eq!(root(&[leaf]), leaf);
/// ```
pub fn root(leaves: &[Hash]) -> Hash {
    root_by_levels(leaves.to_vec())
}

/// Level by level; a last node without a sibling moves up unchanged.
fn root_by_levels(mut level: Vec<Hash>) -> Hash {
    while level.len() > 1 {
        let mut above = vec![[0; 32]; level.len() / 2];
        sha256_each(65, &mut above, |at, bytes: &mut [u8; 128]| {
            bytes[0] = 1;
            bytes[1..33].copy_from_slice(&level[2 * at]);
            bytes[33..65].copy_from_slice(&level[2 * at + 1]);
        });
        above.extend(level.chunks_exact(2).remainder());
        level = above;
    }
    level.pop().unwrap_or_else(|| sha256(&[]))
}

/// The root over `count` leaves made on demand, on all threads. `lay` writes the byte 0 and the leaf,
/// together `length` bytes.
pub(super) fn root_of<const BYTES: usize>(
    count: usize,
    length: usize,
    lay: impl Fn(usize, &mut [u8; BYTES]) + Sync,
) -> Hash {
    let subtrees = each(count.div_ceil(CHUNK), 1, |chunk| {
        let first = chunk * CHUNK;
        let mut leaves = vec![[0; 32]; CHUNK.min(count - first)];
        sha256_each(length, &mut leaves, |at, bytes| lay(first + at, bytes));
        root_by_levels(leaves)
    });
    root_by_levels(subtrees)
}

/// The right edge of a growing tree: enough to append and to know the root, in a few hashes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    peaks: Vec<Hash>,
}

impl Frontier {
    /// Restores a frontier saved as its size and its peaks; `None` if they do not fit together.
    pub fn resume(size: u64, peaks: Vec<Hash>) -> Option<Self> {
        let matches = usize::try_from(size.count_ones()) == Ok(peaks.len());
        matches.then_some(Self { size, peaks })
    }

    /// How many leaves.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The roots of the complete subtrees, largest first: what to save.
    pub fn peaks(&self) -> &[Hash] {
        &self.peaks
    }

    /// Adds one leaf hash.
    pub fn append(&mut self, leaf: Hash) {
        let mut node = leaf;
        for _ in 0..self.size.trailing_ones() {
            let left = self.peaks.pop().expect("one peak per bit of the size");
            node = node_hash(&left, &node);
        }
        self.peaks.push(node);
        self.size += 1;
    }

    /// The root of the tree so far.
    pub fn root(&self) -> Hash {
        let peaks = self.peaks.iter().rev().copied();
        peaks.reduce(|right, left| node_hash(&left, &right)).unwrap_or_else(|| sha256(&[]))
    }
}

/// A tree that keeps its nodes, so a proof takes only a few hashes.
///
/// ```
/// use passage::draw::merkle::{Tree, leaf_hash, verify_inclusion};
/// let mut tree = Tree::default();
/// for line in ["a", "b", "c"] {
///     tree.append(leaf_hash(line.as_bytes()));
/// }
/// let proof = tree.inclusion(1, 3).unwrap();
/// assert!(verify_inclusion(&leaf_hash(b"b"), 1, 3, &proof, &tree.root()));
/// ```
#[derive(Debug, Clone, Default)]
pub struct Tree {
    /// `levels[h][i]` is the root of the complete subtree of 2^h leaves from leaf i·2^h.
    levels: Vec<Vec<Hash>>,
}

impl Tree {
    /// How many leaves.
    pub fn len(&self) -> usize {
        self.levels.first().map_or(0, Vec::len)
    }

    /// Whether there is no leaf.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds one leaf hash.
    pub fn append(&mut self, leaf: Hash) {
        let mut node = leaf;
        for height in 0.. {
            if self.levels.len() == height {
                self.levels.push(Vec::new());
            }
            let level = &mut self.levels[height];
            level.push(node);
            if level.len() % 2 == 1 {
                return;
            }
            node = node_hash(&level[level.len() - 2], &level[level.len() - 1]);
        }
    }

    /// The root over all leaves.
    pub fn root(&self) -> Hash {
        self.range(0, self.len())
    }

    /// The root that the tree had at `size` leaves, if it has had that many.
    pub fn root_at(&self, size: usize) -> Option<Hash> {
        (size <= self.len()).then(|| self.range(0, size))
    }

    /// The proof that leaf `index` is in the tree of the first `size` leaves.
    pub fn inclusion(&self, index: usize, size: usize) -> Option<Vec<Hash>> {
        let path = inclusion_path(index, size).filter(|_| size <= self.len())?;
        Some(self.roots(path))
    }

    /// The consistency proof: the tree of `new` leaves only appends to the tree of `old`; empty when `old` is
    /// 0 or equal to `new`.
    pub fn consistency(&self, old: usize, new: usize) -> Option<Vec<Hash>> {
        let path = consistency_path(old, new).filter(|_| new <= self.len())?;
        Some(self.roots(path))
    }

    fn roots(&self, path: Vec<Range<usize>>) -> Vec<Hash> {
        path.into_iter().map(|subtree| self.range(subtree.start, subtree.end)).collect()
    }

    /// The root over the leaves from `start` to before `end`, where `start` is the boundary of a subtree.
    fn range(&self, start: usize, end: usize) -> Hash {
        let size = end - start;
        if size == 0 {
            return sha256(&[]);
        }
        if size.is_power_of_two() {
            return self.levels[size.ilog2() as usize][start / size];
        }
        let middle = start + split(size);
        node_hash(&self.range(start, middle), &self.range(middle, end))
    }
}

/// The largest power of two below `size`, for `size` from 2 on.
fn split(size: usize) -> usize {
    size.next_power_of_two() / 2
}

/// The subtrees whose roots prove that leaf `index` is in the tree of the first `size` leaves (RFC 9162
/// §2.1.3.1), nearest first; `None` if there is no such leaf. For logs too long to be held in memory.
///
/// ```
/// use passage::draw::merkle::inclusion_path;
/// assert_eq!(inclusion_path(2, 7), Some(vec![3..4, 0..2, 4..7]));
/// ```
pub fn inclusion_path(index: usize, size: usize) -> Option<Vec<Range<usize>>> {
    if index >= size {
        return None;
    }
    let (mut start, mut end) = (0, size);
    let mut path = Vec::new();
    while end - start > 1 {
        let middle = start + split(end - start);
        if index < middle {
            path.push(middle..end);
            end = middle;
        } else {
            path.push(start..middle);
            start = middle;
        }
    }
    path.reverse();
    Some(path)
}

/// The subtrees whose roots prove that the tree of `new` leaves only appends to the tree of `old` (RFC 9162
/// §2.1.4.1), nearest first; empty when `old` is 0 or equal to `new`, and `None` when it is greater.
///
/// ```
/// use passage::draw::merkle::consistency_path;
/// assert_eq!(consistency_path(3, 7), Some(vec![2..3, 3..4, 0..2, 4..7]));
/// ```
pub fn consistency_path(old: usize, new: usize) -> Option<Vec<Range<usize>>> {
    if old > new {
        return None;
    }
    if old == 0 || old == new {
        return Some(Vec::new());
    }
    let (mut start, mut end) = (0, new);
    let mut path = Vec::new();
    while end != old {
        let middle = start + split(end - start);
        if old <= middle {
            path.push(middle..end);
            end = middle;
        } else {
            path.push(start..middle);
            start = middle;
        }
    }
    // At the left edge this subtree is the old root itself, which the reader already has.
    if start > 0 {
        path.push(start..end);
    }
    path.reverse();
    Some(path)
}

/// Checks an inclusion proof (RFC 9162 §2.1.3.2).
pub fn verify_inclusion(leaf: &Hash, index: u64, size: u64, proof: &[Hash], root: &Hash) -> bool {
    if index >= size {
        return false;
    }
    let mut climb = Climb::new(index, size - 1);
    let mut node = *leaf;
    for sibling in proof {
        match climb.step() {
            Some(Side::Left) => node = node_hash(sibling, &node),
            Some(Side::Right) => node = node_hash(&node, sibling),
            None => return false,
        }
    }
    climb.at_top() && node == *root
}

/// Checks a consistency proof (RFC 9162 §2.1.4.2). From an empty tree, or between equal sizes, the
/// proof is empty.
pub fn verify_consistency(
    old_size: u64,
    new_size: u64,
    proof: &[Hash],
    old_root: &Hash,
    new_root: &Hash,
) -> bool {
    if old_size == 0 || old_size == new_size {
        let old_is_right = old_size != 0 || *old_root == sha256(&[]);
        let same = old_size != new_size || old_root == new_root;
        return proof.is_empty() && old_is_right && same;
    }
    if old_size > new_size {
        return false;
    }
    let (first, rest) = match proof.split_first() {
        _ if old_size.is_power_of_two() => (old_root, proof),
        Some((first, rest)) => (first, rest),
        None => return false,
    };
    let mut climb = Climb::new(old_size - 1, new_size - 1);
    climb.skip_complete();
    let (mut old, mut new) = (*first, *first);
    for sibling in rest {
        match climb.step() {
            Some(Side::Left) => {
                old = node_hash(sibling, &old);
                new = node_hash(sibling, &new);
            }
            Some(Side::Right) => new = node_hash(&new, sibling),
            None => return false,
        }
    }
    climb.at_top() && old == *old_root && new == *new_root
}

/// On which side of the path the sibling of a proof stands.
enum Side {
    Left,
    Right,
}

/// The path from a node to the root that both kinds of proof follow: the position of the node and
/// of the last node of its level (`fn` and `sn` in the RFC).
struct Climb {
    node: u64,
    last: u64,
}

impl Climb {
    fn new(node: u64, last: u64) -> Self {
        Self { node, last }
    }

    fn up(&mut self) {
        self.node >>= 1;
        self.last >>= 1;
    }

    fn skip_complete(&mut self) {
        while self.node & 1 == 1 {
            self.up();
        }
    }

    /// One sibling further up; `None` when the root is already reached.
    fn step(&mut self) -> Option<Side> {
        if self.last == 0 {
            return None;
        }
        let side = if self.node & 1 == 1 || self.node == self.last {
            while self.node & 1 == 0 && self.node != 0 {
                self.up();
            }
            Side::Left
        } else {
            Side::Right
        };
        self.up();
        Some(side)
    }

    fn at_top(&self) -> bool {
        self.last == 0
    }
}
