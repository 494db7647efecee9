//! Phone numbers in one canonical form (E.164), so that the same phone written in two ways is the
//! same phone. France has one national numbering plan shared by the mainland and most overseas
//! departments (0692… is +262), and three territories with plans of their own.

use std::fmt;
use std::str::FromStr;

use phonenumber::country::Id;
use phonenumber::metadata::DATABASE;
use phonenumber::{PhoneNumber, Type};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::holidays::Territory;

/// Longest input looked at, in bytes; the longest number has 15 digits.
const RAW_MAX_BYTES: usize = 64;
/// Digits of a number of the French national plan, its leading 0 included.
const NATIONAL_DIGITS: usize = 10;

/// Countries whose numbers are dialled as 0XXXXXXXXX everywhere in the French national plan. The
/// overseas ranges come first: the mainland's patterns contain some of them.
const NATIONAL_PLAN: [Id; 9] = [Id::RE, Id::YT, Id::GP, Id::BL, Id::MF, Id::GF, Id::MQ, Id::PM, Id::FR];
/// Service numbers are the same in the whole national plan.
const SERVICES: &str = "08";
/// How the national plan reaches the six-digit numbers of Saint-Pierre-et-Miquelon.
const MIQUELON: &str = "0508";

/// What kind of line a number belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LineKind {
    Mobile,
    Landline,
    /// The country's plan does not tell them apart (United States, Canada).
    MobileOrLandline,
    /// A number over internet, such as 09 in France.
    Internet,
}

/// A number that an agent can call, in E.164 (`+33612345678`).
///
/// `Debug` hides it: logs must not hold phone numbers.
///
/// ```
/// use passage::domain::holidays::Territory;
/// use passage::domain::phone::Phone;
///
/// let local = Phone::parse("0692 12 34 56", Territory::Reunion).unwrap();
/// let abroad = Phone::parse("00 262 692-12-34-56", Territory::Metropole).unwrap();
/// assert_eq!(local, abroad);
/// assert_eq!(local.e164(), "+262692123456");
/// assert!(local.can_receive_sms());
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Phone {
    e164: String,
    kind: LineKind,
}

/// Why a number is refused; [`PhoneError::code`] is the translation key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum PhoneError {
    #[error("phone: empty; type a number, or leave the field out if there is none")]
    Empty,
    #[error("phone: only digits, spaces and a leading + belong in a number")]
    NotANumber,
    #[error("phone: too short; type all the digits, and for a number abroad its country (+…)")]
    TooShort,
    #[error("phone: too long; type one number only")]
    TooLong,
    #[error("phone: unknown country code after the +")]
    UnknownCountry,
    #[error("phone: this number does not exist in the numbering plan; check each digit")]
    NotAssigned,
    #[error("phone: premium-rate numbers are refused; give an ordinary number")]
    Premium,
    #[error("phone: shared-cost numbers are refused; give an ordinary number")]
    SharedCost,
    #[error("phone: this number belongs to a service and not to a person; give an ordinary number")]
    Service,
}

impl PhoneError {
    /// A stable word for translations.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::NotANumber => "not_a_number",
            Self::TooShort => "too_short",
            Self::TooLong => "too_long",
            Self::UnknownCountry => "unknown_country",
            Self::NotAssigned => "not_assigned",
            Self::Premium => "premium",
            Self::SharedCost => "shared_cost",
            Self::Service => "service",
        }
    }
}

/// Mobile numbers that the regulator keeps for works of fiction: demonstrations and tests use them.
const FICTION: &str = "063998";

impl Phone {
    /// Reads a number as people write it. One without country code is read in the plan of `home`,
    /// then in the French national plan; one too long for that plan begins with a country code whose +
    /// was forgotten. Landlines are accepted: an agent can call them.
    ///
    /// # Errors
    /// The reason, with the remedy.
    pub fn parse(raw: &str, home: Territory) -> Result<Self, PhoneError> {
        let typed = Typed::read(raw)?;
        match typed.international() {
            Some(digits) => Self::international(&digits),
            None if typed.digits.len() > NATIONAL_DIGITS && !typed.digits.starts_with('0') => {
                Self::international(&typed.digits).map_err(|_| PhoneError::TooLong)
            }
            None => Self::national(&typed.digits, home),
        }
    }

    /// The canonical form: `+`, country code, number.
    pub fn e164(&self) -> &str {
        &self.e164
    }

    /// What kind of line it is, as far as its numbering plan tells.
    pub const fn kind(&self) -> LineKind {
        self.kind
    }

    /// Whether an SMS may be tried: mobiles, and lines that may be one.
    pub const fn can_receive_sms(&self) -> bool {
        matches!(self.kind, LineKind::Mobile | LineKind::MobileOrLandline)
    }

    fn international(digits: &str) -> Result<Self, PhoneError> {
        match Self::numbered(None, &format!("+{digits}")) {
            // +33 692… is what people write who put the mainland's code before any French number.
            Err(PhoneError::NotAssigned) if digits.starts_with("33") => {
                let rest = digits.trim_start_matches("33").trim_start_matches('0');
                if rest.len() + 1 == NATIONAL_DIGITS {
                    Self::national(&format!("0{rest}"), Territory::Metropole)
                } else {
                    Err(PhoneError::NotAssigned)
                }
            }
            other => other,
        }
    }

    fn national(digits: &str, home: Territory) -> Result<Self, PhoneError> {
        if digits.len() == NATIONAL_DIGITS && digits.starts_with(FICTION) {
            let e164 = format!("+33{}", &digits[1..]);
            return Ok(Self { e164, kind: LineKind::Mobile });
        }
        if let Some(short) = digits.strip_prefix(MIQUELON) {
            return Self::numbered(Some(Id::PM), short);
        }
        let own_plan = own_plan(home);
        let shared = match digits {
            service if service.starts_with(SERVICES) => &[Id::FR][..],
            national if national.starts_with('0') => &NATIONAL_PLAN[..],
            _ => &[],
        };
        let mut refusal = None;
        for country in own_plan.into_iter().chain(shared.iter().copied()) {
            match Self::numbered(Some(country), digits) {
                Ok(phone) => return Ok(phone),
                Err(reason @ (PhoneError::Premium | PhoneError::SharedCost | PhoneError::Service)) => {
                    refusal = refusal.or(Some(reason));
                }
                Err(_) => {}
            }
        }
        Err(refusal.unwrap_or(match digits.len() {
            length if own_plan.is_none() && length < NATIONAL_DIGITS => PhoneError::TooShort,
            length if length > NATIONAL_DIGITS => PhoneError::TooLong,
            length if length < 6 => PhoneError::TooShort,
            _ => PhoneError::NotAssigned,
        }))
    }

    fn numbered(country: Option<Id>, digits: &str) -> Result<Self, PhoneError> {
        let number = phonenumber::parse(country, digits).map_err(|error| match error {
            phonenumber::ParseError::InvalidCountryCode => PhoneError::UnknownCountry,
            phonenumber::ParseError::TooShortAfterIdd | phonenumber::ParseError::TooShortNsn => {
                PhoneError::TooShort
            }
            phonenumber::ParseError::TooLong => PhoneError::TooLong,
            _ => PhoneError::NotANumber,
        })?;
        let kind = match line_type(&number, country) {
            Type::Mobile => LineKind::Mobile,
            Type::FixedLineOrMobile => LineKind::MobileOrLandline,
            Type::FixedLine => LineKind::Landline,
            Type::Voip => LineKind::Internet,
            Type::PremiumRate => return Err(PhoneError::Premium),
            Type::SharedCost => return Err(PhoneError::SharedCost),
            Type::Unknown => return Err(wrong_length(&number)),
            _ => return Err(PhoneError::Service),
        };
        let e164 = number.format().mode(phonenumber::Mode::E164).to_string();
        Ok(Self { e164, kind })
    }
}

/// Digits as typed, and whether they began with a plus sign.
struct Typed {
    plus: bool,
    digits: String,
}

impl Typed {
    fn read(raw: &str) -> Result<Self, PhoneError> {
        if raw.len() > RAW_MAX_BYTES {
            return Err(PhoneError::TooLong);
        }
        // “+33 (0)6”: the 0 in brackets is not dialled from abroad.
        let raw = raw.replace("(0)", "");
        let mut typed = Self { plus: false, digits: String::new() };
        for letter in raw.chars() {
            match (letter, decimal_digit(letter)) {
                (_, Some(digit)) => typed.digits.push(digit),
                ('+' | '＋', _) if typed.digits.is_empty() && !typed.plus => typed.plus = true,
                (mark, _) if is_separator(mark) => {}
                _ => return Err(PhoneError::NotANumber),
            }
        }
        if typed.digits.is_empty() { Err(PhoneError::Empty) } else { Ok(typed) }
    }

    fn international(&self) -> Option<String> {
        if self.plus {
            Some(self.digits.trim_start_matches('0').to_owned())
        } else {
            self.digits.strip_prefix("00").map(|rest| rest.trim_start_matches('0').to_owned())
        }
    }
}

/// The ASCII form of a decimal digit written in Latin, Arabic, Persian, Devanagari, Bengali, Tamil or
/// full-width figures.
pub fn decimal_digit(letter: char) -> Option<char> {
    const ZEROS: [u32; 7] = [0x30, 0x660, 0x6F0, 0x966, 0x9E6, 0xBE6, 0xFF10];
    let code = u32::from(letter);
    ZEROS
        .into_iter()
        .find(|zero| (*zero..zero + 10).contains(&code))
        .and_then(|zero| char::from_digit(code - zero, 10))
}

/// Marks that people put between digits, and the invisible ones that come with copied text.
pub fn is_separator(mark: char) -> bool {
    mark.is_whitespace()
        || matches!(mark, '.' | '-' | '/' | '(' | ')' | '_' | '\u{2010}'..='\u{2015}')
        || matches!(mark, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

/// The plan in which a short local number is read first. The mainland needs none: its numbers are
/// the last of the national plan.
const fn own_plan(home: Territory) -> Option<Id> {
    match home {
        Territory::SaintPierreEtMiquelon => Some(Id::PM),
        Territory::NouvelleCaledonie => Some(Id::NC),
        Territory::WallisEtFutuna => Some(Id::WF),
        Territory::PolynesieFrancaise => Some(Id::PF),
        _ => None,
    }
}

/// The type of line. The library's own look-up drops leading zeros, which are part of the number in
/// Italy, Gabon or Côte d'Ivoire; and one calling code can stand for several countries.
fn line_type(number: &PhoneNumber, country: Option<Id>) -> Type {
    let national = number.national().to_string();
    let known = |id: &str| DATABASE.by_id(id).map_or(Type::Unknown, |plan| type_in(plan, &national));
    if let Some(country) = country {
        return known(country.as_ref());
    }
    let regions = DATABASE.region(&number.code().value()).unwrap_or_default();
    regions.into_iter().map(known).find(|kind| *kind != Type::Unknown).unwrap_or(Type::Unknown)
}

fn type_in(plan: &phonenumber::Metadata, national: &str) -> Type {
    let all = plan.descriptors();
    // The library accepts a longer number that begins like a valid one. Refusing those everywhere
    // would refuse people (its patterns list short forms first); in the French plans it is safe.
    let french = plan.id().parse().is_ok_and(|id: Id| NATIONAL_PLAN.contains(&id));
    let is = |kind: Type| {
        all.get(kind).is_some_and(|numbers| {
            let whole = |end: usize| !french || end == national.len();
            numbers.is_match(national)
                && numbers.national_number().find(national).is_some_and(|found| whole(found.end()))
        })
    };
    if !all.general().is_match(national) {
        return Type::Unknown;
    }
    let special = [
        Type::PremiumRate,
        Type::TollFree,
        Type::SharedCost,
        Type::Voip,
        Type::PersonalNumber,
        Type::Pager,
        Type::Uan,
        Type::Voicemail,
    ];
    if let Some(kind) = special.into_iter().find(|kind| is(*kind)) {
        return kind;
    }
    match (is(Type::FixedLine), is(Type::Mobile)) {
        (true, true) => Type::FixedLineOrMobile,
        (true, false) => Type::FixedLine,
        (false, true) => Type::Mobile,
        (false, false) => Type::Unknown,
    }
}

/// Tells a number of the wrong length from one that nobody has.
fn wrong_length(number: &PhoneNumber) -> PhoneError {
    let Some(regions) = DATABASE.region(&number.code().value()) else {
        return PhoneError::UnknownCountry;
    };
    let lengths: Vec<usize> = regions
        .into_iter()
        .filter_map(|id| DATABASE.by_id(id))
        .flat_map(|plan| [Type::Mobile, Type::FixedLine].map(|kind| plan.descriptors().get(kind)))
        .flatten()
        .flat_map(phonenumber::metadata::Descriptor::possible_length)
        .map(|length| usize::from(*length))
        .collect();
    let length = number.national().to_string().len();
    match (lengths.iter().min(), lengths.iter().max()) {
        (Some(shortest), _) if length < *shortest => PhoneError::TooShort,
        (_, Some(longest)) if length > *longest => PhoneError::TooLong,
        _ => PhoneError::NotAssigned,
    }
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Phone(…)")
    }
}

impl TryFrom<String> for Phone {
    type Error = PhoneError;

    fn try_from(e164: String) -> Result<Self, PhoneError> {
        Self::parse(&e164, Territory::Metropole)
    }
}

impl From<Phone> for String {
    fn from(phone: Phone) -> Self {
        phone.e164
    }
}

/// Where SMS may go, as prefixes of E.164 numbers. A list and not “everywhere”: fraudsters have codes
/// sent to far-away numbers and share what the messages cost.
///
/// ```
/// use passage::domain::{holidays::Territory, phone::{Phone, SmsPrefixes}};
///
/// let spain = Phone::parse("+34 612 34 56 78", Territory::Metropole).unwrap();
/// assert!(!SmsPrefixes::french().allow(&spain));
/// let more = SmsPrefixes::french_and(["+34"]).unwrap();
/// assert!(more.allow(&spain));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<String>", into = "Vec<String>")]
pub struct SmsPrefixes(Vec<String>);

/// A prefix that is not a plus sign and one to seven digits.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("sms prefix: “{0}” is not a plus sign followed by one to seven digits, such as +34")]
pub struct BadPrefix(pub String);

impl SmsPrefixes {
    /// The codes of France and its territories.
    pub const FRENCH: [&'static str; 9] =
        ["+33", "+262", "+590", "+594", "+596", "+508", "+687", "+681", "+689"];

    /// French numbers only.
    pub fn french() -> Self {
        Self(Self::FRENCH.map(str::to_owned).to_vec())
    }

    /// French numbers, and these.
    ///
    /// # Errors
    /// The first prefix that is not one.
    pub fn french_and<S: AsRef<str>>(more: impl IntoIterator<Item = S>) -> Result<Self, BadPrefix> {
        let mut all = Self::french();
        for prefix in more {
            let prefix: Prefix = prefix.as_ref().parse()?;
            if !all.0.contains(&prefix.0) {
                all.0.push(prefix.0);
            }
        }
        Ok(all)
    }

    /// Whether an SMS may go to this number.
    pub fn allow(&self, phone: &Phone) -> bool {
        self.0.iter().any(|prefix| phone.e164.starts_with(prefix))
    }
}

struct Prefix(String);

impl FromStr for Prefix {
    type Err = BadPrefix;

    fn from_str(text: &str) -> Result<Self, BadPrefix> {
        let digits = text.trim().strip_prefix('+').unwrap_or_default();
        if (1..=7).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()) {
            Ok(Self(format!("+{digits}")))
        } else {
            Err(BadPrefix(text.to_owned()))
        }
    }
}

impl Default for SmsPrefixes {
    fn default() -> Self {
        Self::french()
    }
}

/// Exactly these prefixes, French or not.
impl TryFrom<Vec<String>> for SmsPrefixes {
    type Error = BadPrefix;

    fn try_from(list: Vec<String>) -> Result<Self, BadPrefix> {
        list.iter()
            .map(|text| text.parse().map(|prefix: Prefix| prefix.0))
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

impl From<SmsPrefixes> for Vec<String> {
    fn from(prefixes: SmsPrefixes) -> Self {
        prefixes.0
    }
}

#[cfg(test)]
#[path = "phone_tests.rs"]
mod tests;
