//! The register of numéros étrangers, from a table: only fingerprints are kept.

use std::collections::HashMap;
use std::io::Read;

use chrono::NaiveDate;

use super::ImportError;
use crate::domain::foreigner_number::ForeignerNumber;
use crate::domain::names::BirthDate;
use crate::domain::table::{Table, title_key};
use crate::flow::App;
use crate::flow::people::number_fingerprint;
use crate::flow::register::number_birth_fingerprint;

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
