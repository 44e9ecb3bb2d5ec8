//! Just enough HTML to fill in the product's own forms: tags, attributes, entities.

use std::collections::BTreeMap;

/// A form as a browser would see it before anybody types.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Form {
    pub action: String,
    /// Named fields that are sent whatever is pressed.
    pub fields: Vec<(String, String)>,
    /// Submit buttons by their `id`, with the name and value that they add.
    pub buttons: BTreeMap<String, Option<(String, String)>>,
    /// The names of the fields by `id`.
    pub names: BTreeMap<String, String>,
}

/// The first form that holds an element with this id.
pub fn find_form(page: &str, id: &str) -> Option<Form> {
    let mut current: Option<Form> = None;
    for (name, attributes) in tags(page) {
        match name.as_str() {
            "form" => {
                current = Some(Form {
                    action: attributes.get("action").cloned().unwrap_or_default(),
                    ..Form::default()
                });
            }
            "/form" => {
                if let Some(form) = current.take().filter(|form| form.has(id)) {
                    return Some(form);
                }
            }
            "input" | "button" => {
                if let Some(form) = current.as_mut() {
                    form.add(&name, &attributes);
                }
            }
            _ => {}
        }
    }
    None
}

impl Form {
    /// The fields with some values typed in (by `id`) and a button pressed (by `id`).
    pub fn fill(&self, typed: &[(&str, &str)], press: &str) -> Vec<(String, String)> {
        let mut fields = self.fields.clone();
        for (id, value) in typed {
            if let Some(name) = self.names.get(*id) {
                fields.retain(|(field, _)| field != name);
                fields.push((name.clone(), (*value).to_owned()));
            }
        }
        fields.extend(self.buttons.get(press).cloned().flatten());
        fields
    }

    fn has(&self, id: &str) -> bool {
        self.buttons.contains_key(id) || self.names.contains_key(id)
    }

    fn add(&mut self, tag: &str, attributes: &BTreeMap<String, String>) {
        let get = |name: &str| attributes.get(name).cloned();
        let kind = get("type")
            .unwrap_or_else(|| if tag == "button" { "submit" } else { "text" }.to_owned());
        let id = get("id").unwrap_or_default();
        let named = get("name").map(|name| (name, get("value").unwrap_or_default()));
        match (kind.as_str(), named) {
            ("submit", named) => {
                self.buttons.insert(id, named);
            }
            ("button" | "reset", _) | (_, None) => {}
            ("checkbox" | "radio", Some((name, value))) => {
                self.names.insert(id, name.clone());
                if attributes.contains_key("checked") {
                    self.fields
                        .push((name, if value.is_empty() { "on".to_owned() } else { value }));
                }
            }
            (_, Some((name, value))) => {
                self.names.insert(id, name.clone());
                self.fields.push((name, value));
            }
        }
    }
}

/// All tags with their attributes, in order; comments are skipped.
fn tags(page: &str) -> Vec<(String, BTreeMap<String, String>)> {
    let mut found = Vec::new();
    let mut rest = page;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        if let Some(comment) = rest.strip_prefix("!--") {
            rest = comment.find("-->").map_or("", |end| &comment[end + 3..]);
            continue;
        }
        let name_end = rest.find(|c: char| c.is_whitespace() || c == '>').unwrap_or(rest.len());
        let name = rest[..name_end].to_ascii_lowercase();
        let (attributes, after) = attributes(&rest[name_end..]);
        found.push((name, attributes));
        rest = after;
    }
    found
}

/// The attributes up to the end of the tag, and what follows the tag.
fn attributes(mut rest: &str) -> (BTreeMap<String, String>, &str) {
    let mut found = BTreeMap::new();
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
        if let Some(after) = rest.strip_prefix('>') {
            return (found, after);
        }
        if rest.is_empty() {
            return (found, rest);
        }
        let end = rest
            .find(|c: char| c.is_whitespace() || matches!(c, '=' | '>' | '/'))
            .unwrap_or(rest.len());
        let name = rest[..end].to_ascii_lowercase();
        rest = rest[end..].trim_start();
        let mut value = String::new();
        if let Some(after) = rest.strip_prefix('=') {
            let after = after.trim_start();
            let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''));
            let (raw, left) = match quote {
                Some(quote) => after[1..].split_once(quote).unwrap_or((&after[1..], "")),
                None => after.split_at(
                    after.find(|c: char| c.is_whitespace() || c == '>').unwrap_or(after.len()),
                ),
            };
            value = decode(raw);
            rest = left;
        }
        if name.is_empty() && value.is_empty() && !rest.is_empty() {
            // A stray character: step over it rather than stand still.
            let mut chars = rest.chars();
            chars.next();
            rest = chars.as_str();
        }
        found.entry(name).or_insert(value);
    }
}

/// Character references, as template engines write them.
fn decode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let Some(end) = rest.find(';') else { break };
        let name = &rest[1..end];
        let number =
            name.strip_prefix('#').and_then(|number| match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok(),
                None => number.parse().ok(),
            });
        let decoded = match name {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            _ => number.and_then(char::from_u32),
        };
        match decoded {
            Some(c) => out.push(c),
            None => out.push_str(&rest[..=end]),
        }
        rest = &rest[end + 1..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = r##"<!doctype html><!-- <form action="/no"><input id=username> -->
        <form action="/other"><button id="else">x</button></form>
        <form method=post action="/login?a=1&amp;b=&#x3d;">
          <input type="hidden" name="csrf" value="a&quot;b" />
          <input id='username' name="username" value=""><input id=password name=password type=password>
          <input type=checkbox name=keep id=keep checked>
          <button id="login-cancel" name="action" value="cancel" formnovalidate>No</button>
          <button id="login-submit" type=submit name="action" value="go">Go</button>
        </form>"##;

    #[test]
    fn a_form_is_filled_in_as_a_browser_would() {
        let form = find_form(PAGE, "login-submit").expect("form");
        assert_eq!(form.action, "/login?a=1&b==");
        let filled = form.fill(&[("username", "ann"), ("password", "p&w")], "login-submit");
        let pairs: Vec<(&str, &str)> =
            filled.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        assert_eq!(
            pairs,
            [
                ("csrf", "a\"b"),
                ("keep", "on"),
                ("username", "ann"),
                ("password", "p&w"),
                ("action", "go")
            ]
        );
    }

    #[test]
    fn broken_pages_end() {
        for page in [
            "<",
            "<form",
            "<form a=\"",
            "<form =",
            "<form ==>",
            "<!--",
            "<a \u{e9}='x",
            "<form><input id=a=b",
        ] {
            assert_eq!(find_form(page, "x"), None, "{page}");
        }
    }
}
