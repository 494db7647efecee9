//! A penalty in words: what it is for, what it costs, from when, and how to object. The status page, letters and the
//! agent's page say the same.

use chrono::{DateTime, Utc};

use crate::domain::ids::ConvocationId;
use crate::domain::notice::Way;
use crate::domain::penalty::{PenaltyState, expected_effect};
use crate::domain::rules::Penalty as Cost;
use crate::domain::text_enum::key_of;
use crate::flow::penalties::Penalty;
use crate::flow::status::Holder;
use crate::locale::Lang;

/// A penalty in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SaidPenalty {
    pub id: ConvocationId,
    pub state: PenaltyState,
    pub effect_at: DateTime<Utc>,
    /// What it is for, what it costs, how it stands.
    pub lines: Vec<String>,
    /// How to object, while that is possible.
    pub how: Vec<String>,
    /// What the holder wrote, or said to an agent.
    pub objection: Option<String>,
}

impl SaidPenalty {
    /// As paragraphs of a letter.
    pub fn letter(&self) -> String {
        let lines: Vec<&str> = self.lines.iter().chain(&self.how).map(String::as_str).collect();
        lines.join("\n\n")
    }
}

/// When it takes effect: told by `way` from now on, if it is not told yet.
fn effect(holder: &Holder, penalty: &Penalty, way: Way) -> DateTime<Utc> {
    let effect_at = penalty.case.effect_at;
    if penalty.case.is_told {
        return effect_at;
    }
    expected_effect(holder.now, way, penalty.objection_days).max(effect_at)
}

/// The same, in words.
pub(super) fn effect_day(lang: Lang, holder: &Holder, penalty: &Penalty) -> String {
    lang.instant(effect(holder, penalty, holder.reach.first()), holder.zone)
}

/// Says a penalty to its holder, who is told by `way`.
pub fn said_penalty(lang: Lang, holder: &Holder, penalty: &Penalty, way: Way) -> SaidPenalty {
    let zone = penalty.zone;
    let days = match penalty.announced.cost {
        Cost::PauseDays(days) => Some(days),
        Cost::Close => None,
    };
    let effect = effect(holder, penalty, way);
    let reason = penalty.announced.reason;
    let values: Vec<_> = [
        ("date", lang.date(zone.local_date(penalty.starts_at)).into()),
        ("time", lang.time(penalty.starts_at, zone).into()),
        ("site", penalty.site.clone().into()),
        ("days", days.unwrap_or_default().into()),
        ("withdrawn", if holder.entry.state.is_live() { "no" } else { "yes" }.into()),
        ("effect", lang.instant(effect, holder.zone).into()),
        ("ruling", penalty.decided_reason.clone().unwrap_or_default().into()),
    ]
    .into();
    let say = |key: &str| lang.with(key, values.clone());
    let cost = if days.is_some() { "penalty-cost-pause" } else { "penalty-cost-close" };
    let state = penalty.case.state;
    let mut lines = vec![say(&format!("penalty-reason-{}", key_of(reason.as_str())))];
    lines.extend((state != PenaltyState::Lifted).then(|| say(cost)));
    lines.push(say(&format!("penalty-state-{}", key_of(state.as_str()))));
    lines.extend(penalty.decided_reason.as_ref().map(|_| say("penalty-ruling")));
    let how = match penalty.case.object(holder.now) {
        Ok(_) => vec![say("penalty-how"), say("penalty-law")],
        Err(_) => Vec::new(),
    };
    SaidPenalty {
        id: penalty.convocation_id,
        state,
        effect_at: effect,
        lines,
        how,
        objection: penalty.objection.clone(),
    }
}
