//! What an operator must be told. The alarms of an installation are computed from what is known of it at one
//! moment, and from nothing else, so that every process that looks at the same facts raises the same alarms.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::text_enum::text_enum;

text_enum! {
    /// What an alarm is about. The order is that of a list of alarms: the worst first.
    AlarmKind {
        /// The database takes no write: the disk is full, or it is read-only.
        WritesFail = "writes_fail",
        /// A list is not frozen at its time, or the randomness of a draw does not come.
        DrawLate = "draw_late",
        /// A job of the scheduler ends no run: it hangs, or no process runs it.
        JobSilent = "job_silent",
        /// The last run of a job failed.
        JobFailing = "job_failing",
        /// A gateway of messages refuses what it is given, or cannot be reached.
        Gateway = "gateway",
        /// The register of numbers does not answer.
        RegisterDown = "register_down",
        /// As many SMS have left in a day as the budget allows.
        BudgetSpent = "budget_spent",
        /// Requests for a review by a person wait for an answer that is due.
        ReviewLate = "review_late",
        /// Messages that are due do not leave.
        OutboxLate = "outbox_late",
        /// Rows of the log wait for their place in it.
        LogTail = "log_tail",
        /// Little room is left where this process writes.
        DiskFull = "disk_full",
        /// The certificate of the public address ends soon, or is not trusted.
        Certificate = "certificate",
        /// A witness holds another history of the log.
        WitnessContradicts = "witness_contradicts",
        /// A witness has not acknowledged the log for long.
        WitnessSilent = "witness_silent",
        /// An account has opened the data of more people in a day than is usual.
        UnusualReading = "unusual_reading",
    }
}

/// One alarm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alarm {
    pub kind: AlarmKind,
    /// Which one, where there are several: a job, a draw's id, a way, a witness's address.
    pub subject: String,
    /// Since when, in real or business time as the fact is.
    pub since: Option<DateTime<Utc>>,
    /// A count or a fault, for the sentence.
    pub detail: String,
}

text_enum! {
    /// What kind of part of the installation is looked at.
    ComponentKind {
        /// A job of the scheduler.
        Job = "job",
        /// What takes the messages of one way.
        Gateway = "gateway",
        /// The certificate of the public address.
        Certificate = "certificate",
        /// The register of numbers, where it is asked over HTTP.
        Register = "register",
        /// A write that is tried for its own sake.
        Write = "write",
    }
}

/// What is known of a part of the installation that is looked at again and again. Times are real.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComponentHealth {
    pub kind: ComponentKind,
    /// Such as `draws`, `sms`.
    pub name: String,
    /// When it was last looked at: a run of the job ended, a message was handed over.
    pub checked_at: DateTime<Utc>,
    /// When it was last in order.
    pub healthy_at: Option<DateTime<Utc>>,
    /// What is wrong with it now.
    pub fault: Option<String>,
}

/// A job that some process must run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExpectedJob {
    pub name: &'static str,
    /// Its pause between runs.
    pub every: Duration,
}

/// A draw whose list or randomness is late, since then (business time).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LateDraw {
    pub id: String,
    pub since: DateTime<Utc>,
}

/// How far a witness follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WitnessHealth {
    pub url: String,
    /// Rows of the signed log that it has not acknowledged.
    pub behind: i64,
    pub acknowledged_at: Option<DateTime<Utc>>,
    pub contradicts: bool,
}

/// Room where this process writes, in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiskRoom {
    pub folder: String,
    pub free: u64,
    pub total: u64,
}

impl DiskRoom {
    /// Whether so little is free that somebody must make room.
    pub fn is_full(&self) -> bool {
        self.free < FREE_BYTES_MIN.min(self.total / FREE_SHARE_MIN)
    }
}

/// What is known of an installation at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vitals {
    /// Real time.
    pub now: DateTime<Utc>,
    /// Since when this process looks.
    pub started_at: DateTime<Utc>,
    /// Why the last write that was tried failed.
    pub write_fault: Option<String>,
    pub expected: Vec<ExpectedJob>,
    pub components: Vec<ComponentHealth>,
    pub late_draws: Vec<LateDraw>,
    /// Messages that are due, apart from letters, and for how long the oldest has been.
    pub outbox_due: i64,
    pub outbox_age: TimeDelta,
    /// Rows of the log without a place in it.
    pub log_tail: i64,
    /// SMS of the last 24 hours, and how many there may be.
    pub sms_sent: i64,
    pub sms_budget: i64,
    pub disks: Vec<DiskRoom>,
    pub witnesses: Vec<WitnessHealth>,
    /// Accounts that have opened the data of more people in a day than is usual, and how many.
    pub busy_readers: Vec<(String, i64)>,
    /// Requests for a review whose answer is late.
    pub late_reviews: i64,
}

/// No job is silent sooner than this: it may have much to do.
const SILENT_AFTER: TimeDelta = TimeDelta::minutes(6);
/// … nor before it has missed so many of its turns.
const TURNS_MISSED: i32 = 3;
/// Messages are tried again every five minutes.
const OUTBOX_LATE_AFTER: TimeDelta = TimeDelta::minutes(20);
/// Four runs of the job that gives rows their place.
const LOG_TAIL_MAX: i64 = 20_000;
/// Room below which nobody should sleep: of the whole, and in bytes.
const FREE_SHARE_MIN: u64 = 20;
const FREE_BYTES_MIN: u64 = 1 << 30;
/// A witness that is tried again every hour has failed several times by then.
const WITNESS_SILENT_AFTER: TimeDelta = TimeDelta::hours(6);

/// The alarms of an installation, the worst first; none if all is well.
///
/// A database that cannot be asked leaves most facts unknown: then [`AlarmKind::WritesFail`] stands alone.
pub fn alarms(vitals: &Vitals) -> Vec<Alarm> {
    let of_kind = |kind| vitals.components.iter().filter(move |component| component.kind == kind);
    let mut found = Vec::new();
    let mut raise = |kind, subject: &str, since, detail: String| {
        found.push(Alarm { kind, subject: subject.to_owned(), since, detail });
    };
    if let Some(fault) = &vitals.write_fault {
        raise(AlarmKind::WritesFail, "", None, fault.clone());
    }
    for draw in &vitals.late_draws {
        raise(AlarmKind::DrawLate, &draw.id, Some(draw.since), String::new());
    }
    for expected in &vitals.expected {
        let job = of_kind(ComponentKind::Job).find(|job| job.name == expected.name);
        let last = job.map_or(vitals.started_at, |job| job.checked_at);
        let turns = TimeDelta::from_std(expected.every).unwrap_or_default() * TURNS_MISSED;
        if vitals.now - last > SILENT_AFTER.max(turns) {
            raise(AlarmKind::JobSilent, expected.name, job.map(|job| job.checked_at), String::new());
        } else if let Some((job, fault)) = job.and_then(|job| Some((job, job.fault.clone()?))) {
            raise(AlarmKind::JobFailing, &job.name, job.healthy_at, fault);
        }
    }
    for (kind, alarm) in [
        (ComponentKind::Gateway, AlarmKind::Gateway),
        (ComponentKind::Register, AlarmKind::RegisterDown),
        (ComponentKind::Certificate, AlarmKind::Certificate),
    ] {
        for (component, fault) in of_kind(kind).filter_map(|one| Some((one, one.fault.clone()?))) {
            raise(alarm, &component.name, component.healthy_at, fault);
        }
    }
    if vitals.sms_budget > 0 && vitals.sms_sent >= vitals.sms_budget {
        raise(AlarmKind::BudgetSpent, "sms", None, vitals.sms_budget.to_string());
    }
    if vitals.outbox_due > 0 && vitals.outbox_age > OUTBOX_LATE_AFTER {
        let since = vitals.now - vitals.outbox_age;
        raise(AlarmKind::OutboxLate, "", Some(since), vitals.outbox_due.to_string());
    }
    if vitals.late_reviews > 0 {
        raise(AlarmKind::ReviewLate, "", None, vitals.late_reviews.to_string());
    }
    if vitals.log_tail > LOG_TAIL_MAX {
        raise(AlarmKind::LogTail, "", None, vitals.log_tail.to_string());
    }
    for disk in &vitals.disks {
        if disk.is_full() {
            raise(AlarmKind::DiskFull, &disk.folder, None, (disk.free >> 20).to_string());
        }
    }
    for witness in &vitals.witnesses {
        let since = witness.acknowledged_at;
        if witness.contradicts {
            raise(AlarmKind::WitnessContradicts, &witness.url, since, String::new());
        } else if witness.behind > 0 && vitals.now - since.unwrap_or(vitals.started_at) > WITNESS_SILENT_AFTER
        {
            raise(AlarmKind::WitnessSilent, &witness.url, since, witness.behind.to_string());
        }
    }
    for (reader, people) in &vitals.busy_readers {
        raise(AlarmKind::UnusualReading, reader, None, people.to_string());
    }
    found.sort_by_key(|alarm| alarm.kind);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).unwrap()
    }

    fn minutes_ago(minutes: i64) -> DateTime<Utc> {
        now() - TimeDelta::minutes(minutes)
    }

    fn component(kind: ComponentKind, name: &str, minutes: i64, fault: Option<&str>) -> ComponentHealth {
        ComponentHealth {
            kind,
            name: name.to_owned(),
            checked_at: minutes_ago(minutes),
            healthy_at: fault.is_none().then(|| minutes_ago(minutes)),
            fault: fault.map(str::to_owned),
        }
    }

    fn well() -> Vitals {
        Vitals {
            now: now(),
            started_at: minutes_ago(60),
            write_fault: None,
            expected: vec![
                ExpectedJob { name: "draws", every: Duration::from_secs(5) },
                ExpectedJob { name: "expiry", every: Duration::from_hours(1) },
            ],
            components: vec![
                component(ComponentKind::Job, "draws", 1, None),
                component(ComponentKind::Job, "expiry", 59, None),
                component(ComponentKind::Gateway, "sms", 600, None),
                component(ComponentKind::Certificate, "prefecture.example", 30, None),
                component(ComponentKind::Register, "numbers", 30, None),
            ],
            late_draws: Vec::new(),
            outbox_due: 40,
            outbox_age: TimeDelta::minutes(4),
            log_tail: 3,
            sms_sent: 1_999,
            sms_budget: 2_000,
            disks: vec![DiskRoom { folder: "/var/lib/passage".to_owned(), free: 2 << 30, total: 100 << 30 }],
            witnesses: vec![WitnessHealth {
                url: "https://witness.example".to_owned(),
                behind: 4,
                acknowledged_at: Some(minutes_ago(120)),
                contradicts: false,
            }],
            busy_readers: Vec::new(),
            late_reviews: 0,
        }
    }

    /// What is raised when one fact is changed.
    fn raised(change: impl FnOnce(&mut Vitals)) -> Vec<(AlarmKind, String)> {
        let mut vitals = well();
        change(&mut vitals);
        alarms(&vitals).into_iter().map(|alarm| (alarm.kind, alarm.subject)).collect()
    }

    #[test]
    fn an_installation_in_order_raises_nothing() {
        assert_eq!(raised(|_| ()), []);
        // A gateway that has had nothing to send all night, an installation that has just started.
        assert_eq!(
            raised(|vitals| {
                vitals.components.clear();
                vitals.started_at = minutes_ago(5);
                vitals.sms_budget = 0;
            }),
            []
        );
    }

    #[test]
    fn each_fact_raises_its_own_alarm() {
        let one = |kind, subject: &str| vec![(kind, subject.to_owned())];
        assert_eq!(
            raised(|vitals| vitals.write_fault = Some("disk full".into())),
            one(AlarmKind::WritesFail, "")
        );
        assert_eq!(
            raised(|vitals| vitals.late_draws.push(LateDraw { id: "d1".into(), since: minutes_ago(9) })),
            one(AlarmKind::DrawLate, "d1")
        );
        assert_eq!(
            raised(|vitals| vitals.components[0].checked_at = minutes_ago(7)),
            one(AlarmKind::JobSilent, "draws")
        );
        assert_eq!(
            raised(|vitals| {
                vitals.components.clear();
                vitals.expected.truncate(1);
            }),
            one(AlarmKind::JobSilent, "draws"),
            "no process has ever run it"
        );
        assert_eq!(
            raised(|vitals| vitals.components[1].checked_at = minutes_ago(181)),
            one(AlarmKind::JobSilent, "expiry"),
            "an hourly job may pause for hours, but not for three"
        );
        assert_eq!(
            raised(|vitals| vitals.components[0].fault = Some("the database is away".into())),
            one(AlarmKind::JobFailing, "draws")
        );
        assert_eq!(
            raised(|vitals| vitals.components[2].fault = Some("the token is refused".into())),
            one(AlarmKind::Gateway, "sms")
        );
        assert_eq!(raised(|vitals| vitals.sms_sent = 2_000), one(AlarmKind::BudgetSpent, "sms"));
        assert_eq!(
            raised(|vitals| vitals.outbox_age = TimeDelta::minutes(21)),
            one(AlarmKind::OutboxLate, "")
        );
        assert_eq!(raised(|vitals| vitals.log_tail = 20_001), one(AlarmKind::LogTail, ""));
        assert_eq!(
            raised(|vitals| vitals.disks[0].free = 1 << 29),
            one(AlarmKind::DiskFull, "/var/lib/passage")
        );
        assert_eq!(
            raised(|vitals| vitals.components[3].fault = Some("it ends soon".into())),
            one(AlarmKind::Certificate, "prefecture.example")
        );
        assert_eq!(
            raised(|vitals| vitals.components[4].fault = Some("no answer in time".into())),
            one(AlarmKind::RegisterDown, "numbers")
        );
        assert_eq!(
            raised(|vitals| vitals.witnesses[0].acknowledged_at = Some(minutes_ago(361))),
            one(AlarmKind::WitnessSilent, "https://witness.example")
        );
        assert_eq!(
            raised(|vitals| vitals.witnesses[0].contradicts = true),
            one(AlarmKind::WitnessContradicts, "https://witness.example")
        );
    }

    #[test]
    fn a_small_disk_is_full_by_its_share_and_a_large_one_by_its_bytes() {
        let full = |free, total| {
            let disk = DiskRoom { folder: "/".to_owned(), free, total };
            !raised(|vitals| vitals.disks = vec![disk]).is_empty()
        };
        assert!(!full(600 << 20, 10 << 30) && full(400 << 20, 10 << 30));
        assert!(!full(2 << 30, 2_000 << 30) && full(1 << 29, 2_000 << 30));
    }

    #[test]
    fn a_silent_job_is_not_failing_too_and_the_worst_comes_first() {
        let both = raised(|vitals| {
            vitals.log_tail = 1 << 20;
            vitals.components[0] = component(ComponentKind::Job, "draws", 20, Some("it failed, then hung"));
        });
        assert_eq!(both, [(AlarmKind::JobSilent, "draws".to_owned()), (AlarmKind::LogTail, String::new())]);
    }
}
