//! `passage simulate`: first-come booking compared with Passage, in a town described by a file.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};

use super::{progress, say};
use crate::simulate::{self, PRESETS, Scenario, cut_slots, picture, table};

/// Games of each way to play, unless told otherwise.
const CUT_SLOTS_REPLICATIONS: u32 = 20;

/// What to simulate, and how to show it.
#[derive(clap::Args)]
pub struct Simulate {
    /// A file, or the name of a built-in scenario; without it, lists them
    scenario: Option<String>,
    /// The same seed gives the same answer, to the byte.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How often both worlds are simulated; by default as the scenario says.
    #[arg(long, value_name = "TIMES")]
    replications: Option<u32>,
    /// Also writes a picture.
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
}

/// Simulates and answers with a table, or JSON.
pub fn run(simulate: Simulate, json: bool) -> anyhow::Result<()> {
    let Some(name) = simulate.scenario else {
        for (name, text) in PRESETS {
            let title = Scenario::parse(text).map(|scenario| scenario.title)?;
            say(format!("{name:20}{title}"));
        }
        say(format!("{:20}{}", cut_slots::NAME, cut_slots::TITLE));
        return Ok(());
    };
    check(simulate.replications)?;
    if name == cut_slots::NAME {
        return cut(simulate.seed, simulate.replications.unwrap_or(CUT_SLOTS_REPLICATIONS), json);
    }
    let mut scenario = Scenario::parse(&read(&name)?).with_context(|| name.clone())?;
    if let Some(replications) = simulate.replications {
        scenario.replications = replications;
    }
    let bar = progress(simulate::days_to_live(&scenario), "days lived");
    let report = simulate::run(&scenario, simulate.seed, || bar.inc(1));
    bar.finish_and_clear();
    if let Some(file) = &simulate.svg {
        write(file, &picture::svg(&report))?;
    }
    if json {
        say(serde_json::to_string(&report)?);
    } else {
        std::io::stdout().write_all(table::table(&report).as_bytes())?;
    }
    Ok(())
}

fn check(replications: Option<u32>) -> anyhow::Result<()> {
    let replications = replications.unwrap_or(1);
    anyhow::ensure!(
        (1..=1_000).contains(&replications),
        "--replications: {replications} is not possible; give a number from 1 to 1000"
    );
    Ok(())
}

fn cut(seed: u64, replications: u32, json: bool) -> anyhow::Result<()> {
    let bar = progress(4 * u64::from(replications), "games");
    let lines = cut_slots::run(seed, replications, || bar.inc(1));
    bar.finish_and_clear();
    if json {
        say(serde_json::to_string(&lines)?);
    } else {
        std::io::stdout().write_all(table::cut_slots(&lines).as_bytes())?;
    }
    Ok(())
}

fn read(name: &str) -> anyhow::Result<String> {
    if let Some(text) = simulate::preset(name) {
        return Ok(text.to_owned());
    }
    std::fs::read_to_string(name).map_err(|error| {
        let names: Vec<&str> = PRESETS.iter().map(|(name, _)| *name).collect();
        anyhow!("{name}: {error}; give a file, or one of: {}", names.join(", "))
    })
}

fn write(file: &Path, text: &str) -> anyhow::Result<()> {
    std::fs::write(file, text).with_context(|| format!("writing {}", file.display()))
}
