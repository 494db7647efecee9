//! Where a person stands, in one headline. Everything that the page, the receipt, a letter or an agent says
//! of an entry's state comes from here, so no two of them can contradict each other, and nobody who cannot
//! win the next draw is told that all is well.

mod fit;
#[cfg(test)]
mod tests;

use chrono::{DateTime, NaiveDate, Utc};

use super::entry::{CloseReason, EntryState};
use super::penalty::PenaltyState;
use super::text_enum::text_enum;
use super::tick::Tick;
pub use fit::{Fit, Offer, Published, SlotClasses, fit};

text_enum! {
    /// One thing that is true of an entry. The order is the order of precedence: of those that hold, the
    /// first is the headline. What is settled comes first, then what is under way, then what keeps the
    /// person out of the next draw, then what endangers the appointment, then news.
    Point {
        Served = "served",
        Withdrawn = "withdrawn",
        ClosedIdentity = "closed_identity",
        ClosedMissed = "closed_missed",
        ClosedLateCancel = "closed_late_cancel",
        ClosedDuplicate = "closed_duplicate",
        Closed = "closed",
        /// An agent has noted, provisionally, that the holder came, did not, came without all that it takes or to the
        /// wrong counter, or that it was somebody else.
        Received = "received",
        NotedAbsent = "noted_absent",
        NotedIncomplete = "noted_incomplete",
        NotedWrongCounter = "noted_wrong_counter",
        NotedNotThePerson = "noted_not_the_person",
        /// Its time is past, and nobody has recorded yet whether the holder came.
        AppointmentOver = "appointment_over",
        AppointmentToday = "appointment_today",
        Appointment = "appointment",
        /// In a frozen list whose draw is still to come.
        InDraw = "in_draw",
        /// The same, but none of its slots suits the holder.
        InDrawWithoutSlot = "in_draw_without_slot",
        /// Nobody has verified the identity, and the rules ask for it.
        Identity = "identity",
        Paused = "paused",
        Suspended = "suspended",
        /// No slot of the queue, published or usual, suits the holder.
        NoSlotFits = "no_slot_fits",
        DeadlinePassed = "deadline_passed",
        /// The deadline comes before the first appointment that the next draw could give.
        DeadlineTooSoon = "deadline_too_soon",
        /// The usual slots suit, but on none of the days that the next draw offers.
        Away = "away",
        /// The usual slots suit, but come before a letter could reach the holder.
        LettersTooSlow = "letters_too_slow",
        /// A reserve counts only once an agent has seen the proof of the deadline.
        ProofWanted = "proof_wanted",
        /// A missed or late appointment will cost something, unless the holder objects.
        PenaltyAnnounced = "penalty_announced",
        /// The holder has objected, and nobody has decided yet.
        PenaltyObjected = "penalty_objected",
        PenaltyUpheld = "penalty_upheld",
        /// At an earlier appointment, something was missing from the file.
        FileIncomplete = "file_incomplete",
        /// Neither SMS nor e-mail reaches the holder.
        LettersOnly = "letters_only",
        /// Nobody has verified the identity; the rules draw the entry all the same.
        IdentityMeanwhile = "identity_meanwhile",
        /// The prefecture took an appointment back, and the holder goes first.
        Displaced = "displaced",
        /// The same, and the holder does not go first, or not yet.
        TakenBack = "taken_back",
        /// An appointment was missed; the time out of the draws is over.
        Missed = "missed",
        Returned = "returned",
        Moved = "moved",
        NoDraw = "no_draw",
        NoSlots = "no_slots",
        /// The usual slots suit, but none is published yet that does.
        Unpublished = "unpublished",
        Waiting = "waiting",
    }
}

text_enum! {
    /// The next thing to do.
    Action {
        Nothing = "nothing",
        SayIfNotYou = "say_if_not_you",
        RegisterOrObject = "register_or_object",
        Object = "object",
        Prepare = "prepare",
        Come = "come",
        SayIfNotReceived = "say_if_not_received",
        SayIfPresent = "say_if_present",
        ObjectInTime = "object_in_time",
        ShowIdentity = "show_identity",
        Resume = "resume",
        GiveReason = "give_reason",
        WidenAvailability = "widen_availability",
        AskPrefecture = "ask_prefecture",
        BringMissing = "bring_missing",
        ShowProof = "show_proof",
        AskAtDesk = "ask_at_desk",
    }
}

text_enum! {
    /// How it sounds.
    Tone { Good = "good", Neutral = "neutral", Attention = "attention", Problem = "problem" }
}

text_enum! {
    /// What has happened since the entry last stood in a list.
    News { TakenBack = "taken_back", Missed = "missed", Returned = "returned", Moved = "moved" }
}

/// A live appointment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Appointment {
    pub ends_at: DateTime<Utc>,
    /// What an agent has noted of it, until it is final.
    pub tick: Option<Tick>,
    /// The day, where it takes place.
    pub day: NaiveDate,
    /// Today, where it takes place.
    pub today: NaiveDate,
}

/// A frozen list in which the entry stands, whose draw is still to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pending {
    /// Whether a slot of the list suits the holder.
    pub has_chance: bool,
}

/// Everything that the situation follows from.
#[expect(clippy::struct_excessive_bools, reason = "facts that hold or not, each on its own")]
#[derive(Clone, Copy, Debug)]
pub struct Facts {
    pub now: DateTime<Utc>,
    /// The day at the prefecture.
    pub today: NaiveDate,
    pub state: EntryState,
    pub close_reason: Option<CloseReason>,
    /// The rules draw declared identities too.
    pub admit_declared: bool,
    pub paused: bool,
    pub suspended_until: Option<DateTime<Utc>>,
    pub displaced: bool,
    pub appointment: Option<Appointment>,
    pub pending: Option<Pending>,
    /// Whether a list is planned in which the entry could stand.
    pub has_next_list: bool,
    /// How the slots of that list suit the holder.
    pub fit: Fit,
    pub deadline: Option<NaiveDate>,
    /// The first day on which the next draw could give an appointment.
    pub first_possible: Option<NaiveDate>,
    pub proof_wanted: bool,
    /// Whether something was missing from the file at an appointment that is over.
    pub incomplete: bool,
    pub letters_only: bool,
    /// What a missed or late appointment may still cost.
    pub penalty: Option<PenaltyState>,
    pub news: Option<News>,
}

/// What a person is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Situation {
    pub headline: Point,
    /// What holds as well, in order of precedence.
    pub others: Vec<Point>,
    /// Of the headline, or of the first of the others that asks for something.
    pub action: Action,
    /// That of the gravest point.
    pub tone: Tone,
    /// Whether the entry stands in the next list, if nothing changes.
    pub in_next_list: bool,
}

impl Situation {
    pub fn of(facts: &Facts) -> Self {
        let mut points = facts.points();
        points.sort_unstable();
        let in_next_list = facts.in_next_list();
        let wins = in_next_list && facts.fit == Fit::Published;
        Self {
            action: action(&points),
            tone: points.iter().map(|point| point.tone(wins)).max().unwrap_or(Tone::Neutral),
            headline: points.remove(0),
            others: points,
            in_next_list,
        }
    }

    /// What is left to say beside these points: that of somebody who simply waits, if nothing is.
    #[must_use]
    pub fn beside(&self, told: &[Point]) -> Self {
        let points = std::iter::once(self.headline).chain(self.others.iter().copied());
        let mut left: Vec<Point> = points.filter(|point| !told.contains(point)).collect();
        if left.is_empty() {
            left.push(Point::Waiting);
        }
        Self { action: action(&left), headline: left.remove(0), others: left, ..*self }
    }

    /// Whether this holds, as the headline or beside it.
    pub fn says(&self, point: Point) -> bool {
        self.headline == point || self.others.contains(&point)
    }

    /// Whether no slot of the next draw suits the holder.
    pub fn nothing_suits(&self) -> bool {
        [Point::NoSlotFits, Point::Away, Point::LettersTooSlow].into_iter().any(|point| self.says(point))
    }

    /// Whether there is an appointment still to come, or one that has just begun.
    pub fn is_ahead(&self) -> bool {
        matches!(self.headline, Point::Appointment | Point::AppointmentToday)
    }
}

/// The first that is asked for.
fn action(points: &[Point]) -> Action {
    let mut actions = points.iter().map(|point| point.action());
    actions.find(|action| *action != Action::Nothing).unwrap_or(Action::Nothing)
}

impl Facts {
    /// Never empty.
    fn points(&self) -> Vec<Point> {
        let mut points = match self.state {
            EntryState::Served => return vec![Point::Served],
            EntryState::Withdrawn => return vec![Point::Withdrawn],
            EntryState::Closed => return vec![self.closed()],
            EntryState::Convoked => vec![self.appointment()],
            EntryState::AwaitingIdentity | EntryState::Waiting => self.waiting(),
        };
        points.extend((self.incomplete && self.tick().is_none()).then_some(Point::FileIncomplete));
        points.extend(self.deadline());
        points.extend(self.penalty());
        if points.is_empty() {
            points.push(Point::Waiting);
        }
        points
    }

    /// What an agent has noted of the appointment of now.
    fn tick(&self) -> Option<Tick> {
        self.appointment.and_then(|appointment| appointment.tick)
    }

    fn closed(&self) -> Point {
        match self.close_reason {
            Some(CloseReason::Identity) => Point::ClosedIdentity,
            Some(CloseReason::Missed) => Point::ClosedMissed,
            Some(CloseReason::LateCancel) => Point::ClosedLateCancel,
            Some(CloseReason::Duplicate) => Point::ClosedDuplicate,
            None => Point::Closed,
        }
    }

    fn appointment(&self) -> Point {
        match self.appointment {
            Some(Appointment { tick: Some(Tick::Served), .. }) => Point::Received,
            Some(Appointment { tick: Some(Tick::Absent), .. }) => Point::NotedAbsent,
            Some(Appointment { tick: Some(Tick::Incomplete), .. }) => Point::NotedIncomplete,
            Some(Appointment { tick: Some(Tick::WrongCounter), .. }) => Point::NotedWrongCounter,
            Some(Appointment { tick: Some(Tick::NotThePerson), .. }) => Point::NotedNotThePerson,
            Some(appointment) if self.now >= appointment.ends_at => Point::AppointmentOver,
            Some(appointment) if appointment.day == appointment.today => Point::AppointmentToday,
            _ => Point::Appointment,
        }
    }

    /// Only what may still happen: what is in force shows as a suspension, or an entry that is closed.
    fn penalty(&self) -> Option<Point> {
        match self.penalty? {
            PenaltyState::Announced => Some(Point::PenaltyAnnounced),
            PenaltyState::Objected => Some(Point::PenaltyObjected),
            PenaltyState::Upheld => Some(Point::PenaltyUpheld),
            PenaltyState::InForce | PenaltyState::Lifted => None,
        }
    }

    fn is_suspended(&self) -> bool {
        self.suspended_until.is_some_and(|until| until > self.now)
    }

    fn identity_excludes(&self) -> bool {
        self.state == EntryState::AwaitingIdentity && !self.admit_declared
    }

    fn in_next_list(&self) -> bool {
        matches!(self.state, EntryState::Waiting | EntryState::AwaitingIdentity)
            && self.has_next_list
            && !self.identity_excludes()
            && !self.paused
            && !self.is_suspended()
    }

    /// What holds of an entry that is not convoked.
    fn waiting(&self) -> Vec<Point> {
        let pending = self
            .pending
            .map(|pending| if pending.has_chance { Point::InDraw } else { Point::InDrawWithoutSlot });
        let identity = (self.state == EntryState::AwaitingIdentity).then_some(if self.admit_declared {
            Point::IdentityMeanwhile
        } else {
            Point::Identity
        });
        let excluded = self.identity_excludes() || self.paused || self.is_suspended();
        let news = self.news.and_then(|news| match news {
            News::Moved => Some(Point::Moved),
            // The time out of the draws says why itself, and so does a penalty.
            _ if self.is_suspended() || self.penalty().is_some() => None,
            News::Missed => Some(Point::Missed),
            // Whose appointment was taken back reads that instead.
            News::TakenBack => (!self.displaced).then_some(Point::TakenBack),
            News::Returned => (!self.displaced).then_some(Point::Returned),
        });
        let holds = |holds: bool, point: Point| holds.then_some(point);
        [
            pending,
            identity,
            holds(self.paused, Point::Paused),
            holds(self.is_suspended(), Point::Suspended),
            self.slots(excluded),
            holds(self.proof_wanted, Point::ProofWanted),
            holds(self.letters_only, Point::LettersOnly),
            holds(self.displaced, Point::Displaced),
            news,
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    /// What the slots of the next list mean for the holder. Who stands in no list anyway is told only of
    /// what will keep them from every draw.
    fn slots(&self, excluded: bool) -> Option<Point> {
        match self.fit {
            Fit::Never => Some(Point::NoSlotFits),
            _ if excluded => None,
            _ if !self.has_next_list => Some(Point::NoDraw),
            Fit::Away => Some(Point::Away),
            Fit::Letter => Some(Point::LettersTooSlow),
            Fit::NoSlots => Some(Point::NoSlots),
            Fit::Usual => Some(Point::Unpublished),
            Fit::Published => None,
        }
    }

    fn deadline(&self) -> Option<Point> {
        let deadline = self.deadline?;
        let first = match self.appointment {
            Some(Appointment { tick: Some(_), .. }) => return None,
            Some(appointment) if self.now >= appointment.ends_at => return None,
            Some(appointment) => Some(appointment.day),
            None => self.first_possible,
        };
        if deadline < self.today {
            Some(Point::DeadlinePassed)
        } else {
            first.is_some_and(|first| deadline < first).then_some(Point::DeadlineTooSoon)
        }
    }
}

impl Action {
    /// Whether somebody at the prefecture is needed for it.
    pub const fn is_at_the_prefecture(self) -> bool {
        match self {
            Self::SayIfNotYou
            | Self::RegisterOrObject
            | Self::Object
            | Self::SayIfNotReceived
            | Self::SayIfPresent
            | Self::ObjectInTime
            | Self::ShowIdentity
            | Self::GiveReason
            | Self::AskPrefecture
            | Self::ShowProof
            | Self::AskAtDesk => true,
            Self::Nothing
            | Self::Prepare
            | Self::Come
            | Self::Resume
            | Self::WidenAvailability
            | Self::BringMissing => false,
        }
    }
}

impl Point {
    /// What it asks of the holder.
    pub const fn action(self) -> Action {
        match self {
            Self::Withdrawn => Action::SayIfNotYou,
            Self::ClosedIdentity => Action::RegisterOrObject,
            Self::ClosedMissed | Self::ClosedLateCancel | Self::Closed => Action::Object,
            Self::AppointmentOver => Action::SayIfNotReceived,
            Self::NotedAbsent | Self::NotedNotThePerson => Action::SayIfPresent,
            Self::PenaltyAnnounced => Action::ObjectInTime,
            Self::AppointmentToday => Action::Come,
            Self::Appointment => Action::Prepare,
            Self::Identity | Self::IdentityMeanwhile => Action::ShowIdentity,
            Self::Paused => Action::Resume,
            Self::Suspended => Action::GiveReason,
            Self::InDrawWithoutSlot | Self::NoSlotFits | Self::Away => Action::WidenAvailability,
            Self::LettersTooSlow | Self::DeadlinePassed | Self::DeadlineTooSoon => Action::AskPrefecture,
            Self::ProofWanted => Action::ShowProof,
            Self::NotedIncomplete | Self::FileIncomplete => Action::BringMissing,
            Self::LettersOnly => Action::AskAtDesk,
            Self::Served
            | Self::ClosedDuplicate
            | Self::Received
            | Self::NotedWrongCounter
            | Self::PenaltyObjected
            | Self::PenaltyUpheld
            | Self::InDraw
            | Self::Displaced
            | Self::TakenBack
            | Self::Missed
            | Self::Returned
            | Self::Moved
            | Self::NoDraw
            | Self::NoSlots
            | Self::Unpublished
            | Self::Waiting => Action::Nothing,
        }
    }

    /// How it sounds to somebody who can win a slot of the next draw, or cannot.
    const fn tone(self, wins: bool) -> Tone {
        match self {
            Self::Appointment | Self::AppointmentToday => Tone::Good,
            Self::Waiting | Self::Displaced if wins => Tone::Good,
            Self::Waiting
            | Self::Displaced
            | Self::Served
            | Self::Withdrawn
            | Self::ClosedDuplicate
            | Self::AppointmentOver
            | Self::Received
            | Self::NotedWrongCounter
            | Self::PenaltyObjected
            | Self::InDraw
            | Self::FileIncomplete
            | Self::TakenBack
            | Self::Missed
            | Self::Returned
            | Self::Moved
            | Self::NoDraw
            | Self::NoSlots
            | Self::Unpublished => Tone::Neutral,
            Self::InDrawWithoutSlot
            | Self::NotedAbsent
            | Self::NotedIncomplete
            | Self::NotedNotThePerson
            | Self::PenaltyAnnounced
            | Self::PenaltyUpheld
            | Self::Paused
            | Self::Suspended
            | Self::Away
            | Self::ProofWanted
            | Self::LettersOnly
            | Self::IdentityMeanwhile => Tone::Attention,
            Self::ClosedIdentity
            | Self::ClosedMissed
            | Self::ClosedLateCancel
            | Self::Closed
            | Self::Identity
            | Self::NoSlotFits
            | Self::LettersTooSlow
            | Self::DeadlinePassed
            | Self::DeadlineTooSoon => Tone::Problem,
        }
    }
}
