//! What a missed appointment or a late return costs, and how its holder objects (CRPA L. 121-1 and L. 122-1): it is
//! announced with its reason, takes effect only after the days set for an objection, and an objection halts it
//! until an agent has decided who did not note the absence.

use chrono::{DateTime, Days, Utc};

use super::ids::StaffId;
use super::letter::DELIVERY_DAYS;
use super::notice::Way;
use super::refusal::Refusal;
use super::rules::Penalty;
use super::text_enum::text_enum;

text_enum! {
    /// What a penalty is for.
    PenaltyReason {
        Missed = "missed",
        /// An appointment given back after the late limit.
        LateReturn = "late_return",
        /// A request withdrawn after the late limit of its appointment.
        LateWithdrawal = "late_withdrawal",
    }
}

text_enum! {
    /// What has become of a penalty.
    PenaltyState {
        /// Told, or about to be; it costs nothing yet.
        Announced = "announced",
        /// Halted until an agent has decided.
        Objected = "objected",
        /// The objection was refused: it takes effect on its day.
        Upheld = "upheld",
        InForce = "in_force",
        Lifted = "lifted",
    }
}

text_enum! {
    /// What an agent decides of an objection.
    Ruling { Uphold = "uphold", Lift = "lift" }
}

/// What an event will cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Announced {
    pub reason: PenaltyReason,
    pub cost: Penalty,
}

/// A penalty, as far as it decides who may do what to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Case {
    pub state: PenaltyState,
    /// Its notice has left. Before that it takes no effect, and no time to object runs.
    pub is_told: bool,
    /// When it takes effect; until then its holder can object.
    pub effect_at: DateTime<Utc>,
    /// Who noted what it is for, if it was an agent.
    pub noted_by: Option<StaffId>,
}

impl Case {
    /// The holder objects, or an agent records that they do.
    ///
    /// # Errors
    /// If they have objected already, or the time for it is over.
    pub fn object(self, now: DateTime<Utc>) -> Result<Self, Refusal> {
        match self.state {
            PenaltyState::Announced if !self.is_told || now < self.effect_at => {
                Ok(Self { state: PenaltyState::Objected, ..self })
            }
            PenaltyState::Announced | PenaltyState::InForce => Err(Refusal::ObjectionLate),
            PenaltyState::Objected => Err(Refusal::ObjectionStands),
            PenaltyState::Upheld | PenaltyState::Lifted => Err(Refusal::ObjectionDecided),
        }
    }

    /// An agent decides. What is upheld takes effect on its day, or at once if that has passed.
    ///
    /// # Errors
    /// If nobody has objected, it is decided, or the agent is who noted the absence.
    pub fn decide(self, ruling: Ruling, by: StaffId, now: DateTime<Utc>) -> Result<Self, Refusal> {
        match self.state {
            PenaltyState::Objected => {}
            PenaltyState::Announced => return Err(Refusal::Changed),
            PenaltyState::Upheld | PenaltyState::InForce | PenaltyState::Lifted => {
                return Err(Refusal::ObjectionDecided);
            }
        }
        if self.noted_by == Some(by) {
            return Err(Refusal::OwnTick);
        }
        let state = match ruling {
            Ruling::Uphold => PenaltyState::Upheld,
            Ruling::Lift => PenaltyState::Lifted,
        };
        Ok(Self { state, effect_at: self.effect_at.max(now), ..self })
    }
}

impl PenaltyState {
    /// Whether it may still cost something that it does not cost yet.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Announced | Self::Objected | Self::Upheld)
    }
}

/// When a penalty takes effect whose notice counts as received at `received_at`.
pub fn effect_at(received_at: DateTime<Utc>, objection_days: u16) -> DateTime<Utc> {
    received_at + Days::new(objection_days.into())
}

/// When a penalty is expected to take effect whose notice leaves at `leaves_at`.
pub fn expected_effect(leaves_at: DateTime<Utc>, way: Way, objection_days: u16) -> DateTime<Utc> {
    let post = if way == Way::Letter { DELIVERY_DAYS } else { 0 };
    effect_at(leaves_at + Days::new(post), objection_days)
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use uuid::Uuid;

    use super::*;

    const ALICE: StaffId = StaffId(Uuid::from_u128(1));
    const BOB: StaffId = StaffId(Uuid::from_u128(2));

    fn effect() -> DateTime<Utc> {
        "2027-02-01T08:00:00Z".parse().unwrap()
    }

    fn case(state: PenaltyState) -> Case {
        Case { state, is_told: true, effect_at: effect(), noted_by: Some(ALICE) }
    }

    #[test]
    fn an_objection_is_made_once_and_in_time() {
        use PenaltyState::{Announced, InForce, Lifted, Objected, Upheld};
        let (before, second) = (effect() - TimeDelta::seconds(1), TimeDelta::seconds(1));
        for (state, at, becomes) in [
            (Announced, before, Ok(Objected)),
            (Announced, before + second, Err(Refusal::ObjectionLate)),
            (Objected, before, Err(Refusal::ObjectionStands)),
            (Upheld, before, Err(Refusal::ObjectionDecided)),
            (InForce, effect(), Err(Refusal::ObjectionLate)),
            (Lifted, before, Err(Refusal::ObjectionDecided)),
        ] {
            assert_eq!(case(state).object(at).map(|case| case.state), becomes, "{state}");
        }
        let untold = Case { is_told: false, ..case(Announced) };
        assert!(untold.object(effect() + TimeDelta::days(9)).is_ok(), "nobody is late who was not told");
    }

    #[test]
    fn another_person_decides_an_objection_once() {
        for state in PenaltyState::ALL.iter().copied() {
            for ruling in [Ruling::Uphold, Ruling::Lift] {
                let own = case(state).decide(ruling, ALICE, effect());
                let other = case(state).decide(ruling, BOB, effect());
                assert!(own.is_err(), "{state} {ruling}: who noted it decides nothing");
                assert_eq!(other.is_ok(), state == PenaltyState::Objected, "{state} {ruling}");
            }
        }
        let unnoted = Case { noted_by: None, ..case(PenaltyState::Objected) };
        assert!(unnoted.decide(Ruling::Lift, ALICE, effect()).is_ok(), "a late return was noted by nobody");
    }

    #[test]
    fn what_is_upheld_takes_effect_on_its_day_and_never_in_the_past() {
        let upheld = |at| case(PenaltyState::Objected).decide(Ruling::Uphold, BOB, at).unwrap().effect_at;
        assert_eq!(upheld(effect() - TimeDelta::days(3)), effect());
        assert_eq!(upheld(effect() + TimeDelta::days(3)), effect() + TimeDelta::days(3));
    }

    #[test]
    fn a_letter_takes_days_that_its_addressee_does_not_lose() {
        let told = effect();
        assert_eq!(expected_effect(told, Way::Sms, 15), told + TimeDelta::days(15));
        assert_eq!(expected_effect(told, Way::Letter, 15), told + TimeDelta::days(20));
    }
}
