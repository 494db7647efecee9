//! `passage draw`: what anybody can do with a published list or bundle, without a database.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;
use serde_json::json;

use super::witness::Asked;
use super::{Failure, progress, read_at_most, say};
use crate::draw;
use crate::witness::testimony::Testimony;

/// Files larger than this get a spinner, in bytes.
const SLOW_BYTES: u64 = 20_000_000;
/// Twice a bundle of two million entries.
const BUNDLE_BYTES_MAX: u64 = 512 << 20;

/// Computes a draw and writes its bundle to standard output.
pub fn run(file: &Path) -> anyhow::Result<()> {
    let list = read(file)?;
    let bundle = watched(&list, draw::run).with_context(|| file.display().to_string())?;
    let mut out = std::io::stdout().lock();
    out.write_all(bundle.as_bytes())?;
    if !bundle.ends_with('\n') {
        out.write_all(b"\n")?;
    }
    Ok(())
}

/// Verifies each file, and asks each witness about it; prints one line each.
pub async fn verify(files: &[PathBuf], witnesses: &[String], json: bool) -> Result<ExitCode, Failure> {
    let witnesses = Asked::all(witnesses)?;
    let mut all = true;
    for file in files {
        let found = read(file).and_then(|bytes| Ok(watched(&bytes, draw::verify)?));
        all &= found.is_ok();
        let name = file.display().to_string();
        match &found {
            Ok(found) if json => say(
                json!({ "file": name, "verified": true, "entries": found.entries, "slots": found.slots, "convoked": found.winners }),
            ),
            Ok(found) => say(format!(
                "{name}: verified: {} entries, {} slots, {} convoked",
                found.entries, found.slots, found.winners
            )),
            Err(fault) if json => {
                say(json!({ "file": name, "verified": false, "fault": format!("{fault:#}") }));
            }
            Err(fault) => say(format!("{name}: {fault:#}")),
        }
        let Ok(found) = found else { continue };
        for witness in &witnesses {
            let said = witness.testimony(&found).await;
            let good = said.as_ref().is_ok_and(Testimony::is_good);
            all &= good;
            let words = said.map_or_else(|fault| fault, |said| said.to_string());
            if json {
                say(json!({ "file": name, "witness": witness.name(), "seen_before": good, "said": words }));
            } else {
                say(format!("{name}: witness {}: {words}", witness.name()));
            }
        }
    }
    Ok(if all { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn read(file: &Path) -> anyhow::Result<Vec<u8>> {
    read_at_most(file, BUNDLE_BYTES_MAX)
}

/// Runs work that may take over two seconds, and shows a spinner meanwhile.
fn watched<T>(bytes: &[u8], work: impl FnOnce(&[u8]) -> T) -> T {
    let spinner = (bytes.len() as u64 > SLOW_BYTES).then(|| progress(0, "computing"));
    if let Some(spinner) = &spinner {
        spinner.enable_steady_tick(Duration::from_millis(100));
    }
    let done = work(bytes);
    if let Some(spinner) = spinner {
        spinner.finish_and_clear();
    }
    done
}
