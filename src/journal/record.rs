//! The record of a freeze: the row of the log that says which list was frozen for a draw. The row is
//! published as the text that was hashed, so an outsider can hash it without knowing how it was made.

use serde::Deserialize;

use crate::domain::ids::DrawId;
use crate::draw::merkle::leaf_hash;
use crate::draw::{Hash, QUICKNET_CHAIN, time_of_round};

/// A freeze, read from its row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FreezeRecord {
    pub draw: DrawId,
    pub freeze: Hash,
    pub entries: u32,
    pub slots: u32,
    /// When the randomness is out, in Unix seconds: computed from the round of the beacon; for a
    /// commitment, the operator's word.
    pub out_at_s: i64,
}

/// Why a row is not the record of a freeze.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this row is not the record of a freeze")]
pub struct RecordFault;

#[derive(Deserialize)]
struct Row {
    action: String,
    subject: String,
    detail: Detail,
}

#[derive(Deserialize)]
struct Detail {
    freeze: String,
    entries: u32,
    slots: u32,
    source: Source,
    seed_at: i64,
}

#[derive(Deserialize)]
struct Source {
    kind: String,
    chain: Option<String>,
    round: Option<u64>,
}

impl FreezeRecord {
    /// Reads a row from the text that was hashed.
    ///
    /// # Errors
    /// If it is a row of another kind, or does not say when its randomness is out.
    pub fn read(row: &str) -> Result<Self, RecordFault> {
        let row: Row = serde_json::from_str(row).map_err(|_| RecordFault)?;
        let draw = row.subject.strip_prefix("draw:").and_then(|id| id.parse().ok());
        let freeze = hex::decode(&row.detail.freeze).ok().and_then(|bytes| bytes.try_into().ok());
        let known = row.action == "draw.frozen";
        Ok(Self {
            draw: draw.filter(|_| known).ok_or(RecordFault)?,
            freeze: freeze.ok_or(RecordFault)?,
            entries: row.detail.entries,
            slots: row.detail.slots,
            out_at_s: out_at(&row.detail.source, row.detail.seed_at)?,
        })
    }
}

fn out_at(source: &Source, seed_at_s: i64) -> Result<i64, RecordFault> {
    match (source.kind.as_str(), source.round) {
        ("commit", None) => Ok(seed_at_s),
        ("drand", Some(round)) => {
            let pinned = source.chain.as_ref().is_none_or(|chain| *chain == hex::encode(QUICKNET_CHAIN));
            pinned.then(|| time_of_round(round)).ok_or(RecordFault)
        }
        _ => Err(RecordFault),
    }
}

/// The leaf of a row.
pub(super) fn leaf_of(row: &str) -> Hash {
    leaf_hash(row.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn row(action: &str, source: &Value) -> String {
        let detail = json!({ "freeze": "ab".repeat(32), "entries": 3, "slots": 1, "source": source,
            "seed_at": 1_799_427_600 });
        json!({ "id": "x", "at": 0, "actor": "system", "action": action, "detail": detail,
            "subject": "draw:01a207a7-8337-701c-932a-b309aa27bd40" })
        .to_string()
    }

    #[test]
    fn the_round_says_when_the_randomness_is_out_and_a_commitment_takes_the_operators_word() {
        let commit = json!({ "kind": "commit", "commitment": "cd".repeat(32) });
        let read = FreezeRecord::read(&row("draw.frozen", &commit)).unwrap();
        assert_eq!((read.out_at_s, read.entries, read.freeze), (1_799_427_600, 3, [0xab; 32]));
        let drand = json!({ "kind": "drand", "chain": hex::encode(QUICKNET_CHAIN), "round": 1000 });
        let read = FreezeRecord::read(&row("draw.frozen", &drand)).unwrap();
        assert_eq!(read.out_at_s, time_of_round(1000));
    }

    #[test]
    fn what_does_not_tell_when_its_randomness_is_out_is_no_record() {
        let commit = json!({ "kind": "commit", "commitment": "cd".repeat(32) });
        for bad in [
            row("draw.seeded", &commit),
            row("draw.frozen", &json!({ "kind": "drand", "chain": "00", "round": 1000 })),
            row("draw.frozen", &json!({ "kind": "drand" })),
            row("draw.frozen", &json!({ "kind": "dice", "round": 1 })),
            row("draw.frozen", &commit).replace("abab", "ab"),
            row("draw.frozen", &commit).replace("draw:01", "entry:01"),
            "{}".to_owned(),
            "<html>".to_owned(),
        ] {
            assert_eq!(FreezeRecord::read(&bad), Err(RecordFault), "{bad}");
        }
    }
}
