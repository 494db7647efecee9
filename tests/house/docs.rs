//! What the documentation names is there: a test that is renamed or removed is renamed or removed in it too.

use super::{for_each_file, root, sources};

/// Tests, and some fields, that a page of documentation names: four words or more.
fn long_names(page: &str) -> Vec<&str> {
    let is_name = |text: &&str| {
        text.split('_').count() > 3
            && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    };
    page.split('`').skip(1).step_by(2).filter(is_name).collect()
}

#[test]
fn every_test_that_the_documentation_names_is_there() {
    let mut files = Vec::new();
    for folder in ["src", "tests"] {
        sources(&root().join(folder), &mut files);
    }
    let code: String = files.into_iter().map(|(_, text)| text).collect();
    let mut missing = Vec::new();
    for_each_file(&root().join("docs"), &mut |path, text| {
        let absent = long_names(&text).into_iter().filter(|name| !code.contains(name));
        missing.extend(absent.map(|name| format!("{path}: {name}")));
    });
    assert_eq!(missing, [""; 0]);
    assert_eq!(long_names("As `a_test_of_that` and `draw_entry.wide`, `told_at`."), ["a_test_of_that"]);
}
