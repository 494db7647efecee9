//! The files of `locales/` as written: keys, texts, their arguments; and the sources
//! that use them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use passage::locale::Lang;

pub const LANGS: [Lang; 2] = [Lang::Fr, Lang::En];

pub fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The messages of a language: key, text as written; a duplicate key is kept twice.
pub fn messages(lang: Lang) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for file in fs::read_dir(here("locales").join(lang.code())).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "ftl") {
            continue;
        }
        for line in fs::read_to_string(&path).unwrap().lines() {
            let key = line.split_once('=').map(|(key, _)| key.trim_end()).filter(|key| is_key(key));
            match (key, found.last_mut()) {
                (Some(key), _) => {
                    found.push((key.to_owned(), line[line.find('=').unwrap() + 1..].to_owned()));
                }
                (None, Some((_, text))) if line.starts_with([' ', '}']) || line.is_empty() => {
                    text.push('\n');
                    text.push_str(line);
                }
                _ => assert!(
                    line.is_empty() || line.starts_with('#'),
                    "{}: “{line}” is neither a message nor a comment",
                    path.display()
                ),
            }
        }
    }
    found
}

pub fn is_key(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.chars().all(is_key_char)
}

pub fn is_key_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-' || c == '_'
}

pub fn texts(lang: Lang) -> BTreeMap<String, String> {
    messages(lang).into_iter().collect()
}

/// The arguments of a message, including those of the messages it references.
pub fn variables(key: &str, texts: &BTreeMap<String, String>) -> BTreeSet<String> {
    let text = texts.get(key).unwrap_or_else(|| panic!("{key} is quoted and does not exist"));
    let word = |rest: &str| rest.chars().take_while(|c| is_key_char(*c)).collect::<String>();
    let mut found = BTreeSet::new();
    for braced in text.split('{').skip(1) {
        let inside = braced.trim_start();
        if let Some(name) = inside.strip_prefix('$') {
            found.insert(word(name));
        } else if inside.starts_with(|c: char| c.is_ascii_lowercase()) {
            found.extend(variables(&word(inside), texts));
        }
    }
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
