//! An alarm in words, for the manager's page and for operators.

use crate::domain::alarm::Alarm;
use crate::domain::local_time::Zone;
use crate::locale::Lang;

/// The sentence of an alarm: what is wrong, and what to do.
pub fn sentence(lang: Lang, alarm: &Alarm) -> String {
    let values = [("subject", alarm.subject.clone().into()), ("detail", alarm.detail.clone().into())];
    lang.with(&format!("alarm-{}", alarm.kind.key()), values)
}

/// The same, with since when.
pub fn dated(lang: Lang, alarm: &Alarm, zone: Zone) -> String {
    let sentence = sentence(lang, alarm);
    match alarm.since {
        Some(since) => {
            let since = lang.with("alarm-since", [("since", lang.instant(since, zone).into())]);
            format!("{sentence} {since}")
        }
        None => sentence,
    }
}
