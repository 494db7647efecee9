//! A backup of the master key in shares (Shamir's secret sharing): some of them rebuild it, fewer say nothing of it.
//! A share is a few lines of hexadecimal digits, to print and to type again.

use std::collections::BTreeSet;

use blahaj::{Share as Point, Sharks};
use sha2::{Digest, Sha256};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::{KeyId, MasterKey, fill_from_system, system_rng};

/// Why shares give no key. Never quotes one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ShareError {
    #[error("the threshold is from 2 to the number of shares, and there are 255 shares at most")]
    Numbers,
    #[error(
        "it has no share: {TEXT_BYTES} bytes as groups of four hexadecimal digits, nothing else on their lines"
    )]
    None,
    #[error("a digit of the share is wrong: compare it with the paper")]
    Mistyped,
    #[error("its share has format {0}, which this version of Passage does not know")]
    UnknownFormat(u8),
    #[error("these shares were not made together: all must name the same key and the same set")]
    Mixed,
    #[error("{needed} different shares are needed, and {found} are here")]
    TooFew { needed: u8, found: usize },
    #[error("the shares do not give the key that they name: one of them is wrong")]
    WrongKey,
}

const FORMAT: u8 = 1;
const SET_BYTES: usize = 4;
const KEY_ID_BYTES: usize = 8;
const KEY_BYTES: usize = 32;
const CHECK_BYTES: usize = 4;
const BODY_BYTES: usize = 1 + SET_BYTES + KEY_ID_BYTES + 1 + 1 + KEY_BYTES;
const TEXT_BYTES: usize = BODY_BYTES + CHECK_BYTES;
const GROUP: usize = 4;
const GROUPS_A_LINE: usize = 7;

/// One share of a master key.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct Share {
    set: [u8; SET_BYTES],
    key: [u8; KEY_ID_BYTES],
    /// How many shares rebuild the key.
    pub threshold: u8,
    /// Which one it is, from 1.
    pub number: u8,
    value: [u8; KEY_BYTES],
}

/// Makes `shares` shares of a key, of which any `threshold` rebuild it.
///
/// # Errors
/// [`ShareError::Numbers`].
pub fn split(key: &MasterKey, shares: u8, threshold: u8) -> Result<Vec<Share>, ShareError> {
    if threshold < 2 || threshold > shares {
        return Err(ShareError::Numbers);
    }
    let mut set = [0; SET_BYTES];
    fill_from_system(&mut set);
    let points = Sharks(threshold).dealer_rng(key.bytes(), &mut system_rng()).take(shares.into());
    let share = |point: Point| {
        let bytes = Zeroizing::new(Vec::from(&point));
        let (number, value) = bytes.split_first()?;
        Some(Share { set, key: key.id().0, threshold, number: *number, value: value.try_into().ok()? })
    };
    points.map(share).collect::<Option<_>>().ok_or(ShareError::Numbers)
}

/// The key that these shares were made of.
///
/// # Errors
/// If they are too few or not of one set, or the key is not the one that they name.
pub fn join(shares: &[Share]) -> Result<MasterKey, ShareError> {
    let Some(first) = shares.first() else { return Err(ShareError::TooFew { needed: 2, found: 0 }) };
    let same =
        |share: &Share| (share.set, share.key, share.threshold) == (first.set, first.key, first.threshold);
    if !shares.iter().all(same) {
        return Err(ShareError::Mixed);
    }
    let mut numbers = BTreeSet::new();
    let different: Vec<&Share> = shares.iter().filter(|share| numbers.insert(share.number)).collect();
    if different.len() < usize::from(first.threshold) {
        return Err(ShareError::TooFew { needed: first.threshold, found: different.len() });
    }
    let mut points: Vec<Point> = Vec::new();
    for share in different {
        let bytes = Zeroizing::new([&[share.number], share.value.as_slice()].concat());
        points.push(Point::try_from(bytes.as_slice()).map_err(|_| ShareError::WrongKey)?);
    }
    let plain =
        Sharks(first.threshold).recover(&points).map(Zeroizing::new).map_err(|_| ShareError::WrongKey)?;
    let key = MasterKey::from_bytes(plain.as_slice().try_into().map_err(|_| ShareError::WrongKey)?);
    if key.id() == first.key() { Ok(key) } else { Err(ShareError::WrongKey) }
}

impl Share {
    /// The public name of the key.
    pub fn key(&self) -> KeyId {
        KeyId(self.key)
    }

    /// The share as digits in groups, to print.
    pub fn digits(&self) -> Zeroizing<String> {
        let mut bytes = Zeroizing::new(vec![FORMAT]);
        bytes.extend_from_slice(&self.set);
        bytes.extend_from_slice(&self.key);
        bytes.extend_from_slice(&[self.threshold, self.number]);
        bytes.extend_from_slice(&self.value);
        let check = Sha256::digest(bytes.as_slice());
        bytes.extend_from_slice(&check[..CHECK_BYTES]);
        let text = Zeroizing::new(hex::encode(bytes.as_slice()));
        let mut digits = Zeroizing::new(String::new());
        for (at, digit) in text.chars().enumerate() {
            match (at % (GROUP * GROUPS_A_LINE), at % GROUP) {
                (0, _) if at > 0 => digits.push('\n'),
                (_, 0) if at > 0 => digits.push(' '),
                _ => {}
            }
            digits.push(digit);
        }
        digits
    }

    /// Reads a share from a text: the lines that have nothing but groups of hexadecimal digits.
    ///
    /// # Errors
    /// If there is none, or a digit was mistyped.
    pub fn read(text: &str) -> Result<Self, ShareError> {
        let is_group = |word: &str| word.len() <= GROUP && word.bytes().all(|byte| byte.is_ascii_hexdigit());
        let lines = text.lines().filter(|line| line.split_whitespace().all(is_group));
        let digits: Zeroizing<String> = Zeroizing::new(lines.flat_map(str::split_whitespace).collect());
        let mut bytes = Zeroizing::new([0; TEXT_BYTES]);
        hex::decode_to_slice(digits.as_bytes(), bytes.as_mut_slice()).map_err(|_| ShareError::None)?;
        let (body, check) = bytes.split_at(BODY_BYTES);
        if Sha256::digest(body)[..CHECK_BYTES] != *check {
            return Err(ShareError::Mistyped);
        }
        let (&[format], rest) = body.split_first_chunk().ok_or(ShareError::None)?;
        if format != FORMAT {
            return Err(ShareError::UnknownFormat(format));
        }
        let (set, rest) = rest.split_first_chunk().ok_or(ShareError::None)?;
        let (key, rest) = rest.split_first_chunk().ok_or(ShareError::None)?;
        let (&[threshold, number], value) = rest.split_first_chunk().ok_or(ShareError::None)?;
        let value = value.try_into().map_err(|_| ShareError::None)?;
        Ok(Self { set: *set, key: *key, threshold, number, value })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read_again(share: &Share) -> Share {
        Share::read(&format!("Part {}\n\n{}\n\nkeep it apart", share.number, *share.digits()))
            .expect("a share")
    }

    proptest! {
        #[test]
        fn any_as_many_as_are_needed_rebuild_the_key(key: [u8; 32], shares in 2..9_u8, seed: u64) {
            let threshold = 2 + u8::try_from(seed % u64::from(shares - 1)).unwrap();
            let key = MasterKey::from_bytes(key);
            let mut all: Vec<Share> = split(&key, shares, threshold).unwrap().iter().map(read_again).collect();
            all.rotate_left(usize::try_from(seed % u64::from(shares)).unwrap());
            let fewer = join(&all[..usize::from(threshold) - 1]).unwrap_err();
            let is_too_few = matches!(fewer, ShareError::TooFew { .. });
            prop_assert!(is_too_few);
            all.truncate(threshold.into());
            let joined = join(&all).unwrap();
            prop_assert_eq!(joined.bytes(), key.bytes());
        }

        #[test]
        fn a_mistyped_digit_is_noticed(at in 0..TEXT_BYTES * 2, by in 1..16_u32) {
            let digits = split(&MasterKey::from_bytes([7; 32]), 2, 2).unwrap()[0].digits();
            let mut at = at;
            let typed: String = digits.chars().map(|digit| {
                let Some(value) = digit.to_digit(16) else { return digit };
                let is_it = at == 0;
                at = at.wrapping_sub(1);
                if is_it { char::from_digit(value ^ by, 16).unwrap() } else { digit }
            }).collect();
            prop_assert_eq!(Share::read(&typed).err(), Some(ShareError::Mistyped));
        }
    }

    #[test]
    fn one_share_twice_is_one_share() {
        let all = split(&MasterKey::from_bytes([7; 32]), 3, 2).unwrap();
        let twice = [read_again(&all[0]), read_again(&all[0])];
        assert_eq!(join(&twice).unwrap_err(), ShareError::TooFew { needed: 2, found: 1 });
        let and_another = [read_again(&all[0]), read_again(&all[0]), read_again(&all[1])];
        assert_eq!(join(&and_another).unwrap().bytes(), &[7; 32]);
    }

    #[test]
    fn shares_of_two_sets_are_not_mixed() {
        let key = MasterKey::from_bytes([7; 32]);
        let (one, other) = (split(&key, 3, 2).unwrap(), split(&key, 3, 2).unwrap());
        assert_eq!(join(&[read_again(&one[0]), read_again(&other[1])]).unwrap_err(), ShareError::Mixed);
    }

    #[test]
    fn one_share_alone_or_none_is_refused_when_it_is_made() {
        let key = MasterKey::from_bytes([7; 32]);
        for (shares, threshold) in [(0, 0), (1, 1), (3, 1), (3, 4)] {
            assert_eq!(split(&key, shares, threshold).err(), Some(ShareError::Numbers));
        }
    }
}
