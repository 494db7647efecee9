//! First versions and registers, from files: a prefecture (TOML), the register of numéros étrangers (CSV).

use std::collections::HashMap;
use std::io::Read;

use chrono::NaiveDate;
use serde::Deserialize;

use super::register::number_birth_print;
use super::{App, FlowError, fresh, rules};
use crate::domain::foreigner_number::ForeignerNumber;
use crate::domain::holidays::Territory;
use crate::domain::ids::PrefectureId;
use crate::domain::local_time::Zone;
use crate::domain::names::BirthDate;
use crate::domain::rules::Rules;
use crate::store::commands::{NewPrefecture, NewQueue, NewSite};
use crate::vault::Field;

/// Why a file is not imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error("{0}")]
    File(String),
    /// Every fault, with its place.
    #[error("{}", .0.join("\n"))]
    Faults(Vec<String>),
    #[error(transparent)]
    Flow(#[from] FlowError),
}

impl From<crate::store::StoreError> for ImportError {
    fn from(error: crate::store::StoreError) -> Self {
        Self::Flow(error.into())
    }
}

/// A prefecture, as its file describes it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PrefectureFile {
    pub slug: String,
    pub name: String,
    pub zone: String,
    /// How to be helped without a computer.
    pub help: String,
    pub sites: Vec<SiteFile>,
    pub queues: Vec<QueueFile>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SiteFile {
    pub slug: String,
    pub name: String,
    pub address: String,
    /// The prefecture's, if it is left out.
    pub zone: Option<String>,
    /// Where its zone does not tell the public holidays: Alsace and Moselle.
    pub territory: Option<Territory>,
    pub desks: Vec<u16>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QueueFile {
    pub slug: String,
    pub name: String,
    /// What is the same procedure at other prefectures has the same slug.
    pub procedure: String,
    pub procedure_name: String,
    pub rules: Rules,
}

/// Imports a prefecture: its sites, desks, queues and first rules.
///
/// # Errors
/// [`ImportError::Faults`] lists everything that is wrong with the file.
pub async fn prefecture(app: &App, text: &str) -> Result<PrefectureId, ImportError> {
    let file: PrefectureFile = toml::from_str(text).map_err(|error| ImportError::File(error.to_string()))?;
    let faults = faults(&file);
    if !faults.is_empty() {
        return Err(ImportError::Faults(faults));
    }
    if app.store.directory().await?.prefecture_by_slug(&file.slug).is_some() {
        return Err(ImportError::File(format!("slug: “{}” is already a prefecture here", file.slug)));
    }
    Ok(app.store.import_prefecture(command(file), app.business.now()).await?)
}

fn faults(file: &PrefectureFile) -> Vec<String> {
    let mut faults = Vec::new();
    let mut slug = |at: &str, slug: &str| {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if slug.is_empty() || slug.len() > 60 || !slug.chars().all(plain) {
            faults.push(format!("{at}: “{slug}” must be lower-case letters, digits and dashes, at most 60"));
        }
    };
    slug("slug", &file.slug);
    file.sites.iter().for_each(|site| slug("sites.slug", &site.slug));
    for queue in &file.queues {
        slug("queues.slug", &queue.slug);
        slug("queues.procedure", &queue.procedure);
    }
    let zone = match file.zone.parse::<Zone>() {
        Ok(zone) => zone,
        Err(error) => {
            faults.push(error.to_string());
            return faults;
        }
    };
    if file.sites.is_empty() || file.queues.is_empty() {
        faults.push("sites, queues: at least one of each".to_owned());
    }
    for (at, site) in file.sites.iter().enumerate() {
        if let Some(Err(error)) = site.zone.as_deref().map(str::parse::<Zone>) {
            faults.push(format!("sites “{}”: {error}", site.slug));
        }
        if site.desks.is_empty() || site.desks.contains(&0) {
            faults.push(format!("sites “{}”: desks: numbers from 1, at least one", site.slug));
        }
        if file.sites[..at].iter().any(|other| other.slug == site.slug) {
            faults.push(format!("sites: “{}” stands twice", site.slug));
        }
    }
    for (at, queue) in file.queues.iter().enumerate() {
        if let Err(error) = rules::check(&queue.rules, zone) {
            faults.push(format!("queues “{}”: rules: {error}", queue.slug));
        }
        let twice = |other: &QueueFile| other.slug == queue.slug || other.procedure == queue.procedure;
        if file.queues[..at].iter().any(twice) {
            faults.push(format!("queues: “{}” or its procedure stands twice", queue.slug));
        }
    }
    faults
}

fn command(file: PrefectureFile) -> NewPrefecture {
    let zone = file.zone.clone();
    NewPrefecture {
        id: fresh(),
        slug: file.slug,
        name: file.name,
        zone: file.zone,
        help: file.help,
        sites: file
            .sites
            .into_iter()
            .map(|site| NewSite {
                id: fresh(),
                slug: site.slug,
                name: site.name,
                address: site.address,
                zone: site.zone.unwrap_or_else(|| zone.clone()),
                territory: site.territory,
                desks: site.desks.into_iter().map(|number| (fresh(), number.into())).collect(),
            })
            .collect(),
        queues: file
            .queues
            .into_iter()
            .map(|queue| NewQueue {
                id: fresh(),
                procedure_id: fresh(),
                procedure_slug: queue.procedure,
                procedure_name: queue.procedure_name,
                slug: queue.slug,
                name: queue.name,
                rules: queue.rules,
            })
            .collect(),
    }
}

/// Rows written per transaction.
const REGISTER_BATCH: usize = 20_000;

/// What an import did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RegisterCount {
    pub rows: usize,
    pub new: u64,
}

/// Imports the register of numéros étrangers: a CSV with the columns `number` and `birth_date`. Only
/// fingerprints are kept.
///
/// # Errors
/// [`ImportError::Faults`] names every faulty line (the first hundred); nothing is imported then.
pub async fn register_of_numbers(
    app: &App,
    input: impl Read,
    mut progress: impl FnMut(usize),
) -> Result<RegisterCount, ImportError> {
    let today = app.business.now().date_naive();
    let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(input);
    let header = reader.headers().map_err(|error| ImportError::File(error.to_string()))?.clone();
    if header.iter().collect::<Vec<_>>() != ["number", "birth_date"] {
        return Err(ImportError::File("line 1: the columns must be number,birth_date".to_owned()));
    }
    // A number that stands twice is known by its last line.
    let (mut prints, mut rows, mut faults) = (HashMap::new(), 0, Vec::new());
    for row in reader.records() {
        let row = row.map_err(|error| ImportError::File(error.to_string()))?;
        let line = row.position().map_or(0, csv::Position::line);
        match register_row(&row, today) {
            Ok((number, birth_date)) => {
                rows += 1;
                prints.insert(
                    app.vault.fingerprint(Field::ForeignerNumber, number.as_str()).0.to_vec(),
                    number_birth_print(app, number.as_str(), &birth_date.canonical()),
                );
            }
            Err(fault) => faults.push(format!("line {line}: {fault}")),
        }
        if faults.len() >= 100 {
            break;
        }
    }
    if !faults.is_empty() {
        return Err(ImportError::Faults(faults));
    }
    let prints: Vec<_> = prints.into_iter().collect();
    let mut new = 0;
    for (batch, chunk) in prints.chunks(REGISTER_BATCH).enumerate() {
        new += app.store.import_register(chunk.to_vec(), app.business.now()).await?;
        progress(batch * REGISTER_BATCH + chunk.len());
    }
    Ok(RegisterCount { rows, new })
}

fn register_row(row: &csv::StringRecord, today: NaiveDate) -> Result<(ForeignerNumber, BirthDate), String> {
    let [number, birth_date] = [0, 1].map(|at| row.get(at).unwrap_or_default());
    Ok((
        number.parse::<ForeignerNumber>().map_err(|error| error.to_string())?,
        BirthDate::parse(birth_date, today).map_err(|error| error.to_string())?,
    ))
}
