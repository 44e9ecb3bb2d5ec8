//! Pages of a list: what is asked for, and where a page ends.
//!
//! Invariant: a page is found by the position of its neighbour (a sort value and an id), never by
//! an offset, so that page 1,000 costs what page 1 costs and nothing is shown twice while rows
//! come and go.

use serde::{Deserialize, Serialize};

use crate::filter::Filter;

/// Most items of a page (contract, sections 1 and 6).
pub const MAX_LIMIT: u32 = 100;
/// Items of a page when nobody says.
pub const DEFAULT_LIMIT: u32 = 20;

/// What a list is ordered by; the id decides between equal values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sort {
    /// The attribute, by its name on the wire.
    pub by: &'static str,
    /// From the greatest to the least.
    pub descending: bool,
}

impl Sort {
    /// Ascending by an attribute.
    pub const fn ascending(by: &'static str) -> Self {
        Self { by, descending: false }
    }

    /// Descending by an attribute.
    pub const fn descending(by: &'static str) -> Self {
        Self { by, descending: true }
    }

    /// Reads `+name`, `-name` or `name`. A `+` that was sent without percent-encoding arrives as a
    /// space. `None` for a name that is not in `names`.
    pub fn parse(text: &str, names: &[&'static str]) -> Option<Self> {
        let (descending, name) = match text.strip_prefix('-') {
            Some(name) => (true, name),
            None => (false, text.strip_prefix(['+', ' ']).unwrap_or(text)),
        };
        names.iter().find(|known| **known == name).map(|by| Self { by, descending })
    }
}

/// The value by which a row is ordered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum SortValue {
    /// A number or an instant in milliseconds.
    Int(i64),
    /// A text.
    Text(String),
}

/// Where a row stands in a sorted list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// Its sort value.
    #[serde(rename = "s")]
    pub value: SortValue,
    /// Its id.
    #[serde(rename = "i")]
    pub id: String,
}

/// Which page.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum From {
    /// The first.
    #[default]
    #[serde(rename = "0")]
    Start,
    /// The one after a row.
    #[serde(rename = "a")]
    After(Position),
    /// The one before a row.
    #[serde(rename = "b")]
    Before(Position),
}

/// What is asked of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListQuery {
    /// Only rows that pass.
    pub filter: Option<Filter>,
    /// In which order.
    pub sort: Sort,
    /// Rows of a page, 1 to [`MAX_LIMIT`].
    pub limit: u32,
    /// Which page.
    pub from: From,
    /// Whether all rows that pass are counted.
    pub total: bool,
}

/// One page.
#[derive(Debug, Clone, PartialEq)]
pub struct Page<T> {
    /// The rows, in order.
    pub data: Vec<T>,
    /// Where the next page begins, if there is one.
    pub next: Option<From>,
    /// Where the page before begins, if there is one.
    pub prev: Option<From>,
    /// How many rows pass, when that was asked.
    pub total: Option<i64>,
}

impl<T> Page<T> {
    /// The same page of other things.
    pub fn map<U>(self, change: impl FnMut(T) -> U) -> Page<U> {
        let data = self.data.into_iter().map(change).collect();
        Page { data, next: self.next, prev: self.prev, total: self.total }
    }

    /// The same page with other data, such as the rows of its ids.
    pub fn with<U>(self, data: Vec<U>) -> Page<U> {
        Page { data, next: self.next, prev: self.prev, total: self.total }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorts_are_read_in_each_spelling() {
        let names = &["name", "createdAt"];
        for (text, expected) in [
            ("+name", Some(Sort::ascending("name"))),
            (" name", Some(Sort::ascending("name"))),
            ("name", Some(Sort::ascending("name"))),
            ("-createdAt", Some(Sort::descending("createdAt"))),
            ("", None),
            ("-", None),
            ("--name", None),
            ("password", None),
        ] {
            assert_eq!(Sort::parse(text, names), expected, "{text}");
        }
    }

    #[test]
    fn positions_survive_serialization() {
        let position = |value| Position { value, id: "abc".to_owned() };
        for from in [
            From::Start,
            From::After(position(SortValue::Int(-7))),
            From::Before(position(SortValue::Text("7".to_owned()))),
        ] {
            let text = serde_json::to_string(&from).expect("JSON");
            assert_eq!(serde_json::from_str::<From>(&text).expect("reads"), from);
        }
    }
}
