//! Slots from a CSV file, as spreadsheets write them: `site;desk;date;time;minutes`. All or nothing:
//! a file with one fault publishes no slot, and names every faulty line, so that it is mended once.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::Read;

use chrono::{NaiveDate, NaiveTime};

pub use super::fault::{Column, LineFault, LineReason};
use super::{Clash, DeskCalendar, MINUTES_MAX, PlanBounds, PlannedSlot, SLOTS_MAX, SiteDesks};

/// The largest file, in bytes.
pub const FILE_MAX_BYTES: u64 = 4 * 1024 * 1024;
/// Progress is told every so many lines.
const PROGRESS_LINES: usize = 500;
/// What is quoted back of a wrong value, in characters.
const QUOTED_CHARS: usize = 40;

/// Reads a file of slots. Separators `;` and `,` (told by the header), a byte-order mark, CRLF and
/// quoted fields are accepted; columns may stand in any order; blank lines are passed over. Of two
/// lines that clash, the second is the faulty one.
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
    let bytes = read_all(input).map_err(|reason| vec![LineFault { line: 1, column: None, reason }])?;
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
    let mut lines =
        (1u32..).zip(bytes.split(|byte| *byte == b'\n')).filter(|(_, line)| !line.trim_ascii().is_empty());
    let whole = |reason| vec![LineFault { line: 1, column: None, reason }];
    let (header_line, header) = lines.next().ok_or_else(|| whole(LineReason::EmptyFile))?;
    let layout =
        Layout::read(header).map_err(|reason| vec![LineFault { line: header_line, column: None, reason }])?;

    let mut reader = Reader { layout, sites, bounds, calendar };
    let (mut slots, mut faults, mut done) = (Vec::new(), Vec::new(), 0);
    for (line, bytes) in lines {
        if done == SLOTS_MAX {
            faults.push(LineFault { line, column: None, reason: LineReason::TooManyLines });
            break;
        }
        match reader.slot(line, bytes) {
            Ok(slot) => slots.push(slot),
            Err((column, reason)) => faults.push(LineFault { line, column, reason }),
        }
        done += 1;
        if done % PROGRESS_LINES == 0 {
            progress(done);
        }
    }
    progress(done);
    match (faults.is_empty(), slots.is_empty()) {
        (true, false) => Ok(slots),
        (true, true) => Err(whole(LineReason::EmptyFile)),
        (false, _) => Err(faults),
    }
}

fn read_all(input: impl Read) -> Result<Vec<u8>, LineReason> {
    let mut bytes = Vec::new();
    input
        .take(FILE_MAX_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| LineReason::Io(error.to_string()))?;
    if bytes.len() as u64 > FILE_MAX_BYTES { Err(LineReason::FileTooLarge) } else { Ok(bytes) }
}

/// Where each column stands.
struct Layout {
    separator: char,
    columns: Vec<Column>,
}

impl Layout {
    fn read(header: &[u8]) -> Result<Self, LineReason> {
        let header = std::str::from_utf8(header).map_err(|_| LineReason::NotUtf8)?;
        let separator = if header.contains(';') { ';' } else { ',' };
        let titles = split(header, separator)?;
        let columns = titles
            .iter()
            .map(|title| {
                Column::named(title.trim()).ok_or_else(|| LineReason::UnknownColumn(quoted(title.trim())))
            })
            .collect::<Result<Vec<_>, _>>()?;
        for wanted in Column::ALL {
            if columns.iter().filter(|column| **column == wanted).count() != 1 {
                return Err(LineReason::Header(wanted));
            }
        }
        Ok(Self { separator, columns })
    }

    fn fields<'line>(&self, line: &'line str) -> Result<[Cow<'line, str>; 5], LineReason> {
        let found = split(line, self.separator)?;
        if found.len() != self.columns.len() {
            return Err(LineReason::FieldCount { expected: self.columns.len(), found: found.len() });
        }
        let mut fields = [const { Cow::Borrowed("") }; 5];
        for (column, field) in self.columns.iter().zip(found) {
            fields[*column as usize] = field;
        }
        Ok(fields)
    }
}

type Fault = (Option<Column>, LineReason);

struct Reader<'sites> {
    layout: Layout,
    sites: &'sites BTreeMap<String, SiteDesks>,
    bounds: PlanBounds,
    calendar: DeskCalendar,
}

impl Reader<'_> {
    fn slot(&mut self, line: u32, bytes: &[u8]) -> Result<PlannedSlot, Fault> {
        let text = std::str::from_utf8(bytes).map_err(|_| (None, LineReason::NotUtf8))?;
        let fields = self.layout.fields(text).map_err(|reason| (None, reason))?;
        let [slug, desk, date, time, minutes] = fields.each_ref().map(|field| field.trim());
        for (column, field) in Column::ALL.into_iter().zip([slug, desk, date, time, minutes]) {
            if field.is_empty() {
                return Err((Some(column), LineReason::Missing));
            }
        }
        let at = |column: Column, reason: fn(String) -> LineReason, text: &str| {
            (Some(column), reason(quoted(text)))
        };
        let site = self.sites.get(slug).ok_or_else(|| at(Column::Site, LineReason::UnknownSite, slug))?;
        let desk = plain_number(desk)
            .filter(|number| site.desks.contains(number))
            .ok_or_else(|| at(Column::Desk, LineReason::UnknownDesk, desk))?;
        let date = read_date(date).ok_or_else(|| at(Column::Date, LineReason::Date, date))?;
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
        self.calendar.place(slug, desk, start, minutes, Some(line)).map_err(|clash| match clash {
            Clash { line, double: true } => (None, LineReason::Double(line)),
            Clash { line, double: false } => (Some(Column::Time), LineReason::Overlap(line)),
        })?;
        Ok(PlannedSlot { site: slug.to_owned(), desk, start_local, start, minutes })
    }
}

/// Splits one line; quoted fields may hold the separator. A quotation mark never runs on into the
/// next line, so that one slip cannot swallow the file and the line numbers stay right.
fn split(line: &str, separator: char) -> Result<Vec<Cow<'_, str>>, LineReason> {
    let line = line.trim_end_matches('\r');
    if !line.contains('"') {
        return Ok(line.split(separator).map(Cow::Borrowed).collect());
    }
    let (mut fields, mut field, mut inside) = (Vec::new(), String::new(), false);
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if inside && letters.peek() == Some(&'"') => field.extend(letters.next()),
            '"' => inside = !inside,
            letter if letter == separator && !inside => {
                fields.push(Cow::Owned(std::mem::take(&mut field)));
            }
            letter => field.push(letter),
        }
    }
    fields.push(Cow::Owned(field));
    if inside { Err(LineReason::Quote) } else { Ok(fields) }
}

/// Digits only: no sign, no decimals.
fn plain_number(text: &str) -> Option<u16> {
    text.parse().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()))
}

fn read_date(text: &str) -> Option<NaiveDate> {
    // Four digits of year: “27” would otherwise be the year 27.
    (text.len() == 10)
        .then(|| {
            ["%Y-%m-%d", "%d/%m/%Y"].into_iter().find_map(|form| NaiveDate::parse_from_str(text, form).ok())
        })
        .flatten()
}

fn read_time(text: &str) -> Option<NaiveTime> {
    ["%H:%M", "%H:%M:%S", "%Hh%M"]
        .into_iter()
        .find_map(|form| NaiveTime::parse_from_str(text, form).ok())
        .filter(|time| chrono::Timelike::second(time) == 0 && chrono::Timelike::nanosecond(time) == 0)
}

/// A wrong value as it may be shown: short, and without control characters.
fn quoted(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control()).take(QUOTED_CHARS).collect()
}

#[cfg(test)]
#[path = "csv_tests.rs"]
mod tests;
