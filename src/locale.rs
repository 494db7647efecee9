//! Every sentence that a person reads comes from `locales/`. The first language of the table is the
//! first of the house: what another language lacks is said in it.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{LazyLock, PoisonError, RwLock};

use chrono::{DateTime, Datelike, NaiveDate, Timelike, Utc};
use fluent_templates::fluent_bundle::FluentValue;
use fluent_templates::fluent_bundle::bundle::FluentBundle;
use fluent_templates::{LanguageIdentifier, Loader, langid, static_loader};
use unic_langid::CharacterDirection;

use crate::domain::country;
use crate::domain::local_time::Zone;

/// Declares the languages: a row each, besides a folder of `locales/` with the same code.
macro_rules! languages {
    ($($(#[$meta:meta])* $lang:ident = $code:literal, $name:literal;)+) => {
        /// A language of the interface.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Lang { $($(#[$meta])* $lang),+ }

        impl Lang {
            /// Every language, in the order in which pages offer them.
            pub const ALL: &'static [Self] = &[$($(#[$meta])* Self::$lang),+];
        }

        /// The rows, in the order of [`Lang::ALL`].
        static LANGS: &[LangInfo] = &[
            $($(#[$meta])* LangInfo { code: $code, name: $name, id: langid!($code) }),+
        ];
    };
}

languages! {
    Fr = "fr", "Français";
    En = "en", "English";
    // A private language in a script that runs from right to left, for the tests of this crate.
    #[cfg(test)]
    Mirrored = "qaa-Arab", "Mirrored";
}

/// What is known of a language besides its sentences.
struct LangInfo {
    code: &'static str,
    /// As its speakers call it.
    name: &'static str,
    id: LanguageIdentifier,
}

static_loader! {
    static TEXTS = {
        locales: "./locales",
        fallback_language: "fr",
        customise: |bundle| {
            isolate(bundle);
            bundle.set_transform(typography(&bundle.locales));
        },
    };
}

/// Values in another script keep their own direction where the sentence runs from right to left, by
/// marks around them. Texts that run from left to right have none. `sms_text::fit` takes them out of SMS.
fn isolate<R, M>(bundle: &mut FluentBundle<R, M>) {
    let mirrored = bundle.locales.iter().any(is_mirrored);
    bundle.set_use_isolating(mirrored);
}

/// How the texts of a language are set, where their source holds what a keyboard types.
fn typography(locales: &[LanguageIdentifier]) -> Option<fn(&str) -> Cow<'_, str>> {
    (locales.first()?.language == "fr").then_some(french_spaces)
}

/// French signs stand after a space at which no line breaks. `sms_text::fit` makes a plain one of it in SMS.
fn french_spaces(text: &str) -> Cow<'_, str> {
    const SIGNS: [(&str, &str); 6] = [
        (" :", "\u{A0}:"),
        (" ;", "\u{A0};"),
        (" ?", "\u{A0}?"),
        (" !", "\u{A0}!"),
        (" »", "\u{A0}»"),
        ("« ", "«\u{A0}"),
    ];
    let mut set = Cow::Borrowed(text);
    for (typed, wanted) in SIGNS {
        if set.contains(typed) {
            set = Cow::Owned(set.replace(typed, wanted));
        }
    }
    set
}

fn is_mirrored(language: &LanguageIdentifier) -> bool {
    language.character_direction() == CharacterDirection::RTL
}

impl Default for Lang {
    fn default() -> Self {
        Self::ALL[0]
    }
}

impl Lang {
    /// The language of a stored or requested code; the first of ours for what we do not speak.
    pub fn of(code: &str) -> Self {
        Self::spoken(code).unwrap_or_default()
    }

    /// The language of a tag such as `en-GB`, if it is one of ours.
    pub fn spoken(tag: &str) -> Option<Self> {
        let is_in = |lang: &Self| {
            let (start, rest) = tag.split_at_checked(lang.code().len())?;
            (start.eq_ignore_ascii_case(lang.code()) && (rest.is_empty() || rest.starts_with(['-', '_'])))
                .then_some(*lang)
        };
        Self::ALL.iter().find_map(is_in)
    }

    /// The one of our languages that an `Accept-Language` header wants most.
    pub fn wanted(header: &str) -> Option<Self> {
        let weighed = |part: &str| {
            let (tag, weight) = part.split_once(';').unwrap_or((part, "q=1"));
            let weight: f32 = weight.trim().strip_prefix("q=")?.parse().ok()?;
            Self::spoken(tag.trim()).filter(|_| weight > 0.0).map(|lang| (lang, weight))
        };
        // Of equal weights the last is the greatest, and the first is wanted.
        let most = header.split(',').rev().filter_map(weighed).max_by(|(_, a), (_, b)| a.total_cmp(b));
        most.map(|(lang, _)| lang)
    }

    fn info(self) -> &'static LangInfo {
        &LANGS[self as usize]
    }

    pub fn code(self) -> &'static str {
        self.info().code
    }

    /// The language's name in itself.
    pub fn name(self) -> &'static str {
        self.info().name
    }

    /// Where its lines run, as HTML says it.
    pub fn direction(self) -> &'static str {
        if is_mirrored(&self.info().id) { "rtl" } else { "ltr" }
    }

    /// The countries that a form offers, in alphabetical order; in the first language where this one has
    /// no names for them.
    pub fn country_names(self) -> &'static [&'static str] {
        if self == Self::En { country::names_in_english() } else { country::names_in_french() }
    }

    fn id(self) -> &'static LanguageIdentifier {
        &self.info().id
    }

    /// The sentence behind a key.
    pub fn text(self, key: &str) -> String {
        self.sentence(key).to_owned()
    }

    /// The same, kept for ever once it was said; a key without a sentence comes back as it is.
    pub fn sentence(self, key: &str) -> &str {
        static SAID: LazyLock<[RwLock<HashMap<String, &'static str>>; Lang::ALL.len()]> =
            LazyLock::new(Default::default);
        let said = &SAID[self as usize];
        if let Some(known) = said.read().unwrap_or_else(PoisonError::into_inner).get(key) {
            return known;
        }
        let Some(text) = TEXTS.try_lookup(self.id(), key) else { return key };
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
        TEXTS.lookup_with_args(self.id(), key, &values)
    }

    /// Whether a key exists; tests hold that none is missing.
    pub fn has(self, key: &str) -> bool {
        TEXTS.try_lookup(self.id(), key).is_some()
    }

    /// A day in full: “mardi 5 janvier 2027”.
    pub fn date(self, date: NaiveDate) -> String {
        let weekday = self.text(&format!("weekday-{}", date.weekday().num_days_from_monday()));
        let month = self.text(&format!("month-{}", date.month()));
        self.with(
            "date-in-full",
            [
                ("weekday", weekday.into()),
                ("day", date.day().into()),
                ("month", month.into()),
                ("year", date.year().to_string().into()),
            ],
        )
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
        let key = if local.minute() == 0 { "time-on-the-hour" } else { "time-of-day" };
        let minute = format!("{:02}", local.minute());
        self.with(key, [("hour", local.hour().into()), ("minute", minute.into())])
    }

    /// A number with two decimals: “0,25”.
    pub fn decimal(self, number: f64) -> String {
        format!("{number:.2}").replace('.', self.sentence("decimal-mark"))
    }

    /// A short day for an SMS: “05/01/2027”.
    pub fn short_date(self, date: NaiveDate) -> String {
        date.format("%d/%m/%Y").to_string()
    }
}

#[cfg(test)]
mod tests {
    use fluent_templates::fluent_bundle::{FluentArgs, FluentResource};

    use super::*;
    use crate::domain::sms_text::fit;

    /// “Your reference is …” in a language, with a reference in Latin letters.
    fn said(id: LanguageIdentifier) -> String {
        let mut bundle = FluentBundle::new(vec![id]);
        isolate(&mut bundle);
        let source = FluentResource::try_new("said = << { $reference } >>".to_owned()).unwrap();
        bundle.add_resource(source).unwrap();
        let args = FluentArgs::from_iter([("reference", "K7M4-2QXN-T")]);
        let pattern = bundle.get_message("said").unwrap().value().unwrap();
        bundle.format_pattern(pattern, Some(&args), &mut Vec::new()).into_owned()
    }

    #[test]
    fn sentences_from_right_to_left_isolate_their_values_and_their_sms_do_not() {
        assert_eq!(said(langid!("fr")), "<< K7M4-2QXN-T >>");
        for id in [langid!("ar"), langid!("fa-IR"), Lang::Mirrored.id().clone()] {
            let text = said(id);
            assert_eq!(text, "<< \u{2068}K7M4-2QXN-T\u{2069} >>");
            assert_eq!(fit(&text), "<< K7M4-2QXN-T >>");
        }
    }

    #[test]
    fn no_line_breaks_before_a_french_sign() {
        for (typed, wanted) in [
            ("Suivi : ici ; là ? Oui !", "Suivi\u{A0}: ici\u{A0}; là\u{A0}? Oui\u{A0}!"),
            ("« Oui »", "«\u{A0}Oui\u{A0}»"),
            ("9:30, http://x", "9:30, http://x"),
        ] {
            assert_eq!(french_spaces(typed), wanted);
        }
        let refused = Lang::Fr.text("refused-too-late");
        assert!(refused.contains("tard\u{A0}:") && fit(&refused).contains("tard :"), "{refused}");
        assert!(typography(&[langid!("en")]).is_none());
    }

    #[test]
    fn the_direction_follows_from_the_language() {
        assert_eq!((Lang::Fr.direction(), Lang::Mirrored.direction()), ("ltr", "rtl"));
    }

    #[test]
    fn the_first_row_is_the_language_of_what_another_lacks() {
        assert_eq!(TEXTS.fallback(), Lang::default().id());
        assert_eq!(Lang::Mirrored.text("service-name"), Lang::default().text("service-name"));
    }

    #[test]
    fn a_browser_gets_the_language_it_wants_most() {
        for (header, lang) in [
            ("", None),
            ("de, zh;q=0.5", None),
            ("en-GB, fr;q=0.5", Some(Lang::En)),
            ("fr;q=0.5, en-GB", Some(Lang::En)),
            ("fr;q=0.2,en;q=0.3, de", Some(Lang::En)),
            ("en;q=0.8, fr;q=0.8", Some(Lang::En)),
            ("fr_CA, en", Some(Lang::Fr)),
            ("EN", Some(Lang::En)),
            ("en;q=0, fr;q=0.1", Some(Lang::Fr)),
            ("en;q=nan, fr;q=0.1", Some(Lang::Fr)),
            ("en;q=, enm, frx, é, ;;q=q", None),
        ] {
            assert_eq!(Lang::wanted(header), lang, "{header}");
        }
    }
}
