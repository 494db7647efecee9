//! Registering a person, online or by an agent. The same checks for every channel; an agent who has
//! seen the document stands in for the register of numbers. What cannot be verified at once is kept,
//! dated, until somebody verifies it.

mod doubles;
mod evidence;
mod pairs;
mod unverified;

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Duration;

use chrono::{NaiveDate, TimeDelta};
use sha2::{Digest, Sha256};

pub(super) use doubles::double;
use evidence::{Looked, look};
pub(super) use evidence::{number_birth_fingerprint, seen_keys};
pub use pairs::pairs;
use unverified::receipt_way;

use super::franceconnect::Proven;
use super::helpers::{self, Helper, TypedHelper};
use super::people::document::ReadDocument;
use super::people::typed::{self, keep, optional};
use super::people::{self, Document, Person};
use super::{App, Fault, FlowError, franceconnect, fresh, random};
use crate::domain::actor::{Actor, Channel};
use crate::domain::availability::{Availability, AvailabilityError};
use crate::domain::day;
use crate::domain::directory::Directory;
use crate::domain::holidays::Territory;
use crate::domain::ids::{EntryId, PrefectureId, QueueId};
use crate::domain::local_time::Zone;
use crate::domain::notice::outside_quiet_hours;
use crate::domain::opening::Opening;
use crate::domain::phone::{Phone, PhoneError, decimal_digit};
use crate::domain::reference::Reference;
use crate::domain::refusal::Refusal;
use crate::domain::rules::WindowError;
use crate::domain::text_enum::key_of;
use crate::store::commands::{NewEntry, Registered};
use crate::vault::Field;

/// Monday = 0.
const SATURDAY: u8 = 5;
const DAY: Duration = Duration::from_hours(24);

/// A registration as typed. Empty text means “none”.
#[derive(Clone, Debug, Default)]
pub struct Registration {
    pub birth_name: String,
    pub given_names: String,
    /// `JJ/MM/AAAA` or ISO; unknown day and month as `00`.
    pub birth_date: String,
    pub foreigner_number: String,
    pub document_country: String,
    pub document_number: String,
    pub phone: String,
    pub email: String,
    pub language: String,
    pub deadline: String,
    pub deadline_kind: String,
    /// Who registers them with their mandate.
    pub helper: TypedHelper,
    /// What an agent read on the document before their eyes, in place of what is declared.
    pub seen: Option<ReadDocument>,
    /// Who they are, as their provider has stated it: in place of the name and birth date that are typed.
    pub proven: Option<Proven>,
}

/// Who registers the person, what they saw, and from where.
#[derive(Clone, Copy, Debug)]
pub struct Desk {
    pub channel: Channel,
    pub actor: Option<Actor>,
    /// An agent has the document before their eyes.
    pub document_seen: bool,
    /// An agent has seen the evidence of the deadline.
    pub deadline_seen: bool,
    /// The provider's network from which somebody registers online; unspecified where none is known.
    pub network: IpAddr,
}

impl Desk {
    /// The applicant alone, online.
    pub const ONLINE: Self = Self {
        channel: Channel::Online,
        actor: None,
        document_seen: false,
        deadline_seen: false,
        network: IpAddr::V4(Ipv4Addr::UNSPECIFIED),
    };
}

/// What becomes of a registration that is not refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Done {
    pub entry: EntryId,
    /// The same key and request came before: this is the same answer.
    pub replayed: bool,
    /// The identity was verified at once.
    pub verified: bool,
}

/// Kinds of deadline an applicant can name. None speaks of violence or of health: the proof is shown to an agent.
pub const DEADLINE_KINDS: &[&str] = &["permit_expiry", "other"];

/// Registers a person in a queue.
///
/// # Errors
/// [`FlowError::Invalid`] names every field at fault; [`FlowError::Refused`] if the person already
/// waits, if the window is closed, or if the idempotency key was used for another request.
pub async fn register(
    app: &App,
    queue: QueueId,
    typed: &Registration,
    availability: &Availability,
    desk: Desk,
    idempotency_key: &str,
) -> Result<Done, FlowError> {
    let now = app.business.now();
    let (idempotency_digest, request_fingerprint) =
        hashed(app, queue, typed, availability, desk, idempotency_key);
    // A retry gets its answer whatever has changed since: a window closed, a day begun.
    if let Some((request, entry)) = app.store.earlier_answer(idempotency_digest.clone()).await? {
        return if request == request_fingerprint {
            Ok(Done { entry, replayed: true, verified: false })
        } else {
            Err(FlowError::Refused(Refusal::KeyReused))
        };
    }
    let directory = app.store.directory().await?;
    let rules = &directory.queue(queue).ok_or(FlowError::NotFound("queue"))?.rules;
    let place = Place::of(app, directory.clone(), queue).await?;
    let zone = place.zone;
    let checked = check(app, typed, availability, &place, desk)?;
    rules
        .admits(checked.deadline, place.today, desk.channel)
        .map_err(|error| FlowError::invalid(window_fault(error)))?;
    if desk.document_seen && checked.person.document.is_none() && checked.person.foreigner_number.is_none() {
        return Err(FlowError::invalid(Fault::new("document_number", "document-needed")));
    }
    unverified::shared_contact(app, &checked.person, typed.proven.is_some(), desk).await?;
    let (evidence, register_check, squatted) =
        match look(app, queue, &checked.person, typed.proven.as_ref(), desk).await? {
            Looked::Proven(evidence) => (Some(evidence), None, None),
            Looked::Declared(check) => (None, check, None),
            Looked::Squatted(held) => (None, None, Some(held)),
        };
    let verified = evidence.is_some() || squatted.is_some();
    let person = &checked.person;
    let addresses = people::addresses(app, person.phone.as_ref(), person.email.as_deref());
    let notice_way = receipt_way(app, (person, addresses), verified, desk).await?;
    let applicant = people::seal_person(&app.vault, &checked.person, addresses);
    let held = squatted.as_deref().map(|(held, _)| held);
    let helper = helpers::sealed(app, (&applicant, held), checked.helper.as_ref(), desk.actor)?;
    let id: EntryId = fresh();
    let actor = desk.actor.unwrap_or(Actor::Holder(id));
    let new = NewEntry {
        id,
        reference: Reference::from_bits(u64::from_be_bytes(random())).to_string(),
        queue,
        applicant,
        helper,
        channel: desk.channel,
        registered_at: now,
        arrival_day: i32::try_from(zone.arrival_day(now)).unwrap_or(i32::MAX),
        evidence,
        register_check,
        deadline: checked.deadline,
        deadline_kind: checked.deadline_kind,
        deadline_seen: desk.deadline_seen && checked.deadline.is_some(),
        availability: availability.clone(),
        notice_way,
        notice_due_at: outside_quiet_hours(now, zone),
        idempotency_digest,
        request_fingerprint,
        actor,
    };
    if let (Some(held), Some(proven)) = (squatted, &typed.proven) {
        let entry = franceconnect::take_over(app, *held, (&checked.person, proven), new, zone).await?;
        return Ok(Done { entry, replayed: false, verified: true });
    }
    match app.store.register(new).await? {
        Registered::Done(entry) => Ok(Done { entry, replayed: false, verified }),
        Registered::Replayed(entry) => Ok(Done { entry, replayed: true, verified: false }),
        Registered::KeyReused => Err(FlowError::Refused(Refusal::KeyReused)),
        Registered::AlreadyWaiting => Err(FlowError::Refused(Refusal::AlreadyWaiting)),
    }
}

/// Whether [`register`] would add an entry whose identity nobody has verified. What it would refuse, or answer
/// again, adds none.
///
/// # Errors
/// If the database does not answer.
pub async fn adds_unverified(
    app: &App,
    queue: QueueId,
    typed: &Registration,
    availability: &Availability,
    desk: Desk,
    idempotency_key: &str,
) -> Result<bool, FlowError> {
    let (idempotency_digest, _) = hashed(app, queue, typed, availability, desk, idempotency_key);
    if app.store.earlier_answer(idempotency_digest).await?.is_some() {
        return Ok(false);
    }
    let place = Place::of(app, app.store.directory().await?, queue).await?;
    match check(app, typed, availability, &place, desk) {
        Ok(checked) => Ok(matches!(
            look(app, queue, &checked.person, typed.proven.as_ref(), desk).await?,
            Looked::Declared(_)
        )),
        Err(FlowError::Invalid(_)) => Ok(false),
        Err(error) => Err(error),
    }
}

/// What is wrong with a registration, beside what its form has found already: all of it is said at once.
///
/// # Errors
/// If the database does not answer.
pub async fn faults(
    app: &App,
    queue: QueueId,
    typed: &Registration,
    availability: &Availability,
    desk: Desk,
    mut found: Vec<Fault>,
) -> Result<FlowError, FlowError> {
    let directory = app.store.directory().await?;
    let place = Place::of(app, directory, queue).await?;
    if let Err(FlowError::Invalid(more)) = check(app, typed, availability, &place, desk) {
        let named: Vec<_> = found.iter().map(|fault| fault.field).collect();
        found.extend(more.into_iter().filter(|fault| !named.contains(&fault.field)));
    }
    Ok(FlowError::Invalid(found))
}

struct Checked {
    person: Person,
    deadline: Option<NaiveDate>,
    deadline_kind: Option<String>,
    helper: Option<Helper>,
}

fn check(
    app: &App,
    form: &Registration,
    availability: &Availability,
    place: &Place,
    desk: Desk,
) -> Result<Checked, FlowError> {
    let today = place.today;
    let mut faults = Vec::new();
    let (names, birth_date) = match &form.proven {
        Some(proven) => {
            let pivot = proven.pivot()?;
            (Some(pivot.names), Some(pivot.birth))
        }
        None => (
            keep(&mut faults, typed::names(&form.birth_name, &form.given_names)),
            keep(&mut faults, typed::birth_date(&form.birth_date, today)),
        ),
    };
    let foreigner_number = optional(&mut faults, &form.foreigner_number, typed::foreigner_number)
        .map(|number| number.as_str().to_owned());
    let email = optional(&mut faults, &form.email, typed::email);
    let home = Territory::from(place.zone);
    // Online nobody calls back: a number that takes no SMS needs another way beside it.
    let must_take_sms = desk.channel == Channel::Online && (email.is_none() || !people::sends_email(app));
    let phone = optional(&mut faults, &form.phone, |text| read_phone(app, text, home, must_take_sms));
    let document = match &form.seen {
        Some(seen) => {
            names.clone().zip(birth_date).and_then(|person| keep(&mut faults, seen.clone().of(&person)))
        }
        None => Document::parse(&form.document_country, &form.document_number).unwrap_or_else(|named| {
            faults.extend(named);
            None
        }),
    };
    let deadline = optional(&mut faults, &form.deadline, |text| read_deadline(text, today));
    if desk.deadline_seen && form.deadline.trim().is_empty() {
        faults.push(Fault::new("deadline", "deadline-seen-without"));
    }
    let deadline_kind = deadline.map(|_| {
        let kind = form.deadline_kind.as_str();
        if DEADLINE_KINDS.contains(&kind) { kind } else { "other" }.to_owned()
    });
    let helper = form.helper.read(desk.channel != Channel::Online, &mut faults);
    faults.extend(place.availability_faults(availability));
    match (names, birth_date) {
        (Some(names), Some(birth_date)) if faults.is_empty() => Ok(Checked {
            person: Person {
                names,
                birth_date,
                foreigner_number,
                document,
                phone,
                email,
                language: crate::locale::Lang::of(&form.language).code().to_owned(),
            },
            deadline,
            deadline_kind,
            helper,
        }),
        _ => Err(FlowError::Invalid(faults)),
    }
}

/// A queue, as what somebody asks of it is checked.
pub(super) struct Place {
    directory: Arc<Directory>,
    prefecture: PrefectureId,
    zone: Zone,
    /// The local date.
    today: NaiveDate,
    pub(super) opening: Opening,
}

impl Place {
    pub(super) async fn of(app: &App, directory: Arc<Directory>, queue: QueueId) -> Result<Self, FlowError> {
        let now = app.business.now();
        let prefecture = directory.queue(queue).ok_or(FlowError::NotFound("queue"))?.prefecture_id;
        let zone = directory.prefecture(prefecture).ok_or(FlowError::NotFound("prefecture"))?.zone;
        let opening = Opening::of(&*app.store.recent_slot_classes(queue, now).await?);
        Ok(Self { directory, prefecture, zone, today: zone.local_date(now), opening })
    }

    /// What no slot of this queue could satisfy, and what its form does not offer.
    pub(super) fn availability_faults(&self, availability: &Availability) -> Vec<Fault> {
        let mut faults = availability_faults(availability, self.today);
        let known =
            |site| self.directory.site(site).is_some_and(|site| site.prefecture_id == self.prefecture);
        if !availability.sites.iter().all(|site| known(*site)) {
            faults.push(Fault::new("sites", "availability-sites"));
        }
        match self.opening.closed(availability) {
            Some(SATURDAY) => faults.push(Fault::new("weekdays", "availability-saturday")),
            Some(_) => faults.push(Fault::new("weekdays", "availability-sunday")),
            None => {}
        }
        faults
    }
}

/// A phone as typed, or why it cannot be kept. A message is not promised to a number that will get none.
fn read_phone(app: &App, text: &str, home: Territory, must_take_sms: bool) -> Result<Phone, Fault> {
    let no_sms_abroad = || Fault::new("phone", "phone-no-sms-abroad");
    let phone = Phone::parse(text, home).map_err(|error| match error {
        // Where an SMS is needed, whether a number exists in a country that gets none is not the question.
        PhoneError::NotAssigned if must_take_sms && is_abroad(app, text) => no_sms_abroad(),
        error => typed::phone_fault(error),
    })?;
    if !must_take_sms || people::takes_sms(app, &phone) {
        Ok(phone)
    } else if phone.can_receive_sms() {
        Err(no_sms_abroad())
    } else {
        Err(Fault::new("phone", "phone-no-sms-landline"))
    }
}

/// Whether a number is written with the code of a country to which no SMS is sent.
fn is_abroad(app: &App, text: &str) -> bool {
    let digits: String = text.chars().filter_map(decimal_digit).collect();
    let national = match text.trim_start().strip_prefix('+') {
        Some(_) => Some(digits.as_str()),
        None => digits.strip_prefix("00"),
    };
    national.is_some_and(|number| !app.config.notices.sms.allows(&format!("+{number}")))
}

/// What is wrong with what a person can attend, whichever the queue.
pub fn availability_faults(availability: &Availability, today: NaiveDate) -> Vec<Fault> {
    let fault = |error: &AvailabilityError| {
        Fault::new(error.field(), &format!("availability-{}", key_of(error.code())))
    };
    availability.faults(today).iter().map(fault).collect()
}

/// A deadline as typed.
pub(crate) fn read_deadline(text: &str, today: NaiveDate) -> Result<NaiveDate, Fault> {
    let day = day::read(text, today).map_err(|_| Fault::new("deadline", "deadline"))?;
    // A permit may have expired some time ago; beyond these bounds it is a slip of the pen.
    let near = (today - TimeDelta::days(3_650)..today + TimeDelta::days(3_650)).contains(&day);
    if near { Ok(day) } else { Err(Fault::new("deadline", "deadline")) }
}

fn window_fault(error: WindowError) -> Fault {
    let french = |day: NaiveDate| day.format("%d/%m/%Y").to_string();
    match error {
        WindowError::DeadlineMissing => Fault::new("deadline", "window-deadline-missing"),
        WindowError::NotYet { opens_on } => Fault::new("deadline", "window-not-yet").with(french(opens_on)),
        WindowError::AgentOnly { since } => Fault::new("deadline", "window-agent-only").with(french(since)),
    }
}

fn digest(parts: &[&str]) -> Vec<u8> {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize().to_vec()
}

/// The digest of the idempotency key, and the fingerprint of the whole request.
fn hashed(
    app: &App,
    queue: QueueId,
    typed: &Registration,
    availability: &Availability,
    desk: Desk,
    idempotency_key: &str,
) -> (Vec<u8>, Vec<u8>) {
    let request = hex::encode(request_digest(queue, typed, availability, desk));
    // Keyed: a bare hash of names, dates and numbers could be searched in a stolen database.
    let keyed = app.vault.fingerprint(Field::Request, &request);
    (digest(&["idempotency", idempotency_key]), keyed.0.to_vec())
}

fn request_digest(queue: QueueId, typed: &Registration, availability: &Availability, desk: Desk) -> Vec<u8> {
    let availability = serde_json::to_string(availability).unwrap_or_default();
    let desk = format!("{} {} {}", desk.channel, desk.document_seen, desk.deadline_seen);
    let helper = &typed.helper;
    let mandate = format!("{} {}", helper.is_stated, helper.has_contact);
    digest(&[
        &queue.to_string(),
        &typed.birth_name,
        &typed.given_names,
        &typed.birth_date,
        &typed.foreigner_number,
        &typed.document_country,
        &typed.document_number,
        &typed.phone,
        &typed.email,
        &typed.language,
        &typed.deadline,
        &typed.deadline_kind,
        &availability,
        &desk,
        &helper.kind,
        &helper.name,
        &helper.seen,
        &mandate,
    ])
}
