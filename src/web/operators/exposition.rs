//! The metrics in Prometheus's text format: the counts of this process, and the installation as its last report
//! shows it. Labels come from closed sets: no person, no request.

use std::sync::atomic::AtomicU64;

use chrono::{DateTime, Utc};
use prometheus_client::encoding::prometheus_text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::Registry;

use crate::domain::alarm::{AlarmKind, ComponentKind};
use crate::flow::App;
use crate::flow::health::Report;

type Value = Gauge<f64, AtomicU64>;
type Labels = [(&'static str, String); 1];
type Values = Family<Labels, Value>;

/// Every metric. One that nothing is known of is left out, and not shown as 0.
pub(super) fn text(app: &App, report: &Report) -> String {
    let mut shown = Registry::with_prefix("passage");
    let version = Info::new([("version", env!("CARGO_PKG_VERSION"))]);
    shown.register("build", "The program that runs", version);
    app.metrics.register(&mut shown);
    let vitals = &report.vitals;
    one(&mut shown, "database_up", "Whether the database answers", flag(report.is_whole));
    let is_writable = flag(vitals.write_fault.is_none());
    one(&mut shown, "database_writable", "Whether the database takes writes", is_writable);
    jobs_here(&mut shown, app);

    let by_kind = Values::default();
    for kind in AlarmKind::ALL {
        let count = report.alarms.iter().filter(|alarm| alarm.kind == *kind).count();
        set(&by_kind, "alarm", kind.as_str(), whole(count));
    }
    shown.register("alarms", "Alarms raised now, by kind", by_kind);
    let (free, size) = (Values::default(), Values::default());
    for disk in &vitals.disks {
        set(&free, "folder", &disk.folder, bytes(disk.free));
        set(&size, "folder", &disk.folder, bytes(disk.total));
    }
    shown.register("disk_free_bytes", "Room left where this process writes", free);
    shown.register("disk_size_bytes", "Room in all where this process writes", size);
    if report.is_whole {
        installation(&mut shown, report);
    }
    let mut text = String::new();
    // Writing to a string does not fail.
    let _ = encode(&mut text, &shown);
    text
}

/// What the runs of this process's jobs came to.
fn jobs_here(shown: &mut Registry, app: &App) {
    let (runs, failures) = (Family::<_, Counter>::default(), Family::<_, Counter>::default());
    for job in app.heartbeats.all() {
        let label = [("job", job.name)];
        runs.get_or_create(&label).inc_by(job.runs);
        failures.get_or_create(&label).inc_by(job.failures);
    }
    shown.register("job_runs", "Runs of the jobs of this process that have ended", runs);
    shown.register("job_failures", "Runs of the jobs of this process that have failed", failures);
}

/// What the database knows, the same whichever process is asked.
fn installation(shown: &mut Registry, report: &Report) {
    let vitals = &report.vitals;
    let [last, well, up, register] = std::array::from_fn(|_| Values::default());
    for one in &vitals.components {
        match one.kind {
            ComponentKind::Job => {
                set(&last, "job", &one.name, seconds(one.checked_at));
                if let Some(at) = one.healthy_at {
                    set(&well, "job", &one.name, seconds(at));
                }
            }
            ComponentKind::Gateway => set(&up, "way", &one.name, flag(one.fault.is_none())),
            ComponentKind::Register => set(&register, "register", &one.name, flag(one.fault.is_none())),
            ComponentKind::Certificate | ComponentKind::Write => {}
        }
    }
    shown.register("job_last_run_timestamp_seconds", "When a run of a job last ended, in any process", last);
    shown.register("job_last_success_timestamp_seconds", "When a run of a job last ended well", well);
    shown.register("gateway_up", "Whether the gateway of a way of notice was in order when last used", up);
    shown.register("register_up", "Whether the register of numbers answered when last asked", register);
    one(shown, "draws_late", "Draws whose list or randomness is late", whole(vitals.late_draws.len()));
    one(
        shown,
        "outbox_due",
        "Messages that are due and have not left, letters left out",
        count_of(vitals.outbox_due),
    );
    let age = vitals.outbox_age.as_seconds_f64();
    one(shown, "outbox_age_seconds", "For how long the oldest of them has been due", age);
    one(shown, "log_tail_rows", "Rows of the log that wait for their place", count_of(vitals.log_tail));
    one(shown, "sms_day", "SMS that left in the last 24 hours", count_of(vitals.sms_sent));
    one(shown, "sms_day_budget", "How many SMS may leave in 24 hours", count_of(vitals.sms_budget));
    let (behind, acknowledged) = (Values::default(), Values::default());
    for witness in &vitals.witnesses {
        set(&behind, "witness", &witness.url, count_of(witness.behind));
        if let Some(at) = witness.acknowledged_at {
            set(&acknowledged, "witness", &witness.url, seconds(at));
        }
    }
    shown.register("witness_behind_rows", "Rows of the signed log that a witness lacks", behind);
    shown.register(
        "witness_acknowledged_timestamp_seconds",
        "When a witness last acknowledged the log",
        acknowledged,
    );
}

fn one(shown: &mut Registry, name: &str, help: &str, value: f64) {
    let gauge = Value::default();
    gauge.set(value);
    shown.register(name, help, gauge);
}

fn set(values: &Values, label: &'static str, name: &str, value: f64) {
    values.get_or_create(&[(label, name.to_owned())]).set(value);
}

const fn flag(is: bool) -> f64 {
    if is { 1.0 } else { 0.0 }
}

fn seconds(at: DateTime<Utc>) -> f64 {
    count_of(at.timestamp())
}

#[expect(clippy::cast_precision_loss, reason = "a metric is a float; no count here comes near 2^53")]
const fn count_of(count: i64) -> f64 {
    count as f64
}

fn whole(count: usize) -> f64 {
    count_of(i64::try_from(count).unwrap_or(i64::MAX))
}

fn bytes(bytes: u64) -> f64 {
    count_of(i64::try_from(bytes).unwrap_or(i64::MAX))
}
