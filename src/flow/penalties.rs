//! Objecting to a penalty, by the holder or by an agent who listens to them, and deciding of it. What is written is
//! sealed with the key of the person whose appointment it was.

use chrono::{DateTime, Utc};

use super::people::{Opener, Reader, key_of};
use super::{App, Fault, FlowError, reason, status};
use crate::domain::actor::Actor;
use crate::domain::ids::{ConvocationId, EntryId, PrefectureId, StaffId};
use crate::domain::local_time::Zone;
use crate::domain::penalty::{Announced, Case, Ruling};
use crate::domain::text::clean;
use crate::store::records::PenaltyRecord;
use crate::vault::{Vault, seal};

/// How long an objection is, in characters.
const CHARS: std::ops::RangeInclusive<usize> = 5..=2_000;

/// A penalty, with the appointment that it is for and what was written of it.
#[derive(Clone, Debug)]
pub struct Penalty {
    pub convocation_id: ConvocationId,
    /// Whose appointment it was.
    pub entry_id: EntryId,
    pub starts_at: DateTime<Utc>,
    pub site: String,
    pub zone: Zone,
    pub announced: Announced,
    pub objection_days: u16,
    pub case: Case,
    /// When what it is for was noted: an absence, before it was final.
    pub noted_at: DateTime<Utc>,
    pub told_at: Option<DateTime<Utc>>,
    pub objection: Option<String>,
    pub objected_at: Option<DateTime<Utc>>,
    pub objected_by: Option<StaffId>,
    pub decided_by: Option<StaffId>,
    pub decided_at: Option<DateTime<Utc>>,
    pub decided_reason: Option<String>,
    /// The end of the suspension, if it is one.
    pub suspended_until: Option<DateTime<Utc>>,
}

/// Opens what was written of a penalty.
///
/// # Errors
/// If what is stored does not open.
pub fn opened(vault: &Vault, record: PenaltyRecord) -> Result<Penalty, FlowError> {
    let opener = Opener::of(vault, record.applicant_id, &record.wrapped_key)?;
    let text = |column, sealed: &Option<Vec<u8>>| {
        let open = |sealed: &Vec<u8>| opener.text("penalty_case", column, record.convocation_id.0, sealed);
        sealed.as_ref().map(open).transpose()
    };
    Ok(Penalty {
        objection: text("objection", &record.objection)?,
        decided_reason: text("decided_reason", &record.decided_reason)?,
        announced: record.announced(),
        suspended_until: record.suspended_until(),
        case: record.case(),
        zone: record.zone(),
        objection_days: u16::try_from(record.objection_days).unwrap_or(u16::MAX),
        convocation_id: record.convocation_id,
        entry_id: record.entry_id,
        starts_at: record.starts_at,
        site: record.site,
        noted_at: record.noted_at,
        told_at: record.told_at,
        objected_at: record.objected_at,
        objected_by: record.objected_by,
        decided_by: record.decided_by,
        decided_at: record.decided_at,
    })
}

/// # Errors
/// [`FlowError::NotFound`]; if what is stored does not open.
pub async fn one(app: &App, id: ConvocationId) -> Result<Penalty, FlowError> {
    opened(&app.vault, app.store.penalty(id).await?.ok_or(FlowError::NotFound("penalty"))?)
}

/// Penalties of a prefecture to which somebody objects, the oldest first.
///
/// # Errors
/// If the store fails, or what is stored does not open.
pub async fn objections(
    app: &App,
    prefecture: PrefectureId,
    skip: i64,
    limit: i64,
) -> Result<Vec<Penalty>, FlowError> {
    let records = app.store.objections(prefecture, skip, limit).await?;
    records.into_iter().map(|record| opened(&app.vault, record)).collect()
}

fn sealed(vault: &Vault, record: &PenaltyRecord, column: &str, text: &str) -> Result<Vec<u8>, FlowError> {
    let key = key_of(vault, record.applicant_id, &record.wrapped_key)?;
    Ok(seal(&key, "penalty_case", column, record.convocation_id.0, text.as_bytes()))
}

/// The penalty that a form names, of those of the entry that it is about.
///
/// # Errors
/// [`FlowError::NotFound`] if it is none of them.
pub fn named(penalties: &[Penalty], text: &str) -> Result<ConvocationId, FlowError> {
    let ids = penalties.iter().map(|penalty| penalty.convocation_id);
    ids.into_iter().find(|id| id.to_string() == text).ok_or(FlowError::NotFound("penalty"))
}

/// Whether an entry's holder has objected already, in these words.
///
/// # Errors
/// [`FlowError::NotFound`] if the penalty is none of theirs.
pub async fn is_objected(app: &App, entry: EntryId, id: &str, text: &str) -> Result<bool, FlowError> {
    let penalties = status::holder(app, entry, Reader::Holder).await?.penalties;
    let id = named(&penalties, id)?;
    let known = penalties.iter().find(|penalty| penalty.convocation_id == id);
    let known = known.and_then(|penalty| penalty.objection.as_deref());
    Ok(known.is_some() && known == clean(text).ok().as_deref())
}

/// Halts a penalty until an agent has decided.
///
/// # Errors
/// If the text cannot be read, or is too short or too long; [`FlowError::Refused`] if it is too late or made already.
pub async fn object(app: &App, id: ConvocationId, text: &str, actor: Actor) -> Result<(), FlowError> {
    let fault = |key: &str| FlowError::invalid(Fault::new("objection", key));
    let text = clean(text).map_err(|_| fault("objection-unreadable"))?;
    if !CHARS.contains(&text.chars().count()) {
        return Err(fault("objection"));
    }
    let record = app.store.penalty(id).await?.ok_or(FlowError::NotFound("penalty"))?;
    let sealed = sealed(&app.vault, &record, "objection", &text)?;
    Ok(app.store.object(id, sealed, actor, app.business.now()).await?)
}

/// Decides of an objection, for a reason that the person reads.
///
/// # Errors
/// If the reason is missing; [`FlowError::Refused`] to whoever noted the absence, and once it is decided.
pub async fn decide(
    app: &App,
    id: ConvocationId,
    ruling: Ruling,
    why: &str,
    by: StaffId,
) -> Result<(), FlowError> {
    let why = reason::needed(why)?;
    let record = app.store.penalty(id).await?.ok_or(FlowError::NotFound("penalty"))?;
    let sealed = sealed(&app.vault, &record, "decided_reason", &why)?;
    Ok(app.store.decide_objection(id, ruling, sealed, by, app.business.now()).await?)
}
