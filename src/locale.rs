//! Every sentence that a person reads comes from `locales/`. French is the first language: what
//! another language lacks is said in French.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{LazyLock, PoisonError, RwLock};

use chrono::{DateTime, Datelike, NaiveDate, Timelike, Utc};
use fluent_templates::fluent_bundle::FluentValue;
use fluent_templates::{LanguageIdentifier, Loader, langid, static_loader};

use crate::domain::local_time::Zone;

static_loader! {
    static TEXTS = {
        locales: "./locales",
        fallback_language: "fr",
        // Isolation marks would stand in SMS and in copied references.
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

/// A language of the interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Lang {
    #[default]
    Fr,
    En,
}

impl Lang {
    /// The language of a stored or requested code; French for what we do not speak.
    pub fn of(code: &str) -> Self {
        if code.split(['-', '_']).next() == Some("en") { Self::En } else { Self::Fr }
    }

    pub const fn code(self) -> &'static str {
        match self {
            Self::Fr => "fr",
            Self::En => "en",
        }
    }

    const fn id(self) -> LanguageIdentifier {
        match self {
            Self::Fr => langid!("fr"),
            Self::En => langid!("en"),
        }
    }

    /// The sentence behind a key.
    pub fn text(self, key: &str) -> String {
        self.sentence(key).to_owned()
    }

    /// The same, as the program keeps it: a page says sixty sentences that never change. What has no
    /// sentence stands as its key, and is not kept.
    pub fn sentence(self, key: &str) -> &str {
        static SAID: LazyLock<[RwLock<HashMap<String, &'static str>>; 2]> = LazyLock::new(Default::default);
        let said = &SAID[self as usize];
        if let Some(known) = said.read().unwrap_or_else(PoisonError::into_inner).get(key) {
            return known;
        }
        let Some(text) = TEXTS.try_lookup(&self.id(), key) else { return key };
        let kept: &'static str = Box::leak(text.into_boxed_str());
        said.write().unwrap_or_else(PoisonError::into_inner).insert(key.to_owned(), kept);
        kept
    }

    /// The sentence behind a key, with its values.
    pub fn with<'a>(
        self,
        key: &str,
        values: impl IntoIterator<Item = (&'static str, FluentValue<'a>)>,
    ) -> String {
        let values: HashMap<Cow<'static, str>, FluentValue<'a>> =
            values.into_iter().map(|(name, value)| (Cow::Borrowed(name), value)).collect();
        TEXTS.lookup_with_args(&self.id(), key, &values)
    }

    /// Whether a key exists; tests hold that none is missing.
    pub fn has(self, key: &str) -> bool {
        TEXTS.try_lookup(&self.id(), key).is_some()
    }

    /// A day in full: “mardi 5 janvier 2027”.
    pub fn date(self, date: NaiveDate) -> String {
        let weekday = self.text(&format!("weekday-{}", date.weekday().num_days_from_monday()));
        let month = self.text(&format!("month-{}", date.month()));
        let day = if self == Self::Fr && date.day() == 1 { "1er".to_owned() } else { date.day().to_string() };
        format!("{weekday} {day} {month} {}", date.year())
    }

    /// An instant in full, in local time: “mardi 5 janvier 2027 à 9 h 15”.
    pub fn instant(self, instant: DateTime<Utc>, zone: Zone) -> String {
        let local = zone.local(instant);
        self.with(
            "date-at-time",
            [("date", self.date(local.date()).into()), ("time", self.time(instant, zone).into())],
        )
    }

    /// A time of day in local time: “9 h 15”.
    pub fn time(self, instant: DateTime<Utc>, zone: Zone) -> String {
        let local = zone.local(instant).time();
        match self {
            Self::Fr if local.minute() == 0 => format!("{} h", local.hour()),
            Self::Fr => format!("{} h {:02}", local.hour(), local.minute()),
            Self::En => format!("{}:{:02}", local.hour(), local.minute()),
        }
    }

    /// A short day for an SMS: “05/01/2027”.
    pub fn short_date(self, date: NaiveDate) -> String {
        date.format("%d/%m/%Y").to_string()
    }
}
