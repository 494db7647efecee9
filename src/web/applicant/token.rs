//! The sealed tokens of the personal pages. The holder token stands in a cookie and opens the pages of
//! one entry for half an hour of real time; each page renews it, but not beyond four hours. The CSRF token stands in their forms, names the same entry, and
//! does nothing without the other: it has no end of its own, so that a form left open loses nothing.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use crate::domain::ids::EntryId;
use crate::vault::Vault;

const HOLDER: &str = "holder-pages";
const CHOICE: &str = "holder-choice";
const CSRF: &str = "holder-actions";
/// From one page to the next.
const MINUTES: i64 = 30;
/// From the first page on.
const MINUTES_IN_ALL: i64 = 240;
const ID_LEN: usize = 16;
const TIME_LEN: usize = 8;

/// What has just been done, to be said once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confirmation {
    Availability = 1,
    Paused,
    Resumed,
    Withdrawn,
    GivenBack,
    Objected,
    Contact,
    Review,
    Helper,
}

impl Confirmation {
    const ALL: [Self; 9] = [
        Self::Availability,
        Self::Paused,
        Self::Resumed,
        Self::Withdrawn,
        Self::GivenBack,
        Self::Objected,
        Self::Contact,
        Self::Review,
        Self::Helper,
    ];

    /// The key of its sentence.
    pub const fn sentence_key(self) -> &'static str {
        match self {
            Self::Availability => "done-availability",
            Self::Paused => "done-paused",
            Self::Resumed => "done-resumed",
            Self::Withdrawn => "done-withdrawn",
            Self::GivenBack => "done-given-back",
            Self::Objected => "done-objected",
            Self::Contact => "done-contact",
            Self::Review => "done-review",
            Self::Helper => "done-helper",
        }
    }
}

/// Whose pages are open, since when, and what the next one says first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holder {
    pub entry: EntryId,
    pub opened_at: DateTime<Utc>,
    pub confirmation: Option<Confirmation>,
}

impl Holder {
    pub const fn opened(entry: EntryId, opened_at: DateTime<Utc>) -> Self {
        Self { entry, opened_at, confirmation: None }
    }

    pub fn saying(self, confirmation: Confirmation) -> Self {
        Self { confirmation: Some(confirmation), ..self }
    }
}

/// A holder token, good from `now` on.
pub fn holder_token(vault: &Vault, holder: Holder, now: DateTime<Utc>) -> String {
    let time = |at: DateTime<Utc>| at.timestamp_millis().to_be_bytes();
    let confirmation = holder.confirmation.map_or(0, |confirmation| confirmation as u8);
    let id = holder.entry.0.as_bytes().as_slice();
    let content = [id, &time(holder.opened_at), &time(now), &[confirmation]].concat();
    hex::encode(vault.seal_secret(HOLDER, Uuid::nil(), &content))
}

/// What a holder token says, and when it was handed out, while it is good.
pub fn open_holder_token(vault: &Vault, token: &str, now: DateTime<Utc>) -> Option<(Holder, DateTime<Utc>)> {
    let content = vault.open_secret(HOLDER, Uuid::nil(), &hex::decode(token).ok()?).ok()?;
    let (id, rest) = content.split_first_chunk::<ID_LEN>()?;
    let (opened_at, rest) = rest.split_first_chunk::<TIME_LEN>()?;
    let (issued_at, confirmation) = rest.split_first_chunk::<TIME_LEN>()?;
    let time = |bytes: &[u8; TIME_LEN]| DateTime::from_timestamp_millis(i64::from_be_bytes(*bytes));
    let (opened_at, issued_at) = (time(opened_at)?, time(issued_at)?);
    let known = |byte: u8| Confirmation::ALL.into_iter().find(|one| *one as u8 == byte);
    let confirmation = confirmation.first().and_then(|byte| known(*byte));
    let is_good =
        now < issued_at + TimeDelta::minutes(MINUTES) && now < opened_at + TimeDelta::minutes(MINUTES_IN_ALL);
    is_good.then_some((Holder { entry: Uuid::from_bytes(*id).into(), opened_at, confirmation }, issued_at))
}

/// Names one of several requests to whoever has just been recognised as their holder, for half an hour.
pub fn choice_token(vault: &Vault, entry: EntryId, now: DateTime<Utc>) -> String {
    let content = [entry.0.as_bytes().as_slice(), &now.timestamp_millis().to_be_bytes()].concat();
    hex::encode(vault.seal_secret(CHOICE, Uuid::nil(), &content))
}

/// The entry that was chosen, and when it could be.
pub fn open_choice_token(vault: &Vault, token: &str, now: DateTime<Utc>) -> Option<(EntryId, DateTime<Utc>)> {
    let content = vault.open_secret(CHOICE, Uuid::nil(), &hex::decode(token).ok()?).ok()?;
    let (id, time) = content.split_first_chunk::<ID_LEN>()?;
    let issued_at = DateTime::from_timestamp_millis(i64::from_be_bytes(*time.first_chunk::<TIME_LEN>()?))?;
    let is_good = now < issued_at + TimeDelta::minutes(MINUTES);
    is_good.then_some((Uuid::from_bytes(*id).into(), issued_at))
}

/// The CSRF token of the forms of an entry.
pub fn csrf_token(vault: &Vault, entry: EntryId) -> String {
    hex::encode(vault.seal_secret(CSRF, Uuid::nil(), entry.0.as_bytes()))
}

/// The entry whose pages have such a form.
pub fn open_csrf_token(vault: &Vault, token: &str) -> Option<EntryId> {
    let content = vault.open_secret(CSRF, Uuid::nil(), &hex::decode(token).ok()?).ok()?;
    Some(Uuid::from_slice(&content).ok()?.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vault::MasterKey;

    const ENTRY: EntryId = EntryId(Uuid::from_u128(42));

    fn vault(byte: u8) -> Vault {
        Vault::new(&MasterKey::from_bytes([byte; 32]))
    }

    #[test]
    fn a_holder_token_is_good_for_half_an_hour_and_for_one_entry() {
        let vault = vault(7);
        let now: DateTime<Utc> = "2027-01-05T08:00:00Z".parse().unwrap();
        for confirmation in Confirmation::ALL.into_iter().map(Some).chain([None]) {
            let holder = Holder { confirmation, ..Holder::opened(ENTRY, now) };
            let token = holder_token(&vault, holder, now);
            let at = |minutes| open_holder_token(&vault, &token, now + TimeDelta::minutes(minutes));
            assert_eq!((at(29), at(30)), (Some((holder, now)), None));
            assert_eq!(open_holder_token(&vault, &token.replace('0', "1"), now), None);
            assert_eq!(open_holder_token(&self::vault(8), &token, now), None);
        }
        assert_eq!(open_holder_token(&vault, "", now), None);
        let last = now + TimeDelta::minutes(MINUTES_IN_ALL - 1);
        let renewed = holder_token(&vault, Holder::opened(ENTRY, now), last);
        let at = |minutes| open_holder_token(&vault, &renewed, last + TimeDelta::minutes(minutes));
        assert!(at(0).is_some() && at(1).is_none(), "four hours in all");
    }

    #[test]
    fn neither_token_stands_in_for_the_other() {
        let vault = vault(7);
        let now: DateTime<Utc> = "2027-01-05T08:00:00Z".parse().unwrap();
        let csrf = csrf_token(&vault, ENTRY);
        assert_eq!(open_csrf_token(&vault, &csrf), Some(ENTRY));
        assert_eq!(open_holder_token(&vault, &csrf, now), None);
        let holder = holder_token(&vault, Holder::opened(ENTRY, now), now);
        assert_eq!(open_csrf_token(&vault, &holder), None);
        assert_eq!(open_csrf_token(&self::vault(8), &csrf), None);
    }
}
