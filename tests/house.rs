//! The dependency rules: which module may import which, which one contains SQL, which one reads the clock.
//! The sources are read as text, without comments and strings; a rule is one row of a table.

#[path = "house/circles.rs"]
mod circles;
#[path = "house/docs.rs"]
mod docs;
#[path = "house/order.rs"]
mod order;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use order::ORDER;
use passage::locale::Lang;

/// What the pure modules never import: databases, networks, runtimes, clocks, global generators, the system.
const IMPURE: &[&str] = &[
    "sqlx",
    "axum",
    "tokio",
    "reqwest",
    "redis",
    "hyper",
    "getrandom",
    "now_v7",
    "new_v7",
    "new_v4",
    "Utc::now",
    "Local::now",
    "SystemTime",
    "Instant",
    "rand::rng",
    "thread_rng",
    "SysRng",
    "OsRng",
    "std::env",
    "std::fs",
    "std::net",
    "std::process",
    "println",
    "eprintln",
];

/// A word, and the only files that may contain it.
const DOORS: &[(&str, &[&str])] = &[
    ("sqlx", &["src/store/"]),
    ("Utc::now", &["src/clock.rs"]),
    ("Local::now", &["src/clock.rs"]),
    ("SystemTime", &["src/clock.rs"]),
    ("getrandom", &["src/vault/", "src/flow/mod.rs", "src/telemetry.rs"]),
    ("askama", &["src/web/"]),
    ("Lang::Fr", &["src/locale.rs", "src/cli/"]),
    ("Lang::En", &["src/locale.rs", "src/cli/"]),
    ("axum", &["src/web/", "src/witness/service.rs", "src/notify/twilio_tests.rs"]),
];

/// Whether a source or a template writes out the code of a language: the table of `src/locale.rs` is the
/// only place that knows which there are. Comments may.
fn spells_a_language(text: &str) -> bool {
    let codes = Lang::ALL.iter().map(|lang| format!("\"{}\"", lang.code())).collect::<Vec<_>>();
    let said = |line: &str| codes.iter().any(|code| line.contains(code.as_str()));
    text.lines().any(|line| !line.trim_start().starts_with("//") && said(line))
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file under a folder, except what npm has fetched: its path from the root, and its text.
fn for_each_file(folder: &Path, found: &mut dyn FnMut(String, String)) {
    for file in std::fs::read_dir(folder).unwrap() {
        let path: PathBuf = file.unwrap().path();
        if path.ends_with("node_modules") {
            continue;
        }
        if path.is_dir() {
            for_each_file(&path, found);
        } else {
            let name = path.strip_prefix(root()).unwrap().display().to_string();
            found(name, std::fs::read_to_string(&path).unwrap());
        }
    }
}

/// Every source.
fn sources(folder: &Path, into: &mut Vec<(String, String)>) {
    for_each_file(folder, &mut |path, text| {
        let is_rust = Path::new(&path).extension().is_some_and(|ending| ending == "rs");
        into.extend(is_rust.then_some((path, text)));
    });
}

/// The code alone: comments become nothing, strings and characters empty.
fn code(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let skip = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if let Some(hashes) = raw_string(rest) {
            code.push_str("\"\"");
            let close = format!("\"{}", "#".repeat(hashes));
            let body = 2 + hashes;
            rest[body..].find(&close).map_or(rest.len(), |end| body + end + close.len())
        } else if first == '"' {
            code.push_str("\"\"");
            quoted(rest, '"')
        } else if let Some(end) = character(rest) {
            code.push_str("' '");
            end
        } else {
            code.push(first);
            first.len_utf8()
        };
        rest = &rest[skip..];
    }
    code
}

/// How many hashes a raw string opens with.
fn raw_string(text: &str) -> Option<usize> {
    let after = text.strip_prefix('r')?;
    let hashes = after.len() - after.trim_start_matches('#').len();
    after[hashes..].starts_with('"').then_some(hashes)
}

/// Where a string ends that opens here.
fn quoted(text: &str, mark: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if c == mark => return at + c.len_utf8(),
            _ => {}
        }
    }
    text.len()
}

/// Where a character ends that opens here; a lifetime is none.
fn character(text: &str) -> Option<usize> {
    let after = text.strip_prefix('\'')?;
    let mut inside = after.chars();
    let first = inside.next()?;
    (first == '\\' || inside.next() == Some('\'')).then(|| quoted(text, '\''))
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Whether `word`, which may be a path, occurs in the code as a whole word.
fn says(code: &str, word: &str) -> bool {
    code.match_indices(word)
        .any(|(at, _)| !code[..at].ends_with(is_word) && !code[at + word.len()..].starts_with(is_word))
}

/// The first names after a `::`, one or a braced list.
fn first_names(after: &str) -> Vec<&str> {
    let name = |text: &'_ str| -> usize { text.find(|c| !is_word(c)).unwrap_or(text.len()) };
    let Some(list) = after.strip_prefix('{') else {
        return vec![&after[..name(after)]];
    };
    let (mut names, mut depth, mut start) = (Vec::new(), 0, 0);
    for (at, c) in list.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                let item = list[start..at].trim_start();
                names.push(&item[..name(item)]);
                start = at + 1;
                if c == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    names
}

/// The module of a file, and how many `super` lead from it to the root at least.
fn place(path: &str) -> (&str, usize) {
    let inside = path.strip_prefix("src/").unwrap_or(path);
    let inside = inside.strip_suffix(".rs").unwrap_or(inside);
    let inside = inside.strip_suffix("/mod").unwrap_or(inside);
    (inside.split('/').next().unwrap_or_default(), inside.split('/').count())
}

/// The modules that a file imports, except its own.
fn rooms_named(path: &str, code: &str) -> BTreeSet<String> {
    let (room, depth) = place(path);
    let tight: String = code.split_whitespace().collect::<Vec<_>>().join(" ");
    let tight = tight.replace(" ::", "::").replace(":: ", "::").replace("{ ", "{");
    let mut named = BTreeSet::new();
    let mut name = |after: &str| {
        for one in first_names(after) {
            if one != room && ORDER.iter().any(|(known, _)| *known == one) {
                named.insert(one.to_owned());
            }
        }
    };
    for root in ["crate::", "passage::"] {
        for (at, _) in tight.match_indices(root) {
            if !tight[..at].ends_with(is_word) {
                name(&tight[at + root.len()..]);
            }
        }
    }
    for (at, _) in tight.match_indices("super::") {
        if tight[..at].ends_with("super::") {
            continue;
        }
        let after = tight[at..].trim_start_matches("super::");
        let up = (tight.len() - at - after.len()) / "super::".len();
        if up >= depth {
            name(after);
        }
    }
    named
}

/// What a file does that is not allowed in its module.
fn faults(path: &str, text: &str) -> Vec<String> {
    let code = code(text);
    let (room, _) = place(path);
    let Some((_, may)) = ORDER.iter().find(|(known, _)| *known == room) else {
        return vec![format!("{path}: “{room}” is a room that ORDER does not place")];
    };
    let mut faults: Vec<String> = rooms_named(path, &code)
        .iter()
        .filter(|named| !may.iter().any(|rooms| rooms.contains(&named.as_str())))
        .map(|named| format!("{path}: {room} names {named}"))
        .collect();
    if matches!(room, "domain" | "draw" | "journal") {
        let impure = IMPURE.iter().filter(|word| says(&code, word));
        faults.extend(impure.map(|word| format!("{path}: {room} is pure and says {word}")));
    }
    if room == "web" && says(&code, "app.store") {
        faults.push(format!("{path}: src/web/ asks the flows, not the store"));
    }
    for (one, other) in [("counter", "settings"), ("settings", "counter")] {
        if path.starts_with(&format!("src/web/staff/{one}/")) && says(&code, &format!("staff::{other}")) {
            faults.push(format!("{path}: the counter and the settings meet in the kit"));
        }
    }
    for (word, doors) in DOORS {
        if says(&code, word) && !doors.iter().any(|door| path.starts_with(door)) {
            faults.push(format!("{path}: {word} is said in {} alone", doors.join(", ")));
        }
    }
    faults
}

#[test]
fn every_file_keeps_to_its_place() {
    let mut files = Vec::new();
    sources(&root().join("src"), &mut files);
    assert!(files.len() > 80, "the sources were found: {}", files.len());
    let found: Vec<String> = files.iter().flat_map(|(path, text)| faults(path, text)).collect();
    assert_eq!(found, Vec::<String>::new());
}

/// A file, an example content, and the expected fault.
const BROKEN: &[(&str, &str, &str)] = &[
    ("src/domain/entry/mod.rs", "use crate::store::Store;", "domain names store"),
    ("src/domain/entry/mod.rs", "use crate::{draw::Hash, domain::ids};", "domain names draw"),
    ("src/domain/slot_plan/csv.rs", "use super::super::super::flow::App;", "domain names flow"),
    ("src/draw/seed.rs", "fn f(e: crate::domain::ids::EntryId) {}", "draw names domain"),
    ("src/draw/seed.rs", "let id = Uuid::now_v7();", "draw is pure and says now_v7"),
    ("src/domain/rules.rs", "let t = chrono::Utc::now();", "domain is pure and says Utc::now"),
    ("src/domain/rules.rs", "use tokio::time::sleep;", "domain is pure and says tokio"),
    ("src/domain/rules.rs", "let t = std::time::SystemTime::now();", "domain is pure and says SystemTime"),
    ("src/store/queries/slots.rs", "use crate :: flow::App;", "store names flow"),
    ("src/flow/register.rs", "use crate::{\n    domain::ids,\n    web::router,\n};", "flow names web"),
    ("src/flow/mod.rs", "pub use super::scheduler::tick;", "flow names scheduler"),
    ("src/journal/note.rs", "use crate::vault::Vault;", "journal names vault"),
    ("src/witness/ledger.rs", "use crate::flow::App;", "witness names flow"),
    ("src/vault/keys.rs", "use crate::store::StoreError;", "vault names store"),
    ("src/notify/console.rs", "crate::flow::texts::sms()", "notify names flow"),
    ("src/oidc/provider.rs", "use crate::config::Secret;", "oidc names config"),
    ("src/limits/memory.rs", "use crate::store::Store;", "limits names store"),
    ("src/web/public/home.rs", "use crate::cli::main;", "web names cli"),
    ("src/web/public/home.rs", "use crate::store::records::DrawRecord;", "web names store"),
    (
        "src/web/public/home.rs",
        "let draw = app.store.draw(id).await?;",
        "src/web/ asks the flows, not the store",
    ),
    (
        "src/web/staff/counter/day.rs",
        "use crate::web::staff::settings::slots;",
        "the counter and the settings meet in the kit",
    ),
    ("src/web/public/home.rs", "sqlx::query(\"SELECT 1\")", "sqlx is said in src/store/ alone"),
    ("src/flow/slots.rs", "let now = Utc::now();", "Utc::now is said in src/clock.rs alone"),
    (
        "src/flow/slots.rs",
        "getrandom::fill(&mut key)",
        "getrandom is said in src/vault/, src/flow/mod.rs, src/telemetry.rs alone",
    ),
    ("src/web/public/home.rs", "let lang = Lang::En;", "Lang::En is said in src/locale.rs, src/cli/ alone"),
    ("src/simulate/town.rs", "use crate::clock::BusinessClock;", "simulate names clock"),
    ("src/scheduler/mod.rs", "use crate::simulate::Town;", "scheduler names simulate"),
    ("src/main.rs", "passage::flow::slots::close_day", "main names flow"),
    ("src/cellar/mod.rs", "", "“cellar” is a room that ORDER does not place"),
];

#[test]
fn each_rule_can_be_broken() {
    for (path, text, fault) in BROKEN {
        let found = faults(path, text);
        assert!(found.iter().any(|one| one.ends_with(fault)), "{path}, {text}: {found:?}");
    }
}

#[test]
fn comments_strings_and_longer_words_break_no_rule() {
    for text in [
        "//! As crate::store does.\n/* crate::web */ fn f() {}",
        "const SAID: &str = \"use crate::store, tokio and // \\\"Utc::now\";",
        "const SAID: &str = r#\"sqlx \"crate::flow\" \"#; fn f<'a>(c: &'a str) -> char { '\"' }",
        "fn tokio_free(instants: &[Moment]) {}",
        "use crate::domain::ids::EntryId; use super::rules::Rules;",
    ] {
        assert_eq!(faults("src/domain/entry/mod.rs", text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn the_languages_are_named_in_their_table_alone() {
    let mut files = Vec::new();
    sources(&root().join("src"), &mut files);
    files.retain(|(path, _)| path != "src/locale.rs");
    for_each_file(&root().join("templates"), &mut |path, text| files.push((path, text)));
    let named = files.iter().filter(|(_, text)| spells_a_language(text)).map(|(path, _)| path);
    assert_eq!(named.collect::<Vec<_>>(), [""; 0]);
    assert!(spells_a_language("// any\nlet lang = \"en\";") && spells_a_language("<p lang=\"fr\">"));
    assert!(!spells_a_language("/// As in \"fr\".\nlet lang = \"end\";"));
}

/// Properties of a style sheet that name a side of the screen.
fn sides(sheet: &str) -> Vec<&str> {
    let is_side = |word: &&str| {
        matches!(*word, "left" | "right") || word.ends_with("-left") || word.ends_with("-right")
    };
    sheet.split(|c: char| !(c.is_alphanumeric() || c == '-')).filter(is_side).collect()
}

#[test]
fn the_sheet_names_no_side_of_the_screen() {
    let sheet = std::fs::read_to_string(root().join("assets/style.css")).unwrap();
    assert_eq!(sides(&sheet), [""; 0]);
    assert_eq!(
        sides("a{border-left:0;text-align:right} .leftover{margin-inline-start:0}"),
        ["border-left", "right"]
    );
}

#[test]
fn a_word_of_the_house_is_a_table() {
    let words = [
        "prefecture",
        "site",
        "desk",
        "procedure",
        "queue",
        "rules",
        "applicant",
        "entry",
        "slot",
        "draw",
        "convocation",
        "notice",
        "staff",
        "audit",
    ];
    for dialect in ["sqlite", "postgres"] {
        let mut files: Vec<PathBuf> = std::fs::read_dir(root().join("migrations").join(dialect))
            .unwrap()
            .map(|file| file.unwrap().path())
            .collect();
        files.sort();
        let schema: String = files.iter().map(|file| std::fs::read_to_string(file).unwrap()).collect();
        for word in words {
            assert!(schema.contains(&format!("CREATE TABLE {word} (")), "{dialect}: {word}");
        }
    }
}
