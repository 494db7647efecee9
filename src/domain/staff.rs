//! How far a sign-in is, and the links by which accounts are opened.

use super::actor::Role;
use super::text_enum::text_enum;

text_enum! {
    /// What a session may open.
    SessionStage {
        /// The password was right, or ProConnect vouches for one factor; the code of the second factor is awaited.
        Password = "password",
        /// Likewise; a second factor must be set up first.
        Enrol = "enrol",
        /// Everything that the role allows.
        Full = "full",
    }
}

text_enum! {
    /// What a link that is sent to an account's owner is for.
    LinkKind {
        /// Opens a new account.
        Invitation = "invitation",
        /// Sets a forgotten password anew.
        Password = "password",
    }
}

impl Role {
    /// Whom somebody of this role may invite, disable and help back in.
    pub const fn may_manage(self, other: Self) -> bool {
        match self {
            Self::Administrator => true,
            Self::Manager => matches!(other, Self::Agent | Self::Manager),
            Self::Agent | Self::Auditor => false,
        }
    }
}
