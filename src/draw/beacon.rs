//! The drand quicknet beacon: when its rounds come out, and the proof that a round is genuine. The
//! public key is pinned here, so a relay can delay a draw but never influence it.

use drand_verify::{G2PubkeyRfc, Pubkey};

use super::hash::{Hash, sha256};

/// Chain hash of quicknet, scheme bls-unchained-g1-rfc9380.
pub const QUICKNET_CHAIN: Hash = [
    0x52, 0xdb, 0x9b, 0xa7, 0x0e, 0x0c, 0xc0, 0xf6, 0xea, 0xf7, 0x80, 0x3d, 0xd0, 0x74, 0x47, 0xa1, 0xf5,
    0x47, 0x77, 0x35, 0xfd, 0x3f, 0x66, 0x17, 0x92, 0xba, 0x94, 0x60, 0x0c, 0x84, 0xe9, 0x71,
];

const QUICKNET_KEY: [u8; 96] = [
    0x83, 0xcf, 0x0f, 0x28, 0x96, 0xad, 0xee, 0x7e, 0xb8, 0xb5, 0xf0, 0x1f, 0xca, 0xd3, 0x91, 0x22, 0x12,
    0xc4, 0x37, 0xe0, 0x07, 0x3e, 0x91, 0x1f, 0xb9, 0x00, 0x22, 0xd3, 0xe7, 0x60, 0x18, 0x3c, 0x8c, 0x4b,
    0x45, 0x0b, 0x6a, 0x0a, 0x6c, 0x3a, 0xc6, 0xa5, 0x77, 0x6a, 0x2d, 0x10, 0x64, 0x51, 0x0d, 0x1f, 0xec,
    0x75, 0x8c, 0x92, 0x1c, 0xc2, 0x2b, 0x0e, 0x17, 0xe6, 0x3a, 0xaf, 0x4b, 0xcb, 0x5e, 0xd6, 0x63, 0x04,
    0xde, 0x9c, 0xf8, 0x09, 0xbd, 0x27, 0x4c, 0xa7, 0x3b, 0xab, 0x4a, 0xf5, 0xa6, 0xe9, 0xc7, 0x6a, 0x4b,
    0xc0, 0x9e, 0x76, 0xea, 0xe8, 0x99, 0x1e, 0xf5, 0xec, 0xe4, 0x5a,
];

/// When round 1 came out, in Unix seconds.
const GENESIS: i64 = 1_692_803_367;
/// Seconds between rounds.
pub const PERIOD_S: u32 = 3;
/// The shortest time, in seconds, between the freeze of a list and its round, and the latest before
/// the round that a list may still be frozen.
pub const MIN_LEAD_S: u32 = 600;

/// Why a round is not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BeaconFault {
    /// Rounds are numbered from 1.
    #[error("round 0 does not exist; rounds begin at 1")]
    NoSuchRound,
    /// The bytes are not a point of the curve.
    #[error("these 48 bytes are not a signature")]
    NotASignature,
    /// The signature is of another round, another chain, or forged.
    #[error("this is not the signature of round {0} of the pinned chain")]
    NotOfThisRound(u64),
}

/// A round of quicknet whose signature is valid under the pinned key. Only [`VerifiedRound::verify`]
/// makes one, so a value of this type needs no further check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VerifiedRound {
    round: u64,
    signature: [u8; 48],
}

impl VerifiedRound {
    /// Checks a round as a relay gave it.
    ///
    /// ```
    /// use passage::draw::{BeaconFault, VerifiedRound};
    /// let refused = VerifiedRound::verify(1000, &[0; 48]);
    /// assert_eq!(refused, Err(BeaconFault::NotASignature));
    /// ```
    pub fn verify(round: u64, signature: &[u8; 48]) -> Result<Self, BeaconFault> {
        if round == 0 {
            return Err(BeaconFault::NoSuchRound);
        }
        let key = G2PubkeyRfc::from_fixed(QUICKNET_KEY).expect("the pinned key is a point");
        match key.verify(round, b"", signature) {
            Ok(true) => Ok(Self { round, signature: *signature }),
            Ok(false) => Err(BeaconFault::NotOfThisRound(round)),
            Err(_) => Err(BeaconFault::NotASignature),
        }
    }

    /// The round's number, from 1.
    pub fn round(&self) -> u64 {
        self.round
    }

    /// The signature as published.
    pub fn signature(&self) -> &[u8; 48] {
        &self.signature
    }

    /// The round's randomness: the hash of its signature.
    pub fn randomness(&self) -> Hash {
        sha256(&[&self.signature])
    }
}

/// When a round is out, in Unix seconds; saturates for very large rounds.
///
/// ```
/// use passage::draw::{round_at_or_after, time_of_round};
/// assert_eq!(time_of_round(1), 1_692_803_367);
/// assert_eq!(round_at_or_after(1_692_803_368), 2);
/// assert_eq!(round_at_or_after(time_of_round(1000)), 1000);
/// ```
pub fn time_of_round(round: u64) -> i64 {
    let periods = i64::try_from(round.saturating_sub(1)).unwrap_or(i64::MAX);
    GENESIS.saturating_add(periods.saturating_mul(PERIOD_S.into()))
}

/// The first round out at this time (Unix seconds) or after it.
pub fn round_at_or_after(time: i64) -> u64 {
    let since = u64::try_from(time.saturating_sub(GENESIS)).unwrap_or(0);
    1 + since.div_ceil(PERIOD_S.into())
}

/// The round to announce for a list frozen at `freeze_at` (Unix seconds), `lead_s` seconds before
/// its randomness; `None` when the lead is under [`MIN_LEAD_S`].
pub fn announced_round(freeze_at: i64, lead_s: u32) -> Option<u64> {
    let round = round_at_or_after(freeze_at.saturating_add(lead_s.into()));
    (lead_s >= MIN_LEAD_S).then_some(round)
}

/// Whether a list may still be frozen now (Unix seconds) for this round. The caller also asks the
/// relays whether the round is out already: a clock can be wrong, a served round cannot.
pub fn freeze_is_in_time(now: i64, round: u64) -> bool {
    now.saturating_add(MIN_LEAD_S.into()) <= time_of_round(round)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_frozen_ten_minutes_before_its_round_or_never() {
        let round = announced_round(1_798_700_400, 3600).unwrap();
        let out = time_of_round(round);
        assert!((1_798_704_000..1_798_704_003).contains(&out));
        assert!(freeze_is_in_time(out - 600, round));
        assert!(!freeze_is_in_time(out - 599, round));
        assert_eq!(announced_round(1_798_700_400, 599), None);
    }

    #[test]
    fn rounds_and_times_agree_everywhere() {
        assert_eq!(round_at_or_after(i64::MIN), 1);
        assert_eq!(time_of_round(u64::MAX), i64::MAX);
        for round in 1..50 {
            let out = time_of_round(round);
            assert_eq!(round_at_or_after(out), round);
            assert_eq!(round_at_or_after(out - 2), round);
            assert_eq!(round_at_or_after(out + 1), round + 1);
        }
    }
}
