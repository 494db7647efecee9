//! The health of the installation, for operators: what is known of its parts is noted here by whoever uses them,
//! written to the database every minute, and read by every process, so that a process that serves pages knows
//! of the workers. From it come the alarms, the metrics, and whether this process can serve.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::time::timeout;

use super::read::readings;
use super::{App, FlowError, heartbeats, source, witnesses};
use crate::config::Config;
use crate::domain::alarm::{
    Alarm, ComponentHealth, ComponentKind, DiskRoom, LateDraw, Vitals, WitnessHealth, alarms,
};
use crate::store::StoreError;
use crate::store::backup::{file_of, folder_of};
use crate::store::records::{DrawRecord, DrawState};
use crate::telemetry::causes;

/// A report is good for so long, however many ask.
const FRESH: Duration = Duration::from_secs(10);
/// What takes longer to answer than this is not in order.
const ANSWER_MAX: Duration = Duration::from_secs(2);

/// What this process has noted, and its last report.
pub struct Health {
    started_at: DateTime<Utc>,
    noted: Mutex<BTreeMap<(ComponentKind, String), ComponentHealth>>,
    last: tokio::sync::Mutex<Option<(Instant, Arc<Report>)>>,
}

/// The installation at one moment.
#[derive(Debug)]
pub struct Report {
    pub vitals: Vitals,
    /// The worst first.
    pub alarms: Vec<Alarm>,
    /// Whether the database answered. If not, most of what is known is not.
    pub is_whole: bool,
}

impl Health {
    pub fn new(started_at: DateTime<Utc>) -> Self {
        Self { started_at, noted: Mutex::default(), last: tokio::sync::Mutex::default() }
    }

    /// A part of the installation was used, and was in order or not.
    pub fn note(&self, kind: ComponentKind, name: &str, fault: Option<String>, now: DateTime<Utc>) {
        let mut noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (kind, name.to_owned());
        let before = noted.get(&key).and_then(|before| before.healthy_at);
        let healthy_at = if fault.is_none() { Some(now) } else { before };
        let name = name.to_owned();
        noted.insert(key, ComponentHealth { kind, name, checked_at: now, healthy_at, fault });
    }

    fn noted(&self) -> Vec<ComponentHealth> {
        self.noted.lock().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }
}

/// Writes what this process knows for the others. It is a write for its own sake too: a full disk and a read-only
/// database answer every read.
///
/// # Errors
/// If the store fails.
pub async fn publish(app: &App) -> Result<(), StoreError> {
    let now = app.real.now();
    let (name, kind) = ("probe".to_owned(), ComponentKind::Write);
    let mut components = app.health.noted();
    components.push(ComponentHealth { kind, name, checked_at: now, healthy_at: Some(now), fault: None });
    components.extend(app.heartbeats.all().into_iter().filter_map(|job| {
        let checked_at = job.ended_at?;
        let has_failed = job.succeeded_at.is_none_or(|at| at < checked_at);
        let fault = job.fault.filter(|_| has_failed).map(|fault| fault.what);
        let name = job.name.to_owned();
        Some(ComponentHealth {
            kind: ComponentKind::Job,
            name,
            checked_at,
            healthy_at: job.succeeded_at,
            fault,
        })
    }));
    app.store.save_health(components).await
}

/// The report of now, at most some seconds old.
pub async fn report(app: &App) -> Arc<Report> {
    let mut last = app.health.last.lock().await;
    if let Some((_, report)) = last.as_ref().filter(|(at, _)| at.elapsed() < FRESH) {
        return Arc::clone(report);
    }
    let report = Arc::new(made(app).await);
    *last = Some((Instant::now(), Arc::clone(&report)));
    report
}

async fn made(app: &App) -> Report {
    let write_fault = write_fault(app).await;
    let mut vitals = alone(app, write_fault);
    let is_whole = match timeout(ANSWER_MAX, ask(app, &mut vitals)).await {
        Ok(Ok(())) => true,
        Ok(Err(error)) => {
            vitals.write_fault.get_or_insert(error.to_string());
            false
        }
        Err(_) => {
            vitals.write_fault.get_or_insert("the database does not answer".to_owned());
            false
        }
    };
    if !is_whole {
        // What is not known raises no alarm: that the database is away is one, and enough.
        vitals = alone(app, vitals.write_fault);
        vitals.expected.clear();
    }
    Report { alarms: alarms(&vitals), vitals, is_whole }
}

/// What this process knows without the database.
fn alone(app: &App, write_fault: Option<String>) -> Vitals {
    Vitals {
        now: app.real.now(),
        started_at: app.health.started_at,
        write_fault,
        expected: heartbeats::expected(app.config.scheduler.tick),
        components: app.health.noted(),
        late_draws: Vec::new(),
        outbox_due: 0,
        outbox_age: TimeDelta::zero(),
        log_tail: 0,
        sms_sent: 0,
        sms_budget: app.config.notices.sms.daily_budget.into(),
        disks: disks(&app.config),
        witnesses: Vec::new(),
        busy_readers: Vec::new(),
        late_reviews: 0,
    }
}

/// What only the database knows.
async fn ask(app: &App, vitals: &mut Vitals) -> Result<(), FlowError> {
    let now = app.business.now();
    vitals.components = app.store.health().await?;
    vitals.components.retain(|one| is_ours(app, one));
    vitals.late_draws = late_draws(app, now).await?;
    let (due, oldest) = app.store.outbox_due(now).await?;
    vitals.outbox_due = due;
    vitals.outbox_age = oldest.map_or(TimeDelta::zero(), |oldest| real(app, now - oldest));
    vitals.log_tail = app.store.log_head().await?.tail;
    vitals.sms_sent = app.store.sms_since(now - TimeDelta::days(1)).await?.total;
    vitals.late_reviews = app.store.reviews_late(now).await?;
    let busy = readings::unusual(app).await?.into_iter();
    vitals.busy_readers = busy.map(|(reader, people)| (reader.to_string(), people)).collect();
    vitals.witnesses = witnesses::followers(app)
        .await?
        .into_iter()
        .map(|follower| WitnessHealth {
            behind: follower.behind,
            acknowledged_at: follower.acknowledged_at,
            contradicts: follower.contradicts(),
            url: follower.url,
        })
        .collect();
    Ok(())
}

/// Whether the configuration still names it: what was wrong with an earlier address is nobody's alarm.
fn is_ours(app: &App, component: &ComponentHealth) -> bool {
    match component.kind {
        ComponentKind::Certificate => component.name == app.config.http.public_url,
        ComponentKind::Register => app.register.is_some(),
        ComponentKind::Gateway => app.carriers.iter().any(|carrier| carrier.way().as_str() == component.name),
        ComponentKind::Job | ComponentKind::Write => true,
    }
}

/// How long a span of business time takes.
fn real(app: &App, span: TimeDelta) -> TimeDelta {
    span / i32::try_from(app.business.speed()).unwrap_or(i32::MAX)
}

async fn late_draws(app: &App, now: DateTime<Utc>) -> Result<Vec<LateDraw>, FlowError> {
    let late = |draw: DrawRecord| {
        let since = match draw.state {
            DrawState::Announced if real(app, now - draw.freeze_at) > source::FREEZE_LATE => draw.freeze_at,
            _ if source::is_late(&draw, now) && real(app, now - draw.seed_at) > source::FREEZE_LATE => {
                draw.seed_at
            }
            _ => return None,
        };
        Some(LateDraw { id: draw.id.to_string(), since })
    };
    Ok(app.store.active_draws().await?.into_iter().filter_map(late).collect())
}

/// Why nothing can be written.
async fn write_fault(app: &App) -> Option<String> {
    match timeout(ANSWER_MAX, publish(app)).await {
        Ok(Ok(())) => None,
        Ok(Err(error)) => Some(causes(&error)),
        Err(_) => Some("a write does not end".to_owned()),
    }
}

/// The folders that this process writes to.
fn folders(config: &Config) -> Vec<PathBuf> {
    let files = file_of(config.database.url.expose()).into_iter().chain(config.log.file.clone());
    files.map(|file| folder_of(&file).to_owned()).chain([std::env::temp_dir()]).collect()
}

/// Room where a process with this configuration writes; each disk once.
pub fn disks(config: &Config) -> Vec<DiskRoom> {
    let mut disks: Vec<DiskRoom> = folders(config).iter().filter_map(|folder| room(folder)).collect();
    disks.dedup_by_key(|disk| (disk.free, disk.total));
    disks
}

fn room(folder: &Path) -> Option<DiskRoom> {
    let stat = rustix::fs::statvfs(folder).ok()?;
    let bytes = |blocks: u64| blocks.saturating_mul(stat.f_frsize);
    Some(DiskRoom {
        folder: folder.display().to_string(),
        free: bytes(stat.f_bavail),
        total: bytes(stat.f_blocks),
    })
}

/// Ends once a request that began at this instant should not wait for the database any longer: it is away, or has been
/// silent for longer than `patience`.
pub async fn lost(app: &App, since: Instant, patience: Duration) {
    app.store.lost(since, patience).await;
}

/// Why this process cannot serve; nothing if it can.
pub async fn unready(app: &App) -> Option<String> {
    match timeout(ANSWER_MAX, app.store.newest_migration()).await {
        Err(_) => return Some("the database does not answer".to_owned()),
        Ok(Err(error)) => return Some(causes(&error)),
        Ok(Ok(newest)) if newest > app.store.newest_known_migration() => {
            return Some(StoreError::Newer { newest, known: app.store.newest_known_migration() }.to_string());
        }
        Ok(Ok(_)) => {}
    }
    report(app).await.vitals.write_fault.clone()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_noted_remembers_when_it_was_last_in_order() {
        let start = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let later = start + TimeDelta::minutes(5);
        let health = Health::new(start);
        health.note(ComponentKind::Gateway, "sms", None, start);
        health.note(ComponentKind::Gateway, "sms", Some("refused".to_owned()), later);
        let [sms] = <[_; 1]>::try_from(health.noted()).unwrap();
        assert_eq!((sms.checked_at, sms.healthy_at), (later, Some(start)));
        assert_eq!(sms.fault.as_deref(), Some("refused"));
    }
}
