//! The demo's town: the people who come, the slots that are published, the counters that open. All
//! of it uses the same flows as a real prefecture; only the people are fictional.

use std::fmt::Write;
use std::path::Path;

use anyhow::anyhow;
use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeDelta, Timelike, Utc, Weekday};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use super::credentials::{ACCOUNTS, KNOWN_BIRTH, KNOWN_NUMBER, PASSWORD};
use super::{progress, start};
use crate::clock::{BusinessClock, Clock, FakeClock, SystemClock};
use crate::config::Config;
use crate::domain::actor::{Actor, Channel};
use crate::domain::availability::Availability;
use crate::domain::entry::{ConvocationEvent, ConvocationState};
use crate::domain::ids::{PrefectureId, QueueId, SiteId, StaffId};
use crate::domain::letter::Sent;
use crate::domain::slot::Half;
use crate::domain::slot_plan::SlotForm;
use crate::flow::register::{Desk, Registration, register};
use crate::flow::{App, FlowError, counter, import, slots, staff};
use crate::locale::Lang;
use crate::notify::Carriers;
use crate::scheduler;
use crate::store::Store;
use crate::store::backup::files_of;
use crate::web::public::preparing::Preparing;

const FILE: &str = include_str!("../../config/demo-prefecture.toml");
/// Days simulated before the demo is shown.
const PAST_DAYS: u64 = 21;
/// Hours (UTC) at which something is due in the simulated past: messages leave, lists freeze, draws are held.
/// Paris is one or two hours ahead.
const EVENTFUL_HOURS: [u32; 6] = [9, 16, 17, 19, 20, 21];
/// A day takes as long to play as so many registrations.
const A_DAY_AS_PEOPLE: u64 = 100;
/// How far ahead slots are published, in days.
const AHEAD_DAYS: u64 = 21;
/// Letters handed over a day.
const LETTERS_MAX: i64 = 500;
/// Numbers in the demo's register for its own people.
const REGISTERED: u32 = 10_000;
const FIRST_NUMBER: u64 = 9_910_000_000;

/// How a queue lives: people at the beginning of the past, and each day.
const QUEUES: [(&str, u32, u32); 3] =
    [("renouvellement", 1_650, 14), ("premiere-demande", 20, 16), ("naturalisation", 900, 9)];
/// Slots a weekday: site, desk, queue, how many.
const DESKS: [(&str, u16, &str, i64); 5] = [
    ("centre", 1, "premiere-demande", 20),
    ("centre", 2, "premiere-demande", 10),
    ("gare", 1, "premiere-demande", 10),
    ("centre", 3, "renouvellement", 12),
    ("centre", 4, "naturalisation", 8),
];

/// The demo's town, and its present state.
pub struct Town {
    pub store: Store,
    pub business_now: DateTime<Utc>,
    prefecture: PrefectureId,
    sites: Vec<SiteId>,
    queues: Vec<QueueId>,
    agent: StaffId,
    /// People made so far.
    people: u32,
    /// The current day, and how many people have come since it began.
    day: NaiveDate,
    came: u32,
    chance: ChaCha20Rng,
}

/// Opens the demo's town where it stood, or makes one with three weeks behind it.
pub async fn prepare(
    config: Config,
    database: &Path,
    carriers: Carriers,
    preparing: &Preparing,
) -> anyhow::Result<Town> {
    let mut store = start::store(&config).await?;
    if let Some(business_now) = store.business_now().await? {
        return Town::open(store, business_now).await;
    }
    if !store.directory().await?.prefectures.is_empty() {
        // The first start was interrupted: a half-made town is made again.
        store.close().await;
        drop(store);
        for file in files_of(database) {
            let _ = std::fs::remove_file(file);
        }
        store = start::store(&config).await?;
    }
    let real_now = SystemClock.now();
    let begins = (real_now - Days::new(PAST_DAYS)).date_naive().and_time(NaiveTime::MIN).and_utc();
    let clock = FakeClock::at(begins + TimeDelta::hours(6));
    let app = start::app_with(config, BusinessClock::new(clock.clone()), carriers, store.clone()).await?;
    eprintln!("Première fois : trois semaines de vie d’une préfecture sont jouées, une minute environ.");
    found(&app).await?;
    let mut town = Town::open(store, app.business.now()).await?;
    town.live_past(&app, &clock, real_now, preparing).await?;
    Ok(town)
}

/// Prefecture, accounts, register.
async fn found(app: &App) -> anyhow::Result<()> {
    let prefecture = import::prefecture(app, FILE).await?;
    for (login, role) in ACCOUNTS {
        staff::add(app, prefecture, login, PASSWORD, *role).await?;
    }
    let mut numbers = String::from("number,birth_date\n");
    let known: u64 = KNOWN_NUMBER.parse()?;
    for visitor in 0..99 {
        writeln!(numbers, "{},{KNOWN_BIRTH}", known + visitor)?;
    }
    for n in 0..REGISTERED {
        writeln!(numbers, "{},{}", FIRST_NUMBER + u64::from(n), birth_date(n))?;
    }
    import::register_of_numbers(app, numbers.as_bytes(), |_| ()).await?;
    Ok(())
}

impl Town {
    async fn open(store: Store, business_now: DateTime<Utc>) -> anyhow::Result<Self> {
        let directory = store.directory().await?;
        let missing = || anyhow!("the demo's database was left half made: remove ./var and start again");
        let prefecture = directory.prefectures.first().ok_or_else(missing)?.id;
        let queue =
            |slug| directory.queue_by_slug(prefecture, slug).map(|queue| queue.id).ok_or_else(missing);
        let agent = store.staff_by_login("agent".into()).await?.ok_or_else(missing)?.id;
        let mut people = 0;
        for queue in &directory.queues {
            people += store.entries_ever(queue.id).await?;
        }
        Ok(Self {
            queues: QUEUES.iter().map(|(slug, ..)| queue(slug)).collect::<Result<_, _>>()?,
            sites: directory.sites_of(prefecture).map(|site| site.id).collect(),
            prefecture,
            agent,
            people: u32::try_from(people)?,
            day: business_now.date_naive(),
            came: 0,
            chance: ChaCha20Rng::seed_from_u64(business_now.timestamp().unsigned_abs()),
            store,
            business_now,
        })
    }

    async fn live_past(
        &mut self,
        app: &App,
        clock: &FakeClock,
        until: DateTime<Utc>,
        preparing: &Preparing,
    ) -> anyhow::Result<()> {
        let first = app.business.now().date_naive();
        self.publish(app, first + Days::new(1), first + Days::new(AHEAD_DAYS)).await?;
        let total: u32 = QUEUES.iter().map(|(_, people, _)| people).sum();
        let whole = u64::from(total) + PAST_DAYS * A_DAY_AS_PEOPLE;
        let bar = progress(whole, "préparation");
        let told = |done| {
            bar.set_position(done);
            preparing.says(done, whole);
        };
        let mut come = 0;
        for (at, (_, people, _)) in QUEUES.iter().enumerate() {
            for _ in 0..*people {
                self.come(app, at).await?;
                come += 1;
                told(come);
                // The first crowd came over two days, so that the arrival order has different days.
                clock.advance(TimeDelta::seconds(60));
            }
        }
        while app.business.now() < until {
            let now = clock.advance(TimeDelta::hours(1)).min(until);
            clock.set(now);
            self.go_on(app).await?;
            if EVENTFUL_HOURS.contains(&now.hour()) {
                while !scheduler::tick(app).await.is_idle() {}
            }
            let days = u64::try_from((now.date_naive() - first).num_days()).unwrap_or(0);
            told(come + days * A_DAY_AS_PEOPLE);
        }
        bar.finish_and_clear();
        self.business_now = app.business.now();
        self.store.save_business_now(self.business_now).await?;
        Ok(())
    }

    /// Does what this town does between two ticks: a few arrivals; at midnight, slots and the counter.
    pub async fn go_on(&mut self, app: &App) -> anyhow::Result<()> {
        let now = app.business.now();
        if now.date_naive() != self.day {
            self.day = now.date_naive();
            self.came = 0;
            let ahead = self.day + Days::new(AHEAD_DAYS);
            self.publish(app, ahead, ahead).await?;
            self.hold_counters(app).await?;
        }
        let a_day: u32 = QUEUES.iter().map(|(.., daily)| daily).sum();
        let due = a_day * now.hour().saturating_sub(5).min(15) / 15;
        while self.came < due {
            let mut at = self.came % a_day;
            let queue = QUEUES.iter().position(|(.., daily)| {
                let here = at < *daily;
                at = at.saturating_sub(*daily);
                here
            });
            self.came += 1;
            self.come(app, queue.unwrap_or(0)).await?;
        }
        Ok(())
    }

    async fn publish(&self, app: &App, first_day: NaiveDate, last_day: NaiveDate) -> anyhow::Result<()> {
        let from = NaiveTime::from_hms_opt(9, 0, 0).unwrap_or_default();
        for (site, desk, queue, slots_a_day) in DESKS {
            let at = QUEUES.iter().position(|(slug, ..)| *slug == queue).unwrap_or(0);
            let form = SlotForm {
                site: site.to_owned(),
                desk,
                first_day,
                last_day,
                weekdays: vec![Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri],
                from,
                to: from + TimeDelta::minutes(20 * slots_a_day),
                every_minutes: 20,
                minutes: 20,
                skip_holidays: true,
            };
            match slots::publish_form(app, self.queues[at], &form, slots::IfUnusual::Ask, Actor::System).await
            {
                // A week-end or a public holiday.
                Ok(_) | Err(slots::PublishError::Flow(FlowError::Invalid(_))) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// Ticks off appointments that nobody ticked for four days (nine people in ten came), and hands over
    /// yesterday's letters. A visitor has time to do it first.
    async fn hold_counters(&mut self, app: &App) -> anyhow::Result<()> {
        let now = app.business.now();
        let past =
            self.store.counter(self.prefecture, now - TimeDelta::days(9), now - TimeDelta::days(4)).await?;
        for one in past.iter().filter(|one| one.state == ConvocationState::Live) {
            let (event, missing) = match self.chance.next_u32() % 22 {
                0 | 1 => (ConvocationEvent::Miss, ""),
                2 => (ConvocationEvent::Incomplete, "justificatif de domicile"),
                _ => (ConvocationEvent::Attend, ""),
            };
            counter::tick(app, one.id, event, missing, None, self.agent).await?;
        }
        for letter in
            self.store.letters_due(self.prefecture, now - TimeDelta::days(1), 0, LETTERS_MAX).await?
        {
            self.store.letter_done(letter.id, Sent::HandedOver, now, self.agent, now).await?;
        }
        Ok(())
    }

    /// One more person registers.
    async fn come(&mut self, app: &App, queue: usize) -> anyhow::Result<()> {
        let n = self.people;
        self.people += 1;
        let online = n < REGISTERED && !n.is_multiple_of(3);
        let today = app.business.now().date_naive();
        let typed = Registration {
            birth_name: format!("Démo {n:04}"),
            given_names: "Usager".into(),
            birth_date: birth_date(n),
            foreigner_number: if online { (FIRST_NUMBER + u64::from(n)).to_string() } else { String::new() },
            document_country: if online { String::new() } else { "MAR".into() },
            document_number: if online { String::new() } else { format!("DEMO{n:06}") },
            phone: if n.is_multiple_of(8) { String::new() } else { format!("063998{:04}", n % 10_000) },
            email: if n.is_multiple_of(5) {
                format!("usager.demo.{n:04}@example.org")
            } else {
                String::new()
            },
            language: if n.is_multiple_of(4) { Lang::En } else { Lang::Fr }.code().into(),
            deadline: (today + Days::new(20 + u64::from(n % 90))).format("%d/%m/%Y").to_string(),
            deadline_kind: "permit_expiry".into(),
            ..Registration::default()
        };
        let desk = match (online, n % 2) {
            (true, _) => Desk::ONLINE,
            (false, 0) => Desk {
                channel: Channel::Phone,
                actor: Some(Actor::Staff(self.agent)),
                document_seen: true,
                ..Desk::ONLINE
            },
            (false, _) => Desk {
                channel: Channel::Counter,
                actor: Some(Actor::Staff(self.agent)),
                document_seen: true,
                deadline_seen: true,
                ..Desk::ONLINE
            },
        };
        let key = format!("demo-{n}-{}", app.business.now().timestamp_micros());
        match register(app, self.queues[queue], &typed, &self.availability(n), desk, &key).await {
            // After ten thousand people the document numbers repeat: the earlier person may still wait.
            Ok(_) | Err(FlowError::Refused(_)) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    fn availability(&self, n: u32) -> Availability {
        let mut can = Availability::anything(self.sites.clone());
        match n % 7 {
            1 => can.halves = vec![Half::Morning],
            2 => can.halves = vec![Half::Afternoon],
            3 => can.sites.truncate(1),
            4 => can.weekdays = vec![0, 2, 4],
            5 => can.notice_days = 7,
            _ => {}
        }
        can
    }
}

fn birth_date(n: u32) -> String {
    let day = NaiveDate::default().with_year(1950 + i32::try_from(n % 55).unwrap_or(0)).unwrap_or_default();
    (day + Days::new(u64::from(n % 365))).format("%d/%m/%Y").to_string()
}
