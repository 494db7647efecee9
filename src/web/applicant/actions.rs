//! What a holder can do from the status page: change what they can attend, pause, resume, withdraw, give
//! a convocation back. Each is a form with the page's sealed mark.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};

use super::status::{Opening, expired, show};
use super::token;
use crate::domain::actor::Actor;
use crate::domain::ids::EntryId;
use crate::domain::refusal::Refusal;
use crate::flow::{App, Fault, FlowError, counter, entries, penalties, status};
use crate::limits::Rule;
use crate::store::commands::EntryChange;
use crate::web::shared::limit::{Client, hit};
use crate::web::shared::{AvailabilityForm, Fields, Form, Page, WebError};

/// Changes by one address.
const CHANGES: Rule = Rule::per_hour(60);

/// A page reloaded by its address asks for the reference again.
pub async fn back() -> Response {
    Redirect::to("/s").into_response()
}

/// Does what the button says, and shows the status as it is then.
pub async fn act(
    State(app): State<Arc<App>>,
    page: Page,
    client: Client,
    Path(action): Path<String>,
    Form(fields): Form,
) -> Result<Response, WebError> {
    hit(&app, "holder-action", &client.name(), CHANGES).await?;
    let Some(entry) = token::open(&app.vault, fields.first("jeton"), app.real.now()) else {
        return expired(page);
    };
    let done = match action.as_str() {
        "disponibilites" => availability(&app, entry, &fields).await,
        "pause" => change(&app, entry, EntryChange::Pause, "done-paused").await,
        "reprise" => change(&app, entry, EntryChange::Resume, "done-resumed").await,
        "retirer" if !fields.has("confirmer") => {
            Err(FlowError::invalid(Fault::new("confirmer", "confirm-withdraw")))
        }
        "retirer" => change(&app, entry, EntryChange::Withdraw, "done-withdrawn").await,
        "rendre" if !fields.has("confirmer_rendre") => {
            Err(FlowError::invalid(Fault::new("confirmer_rendre", "confirm-give-back")))
        }
        "contester" => object(&app, entry, &fields).await,
        "rendre" => give_back(&app, entry).await,
        _ => return Err(WebError::NotFound),
    };
    let opening = match done {
        Ok(key) => Opening::Done(key),
        Err(FlowError::Refused(refusal)) => Opening::Refused(refusal),
        Err(FlowError::Invalid(faults)) => Opening::Faulty(
            faults,
            (action == "disponibilites").then(|| Box::new(AvailabilityForm::typed(&fields))),
            fields.first("objection").to_owned(),
        ),
        Err(error) => return Err(error.into()),
    };
    show(&app, page, entry, opening).await
}

async fn change(
    app: &App,
    entry: EntryId,
    change: EntryChange,
    done: &'static str,
) -> Result<&'static str, FlowError> {
    entries::change(app, entry, change, Actor::Holder(entry)).await?;
    Ok(done)
}

async fn availability(app: &App, entry: EntryId, fields: &Fields) -> Result<&'static str, FlowError> {
    let availability = AvailabilityForm::typed(fields).whole(app.business.now().date_naive())?;
    entries::change_availability(app, entry, availability, Actor::Holder(entry)).await?;
    Ok("done-availability")
}

async fn object(app: &App, entry: EntryId, fields: &Fields) -> Result<&'static str, FlowError> {
    let holder = status::holder(app, entry).await?;
    let penalty = penalties::named(&holder.penalties, fields.first("penalty"))?;
    penalties::object(app, penalty, fields.first("objection"), Actor::Holder(entry)).await?;
    Ok("done-objected")
}

async fn give_back(app: &App, entry: EntryId) -> Result<&'static str, FlowError> {
    let live = app.store.live_convocation(entry).await?;
    let live = live.ok_or(FlowError::Refused(Refusal::NoConvocation))?;
    counter::give_back(app, live.id, Actor::Holder(entry)).await?;
    Ok("done-given-back")
}
