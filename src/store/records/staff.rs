//! Accounts, sessions and links of the staff.

use chrono::{DateTime, Utc};
use sqlx::FromRow;

use crate::domain::actor::Role;
use crate::domain::ids::{PrefectureId, SiteId, StaffId};
use crate::domain::staff::{LinkKind, SessionStage};

#[derive(Clone, Debug, FromRow)]
pub struct StaffRecord {
    pub id: StaffId,
    pub prefecture_id: PrefectureId,
    pub login: String,
    pub password_hash: String,
    pub role: Role,
    pub created_at: DateTime<Utc>,
    pub disabled_at: Option<DateTime<Utc>>,
    /// Sealed, as the telephone and the secret of the second factor.
    pub full_name: Option<Vec<u8>>,
    pub phone: Option<Vec<u8>>,
    pub totp: Option<Vec<u8>>,
    pub totp_step: Option<i64>,
    pub invited_by: Option<StaffId>,
    pub confirmed_by: Option<StaffId>,
    pub confirmed_at: Option<DateTime<Utc>>,
    pub reset_asked_by: Option<StaffId>,
    /// Whether an identity of ProConnect is linked to it.
    pub has_proconnect: bool,
}

#[derive(Clone, Debug, FromRow)]
pub struct SessionRecord {
    pub id: uuid::Uuid,
    pub staff_id: StaffId,
    pub prefecture_id: PrefectureId,
    pub login: String,
    pub role: Role,
    pub stage: SessionStage,
    pub csrf: Vec<u8>,
    /// The site where somebody works, if at one.
    pub site_id: Option<SiteId>,
    pub last_seen_at: DateTime<Utc>,
}

/// A session as its owner sees it.
#[derive(Clone, Debug, FromRow)]
pub struct OpenSessionRecord {
    pub id: uuid::Uuid,
    pub browser: String,
    pub created_at: DateTime<Utc>,
    pub last_seen_at: DateTime<Utc>,
    pub by_proconnect: bool,
}

/// A link that still opens something.
#[derive(Clone, Debug, FromRow)]
pub struct LinkRecord {
    pub staff_id: StaffId,
    pub kind: LinkKind,
    pub login: String,
}
