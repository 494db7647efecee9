//! Signing in with ProConnect, and linking one's identity there to one's account. An identity is an issuer and a subject,
//! kept as a fingerprint; nothing is ever matched by a name or an e-mail address, and no account is made.

use std::net::IpAddr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::{Opened, Session, second_factor, sessions};
use crate::domain::refusal::Refusal;
use crate::domain::staff::SessionStage;
use crate::flow::elsewhere::{ATTEMPT_MAX, Begun, Door, SignInError};
use crate::flow::{App, FlowError};
use crate::oidc::{Callback, Signed};
use crate::vault::Field;

const DOOR: Door = Door::ProConnect;
/// The method that says that there were two.
const TWO_METHODS: &str = "mfa";
/// Levels that take two factors, whichever of them the configuration accepts.
const TWO_FACTORS: [&str; 6] = [
    "eidas0-mfa",
    "eidas1-mfa",
    "eidas2",
    "eidas3",
    "https://proconnect.gouv.fr/assurance/self-asserted-2fa",
    "https://proconnect.gouv.fr/assurance/consistency-checked-2fa",
];
/// What is shown of a name or an address.
const SHOWN_CHARS_MAX: usize = 100;

/// What somebody signs in for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Errand {
    /// To work.
    SignIn,
    /// To link the identity to the account of this session.
    Link { session: Uuid },
}

/// An identity that its owner is about to link, as the browser keeps it, sealed, until they confirm.
#[derive(Clone, Serialize, Deserialize)]
pub struct Identity {
    issuer: String,
    subject: String,
    /// Name and address, so that they see which of their identities it is.
    pub shown: String,
    session: Uuid,
    at: DateTime<Utc>,
}

/// Who has come back.
pub enum Came {
    In(Opened),
    ToLink(Identity),
    /// No account that is good holds this identity. Where to sign out there, if anywhere.
    Unknown(Option<String>),
}

/// What follows a return from ProConnect.
///
/// # Errors
/// If the attempt is over, the person cancelled, or what ProConnect says does not hold.
pub async fn finish(
    app: &App,
    begun: &Begun<Errand>,
    callback: &Callback,
    browser: &str,
) -> Result<Came, SignInError> {
    let signed = DOOR.finish(app, begun, callback).await?;
    if let Errand::Link { session } = begun.errand {
        let shown = shown(&signed);
        let Signed { issuer, subject, .. } = signed;
        return Ok(Came::ToLink(Identity { issuer, subject, shown, session, at: app.real.now() }));
    }
    let held = app.store.staff_by_proconnect(fingerprint(app, &signed.issuer, &signed.subject)).await;
    let Some(account) = held.map_err(FlowError::from)? else {
        tracing::info!(event = "staff.proconnect_unknown", "an identity that no account holds");
        return Ok(Came::Unknown(DOOR.logout(app, &signed.id_token).await.ok().flatten()));
    };
    let stage =
        if has_two_factors(&signed) { SessionStage::Full } else { sessions::after_one_factor(app, &account) };
    let opened = sessions::open(app, account.id, stage, browser, None, Some(signed.id_token)).await?;
    tracing::info!(event = "staff.signed_in", staff = %account.id, %stage, "signed in with ProConnect");
    Ok(Came::In(opened))
}

/// Links an identity to the account of the session that went for it, once its owner has shown their second factor again.
/// Every other session of the account ends; answers the one that follows.
///
/// # Errors
/// Names the field of the proof; [`FlowError::Refused`] if another account holds the identity, if the account has one
/// already, or if the identity was fetched too long ago or in another session.
pub async fn link(
    app: &App,
    session: &Session,
    token: &str,
    (identity, proof): (&Identity, &str),
    (browser, network): (&str, IpAddr),
) -> Result<Opened, FlowError> {
    if !identity.serves(app, session) {
        return Err(Refusal::Changed.into());
    }
    second_factor::show_again(app, session, proof, network, "code-now").await?;
    let (staff, keep) = (session.staff_id, sessions::token_hash(token));
    let fingerprint = fingerprint(app, &identity.issuer, &identity.subject);
    app.store.link_proconnect(staff, fingerprint, keep, app.business.now()).await?;
    sessions::finish(app, staff, token, browser).await
}

/// Takes one's own link away. Every other session of the account ends.
///
/// # Errors
/// [`FlowError::Refused`] if there is none.
pub async fn unlink(app: &App, session: &Session, token: &str) -> Result<(), FlowError> {
    let (staff, keep) = (session.staff_id, sessions::token_hash(token));
    Ok(app.store.unlink_proconnect(staff, staff, keep, app.business.now()).await?)
}

impl Identity {
    /// Whether it was fetched in this session, a moment ago.
    pub fn serves(&self, app: &App, session: &Session) -> bool {
        self.session == session.id && app.real.now() - self.at <= ATTEMPT_MAX
    }
}

fn fingerprint(app: &App, issuer: &str, subject: &str) -> Vec<u8> {
    app.vault.fingerprint(Field::StaffOidcSubject, &format!("{issuer}|{subject}")).0.to_vec()
}

fn has_two_factors(signed: &Signed) -> bool {
    let level = signed.acr.as_deref();
    signed.amr.iter().any(|method| method == TWO_METHODS)
        || level.is_some_and(|level| TWO_FACTORS.contains(&level))
}

fn shown(signed: &Signed) -> String {
    let claims = ["given_name", "usual_name", "email"];
    let texts = claims.iter().filter_map(|name| signed.claims.get(*name).and_then(Value::as_str));
    let cut = |text: &str| text.chars().filter(|one| !one.is_control()).take(SHOWN_CHARS_MAX).collect();
    texts.map(cut).collect::<Vec<String>>().join(" ")
}
