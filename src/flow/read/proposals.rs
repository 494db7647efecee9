//! A proposal as it may be shown: who, when, and what became of it.

use chrono::{DateTime, Utc};

use crate::domain::ids::StaffId;
use crate::domain::proposal::{Decision, Proposal};
use crate::domain::refusal::Refusal;
use crate::store::records::ProposalColumns;

/// A person of staff at an instant. None for the installation itself.
#[derive(Clone, Copy, Debug)]
pub struct Act {
    pub by: Option<StaffId>,
    pub at: DateTime<Utc>,
}

#[derive(Clone, Debug)]
pub struct Proposed {
    proposal: Proposal,
    pub proposed: Option<Act>,
    pub decided: Option<(Decision, Act)>,
    /// Why it was rejected.
    pub rejected_reason: Option<String>,
}

impl From<ProposalColumns> for Proposed {
    fn from(columns: ProposalColumns) -> Self {
        let proposal = columns.proposal();
        let (by, at) = match proposal.decided {
            Some(Decision::Approved) => (columns.approved_by, columns.approved_at),
            _ => (columns.rejected_by, columns.rejected_at),
        };
        Self {
            proposal,
            proposed: columns.proposed_at.map(|at| Act { by: columns.proposed_by, at }),
            decided: proposal.decided.zip(at).map(|(decision, at)| (decision, Act { by, at })),
            rejected_reason: None,
        }
    }
}

impl Proposed {
    #[must_use]
    pub fn with_reason(self, rejected_reason: Option<String>) -> Self {
        Self { rejected_reason, ..self }
    }

    pub fn is_open(&self) -> bool {
        self.proposal.is_open()
    }

    /// Whether this person may approve or reject it.
    ///
    /// # Errors
    /// Why not.
    pub fn may_decide(&self, by: StaffId) -> Result<(), Refusal> {
        self.proposal.approve(by).map(|_| ())
    }

    /// Whether it is this person's own, still to be decided.
    pub fn may_withdraw(&self, by: StaffId) -> bool {
        self.proposal.withdraw(by).is_ok()
    }

    /// Whether this person made it.
    pub fn is_of(&self, by: StaffId) -> bool {
        self.proposed.is_some_and(|act| act.by == Some(by))
    }
}
