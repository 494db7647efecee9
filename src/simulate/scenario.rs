//! What is simulated: a commented TOML file. All of it is checked. Every fault names its field
//! and what to write instead, so that somebody who does not know the program can try their own department.

use serde::Deserialize;

use crate::domain::local_time::Zone;
use crate::domain::rules::Rules;
use crate::domain::timetable::Timetable;
use crate::flow::rules;

/// The built-in scenarios, by name.
pub const PRESETS: &[(&str, &str)] = &[
    ("low-demand", include_str!("../../config/scenarios/low-demand.toml")),
    ("high-demand", include_str!("../../config/scenarios/high-demand.toml")),
    ("herault", include_str!("../../config/scenarios/herault.toml")),
    ("herault-daily", include_str!("../../config/scenarios/herault-daily.toml")),
    ("herault-no-firm", include_str!("../../config/scenarios/herault-no-firm.toml")),
    ("rural", include_str!("../../config/scenarios/rural.toml")),
    ("overload", include_str!("../../config/scenarios/overload.toml")),
    ("no-uniqueness", include_str!("../../config/scenarios/no-uniqueness.toml")),
    ("early-registration", include_str!("../../config/scenarios/early-registration.toml")),
    ("insider", include_str!("../../config/scenarios/insider.toml")),
];

/// One simulated prefecture: its people, its slots, those who cheat, and the rules of both worlds.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// One line, shown above the results.
    pub title: String,
    /// How long the prefecture is watched.
    pub days: u32,
    /// Those who come before this day fill the prefecture and are not measured.
    pub warm_up_days: u32,
    /// Everybody measured is followed for exactly this many days.
    pub within_days: u32,
    /// How often the whole simulation is repeated, each time with another seed.
    pub replications: u32,
    pub people: People,
    pub slots: Slots,
    #[serde(default)]
    pub resellers: Vec<Reseller>,
    pub insider: Option<Insider>,
    pub first_come: FirstCome,
    pub passage: Passage,
}

/// Those who need an appointment.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct People {
    pub a_week: u32,
    /// Already waiting on the first day.
    #[serde(default)]
    pub backlog: u32,
    /// Without internet: they come through the phone or the counter.
    pub assisted_percent: u8,
    /// Of those online: people who follow the site closely and click within seconds.
    pub quick_percent: u8,
    /// How often an ordinary person looks at the booking page in a day; the quick look ten times as often.
    pub looks_a_day: f64,
    /// The share of people online who are at the screen when slots are released.
    pub rush_percent: u8,
    /// How often, in a month, a person without internet finds somebody to book for them.
    pub help_a_month: f64,
    /// Appointments given back: the holder still needs one, on another day.
    pub cancel_percent: u8,
    /// Appointments to which the holder does not come, though they still need one.
    pub miss_percent: u8,
    /// Days from the need to the expiry of the permit, from which the registration window is counted back.
    #[serde(default = "hundred")]
    pub deadline_days: u16,
}

/// What the prefecture offers, the same in both worlds.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Slots {
    pub a_week: u32,
    /// When slots are put online: a cron expression in local time.
    pub release: String,
    /// How far ahead the released slots lie, in days.
    pub ahead_days: u16,
}

/// A firm that sells appointments.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reseller {
    /// Programs that book at the same time.
    pub bots: u32,
    /// The share of people online who buy from this firm.
    pub client_percent: u8,
    /// Real people's numbers, used without their need.
    #[serde(default)]
    pub borrowed_identities: u32,
    /// Invented people.
    #[serde(default)]
    pub false_identities: u32,
    /// How often the firm tries to register each client.
    #[serde(default = "one")]
    pub entries_per_client: u32,
    /// How long before the need the firm registers its clients.
    #[serde(default)]
    pub early_days: u16,
    /// What it does in Passage with a convocation won under another name.
    #[serde(default)]
    pub resale: Resale,
    /// A slot that is not sold is given back this many days before its day.
    #[serde(default = "two")]
    pub unsold_back_days: u16,
    /// What a client pays once seated.
    pub price_eur: u32,
}

/// How a place held under another name gets to the buyer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Resale {
    /// Given back, in the hope that the buyer gets it.
    #[default]
    GiveBack,
    /// The buyer comes with it, under the other name.
    PassOn,
}

/// An agent who is paid by a reseller.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Insider {
    /// Clients favoured in a month.
    pub favours_a_month: u32,
    pub means: Means,
    /// Whether a second agent helps.
    #[serde(default)]
    pub accomplice: bool,
    /// Entries made for each favoured client (`copies`).
    #[serde(default = "five")]
    pub copies: u32,
}

/// What the insider does in Passage; in first-come booking an agent takes the slot before it is released.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Means {
    /// Grants priority, which needs a second agent.
    Priority,
    /// “Sees” invented documents and enters the client several times.
    Copies,
}

/// First-come booking.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FirstCome {
    /// What one booking costs a bot, its captcha included.
    pub bot_seconds: f64,
    /// From a cancellation to the same bot's booking of the freed slot.
    pub handover_seconds: f64,
    /// Whether a booking needs a foreigner's number that exists: invented people are then refused.
    pub number_checked: bool,
}

/// Passage.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Passage {
    /// One live entry per person. Switched off only to show why it matters.
    #[serde(default = "yes")]
    pub uniqueness: bool,
    /// The share of people at the counter whose document is compared with the convocation.
    #[serde(default = "hundred_percent")]
    pub counter_checks_percent: u8,
    pub rules: Rules,
}

const fn one() -> u32 {
    1
}
const fn two() -> u16 {
    2
}
const fn five() -> u32 {
    5
}
const fn hundred() -> u16 {
    100
}
const fn hundred_percent() -> u8 {
    100
}
const fn yes() -> bool {
    true
}

/// Where everything happens: mainland France.
pub const ZONE: Zone = Zone::PARIS;

/// The maximum of people and of slots in one run: catches typing errors.
const MOST: u64 = 2_000_000;

/// Why a scenario cannot be run: one line per fault.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.join("\n"))]
pub struct ScenarioFaults(pub Vec<String>);

impl Scenario {
    /// Reads and checks a scenario.
    ///
    /// # Errors
    /// Every fault, with its field and how to correct it.
    ///
    /// ```
    /// use passage::simulate::Scenario;
    ///
    /// let text = passage::simulate::preset("high-demand").unwrap();
    /// assert!(Scenario::parse(text).is_ok());
    /// let wrong = text.replace("assisted_percent = 25", "assisted_percent = 125");
    /// let faults = Scenario::parse(&wrong).unwrap_err();
    /// assert!(faults.to_string().contains("people.assisted_percent: 125"));
    /// ```
    pub fn parse(text: &str) -> Result<Self, ScenarioFaults> {
        let scenario: Self = toml::from_str(text).map_err(|error| {
            ScenarioFaults(vec![format!(
                "{}\nevery field is explained in config/scenarios/herault.toml",
                error.to_string().trim_end()
            )])
        })?;
        let faults = scenario.faults();
        if faults.is_empty() { Ok(scenario) } else { Err(ScenarioFaults(faults)) }
    }

    fn faults(&self) -> Vec<String> {
        let mut faults = Faults(Vec::new());
        faults.within("days", self.days, 14, 3_660);
        faults.within("within_days", self.within_days, 1, 730);
        faults.within("replications", self.replications, 1, 1_000);
        if self.warm_up_days + self.within_days >= self.days {
            faults.say(format!(
                "days: {} leave nobody to measure after warm_up_days ({}) and within_days ({}); give more days",
                self.days, self.warm_up_days, self.within_days
            ));
        }
        self.check_people(&mut faults);
        self.check_slots(&mut faults);
        for (at, reseller) in self.resellers.iter().enumerate() {
            reseller.check(at, &mut faults);
        }
        let clients: u32 = self.resellers.iter().map(|reseller| u32::from(reseller.client_percent)).sum();
        if clients > 100 {
            faults.say(format!("resellers.client_percent: together {clients}, over 100; lower one of them"));
        }
        if let Some(insider) = &self.insider {
            faults.within("insider.favours_a_month", insider.favours_a_month, 1, 10_000);
            faults.within("insider.copies", insider.copies, 1, 32);
            if self.resellers.is_empty() {
                faults.say(
                    "insider: favours the clients of a reseller, and there is none; add [[resellers]]".into(),
                );
            }
        }
        faults.number("first_come.bot_seconds", self.first_come.bot_seconds, 0.01, 3_600.0);
        faults.number("first_come.handover_seconds", self.first_come.handover_seconds, 0.01, 86_400.0);
        faults.percent("passage.counter_checks_percent", self.passage.counter_checks_percent);
        if let Err(error) = rules::check(&self.passage.rules, ZONE) {
            faults.say(format!("passage.rules.{error}"));
        }
        faults.0
    }

    fn check_people(&self, faults: &mut Faults) {
        let people = &self.people;
        if people.a_week == 0 && people.backlog == 0 {
            faults.say("people.a_week: nobody ever comes; give a number from 1".into());
        }
        let all = u64::from(people.a_week) * u64::from(self.days) / 7 + u64::from(people.backlog);
        if all > MOST {
            faults.say(format!("people.a_week: {all} people in all, over {MOST}; lower it, or days"));
        }
        faults.percent("people.assisted_percent", people.assisted_percent);
        faults.percent("people.quick_percent", people.quick_percent);
        faults.percent("people.rush_percent", people.rush_percent);
        faults.percent("people.cancel_percent", people.cancel_percent);
        faults.percent("people.miss_percent", people.miss_percent);
        if u32::from(people.cancel_percent) + u32::from(people.miss_percent) > 100 {
            faults
                .say("people.miss_percent: with cancel_percent over 100 together; lower one of them".into());
        }
        faults.number("people.looks_a_day", people.looks_a_day, 0.0, 1_000.0);
        faults.number("people.help_a_month", people.help_a_month, 0.0, 1_000.0);
        faults.within("people.deadline_days", people.deadline_days.into(), 1, 3_000);
    }

    fn check_slots(&self, faults: &mut Faults) {
        faults.within("slots.a_week", self.slots.a_week, 1, 50_000);
        faults.within("slots.ahead_days", self.slots.ahead_days.into(), 1, 365);
        if let Err(error) = Timetable::parse(&self.slots.release, ZONE) {
            faults.say(format!("slots.release: {}", error.to_string().replacen("timetable: ", "", 1)));
        }
        let all = u64::from(self.slots.a_week) * u64::from(self.days) / 7;
        if all > MOST {
            faults.say(format!("slots.a_week: {all} slots in all, over {MOST}; lower it, or days"));
        }
        let notice = self.passage.rules.notice_min_days;
        if self.slots.ahead_days <= notice {
            faults.say(format!(
                "slots.ahead_days: {} is within passage.rules.notice_min_days ({notice}), no slot could be drawn; give more",
                self.slots.ahead_days
            ));
        }
    }
}

impl Reseller {
    fn check(&self, at: usize, faults: &mut Faults) {
        let field = |name: &str| format!("resellers[{at}].{name}");
        faults.within(&field("bots"), self.bots, 0, 10_000);
        faults.percent(&field("client_percent"), self.client_percent);
        faults.within(&field("entries_per_client"), self.entries_per_client, 1, 32);
        faults.within(&field("early_days"), self.early_days.into(), 0, 730);
        faults.within(&field("borrowed_identities"), self.borrowed_identities, 0, 100_000);
        faults.within(&field("false_identities"), self.false_identities, 0, 100_000);
    }
}

/// The faults found so far.
struct Faults(Vec<String>);

impl Faults {
    fn say(&mut self, fault: String) {
        self.0.push(fault);
    }

    fn within(&mut self, field: &str, value: u32, from: u32, to: u32) {
        if !(from..=to).contains(&value) {
            self.say(format!("{field}: {value} is not possible; give a number from {from} to {to}"));
        }
    }

    fn percent(&mut self, field: &str, value: u8) {
        self.within(field, value.into(), 0, 100);
    }

    fn number(&mut self, field: &str, value: f64, from: f64, to: f64) {
        if !(value.is_finite() && (from..=to).contains(&value)) {
            self.say(format!("{field}: {value} is not possible; give a number from {from} to {to}"));
        }
    }
}
