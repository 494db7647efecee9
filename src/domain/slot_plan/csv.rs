//! Slots from a CSV file, as spreadsheets write them: `site;desk;date;time;minutes`. All or nothing:
//! a file with one fault publishes no slot, and names every faulty line, so that it is mended once.

use std::collections::BTreeMap;
use std::io::Read;

pub use super::fault::{Column, LineFault, LineReason};
use super::{Clash, DeskCalendar, MINUTES_MAX, PlanBounds, PlannedSlot, SLOTS_MAX, SiteDesks, read_time};
use crate::domain::day;
use crate::domain::table::{Row, Table, TableFault};

/// The largest file, in bytes.
pub const FILE_MAX_BYTES: u64 = 4 * 1024 * 1024;
/// Progress is told every so many lines.
const PROGRESS_LINES: usize = 500;
/// What is quoted back of a wrong value, in characters.
const QUOTED_CHARS: usize = 40;

/// Reads a file of slots, in any of the ways that [`Table`] reads; columns may stand in any order. Of
/// two lines that clash, the second is the faulty one.
///
/// `sites` gives each slug its desks; `calendar` holds what is published already; `progress` is told
/// how many lines are done, now and then and at the end.
///
/// ```
/// use std::collections::BTreeMap;
/// use passage::domain::slot_plan::csv::read_slots;
/// use passage::domain::slot_plan::{DeskCalendar, PlanBounds, SiteDesks};
/// use passage::domain::local_time::Zone;
///
/// let zone = Zone::PARIS;
/// let site = SiteDesks { zone, territory: zone.into(), desks: [1].into() };
/// let sites = BTreeMap::from([("centre".to_owned(), site)]);
/// let bounds = PlanBounds {
///     earliest: "2027-01-01T00:00:00Z".parse().unwrap(),
///     latest: "2028-12-31T00:00:00Z".parse().unwrap(),
/// };
/// let read = |file: &str| read_slots(file.as_bytes(), &sites, bounds, DeskCalendar::default(), &mut |_| ());
///
/// let file = "site;desk;date;time;minutes\ncentre;1;2027-06-08;09:30;20\n";
/// assert_eq!(read(file).unwrap()[0].start.to_rfc3339(), "2027-06-08T07:30:00+00:00");
///
/// let absent = "site;desk;date;time;minutes\ncentre;1;2027-03-28;02:30;20\n";
/// let faults = read(absent).unwrap_err();
/// assert_eq!((faults[0].line, faults[0].reason.code()), (2, "gap"));
/// ```
///
/// # Errors
/// Every faulty line, in the order of the file.
pub fn read_slots(
    input: impl Read,
    sites: &BTreeMap<String, SiteDesks>,
    bounds: PlanBounds,
    calendar: DeskCalendar,
    progress: &mut dyn FnMut(usize),
) -> Result<Vec<PlannedSlot>, Vec<LineFault>> {
    let table = Table::open(input, FILE_MAX_BYTES).map_err(|fault| vec![line_fault(fault)])?;
    let columns = columns(table.titles())
        .map_err(|reason| vec![LineFault { line: table.header_line(), column: None, reason }])?;

    let mut reader = Reader { columns, sites, bounds, calendar };
    let (mut slots, mut faults, mut done) = (Vec::new(), Vec::new(), 0);
    for row in table {
        let line = row.as_ref().map_or_else(|(line, _)| *line, |row| row.line);
        if done == SLOTS_MAX {
            faults.push(LineFault { line, column: None, reason: LineReason::TooManyLines });
            break;
        }
        match row {
            Ok(row) => match reader.slot(&row) {
                Ok(slot) => slots.push(slot),
                Err((column, reason)) => faults.push(LineFault { line, column, reason }),
            },
            Err(fault) => faults.push(line_fault(fault)),
        }
        done += 1;
        if done % PROGRESS_LINES == 0 {
            progress(done);
        }
    }
    progress(done);
    match (faults.is_empty(), slots.is_empty()) {
        (true, false) => Ok(slots),
        (true, true) => Err(vec![LineFault { line: 1, column: None, reason: LineReason::EmptyFile }]),
        (false, _) => Err(faults),
    }
}

/// The line of each slot of a file that has been read without a fault.
pub fn slot_lines(input: impl Read) -> Vec<u32> {
    let table = Table::open(input, FILE_MAX_BYTES);
    table.map_or_else(|_| Vec::new(), |table| table.filter_map(|row| Some(row.ok()?.line)).collect())
}

fn line_fault((line, fault): (u32, TableFault)) -> LineFault {
    let reason = match fault {
        TableFault::Io(error) => LineReason::Io(error),
        TableFault::TooLarge(_) => LineReason::FileTooLarge,
        TableFault::LineTooLong => LineReason::LineTooLong,
        TableFault::Empty => LineReason::EmptyFile,
        TableFault::NotUtf8 => LineReason::NotUtf8,
        TableFault::Quote => LineReason::Quote,
        TableFault::FieldCount { expected, found } => LineReason::FieldCount { expected, found },
    };
    LineFault { line, column: None, reason }
}

/// Where each column stands.
fn columns(titles: &[String]) -> Result<Vec<Column>, LineReason> {
    let named = |title: &String| Column::named(title).ok_or_else(|| LineReason::UnknownColumn(quoted(title)));
    let columns = titles.iter().map(named).collect::<Result<Vec<_>, _>>()?;
    for wanted in Column::ALL {
        if columns.iter().filter(|column| **column == wanted).count() != 1 {
            return Err(LineReason::Header(wanted));
        }
    }
    Ok(columns)
}

type Fault = (Option<Column>, LineReason);

struct Reader<'sites> {
    columns: Vec<Column>,
    sites: &'sites BTreeMap<String, SiteDesks>,
    bounds: PlanBounds,
    calendar: DeskCalendar,
}

impl Reader<'_> {
    fn slot(&mut self, row: &Row) -> Result<PlannedSlot, Fault> {
        let mut fields = [""; Column::ALL.len()];
        for (column, field) in self.columns.iter().zip(&row.fields) {
            fields[*column as usize] = field;
        }
        let [slug, desk, date, time, minutes] = fields;
        for (column, field) in Column::ALL.into_iter().zip([slug, desk, date, time, minutes]) {
            if field.is_empty() {
                return Err((Some(column), LineReason::Missing));
            }
        }
        let at = |column: Column, reason: fn(String) -> LineReason, text: &str| {
            (Some(column), reason(quoted(text)))
        };
        // Slugs are in lower case; spreadsheets begin words with a capital.
        let slug = &slug.to_lowercase();
        let site = self.sites.get(slug).ok_or_else(|| at(Column::Site, LineReason::UnknownSite, slug))?;
        let desk = plain_number(desk)
            .filter(|number| site.desks.contains(number))
            .ok_or_else(|| at(Column::Desk, LineReason::UnknownDesk, desk))?;
        let today = self.bounds.earliest.date_naive();
        let date = day::read(date, today).map_err(|_| at(Column::Date, LineReason::Date, date))?;
        let time = read_time(time).ok_or_else(|| at(Column::Time, LineReason::Time, time))?;
        let minutes = plain_number(minutes)
            .filter(|minutes| (1..=MINUTES_MAX).contains(minutes))
            .ok_or_else(|| at(Column::Minutes, LineReason::Minutes, minutes))?;

        let start_local = date.and_time(time);
        let start =
            site.zone.to_utc(start_local).map_err(|gap| (Some(Column::Time), LineReason::Gap(gap)))?;
        if start < self.bounds.earliest {
            return Err((Some(Column::Date), LineReason::Past(start_local)));
        }
        if start > self.bounds.latest {
            return Err((Some(Column::Date), LineReason::TooFar(start_local)));
        }
        self.calendar.place(slug, desk, start, minutes, Some(row.line)).map_err(|clash| match clash {
            Clash { line, double: true } => (None, LineReason::Double(line)),
            Clash { line, double: false } => (Some(Column::Time), LineReason::Overlap(line)),
        })?;
        Ok(PlannedSlot { site: slug.clone(), desk, start_local, start, minutes })
    }
}

/// Digits only: no sign, no decimals.
fn plain_number(text: &str) -> Option<u16> {
    text.parse().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()))
}

/// A wrong value as it may be shown: short, and without control characters.
fn quoted(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control()).take(QUOTED_CHARS).collect()
}

#[cfg(test)]
#[path = "csv_tests.rs"]
mod tests;
