//! What an operator is told: health, alarms and metrics, and what `check-config --deep` finds. Each fault is
//! provoked, and what is said of it compared.

mod common;
#[path = "common/place.rs"]
mod place;
#[path = "common/port.rs"]
mod port;
#[path = "common/served.rs"]
mod served;

use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::{Request, StatusCode};
use chrono::TimeDelta;
use common::{TestApp, on_both};
use passage::domain::alarm::{AlarmKind, ComponentHealth, ComponentKind};
use passage::flow::{App, health};
use passage::{scheduler, web};
use place::Place;
use served::Served;
use tower::ServiceExt;

/// An answer of the operators' listener.
async fn ask(app: &Arc<App>, path: &str, accept: &str) -> (StatusCode, String) {
    let request = Request::get(path)
        .header("accept", accept)
        .header("accept-language", "en")
        .body(Body::empty())
        .unwrap();
    let response = web::operators::router(app.clone()).oneshot(request).await.unwrap();
    let status = response.status();
    let body = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

async fn kinds(app: &App) -> Vec<AlarmKind> {
    health::report(app).await.alarms.iter().map(|alarm| alarm.kind).collect()
}

#[tokio::test]
async fn an_installation_at_work_is_ready_and_raises_no_alarm() {
    on_both(async |app: TestApp| {
        scheduler::tick(&app.app).await;
        assert_eq!(ask(&app.app, "/livez", "").await, (StatusCode::OK, "ok\n".to_owned()));
        assert_eq!(ask(&app.app, "/readyz", "").await, (StatusCode::OK, "ok\n".to_owned()));
        let (_, text) = ask(&app.app, "/alarms", "").await;
        assert_eq!(text, "0 alarm(s)\n");
        let known = app.app.store.health().await.unwrap();
        let jobs: Vec<_> = known.iter().filter(|one| one.kind == ComponentKind::Job).collect();
        assert!(jobs.iter().all(|job| job.fault.is_none()), "{jobs:?}");
        let expected = passage::flow::heartbeats::expected(Duration::from_secs(5));
        let mut expected: Vec<_> = expected.iter().map(|job| job.name).collect();
        expected.sort_unstable();
        let names: Vec<_> = jobs.iter().map(|job| job.name.as_str()).collect();
        assert_eq!(names, expected, "the jobs that alarms expect are those that run");
    })
    .await;
}

#[tokio::test]
async fn a_worker_that_died_in_another_process_is_seen_by_the_pages() {
    on_both(async |app: TestApp| {
        let long_ago = app.app.real.now() - TimeDelta::minutes(7);
        let dead = |name: &str| ComponentHealth {
            kind: ComponentKind::Job,
            name: name.to_owned(),
            checked_at: long_ago,
            healthy_at: Some(long_ago),
            fault: None,
        };
        let jobs = ["draws", "outbox"].map(dead).to_vec();
        app.app.store.save_health(jobs).await.unwrap();
        assert_eq!(kinds(&app.app).await, [AlarmKind::JobSilent, AlarmKind::JobSilent]);
        assert_eq!(ask(&app.app, "/readyz", "").await.0, StatusCode::OK, "pages are still served");
        let (_, text) = ask(&app.app, "/alarms", "").await;
        assert!(text.contains("job_silent since ") && text.contains("“draws”"), "{text}");
        let (_, json) = ask(&app.app, "/alarms", "application/json").await;
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(json["alarms"][0]["alarm"], "job_silent");
        assert_eq!(json["alarms"][0]["subject"], "draws");
        let (_, metrics) = ask(&app.app, "/metrics", "").await;
        assert!(metrics.contains("passage_alarms{alarm=\"job_silent\"} 2"), "{metrics}");
    })
    .await;
}

#[tokio::test]
async fn a_draw_and_messages_that_are_late_are_seen_and_a_former_address_is_not() {
    on_both(async |app: TestApp| {
        scheduler::tick(&app.app).await;
        app.register(app.first, 1).await;
        let now = app.app.real.now();
        let former = ComponentHealth {
            kind: ComponentKind::Certificate,
            name: "https://old.example".to_owned(),
            checked_at: now,
            healthy_at: None,
            fault: Some("it is not trusted".to_owned()),
        };
        app.app.store.save_health(vec![former]).await.unwrap();
        // No job runs while eleven hours pass: the list of the evening is not frozen, and the receipt stays.
        app.clock.advance(TimeDelta::hours(11));
        assert_eq!(kinds(&app.app).await, [AlarmKind::DrawLate, AlarmKind::OutboxLate]);
    })
    .await;
}

#[tokio::test]
async fn of_two_processes_the_one_that_looked_last_is_right() {
    on_both(async |app: TestApp| {
        let now = app.app.real.now();
        let seen = |seconds: i64, fault: Option<&str>| ComponentHealth {
            kind: ComponentKind::Gateway,
            name: "sms".to_owned(),
            checked_at: now - TimeDelta::seconds(seconds),
            healthy_at: fault.is_none().then(|| now - TimeDelta::seconds(seconds)),
            fault: fault.map(str::to_owned),
        };
        let save = async |one| app.app.store.save_health(vec![one]).await.unwrap();
        save(seen(30, None)).await;
        save(seen(10, Some("refused"))).await;
        save(seen(20, None)).await;
        let known = app.app.store.health().await.unwrap();
        assert_eq!(known[0].fault.as_deref(), Some("refused"));
        assert_eq!(known[0].healthy_at, Some(now - TimeDelta::seconds(30)), "when it was last in order");
        assert_eq!(kinds(&app.app).await, [AlarmKind::Gateway]);
    })
    .await;
}

#[tokio::test]
async fn prometheus_reads_the_metrics() {
    let app = TestApp::sqlite().await;
    scheduler::tick(&app.app).await;
    web::router(app.app.clone()).oneshot(Request::get("/aide").body(Body::empty()).unwrap()).await.unwrap();
    let (_, metrics) = ask(&app.app, "/metrics", "").await;
    for wanted in [
        "passage_http_requests_total{status=\"2xx\"} 1",
        "passage_database_up 1",
        "passage_job_runs_total{job=\"draws\"} 1",
        "passage_outbox_due 0",
        "passage_alarms{alarm=\"draw_late\"} 0",
        "passage_build_info{version=",
    ] {
        assert!(metrics.contains(wanted), "{wanted} is not in:\n{metrics}");
    }
    let Ok(mut promtool) = Command::new("promtool")
        .args(["check", "metrics"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
    else {
        eprintln!("skipped: promtool is not installed (`make test` installs it)");
        return;
    };
    promtool.stdin.take().unwrap().write_all(metrics.as_bytes()).unwrap();
    let read = promtool.wait_with_output().unwrap();
    assert!(read.status.success(), "{}{metrics}", String::from_utf8_lossy(&read.stderr));
}

#[test]
fn a_full_disk_is_said_and_served_again_once_there_is_room() {
    let place = Place::furnished();
    // Writes beyond this size fail, as on a full disk: SIGXFSZ, which would end the program, is ignored.
    let mut served = Served::start_after(&place, "all", "trap '' XFSZ");
    served.ask_until("/readyz", "HTTP/1.1 200 ");
    let pid = format!("--pid={}", served.id());
    let limit = |size: &str| {
        let done = Command::new("prlimit").args([&pid, &format!("--fsize={size}")]).status();
        assert!(done.unwrap().success());
    };
    limit("4096:unlimited");
    let said = served.ask_until("/readyz", "HTTP/1.1 503 ");
    assert!(said.contains("disk"), "{said}");
    let alarms = served.ask("/alarms");
    assert!(alarms.contains("writes_fail"), "{alarms}");
    assert!(served.ask("/livez").starts_with("HTTP/1.1 200 "));
    assert!(served.get("/p/demonstration").starts_with("HTTP/1.1 200 "), "pages are read all the same");
    limit("unlimited:unlimited");
    served.ask_until("/readyz", "HTTP/1.1 200 ");
    assert_eq!(served.terminate(), Some(0));
    place.run(&["check-config", "--deep"]).ended(0);
}

#[test]
fn a_stop_ends_in_time_and_a_hangup_reopens_the_log() {
    let place = Place::furnished().with("PASSAGE__LOG__FILE", "passage.log");
    let mut served = Served::start(&place, "all");
    served.ask_until("/readyz", "HTTP/1.1 200 ");
    let log = place.folder.join("passage.log");
    std::fs::rename(&log, place.folder.join("passage.log.1")).unwrap();
    served.signal("HUP");
    let begun = Instant::now();
    while !log.exists() {
        assert!(begun.elapsed() < served::PATIENCE, "no new file");
        std::thread::sleep(Duration::from_millis(20));
    }
    let stopping = Instant::now();
    assert_eq!(served.terminate(), Some(0));
    assert!(stopping.elapsed() < Duration::from_secs(10), "{:?}", stopping.elapsed());
    let before = std::fs::read_to_string(place.folder.join("passage.log.1")).unwrap();
    let after = std::fs::read_to_string(&log).unwrap();
    for (event, said) in
        [("program.starting", &before), ("log.reopened", &after), ("program.stopped", &after)]
    {
        assert!(said.contains(event), "{event} is not in: {said}");
    }
    assert!(!before.contains('\u{1b}') && !after.contains('\u{1b}'), "no colours in a file");
}

#[test]
fn what_the_program_writes_is_for_its_own_account_alone() {
    let place = Place::furnished().with("PASSAGE__LOG__FILE", "var/passage.log");
    let mut served = Served::start(&place, "all");
    served.ask_until("/readyz", "HTTP/1.1 200 ");
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let files: Vec<_> =
        std::fs::read_dir(place.folder.join("var")).unwrap().map(|file| file.unwrap().path()).collect();
    assert!(files.len() >= 5, "{files:?}");
    for file in files {
        assert_eq!(mode(&file) & 0o077, 0, "{}", file.display());
    }
    assert_eq!(served.terminate(), Some(0));
}

#[test]
fn the_deep_check_finds_each_fault_and_changes_nothing() {
    let place = Place::furnished();
    place.run(&["check-config", "--deep"]).ended(0);

    let nowhere = Place::empty();
    nowhere.run(&["keys", "init", "var/master.key"]).ended(0);
    let missing = nowhere.run(&["check-config", "--deep"]);
    assert!(missing.ended(1).contains("passage migrate"), "{}", missing.out);
    assert!(!nowhere.folder.join("var/passage.db").exists(), "nothing is made");

    let database = place.folder.join("var/passage.db");
    std::fs::set_permissions(&database, std::fs::Permissions::from_mode(0o644)).unwrap();
    let exposed = place.run(&["check-config", "--deep"]);
    assert!(exposed.ended(1).contains("chmod 600"), "{}", exposed.out);
    // SQLite may have left files beside it, with its mode.
    for file in std::fs::read_dir(place.folder.join("var")).unwrap() {
        std::fs::set_permissions(file.unwrap().path(), std::fs::Permissions::from_mode(0o600)).unwrap();
    }

    let closed = port::free_address();
    let with = |vars: &[(&'static str, String)]| {
        let mut command = place.command(&["check-config", "--deep"]);
        command.envs(vars.iter().map(|(name, value)| (name, value)));
        let output = command.output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let redis = with(&[("PASSAGE__LIMITS__REDIS_URL", format!("redis://{closed}/"))]);
    assert!(redis.contains("limits.redis_url") && redis.lines().count() == 1, "{redis}");
    let gateway = with(&[
        ("PASSAGE__NOTICES__SMS__GATEWAY", "twilio".to_owned()),
        ("PASSAGE__NOTICES__SMS__BASE_URL", format!("http://{closed}")),
        ("PASSAGE__NOTICES__SMS__ACCOUNT", "AC42".to_owned()),
        ("PASSAGE__NOTICES__SMS__TOKEN", "secret".to_owned()),
    ]);
    assert!(gateway.contains("notices.sms") && !gateway.contains("secret"), "{gateway}");
    let beacon = with(&[
        ("PASSAGE__DRAWS__SOURCE", "drand".to_owned()),
        ("PASSAGE__DRAWS__RELAYS", format!("http://{closed}")),
    ]);
    assert!(beacon.contains("draws.relays"), "{beacon}");
    let certificate = with(&[("PASSAGE__HTTP__PUBLIC_URL", format!("https://{closed}"))]);
    assert!(certificate.contains("http.public_url"), "{certificate}");

    // Beside the program that serves.
    let mut served = Served::start(&place, "all");
    served.ask_until("/readyz", "HTTP/1.1 200 ");
    place.run(&["check-config", "--deep"]).ended(0);
    assert_eq!(served.terminate(), Some(0));
}

#[tokio::test]
async fn a_database_of_a_newer_program_is_refused_in_words() {
    let place = Place::furnished();
    let url = format!("sqlite:{}/var/passage.db", place.folder.display());
    let newer = sqlx::SqlitePool::connect(&url).await.unwrap();
    sqlx::query(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
         VALUES (9999, 'newer', TRUE, x'00', 0)",
    )
    .execute(&newer)
    .await
    .unwrap();
    newer.close().await;
    place.run(&["serve"]).refused(&["newer program", "9999"]);
    let deep = place.run(&["check-config", "--deep"]);
    assert!(deep.ended(1).contains("newer program"), "{}", deep.out);
}

/// Every word of a text that is a metric of ours, without the endings that Prometheus gives a histogram.
fn metrics_in(text: &str) -> std::collections::BTreeSet<String> {
    let words = text.split(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_'));
    let base = |word: &str| word.strip_suffix("_bucket").unwrap_or(word).to_owned();
    words.filter(|word| word.starts_with("passage_")).map(base).collect()
}

#[tokio::test]
async fn alerts_and_dashboard_speak_of_metrics_that_exist() {
    let mut app = TestApp::sqlite().await;
    let config = &mut Arc::get_mut(&mut app.app).unwrap().config;
    config.witnesses.urls = vec!["https://witness.example".to_owned()];
    scheduler::tick(&app.app).await;
    web::router(app.app.clone()).oneshot(Request::get("/aide").body(Body::empty()).unwrap()).await.unwrap();
    app.app.health.note(ComponentKind::Gateway, "sms", None, app.app.real.now());
    let (_, shown) = ask(&app.app, "/metrics", "").await;
    let shown = metrics_in(&shown);
    let dashboard: serde_json::Value =
        serde_json::from_str(include_str!("../ops/grafana/passage.json")).unwrap();
    let ids: Vec<_> =
        dashboard["panels"].as_array().unwrap().iter().map(|panel| panel["id"].as_u64()).collect();
    assert!(ids.iter().enumerate().all(|(at, id)| *id == Some(at as u64 + 1)), "{ids:?}");
    for used in [dashboard.to_string(), include_str!("../ops/prometheus/alerts.yml").to_owned()] {
        let missing: Vec<_> = metrics_in(&used).difference(&shown).cloned().collect();
        assert!(missing.is_empty() && !metrics_in(&used).is_empty(), "{missing:?} are not in {shown:?}");
    }
}

#[test]
fn prometheus_reads_the_alerts_and_raises_them() {
    for arguments in [["check", "rules", "alerts.yml"], ["test", "rules", "alerts_test.yml"]] {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/ops/prometheus");
        let Ok(read) = Command::new("promtool").args(arguments).current_dir(folder).output() else {
            eprintln!("skipped: promtool is not installed (`make test` installs it)");
            return;
        };
        let said = [read.stdout, read.stderr].concat();
        assert!(read.status.success(), "{}", String::from_utf8_lossy(&said));
    }
}

#[test]
fn the_demo_answers_while_it_is_made_and_its_stop_does_not_wait_for_that() {
    let place = Place::empty();
    for _ in 0..2 {
        // The second start finds a town that is half made.
        let mut demo = Served::demo(&place);
        let page = demo.get("/p/demonstration");
        assert!(page.starts_with("HTTP/1.1 503 ") && page.contains("\r\nretry-after: "), "{page}");
        assert!(page.contains(r#"http-equiv="refresh""#) && page.contains("<progress "), "{page}");
        assert_eq!(demo.terminate(), Some(0));
    }
}
