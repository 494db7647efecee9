//! What an agent puts right: a slip in a name or a birth date, and a request that somebody made with another person's
//! number. In both the request, with its day, is the same person's before and after: the number that was verified does
//! not change, and a name that is no other spelling of the old one takes a second agent.

use chrono::NaiveDate;

use super::codes::{known_contact, prefecture_of, tell};
use super::document::TypedDocument;
use super::typed::{self, keep, optional};
use super::{
    Document, Person, Reader, Shown, addresses, fingerprints, key_fingerprints, key_of, reveal, sealed,
    waiting,
};
use crate::domain::actor::Actor;
use crate::domain::correction::CorrectionKind;
use crate::domain::entry::EntryState;
use crate::domain::foreigner_number::{ForeignerNumber, ten_digits};
use crate::domain::holidays::Territory;
use crate::domain::identity::Proof;
use crate::domain::ids::{EntryId, StaffId};
use crate::domain::local_time::Zone;
use crate::domain::names::{BirthDate, Names};
use crate::domain::near::is_respelling;
use crate::domain::phone::Phone;
use crate::domain::reference::Reference;
use crate::domain::refusal::Refusal;
use crate::flow::register::seen_keys;
use crate::flow::{App, Fault, FlowError, fresh, random, reason};
use crate::locale::Lang;
use crate::store::commands::{KeyFingerprint, Named, NewCorrection, Rewritten, TakenOver};
use crate::store::records::{EntryRecord, OpenCorrection};
use crate::vault::{open_text, seal};

pub(super) const SEALED_IN: &str = "correction";
/// In the log: an agent has verified whose a request is.
pub(super) const VERIFIED: &str = "entry.identity_verified";

/// A person as their document says, typed by an agent.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    pub birth_name: String,
    pub given_names: String,
    pub birth_date: String,
    pub reason: String,
    /// Where somebody takes their request over; and, of somebody convoked, by which they were verified.
    pub foreigner_number: String,
    pub document: TypedDocument,
    pub phone: String,
    pub email: String,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Corrected {
    Done,
    /// Another agent must do the same.
    Asked,
    /// It waits until the outcome of the list is public.
    Waits,
}

/// What is read of both forms.
struct Read {
    names: Names,
    birth: BirthDate,
    reason: String,
}

fn read(form: &Typed, today: NaiveDate, faults: &mut Vec<Fault>) -> Option<Read> {
    let names = keep(faults, typed::names(&form.birth_name, &form.given_names));
    let birth = keep(faults, typed::birth_date(&form.birth_date, today));
    let reason = keep(faults, reason::needed(&form.reason));
    Some(Read { names: names?, birth: birth?, reason: reason? })
}

/// Corrects a name or a birth date.
///
/// # Errors
/// Names the fields at fault; [`FlowError::Refused`] if the entry has ended, the register verified this birth date, or
/// somebody convoked shows another paper than that by which they were verified.
pub async fn correct(app: &App, entry: EntryId, typed: &Typed, by: StaffId) -> Result<Corrected, FlowError> {
    let record = app.store.entry(entry).await?.ok_or(FlowError::NotFound("entry"))?;
    let mut faults = Vec::new();
    let read = read(typed, app.business.now().date_naive(), &mut faults);
    let keys = shown_again(app, &record, typed, &mut faults);
    let Some(read) = read.filter(|_| faults.is_empty()) else {
        return Err(FlowError::Invalid(faults));
    };
    let shown = reveal(app, &record, Reader::Program).await?;
    let (old_names, old_birth) = shown.known_identity()?;
    if is_proved(&record, old_birth, read.birth) {
        return Err(Refusal::BirthDateProved.into());
    }
    if (&old_names, old_birth) == (&read.names, read.birth) {
        return Ok(Corrected::Done);
    }
    // Who says whose papers they are does not change the name alone, in neither order.
    let is_plain = is_respelling(&(old_names, old_birth), &(read.names.clone(), read.birth))
        && !has_done(app, entry, by, &[VERIFIED]).await?;
    let person = renamed(&record, &shown, read.names, read.birth);
    let new = new(app, &record, CorrectionKind::Correction, &person, &read.reason, is_plain, by).await?;
    let new = NewCorrection { shown: keys, ..new };
    if app.store.is_listed(entry).await? {
        waiting::queue(app, &record, new, &person).await?;
        return Ok(Corrected::Waits);
    }
    let is_convoked = record.state == EntryState::Convoked;
    let is_first = !app.store.was_corrected(entry).await?;
    if new.kind.takes_two(is_plain, is_convoked, is_first) && is_alone(app, &new).await? {
        return Ok(Corrected::Asked);
    }
    app.store.correct(new, rewritten(app, &record, &person)?, app.business.now()).await?;
    Ok(Corrected::Done)
}

/// The same person under another name or birth date.
pub(super) fn renamed(record: &EntryRecord, shown: &Shown, names: Names, birth_date: BirthDate) -> Person {
    Person {
        names,
        birth_date,
        foreigner_number: shown.foreigner_number.clone(),
        document: shown.document.clone(),
        // A correction writes no contact.
        phone: None,
        email: None,
        language: record.language.clone(),
    }
}

/// Whether the register verified the old birth date: only a document changes it.
pub(super) fn is_proved(record: &EntryRecord, old: BirthDate, new: BirthDate) -> bool {
    record.identity_how == Some(Proof::Register) && old != new
}

/// An appointment is nominative: whoever has one shows again what they were verified by, and the store compares it.
fn shown_again(
    app: &App,
    record: &EntryRecord,
    typed: &Typed,
    faults: &mut Vec<Fault>,
) -> Vec<KeyFingerprint> {
    if record.state != EntryState::Convoked {
        return Vec::new();
    }
    let number = optional(faults, &typed.foreigner_number, typed::foreigner_number);
    let document = Document::parse(&typed.document.country, &typed.document.number).unwrap_or_else(|found| {
        faults.extend(found);
        None
    });
    let keys = key_fingerprints(&app.vault, number.as_ref().map(ForeignerNumber::as_str), document.as_ref());
    if keys.is_empty() && faults.is_empty() {
        faults.push(Fault::new("foreigner_number", "correction-papers"));
    }
    keys
}

/// What is open of an entry is not done after all: its author takes it back, or a colleague refuses it.
///
/// # Errors
/// [`FlowError::Refused`] if nothing is open.
pub async fn drop_open(app: &App, entry: EntryId, by: StaffId) -> Result<(), FlowError> {
    Ok(app.store.drop_correction(entry, by, app.business.now()).await?)
}

/// Gives a request to the person whose number and birth date it was made with, who is here with their document: with its
/// day, under a new reference and their own contact. Whoever made it is told, and learns nothing more.
///
/// # Errors
/// Names the fields at fault; [`FlowError::Refused`] if a document has proved the identity already, the entry has a
/// convocation, or the document holds another request.
pub async fn take_over(
    app: &App,
    entry: EntryId,
    typed: &Typed,
    by: StaffId,
) -> Result<Corrected, FlowError> {
    let record = app.store.entry(entry).await?.ok_or(FlowError::NotFound("entry"))?;
    let zone = prefecture_of(app, &record).await?.zone;
    let shown = reveal(app, &record, Reader::Program).await?;
    let (old_names, old_birth) = shown.known_identity()?;
    let (read, person) = claimed(app, typed, &shown, old_birth, zone, &record)?;
    let is_plain = is_respelling(&(old_names, old_birth), &(read.names.clone(), read.birth));
    let new = new(app, &record, CorrectionKind::Takeover, &person, &read.reason, is_plain, by).await?;
    if is_alone(app, &new).await? {
        return Ok(Corrected::Asked);
    }
    let number = person.foreigner_number.as_deref();
    let keys = seen_keys(app, number, person.document.as_ref(), (&person.names, person.birth_date)).await?;
    let reference = Reference::from_bits(u64::from_be_bytes(random())).to_string();
    let taken = TakenOver { how: Proof::Document, keys, reference, holder_since: app.real.now() };
    app.store.take_over(new, rewritten(app, &record, &person)?, taken, app.business.now()).await?;
    tell_former(app, (&record, &shown), &person, zone).await;
    Ok(Corrected::Done)
}

/// Tells whoever had a request until now that it was taken over, unless it is the same contact.
pub(in crate::flow) async fn tell_former(
    app: &App,
    (record, shown): (&EntryRecord, &Shown),
    person: &Person,
    zone: Zone,
) {
    let Some(old) = known_contact(app, shown, zone) else { return };
    let own = [person.phone.as_ref().map(Phone::e164), person.email.as_deref()];
    if !own.contains(&Some(old.text())) {
        tell(app, &old, Lang::of(&record.language), "taken-over-message", &[]).await;
    }
}

/// The person at the counter, if the number and the birth date are those of the request.
fn claimed(
    app: &App,
    form: &Typed,
    shown: &Shown,
    old_birth: BirthDate,
    zone: Zone,
    record: &EntryRecord,
) -> Result<(Read, Person), FlowError> {
    let mut faults = Vec::new();
    let read = read(form, zone.local_date(app.business.now()), &mut faults);
    let number = form.foreigner_number.parse::<ForeignerNumber>().ok();
    let has_number = |number: &ForeignerNumber| {
        shown.foreigner_number.as_deref().is_some_and(|old| ten_digits(old) == ten_digits(number.as_str()))
    };
    if !number.as_ref().is_some_and(has_number) {
        faults.push(Fault::new("foreigner_number", "takeover-number"));
    }
    if read.as_ref().is_some_and(|read| read.birth != old_birth) {
        faults.push(Fault::new("birth_date", "takeover-birth-date"));
    }
    let document = form.document.read(zone.local_date(app.business.now()));
    let document = document.map_err(|found| faults.extend(found)).ok();
    let document = read
        .as_ref()
        .zip(document)
        .and_then(|(read, document)| keep(&mut faults, document.of(&(read.names.clone(), read.birth))));
    let home = Territory::from(zone);
    let phone = optional(&mut faults, &form.phone, |text| typed::phone(text, home));
    let email = optional(&mut faults, &form.email, typed::email);
    match (read, number, document) {
        (Some(read), Some(number), Some(document)) if faults.is_empty() => {
            let person = Person {
                names: read.names.clone(),
                birth_date: read.birth,
                foreigner_number: Some(number.as_str().to_owned()),
                document: Some(document),
                phone,
                email,
                language: record.language.clone(),
            };
            Ok((read, person))
        }
        _ => Err(FlowError::Invalid(faults)),
    }
}

/// Whether an agent has done one of these to an entry, as the log says.
pub(super) async fn has_done(
    app: &App,
    entry: EntryId,
    by: StaffId,
    actions: &[&str],
) -> Result<bool, FlowError> {
    let actor = Actor::Staff(by).pseudonym();
    let rows = app.store.audit_of(format!("entry:{entry}")).await?;
    Ok(rows.iter().any(|row| row.actor == actor && actions.contains(&row.action.as_str())))
}

/// Whether no other agent has claimed the same yet; then it is asked for, once.
pub(super) async fn is_alone(app: &App, new: &NewCorrection) -> Result<bool, FlowError> {
    if let Some(asked) = &new.same {
        return Ok(asked.asked_by == new.by);
    }
    app.store.ask_correction(new.clone(), app.business.now()).await?;
    Ok(true)
}

async fn new(
    app: &App,
    record: &EntryRecord,
    kind: CorrectionKind,
    person: &Person,
    reason: &str,
    is_plain: bool,
    by: StaffId,
) -> Result<NewCorrection, FlowError> {
    claimed_by(app, record, (kind, &claim(kind, person)), reason, is_plain, by).await
}

/// What an agent claims of an entry, with the same claim of another one, if there is one.
pub(super) async fn claimed_by(
    app: &App,
    record: &EntryRecord,
    (kind, claim): (CorrectionKind, &str),
    reason: &str,
    is_plain: bool,
    by: StaffId,
) -> Result<NewCorrection, FlowError> {
    let id: uuid::Uuid = fresh();
    let key = key_of(&app.vault, record.applicant_id, &record.wrapped_key)?;
    let sealed = |column: &str, text: &str| seal(&key, SEALED_IN, column, id, text.as_bytes());
    let asked = app.store.open_correction(record.id).await?;
    let is_same = |asked: &OpenCorrection| {
        open_text(&key, SEALED_IN, "claim", asked.id, &asked.claim).is_ok_and(|asked| asked == claim)
    };
    Ok(NewCorrection {
        id,
        entry: record.id,
        kind,
        reason: sealed("reason", reason),
        claim: sealed("claim", claim),
        same: asked.filter(is_same),
        is_plain,
        shown: Vec::new(),
        by,
    })
}

/// What two agents must have read in the same document.
fn claim(kind: CorrectionKind, person: &Person) -> String {
    let document = person.document.as_ref().map(Document::to_string).unwrap_or_default();
    let birth = person.birth_date.canonical();
    let phone = person.phone.as_ref().map(Phone::e164).unwrap_or_default();
    let email = person.email.as_deref().unwrap_or_default();
    let name = person.names.full().to_uppercase();
    [kind.as_str(), &name, &birth, &document, phone, email].join("\n")
}

/// The person as they were read.
pub(super) fn named(record: &EntryRecord) -> Named {
    let known = &record.sealed;
    let sealed = [&known.birth_name, &known.given_names, &known.birth_date].map(Clone::clone);
    Named { applicant: record.applicant_id, sealed }
}

pub(in crate::flow) fn rewritten(
    app: &App,
    record: &EntryRecord,
    person: &Person,
) -> Result<Rewritten, FlowError> {
    let id = record.applicant_id.0;
    let key = key_of(&app.vault, record.applicant_id, &record.wrapped_key)?;
    Ok(Rewritten {
        was: named(record),
        sealed: sealed(&key, id, person),
        fingerprints: fingerprints(&app.vault, person),
        addresses: addresses(app, person.phone.as_ref(), person.email.as_deref()),
    })
}
