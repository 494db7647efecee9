//! What is noted of an appointment, and what it costs: ticks and penalties as rows.

use chrono::{DateTime, Days, Utc};
use sqlx::FromRow;

use crate::domain::ids::{ApplicantId, ConvocationId, EntryId, StaffId};
use crate::domain::local_time::Zone;
use crate::domain::penalty::{Announced, Case, PenaltyReason, PenaltyState};
use crate::domain::rules::Penalty;
use crate::domain::tick::Tick;
use crate::store::directory::zone_of;

/// What an agent has noted of a convocation, and until when it can be corrected.
#[derive(Clone, Copy, Debug, Default, FromRow)]
pub struct TickColumns {
    pub tick: Option<Tick>,
    pub ticked_by: Option<StaffId>,
    pub ticked_at: Option<DateTime<Utc>>,
    pub settles_at: Option<DateTime<Utc>>,
}

/// A penalty, with the appointment that it is for and the key that opens what was written of it.
#[derive(Clone, Debug, FromRow)]
pub struct PenaltyRecord {
    pub convocation_id: ConvocationId,
    /// Whose appointment it was.
    pub entry_id: EntryId,
    pub reason: PenaltyReason,
    /// None where the rules close the entry.
    pub days: Option<i32>,
    pub objection_days: i32,
    pub state: PenaltyState,
    pub noted_by: Option<StaffId>,
    /// When what it is for was noted: an absence, before it was final.
    pub noted_at: DateTime<Utc>,
    pub announced_at: DateTime<Utc>,
    pub told_at: Option<DateTime<Utc>>,
    pub effect_at: DateTime<Utc>,
    pub objection: Option<Vec<u8>>,
    pub objected_at: Option<DateTime<Utc>>,
    pub objected_by: Option<StaffId>,
    pub decided_by: Option<StaffId>,
    pub decided_at: Option<DateTime<Utc>>,
    pub decided_reason: Option<Vec<u8>>,
    pub applicant_id: ApplicantId,
    pub wrapped_key: Vec<u8>,
    pub starts_at: DateTime<Utc>,
    pub site: String,
    pub zone: String,
}

impl PenaltyRecord {
    pub const fn case(&self) -> Case {
        Case {
            state: self.state,
            is_told: self.told_at.is_some(),
            effect_at: self.effect_at,
            noted_by: self.noted_by,
        }
    }

    pub fn announced(&self) -> Announced {
        let days = self.days.map(|days| u16::try_from(days).unwrap_or(u16::MAX));
        Announced { reason: self.reason, cost: days.map_or(Penalty::Close, Penalty::PauseDays) }
    }

    /// The end of the suspension, if it is one.
    pub fn suspended_until(&self) -> Option<DateTime<Utc>> {
        match self.announced().cost {
            Penalty::PauseDays(days) => Some(self.effect_at + Days::new(days.into())),
            Penalty::Close => None,
        }
    }

    /// Where the appointment was.
    pub fn zone(&self) -> Zone {
        zone_of(&self.zone)
    }
}
