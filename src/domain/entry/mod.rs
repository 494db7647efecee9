//! An entry, and what each event makes of it: [`Entry::apply`] is pure and complete, docs/states.md shows its
//! table, and the store writes the [`Effect`] that it answers.

mod effect;
mod event;
mod state;

use chrono::{DateTime, Days, TimeDelta, Utc};

use super::actor::Actor;
use super::notice::NoticeKind;
use super::penalty::{Announced, PenaltyReason};
use super::refusal::Refusal;
use super::rules::{Penalty, Rules};
use super::tick::Tick;
pub use effect::{Effect, Keys, SlotEnd, Superseded};
pub use event::EntryEvent;
pub use state::{CloseReason, ConvocationEvent, ConvocationState, EntryState};

/// What decides which events an entry may meet, and what they cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    pub state: EntryState,
    /// Present if and only if the entry is closed.
    pub close_reason: Option<CloseReason>,
    /// Whether somebody has verified who it is.
    pub verified: bool,
    pub paused: bool,
    /// Not listed before this instant.
    pub paused_until: Option<DateTime<Utc>>,
    /// First in the next draw: the prefecture took a convocation back, and a second person or the rules say so.
    pub displaced: bool,
    pub draws_survived: u32,
    /// Times the holder has given a slot back in time.
    pub declines: u32,
    /// Warnings given that the identity is not verified.
    pub warnings: u32,
    /// Present if and only if the entry is convoked.
    pub convocation: Option<Convoked>,
}

/// A convocation, with what the rules need to know of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Convoked {
    pub state: ConvocationState,
    /// When it counts as received by its holder; none as long as no message about it is.
    pub told_at: Option<DateTime<Utc>>,
    pub starts_at: DateTime<Utc>,
    /// What an agent has noted, until it is final.
    pub ticked: Option<Tick>,
}

/// How long a convocation can be given back at no cost once it is received, whatever the rules call late: its
/// holder must have time to read it.
const READING_HOURS: i64 = 24;
/// How long before its time a person may be received: people come early, desks run ahead.
const EARLY_MINUTES: i64 = 120;
/// Warnings before an entry is closed whose identity nobody verifies.
pub const WARNINGS_MAX: u32 = 2;

impl Convoked {
    /// Whether `event` may end this convocation at `now`.
    ///
    /// # Errors
    /// [`Refusal::ConvocationEnded`] if it has already ended; too early or too late otherwise.
    pub fn allows(self, event: ConvocationEvent, now: DateTime<Utc>) -> Result<(), Refusal> {
        use ConvocationEvent::{
            Attend, Cancel, Incomplete, Miss, NotThePerson, PrefectureCancel, WrongCounter,
        };
        if self.state != ConvocationState::Live {
            return Err(Refusal::ConvocationEnded);
        }
        match event {
            Attend | Incomplete | WrongCounter | NotThePerson
                if now < self.starts_at - TimeDelta::minutes(EARLY_MINUTES) =>
            {
                Err(Refusal::TooEarly)
            }
            Miss if now < self.starts_at => Err(Refusal::TooEarly),
            Cancel if self.has_begun(now) => Err(Refusal::TooLate),
            PrefectureCancel if self.ticked.is_some_and(Tick::came) => Err(Refusal::SlotSpent),
            Attend | Incomplete | WrongCounter | NotThePerson | Miss | Cancel | PrefectureCancel => Ok(()),
        }
    }

    /// Whether its holder was told of it before its time.
    pub fn is_told(self) -> bool {
        self.told_at.is_some_and(|told_at| told_at < self.starts_at)
    }

    /// Whether its holder can no longer give it back: its time has come, or they have been received before.
    fn has_begun(self, now: DateTime<Utc>) -> bool {
        now >= self.starts_at || self.ticked.is_some()
    }

    /// From when on giving the slot back is late: never, as long as its holder does not know of it.
    pub fn late_from(self, rules: &Rules) -> DateTime<Utc> {
        let Some(told_at) = self.told_at else { return self.starts_at };
        self.late_by_the_rules(rules).max(told_at + TimeDelta::hours(READING_HOURS)).min(self.starts_at)
    }

    /// Until when giving the slot back is in time whatever happens.
    pub fn late_by_the_rules(self, rules: &Rules) -> DateTime<Utc> {
        self.starts_at - TimeDelta::hours(rules.late_limit_hours.into())
    }
}

impl Entry {
    /// A new entry, with the notice that its registration owes.
    pub const fn registered(verified: bool) -> (Self, NoticeKind) {
        let (state, notice) = if verified {
            (EntryState::Waiting, NoticeKind::Receipt)
        } else {
            (EntryState::AwaitingIdentity, NoticeKind::IdentityWanted)
        };
        let entry = Self {
            state,
            close_reason: None,
            verified,
            paused: false,
            paused_until: None,
            displaced: false,
            draws_survived: 0,
            declines: 0,
            warnings: 0,
            convocation: None,
        };
        (entry, notice)
    }

    /// What `event`, caused by `by`, makes of this entry at `now`. The rules are those in force, or, for the end
    /// of a convocation, those of its draw.
    ///
    /// # Errors
    /// The [`Refusal`] that says why this entry cannot meet this event now.
    pub fn apply(
        self,
        event: EntryEvent,
        by: Actor,
        rules: &Rules,
        now: DateTime<Utc>,
    ) -> Result<Effect, Refusal> {
        if !self.state.is_live() {
            return Err(Refusal::EntryEnded);
        }
        let unchanged = Self::becomes(self);
        match event {
            EntryEvent::Pause => self.paused(true).map(|effect| effect.told_if_by_staff(by)),
            EntryEvent::Resume => self.paused(false).map(|effect| effect.told_if_by_staff(by)),
            EntryEvent::ChangeAvailability | EntryEvent::SeeDeadline => Ok(unchanged.told_if_by_staff(by)),
            EntryEvent::VerifyIdentity if self.verified => Err(Refusal::IdentityVerified),
            EntryEvent::VerifyIdentity => Ok(self.verified()),
            EntryEvent::IdentityOverdue => Ok(self.overdue()),
            EntryEvent::Move { same_queue: true } => Err(Refusal::SameQueue),
            EntryEvent::Move { same_queue: false } => {
                self.not_convoked()?;
                Ok(Effect { keys: Keys::Rehold, owes: Some(NoticeKind::Moved), ..unchanged })
            }
            EntryEvent::CloseDuplicate => {
                self.not_convoked()?;
                Ok(self.closes(CloseReason::Duplicate))
            }
            EntryEvent::Compensate => {
                self.not_convoked()?;
                Ok(Self::becomes(Self { displaced: true, ..self }).told_if_by_staff(by))
            }
            EntryEvent::Withdraw => self.withdrawn(rules, now),
            EntryEvent::Win(convocation) => self.won(convocation),
            EntryEvent::Survive => {
                self.not_convoked()?;
                Ok(Self::becomes(Self { draws_survived: self.draws_survived + 1, ..self }))
            }
            EntryEvent::Penalise { announced, from } => self.penalised(announced, from),
            EntryEvent::End(event) => self.convocation_ends(event, rules, now),
        }
    }

    /// The effect that only changes the entry.
    const fn becomes(entry: Self) -> Effect {
        Effect {
            entry,
            keys: Keys::Keep,
            announces: None,
            ended: None,
            supersedes: Superseded::None,
            owes: None,
        }
    }

    fn not_convoked(self) -> Result<(), Refusal> {
        if self.state == EntryState::Convoked { Err(Refusal::EntryConvoked) } else { Ok(()) }
    }

    fn paused(self, paused: bool) -> Result<Effect, Refusal> {
        self.not_convoked()?;
        Ok(Self::becomes(Self { paused, ..self }))
    }

    const fn verified(self) -> Effect {
        let state = match self.state {
            EntryState::AwaitingIdentity => EntryState::Waiting,
            other => other,
        };
        Effect {
            keys: Keys::Hold,
            supersedes: Superseded::Identity,
            owes: Some(NoticeKind::Receipt),
            ..Self::becomes(Self { verified: true, state, ..self })
        }
    }

    /// Nobody has verified the identity in time: warned, then closed. Whoever is verified or convoked is left
    /// alone.
    fn overdue(self) -> Effect {
        if self.state != EntryState::AwaitingIdentity {
            return Self::becomes(self);
        }
        if self.warnings < WARNINGS_MAX {
            let warned = Self::becomes(Self { warnings: self.warnings + 1, ..self });
            return Effect { owes: Some(NoticeKind::IdentityWarning), ..warned };
        }
        self.closes(CloseReason::Identity)
    }

    /// The entry ends: its keys are free, and nothing that waits to leave is of use any more.
    const fn ends(self, state: EntryState, close_reason: Option<CloseReason>) -> Effect {
        let entry = Self { state, close_reason, convocation: None, ..self };
        Effect { keys: Keys::Release, supersedes: Superseded::All, ..Self::becomes(entry) }
    }

    const fn closes(self, reason: CloseReason) -> Effect {
        Effect { owes: Some(NoticeKind::Closure), ..self.ends(EntryState::Closed, Some(reason)) }
    }

    /// A late withdrawal is a late return: what it will cost follows the person.
    fn withdrawn(self, rules: &Rules, now: DateTime<Utc>) -> Result<Effect, Refusal> {
        let given_back = Some((ConvocationState::CancelledByHolder, SlotEnd::Free));
        let (ended, announces) = match self.convocation {
            None => (None, None),
            Some(convocation) if convocation.has_begun(now) => return Err(Refusal::TooLate),
            Some(convocation) if now < convocation.late_from(rules) => (given_back, None),
            Some(_) => match rules.late_cancel {
                cost @ Penalty::PauseDays(_) => {
                    (given_back, Some(Announced { reason: PenaltyReason::LateWithdrawal, cost }))
                }
                Penalty::Close => (given_back, None),
            },
        };
        let owes = Some(NoticeKind::Withdrawal);
        Ok(Effect { announces, ended, owes, ..self.ends(EntryState::Withdrawn, None) })
    }

    /// What was announced takes effect. Rules that close wait for an appointment that has been given meanwhile.
    fn penalised(self, announced: Announced, from: DateTime<Utc>) -> Result<Effect, Refusal> {
        match announced.cost {
            Penalty::Close => {
                self.not_convoked()?;
                Ok(self.closes(match announced.reason {
                    PenaltyReason::Missed => CloseReason::Missed,
                    PenaltyReason::LateReturn | PenaltyReason::LateWithdrawal => CloseReason::LateCancel,
                }))
            }
            Penalty::PauseDays(days) => {
                let paused_until = self.paused_until.max(Some(from + Days::new(days.into())));
                Ok(Self::becomes(Self { draws_survived: 0, paused_until, ..self }))
            }
        }
    }

    fn won(self, convocation: Convoked) -> Result<Effect, Refusal> {
        self.not_convoked()?;
        let state = EntryState::Convoked;
        let entry = Self { state, displaced: false, convocation: Some(convocation), ..self };
        Ok(Effect { owes: Some(NoticeKind::Convocation), ..Self::becomes(entry) })
    }

    /// Back to waiting, after a convocation that ended.
    const fn waits_again(self, ended: ConvocationState, slot: SlotEnd) -> Effect {
        let state = if self.verified { EntryState::Waiting } else { EntryState::AwaitingIdentity };
        let entry = Self { state, convocation: None, displaced: false, ..self };
        let supersedes = Superseded::Convocation;
        Effect { ended: Some((ended, slot)), supersedes, ..Self::becomes(entry) }
    }

    /// The prefecture takes the appointment back: its holder waits on. Going first takes a second person.
    fn taken_back(self, convoked: Convoked, now: DateTime<Utc>) -> Effect {
        let slot = if now < convoked.starts_at { SlotEnd::Free } else { SlotEnd::Withdrawn };
        let taken_back = self.waits_again(ConvocationState::CancelledByPrefecture, slot);
        Effect { owes: Some(NoticeKind::Apology), ..taken_back }
    }

    fn convocation_ends(
        self,
        event: ConvocationEvent,
        rules: &Rules,
        now: DateTime<Utc>,
    ) -> Result<Effect, Refusal> {
        let convoked = self.convocation.ok_or(Refusal::ConvocationEnded)?;
        convoked.allows(event, now)?;
        Ok(match event {
            ConvocationEvent::Attend => Effect {
                ended: Some((ConvocationState::Attended, SlotEnd::Spent)),
                ..self.ends(EntryState::Served, None)
            },
            // The holder comes again, with what was missing, and has lost nothing.
            ConvocationEvent::Incomplete => {
                let incomplete = self.waits_again(ConvocationState::Incomplete, SlotEnd::Spent);
                Effect { owes: Some(NoticeKind::Incomplete), ..incomplete }
            }
            // Nobody can miss what they were not told of.
            ConvocationEvent::Miss if !convoked.is_told() => self.taken_back(convoked, now),
            ConvocationEvent::Miss => {
                let missed = self.waits_again(ConvocationState::Missed, SlotEnd::Spent);
                let announces = Some(Announced { reason: PenaltyReason::Missed, cost: rules.miss });
                Effect { announces, owes: Some(NoticeKind::Missed), ..missed }
            }
            ConvocationEvent::Cancel if now < convoked.late_from(rules) => {
                let given_back = self.waits_again(ConvocationState::Declined, SlotEnd::Free);
                let draws_survived = if self.declines == 0 { self.draws_survived } else { 0 };
                let entry = Self { declines: self.declines + 1, draws_survived, ..given_back.entry };
                Effect { entry, owes: Some(NoticeKind::Cancellation), ..given_back }
            }
            ConvocationEvent::Cancel => {
                let late = self.waits_again(ConvocationState::CancelledLate, SlotEnd::Free);
                let announced = Announced { reason: PenaltyReason::LateReturn, cost: rules.late_cancel };
                Effect { announces: Some(announced), owes: Some(NoticeKind::Cancellation), ..late }
            }
            ConvocationEvent::PrefectureCancel => self.taken_back(convoked, now),
            // Told even if the move that is proposed is then rejected: the pages say where it stands.
            ConvocationEvent::WrongCounter => {
                let waits = self.waits_again(ConvocationState::WrongCounter, SlotEnd::Spent);
                Effect { owes: Some(NoticeKind::Changed), ..waits }
            }
            ConvocationEvent::NotThePerson => Effect {
                ended: Some((ConvocationState::NotThePerson, SlotEnd::Spent)),
                ..self.closes(CloseReason::Identity)
            },
        })
    }
}
