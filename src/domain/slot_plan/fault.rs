//! What can be wrong with a file of slots. Each fault names its line and column and has a stable
//! code, so that pages translate it and the command line prints it.

use std::fmt;

use chrono::NaiveDateTime;

use super::csv::FILE_MAX_BYTES;
use super::{MINUTES_MAX, SLOTS_MAX};
use crate::domain::local_time::LocalTimeError;
use crate::domain::table::{LINE_MAX_BYTES, title_key};

/// A column of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    Site,
    Desk,
    Date,
    Time,
    Minutes,
}

impl Column {
    /// In the order of the documented header.
    pub const ALL: [Self; 5] = [Self::Site, Self::Desk, Self::Date, Self::Time, Self::Minutes];

    /// As in the header.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Site => "site",
            Self::Desk => "desk",
            Self::Date => "date",
            Self::Time => "time",
            Self::Minutes => "minutes",
        }
    }

    /// Accepts the documented names and their French equivalents.
    pub(super) fn named(title: &str) -> Option<Self> {
        match title_key(title).as_str() {
            "SITE" => Some(Self::Site),
            "DESK" | "GUICHET" => Some(Self::Desk),
            "DATE" | "JOUR" => Some(Self::Date),
            "TIME" | "HEURE" => Some(Self::Time),
            "MINUTES" | "DUREE" => Some(Self::Minutes),
            _ => None,
        }
    }
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One faulty line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineFault {
    /// As editors and spreadsheets number them: the header is line 1.
    pub line: u32,
    pub column: Option<Column>,
    pub reason: LineReason,
}

/// Why a line is faulty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LineReason {
    /// The file cannot be read.
    Io(String),
    /// More than [`FILE_MAX_BYTES`].
    FileTooLarge,
    /// More than [`LINE_MAX_BYTES`] without a line end.
    LineTooLong,
    /// No slot under the header, or nothing at all.
    EmptyFile,
    /// More than [`SLOTS_MAX`] slots.
    TooManyLines,
    /// The file is not in UTF-8.
    NotUtf8,
    /// A quotation mark is not closed.
    Quote,
    /// The header lacks this column, or names it twice.
    Header(Column),
    /// The header has a column nobody knows.
    UnknownColumn(String),
    FieldCount {
        expected: usize,
        found: usize,
    },
    /// The field is empty.
    Missing,
    UnknownSite(String),
    UnknownDesk(String),
    Date(String),
    Time(String),
    Minutes(String),
    Gap(LocalTimeError),
    Past(NaiveDateTime),
    TooFar(NaiveDateTime),
    /// The same slot stands on this line, or is published already.
    Double(Option<u32>),
    /// The desk is taken by this line's slot, or by one published already.
    Overlap(Option<u32>),
}

impl LineReason {
    /// A stable word for translations.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Io(_) => "io",
            Self::FileTooLarge => "file_too_large",
            Self::LineTooLong => "line_too_long",
            Self::EmptyFile => "empty_file",
            Self::TooManyLines => "too_many_lines",
            Self::NotUtf8 => "not_utf8",
            Self::Quote => "quote",
            Self::Header(_) => "header",
            Self::UnknownColumn(_) => "unknown_column",
            Self::FieldCount { .. } => "field_count",
            Self::Missing => "missing",
            Self::UnknownSite(_) => "unknown_site",
            Self::UnknownDesk(_) => "unknown_desk",
            Self::Date(_) => "date",
            Self::Time(_) => "time",
            Self::Minutes(_) => "minutes",
            Self::Gap(_) => "gap",
            Self::Past(_) => "past",
            Self::TooFar(_) => "too_far",
            Self::Double(Some(_)) => "double",
            Self::Double(None) => "double_published",
            Self::Overlap(Some(_)) => "overlap",
            Self::Overlap(None) => "overlap_published",
        }
    }

    /// What the translated sentence shows: the wrong value, the limit or the other line. Empty if the
    /// code says it all.
    pub fn detail(&self) -> String {
        match self {
            Self::Io(text)
            | Self::UnknownColumn(text)
            | Self::UnknownSite(text)
            | Self::UnknownDesk(text)
            | Self::Date(text)
            | Self::Time(text)
            | Self::Minutes(text) => text.clone(),
            Self::FileTooLarge => FILE_MAX_BYTES.to_string(),
            Self::TooManyLines => SLOTS_MAX.to_string(),
            Self::Header(column) => column.to_string(),
            Self::FieldCount { expected, found } => format!("{found} / {expected}"),
            Self::Gap(LocalTimeError::Gap { resumes_at, .. }) => resumes_at.to_string(),
            Self::Past(local) | Self::TooFar(local) => local.to_string(),
            Self::Double(Some(line)) | Self::Overlap(Some(line)) => line.to_string(),
            _ => String::new(),
        }
    }
}

impl fmt::Display for LineReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => write!(f, "the file cannot be read: {error}"),
            Self::FileTooLarge => write!(f, "the file is larger than {FILE_MAX_BYTES} bytes; split it"),
            Self::LineTooLong => {
                write!(f, "the line is longer than {LINE_MAX_BYTES} bytes; is this a CSV file?")
            }
            Self::EmptyFile => {
                f.write_str("no slot in the file; the first line is site;desk;date;time;minutes")
            }
            Self::TooManyLines => write!(f, "more than {SLOTS_MAX} slots; split the file"),
            Self::NotUtf8 => f.write_str("not in UTF-8; save the file as “CSV UTF-8”"),
            Self::Quote => f.write_str("a quotation mark is not closed"),
            Self::Header(column) => write!(f, "the header must name the column “{column}” once"),
            Self::UnknownColumn(title) => {
                write!(f, "unknown column “{title}”; expected site;desk;date;time;minutes")
            }
            Self::FieldCount { expected, found } => {
                write!(f, "{found} fields instead of {expected}")
            }
            Self::Missing => f.write_str("empty"),
            Self::UnknownSite(slug) => write!(f, "no site “{slug}” in this prefecture"),
            Self::UnknownDesk(desk) => write!(f, "no desk “{desk}” at this site"),
            Self::Date(text) => write!(f, "“{text}” is not a date; write 2027-06-08 or 08/06/2027"),
            Self::Time(text) => write!(f, "“{text}” is not a time; write 09:30"),
            Self::Minutes(text) => write!(f, "“{text}” is not a length from 1 to {MINUTES_MAX} minutes"),
            Self::Gap(gap) => gap.fmt(f),
            Self::Past(local) => write!(f, "{local} lies in the past"),
            Self::TooFar(local) => write!(f, "{local} lies too far ahead; check the year"),
            Self::Double(Some(line)) => write!(f, "the same slot stands on line {line}"),
            Self::Double(None) => f.write_str("this slot is published already"),
            Self::Overlap(Some(line)) => write!(f, "the desk is taken by the slot of line {line}"),
            Self::Overlap(None) => f.write_str("the desk is taken by a slot published already"),
        }
    }
}

impl fmt::Display for LineFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.column {
            Some(column) => write!(f, "line {}, column {column}: {}", self.line, self.reason),
            None => write!(f, "line {}: {}", self.line, self.reason),
        }
    }
}
