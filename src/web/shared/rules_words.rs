//! The rules of a queue in plain words: what the public reads, and what those who approve a version read
//! before they do.

use crate::domain::audience::FEW_WAITING_MIN;
use crate::domain::rules::{Mode, Penalty, Reserve, ReserveSeats, Rules};
use crate::locale::Lang;

/// One rule: what it is about, and what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleLine {
    pub title: String,
    pub text: String,
}

/// Every rule of a version, except the timetable, which is shown as dates.
pub fn rules_words(lang: Lang, rules: &Rules) -> Vec<RuleLine> {
    let line = |title: &str, text: String| RuleLine { title: lang.text(title), text };
    let mut lines =
        vec![line("rule-mode", mode(lang, rules)), line("rule-first", lang.text("rule-first-text"))];
    lines.extend(rules.reserves.iter().map(|it| line("rule-reserve", reserve(lang, it))));
    lines.push(line(
        "rule-lead",
        lang.with("rule-lead-text", [("duration", minutes(lang, rules.lead_minutes).into())]),
    ));
    lines.push(line("rule-notice", lang.with("rule-notice-text", [("days", rules.notice_min_days.into())])));
    lines.push(line("rule-horizon", lang.with("rule-horizon-text", [("days", rules.horizon_days.into())])));
    lines.push(line("rule-public", public(lang, rules)));
    if matches!(rules.mode, Mode::Seniority | Mode::Guarantee) {
        lines.push(line("rule-survival", survival(lang, rules)));
    }
    lines.push(line("rule-few", few(lang, rules)));
    if let Some(text) = window(lang, rules) {
        lines.push(line("rule-window", text));
    }
    lines.push(line("rule-give-back", give_back(lang, rules)));
    lines.push(line("rule-late", late(lang, rules)));
    lines.push(line("rule-miss", lang.with("rule-miss-text", [("cost", penalty(lang, rules.miss).into())])));
    let days = [("days", rules.objection_days.into())];
    lines.push(line("rule-objection", lang.with("rule-objection-text", days)));
    lines.push(line("rule-scope", lang.text(&format!("rule-scope-{}", rules.scope.key()))));
    let identity = if rules.admit_declared { "rule-identity-declared" } else { "rule-identity-verified" };
    lines.push(line("rule-identity", lang.with(identity, [("days", rules.identity_days.into())])));
    let days = [("days", rules.retention_days.into())];
    lines.push(line("rule-retention", lang.with("rule-retention-text", days)));
    lines
}

/// For how long a slot is public before a list takes it.
pub fn public(lang: Lang, rules: &Rules) -> String {
    lang.with("rule-public-text", [("hours", rules.public_hours.into())])
}

/// What a draw must have offered somebody to count as survived.
pub fn survival(lang: Lang, rules: &Rules) -> String {
    lang.with("rule-survival-text", [("percent", rules.survival_percent.into())])
}

fn few(lang: Lang, rules: &Rules) -> String {
    lang.with("rule-few-text", [("percent", rules.few_percent.into()), ("people", FEW_WAITING_MIN.into())])
}

fn mode(lang: Lang, rules: &Rules) -> String {
    lang.with(
        &format!("rule-mode-{}", rules.mode.key()),
        [
            ("step", rules.weight_step.into()),
            ("cap", rules.weight_cap.into()),
            ("draws", rules.guarantee_after_draws.unwrap_or_default().into()),
        ],
    )
}

/// The name of a mode in a few words.
pub fn mode_name(lang: Lang, mode: Mode) -> String {
    lang.text(&format!("mode-{}", mode.key()))
}

/// A reserve by its number: its name and its evidence stay with staff.
fn reserve(lang: Lang, reserve: &Reserve) -> String {
    let (key, number) = match reserve.seats {
        ReserveSeats::Seats(seats) => ("rule-reserve-seats", seats),
        ReserveSeats::Percent(percent) => ("rule-reserve-percent", percent.into()),
    };
    lang.with(key, [("label", reserve.label.into()), ("number", number.into())])
}

/// When one may register, if the rules bind it to a deadline.
pub fn window(lang: Lang, rules: &Rules) -> Option<String> {
    let window = rules.window?;
    let days = [("opens", window.opens_days.into()), ("until", window.online_until_days.into())];
    Some(lang.with("rule-window-text", days))
}

/// What giving a slot back in time costs.
pub fn give_back(lang: Lang, rules: &Rules) -> String {
    lang.with("rule-give-back-text", [("hours", rules.late_limit_hours.into())])
}

fn late(lang: Lang, rules: &Rules) -> String {
    let values =
        [("hours", rules.late_limit_hours.into()), ("cost", penalty(lang, rules.late_cancel).into())];
    lang.with("rule-late-text", values)
}

/// What a penalty is, as the second half of a sentence.
pub fn penalty(lang: Lang, penalty: Penalty) -> String {
    match penalty {
        Penalty::Close => lang.text("penalty-close"),
        Penalty::PauseDays(days) => lang.with("penalty-pause", [("days", days.into())]),
    }
}

/// A duration in words: whole hours where it is.
pub fn minutes(lang: Lang, minutes: u32) -> String {
    if minutes.is_multiple_of(60) {
        lang.with("duration-hours", [("n", (minutes / 60).into())])
    } else {
        lang.with("duration-minutes", [("n", minutes.into())])
    }
}
