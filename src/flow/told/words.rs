//! The sentences of what a holder is told, in their language or an agent's. One key a point and one a next
//! action: `situation-…-headline`, `situation-…-why`, `situation-do-…`.

use chrono::TimeDelta;
use fluent_templates::fluent_bundle::FluentValue;

use super::penalty::effect_day;
use super::{Outlook, identity_closes, offer, open_penalty, pending};
use crate::domain::estimate::Estimate;
use crate::domain::register_of_numbers::RegisterCheck;
use crate::domain::rules::Mode;
use crate::domain::situation::{Point, Situation, Tone};
use crate::domain::text_enum::key_of;
use crate::flow::chances::{Chances, Odds};
use crate::flow::status::{Holder, Status};
use crate::locale::Lang;

/// A situation in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    pub tone: Tone,
    pub headline: String,
    pub why: String,
    pub action: String,
    /// Headline and reason of what holds as well.
    pub others: Vec<(String, String)>,
}

impl Said {
    pub fn of(lang: Lang, holder: &Holder, situation: &Situation) -> Self {
        let values = values(lang, holder);
        let say = |point: &Point, part: &str| {
            lang.with(&format!("situation-{}-{part}", key_of(point.as_str())), values.clone())
        };
        Self {
            tone: situation.tone,
            headline: say(&situation.headline, "headline"),
            why: say(&situation.headline, "why"),
            action: lang.with(&format!("situation-do-{}", key_of(situation.action.as_str())), values.clone()),
            others: (situation.others.iter())
                .map(|point| (say(point, "headline"), say(point, "why")))
                .chain(register_due(lang, holder))
                .collect(),
        }
    }
}

/// The register of numbers is still to be asked. What it said is nobody's business but an agent's.
fn register_due(lang: Lang, holder: &Holder) -> Option<(String, String)> {
    let is_due = holder.register_check == Some(RegisterCheck::Due);
    is_due.then(|| (lang.text("register-due-headline"), lang.text("register-due-why")))
}

/// What the sentences may name.
fn values(lang: Lang, holder: &Holder) -> Vec<(&'static str, FluentValue<'static>)> {
    let Holder { entry, zone, queue, .. } = holder;
    let live = holder.convocation.as_ref();
    let instant = |at| lang.instant(at, *zone);
    let closes = identity_closes(entry, &holder.notices, queue.rules.identity_days);
    let first_day = offer(holder).map(|offer| offer.notified.first_day);
    let seed_at = pending(holder).and_then(|pending| {
        let under_way = holder.draw.as_ref().filter(|draw| draw.id == pending.draw_id);
        // That of a queue which the entry has left since is told from its list.
        let lead = TimeDelta::minutes(queue.rules.lead_minutes.into());
        under_way.map(|draw| draw.seed_at).or(pending.frozen_at.map(|at| at + lead))
    });
    let settles = live.and_then(|(live, site)| Some(lang.instant(live.ticked?.settles_at, site.zone)));
    let effect = open_penalty(holder).map(|penalty| effect_day(lang, holder, penalty));
    let none = String::new;
    let list = [
        ("at", live.map_or_else(none, |(live, site)| lang.instant(live.starts_at, site.zone))),
        ("site", live.map_or_else(none, |(_, site)| site.name.clone())),
        ("closes", closes.map_or_else(none, |at| lang.date(zone.local_date(at)))),
        ("first", first_day.map_or_else(none, |day| lang.date(day))),
        ("has-first", if first_day.is_some() && !entry.paused { "yes" } else { "no" }.to_owned()),
        ("term", if closes.is_some() { "runs" } else { "letter" }.to_owned()),
        ("deadline", entry.deadline.map_or_else(none, |day| lang.date(day))),
        ("draw", seed_at.map_or_else(none, instant)),
        ("ended", entry.ended_at.map_or_else(none, |at| lang.date(zone.local_date(at)))),
        ("list", holder.next_draws.first().map_or_else(none, |at| instant(*at))),
        ("convoked", if live.is_some() { "yes" } else { "no" }.to_owned()),
        ("missing", holder.missing.first().map_or_else(none, |(_, missing)| missing.clone())),
        ("queue", queue.name.clone()),
        ("until", entry.paused_until.map_or_else(none, instant)),
        ("effect", effect.unwrap_or_default()),
        ("settles", settles.unwrap_or_default()),
    ];
    list.into_iter().map(|(name, text)| (name, text.into())).collect()
}

/// A situation as one paragraph of a letter: all that holds, then what to do.
pub fn in_a_row(said: &Said) -> String {
    let holds = std::iter::once((&said.headline, &said.why)).chain(said.others.iter().map(|(a, b)| (a, b)));
    let holds = holds.map(|(headline, why)| format!("{headline}. {why} "));
    holds.collect::<String>() + &said.action
}

/// What the prefecture attests: that the person is registered, or from when to when they were.
pub fn attestation(lang: Lang, holder: &Holder) -> String {
    let entry = &holder.entry;
    let instant = |at| lang.instant(at, holder.zone);
    let values = [
        ("prefecture", holder.prefecture.name.clone().into()),
        ("name", holder.person.full_name().into()),
        ("queue", holder.queue.name.clone().into()),
        ("date", instant(entry.registered_at).into()),
    ];
    match entry.ended_at.filter(|_| !entry.state.is_live()) {
        None => lang.with("receipt-attestation", values),
        Some(ended) => {
            let values = values.into_iter().chain([("ended", instant(ended).into())]);
            lang.with("receipt-attestation-ended", values)
        }
    }
}

/// When the convocation may come, or why nobody can say.
pub fn outlook(lang: Lang, status: &Status) -> Option<String> {
    let waiting = [("waiting", status.waiting.into())];
    Some(match status.told.outlook? {
        Outlook::Paused => lang.text("estimate-paused"),
        Outlook::Identity => lang.text("estimate-identity"),
        Outlook::TooFar => lang.with("estimate-too-far", waiting),
        Outlook::NoSeats if status.estimate == Estimate::NoSeats => lang.with("estimate-no-seats", waiting),
        Outlook::NoSeats => lang.with("estimate-no-draw", waiting),
        Outlook::Between(from, to) => {
            let (from, to) = (status.zone.local_date(from), status.zone.local_date(to));
            let key = if from == to { "estimate-day" } else { "estimate-range" };
            let days = [("from", lang.date(from).into()), ("to", lang.date(to).into())];
            lang.with(key, days.into_iter().chain(waiting))
        }
    })
}

/// What counts for the holder in the next draw, and how likely it is to be theirs.
pub fn chances(lang: Lang, chances: &Chances) -> Vec<String> {
    let mut said = Vec::new();
    if chances.survived > 0 {
        said.push(lang.with("chances-survived", [("n", chances.survived.into())]));
    }
    if matches!(chances.mode, Mode::Seniority | Mode::Guarantee) {
        let weights = [("weight", chances.weight.into()), ("most", chances.weight_cap.into())];
        said.push(lang.with("chances-weight", weights));
    }
    match chances.to_guarantee {
        Some(0) => said.push(lang.text("chances-guaranteed")),
        Some(left) => said.push(lang.with("chances-to-guarantee", [("n", left.into())])),
        None => {}
    }
    said.extend(odds(lang, chances.odds));
    said
}

/// The one sentence of the odds in the next draw.
pub fn odds(lang: Lang, odds: Odds) -> Option<String> {
    match odds {
        Odds::Unknown => None,
        Odds::NoDraw => Some(lang.text("chances-no-draw")),
        Odds::NoSeat => Some(lang.text("chances-no-seat")),
        Odds::Share(share) if share < 0.001 => Some(lang.text("chances-others-first")),
        Odds::Share(one) => Some(lang.with("chances-odds", [("odds", share(lang, one).into())])),
    }
}

/// A share from 0 to 1 as a whole number of hundredths, never rounded to a certainty that it is not.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 100")]
pub fn share(lang: Lang, share: f64) -> String {
    let whole = (share * 100.0).round().clamp(0.0, 100.0) as u8;
    let (key, n) = match whole {
        0 if share > 0.0 => ("percent-under", 1),
        100 if share < 1.0 => ("percent", 99),
        whole => ("percent", whole),
    };
    lang.with(key, [("n", n.to_string().into())])
}
