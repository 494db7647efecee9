//! What giving an appointment back, or withdrawing, costs now: the same sentence for its holder and for the agent who
//! does it for them.

use fluent_templates::fluent_bundle::FluentValue;

use super::rules_words::penalty;
use crate::domain::local_time::Zone;
use crate::domain::rules::{Penalty, Rules};
use crate::flow::read::convocations::Convocation;
use crate::flow::status::Status;
use crate::locale::Lang;

/// What giving this appointment back costs, until when and from when on.
pub fn give_back(lang: Lang, status: &Status, live: &Convocation, zone: Zone) -> String {
    let rules = &live.rules;
    let late_from = live.convoked().late_from(rules);
    if live.told_at.is_none() {
        let sure = lang.instant(live.convoked().late_by_the_rules(rules), zone);
        let key = if status.entry.declines == 0 { "give-back-untold" } else { "give-back-untold-again" };
        lang.with(key, [("date", sure.into())])
    } else if status.now < late_from {
        let key = if status.entry.declines == 0 { "give-back-free" } else { "give-back-again" };
        let late = lang.with("give-back-then", late_cost(lang, rules));
        let free = lang.with(key, [("date", lang.instant(late_from, zone).into())]);
        format!("{free} {late}")
    } else {
        lang.with("give-back-late", late_cost(lang, rules))
    }
}

/// What a late return costs, and after how many days.
fn late_cost(lang: Lang, rules: &Rules) -> [(&'static str, FluentValue<'static>); 2] {
    [("cost", penalty(lang, rules.late_cancel).into()), ("days", rules.objection_days.into())]
}

/// What withdrawing costs now: with an appointment that is late to give back, what follows the person.
pub fn withdrawal(lang: Lang, status: &Status) -> Option<String> {
    let (live, _) = status.convocation.as_ref()?;
    let is_late = status.now >= live.convoked().late_from(&live.rules);
    let costs = matches!(live.rules.late_cancel, Penalty::PauseDays(_));
    (is_late && costs).then(|| lang.with("withdraw-late", late_cost(lang, &live.rules)))
}
