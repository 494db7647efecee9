//! The words of a notice, made when it leaves. An SMS names no procedure, no nationality and no number:
//! phones are shared.

use chrono::Days;
use fluent_templates::fluent_bundle::FluentValue;

use super::people::Shown;
use super::told::{self, Said};
use crate::domain::entry::{CloseReason, EntryState};
use crate::domain::notice::{NoticeKind, Way};
use crate::domain::situation::{Point, Situation};
use crate::domain::sms_text::fit;
use crate::flow::status::Holder;
use crate::locale::Lang;

/// A notice in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// E-mails and letters.
    pub subject: String,
    pub body: String,
}

/// Writes a notice for its holder, in their language.
pub fn words(holder: &Holder, kind: NoticeKind, way: Way, public_url: &str) -> Words {
    let lang = Lang::of(&holder.entry.language);
    let short = way == Way::Sms;
    let base = format!("{}-{}", if short { "sms" } else { "letter" }, kind.key());
    let site = holder.convocation.as_ref();
    let slot_date = site.map(|(live, site)| {
        let date = site.zone().local_date(live.starts_at);
        if short { lang.short_date(date) } else { lang.date(date) }
    });
    let slot_time = site.map(|(live, site)| lang.time(live.starts_at, site.zone()));
    let situation = told::situation(holder);
    let said = Said::of(lang, holder, &situation);
    let next = holder.next_draws.first().map(|at| lang.instant(*at, holder.zone)).unwrap_or_default();
    let values: Vec<_> = [
        ("name", holder.person.full_name().into()),
        ("reference", holder.entry.reference.clone().into()),
        ("prefecture", holder.prefecture.name.clone().into()),
        ("queue", holder.queue.name.clone().into()),
        ("date", slot_date.unwrap_or_default().into()),
        ("time", slot_time.unwrap_or_default().into()),
        ("site", site.map(|(_, site)| site.name.clone()).unwrap_or_default().into()),
        ("address", site.map(|(_, site)| site.address.clone()).unwrap_or_default().into()),
        ("desk", site.map(|(live, _)| live.desk_number).unwrap_or_default().into()),
        ("next", next.into()),
        ("help", holder.prefecture.help.clone().into()),
        ("url", format!("{}/s", public_url.trim_end_matches('/')).into()),
        ("registered", lang.instant(holder.entry.registered_at, holder.zone).into()),
    ]
    .into_iter()
    .chain(standing(holder, &situation, lang))
    .chain([("situation", format!("{}. {} {}", said.headline, said.why, said.action).into())])
    .collect();
    let body = lang.with(&base, values.clone());
    let subject = lang.with(&format!("subject-{}", kind.key()), values);
    Words { subject, body: if short { fit(&body) } else { body } }
}

/// Where the entry stands now: what an ended convocation has changed, and why an entry is closed.
fn standing(holder: &Holder, situation: &Situation, lang: Lang) -> [(&'static str, FluentValue<'static>); 4] {
    let entry = &holder.entry;
    let outcome = match entry.state {
        EntryState::Waiting if situation.says(Point::Suspended) => "paused",
        EntryState::Waiting => "waiting",
        EntryState::Closed => "closed",
        _ => "other",
    };
    let until = entry.paused_until.map(|at| lang.date(holder.zone.local_date(at)));
    let closes = entry.registered_at + Days::new(holder.queue.rules.identity_days.into());
    [
        ("outcome", outcome.into()),
        ("reason", entry.close_reason.map_or("other", CloseReason::as_str).into()),
        ("until", until.unwrap_or_default().into()),
        ("closes", lang.date(holder.zone.local_date(closes)).into()),
    ]
}

/// The address that a way needs.
pub fn address(person: &Shown, way: Way) -> Option<&str> {
    match way {
        Way::Sms => person.phone.as_deref(),
        Way::Email => person.email.as_deref(),
        Way::Letter => None,
    }
}
