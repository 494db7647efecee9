//! The status of an entry in words. Somebody worried reads this, perhaps on a small telephone: each
//! sentence says one thing, and what to do comes before why.

use chrono::Days;

use crate::domain::entry::EntryState;
use crate::domain::estimate::Estimate;
use crate::domain::ids::DrawId;
use crate::domain::rules::Mode;
use crate::flow::status::Status;
use crate::locale::Lang;
use crate::store::records::{CounterRecord, DrawState, EntryDraw, NoticeRecord, SiteRecord};
use crate::web::shared::rules_words::penalty;

/// A convocation in words.
pub struct ConvocationView {
    pub date: String,
    pub time: String,
    pub site: String,
    pub address: String,
    pub desk: String,
    /// What giving it back costs now.
    pub cost: String,
    /// Whether it can still be given back.
    pub can_give_back: bool,
}

/// A past draw in words.
pub struct DrawView {
    pub id: DrawId,
    pub name: String,
    pub when: String,
    pub result: String,
    pub place: String,
    pub odds: String,
    pub won: bool,
}

/// A message in words.
pub struct NoticeView {
    pub what: String,
    pub way: String,
    pub state: String,
    pub when: String,
}

/// Everything that the page says.
pub struct StatusView {
    pub status: Status,
    pub attestation: String,
    pub state_title: String,
    pub state_text: Vec<String>,
    pub awaits_identity: bool,
    pub steps: Vec<String>,
    pub next_draws: Vec<String>,
    pub estimate: Option<String>,
    pub convocation: Option<ConvocationView>,
    pub draws: Vec<DrawView>,
    pub notices: Vec<NoticeView>,
    pub contact: String,
    pub is_live: bool,
    pub can_change: bool,
}

impl StatusView {
    pub fn of(lang: Lang, status: Status) -> Self {
        let state = status.entry.state;
        let in_draws = state == EntryState::Waiting
            || (state == EntryState::AwaitingIdentity && status.queue.rules.admit_declared);
        Self {
            attestation: attestation(lang, &status),
            state_title: lang.text(&format!("state-{}-title", word(state))),
            state_text: state_text(lang, &status),
            awaits_identity: state == EntryState::AwaitingIdentity,
            steps: steps(lang, &status),
            next_draws: status.next_draws.iter().map(|at| lang.instant(*at, status.zone)).collect(),
            estimate: state.is_live().then(|| estimate(lang, &status, in_draws)),
            convocation: status
                .convocation
                .as_ref()
                .map(|(live, site)| convocation(lang, &status, live, site)),
            draws: status.draws.iter().map(|draw| past_draw(lang, &status, draw)).collect(),
            notices: status.notices.iter().map(|notice| notice_view(lang, &status, notice)).collect(),
            contact: contact(lang, &status),
            is_live: state.is_live(),
            can_change: matches!(state, EntryState::Waiting | EntryState::AwaitingIdentity),
            status,
        }
    }
}

fn word(state: EntryState) -> String {
    state.as_str().replace('_', "-")
}

fn attestation(lang: Lang, status: &Status) -> String {
    lang.with(
        "receipt-attestation",
        [
            ("prefecture", status.prefecture.name.clone().into()),
            ("name", status.person.full_name().into()),
            ("queue", status.queue.name.clone().into()),
            ("date", lang.instant(status.entry.registered_at, status.zone).into()),
        ],
    )
}

fn state_text(lang: Lang, status: &Status) -> Vec<String> {
    let entry = &status.entry;
    let mut said = Vec::new();
    match entry.state {
        EntryState::AwaitingIdentity => {
            let closes = entry.registered_at + Days::new(status.queue.rules.identity_days.into());
            let day = lang.date(status.zone.local_date(closes));
            said.push(lang.with("state-awaiting-identity-text", [("date", day.into())]));
            let key =
                if status.queue.rules.admit_declared { "identity-still-drawn" } else { "identity-not-drawn" };
            said.push(lang.text(key));
        }
        EntryState::Closed => {
            let reason = entry.close_reason.map_or("other", |reason| reason.as_str()).replace('_', "-");
            said.push(lang.text(&format!("state-closed-{reason}")));
        }
        state => said.push(lang.text(&format!("state-{}-text", word(state)))),
    }
    if !entry.state.is_live() {
        return said;
    }
    if entry.paused {
        said.push(lang.text("state-paused"));
    }
    if let Some(until) = entry.paused_until.filter(|until| *until > status.now) {
        said.push(lang.with("state-suspended", [("date", lang.instant(until, status.zone).into())]));
    }
    if entry.displaced {
        said.push(lang.text("state-displaced"));
    }
    if entry.priority {
        said.push(lang.text("state-priority"));
    }
    if let Some(deadline) = entry.deadline {
        let key = if entry.deadline_seen_at.is_some() { "deadline-seen" } else { "deadline-not-seen" };
        said.push(lang.with(key, [("date", lang.date(deadline).into())]));
    }
    said
}

fn steps(lang: Lang, status: &Status) -> Vec<String> {
    let numbers: &[&str] = match status.entry.state {
        EntryState::AwaitingIdentity => &["step-identity", "step-list", "step-draw", "step-convocation"],
        EntryState::Waiting => &["step-list", "step-draw", "step-convocation", "step-no-seat"],
        EntryState::Convoked => &["step-come", "step-bring", "step-prevented"],
        EntryState::Served | EntryState::Withdrawn | EntryState::Closed => &[],
    };
    numbers.iter().map(|key| lang.text(key)).collect()
}

fn estimate(lang: Lang, status: &Status, in_draws: bool) -> String {
    if status.entry.paused {
        return lang.text("estimate-paused");
    }
    if !in_draws {
        return lang.text("estimate-identity");
    }
    let waiting = [("waiting", status.waiting.into())];
    match (status.estimate, status.range) {
        (Estimate::Draws { .. }, Some((from, to))) => {
            let (from, to) = (status.zone.local_date(from), status.zone.local_date(to));
            let key = if from == to { "estimate-day" } else { "estimate-range" };
            let values = [
                ("from", lang.date(from).into()),
                ("to", lang.date(to).into()),
                ("waiting", status.waiting.into()),
            ];
            lang.with(key, values)
        }
        (Estimate::TooFar, _) => lang.with("estimate-too-far", waiting),
        _ => lang.with("estimate-no-seats", waiting),
    }
}

fn convocation(lang: Lang, status: &Status, live: &CounterRecord, site: &SiteRecord) -> ConvocationView {
    let zone = site.zone();
    let rules = &live.rules;
    let late_from = live.convoked().late_from(rules);
    let can_give_back = status.now < live.starts_at;
    let cost = if status.now < late_from {
        let key = if status.entry.declines == 0 { "give-back-free" } else { "give-back-again" };
        let late = lang.with("give-back-then", [("cost", penalty(lang, rules.late_cancel).into())]);
        let free = lang.with(key, [("date", lang.instant(late_from, zone).into())]);
        format!("{free} {late}")
    } else {
        lang.with("give-back-late", [("cost", penalty(lang, rules.late_cancel).into())])
    };
    ConvocationView {
        date: lang.date(zone.local_date(live.starts_at)),
        time: lang.time(live.starts_at, zone),
        site: site.name.clone(),
        address: site.address.clone(),
        desk: lang.with("desk-name", [("number", live.desk_number.into())]),
        cost,
        can_give_back,
    }
}

fn past_draw(lang: Lang, status: &Status, draw: &EntryDraw) -> DrawView {
    let grows = matches!(status.queue.rules.mode, Mode::Seniority | Mode::Guarantee);
    let result = match draw.state {
        DrawState::Annulled => "result-annulled",
        DrawState::Announced | DrawState::Frozen | DrawState::Seeded => "result-pending",
        DrawState::Drawn | DrawState::Published if draw.won => "result-won",
        DrawState::Drawn | DrawState::Published if !draw.had_chance => "result-no-class",
        DrawState::Drawn | DrawState::Published if grows => "result-lost-grows",
        DrawState::Drawn | DrawState::Published => "result-lost",
    };
    let place = draw.place.map_or_else(
        || "–".to_owned(),
        |place| {
            lang.with(
                "result-place",
                [("place", place.into()), ("entries", draw.entry_count.unwrap_or(0).into())],
            )
        },
    );
    DrawView {
        id: draw.draw_id,
        name: lang.with("draw-name", [("number", draw.draw_number.into())]),
        when: draw.drawn_at.or(draw.frozen_at).map(|at| lang.instant(at, status.zone)).unwrap_or_default(),
        result: lang.text(result),
        place,
        odds: odds(lang, draw),
        won: draw.won && draw.state != DrawState::Annulled,
    }
}

/// The mean odds of the draw: the holder's own depend on what they can attend and how long they waited.
fn odds(lang: Lang, draw: &EntryDraw) -> String {
    let (Some(slots), Some(entries)) = (draw.slot_count, draw.entry_count) else {
        return "–".to_owned();
    };
    let values = [("slots", slots.into()), ("entries", entries.into())];
    if slots == 0 {
        return lang.with("odds-none", values);
    }
    if slots >= entries {
        return lang.with("odds-all", values);
    }
    // Rounded to the nearest whole number.
    let one_in = (2 * entries + slots) / (2 * slots);
    lang.with("odds-one-in", [("slots", slots.into()), ("entries", entries.into()), ("n", one_in.into())])
}

fn notice_view(lang: Lang, status: &Status, notice: &NoticeRecord) -> NoticeView {
    let key = |group: &str, word: &str| lang.text(&format!("{group}-{}", word.replace('_', "-")));
    NoticeView {
        what: key("notice-kind", notice.kind.as_str()),
        way: key("notice-way", notice.way.as_str()),
        state: key("notice-state", notice.state.told(notice.way)),
        when: lang.instant(notice.settled_at.unwrap_or(notice.due_at), status.zone),
    }
}

/// Where messages go, without showing it whole: the page may be read over a shoulder.
fn contact(lang: Lang, status: &Status) -> String {
    let phone = status.person.phone.as_deref().map(|phone| {
        let tail: String = phone.chars().skip(phone.chars().count().saturating_sub(2)).collect();
        lang.with("contact-phone", [("tail", tail.into())])
    });
    let email = status.person.email.as_deref().map(|email| {
        let (local, domain) = email.rsplit_once('@').unwrap_or((email, ""));
        let head: String = local.chars().take(1).collect();
        lang.with("contact-email", [("address", format!("{head}…@{domain}").into())])
    });
    match (phone, email) {
        (None, None) => lang.text("contact-none"),
        (phone, email) => phone.into_iter().chain(email).collect::<Vec<_>>().join(" "),
    }
}
