//! The files of `locales/` as Fluent reads them: keys, texts, the values they take; and the sources
//! that ask for them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use passage::locale::Lang;

pub fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// A message as it is written, all its variants together.
#[derive(Default)]
pub struct Message {
    /// The words between the values.
    pub text: String,
    takes: BTreeSet<String>,
    quotes: BTreeSet<String>,
}

impl Message {
    fn read(&mut self, pattern: &Pattern<&str>) {
        for element in &pattern.elements {
            match element {
                PatternElement::TextElement { value } => self.text.push_str(value),
                PatternElement::Placeable { expression } => self.read_expression(expression),
            }
        }
    }

    fn read_expression(&mut self, expression: &Expression<&str>) {
        match expression {
            Expression::Inline(inline) => self.read_inline(inline),
            Expression::Select { selector, variants } => {
                self.read_inline(selector);
                for variant in variants {
                    self.read(&variant.value);
                }
            }
        }
    }

    fn read_inline(&mut self, inline: &InlineExpression<&str>) {
        match inline {
            InlineExpression::StringLiteral { value } => self.text.push_str(value),
            InlineExpression::NumberLiteral { .. } => {}
            InlineExpression::VariableReference { id } => drop(self.takes.insert(id.name.to_owned())),
            InlineExpression::MessageReference { id, attribute: None } => {
                self.quotes.insert(id.name.to_owned());
            }
            InlineExpression::Placeable { expression } => self.read_expression(expression),
            other => panic!("the sentences do without {other:?}"),
        }
    }
}

/// The files of a language, by name.
pub fn files(lang: Lang) -> BTreeSet<String> {
    let name = |file: std::io::Result<fs::DirEntry>| file.unwrap().file_name().into_string().unwrap();
    fs::read_dir(here("locales").join(lang.code())).unwrap().map(name).collect()
}

/// The messages of a language; a key that stands twice stands twice here.
pub fn messages(lang: Lang) -> Vec<(String, Message)> {
    let mut found = Vec::new();
    let folder = here("locales").join(lang.code());
    let paths = files(lang).into_iter().map(|file| folder.join(file));
    for path in paths.filter(|path| path.extension().is_some_and(|ending| ending == "ftl")) {
        let source = fs::read_to_string(&path).unwrap();
        let parsed = fluent_syntax::parser::parse(source.as_str());
        let resource = parsed.unwrap_or_else(|(_, faults)| panic!("{}: {faults:?}", path.display()));
        for entry in &resource.body {
            match entry {
                Entry::Message(message) => {
                    let mut read = Message::default();
                    message.value.iter().for_each(|pattern| read.read(pattern));
                    found.push((message.id.name.to_owned(), read));
                }
                Entry::Comment(_) | Entry::GroupComment(_) | Entry::ResourceComment(_) => {}
                other => panic!("{}: {other:?} is neither a message nor a comment", path.display()),
            }
        }
    }
    found
}

pub fn is_key(text: &str) -> bool {
    let is_key_char = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.chars().all(is_key_char)
}

pub fn texts(lang: Lang) -> BTreeMap<String, Message> {
    messages(lang).into_iter().collect()
}

/// The values a message takes, those of the messages it quotes included.
pub fn variables(key: &str, texts: &BTreeMap<String, Message>) -> BTreeSet<String> {
    let message = texts.get(key).unwrap_or_else(|| panic!("{key} is quoted and does not exist"));
    let mut found = message.takes.clone();
    found.extend(message.quotes.iter().flat_map(|quoted| variables(quoted, texts)));
    found
}

/// Every file under these folders.
pub fn sources(folders: &[&str]) -> Vec<String> {
    let mut folders: Vec<PathBuf> = folders.iter().map(|folder| here(folder)).collect();
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for file in fs::read_dir(&folder).into_iter().flatten() {
            let path = file.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(fs::read_to_string(&path).unwrap());
            }
        }
    }
    found
}

/// The literal with which a text begins.
pub fn literal(rest: &str) -> Option<&str> {
    Some(rest.trim_start().strip_prefix('"')?.split_once('"')?.0)
}
