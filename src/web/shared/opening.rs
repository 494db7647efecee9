//! The days that the form of an availability offers, the half-days at which slots usually lie, and what a
//! narrow choice costs.

use std::collections::BTreeMap;

use super::forms::{AvailabilityForm, Choice};
use super::rules_words::survival;
use crate::domain::availability::Availability;
use crate::domain::directory::{Queue, Site};
use crate::domain::opening::Opening;
use crate::domain::rules::{Mode, Rules};
use crate::domain::situation::SlotClasses;
use crate::domain::slot::Half;
use crate::flow::{App, read};
use crate::locale::Lang;
use crate::web::shared::WebError;

/// What stands around the boxes.
pub struct OpeningView {
    opening: Opening,
    /// The usual half-days, a line for each site.
    pub usual: Vec<String>,
    /// What few appointments mean for the seniority, where it counts.
    pub survival: Option<String>,
}

impl OpeningView {
    pub fn of(
        lang: Lang,
        rules: &Rules,
        sites: &[Site],
        slots: &SlotClasses,
        held: Option<&Availability>,
    ) -> Self {
        let opening = Opening::of(slots);
        Self {
            opening: held.into_iter().fold(opening, Opening::or),
            usual: sites.iter().filter_map(|site| usual(lang, site, slots)).collect(),
            survival: matches!(rules.mode, Mode::Seniority | Mode::Guarantee).then(|| survival(lang, rules)),
        }
    }

    pub async fn load(
        app: &App,
        lang: Lang,
        queue: &Queue,
        sites: &[Site],
        held: Option<&Availability>,
    ) -> Result<Self, WebError> {
        let slots = read::queues::slot_classes(app, queue.id).await?;
        Ok(Self::of(lang, &queue.rules, sites, &slots, held))
    }

    /// An empty form, with everything ticked: who can always come has nothing to do.
    pub fn form(&self, sites: &[Site]) -> AvailabilityForm {
        let weekdays = self.opening.weekdays().collect();
        let sites = sites.iter().map(|site| site.id).collect();
        AvailabilityForm::of(&Availability { weekdays, ..Availability::anything(sites) })
    }

    /// The boxes of the weekdays.
    pub fn weekdays(&self, lang: Lang, form: &AvailabilityForm) -> Vec<Choice> {
        let choice = |day: u8| {
            let value = day.to_string();
            let (label, ticked) = (lang.text(&format!("weekday-{day}")), form.weekdays.contains(&value));
            Choice { value, label, ticked }
        };
        self.opening.weekdays().map(choice).collect()
    }
}

/// When slots usually lie at a site; none if there are none.
fn usual(lang: Lang, site: &Site, slots: &SlotClasses) -> Option<String> {
    let mut days = BTreeMap::<u8, Vec<Half>>::new();
    for (_, day, half) in slots.usual.iter().filter(|(at, ..)| *at == site.id) {
        days.entry(*day).or_default().push(*half);
    }
    let mut by_half = BTreeMap::<&str, Vec<String>>::new();
    for (day, halves) in days {
        let key = match halves.as_slice() {
            [Half::Morning] => "usual-morning",
            [Half::Afternoon] => "usual-afternoon",
            _ => "usual-all-day",
        };
        by_half.entry(key).or_default().push(lang.text(&format!("weekday-{day}")));
    }
    let said: Vec<String> =
        by_half.into_iter().map(|(key, days)| lang.with(key, [("days", days.join(", ").into())])).collect();
    let values = [("site", site.name.clone().into()), ("when", said.join(" ; ").into())];
    (!said.is_empty()).then(|| lang.with("usual-line", values))
}
