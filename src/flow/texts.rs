//! The words of a notice, made when it leaves or is read again. Each speaks of its own convocation, whatever
//! has come after it. An SMS names no procedure, no nationality and no number: phones are shared.

use fluent_templates::fluent_bundle::FluentValue;

use super::penalties::Penalty;
use super::people::Shown;
use super::told::{self, Said};
use super::{App, FlowError};
use crate::domain::directory::Site;
use crate::domain::entry::{CloseReason, EntryState};
use crate::domain::ids::ConvocationId;
use crate::domain::notice::{NoticeKind, Way};
use crate::domain::situation::Point;
use crate::domain::sms_text::fit;
use crate::flow::read::convocations::{self, Convocation};
use crate::flow::read::notices::Notice;
use crate::flow::status::Holder;
use crate::locale::Lang;
use crate::notify::Rendered;
use crate::store::records::LeasedNotice;

/// What a notice says, by which way, and of which convocation.
#[derive(Clone, Copy, Debug)]
pub struct Topic {
    pub kind: NoticeKind,
    pub way: Way,
    pub convocation: Option<ConvocationId>,
}

impl From<&Notice> for Topic {
    fn from(notice: &Notice) -> Self {
        Self { kind: notice.kind, way: notice.way, convocation: notice.convocation_id }
    }
}

impl From<&LeasedNotice> for Topic {
    fn from(notice: &LeasedNotice) -> Self {
        Self { kind: notice.kind, way: notice.way, convocation: notice.convocation_id }
    }
}

/// A convocation, live or ended, and where it is.
pub type Appointment = (Convocation, Site);

/// The appointment that a notice is about, if it is about one.
///
/// # Errors
/// If the store fails.
pub async fn appointment(
    app: &App,
    holder: &Holder,
    convocation: Option<ConvocationId>,
) -> Result<Option<Appointment>, FlowError> {
    let Some(id) = convocation else { return Ok(None) };
    if let Some(live) = holder.convocation.as_ref().filter(|(live, _)| live.id == id) {
        return Ok(Some(live.clone()));
    }
    let record = convocations::one(app, id).await?;
    let directory = app.store.directory().await?;
    let site = directory.site(record.site_id).ok_or(FlowError::NotFound("site"))?.clone();
    Ok(Some((record, site)))
}

/// Writes a notice for its holder, in their language.
pub fn rendered(
    holder: &Holder,
    topic: Topic,
    appointment: Option<&Appointment>,
    public_url: &str,
) -> Rendered {
    let lang = Lang::of(&holder.entry.language);
    let short = topic.way == Way::Sms;
    let kind = topic.kind.key();
    let base = format!("{}-{kind}", if short { "sms" } else { "letter" });
    let day_of = |(record, site): &Appointment| {
        let date = site.zone.local_date(record.starts_at);
        if short { lang.short_date(date) } else { lang.date(date) }
    };
    let free_until = |(record, site): &Appointment| {
        lang.instant(record.convoked().late_by_the_rules(&record.rules), site.zone)
    };
    let issued_on = |(record, site): &Appointment| lang.date(site.zone.local_date(record.issued_at));
    let time_of = |(record, site): &Appointment| lang.time(record.starts_at, site.zone);
    // A live convocation that came after the one of this notice.
    let new = holder.convocation.as_ref().filter(|(live, _)| Some(live.id) != topic.convocation);
    let situation = told::situation(holder);
    let left = situation.beside(told_by(topic.kind));
    let said = Said::of(lang, holder, &left);
    let missing = holder.missing.iter().find(|(id, _)| Some(*id) == topic.convocation);
    // Who stands in no list, or can win nothing of the next, is promised none; two points name it themselves.
    let is_named = left.says(Point::Waiting) || left.says(Point::Unpublished);
    let is_promised = situation.in_next_list && !situation.nothing_suits() && !is_named;
    let lists = if is_promised { told::lists(holder, &situation) } else { Vec::new() };
    let next =
        lists.first().map(|at| lang.with("letter-next", [("at", lang.instant(*at, holder.zone).into())]));
    let values: Vec<_> = [
        ("name", holder.person.full_name().into()),
        ("reference", holder.entry.reference.clone().into()),
        ("prefecture", holder.prefecture.name.clone().into()),
        ("queue", holder.queue.name.clone().into()),
        ("date", appointment.map(day_of).unwrap_or_default().into()),
        ("time", appointment.map(time_of).unwrap_or_default().into()),
        ("site", appointment.map(|(_, site)| site.name.clone()).unwrap_or_default().into()),
        ("address", appointment.map(|(_, site)| site.address.clone()).unwrap_or_default().into()),
        ("desk", appointment.map(|(record, _)| record.desk_number).unwrap_or_default().into()),
        ("issue", appointment.map(|(record, _)| record.issue).unwrap_or_default().into()),
        ("issued", appointment.map(issued_on).unwrap_or_default().into()),
        ("again", if appointment.is_some_and(|(record, _)| record.issue > 1) { "yes" } else { "no" }.into()),
        ("told", if appointment.is_some_and(missed_untold) { "no" } else { "yes" }.into()),
        ("missing", missing.map(|(_, missing)| missing.clone()).unwrap_or_default().into()),
        ("free", appointment.map(free_until).unwrap_or_default().into()),
        ("new-date", new.map(day_of).unwrap_or_default().into()),
        ("new-time", new.map(time_of).unwrap_or_default().into()),
        ("new-site", new.map(|(_, site)| site.name.clone()).unwrap_or_default().into()),
        ("next", next.unwrap_or_default().into()),
        ("answer", holder.answer.clone().unwrap_or_default().into()),
        ("help", holder.prefecture.help.clone().into()),
        ("url", format!("{}/s", public_url.trim_end_matches('/')).into()),
        ("registered", lang.instant(holder.entry.registered_at, holder.zone).into()),
    ]
    .into_iter()
    .chain(penalty(holder, topic, lang))
    .chain(standing(holder, topic.kind, lang))
    .chain([("situation", told::in_a_row(&said).into())])
    .collect();
    // A part that says nothing leaves no gap.
    let text = lang.with(&base, values.clone());
    let text = text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n").replace("\n\n\n\n", "\n\n");
    Rendered {
        subject: lang.with(&format!("subject-{kind}"), values),
        text: if short { fit(&text) } else { text },
        ..Rendered::default()
    }
}

/// What a notice of this kind says in words of its own.
const fn told_by(kind: NoticeKind) -> &'static [Point] {
    use Point::{
        Displaced, FileIncomplete, Missed, Moved, PenaltyAnnounced, PenaltyObjected, PenaltyUpheld, Returned,
        TakenBack,
    };
    match kind {
        NoticeKind::Apology => &[Displaced, TakenBack],
        NoticeKind::Cancellation => &[Returned, PenaltyAnnounced, PenaltyObjected, PenaltyUpheld],
        NoticeKind::Missed => &[Missed, PenaltyAnnounced, PenaltyObjected, PenaltyUpheld],
        NoticeKind::Incomplete => &[FileIncomplete],
        NoticeKind::Moved => &[Moved],
        _ => &[],
    }
}

/// What the appointment of the notice costs its holder, if anything.
fn penalty(holder: &Holder, topic: Topic, lang: Lang) -> [(&'static str, FluentValue<'static>); 3] {
    let of_this = |penalty: &&Penalty| Some(penalty.convocation_id) == topic.convocation;
    let penalty = holder.penalties.iter().find(of_this);
    let said = penalty.map(|penalty| told::said_penalty(lang, holder, penalty, topic.way));
    let state = said.as_ref().map_or("none", |said| said.state.as_str());
    let effect = said.as_ref().map(|said| holder.zone.local_date(said.effect_at));
    [
        ("penalty-state", state.into()),
        ("penalty", said.map(|said| said.letter()).unwrap_or_default().into()),
        ("effect", effect.map(|day| lang.short_date(day)).unwrap_or_default().into()),
    ]
}

/// Where the entry stands now: what an ended convocation has changed, and why an entry is closed.
fn standing(holder: &Holder, kind: NoticeKind, lang: Lang) -> [(&'static str, FluentValue<'static>); 5] {
    let entry = &holder.entry;
    let outcome = match entry.state {
        EntryState::Waiting | EntryState::AwaitingIdentity
            if entry.standing.displaced && kind == NoticeKind::Apology =>
        {
            "first"
        }
        EntryState::Waiting | EntryState::AwaitingIdentity => "waiting",
        EntryState::Convoked => "convoked",
        EntryState::Closed => "closed",
        _ => "other",
    };
    let days = holder.queue.rules.identity_days;
    // Giving an appointment back in time keeps the seniority once.
    let given_back = entry.declines - i32::from(kind == NoticeKind::Cancellation);
    let closes = told::identity_closes(entry, &holder.notices, days);
    [
        ("outcome", outcome.into()),
        ("reason", entry.close_reason.map_or("other", CloseReason::as_str).into()),
        ("seniority", if given_back > 0 { "lost" } else { "kept" }.into()),
        ("closes", closes.map(|at| lang.date(holder.zone.local_date(at))).unwrap_or_default().into()),
        ("days", days.into()),
    ]
}

/// Whether its time passed before its holder knew of it.
fn missed_untold((record, _): &Appointment) -> bool {
    !record.convoked().is_told() && record.ended_at.is_some_and(|ended_at| ended_at >= record.starts_at)
}

/// The address that a way needs.
pub fn address(person: &Shown, way: Way) -> Option<&str> {
    match way {
        Way::Sms => person.phone.as_deref(),
        Way::Email => person.email.as_deref(),
        Way::Letter => None,
    }
}
