//! The rules of a queue, as a prefecture sets them: versioned, dated, in force from the next
//! announced draw only. This file also turns what is known of an entry into its place in a draw.

use std::collections::BTreeSet;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::actor::Channel;
use super::neutral::tells_a_ground;
use super::text::clean_line;
use super::text_enum::text_enum;

text_enum! {
    /// How the order of a draw is made.
    Mode {
        /// Equal chances.
        Lottery = "lottery",
        /// By day of registration; chance decides within a day.
        Arrival = "arrival",
        /// Chances grow with each draw survived.
        Seniority = "seniority",
        /// As seniority, and after so many draws a place before all who have waited less.
        Guarantee = "guarantee",
    }
}

text_enum! {
    /// Within which bounds a person may hold one entry for a procedure.
    Scope { Installation = "installation", Prefecture = "prefecture" }
}

/// The seats of a reserve.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ReserveSeats {
    /// So many seats.
    Seats(u32),
    /// This share of the frozen seats, in percent, rounded down.
    Percent(u8),
}

/// Seats served first to those who hold a label.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reserve {
    /// 1 to 255, distinct; the order of the list is the order of precedence.
    pub label: u8,
    /// As staff read it; the public reads the label alone. It may not tell why somebody stands in the reserve.
    pub name: String,
    pub seats: ReserveSeats,
    /// Whether only entries with a deadline seen by an agent count.
    pub deadline_required: bool,
}

/// When one may register, counted back from the holder's deadline (R.431-5 CESEDA).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// Registration opens so many days before the deadline.
    pub opens_days: u16,
    /// Online registration closes so many days before it; an agent may still register.
    pub online_until_days: u16,
}

/// What a missed or late-cancelled convocation costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Penalty {
    /// The entry is closed; the person may register again.
    Close,
    /// Back to waiting, seniority lost, not listed for so many days.
    PauseDays(u16),
}

/// One version of a queue's rules.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    pub mode: Mode,
    /// Added to the weight for each draw survived (seniority, guarantee).
    #[serde(default = "one")]
    pub weight_step: u8,
    /// The greatest weight, 1 to 32.
    #[serde(default = "one")]
    pub weight_cap: u8,
    /// Draws survived after which a place is guaranteed before the others (guarantee).
    #[serde(default)]
    pub guarantee_after_draws: Option<u16>,
    #[serde(default)]
    pub reserves: Vec<Reserve>,
    /// Cron expression, in the prefecture's local time: when lists are frozen.
    pub timetable: String,
    /// From freeze to draw.
    #[serde(default = "sixty")]
    pub lead_minutes: u32,
    /// A slot nearer than this, counted from the draw, is not offered.
    pub notice_min_days: u16,
    /// A slot farther than this, counted from the draw, is not offered yet.
    pub horizon_days: u16,
    #[serde(default)]
    pub window: Option<Window>,
    /// Before this, cancelling costs nothing; afterwards it is late.
    pub late_limit_hours: u16,
    pub late_cancel: Penalty,
    pub miss: Penalty,
    /// Days from the notice of a penalty to its effect, in which its holder can object.
    #[serde(default = "fifteen")]
    pub objection_days: u16,
    pub scope: Scope,
    /// Whether entries whose identity nobody has verified stand in the draws.
    #[serde(default)]
    pub admit_declared: bool,
    /// Days after which an entry without a verified identity is closed.
    #[serde(default = "sixty_days")]
    pub identity_days: u16,
    /// A slot is public for at least so many hours before the freeze that takes it.
    #[serde(default = "day_of_hours")]
    pub public_hours: u16,
    /// A draw counts as survived for whoever could have taken this share of its seats, in percent.
    #[serde(default = "twentieth")]
    pub survival_percent: u8,
    /// A publication of which no seat suits this share of those who wait, in percent, needs a second person;
    /// 0 asks for none.
    #[serde(default = "tenth")]
    pub few_percent: u8,
    /// Days after the end of an entry until its person's data are erased.
    #[serde(default = "year")]
    pub retention_days: u16,
}

const fn one() -> u8 {
    1
}
const fn fifteen() -> u16 {
    15
}
const fn sixty() -> u32 {
    60
}
const fn sixty_days() -> u16 {
    60
}
const fn day_of_hours() -> u16 {
    24
}
const fn twentieth() -> u8 {
    5
}
const fn tenth() -> u8 {
    10
}

const fn year() -> u16 {
    365
}

/// The longest time for which slots may have to be public, in hours: two weeks.
pub const PUBLIC_HOURS_MAX: u16 = 336;

/// The shortest time from freeze to draw, in minutes: longer than [`FREEZE_MARGIN_MINUTES`], or no list
/// could ever be frozen in time.
pub const LEAD_MIN_MINUTES: u32 = 15;
/// A list is frozen only while its randomness is at least this far away, in minutes.
pub const FREEZE_MARGIN_MINUTES: i64 = 10;

/// Why rules are refused; each names its field.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum RulesError {
    #[error("weight_cap: must be from 1 to 32, got {0}")]
    WeightCap(u8),
    #[error("weight_step: must be at least 1 when seniority counts")]
    WeightStep,
    #[error("guarantee_after_draws: the guarantee mode needs a number of draws, at least 1")]
    GuaranteeMissing,
    #[error("guarantee_after_draws: only the guarantee mode has one")]
    GuaranteeUnused,
    #[error("reserves: label {0} stands twice, or is 0")]
    Label(u8),
    #[error("reserves: “{0}” has a share over 100 percent, or no seat at all")]
    ReserveSeats(String),
    #[error("reserves: the shares add up to {0} percent, over 100")]
    ReserveShares(u32),
    #[error("reserves: a reserve needs a name of at most 80 characters that can be read")]
    ReserveName,
    #[error("reserves: the name “{0}” tells why people stand in it; choose a neutral one, like “Réserve 1”")]
    ReserveGround(String),
    #[error("timetable: {0}")]
    Timetable(String),
    #[error("lead_minutes: from {LEAD_MIN_MINUTES} to 10080, got {0}")]
    Lead(u32),
    #[error(
        "timetable: two lists would be frozen {between_minutes} minutes apart, but a draw needs {lead_minutes} minutes"
    )]
    TooOften { between_minutes: i64, lead_minutes: u32 },
    #[error(
        "horizon_days: {horizon_days} days leave nothing after a minimum notice of {notice_min_days} days"
    )]
    Horizon { horizon_days: u16, notice_min_days: u16 },
    #[error("notice_min_days: must be at least 1, so that a convocation can arrive in time")]
    Notice,
    #[error("window: it must open before it closes online")]
    Window,
    #[error("late_limit_hours: {0} hours is longer than the minimum notice")]
    LateLimit(u16),
    #[error("identity_days: from 7 to 365, got {0}")]
    IdentityDays(u16),
    #[error("objection_days: from 8 to 60, got {0}")]
    ObjectionDays(u16),
    #[error("miss or late_cancel: a pause lasts from 1 to 365 days")]
    Pause,
    #[error("public_hours: from 0 to {PUBLIC_HOURS_MAX}, got {0}")]
    PublicHours(u16),
    #[error("survival_percent: from 0 to 100, got {0}")]
    SurvivalPercent(u8),
    #[error("few_percent: from 0 to 100, got {0}")]
    FewPercent(u8),
    #[error("retention_days: from 30 to 1825, got {0}")]
    RetentionDays(u16),
}

impl RulesError {
    /// The field at fault.
    pub fn field(&self) -> &'static str {
        match self {
            Self::WeightCap(_) => "weight_cap",
            Self::WeightStep => "weight_step",
            Self::GuaranteeMissing | Self::GuaranteeUnused => "guarantee_after_draws",
            Self::Label(_)
            | Self::ReserveSeats(_)
            | Self::ReserveShares(_)
            | Self::ReserveName
            | Self::ReserveGround(_) => "reserves",
            Self::Timetable(_) | Self::TooOften { .. } => "timetable",
            Self::Lead(_) => "lead_minutes",
            Self::Horizon { .. } => "horizon_days",
            Self::Notice => "notice_min_days",
            Self::Window => "window",
            Self::LateLimit(_) => "late_limit_hours",
            Self::IdentityDays(_) => "identity_days",
            Self::ObjectionDays(_) => "objection_days",
            Self::Pause => "miss",
            Self::PublicHours(_) => "public_hours",
            Self::SurvivalPercent(_) => "survival_percent",
            Self::FewPercent(_) => "few_percent",
            Self::RetentionDays(_) => "retention_days",
        }
    }

    /// The word of its sentence: its field, unless it has a sentence of its own.
    pub fn code(&self) -> &'static str {
        match self {
            Self::ReserveGround(_) => "reserve_ground",
            _ => self.field(),
        }
    }
}

impl Rules {
    /// Refuses rules that cannot be kept. The timetable itself is tried by
    /// [`super::timetable::Timetable`], which knows the zone.
    ///
    /// # Errors
    /// The first rule that is impossible, with its field and the reason.
    pub fn check(&self) -> Result<(), RulesError> {
        if !(1..=32).contains(&self.weight_cap) {
            return Err(RulesError::WeightCap(self.weight_cap));
        }
        if matches!(self.mode, Mode::Seniority | Mode::Guarantee) && self.weight_step == 0 {
            return Err(RulesError::WeightStep);
        }
        match (self.mode, self.guarantee_after_draws) {
            (Mode::Guarantee, None | Some(0)) => return Err(RulesError::GuaranteeMissing),
            (Mode::Guarantee, Some(_)) | (_, None) => {}
            (_, Some(_)) => return Err(RulesError::GuaranteeUnused),
        }
        self.check_reserves()?;
        if !(LEAD_MIN_MINUTES..=10_080).contains(&self.lead_minutes) {
            return Err(RulesError::Lead(self.lead_minutes));
        }
        if self.notice_min_days == 0 {
            return Err(RulesError::Notice);
        }
        if self.horizon_days <= self.notice_min_days {
            return Err(RulesError::Horizon {
                horizon_days: self.horizon_days,
                notice_min_days: self.notice_min_days,
            });
        }
        if self.window.is_some_and(|window| window.opens_days <= window.online_until_days) {
            return Err(RulesError::Window);
        }
        if u32::from(self.late_limit_hours) > u32::from(self.notice_min_days) * 24 {
            return Err(RulesError::LateLimit(self.late_limit_hours));
        }
        if !(7..=365).contains(&self.identity_days) {
            return Err(RulesError::IdentityDays(self.identity_days));
        }
        if !(30..=1_825).contains(&self.retention_days) {
            return Err(RulesError::RetentionDays(self.retention_days));
        }
        if !(8..=60).contains(&self.objection_days) {
            return Err(RulesError::ObjectionDays(self.objection_days));
        }
        let impossible_pause =
            |penalty| matches!(penalty, Penalty::PauseDays(days) if !(1..=365).contains(&days));
        if impossible_pause(self.miss) || impossible_pause(self.late_cancel) {
            return Err(RulesError::Pause);
        }
        self.check_publication()
    }

    fn check_publication(&self) -> Result<(), RulesError> {
        if self.public_hours > PUBLIC_HOURS_MAX {
            return Err(RulesError::PublicHours(self.public_hours));
        }
        if self.survival_percent > 100 {
            return Err(RulesError::SurvivalPercent(self.survival_percent));
        }
        if self.few_percent > 100 {
            return Err(RulesError::FewPercent(self.few_percent));
        }
        Ok(())
    }

    fn check_reserves(&self) -> Result<(), RulesError> {
        let mut percents = 0;
        for (at, reserve) in self.reserves.iter().enumerate() {
            let twice = self.reserves[..at].iter().any(|other| other.label == reserve.label);
            if twice || reserve.label == 0 {
                return Err(RulesError::Label(reserve.label));
            }
            let readable =
                clean_line(&reserve.name).is_ok_and(|name| !name.is_empty() && name == reserve.name.trim());
            if !readable || reserve.name.chars().count() > 80 {
                return Err(RulesError::ReserveName);
            }
            if tells_a_ground(&reserve.name) {
                return Err(RulesError::ReserveGround(reserve.name.clone()));
            }
            match reserve.seats {
                ReserveSeats::Percent(percent @ 1..=100) => percents += u32::from(percent),
                ReserveSeats::Seats(1..) => {}
                _ => return Err(RulesError::ReserveSeats(reserve.name.clone())),
            }
        }
        if percents > 100 { Err(RulesError::ReserveShares(percents)) } else { Ok(()) }
    }

    /// The reserves of a draw with so many frozen seats: label and seats, by precedence.
    pub fn reserve_seats(&self, frozen_seats: u32) -> Vec<(u8, u32)> {
        self.reserves
            .iter()
            .map(|reserve| {
                let seats = match reserve.seats {
                    ReserveSeats::Seats(seats) => seats,
                    ReserveSeats::Percent(percent) => {
                        let share = u64::from(frozen_seats) * u64::from(percent) / 100;
                        u32::try_from(share).unwrap_or(frozen_seats)
                    }
                };
                (reserve.label, seats)
            })
            .collect()
    }

    /// The latest publication of a slot that a list of this instant takes. Slots freed later wait as well.
    pub fn public_by(&self, freeze_at: DateTime<Utc>) -> DateTime<Utc> {
        freeze_at - TimeDelta::hours(self.public_hours.into())
    }

    /// How many of a draw's seats somebody must accept for it to count as survived: at least one.
    pub fn survival_seats(&self, frozen_seats: u32) -> u32 {
        let share = (u64::from(frozen_seats) * u64::from(self.survival_percent)).div_ceil(100);
        u32::try_from(share).unwrap_or(frozen_seats).max(1)
    }

    /// Where an entry stands in a draw under these rules.
    pub fn place(&self, standing: &Standing) -> Place {
        let guaranteed = self.mode == Mode::Guarantee
            && self.guarantee_after_draws.is_some_and(|draws| standing.draws_survived >= u32::from(draws));
        let tier = match standing {
            Standing { displaced: true, .. } => 0,
            Standing { priority: true, .. } => 1,
            _ if guaranteed => 2,
            _ => 3,
        };
        let bucket = match self.mode {
            Mode::Arrival => standing.arrival_day,
            Mode::Guarantee if tier < 3 => standing.arrival_day,
            _ => 0,
        };
        let weight = match self.mode {
            Mode::Seniority | Mode::Guarantee => {
                let grown = u64::from(standing.draws_survived) * u64::from(self.weight_step) + 1;
                u8::try_from(grown.min(self.weight_cap.into())).unwrap_or(self.weight_cap)
            }
            Mode::Lottery | Mode::Arrival => 1,
        };
        let reserve = self
            .reserves
            .iter()
            .filter(|reserve| standing.labels.contains(&reserve.label))
            .find(|reserve| !reserve.deadline_required || standing.deadline_seen)
            .map_or(0, |reserve| reserve.label);
        Place { tier, bucket, weight, reserve }
    }

    /// Whether the window lets somebody with this deadline register on `today` by `channel`.
    ///
    /// # Errors
    /// The reason, with the day from which it will be possible.
    pub fn admits(
        &self,
        deadline: Option<NaiveDate>,
        today: NaiveDate,
        channel: Channel,
    ) -> Result<(), WindowError> {
        let Some(window) = self.window else {
            return Ok(());
        };
        let deadline = deadline.ok_or(WindowError::DeadlineMissing)?;
        let opens_on = deadline - Days::new(window.opens_days.into());
        if today < opens_on {
            return Err(WindowError::NotYet { opens_on });
        }
        let online_until = deadline - Days::new(window.online_until_days.into());
        if channel == Channel::Online && today > online_until {
            return Err(WindowError::AgentOnly { since: online_until });
        }
        Ok(())
    }
}

/// Why a registration falls outside the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum WindowError {
    #[error("deadline: this queue needs the expiry date of the permit")]
    DeadlineMissing,
    #[error("deadline: registration opens on {opens_on}")]
    NotYet { opens_on: NaiveDate },
    #[error("deadline: since {since} an agent registers you, by phone or at the counter")]
    AgentOnly { since: NaiveDate },
}

/// What the rules need to know of an entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Day of registration in the prefecture's zone, in days since 1970-01-01.
    pub arrival_day: u32,
    /// Drawn draws in whose list the entry stood, with a chance, without winning.
    pub draws_survived: u32,
    /// A convocation was taken from the holder by the prefecture.
    pub displaced: bool,
    /// Two agents granted priority for a recorded reason.
    pub priority: bool,
    /// Labels an agent granted.
    pub labels: Vec<u8>,
    /// An agent has seen the evidence of the deadline.
    pub deadline_seen: bool,
}

impl Standing {
    /// Of two entries of one person, what the kept one has: the earlier day, and whatever was granted to either. A label
    /// means something in one queue only.
    #[must_use]
    pub fn joined(&self, other: &Self, is_same_queue: bool) -> Self {
        let theirs: &[u8] = if is_same_queue { &other.labels } else { &[] };
        let labels: BTreeSet<u8> = self.labels.iter().chain(theirs).copied().collect();
        Self {
            arrival_day: self.arrival_day.min(other.arrival_day),
            draws_survived: self.draws_survived.max(other.draws_survived),
            displaced: self.displaced || other.displaced,
            priority: self.priority || other.priority,
            labels: labels.into_iter().collect(),
            deadline_seen: self.deadline_seen || other.deadline_seen,
        }
    }
}

/// An entry's place in a draw: see docs/architecture.md, “the key”.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub tier: u8,
    pub bucket: u32,
    pub weight: u8,
    pub reserve: u8,
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
