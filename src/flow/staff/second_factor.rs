//! The second factor of an account: set up by its owner, asked at each sign-in, taken away by two people if it is lost.

use std::net::IpAddr;
use std::time::Duration;

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::sealed::SECOND_FACTOR;
use super::{Opened, Session, sessions};
use crate::domain::ids::StaffId;
use crate::domain::refusal::Refusal;
use crate::domain::staff::SessionStage;
use crate::flow::{App, Fault, FlowError};
use crate::identity::totp::{SecondFactor, is_of_application, normal, recovery_codes};
use crate::limits::{Rule, Wide};
use crate::store::commands::NewSecondFactor;
use crate::store::records::StaffRecord;
use crate::vault::system_rng;

/// What an offered secret is sealed for until a code proves that an application holds it.
const OFFER: &str = "staff-second-factor-offer";

const HOUR: Duration = Duration::from_hours(1);
/// Wrong codes for one account. Beyond this, a provider's network has five an hour: its owner, elsewhere, gets in.
const WRONG_CODES: Wide = Wide { everywhere: Rule::new(10, HOUR), nearby: Rule::new(5, HOUR) };

/// What its owner shows again before another one counts: whoever finds a session open does not take the account over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reauthentication {
    /// The password was typed a moment ago.
    None,
    Password,
    /// A code of the second factor that is replaced, or a recovery code.
    Code,
}

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

/// What must be shown before a new one is set up in this session.
///
/// # Errors
/// If the store fails.
pub async fn reauthentication(app: &App, session: &Session) -> Result<Reauthentication, FlowError> {
    let account = app.store.staff_member(session.staff_id).await?.ok_or(FlowError::NotFound("staff"))?;
    Ok(wanted(session, &account))
}

const fn wanted(session: &Session, account: &StaffRecord) -> Reauthentication {
    match (session.stage, &account.totp) {
        (SessionStage::Enrol, _) => Reauthentication::None,
        (_, Some(_)) => Reauthentication::Code,
        (_, None) => Reauthentication::Password,
    }
}

/// Looks at what its owner shows again: the password, or a code of the second factor.
///
/// # Errors
/// Names the field `proof`, with this fault if a code is wrong; [`FlowError::Refused`] after too many codes.
pub(super) async fn show_again(
    app: &App,
    session: &Session,
    proof: &str,
    network: IpAddr,
    wrong_code: &str,
) -> Result<(), FlowError> {
    let account = app.store.staff_member(session.staff_id).await?.ok_or(FlowError::NotFound("staff"))?;
    if account.totp.is_none() {
        let is_right = app.passwords.verify(proof, Some(&account.password_hash)).await;
        return if is_right { Ok(()) } else { Err(Fault::new("proof", "old-password").into()) };
    }
    match pass(app, account.id, proof, network).await {
        Err(FlowError::Refused(Refusal::Code)) => Err(Fault::new("proof", wrong_code).into()),
        passed => passed,
    }
}

/// A new second factor, as its owner sets it up.
#[derive(Clone, Copy, Debug)]
pub struct SetUp<'a> {
    /// The sealed secret that was offered.
    pub offer: &'a str,
    /// A code that it gives.
    pub code: &'a str,
    /// See [`Reauthentication`].
    pub proof: &'a str,
}

/// Sets it up, once a code shows that the application has it. Answers the recovery codes, which are shown this once, and
/// the session that follows; every other session of the account ends.
///
/// # Errors
/// Names the field of the code or of the proof if it is wrong; [`FlowError::Refused`] after too many codes, or if the
/// second factor became another one meanwhile.
pub async fn set_up(
    app: &App,
    session: &Session,
    token: &str,
    typed: SetUp<'_>,
    browser: &str,
    network: IpAddr,
) -> Result<(Vec<Zeroizing<String>>, Opened), FlowError> {
    let staff = session.staff_id;
    let secret = opened(app, staff, typed.offer)?;
    let factor = SecondFactor::of(&secret, "", &session.login);
    let step = factor.and_then(|factor| factor.step_of(&normal(typed.code), seconds(app)));
    let step = step.ok_or_else(|| FlowError::invalid(Fault::new("code", "code")))?;
    let account = app.store.staff_member(staff).await?.ok_or(FlowError::NotFound("staff"))?;
    match wanted(session, &account) {
        Reauthentication::None if account.totp.is_some() => return Err(Refusal::Changed.into()),
        Reauthentication::None => {}
        _ => show_again(app, session, typed.proof, network, "code-old").await?,
    }
    let codes = recovery_codes(&mut system_rng());
    let new = NewSecondFactor {
        staff,
        was: account.totp,
        secret: app.vault.seal_secret(SECOND_FACTOR, staff.0, &secret),
        codes: codes.iter().map(|code| code_hash(code)).collect(),
        step: i64::try_from(step).unwrap_or(i64::MAX),
        keep: sessions::token_hash(token),
    };
    app.store.set_second_factor(new, app.business.now()).await?;
    let opened = sessions::finish(app, staff, token, browser).await?;
    Ok((codes, opened))
}

/// Looks at a code, if not too many were wrong.
///
/// # Errors
/// [`FlowError::Refused`]: it is wrong, or is not looked at any more.
pub(super) async fn pass(app: &App, staff: StaffId, code: &str, network: IpAddr) -> Result<(), FlowError> {
    let counted = app.limits.take_wide(&format!("second-factor:{staff}"), network, WRONG_CODES).await;
    let counted = counted.map_err(|_| FlowError::Refused(Refusal::CodesSpent))?;
    if !is_right(app, staff, code).await? {
        tracing::info!(event = "staff.code_refused", staff = %staff, "a wrong code");
        return Err(FlowError::Refused(Refusal::Code));
    }
    for one in counted {
        app.limits.give_back(one).await;
    }
    Ok(())
}

/// Whether a code is good now: of the application, and not used before, or a recovery code.
async fn is_right(app: &App, staff: StaffId, typed: &str) -> Result<bool, FlowError> {
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
