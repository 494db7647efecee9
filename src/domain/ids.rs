//! Typed identifiers: an entry's id cannot be passed where a slot's is wanted.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self { Self(id) }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { self.0.fmt(f) }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, uuid::Error> { text.parse().map(Self) }
        }
    )+};
}

ids! {
    /// A prefecture.
    PrefectureId,
    /// A place where desks are.
    SiteId,
    /// One desk at a site.
    DeskId,
    /// What people come for; shared by all prefectures of an installation.
    ProcedureId,
    /// One procedure at one prefecture.
    QueueId,
    /// A person.
    ApplicantId,
    /// One applicant's place in one queue.
    EntryId,
    /// One seat at one desk at one time.
    SlotId,
    /// One allocation of a queue's free slots.
    DrawId,
    /// One entry, one slot, a date.
    ConvocationId,
    /// One message owed to an applicant.
    NoticeId,
    /// A member of staff.
    StaffId,
    /// One row of the audit log.
    AuditId,
}
