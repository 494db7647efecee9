//! Accounts as those who set them up see them: invited with a name, a role and a telephone, confirmed by a second
//! person, disabled, and helped back in.

use super::sealed::{FULL_NAME, PHONE, text};
use super::{hashed, links, read_login};
use crate::domain::actor::Role;
use crate::domain::holidays::Territory;
use crate::domain::ids::{PrefectureId, SiteId, StaffId};
use crate::domain::local_time::Zone;
use crate::domain::phone::Phone;
use crate::domain::refusal::Refusal;
use crate::domain::staff::LinkKind;
use crate::domain::text::clean_line;
use crate::flow::people::takes_sms;
use crate::flow::people::typed::keep;
use crate::flow::{App, Fault, FlowError, fresh};
use crate::locale::Lang;
use crate::store::commands::NewStaff;
use crate::store::records::StaffRecord;

const NAME_CHARS: std::ops::RangeInclusive<usize> = 2..=120;

/// An invitation as typed.
#[derive(Clone, Debug, Default)]
pub struct Invitation {
    pub login: String,
    pub full_name: String,
    pub phone: String,
    pub role: String,
    pub prefecture: Option<PrefectureId>,
    pub sites: Vec<SiteId>,
    /// The other prefectures that an auditor reads.
    pub also_reads: Vec<PrefectureId>,
}

/// An account, for those who manage it.
#[derive(Clone, Debug)]
pub struct Account {
    pub id: StaffId,
    pub prefecture: PrefectureId,
    pub login: String,
    pub full_name: Option<String>,
    pub role: Role,
    pub sites: Vec<SiteId>,
    /// The other prefectures that an auditor reads.
    pub also_reads: Vec<PrefectureId>,
    pub state: AccountState,
    pub has_phone: bool,
    pub has_second_factor: bool,
    pub has_proconnect: bool,
    pub invited_by: Option<StaffId>,
    /// Who asks that its second factor be taken away.
    pub reset_asked_by: Option<StaffId>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountState {
    /// Its owner has not set a password yet.
    Invited,
    /// It waits for a second person.
    Unconfirmed,
    Active,
    Disabled,
}

impl AccountState {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::Unconfirmed => "unconfirmed",
            Self::Active => "active",
            Self::Disabled => "disabled",
        }
    }

    pub fn of(record: &StaffRecord) -> Self {
        if record.disabled_at.is_some() {
            Self::Disabled
        } else if record.confirmed_at.is_none() {
            Self::Unconfirmed
        } else if record.password_hash.is_empty() {
            Self::Invited
        } else {
            Self::Active
        }
    }
}

/// Whoever manages accounts.
#[derive(Clone, Copy, Debug)]
pub struct Manager {
    pub id: StaffId,
    pub role: Role,
    pub prefecture: PrefectureId,
}

impl Manager {
    /// Whether an account is theirs to manage.
    fn manages(&self, account: &StaffRecord) -> bool {
        let is_near = self.role == Role::Administrator || account.prefecture_id == self.prefecture;
        is_near && self.role.may_manage(account.role)
    }
}

/// The accounts that somebody manages, by login.
///
/// # Errors
/// If the store fails, or a field cannot be opened.
pub async fn managed(app: &App, by: Manager) -> Result<Vec<Account>, FlowError> {
    let mut accounts = Vec::new();
    for record in app.store.staff().await?.into_iter().filter(|record| by.manages(record)) {
        let full_name = record.full_name.as_deref().map(|sealed| text(app, FULL_NAME, record.id.0, sealed));
        let mut also_reads = app.store.prefectures_of_staff(record.id).await?;
        also_reads.retain(|one| *one != record.prefecture_id);
        accounts.push(Account {
            state: AccountState::of(&record),
            id: record.id,
            prefecture: record.prefecture_id,
            full_name: full_name.transpose()?,
            role: record.role,
            sites: app.store.sites_of_staff(record.id).await?,
            also_reads,
            has_phone: record.phone.is_some(),
            has_second_factor: record.totp.is_some(),
            has_proconnect: record.has_proconnect,
            invited_by: record.invited_by,
            reset_asked_by: record.reset_asked_by,
            login: record.login,
        });
    }
    Ok(accounts)
}

/// Invites somebody. The link goes to their own telephone; the account waits for a second person.
///
/// # Errors
/// Names every field at fault; [`FlowError::Refused`] if the login is taken, or the link did not leave.
pub async fn invite(
    app: &App,
    typed: &Invitation,
    by: Manager,
    zone: Zone,
    lang: Lang,
) -> Result<links::Sent, FlowError> {
    let new = checked(app, typed, by, zone)?;
    let id = new.id;
    if !app.store.add_staff(new, app.business.now()).await? {
        return Err(FlowError::Refused(Refusal::LoginTaken));
    }
    links::send(app, id, LinkKind::Invitation, by.id, lang).await
}

fn checked(app: &App, typed: &Invitation, by: Manager, zone: Zone) -> Result<NewStaff, FlowError> {
    let mut faults = Vec::new();
    let login = keep(&mut faults, read_login(&typed.login)).unwrap_or_default();
    let full_name = clean_line(&typed.full_name).unwrap_or_default();
    if !NAME_CHARS.contains(&full_name.chars().count()) {
        faults.push(Fault::new("full_name", "staff-name"));
    }
    let role = typed.role.parse::<Role>().ok().filter(|role| by.role.may_manage(*role));
    if role.is_none() {
        faults.push(Fault::new("role", "staff-role"));
    }
    let prefecture = match by.role {
        Role::Administrator => typed.prefecture,
        _ => Some(by.prefecture),
    };
    if prefecture.is_none() {
        faults.push(Fault::new("prefecture", "staff-prefecture"));
    }
    let phone = Phone::parse(&typed.phone, Territory::from(zone)).ok().filter(|phone| takes_sms(app, phone));
    if phone.is_none() {
        faults.push(Fault::new("phone", "staff-phone"));
    }
    let (Some(role), Some(prefecture), Some(phone), true) = (role, prefecture, phone, faults.is_empty())
    else {
        return Err(FlowError::Invalid(faults));
    };
    let id: StaffId = fresh();
    let seal = |purpose, text: &str| Some(app.vault.seal_secret(purpose, id.0, text.as_bytes()));
    Ok(NewStaff {
        id,
        prefecture,
        login,
        password_hash: String::new(),
        role,
        full_name: seal(FULL_NAME, &full_name),
        phone: seal(PHONE, phone.e164()),
        sites: typed.sites.clone(),
        also_reads: if role == Role::Auditor { typed.also_reads.clone() } else { Vec::new() },
        invited_by: Some(by.id),
    })
}

/// An account that is theirs to manage, and not their own: nobody helps themselves in.
async fn another(app: &App, id: StaffId, by: Manager) -> Result<StaffRecord, FlowError> {
    let account = app.store.staff_member(id).await?.ok_or(FlowError::NotFound("staff"))?;
    if !by.manages(&account) {
        return Err(FlowError::NotFound("staff"));
    }
    if id == by.id { Err(FlowError::Refused(Refusal::SecondPerson)) } else { Ok(account) }
}

/// Confirms an account that another person has invited.
///
/// # Errors
/// [`FlowError::Refused`] to whoever invited it.
pub async fn confirm(app: &App, id: StaffId, by: Manager) -> Result<(), FlowError> {
    another(app, id, by).await?;
    Ok(app.store.confirm_staff(id, Some(by.id), app.business.now()).await?)
}

/// Ends an account and its sessions at once.
///
/// # Errors
/// [`FlowError::Refused`] if it was ended already, is one's own, or a manager would be left alone by another: then an
/// administrator or the operator does it.
pub async fn disable(app: &App, id: StaffId, by: Manager) -> Result<(), FlowError> {
    another(app, id, by).await?;
    let keeps_two = by.role != Role::Administrator;
    if app.store.disable_staff(id, Some(by.id), keeps_two, app.business.now()).await? {
        Ok(())
    } else {
        Err(FlowError::Refused(Refusal::Changed))
    }
}

/// Opens a disabled account again, as if it were new.
///
/// # Errors
/// [`FlowError::Refused`] if it is not disabled.
pub async fn enable(app: &App, id: StaffId, by: Manager) -> Result<(), FlowError> {
    another(app, id, by).await?;
    Ok(app.store.enable_staff(id, by.id, app.business.now()).await?)
}

/// Sends the link of an invitation again, or the one that sets a forgotten password anew.
///
/// # Errors
/// As [`links::send`].
pub async fn send_link(app: &App, id: StaffId, by: Manager, lang: Lang) -> Result<links::Sent, FlowError> {
    let account = another(app, id, by).await?;
    let kind = match AccountState::of(&account) {
        AccountState::Disabled => return Err(FlowError::Refused(Refusal::Changed)),
        _ if account.password_hash.is_empty() => LinkKind::Invitation,
        _ => LinkKind::Password,
    };
    links::send(app, id, kind, by.id, lang).await
}

/// A second factor is lost: one person asks that it be taken away, another does it.
///
/// # Errors
/// [`FlowError::Refused`] to whoever asked, and to its owner.
pub async fn reset_second_factor(app: &App, id: StaffId, by: Manager) -> Result<(), FlowError> {
    let account = another(app, id, by).await?;
    let now = app.business.now();
    match account.reset_asked_by {
        None => Ok(app.store.ask_reset(id, by.id, now).await?),
        Some(_) => Ok(app.store.reset_second_factor(id, Some(by.id), now).await?),
    }
}

/// Takes the identity of ProConnect away that somebody has linked to their account. Nobody links one for another.
///
/// # Errors
/// [`FlowError::Refused`] if there is none.
pub async fn unlink_proconnect(app: &App, id: StaffId, by: Manager) -> Result<(), FlowError> {
    another(app, id, by).await?;
    Ok(app.store.unlink_proconnect(id, by.id, Vec::new(), app.business.now()).await?)
}

/// One's own password, which takes the old one. Every other session of the account ends.
///
/// # Errors
/// Names the field of the new one; [`FlowError::Refused`] if the old one is wrong.
pub async fn change_password(
    app: &App,
    owner: StaffId,
    token: &str,
    old: &str,
    new: &str,
) -> Result<(), FlowError> {
    let account = app.store.staff_member(owner).await?.ok_or(FlowError::NotFound("staff"))?;
    if !app.passwords.verify(old, Some(&account.password_hash)).await {
        return Err(FlowError::Refused(Refusal::OldPassword));
    }
    let hash = hashed(app, &account.login, new, "password").await?;
    let keep = Some(super::sessions::token_hash(token));
    Ok(app.store.change_password(owner, hash, keep, app.business.now()).await?)
}
