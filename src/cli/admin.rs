//! What an operator does at a terminal: migrate and import.

use std::io::Read;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, anyhow};
use serde_json::json;

use super::{Failure, open, progress, read_at_most, say, start};
use crate::clock::BusinessClock;
use crate::config::Config;
use crate::domain::actor::Actor;
use crate::domain::directory::Directory;
use crate::domain::ids::QueueId;
use crate::domain::slot_plan::csv::{Column, FILE_MAX_BYTES, LineFault};
use crate::flow::people::erasure::{self, Due};
use crate::flow::slots::{IfUnusual, PublishError, UnusualSlot};
use crate::flow::{App, FlowError, import, slots};
use crate::store::Store;
use crate::store::backup::file_of;
use crate::telemetry;

/// Faulty lines and unusual slots that are named; the others are counted.
const NAMED_MAX: usize = 100;
/// A prefecture file of hundreds of sites is far smaller.
const PREFECTURE_BYTES_MAX: u64 = 1 << 20;
/// About the length of a row of the register.
const REGISTER_ROW_BYTES: u64 = 22;

/// The app of a command, whose migrations and refusals are logged as the server's are.
pub(super) async fn app(config: Config) -> anyhow::Result<App> {
    telemetry::init(&config.log)?;
    Box::pin(start::app(config, BusinessClock::system())).await
}

pub async fn migrate(config: &Config) -> anyhow::Result<()> {
    telemetry::init(&config.log)?;
    let store = Store::open(config.database.url.expose(), 1).await?;
    store.close().await;
    say("the database is up to date");
    Ok(())
}

pub async fn import_prefecture(config: Config, file: &Path, check: bool, json: bool) -> anyhow::Result<()> {
    let text = String::from_utf8(read_at_most(file, PREFECTURE_BYTES_MAX)?)
        .with_context(|| format!("{}: the file must be UTF-8", file.display()))?;
    let plan = if check {
        import::plan(&directory(&config).await?, &text)
    } else {
        let app = app(config).await?;
        let plan = import::plan(&*app.store.directory().await?, &text);
        let imported = import::prefecture(&app, &text).await;
        app.store.close().await;
        imported.and(plan)
    };
    let plan = plan.with_context(|| file.display().to_string())?;
    if json {
        say(json!({ "changes": plan.changes, "kept": plan.kept, "done": !check }));
        return Ok(());
    }
    plan.changes.iter().chain(&plan.kept).for_each(say);
    say(match (plan.changes.is_empty(), check) {
        (true, _) => "nothing changes",
        (false, true) => "nothing is changed yet: run it without --check",
        (false, false) => "done",
    });
    Ok(())
}

pub async fn purge(config: Config, dry_run: bool, json: bool) -> anyhow::Result<()> {
    if dry_run {
        // Beside the process that serves it, too.
        let store = Store::inspect(config.database.url.expose()).await?;
        let due = erasure::due(&store, &store.read_directory().await?, BusinessClock::system().now()).await;
        store.close().await;
        let due = due?;
        for one in &due {
            say_due(one, json)?;
        }
        if !json {
            say(if due.is_empty() {
                "nobody's time is over"
            } else {
                "nobody is erased yet: run it without --dry-run"
            });
        }
        return Ok(());
    }
    let (app, mut erased) = (app(config).await?, 0);
    loop {
        match erasure::purge_some(&app).await? {
            0 => break,
            some => erased += some,
        }
    }
    app.store.close().await;
    if json {
        say(json!({ "erased": erased }));
    } else {
        say(format_args!("{erased} people erased"));
    }
    Ok(())
}

fn say_due(one: &Due, json: bool) -> anyhow::Result<()> {
    if json {
        say(serde_json::to_string(one)?);
        return Ok(());
    }
    let before = one.ended_before.date_naive();
    say(format_args!(
        "{}: {} people whose entries ended before {before}; {} more wait",
        one.queue, one.people, one.waiting
    ));
    Ok(())
}

/// What is set up here, without touching it.
async fn directory(config: &Config) -> anyhow::Result<Directory> {
    let url = config.database.url.expose();
    if let Some(file) = file_of(url).filter(|file| !file.exists()) {
        eprintln!("compared with an empty installation: there is no {} yet", file.display());
        return Ok(Directory::default());
    }
    let store = Store::inspect(url).await?;
    let directory = store.read_directory().await;
    store.close().await;
    Ok(directory?)
}

/// The faults that a page shows at its fields, for a terminal.
pub(super) fn in_words(error: FlowError) -> anyhow::Error {
    let english = crate::locale::Lang::En;
    match error {
        FlowError::Invalid(faults) => {
            let said = |fault: &crate::flow::Fault| {
                format!(
                    "{}: {}",
                    fault.field,
                    english.with(&fault.key, [("value", fault.value.clone().into())])
                )
            };
            anyhow!(faults.iter().map(said).collect::<Vec<_>>().join("\n"))
        }
        FlowError::Refused(refusal) => anyhow!(english.text(&refusal.sentence_key())),
        other => other.into(),
    }
}

/// Publishes the slots of a file; reports every faulty line.
pub async fn import_slots(
    config: Config,
    file: &Path,
    queue: &str,
    if_unusual: IfUnusual,
    json: bool,
) -> Result<ExitCode, Failure> {
    let mut bytes = Vec::new();
    // One byte more than is accepted tells that the file is too large.
    open(file)?
        .take(FILE_MAX_BYTES + 1)
        .read_to_end(&mut bytes)
        .with_context(|| format!("reading {}", file.display()))?;
    let app = app(config).await?;
    let queue = find_queue(&app, queue).await?;
    let lines = bytes.split(|byte| *byte == b'\n').count() as u64;
    let bar = progress(lines, "slots");
    let shown = bar.clone();
    let done = slots::publish_csv(&app, queue, bytes, if_unusual, Actor::System, move |at| {
        shown.set_position(at as u64);
    })
    .await;
    bar.finish_and_clear();
    app.store.close().await;
    match done {
        Ok(count) if json => say(json!({ "new": count.new, "doubles": count.doubles })),
        Ok(count) => say(format!("{} new slots, {} that stood there already", count.new, count.doubles)),
        Err(PublishError::Lines(faults)) => {
            say_faults(&faults, json);
            return Ok(ExitCode::FAILURE);
        }
        Err(PublishError::Unusual(unusual)) => {
            say_unusual(&unusual, json);
            return Ok(ExitCode::FAILURE);
        }
        Err(PublishError::Second) if json => say(json!({ "new": 0, "proposed": true })),
        Err(PublishError::Second) => {
            say("nothing is published yet: a second person must agree, on the page /gestion/publications");
        }
        Err(PublishError::Flow(error)) => return Err(in_words(error).into()),
    }
    Ok(ExitCode::SUCCESS)
}

fn say_faults(faults: &[LineFault], json: bool) {
    for fault in faults.iter().take(NAMED_MAX) {
        let column = fault.column.map(Column::as_str);
        if json {
            say(json!({ "line": fault.line, "column": column, "reason": fault.reason.to_string() }));
        } else {
            let at = column.map(|column| format!(", {column}")).unwrap_or_default();
            eprintln!("line {}{at}: {}", fault.line, fault.reason);
        }
    }
    say_left_out(faults.len());
    eprintln!("nothing was published: mend the {} line(s) and try again", faults.len());
}

fn say_unusual(unusual: &[UnusualSlot], json: bool) {
    for one in unusual.iter().take(NAMED_MAX) {
        let (slot, why) = (&one.slot, one.why);
        if json {
            say(
                json!({ "site": slot.site, "desk": slot.desk, "at": slot.start_local.to_string(), "unusual": why }),
            );
        } else {
            eprintln!("{}, desk {}, {}: {why}", slot.site, slot.desk, slot.start_local);
        }
    }
    say_left_out(unusual.len());
    eprintln!(
        "nothing was published: {} slot(s) lie on a holiday, on a Sunday or at night; mend the file, or say --unusual",
        unusual.len()
    );
}

fn say_left_out(all: usize) {
    if all > NAMED_MAX {
        eprintln!("… and {} more", all - NAMED_MAX);
    }
}

async fn find_queue(app: &App, named: &str) -> anyhow::Result<QueueId> {
    let directory = app.store.directory().await?;
    let found = named.split_once('/').and_then(|(prefecture, queue)| {
        let prefecture = directory.prefecture_by_slug(prefecture)?;
        directory.queue_by_slug(prefecture.id, queue)
    });
    found
        .map(|queue| queue.id)
        .ok_or_else(|| anyhow!("--queue: there is no queue “{named}” (PREFECTURE/QUEUE)"))
}

pub async fn import_register(config: Config, file: &Path, json: bool) -> anyhow::Result<()> {
    let opened = open(file)?;
    let rows = file.metadata().map_or(0, |file| file.len() / REGISTER_ROW_BYTES);
    let app = app(config).await?;
    let bar = progress(rows, "numbers");
    let count = import::register_of_numbers(&app, opened, |at| bar.set_position(at as u64)).await;
    bar.finish_and_clear();
    app.store.close().await;
    let count = count.with_context(|| file.display().to_string())?;
    if json {
        say(json!({
            "rows": count.rows, "new": count.new, "changed": count.changed, "nine_digits": count.nine_digits
        }));
        return Ok(());
    }
    say(format!(
        "{} numbers read, {} new, {} with another birth date or name than before",
        count.rows, count.new, count.changed
    ));
    if count.nine_digits > 0 {
        say(format!(
            "{} numbers have nine digits; if a spreadsheet cut their leading 0, they are found with it and without it",
            count.nine_digits
        ));
    }
    Ok(())
}
