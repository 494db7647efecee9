//! The simulation keeps its queue in memory; the program keeps it in a database. This test simulates the same
//! town on the whole program (flows, store, scheduler, moved clocks) and then in memory, with the random
//! values that the program used. Every draw must be the same to the last bit, and every person must be
//! served on the same day. So the simulation shows what the program does.

mod common;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::Write;
use std::ops::Range;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use common::{PASSWORD, Recorder, app_on};
use passage::clock::FakeClock;
use passage::domain::actor::{Actor, Channel, Role};
use passage::domain::availability::Availability;
use passage::domain::entry::{ConvocationEvent, ConvocationState, EntryState};
use passage::domain::ids::{DeskId, DrawId, EntryId, PrefectureId, QueueId, SiteId, SlotId, StaffId};
use passage::domain::refusal::Refusal as Refused;
use passage::flow::register::{Desk, Registration, register};
use passage::flow::{App, FlowError, check, counter, entries, import, staff};
use passage::scheduler;
use passage::simulate::memory::{Chance, Memory, Setup};
use passage::simulate::queue::{Applicant, Handle, Identity, Queue, Refusal, Win};
use passage::simulate::scenario::{Means, Scenario};
use passage::simulate::town::{SLOT_MINUTES, Town, at};
use passage::simulate::{passage as under_passage, preset};
use passage::store::commands::{EntryChange, Judge, NewSlot, Publication};
use passage::store::records::{DrawRecord, DrawState};
use serde_json::json;
use tokio::runtime::Runtime;

const SEED: u64 = 11;
const BIRTH: &str = "01/02/1980";

/// Six weeks of a small prefecture with every kind of person and of cheating.
fn scenario() -> Scenario {
    let mut small = Scenario::parse(preset("insider").unwrap()).unwrap();
    (small.days, small.warm_up_days, small.within_days, small.replications) = (45, 7, 21, 1);
    (small.people.a_week, small.people.backlog, small.slots.a_week) = (20, 12, 15);
    (small.people.cancel_percent, small.people.miss_percent) = (20, 15);
    let firm = &mut small.resellers[0];
    (firm.borrowed_identities, firm.false_identities, firm.entries_per_client) = (6, 3, 2);
    firm.early_days = 5;
    let rules = &mut small.passage.rules;
    rules.mode = passage::domain::rules::Mode::Guarantee;
    (rules.weight_cap, rules.guarantee_after_draws) = (8, Some(6));
    rules.timetable = "0 18 * * MON,WED,FRI".into();
    rules.public_hours = 24;
    assert_eq!(small.insider.as_ref().unwrap().means, Means::Priority);
    small
}

/// The program on a database, used as a queue of the simulation.
struct Whole {
    url: String,
    runtime: Runtime,
    app: App,
    clocks: [Arc<FakeClock>; 2],
    prefecture: PrefectureId,
    queue: QueueId,
    site: SiteId,
    desks: HashMap<u16, DeskId>,
    agents: [StaffId; 2],
    seats: Vec<(DateTime<Utc>, u16)>,
    entries: Vec<EntryId>,
    slots: BTreeMap<usize, SlotId>,
    drawn: HashSet<DrawId>,
}

impl Whole {
    fn on(url: &str, scenario: &Scenario) -> Self {
        let runtime = Runtime::new().unwrap();
        let clocks = [FakeClock::at(at(0, 0)), FakeClock::at(at(0, 0))];
        let (app, prefecture, agents) = runtime.block_on(async {
            let app = app_on(url, &clocks[0], &clocks[1], Arc::new(Recorder::default())).await;
            let rules = toml::to_string(&BTreeMap::from([("rules", &scenario.passage.rules)])).unwrap();
            let file = PREFECTURE.to_owned() + &rules.replace("[rules", "[queues.rules");
            let prefecture = import::prefecture(&app, &file).await.unwrap();
            let mut agents = Vec::new();
            for login in ["alice", "bob"] {
                staff::add(&app, prefecture, login, PASSWORD, Role::Manager).await.unwrap();
                agents.push(app.store.staff_by_login(login.into()).await.unwrap().unwrap().id);
            }
            (app, prefecture, [agents[0], agents[1]])
        });
        let directory = runtime.block_on(app.store.directory()).unwrap();
        let site = directory.sites_of(prefecture).next().unwrap().id;
        let desks = directory.desks_of(site).map(|desk| (u16::try_from(desk.number).unwrap(), desk.id));
        Self {
            queue: directory.queue_by_slug(prefecture, "simulation").unwrap().id,
            desks: desks.collect(),
            url: url.to_owned(),
            runtime,
            app,
            clocks,
            prefecture,
            site,
            agents,
            seats: Vec::new(),
            entries: Vec::new(),
            slots: BTreeMap::new(),
            drawn: HashSet::new(),
        }
    }

    /// Everybody in the register of numbers.
    fn know(&self, people: usize, scenario: &Scenario) {
        let mut numbers = String::from("number,birth_date\n");
        let borrowed = (0..scenario.resellers[0].borrowed_identities).map(|n| 1_000_000_000 + u64::from(n));
        for n in (0..people as u64).chain(borrowed) {
            writeln!(numbers, "{},{BIRTH}", number(n)).unwrap();
        }
        self.runtime.block_on(import::register_of_numbers(&self.app, numbers.as_bytes(), |_| ())).unwrap();
    }

    fn now(&self, now: DateTime<Utc>) {
        self.clocks.iter().for_each(|clock| clock.set(now));
    }

    /// Changes the database in a way that no flow does.
    async fn raw(&self, sql: &'static str, now: DateTime<Utc>) {
        if self.url.starts_with("sqlite:") {
            let pool = sqlx::SqlitePool::connect(&self.url).await.unwrap();
            sqlx::query(sql).bind(now).execute(&pool).await.unwrap();
            pool.close().await;
        } else {
            let pool = sqlx::PgPool::connect(&self.url).await.unwrap();
            sqlx::query(sql).bind(now).execute(&pool).await.unwrap();
            pool.close().await;
        }
    }

    /// What has just been announced takes effect at once, as in the simulation, where nobody objects.
    async fn penalise(&self, now: DateTime<Utc>) {
        let at_once = "UPDATE penalty_case SET told_at = $1, effect_at = $1 WHERE state = 'announced'";
        self.raw(at_once, now).await;
        self.app.store.penalties_take_effect(now).await.unwrap();
    }

    /// Winners know of their seats at once, as in the simulation.
    async fn tell(&self, now: DateTime<Utc>) {
        let at_once =
            "UPDATE notice SET state = 'accepted', settled_at = created_at, received_at = created_at
            WHERE kind = 'convocation' AND state = 'pending' AND created_at <= $1";
        self.raw(at_once, now).await;
    }

    fn draws(&self) -> Vec<DrawRecord> {
        let mut draws = self.runtime.block_on(self.app.store.draws_of(self.queue, 1_000)).unwrap();
        draws.sort_by_key(|draw| draw.number);
        draws
    }
}

const PREFECTURE: &str = r#"
slug = "simulation"
name = "Préfecture simulée"
zone = "Europe/Paris"
help = "Au guichet."
[[sites]]
slug = "centre"
name = "Centre"
address = "1 place Fictive"
desks = [1, 2]
[[queues]]
slug = "simulation"
name = "Simulation"
procedure = "simulation"
procedure_name = "Simulation"
"#;

fn number(n: u64) -> String {
    (7_000_000_000 + n).to_string()
}

fn typed(who: &Applicant) -> Registration {
    let mut typed = Registration {
        birth_name: "Personne".into(),
        given_names: "Simulée".into(),
        birth_date: BIRTH.into(),
        language: "fr".into(),
        deadline: who.deadline.to_string(),
        deadline_kind: "permit_expiry".into(),
        ..Registration::default()
    };
    match who.identity {
        Identity::Number(n) | Identity::Invented(n) => {
            typed.foreigner_number = number(n);
            typed.email = format!("usager{n}@example.org");
        }
        Identity::Document(n) => {
            typed.email = format!("document{n}@example.org");
            typed.document_country = "MAR".into();
            typed.document_number = format!("S{n:08}");
        }
    }
    typed
}

impl Queue for Whole {
    fn publish(&mut self, now: DateTime<Utc>, seats: Range<usize>) {
        self.now(now);
        let mut new = Vec::new();
        for seat in seats {
            let (starts_at, desk) = self.seats[seat];
            let id = SlotId(uuid::Uuid::now_v7());
            self.slots.insert(seat, id);
            let desk = self.desks[&desk];
            new.push(NewSlot { id, site: self.site, desk, starts_at, minutes: SLOT_MINUTES });
        }
        let judge = Judge { admit_declared: false, few_percent: 0, needs_second: Arc::new(|_, _| false) };
        let publication = Publication { id: uuid::Uuid::now_v7(), queue: self.queue, slots: new, judge };
        let published = self.app.store.publish_slots(publication, Actor::System, now);
        self.runtime.block_on(published).unwrap();
    }

    fn register(&mut self, now: DateTime<Utc>, who: &Applicant) -> Result<Handle, Refusal> {
        self.now(now);
        let seen = who.channel != Channel::Online;
        let desk = Desk { channel: who.channel, document_seen: seen, ..Desk::ONLINE };
        let key = format!("{:?} {now}", who.identity);
        let typed = typed(who);
        let registered = register(&self.app, self.queue, &typed, &who.can, desk, &key);
        match self.runtime.block_on(registered) {
            Ok(done) => {
                self.entries.push(done.entry);
                Ok(self.entries.len() - 1)
            }
            Err(FlowError::Refused(Refused::AlreadyWaiting)) => Err(Refusal::AlreadyWaiting),
            Err(other) => panic!("{other:?}"),
        }
    }

    fn change(&mut self, now: DateTime<Utc>, entry: Handle, can: Availability) {
        self.now(now);
        let id = self.entries[entry];
        let changed = entries::change_availability(&self.app, id, can, Actor::Holder(id));
        self.runtime.block_on(changed).unwrap();
    }

    fn end(&mut self, now: DateTime<Utc>, entry: Handle, event: ConvocationEvent) -> EntryState {
        self.now(now);
        let id = self.entries[entry];
        self.runtime.block_on(async {
            let live = self.app.store.live_convocation(id).await.unwrap().unwrap();
            if event == ConvocationEvent::Cancel {
                counter::give_back(&self.app, live.id, Actor::Holder(id)).await.unwrap();
            } else if event.tick().is_some() {
                // The simulation's counter closes after each person.
                self.app.store.end_convocation(live.id, event, None, Actor::System, now).await.unwrap();
            } else {
                let reason = "une autre personne";
                counter::tick(&self.app, live.id, event, reason, None, self.agents[0]).await.unwrap();
            }
            self.penalise(now).await;
            self.app.store.entry(id).await.unwrap().unwrap().state
        })
    }

    fn withdraw(&mut self, now: DateTime<Utc>, entry: Handle) {
        self.now(now);
        let id = self.entries[entry];
        let withdrawn = entries::change(&self.app, id, EntryChange::Withdraw, Actor::Holder(id));
        let withdrawn = self.runtime.block_on(withdrawn);
        self.runtime.block_on(self.penalise(now));
        match withdrawn {
            Ok(()) | Err(FlowError::Refused(Refused::EntryEnded | Refused::EntryConvoked)) => {}
            Err(other) => panic!("{other:?}"),
        }
    }

    fn prioritise(&mut self, now: DateTime<Utc>, entry: Handle, agents: u8) -> bool {
        self.now(now);
        let [first, second] = self.agents;
        self.runtime.block_on(async {
            entries::grant(&self.app, self.entries[entry], 0, "on me l’a demandé", first).await.unwrap();
            if agents < 2 {
                return false;
            }
            let pending = self.app.store.privileges_pending(self.prefecture).await.unwrap();
            let asked = pending.iter().find(|asked| asked.entry_id == self.entries[entry]).unwrap();
            entries::approve_priority(&self.app, asked.id, second).await.is_ok()
        })
    }

    fn tick(&mut self, now: DateTime<Utc>) -> Vec<Win> {
        self.now(now);
        let done = self.runtime.block_on(scheduler::tick(&self.app));
        assert_eq!(done.failed, 0, "a step of the scheduler failed");
        let drawn = |draw: &DrawRecord| draw.state == DrawState::Published;
        let fresh: Vec<DrawId> = self.draws().iter().filter(|draw| drawn(draw)).map(|draw| draw.id).collect();
        let fresh: Vec<DrawId> = fresh.into_iter().filter(|id| self.drawn.insert(*id)).collect();
        if fresh.is_empty() {
            return Vec::new();
        }
        self.runtime.block_on(self.tell(now));
        let (from, to) = (now - TimeDelta::days(1), now + TimeDelta::days(90));
        let rows = self.runtime.block_on(self.app.store.counter(self.prefecture, from, to)).unwrap();
        let new =
            rows.iter().filter(|row| fresh.contains(&row.draw_id) && row.state == ConvocationState::Live);
        let mut wins: Vec<Win> = new
            .map(|row| Win {
                seat: *self.slots.iter().find(|(_, id)| **id == row.slot_id).unwrap().0,
                entry: self.entries.iter().position(|id| *id == row.entry_id).unwrap(),
            })
            .collect();
        wins.sort_unstable();
        wins
    }
}

/// The random values that the program used, read from its database.
struct Recorded {
    entries: Vec<EntryId>,
    slots: BTreeMap<usize, SlotId>,
    draws: Vec<(DrawId, [u8; 32])>,
    salts: HashMap<(usize, EntryId), [u8; 32]>,
}

impl Recorded {
    fn of(whole: &Whole) -> Self {
        // The last draw is only announced: its secret is not revealed yet.
        let secret =
            |draw: &DrawRecord| draw.opening.as_deref().map_or([0; 32], |opened| opened.try_into().unwrap());
        let draws = whole.draws().iter().map(|draw| (draw.id, secret(draw))).collect();
        let mut salts = HashMap::new();
        for entry in &whole.entries {
            for line in whole.runtime.block_on(whole.app.store.entry_draws(*entry)).unwrap() {
                let draw = usize::try_from(line.draw_number).unwrap();
                salts.insert((draw, *entry), line.salt.try_into().unwrap());
            }
        }
        Self { entries: whole.entries.clone(), slots: whole.slots.clone(), draws, salts }
    }
}

impl Chance for Recorded {
    fn entry(&mut self, number: usize) -> EntryId {
        self.entries[number]
    }

    fn slot(&mut self, seat: usize) -> SlotId {
        self.slots[&seat]
    }

    fn draw(&mut self, number: usize) -> (DrawId, [u8; 32]) {
        self.draws[number - 1]
    }

    fn salt(&mut self, draw: usize, entry: usize) -> [u8; 32] {
        self.salts[&(draw, self.entries[entry])]
    }
}

fn the_two_agree_on(url: &str) {
    let scenario = scenario();
    let mut whole = Whole::on(url, &scenario);
    let town = Town::new(&scenario, SEED, whole.site);
    whole.seats = town.seats.iter().map(|seat| (seat.starts_at, seat.desk)).collect();
    whole.know(town.people.len(), &scenario);
    let on_the_program = under_passage::live(&scenario, &town, &mut whole, SEED, || ());
    let faults = whole.runtime.block_on(check::faults(&whole.app)).unwrap();
    assert_eq!(faults, Vec::<String>::new());

    let mut setup = Setup::new(scenario.passage.rules.clone(), true);
    setup.queue = json!({ "prefecture": "simulation", "procedure": "simulation", "name": "Simulation" });
    let mut memory = Memory::new(&town, setup, Recorded::of(&whole));
    let in_memory = under_passage::live(&scenario, &town, &mut memory, SEED, || ());

    let drawn = whole.draws().into_iter().filter_map(|draw| draw.outcome_hash);
    let outcomes: Vec<String> = drawn.map(hex::encode).collect();
    assert!(outcomes.len() >= 15, "{} draws", outcomes.len());
    let computed: Vec<String> = memory.outcomes.iter().map(hex::encode).collect();
    assert_eq!(outcomes, computed, "list, seed and winners of every draw");
    assert_eq!(on_the_program.seated, in_memory.seated);
    assert_eq!(on_the_program.seats, in_memory.seats);
    assert_eq!(on_the_program.shown, in_memory.shown);
    let shown = in_memory.shown;
    assert!(shown.refused_doubles > 0 && shown.unverified > 0 && shown.priorities > 0, "{shown:?}");
}

#[test]
fn the_queue_in_memory_and_the_whole_program_convoke_the_same_people_to_the_same_seats() {
    let folder = std::env::temp_dir().join(format!("passage-test-{}", uuid::Uuid::now_v7().simple()));
    the_two_agree_on(&format!("sqlite:{}/passage.db", folder.display()));
    std::fs::remove_dir_all(folder).unwrap();
    let runtime = Runtime::new().unwrap();
    match runtime.block_on(common::fresh_postgres()) {
        Some((server, name, url)) => {
            the_two_agree_on(&url);
            runtime.block_on(async {
                let admin = sqlx::PgPool::connect(&server).await.unwrap();
                let drop = format!("DROP DATABASE {name} WITH (FORCE)");
                sqlx::query(sqlx::AssertSqlSafe(drop)).execute(&admin).await.unwrap();
            });
        }
        None => eprintln!("skipped on PostgreSQL: PASSAGE_TEST_POSTGRES is not set (`make test` sets it)"),
    }
}
