//! What an address narrows a list to, and addresses that say so.
//!
//! Invariant: the address holds the whole state of the view, so that it can be shared.

use axum::http::StatusCode;
use domain::params::{Limits, Params};
use engine::admin::AdminError;
use engine::admin::listing::{ListParams, Listed};
use serde_json::Value;

use super::refusal;
use crate::texts::Texts;

/// Longest search, in characters.
pub(super) const SEARCH_MAX: usize = 200;

/// A list of the console.
pub(super) struct List {
    /// Its address.
    pub(super) path: &'static str,
    /// What it is sorted by when nobody says.
    pub(super) sort: &'static str,
    /// The names of what narrows it, beside the search.
    pub(super) filters: &'static [&'static str],
}

/// A view of a list, and the place in it.
pub(super) struct Asked {
    list: &'static List,
    pub(super) q: String,
    /// A value for each filter of the list; empty when it narrows nothing.
    values: Vec<String>,
    pub(super) sort: String,
    next: Option<String>,
    prev: Option<String>,
}

impl Asked {
    /// Reads an address; what cannot be read asks for nothing.
    pub(super) fn read(list: &'static List, query: Option<&str>) -> Self {
        let query = query.unwrap_or_default().as_bytes();
        let params = Params::from_form(query, Limits::default()).unwrap_or_default();
        let word = |name: &str| params.get(name).ok().flatten().unwrap_or_default().to_owned();
        let place = |name: &str| Some(word(name)).filter(|cursor| !cursor.is_empty());
        let sort = Some(word("sort")).filter(|sort| !sort.is_empty());
        Self {
            list,
            q: word("q").trim().chars().take(SEARCH_MAX).collect(),
            values: list.filters.iter().map(|name| word(name)).collect(),
            // A `+` that was not escaped has become a space.
            sort: sort.map_or_else(|| list.sort.to_owned(), |sort| sort.replace(' ', "+")),
            next: place("next"),
            prev: place("prev"),
        }
    }

    /// What a filter is set to.
    pub(super) fn value(&self, name: &str) -> &str {
        let at = self.list.filters.iter().position(|known| *known == name);
        at.and_then(|at| self.values.get(at)).map_or("", String::as_str)
    }

    /// Whether anything is left out.
    pub(super) fn is_narrowed(&self) -> bool {
        !self.q.is_empty() || self.values.iter().any(|value| !value.is_empty())
    }

    /// Whether this is the beginning of the whole list.
    pub(super) fn is_start(&self) -> bool {
        !self.is_narrowed() && self.next.is_none() && self.prev.is_none()
    }

    /// The list that it asks for, with all tests of the filter.
    pub(super) fn params(&self, tests: &[String]) -> ListParams {
        ListParams {
            filter: (!tests.is_empty()).then(|| tests.join(" and ")),
            sort: Some(self.sort.clone()),
            limit: None,
            next: self.next.clone(),
            prev: self.prev.clone().filter(|_| self.next.is_none()),
            total: true,
        }
    }

    /// The address of the view from its start, sorted by `sort`.
    pub(super) fn address(&self, sort: &str) -> String {
        self.with_place(sort, None)
    }

    /// The address of a page of the view.
    pub(super) fn place(&self, name: &str, cursor: &str) -> String {
        self.with_place(&self.sort, Some((name, cursor)))
    }

    fn with_place(&self, sort: &str, place: Option<(&str, &str)>) -> String {
        let sort = if sort == self.list.sort { "" } else { sort };
        let filters = self.list.filters.iter().copied().zip(self.values.iter().map(String::as_str));
        let view = [("q", self.q.as_str())].into_iter().chain(filters).chain([("sort", sort)]);
        address(self.list.path, view.chain(place))
    }
}

/// A path with those parameters that say something.
pub(super) fn address<'a>(
    path: &str,
    pairs: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(pairs.into_iter().filter(|(_, value)| !value.is_empty()));
    let query = query.finish();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

/// A text as a literal of the filter language (RFC 7644 section 3.4.2.2), which is JSON's.
pub(super) fn literal(text: &str) -> String {
    Value::from(text).to_string()
}

/// What a list answers to an address: an address that was mistyped or is too old gives an empty
/// list with the reason.
///
/// # Errors
/// What is not the address's fault.
pub(super) fn answered<T>(
    t: Texts,
    listed: Result<Listed<T>, AdminError>,
) -> Result<(Listed<T>, StatusCode, Option<String>), AdminError> {
    match listed {
        Ok(listed) => Ok((listed, StatusCode::OK, None)),
        Err(error @ (AdminError::Parameter { .. } | AdminError::Invalid { .. })) => {
            let nothing = Listed { data: Vec::new(), next: None, prev: None, total: Some(0) };
            Ok((nothing, StatusCode::BAD_REQUEST, Some(refusal::explained(t, &error).1)))
        }
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static LIST: List = List { path: "/admin/users", sort: "+name", filters: &["status", "role"] };

    #[test]
    fn an_address_says_the_whole_view_and_is_read_back() {
        let asked = Asked::read(&LIST, Some("q=%C3%84+%26+%3Cb%3E&role=x%22&sort=-name&next=n"));
        assert_eq!((asked.q.as_str(), asked.value("role")), ("Ä & <b>", "x\""));
        assert_eq!((asked.value("status"), asked.value("unknown")), ("", ""));
        let there = asked.address(&asked.sort);
        assert_eq!(there, "/admin/users?q=%C3%84+%26+%3Cb%3E&role=x%22&sort=-name");
        let again = Asked::read(&LIST, there.split_once('?').map(|(_, query)| query));
        assert_eq!((again.q, again.values, again.sort), (asked.q, asked.values, asked.sort));
        let plain = Asked::read(&LIST, None);
        assert_eq!(plain.address("+name"), "/admin/users");
        assert!(plain.is_start() && !Asked::read(&LIST, Some("prev=p")).is_start());
        assert_eq!(plain.place("next", "a=b"), "/admin/users?next=a%3Db");
        assert_eq!(Asked::read(&LIST, Some("sort=+name")).sort, "+name");
    }

    #[test]
    fn what_is_typed_stays_a_literal() {
        assert_eq!(literal("x\" or id pr or \""), r#""x\" or id pr or \"""#);
    }
}
