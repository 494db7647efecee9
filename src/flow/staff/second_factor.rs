//! The second factor of an account: set up by its owner, asked at each sign-in, taken away by two people if it is lost.

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::sealed::SECOND_FACTOR;
use super::{Opened, Session, sessions};
use crate::domain::ids::StaffId;
use crate::domain::refusal::Refusal;
use crate::flow::{App, Fault, FlowError};
use crate::identity::totp::{SecondFactor, is_of_application, normal, recovery_codes};
use crate::vault::system_rng;

/// What an offered secret is sealed for until a code proves that an application holds it.
const OFFER: &str = "staff-second-factor-offer";

/// A second factor that is offered: what the page shows, and what its form carries.
pub struct Offer {
    /// The secret, sealed for this account.
    pub sealed: String,
    /// For an application that reads pictures, as SVG.
    pub picture: String,
    /// For one that does not.
    pub typed: String,
}

/// A new one for an account.
///
/// # Errors
/// If the picture cannot be made.
pub fn offer(app: &App, session: &Session, issuer: &str) -> Result<Offer, FlowError> {
    let secret = SecondFactor::new_secret(&mut system_rng());
    let sealed = app.vault.seal_secret(OFFER, session.staff_id.0, secret.as_ref());
    shown(session, issuer, secret.as_ref(), hex::encode(sealed))
}

/// The same one again, after a wrong code.
///
/// # Errors
/// If it was made for somebody else.
pub fn offered(app: &App, session: &Session, issuer: &str, sealed: &str) -> Result<Offer, FlowError> {
    let secret = opened(app, session.staff_id, sealed)?;
    shown(session, issuer, &secret, sealed.to_owned())
}

fn shown(session: &Session, issuer: &str, secret: &[u8], sealed: String) -> Result<Offer, FlowError> {
    let unusable = || FlowError::Internal("a second factor could not be made".to_owned());
    let factor = SecondFactor::of(secret, issuer, &session.login).ok_or_else(unusable)?;
    Ok(Offer { sealed, picture: factor.picture().ok_or_else(unusable)?, typed: factor.typed() })
}

fn opened(app: &App, staff: StaffId, sealed: &str) -> Result<Zeroizing<Vec<u8>>, FlowError> {
    let sealed = hex::decode(sealed).map_err(|_| FlowError::Refused(Refusal::Changed))?;
    app.vault.open_secret(OFFER, staff.0, &sealed).map_err(|_| FlowError::Refused(Refusal::Changed))
}

/// Sets it up, once a code shows that the application has it. Answers the recovery codes, which are shown this once, and
/// the session that follows.
///
/// # Errors
/// Names the field of the code if it is wrong.
pub async fn set_up(
    app: &App,
    session: &Session,
    token: &str,
    sealed: &str,
    code: &str,
    browser: &str,
) -> Result<(Vec<Zeroizing<String>>, Opened), FlowError> {
    let secret = opened(app, session.staff_id, sealed)?;
    let factor = SecondFactor::of(&secret, "", &session.login);
    let step = factor.and_then(|factor| factor.step_of(&normal(code), seconds(app)));
    let step = step.ok_or_else(|| FlowError::invalid(Fault::new("code", "code")))?;
    let kept = app.vault.seal_secret(SECOND_FACTOR, session.staff_id.0, &secret);
    let codes = recovery_codes(&mut system_rng());
    let hashes = codes.iter().map(|code| code_hash(code)).collect();
    let step = i64::try_from(step).unwrap_or(i64::MAX);
    app.store.set_second_factor(session.staff_id, kept, hashes, step, app.business.now()).await?;
    let opened = sessions::finish(app, session.staff_id, token, browser).await?;
    Ok((codes, opened))
}

/// Whether a code is good now: of the application, and not used before, or a recovery code.
pub(super) async fn is_right(app: &App, staff: StaffId, typed: &str) -> Result<bool, FlowError> {
    let code = normal(typed);
    if !is_of_application(&code) {
        return Ok(app.store.use_recovery_code(staff, code_hash(&code), app.business.now()).await?);
    }
    let Some(sealed) = app.store.staff_member(staff).await?.and_then(|account| account.totp) else {
        return Ok(false);
    };
    let secret = app.vault.open_secret(SECOND_FACTOR, staff.0, &sealed)?;
    let factor = SecondFactor::of(&secret, "", "account");
    match factor.and_then(|factor| factor.step_of(&code, seconds(app))) {
        Some(step) => Ok(app.store.use_totp_step(staff, i64::try_from(step).unwrap_or(i64::MAX)).await?),
        None => Ok(false),
    }
}

/// How many recovery codes somebody has left.
///
/// # Errors
/// If the store fails.
pub async fn codes_left(app: &App, staff: StaffId) -> Result<i64, FlowError> {
    Ok(app.store.recovery_codes_left(staff).await?)
}

fn seconds(app: &App) -> u64 {
    u64::try_from(app.real.now().timestamp()).unwrap_or(0)
}

/// Recovery codes have eighty random bits: a plain hash keeps them.
fn code_hash(normal: &str) -> Vec<u8> {
    Sha256::digest(normal).to_vec()
}
