//! A helper registers somebody with their mandate and speaks for them: a relative, an association, a social worker, a lawyer. One
//! helper may hold several requests; the place stays the person's own, and so does every right.

use chrono::{DateTime, TimeDelta, Utc};

use super::people::{Opener, key_of};
use super::{App, Fault, FlowError, fresh, reason};
use crate::domain::actor::Actor;
use crate::domain::helper::HelperKind;
use crate::domain::ids::{EntryId, StaffId};
use crate::store::commands::{NewApplicant, NewHelper};
use crate::store::records::{EntryRecord, HelperRecord};
use crate::vault::seal;

const SEALED_IN: &str = "helper";
const NAME_MAX: usize = 200;
/// What was seen of a mandate is one sentence.
const SEEN_MAX: usize = 300;

/// A helper as typed; all of it empty if somebody registers for themselves.
#[derive(Clone, Debug, Default)]
pub struct TypedHelper {
    pub kind: String,
    pub name: String,
    /// They say that they have the mandate.
    pub is_stated: bool,
    /// What an agent has seen of it.
    pub seen: String,
    /// The contact that is given is their own.
    pub has_contact: bool,
}

/// A helper, checked and in the clear.
#[derive(Clone, Debug)]
pub struct Helper {
    pub kind: HelperKind,
    pub name: String,
    pub mandate_seen: Option<String>,
    pub has_contact: bool,
}

/// Who speaks for the person of an entry.
pub struct Speaker {
    pub helper: Helper,
    pub since: DateTime<Utc>,
    /// The agent who wrote it down, if one did.
    pub recorded_by: Option<StaffId>,
}

impl TypedHelper {
    /// Whether nobody helps.
    pub fn is_empty(&self) -> bool {
        let texts = [&self.kind, &self.name, &self.seen];
        texts.iter().all(|text| text.trim().is_empty()) && !self.is_stated && !self.has_contact
    }

    /// The helper; nobody helps without saying so and without a mandate.
    pub(super) fn read(&self, by_agent: bool, faults: &mut Vec<Fault>) -> Option<Helper> {
        if self.is_empty() {
            return None;
        }
        let kind = self.kind.parse::<HelperKind>().ok();
        if kind.is_none() {
            faults.push(Fault::new("helper_kind", "helper-kind"));
        }
        let name: String = self.name.split_whitespace().collect::<Vec<_>>().join(" ");
        if name.is_empty() || name.chars().count() > NAME_MAX {
            faults.push(Fault::new("helper_name", "helper-name"));
        }
        let seen: String = self.seen.trim().chars().take(SEEN_MAX).collect();
        let mandate_seen = Some(seen).filter(|seen| by_agent && !seen.is_empty());
        if !self.is_stated && mandate_seen.is_none() {
            let key = if by_agent { "helper-mandate-agent" } else { "helper-mandate" };
            faults.push(Fault::new("helper_mandate", key));
        }
        Some(Helper { kind: kind?, name, mandate_seen, has_contact: self.has_contact })
    }
}

/// Seals a helper with the key of the person who is helped: the new one, or that of the held entry which they take back.
///
/// # Errors
/// If that key does not open.
pub(super) fn sealed(
    app: &App,
    (new, held): (&NewApplicant, Option<&EntryRecord>),
    helper: Option<&Helper>,
    by: Option<Actor>,
) -> Result<Option<NewHelper>, FlowError> {
    let Some(helper) = helper else { return Ok(None) };
    let id: uuid::Uuid = fresh();
    let (person, wrapped_key) =
        held.map_or((new.id, &new.wrapped_key), |held| (held.applicant_id, &held.wrapped_key));
    let key = key_of(&app.vault, person, wrapped_key)?;
    let sealed = |column: &str, text: &str| seal(&key, SEALED_IN, column, id, text.as_bytes());
    Ok(Some(NewHelper {
        id,
        kind: helper.kind,
        name: sealed("name", &helper.name),
        mandate_seen: helper.mandate_seen.as_deref().map(|seen| sealed("mandate_seen", seen)),
        has_contact: helper.has_contact,
        recorded_by: match by {
            Some(Actor::Staff(by)) => Some(by),
            _ => None,
        },
    }))
}

/// Who speaks for the person of an entry now. Whoever reads has opened that person's data already.
///
/// # Errors
/// [`FlowError::NotFound`]; if a text does not open.
pub async fn of(app: &App, entry: EntryId) -> Result<Option<Speaker>, FlowError> {
    let Some(record) = app.store.helper(entry).await? else { return Ok(None) };
    let HelperRecord { id, kind, name, mandate_seen, has_contact, since, recorded_by } = record;
    let entry = app.store.entry(entry).await?.ok_or(FlowError::NotFound("entry"))?;
    let opener = Opener::of(&app.vault, entry.applicant_id, &entry.wrapped_key)?;
    let open = |column: &str, sealed: &[u8]| opener.text(SEALED_IN, column, id, sealed);
    let helper = Helper {
        kind,
        name: open("name", &name)?,
        mandate_seen: mandate_seen.map(|seen| open("mandate_seen", &seen)).transpose()?,
        has_contact,
    };
    Ok(Some(Speaker { helper, since, recorded_by }))
}

/// The mandate is over: the person says so, or an agent, with a reason. Pages that are open elsewhere are closed.
///
/// # Errors
/// Names the reason if an agent gives none; [`FlowError::Refused`] if nobody helps, or the entry has ended.
pub async fn end(app: &App, entry: EntryId, typed_reason: &str, actor: Actor) -> Result<(), FlowError> {
    let sealed = match actor {
        Actor::Staff(_) => {
            let reason = reason::needed(typed_reason).map_err(FlowError::invalid)?;
            let record = app.store.entry(entry).await?.ok_or(FlowError::NotFound("entry"))?;
            let helper = app.store.helper(entry).await?.ok_or(crate::domain::refusal::Refusal::Changed)?;
            let key = key_of(&app.vault, record.applicant_id, &record.wrapped_key)?;
            Some(seal(&key, SEALED_IN, "end_reason", helper.id, reason.as_bytes()))
        }
        _ => None,
    };
    app.store.end_helper(entry, sealed, actor, app.business.now()).await?;
    // The page from which it was ended opens again now.
    Ok(app.store.close_pages(entry, app.real.now() - TimeDelta::milliseconds(1)).await?)
}
