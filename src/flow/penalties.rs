//! Objecting to a penalty, by the holder or by an agent who listens to them, and deciding of it. What is written is
//! sealed with the key of the person whose appointment it was.

use super::{App, Fault, FlowError, reason, status};
use crate::domain::actor::Actor;
use crate::domain::ids::{ConvocationId, EntryId, StaffId};
use crate::domain::penalty::Ruling;
use crate::domain::text::clean;
use crate::store::records::PenaltyRecord;
use crate::vault::{Vault, open_text, seal};

/// How long an objection is, in characters.
const CHARS: std::ops::RangeInclusive<usize> = 5..=2_000;

/// A penalty, with what was written of it.
#[derive(Clone, Debug)]
pub struct Penalty {
    pub record: PenaltyRecord,
    pub objection: Option<String>,
    pub decided_reason: Option<String>,
}

/// Opens what was written of a penalty.
///
/// # Errors
/// If what is stored does not open.
pub fn opened(vault: &Vault, record: PenaltyRecord) -> Result<Penalty, FlowError> {
    let key = vault.unwrap(record.applicant_id.0, &record.wrapped_key)?;
    let text = |column, sealed: &Option<Vec<u8>>| {
        let open =
            |sealed: &Vec<u8>| open_text(&key, "penalty_case", column, record.convocation_id.0, sealed);
        sealed.as_ref().map(open).transpose()
    };
    let objection = text("objection", &record.objection)?;
    let decided_reason = text("decided_reason", &record.decided_reason)?;
    Ok(Penalty { record, objection, decided_reason })
}

fn sealed(vault: &Vault, record: &PenaltyRecord, column: &str, text: &str) -> Result<Vec<u8>, FlowError> {
    let key = vault.unwrap(record.applicant_id.0, &record.wrapped_key)?;
    Ok(seal(&key, "penalty_case", column, record.convocation_id.0, text.as_bytes()))
}

/// The penalty that a form names, of those of the entry that it is about.
///
/// # Errors
/// [`FlowError::NotFound`] if it is none of them.
pub fn named(penalties: &[Penalty], text: &str) -> Result<ConvocationId, FlowError> {
    let ids = penalties.iter().map(|penalty| penalty.record.convocation_id);
    ids.into_iter().find(|id| id.to_string() == text).ok_or(FlowError::NotFound("penalty"))
}

/// Whether an entry's holder has objected already, in these words.
///
/// # Errors
/// [`FlowError::NotFound`] if the penalty is none of theirs.
pub async fn is_objected(app: &App, entry: EntryId, id: &str, text: &str) -> Result<bool, FlowError> {
    let penalties = status::holder(app, entry).await?.penalties;
    let id = named(&penalties, id)?;
    let known = penalties.iter().find(|penalty| penalty.record.convocation_id == id);
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
