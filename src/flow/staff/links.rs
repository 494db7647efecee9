//! The link by which the owner of an account sets its password: sent to their own telephone, good once, and shown to
//! nobody who made it. So nobody ever holds two people's passwords.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::hashed;
use super::sealed::{PHONE, text};
use super::sessions::token_hash;
use crate::config::SmsGateway;
use crate::domain::ids::StaffId;
use crate::domain::notice::Way;
use crate::domain::refusal::Refusal;
use crate::domain::sms_text::fit;
use crate::domain::staff::LinkKind;
use crate::flow::{App, FlowError, random};
use crate::locale::Lang;
use crate::notify::{Message, Rendered};
use crate::store::commands::NewLink;

const INVITATION_DAYS: i64 = 7;
const PASSWORD_HOURS: i64 = 24;
/// Where a link leads; its token follows.
pub const PATH: &str = "/agent/lien/";

/// What became of a link.
pub struct Sent {
    /// The end of the number that it went to.
    pub to: String,
    /// The link itself, where messages go nowhere but to a terminal.
    pub shown: Option<String>,
    pub expires_at: DateTime<Utc>,
}

/// Makes a link and shows it: for an operator at a terminal.
///
/// # Errors
/// If the store fails.
pub async fn make(
    app: &App,
    staff: StaffId,
    kind: LinkKind,
    by: Option<StaffId>,
) -> Result<(String, DateTime<Utc>), FlowError> {
    let token = hex::encode(random::<16>());
    let now = app.real.now();
    let expires_at = match kind {
        LinkKind::Invitation => now + TimeDelta::days(INVITATION_DAYS),
        LinkKind::Password => now + TimeDelta::hours(PASSWORD_HOURS),
    };
    let link = NewLink { token_hash: token_hash(&token), staff, kind, by, expires_at };
    app.store.make_link(link, now).await?;
    let base = app.config.http.public_url.trim_end_matches('/');
    Ok((format!("{base}{PATH}{token}"), expires_at))
}

/// Makes a link and sends it to the account's own telephone.
///
/// # Errors
/// [`FlowError::Refused`] if there is no number, or the gateway did not take it: then it can be sent again.
pub async fn send(
    app: &App,
    staff: StaffId,
    kind: LinkKind,
    by: StaffId,
    lang: Lang,
) -> Result<Sent, FlowError> {
    let account = app.store.staff_member(staff).await?.ok_or(FlowError::NotFound("staff"))?;
    let sealed = account.phone.ok_or(FlowError::Refused(Refusal::NoPhone))?;
    let phone = text(app, PHONE, staff.0, &sealed)?;
    let carrier = app.carriers.of(Way::Sms).ok_or(FlowError::Refused(Refusal::LinkNotSent))?;
    let (link, expires_at) = make(app, staff, kind, Some(by)).await?;
    let values = [("url", link.clone().into()), ("login", account.login.into())];
    let message = fit(&lang.with(&format!("staff-link-sms-{}", kind.key()), values));
    let rendered = Rendered { text: message, ..Rendered::default() };
    let message = Message { id: Uuid::now_v7(), to: phone.clone(), rendered };
    if let Err(error) = carrier.send(&message).await {
        tracing::warn!(%error, staff = %staff, "the link of an account did not leave");
        return Err(FlowError::Refused(Refusal::LinkNotSent));
    }
    let is_trial = matches!(app.config.notices.sms.gateway, SmsGateway::Console);
    let to = phone.chars().skip(phone.chars().count().saturating_sub(2)).collect();
    Ok(Sent { to, shown: is_trial.then_some(link), expires_at })
}

/// Whose account a link opens, and what for.
///
/// # Errors
/// [`FlowError::Refused`] if it opens none any more.
pub async fn read(app: &App, token: &str) -> Result<(String, LinkKind), FlowError> {
    let link = app.store.link(token_hash(token), app.real.now()).await?;
    let link = link.ok_or(FlowError::Refused(Refusal::LinkSpent))?;
    Ok((link.login, link.kind))
}

/// Sets the password, and spends the link.
///
/// # Errors
/// Names the field of the password; [`FlowError::Refused`] if the link opens nothing any more.
pub async fn set_password(app: &App, token: &str, password: &str) -> Result<(), FlowError> {
    let (login, _) = read(app, token).await?;
    let hash = hashed(app, &login, password, "password").await?;
    app.store.use_link(token_hash(token), hash, app.real.now()).await?;
    Ok(())
}
