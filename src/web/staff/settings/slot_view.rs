//! The week of slots and the choices of the forms under it.

use chrono::{Datelike, Days, NaiveDate};

use crate::domain::directory::Site;
use crate::domain::slot::SlotState;
use crate::flow::App;
use crate::flow::read::slots::{Slot, between};
use crate::locale::Lang;
use crate::web::shared::WebError;
use crate::web::staff::kit::own::Own;
use crate::web::staff::kit::parts::{Choice, word};

/// One week, by day.
pub struct Week {
    pub title: String,
    pub previous: NaiveDate,
    pub next: NaiveDate,
    pub counts: String,
    pub days: Vec<Day>,
}

pub struct Day {
    pub date: NaiveDate,
    pub title: String,
    pub slots: Vec<SlotLine>,
}

pub struct SlotLine {
    pub id: String,
    pub text: String,
    pub state: String,
    pub may_withdraw: bool,
}

/// What the forms offer.
pub struct Choices {
    pub queues: Vec<Choice>,
    pub desks: Vec<Choice>,
    pub sites: Vec<Choice>,
    pub weekdays: Vec<Choice>,
    pub example: String,
}

impl Choices {
    pub fn of(lang: Lang, own: &Own) -> Self {
        let desks = own.sites().flat_map(|site| {
            own.directory.desks_of(site.id).map(move |desk| {
                let values = [("site", site.name.clone().into()), ("desk", desk.number.into())];
                Choice::new(desk_value(site, desk.number), lang.with("staff-place", values))
            })
        });
        let first = own.sites().next();
        let desk = first.and_then(|site| own.directory.desks_of(site.id).next());
        Self {
            queues: own.queues().map(|queue| Choice::new(queue.id, queue.name.clone())).collect(),
            desks: desks.collect(),
            sites: own.sites().map(|site| Choice::new(site.id, site.name.clone())).collect(),
            weekdays: (0..7).map(|day| Choice::new(day, lang.text(&format!("weekday-{day}")))).collect(),
            example: format!(
                "{};{};{};09:30;20",
                first.map_or("site", |site| site.slug.as_str()),
                desk.map_or(1, |desk| desk.number),
                own.today() + Days::new(30),
            ),
        }
    }
}

/// How a form names a desk.
pub fn desk_value(site: &Site, desk: i32) -> String {
    format!("{}/{desk}", site.slug)
}

/// The Monday of a day's week.
pub fn monday(day: NaiveDate) -> NaiveDate {
    day - Days::new(day.weekday().num_days_from_monday().into())
}

/// The week in which `day` lies.
pub async fn week(app: &App, own: &Own, lang: Lang, day: NaiveDate) -> Result<Week, WebError> {
    let first = monday(day);
    let (from, to) = (own.day(first).0, own.day(first + Days::new(7)).0);
    let slots = between(app, own.id(), from, to).await?;
    let count = |state| slots.iter().filter(|slot| slot.state == state).count();
    let counts = lang.with(
        "manage-week-counts",
        [
            ("all", slots.len().into()),
            ("free", (count(SlotState::Free) + count(SlotState::Frozen)).into()),
            ("taken", count(SlotState::Taken).into()),
        ],
    );
    let days = (0..7).map(|at| first + Days::new(at)).map(|date| {
        let of_day = slots.iter().filter(|slot| own.zone.local_date(slot.starts_at) == date);
        let lines: Vec<SlotLine> = of_day.map(|slot| line(own, lang, slot)).collect();
        let title = [("date", lang.date(date).into()), ("n", lines.len().into())];
        Day { date, title: lang.with("manage-day", title), slots: lines }
    });
    Ok(Week {
        title: lang.with("manage-week", [("date", lang.date(first).into())]),
        previous: first - Days::new(7),
        next: first + Days::new(7),
        counts,
        days: days.collect(),
    })
}

/// One slot in words.
pub fn line(own: &Own, lang: Lang, slot: &Slot) -> SlotLine {
    let text = lang.with(
        "manage-slot",
        [
            ("time", lang.time(slot.starts_at, own.zone).into()),
            ("minutes", slot.minutes.into()),
            ("site", own.site_name(slot.site_id).into()),
            ("desk", slot.desk_number.into()),
            ("queue", own.queue_name(slot.queue_id).into()),
        ],
    );
    let gone = slot.withdrawn_at.is_some();
    let state = if gone { SlotState::Withdrawn } else { slot.state };
    let held = matches!(slot.state, SlotState::Free | SlotState::Frozen | SlotState::Taken);
    SlotLine {
        id: slot.id.to_string(),
        text,
        state: word(lang, "slot", state.as_str()),
        may_withdraw: held && !gone && slot.starts_at > own.now,
    }
}
