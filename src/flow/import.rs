//! First versions and registers, from files: a prefecture (TOML), the register of numéros étrangers (CSV).

use std::collections::HashMap;
use std::io::Read;

use chrono::NaiveDate;
use serde::Deserialize;

use super::people::number_fingerprint;
use super::register::number_birth_fingerprint;
use super::{App, FlowError, fresh, rules};
use crate::domain::foreigner_number::ForeignerNumber;
use crate::domain::holidays::Territory;
use crate::domain::ids::PrefectureId;
use crate::domain::local_time::Zone;
use crate::domain::names::BirthDate;
use crate::domain::rules::Rules;
use crate::domain::table::{Table, title_key};
use crate::domain::text::{clean, clean_line};
use crate::store::commands::{NewPrefecture, NewQueue, NewSite};

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
    let file: PrefectureFile = toml::from_str(text).map_err(|error| {
        // Not its picture of the line, which may be as long as the file.
        let line = error.span().map_or(1, |span| 1 + text[..span.start].matches('\n').count());
        ImportError::File(format!("line {line}: {}", error.message()))
    })?;
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
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        let is_slug = slug.len() <= SLUG_CHARS_MAX
            && slug.split('-').all(|part| !part.is_empty() && part.chars().all(plain));
        if !is_slug {
            let shown: String = slug.chars().take(SLUG_CHARS_MAX).collect();
            faults.push(format!(
                "{at}: “{shown}” must be words of lower-case letters and digits, with single dashes between them, \
                 at most {SLUG_CHARS_MAX} characters"
            ));
        }
    };
    slug("slug", &file.slug);
    file.sites.iter().for_each(|site| slug("sites.slug", &site.slug));
    for queue in &file.queues {
        slug("queues.slug", &queue.slug);
        slug("queues.procedure", &queue.procedure);
    }
    faults.extend(texts(file).filter_map(|(at, text, max)| text_fault(at, text, max)));
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
        if let Some(desk) = site.desks.iter().enumerate().find(|(at, desk)| site.desks[..*at].contains(desk))
        {
            faults.push(format!("sites “{}”: desks: {} stands twice", site.slug, desk.1));
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

const SLUG_CHARS_MAX: usize = 60;
/// A name fits on a line of a letter, and in an SMS beside a date.
const NAME_CHARS_MAX: usize = 120;
const ADDRESS_CHARS_MAX: usize = 300;
const HELP_CHARS_MAX: usize = 1_000;

/// The texts that pages and letters print, each with its name in the file and the most characters it may have.
fn texts(file: &PrefectureFile) -> impl Iterator<Item = (&'static str, &str, usize)> {
    let sites = file.sites.iter().flat_map(|site| {
        [("sites.name", &*site.name, NAME_CHARS_MAX), ("sites.address", &*site.address, ADDRESS_CHARS_MAX)]
    });
    let queues = file.queues.iter().flat_map(|queue| {
        [
            ("queues.name", &*queue.name, NAME_CHARS_MAX),
            ("queues.procedure_name", &*queue.procedure_name, NAME_CHARS_MAX),
        ]
    });
    let own = [("name", &*file.name, NAME_CHARS_MAX), ("help", &*file.help, HELP_CHARS_MAX)];
    own.into_iter().chain(sites).chain(queues)
}

fn text_fault(at: &str, text: &str, chars_max: usize) -> Option<String> {
    match clean(text) {
        Err(unreadable) => Some(format!("{at}: {unreadable}")),
        Ok(kept) if kept.is_empty() => Some(format!("{at}: it is empty; people read it")),
        Ok(kept) if kept.chars().count() > chars_max => {
            Some(format!("{at}: it is longer than {chars_max} characters"))
        }
        Ok(_) => None,
    }
}

fn command(file: PrefectureFile) -> NewPrefecture {
    let zone = file.zone.clone();
    // What is faulty was refused.
    let line = |text: String| clean_line(&text).unwrap_or(text);
    NewPrefecture {
        id: fresh(),
        slug: file.slug,
        name: line(file.name),
        zone: file.zone,
        help: clean(&file.help).unwrap_or(file.help),
        sites: file
            .sites
            .into_iter()
            .map(|site| NewSite {
                id: fresh(),
                slug: site.slug,
                name: line(site.name),
                address: line(site.address),
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
                procedure_name: line(queue.procedure_name),
                slug: queue.slug,
                name: line(queue.name),
                rules: queue.rules,
            })
            .collect(),
    }
}

/// Rows written per transaction.
const REGISTER_BATCH: usize = 20_000;

/// The largest register, in bytes: several times the foreigners of France.
const REGISTER_MAX_BYTES: u64 = 1 << 30;
/// Faulty lines that are named; the others are counted.
const FAULTS_NAMED: usize = 100;

/// What an import did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RegisterCount {
    pub rows: usize,
    pub new: u64,
    /// Numbers that were known with another birth date.
    pub changed: u64,
    /// Numbers of nine digits: old ones, or ones of which a spreadsheet cut the leading 0.
    pub nine_digits: usize,
}

/// Imports the register of numéros étrangers: a table with the columns `number` and `birth_date`, as
/// [`Table`] reads it. Only fingerprints are kept.
///
/// # Errors
/// [`ImportError::Faults`] names the faulty lines (the first hundred) and counts them all; nothing is
/// imported then.
pub async fn register_of_numbers(
    app: &App,
    input: impl Read,
    mut progress: impl FnMut(usize),
) -> Result<RegisterCount, ImportError> {
    let (fingerprints, mut count) = read_register(app, input)?;
    let fingerprints: Vec<_> = fingerprints.into_iter().map(|(number, (bound, _))| (number, bound)).collect();
    for (batch, chunk) in fingerprints.chunks(REGISTER_BATCH).enumerate() {
        let done = app.store.import_register(chunk.to_vec(), app.business.now()).await?;
        count.new += done.new;
        count.changed += done.changed;
        progress(batch * REGISTER_BATCH + chunk.len());
    }
    Ok(count)
}

/// The fingerprint of each number, beside the fingerprint that binds it to its birth date and the line it stands on.
type Fingerprints = HashMap<Vec<u8>, (Vec<u8>, u32)>;

fn read_register(app: &App, input: impl Read) -> Result<(Fingerprints, RegisterCount), ImportError> {
    let today = app.business.now().date_naive();
    let table = Table::open(input, REGISTER_MAX_BYTES)
        .map_err(|(line, fault)| ImportError::File(format!("line {line}: {fault}")))?;
    let [number_at, birth_at] = register_columns(table.titles()).ok_or_else(|| {
        let line = table.header_line();
        ImportError::File(format!(
            "line {line}: the columns must be number,birth_date (numéro, date de naissance)"
        ))
    })?;
    let (mut fingerprints, mut count) = (Fingerprints::new(), RegisterCount::default());
    let (mut faults, mut wrong) = (Vec::new(), 0_usize);
    for row in table {
        let line = row.as_ref().map_or_else(|(line, _)| *line, |row| row.line);
        let read = row.map_err(|(_, fault)| fault.to_string());
        let read = read.and_then(|row| register_row(&row.fields[number_at], &row.fields[birth_at], today));
        let placed = read.and_then(|(number, birth_date)| {
            count.rows += 1;
            count.nine_digits += usize::from(number.as_str().len() == 9);
            let bound = number_birth_fingerprint(app, number.as_str(), &birth_date.canonical());
            let (known, first) = fingerprints
                .entry(number_fingerprint(&app.vault, number.as_str()))
                .or_insert_with(|| (bound.clone(), line));
            let other_date = || format!("number: it stands on line {first} with another birth date");
            if *known == bound { Ok(()) } else { Err(other_date()) }
        });
        if let Err(fault) = placed {
            wrong += 1;
            if faults.len() < FAULTS_NAMED {
                faults.push(format!("line {line}: {fault}"));
            }
        }
    }
    if wrong > faults.len() {
        faults.push(format!("{wrong} lines are faulty; the first {FAULTS_NAMED} are named"));
    }
    if faults.is_empty() { Ok((fingerprints, count)) } else { Err(ImportError::Faults(faults)) }
}

/// Where the two columns stand, if these are the two.
fn register_columns(titles: &[String]) -> Option<[usize; 2]> {
    let keys: Vec<String> = titles.iter().map(|title| title_key(title)).collect();
    let at = |names: &[&str]| keys.iter().position(|key| names.contains(&key.as_str()));
    let number =
        at(&["NUMBER", "NUMERO", "NUMEROETRANGER", "NETRANGER", "NOETRANGER", "FOREIGNERNUMBER", "AGDREF"])?;
    let birth = at(&["BIRTHDATE", "DATEDENAISSANCE", "DATENAISSANCE", "NAISSANCE"])?;
    (keys.len() == 2).then_some([number, birth])
}

fn register_row(
    number: &str,
    birth_date: &str,
    today: NaiveDate,
) -> Result<(ForeignerNumber, BirthDate), String> {
    Ok((
        number.parse::<ForeignerNumber>().map_err(|error| error.to_string())?,
        BirthDate::parse(birth_date, today).map_err(|error| error.to_string())?,
    ))
}
