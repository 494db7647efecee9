//! What takes two people: one proposes, another approves or rejects, and only whoever proposed withdraws.
//! New rules, a priority, a change of queue, a first place for a lost
//! appointment and the annulment of a draw are proposals alike.

use super::ids::StaffId;
use super::refusal::Refusal;

/// How a proposal ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    Approved,
    Rejected,
    Withdrawn,
}

/// A proposal as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// Nobody where the program itself wrote it: the first rules of a queue.
    pub proposed_by: Option<StaffId>,
    pub decided: Option<Decision>,
}

/// How a proposal ends without effect, with the reason of a rejection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Closing<Reason> {
    Reject(Reason),
    Withdraw,
}

impl<Reason> Closing<Reason> {
    pub fn reason(&self) -> Option<&Reason> {
        match self {
            Self::Reject(reason) => Some(reason),
            Self::Withdraw => None,
        }
    }
}

impl Proposal {
    pub const fn is_open(&self) -> bool {
        self.decided.is_none()
    }

    pub fn is_by(&self, person: StaffId) -> bool {
        self.proposed_by == Some(person)
    }

    /// # Errors
    /// If it is decided, or theirs.
    pub fn approve(&self, by: StaffId) -> Result<Decision, Refusal> {
        self.second(by).map(|()| Decision::Approved)
    }

    /// # Errors
    /// If it is decided, or theirs: they withdraw it.
    pub fn reject(&self, by: StaffId) -> Result<Decision, Refusal> {
        self.second(by).map(|()| Decision::Rejected)
    }

    /// # Errors
    /// If it is decided, or another person's.
    pub fn withdraw(&self, by: StaffId) -> Result<Decision, Refusal> {
        self.open()?;
        if self.is_by(by) { Ok(Decision::Withdrawn) } else { Err(Refusal::NotAuthor) }
    }

    /// # Errors
    /// As [`Self::reject`] and [`Self::withdraw`].
    pub fn close<Reason>(&self, closing: &Closing<Reason>, by: StaffId) -> Result<Decision, Refusal> {
        match closing {
            Closing::Reject(_) => self.reject(by),
            Closing::Withdraw => self.withdraw(by),
        }
    }

    fn second(&self, by: StaffId) -> Result<(), Refusal> {
        self.open()?;
        if self.is_by(by) { Err(Refusal::SecondPerson) } else { Ok(()) }
    }

    fn open(&self) -> Result<(), Refusal> {
        match self.decided {
            None => Ok(()),
            Some(Decision::Approved) => Err(Refusal::ProposalApproved),
            Some(Decision::Rejected) => Err(Refusal::ProposalRejected),
            Some(Decision::Withdrawn) => Err(Refusal::ProposalWithdrawn),
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn only_another_person_decides_and_only_the_author_withdraws_once() {
        let [author, other] = [1, 2].map(|n| StaffId::from(Uuid::from_u128(n)));
        let table = [
            (None, author, Err(Refusal::SecondPerson), Err(Refusal::SecondPerson), Ok(Decision::Withdrawn)),
            (None, other, Ok(Decision::Approved), Ok(Decision::Rejected), Err(Refusal::NotAuthor)),
        ];
        let decided = [
            (Decision::Approved, Refusal::ProposalApproved),
            (Decision::Rejected, Refusal::ProposalRejected),
            (Decision::Withdrawn, Refusal::ProposalWithdrawn),
        ];
        let closed = decided.into_iter().flat_map(|(decision, refusal)| {
            [author, other].map(|by| (Some(decision), by, Err(refusal), Err(refusal), Err(refusal)))
        });
        for (decided, by, approve, reject, withdraw) in table.into_iter().chain(closed) {
            let proposal = Proposal { proposed_by: Some(author), decided };
            assert_eq!(proposal.approve(by), approve, "{decided:?}");
            assert_eq!(proposal.reject(by), reject, "{decided:?}");
            assert_eq!(proposal.withdraw(by), withdraw, "{decided:?}");
            assert_eq!(proposal.close(&Closing::Reject(()), by), reject, "{decided:?}");
            assert_eq!(proposal.close(&Closing::<()>::Withdraw, by), withdraw, "{decided:?}");
        }
    }

    #[test]
    fn what_the_program_wrote_belongs_to_nobody() {
        let anybody = StaffId::from(Uuid::from_u128(1));
        let proposal = Proposal { proposed_by: None, decided: None };
        assert_eq!(proposal.withdraw(anybody), Err(Refusal::NotAuthor));
        assert_eq!(proposal.approve(anybody), Ok(Decision::Approved));
    }
}
