//! What staff pages are made of: a form as typed with its faults, choices, facts, and the sentence that
//! says what has just been done.

use std::collections::HashMap;
use std::fmt::Display;

use axum::http::StatusCode;
use chrono::NaiveDate;
use serde::Deserialize;

use crate::domain::ids::{PrefectureId, StaffId};
use crate::domain::local_time::Zone;
use crate::domain::names::BirthDate;
use crate::domain::proposal::Decision;
use crate::domain::text_enum::key_of;
use crate::flow::read::proposals::{Act, Proposed};
use crate::flow::read::staff::Colleague;
use crate::flow::{App, Fault, FlowError, read};
use crate::locale::Lang;
use crate::web::shared::{Faults, Fields, WebError};

/// A form: what was typed, what is wrong with it, or why it is refused.
#[derive(Default)]
pub struct FormView {
    pub fields: Fields,
    pub faults: Faults,
    pub refused: Option<String>,
}

impl FormView {
    /// A form that is shown for the first time.
    pub fn filled<K: Into<String>, V: Into<String>>(pairs: impl IntoIterator<Item = (K, V)>) -> Self {
        let pairs: Vec<(String, String)> =
            pairs.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        // Names and values always read back as names and values.
        let fields = serde_json::to_value(pairs).and_then(serde_json::from_value).unwrap_or_default();
        Self { fields, ..Self::default() }
    }

    /// A form that is shown again.
    pub fn again(fields: Fields, lang: Lang, faults: &[Fault]) -> Self {
        Self { fields, faults: Faults::of(lang, faults), refused: None }
    }

    /// The form that answers what was not done, with its status: the faults, or the refusal.
    ///
    /// # Errors
    /// What no form can answer.
    pub fn answering(error: FlowError, fields: Fields, lang: Lang) -> Result<(StatusCode, Self), WebError> {
        match error {
            FlowError::Invalid(faults) => Ok((status_of(&faults), Self::again(fields, lang, &faults))),
            FlowError::Refused(refusal) => {
                let refused = Some(lang.text(&refusal.staff_sentence_key()));
                Ok((StatusCode::CONFLICT, Self { refused, ..Self::again(fields, lang, &[]) }))
            }
            error => Err(error.into()),
        }
    }

    pub fn value(&self, name: &str) -> &str {
        self.fields.first(name)
    }

    pub fn has(&self, name: &str, value: &str) -> bool {
        self.fields.all(name).any(|known| known == value)
    }

    pub fn at(&self, name: &str) -> Option<&str> {
        self.faults.at(name)
    }
}

/// A form without a fault was not to be carried out.
pub const fn status_of(faults: &[Fault]) -> StatusCode {
    if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }
}

/// One answer that a form offers, or a link in a list.
#[derive(Clone, Debug)]
pub struct Choice {
    pub value: String,
    pub text: String,
}

impl Choice {
    pub fn new(value: impl Display, text: impl Into<String>) -> Self {
        Self { value: format!("{value}"), text: text.into() }
    }
}

/// A label and what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    pub label: String,
    pub text: String,
}

impl Fact {
    /// The label stands behind a key.
    pub fn new(lang: Lang, key: &str, text: impl Into<String>) -> Self {
        Self { label: lang.text(key), text: text.into() }
    }
}

/// What a redirection says was done: one of our own words, and a number.
#[derive(Debug, Default, Deserialize)]
pub struct DoneQuery {
    #[serde(default)]
    fait: String,
    #[serde(default)]
    n: String,
    #[serde(default)]
    m: String,
}

impl DoneQuery {
    /// The sentence; none for words that are not ours.
    pub fn text(&self, lang: Lang) -> Option<String> {
        let word = DONE.iter().find(|word| **word == self.fait)?;
        let number = |text: &str| text.parse::<u64>().unwrap_or(0);
        let values = [("n", number(&self.n).into()), ("m", number(&self.m).into())];
        Some(lang.with(&format!("staff-done-{word}"), values))
    }
}

/// What can have been done; the sentence is `staff-done-…`.
const DONE: &[&str] = &[
    "present",
    "incomplet",
    "absent",
    "effacer",
    "guichet",
    "personne",
    "empechement",
    "identite",
    "registre",
    "inscription",
    "echeance",
    "label",
    "file",
    "file-retirer",
    "file-approuvee",
    "passage",
    "reste",
    "disponibilites",
    "pause",
    "reprendre",
    "retirer",
    "reunir",
    "oublier",
    "rendre",
    "courrier",
    "courrier-poste",
    "contestation",
    "examen",
    "examen-repondu",
    "maintenue",
    "levee",
    "creneaux",
    "publication",
    "retrait",
    "fermeture",
    "regles-proposees",
    "regles-approuvees",
    "annulation-proposee",
    "annulation",
    "priorite",
    "coordonnees",
    "correction",
    "correction-abandon",
    "aide-fin",
    "reprise",
    "mot-de-passe",
    "session",
    "compte",
    "proconnect",
    "proconnect-retiree",
    "rejetee",
    "retiree",
];

/// A birth date as people here write it.
pub fn birth_words(canonical: &str, today: NaiveDate) -> String {
    BirthDate::parse(canonical, today).map_or_else(|_| canonical.to_owned(), |date| date.french())
}

/// Who acted, by login: colleagues see each other's.
pub struct Colleagues(HashMap<StaffId, Colleague>);

impl Colleagues {
    pub async fn load(app: &App) -> Result<Self, WebError> {
        Ok(Self(read::staff::colleagues(app).await?))
    }

    pub fn login(&self, id: StaffId) -> &str {
        self.0.get(&id).map_or("–", |colleague| &colleague.login)
    }

    /// Whether somebody belongs to a prefecture.
    pub fn is_of(&self, id: StaffId, prefecture: PrefectureId) -> bool {
        self.0.get(&id).is_some_and(|colleague| colleague.prefecture == prefecture)
    }

    /// Who proposed something, and when.
    pub fn proposed(&self, lang: Lang, zone: Zone, proposed: &Proposed) -> String {
        let act = proposed.proposed;
        let by = act.and_then(|act| act.by).map_or("–", |by| self.login(by)).to_owned();
        let at = act.map(|act| lang.instant(act.at, zone)).unwrap_or_default();
        lang.with("manage-proposed-by", [("login", by.into()), ("at", at.into())])
    }

    /// What became of it: who decided, and when.
    pub fn decided(&self, lang: Lang, zone: Zone, proposed: &Proposed) -> String {
        let Some((decision, Act { by, at })) = proposed.decided else {
            return lang.text("manage-proposal-waiting");
        };
        let key = match decision {
            Decision::Approved => "manage-proposal-approved",
            Decision::Rejected => "manage-proposal-rejected",
            Decision::Withdrawn => "manage-proposal-withdrawn",
        };
        let by = by.map_or_else(|| lang.text("staff-actor-system"), |by| self.login(by).to_owned());
        let why = proposed.rejected_reason.as_deref().unwrap_or("–").to_owned();
        let values = [("login", by.into()), ("at", lang.instant(at, zone).into()), ("reason", why.into())];
        lang.with(key, values)
    }

    /// The actor of an audit row.
    pub fn actor(&self, lang: Lang, pseudonym: &str) -> String {
        match pseudonym.split_once(':') {
            Some(("staff", id)) => {
                id.parse().map_or_else(|_| pseudonym.to_owned(), |id| self.login(id).to_owned())
            }
            Some(("holder", _)) => lang.text("staff-actor-holder"),
            _ => lang.text("staff-actor-system"),
        }
    }
}

/// The key of a word of ours: `draw-state` and `frozen` make `staff-draw-state-frozen`.
pub fn word(lang: Lang, what: &str, word: &str) -> String {
    lang.text(&format!("staff-{what}-{}", key_of(word)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_can_be_done_is_said_in_both_languages() {
        for (word, lang) in DONE.iter().flat_map(|word| Lang::ALL.iter().map(move |lang| (word, *lang))) {
            let query = DoneQuery { fait: (*word).to_owned(), n: "1".to_owned(), m: String::new() };
            let said = query.text(lang).unwrap_or_default();
            assert!(!said.is_empty() && !said.contains("staff-done"), "{word}: {said}");
        }
    }

    #[test]
    fn words_that_are_not_ours_say_nothing() {
        let query = DoneQuery { fait: "gagne".to_owned(), ..DoneQuery::default() };
        assert_eq!(query.text(Lang::default()), None);
        assert_eq!(DoneQuery::default().text(Lang::default()), None);
    }
}
