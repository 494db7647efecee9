//! No files of a room import each other in a circle. A module is made of its children: what it takes from them
//! is no circle, and what it re-exports is looked for where it is defined.

use std::collections::{BTreeMap, BTreeSet};

use super::{code, is_word, root, sources};

/// The rooms whose files are looked at.
const ROOMS: &[&str] = &["src/domain", "src/draw", "src/web/shared"];

/// The circles that stand still. One that is cut must leave this list, and none may join it.
const STANDING: &[&[&str]] = &[&["domain::slot_plan::csv", "domain::slot_plan::fault"]];

/// Modules by their path from the crate, as `domain::entry`, and the code of each on one line.
type Modules = BTreeMap<String, String>;
/// Where each re-exported name is defined: by module and name.
type Exports = BTreeMap<(String, String), String>;

fn modules(files: &[(String, String)]) -> Modules {
    let module = |path: &str| {
        let inside = path.trim_start_matches("src/").trim_end_matches(".rs").trim_end_matches("/mod");
        inside.replace('/', "::")
    };
    files.iter().map(|(path, text)| (module(path), tight(text))).collect()
}

/// The code without the tests at its end, and without the spaces that paths may hold.
fn tight(text: &str) -> String {
    let words = code(text).split_whitespace().collect::<Vec<_>>().join(" ");
    let code = words.split("#[cfg(test)] mod tests {").next().unwrap_or_default();
    code.replace(" ::", "::").replace(":: ", "::").replace("{ ", "{").replace(", ", ",")
}

/// Every path of a use tree: `a::{b, c::d}` is `a::b` and `a::c::d`.
fn paths(tree: &str) -> Vec<String> {
    let end = tree.find(|c| !is_word(c) && c != ':').unwrap_or(tree.len());
    let (stem, rest) = tree.split_at(end);
    let Some(list) = rest.strip_prefix('{') else {
        return vec![stem.to_owned()];
    };
    let (mut depth, mut starts) = (0, vec![0]);
    for (at, c) in list.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => starts.push(at + 1),
            _ => {}
        }
    }
    starts.iter().flat_map(|at| paths(&list[*at..])).map(|path| format!("{stem}{path}")).collect()
}

/// The paths that begin where one of these words stands.
fn paths_after(code: &str, words: &[&str], keep: bool) -> Vec<String> {
    let begins = |word: &&str| {
        let skip = if keep { 0 } else { word.len() };
        let found =
            code.match_indices(*word).filter(|(at, _)| !code[..*at].ends_with(|c| is_word(c) || c == ':'));
        found.flat_map(|(at, _)| paths(&code[at + skip..])).collect::<Vec<_>>()
    };
    words.iter().flat_map(begins).collect()
}

/// The module that a path names, and the first name after it.
fn named(path: &str, from: &str, modules: &Modules) -> Option<(String, String)> {
    let is_module = |place: &str| {
        modules.keys().any(|known| {
            known.strip_prefix(place).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
        })
    };
    let below =
        |place: &str, name: &str| if place.is_empty() { name.to_owned() } else { format!("{place}::{name}") };
    let mut names = path.split("::").peekable();
    let mut place = from.to_owned();
    if names.next_if_eq(&"crate").is_some() {
        place.clear();
    }
    while names.next_if_eq(&"super").is_some() {
        place = place.rsplit_once("::").map_or_else(String::new, |(parent, _)| parent.to_owned());
    }
    while let Some(name) = names.next_if(|name| !name.is_empty() && is_module(&below(&place, name))) {
        place = below(&place, name);
    }
    modules.contains_key(&place).then(|| (place, names.next().unwrap_or_default().to_owned()))
}

fn exports(modules: &Modules) -> Exports {
    let mut exports = Exports::new();
    for (module, code) in modules {
        for path in paths_after(code, &["pub use ", "pub(crate) use ", "pub(super) use "], false) {
            if let Some((place, name)) = named(&path, module, modules).filter(|(place, _)| place != module) {
                exports.insert((module.clone(), name), place);
            }
        }
    }
    exports
}

/// Which modules each module imports, except itself and its children.
fn imports(modules: &Modules) -> BTreeMap<&str, BTreeSet<String>> {
    let exports = exports(modules);
    let imported = |module: &str, code: &str| {
        let named = paths_after(code, &["crate::", "super::"], true).into_iter();
        let named = named.filter_map(|path| named_at_home(&path, module, modules, &exports));
        named.filter(|place| place != module && !place.starts_with(&format!("{module}::"))).collect()
    };
    modules.iter().map(|(module, code)| (module.as_str(), imported(module, code))).collect()
}

/// The module in which what a path names is defined.
fn named_at_home(path: &str, from: &str, modules: &Modules, exports: &Exports) -> Option<String> {
    let (mut place, name) = named(path, from, modules)?;
    while let Some(home) = exports.get(&(place.clone(), name.clone())) {
        place.clone_from(home);
    }
    Some(place)
}

/// The groups of modules that lead to each other.
fn circles(files: &[(String, String)]) -> BTreeSet<Vec<String>> {
    let modules = modules(files);
    let imports = imports(&modules);
    let reached = |from: &str| {
        let (mut seen, mut next) = (BTreeSet::new(), vec![from.to_owned()]);
        while let Some(module) = next.pop() {
            let further = imports.get(module.as_str()).into_iter().flatten();
            next.extend(further.filter(|one| seen.insert((*one).clone())).cloned());
        }
        seen
    };
    let reached: BTreeMap<&str, BTreeSet<String>> =
        imports.keys().map(|from| (*from, reached(from))).collect();
    let circle = |from: &&str| -> Vec<String> {
        let back = |one: &&String| reached[one.as_str()].contains(*from);
        reached[*from].iter().filter(back).cloned().collect()
    };
    reached.keys().map(circle).filter(|circle| !circle.is_empty()).collect()
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    let mut files = Vec::new();
    for room in ROOMS {
        sources(&root().join(room), &mut files);
    }
    assert!(files.len() > 60, "the sources were found: {}", files.len());
    let arrows: usize = imports(&modules(&files)).values().map(BTreeSet::len).sum();
    assert!(arrows > 100, "the imports were read: {arrows}");
    assert_eq!(circles(&files).into_iter().collect::<Vec<_>>(), STANDING);
}

#[test]
fn a_circle_is_found_however_it_is_written() {
    let found = |files: &[(&str, &str)]| {
        let files: Vec<_> =
            files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
        circles(&files).into_iter().map(|circle| circle.join(" ")).collect::<Vec<_>>()
    };
    let rules = "src/domain/rules.rs";
    for back in [
        "use super::rules::Rules;",
        "use crate::domain::rules::{Mode, Rules};",
        "use crate::domain::{ids::EntryId, rules::{self, Rules}};",
        "fn f(rules: &super::rules::Rules) {}",
        "pub use super::Rules;",
    ] {
        let files = [
            ("src/domain/mod.rs", "pub mod rules; pub mod actor; pub use rules::Rules;"),
            ("src/domain/actor.rs", back),
            (rules, "use super::actor::Role;"),
        ];
        assert_eq!(found(&files), ["domain::actor domain::rules"], "{back}");
    }
    let of_three = [
        ("src/draw/a.rs", "use super::b::B;"),
        ("src/draw/b.rs", "use super::c::C;"),
        ("src/draw/c.rs", "use super::a::A;"),
        ("src/draw/d.rs", "use super::a::A;"),
    ];
    assert_eq!(found(&of_three), ["draw::a draw::b draw::c"]);
    let none = [
        ("src/domain/entry/mod.rs", "mod state; pub use state::State; use super::rules::Rules;"),
        ("src/domain/entry/state.rs", "use super::Entry; // use super::tests::all;"),
        (rules, "use super::actor::Role; #[cfg(test)]\nmod tests { use super::super::entry::State; }"),
        ("src/domain/actor.rs", "const SAID: &str = \"use super::rules::Rules;\";"),
    ];
    assert_eq!(found(&none), [""; 0]);
}
