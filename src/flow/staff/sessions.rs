//! Signing in, in one or two steps, and what a session may open. The cookie holds a random token; the database holds
//! its hash.

use std::net::IpAddr;

use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use uuid::Uuid;

use super::sealed::{ID_TOKEN, text};
use super::second_factor;
use crate::domain::actor::Role;
use crate::domain::ids::{PrefectureId, SiteId, StaffId};
use crate::domain::reading::ReadingPurpose;
use crate::domain::refusal::Refusal;
use crate::domain::staff::SessionStage;
use crate::flow::people::{Reader, StaffReader};
use crate::flow::{App, FlowError, fresh, random};
use crate::store::commands::NewSession;
use crate::store::records::{OpenSessionRecord, SessionRecord, StaffRecord};
use crate::vault::system_rng;

/// Between the password and the code.
const UNFINISHED_MINUTES: i64 = 10;
/// Codes that are looked at before the password is asked again; counted in the database.
const CODES_MAX: i32 = 5;
/// A session in use is noted so often.
const SEEN_EVERY: TimeDelta = TimeDelta::minutes(1);
/// What is kept of the name that a browser gives itself.
const BROWSER_CHARS_MAX: usize = 120;

/// A session just opened: the token goes into the cookie and nowhere else.
pub struct Opened {
    pub token: String,
    pub stage: SessionStage,
}

/// A signed-in person.
#[derive(Clone, Debug)]
pub struct Session {
    pub id: Uuid,
    pub staff_id: StaffId,
    /// The prefecture whose pages are shown.
    pub prefecture_id: PrefectureId,
    pub login: String,
    pub role: Role,
    pub stage: SessionStage,
    pub csrf_token: Vec<u8>,
    /// Where they work, if at one site.
    pub site: Option<SiteId>,
}

impl Session {
    /// This person as a reader of people's data, and what for.
    pub const fn reader(&self, purpose: ReadingPurpose) -> Reader {
        Reader::Staff(self.staff_reader(), purpose)
    }

    pub const fn staff_reader(&self) -> StaffReader {
        let Self { staff_id: id, prefecture_id: prefecture, role, site, .. } = *self;
        StaffReader { id, role, prefecture, site }
    }
}

impl From<SessionRecord> for Session {
    fn from(record: SessionRecord) -> Self {
        Self {
            id: record.id,
            staff_id: record.staff_id,
            prefecture_id: record.prefecture_id,
            login: record.login,
            role: record.role,
            stage: record.stage,
            csrf_token: record.csrf,
            site: record.site_id,
        }
    }
}

/// Opens a session, or its first stage where a second factor is wanted. An unknown login takes as long as a wrong
/// password, and says the same; so does an account that nobody has confirmed yet.
///
/// # Errors
/// [`FlowError::Refused`].
pub async fn log_in(app: &App, login: &str, password: &str, browser: &str) -> Result<Opened, FlowError> {
    let staff = app
        .store
        // A zero byte is in no login, and in no text of PostgreSQL.
        .staff_by_login(login.trim().to_lowercase().replace('\0', " "))
        .await?;
    // An account whose owner has set no password has none to compare with.
    let stored = staff.as_ref().map(|staff| staff.password_hash.as_str()).filter(|hash| !hash.is_empty());
    let is_right = app.passwords.verify(password, stored).await;
    let confirmed = staff.as_ref().filter(|staff| is_right && staff.confirmed_at.is_some());
    let Some(known) = confirmed else {
        let staff = staff.map(|staff| staff.id.to_string()).unwrap_or_default();
        tracing::info!(event = "staff.sign_in_refused", staff, "a wrong password, or an unknown login");
        return Err(FlowError::Refused(Refusal::Login));
    };
    upgrade_hash(app, known, password).await?;
    let stage = after_one_factor(app, known);
    let opened = open(app, known.id, stage, browser, None, None).await?;
    tracing::info!(event = "staff.signed_in", staff = %known.id, %stage, "signed in");
    Ok(opened)
}

/// How far somebody is who has shown one factor.
pub(super) const fn after_one_factor(app: &App, account: &StaffRecord) -> SessionStage {
    match (&account.totp, app.config.staff.second_factor) {
        (Some(_), _) => SessionStage::Password,
        (None, true) => SessionStage::Enrol,
        (None, false) => SessionStage::Full,
    }
}

pub(super) async fn open(
    app: &App,
    staff: StaffId,
    stage: SessionStage,
    browser: &str,
    instead_of: Option<&str>,
    id_token: Option<String>,
) -> Result<Opened, FlowError> {
    let token = hex::encode(random::<32>());
    let now = app.real.now();
    let expires_at = match stage {
        SessionStage::Full => now + app.config.staff.session,
        _ => now + TimeDelta::minutes(UNFINISHED_MINUTES),
    };
    let browser: String =
        browser.chars().filter(|letter| !letter.is_control()).take(BROWSER_CHARS_MAX).collect();
    let id: Uuid = fresh();
    let new = NewSession {
        token_hash: token_hash(&token),
        id,
        staff,
        stage,
        csrf: random::<32>().to_vec(),
        browser,
        expires_at,
        instead_of: instead_of.map(token_hash),
        id_token: id_token.map(|token| app.vault.seal_secret(ID_TOKEN, id, token.as_bytes())),
    };
    app.store.open_session(new, now).await?;
    Ok(Opened { token, stage })
}

/// Hashes a good password anew if its stored hash was made at another cost.
async fn upgrade_hash(app: &App, staff: &StaffRecord, password: &str) -> Result<(), FlowError> {
    if !app.passwords.is_outdated(&staff.password_hash) {
        return Ok(());
    }
    match app.passwords.rehash(password, &mut system_rng()).await {
        Ok(upgraded) => {
            app.store.upgrade_password_hash(staff.id, staff.password_hash.clone(), upgraded).await?;
        }
        Err(error) => tracing::warn!(%error, "an outdated password hash was kept"),
    }
    Ok(())
}

/// The second step: a code of the application, or a recovery code. Another token replaces the first one's.
///
/// # Errors
/// [`FlowError::Refused`]: the code is wrong or was used, or too many were tried.
pub async fn pass_code(
    app: &App,
    token: &str,
    code: &str,
    browser: &str,
    network: IpAddr,
) -> Result<Opened, FlowError> {
    let session = unfinished(app, token).await?.filter(|one| one.stage == SessionStage::Password);
    let session = session.ok_or(FlowError::Refused(Refusal::CodesSpent))?;
    if !app.store.take_session_try(token_hash(token), CODES_MAX).await? {
        app.store.end_session(token_hash(token)).await?;
        return Err(FlowError::Refused(Refusal::CodesSpent));
    }
    // A new sign-in gives five more tries, so wrong codes are counted for the account too.
    second_factor::pass(app, session.staff_id, code, network).await?;
    finish(app, session.staff_id, token, browser).await
}

/// A session whose last stage is passed.
pub(super) async fn finish(
    app: &App,
    staff: StaffId,
    token: &str,
    browser: &str,
) -> Result<Opened, FlowError> {
    let id_token = id_token(app, token).await?;
    open(app, staff, SessionStage::Full, browser, Some(token), id_token).await
}

/// With what ProConnect opened a session, if it did.
async fn id_token(app: &App, token: &str) -> Result<Option<String>, FlowError> {
    let found = app.store.id_token(token_hash(token)).await?;
    found.map(|(session, sealed)| text(app, ID_TOKEN, session, &sealed)).transpose()
}

/// The session behind a cookie, if it is still good and opens everything.
///
/// # Errors
/// If the store fails.
pub async fn session(app: &App, token: &str) -> Result<Option<Session>, FlowError> {
    Ok(found(app, token).await?.filter(|session| session.stage == SessionStage::Full))
}

/// The session behind a cookie that lacks its second factor.
///
/// # Errors
/// If the store fails.
pub async fn unfinished(app: &App, token: &str) -> Result<Option<Session>, FlowError> {
    Ok(found(app, token).await?.filter(|session| session.stage != SessionStage::Full))
}

async fn found(app: &App, token: &str) -> Result<Option<Session>, FlowError> {
    let (now, hash) = (app.real.now(), token_hash(token));
    let Some(record) = app.store.session(hash.clone(), now, now - app.config.staff.idle).await? else {
        return Ok(None);
    };
    if now - record.last_seen_at > SEEN_EVERY
        && let Err(error) = app.store.session_seen(hash, now).await
    {
        // A disk without room signs nobody out.
        tracing::warn!(%error, "a session in use could not be noted");
    }
    Ok(Some(record.into()))
}

/// Ends a session. Answers the ID token with which ProConnect opened it, if it did.
///
/// # Errors
/// If the store fails.
pub async fn log_out(app: &App, token: &str) -> Result<Option<String>, FlowError> {
    // What cannot be read keeps nobody signed in.
    let opened_with = id_token(app, token).await.unwrap_or_default();
    app.store.end_session(token_hash(token)).await?;
    Ok(opened_with)
}

/// A session as its owner sees it.
#[derive(Clone, Debug)]
pub struct OpenSession {
    pub id: Uuid,
    pub browser: String,
    pub created_at: DateTime<Utc>,
    pub last_seen_at: DateTime<Utc>,
    pub by_proconnect: bool,
}

impl From<OpenSessionRecord> for OpenSession {
    fn from(record: OpenSessionRecord) -> Self {
        let OpenSessionRecord { id, browser, created_at, last_seen_at, by_proconnect } = record;
        Self { id, browser, created_at, last_seen_at, by_proconnect }
    }
}

/// Every session of an account.
///
/// # Errors
/// If the store fails.
pub async fn sessions_of(app: &App, staff: StaffId) -> Result<Vec<OpenSession>, FlowError> {
    let open = app.store.sessions_of(staff, app.real.now()).await?;
    let idle_since = app.real.now() - app.config.staff.idle;
    Ok(open.into_iter().filter(|one| one.last_seen_at > idle_since).map(OpenSession::from).collect())
}

/// Ends another session of the same account, wherever it is open.
///
/// # Errors
/// [`FlowError::Refused`] if it has ended already, or is somebody else's.
pub async fn end_other(app: &App, owner: StaffId, id: Uuid) -> Result<(), FlowError> {
    if app.store.end_session_by_id(id, owner).await? { Ok(()) } else { Err(Refusal::Changed.into()) }
}

/// Turns a session to another of the prefectures that its owner reads.
///
/// # Errors
/// [`FlowError::NotFound`] if it is none of them.
pub async fn show_prefecture(app: &App, token: &str, prefecture: PrefectureId) -> Result<(), FlowError> {
    if app.store.show_prefecture(token_hash(token), prefecture).await? {
        Ok(())
    } else {
        Err(FlowError::NotFound("prefecture"))
    }
}

/// Whether a form carries its session's own CSRF token.
pub fn csrf_holds(session: &Session, csrf_token: &str) -> bool {
    hex::decode(csrf_token).is_ok_and(|token| token.ct_eq(session.csrf_token.as_slice()).into())
}

pub(super) fn token_hash(token: &str) -> Vec<u8> {
    Sha256::digest(token).to_vec()
}
