//! An entry in words, for its page.

use super::day::reissued;
use super::register::{deadline_kinds, document_kinds};
use super::reviews::due;
use chrono::NaiveDate;

use crate::domain::entry::{ConvocationEvent, EntryState};
use crate::domain::identity::Proof;
use crate::domain::ids::{EntryId, StaffId};
use crate::domain::permission::Act;
use crate::domain::reading::ReadingPurpose;
use crate::domain::register_of_numbers::RegisterCheck;
use crate::domain::text_enum::key_of;
use crate::domain::tick::Tick;
use crate::flow::effects::Effects;
use crate::flow::people::{Document, Reader};
use crate::flow::read::entries::{self, Known, Past};
use crate::flow::read::notices::Notice;
use crate::flow::read::relocations;
use crate::flow::reviews::{self, Review};
use crate::flow::status::{Status, status};
use crate::flow::told::{Said, SaidPenalty, ToldTo, said_helper, said_penalty};
use crate::flow::{App, helpers};
use crate::locale::Lang;
use crate::web::shared::WebError;
use crate::web::staff::kit::effects::said;
use crate::web::staff::kit::own::Own;
use crate::web::staff::kit::parts::{Choice, Colleagues, Fact, birth_words, word};

/// What the page of an entry shows.
pub struct EntryView {
    pub id: String,
    pub name: String,
    pub reference: String,
    pub state: String,
    /// What its holder reads, in the agent's language.
    pub said: Said,
    /// Since when nobody can read whose it was.
    pub erased: Option<String>,
    pub person: Vec<Fact>,
    pub place: Vec<Fact>,
    /// Where the counter ticks its convocation.
    pub counter: Option<String>,
    /// Something to be put right, which waits for another agent or for the outcome of a draw.
    pub correction_asked: Option<String>,
    /// Who speaks for the person with their mandate.
    pub helper: Option<String>,
    pub near: Vec<Choice>,
    /// Those that still wait: one of the two can be kept.
    pub merges: Vec<Choice>,
    /// How many other requests carry the same telephone or address.
    pub shared_contacts: Vec<String>,
    pub may: May,
    pub labels: Vec<Choice>,
    pub deadline_kinds: Vec<Choice>,
    pub document_kinds: Vec<Choice>,
    pub countries: &'static [&'static str],
    pub other_queues: Vec<Choice>,
    /// The change of queue that waits for a second person.
    pub relocation: Option<Pending>,
    pub draws: Vec<Choice>,
    pub notices: Vec<String>,
    pub history: Vec<String>,
    pub penalties: Vec<SaidPenalty>,
    /// Requests for a review, the newest first.
    pub reviews: Vec<Choice>,
    /// No request for a review is open, and there is somebody to ask for one.
    pub may_ask_review: bool,
}

/// A proposal that waits.
pub struct Pending {
    pub text: String,
    /// Whether this person may withdraw it.
    pub own: bool,
}

/// Which actions the page offers; the flows decide again.
#[derive(Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "one question a button, each read alone")]
pub struct May {
    /// Nobody has verified who it is.
    pub verify: bool,
    /// With what the register of numbers knows: no more than the year or month of birth.
    pub compare: bool,
    /// Whoever has the number can prove that it is theirs.
    pub take_over: bool,
    /// It still holds its place.
    pub hold: bool,
    /// It is not convoked, so it can be moved or paused.
    pub relocate: bool,
    pub resume: bool,
    pub give_back: bool,
    /// Its appointment, if any, has not begun.
    pub withdraw: bool,
    /// It has ended, and the person may ask that nothing be kept.
    pub erase: bool,
}

impl May {
    /// Whoever only reads is offered nothing.
    fn of(status: &Status, serves: bool) -> Self {
        if serves { Self::allowed(status) } else { Self::NOTHING }
    }

    const NOTHING: Self = Self {
        verify: false,
        compare: false,
        take_over: false,
        hold: false,
        relocate: false,
        resume: false,
        give_back: false,
        withdraw: false,
        erase: false,
    };

    fn allowed(status: &Status) -> Self {
        let entry = &status.entry;
        let give_back = status
            .convocation
            .as_ref()
            .is_some_and(|(live, _)| live.convoked().allows(ConvocationEvent::Cancel, status.now).is_ok());
        let relocate = matches!(entry.state, EntryState::AwaitingIdentity | EntryState::Waiting);
        Self {
            verify: entry.state == EntryState::AwaitingIdentity,
            compare: status.register_check == Some(RegisterCheck::Year),
            take_over: relocate
                && status.person.foreigner_number.is_some()
                && !entry.identity_how.is_some_and(Proof::is_strong),
            hold: entry.state.is_live(),
            relocate,
            resume: entry.paused,
            give_back,
            withdraw: relocate || give_back,
            erase: !entry.state.is_live() && entry.erased_at.is_none(),
        }
    }
}

/// Reads an entry with all that hangs on it.
pub async fn entry_view(
    app: &App,
    own: &Own,
    lang: Lang,
    id: EntryId,
    by: StaffId,
) -> Result<EntryView, WebError> {
    let status = status(app, id, own.reader(ReadingPurpose::Entry)).await?;
    let relocation =
        relocations::of_entry(app, id, Reader::Program).await?.filter(|_| status.entry.state.is_live());
    let colleagues = Colleagues::load(app).await?;
    let (near, merges) = near(app, own, lang, id).await?;
    let reviews = reviews::of(app, id).await?;
    let is_open = reviews.iter().any(|review| review.answer.is_none());
    Ok(EntryView {
        may_ask_review: !is_open && status.entry.erased_at.is_none() && own.may(Act::ServePeople),
        reviews: reviews
            .iter()
            .map(|review| Choice::new(review.id, review_words(lang, own, review)))
            .collect(),
        id: id.to_string(),
        name: match status.entry.erased_at {
            Some(_) => lang.text("staff-entry-erased-name"),
            None => status.person.full_name(),
        },
        reference: status.entry.reference.clone(),
        state: state_words(lang, &status),
        said: Said::of(lang, &status, &status.told.situation),
        erased: status
            .entry
            .erased_at
            .map(|at| lang.with("staff-entry-erased", [("date", lang.date(own.zone.local_date(at)).into())])),
        person: person(lang, own, &status),
        place: place(lang, &status),
        counter: status.convocation.as_ref().map(|(live, site)| {
            let day = site.zone.local_date(live.starts_at);
            format!("/agent/comptoir?jour={day}#c-{}", live.id)
        }),
        correction_asked: correction_asked(app, own, lang, &colleagues, &status).await?,
        helper: helpers::of(app, id)
            .await?
            .map(|speaker| said_helper(lang, own.zone, &speaker, ToldTo::Agent)),
        near,
        merges,
        shared_contacts: shared_contacts(app, lang, id).await?,
        may: May::of(&status, own.may(Act::ServePeople)),
        labels: labels(lang, &status),
        deadline_kinds: deadline_kinds(lang),
        document_kinds: document_kinds(lang),
        countries: lang.country_names(),
        other_queues: own
            .queues()
            .filter(|queue| queue.id != status.queue.id)
            .map(|queue| Choice::new(queue.id, queue.name.clone()))
            .collect(),
        relocation: relocation.map(|open| Pending {
            text: lang.with(
                "staff-move-pending",
                [
                    ("queue", own.queue_name(open.to).into()),
                    ("by", colleagues.proposed(lang, own.zone, &open.proposed).into()),
                ],
            ),
            own: open.proposed.is_of(by),
        }),
        draws: draws(lang, &status),
        notices: notices(lang, &status),
        penalties: status
            .penalties
            .iter()
            .map(|penalty| said_penalty(lang, &status, penalty, status.reach.first()))
            .collect(),
        history: history(app, own, lang, &colleagues, id).await?,
    })
}

/// Entries that may be the same person's, and those of them that still wait.
async fn near(app: &App, own: &Own, lang: Lang, id: EntryId) -> Result<(Vec<Choice>, Vec<Choice>), WebError> {
    let (mut near, mut merges) = (Vec::new(), Vec::new());
    for Known { entry: other, person } in entries::near(app, id, own.staff_reader()).await? {
        let name = person.full_name();
        let mut text = format!("{name} – {} – {}", other.reference, own.queue_name(other.queue_id));
        if matches!(other.state, EntryState::AwaitingIdentity | EntryState::Waiting) {
            merges.push(Choice::new(other.id, text.clone()));
        }
        if !other.state.is_live() {
            text = lang.with("staff-entry-near-penalty", [("entry", text.into())]);
        }
        near.push(Choice::new(other.id, text));
    }
    Ok((near, merges))
}

async fn correction_asked(
    app: &App,
    own: &Own,
    lang: Lang,
    colleagues: &Colleagues,
    status: &Status,
) -> Result<Option<String>, WebError> {
    let asked = entries::correction_asked(app, status.entry.id).await?;
    let Some(asked) = asked.filter(|_| status.entry.state.is_live()) else { return Ok(None) };
    let login = colleagues.login(asked.by).to_owned();
    if let Some(merging) = Effects::new(app).of_merge(status.entry.id).await? {
        let day = |at| lang.date(own.zone.local_date(at));
        let values = [
            ("login", login.into()),
            ("day", day(status.entry.registered_at).into()),
            ("other-day", day(merging.registered_at).into()),
            ("reference", merging.reference.into()),
        ];
        let would_do = said(lang, &merging.effect);
        return Ok(Some(format!("{} {would_do}", lang.with("staff-merge-asked", values))));
    }
    let key = if asked.waits { "staff-correction-waits" } else { "staff-correction-asked" };
    let draw = status.draw.as_ref().map(|draw| lang.instant(draw.seed_at, own.zone)).unwrap_or_default();
    let values = [
        ("login", login.into()),
        ("at", lang.instant(asked.at, own.zone).into()),
        ("has-draw", if draw.is_empty() { "no" } else { "yes" }.into()),
        ("draw", draw.into()),
    ];
    Ok(Some(lang.with(key, values)))
}

async fn shared_contacts(app: &App, lang: Lang, id: EntryId) -> Result<Vec<String>, WebError> {
    let (phone, email) = entries::same_contacts(app, id).await?;
    let said = [("staff-entry-same-phone", phone), ("staff-entry-same-email", email)];
    let said = said.into_iter().filter(|(_, others)| *others > 0);
    Ok(said.map(|(key, others)| lang.with(key, [("n", others.into())])).collect())
}

fn state_words(lang: Lang, status: &Status) -> String {
    let state = word(lang, "entry", status.entry.state.as_str());
    match status.entry.close_reason {
        Some(reason) => format!("{state} – {}", word(lang, "close", reason.as_str())),
        None if status.entry.paused => format!("{state} – {}", lang.text("staff-paused")),
        None => state,
    }
}

fn person(lang: Lang, own: &Own, status: &Status) -> Vec<Fact> {
    let person = &status.person;
    if status.entry.erased_at.is_some() {
        return Vec::new();
    }
    let none = || lang.text("staff-none");
    let or_none = |text: &Option<String>| text.clone().unwrap_or_else(none);
    let verified = match (status.entry.identity_verified_at, status.entry.identity_how) {
        (Some(at), Some(how)) => lang.with(
            "staff-identity-verified",
            [("how", word(lang, "identity", how.as_str()).into()), ("at", lang.instant(at, own.zone).into())],
        ),
        _ => lang.text("staff-identity-declared"),
    };
    vec![
        Fact::new(lang, "staff-field-birth-name", person.birth_name.clone()),
        Fact::new(lang, "staff-field-given-names", person.given_names.clone()),
        Fact::new(lang, "staff-field-birth-date", birth_words(&person.birth_date, own.today())),
        Fact::new(lang, "staff-identity", verified),
        Fact::new(lang, "staff-field-foreigner-number", or_none(&person.foreigner_number)),
        Fact::new(lang, "staff-field-document", document_words(lang, person.document.as_ref(), own.today())),
        Fact::new(lang, "staff-field-phone", or_none(&person.phone)),
        Fact::new(lang, "staff-field-email", or_none(&person.email)),
        Fact::new(lang, "staff-field-language", Lang::of(&status.entry.language).name()),
    ]
}

fn review_words(lang: Lang, own: &Own, review: &Review) -> String {
    let Some(answer) = &review.answer else { return due(own, lang, review) };
    lang.with("review-answered", [("date", lang.date(own.zone.local_date(answer.at)).into())])
}

/// Country and number; what an agent read on it, and whether that is over.
fn document_words(lang: Lang, document: Option<&Document>, today: NaiveDate) -> String {
    let Some(document) = document else { return lang.text("staff-none") };
    let Some(seen) = document.seen else { return document.to_string() };
    let kind = word(lang, "document", seen.kind.as_str());
    let Some(day) = seen.expires else { return format!("{document} – {kind}") };
    let key = if day < today { "staff-document-expired" } else { "staff-document-expires" };
    format!("{document} – {kind} – {}", lang.with(key, [("date", lang.date(day).into())]))
}

fn place(lang: Lang, status: &Status) -> Vec<Fact> {
    let entry = &status.entry;
    let zone = status.zone;
    let fact = |key: &str, text: String| Fact::new(lang, key, text);
    let mut facts = vec![
        fact("staff-queue", status.queue.name.clone()),
        fact("staff-registered", lang.instant(entry.registered_at, zone)),
        fact("staff-channel", word(lang, "channel", entry.channel.as_str())),
        fact("staff-survived", entry.standing.draws_survived.to_string()),
    ];
    if let Some((live, site)) = &status.convocation {
        let text = lang.with(
            "staff-convoked-at",
            [
                ("at", lang.instant(live.starts_at, site.zone).into()),
                ("site", site.name.clone().into()),
                ("desk", live.desk_number.into()),
            ],
        );
        facts.push(fact("staff-appointment", text));
        facts.extend(reissued(lang, site.zone, live).map(|text| fact("staff-notice-convocation", text)));
    }
    if let Some(deadline) = entry.deadline {
        let kind =
            entry.deadline_kind.as_deref().map(|kind| word(lang, "deadline", kind)).unwrap_or_default();
        let seen = if entry.standing.deadline_seen { "staff-deadline-seen" } else { "staff-deadline-unseen" };
        let text = format!("{} – {kind} – {}", lang.date(deadline), lang.text(seen));
        facts.push(fact("staff-field-deadline", text));
    }
    let labels = labels_held(status);
    if !labels.is_empty() {
        facts.push(fact("staff-field-label", labels.join(", ")));
    }
    if entry.standing.priority {
        facts.push(fact("staff-priority", lang.text("staff-priority-granted")));
    }
    if entry.standing.displaced {
        facts.push(fact("staff-priority", lang.text("staff-displaced")));
    }
    if let Some(until) = entry.paused_until.filter(|until| *until > status.now) {
        facts.push(fact("staff-suspended-until", lang.instant(until, zone)));
    }
    let next: Vec<String> = status.told.lists.iter().take(2).map(|at| lang.instant(*at, zone)).collect();
    if !next.is_empty() {
        facts.push(fact("staff-next-draws", next.join(" ; ")));
    }
    facts
}

/// The reserves that the entry holds, by name.
fn labels_held(status: &Status) -> Vec<String> {
    let known = |label: &u8| status.queue.rules.reserves.iter().find(|reserve| reserve.label == *label);
    let name = |label: &u8| known(label).map_or_else(|| label.to_string(), |reserve| reserve.name.clone());
    status.entry.standing.labels.iter().map(name).collect()
}

/// What can be granted: the reserves of the rules, and priority, each once.
fn labels(lang: Lang, status: &Status) -> Vec<Choice> {
    let reserves = status
        .queue
        .rules
        .reserves
        .iter()
        .filter(|reserve| !status.entry.standing.labels.contains(&reserve.label));
    let mut labels: Vec<Choice> =
        reserves.map(|reserve| Choice::new(reserve.label, reserve.name.clone())).collect();
    if !status.entry.standing.priority {
        labels.push(Choice::new(0, lang.text("staff-label-priority")));
    }
    labels
}

fn draws(lang: Lang, status: &Status) -> Vec<Choice> {
    status
        .draws
        .iter()
        .map(|draw| {
            let at =
                draw.drawn_at.or(draw.frozen_at).map(|at| lang.instant(at, status.zone)).unwrap_or_default();
            let became = match (draw.drawn_at, draw.won, draw.had_chance) {
                (None, _, _) => "staff-draw-listed",
                (_, true, _) => "staff-draw-won",
                (_, _, true) => "staff-draw-lost",
                (_, _, false) => "staff-draw-no-chance",
            };
            let text = lang.with(
                "staff-entry-draw",
                [
                    ("number", draw.draw_number.into()),
                    ("at", at.into()),
                    ("state", word(lang, "draw-state", draw.state.as_str()).into()),
                    ("became", lang.text(became).into()),
                ],
            );
            Choice::new(draw.draw_id, text)
        })
        .collect()
}

fn notices(lang: Lang, status: &Status) -> Vec<String> {
    let line = |notice: &Notice| {
        lang.with(
            "staff-entry-notice",
            [
                ("kind", word(lang, "notice", notice.kind.as_str()).into()),
                ("way", word(lang, "way", notice.way.as_str()).into()),
                ("state", word(lang, "notice-state", notice.shown_as()).into()),
                ("at", lang.instant(notice.settled_at.unwrap_or(notice.due_at), status.zone).into()),
            ],
        )
    };
    status.notices.iter().map(line).collect()
}

/// What was noted of an appointment, or how it ended.
fn detail_words(lang: Lang, row: &Past) -> Option<String> {
    match row.action.as_str() {
        "convocation.ended" => Some(word(lang, "convocation", row.detail["becomes"].as_str()?)),
        "convocation.ticked" | "convocation.tick_corrected" => {
            let tick: Tick = row.detail["tick"].as_str()?.parse().ok()?;
            Some(lang.text(&format!("staff-tick-word-{}", key_of(tick.as_str()))))
        }
        _ => None,
    }
}

async fn history(
    app: &App,
    own: &Own,
    lang: Lang,
    colleagues: &Colleagues,
    id: EntryId,
) -> Result<Vec<String>, WebError> {
    let rows = entries::history(app, id).await?;
    let line = |row: &Past| {
        let key = format!("staff-audit-{}", row.action.replace(['.', '_'], "-"));
        let action = if lang.has(&key) { lang.text(&key) } else { row.action.clone() };
        let action = match detail_words(lang, row) {
            Some(words) => format!("{action} ({words})"),
            None => action,
        };
        let values = [
            ("at", lang.instant(row.at, own.zone).into()),
            ("action", action.into()),
            ("actor", colleagues.actor(lang, &row.actor).into()),
        ];
        lang.with("staff-audit-line", values)
    };
    Ok(rows.iter().map(line).collect())
}
