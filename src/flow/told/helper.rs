//! Who speaks for a person, in words: on their page, the receipt and the agent's page alike.

use crate::domain::local_time::Zone;
use crate::flow::helpers::Speaker;
use crate::locale::Lang;

/// Who reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ToldTo {
    /// Whoever is helped.
    Person,
    Agent,
}

/// Who helps, with which mandate, and whose the contact is.
pub fn said_helper(lang: Lang, zone: Zone, speaker: &Speaker, to: ToldTo) -> String {
    let helper = &speaker.helper;
    let seen = helper.mandate_seen.clone().unwrap_or_default();
    let values = [
        ("name", helper.name.clone().into()),
        ("kind", lang.text(&format!("helper-named-{}", helper.kind.key())).into()),
        ("to", if to == ToldTo::Person { "person" } else { "agent" }.into()),
        ("date", lang.date(zone.local_date(speaker.since)).into()),
        ("mandate", if seen.is_empty() { "stated" } else { "seen" }.into()),
        ("seen", seen.into()),
        ("contact", if helper.has_contact { "helper" } else { "person" }.into()),
    ];
    lang.with("helper-said", values)
}
