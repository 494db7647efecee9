//! From a frozen list to a published draw: open the source, compute, commit, publish. Each step stands
//! alone and may be tried again; the store lets each of them happen once.

use std::sync::Arc;

use chrono::TimeDelta;
use uuid::Uuid;

use super::announce::SECRET_PURPOSE;
use super::{App, FlowError, watch};
use crate::domain::ids::SlotId;
use crate::domain::rules::BEACON_LATE_HOURS;
use crate::draw::{Frozen, Opening};
use crate::failpoint::failpoint;
use crate::store::commands::DrawnOutcome;
use crate::store::records::{DrawRecord, DrawState};

/// The public reason of a draw whose randomness never came.
pub const BEACON_LATE: &str = "randomness late";

/// Stores the randomness of a frozen draw, once it is out.
///
/// # Errors
/// If the source cannot be opened, or the store fails.
pub async fn seed(app: &App, draw: &DrawRecord) -> Result<(), FlowError> {
    let now = app.business.now();
    if now < draw.seed_at {
        return Ok(());
    }
    failpoint!("F6");
    match opening(app, draw) {
        Ok(secret) => {
            failpoint!("F7");
            app.store.seed(draw.id, secret.to_vec(), now).await?;
            failpoint!("F8");
            Ok(())
        }
        Err(_) if now > draw.seed_at + TimeDelta::hours(BEACON_LATE_HOURS) => {
            Ok(app.store.annul_by_rule(draw.id, DrawState::Frozen, BEACON_LATE.to_owned(), now).await?)
        }
        Err(error) => Err(error),
    }
}

fn opening(app: &App, draw: &DrawRecord) -> Result<[u8; 32], FlowError> {
    let sealed =
        draw.secret.as_deref().ok_or_else(|| FlowError::Internal("the draw has no secret".to_owned()))?;
    let secret = app.vault.open_secret(SECRET_PURPOSE, draw.id.0, sealed)?;
    secret
        .as_slice()
        .try_into()
        .map_err(|_| FlowError::Internal("the draw's secret has another length".to_owned()))
}

/// Computes the outcome from the stored list and commits it with everything it causes.
///
/// # Errors
/// If the stored list or opening is damaged, or the store fails.
pub async fn conclude(app: &App, draw: &DrawRecord) -> Result<(), FlowError> {
    let list = app.store.draw_document(draw.id, "list").await?.ok_or(FlowError::NotFound("frozen list"))?;
    let secret: [u8; 32] = draw
        .opening
        .as_deref()
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or_else(|| FlowError::Internal("the stored randomness has another length".to_owned()))?;
    let stored_hash = draw.freeze_hash.clone();
    let computed = tokio::task::spawn_blocking(move || compute(&list, secret, stored_hash.as_deref()));
    let outcome = computed
        .await
        .map_err(|error| FlowError::Internal(error.to_string()))?
        .map_err(|fault| FlowError::Internal(format!("draw {}: {fault}", draw.id)))?;
    Ok(app.store.conclude(draw.id, outcome, app.business.now()).await?)
}

/// The outcome that follows from a stored list and its secret: pure.
pub(crate) fn compute(
    list: &[u8],
    secret: [u8; 32],
    freeze_hash: Option<&[u8]>,
) -> Result<DrawnOutcome, String> {
    let frozen = Frozen::from_list_json(list).map_err(|fault| fault.to_string())?;
    if freeze_hash != Some(frozen.freeze().as_slice()) {
        return Err("the stored list is not the one that was frozen".to_owned());
    }
    failpoint!(blocking "F9");
    let drawn = frozen.open(Opening::Secret(secret)).map_err(|fault| fault.to_string())?;
    let slots = drawn.frozen().slots();
    let wins = drawn
        .outcome()
        .iter()
        .map(|(entry, slot)| (*entry, SlotId(Uuid::from_bytes(slots[*slot as usize].id))))
        .collect();
    Ok(DrawnOutcome {
        bundle: Arc::new(drawn.bundle_json().into_bytes()),
        outcome_hash: *drawn.outcome_hash(),
        places: Arc::new(drawn.ranks().iter().map(|rank| rank + 1).collect()),
        wins: Arc::new(wins),
    })
}

/// Makes the bundle public, once a second look has found that it holds.
///
/// # Errors
/// If the bundle does not hold, or the store fails.
pub async fn publish(app: &App, draw: &DrawRecord) -> Result<(), FlowError> {
    failpoint!("F12");
    let watch = serde_json::to_value(watch::watch(app, draw).await?).unwrap_or_default();
    Ok(app.store.publish_draw(draw.id, watch, app.business.now()).await?)
}
