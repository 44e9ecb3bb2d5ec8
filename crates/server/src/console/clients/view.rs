//! What an address narrows the list of clients to, and addresses that say so.
//!
//! Invariant: the address holds the whole state of the view, so that it can be shared; what it says
//! in words of ours becomes a filter of the list (RFC 7644 section 3.4.2.2), which is bounded.

use domain::params::{Limits, Params};
use domain::time::{Timestamp, plus_seconds};
use engine::admin::listing::ListParams;
use serde_json::Value;

use super::PATH;
use crate::pages::console::ListView;

/// What the list is sorted by when nobody says.
const SORT: &str = "-createdAt";
/// Longest search, in characters.
const SEARCH_MAX: usize = 200;
/// A client that was not used for so long is unused, in seconds.
const UNUSED_SECONDS: i64 = 90 * 86_400;

/// A view, and the place in it.
pub(super) struct Asked {
    pub(super) view: ListView,
    next: Option<String>,
    prev: Option<String>,
}

impl Asked {
    /// Reads an address; what cannot be read asks for nothing.
    pub(super) fn read(query: Option<&str>) -> Self {
        let limits = Limits::default();
        let params = Params::from_form(query.unwrap_or_default().as_bytes(), limits);
        let params = params.unwrap_or_default();
        let word = |name: &str| params.get(name).ok().flatten().unwrap_or_default().to_owned();
        let place = |name: &str| Some(word(name)).filter(|cursor| !cursor.is_empty());
        let sort = Some(word("sort")).filter(|sort| !sort.is_empty());
        let view = ListView {
            q: word("q").trim().chars().take(SEARCH_MAX).collect(),
            app_type: word("type"),
            consent: word("consent"),
            status: word("status"),
            unused: word("unused") == "90",
            // A `+` that was not escaped has become a space.
            sort: sort.map_or_else(|| SORT.to_owned(), |sort| sort.replace(' ', "+")),
        };
        Self { view, next: place("next"), prev: place("prev") }
    }

    /// The list that it asks for.
    pub(super) fn params(&self, now: Timestamp) -> ListParams {
        ListParams {
            filter: filter(&self.view, now),
            sort: Some(self.view.sort.clone()),
            limit: None,
            next: self.next.clone(),
            prev: self.prev.clone().filter(|_| self.next.is_none()),
            total: true,
        }
    }
}

/// A text as a literal of the filter language, which is JSON's.
fn literal(text: &str) -> String {
    Value::from(text).to_string()
}

fn filter(view: &ListView, now: Timestamp) -> Option<String> {
    let mut tests = Vec::new();
    if !view.q.is_empty() {
        let q = literal(&view.q);
        tests.push(format!("(clientName co {q} or clientId sw {q})"));
    }
    if !view.app_type.is_empty() {
        tests.push(format!("appType eq {}", literal(&view.app_type)));
    }
    match view.status.as_str() {
        "enabled" => tests.push("not (disableTag pr)".to_owned()),
        "disabled" => tests.push("disableTag pr".to_owned()),
        "published" => tests.push("publishedAt pr".to_owned()),
        _ => {}
    }
    if !view.consent.is_empty() {
        tests.push(format!("consentMethod eq {}", literal(&view.consent)));
    }
    if view.unused {
        // By whole days, so that the cursors of a page fit the next one.
        let since = plus_seconds(now, -UNUSED_SECONDS).strftime("%Y-%m-%dT00:00:00Z");
        tests.push(format!(
            "createdAt lt \"{since}\" and (not (lastUsedAt pr) or lastUsedAt lt \"{since}\")"
        ));
    }
    (!tests.is_empty()).then(|| tests.join(" and "))
}

/// The address of a view from its start, sorted by `sort`.
pub(super) fn address(view: &ListView, sort: &str) -> String {
    with_place(view, sort, None)
}

/// The address of a page of a view.
pub(super) fn place(view: &ListView, name: &str, cursor: &str) -> String {
    with_place(view, &view.sort, Some((name, cursor)))
}

fn with_place(view: &ListView, sort: &str, place: Option<(&str, &str)>) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    let unused = if view.unused { "90" } else { "" };
    let sort = if sort == SORT { "" } else { sort };
    for (name, value) in [
        ("q", view.q.as_str()),
        ("type", &view.app_type),
        ("consent", &view.consent),
        ("status", &view.status),
        ("unused", unused),
        ("sort", sort),
    ] {
        if !value.is_empty() {
            query.append_pair(name, value);
        }
    }
    if let Some((name, cursor)) = place {
        query.append_pair(name, cursor);
    }
    let query = query.finish();
    if query.is_empty() { PATH.to_owned() } else { format!("{PATH}?{query}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_the_whole_view_and_is_read_back() {
        let view = ListView {
            q: "Ä \"quoted\" & <b>".to_owned(),
            app_type: "web".to_owned(),
            consent: "trusted".to_owned(),
            status: "disabled".to_owned(),
            unused: true,
            sort: "+clientName".to_owned(),
        };
        let there = address(&view, &view.sort);
        let query = there.split_once('?').map(|(_, query)| query);
        assert_eq!(Asked::read(query).view, view);
        let plain = ListView { sort: SORT.to_owned(), ..ListView::default() };
        assert_eq!(address(&plain, SORT), PATH);
        assert_eq!(Asked::read(None).view, plain);
        assert_eq!(Asked::read(Some("sort=+clientName")).view.sort, "+clientName");
    }

    #[test]
    fn what_is_typed_stays_a_literal() {
        let view = ListView { q: "x\" or clientId pr or \"".to_owned(), ..ListView::default() };
        let filter = filter(&view, Timestamp::UNIX_EPOCH).expect("a filter");
        assert!(filter.contains(r#"co "x\" or clientId pr or \"""#), "{filter}");
    }
}
