//! What a holder can do from the status page: change what they can attend, pause, resume, withdraw, give
//! a convocation back. Each is a form with the page's CSRF token; what is done already is not done again.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{Redirect, Response};

use super::franceconnect;
use super::holder::{self, Holder, RECEIPT_PATH, STATUS_PATH};
use super::status::{Objection, Opening, Typed, ask_again, show};
use super::token::{Confirmation, open_csrf_token};
use crate::domain::actor::Actor;
use crate::domain::entry::{ConvocationState, EntryState};
use crate::domain::ids::{ConvocationId, EntryId};
use crate::flow::entries::EntryChange;
use crate::flow::people::Reader;
use crate::flow::read::convocations::Convocation;
use crate::flow::{App, Fault, FlowError, counter, entries, penalties, read, status};
use crate::limits::Rule;
use crate::web::shared::errors::Limited;
use crate::web::shared::limit::Tries;
use crate::web::shared::{AvailabilityForm, Fields, Form, Page, Purpose, WebError};

/// Changes of one entry: each is a row of the log.
const CHANGES: Rule = Rule::per_hour(60);

/// A button of the status page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    Availability,
    Pause,
    Resume,
    Withdraw,
    GiveBack,
    Object,
}

impl Action {
    /// The action behind `/s/{word}`.
    pub fn of(word: &str) -> Option<Self> {
        Some(match word {
            "disponibilites" => Self::Availability,
            "pause" => Self::Pause,
            "reprise" => Self::Resume,
            "retirer" => Self::Withdraw,
            "rendre" => Self::GiveBack,
            "contester" => Self::Object,
            _ => return None,
        })
    }

    const fn confirmation(self) -> Confirmation {
        match self {
            Self::Availability => Confirmation::Availability,
            Self::Pause => Confirmation::Paused,
            Self::Resume => Confirmation::Resumed,
            Self::Withdraw => Confirmation::Withdrawn,
            Self::GiveBack => Confirmation::GivenBack,
            Self::Object => Confirmation::Objected,
        }
    }

    /// The box to tick for what cannot be undone.
    fn unconfirmed(self, fields: &Fields) -> Option<Fault> {
        let (name, key) = match self {
            Self::Withdraw => ("confirmer", "confirm-withdraw"),
            Self::GiveBack => ("confirmer_rendre", "confirm-give-back"),
            Self::Availability | Self::Pause | Self::Resume | Self::Object => return None,
        };
        (!fields.has(name)).then(|| Fault::new(name, key))
    }
}

/// The address of an action, reloaded or opened without its form.
pub async fn back() -> Redirect {
    Redirect::to(STATUS_PATH)
}

/// Closes the pages.
pub async fn close(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Form(_): Form,
) -> Result<Response, WebError> {
    Ok(franceconnect::forgotten(&app, holder::closed(&app, &headers).await?))
}

/// Does what the button says, and leads back to the status. A form that outlived its cookie is kept until
/// the reference and the birth date are given again.
pub async fn act(
    State(app): State<Arc<App>>,
    page: Page,
    purpose: Purpose,
    headers: HeaderMap,
    Path(word): Path<String>,
    Form(fields): Form,
) -> Result<Response, WebError> {
    let action = Action::of(&word).ok_or(WebError::NotFound)?;
    let entry = open_csrf_token(&app.vault, fields.first("jeton"));
    match holder::current(&app, &headers).await? {
        Some(holder) if Some(holder.entry) == entry => {
            answer(&app, page, holder, action, purpose, &fields).await
        }
        _ => ask_again(page, entry.map(|_| word.as_str()), purpose, &fields),
    }
}

/// Does it for a holder who has been recognised.
pub async fn answer(
    app: &App,
    page: Page,
    holder: Holder,
    action: Action,
    purpose: Purpose,
    fields: &Fields,
) -> Result<Response, WebError> {
    let entry = holder.entry;
    if purpose.is_draft() {
        return again(app, page, holder, action, fields).await;
    }
    let typed = Typed::of(action, fields);
    let mut tries = Tries::new(app);
    let taken = tries.take(Limited::Entry, "holder-action", &entry.to_string(), CHANGES).await;
    if let Err(WebError::TooMany { limited, retry_after_seconds }) = taken {
        return show(app, page, holder, Opening::Later { limited, retry_after_seconds, typed }).await;
    }
    let done = perform(app, entry, action, fields).await;
    if done.is_err() {
        tries.give_back().await;
    }
    let opening = match done {
        Ok(()) => return Ok(holder::lead(app, holder.saying(action.confirmation()), STATUS_PATH)),
        Err(FlowError::Refused(refusal)) => Opening::Refused(refusal),
        Err(FlowError::Invalid(faults)) => Opening::Faulty(faults, typed),
        Err(error) => return Err(error.into()),
    };
    show(app, page, holder, opening).await
}

/// The page as it was, with what was typed on it. Where nothing was, its address.
async fn again(
    app: &App,
    page: Page,
    holder: Holder,
    action: Action,
    fields: &Fields,
) -> Result<Response, WebError> {
    let is_kept = matches!(action, Action::Availability | Action::Object);
    let typed = Typed::of(action, fields);
    if !is_kept || (typed.objection.is_empty() && is_done(app, holder.entry, action, fields).await?) {
        let path = if fields.first("page") == "recu" { RECEIPT_PATH } else { STATUS_PATH };
        return Ok(holder::lead(app, holder, path));
    }
    show(app, page, holder, Opening::Draft(typed)).await
}

impl Typed {
    /// An objection may stand in the form of the availability, or in one of its own.
    fn of(action: Action, fields: &Fields) -> Self {
        let has_one = action == Action::Availability || fields.iter().any(|(name, _)| name == "not_before");
        Self {
            availability: has_one.then(|| Box::new(AvailabilityForm::typed(fields))),
            objection: Objection::typed(fields),
        }
    }
}

async fn perform(app: &App, entry: EntryId, action: Action, fields: &Fields) -> Result<(), FlowError> {
    if let Some(fault) = action.unconfirmed(fields) {
        return Err(FlowError::invalid(fault));
    }
    if is_done(app, entry, action, fields).await? {
        return Ok(());
    }
    match apply(app, entry, action, fields).await {
        // The other click was quicker.
        Err(FlowError::Refused(_)) if is_done(app, entry, action, fields).await? => Ok(()),
        done => done,
    }
}

/// Whether everything stands already as the form wants it.
async fn is_done(app: &App, entry: EntryId, action: Action, fields: &Fields) -> Result<bool, FlowError> {
    if action == Action::GiveBack {
        let state = convocation(app, entry, fields).await?.state;
        return Ok(matches!(state, ConvocationState::Declined | ConvocationState::CancelledLate));
    }
    if action == Action::Object {
        return penalties::is_objected(app, entry, fields.first("penalty"), fields.first("objection")).await;
    }
    let record = read::entries::one(app, entry).await?;
    let is_live = record.state.is_live();
    Ok(match action {
        Action::Pause => is_live && record.paused,
        Action::Resume => is_live && !record.paused && record.paused_until.is_none(),
        Action::Availability => {
            let typed = AvailabilityForm::typed(fields).whole(app.business.now().date_naive());
            is_live && typed.is_ok_and(|typed| typed == record.availability)
        }
        Action::Withdraw | Action::GiveBack | Action::Object => record.state == EntryState::Withdrawn,
    })
}

async fn apply(app: &App, entry: EntryId, action: Action, fields: &Fields) -> Result<(), FlowError> {
    let actor = Actor::Holder(entry);
    match action {
        Action::Availability => {
            let availability = AvailabilityForm::typed(fields).whole(app.business.now().date_naive())?;
            entries::change_availability(app, entry, availability, actor).await
        }
        Action::Pause => entries::change(app, entry, EntryChange::Pause, actor).await,
        Action::Resume => entries::change(app, entry, EntryChange::Resume, actor).await,
        Action::Withdraw => entries::change(app, entry, EntryChange::Withdraw, actor).await,
        Action::GiveBack => {
            let asked = convocation(app, entry, fields).await?;
            counter::give_back(app, asked.id, actor).await.map(drop)
        }
        Action::Object => object(app, entry, fields).await,
    }
}

/// The convocation that the form shows: sent again later, it gives no other one back.
async fn convocation(app: &App, entry: EntryId, fields: &Fields) -> Result<Convocation, FlowError> {
    let unknown = || FlowError::NotFound("convocation");
    let id: ConvocationId = fields.first("rendez_vous").parse().map_err(|_| unknown())?;
    let asked = read::convocations::one(app, id).await?;
    if asked.entry_id == entry { Ok(asked) } else { Err(unknown()) }
}

async fn object(app: &App, entry: EntryId, fields: &Fields) -> Result<(), FlowError> {
    let holder = status::holder(app, entry, Reader::Holder).await?;
    let penalty = penalties::named(&holder.penalties, fields.first("penalty"))?;
    penalties::object(app, penalty, fields.first("objection"), Actor::Holder(entry)).await
}
