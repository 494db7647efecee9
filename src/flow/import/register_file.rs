//! The register of numéros étrangers, from a table: only fingerprints are kept.

use std::collections::HashMap;
use std::io::Read;

use chrono::NaiveDate;

use super::ImportError;
use crate::domain::foreigner_number::ForeignerNumber;
use crate::domain::names::{BirthDate, Names};
use crate::domain::register_of_numbers::kept_sounds;
use crate::domain::table::{Table, title_key};
use crate::flow::App;
use crate::flow::numbers::name_fingerprints;
use crate::flow::people::number_fingerprint;
use crate::flow::register::number_birth_fingerprint;
use crate::store::commands::RegisterRow;

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
    /// Numbers that were known with another birth date or another name.
    pub changed: u64,
    /// Numbers of nine digits: old ones, or ones of which a spreadsheet cut the leading 0.
    pub nine_digits: usize,
}

/// Imports the register of numéros étrangers: a table with the columns `number` and `birth_date`, and if it has them
/// `birth_name` and `given_names`, as [`Table`] reads it. Only fingerprints are kept.
///
/// # Errors
/// [`ImportError::Faults`] names the faulty lines (the first hundred) and counts them all; nothing is
/// imported then.
pub async fn register_of_numbers(
    app: &App,
    input: impl Read,
    mut progress: impl FnMut(usize),
) -> Result<RegisterCount, ImportError> {
    let (rows, mut count) = read_register(app, input)?;
    let rows: Vec<RegisterRow> = rows.into_values().map(|(row, _)| row).collect();
    for (batch, chunk) in rows.chunks(REGISTER_BATCH).enumerate() {
        let done = app.store.import_register(chunk.to_vec(), app.business.now()).await?;
        count.new += done.new;
        count.changed += done.changed;
        progress(batch * REGISTER_BATCH + chunk.len());
    }
    Ok(count)
}

/// Each number by its fingerprint, with the line it stands on.
type Rows = HashMap<Vec<u8>, (RegisterRow, u32)>;

fn read_register(app: &App, input: impl Read) -> Result<(Rows, RegisterCount), ImportError> {
    let today = app.business.now().date_naive();
    let table = Table::open(input, REGISTER_MAX_BYTES)
        .map_err(|(line, fault)| ImportError::File(format!("line {line}: {fault}")))?;
    let columns = Columns::of(table.titles()).ok_or_else(|| {
        let line = table.header_line();
        ImportError::File(format!(
            "line {line}: the columns must be number,birth_date (numéro, date de naissance), and may be \
             birth_name,given_names (nom de naissance, prénoms)"
        ))
    })?;
    let (mut rows, mut count) = (Rows::new(), RegisterCount::default());
    let (mut faults, mut wrong) = (Vec::new(), 0_usize);
    for row in table {
        let line = row.as_ref().map_or_else(|(line, _)| *line, |row| row.line);
        let read = row.map_err(|(_, fault)| fault.to_string());
        let read = read.and_then(|row| columns.read(&row.fields, today));
        let placed = read.and_then(|read| {
            count.rows += 1;
            count.nine_digits += usize::from(read.number.as_str().len() == 9);
            let row = read.fingerprints(app);
            let (known, first) = rows.entry(row.number.clone()).or_insert_with(|| (row.clone(), line));
            let is_same = known.with_birth == row.with_birth && known.names == row.names;
            let other = || format!("number: it stands on line {first} with another birth date or name");
            if is_same { Ok(()) } else { Err(other()) }
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
    if faults.is_empty() { Ok((rows, count)) } else { Err(ImportError::Faults(faults)) }
}

/// Where each column stands.
struct Columns {
    number: usize,
    birth_date: usize,
    birth_name: Option<usize>,
    given_names: Option<usize>,
}

impl Columns {
    /// Nothing, if one is missing or unknown.
    fn of(titles: &[String]) -> Option<Self> {
        let keys: Vec<String> = titles.iter().map(|title| title_key(title)).collect();
        let at = |names: &[&str]| keys.iter().position(|key| names.contains(&key.as_str()));
        let columns = Self {
            number: at(&[
                "NUMBER",
                "NUMERO",
                "NUMEROETRANGER",
                "NETRANGER",
                "NOETRANGER",
                "FOREIGNERNUMBER",
                "AGDREF",
            ])?,
            birth_date: at(&["BIRTHDATE", "DATEDENAISSANCE", "DATENAISSANCE", "NAISSANCE"])?,
            birth_name: at(&["BIRTHNAME", "NOMDENAISSANCE", "NOM"]),
            given_names: at(&["GIVENNAMES", "PRENOMS", "PRENOM"]),
        };
        let known = 2 + [columns.birth_name, columns.given_names].iter().flatten().count();
        (keys.len() == known).then_some(columns)
    }

    fn read(&self, fields: &[String], today: NaiveDate) -> Result<RegisterLine, String> {
        let text = |at: Option<usize>| at.map(|at| fields[at].trim()).unwrap_or_default();
        let names = match (text(self.birth_name), text(self.given_names)) {
            ("", "") => None,
            (birth_name, given_names) => {
                Some(Names::new(birth_name, given_names).map_err(|error| error.to_string())?)
            }
        };
        Ok(RegisterLine {
            number: fields[self.number].parse::<ForeignerNumber>().map_err(|error| error.to_string())?,
            birth_date: BirthDate::parse(&fields[self.birth_date], today)
                .map_err(|error| error.to_string())?,
            names,
        })
    }
}

struct RegisterLine {
    number: ForeignerNumber,
    birth_date: BirthDate,
    names: Option<Names>,
}

impl RegisterLine {
    fn fingerprints(&self, app: &App) -> RegisterRow {
        let number = self.number.as_str();
        RegisterRow {
            number: number_fingerprint(&app.vault, number),
            with_birth: number_birth_fingerprint(app, number, &self.birth_date.canonical()),
            names: self.names.as_ref().map(|names| name_fingerprints(app, number, &kept_sounds(names))),
        }
    }
}
