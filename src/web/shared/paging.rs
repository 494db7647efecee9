//! Long lists, a page at a time: every list has a next page until its end.

use std::collections::HashMap;

use serde::Deserialize;

/// Which page of each list is asked for, of the query of an address.
#[derive(Debug, Default, Deserialize)]
#[serde(transparent)]
pub struct PageQuery(HashMap<String, String>);

/// How the only list of a page, or its first, is named in addresses.
const ONLY: &str = "page";

/// Far beyond any list, and small enough to count with.
const PAGES_MAX: i64 = 1_000_000;

/// One page of a list.
#[derive(Clone, Copy, Debug)]
pub struct Paging {
    /// In addresses; the same is the `id` of its section, unless it is the first list.
    name: &'static str,
    number: i64,
    size: i64,
}

/// The addresses of the pages beside one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Beside {
    pub previous: Option<String>,
    pub next: Option<String>,
}

impl Paging {
    /// Nonsense is the first page.
    pub fn new(query: &PageQuery, size: i64) -> Self {
        Self::of(query, ONLY, size)
    }

    /// Of one list among several on a page.
    pub fn of(query: &PageQuery, name: &'static str, size: i64) -> Self {
        let asked = query.0.get(name).and_then(|asked| asked.parse().ok());
        Self { name, number: asked.unwrap_or(1).clamp(1, PAGES_MAX), size }
    }

    /// The rows that stand on the pages before.
    pub const fn skip(self) -> i64 {
        (self.number - 1) * self.size
    }

    /// The rows to read: one more than are shown tells whether more follow.
    pub const fn read(self) -> i64 {
        self.size + 1
    }

    /// Keeps what this page shows of all rows from the first one on.
    pub fn cut_from_first<T>(self, rows: &mut Vec<T>, path: &str) -> Beside {
        let before = usize::try_from(self.skip()).unwrap_or(usize::MAX);
        rows.drain(..rows.len().min(before));
        self.cut(rows, path)
    }

    /// Keeps what this page shows of the rows read. `path` may have a query already.
    pub fn cut<T>(self, rows: &mut Vec<T>, path: &str) -> Beside {
        let size = usize::try_from(self.size).unwrap_or(usize::MAX);
        let has_next = rows.len() > size;
        rows.truncate(size);
        let join = if path.contains('?') { '&' } else { '?' };
        let section = if self.name == ONLY { String::new() } else { format!("#{}", self.name) };
        let at = |number: i64| format!("{path}{join}{}={number}{section}", self.name);
        Beside {
            previous: (self.number > 1).then(|| at(self.number - 1)),
            next: has_next.then(|| at(self.number + 1)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(asked: &str) -> Paging {
        Paging::new(&PageQuery(HashMap::from([(ONLY.to_owned(), asked.to_owned())])), 2)
    }

    #[test]
    fn every_row_stands_on_one_page_and_the_last_has_no_next() {
        let all = [1, 2, 3, 4, 5];
        let (mut shown, mut number) = (Vec::new(), 1);
        loop {
            let page = page(&number.to_string());
            let (skip, read) = (usize::try_from(page.skip()).unwrap(), usize::try_from(page.read()).unwrap());
            let mut rows: Vec<i32> = all.into_iter().skip(skip).take(read).collect();
            let beside = page.cut(&mut rows, "/liste?ordre=x");
            shown.extend(rows);
            assert_eq!(beside.previous.is_some(), number > 1);
            number += 1;
            match beside.next {
                Some(next) => assert_eq!(next, format!("/liste?ordre=x&page={number}")),
                None => break,
            }
        }
        assert_eq!((shown.as_slice(), number), (all.as_slice(), 4));
    }

    #[test]
    fn each_list_of_a_page_has_its_own_pages() {
        let asked: PageQuery = serde_json::from_str(r#"{"page": "3", "files": "2"}"#).unwrap();
        let files = Paging::of(&asked, "files", 2);
        assert_eq!((Paging::new(&asked, 2).skip(), files.skip()), (4, 2));
        let next = files.cut(&mut vec![1, 2, 3], "/liste").next;
        assert_eq!(next.as_deref(), Some("/liste?files=3#files"));
    }

    #[test]
    fn nonsense_is_the_first_page_and_no_number_is_too_high() {
        for asked in ["", "0", "-3", "x", "1e9", "99999999999999999999"] {
            assert_eq!(page(asked).skip(), 0, "{asked}");
        }
        assert!(page("9223372036854775807").skip() > 0);
    }
}
