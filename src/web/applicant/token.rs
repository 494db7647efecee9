//! The hidden mark by which the buttons of a status page act for its holder: sealed, and good for half
//! an hour of real time, so that a page left open on a shared machine is soon of no use.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use crate::domain::ids::EntryId;
use crate::vault::Vault;

const PURPOSE: &str = "holder-actions";
const MINUTES: i64 = 30;
const ID_LEN: usize = 16;

/// A mark for the holder of `entry`.
pub fn seal(vault: &Vault, entry: EntryId, now: DateTime<Utc>) -> String {
    let expires = (now + TimeDelta::minutes(MINUTES)).timestamp();
    let said = [entry.0.as_bytes().as_slice(), &expires.to_be_bytes()].concat();
    hex::encode(vault.seal_secret(PURPOSE, Uuid::nil(), &said))
}

/// The entry that a mark stands for, while it is good.
pub fn open(vault: &Vault, mark: &str, now: DateTime<Utc>) -> Option<EntryId> {
    let said = vault.open_secret(PURPOSE, Uuid::nil(), &hex::decode(mark).ok()?).ok()?;
    let (id, expires) = said.split_first_chunk::<ID_LEN>()?;
    let expires = i64::from_be_bytes(expires.try_into().ok()?);
    (now.timestamp() < expires).then(|| Uuid::from_bytes(*id).into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vault::MasterKey;

    #[test]
    fn a_mark_is_good_for_half_an_hour_and_for_one_entry() {
        let vault = Vault::new(&MasterKey::from_bytes([7; 32]));
        let now: DateTime<Utc> = "2027-01-05T08:00:00Z".parse().unwrap();
        let entry = EntryId(Uuid::from_u128(42));
        let mark = seal(&vault, entry, now);
        assert_eq!(open(&vault, &mark, now + TimeDelta::minutes(29)), Some(entry));
        assert_eq!(open(&vault, &mark, now + TimeDelta::minutes(30)), None);
        assert_eq!(open(&vault, &mark.replace('0', "1"), now), None);
        assert_eq!(open(&vault, "", now), None);
        let other = Vault::new(&MasterKey::from_bytes([8; 32]));
        assert_eq!(open(&other, &mark, now), None);
    }
}
