//! Who does a thing, as the audit log names them: never by name.

use super::ids::{EntryId, StaffId};
use super::text_enum::text_enum;

text_enum! {
    /// What somebody on the staff is there for. What each role may do: [`super::permission`].
    Role {
        /// Registers people and runs the counter.
        Agent = "agent",
        /// Also configures the queue, publishes slots and approves rules.
        Manager = "manager",
        /// Reads, in one prefecture or several, and changes nothing.
        Auditor = "auditor",
        /// Sets accounts up in every prefecture, and opens nobody's data.
        Administrator = "administrator",
    }
}

text_enum! {
    /// By which way a person registered. It never enters the key of a draw.
    Channel { Online = "online", Phone = "phone", Counter = "counter" }
}

/// Who acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// The holder of an entry, on the public pages.
    Holder(EntryId),
    /// A member of staff.
    Staff(StaffId),
    /// The scheduler, or a command typed on the server.
    System,
}

impl Actor {
    /// The pseudonym under which the log records the actor.
    pub fn pseudonym(self) -> String {
        match self {
            Self::Holder(entry) => format!("holder:{entry}"),
            Self::Staff(staff) => format!("staff:{staff}"),
            Self::System => "system".to_owned(),
        }
    }
}
