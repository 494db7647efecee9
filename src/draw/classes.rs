//! Classes: the slots of one site, one day and one half-day are equally good for a person who accepts
//! them. So an availability is a set of classes, and a draw is a matching of people to classes.

use chrono::{Datelike, NaiveDate, NaiveTime, Timelike};

use super::fault::Fault;
use super::hash::{Hash, Id, sha256};

/// The most classes that one draw may have.
pub const MAX_CLASSES: usize = 4096;

/// A half-day of a site: noon, local time, begins the afternoon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Half {
    /// Before noon.
    Morning,
    /// From noon on.
    Afternoon,
}

impl Half {
    /// The half-day of a local time.
    ///
    /// ```
    /// use passage::draw::Half;
    /// let noon = chrono::NaiveTime::from_hms_opt(12, 0, 0).unwrap();
    /// assert_eq!(Half::of(noon), Half::Afternoon);
    /// ```
    pub fn of(local: NaiveTime) -> Self {
        if local.hour() < 12 { Self::Morning } else { Self::Afternoon }
    }

    /// 0 for the morning, 1 for the afternoon, as in the bundle.
    pub fn number(self) -> u8 {
        match self {
            Self::Morning => 0,
            Self::Afternoon => 1,
        }
    }

    pub(super) fn from_number(number: u8) -> Option<Self> {
        match number {
            0 => Some(Self::Morning),
            1 => Some(Self::Afternoon),
            _ => None,
        }
    }
}

/// A site on a half-day. The order of the fields is the order of the classes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Class {
    /// Local date of the site, years 1 to 9999.
    pub date: NaiveDate,
    /// Morning or afternoon.
    pub half: Half,
    /// Site id.
    pub site: Id,
}

impl Class {
    /// The date as the integer yyyymmdd.
    pub fn date_number(&self) -> u32 {
        self.date.year_ce().1 * 10_000 + self.date.month() * 100 + self.date.day()
    }

    /// A date from the integer yyyymmdd, if it is a real one.
    pub(super) fn date_from_number(number: u32) -> Option<NaiveDate> {
        let year = i32::try_from(number / 10_000).ok()?;
        if !(1..=9999).contains(&year) {
            return None;
        }
        NaiveDate::from_ymd_opt(year, number / 100 % 100, number % 100)
    }
}

/// The classes of a draw, strictly ascending, numbered from 0.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Classes(Vec<Class>);

impl Classes {
    /// Sorts classes given in any order and removes duplicates.
    ///
    /// Errors when there are more than [`MAX_CLASSES`], or a year is outside 1 to 9999.
    pub fn gather(classes: impl IntoIterator<Item = Class>) -> Result<Self, Fault> {
        let mut all: Vec<Class> = classes.into_iter().collect();
        all.sort_unstable();
        all.dedup();
        Self::in_order(all)
    }

    /// Takes classes that must already be in strictly ascending order.
    pub(super) fn in_order(classes: Vec<Class>) -> Result<Self, Fault> {
        if classes.len() > MAX_CLASSES {
            let rule = format!("there are {}; at most {MAX_CLASSES}", classes.len());
            return Err(Fault::rule("classes", rule));
        }
        for (number, class) in classes.iter().enumerate() {
            if !(1..=9999).contains(&class.date.year()) {
                let rule = "the year of a date is 1 to 9999";
                return Err(Fault::rule(format!("classes[{number}]"), rule));
            }
            if number > 0 && classes[number - 1] >= *class {
                let rule = "classes ascend strictly by date, half-day and site";
                return Err(Fault::rule(format!("classes[{number}]"), rule));
            }
        }
        Ok(Self(classes))
    }

    /// How many classes.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no class.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The classes in order; the position of each is its number.
    pub fn as_slice(&self) -> &[Class] {
        &self.0
    }

    /// The number of a class, if it is one of these.
    pub fn number_of(&self, class: &Class) -> Option<u16> {
        let number = self.0.binary_search(class).ok()?;
        u16::try_from(number).ok()
    }

    /// K as two bytes.
    pub(super) fn count_bytes(&self) -> [u8; 2] {
        let count = u16::try_from(self.0.len()).expect("never more than MAX_CLASSES");
        count.to_be_bytes()
    }

    /// `classes_hash`.
    pub(super) fn hash(&self) -> Hash {
        let mut bytes = Vec::with_capacity(6 + 21 * self.0.len());
        bytes.extend_from_slice(b"PC1\0");
        bytes.extend_from_slice(&self.count_bytes());
        for class in &self.0 {
            bytes.extend_from_slice(&class.site);
            bytes.extend_from_slice(&class.date_number().to_be_bytes());
            bytes.push(class.half.number());
        }
        sha256(&[&bytes])
    }
}

/// The set of classes that an entry accepts, one bit per class.
///
/// ```
/// let mut accepts = passage::draw::Accepts::none(10);
/// accepts.add(9);
/// assert!(accepts.contains(9) && !accepts.contains(8));
/// assert_eq!(accepts.as_bytes(), [0, 2]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Accepts(Box<[u8]>);

impl Accepts {
    /// No class, out of `classes` of them.
    pub fn none(classes: usize) -> Self {
        Self(vec![0; classes.div_ceil(8)].into())
    }

    /// Adds the class of this number; panics when it is beyond the bitmap.
    pub fn add(&mut self, class: u16) {
        self.0[usize::from(class) / 8] |= 1 << (class % 8);
    }

    /// Whether the class of this number is accepted.
    pub fn contains(&self, class: u16) -> bool {
        let byte = self.0.get(usize::from(class) / 8);
        byte.is_some_and(|byte| byte >> (class % 8) & 1 == 1)
    }

    /// Whether the two sets have a class in common.
    pub fn meets(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).any(|(a, b)| a & b != 0)
    }

    /// The bitmap: class k is bit k%8, least significant first, of byte k/8.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    pub(super) fn from_bytes(bytes: Box<[u8]>) -> Self {
        Self(bytes)
    }

    /// Why this is not a bitmap over `classes` classes, if it is not.
    pub(super) fn fault(&self, classes: usize) -> Option<String> {
        let wanted = classes.div_ceil(8);
        if self.0.len() != wanted {
            let found = self.0.len();
            return Some(format!("a bitmap of {classes} classes is {wanted} bytes, not {found}"));
        }
        let spare = match (classes % 8, self.0.last()) {
            (0, _) | (_, None) => 0,
            (used, Some(last)) => last >> used,
        };
        (spare != 0).then(|| format!("there are {classes} classes; a bit past the last one is set"))
    }
}
