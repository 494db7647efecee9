//! A client of the town: it registers people and acts for them, publishes slots and runs the counter, chosen
//! by a seeded random generator, and records its requests and the answers.

use std::sync::Arc;

use chrono::TimeDelta;
use passage::domain::actor::Actor;
use passage::domain::entry::{ConvocationEvent, ConvocationState};
use passage::domain::slot::SlotState;
use passage::flow::register::Registration;
use passage::flow::slots::{IfUnusual, PublishError};
use passage::flow::{App, FlowError, slots};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use super::checker::{BUSY, WAITING};
use super::history::{Answer, Event, Operation, Ticked};
use super::town::{Instance, Town};
use crate::common::{foreigner_number, person};
use crate::http::{Caller, Cut, address, registration};
use crate::web;

const FORM: &str = "/p/demonstration/premiere-demande/inscription";
/// People whom every client tries to register: from person 0 to this one.
pub const CONTESTED: u32 = 16;
/// A client changes its address after this many operations, because limits count by address.
const OPERATIONS_PER_ADDRESS: u32 = 40;
/// Seats of a day that are never withdrawn: without them, nobody would come to the counter.
const LEFT: usize = 6;
/// How often a request is retried after its connection was cut.
const RETRIES: u32 = 5;

pub struct Client {
    number: u32,
    town: Arc<Town>,
    dice: ChaCha20Rng,
    done: u32,
    /// The people whom only this client registers, besides the contested ones.
    people: std::ops::Range<u32>,
    mine: Vec<Mine>,
    events: Vec<Event>,
}

/// A request that was acknowledged to this client.
#[derive(Clone)]
struct Mine {
    person: u32,
    key: String,
    wording: u32,
    reference: String,
}

impl Client {
    pub fn new(town: Arc<Town>, number: u32, seed: u64, people: std::ops::Range<u32>) -> Self {
        let dice = ChaCha20Rng::seed_from_u64(seed.wrapping_mul(1_000_003).wrapping_add(number.into()));
        Self { number, town, dice, done: 0, people, mine: Vec::new(), events: Vec::new() }
    }

    /// Makes one request per turn; returns what happened.
    pub async fn run(mut self, operations: u32) -> Vec<Event> {
        for _ in 0..operations {
            let town = self.town.clone();
            town.turns.acquire().await.unwrap().forget();
            self.operate().await;
            self.done += 1;
        }
        self.events
    }

    async fn operate(&mut self) {
        match self.below(100) {
            0..40 => match self.people.next() {
                Some(newcomer) => self.register_new(newcomer).await,
                None => self.tick().await,
            },
            40..46 => {
                let contested = self.below(CONTESTED);
                self.register_new(contested).await;
            }
            46..54 => self.register_again(0).await,
            54..58 => self.register_again(1).await,
            58..68 => self.mark().await,
            68..73 => self.leave("retirer", Operation::Withdraw).await,
            73..82 => self.leave("rendre", Operation::GiveBack).await,
            82..89 => self.publish().await,
            89..92 => self.withdraw_slot().await,
            _ => self.tick().await,
        }
    }

    fn below(&mut self, bound: u32) -> u32 {
        self.dice.next_u32() % bound
    }

    fn cut(&mut self) -> Option<Cut> {
        match self.below(12) {
            0 => Some(Cut::InTheHead),
            1 => Some(Cut::InTheBody),
            2 | 3 => Some(Cut::AfterMicros(u64::from(self.below(20_000)))),
            _ => None,
        }
    }

    fn caller(&mut self) -> Caller {
        let turn = self.done / OPERATIONS_PER_ADDRESS;
        let from = address(1 + (turn % 200) as u8, self.number);
        Caller { from, to: self.instance().address }
    }

    fn app(&mut self) -> Arc<App> {
        self.instance().app.clone()
    }

    fn instance(&mut self) -> &Instance {
        let count = u32::try_from(self.town.instances.len()).unwrap();
        let at = self.below(count) as usize;
        &self.town.instances[at]
    }

    fn note(&mut self, began: u64, operation: Operation, answer: Answer) {
        let ended = self.town.moment();
        self.events.push(Event { client: self.number, began, ended, operation, answer });
    }

    async fn register_new(&mut self, person: u32) {
        let mut key = [0; 16];
        self.dice.fill_bytes(&mut key);
        self.register(person, hex::encode(key), 0).await;
    }

    /// Sends an acknowledged request once more, unchanged or with another body.
    async fn register_again(&mut self, reworded: u32) {
        if let Some(mine) = self.pick() {
            self.register(mine.person, mine.key, mine.wording + reworded).await;
        }
    }

    async fn register(&mut self, person: u32, key: String, wording: u32) {
        for turn in 0..=RETRIES {
            let cut = if turn < RETRIES { self.cut() } else { None };
            let typed = typed(person, &key, wording);
            let (caller, site) = (self.caller(), self.town.site.clone());
            let began = self.town.moment();
            let answer = send(caller, "", FORM, &registration(&key, &site, &typed), cut).await;
            let answer = match answer {
                Some(Ok(sent)) => Some(caller.follow(sent).await),
                lost => lost,
            };
            let answer = answer.map_or(Answer::Unknown, |page| {
                heard(page, |page| page.between("class=\"reference\">", "</strong>").to_owned())
            });
            let operation = Operation::Register { person, key: key.clone(), wording };
            self.note(began, operation, answer.clone());
            if let Answer::Done(reference) = &answer
                && !self.mine.iter().any(|mine| mine.key == key)
            {
                let (key, reference) = (key.clone(), reference.clone());
                self.mine.push(Mine { person, key, wording, reference });
            }
            if answer != Answer::Unknown {
                return;
            }
        }
    }

    fn pick(&mut self) -> Option<Mine> {
        let count = u32::try_from(self.mine.len()).unwrap();
        let at = self.below(count.max(1)) as usize;
        self.mine.get(at).cloned()
    }

    /// Opens the status page, if it has buttons.
    async fn open(&mut self, mine: &Mine) -> Option<(Caller, web::Answer)> {
        let caller = self.caller();
        let birth_date = person(mine.person).birth_date;
        let fields = [("reference", mine.reference.as_str()), ("birth_date", birth_date.as_str())];
        let page = caller.submit("/s", &fields).await.ok()?;
        page.body.contains("name=\"jeton\"").then_some((caller, page))
    }

    async fn mark(&mut self) {
        let Some(mine) = self.pick() else { return };
        let Some((caller, page)) = self.open(&mine).await else { return };
        let (action, operation) = if self.below(2) == 0 {
            ("/s/pause", Operation::Pause(mine.reference))
        } else {
            ("/s/reprise", Operation::Resume(mine.reference))
        };
        let began = self.town.moment();
        let answer = send(caller, page.cookie(), action, &[("jeton", &page.hidden("jeton"))], None).await;
        self.note(began, operation, answer.map_or(Answer::Unknown, |page| heard(page, |_| String::new())));
    }

    /// Gives a seat back, or withdraws; retries after a cut connection.
    async fn leave(&mut self, action: &str, operation: fn(String) -> Operation) {
        let mine = if action == "rendre" { self.convoked().await } else { self.pick() };
        let Some(mine) = mine else { return };
        let Some((caller, page)) = self.open(&mine).await else { return };
        if !page.body.contains(&format!("action=\"/s/{action}\"")) {
            return;
        }
        let token = page.hidden("jeton");
        let seat = if action == "rendre" { page.hidden("rendez_vous") } else { String::new() };
        let path = format!("/s/{action}");
        for turn in 0..=RETRIES {
            let cut = if turn < RETRIES { self.cut() } else { None };
            let fields = [
                ("jeton", token.as_str()),
                ("rendez_vous", &seat),
                ("confirmer", "oui"),
                ("confirmer_rendre", "oui"),
            ];
            let began = self.town.moment();
            let answer = send(caller, page.cookie(), &path, &fields, cut).await;
            let answer = answer.map_or(Answer::Unknown, |page| heard(page, |_| String::new()));
            self.note(began, operation(mine.reference.clone()), answer.clone());
            if answer != Answer::Unknown {
                return;
            }
        }
    }

    /// One of this client's people who has a convocation, if a few tries find one.
    async fn convoked(&mut self) -> Option<Mine> {
        let app = self.app();
        for _ in 0..12 {
            let mine = self.pick()?;
            let entry = app.store.entry_by_reference(mine.reference.clone()).await.unwrap().unwrap();
            if app.store.live_convocation(entry.id).await.unwrap().is_some() {
                return Some(mine);
            }
        }
        None
    }

    async fn publish(&mut self) {
        let app = self.app();
        let day = app.business.now().date_naive() + TimeDelta::days(4 + i64::from(self.below(5)));
        let (desk, first, count) = (1 + self.below(4), self.below(21), 1 + self.below(6));
        let names: Vec<String> = (first..first + count)
            .map(|at| format!("centre;{desk};{day};{:02}:{:02}", 9 + at / 3, at % 3 * 20))
            .collect();
        let file = format!("site;desk;date;time;minutes\n{};20\n", names.join(";20\n")).into_bytes();
        let (queue, actor) = (self.town.test.first, Actor::Staff(self.town.agent));
        let began = self.town.moment();
        let answer = match slots::publish_csv(&app, queue, file, IfUnusual::Publish, actor, |_| ()).await {
            Ok(_) => Answer::Done(String::new()),
            Err(PublishError::Lines(faults)) => Answer::Refused(format!("{faults:?}")),
            Err(error @ PublishError::Unusual(_)) => panic!("{error}"),
            // Few wait on a week-end: the slots wait for a second person, and none is published.
            Err(error @ PublishError::Second) => Answer::Refused(error.to_string()),
            Err(PublishError::Flow(error)) => said(&error),
        };
        self.note(began, Operation::Publish(names), answer);
    }

    async fn withdraw_slot(&mut self) {
        let app = self.app();
        let from = app.business.now() + TimeDelta::days(1 + i64::from(self.below(8)));
        let near = app.store.slots_between(self.town.test.prefecture, from, from + TimeDelta::days(1));
        let mut near = near.await.unwrap();
        near.retain(|slot| !matches!(slot.state, SlotState::Lapsed | SlotState::Withdrawn));
        if near.len() <= LEFT {
            return;
        }
        let at = self.below(u32::try_from(near.len()).unwrap());
        let slot = near[at as usize].id;
        let began = self.town.moment();
        let done = slots::withdraw(&app, slot, "guichet fermé", Actor::Staff(self.town.agent)).await;
        self.note(began, Operation::WithdrawSlot(slot.to_string()), flowed(done));
    }

    async fn tick(&mut self) {
        let app = self.app();
        let now = app.business.now();
        let (from, to) = (now - TimeDelta::days(2), now + TimeDelta::hours(2));
        let mut due = app.store.counter(self.town.test.prefecture, from, to).await.unwrap();
        // Sometimes an appointment that is already ticked off is ticked again.
        let also_ended = self.below(8) == 0;
        due.retain(|one| also_ended || one.state == ConvocationState::Live);
        let Some(count) = u32::try_from(due.len()).ok().filter(|count| *count > 0) else { return };
        let one = due[self.below(count) as usize].clone();
        let (event, ticked) = if self.below(4) == 0 {
            (ConvocationEvent::Miss, Ticked::Missed)
        } else {
            (ConvocationEvent::Attend, Ticked::Attended)
        };
        let began = self.town.moment();
        // As if the site had closed: before that, a tick ends nothing.
        let by = Actor::Staff(self.town.agent);
        let done = app.store.end_convocation(one.id, event, None, by, now).await.map_err(FlowError::from);
        self.note(began, Operation::Tick(one.id.to_string(), ticked), flowed(done));
    }
}

/// What a person types: the idempotency key is part of their address, so that the entry shows which request
/// made it.
fn typed(n: u32, key: &str, wording: u32) -> Registration {
    Registration {
        foreigner_number: foreigner_number(n),
        email: format!("w{wording}.{key}@example.org"),
        document_country: String::new(),
        document_number: String::new(),
        language: "fr".into(),
        ..person(n)
    }
}

/// The page that came back; nothing if the connection was cut on purpose.
async fn send(
    caller: Caller,
    cookie: &str,
    path: &str,
    fields: &[(&str, &str)],
    cut: Option<Cut>,
) -> Option<std::io::Result<web::Answer>> {
    match cut {
        None => Some(caller.post_as(cookie, path, fields).await),
        Some(cut) => {
            let _ = caller.post_and_leave(cookie, path, fields, cut).await;
            None
        }
    }
}

/// What a page says. An empty answer is a failure, unless the client disconnected.
fn heard(page: std::io::Result<web::Answer>, done: impl FnOnce(&web::Answer) -> String) -> Answer {
    let page = match page {
        Ok(page) => page,
        Err(error) => return Answer::Failed(error.to_string()),
    };
    match page.status.as_u16() {
        200 | 303 => Answer::Done(done(&page)),
        409 if page.body.contains("Vous avez déjà une demande") => Answer::Refused(WAITING.into()),
        429 => Answer::Refused(BUSY.into()),
        500.. => Answer::Failed(page.status.to_string()),
        _ => Answer::Refused(page.status.to_string()),
    }
}

fn flowed<T>(done: Result<T, FlowError>) -> Answer {
    done.map_or_else(|error| said(&error), |_| Answer::Done(String::new()))
}

fn said(error: &FlowError) -> Answer {
    match error {
        FlowError::Refused(_) | FlowError::Invalid(_) | FlowError::NotFound(_) => {
            Answer::Refused(error.to_string())
        }
        other => Answer::Failed(format!("{other:?}")),
    }
}
