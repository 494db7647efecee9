//! Merkle roots and proofs compared with a literal implementation of RFC 9162.

use passage::draw::Hash;
use passage::draw::merkle::{Frontier, Tree, leaf_hash, root, verify_consistency, verify_inclusion};
use proptest::prelude::*;
use sha2::{Digest, Sha256};

/// RFC 9162 §2.1.1 on leaf hashes.
fn mth(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => Sha256::digest(b"").into(),
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(split(leaves.len()));
            Sha256::digest([&[1][..], &mth(left), &mth(right)].concat()).into()
        }
    }
}

fn split(size: usize) -> usize {
    let mut half = 1;
    while half * 2 < size {
        half *= 2;
    }
    half
}

/// RFC 9162 §2.1.3.1.
fn path(index: usize, leaves: &[Hash]) -> Vec<Hash> {
    if leaves.len() == 1 {
        return vec![];
    }
    let half = split(leaves.len());
    let (left, right) = leaves.split_at(half);
    let (mut proof, sibling) =
        if index < half { (path(index, left), mth(right)) } else { (path(index - half, right), mth(left)) };
    proof.push(sibling);
    proof
}

/// RFC 9162 §2.1.4.1.
fn subproof(old: usize, leaves: &[Hash], known: bool) -> Vec<Hash> {
    if old == leaves.len() {
        return if known { vec![] } else { vec![mth(leaves)] };
    }
    let half = split(leaves.len());
    let (left, right) = leaves.split_at(half);
    let (mut proof, sibling) = if old <= half {
        (subproof(old, left, known), mth(right))
    } else {
        (subproof(old - half, right, false), mth(left))
    };
    proof.push(sibling);
    proof
}

fn leaves(count: usize) -> Vec<Hash> {
    (0..count).map(|i| leaf_hash(&i.to_be_bytes())).collect()
}

fn tree(leaves: &[Hash]) -> Tree {
    let mut tree = Tree::default();
    for leaf in leaves {
        tree.append(*leaf);
    }
    tree
}

#[test]
fn a_leaf_is_the_hash_of_zero_and_its_bytes() {
    assert_eq!(leaf_hash(b"x"), <Hash>::from(Sha256::digest(b"\0x")));
}

#[test]
fn every_way_to_a_root_agrees() {
    let all = leaves(70);
    let whole = tree(&all);
    let mut frontier = Frontier::default();
    for size in 0..=all.len() {
        let wanted = mth(&all[..size]);
        assert_eq!(root(&all[..size]), wanted);
        assert_eq!(whole.root_at(size), Some(wanted));
        assert_eq!(frontier.root(), wanted);
        frontier = Frontier::resume(frontier.size(), frontier.peaks().to_vec()).unwrap();
        if let Some(leaf) = all.get(size) {
            frontier.append(*leaf);
        }
    }
    assert_eq!(whole.root_at(71), None);
    assert_eq!(Frontier::resume(3, leaves(1)), None);
}

#[test]
fn every_inclusion_proof_is_the_one_of_the_rfc_and_holds() {
    let all = leaves(66);
    let whole = tree(&all);
    for size in 1..=all.len() {
        let top = mth(&all[..size]);
        for index in 0..size {
            let proof = whole.inclusion(index, size).unwrap();
            assert_eq!(proof, path(index, &all[..size]));
            for claimed in 0..=size {
                let (claimed, size) = (claimed as u64, size as u64);
                let holds = verify_inclusion(&all[index], claimed, size, &proof, &top);
                assert_eq!(holds, claimed == index as u64);
            }
        }
        assert_eq!(whole.inclusion(size, size), None);
    }
}

#[test]
fn every_consistency_proof_is_the_one_of_the_rfc_and_holds() {
    let all = leaves(66);
    let whole = tree(&all);
    for new in 1..=all.len() {
        for old in 1..=new {
            let proof = whole.consistency(old, new).unwrap();
            assert_eq!(proof, subproof(old, &all[..new], true));
            let (before, after) = (mth(&all[..old]), mth(&all[..new]));
            let (old, new) = (old as u64, new as u64);
            assert!(verify_consistency(old, new, &proof, &before, &after));
            if old != new {
                assert!(!verify_consistency(old, new, &proof, &after, &before));
                assert!(!verify_consistency(new, old, &proof, &after, &before));
            }
        }
    }
    assert_eq!(whole.consistency(3, 67), None);
    assert_eq!(whole.consistency(4, 3), None);
    assert!(verify_consistency(0, 9, &[], &mth(&[]), &mth(&all[..9])));
    assert!(!verify_consistency(0, 9, &[], &all[0], &mth(&all[..9])));
    assert!(!verify_consistency(3, 9, &[], &mth(&all[..3]), &mth(&all[..9])));
}

proptest! {
    #[test]
    fn a_changed_proof_fails(size in 2_usize..300, pick: usize, old: usize, at: usize, bit in 0..8_u8) {
        let all = leaves(size);
        let whole = tree(&all);
        let (index, old, top) = (pick % size, 1 + old % (size - 1), whole.root());
        let spoil = |mut proof: Vec<Hash>| {
            let place = at % (32 * proof.len());
            proof[place / 32][place % 32] ^= 1 << bit;
            proof
        };
        let proof = whole.inclusion(index, size).unwrap();
        let spoilt = spoil(proof.clone());
        let (index, new) = (index as u64, size as u64);
        prop_assert!(!verify_inclusion(&all[pick % size], index, new, &spoilt, &top));
        prop_assert!(!verify_inclusion(&all[pick % size], index, new, &proof[1..], &top));
        let proof = whole.consistency(old, size).unwrap();
        let before = whole.root_at(old).unwrap();
        prop_assert!(verify_consistency(old as u64, new, &proof, &before, &top));
        let spoilt = spoil(proof);
        prop_assert!(!verify_consistency(old as u64, new, &spoilt, &before, &top));
    }
}
