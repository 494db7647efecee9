//! Those who work here: their accounts, how they sign in, and how they get in again.

pub mod accounts;
pub mod links;
pub mod proconnect;
pub mod second_factor;
mod sessions;

pub use sessions::{
    OpenSession, Opened, Session, csrf_holds, end_other, log_in, log_out, pass_code, session, sessions_of,
    show_prefecture, unfinished,
};

use super::{App, Fault, FlowError, fresh};
use crate::domain::actor::Role;
use crate::domain::ids::PrefectureId;
use crate::domain::refusal::Refusal;
use crate::domain::text::clean_line;
use crate::identity::password::PasswordError;
use crate::store::commands::NewStaff;
use crate::vault::system_rng;

/// Most characters of a login.
const LOGIN_CHARS_MAX: usize = 120;

/// Creates an account with a password, good at once: for an operator, and for demonstrations.
///
/// # Errors
/// If the login is taken or unusable, or the password too short or easy to guess.
pub async fn add(
    app: &App,
    prefecture: PrefectureId,
    login: &str,
    password: &str,
    role: Role,
) -> Result<(), FlowError> {
    let login = read_login(login)?;
    let password_hash = hashed(app, &login, password, "password").await?;
    insert(app, prefecture, login, password_hash, role).await
}

/// Creates an account whose owner chooses the password: for an operator.
///
/// # Errors
/// If the login is taken or unusable.
pub async fn add_without_password(
    app: &App,
    prefecture: PrefectureId,
    login: &str,
    role: Role,
) -> Result<(), FlowError> {
    insert(app, prefecture, read_login(login)?, String::new(), role).await
}

async fn insert(
    app: &App,
    prefecture: PrefectureId,
    login: String,
    password_hash: String,
    role: Role,
) -> Result<(), FlowError> {
    let new = NewStaff {
        id: fresh(),
        prefecture,
        login,
        password_hash,
        role,
        full_name: None,
        phone: None,
        sites: Vec::new(),
        also_reads: Vec::new(),
        invited_by: None,
    };
    if app.store.add_staff(new, app.business.now()).await? {
        Ok(())
    } else {
        Err(FlowError::Refused(Refusal::LoginTaken))
    }
}

fn read_login(typed: &str) -> Result<String, Fault> {
    let login = typed.trim().to_lowercase();
    let plain = clean_line(&login).is_ok_and(|plain| plain == login);
    if login.is_empty() || login.len() > LOGIN_CHARS_MAX || login.contains(char::is_whitespace) || !plain {
        return Err(Fault::new("login", "login"));
    }
    Ok(login)
}

/// The hash of a new password, or the fault of its field.
async fn hashed(app: &App, login: &str, password: &str, field: &'static str) -> Result<String, FlowError> {
    app.passwords.hash(password, login, &mut system_rng()).await.map_err(|error| match error {
        PasswordError::TooShort => FlowError::invalid(Fault::new(field, "password-short")),
        PasswordError::TooLong => FlowError::invalid(Fault::new(field, "password-long")),
        PasswordError::Guessable => FlowError::invalid(Fault::new(field, "password-guessable")),
        error => FlowError::Internal(error.to_string()),
    })
}

/// What of an account is sealed, and under which name.
pub(in crate::flow) mod sealed {
    use uuid::Uuid;

    use crate::flow::{App, FlowError};

    pub const FULL_NAME: &str = "staff-full-name";
    pub const PHONE: &str = "staff-phone";
    pub const SECOND_FACTOR: &str = "staff-second-factor";
    pub const ID_TOKEN: &str = "staff-id-token";

    /// A text that was sealed under one of these names.
    pub fn text(app: &App, name: &str, row: Uuid, sealed: &[u8]) -> Result<String, FlowError> {
        let plain = app.vault.open_secret(name, row, sealed)?;
        let unreadable = |_| FlowError::Internal(format!("{name}: what is stored is no text"));
        String::from_utf8(plain.to_vec()).map_err(unreadable)
    }
}
