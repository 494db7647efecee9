//! Honest people: each reads a queue's page, opens the form, registers, and looks up the status, from
//! their own address. The time of each answer is recorded, and what was acknowledged.

use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::{Load, STREET_OF_HONEST};
use crate::common::person;
use crate::http::{Caller, address, registration};
use crate::web::Answer;

const QUEUE: &str = "/p/demonstration/premiere-demande";
const FORM: &str = "/p/demonstration/premiere-demande/inscription";
/// The pause between two clicks.
const THINKING: Duration = Duration::from_millis(20);

/// A registration that was answered with a receipt.
#[derive(Clone, Debug)]
pub struct Acknowledged {
    pub reference: String,
    pub birth_date: String,
}

/// The results of honest people.
#[derive(Default)]
pub struct Honest {
    /// How long each answer took, shortest first.
    pub waits: Vec<Duration>,
    /// Answers by status; 0 where none came.
    pub statuses: BTreeMap<u16, u64>,
    pub acknowledged: Vec<Acknowledged>,
}

impl Honest {
    /// The wait that this many of a hundred do not exceed.
    pub fn percentile(&self, percent: usize) -> Duration {
        self.waits
            .get((self.waits.len() * percent / 100).min(self.waits.len().saturating_sub(1)))
            .copied()
            .unwrap_or_default()
    }
}

impl fmt::Display for Honest {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let (p50, p99) = (self.percentile(50), self.percentile(99));
        let longest = self.waits.last().copied().unwrap_or_default();
        write!(
            f,
            "honest: {} answers {:?}, {} registered, p50 {p50:.1?}, p99 {p99:.1?}, longest {longest:.1?}",
            self.waits.len(),
            self.statuses,
            self.acknowledged.len(),
        )
    }
}

/// The numbers of all people in this process: nobody comes twice.
static NEXT: AtomicU32 = AtomicU32::new(0);

/// Lets honest people come one after the other, so many at a time.
pub async fn live(load: Arc<Load>, end: Instant) -> Honest {
    let people: Vec<_> = (0..load.honest).map(|_| tokio::spawn(come(load.clone(), end))).collect();
    let mut all = Honest::default();
    for one in people {
        let one = one.await.expect("an honest person ends");
        all.waits.extend(one.waits);
        all.acknowledged.extend(one.acknowledged);
        for (status, count) in one.statuses {
            *all.statuses.entry(status).or_default() += count;
        }
    }
    all.waits.sort_unstable();
    all
}

/// Honest people come by many providers.
fn from_many_networks(n: u32) -> std::net::Ipv4Addr {
    let network = u8::try_from(n % 64).unwrap_or(0);
    address(STREET_OF_HONEST + network, n / 64)
}

async fn come(load: Arc<Load>, end: Instant) -> Honest {
    let mut met = Honest::default();
    while Instant::now() < end {
        let n = NEXT.fetch_add(1, Ordering::Relaxed);
        visit(Caller { from: from_many_networks(n), to: load.to }, n, &mut met).await;
    }
    met
}

async fn visit(caller: Caller, n: u32, met: &mut Honest) {
    met.wait(caller.get(QUEUE)).await;
    let Some(page) = met.wait(caller.get(FORM)).await else { return };
    if page.status != 200 {
        return;
    }
    let (key, typed) = (page.hidden("cle"), person(n));
    let site = page.between("name=\"sites\" value=\"", "\"").to_owned();
    let fields = registration(&key, &site, &typed);
    let Some(receipt) = met.wait(caller.submit(FORM, &fields)).await else { return };
    if receipt.status != 200 {
        return;
    }
    let reference = receipt.between("class=\"reference\">", "</strong>").to_owned();
    let fields = [("reference", reference.as_str()), ("birth_date", typed.birth_date.as_str())];
    met.wait(caller.submit("/s", &fields)).await;
    met.acknowledged.push(Acknowledged { reference, birth_date: typed.birth_date });
}

impl Honest {
    async fn wait(&mut self, asked: impl Future<Output = std::io::Result<Answer>>) -> Option<Answer> {
        let begun = Instant::now();
        let answer = asked.await.ok();
        self.waits.push(begun.elapsed());
        let status = answer.as_ref().map_or(0, |answer| answer.status.as_u16());
        *self.statuses.entry(status).or_default() += 1;
        sleep(THINKING).await;
        answer
    }
}

/// The acknowledged registrations that are missing.
pub async fn recheck(to: SocketAddr, acknowledged: &[Acknowledged]) -> Vec<String> {
    let mut missing = Vec::new();
    for one in acknowledged {
        let caller = Caller { from: from_many_networks(NEXT.fetch_add(1, Ordering::Relaxed)), to };
        let fields = [("reference", one.reference.as_str()), ("birth_date", one.birth_date.as_str())];
        let status = caller.submit("/s", &fields).await;
        if !status.is_ok_and(|page| page.status == 200 && page.body.contains(&one.reference)) {
            missing.push(one.reference.clone());
        }
    }
    missing
}
