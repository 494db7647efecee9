//! Who somebody is, as FranceConnect states it to their own browser: for a new request, or for one that waits for a proof.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::elsewhere::{Begun, Door, SignInError};
use super::people::corrections::{rewritten, tell_former};
use super::people::{self, Person, Reader, Shown};
use super::register::double;
use super::{App, FlowError};
use crate::domain::actor::Actor;
use crate::domain::identity::{KeyKind, Proof};
use crate::domain::ids::EntryId;
use crate::domain::local_time::Zone;
use crate::domain::names::{BirthDate, Names};
use crate::domain::pivot::{Pivot, PivotError};
use crate::domain::refusal::Refusal;
use crate::oidc::{Callback, Signed};
use crate::store::commands::{Evidence, KeyFingerprint, NewEntry, TakenOver, Verified};
use crate::store::records::EntryRecord;
use crate::vault::Field;

/// How long a stated identity serves to fill in a form, or to send it again.
const PROVEN_MAX: TimeDelta = TimeDelta::minutes(30);

/// What somebody signs in for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Errand {
    /// A new request, in this queue of this prefecture.
    Register { prefecture: String, queue: String },
    /// A request whose pages are open.
    Prove { entry: EntryId },
}

/// An identity that was stated, as the browser keeps it, sealed, until the form is sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proven {
    issuer: String,
    subject: String,
    birth_name: String,
    given_names: String,
    birth_date: String,
    gender: String,
    birthplace: String,
    birthcountry: String,
    at: DateTime<Utc>,
    /// The form that was sent with it: it serves for no other.
    used_for: Option<String>,
}

/// The person who has come back.
///
/// # Errors
/// If the attempt is over, the person cancelled, or what the provider says does not hold.
pub async fn finish(
    app: &App,
    begun: &Begun<Errand>,
    callback: &Callback,
) -> Result<(Proven, String), SignInError> {
    let now = app.real.now();
    let signed = Door::FranceConnect.finish(app, begun, callback).await?;
    let pivot = read(&signed.claims, now.date_naive())?;
    let Signed { issuer, subject, id_token, .. } = signed;
    let proven = Proven {
        issuer,
        subject,
        birth_name: pivot.names.birth_name().to_owned(),
        given_names: pivot.names.given_names().to_owned(),
        birth_date: pivot.birth.canonical(),
        gender: pivot.gender,
        birthplace: pivot.birthplace,
        birthcountry: pivot.birthcountry,
        at: now,
        used_for: None,
    };
    Ok((proven, id_token))
}

/// Verifies a request by what was stated: if it is of that very person, and they have no other.
///
/// # Errors
/// [`FlowError::Refused`] if it is another person's, if its pages were taken over since, or if the person may hold a
/// verified place already.
pub async fn prove(
    app: &App,
    entry: EntryId,
    (begun, proven): (&Begun<Errand>, &Proven),
) -> Result<(), FlowError> {
    let record = app.store.entry(entry).await?.ok_or(FlowError::NotFound("entry"))?;
    let shown = people::reveal(app, &record, Reader::Program).await?;
    let (pivot, (names, birth)) = (proven.pivot()?, shown.known_identity()?);
    let since = app.store.holder_since(entry).await?;
    if !pivot.is_of(&names, birth) || since.is_some_and(|since| since >= begun.at) {
        return Err(FlowError::Refused(Refusal::OtherIdentity));
    }
    if double(app, record.queue_id, (&pivot.names, pivot.birth), Some(entry)).await?.is_some() {
        return Err(FlowError::Refused(Refusal::AlreadyWaiting));
    }
    let evidence = Evidence { how: Proof::Oidc, keys: proven.keys(app)? };
    match app.store.verify_identity(entry, evidence, None, Actor::Holder(entry), app.business.now()).await? {
        Verified::Done => Ok(()),
        Verified::Duplicate(_) => Err(FlowError::Refused(Refusal::AlreadyWaiting)),
    }
}

/// Gives the request that somebody has made with this person's number and name to the person themselves, with its day. The
/// number alone is a weak proof: whoever has seen a photocopy knows it. Whoever made the request is told, and learns
/// nothing more.
///
/// # Errors
/// [`FlowError::Refused`] if the entry has changed meanwhile, or bears a penalty.
pub(super) async fn take_over(
    app: &App,
    (held, shown): (EntryRecord, Shown),
    (person, proven): (&Person, &Proven),
    new: NewEntry,
    zone: Zone,
) -> Result<EntryId, FlowError> {
    let number = people::key_fingerprints(&app.vault, person.foreigner_number.as_deref(), None);
    let taken = TakenOver {
        how: Proof::Oidc,
        keys: proven.keys(app)?.into_iter().chain(number).collect(),
        reference: new.reference.clone(),
        // Those that open now are the person's.
        holder_since: app.real.now() - TimeDelta::milliseconds(1),
    };
    let rewritten = rewritten(app, &held, person)?;
    app.store.take_over_registering(held.id, rewritten, taken, new, app.business.now()).await?;
    tell_former(app, (&held, &shown), person, zone).await;
    Ok(held.id)
}

impl Proven {
    /// Whether it still serves: for a new form, or for the one that was sent with it.
    pub fn serves(&self, form: Option<&str>, now: DateTime<Utc>) -> bool {
        now - self.at <= PROVEN_MAX && (self.used_for.is_none() || self.used_for.as_deref() == form)
    }

    #[must_use]
    pub fn used_for(self, form: &str) -> Self {
        Self { used_for: Some(form.to_owned()), ..self }
    }

    /// Birth name, given names and birth date, for a form.
    pub fn stated(&self) -> [&str; 3] {
        [&self.birth_name, &self.given_names, &self.birth_date]
    }

    /// # Errors
    /// If what was sealed cannot be read.
    pub fn pivot(&self) -> Result<Pivot, FlowError> {
        let unreadable = || FlowError::Internal("a stated identity cannot be read".to_owned());
        Ok(Pivot {
            names: Names::new(&self.birth_name, &self.given_names).map_err(|_| unreadable())?,
            birth: BirthDate::try_from(self.birth_date.clone()).map_err(|_| unreadable())?,
            gender: self.gender.clone(),
            birthplace: self.birthplace.clone(),
            birthcountry: self.birthcountry.clone(),
        })
    }

    /// The keys that it proves: the person's name with this provider, and their identity with any.
    ///
    /// # Errors
    /// As [`Self::pivot`].
    pub fn keys(&self, app: &App) -> Result<Vec<KeyFingerprint>, FlowError> {
        let subject = format!("{}|{}", self.issuer, self.subject);
        let key = |kind, field, text: &str| KeyFingerprint {
            kind,
            fingerprint: app.vault.fingerprint(field, text).0.to_vec(),
        };
        Ok(vec![
            key(KeyKind::Oidc, Field::OidcSubject, &subject),
            key(KeyKind::Pivot, Field::Pivot, &self.pivot()?.canonical()),
        ])
    }
}

/// Claims may be missing or partial; a name and the year of birth are not done without.
fn read(claims: &Map<String, Value>, today: NaiveDate) -> Result<Pivot, PivotError> {
    let text = |name: &str| claims.get(name).and_then(Value::as_str).unwrap_or_default().trim().to_owned();
    Ok(Pivot {
        names: Names::new(&text("family_name"), &text("given_name")).map_err(|_| PivotError::Names)?,
        birth: BirthDate::parse(&text("birthdate"), today).map_err(|_| PivotError::BirthDate)?,
        gender: text("gender"),
        birthplace: text("birthplace"),
        birthcountry: text("birthcountry"),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_missing_is_said_and_what_is_partial_is_kept() {
        let today = "2027-01-04".parse().unwrap();
        let read = |claims: Value| read(claims.as_object().unwrap(), today);
        let abroad = json!({ "family_name": "FICTIF", "given_name": "Amadou", "birthdate": "1980-00-00", "birthplace": "",
            "birthcountry": "99335" });
        assert_eq!(read(abroad).unwrap().canonical(), "FICTIF|AMADOU|1980-00-00|||99335");
        let one_name = json!({ "family_name": "FICTIF", "birthdate": "1980-02-03" });
        assert_eq!(read(one_name).unwrap().canonical(), "FICTIF||1980-02-03|||");
        assert_eq!(read(json!({ "birthdate": "1980-02-03" })), Err(PivotError::Names));
        assert_eq!(read(json!({ "family_name": "FICTIF" })), Err(PivotError::BirthDate));
        assert_eq!(read(json!({ "family_name": 7, "birthdate": "1980-02-03" })), Err(PivotError::Names));
    }
}
