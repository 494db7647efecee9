//! What each role may do. A page or a form asks for one of these acts before anything else; whose prefecture a thing
//! belongs to is another question, asked for every thing that an address names.

use super::actor::Role;
use super::text_enum::text_enum;

text_enum! {
    /// What somebody on the staff may be allowed.
    Act {
        /// Opens people's data: the counter, requests, letters, messages.
        ReadPeople = "read_people",
        /// Registers people, ticks, verifies, sends letters, decides of objections.
        ServePeople = "serve_people",
        /// Reads how a queue is set up: slots, rules, draws, what waits for a second person.
        ReadQueues = "read_queues",
        /// Publishes slots, proposes and approves what binds everybody.
        ManageQueues = "manage_queues",
        /// Takes an appointment back after it was missed.
        ExcuseAbsence = "excuse_absence",
        /// Reads who has opened whose data.
        ReadReadings = "read_readings",
        /// Reads what an operator must mend.
        ReadAlarms = "read_alarms",
        /// Invites, disables and resets accounts of one's prefecture.
        ManageAccounts = "manage_accounts",
        /// The same in every prefecture, for every role.
        ManageAllAccounts = "manage_all_accounts",
        /// One's own account: password, second factor, sessions.
        OwnAccount = "own_account",
    }
}

impl Role {
    /// Whether this role may do that, in its own prefectures.
    ///
    /// ```
    /// use passage::domain::actor::Role;
    /// use passage::domain::permission::Act;
    ///
    /// assert!(Role::Agent.may(Act::ServePeople) && !Role::Agent.may(Act::ManageQueues));
    /// assert!(Role::Auditor.may(Act::ReadPeople) && !Role::Auditor.may(Act::ServePeople));
    /// assert!(Role::Administrator.may(Act::ManageAllAccounts) && !Role::Administrator.may(Act::ReadPeople));
    /// ```
    pub const fn may(self, act: Act) -> bool {
        match act {
            Act::OwnAccount => true,
            Act::ReadPeople => matches!(self, Self::Agent | Self::Manager | Self::Auditor),
            Act::ServePeople => matches!(self, Self::Agent | Self::Manager),
            Act::ReadQueues => matches!(self, Self::Manager | Self::Auditor),
            Act::ManageQueues | Act::ExcuseAbsence => matches!(self, Self::Manager),
            Act::ReadReadings => matches!(self, Self::Manager | Self::Auditor),
            Act::ReadAlarms | Act::ManageAccounts => matches!(self, Self::Manager | Self::Administrator),
            Act::ManageAllAccounts => matches!(self, Self::Administrator),
        }
    }

    /// Whether this role changes nothing.
    pub const fn only_reads(self) -> bool {
        matches!(self, Self::Auditor)
    }
}
