//! Everything that is kept about a person, in one file that they can take away and a program can read (GDPR, articles 15
//! and 20). It names no agent.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use super::{Reader, Shown};
use crate::domain::actor::{Channel, Role};
use crate::domain::availability::Availability;
use crate::domain::entry::{CloseReason, EntryState};
use crate::domain::helper::HelperKind;
use crate::domain::identity::Proof;
use crate::domain::ids::EntryId;
use crate::domain::notice::NoticeKind;
use crate::domain::reading::ReadingPurpose;
use crate::flow::helpers::{self, Speaker};
use crate::flow::penalties::Penalty;
use crate::flow::proof::{self, ProofFile};
use crate::flow::read::draws::Stood;
use crate::flow::read::entries;
use crate::flow::read::readings::{self, Reading};
use crate::flow::reviews;
use crate::flow::status::{self, Holder};
use crate::flow::visits::{self, Visit};
use crate::flow::{App, FlowError};

/// The format of the file.
pub const FORMAT: &str = "passage-personal-data/1";
/// A draw is taken apart to prove a line of it: the newest so many have their proof in the file, the others its address.
const PROOFS_MAX: usize = 5;

/// The file.
#[derive(Serialize)]
pub struct Export {
    format: &'static str,
    made_at: DateTime<Utc>,
    prefecture: String,
    queue: String,
    person: Person,
    request: Request,
    helper: Option<Helps>,
    draws: Vec<Stand>,
    appointment: Option<Appointment>,
    penalties: Vec<Cost>,
    reviews: Vec<Review>,
    messages: Vec<Message>,
    history: Vec<Event>,
    readings: Vec<Read>,
    /// When the person's own pages were opened.
    visits: Vec<Visit>,
}

#[derive(Serialize)]
struct Person {
    birth_name: String,
    given_names: String,
    birth_date: String,
    foreigner_number: Option<String>,
    document: Option<String>,
    document_kind: Option<String>,
    document_expires: Option<NaiveDate>,
    phone: Option<String>,
    email: Option<String>,
    language: String,
}

#[derive(Serialize)]
struct Request {
    reference: String,
    state: EntryState,
    closed_because: Option<CloseReason>,
    channel: Channel,
    registered_at: DateTime<Utc>,
    ended_at: Option<DateTime<Utc>>,
    identity_verified_at: Option<DateTime<Utc>>,
    identity_verified_by: Option<Proof>,
    deadline: Option<NaiveDate>,
    deadline_kind: Option<String>,
    availability: Availability,
    /// The sites of the availability, by name.
    sites: Vec<String>,
    draws_survived: u32,
    labels: Vec<u8>,
    erased_after_days: u16,
}

#[derive(Serialize)]
struct Helps {
    kind: HelperKind,
    name: String,
    mandate_seen: Option<String>,
    has_contact: bool,
    since: DateTime<Utc>,
}

#[derive(Serialize)]
struct Stand {
    number: i32,
    frozen_at: Option<DateTime<Utc>>,
    drawn_at: Option<DateTime<Utc>>,
    place: Option<i32>,
    won: bool,
    proof_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    proof: Option<ProofFile>,
}

#[derive(Serialize)]
struct Appointment {
    starts_at: DateTime<Utc>,
    site: String,
    desk: i32,
    /// One more each time the name on it was corrected.
    issue: i32,
    issued_at: DateTime<Utc>,
}

#[derive(Serialize)]
struct Cost {
    appointment_at: DateTime<Utc>,
    noted_at: DateTime<Utc>,
    suspended_until: Option<DateTime<Utc>>,
    objection: Option<String>,
    decision: Option<String>,
}

#[derive(Serialize)]
struct Review {
    asked_at: DateTime<Utc>,
    request: String,
    due_at: DateTime<Utc>,
    answered_at: Option<DateTime<Utc>>,
    answer: Option<String>,
}

#[derive(Serialize)]
struct Message {
    kind: NoticeKind,
    way: String,
    state: &'static str,
    at: DateTime<Utc>,
}

#[derive(Serialize)]
struct Event {
    at: DateTime<Utc>,
    action: String,
}

#[derive(Serialize)]
struct Read {
    first_at: DateTime<Utc>,
    last_at: DateTime<Utc>,
    times: i32,
    role: Role,
    prefecture: String,
    site: Option<String>,
    purpose: ReadingPurpose,
}

/// Everything about the person of an entry, for themselves.
///
/// # Errors
/// [`FlowError::NotFound`]; if a field cannot be opened.
pub async fn of(app: &App, entry: EntryId) -> Result<Export, FlowError> {
    let directory = app.store.directory().await?;
    let holder = status::holder(app, entry, Reader::Holder).await?;
    let mut draws = Vec::with_capacity(holder.draws.len());
    for (at, stood) in holder.draws.iter().enumerate() {
        // A draw that cannot be taken apart does not keep the rest from its owner.
        let proof = if at < PROOFS_MAX { proof::of(app, entry, stood.draw_id).await.ok() } else { None };
        draws.push(stand(app, stood, proof.map(|proof| proof.file)));
    }
    let history = entries::history(app, entry).await?.into_iter();
    let place = |reading: &Reading| Read {
        first_at: reading.first_at,
        last_at: reading.last_at,
        times: reading.times,
        role: reading.role,
        prefecture: directory.prefecture(reading.prefecture).map(|one| one.name.clone()).unwrap_or_default(),
        site: reading.site.and_then(|site| directory.site(site)).map(|site| site.name.clone()),
        purpose: reading.purpose,
    };
    let helper = helpers::of(app, entry).await?.map(|Speaker { helper, since, .. }| Helps {
        kind: helper.kind,
        name: helper.name,
        mandate_seen: helper.mandate_seen,
        has_contact: helper.has_contact,
        since,
    });
    Ok(Export {
        helper,
        format: FORMAT,
        made_at: app.business.now(),
        prefecture: holder.prefecture.name.clone(),
        queue: holder.queue.name.clone(),
        person: person(&holder.person, &holder.entry.language),
        draws,
        appointment: holder.convocation.as_ref().map(|(live, site)| Appointment {
            starts_at: live.starts_at,
            site: site.name.clone(),
            desk: live.desk_number,
            issue: live.issue,
            issued_at: live.issued_at,
        }),
        penalties: holder.penalties.iter().map(cost).collect(),
        reviews: reviews::of(app, entry).await?.into_iter().map(review).collect(),
        messages: messages(&holder),
        history: history.map(|past| Event { at: past.at, action: past.action }).collect(),
        readings: readings::all_of_person(app, entry).await?.iter().map(place).collect(),
        visits: visits::all_of(app, entry).await?,
        request: request(holder),
    })
}

fn person(shown: &Shown, language: &str) -> Person {
    let seen = shown.document.as_ref().and_then(|document| document.seen);
    Person {
        birth_name: shown.birth_name.clone(),
        given_names: shown.given_names.clone(),
        birth_date: shown.birth_date.clone(),
        foreigner_number: shown.foreigner_number.clone(),
        document: shown.document.as_ref().map(ToString::to_string),
        document_kind: seen.map(|seen| seen.kind.to_string()),
        document_expires: seen.and_then(|seen| seen.expires),
        phone: shown.phone.clone(),
        email: shown.email.clone(),
        language: language.to_owned(),
    }
}

fn request(holder: Holder) -> Request {
    let entry = holder.entry;
    let accepted = holder.sites.iter().filter(|site| entry.availability.sites.contains(&site.id));
    Request {
        sites: accepted.map(|site| site.name.clone()).collect(),
        reference: entry.reference,
        state: entry.state,
        closed_because: entry.close_reason,
        channel: entry.channel,
        registered_at: entry.registered_at,
        ended_at: entry.ended_at,
        identity_verified_at: entry.identity_verified_at,
        identity_verified_by: entry.identity_how,
        deadline: entry.deadline,
        deadline_kind: entry.deadline_kind,
        availability: entry.availability,
        draws_survived: entry.standing.draws_survived,
        labels: entry.standing.labels,
        erased_after_days: holder.queue.rules.retention_days,
    }
}

fn stand(app: &App, stood: &Stood, proof: Option<ProofFile>) -> Stand {
    Stand {
        number: stood.draw_number,
        frozen_at: stood.frozen_at,
        drawn_at: stood.drawn_at,
        place: stood.place,
        won: stood.won,
        proof_at: format!("{}/s/preuve/{}", app.config.http.public_url.trim_end_matches('/'), stood.draw_id),
        proof,
    }
}

fn cost(penalty: &Penalty) -> Cost {
    Cost {
        appointment_at: penalty.starts_at,
        noted_at: penalty.noted_at,
        suspended_until: penalty.suspended_until,
        objection: penalty.objection.clone(),
        decision: penalty.decided_reason.clone(),
    }
}

fn review(review: reviews::Review) -> Review {
    let (answered_at, answer) = review.answer.map(|answer| (answer.at, answer.text)).unzip();
    Review { asked_at: review.asked_at, request: review.request, due_at: review.due_at, answered_at, answer }
}

fn messages(holder: &Holder) -> Vec<Message> {
    let message = |notice: &crate::flow::read::notices::Notice| Message {
        kind: notice.kind,
        way: notice.way.to_string(),
        state: notice.shown_as(),
        at: notice.settled_at.unwrap_or(notice.due_at),
    };
    holder.notices.iter().map(message).collect()
}
