//! Finding people again: by what stands on their papers, by how they are reached, or by name and birth date. Whoever
//! searches says why; the search is a row of the log, its results are masked until one is opened, and there are few.

use std::time::Duration;

use serde_json::json;

use super::{
    Document, Person, Reader, Shown, StaffReader, document_fingerprint, email_fingerprint,
    loose_fingerprints, loose_keys, number_fingerprint, phone_fingerprint, reveal_all, typed,
};
use crate::domain::holidays::Territory;
use crate::domain::ids::{PrefectureId, QueueId};
use crate::domain::local_time::Zone;
use crate::domain::names::{BirthDate, Names};
use crate::domain::near::{self, LooseKey, are_near};
use crate::domain::reading::SearchReason;
use crate::domain::refusal::Refusal;
use crate::flow::read::entries::Entry;
use crate::flow::{App, Fault, FlowError};
use crate::limits::Rule;
use crate::store::commands::{Among, Finder};
use crate::store::records::EntryRecord;

/// Results shown.
pub const FOUND_MAX: usize = 20;
/// People who share a coarse text, and are compared.
const COMPARED_MAX: i64 = 300;
/// Searches of one account.
const BY_ACCOUNT: Rule = Rule::new(120, Duration::from_hours(1));

/// A search as typed: one part of it is used, the most exact one first.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    pub foreigner_number: String,
    pub document_country: String,
    pub document_number: String,
    pub phone: String,
    pub email: String,
    pub birth_name: String,
    pub given_names: String,
    pub birth_date: String,
    pub reason: String,
}

/// What is looked for.
enum Sought {
    Exact(&'static str, Finder),
    Named(Box<(Names, BirthDate)>),
}

/// Somebody who may be meant.
pub struct Found {
    pub entry: Entry,
    /// First letters of the names.
    pub initials: String,
    pub birth_year: u16,
}

/// What a search found.
pub struct Results {
    pub found: Vec<Found>,
    /// There were more.
    pub has_more: bool,
}

/// Searches a prefecture's requests, for a reason.
///
/// # Errors
/// Names the fields at fault; [`FlowError::Refused`] beyond the searches of an hour.
pub async fn search(app: &App, zone: Zone, typed: &Typed, by: StaffReader) -> Result<Results, FlowError> {
    let (sought, reason) = read(app, zone, typed)?;
    take_search(app, by).await?;
    let limit = i64::try_from(FOUND_MAX).unwrap_or(0) + 1;
    let (how, records) = match sought {
        Sought::Exact(how, finder) => (how, app.store.find_people(by.prefecture, finder, limit).await?),
        Sought::Named(person) => {
            let keys = near::looked_for(&person.0, person.1);
            let keys = loose_fingerprints(&app.vault, &keys);
            let alike = app.store.alike(keys, Among::Prefecture(by.prefecture), COMPARED_MAX).await?;
            ("name", near_to(app, &person, alike).await?)
        }
    };
    let detail = json!({ "by": how, "reason": reason, "found": records.len() });
    app.store.note_search(by.prefecture, detail, by.id, app.business.now()).await?;
    let opened = reveal_all(app, &records, Reader::Program).await?;
    let mut found: Vec<Found> = records.into_iter().zip(opened).map(masked).collect();
    let has_more = found.len() > FOUND_MAX;
    found.truncate(FOUND_MAX);
    Ok(Results { found, has_more })
}

async fn take_search(app: &App, by: StaffReader) -> Result<(), FlowError> {
    let is_allowed = app.limits.hit(&format!("search:{}", by.id), BY_ACCOUNT).await.allowed;
    if is_allowed { Ok(()) } else { Err(Refusal::SearchesAnHour.into()) }
}

fn masked((record, person): (EntryRecord, Shown)) -> Found {
    let names = [&person.given_names, &person.birth_name];
    let words = names.into_iter().flat_map(|name| name.split_whitespace());
    let initials: Vec<String> = words.filter_map(|word| Some(format!("{}…", word.chars().next()?))).collect();
    Found {
        initials: initials.join(" "),
        birth_year: person.identity().map_or(0, |(_, birth)| birth.parts().0),
        entry: record.into(),
    }
}

async fn near_to(
    app: &App,
    person: &(Names, BirthDate),
    alike: Vec<EntryRecord>,
) -> Result<Vec<EntryRecord>, FlowError> {
    let opened = reveal_all(app, &alike, Reader::Program).await?;
    let pairs = alike.into_iter().zip(opened);
    Ok(pairs
        .filter(|(_, other)| other.identity().is_some_and(|other| are_near(person, &other)))
        .map(|(record, _)| record)
        .collect())
}

fn read(app: &App, zone: Zone, typed: &Typed) -> Result<(Sought, SearchReason), FlowError> {
    let mut faults = Vec::new();
    let reason = typed.reason.parse::<SearchReason>();
    if reason.is_err() {
        faults.push(Fault::new("search_reason", "search-reason"));
    }
    let sought = sought(app, zone, typed).unwrap_or_else(|found| {
        faults.extend(found);
        None
    });
    if sought.is_none() && faults.iter().all(|fault| fault.field == "search_reason") {
        faults.insert(0, Fault::new("foreigner_number", "search-empty"));
    }
    match (sought, reason) {
        (Some(sought), Ok(reason)) => Ok((sought, reason)),
        _ => Err(FlowError::Invalid(faults)),
    }
}

/// The most exact part that is filled in; nothing if none is.
fn sought(app: &App, zone: Zone, typed: &Typed) -> Result<Option<Sought>, Vec<Fault>> {
    let vault = &app.vault;
    let alone = |fault: Fault| vec![fault];
    let filled = |text: &str| !text.trim().is_empty();
    if filled(&typed.foreigner_number) {
        let number = typed::foreigner_number(&typed.foreigner_number).map_err(alone)?;
        let finder = Finder::Number(number_fingerprint(vault, number.as_str()));
        return Ok(Some(Sought::Exact("number", finder)));
    }
    if let Some(document) = Document::parse(&typed.document_country, &typed.document_number)? {
        let finder = Finder::Document(document_fingerprint(vault, &document));
        return Ok(Some(Sought::Exact("document", finder)));
    }
    if filled(&typed.phone) {
        let phone = typed::phone(&typed.phone, Territory::from(zone)).map_err(alone)?;
        let finder = Finder::Phone(phone_fingerprint(vault, phone.e164()));
        return Ok(Some(Sought::Exact("phone", finder)));
    }
    if filled(&typed.email) {
        let email = typed::email(&typed.email).map_err(alone)?;
        return Ok(Some(Sought::Exact("email", Finder::Email(email_fingerprint(vault, &email)))));
    }
    if !filled(&typed.birth_name) && !filled(&typed.given_names) {
        return Ok(None);
    }
    named(typed, zone.local_date(app.business.now())).map(Some).map_err(alone)
}

/// A name alone finds nobody: half a town has it.
fn named(typed: &Typed, today: chrono::NaiveDate) -> Result<Sought, Fault> {
    let names = typed::names(&typed.birth_name, &typed.given_names)?;
    if typed.birth_date.trim().is_empty() {
        return Err(Fault::new("birth_date", "search-birth-date"));
    }
    let birth = typed::birth_date(&typed.birth_date, today)?;
    Ok(Sought::Named(Box::new((names, birth))))
}

/// By what a person is compared with others.
pub(in crate::flow) struct Likeness {
    /// None once the person is erased.
    identity: Option<(Names, BirthDate)>,
    numbers: Vec<LooseKey>,
}

impl Likeness {
    pub fn of(person: &Shown) -> Self {
        Self { identity: person.identity(), numbers: person.loose_numbers() }
    }

    /// Of somebody who is not registered yet.
    pub fn of_person(person: &Person) -> Self {
        let numbers = loose_keys(person, |_, _| Vec::new());
        Self { identity: Some((person.names.clone(), person.birth_date)), numbers }
    }
}

/// Requests of the agent's prefecture that may be somebody's who is about to be registered. Shown as a search shows them,
/// and, if there are any, limited and logged as one.
///
/// # Errors
/// [`FlowError::Refused`] beyond the searches of an hour.
pub(in crate::flow) async fn like_somebody_new(
    app: &App,
    queue: QueueId,
    person: &Likeness,
    by: StaffReader,
) -> Result<Vec<Found>, FlowError> {
    let records = own_alike(app, queue, person, by.prefecture).await?;
    if records.is_empty() {
        return Ok(Vec::new());
    }
    take_search(app, by).await?;
    let detail = json!({ "by": "registration", "found": records.len() });
    app.store.note_search(by.prefecture, detail, by.id, app.business.now()).await?;
    let opened = reveal_all(app, &records, Reader::Program).await?;
    Ok(records.into_iter().zip(opened).map(masked).collect())
}

/// As [`alike`], of one prefecture.
///
/// # Errors
/// As [`alike`].
pub(in crate::flow) async fn own_alike(
    app: &App,
    queue: QueueId,
    person: &Likeness,
    prefecture: PrefectureId,
) -> Result<Vec<EntryRecord>, FlowError> {
    let directory = app.store.directory().await?;
    let mut alike = alike(app, queue, person).await?;
    alike.retain(|other| {
        directory.queue(other.queue_id).is_some_and(|queue| queue.prefecture_id == prefecture)
    });
    Ok(alike)
}

/// Other people's requests for the same procedure that may be this person's, or carry a penalty of theirs.
///
/// # Errors
/// If the store fails, or a field cannot be opened.
async fn alike(app: &App, queue: QueueId, person: &Likeness) -> Result<Vec<EntryRecord>, FlowError> {
    let Some(identity) = &person.identity else { return Ok(Vec::new()) };
    let mut keys = near::looked_for(&identity.0, identity.1);
    keys.extend(person.numbers.iter().cloned());
    let keys = loose_fingerprints(&app.vault, &keys);
    let among = Among::Procedure { of: queue, now: app.business.now() };
    let alike = app.store.alike(keys, among, COMPARED_MAX).await?;
    let opened = reveal_all(app, &alike, Reader::Program).await?;
    let is_pair = |other: &Shown| {
        let shares = other.loose_numbers().iter().any(|key| person.numbers.contains(key));
        shares || other.identity().is_some_and(|other| are_near(identity, &other))
    };
    Ok(alike.into_iter().zip(opened).filter(|(_, other)| is_pair(other)).map(|(record, _)| record).collect())
}
