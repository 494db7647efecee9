//! The rules of a queue as the fields of a form: written into it, read out of it, and compared.

use std::str::FromStr;

use crate::domain::rules::{Mode, Penalty, Reserve, ReserveSeats, Rules, Scope, Window};
use crate::domain::text::clean_line;
use crate::flow::Fault;
use crate::flow::effects::Listed;
use crate::flow::told::share;
use crate::locale::Lang;
use crate::web::shared::Fields;
use crate::web::shared::rules_words::{minutes, mode_name, penalty};
use crate::web::staff::kit::parts::{Fact, FormView};

/// Reserves that the form offers room for.
pub const RESERVES_MAX: usize = 5;

/// The names of the fields of one reserve, counted from 1.
pub fn reserve_field(row: usize, what: &str) -> String {
    format!("reserve{row}_{what}")
}

/// The form, filled with a version.
pub fn filled(rules: &Rules) -> FormView {
    let mut pairs: Vec<(String, String)> = Vec::new();
    let mut put = |name: &str, value: String| pairs.push((name.to_owned(), value));
    put("mode", rules.mode.to_string());
    put("weight_step", rules.weight_step.to_string());
    put("weight_cap", rules.weight_cap.to_string());
    put(
        "guarantee_after_draws",
        rules.guarantee_after_draws.map(|draws| draws.to_string()).unwrap_or_default(),
    );
    put("timetable", rules.timetable.clone());
    put("lead_minutes", rules.lead_minutes.to_string());
    put("notice_min_days", rules.notice_min_days.to_string());
    put("horizon_days", rules.horizon_days.to_string());
    if let Some(window) = rules.window {
        put("window_opens_days", window.opens_days.to_string());
        put("window_online_until_days", window.online_until_days.to_string());
    }
    put("late_limit_hours", rules.late_limit_hours.to_string());
    for (name, penalty) in [("miss", rules.miss), ("late_cancel", rules.late_cancel)] {
        match penalty {
            Penalty::Close => put(name, "close".to_owned()),
            Penalty::PauseDays(days) => {
                put(name, "pause".to_owned());
                put(&format!("{name}_days"), days.to_string());
            }
        }
    }
    put("objection_days", rules.objection_days.to_string());
    put("scope", rules.scope.to_string());
    if rules.admit_declared {
        put("admit_declared", "1".to_owned());
    }
    put("identity_days", rules.identity_days.to_string());
    put("public_hours", rules.public_hours.to_string());
    put("survival_percent", rules.survival_percent.to_string());
    put("few_percent", rules.few_percent.to_string());
    put("retention_days", rules.retention_days.to_string());
    for (row, reserve) in (1..).zip(&rules.reserves) {
        let (unit, amount) = match reserve.seats {
            ReserveSeats::Seats(seats) => ("seats", seats),
            ReserveSeats::Percent(percent) => ("percent", u32::from(percent)),
        };
        put(&reserve_field(row, "name"), reserve.name.clone());
        put(&reserve_field(row, "label"), reserve.label.to_string());
        put(&reserve_field(row, "amount"), amount.to_string());
        put(&reserve_field(row, "unit"), unit.to_owned());
        if reserve.deadline_required {
            put(&reserve_field(row, "deadline"), "1".to_owned());
        }
    }
    FormView::filled(pairs)
}

/// Reads the form. Whether the rules can be kept is for the flow to say.
///
/// # Errors
/// Every field that cannot be read.
pub fn read(fields: &Fields) -> Result<Rules, Vec<Fault>> {
    let mut reader = Reader { fields, faults: Vec::new() };
    let rules = Rules {
        mode: reader.one_of("mode", Mode::Lottery),
        weight_step: reader.number_or("weight_step", 1),
        weight_cap: reader.number_or("weight_cap", 1),
        guarantee_after_draws: reader.optional("guarantee_after_draws"),
        reserves: reader.reserves(),
        timetable: fields.first("timetable").to_owned(),
        lead_minutes: reader.number("lead_minutes"),
        notice_min_days: reader.number("notice_min_days"),
        horizon_days: reader.number("horizon_days"),
        window: reader.window(),
        late_limit_hours: reader.number("late_limit_hours"),
        late_cancel: reader.penalty("late_cancel", "late_cancel_days"),
        miss: reader.penalty("miss", "miss_days"),
        objection_days: reader.number("objection_days"),
        scope: reader.one_of("scope", Scope::Installation),
        admit_declared: fields.has("admit_declared"),
        identity_days: reader.number("identity_days"),
        public_hours: reader.number("public_hours"),
        survival_percent: reader.number("survival_percent"),
        few_percent: reader.number("few_percent"),
        retention_days: reader.number("retention_days"),
    };
    if reader.faults.is_empty() { Ok(rules) } else { Err(reader.faults) }
}

struct Reader<'a> {
    fields: &'a Fields,
    faults: Vec<Fault>,
}

impl Reader<'_> {
    fn fault(&mut self, field: &'static str, word: &str) {
        self.faults.push(Fault::new(field, word));
    }

    fn number<T: FromStr + Default>(&mut self, field: &'static str) -> T {
        self.fields.first(field).parse().unwrap_or_else(|_| {
            self.fault(field, "rules-number");
            T::default()
        })
    }

    /// A number that may be left out.
    fn optional<T: FromStr + Default>(&mut self, field: &'static str) -> Option<T> {
        self.fields.has(field).then(|| self.number(field))
    }

    fn number_or<T: FromStr + Default>(&mut self, field: &'static str, otherwise: T) -> T {
        self.optional(field).unwrap_or(otherwise)
    }

    fn one_of<T: FromStr>(&mut self, field: &'static str, otherwise: T) -> T {
        self.fields.first(field).parse().unwrap_or_else(|_| {
            self.fault(field, "rules-choice");
            otherwise
        })
    }

    fn window(&mut self) -> Option<Window> {
        let (opens, until) = ("window_opens_days", "window_online_until_days");
        if !self.fields.has(opens) && !self.fields.has(until) {
            return None;
        }
        Some(Window { opens_days: self.number(opens), online_until_days: self.number_or(until, 0) })
    }

    fn penalty(&mut self, field: &'static str, days: &'static str) -> Penalty {
        match self.fields.first(field) {
            "close" => Penalty::Close,
            "pause" => Penalty::PauseDays(self.number(days)),
            _ => {
                self.fault(field, "rules-choice");
                Penalty::Close
            }
        }
    }

    fn reserves(&mut self) -> Vec<Reserve> {
        (1..=RESERVES_MAX).filter_map(|row| self.reserve(row)).collect()
    }

    /// A row that is left empty is no reserve.
    fn reserve(&mut self, row: usize) -> Option<Reserve> {
        let of = |what: &str| self.fields.first(&reserve_field(row, what));
        let (name, label, amount) = (of("name"), of("label"), of("amount"));
        if name.is_empty() && label.is_empty() && amount.is_empty() {
            return None;
        }
        let seats = match of("unit") {
            "percent" => amount.parse().ok().map(ReserveSeats::Percent),
            _ => amount.parse().ok().map(ReserveSeats::Seats),
        };
        let deadline_required = !of("deadline").is_empty();
        let reserve = label.parse().ok().zip(seats).map(|(label, seats)| Reserve {
            label,
            name: clean_line(name).unwrap_or_else(|_| name.to_owned()),
            seats,
            deadline_required,
        });
        if reserve.is_none() {
            self.fault("reserves", "rules-reserves");
        }
        reserve
    }
}

/// One fact a field, in the order of the form: two versions are compared line by line.
fn facts(lang: Lang, rules: &Rules) -> Vec<Fact> {
    let fact = |key: &str, text: String| Fact::new(lang, &format!("manage-rules-{key}"), text);
    let number = |number: u32| number.to_string();
    let none = || lang.text("staff-none");
    let window = rules.window.map_or_else(none, |window| {
        let days = [("opens", window.opens_days.into()), ("until", window.online_until_days.into())];
        lang.with("manage-rules-window-short", days)
    });
    let reserves: Vec<String> = rules.reserves.iter().map(|it| reserve(lang, it)).collect();
    let guarantee = rules.guarantee_after_draws.map_or_else(none, |draws| draws.to_string());
    vec![
        fact("mode", mode_name(lang, rules.mode)),
        fact("weight-step", number(rules.weight_step.into())),
        fact("weight-cap", number(rules.weight_cap.into())),
        fact("guarantee", guarantee),
        fact("part-reserves", if reserves.is_empty() { none() } else { reserves.join(" ; ") }),
        fact("timetable", rules.timetable.clone()),
        fact("lead", minutes(lang, rules.lead_minutes)),
        fact("notice", number(rules.notice_min_days.into())),
        fact("horizon", number(rules.horizon_days.into())),
        fact("window", window),
        fact("late-limit", number(rules.late_limit_hours.into())),
        fact("miss", penalty(lang, rules.miss)),
        fact("late-cancel", penalty(lang, rules.late_cancel)),
        fact("objection-days", number(rules.objection_days.into())),
        fact("scope", lang.text(&format!("manage-rules-scope-{}", rules.scope.key()))),
        fact("admit", lang.text(if rules.admit_declared { "staff-yes" } else { "staff-no" })),
        fact("identity-days", number(rules.identity_days.into())),
        fact("public-hours", number(rules.public_hours.into())),
        fact("survival", number(rules.survival_percent.into())),
        fact("few", number(rules.few_percent.into())),
        fact("retention-days", number(rules.retention_days.into())),
    ]
}

fn reserve(lang: Lang, reserve: &Reserve) -> String {
    let (key, amount) = match reserve.seats {
        ReserveSeats::Seats(seats) => ("manage-rules-reserve-seats", seats),
        ReserveSeats::Percent(percent) => ("manage-rules-reserve-percent", u32::from(percent)),
    };
    let deadline = if reserve.deadline_required { "staff-yes" } else { "staff-no" };
    lang.with(
        key,
        [
            ("label", reserve.label.into()),
            ("name", reserve.name.clone().into()),
            ("amount", amount.into()),
            ("deadline", lang.text(deadline).into()),
        ],
    )
}

/// A field that a proposal changes.
pub struct Change {
    pub label: String,
    pub before: String,
    pub after: String,
}

/// What a proposal changes, field by field.
pub fn changes(lang: Lang, now: &Rules, then: &Rules) -> Vec<Change> {
    let pairs = facts(lang, now).into_iter().zip(facts(lang, then));
    pairs
        .filter(|(before, after)| before.text != after.text)
        .map(|(before, after)| Change { label: before.label, before: before.text, after: after.text })
        .collect()
}

/// What rules make of those who wait, where it differs; how many they are in any case.
pub fn effects(lang: Lang, now: &Listed, then: &Listed) -> Vec<Change> {
    let count = |n: u32| lang.with("manage-effect-count", [("n", n.into())]);
    let chance = |chance: Option<f64>| chance.map_or_else(|| "–".to_owned(), |chance| share(lang, chance));
    let mut rows = vec![("manage-effect-listed".to_owned(), count(now.people), count(then.people))];
    for (tier, (now, then)) in now.tiers.into_iter().zip(then.tiers).enumerate() {
        rows.push((format!("draw-count-tier-{tier}"), count(now), count(then)));
    }
    for (key, [now, then]) in [
        ("manage-effect-newcomer", [now, then].map(|listed| count(listed.newcomer.before))),
        ("manage-effect-newcomer-chance", [now, then].map(|listed| chance(listed.newcomer.chance))),
        ("manage-effect-oldest-chance", [now, then].map(|listed| chance(listed.oldest))),
    ] {
        rows.push((key.to_owned(), now, then));
    }
    rows.into_iter()
        .enumerate()
        .filter(|(at, (_, before, after))| *at == 0 || before != after)
        .map(|(_, (key, before, after))| Change { label: lang.text(&key), before, after })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules() -> Rules {
        Rules {
            mode: Mode::Guarantee,
            weight_step: 2,
            weight_cap: 12,
            guarantee_after_draws: Some(8),
            reserves: vec![Reserve {
                label: 3,
                name: "Titre qui expire".to_owned(),
                seats: ReserveSeats::Percent(20),
                deadline_required: true,
            }],
            timetable: "0 18 * * MON".to_owned(),
            lead_minutes: 60,
            notice_min_days: 7,
            horizon_days: 42,
            window: Some(Window { opens_days: 120, online_until_days: 60 }),
            late_limit_hours: 48,
            late_cancel: Penalty::PauseDays(14),
            miss: Penalty::Close,
            objection_days: 15,
            scope: Scope::Prefecture,
            admit_declared: true,
            identity_days: 60,
            public_hours: 24,
            survival_percent: 5,
            few_percent: 10,
            retention_days: 365,
        }
    }

    #[test]
    fn rules_read_back_from_their_own_form() {
        assert_eq!(read(&filled(&rules()).fields), Ok(rules()));
        let plain = Rules {
            mode: Mode::Lottery,
            guarantee_after_draws: None,
            reserves: Vec::new(),
            window: None,
            admit_declared: false,
            ..rules()
        };
        assert_eq!(read(&filled(&plain).fields), Ok(plain));
    }

    #[test]
    fn every_field_that_cannot_be_read_is_named() {
        let form =
            FormView::filled([("mode", "chance"), ("lead_minutes", "-1"), ("reserve2_name", "Sans places")]);
        let named: Vec<&str> = read(&form.fields).unwrap_err().iter().map(|fault| fault.field).collect();
        for field in ["mode", "reserves", "lead_minutes", "notice_min_days", "miss", "late_cancel", "scope"] {
            assert!(named.contains(&field), "{field} is missing from {named:?}");
        }
    }

    #[test]
    fn a_proposal_shows_only_the_fields_it_changes() {
        let then = Rules { horizon_days: 50, miss: Penalty::PauseDays(7), ..rules() };
        assert_eq!(changes(Lang::default(), &rules(), &then).len(), 2);
        assert!(changes(Lang::default(), &rules(), &rules()).is_empty());
    }
}
