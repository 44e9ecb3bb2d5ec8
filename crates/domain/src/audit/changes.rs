//! What an administrator changed: the fields that differ, from what to what.
//!
//! Invariant: no value of a field that may hold a secret, at any depth, and no value over
//! [`VALUE_MAX`] bytes as a whole.

use serde_json::{Map, Value, json};

/// Longest value that is shown as a whole, in bytes of its JSON text.
const VALUE_MAX: usize = 1024;

/// Fields that are never told, written without `_` and `-` and in lower case. Hints, labels and
/// public keys are not among them.
const SECRET_FIELDS: &[&str] = &[
    "accesstoken",
    "apikey",
    "assertion",
    "clientassertion",
    "clientsecret",
    "codeverifier",
    "cookie",
    "credential",
    "credentials",
    "hash",
    "idtoken",
    "key",
    "password",
    "passwordhash",
    "privatekey",
    "refreshtoken",
    "sealed",
    "secret",
    "secrethash",
    "token",
    // The private parts of a JWK (RFC 7518, section 6).
    "d",
    "p",
    "q",
    "dp",
    "dq",
    "qi",
    "k",
    "oth",
];

fn is_secret(field: &str) -> bool {
    let plain: String =
        field.chars().filter(|c| !matches!(c, '_' | '-')).map(|c| c.to_ascii_lowercase()).collect();
    SECRET_FIELDS.contains(&plain.as_str())
}

/// What changed between two JSON objects, for the member `changes` of an event's details:
/// `{"field": {"from": …, "to": …}}`, only the fields that differ. A field that one side lacks
/// counts as null. Anything but an object counts as an object without fields, so a creation is
/// `changes(&Value::Null, &after)` and a deletion `changes(&before, &Value::Null)`.
///
/// Fields that may hold a secret are left out, at any depth. A value over 1 kB becomes its first
/// kilobyte as text, which says how long it was.
///
/// ```
/// # use serde_json::json;
/// let before = json!({"clientName": "Old", "description": "", "clientSecret": "a"});
/// let after = json!({"clientName": "New", "description": "", "clientSecret": "b"});
/// let changes = domain::audit::changes(&before, &after);
/// assert_eq!(changes, json!({"clientName": {"from": "Old", "to": "New"}}));
/// ```
pub fn changes(before: &Value, after: &Value) -> Value {
    let none = Map::new();
    let before = before.as_object().unwrap_or(&none);
    let after = after.as_object().unwrap_or(&none);
    let mut all = Map::new();
    for field in before.keys().chain(after.keys()) {
        let from = before.get(field).unwrap_or(&Value::Null);
        let to = after.get(field).unwrap_or(&Value::Null);
        if from != to && !is_secret(field) {
            all.insert(field.clone(), json!({ "from": told(from), "to": told(to) }));
        }
    }
    Value::Object(all)
}

fn told(value: &Value) -> Value {
    shortened(without_secrets(value))
}

fn without_secrets(value: &Value) -> Value {
    match value {
        Value::Object(fields) => fields
            .iter()
            .filter(|(name, _)| !is_secret(name))
            .map(|(name, value)| (name.clone(), without_secrets(value)))
            .collect(),
        Value::Array(items) => items.iter().map(without_secrets).collect(),
        other => other.clone(),
    }
}

fn shortened(value: Value) -> Value {
    let text = match &value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    if text.len() <= VALUE_MAX {
        return value;
    }
    let end = (0..=VALUE_MAX).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    Value::String(format!("{}… (shortened, {} bytes in all)", &text[..end], text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_is_told() {
        let before = json!({"a": 1, "b": ["x"], "gone": "y", "same": {"n": null}});
        let after = json!({"a": 2, "b": ["x", "z"], "new": true, "same": {"n": null}});
        let expected = json!({
            "a": {"from": 1, "to": 2},
            "b": {"from": ["x"], "to": ["x", "z"]},
            "gone": {"from": "y", "to": null},
            "new": {"from": null, "to": true},
        });
        assert_eq!(changes(&before, &after), expected);
        assert_eq!(changes(&before, &before), json!({}));
        assert_eq!(changes(&Value::Null, &json!({"a": 1})), json!({"a": {"from": null, "to": 1}}));
        assert_eq!(changes(&json!({"a": 1}), &Value::Null), json!({"a": {"from": 1, "to": null}}));
        assert_eq!(changes(&json!([1]), &json!("text")), json!({}));
    }

    #[test]
    fn secrets_are_never_told() {
        let before = json!({});
        let after = json!({
            "clientSecret": "s1", "client_secret": "s1", "PASSWORD": "s1", "access-token": "s1",
            "publicKeys": [{"kty": "EC", "x": "public", "d": "s1"}],
            "nested": {"deep": [{"token": "s1", "hint": "abcde"}]},
        });
        let told = changes(&before, &after);
        assert!(!told.to_string().contains("s1"), "{told}");
        assert_eq!(told["publicKeys"]["to"], json!([{"kty": "EC", "x": "public"}]));
        assert_eq!(told["nested"]["to"], json!({"deep": [{"hint": "abcde"}]}));
    }

    #[test]
    fn long_values_are_visibly_shortened() {
        let told = |value: Value| changes(&json!({}), &json!({ "v": value }))["v"]["to"].clone();
        let fits = "x".repeat(VALUE_MAX);
        assert_eq!(told(json!(fits)), json!(fits));
        let long = told(json!("ä".repeat(VALUE_MAX)));
        let long = long.as_str().expect("a text");
        assert!(long.ends_with("… (shortened, 2048 bytes in all)"), "{long}");
        assert!(long.len() < VALUE_MAX + 64);
        let list = told(json!(vec!["item"; 1000]));
        assert!(list.as_str().expect("a text").starts_with("[\"item\",\"item\""));
        let odd = told(json!(format!("x{}", "ä".repeat(VALUE_MAX))));
        assert!(odd.as_str().expect("a text").contains('…'), "cut between characters");
    }
}
