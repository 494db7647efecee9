//! Staff accounts and their sessions. The cookie holds a random token; the database holds its hash.

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::people::{Reader, StaffReader};
use super::{App, Fault, FlowError, fresh, random};
use crate::domain::actor::Role;
use crate::domain::ids::{PrefectureId, StaffId};
use crate::domain::reading::ReadingPurpose;
use crate::domain::refusal::Refusal;
use crate::domain::text::clean_line;
use crate::store::commands::NewStaff;
use crate::store::records::{SessionRecord, StaffRecord};

/// A session just opened: the token goes into the cookie and nowhere else.
pub struct Opened {
    pub token: String,
}

/// Creates an account.
///
/// # Errors
/// If the login is taken or unusable, or the password too short.
pub async fn add(
    app: &App,
    prefecture: PrefectureId,
    login: &str,
    password: &str,
    role: Role,
) -> Result<(), FlowError> {
    let login = login.trim().to_lowercase();
    let plain = clean_line(&login).is_ok_and(|plain| plain == login);
    if login.is_empty() || login.len() > 120 || login.contains(char::is_whitespace) || !plain {
        return Err(FlowError::invalid(Fault::new("login", "login")));
    }
    let password_hash =
        app.passwords.hash(password, &mut crate::vault::system_rng()).await.map_err(|error| {
            FlowError::invalid(Fault::new("password", "password").with(error.to_string()))
        })?;
    let new = NewStaff { id: fresh(), prefecture, login, password_hash, role };
    if app.store.add_staff(new, app.business.now()).await? {
        Ok(())
    } else {
        Err(FlowError::Refused(Refusal::LoginTaken))
    }
}

/// A signed-in person.
#[derive(Clone, Debug)]
pub struct Session {
    pub staff_id: StaffId,
    pub prefecture_id: PrefectureId,
    pub login: String,
    pub role: Role,
    pub csrf_token: Vec<u8>,
}

impl Session {
    /// This person as a reader of people's data, and what for.
    pub const fn reader(&self, purpose: ReadingPurpose) -> Reader {
        Reader::Staff(self.staff_reader(), purpose)
    }

    pub const fn staff_reader(&self) -> StaffReader {
        let Self { staff_id: id, prefecture_id: prefecture, role, .. } = *self;
        StaffReader { id, role, prefecture, site: None }
    }
}

impl From<SessionRecord> for Session {
    fn from(record: SessionRecord) -> Self {
        let SessionRecord { staff_id, prefecture_id, login, role, csrf: csrf_token } = record;
        Self { staff_id, prefecture_id, login, role, csrf_token }
    }
}

/// Opens a session. An unknown login takes as long as a wrong password, and says the same.
///
/// # Errors
/// [`FlowError::Refused`].
pub async fn log_in(app: &App, login: &str, password: &str) -> Result<Opened, FlowError> {
    let staff = app
        .store
        // A zero byte is in no login, and in no text of PostgreSQL.
        .staff_by_login(login.trim().to_lowercase().replace('\0', " "))
        .await?;
    let stored = staff.as_ref().map(|staff| staff.password_hash.as_str());
    if !app.passwords.verify(password, stored).await {
        let staff = staff.map(|staff| staff.id.to_string()).unwrap_or_default();
        tracing::info!(event = "staff.sign_in_refused", staff, "a wrong password, or an unknown login");
        return Err(FlowError::Refused(Refusal::Login));
    }
    let staff = staff.ok_or(FlowError::Refused(Refusal::Login))?;
    upgrade_hash(app, &staff, password).await?;
    let token = hex::encode(random::<32>());
    let now = app.real.now();
    let expires_at = now + app.config.staff.session;
    app.store.open_session(token_hash(&token), random::<32>().to_vec(), staff.id, now, expires_at).await?;
    tracing::info!(event = "staff.signed_in", staff = %staff.id, "signed in");
    Ok(Opened { token })
}

/// Hashes a good password anew if its stored hash was made at another cost.
async fn upgrade_hash(app: &App, staff: &StaffRecord, password: &str) -> Result<(), FlowError> {
    if !app.passwords.is_outdated(&staff.password_hash) {
        return Ok(());
    }
    match app.passwords.hash(password, &mut crate::vault::system_rng()).await {
        Ok(upgraded) => {
            app.store.upgrade_password_hash(staff.id, staff.password_hash.clone(), upgraded).await?;
        }
        // Shorter than a new password may be: it stays good as it is.
        Err(error) => tracing::warn!(%error, "an outdated password hash was kept"),
    }
    Ok(())
}

/// The session behind a cookie, if it is still good.
///
/// # Errors
/// If the store fails.
pub async fn session(app: &App, token: &str) -> Result<Option<Session>, FlowError> {
    Ok(app.store.session(token_hash(token), app.real.now()).await?.map(Session::from))
}

/// Ends a session.
///
/// # Errors
/// If the store fails.
pub async fn log_out(app: &App, token: &str) -> Result<(), FlowError> {
    Ok(app.store.end_session(token_hash(token)).await?)
}

/// Whether a form carries its session's own CSRF token.
pub fn csrf_holds(session: &Session, csrf_token: &str) -> bool {
    hex::decode(csrf_token).is_ok_and(|token| token.ct_eq(session.csrf_token.as_slice()).into())
}

fn token_hash(token: &str) -> Vec<u8> {
    Sha256::digest(token).to_vec()
}
