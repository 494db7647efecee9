//! A table in a text file, as spreadsheets write it: separated by semicolons, commas or tabs, with any
//! line end, with or without a byte-order mark or a first line `sep=;`. Rows come one by one, so no
//! file is held whole, and no line without an end fills the memory.

use std::borrow::Cow;
use std::io::{BufRead, BufReader, Read};

use super::fold::fold;

/// The longest line, in bytes.
pub const LINE_MAX_BYTES: usize = 16 * 1024;
const SEPARATORS: [char; 3] = [';', ',', '\t'];

/// Why a table or one of its lines cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TableFault {
    #[error("the file cannot be read: {0}")]
    Io(String),
    #[error("the file is larger than {0} bytes; split it")]
    TooLarge(u64),
    #[error("the line is longer than {LINE_MAX_BYTES} bytes; is this a CSV file?")]
    LineTooLong,
    #[error("the file is empty")]
    Empty,
    #[error("not in UTF-8; save the file as “CSV UTF-8”")]
    NotUtf8,
    #[error("a quotation mark is not closed")]
    Quote,
    #[error("{found} fields instead of {expected}")]
    FieldCount { expected: usize, found: usize },
}

/// One row: its line as editors number them, and one field for each title.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub line: u32,
    pub fields: Vec<String>,
}

/// A table, read row by row; blank rows are passed over.
///
/// ```
/// use passage::domain::table::Table;
///
/// let file = "\u{FEFF}sep=;\r\nNuméro;Date;\r\n;;\r\n12;05/01/1990;\r\n";
/// let mut table = Table::open(file.as_bytes(), 1_000).unwrap();
/// assert_eq!(table.titles(), ["Numéro", "Date"]);
/// let row = table.next().unwrap().unwrap();
/// assert_eq!((row.line, row.fields), (4, vec!["12".to_owned(), "05/01/1990".to_owned()]));
/// assert!(table.next().is_none());
/// ```
pub struct Table<R> {
    lines: Lines<R>,
    separator: char,
    titles: Vec<String>,
    /// Which columns have a title; the others must be empty.
    titled: Vec<bool>,
    header_line: u32,
}

/// How a title is compared: without case, accents, spaces and signs.
pub fn title_key(title: &str) -> String {
    fold(title).collect()
}

impl<R: Read> Table<R> {
    /// Reads the line of titles.
    ///
    /// # Errors
    /// The line at fault, and why.
    pub fn open(input: R, bytes_max: u64) -> Result<Self, (u32, TableFault)> {
        let mut lines = Lines::new(input, bytes_max);
        let mut told = None;
        loop {
            let (line, text) = match lines.next_line() {
                None => return Err((1, TableFault::Empty)),
                Some((line, result)) => (line, result.map_err(|fault| (line, fault))?),
            };
            let text = text.trim_start_matches('\u{FEFF}');
            if is_blank(text) {
                continue;
            }
            if told.is_none()
                && let Some(separator) = separator_line(text)
            {
                told = Some(separator);
                continue;
            }
            let separator = told.unwrap_or_else(|| likely_separator(text));
            let titles = split(text, separator).map_err(|fault| (line, fault))?;
            let mut titles: Vec<String> = titles.iter().map(|title| title.trim().to_owned()).collect();
            let kept = titles.iter().map(|title| !title.is_empty()).collect();
            titles.retain(|title| !title.is_empty());
            return Ok(Self { lines, separator, titles, titled: kept, header_line: line });
        }
    }

    /// The titles of the columns; columns without one are left out.
    pub fn titles(&self) -> &[String] {
        &self.titles
    }

    /// The line on which the titles stand.
    pub const fn header_line(&self) -> u32 {
        self.header_line
    }

    fn row(&self, line: u32, text: &str) -> Result<Row, TableFault> {
        let mut fields: Vec<String> =
            split(text, self.separator)?.iter().map(|field| field.trim().to_owned()).collect();
        let (expected, found) = (self.titles.len(), fields.len());
        let is_titled = |at: usize| self.titled.get(at).copied().unwrap_or(false);
        let strays = fields.iter().enumerate().any(|(at, field)| !is_titled(at) && !field.is_empty());
        let mut at = 0..;
        fields.retain(|_| at.next().is_some_and(is_titled));
        if strays || fields.len() != expected {
            return Err(TableFault::FieldCount { expected, found });
        }
        Ok(Row { line, fields })
    }
}

impl<R: Read> Iterator for Table<R> {
    type Item = Result<Row, (u32, TableFault)>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let (line, result) = self.lines.next_line()?;
            match result {
                Ok(text) if is_blank(&text) => {}
                Ok(text) => return Some(self.row(line, &text).map_err(|fault| (line, fault))),
                Err(fault) => return Some(Err((line, fault))),
            }
        }
    }
}

/// `sep=;`, which Excel writes and reads.
fn separator_line(text: &str) -> Option<char> {
    // Not every space: a tab may be the separator that is told.
    let text = text.trim_matches([' ', '"']);
    // A spreadsheet pads every line to the same number of columns.
    let text = text.get(..5).filter(|_| is_blank(text.get(5..).unwrap_or_default())).unwrap_or(text);
    let mark = text.get(..4).filter(|mark| mark.eq_ignore_ascii_case("sep="))?;
    let mut rest = text[mark.len()..].chars();
    rest.next().filter(|separator| SEPARATORS.contains(separator) && rest.next().is_none())
}

/// The separator that stands most often among the titles.
fn likely_separator(titles: &str) -> char {
    let count = |separator: char| titles.matches(separator).count();
    // Of equals, the first: max_by_key would take the last.
    SEPARATORS.into_iter().rev().max_by_key(|separator| count(*separator)).unwrap_or(';')
}

fn is_blank(text: &str) -> bool {
    text.chars().all(|letter| letter.is_whitespace() || SEPARATORS.contains(&letter) || letter == '"')
}

/// Splits one line; quoted fields may hold the separator. A quotation mark never runs on into the
/// next line, so that one slip cannot swallow the file and the line numbers stay right.
fn split(line: &str, separator: char) -> Result<Vec<Cow<'_, str>>, TableFault> {
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
    if inside { Err(TableFault::Quote) } else { Ok(fields) }
}

/// Lines that end with LF, CRLF or CR.
struct Lines<R> {
    input: BufReader<R>,
    line: u32,
    bytes_max: u64,
    bytes: u64,
    /// The last line ended with CR: an LF that follows belongs to it.
    after_return: bool,
    ended: bool,
}

impl<R: Read> Lines<R> {
    fn new(input: R, bytes_max: u64) -> Self {
        let input = BufReader::with_capacity(64 * 1024, input);
        Self { input, line: 0, bytes_max, bytes: 0, after_return: false, ended: false }
    }

    fn next_line(&mut self) -> Option<(u32, Result<String, TableFault>)> {
        if self.ended {
            return None;
        }
        let read = self.read();
        // What breaks the reading off is the last thing said.
        self.ended = matches!(read, Ok(None) | Err(_));
        let line = match read {
            Ok(None) => return None,
            Ok(Some(bytes)) => String::from_utf8(bytes).map_err(|_| TableFault::NotUtf8),
            Err(fault) => Err(fault),
        };
        self.line = self.line.saturating_add(1);
        Some((self.line, line))
    }

    fn read(&mut self) -> Result<Option<Vec<u8>>, TableFault> {
        let (mut bytes, mut any) = (Vec::new(), false);
        loop {
            let buffer = match self.input.fill_buf() {
                Ok(buffer) => buffer,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(TableFault::Io(error.to_string())),
            };
            let Some(first) = buffer.first() else {
                return Ok(any.then_some(bytes));
            };
            if std::mem::take(&mut self.after_return) && *first == b'\n' {
                self.input.consume(1);
                continue;
            }
            any = true;
            let end = buffer.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
            bytes.extend_from_slice(&buffer[..end.unwrap_or(buffer.len())]);
            self.after_return = end.is_some_and(|end| buffer[end] == b'\r');
            let used = end.map_or(buffer.len(), |end| end + 1);
            self.input.consume(used);
            self.bytes += used as u64;
            if self.bytes > self.bytes_max {
                return Err(TableFault::TooLarge(self.bytes_max));
            }
            if bytes.len() > LINE_MAX_BYTES {
                return Err(TableFault::LineTooLong);
            }
            if end.is_some() {
                return Ok(Some(bytes));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Whole = (Vec<String>, Vec<(u32, Vec<String>)>);

    fn read(file: &[u8]) -> Result<Whole, (u32, TableFault)> {
        let table = Table::open(file, 1 << 20)?;
        let titles = table.titles().to_vec();
        let rows = table.map(|row| row.map(|row| (row.line, row.fields))).collect::<Result<_, _>>()?;
        Ok((titles, rows))
    }

    fn fault(file: &[u8]) -> (u32, TableFault) {
        read(file).unwrap_err()
    }

    #[test]
    fn the_same_table_written_in_many_ways_is_the_same() {
        let plain = read(b"a;b\n1;2\n3;4\n").unwrap().1;
        for file in [
            "a,b\r\n1,2\r\n3,4",
            "a\tb\r1\t2\r3\t4\r",
            "\u{FEFF}a;b;;\n1;2;;\n3;4\n",
            "\"a\";\"b\"\n\"1\";\"2\"\n 3 ; 4 \n;;;\n",
            "A;B;;\n1;2\n3;4;\n",
            ";A;;B\n;1;;2\n;3;;4\n",
        ] {
            assert_eq!(read(file.as_bytes()).unwrap().1, plain, "{file:?}");
        }
        for told in [
            "sep=;\na;b\n1;2\n",
            "SEP=,\r\na,b\r\n1,2\r\n",
            "\u{FEFF}sep=\t\na\tb\n1\t2\n",
            "\"sep=;\"\na;b\n1;2",
            "sep=;;;;;\na;b;;;\n1;2;;;\n",
        ] {
            let (titles, rows) = read(told.as_bytes()).unwrap();
            assert_eq!((titles.len(), rows), (2, vec![(3, vec!["1".into(), "2".into()])]), "{told:?}");
        }
    }

    #[test]
    fn a_quoted_field_holds_the_separator_and_a_told_separator_wins() {
        assert_eq!(read(b"a;b\n\"1;1\";\"2\"\"\"\n").unwrap().1, [(2, vec!["1;1".into(), "2\"".into()])]);
        assert_eq!(read(b"sep=,\na;x,b\n1;1,2\n").unwrap().0, ["a;x", "b"]);
    }

    #[test]
    fn blank_rows_keep_the_numbers_of_the_lines() {
        assert_eq!(read(b"\n\na;b\n\n;;;;\n1;2\n\n").unwrap().1, [(6, vec!["1".into(), "2".into()])]);
        assert_eq!(
            read(b"a;b\r\n\r\n1;2\r\r3;4").unwrap().1.iter().map(|row| row.0).collect::<Vec<_>>(),
            [3, 5]
        );
    }

    #[test]
    fn what_cannot_be_read_names_its_line() {
        assert_eq!(fault(b""), (1, TableFault::Empty));
        assert_eq!(fault(b";;\n\n"), (1, TableFault::Empty));
        assert_eq!(fault(b"a;b\n1;2;3\n"), (2, TableFault::FieldCount { expected: 2, found: 3 }));
        assert_eq!(fault(b"a;;b\n1;x\n"), (2, TableFault::FieldCount { expected: 2, found: 2 }));
        assert_eq!(fault(b"a;;b\n1;x;2\n"), (2, TableFault::FieldCount { expected: 2, found: 3 }));
        assert_eq!(fault(b"a;b\n1\n"), (2, TableFault::FieldCount { expected: 2, found: 1 }));
        assert_eq!(fault(b"a;b\n1;\"2\n3;4\n"), (2, TableFault::Quote));
        assert_eq!(fault(b"a;b\n\xE9;2\n"), (2, TableFault::NotUtf8));
    }

    #[test]
    fn an_endless_input_ends() {
        let endless = |byte| Table::open(std::io::repeat(byte), 1 << 20).err();
        assert_eq!(endless(0), Some((1, TableFault::LineTooLong)));
        assert_eq!(endless(b'\n'), Some((1_048_577, TableFault::TooLarge(1 << 20))));
        let rows = Table::open((&b"a;b\n"[..]).chain(std::io::repeat(b'x')), 1 << 20).unwrap();
        assert_eq!(rows.collect::<Vec<_>>(), [Err((2, TableFault::LineTooLong))]);
    }
}
