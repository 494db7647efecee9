//! Being found again by a contact that is known already, and changing how one is reached: both by a code that is sent to
//! that contact, good once and for ten minutes. Whoever asks reads the same answer, known or not, at the same time.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use chrono::{NaiveDate, TimeDelta};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::typed::{self, optional};
use super::{
    Reader, Shown, TABLE, addresses, birth_date_fingerprint, email_fingerprint, key_of, phone_fingerprint,
    reveal, sends_email, takes_sms,
};
use crate::domain::actor::Actor;
use crate::domain::code::{self, CodePurpose, MINUTES, TRIES_MAX};
use crate::domain::directory::Prefecture;
use crate::domain::email;
use crate::domain::holidays::Territory;
use crate::domain::ids::EntryId;
use crate::domain::local_time::Zone;
use crate::domain::names::BirthDate;
use crate::domain::notice::Way;
use crate::domain::phone::Phone;
use crate::domain::refusal::Refusal;
use crate::domain::sms_text::fit;
use crate::flow::read::entries::Entry;
use crate::flow::{App, Fault, FlowError, fresh, random};
use crate::limits::{Rule, Wide};
use crate::locale::Lang;
use crate::notify::{Message, Rendered};
use crate::store::commands::{ChangedContact, CodeTry, NewCode};
use crate::store::records::{CodeRecord, EntryRecord};
use crate::vault::{Field, seal};

const DAY: Duration = Duration::from_hours(24);
/// Codes for one contact.
const BY_CONTACT: Rule = Rule::new(5, Duration::from_hours(1));
/// Requests that a contact and a birth date lead to.
const FOUND_MAX: i64 = 20;
/// What a ticket and a change are sealed for.
const TICKET: &str = "one-time-code-ticket";
pub(in crate::flow) const CHANGE: &str = "one-time-code-change";

/// A telephone or an address.
pub(super) enum Contact {
    Phone(Phone),
    Email(String),
}

impl Contact {
    fn read(text: &str, zone: Zone) -> Option<Self> {
        if text.contains('@') {
            return email::parse(text).ok().map(Self::Email);
        }
        Phone::parse(text, Territory::from(zone)).ok().map(Self::Phone)
    }

    fn fingerprint(&self, app: &App) -> Vec<u8> {
        match self {
            Self::Phone(phone) => phone_fingerprint(&app.vault, phone.e164()),
            Self::Email(email) => email_fingerprint(&app.vault, email),
        }
    }

    /// The way by which this installation writes to it, if by any.
    fn way(&self, app: &App) -> Option<Way> {
        match self {
            Self::Phone(phone) => takes_sms(app, phone).then_some(Way::Sms),
            Self::Email(_) => sends_email(app).then_some(Way::Email),
        }
    }

    pub(super) fn text(&self) -> &str {
        match self {
            Self::Phone(phone) => phone.e164(),
            Self::Email(email) => email,
        }
    }
}

/// Asks for a code to a contact, with the birth date of whoever has it. Answers a ticket for the form of the code: the
/// same for whoever is known and whoever is not.
///
/// # Errors
/// Names the fields that cannot be read.
pub async fn ask_lost(
    app: &Arc<App>,
    contact: &str,
    birth_date: &str,
    network: IpAddr,
    lang: Lang,
) -> Result<String, FlowError> {
    let today = app.business.now().date_naive();
    let (contact, birth) = read_lost(contact, birth_date, today)?;
    let fingerprints = (contact.fingerprint(app), birth_date_fingerprint(&app.vault, &birth.canonical()));
    let known =
        app.store.entries_by_contact(fingerprints.0.clone(), fingerprints.1.clone(), FOUND_MAX).await?;
    let (new, digits) = new_code(app, CodePurpose::LostReference);
    let id = new.id;
    let new = NewCode {
        contact_fingerprint: Some(fingerprints.0.clone()),
        birth_date_fingerprint: Some(fingerprints.1.clone()),
        ..new
    };
    // Known or not, a contact has few codes an hour; one beyond is good for nothing, so that asking again adds no tries.
    // Who knows no birth date of this contact uses up nothing of its owner's.
    let counted = if known.is_empty() { "code-unknown" } else { "code" };
    let is_counted = is_within(app, counted, (&fingerprints.0, &fingerprints.1)).await?;
    let new = if is_counted { new } else { NewCode { code_fingerprint: random::<32>().to_vec(), ..new } };
    app.store.new_code(new, app.real.now()).await?;
    // Sent in a task of its own: whoever is not known does not wait less.
    if let (Some(first), true) = (known.first(), is_counted) {
        let (app, lang) = (Arc::clone(app), Lang::spoken(&first.language).unwrap_or(lang));
        tokio::spawn(async move {
            if has_budget(&app, network).await {
                send(&app, &contact, lang, &digits).await;
            }
        });
    }
    Ok(ticket(app, id))
}

fn read_lost(contact: &str, birth_date: &str, today: NaiveDate) -> Result<(Contact, BirthDate), FlowError> {
    let mut faults = Vec::new();
    // A number without its country is French; those of the territories begin with their own digits.
    let contact = Contact::read(contact.trim(), Zone::PARIS);
    if contact.is_none() {
        faults.push(Fault::new("contact", "lost-contact"));
    }
    let birth = BirthDate::parse(birth_date, today);
    if birth.is_err() {
        faults.push(Fault::new("birth_date", "look-up-birth-date-unread"));
    }
    match (contact, birth) {
        (Some(contact), Ok(birth)) => Ok((contact, birth)),
        _ => Err(FlowError::Invalid(faults)),
    }
}

fn new_code(app: &App, purpose: CodePurpose) -> (NewCode, String) {
    let id: Uuid = fresh();
    let digits = format!("{:06}", u64::from_be_bytes(random()) % 1_000_000);
    let new = NewCode {
        id,
        purpose,
        contact_fingerprint: None,
        birth_date_fingerprint: None,
        entry: None,
        change: None,
        code_fingerprint: code_fingerprint(app, id, &digits),
        expires_at: app.real.now() + TimeDelta::minutes(MINUTES),
    };
    (new, digits)
}

fn code_fingerprint(app: &App, id: Uuid, digits: &str) -> Vec<u8> {
    app.vault.fingerprint(Field::Code, &format!("{id}|{digits}")).0.to_vec()
}

fn ticket(app: &App, id: Uuid) -> String {
    hex::encode(app.vault.seal_secret(TICKET, Uuid::nil(), id.as_bytes()))
}

fn opened_ticket(app: &App, ticket: &str) -> Option<Uuid> {
    let plain = app.vault.open_secret(TICKET, Uuid::nil(), &hex::decode(ticket).ok()?).ok()?;
    Uuid::from_slice(&plain).ok()
}

/// A contact has few codes an hour, as the database counts them; a burst is stopped before it gets there.
async fn is_within(app: &App, name: &str, (contact, birth): (&[u8], &[u8])) -> Result<bool, FlowError> {
    let hit = app.limits.hit(&format!("{name}:{}", hex::encode(contact)), BY_CONTACT).await;
    let since = app.real.now() - BY_CONTACT.window;
    let asked = app.store.codes_asked(contact.to_vec(), birth.to_vec(), since).await?;
    Ok(hit.allowed && asked < i64::from(BY_CONTACT.max))
}

/// Codes have an eighth of the day's budget of SMS, then a hundredth for each network.
async fn has_budget(app: &App, network: IpAddr) -> bool {
    let budget = app.config.notices.sms.daily_budget;
    let wide = Wide {
        everywhere: Rule::new((budget / 8).max(1), DAY),
        nearby: Rule::new((budget / 100).max(2), DAY),
    };
    app.limits.take_wide("codes", network, wide).await.is_ok()
}

/// Sends a text at once. A code that does not arrive is asked for again.
async fn send(app: &App, contact: &Contact, lang: Lang, digits: &str) {
    tell(app, contact, lang, "code-message", &[("code", digits)]).await;
}

pub(super) async fn tell(
    app: &App,
    contact: &Contact,
    lang: Lang,
    key: &str,
    values: &[(&'static str, &str)],
) {
    let Some(carrier) = contact.way(app).and_then(|way| app.carriers.of(way)) else { return };
    let values = values.iter().map(|(name, value)| (*name, (*value).to_owned().into()));
    let text = lang.with(key, values.collect::<Vec<_>>());
    let rendered = Rendered {
        subject: lang.text("code-subject"),
        text: if carrier.way() == Way::Sms { fit(&text) } else { text },
        ..Rendered::default()
    };
    let message = Message { id: Uuid::now_v7(), to: contact.text().to_owned(), rendered };
    if let Err(error) = carrier.send(&message).await {
        tracing::warn!(%error, "a one-time code or a warning did not leave");
    }
}

/// Looks at a code. The requests that it opens, those that wait first.
///
/// # Errors
/// [`FlowError::Refused`]: it is wrong, or is no longer looked at.
pub async fn find_lost(app: &App, ticket: &str, typed: &str) -> Result<Vec<Entry>, FlowError> {
    let code = right(app, ticket, typed, CodePurpose::LostReference).await?;
    let (Some(contact), Some(birth)) = (code.contact_fingerprint, code.birth_date_fingerprint) else {
        return Err(Refusal::CodeSpent.into());
    };
    let found = app.store.entries_by_contact(contact, birth, FOUND_MAX).await?;
    // Nobody was sent a code: this is the guess of a stranger, and reads as a wrong one.
    if found.is_empty() {
        Err(Refusal::CodeWrong.into())
    } else {
        Ok(found.into_iter().map(Entry::from).collect())
    }
}

async fn right(app: &App, ticket: &str, typed: &str, purpose: CodePurpose) -> Result<CodeRecord, FlowError> {
    let id = opened_ticket(app, ticket).ok_or(FlowError::Refused(Refusal::CodeSpent))?;
    let fingerprint = code_fingerprint(app, id, &code::normal(typed));
    match app.store.try_code(id, fingerprint, TRIES_MAX, app.real.now()).await? {
        CodeTry::Right(code) if code.purpose == purpose => Ok(*code),
        CodeTry::Wrong => Err(Refusal::CodeWrong.into()),
        CodeTry::Right(_) | CodeTry::Spent => Err(Refusal::CodeSpent.into()),
    }
}

/// How somebody wants to be reached. Empty text means “none”.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct NewContact {
    pub phone: String,
    pub email: String,
}

/// Asks to change one's contact: a code goes to the one that is known. Answers a ticket for the form of the code.
///
/// # Errors
/// Names the fields at fault; [`FlowError::Refused`] if the known contact takes no code, so that an agent must help.
pub async fn ask_contact(
    app: &App,
    entry: EntryId,
    new: &NewContact,
    network: IpAddr,
) -> Result<String, FlowError> {
    let record = app.store.entry(entry).await?.ok_or(FlowError::NotFound("entry"))?;
    let zone = prefecture_of(app, &record).await?.zone;
    let checked = checked(app, new, zone)?;
    let person = reveal(app, &record, Reader::Holder).await?;
    let known = known_contact(app, &person, zone).ok_or(FlowError::Refused(Refusal::ContactUnreached))?;
    let (_, birth) = person.known_identity()?;
    let fingerprints = (known.fingerprint(app), birth_date_fingerprint(&app.vault, &birth.canonical()));
    if !is_within(app, "code", (&fingerprints.0, &fingerprints.1)).await? || !has_budget(app, network).await {
        return Err(Refusal::CodesAnHour.into());
    }
    let (new, digits) = new_code(app, CodePurpose::Contact);
    let kept = NewContact {
        phone: checked.0.as_ref().map(|phone| phone.e164().to_owned()).unwrap_or_default(),
        email: checked.1.unwrap_or_default(),
    };
    let change = serde_json::to_vec(&kept).map_err(|error| FlowError::Internal(error.to_string()))?;
    let change = Some(app.vault.seal_secret(CHANGE, new.id, &change));
    let id = new.id;
    let new = NewCode {
        contact_fingerprint: Some(fingerprints.0),
        birth_date_fingerprint: Some(fingerprints.1),
        entry: Some(entry),
        change,
        ..new
    };
    app.store.new_code(new, app.real.now()).await?;
    send(app, &known, Lang::of(&record.language), &digits).await;
    Ok(ticket(app, id))
}

/// Changes the contact of an entry, by the code that went to the old one. The old one is told.
///
/// # Errors
/// [`FlowError::Refused`]: the code is wrong or no longer looked at, or is somebody else's.
pub async fn change_contact(app: &App, entry: EntryId, ticket: &str, typed: &str) -> Result<(), FlowError> {
    let id = opened_ticket(app, ticket).ok_or(FlowError::Refused(Refusal::CodeSpent))?;
    let code = right(app, ticket, typed, CodePurpose::Contact).await?;
    let (Some(owner), Some(change)) = (code.entry_id, code.change) else {
        return Err(Refusal::CodeSpent.into());
    };
    if owner != entry {
        return Err(Refusal::CodeSpent.into());
    }
    let change = app.vault.open_secret(CHANGE, id, &change)?;
    let new: NewContact =
        serde_json::from_slice(&change).map_err(|error| FlowError::Internal(error.to_string()))?;
    set_contact(app, entry, &new, Actor::Holder(entry)).await
}

/// Changes the contact of an entry, by its holder or by an agent to whom they have said it. The old one is told.
///
/// # Errors
/// Names the fields at fault; [`FlowError::Refused`] if the entry has ended.
pub async fn set_contact(app: &App, entry: EntryId, new: &NewContact, actor: Actor) -> Result<(), FlowError> {
    let record = app.store.entry(entry).await?.ok_or(FlowError::NotFound("entry"))?;
    let prefecture = prefecture_of(app, &record).await?;
    let (phone, email) = checked(app, new, prefecture.zone)?;
    let person = reveal(app, &record, Reader::Program).await?;
    let id = record.applicant_id.0;
    let key = key_of(&app.vault, record.applicant_id, &record.wrapped_key)?;
    let sealed = |column: &str, text: &str| seal(&key, TABLE, column, id, text.as_bytes());
    let e164 = phone.as_ref().map(Phone::e164);
    let change = ChangedContact {
        applicant: record.applicant_id,
        phone: e164.map(|text| sealed("phone", text)),
        email: email.as_deref().map(|text| sealed("email", text)),
        phone_fingerprint: e164.map(|text| phone_fingerprint(&app.vault, text)),
        email_fingerprint: email.as_deref().map(|text| email_fingerprint(&app.vault, text)),
        addresses: addresses(app, phone.as_ref(), email.as_deref()),
        // Whoever tells an agent may have lost the old telephone to somebody else, with its pages open.
        holder_since: matches!(actor, Actor::Staff(_)).then(|| app.real.now()),
    };
    let old = known_contact(app, &person, prefecture.zone);
    let is_same = person.phone.as_deref() == e164 && person.email.as_deref() == email.as_deref();
    if is_same {
        return Ok(());
    }
    app.store.change_contact(entry, change, actor, app.business.now()).await?;
    if let Some(old) = old {
        let name = [("prefecture", prefecture.name.as_str())];
        tell(app, &old, Lang::of(&record.language), "contact-changed-message", &name).await;
    }
    Ok(())
}

pub(super) async fn prefecture_of(app: &App, record: &EntryRecord) -> Result<Prefecture, FlowError> {
    let directory = app.store.directory().await?;
    let queue = directory.queue(record.queue_id);
    let prefecture = queue.and_then(|queue| directory.prefecture(queue.prefecture_id));
    prefecture.cloned().ok_or(FlowError::NotFound("prefecture"))
}

fn checked(app: &App, new: &NewContact, zone: Zone) -> Result<(Option<Phone>, Option<String>), FlowError> {
    let mut faults = Vec::new();
    let home = Territory::from(zone);
    let phone = optional(&mut faults, &new.phone, |text| typed::phone(text, home));
    let email = optional(&mut faults, &new.email, typed::email);
    let takes =
        phone.as_ref().is_some_and(|phone| takes_sms(app, phone)) || email.is_some() && sends_email(app);
    if faults.is_empty() && !takes {
        faults.push(Fault::new("phone", "contact-needed"));
    }
    if faults.is_empty() { Ok((phone, email)) } else { Err(FlowError::Invalid(faults)) }
}

/// The first contact of a person to which this installation writes.
pub(super) fn known_contact(app: &App, person: &Shown, zone: Zone) -> Option<Contact> {
    let phone = person.phone.as_deref().and_then(|text| Contact::read(text, zone));
    let email = person.email.clone().map(Contact::Email);
    [phone, email].into_iter().flatten().find(|contact| contact.way(app).is_some())
}
