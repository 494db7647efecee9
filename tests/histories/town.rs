//! The program as installed: two instances on PostgreSQL, one process on SQLite, each serving real
//! connections, with clocks that the test moves and schedulers that tick at the same time.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::TimeDelta;
use passage::domain::actor::Role;
use passage::domain::ids::StaffId;
use passage::flow::{App, import};
use passage::scheduler;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinHandle;

use crate::common::{Recorder, TestApp, app_on, register_of_numbers};

/// Business time between two ticks of the schedulers: a freeze and its randomness are in different ticks.
const STEP: TimeDelta = TimeDelta::minutes(90);
const STEPS_A_DAY: u32 = 16;
/// Real time, which ends sessions and tokens: they last for thirty steps.
const REAL_STEP: TimeDelta = TimeDelta::minutes(1);
/// How often the whole database is checked for faults while clients are active, in steps.
const QUESTION_EVERY: u32 = 16;

pub struct Town {
    pub test: TestApp,
    pub instances: Vec<Instance>,
    pub agent: StaffId,
    /// The site's id, as forms send it.
    pub site: String,
    /// The one counter of starts and ends.
    count: AtomicU64,
    /// The requests still allowed; more are allowed as time passes.
    pub turns: Semaphore,
}

pub struct Instance {
    pub app: Arc<App>,
    pub address: SocketAddr,
    stop: watch::Sender<bool>,
    server: JoinHandle<std::io::Result<()>>,
}

impl Instance {
    async fn serve(app: Arc<App>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, mut stopped) = watch::channel(false);
        let pages = app.clone();
        let server = tokio::spawn(async move {
            passage::web::serve(pages, listener, async { drop(stopped.wait_for(|stop| *stop).await) }).await
        });
        Self { app, address, stop, server }
    }

    async fn end(self) {
        self.stop.send(true).unwrap();
        self.server.await.unwrap().unwrap();
    }
}

impl Town {
    /// Sets up the town for this many people, all of them in the register of numbers.
    pub async fn of(test: TestApp, people: u32) -> Self {
        import::register_of_numbers(&test.app, register_of_numbers(people).as_slice(), |_| ()).await.unwrap();
        let mut apps = vec![test.app.clone()];
        if test.is_pg() {
            let gateway = Arc::new(Recorder::default());
            apps.push(Arc::new(app_on(&test.url(), &test.clock, &test.real, gateway).await));
        }
        let mut instances = Vec::new();
        for app in apps {
            instances.push(Instance::serve(app).await);
        }
        let agent = test.staff("alice", Role::Agent).await;
        let directory = test.app.store.directory().await.unwrap();
        let site =
            directory.sites_of(test.prefecture).find(|site| site.slug == "centre").unwrap().id.to_string();
        Self { test, instances, agent, site, count: AtomicU64::new(0), turns: Semaphore::new(0) }
    }

    /// The next number of the counter.
    pub fn moment(&self) -> u64 {
        self.count.fetch_add(1, Ordering::SeqCst)
    }

    /// Lets days pass while `turns` operations are made, the same number in each step.
    pub async fn live(&self, days: u32, turns: u32) {
        let steps = days * STEPS_A_DAY;
        for step in 0..steps {
            let due = |step: u32| turns as usize * step as usize / steps as usize;
            self.turns.add_permits(due(step + 1) - due(step));
            self.test.clock.advance(STEP);
            self.test.real.advance(REAL_STEP);
            self.tick().await;
            if step % QUESTION_EVERY == 0 {
                let faults = self.test.app.store.faults().await.unwrap();
                assert_eq!(faults, Vec::<String>::new(), "on day {}", step / STEPS_A_DAY);
            }
            // Time waits for the slow clients.
            while self.turns.available_permits() > 64 {
                tokio::time::sleep(std::time::Duration::from_millis(1)).await;
            }
        }
    }

    /// Ticks every scheduler at the same time.
    pub async fn tick(&self) {
        let ticks = self.instances.iter().map(|instance| {
            let app = instance.app.clone();
            tokio::spawn(async move { scheduler::tick(&app).await })
        });
        for tick in ticks.collect::<Vec<_>>() {
            assert_eq!(tick.await.unwrap().failed, 0, "a step of a scheduler failed");
        }
    }

    /// Ends every instance.
    pub async fn end(self) -> TestApp {
        for instance in self.instances {
            instance.end().await;
        }
        self.test
    }
}
