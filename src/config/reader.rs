//! Merges file and environment, then hands out one key after the other. Unlike a
//! deserializer it goes on after a fault, and it knows which keys exist because
//! they were asked for: what nobody asked for is unknown.

use std::collections::HashMap;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::time::Duration;

use ::config::{Environment, File, FileFormat};
use serde_json::{Map, Value};

use super::{DEFAULT_PATH, Secret};

pub(super) struct Sources {
    values: Map<String, Value>,
    known: Vec<&'static str>,
    faults: Vec<String>,
}

/// One section, by its whole name; the empty name is the top of the file.
pub(super) struct Section<'a> {
    name: String,
    values: Map<String, Value>,
    known: Vec<&'static str>,
    faults: &'a mut Vec<String>,
}

impl Sources {
    pub(super) fn read<V>(path: Option<&Path>, vars: V) -> Result<Self, Vec<String>>
    where
        V: IntoIterator<Item = (String, String)>,
    {
        let mut file = read_file(path).map_err(|fault| vec![fault])?;
        // The prefix is matched here: the crate would ignore its case.
        let vars: HashMap<String, String> =
            vars.into_iter().filter(|(name, _)| name.starts_with("PASSAGE__")).collect();
        drop_replaced(&mut file, &vars);
        let text = toml::to_string(&file).expect("a table that was read can be written");
        let environment = Environment::with_prefix("PASSAGE")
            .prefix_separator("__")
            .separator("__")
            .ignore_empty(true)
            .source(Some(vars.into_iter().collect()));
        let merged = ::config::Config::builder()
            .add_source(File::from_str(&text, FileFormat::Toml))
            .add_source(environment)
            .build()
            .and_then(::config::Config::try_deserialize::<Map<String, Value>>);
        // Its words may quote values, and with them secrets.
        let values = merged.map_err(|_| {
            vec!["PASSAGE__…: a variable's name is none; write PASSAGE__SECTION__KEY".to_owned()]
        })?;
        Ok(Self { values, known: Vec::new(), faults: Vec::new() })
    }

    /// A key outside any section.
    pub(super) fn top<T>(&mut self, key: &'static str, read: fn(&mut Section<'_>) -> T) -> T {
        self.known.push(key);
        let value = self.values.remove(key);
        let values = value.map(|value| (key.to_owned(), value));
        self.read_from("", values.into_iter().collect(), read)
    }

    pub(super) fn section<T>(&mut self, name: &'static str, read: fn(&mut Section<'_>) -> T) -> T {
        self.known.push(name);
        let values = section_values(name, self.values.remove(name), &mut self.faults);
        self.read_from(name, values, read)
    }

    /// A section that has another name now; its keys are not read under the old one.
    pub(super) fn renamed(&mut self, old: &str, new: &str) {
        if self.values.remove(old).is_some() {
            let variable = |name: &str| format!("PASSAGE__{}__…", name.to_uppercase().replace('.', "__"));
            let (from, to) = (variable(old), variable(new));
            let fault = format!("{old}: has been renamed; write [{new}] for [{old}], and {to} for {from}");
            self.faults.push(fault);
        }
    }

    fn read_from<T>(&mut self, name: &str, values: Map<String, Value>, read: fn(&mut Section<'_>) -> T) -> T {
        read_section(name.to_owned(), values, &mut self.faults, read)
    }

    /// A fault between sections.
    pub(super) fn fault(&mut self, fault: &str) {
        self.faults.push(fault.to_owned());
    }

    /// All faults, with what nobody asked for.
    pub(super) fn finish(mut self) -> Vec<String> {
        for name in self.values.keys() {
            let known = self.known.join(", ");
            let fault = format!("{name}: is unknown; the sections and keys here are {known}");
            self.faults.push(fault);
        }
        self.faults
    }
}

/// The keys of a section, if it is one.
fn section_values(name: &str, value: Option<Value>, faults: &mut Vec<String>) -> Map<String, Value> {
    match value {
        None => Map::new(),
        Some(Value::Object(values)) => values,
        Some(_) => {
            faults.push(format!("{name}: is not a section; write [{name}] and keys below it"));
            Map::new()
        }
    }
}

fn read_section<T>(
    name: String,
    values: Map<String, Value>,
    faults: &mut Vec<String>,
    read: fn(&mut Section<'_>) -> T,
) -> T {
    let mut section = Section { name, values, known: Vec::new(), faults };
    let value = read(&mut section);
    section.finish();
    value
}

fn read_file(path: Option<&Path>) -> Result<toml::Table, String> {
    let shown = path.unwrap_or(Path::new(DEFAULT_PATH));
    let text = match fs::read_to_string(shown) {
        Ok(text) => text,
        Err(error) if path.is_none() && error.kind() == ErrorKind::NotFound => {
            // Without this, a command would speak of another, empty installation.
            if Path::new(PACKAGED_PATH).exists() {
                return Err(format!(
                    "{shown}: is not there; this machine's installation is the one of {PACKAGED_PATH}: run passage-admin \
                     in place of passage, or name a file with --config",
                    shown = shown.display()
                ));
            }
            String::new()
        }
        Err(error) => {
            let cure = match error.kind() {
                ErrorKind::PermissionDenied => "let the account that runs this read it",
                _ => "name another with --config",
            };
            return Err(format!("{}: cannot be read ({error}); {cure}", shown.display()));
        }
    };
    toml::from_str(&text).map_err(|error| {
        // The error's own display quotes the line, which may hold a secret.
        let at = error.span().map_or(0, |span| span.start);
        let before = text.bytes().take(at);
        let line = before.filter(|&byte| byte == b'\n').count() + 1;
        format!("{} line {line}: is not TOML; correct the line", shown.display())
    })
}

/// Where the Debian package has its configuration.
const PACKAGED_PATH: &str = "/etc/passage/passage.toml";

/// The ways to give one value.
const ALTERNATIVES: [(&str, &[&str]); 7] = [
    ("database", &["url", "url_file"]),
    ("vault", &["master_key", "master_key_file", "master_key_command"]),
    ("vault", &["previous_master_key", "previous_master_key_file", "previous_master_key_command"]),
    ("notices.sms", &["token", "token_file"]),
    ("register", &["token", "token_file"]),
    ("franceconnect", &["client_secret", "client_secret_file"]),
    ("proconnect", &["client_secret", "client_secret_file"]),
];

/// A variable wins over the file, also where the file gives the same value in
/// the other way: the shipped file must not stand against a mounted secret.
fn drop_replaced(file: &mut toml::Table, vars: &HashMap<String, String>) {
    for (section, ways) in ALTERNATIVES {
        let table =
            section.split('.').try_fold(&mut *file, |table, name| table.get_mut(name)?.as_table_mut());
        let Some(table) = table else {
            continue;
        };
        for given in ways {
            let name = format!("PASSAGE__{section}__{given}").to_uppercase().replace('.', "__");
            if vars.get(&name).is_some_and(|value| !value.is_empty()) {
                table.retain(|key, _| key == *given || !ways.contains(&key));
            }
        }
    }
}

impl Section<'_> {
    pub(super) fn fault(&mut self, key: &str, fault: &str) {
        let name = if self.name.is_empty() { key.to_owned() } else { format!("{}.{key}", self.name) };
        self.faults.push(format!("{name}: {fault}"));
    }

    /// A section within this one.
    pub(super) fn section<T>(&mut self, key: &'static str, read: fn(&mut Section<'_>) -> T) -> T {
        self.known.push(key);
        let name = format!("{}.{key}", self.name);
        let values = section_values(&name, self.values.remove(key), self.faults);
        read_section(name, values, self.faults, read)
    }

    /// Empty text counts as absent, as an empty variable does.
    fn take(&mut self, key: &'static str) -> Option<Value> {
        self.known.push(key);
        let value = self.values.remove(key)?;
        (value != Value::String(String::new())).then_some(value)
    }

    pub(super) fn text(&mut self, key: &'static str) -> Option<String> {
        if let Value::String(text) = self.take(key)? {
            return Some(text);
        }
        self.fault(key, "is not text; put it in quotes");
        None
    }

    pub(super) fn secret(&mut self, key: &'static str) -> Option<Secret> {
        self.text(key).map(Secret::new)
    }

    /// A secret given as such, or in a file of its own.
    pub(super) fn secret_or_file(&mut self, key: &'static str, file_key: &'static str) -> Option<Secret> {
        let given = self.secret(key);
        let file = self.text(file_key);
        match (given, file) {
            (Some(_), Some(_)) => {
                let fault = format!("is given besides {file_key}; keep only one of the two");
                self.fault(key, &fault);
                None
            }
            (None, Some(path)) => match fs::read_to_string(&path) {
                Ok(text) => Some(Secret::new(text.trim())),
                Err(error) => {
                    let fault = format!("{path} cannot be read ({error}); correct path or rights");
                    self.fault(file_key, &fault);
                    None
                }
            },
            (given, None) => given,
        }
    }

    pub(super) fn parsed<T>(
        &mut self,
        key: &'static str,
        default: &str,
        check: fn(&str) -> Result<T, &'static str>,
    ) -> T {
        if let Some(text) = self.text(key) {
            match check(&text) {
                Ok(value) => return value,
                Err(fault) => self.fault(key, &format!("{text:?} {fault}")),
            }
        }
        check(default).expect("defaults are good")
    }

    /// A list: an array in the file, separated by commas in a variable.
    pub(super) fn parsed_list<T>(
        &mut self,
        key: &'static str,
        default: &[&str],
        check: fn(&str) -> Result<T, &'static str>,
    ) -> Vec<T> {
        let texts = match self.take(key) {
            None => default.iter().map(|&text| text.to_owned()).collect(),
            Some(Value::String(text)) => text.split(',').map(|t| t.trim().to_owned()).collect(),
            Some(Value::Array(items)) => self.texts(key, items),
            Some(_) => self.texts(key, vec![Value::Null]),
        };
        let mut values = Vec::new();
        for text in texts {
            match check(&text) {
                Ok(value) => values.push(value),
                Err(fault) => self.fault(key, &format!("{text:?} {fault}")),
            }
        }
        values
    }

    fn texts(&mut self, key: &str, items: Vec<Value>) -> Vec<String> {
        let mut texts = Vec::new();
        for item in items {
            match item {
                Value::String(text) => texts.push(text),
                _ => self.fault(key, "is not a list of texts; write [\"…\", \"…\"]"),
            }
        }
        texts
    }

    pub(super) fn number<T>(&mut self, key: &'static str, default: T, min: T, max: T) -> T
    where
        T: Copy + Ord + std::fmt::Display + TryFrom<u64>,
    {
        let Some(value) = self.take(key) else {
            return default;
        };
        let whole = match &value {
            Value::Number(number) => number.as_u64(),
            Value::String(text) => text.parse().ok(),
            _ => None,
        };
        let number = whole.and_then(|whole| T::try_from(whole).ok());
        if let Some(number) = number.filter(|number| (min..=max).contains(number)) {
            return number;
        }
        let fault = format!("{value} is no good; write a whole number from {min} to {max}");
        self.fault(key, &fault);
        default
    }

    pub(super) fn seconds(&mut self, key: &'static str, default: u64, min: u64, max: u64) -> Duration {
        Duration::from_secs(self.number(key, default, min, max))
    }

    /// One of several words; the first is the default.
    pub(super) fn choice<T: Copy>(&mut self, key: &'static str, choices: &[(&str, T)]) -> T {
        if let Some(text) = self.text(key) {
            if let Some((_, value)) = choices.iter().find(|(word, _)| *word == text) {
                return *value;
            }
            let words: Vec<String> = choices.iter().map(|(word, _)| format!("{word:?}")).collect();
            let fault = format!("{text:?} is no choice; write {}", words.join(" or "));
            self.fault(key, &fault);
        }
        choices[0].1
    }

    /// A key that stands elsewhere by now.
    pub(super) fn moved(&mut self, key: &str, new: &str) {
        if self.values.remove(key).is_some() {
            self.fault(key, &format!("has moved; write it as {new}"));
        }
    }

    /// What is left was never asked for.
    fn finish(mut self) {
        let known = self.known.join(", ");
        for key in std::mem::take(&mut self.values).keys() {
            self.fault(key, &format!("is unknown; the keys here are {known}"));
        }
    }
}
