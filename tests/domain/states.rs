//! The table of docs/states.md: every state, every event, written from the code and compared with the page.

use chrono::{DateTime, TimeDelta, Utc};
use passage::domain::actor::Actor;
use passage::domain::entry::{
    CloseReason, ConvocationEvent, ConvocationState, Convoked, Effect, Entry, EntryEvent, EntryState, Keys,
    Superseded, WARNINGS_MAX,
};
use passage::domain::ids::{EntryId, StaffId};
use passage::domain::penalty::{Announced, PenaltyReason};
use passage::domain::rules::{Mode, Penalty, Rules, Scope};
use passage::domain::tick::Tick;
use uuid::Uuid;

const LATE_LIMIT_HOURS: u16 = 48;
pub const HOLDER: Actor = Actor::Holder(EntryId(Uuid::nil()));
pub const AGENT: Actor = Actor::Staff(StaffId(Uuid::nil()));

pub fn rules() -> Rules {
    Rules {
        mode: Mode::Lottery,
        weight_step: 1,
        weight_cap: 1,
        guarantee_after_draws: None,
        reserves: Vec::new(),
        timetable: "0 18 * * MON".into(),
        lead_minutes: 60,
        notice_min_days: 5,
        horizon_days: 60,
        window: None,
        late_limit_hours: LATE_LIMIT_HOURS,
        late_cancel: Penalty::PauseDays(14),
        miss: Penalty::PauseDays(30),
        objection_days: 15,
        scope: Scope::Installation,
        admit_declared: false,
        identity_days: 60,
        retention_days: 365,
        public_hours: 24,
        survival_percent: 5,
        few_percent: 10,
    }
}

pub fn strict() -> Rules {
    Rules { late_cancel: Penalty::Close, miss: Penalty::Close, ..rules() }
}

pub fn starts_at() -> DateTime<Utc> {
    "2027-06-08T07:30:00Z".parse().unwrap()
}

pub fn live() -> Convoked {
    let told_at = Some(starts_at() - TimeDelta::days(10));
    Convoked { state: ConvocationState::Live, told_at, starts_at: starts_at(), ticked: None }
}

pub fn minutes(count: i64) -> TimeDelta {
    TimeDelta::minutes(count)
}

/// The instant from which giving back is late.
pub fn late_from() -> DateTime<Utc> {
    starts_at() - TimeDelta::hours(LATE_LIMIT_HOURS.into())
}

/// Somebody who has waited three draws.
pub fn waiting() -> Entry {
    Entry { draws_survived: 3, ..Entry::registered(true).0 }
}

pub fn convoked() -> Entry {
    Entry { state: EntryState::Convoked, convocation: Some(live()), ..waiting() }
}

/// Whose convocation has not been received.
pub fn untold() -> Entry {
    Entry { convocation: Some(Convoked { told_at: None, ..live() }), ..convoked() }
}

/// Convoked, and ticked at the counter.
fn noted(tick: Tick) -> Entry {
    Entry { convocation: Some(Convoked { ticked: Some(tick), ..live() }), ..convoked() }
}

/// A penalty that takes effect at `from`.
pub fn penalise(cost: Penalty, from: DateTime<Utc>) -> EntryEvent {
    EntryEvent::Penalise { announced: Announced { reason: PenaltyReason::Missed, cost }, from }
}

/// Instants, with their names.
type Instants = Vec<(&'static str, DateTime<Utc>)>;

/// One entry of each kind, and the instants at which an event makes a difference to it.
fn kinds() -> Vec<(&'static str, Entry, Instants)> {
    let before = late_from() - minutes(1);
    let any = vec![("", before)];
    let convoked_at = vec![
        ("before the late limit", before),
        ("late", late_from()),
        ("two hours before", starts_at() - minutes(120)),
        ("from its time on", starts_at()),
    ];
    let over = |state, close_reason| Entry { state, close_reason, ..waiting() };
    let unverified = Entry::registered(false).0;
    vec![
        ("`AwaitingIdentity`", unverified, any.clone()),
        ("`AwaitingIdentity`, warned twice", Entry { warnings: WARNINGS_MAX, ..unverified }, any.clone()),
        ("`Waiting`", waiting(), any.clone()),
        ("`Convoked`", convoked(), convoked_at.clone()),
        ("`Convoked`, gave one back before", Entry { declines: 1, ..convoked() }, vec![("", before)]),
        ("`Convoked`, not told of it", untold(), convoked_at[1..].to_vec()),
        ("`Convoked`, identity declared only", Entry { verified: false, ..convoked() }, vec![("", before)]),
        ("`Convoked`, noted as received", noted(Tick::Served), vec![("", starts_at() - minutes(60))]),
        ("`Convoked`, noted as incomplete", noted(Tick::Incomplete), vec![("", starts_at() - minutes(60))]),
        ("`Convoked`, noted as absent", noted(Tick::Absent), vec![("", starts_at() + minutes(60))]),
        ("`Served`", over(EntryState::Served, None), any.clone()),
        ("`Withdrawn`", over(EntryState::Withdrawn, None), any.clone()),
        ("`Closed`", over(EntryState::Closed, Some(CloseReason::Identity)), any),
    ]
}

fn events() -> Vec<(String, EntryEvent)> {
    let plain = [
        ("paused", EntryEvent::Pause),
        ("resumed", EntryEvent::Resume),
        ("availability changed", EntryEvent::ChangeAvailability),
        ("deadline seen", EntryEvent::SeeDeadline),
        ("identity verified", EntryEvent::VerifyIdentity),
        ("identity overdue", EntryEvent::IdentityOverdue),
        ("moved to another queue", EntryEvent::Move { same_queue: false }),
        ("moved to its own queue", EntryEvent::Move { same_queue: true }),
        ("closed as a duplicate", EntryEvent::CloseDuplicate),
        ("compensated", EntryEvent::Compensate),
        ("withdrawn", EntryEvent::Withdraw),
        ("drawn", EntryEvent::Win(live())),
        ("listed, could take enough of the seats, not drawn", EntryEvent::Survive),
        ("a pause of 30 days takes effect", penalise(Penalty::PauseDays(30), starts_at())),
        ("a closing takes effect", penalise(Penalty::Close, starts_at())),
    ];
    let ends = ConvocationEvent::ALL
        .iter()
        .map(|event| (format!("convocation: {}", event.as_str().replace('_', " ")), EntryEvent::End(*event)));
    plain.into_iter().map(|(name, event)| (name.to_owned(), event)).chain(ends).collect()
}

/// An effect in words.
fn said(before: Entry, effect: &Effect, at: DateTime<Utc>) -> (String, String) {
    let after = effect.entry;
    let becomes = match after.close_reason {
        Some(reason) => format!("`Closed({reason})`"),
        None if after.state == before.state => "stays".to_owned(),
        None => format!("`{:?}`", after.state),
    };
    let mut parts = Vec::new();
    let mut say = |holds: bool, text: String| {
        if holds {
            parts.push(text);
        }
    };
    if let Some((state, slot)) = effect.ended {
        say(true, format!("convocation `{state:?}`, slot {}", format!("{slot:?}").to_lowercase()));
    }
    say(after.paused != before.paused, if after.paused { "not listed" } else { "listed again" }.to_owned());
    say(after.draws_survived > before.draws_survived, "one more draw survived".to_owned());
    say(after.draws_survived < before.draws_survived, "seniority reset".to_owned());
    if let Some(until) = after.paused_until {
        say(true, format!("not listed for {} days", (until - at).num_days()));
    }
    say(after.displaced && !before.displaced, "first in the next draw".to_owned());
    match effect.keys {
        Keys::Keep => {}
        Keys::Hold => say(true, "holds its keys".to_owned()),
        Keys::Release => say(true, "keys given back".to_owned()),
        Keys::Rehold => say(true, "keys taken in the new queue".to_owned()),
    }
    if let Some(announced) = effect.announces {
        say(true, format!("a penalty is announced (`{}`)", announced.reason));
    }
    match effect.supersedes {
        Superseded::None => {}
        Superseded::Identity => say(true, "requests for the identity superseded".to_owned()),
        Superseded::Convocation => say(true, "its convocation and reminder superseded".to_owned()),
        Superseded::All => say(true, "all pending notices superseded".to_owned()),
    }
    if let Some(kind) = effect.owes {
        say(true, format!("notice `{kind}`"));
    }
    (becomes, if parts.is_empty() { "nothing".to_owned() } else { parts.join("; ") })
}

/// Every state and every event, by the holder where it makes a difference, under rules that pause.
fn table() -> String {
    let mut lines = vec![
        "| entry | event | when | becomes | what goes with it |".to_owned(),
        "|---|---|---|---|---|".to_owned(),
    ];
    for (kind, entry, instants) in kinds() {
        for (name, event) in events() {
            let mut seen: Vec<(Vec<&str>, (String, String))> = Vec::new();
            for (when, at) in &instants {
                let event = match event {
                    EntryEvent::Penalise { announced, .. } => EntryEvent::Penalise { announced, from: *at },
                    event => event,
                };
                let row = match entry.apply(event, HOLDER, &rules(), *at) {
                    Ok(effect) => said(entry, &effect, *at),
                    Err(refusal) => ("refused".to_owned(), format!("`{refusal}`")),
                };
                match seen.iter_mut().find(|(_, known)| *known == row) {
                    Some((whens, _)) => whens.push(when),
                    None => seen.push((vec![when], row)),
                }
            }
            for (whens, (becomes, with)) in &seen {
                let when = if seen.len() == 1 { String::new() } else { whens.join(", ") };
                lines.push(format!("| {kind} | {name} | {when} | {becomes} | {with} |"));
            }
        }
    }
    lines.join("\n")
}

/// `UPDATE_DOCS=1 cargo test --test domain` writes it again.
#[test]
fn the_table_of_states_in_the_documentation_is_this_code() {
    const OPENS: &str = "<!-- entry table, written by tests/domain/states.rs -->\n";
    const CLOSES: &str = "\n<!-- end of the entry table -->";
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/states.md");
    let doc = std::fs::read_to_string(path).unwrap();
    let (head, rest) = doc.split_once(OPENS).expect("the table's place is marked");
    let (written, tail) = rest.split_once(CLOSES).expect("the table's end is marked");
    if std::env::var("UPDATE_DOCS").is_ok() {
        return std::fs::write(path, format!("{head}{OPENS}{}{CLOSES}{tail}", table())).unwrap();
    }
    assert!(written == table(), "docs/states.md is not what the code does; UPDATE_DOCS=1 writes it");
}

/// What must hold of an entry, whatever has happened to it.
#[test]
fn whatever_happens_an_entry_is_whole() {
    for rules in [rules(), strict()] {
        for (kind, entry, instants) in kinds() {
            for ((name, event), (_, at)) in
                events().into_iter().flat_map(|event| instants.iter().map(move |at| (event.clone(), *at)))
            {
                let Ok(effect) = entry.apply(event, AGENT, &rules, at) else { continue };
                let after = effect.entry;
                let context = format!("{kind}: {name} at {at}");
                assert_eq!(after.state == EntryState::Closed, after.close_reason.is_some(), "{context}");
                assert_eq!(after.state == EntryState::Convoked, after.convocation.is_some(), "{context}");
                assert_eq!(!after.state.is_live(), effect.keys == Keys::Release, "{context}");
                assert_eq!(!after.state.is_live(), effect.supersedes == Superseded::All, "{context}");
                if let Some((state, _)) = effect.ended {
                    assert_ne!(state, ConvocationState::Live, "{context}");
                    assert!(entry.convocation.is_some() && after.convocation.is_none(), "{context}");
                }
                if entry.state == EntryState::Convoked && after.state != EntryState::Convoked {
                    assert!(effect.ended.is_some(), "{context}");
                }
            }
        }
    }
}
