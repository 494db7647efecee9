//! The status of an entry in words. Somebody worried reads this, perhaps on a small telephone: each
//! sentence says one thing, and what to do comes before why.

use super::holder::{AVAILABILITY_PATH, OBJECTION_PATH};
use crate::domain::directory::Site;
use crate::domain::draw_state::DrawState;
use crate::domain::entry::EntryState;
use crate::domain::identity::Proof;
use crate::domain::ids::{ConvocationId, DrawId};
use crate::domain::notice::Way;
use crate::domain::rules::Mode;
use crate::domain::situation::{Action, Point, Tone};
use crate::domain::text_enum::key_of;
use crate::flow::read::convocations::Convocation;
use crate::flow::read::draws::Stood;
use crate::flow::read::notices::Notice;
use crate::flow::status::Status;
use crate::flow::told::{self, Said, SaidPenalty, said_penalty};
use crate::locale::Lang;
use crate::web::shared::return_cost;

/// A convocation in words.
pub struct ConvocationView {
    pub date: String,
    pub time: String,
    pub site: String,
    pub address: String,
    pub desk: String,
    /// When it was issued, and whether it replaces another one.
    pub issued: String,
    /// That it has not reached its holder yet, and what follows.
    pub told: Option<String>,
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
    pub said: Said,
    pub attestation: String,
    /// What is known of the entry beside its situation.
    pub marks: Vec<String>,
    pub steps: Vec<String>,
    pub next_draws: Vec<String>,
    pub estimate: Option<String>,
    pub chances: Vec<String>,
    pub convocation: Option<ConvocationView>,
    pub withdrawal_cost: Option<String>,
    pub draws: Vec<DrawView>,
    pub notices: Vec<NoticeView>,
    /// What missed or late appointments cost, or will.
    pub penalties: Vec<SaidPenalty>,
    pub contact: String,
    pub is_live: bool,
    pub can_change: bool,
    pub has_franceconnect: bool,
}

impl StatusView {
    pub fn of(lang: Lang, status: Status, has_franceconnect: bool) -> Self {
        let state = status.entry.state;
        Self {
            has_franceconnect,
            said: Said::of(lang, &status, &status.told.situation),
            attestation: told::attestation(lang, &status),
            marks: marks(lang, &status),
            steps: steps(lang, &status),
            next_draws: status.told.lists.iter().map(|at| lang.instant(*at, status.zone)).collect(),
            estimate: told::outlook(lang, &status),
            chances: status.told.chances.map(|chances| told::chances(lang, &chances)).unwrap_or_default(),
            convocation: status
                .convocation
                .as_ref()
                .map(|(live, site)| convocation(lang, &status, live, site)),
            withdrawal_cost: return_cost::withdrawal(lang, &status),
            draws: status.draws.iter().map(|draw| past_draw(lang, &status, draw)).collect(),
            notices: status.notices.iter().map(|notice| notice_view(lang, &status, notice)).collect(),
            penalties: status
                .penalties
                .iter()
                .map(|penalty| said_penalty(lang, &status, penalty, status.reach.first()))
                .collect(),
            contact: contact(lang, &status),
            is_live: state.is_live(),
            can_change: matches!(state, EntryState::Waiting | EntryState::AwaitingIdentity),
            status,
        }
    }

    /// Whether this is the first penalty to which the holder can object: its text is kept by a change of language.
    pub fn is_objected_first(&self, penalty: &SaidPenalty) -> bool {
        self.objected_first() == Some(penalty.id)
    }

    /// The id of the field in which the holder objects to this one; the summary of faults leads to the first.
    pub fn objection_id(&self, penalty: &SaidPenalty) -> String {
        if self.is_objected_first(penalty) { "objection".to_owned() } else { penalty.id.to_string() }
    }

    /// The form that a change of language keeps: that of the availability, with an objection, or the objection alone.
    pub fn kept_form(&self) -> Option<&'static str> {
        let objection = self.objected_first().map(|_| OBJECTION_PATH);
        if self.can_change { Some(AVAILABILITY_PATH) } else { objection }
    }

    fn objected_first(&self) -> Option<ConvocationId> {
        self.penalties.iter().find(|penalty| !penalty.how.is_empty()).map(|penalty| penalty.id)
    }

    fn holds(&self, point: Point) -> bool {
        self.status.told.situation.says(point)
    }

    pub const fn tone_class(&self) -> &'static str {
        match self.said.tone {
            Tone::Good => " fr-alert--success",
            Tone::Neutral => "",
            Tone::Attention => " fr-alert--warning",
            Tone::Problem => " fr-alert--error",
        }
    }

    /// Whether the next thing to do is on this page, under the availability.
    pub fn widens(&self) -> bool {
        self.can_change && self.status.told.situation.action == Action::WidenAvailability
    }

    pub const fn asks_prefecture(&self) -> bool {
        self.status.told.situation.action.is_at_the_prefecture()
    }

    /// Whether the identity is still to be proved, and FranceConnect can do it.
    pub fn may_prove(&self) -> bool {
        self.has_franceconnect && self.status.entry.state == EntryState::AwaitingIdentity
    }

    /// Whether FranceConnect has stated the identity: then one signs out there.
    pub fn was_stated(&self) -> bool {
        self.has_franceconnect && self.status.entry.identity_how == Some(Proof::Oidc)
    }

    pub fn is_paused(&self) -> bool {
        self.holds(Point::Paused)
    }

    /// Whether the appointment is still to come, or has just begun.
    pub fn is_ahead(&self) -> bool {
        self.status.told.situation.is_ahead()
    }

    /// What the dates of the next lists mean for this holder.
    pub fn lists_lead(&self) -> &'static str {
        if self.holds(Point::Identity) { "next-draws-if-verified" } else { "next-draws-lead" }
    }
}

fn marks(lang: Lang, status: &Status) -> Vec<String> {
    let entry = &status.entry;
    let mut said = Vec::new();
    if !entry.state.is_live() {
        return said;
    }
    if entry.standing.priority {
        said.push(lang.text("state-priority"));
    }
    if let Some(deadline) = entry.deadline {
        let key = if entry.standing.deadline_seen { "deadline-seen" } else { "deadline-not-seen" };
        said.push(lang.with(key, [("date", lang.date(deadline).into())]));
    }
    said
}

fn steps(lang: Lang, status: &Status) -> Vec<String> {
    let situation = &status.told.situation;
    let by_letter = situation.says(Point::LettersOnly);
    let convocation = if by_letter { "step-convocation-letter" } else { "step-convocation" };
    let leads_nowhere = situation.says(Point::Paused) || situation.says(Point::NoSlotFits);
    let numbers: &[&str] = match status.entry.state {
        _ if leads_nowhere => &[],
        EntryState::AwaitingIdentity => &["step-identity", "step-list", "step-draw", convocation],
        EntryState::Waiting if situation.in_next_list => {
            &["step-list", "step-draw", convocation, "step-no-seat"]
        }
        EntryState::Convoked if situation.is_ahead() => &["step-come", "step-bring", "step-prevented"],
        _ => &[],
    };
    numbers.iter().map(|key| lang.text(key)).collect()
}

fn convocation(lang: Lang, status: &Status, live: &Convocation, site: &Site) -> ConvocationView {
    let zone = site.zone;
    let can_give_back = status.now < live.starts_at;
    ConvocationView {
        date: lang.date(zone.local_date(live.starts_at)),
        time: lang.time(live.starts_at, zone),
        site: site.name.clone(),
        address: site.address.clone(),
        desk: lang.with("desk-name", [("number", live.desk_number.into())]),
        issued: lang.with(
            "convocation-issued",
            [
                ("issue", live.issue.into()),
                ("name", status.person.full_name().into()),
                ("date", lang.date(zone.local_date(live.issued_at)).into()),
            ],
        ),
        told: told_of(lang, status, live),
        cost: return_cost::give_back(lang, status, live, zone),
        can_give_back,
    }
}

/// Said as long as the convocation does not count as received: until then it costs nothing.
fn told_of(lang: Lang, status: &Status, live: &Convocation) -> Option<String> {
    let Some(told_at) = live.told_at else { return Some(lang.text("convocation-untold")) };
    let key = if live.convoked().is_told() { "convocation-posted" } else { "convocation-too-late" };
    let date = lang.date(status.zone.local_date(told_at));
    (told_at > status.now).then(|| lang.with(key, [("date", date.into())]))
}

fn past_draw(lang: Lang, status: &Status, draw: &Stood) -> DrawView {
    let grows = matches!(status.queue.rules.mode, Mode::Seniority | Mode::Guarantee);
    let result = match draw.state {
        DrawState::Annulled => "result-annulled",
        DrawState::Announced | DrawState::Frozen | DrawState::Seeded => "result-pending",
        DrawState::Drawn | DrawState::Published if draw.won => "result-won",
        DrawState::Drawn | DrawState::Published if !draw.had_chance => "result-no-class",
        DrawState::Drawn | DrawState::Published if grows && !draw.wide => "result-lost-narrow",
        DrawState::Drawn | DrawState::Published if grows => "result-lost-grows",
        DrawState::Drawn | DrawState::Published => "result-lost",
    };
    DrawView {
        id: draw.draw_id,
        name: lang.with("draw-name", [("number", draw.draw_number.into())]),
        when: draw.drawn_at.or(draw.frozen_at).map(|at| lang.instant(at, status.zone)).unwrap_or_default(),
        result: lang.text(result),
        won: draw.won && draw.state != DrawState::Annulled,
    }
}

fn notice_view(lang: Lang, status: &Status, notice: &Notice) -> NoticeView {
    NoticeView {
        what: lang.text(&format!("notice-kind-{}", notice.kind.key())),
        way: lang.text(&format!("notice-way-{}", notice.way.key())),
        state: lang.text(&format!("notice-state-{}", key_of(notice.shown_as()))),
        when: lang.instant(notice.settled_at.unwrap_or(notice.due_at), status.zone),
    }
}

/// Where messages go, without showing it whole: the page may be read over a shoulder. A number to which no
/// SMS goes is named as such.
fn contact(lang: Lang, status: &Status) -> String {
    let goes = |way| status.reach.allows(way);
    let phone = status.person.phone.as_deref().map(|phone| {
        let tail: String = phone.chars().skip(phone.chars().count().saturating_sub(2)).collect();
        let key = if goes(Way::Sms) { "contact-phone" } else { "contact-phone-unused" };
        lang.with(key, [("tail", tail.into())])
    });
    let email = status.person.email.as_deref().filter(|_| goes(Way::Email)).map(|email| {
        let (local, domain) = email.rsplit_once('@').unwrap_or((email, ""));
        let head: String = local.chars().take(1).collect();
        lang.with("contact-email", [("address", format!("{head}…@{domain}").into())])
    });
    let letter = (status.reach.first() == Way::Letter).then(|| lang.text("contact-none"));
    phone.into_iter().chain(email).chain(letter).collect::<Vec<_>>().join(" ")
}
